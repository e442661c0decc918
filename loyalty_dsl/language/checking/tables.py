"""Tables: one amount for each case of a key, or of two.

Invariant: the cases of a checked table are asked in order and the first that holds decides; without
`optional` a table has an amount for every value of its keys. What an amount is, the caller says.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.conditions import compared_with
from loyalty_dsl.language.checking.fields import level_named, position_of
from loyalty_dsl.language.checking.measures import Measured, Readable, check_measure
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.table_cases import Key, report_missing_cases, verify_cases, verify_once
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    EventDay,
    Literal,
    Not,
    OneAmong,
    Order,
)
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax.named_tables import NAMED
from loyalty_dsl.language.types import Kind
from loyalty_dsl.source import Span

T = TypeVar("T")

Leaf = Callable[[syntax.Amount], T | None]
"""What an amount of a table means; `None` when it is wrong, which has been reported."""


@record
class Table(Generic[T]):
    """What is given in each case, and else; `otherwise` is `None` only in an `optional` table."""

    cases: tuple[tuple[Condition, T], ...]
    otherwise: T | None


@record
class _Row(Generic[T]):
    """When a row is chosen (`None` for `others`), and what it holds."""

    when: Condition | None
    table: Table[T]


def check_table(
    scope: ProgramScope,
    readable: Readable,
    table: syntax.Table,
    leaf: Leaf[T],
    *,
    optional: bool = False,
    rest: str = "others nothing",
) -> Table[T] | None:
    """A table with its keys resolved and its nested tables joined to it, or `None` when it is wrong.

    Args:
        readable: what the keys may read.
        leaf: called for each amount that is no table of this kind (`by slices` is one for it).
        optional: whether a value may be without an amount.
        rest: a row that would do for values that have none.
    """
    if table.how == NAMED:
        return None  # there is no table of that name, which has been told
    errors = scope.findings.errors
    keys = [_key(scope, readable, table, name) for name in table.keys]
    columns = _columns(scope, table, keys, optional=optional)
    rows: list[_Row[T] | None] = []
    for row in table.rows:
        others = isinstance(row.case, syntax.OthersCase)
        when = None if others or keys[0] is None else _case(scope, keys[0], row.case)
        cells = [_cell(scope, readable, amount, leaf, optional=optional) for amount in row.amounts]
        _verify_width(scope, table, row)
        known = [each for each in cells if each is not None]
        wrong = len(known) < len(cells) or (when is None and not others)
        rows.append(None if wrong else _row(when, known, columns, optional=optional))
    if any(key is None for key in keys) or keys[0] is None:
        return None
    complete = verify_cases(scope, table, keys[0], optional=optional, rest=rest)
    if scope.findings.errors > errors or any(row is None for row in rows):
        return None
    right = [row for row in rows if row is not None]
    if keys[0].values is None:
        right = _ranges(right, bounded=optional)
    return _joined(right, complete)


# ---- keys


def _key(scope: ProgramScope, readable: Readable, table: syntax.Table, name: syntax.Name) -> Key | None:
    if name.text == "date" and table.how == "":
        measured = Measured(EventDay(), Kind.DATE, "`date` is the day of the event")
        return Key(name, measured, None, by_day=True)
    measure = syntax.Measure(name, None, None, None, None, name.span)
    found = check_measure(scope, readable, measure)
    if found is None:
        return None
    banded = found.kind in (Kind.NUMBER, Kind.MONEY, Kind.UNITS)
    if banded is not (table.how == "band"):
        scope.findings.report(
            "L329", name.span,
            f"{found.words}, so a table has bands of it" if banded
            else f"{found.words}, so a table cannot be by bands of it",
            secondary=[(found.declared, "declared here")],
            help=f"write `by band of {name.text}`" if banded else f"write `by {name.text}`",
        )  # fmt: skip
        return None
    match found.kind:
        case Kind.YES_NO:
            return Key(name, found, ("yes", "no"))
        case Kind.ONE_OF if found.field is not None:
            return Key(name, found, found.field.values)
        case Kind.LEVEL if found.ladder is not None:
            return Key(name, found, found.ladder.levels)
        case _:
            return Key(name, found, None)


def _columns(
    scope: ProgramScope, table: syntax.Table, keys: Sequence[Key | None], *, optional: bool
) -> list[Condition] | None:
    """The case of each column; `None` for a table of one key."""
    if len(table.keys) < 2:
        if table.columns:
            scope.findings.report(
                "L329", table.columns[0].span, "`columns` are the values of a second key",
                secondary=[(table.span, "this table has one key")],
                help=f"write `by {table.keys[0].text} and ...`, or delete the line",
            )  # fmt: skip
        return None
    key = keys[1]
    if key is None:
        return []
    if key.values is None:
        scope.findings.report(
            "L329", key.name.span, f"`{key.name.text}` has no names that could head columns",
            help="make it the first key, whose rows begin with `from`",
        )  # fmt: skip
        return []
    if not table.columns:
        scope.findings.report(
            "L329", table.span, f"this table does not say which column is which `{key.name.text}`",
            help=f"begin it with `columns {', '.join(key.values)}`",
        )  # fmt: skip
        return []
    places = [_place(scope, key, name) for name in table.columns]
    verify_once(scope, list(zip(places, table.columns, strict=True)))
    missing = [value for place, value in enumerate(key.values) if place not in places]
    if missing and not optional and None not in places:
        report_missing_cases(scope, table.columns[0].span, key, missing, "add a column for each")
    return [_equals(key, (place,)) for place in places if place is not None]


# ---- rows


def _verify_width(scope: ProgramScope, table: syntax.Table, row: syntax.Row) -> None:
    """Reports a row that has not one amount, nor one for each column."""
    columns, amounts = len(table.columns), len(row.amounts)
    if amounts in (1, columns) or (len(table.keys) > 1 and not columns):
        return
    what = f"{columns} columns" if columns else "no columns"
    scope.findings.report(
        "L329", row.span, f"this row has {amounts} amounts, and the table has {what}",
        help="write one amount for each column, separated by commas" if columns else "write one amount",
    )  # fmt: skip


def _row(
    when: Condition | None, cells: Sequence[Table[T]], columns: Sequence[Condition] | None, *, optional: bool
) -> _Row[T] | None:
    """A row whose amounts are right; `None` where its columns are not, which has been reported."""
    if columns is None or len(cells) == 1:
        return _Row(when, cells[0])
    if len(columns) != len(cells):
        return None
    inner = [_Row(case, cell) for case, cell in zip(columns, cells, strict=True)]
    return _Row(when, _joined(inner, complete=not optional))


def _cell(
    scope: ProgramScope, readable: Readable, amount: syntax.Amount, leaf: Leaf[T], *, optional: bool
) -> Table[T] | None:
    if isinstance(amount, syntax.Table) and amount.how != "slices":
        return check_table(scope, readable, amount, leaf, optional=optional)
    found = leaf(amount)
    return None if found is None else Table((), found)


def _case(
    scope: ProgramScope, key: Key, case: syntax.NamesCase | syntax.FromCase | syntax.OthersCase
) -> Condition | None:
    """When a row is chosen; `None` for `others`, and where the case is wrong (reported)."""
    match case:
        case syntax.OthersCase():
            return None
        case syntax.NamesCase(names=names):
            if key.values is None:
                _report_row(scope, key, case.span, "begin with `from`", _example_start(key))
                return None
            places = [_place(scope, key, name) for name in names]
            known = [place for place in places if place is not None]
            return _equals(key, tuple(known)) if len(known) == len(places) else None
        case syntax.FromCase(start=start):
            if key.values is not None:
                example = key.values[0] if key.values else "..."
                _report_row(scope, key, case.span, "begin with its values", example)
                return None
            return compared_with(scope, key.measured, Order.AT_LEAST, start)


def _report_row(scope: ProgramScope, key: Key, span: Span, how: str, example: str) -> None:
    scope.findings.report(
        "L329", span, f"the rows of a table by `{key.name.text}` {how}",
        secondary=[(key.name.span, key.measured.words)], help=f"write `{example} ...`, for one",
    )  # fmt: skip


def _example_start(key: Key) -> str:
    match key.measured.kind:
        case Kind.DATE:
            return "from 2026-01-01"
        case Kind.MONEY:
            return "from $0"
        case _:
            return "from 0"


def _place(scope: ProgramScope, key: Key, name: syntax.Name) -> int | None:
    measured = key.measured
    if measured.ladder is not None:
        return level_named(scope.findings, measured.ladder, name)
    if measured.kind is Kind.ONE_OF and measured.field is not None:
        return position_of(scope.findings, measured.field, name)
    if name.text in ("yes", "no"):
        return ("yes", "no").index(name.text)
    scope.findings.report(
        "L308", name.span, f"`{key.name.text}` is yes/no, and `{name.text}` is neither",
        secondary=[(measured.declared, "declared here")], help="write a row for `yes` and one for `no`",
    )  # fmt: skip
    return None


def _equals(key: Key, places: tuple[int, ...]) -> Condition:
    measured = key.measured
    values = tuple(1 - place for place in places) if measured.kind is Kind.YES_NO else places
    if len(values) == 1:
        return Compare(measured.operand, Order.EQUAL, Literal(values[0], measured.kind))
    return OneAmong(measured.operand, tuple(sorted(set(values))))


# ---- all rows together


def _ranges(rows: Sequence[_Row[T]], *, bounded: bool) -> list[_Row[T]]:
    """Rows that begin at ascending values, so that the highest that is reached is asked first.

    Args:
        bounded: whether a row also ends where the next one begins, because it may give nothing.
    """
    starts = [row for row in rows if row.when is not None]
    ends = [row.when for row in starts[1:]]
    ranged = []
    for number, row in enumerate(starts):
        when = row.when
        if bounded and when is not None and number < len(ends):
            end = ends[number]
            when = when if end is None else All((when, Not(end)))
        ranged.append(_Row(when, row.table))
    return [*reversed(ranged), *(row for row in rows if row.when is None)]


def _joined(rows: Sequence[_Row[T]], complete: bool) -> Table[T]:
    """Rows as one list of cases.

    Args:
        complete: whether one of the rows that have a case always holds.
    """
    named = [row for row in rows if row.when is not None]
    others = next((row.table for row in rows if row.when is None), None)
    total = all(row.table.otherwise is not None for row in named)
    cases: list[tuple[Condition, T]] = []
    for row in named:
        if row.when is None:
            continue
        cases += [(All((row.when, inner)), what) for inner, what in row.table.cases]
        if row.table.otherwise is not None:
            cases.append((row.when, row.table.otherwise))
    if complete:
        if total and cases:
            return Table(tuple(cases[:-1]), cases[-1][1])
        return Table(tuple(cases), None)
    if others is None:
        return Table(tuple(cases), None)
    if total:
        return Table((*cases, *others.cases), others.otherwise)
    none_of = Not(Any(tuple(row.when for row in named if row.when is not None)))
    rest: list[tuple[Condition, T]] = [(All((none_of, inner)), what) for inner, what in others.cases]
    if others.otherwise is not None:
        rest.append((none_of, others.otherwise))
    return Table((*cases, *rest), None)
