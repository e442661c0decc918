"""The cases of a table: each once, in order, and none missing."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from loyalty_dsl.diagnostics import Edit, deletion
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.measures import Measured
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.source import Span


@record
class Key:
    """What a table is by.

    Attributes:
        values: all that it can be; `None` for dates and amounts, whose rows begin with `from`.
    """

    name: syntax.Name
    measured: Measured
    values: tuple[str, ...] | None
    by_day: bool = False


def verify_cases(scope: ProgramScope, table: syntax.Table, key: Key, *, optional: bool, rest: str) -> bool:
    """Reports cases that come twice, out of order or not at all; whether every value has a row of its own."""
    others = [row.case for row in table.rows if isinstance(row.case, syntax.OthersCase)]
    for again in others[1:]:
        scope.findings.report(
            "L325", again.span, "`others` has a row already", secondary=[(others[0].span, "here")],
            help="keep the one that is meant",
        )  # fmt: skip
    complete = (
        _verify_starts(scope, table, key, bool(others) or optional, rest)
        if key.values is None
        else _verify_names(scope, table, key, bool(others) or optional, rest)
    )
    if complete and others:
        scope.findings.report(
            "L617", others[0].span, f"every value of `{key.name.text}` has a row, so this one never counts",
            secondary=[(table.span, "the table")], help="delete it",
            edit=_without_row(table, others[0]),
        )  # fmt: skip
    return complete


def _without_row(table: syntax.Table, case: object) -> Edit | None:
    """The edit that takes a row away which never counts; the table means the same without it."""
    return next((deletion(row.span, safe=True) for row in table.rows if row.case is case), None)


def _verify_names(scope: ProgramScope, table: syntax.Table, key: Key, lenient: bool, rest: str) -> bool:
    values = key.values or ()
    cases = [row.case for row in table.rows if isinstance(row.case, syntax.NamesCase)]
    written = [name for case in cases for name in case.names]
    places = [values.index(name.text) if name.text in values else None for name in written]
    verify_once(scope, list(zip(places, written, strict=True)))
    missing = [value for place, value in enumerate(values) if place not in places]
    misfits = any(isinstance(row.case, syntax.FromCase) for row in table.rows)
    if missing and not lenient and None not in places and not misfits:
        report_missing_cases(scope, table.span, key, missing, f"add their rows, or `{rest}`")
    return not missing


def verify_once(scope: ProgramScope, cases: Sequence[tuple[int | None, syntax.Name]]) -> None:
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


def report_missing_cases(
    scope: ProgramScope, span: Span, key: Key, missing: Sequence[str], help: str
) -> None:
    scope.findings.report(
        "L324", span, f"this table says nothing for `{key.name.text}` {listed(missing)}",
        secondary=[(key.measured.declared, "declared here")], help=help,
    )  # fmt: skip


def _verify_starts(scope: ProgramScope, table: syntax.Table, key: Key, lenient: bool, rest: str) -> bool:
    cases = [row.case for row in table.rows if isinstance(row.case, syntax.FromCase)]
    disorder = False
    for before, after in pairwise(cases):
        if _order_of(after) <= _order_of(before):
            disorder = True
            scope.findings.report(
                "L326", after.span, f"`{after.span.text}` is not above the row before it",
                secondary=[(before.span, "the row before")],
                help="write the rows from the lowest to the highest",
            )  # fmt: skip
    if not cases or disorder:  # what the rows leave out cannot be said before they are in order
        return disorder
    least = cases[0].start
    if key.by_day and scope.starts is not None:
        for before, after in pairwise(cases):
            if isinstance(after.start, syntax.DateLiteral) and after.start.day <= scope.starts:
                scope.findings.report(
                    "L617", before.span,
                    "the next row begins before the program does, so this one never counts",
                    secondary=[(after.span, "the next row")], help="delete it",
                    edit=_without_row(table, before),
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
            help=f"add a row before it, or `{rest}`",
        )  # fmt: skip
    return complete


def _order_of(case: syntax.FromCase) -> Fraction:
    start = case.start
    return Fraction(start.day) if isinstance(start, syntax.DateLiteral) else start.value
