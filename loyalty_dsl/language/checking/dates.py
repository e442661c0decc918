"""Which days a `dates` clause names, and which of them a day of a week or of a year stands for (TIME-6)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import assert_never

from loyalty_dsl.calendar import WEEKDAYS, day_of
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import day, whole_number
from loyalty_dsl.language.checking.clauses import Clause
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import Dates, DayRange, DaysOfMonth, DaysOfWeek, DaysOfYear

EARLIEST, LATEST = day_of(date.min), day_of(date.max)
"""The first and the last day that a date can name: the open ends of a range."""

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_WEEKDAYS: dict[str, tuple[int, ...]] = {
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
} | {f"{word}s": (number,) for number, word in enumerate(WEEKDAYS)}


def check_dates(scope: ProgramScope, clauses: Sequence[Clause]) -> tuple[tuple[Dates, ...], ...]:
    """Every `dates` of a rule; what is wrong in them is reported and left out."""
    written = [clause for clause in clauses if isinstance(clause, syntax.Dates)]
    return tuple(
        tuple(
            checked
            for alternative in clause.alternatives
            if (checked := _days(scope, alternative)) is not None
        )
        for clause in written
    )


def _days(
    scope: ProgramScope,
    written: syntax.DateRange | syntax.MonthDays | syntax.clauses.YearDays | syntax.clauses.WeekDays,
) -> Dates | None:
    match written:
        case syntax.DateRange():
            return _date_range(scope, written)
        case syntax.MonthDays():
            return _month_days(scope, written)
        case syntax.clauses.YearDays():
            first = month_day(scope, written.first)
            last = first if written.last is None else month_day(scope, written.last)
            return None if first is None or last is None else DaysOfYear(first, last)
        case syntax.clauses.WeekDays():
            return DaysOfWeek(days_of_week(written.word))
        case _:
            assert_never(written)


def days_of_week(word: syntax.Name) -> tuple[int, ...]:
    """The days that `mondays`, `weekdays` or `weekends` means, 0 for Monday."""
    return _WEEKDAYS[word.text]


def month_day(scope: ProgramScope, written: syntax.MonthDay) -> tuple[int, int] | None:
    """A day of the year, as month and day; one that no year has is reported."""
    number = whole_number(scope, written.day, "days")
    if number is None:
        return None
    if 1 <= number <= _DAYS[written.month - 1]:
        return written.month, number
    days = _DAYS[written.month - 1]
    help_ = f"that month has {days} days"
    if 1000 <= number <= 9999:
        last = monthrange(number, written.month)[1]
        help_ = (
            f"for the month of that year write `from {number}-{written.month:02}-01 "
            f"through {number}-{written.month:02}-{last}`"
        )
    scope.findings.report(
        "L315", written.span, f"no year has a `{written.span.text}`", help=help_
    )  # fmt: skip
    return None


def _date_range(scope: ProgramScope, written: syntax.DateRange) -> DayRange | None:
    ends = [None if end is None else day(scope, end) for end in (written.first, written.last, written.before)]
    if any(end is not None and known is None for end, known in zip(
        (written.first, written.last, written.before), ends, strict=True
    )):  # fmt: skip
        return None
    first, last, before = ends
    first = EARLIEST if first is None else first
    last = (LATEST if before is None else before - 1) if last is None else last
    if first <= last:
        return DayRange(first, last)
    end = written.last or written.before
    scope.findings.report(
        "L316",
        written.span,
        "these dates end before they begin",
        secondary=[(end.span, "the end")] if end is not None else [],
        help="write the earlier date first",
    )
    return None


def _month_days(scope: ProgramScope, written: syntax.MonthDays) -> DaysOfMonth | None:
    first = _day_of_month(scope, written.first)
    last = first if written.last is None else _day_of_month(scope, written.last)
    if first is None or last is None:
        return None
    if first <= last:
        return DaysOfMonth(first, last)
    scope.findings.report(
        "L316",
        written.span,
        f"day {first} comes after day {last} in a month",
        help=f"write `on days {first} through 31 of a month, on days 1 through {last} of a month`",
    )
    return None


def _day_of_month(scope: ProgramScope, number: syntax.Number) -> int | None:
    found = whole_number(scope, number, "days")
    if found is None or 1 <= found <= 31:
        return found
    scope.findings.report(
        "L315", number.span, f"no month has a day {found}", help="days of a month are 1 through 31"
    )
    return None
