"""Calendar arithmetic for a run of days at once: what `loyalty_dsl.calendar` says of one day, in columns.

Invariant: each function agrees with its namesake in `loyalty_dsl.calendar` on every day.
"""

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import IN_MONTHS, NEVER, Duration, Unit, longest
from loyalty_dsl.language.expiry import AfterEarning, LatestOf, LotTerm, Never
from loyalty_dsl.language.windows import Period

Ints = NDArray[np.int64]


def month_index(days: Ints) -> Ints:
    """Months since January 1970 of the month that holds each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_start(indices: Ints) -> Ints:
    """The first day of each month."""
    return indices.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def day_of_month(days: Ints) -> Ints:
    """The number of each day in its month, from 1."""
    return days - month_start(month_index(days)) + 1


def weekday(days: Ints) -> Ints:
    """The day of the week: 0 for Monday."""
    number: Ints = (days + 3) % 7
    return number


def day_of_year(days: Ints) -> Ints:
    """100 times the month, from 1, and the day of it: numbers in the order of the year."""
    return (month_index(days) % 12 + 1) * 100 + day_of_month(days)


def add_duration(days: Ints, duration: Duration) -> Ints:
    """The day that comes `duration` after each day, clamped to the end of its month (TIME-3)."""
    months = IN_MONTHS.get(duration.unit)
    if months is None:
        return days + duration.count * (7 if duration.unit is Unit.WEEK else 1)
    reached = month_index(days) + duration.count * months
    start = month_start(reached)
    clamped: Ints = np.minimum(day_of_month(days), month_start(reached + 1) - start)
    return start + clamped - 1


def window_start(unit: Unit, days: Ints) -> Ints:
    """The first day of the calendar window that holds each day (TIME-2)."""
    match unit:
        case Unit.DAY:
            return days.copy()
        case Unit.WEEK:
            return days - (days + 3) % 7  # day 0 was a Thursday
        case Unit.MONTH | Unit.QUARTER | Unit.YEAR:
            months = IN_MONTHS[unit]
            return month_start(month_index(days) // months * months)


def window_end(unit: Unit | Period, days: Ints) -> Ints:
    """The first day after the window that holds each day."""
    if isinstance(unit, Period):
        months, offset = unit.months, unit.month - 1
        return month_start((month_index(days) - offset) // months * months + offset + months)
    return add_duration(window_start(unit, days), Duration(1, unit))


def expiry_days(term: LotTerm, earned: Ints) -> Ints:
    """The day from whose start a lot earned on each day is gone by a term (EXP-1); `NEVER` by none."""
    match term:
        case Never():
            return np.full_like(earned, NEVER)
        case AfterEarning(duration, end_of, at_next):
            reached = add_duration(earned, duration)
            if end_of is not None:
                reached = window_end(end_of, reached)
            return reached if at_next is None else _next_day_of_year(reached, *at_next) + 1
        case LatestOf(terms):
            latest: Ints = np.maximum.reduce([expiry_days(each, earned) for each in terms])
            return latest
        case _:
            assert_never(term)


def _next_day_of_year(days: Ints, month: int, day: int) -> Ints:
    """The first day with this month and day on or after each day; 29 February is the 28th otherwise."""

    def in_year(years: Ints) -> Ints:
        index = years * 12 + month - 1
        start = month_start(index)
        clamped: Ints = np.minimum(day, month_start(index + 1) - start)
        return start + clamped - 1

    years = month_index(days) // 12
    this = in_year(years)
    return np.where(this >= days, this, in_year(years + 1))


def most_days(duration: Duration) -> int:
    """A bound on the days from an anchor to `duration` after it."""
    return longest(duration) + 1
