"""Month arithmetic and windows, against stepping through days one at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_dsl.calendar import (
    NEVER,
    Duration,
    Unit,
    add_duration,
    add_months,
    date_of,
    day_of,
    day_of_month,
    format_day,
    longest,
    month_index,
    month_start,
    shortest,
    window_end,
    window_start,
)

days = st.integers(day_of(date(1990, 1, 1)), day_of(date(2110, 12, 31)))


@given(days)
def test_a_day_is_its_date(day: int) -> None:
    """TIME-1"""
    assert day_of(date_of(day)) == day
    assert date_of(day) == date(1970, 1, 1) + timedelta(days=day)
    assert day_of_month(day) == date_of(day).day


@given(days, st.sampled_from(Unit))
def test_windows_are_half_open_and_cover_every_day_once(day: int, unit: Unit) -> None:
    """TIME-2"""
    start, end = window_start(unit, day), window_end(unit, day)
    assert start <= day < end
    assert all(window_start(unit, other) == start for other in range(start, end))
    assert window_start(unit, end) == end
    assert window_end(unit, start - 1) == start


@given(days)
def test_a_week_starts_on_a_monday_and_a_quarter_in_january_april_july_or_october(day: int) -> None:
    """TIME-2"""
    assert date_of(window_start(Unit.WEEK, day)).weekday() == 0
    assert date_of(window_start(Unit.QUARTER, day)).month in (1, 4, 7, 10)
    assert (date_of(window_start(Unit.YEAR, day)).month, date_of(window_start(Unit.YEAR, day)).day) == (1, 1)


@given(days, st.integers(0, 400))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day: int, months: int) -> None:
    """TIME-3"""
    start, end = date_of(day), date_of(add_months(day, months))
    assert (end.year - start.year) * 12 + end.month - start.month == months
    last_day = (end + timedelta(days=1)).day == 1
    assert end.day == start.day or (end.day < start.day and last_day)


def test_month_arithmetic_does_not_chain() -> None:
    """TIME-3: 31 January plus two months is 31 March, although plus one is 28 February."""
    january = day_of(date(2026, 1, 31))
    assert date_of(add_months(january, 1)) == date(2026, 2, 28)
    assert date_of(add_months(january, 2)) == date(2026, 3, 31)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 12, 13, 24, 47, 48, 60])
def test_the_shortest_length_of_a_duration(unit: Unit, count: int) -> None:
    """The bound used to compare a pending time with an expiry is the least over every anchor."""
    duration = Duration(count, unit)
    anchors = range(day_of(date(1896, 1, 1)), day_of(date(1910, 1, 1)))
    assert shortest(duration) <= min(add_duration(day, duration) - day for day in anchors)
    recent = range(day_of(date(2021, 1, 1)), day_of(date(2025, 3, 1)))
    assert min(add_duration(day, duration) - day for day in recent) - shortest(duration) <= 3


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 24, 47, 48, 60])
def test_the_longest_length_of_a_duration(unit: Unit, count: int) -> None:
    """The bound on how long a lot lives is the most over every anchor."""
    duration = Duration(count, unit)
    anchors = range(day_of(date(1896, 1, 1)), day_of(date(1910, 1, 1)))
    most = max(add_duration(day, duration) - day for day in anchors)
    recent = range(day_of(date(2021, 1, 1)), day_of(date(2025, 3, 1)))
    most_now = max(add_duration(day, duration) - day for day in recent)
    assert max(most, most_now) <= longest(duration) <= most_now + 2


@given(days)
def test_month_indices_count_calendar_months(day: int) -> None:
    index = month_index(day)
    assert month_start(index) <= day < month_start(index + 1)
    assert date_of(month_start(index)).day == 1


def test_days_are_written_as_the_language_writes_them() -> None:
    assert format_day(day_of(date(2026, 11, 2))) == "2026-11-02"
    assert format_day(NEVER) == "never"
    assert str(Duration(6, Unit.MONTH)) == "6 months"
    assert str(Duration(1, Unit.DAY)) == "1 day"
