"""Who falls just short of a level: a counter at 90% or more of what the level asks for, and below it.

Invariants: only comparisons `counter >= N` of a level's condition are looked at, each on its own, whatever
else the level asks; a member is looked at at the end of each calendar year, and of the last day reported.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from collections.abc import Iterator
from typing import NamedTuple, assert_never

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import Unit, window_end
from loyalty_dsl.evaluation.kernel_cache import apart
from loyalty_dsl.evaluation.kernel_counters import load_state
from loyalty_dsl.evaluation.plan import Plan, State
from loyalty_dsl.evaluation.plan_state import STATUS
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.counters import Counter, NamedTotal
from loyalty_dsl.language.in_force import conditions_in_force
from loyalty_dsl.language.program import Program

Ints = NDArray[np.int64]

MISS_LADDER, MISS_LEVEL, MISS_NEEDED, MISS_TERMS, MISS_TERMS_END, MISS_FROM, MISS_UNTIL = range(7)
"""Columns of `Misses.rows`; the terms are rows of `Misses.terms`, and the days are those on which the level
asks for it (VERSION-5)."""
TERM_COUNTER, TERM_FACTOR = range(2)

BELOW, NEAR, MET = range(3)
"""Last index of `Tally.misses`: members below the level, of them those just short of the number, and those
who reached it all the same."""


class Misses(NamedTuple):
    """What is looked for, and when.

    Attributes:
        rows: [N, 7]; terms: [..., 2] counters and what they are multiplied by.
        days: [Y] days since the first day, in order.
    """

    rows: Ints
    terms: Ints
    days: Ints


@attrs.frozen(eq=False)
class NearMiss:
    """Members who were short of what one level asks of one counter.

    Attributes:
        ladder, level: indices.
        terms: (factor, counter) of the number; a sum is compared undivided.
        needed: the least number that the level asks for.
        days: [Y] ends of calendar years in the months reported, and their last day; those on which the level
            asks for it.
        below: [Y] members whose status is below the level.
        near: [Y] those of them whose number is at least 90% of what is needed, and less than that.
        met: [Y] those of them whose number is there, and who lack something else.
    """

    ladder: int
    level: int
    terms: tuple[tuple[int, int], ...]
    needed: int
    days: Ints
    below: Ints
    near: Ints
    met: Ints


class Ask(NamedTuple):
    """A number that a level asks for.

    Attributes:
        terms: (factor, counter).
        every: the level asks for all of its numbers, and not for any.
        first, until: the days on which it does, without the last.
    """

    ladder: int
    level: int
    needed: int
    terms: tuple[tuple[int, int], ...]
    every: bool
    first: int
    until: int


def asks_of(program: Program) -> list[Ask]:
    """All comparisons of counters with a number that levels ask for, in order of ladders and levels."""
    found: dict[Ask, None] = {}
    for ladder in program.ladders:
        for level in ladder.levels:
            if level.when is not None:
                for first, until, when in conditions_in_force(level.when):
                    for terms, needed in _asked(when):
                        every = isinstance(when, c.All)
                        found[Ask(ladder.index, level.index, needed, terms, every, first, until)] = None
    return list(found)


def _asks_at_the_end(program: Program, last_day: int) -> list[Ask]:
    """What levels ask for on the last day."""
    return [ask for ask in asks_of(program) if ask.first <= last_day < ask.until]


def _asked(condition: c.Condition) -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    match condition:
        case c.Compare(left, order, c.Literal(value, _)):
            terms = _terms(left)
            if terms and order in (c.Order.AT_LEAST, c.Order.MORE):
                needed = value + (order is c.Order.MORE)
                if needed > 0:
                    yield terms, needed
        case c.Compare() | c.OneAmong() | c.Not():
            return
        case c.All(conditions) | c.Any(conditions):
            for inner in conditions:
                yield from _asked(inner)
        case _:
            assert_never(condition)


def _terms(operand: c.Operand) -> tuple[tuple[int, int], ...]:
    match operand:
        case c.CounterValue(counter, False):
            return ((1, counter),)
        case c.CounterSum(terms) if not any(value.previous for _, value in terms):
            return tuple((factor, value.counter) for factor, value in terms)
        case _:
            return ()


def lower_misses(program: Program, first: int, horizon: int) -> Misses:
    """What to look for over `horizon` days from the first day on."""
    rows: list[tuple[int, ...]] = []
    terms: list[tuple[int, int]] = []
    for ask in _asks_at_the_end(program, first + horizon - 1):
        of = len(terms), len(terms) + len(ask.terms)
        rows.append((ask.ladder, ask.level, ask.needed, *of, ask.first, ask.until))
        terms += [(counter, factor) for factor, counter in ask.terms]
    days = []
    end = window_end(Unit.YEAR, first)
    while rows and end - first < horizon:
        days.append(end - 1 - first)
        end = window_end(Unit.YEAR, end)
    if rows:
        days.append(horizon - 1)
    return Misses(
        rows=np.array(rows, np.int64).reshape(-1, 7),
        terms=np.array(terms, np.int64).reshape(-1, 2),
        days=np.array(days, np.int64),
    )


def near_misses_of(program: Program, first: int, horizon: int, counts: Ints) -> tuple[NearMiss, ...]:
    """What was found.

    Args:
        counts: [N, Y, 3] of `Tally.misses`.
    """
    days = lower_misses(program, first, horizon).days + first
    found = []
    for row, ask in enumerate(_asks_at_the_end(program, first + horizon - 1)):
        asked = days >= ask.first
        below, near, met = (counts[row, asked, column].copy() for column in (BELOW, NEAR, MET))
        found.append(
            NearMiss(
                ask.ladder, ask.level, ask.terms, ask.needed, days[asked], below=below, near=near, met=met
            )
        )
    return tuple(found)


def counters_of(program: Program, miss: NearMiss) -> Counter | NamedTotal | None:
    """The counter or declared total that a near miss is of; `None` for a sum without a name."""
    if len(miss.terms) == 1 and miss.terms[0][0] == 1:
        return program.counters[miss.terms[0][1]]
    return next((total for total in program.totals if total.terms == miss.terms), None)


@apart
def count_misses(
    plan: Plan, misses: Misses, state: State, counts: Ints, slot: int, day: int, at: int
) -> None:
    """Counts a member on a day, when all events and midnights of it are over.

    Args:
        at: which of the days it is.
    """
    load_state(plan, state, slot, day, day)
    for row in range(len(misses.rows)):
        if day < misses.rows[row, MISS_FROM] or day >= misses.rows[row, MISS_UNTIL]:
            continue
        ladder = misses.rows[row, MISS_LADDER]
        status = state.of_member.ladders[slot * len(plan.of_state.ladders) + ladder, STATUS]
        if status >= misses.rows[row, MISS_LEVEL]:
            continue
        number = 0
        for term in range(misses.rows[row, MISS_TERMS], misses.rows[row, MISS_TERMS_END]):
            register = plan.first_counter + misses.terms[term, TERM_COUNTER]
            number += state.registers[register] * misses.terms[term, TERM_FACTOR]
        needed = misses.rows[row, MISS_NEEDED]
        counts[row, at, BELOW] += 1
        if number >= needed:
            counts[row, at, MET] += 1
        elif number >= needed - needed // 10:  # 10 * number >= 9 * needed
            counts[row, at, NEAR] += 1
