"""The clauses that earn rules and rewards share: `when` and `limit`."""

from collections.abc import Sequence

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import (
    positive_money,
    positive_number,
    positive_quantity,
)
from loyalty_dsl.language.checking.clauses import Clause
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.misnamed import EVENT_WORDS
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.windows import check_limit_window
from loyalty_dsl.language.conditions import All, Condition
from loyalty_dsl.language.program import Limit, LimitOf
from loyalty_dsl.language.windows import YearOfMembership


@attrs.define
class LimitNumbers:
    """Numbers the limits of a program in declared order."""

    used: int = 0

    def take(self) -> int:
        self.used += 1
        return self.used - 1


def check_whens(scope: ProgramScope, clauses: Sequence[Clause], readable: Readable) -> Condition | None:
    """Every `when` of a rule, joined; `None` when there is none, or when one is wrong (and reported)."""
    trees = [clause.condition for clause in clauses if isinstance(clause, syntax.When)]
    checked = [check_condition(scope, readable, tree) for tree in trees]
    whole = tuple(condition for condition in checked if condition is not None)
    if not whole or len(whole) < len(checked):
        return None
    return whole[0] if len(whole) == 1 else All(whole)


def check_limits(
    scope: ProgramScope,
    clauses: Sequence[Clause],
    numbers: LimitNumbers,
    *,
    currency: CurrencyUnit | None,
    reward: bool,
    friend: bool = False,
) -> tuple[Limit, ...]:
    """Every `limit` of a rule or reward; what is wrong in them is reported and left out.

    Args:
        currency: the one that an earn rule gives; `None` when unknown, or for a reward.
        reward: whether limits count uses and money off, rather than postings.
        friend: whether a limit may say that it is the friend's, as in a referral.
    """
    limits = []
    for clause in clauses:
        if not isinstance(clause, syntax.Limit):
            continue
        if clause.to is not None and not friend:
            scope.findings.report(
                "L206", clause.span, f"`to {clause.to.text}` is of referrals",
                help="write the limit without it",
            )  # fmt: skip
            continue
        if clause.everyone and clause.window is None:
            scope.findings.report(
                "L330", clause.span, "what everyone gets together is not counted per event",
                help="write a window, such as `per calendar month for everyone`",
            )  # fmt: skip
            continue
        if clause.everyone and clause.refuses:  # LIMIT-9
            scope.findings.report(
                "L330", clause.span,
                "a limit for everyone cuts nobody before it closes, so it refuses no part",
                help="delete `else refuse`",
            )  # fmt: skip
            continue
        if _counts_something_else(scope, clause):
            continue
        window = None if clause.window is None else check_limit_window(scope, clause.window)
        if clause.everyone and isinstance(window, YearOfMembership):
            scope.findings.report(
                "L330", clause.span, "what everyone gets together is not counted in each member's own year",
                help="write a window that all share, such as `per calendar year for everyone`",
            )  # fmt: skip
            continue
        counted = _limit_quantity(scope, clause, currency, reward)
        if counted is not None and (clause.window is None or window is not None):
            of, most = counted
            limits.append(
                Limit(numbers.take(), of, most, window, clause.span, clause.everyone, clause.refuses)
            )
    return tuple(limits)


def _counts_something_else(scope: ProgramScope, clause: syntax.Limit) -> bool:
    """Whether a limit counts what happens by another word than `times`, which is reported."""
    number, unit = clause.quantity.number, clause.quantity.unit
    if not isinstance(number, syntax.Number) or unit is None or scope.currencies.find(unit.text) is not None:
        return False
    words = ("friend", "referral", "use", "redemption", "visit", *scope.events, *EVENT_WORDS)
    if not {unit.text, unit.text.removesuffix("s")} & set(words):
        return False
    times = "time" if number.value == 1 else "times"
    scope.findings.report(
        "L201", unit.span, f"a limit counts times or amounts, not `{unit.text}`",
        help=f"write `limit {number.span.text} {times} per calendar year`, for one",
    )  # fmt: skip
    return True


def _limit_quantity(
    scope: ProgramScope, clause: syntax.Limit, currency: CurrencyUnit | None, reward: bool
) -> tuple[LimitOf, int] | None:
    quantity = clause.quantity
    number, unit = quantity.number, quantity.unit
    if isinstance(number, syntax.Number) and unit is not None and unit.text in ("time", "times"):
        if clause.window is None and not reward:
            scope.findings.report(
                "L317",
                clause.span,
                "a rule fires once for an event, so a limit in times per event does nothing",
                help="write `per calendar day`, or limit the amount per event",
            )
            return None
        times = positive_number(scope, number, "times")
        return None if times is None else (LimitOf.TIMES, times)
    if reward:
        if isinstance(number, syntax.Money) and unit is None:
            minor = positive_money(scope, number)
            return None if minor is None else (LimitOf.UNITS, minor)
        scope.findings.report(
            "L302",
            quantity.span,
            "a reward is limited in times or in the money that it takes off",
            help="write `limit 1 times per calendar day` or `limit $20 per calendar day`",
        )
        return None
    if currency is None and unit is None:
        return None  # the rule's own amount is wrong, so what counts is not known
    found = positive_quantity(scope, quantity, currency)
    return None if found is None else (LimitOf.UNITS, found[1])
