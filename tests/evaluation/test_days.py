"""The calendar in columns says what the calendar says of each day (TIME-2, TIME-3)."""

from itertools import product

import numpy as np

from loyalty_dsl import calendar
from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation import days

ALL = np.arange(-400, 40_000, dtype=np.int64)
"""From 1968, before day 0, to 2079; every leap day and turn of the year between them."""


def test_windows_agree_on_every_day() -> None:
    for unit in Unit:
        assert days.window_start(unit, ALL).tolist() == [calendar.window_start(unit, int(d)) for d in ALL], (
            unit
        )
        assert days.window_end(unit, ALL).tolist() == [calendar.window_end(unit, int(d)) for d in ALL], unit


def test_months_agree_on_every_day() -> None:
    assert days.weekday(ALL).tolist() == [calendar.weekday(int(d)) for d in ALL]
    of_year = [month * 100 + day for month, day in (calendar.day_of_year(int(d)) for d in ALL)]
    assert days.day_of_year(ALL).tolist() == of_year
    assert days.month_index(ALL).tolist() == [calendar.month_index(int(d)) for d in ALL]
    assert days.day_of_month(ALL).tolist() == [calendar.day_of_month(int(d)) for d in ALL]


def test_durations_agree_on_every_day_of_a_leap_cycle() -> None:
    some = ALL[: 4 * 366]
    for unit, count in product(Unit, (0, 1, 5, 13)):
        duration = Duration(count, unit)
        wanted = [calendar.add_duration(int(d), duration) for d in some]
        assert days.add_duration(some, duration).tolist() == wanted, duration
