"""How long what a rule gives is pending: always as long, or by cases, the first that holds (LOT-7).

Invariant: what no case says is as the currency says.
"""

from collections.abc import Sequence

from loyalty_dsl.calendar import Duration
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.clauses import Clause, only
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.offers import first_lines
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.tables import check_table
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record
from loyalty_dsl.language.syntax.pending import PendingClause, PendingTable


@record
class Waits:
    """Cases, the first that holds, and what else is so; `None` leaves that to the currency."""

    cases: tuple[tuple[Condition, Duration], ...]
    otherwise: Duration | None


NO_WAITS = Waits((), None)


def check_waits(scope: ProgramScope, clauses: Sequence[Clause], readable: Readable | None) -> Waits:
    """What the `pending` lines of a rule say; what is wrong is reported.

    Args:
        readable: what conditions may read; `None` where there may be none.
    """
    tables = [clause for clause in clauses if isinstance(clause, PendingTable)]
    lines = [clause for clause in clauses if isinstance(clause, PendingClause)]
    conditional = [line for line in lines if line.when is not None]
    if readable is None and (tables or conditional):
        scope.findings.report(
            "L190", (tables[0] if tables else conditional[0]).span,
            "pending terms by cases are not supported here yet",
            help="write them in `earn` rules on events, or write one time",
        )  # fmt: skip
        return NO_WAITS
    if tables:
        written: list[Clause] = [*tables, *lines]
        only(scope.findings, written, "pending")
        return NO_WAITS if readable is None else _by_table(scope, tables[0], readable)
    if not conditional or readable is None:
        line = only(scope.findings, lines, "pending")
        return Waits((), None if line is None else duration(scope, line.duration, least=0))
    found = first_lines(
        scope, readable, lines, lambda line: line.when, lambda line: duration(scope, line.duration, least=0)
    )
    return _waits(found or ())


def _by_table(scope: ProgramScope, clause: PendingTable, readable: Readable) -> Waits:
    def leaf(wait: object) -> Duration | None:
        assert isinstance(wait, syntax.Duration)
        return duration(scope, wait, least=0)

    table = check_table(scope, readable, clause.table, leaf, rest="others 0 days")
    if table is None:
        return NO_WAITS
    return _waits((*table.cases, *(() if table.otherwise is None else ((None, table.otherwise),))))


def _waits(found: Sequence[tuple[Condition | None, Duration]]) -> Waits:
    cases = tuple((when, wait) for when, wait in found if when is not None)
    return Waits(cases, next((wait for when, wait in found if when is None), None))
