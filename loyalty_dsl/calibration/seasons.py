"""How purchases move with the month and the day of the week.

Invariant: multipliers have a mean of one over the days that they were fitted on, so the rate of purchases
keeps its meaning; a month's multiplier is against what the model expects of that month, so growth and decay
of the customer base are not taken for a season.
"""

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import MONTHS, WEEKDAYS, date_of
from loyalty_dsl.calibration.customers import PurchaseDays
from loyalty_dsl.calibration.models import Fit, expected_repeats

YEAR = 365
FEWEST_DAYS = 56
SURE = 2.0
"""Standard errors that a multiplier is away from one, to be told."""


@attrs.frozen
class Multiplier:
    """Of the rate of purchases, with its standard error."""

    value: float
    error: float

    @property
    def is_sure(self) -> bool:
        """Whether it is told from one."""
        return abs(self.value - 1) >= max(SURE * self.error, 0.005)


def weekday_multipliers(days: PurchaseDays, until: int) -> Mapping[str, Multiplier]:
    """By day of the week; nothing for less than eight weeks.

    Args:
        days: of all members.
        until: the last day of calibration.
    """
    first = until - 7 * ((until - days.first_day + 1) // 7) + 1
    if until - first + 1 < FEWEST_DAYS:
        return {}
    chosen = (days.day >= first) & (days.day <= until)
    weekday = (days.day[chosen] + 3) % 7  # day 0 was a Thursday
    return _multipliers(WEEKDAYS, weekday, np.full(7, chosen.sum() / 7))


def month_multipliers(
    fitted: Fit, days: PurchaseDays, until: int, unit_days: int
) -> Mapping[str, Multiplier]:
    """By month of the year, of repeat purchases against what is expected; nothing for less than a year.

    Args:
        fitted: to the purchases up to `until`.
    """
    seen = days.until(until)
    if until - seen.first_day + 1 < YEAR:
        return {}
    calendar = np.arange(seen.first_day, until + 1)
    month_of = np.array([date_of(int(day)).month - 1 for day in calendar])
    starts, members = np.unique(seen.first_days(), return_counts=True)
    age = np.maximum(0, calendar[None, :] + 1 - starts[:, None]) / unit_days
    curve = members @ expected_repeats(fitted, age.ravel()).reshape(age.shape)
    expected = np.bincount(month_of, np.diff(curve, prepend=0), 12).astype(np.float64)
    repeat = np.diff(seen.member, prepend=-1) == 0
    return _multipliers(MONTHS, month_of[seen.day[repeat] - seen.first_day], expected)


def _multipliers(
    names: tuple[str, ...], place: NDArray[np.int64], expected: NDArray[np.float64]
) -> dict[str, Multiplier]:
    """Actual over expected, scaled to a mean of one, with the error of a count."""
    counts = np.bincount(place, minlength=len(names)).astype(float)
    if not counts.sum() or np.any(expected <= 0):
        return {}
    expected = expected * counts.sum() / expected.sum()
    return {
        name: Multiplier(float(count / mean), float(np.sqrt(count) / mean))
        for name, count, mean in zip(names, counts, expected, strict=True)
    }
