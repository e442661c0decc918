"""Calendar arithmetic for a run of days at once: what `loyalty_dsl.calendar` says of one day, in columns.

Invariant: each function agrees with its namesake in `loyalty_dsl.calendar` on every day.
"""

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import Duration, Unit

Ints = NDArray[np.int64]

_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def month_index(days: Ints) -> Ints:
    """Months since January 1970 of the month that holds each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_start(indices: Ints) -> Ints:
    """The first day of each month."""
    return indices.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def day_of_month(days: Ints) -> Ints:
    """The number of each day in its month, from 1."""
    return days - month_start(month_index(days)) + 1


def add_duration(days: Ints, duration: Duration) -> Ints:
    """The day that comes `duration` after each day, clamped to the end of its month (TIME-3)."""
    months = _MONTHS.get(duration.unit)
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
            months = _MONTHS[unit]
            return month_start(month_index(days) // months * months)


def window_end(unit: Unit, days: Ints) -> Ints:
    """The first day after the calendar window that holds each day."""
    return add_duration(window_start(unit, days), Duration(1, unit))
