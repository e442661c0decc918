"""When the midnights come that trigger rules by themselves: starts of windows, birthdays, anniversaries
(CLOCK).

Invariant: a date's anniversaries are counted from the date itself, so one of 29 February is on the 28th in
other years and on the 29th again in the next leap year.
"""

from typing import assert_never

from loyalty_dsl.calendar import NEVER, add_duration, add_months, date_of, window_end
from loyalty_dsl.evaluation.windows import window_until
from loyalty_dsl.language.clocks import (
    After,
    AfterJoin,
    Clock,
    Falls,
    OnDay,
    Pays,
    Reaches,
    Rises,
    WindowStart,
    YearlyOf,
)
from loyalty_dsl.language.types import NO_DATE
from loyalty_dsl.language.windows import Period


def next_due(clock: Clock, after: int, joined: int, fields: tuple[int, ...]) -> int:
    """The first midnight of a clock later than `after`; `NEVER` for a date that nobody has said (CLOCK-1).

    Args:
        fields: values of the member's fields, by index.
    """
    match clock.at:
        case WindowStart(unit, month, later):
            since = after - later
            if month is None:
                return window_end(unit, since) + later
            return window_until(Period(month, "", unit), since, since) + later
        case YearlyOf(field):
            date = joined if field is None else fields[field.index]
            return NEVER if date == NO_DATE else next_anniversary(date, after)
        case Reaches() | Falls() | Rises() | After() | Pays():  # set by what happens, not by the calendar
            return NEVER
        case AfterJoin(length):
            due = add_duration(joined, length)
            return due if due > after else NEVER
        case OnDay(day):
            return day if day > after else NEVER
        case _:
            assert_never(clock.at)


def next_anniversary(date: int, after: int) -> int:
    """The first anniversary of a date that is later than `after`, never the date itself (CLOCK-2)."""
    years = max(1, date_of(after).year - date_of(date).year)
    due = add_months(date, 12 * years)
    return due if due > after else add_months(date, 12 * (years + 1))
