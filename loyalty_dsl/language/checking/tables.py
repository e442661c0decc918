"""Tables: one amount for each case of a key, or of two.

Invariant: the cases of a checked table are asked in order and the first that holds decides; without
`optional` a table has an amount for every value of its keys. What an amount is, the caller says.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.conditions import literal_of
from loyalty_dsl.language.checking.fields import level_named, position_of
from loyalty_dsl.language.checking.measures import Measured, Readable, check_measure
from loyalty_dsl.language.checking.scope import ProgramScope
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
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.types import Kind
from loyalty_dsl.source import Span

T = TypeVar("T")

Leaf = Callable[[syntax.Amount], T | None]
"""What an amount of a table means; `None` when it is wrong, which has been reported."""


@attrs.frozen
class Table(Generic[T]):
    """What is given in each case, and else; `otherwise` is `None` only in an `optional` table."""

    cases: tuple[tuple[Condition, T], ...]
    otherwise: T | None


@attrs.frozen
class _Key:
    """What a table is by.

    Attributes:
        values: all that it can be; `None` for dates and amounts, whose rows begin with `from`.
    """

    name: syntax.Name
    measured: Measured
    values: tuple[str, ...] | None
    by_day: bool = False


@attrs.frozen
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
) -> Table[T] | None:
    """A table with its keys resolved and its nested tables joined to it, or `None` when it is wrong.

    Args:
        readable: what the keys may read.
        leaf: called for each amount that is no table of this kind (`by slices` is one for it).
        optional: whether a value may be without an amount.
    """
    errors = scope.findings.errors
    keys = [_key(scope, readable, table, name) for name in table.keys]
    columns = _columns(scope, table, keys, optional=optional)
    rows = [_row(scope, readable, table, row, keys[0], columns, leaf, optional) for row in table.rows]
    if any(key is None for key in keys) or keys[0] is None:
        return None
    complete = _verify_cases(scope, table, keys[0], optional=optional)
    if scope.findings.errors > errors or any(row is None for row in rows):
        return None
    known = [row for row in rows if row is not None]
    if keys[0].values is None:
        known = _ranges(known, bounded=optional)
    return _joined(known, complete)


# ---- keys


def _key(
    scope: ProgramScope, readable: Readable, table: syntax.Table, name: syntax.Name
) -> _Key | None:
    if name.text == "date" and table.how == "":
        measured = Measured(EventDay(), Kind.DATE, "`date` is the day of the event")
        return _Key(name, measured, None, by_day=True)
    measure = syntax.Measure(name, None, None, None, None, name.span)
    found = check_measure(scope, readable, measure)
    if found is None:
        return None
    banded = found.kind in (Kind.NUMBER, Kind.MONEY, Kind.UNITS)
    if found.ratio is not None or banded is not (table.how == "band"):
        scope.findings.report(
            "L329", name.span,
            f"{found.words}, so a table has bands of it" if banded and found.ratio is None
            else f"{found.words}, so a table cannot be by bands of it",
            secondary=[(found.declared, "declared here")],
            help=f"write `by band of {name.text}`" if banded and found.ratio is None
            else "use a number or an amount of money" if found.ratio is not None
            else f"write `by {name.text}`",
        )  # fmt: skip
        return None
    match found.kind:
        case Kind.YES_NO:
            return _Key(name, found, ("yes", "no"))
        case Kind.ONE_OF if found.field is not None:
            return _Key(name, found, found.field.values)
        case Kind.LEVEL if found.ladder is not None:
            return _Key(name, found, found.ladder.levels)
        case _:
            return _Key(name, found, None)


def _columns(
    scope: ProgramScope, table: syntax.Table, keys: Sequence[_Key | None], *, optional: bool
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
    _verify_once(scope, list(zip(places, table.columns, strict=True)))
    missing = [value for place, value in enumerate(key.values) if place not in places]
    if missing and not optional and None not in places:
        _report_missing(scope, table.columns[0].span, key, missing, "add a column for each")
    return [_equals(key, (place,)) for place in places if place is not None]


# ---- rows


def _row(
    scope: ProgramScope,
    readable: Readable,
    table: syntax.Table,
    row: syntax.Row,
    key: _Key | None,
    columns: list[Condition] | None,
    leaf: Leaf[T],
    optional: bool,
) -> _Row[T] | None:
    cells = [_cell(scope, readable, amount, leaf, optional) for amount in row.amounts]
    when = None if key is None or isinstance(row.case, syntax.OthersCase) else _case(scope, key, row.case)
    expected = 1 if columns is None else len(table.columns)
    if len(cells) not in (1, expected) and expected:
        scope.findings.report(
            "L329", row.span, f"this row has {len(cells)} amounts, and the table {expected} columns"
            if columns is not None else f"this row has {len(cells)} amounts, and the table no columns",
            help="write one amount for each column, separated by commas" if columns is not None
            else "write one amount",
        )  # fmt: skip
        return None
    known = [cell for cell in cells if cell is not None]
    if len(known) < len(cells) or (when is None and not isinstance(row.case, syntax.OthersCase)):
        return None
    if columns is None or len(known) == 1:
        return _Row(when, known[0])
    if len(columns) < len(known):
        return None  # a column is wrong, which has been reported
    inner = [_Row(case, cell) for case, cell in zip(columns, known, strict=True)]
    return _Row(when, _joined(inner, complete=not optional))


def _cell(
    scope: ProgramScope, readable: Readable, amount: syntax.Amount, leaf: Leaf[T], optional: bool
) -> Table[T] | None:
    if isinstance(amount, syntax.Table) and amount.how != "slices":
        return check_table(scope, readable, amount, leaf, optional=optional)
    found = leaf(amount)
    return None if found is None else Table((), found)


def _case(
    scope: ProgramScope, key: _Key, case: syntax.NamesCase | syntax.FromCase
) -> Condition | None:
    match case:
        case syntax.NamesCase(names=names):
            if key.values is None:
                _report_row(scope, key, case.span, "begin with `from`", _example_start(key))
                return None
            places = [_place(scope, key, name) for name in names]
            known = [place for place in places if place is not None]
            return _equals(key, tuple(known)) if len(known) == len(places) else None
        case syntax.FromCase(start=start):
            if key.values is not None:
                _report_row(scope, key, case.span, "begin with its values", key.values[0] if key.values else "...")
                return None
            value = _start(scope, key, start)
            if value is None:
                return None
            return Compare(key.measured.operand, Order.AT_LEAST, value)


def _report_row(scope: ProgramScope, key: _Key, span: Span, how: str, example: str) -> None:
    scope.findings.report(
        "L329", span, f"the rows of a table by `{key.name.text}` {how}",
        secondary=[(key.name.span, key.measured.words)], help=f"write `{example} ...`, for one",
    )  # fmt: skip


def _example_start(key: _Key) -> str:
    match key.measured.kind:
        case Kind.DATE:
            return "from 2026-01-01"
        case Kind.MONEY:
            return "from $0"
        case _:
            return "from 0"


def _place(scope: ProgramScope, key: _Key, name: syntax.Name) -> int | None:
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


def _equals(key: _Key, places: tuple[int, ...]) -> Condition:
    measured = key.measured
    values = tuple(1 - place for place in places) if measured.kind is Kind.YES_NO else places
    if len(values) == 1:
        return Compare(measured.operand, Order.EQUAL, Literal(values[0], measured.kind))
    return OneAmong(measured.operand, tuple(sorted(set(values))))


def _start(
    scope: ProgramScope, key: _Key, start: syntax.Number | syntax.Money | syntax.Percent | syntax.DateLiteral
) -> Literal | None:
    measured = key.measured
    literal = literal_of(scope, measured, start)
    return None if literal is None else Literal(literal.value * measured.scale, literal.kind)


# ---- all cases together


def _verify_cases(scope: ProgramScope, table: syntax.Table, key: _Key, *, optional: bool) -> bool:
    """Reports cases that come twice, out of order or not at all; whether every value has a row of its own."""
    others = [row.case for row in table.rows if isinstance(row.case, syntax.OthersCase)]
    for again in others[1:]:
        scope.findings.report(
            "L325", again.span, "`others` has a row already", secondary=[(others[0].span, "here")],
            help="keep the one that is meant",
        )  # fmt: skip
    complete = (
        _verify_starts(scope, table, key, bool(others) or optional)
        if key.values is None
        else _verify_names(scope, table, key, key.values, bool(others) or optional)
    )
    if complete and others:
        scope.findings.report(
            "L617", others[0].span, f"every value of `{key.name.text}` has a row, so this one never counts",
            secondary=[(table.span, "the table")], help="delete it",
        )  # fmt: skip
    return complete


def _verify_names(
    scope: ProgramScope, table: syntax.Table, key: _Key, values: tuple[str, ...], lenient: bool
) -> bool:
    written = [name for row in table.rows if isinstance(row.case, syntax.NamesCase) for name in row.case.names]
    places = [values.index(name.text) if name.text in values else None for name in written]
    _verify_once(scope, list(zip(places, written, strict=True)))
    missing = [value for place, value in enumerate(values) if place not in places]
    if missing and not lenient and None not in places:
        _report_missing(scope, table.span, key, missing, "add their rows, or `others nothing`")
    return not missing


def _verify_once(scope: ProgramScope, cases: Sequence[tuple[int | None, syntax.Name]]) -> None:
    first: dict[int, syntax.Name] = {}
    for place, name in cases:
        if place is None:
            continue
        if place in first:
            scope.findings.report(
                "L325", name.span, f"`{name.text}` has a row or column already",
                secondary=[(first[place].span, "here")], help="keep the one that is meant",
            )  # fmt: skip
        first.setdefault(place, name)


def _report_missing(scope: ProgramScope, span: Span, key: _Key, missing: Sequence[str], help: str) -> None:
    scope.findings.report(
        "L324", span, f"this table says nothing for `{key.name.text}` {listed(missing)}",
        secondary=[(key.measured.declared, "declared here")], help=help,
    )  # fmt: skip


def _verify_starts(scope: ProgramScope, table: syntax.Table, key: _Key, lenient: bool) -> bool:
    cases = [row.case for row in table.rows if isinstance(row.case, syntax.FromCase)]
    for before, after in zip(cases, cases[1:], strict=False):
        if _order_of(after) <= _order_of(before):
            scope.findings.report(
                "L326", after.span, f"`{after.span.text}` is not above the row before it",
                secondary=[(before.span, "the row before")], help="write the rows from the lowest to the highest",
            )  # fmt: skip
    if not cases:
        return False
    least = cases[0].start
    if key.by_day and scope.starts is not None:
        for before, after in zip(cases, cases[1:], strict=False):
            if isinstance(after.start, syntax.DateLiteral) and after.start.day <= scope.starts:
                scope.findings.report(
                    "L617", before.span, "the next row begins before the program does, so this one never counts",
                    secondary=[(after.span, "the next row")], help="delete it",
                )  # fmt: skip
        complete = isinstance(least, syntax.DateLiteral) and least.day <= scope.starts
    elif isinstance(least, syntax.DateLiteral):
        complete = False
    else:
        complete = least.value == 0
    if not complete and not lenient and not (key.by_day and scope.starts is None):
        scope.findings.report(
            "L324", cases[0].span, f"this table says nothing for `{key.name.text}` before {least.span.text}"
            if isinstance(least, syntax.DateLiteral)
            else f"this table says nothing for `{key.name.text}` below {least.span.text}",
            help="add a row before it, or `others nothing`",
        )  # fmt: skip
    return complete


def _order_of(case: syntax.FromCase) -> object:
    return case.start.day if isinstance(case.start, syntax.DateLiteral) else case.start.value


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
    rest = [(All((none_of, inner)), what) for inner, what in others.cases]
    if others.otherwise is not None:
        rest.append((none_of, others.otherwise))
    return Table((*cases, *rest), None)
