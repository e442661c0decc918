"""Whole balances that are kept beyond their day: by who is exempt, and by dates of the member (EXP-10).

Invariant: a date that keeps a balance is a condition like any other, which no longer holds on its day.
"""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import Compare, Condition, DayWithin, EventDay, MemberField, Order
from loyalty_dsl.language.types import Kind


def of_balance(tree: syntax.Term) -> bool:
    """Whether a term loses a whole balance at once."""
    whole = isinstance(tree, syntax.LatestTerm) and tree.of_balance
    return whole or isinstance(tree, syntax.LastTerm | syntax.FirstTerm)


def exempts(clauses: Sequence[syntax.ExpireClause]) -> bool:
    """Whether the lines say when a whole balance is lost, and before that who never loses it."""
    *before, last = clauses
    return (
        bool(before)
        and of_balance(last.term)
        and last.when is None
        and all(isinstance(each.term, syntax.NeverTerm) and each.when is not None for each in before)
    )


def verify_latest(scope: ProgramScope, tree: syntax.LatestTerm) -> bool:
    """Whether the terms of `latest of` go together: those of lots, or one of a balance and dates."""
    last = [term for term in tree.terms if isinstance(term, syntax.LastTerm)]
    wanted = syntax.expiry.DateTerm if last else syntax.EarningTerm
    others = [term for term in tree.terms if not isinstance(term, wanted) and term not in last[:1]]
    if not others:
        return True
    if last:
        what, help = "dates of the member may stand", "write dates, such as `21 years after birthday`"
    else:
        what, help = "terms `after earning` stand", "write a term `after last earning` beside this date"
    scope.findings.report(
        "L341", others[0].span, f"here only {what} beside the others", secondary=[(tree.span, "of these")],
        help=help,
    )  # fmt: skip
    return False


def until(scope: ProgramScope, term: syntax.expiry.DateTerm) -> Condition | None:
    """That the day so long after a date of the member has not come; without a date it has."""
    length = duration(scope, term.duration)
    field = scope.member_fields.resolve(term.date)
    if length is None or field is None:
        return None
    if field.kind is not Kind.DATE:
        scope.findings.report(
            "L301", term.date.span, f"`{field.name}` is {type_in_words(field)}, not a date",
            secondary=[(field.span, "declared here")], help="name a date of the member",
        )  # fmt: skip
        return None
    return Compare(EventDay(), Order.LESS, DayWithin(MemberField(field), length))
