"""Civil days in the kernel: month arithmetic and windows for any day, not only those of a plan's table.

Invariant: each function agrees with its namesake in `loyalty_dsl.calendar` on every day of the years 1 to
9999; `NEVER` and days beyond them are left as they are.
"""

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership

DAY, WEEK, MONTH, QUARTER, YEAR, PERIOD, MEMBERSHIP, LIFETIME, ROLLING = range(9)
"""Kinds of window; the first five are also the units of a duration."""

BEFORE_ALL = -(2**31)
"""Where a window of all days begins."""

_UNITS = {Unit.DAY: DAY, Unit.WEEK: WEEK, Unit.MONTH: MONTH, Unit.QUARTER: QUARTER, Unit.YEAR: YEAR}


def unit_code(unit: Unit) -> int:
    """What the kernel calls a unit."""
    return _UNITS[unit]


def duration_code(duration: Duration) -> tuple[int, int]:
    """A duration as count and unit."""
    return duration.count, _UNITS[duration.unit]


def period_code(month: int, unit: Unit) -> int:
    """A period of the program's own, which begins with a month from 1, as the argument of its window."""
    return 16 * (3 if unit is Unit.QUARTER else 12) + month


def window_code(window: Window) -> tuple[int, int]:
    """A window as kind and argument; what a rolling window's argument would be is its own matter."""
    match window:
        case Unit():
            return _UNITS[window], 0
        case Period(month, _, unit):
            return PERIOD, period_code(month, unit)
        case Lifetime():
            return LIFETIME, 0
        case YearOfMembership():
            return MEMBERSHIP, 0
        case Rolling():
            return ROLLING, 0


@part
def month_index(day: int) -> int:
    """Months since January 1970 of the month that holds a day."""
    # Years that begin in March have their odd day last, so that months have a closed form.
    shifted = day + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153  # 0 for March
    return (year + era * 400 - 1970) * 12 + month + 2


@part
def month_start(index: int) -> int:
    """The first day of a month."""
    march = index - 2
    year = march // 12
    month = march - year * 12
    year += 1970
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * month + 2) // 5
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@part
def add_months(day: int, months: int) -> int:
    """The same day of the month, `months` later, clamped to that month's last day (TIME-3)."""
    index = month_index(day)
    day_of_month = day - month_start(index)
    start = month_start(index + months)
    return start + min(day_of_month, month_start(index + months + 1) - start - 1)


@part
def add_duration(day: int, count: int, unit: int) -> int:
    """The day that comes so many units after a day."""
    if unit == DAY:
        return day + count
    if unit == WEEK:
        return day + 7 * count
    if unit == MONTH:
        return add_months(day, count)
    return add_months(day, count * (3 if unit == QUARTER else 12))


@part
def window_from(kind: int, argument: int, day: int, joined: int) -> int:
    """The first day of the window that holds a day; of a year of membership, `joined` is the joined day, and
    the first one has all that came before it, too (LIMIT-6)."""
    if kind == DAY:
        return day
    if kind == WEEK:
        return day - (day + 3) % 7  # day 0 was a Thursday
    if kind == MONTH:
        return month_start(month_index(day))
    if kind == QUARTER:
        return month_start(month_index(day) // 3 * 3)
    if kind == YEAR:
        return month_start(month_index(day) // 12 * 12)
    if kind == PERIOD:
        months, offset = argument // 16, argument % 16 - 1
        return month_start((month_index(day) - offset) // months * months + offset)
    if kind == MEMBERSHIP:
        years = years_since(joined, day)
        return add_months(joined, 12 * years) if years > 0 else BEFORE_ALL
    return BEFORE_ALL


@part
def window_until(kind: int, argument: int, day: int, joined: int) -> int:
    """The first day after the window that holds a day."""
    if kind == MEMBERSHIP:
        return add_months(joined, 12 * max(0, years_since(joined, day)) + 12)
    if kind > PERIOD:
        return NEVER
    return window_after(kind, argument, window_from(kind, argument, day, joined))


@part
def next_review(review: int, day: int) -> int:
    """The first day after one on which a ladder is reviewed, at the start of a window of a unit or on a day
    of the year, 100 times the month and the day of it; `NEVER` for -1."""
    if review < 0:
        return NEVER
    if review < 100:
        return window_until(review, 0, day, 0)
    month, number = review // 100, review % 100
    year_from = 16 * 12 + month
    start = window_from(PERIOD, year_from, day, 0)
    due = start + min(number, month_start(month_index(start) + 1) - start) - 1
    if due > day:
        return due
    start = window_after(PERIOD, year_from, start)
    return start + min(number, month_start(month_index(start) + 1) - start) - 1


@part
def window_after(kind: int, argument: int, start: int) -> int:
    """Where the next window begins of a calendar window that begins on a day."""
    if kind == DAY:
        return start + 1
    if kind == WEEK:
        return start + 7
    months = 12
    if kind == MONTH:
        months = 1
    elif kind == QUARTER:
        months = 3
    elif kind == PERIOD:
        months = argument // 16
    return month_start(month_index(start) + months)


@part
def years_since(anchor: int, day: int) -> int:
    """How many anniversaries of `anchor` have been reached by `day`, each counted from the anchor."""
    years = (month_index(day) - month_index(anchor)) // 12
    if add_months(anchor, 12 * years) > day:
        years -= 1
    return years
