"""The last day that is within a time of a date, as conditions and gates ask (EVENT-5).

Invariant: within a time of a day is that day plus the time, that day included; within a time of the end of a
window it is the time after its end, less a day: 45 days of the end of April last through 14 June.
"""

from loyalty_dsl.calendar import add_duration, weekday
from loyalty_dsl.evaluation.windows import window_until
from loyalty_dsl.language.conditions import BusinessDays, DayWithin
from loyalty_dsl.language.types import NO_DATE

_FRIDAY = 4


def last_day_within(operand: DayWithin, date: int) -> int:
    """The last day within the time of a date; `NO_DATE` where there is none."""
    if date == NO_DATE:
        return NO_DATE
    length, window = operand.length, operand.window
    if isinstance(length, BusinessDays):
        day = date - max(0, weekday(date) - _FRIDAY)  # a weekend counts from its Friday
        for _ in range(length.count):
            day += 1
            while weekday(day) > _FRIDAY:
                day += 1
        return day
    if window is None:
        return add_duration(date, length)
    return add_duration(window_until(window, date, date), length) - 1
