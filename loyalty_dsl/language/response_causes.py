"""What a program gives members to react to: balances to work towards, and promotions.

Invariant: what is not here, no response sees.
"""

from typing import assert_never

from loyalty_dsl.language.program import (
    Dates,
    DayRange,
    DaysOfMonth,
    DaysOfWeek,
    DaysOfYear,
    EarnRule,
    Program,
)
from loyalty_dsl.language.types import PURCHASE

LONGEST_PROMOTION = 62
"""The most days in a row on which a rule is a promotion; one with dates for longer is how the program is."""


def goals_of(program: Program) -> tuple[tuple[int, int], ...]:
    """Currency and balance of what members work towards: the price of each reward that has one and, where
    points are paid like money, the balance from which they can be; in rising order of each currency."""
    goals = {
        (one.currency, one.minimum_balance if one.as_much else max(one.price, one.minimum_balance))
        for one in program.rewards
        if one.currency >= 0
        and not (one.exchange or one.taking.of_menu)
        and not all(case.whole_balance for case in one.cases)
    }
    return tuple(sorted((currency, units) for currency, units in goals if units > 0))


def promotions_of(program: Program) -> tuple[EarnRule, ...]:
    """The rules for purchases that some clause lets hold for `LONGEST_PROMOTION` days in a row at most."""
    return tuple(
        rule
        for rule in program.earns
        if any(trigger.event == PURCHASE for trigger in rule.triggers)
        and any(all(_is_short(dates) for dates in alternatives) for alternatives in rule.dates)
    )


def _is_short(dates: Dates) -> bool:
    match dates:
        case DayRange(first, last):
            return last - first < LONGEST_PROMOTION
        case DaysOfYear((month, _), (last_month, _)):
            return (last_month - month) % 12 <= 2
        case DaysOfMonth() | DaysOfWeek():
            return True
        case _:
            assert_never(dates)
