"""The windows in which limits and counters count, for one member (TIME-2, LIMIT-3).

Invariant: of each kind exactly one window holds a day; it runs from its first day to the day before its end.
"""

from typing import assert_never

from loyalty_dsl.calendar import NEVER, Unit, add_months, date_of, window_end, window_start
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership

ALWAYS = -(2**31)
"""The first day of a lifetime: before any day that a date can name."""

Bounded = Unit | Period | YearOfMembership | Lifetime
"""A window that has a first day of its own; a rolling one has another each day."""


def window_from(window: Bounded, day: int, joined: int) -> int:
    """The first day of the window that holds `day`.

    Args:
        joined: the joined day, which only a year of membership reads; of somebody who has not joined, `day`.
            The first year of membership has all that came before it, too (LIMIT-6).
    """
    match window:
        case Unit():
            return window_start(window, day)
        case Period(month, _, unit):
            return add_months(window_start(unit, add_months(_month_start(day), 1 - month)), month - 1)
        case YearOfMembership():
            years = _years_of_membership(day, joined)
            return add_months(joined, 12 * years) if years else ALWAYS
        case Lifetime():
            return ALWAYS
        case _:
            assert_never(window)


def window_until(window: Bounded, day: int, joined: int) -> int:
    """The first day after the window that holds `day`; `NEVER` for a lifetime."""
    match window:
        case Unit():
            return window_end(window, day)
        case Period():
            return add_months(window_from(window, day, joined), window.months)
        case YearOfMembership():  # never chained: 29 February is an anniversary again in a leap year
            return add_months(joined, 12 * (_years_of_membership(day, joined) + 1))
        case Lifetime():
            return NEVER
        case _:
            assert_never(window)


def _month_start(day: int) -> int:
    return window_start(Unit.MONTH, day)


def _years_of_membership(day: int, joined: int) -> int:
    """Whole years from the joined day; none on a day before it."""
    years = date_of(day).year - date_of(joined).year
    return max(0, years if add_months(joined, 12 * years) <= day else years - 1)
