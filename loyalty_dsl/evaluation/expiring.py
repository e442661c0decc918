"""The days that terms give a lot (EXP).

Invariant: a term of lots gives one day, counted from an anchor: the day earned or, for a lot whose time is
counted again, that day.
"""

from datetime import date
from typing import assert_never

from loyalty_dsl.calendar import NEVER, add_duration, date_of, day_of, month_index, month_start
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.windows import window_until
from loyalty_dsl.language.expiry import (
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    FirstThatHolds,
    LatestOf,
    LotTerm,
    Never,
)


def term_of(expiry: Expiry, facts: Facts) -> LotTerm:
    """The term that holds for a lot now: the first whose condition holds (EXP-4). A lot of a currency whose
    whole balance has one day has none of its own (EXP-7)."""
    match expiry:
        case Never() | AfterEarning() | LatestOf():
            return expiry
        case FirstThatHolds(cases, otherwise):
            return next((case.term for case in cases if holds(case.when, facts)), otherwise)
        case AfterActivity() | AfterFirst():
            return Never()
        case _:
            assert_never(expiry)


def gone_on(term: LotTerm, anchor: int) -> int:
    """The day from whose start a lot is gone (EXP-1, EXP-3), or `NEVER` (EXP-2)."""
    match term:
        case Never():
            return NEVER
        case AfterEarning(duration, end_of, at_next):
            day = add_duration(anchor, duration)
            if at_next is not None:
                return next_such_day(at_next, day) + 1
            return day if end_of is None else window_until(end_of, day, day)
        case LatestOf(terms):
            return max(gone_on(each, anchor) for each in terms)
        case _:
            assert_never(term)


def next_such_day(month_and_day: tuple[int, int], day: int) -> int:
    """The first day of the year with this month and number on or after `day`; 29 February is the 28th in
    other years."""
    year = date_of(day).year
    this_year = _in_year(month_and_day, year)
    return this_year if this_year >= day else _in_year(month_and_day, year + 1)


def _in_year(month_and_day: tuple[int, int], year: int) -> int:
    month, number = month_and_day
    first = day_of(date(year, month, 1))
    last = month_start(month_index(first) + 1) - first
    return first + min(number, last) - 1
