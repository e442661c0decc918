"""What a membership gives back to whoever cancels it (FEE-7).

Invariant: a line that is never asked is told of, and what was used is one counter of the whole lifetime.
"""

from loyalty_dsl.language.checking.amounts import whole_number
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.clocks import RefundLine
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.syntax import Name
from loyalty_dsl.language.syntax import memberships as written
from loyalty_dsl.language.types import Kind
from loyalty_dsl.language.windows import Lifetime

_MOST_DAYS = 3660


@record
class Refunds:
    """The lines of a refund, and the counter that they ask, by index."""

    used: int | None
    lines: tuple[RefundLine, ...]


def check_refunds(scope: ProgramScope, block: written.MembershipBlock) -> Refunds | None:
    """The `refund` lines of a membership; `None` where nothing comes back, or they are wrong (reported)."""
    findings, errors = scope.findings, scope.findings.errors
    clauses = [
        each for each in block.clauses if isinstance(each, written.RefundClause | written.RefundNothing)
    ]
    lines: list[RefundLine] = []
    counters: list[Name] = []
    always: written.RefundClause | written.RefundNothing | None = None
    for clause in clauses:
        if always is not None:
            findings.report(
                "L370", clause.span, "the line above always holds, so this one is never asked",
                secondary=[(always.span, "this has no condition")], help="write the line without one last",
            )  # fmt: skip
            return None
        if isinstance(clause, written.RefundNothing):
            always = clause
            continue
        counters += [name for name in (clause.less, clause.unless) if name is not None]
        lines.append(_line(scope, clause))
        always = clause if clause.within is None and clause.unless is None else None
    only_nothing = clauses and not lines
    if only_nothing and isinstance(clauses[0], written.RefundNothing):
        return None
    used = _used(scope, clauses, counters)
    if findings.errors > errors or not lines:
        return None
    return Refunds(used, tuple(lines))


def _line(scope: ProgramScope, clause: written.RefundClause) -> RefundLine:
    days, business = None, False
    if clause.within is not None:
        unit = clause.within.unit.text
        count = whole_number(scope, clause.within.number, "days")
        business = unit.startswith("business")
        days = None if count is None else count * (7 if unit.startswith("week") else 1)
        if days is not None and days > _MOST_DAYS:
            scope.findings.report(
                "L310", clause.within.span, f"a refund is within {_MOST_DAYS:,} days at most",
                help="delete `within ...` where it is for ever",
            )  # fmt: skip
    return RefundLine(clause.less is not None, clause.unless is not None, days, business)


def _used(
    scope: ProgramScope, clauses: list[written.RefundClause | written.RefundNothing], names: list[Name]
) -> int | None:
    """The one counter that says what was used."""
    if not names:
        return None
    first = names[0]
    for name in names[1:]:
        if name.text != first.text:
            scope.findings.report(
                "L190", name.span, "refunds that ask several counters are not supported yet",
                secondary=[(first.span, "another one")],
                help="write one counter of all of it: `counter used = saved of purchase in lifetime`",
            )  # fmt: skip
            return None
    counted = scope.counted.find(first.text)
    if counted is None:
        if not scope.counted.may_be_unseen(first.text):
            guess = nearest(first.text, scope.counted)
            scope.findings.report(
                "L201", first.span, f"there is no counter `{first.text}` that says what was used",
                help=f"did you mean `{guess}`?" if guess
                else f"declare it, as in `counter {first.text} = purchases in lifetime`",
            )  # fmt: skip
        return None
    if counted.counter is None or not isinstance(scope.counters[counted.counter].window, Lifetime):
        scope.findings.report(
            "L370", first.span, "what was used since a payment is read from a counter `in lifetime`",
            secondary=[(counted.span, "declared here")],
            help="write `in lifetime` there: what came before the payment is left out",
        )  # fmt: skip
        return None
    for clause in clauses:
        if isinstance(clause, written.RefundClause) and clause.less and counted.kind is not Kind.MONEY:
            scope.findings.report(
                "L370", clause.less.span, f"`{first.text}` is no money, so the fee cannot be less by it",
                secondary=[(counted.span, "declared here")],
                help="count money, such as `counter used = saved of purchase in lifetime`, or write `unless`",
            )  # fmt: skip
            return None
    return counted.counter
