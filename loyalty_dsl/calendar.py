"""Civil days, windows and month arithmetic, in the program's own time zone.

A day is an integer: days since 1970-01-01, which is day 0. Invariants:

* A window is half-open, `[start, end)`, and every day lies in exactly one window of each unit.
* Month arithmetic starts from the anchor and clamps to the month's end; it never chains, so
  31 January plus two months is 31 March although plus one month is 28 February.
* A week starts on a Monday (ISO 8601).
"""

from datetime import date
from enum import Enum

import attrs

_EPOCH = date(1970, 1, 1).toordinal()

NEVER = 2**31 - 1
"""The day of what never comes; later than any day that a date can name."""

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
"""The language's words for the months, from the first."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The language's words for the days of a week, from the first."""

MONTH_NAMES = tuple(word.capitalize() for word in MONTHS)
WEEKDAY_NAMES = tuple(word.capitalize() for word in WEEKDAYS)
"""The same as prose writes them, in any locale."""


class Unit(Enum):
    """A calendar unit. The value is the language's own word."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


IN_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
"""Of the units that are so many months, how many."""


@attrs.frozen
class Duration:
    """A length of civil time: `6 months`, `14 days`. Never negative."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count:,} {self.unit.value}{'' if self.count == 1 else 's'}"


def day_of(value: date) -> int:
    """The day number of a date."""
    return value.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + _EPOCH)


def format_day(day: int) -> str:
    """Writes a day as the language does: `2026-11-02`, or `never`."""
    return "never" if day == NEVER else date_of(day).isoformat()


def format_time(minute: int) -> str:
    """Writes a minute of a day as the language does: `14:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def month_index(day: int) -> int:
    """Months since January 1970 of the calendar month that holds `day`."""
    value = date_of(day)
    return (value.year - 1970) * 12 + value.month - 1


def month_start(index: int) -> int:
    """The first day of the calendar month with this `month_index`."""
    return day_of(date(1970 + index // 12, index % 12 + 1, 1))


def day_of_month(day: int) -> int:
    """The day's number in its month, from 1."""
    return date_of(day).day


def weekday(day: int) -> int:
    """The day of the week: 0 for Monday."""
    return (day + 3) % 7  # day 0 was a Thursday


def weekdays_through(day: int) -> int:
    """How many Mondays to Fridays there were through a day, since a Monday before day 0; holidays count."""
    weeks, of_week = divmod(day + 3, 7)
    return 5 * weeks + min(of_week + 1, 5)


def day_of_year(day: int) -> tuple[int, int]:
    """The month and the day of it, each from 1; such pairs are in the order of the year."""
    value = date_of(day)
    return value.month, value.day


def add_months(day: int, months: int) -> int:
    """The same day of the month, `months` later, clamped to that month's last day."""
    value = date_of(day)
    index = month_index(day) + months
    last = month_start(index + 1) - month_start(index)
    return month_start(index) + min(value.day, last) - 1


def add_duration(day: int, duration: Duration) -> int:
    """The day that comes `duration` after `day`."""
    match duration.unit:
        case Unit.DAY:
            return day + duration.count
        case Unit.WEEK:
            return day + 7 * duration.count
        case Unit.MONTH:
            return add_months(day, duration.count)
        case Unit.QUARTER:
            return add_months(day, 3 * duration.count)
        case Unit.YEAR:
            return add_months(day, 12 * duration.count)


def shortest(duration: Duration) -> int:
    """A bound on the fewest days that `duration` lasts from any anchor: never more, at most 3 days less."""
    months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}.get(duration.unit)
    if months is None:
        return duration.count * (7 if duration.unit is Unit.WEEK else 1)
    years, rest = divmod(duration.count * months, 12)
    within_a_year = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334)
    return years * 365 + years // 4 - (years // 100 - years // 400) - bool(years // 4) + within_a_year[rest]


def longest(duration: Duration) -> int:
    """A bound on the most days that `duration` lasts from any anchor: never less, at most 2 days more."""
    months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}.get(duration.unit)
    if months is None:
        return duration.count * (7 if duration.unit is Unit.WEEK else 1)
    years, rest = divmod(duration.count * months, 12)
    within_a_year = (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337)
    return years * 365 + -(-years // 4) + within_a_year[rest]


def window_start(unit: Unit, day: int) -> int:
    """The first day of the calendar window of `unit` that holds `day`."""
    match unit:
        case Unit.DAY:
            return day
        case Unit.WEEK:
            return day - date_of(day).weekday()
        case Unit.MONTH:
            return month_start(month_index(day))
        case Unit.QUARTER:
            return month_start(month_index(day) // 3 * 3)
        case Unit.YEAR:
            return month_start(month_index(day) // 12 * 12)


def window_end(unit: Unit, day: int) -> int:
    """The first day after the calendar window of `unit` that holds `day`."""
    start = window_start(unit, day)
    match unit:
        case Unit.DAY:
            return start + 1
        case Unit.WEEK:
            return start + 7
        case Unit.MONTH:
            return add_months(start, 1)
        case Unit.QUARTER:
            return add_months(start, 3)
        case Unit.YEAR:
            return add_months(start, 12)


def last_usable(expiry: int) -> int:
    """The last usable day of a lot that is gone from 00:00 of `expiry`."""
    return expiry if expiry == NEVER else expiry - 1
