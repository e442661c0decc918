"""When the events of a member come: a clock of work for each process.

A process has an intensity that is known beforehand, that of its season and weekday (1 a day where nothing is
said), and a pace, by which members react to what the ledger holds. Work is the integral of the intensity from
the first day on; an event comes when the work of a gap is done, at the pace of the time. The gap is the
member's own mean times a unit-mean draw.

Invariants: gap `i` reads the same addresses whatever season, weekday and pace are, so a member has the same
luck in any program and no pace adds an event or takes one away: it only moves it. A changed pace carries
over the work that is left. Where the intensity is 1 throughout, work is time, to the last bit.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.language.population import Rhythm
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import draw_exponential, uniform

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EVEN_DAYS = -1
"""The row of an intensity of 1 throughout."""

NEXT_TIME, NEXT_WORK, GAP_MEAN, PACE, OWN_BASKET = range(5)
"""Last index of `Lives.clocks`: when the next event comes, the work at which it does, the mean work of a
stage of a gap, the pace; and what the member's own baskets are, as a multiple of the table's."""

LEAST_PACE, MOST_PACE = 2.0**-10, 2.0**10
"""A pace outside these is taken as the nearer of them."""

_PHASE = (1 << 40) - 1
"""The index, of the purpose of gaps, of the stage that a first member is in."""


def days_of_rhythm(
    rhythm: Rhythm, first_day: int, days: int, factors: Sequence[Fraction] = ()
) -> tuple[Floats, Floats]:
    """The intensity of each day and the work done before it, each rounded once from the exact figure.

    Args:
        factors: [days + 1] what each day's is multiplied by; none for 1.

    Returns:
        [days + 1] each; the last day's intensity is not used.
    """
    season, weekday = rhythm.season or (Fraction(1),) * 12, rhythm.weekday or (Fraction(1),) * 7
    each_day = factors or (Fraction(1),) * (days + 1)
    one = lcm(*(each.denominator for each in season)) * lcm(*(each.denominator for each in weekday))
    one *= lcm(*{each.denominator for each in each_day})
    whole = [
        int(season[day.month - 1] * weekday[day.weekday()] * factor * one)
        for day, factor in zip(map(date_of, range(first_day, first_day + days + 1)), each_day, strict=True)
    ]
    before = np.concatenate(([0], np.cumsum(np.array(whole, object))[:-1]))
    return _divided(whole, one), _divided(before.tolist(), one)


def _divided(numbers: Sequence[int], one: int) -> Floats:
    return np.array([number / one for number in numbers], np.float64)


@part
def work_at(intensity: Floats, work: Floats, rhythm: int, time: float) -> float:
    """The work done until a time, in days of intensity 1."""
    if rhythm == EVEN_DAYS:
        return time
    day = int(time)
    return float(work[rhythm, day] + intensity[rhythm, day] * (time - day))


@part
def time_at(intensity: Floats, work: Floats, rhythm: int, wanted: float, since: float) -> float:
    """When so much work is done; the day after the last where it is not.

    Args:
        since: a time at which at most so much was done.
    """
    if rhythm == EVEN_DAYS:
        return wanted
    last = work.shape[1] - 1
    low = int(since)
    step = 1
    high = low + 1
    while high <= last and work[rhythm, high] <= wanted:
        low = high
        step *= 2
        high = low + step
    if high > last:
        high = last
        if work[rhythm, last] <= wanted:
            return float(last + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if work[rhythm, middle] <= wanted:
            low = middle
        else:
            high = middle
    part_of_day = (wanted - work[rhythm, low]) / intensity[rhythm, low]
    return float(max(since, low + min(part_of_day, 1.0 - 2.0**-30)))


@part
def draw_gap(exponential: Ints, key: np.uint64, purpose: int, shape: int, i: int, stages: int) -> float:
    """Gap `i` in stages of mean 1: the sum of the last `stages` of its `shape` exponential draws."""
    total = 0
    for stage in range(shape - stages, shape):
        total += draw_exponential(exponential, draw_bits(key, purpose, i * shape + stage))
    return total * 2.0**-32


@part
def draw_stages_left(key: np.uint64, purpose: int, shape: int) -> int:
    """How many stages of a gap are left on any day, 1 to `shape`, each as often."""
    if shape == 1:
        return 1
    return 1 + int(uniform(draw_bits(key, purpose, _PHASE)) * shape)


@part
def start_clock(
    clock: Floats,
    intensity: Floats,
    work: Floats,
    rhythm: int,
    time: float,
    mean: float,
    shape: int,
    gap: float,
) -> None:
    """Starts one clock: the first event comes after `gap` stages of mean `mean / shape`."""
    clock[GAP_MEAN] = mean / shape
    clock[PACE] = 1.0
    clock[NEXT_WORK] = work_at(intensity, work, rhythm, time) + clock[GAP_MEAN] * gap
    clock[NEXT_TIME] = time_at(intensity, work, rhythm, clock[NEXT_WORK], time)


@part
def wind_clock(clock: Floats, intensity: Floats, work: Floats, rhythm: int, gap: float) -> None:
    """After an event, sets the next one `gap` stages later."""
    time = clock[NEXT_TIME]
    clock[NEXT_WORK] += clock[GAP_MEAN] * gap / clock[PACE]
    clock[NEXT_TIME] = time_at(intensity, work, rhythm, clock[NEXT_WORK], time)


@part
def rescale_clock(
    clock: Floats, intensity: Floats, work: Floats, rhythm: int, time: float, multiplier: float
) -> None:
    """From `time` on, events come at `multiplier` times the member's own intensity: what is left of the
    current gap passes at the new pace. The same multiplier as before changes nothing, to the last bit."""
    pace = min(max(multiplier, LEAST_PACE), MOST_PACE)
    if pace == clock[PACE]:
        return
    done = work_at(intensity, work, rhythm, time)
    left = max(0.0, clock[NEXT_WORK] - done) * clock[PACE]
    clock[PACE] = pace
    clock[NEXT_WORK] = done + left / pace
    clock[NEXT_TIME] = time_at(intensity, work, rhythm, clock[NEXT_WORK], time)
