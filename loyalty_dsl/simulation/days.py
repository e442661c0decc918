"""Which days a simulation covers: the months reported, and the tail that settles what they issued.

Invariants: nobody gets days that a calendar, or this machine's memory, does not have; and the tail is as long
as it takes for every lot issued in the months reported to be used or to expire, unless lots never expire or
live longer than `LONGEST_TAIL` months, of which a report then tells.
"""

from math import isqrt
from typing import assert_never

from loyalty_dsl.calendar import (
    Duration,
    Unit,
    add_duration,
    format_day,
    month_index,
    month_start,
)
from loyalty_dsl.language.checking.amounts import LAST_DAY
from loyalty_dsl.language.expiry import (
    AfterActivity,
    AfterEarning,
    AfterFirst,
    Expiry,
    FirstThatHolds,
    LatestOf,
    Never,
)
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.windows import end_of_window
from loyalty_dsl.refusals import InputRefused

MOST_MONTHS = 1200
"""The most months that are reported, a century."""

TAIL_OF_NEVER = 24
"""Months of tail where lots never expire or may be kept again and again, so that no tail would do."""

LONGEST_TAIL = 120
"""The most months of tail."""

MOST_CELLS = 4_000_000
"""The most cells of the triangles of all currencies; each thread has two of them, of 8 bytes a cell."""


def first_day_of(program: Program, population: Population, override: int | None) -> int:
    """The first day of a simulation: the one asked for, or the population's, or the program's.

    Raises:
        InputRefused: it is before the program's, or later than any that a program can name.
    """
    first = next(day for day in (override, population.first_day, program.starts) if day is not None)
    if first < program.starts:
        raise InputRefused(
            f"the simulation starts on {format_day(first)}, before `{program.name}` does on "
            f"{format_day(program.starts)}",
            help="start it on that day or later",
        )
    if first > LAST_DAY:
        raise InputRefused(
            f"the simulation starts on {format_day(first)}, which is too far ahead",
            help=f"start it on {format_day(LAST_DAY)} or before",
        )
    return first


def month_starts_of(program: Program, first: int, months: int, tail: int | None) -> list[int]:
    """The first day of each month simulated, and the day after the last.

    Args:
        program: whose lots the tail has to outlive.
        first: the first day, which begins the first month.
        months: reported.
        tail: months after those; as many as it takes when `None`.

    Raises:
        InputRefused: these are no months, or too many.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise InputRefused(f"{months:,} months cannot be forecast", help=f"ask for 1 to {MOST_MONTHS:,}")
    index = month_index(first)
    if tail is None:
        tail = tail_of(program, month_start(index + months) - 1)
    currencies = max(1, len(program.currencies))
    if currencies * (months + tail) ** 2 > MOST_CELLS:
        most = isqrt(MOST_CELLS // currencies) - tail
        fewer = f"ask for {most:,} months or fewer" if most > 0 else "simulate fewer currencies at once"
        raise InputRefused(
            f"{months:,} months of {currencies:,} currencies would take too much memory",
            help=fewer,
        )
    return [first, *(month_start(index + m) for m in range(1, months + tail + 1))]


def tail_of(program: Program, last_day: int) -> int:
    """How many months it takes until nothing issued up to `last_day` is left, within the bounds above."""
    terms: list[Expiry] = [rule.expiry for rule in program.earns if rule.expiry is not None]
    tails = [_tail_of(term, last_day) for term in terms]
    for currency in program.currencies:
        tails.append(_tail_of(currency.expiry, last_day))
        if currency.postpone is not None or currency.restart is not None:
            tails.append(max(tails[-1], TAIL_OF_NEVER))  # nobody knows for how long lots are kept
    return max(tails, default=0)  # a program without currencies issues nothing


def _tail_of(expiry: Expiry, last_day: int) -> int:
    match expiry:
        case Never():
            return TAIL_OF_NEVER
        case AfterEarning(duration, end_of, at_next):
            expires = add_duration(last_day, duration)
            if end_of is not None:
                expires = end_of_window(end_of, expires)
            if at_next is not None:
                expires = add_duration(expires, Duration(1, Unit.YEAR))
            return min(month_index(expires) - month_index(last_day), LONGEST_TAIL)
        case LatestOf(terms):
            return max(_tail_of(term, last_day) for term in terms)
        case AfterFirst(duration):
            return _tail_of(AfterEarning(duration, None), last_day)
        case AfterActivity(duration):  # those who stay active never lose it
            return max(TAIL_OF_NEVER, _tail_of(AfterEarning(duration, None), last_day))
        case FirstThatHolds(cases, otherwise):
            longest = max(_tail_of(term, last_day) for term in (*(case.term for case in cases), otherwise))
            return max(longest, TAIL_OF_NEVER)  # what holds may change whenever a lot is due
        case _:
            assert_never(expiry)
