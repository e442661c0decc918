"""Months that end on the day of a valuation, whichever day that is.

Invariant: periods are half-open, follow each other without a gap, and the last ends with the day of the
valuation; valued at the end of a calendar month, they are the calendar months.
"""

from bisect import bisect_right

import attrs

from loyalty_dsl.calendar import add_months, day_of_month, format_day, month_index


@attrs.frozen
class Periods:
    """Attributes:
    starts: the first day of each, and the day after the last.
    """

    starts: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def at(self) -> int:
        """The day of the valuation."""
        return self.starts[-1] - 1

    @property
    def are_calendar_months(self) -> bool:
        return day_of_month(self.starts[-1]) == 1

    @property
    def first_month(self) -> int:
        """The `month_index` of the month in which the first period ends."""
        return month_index(self.at) - len(self) + 1

    def of(self, day: int) -> int:
        """The period of a day; as many as there are for a later day."""
        return bisect_right(self.starts, day) - 1

    def name_of(self, period: int) -> str:
        """`2017-12`, or `to 2017-12-15` where months are not those of the calendar."""
        last = format_day(self.starts[period + 1] - 1)
        return last[:7] if self.are_calendar_months else f"to {last}"


def periods_until(at: int, first_day: int) -> Periods:
    """Periods that end on the day `at`, from the one that holds `first_day`."""
    starts = [at + 1]
    while starts[-1] > first_day:
        starts.append(add_months(at + 1, -len(starts)))
    return Periods(tuple(reversed(starts)))
