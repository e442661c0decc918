"""What the calendar says of each day of a plan, looked up once: windows, months, and the dates of rules.

Invariant: a row is a day; a column says the same thing of all days.
"""

from typing import assert_never

import numpy as np

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation import days as calendar
from loyalty_dsl.evaluation.plan import Ints
from loyalty_dsl.language.program import Dates, DayRange, DaysOfMonth, DaysOfWeek, DaysOfYear
from loyalty_dsl.language.windows import Period

_BITS = 62
"""Bits of a word of dates, so that no word is negative."""


class DayColumns:
    """Gathers the columns that rules, rewards and limits ask for beyond those that every plan has.

    Attributes:
        words: each rule and reward with dates has a bit, set on the days on which they hold (TIME-6).
    """

    def __init__(self, days: Ints, first_column: int) -> None:
        """
        Args:
            days: the day numbers.
            first_column: how many columns every plan has.
        """
        self._days = days
        self._days_of_month = calendar.day_of_month(days)
        self._count = 0
        self.first_column = first_column
        self._windows: list[tuple[Period, Ints]] = []
        self.words: list[Ints] = []

    def columns(self) -> list[Ints]:
        """What was gathered, from `first_column` on: windows, then words of dates."""
        return [column for _, column in self._windows] + self.words

    @property
    def dates_column(self) -> int:
        return self.first_column + len(self._windows)

    def period(self, of: Period) -> int:
        """The column that tells periods of the program's own apart."""
        for place, (known, _) in enumerate(self._windows):
            if (known.month, known.months) == (of.month, of.months):
                return self.first_column + place
        self._windows.append((of, (calendar.month_index(self._days) - (of.month - 1)) // of.months))
        return self.first_column + len(self._windows) - 1

    def bit_of(self, clauses: tuple[tuple[Dates, ...], ...]) -> int:
        """The bit of a rule or reward with these clauses; -1 for one without any."""
        if not clauses:
            return -1
        holds = np.ones(len(self._days), bool)
        for alternatives in clauses:
            holds &= np.logical_or.reduce([self._in(dates) for dates in alternatives])
        bit = self._count
        self._count += 1
        if bit % _BITS == 0:
            self.words.append(np.zeros(len(self._days), np.int64))
        self.words[-1] |= holds.astype(np.int64) << (bit % _BITS)
        return bit

    def _in(self, dates: Dates) -> np.ndarray:
        match dates:
            case DayRange(first, last):
                return (first <= self._days) & (self._days <= last)
            case DaysOfMonth(first, last):
                return (first <= self._days_of_month) & (self._days_of_month <= last)
            case DaysOfYear(first, last):
                after = calendar.day_of_year(self._days) >= first[0] * 100 + first[1]
                through = calendar.day_of_year(self._days) <= last[0] * 100 + last[1]
                return after & through if first <= last else after | through
            case DaysOfWeek(days):
                return np.isin(calendar.weekday(self._days), days)
            case _:
                assert_never(dates)


def day_columns(days: Ints, months: Ints) -> list[Ints]:
    """The columns of `Plan.days` that every plan has, but for those of lots.

    Args:
        months: the month that figures of each day are kept by.
    """
    units = (Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR, Unit.DAY)
    of_month = calendar.day_of_month(days)
    last_of_month = calendar.day_of_month(days + 1) == 1
    return [
        months,
        *(calendar.window_start(unit, days) for unit in units),
        np.zeros_like(days),
        calendar.month_index(days),
        of_month,
        np.where(last_of_month, 31, of_month),
    ]
