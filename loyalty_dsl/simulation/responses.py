"""The responses of a population, lowered: to the numbers that looks read, and to rates that are known before.

Invariants: without responses a behaviour is left as it is; a response with neutral parameters leaves every
event where it is, to the last bit.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import log as natural_log

import numpy as np

from loyalty_dsl.calendar import Duration
from loyalty_dsl.evaluation.facts import dates_hold
from loyalty_dsl.language.population import Population, Segment
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.response_causes import LONGEST_PROMOTION, goals_of, promotions_of
from loyalty_dsl.language.responses import ChosenResponse
from loyalty_dsl.language.reward_rates import BY_RATE, leaving_of
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.under_program import all_responses, purchases_under_program, responses_of
from loyalty_dsl.language.windows import Lifetime, Rolling
from loyalty_dsl.simulation import reactions as r
from loyalty_dsl.simulation.behaviour import (
    CERTAIN,
    DAYS_IN,
    PROCESS_KIND,
    PROCESS_RHYTHM,
    SEGMENT_END,
    SEGMENT_FIRST,
    Behaviour,
    Ints,
)
from loyalty_dsl.simulation.clock import days_of_rhythm
from loyalty_dsl.simulation.near_misses import asks_of
from loyalty_dsl.simulation.reactions import Floats, Reactions, no_reactions

_AT_EVENTS = ("goal_gradient",)
_EACH_WEEK = (
    "post_reward_reset", "redemption_momentum", "tier_pull", "promotion_to_level", "demotion", "expiry_rush",
    "program_lift",
)  # fmt: skip


_ALIKE = 1e-9
"""Gaps as near as this, as a share, are the same: where all members buy as often, all are moderate."""


def with_responses(
    behaviour: Behaviour, program: Program, population: Population, first_day: int, days: int
) -> Behaviour:
    """Adds to a behaviour how its members react.

    Args:
        behaviour: of the same program and population.
        first_day, days: of the simulation.
    """
    if not all_responses(population):
        return behaviour
    reacting = behaviour._replace(reactions=_reactions(program, population))
    promotions = next((one for one in population.responses if one.name == "promotion_lift"), None)
    if promotions is None:
        return reacting
    factors = promotional_factors(program, promotions, first_day, days)
    if all(factor == 1 for factor in factors):
        return reacting
    return _with_factors(reacting, population, factors, first_day, days)


def _reactions(program: Program, population: Population) -> Reactions:
    on = {one.name for one in all_responses(population)}
    looks = r.NO_LOOKS
    if any(name in on for name in _AT_EVENTS):
        looks = r.AT_EVENTS
    if any(name in on for name in _EACH_WEEK):
        looks = r.EACH_WEEK
    goals = goals_of(program) if "goal_gradient" in on else ()
    told = "expiry_rush" in on and any(each.notice for each in program.currencies)
    pulls, terms = _pulls(program) if "tier_pull" in on else ([], [])
    return Reactions(
        looks=looks,
        numbers=np.stack([_numbers(population, segment) for segment in population.segments]),
        goals=np.array(goals, np.int64).reshape(-1, 2),
        pulls=np.array(pulls, np.int64).reshape(-1, 8),
        terms=np.array(terms, np.int64).reshape(-1, 2),
        notices=np.array([each.notice or 0 for each in program.currencies] if told else [], np.int64),
    )


def _numbers(population: Population, segment: Segment) -> Floats:
    """The row of a segment."""
    numbers: Floats = no_reactions(1).numbers[0]
    for name, one in ((one.name, one) for one in responses_of(population, segment)):
        share = float(one.share()) if isinstance(one.values[0], Fraction) else 0.0
        match name:
            case "goal_gradient":
                numbers[r.GOAL], numbers[r.HEAD_START] = share, float(one.share("head_start"))
            case "post_reward_reset":
                numbers[r.RESET], numbers[r.RESET_DAYS] = share, days_of(one.lasting("fading"))
            case "redemption_momentum":
                numbers[r.MOMENTUM], numbers[r.MOMENTUM_DAYS] = share, days_of(one.lasting("for"))
            case "tier_pull":
                numbers[r.PULL], numbers[r.PULL_DAYS] = share, days_of(one.lasting("within"))
            case "promotion_to_level":
                numbers[r.RISE], numbers[r.RISE_DAYS] = share, _whole_life(one.lasting("half_life"))
            case "demotion":
                numbers[r.FALL], numbers[r.FALL_DAYS] = share, _whole_life(one.lasting("half_life"))
            case "expiry_rush":
                numbers[r.RUSH], numbers[r.RUSH_DAYS] = share, days_of(one.lasting("within"))
                numbers[r.RUSH_AWARE], numbers[r.RUSH_ODDS] = (
                    float(one.share("aware")),
                    natural_log(1 + share),
                )
            case "program_lift":
                numbers[r.LIGHT], numbers[r.LIFT_DAYS] = share, days_of(one.lasting("fading"))
                numbers[r.MODERATE] = float(one.share("moderate"))
                numbers[r.HEAVY] = float(one.share("heavy"))
                numbers[r.LIGHT_ABOVE], numbers[r.HEAVY_BELOW] = _gaps_of_thirds(population)
            case "stockpiling":
                numbers[r.HOARD_ODDS] = natural_log(1 - share) if share < 1 else -2 * CERTAIN
            case "referral_retention":
                numbers[r.REFERRED_STAY] = max(1 - share, 2.0**-40)
            case "self_selection":
                numbers[r.SELECTION] = share
            case "promotion_lift":
                pass
            case _ if name in BY_RATE:
                pass  # in the rates, and below
            case _:
                raise AssertionError(f"`{name}` is not simulated, and the checker refuses it")
    leaving = leaving_of(population.responses, population.reward_rate)
    if leaving is not None:
        numbers[r.LEAVING], numbers[r.LEAVING_DAYS] = float(leaving.factor), days_of(leaving.lasting)
    return numbers


def days_of(duration: Duration) -> float:
    """A length of time in days, a month being a twelfth of a year."""
    return duration.count * DAYS_IN[duration.unit]


def _whole_life(half_life: Duration) -> float:
    """The days in which an effect falls to 37% that falls to 50% in its half-life."""
    return days_of(half_life) / natural_log(2)


def _pulls(program: Program) -> tuple[list[tuple[int, ...]], list[tuple[int, int]]]:
    """The numbers that levels ask for of counters in windows that end on a day."""
    rows: list[tuple[int, ...]] = []
    terms: list[tuple[int, int]] = []
    for ask in asks_of(program):
        if any(isinstance(program.counters[counter].window, Rolling | Lifetime) for _, counter in ask.terms):
            continue
        of = len(terms), len(terms) + len(ask.terms)
        rows.append((ask.ladder, ask.level, ask.needed, *of, int(ask.every), ask.first, ask.until))
        terms += [(counter, factor) for factor, counter in ask.terms]
    return rows, terms


# ---- thirds of the buying rates


def _gaps_of_thirds(population: Population) -> tuple[float, float]:
    """The mean gaps in days between purchases above which a member is a light buyer, and below which it is
    a heavy one: the thirds of the buying rates of the first members or, without any, of those who join."""
    from scipy.special import gammainc  # takes a while to import

    shares, rates = [], []
    for segment in population.segments:
        bought = purchases_under_program(population, segment)
        if bought.mean > 0:
            shares.append(float(segment.share if population.members else segment.joining))
            rates.append((float(bought.mean) / DAYS_IN[bought.unit], float(bought.spread)))
    whole = sum(shares)

    def below(rate: float) -> float:
        total = 0.0
        for share, (mean, spread) in zip(shares, rates, strict=True):
            if spread > 0:
                total += share * float(gammainc(1 / spread**2, rate / (mean * spread**2)))
            else:
                total += share * (mean <= rate)
        return total / whole

    light, heavy = (1 / _quantile(below, third / 3, rates) for third in (1, 2))
    return light * (1 + _ALIKE), heavy * (1 - _ALIKE)


def _quantile(below: Callable[[float], float], share: float, rates: Sequence[tuple[float, float]]) -> float:
    """The rate that a share of members is below, to 12 digits: the same on every machine."""
    low, high = 0.0, max(mean * (1 + 50 * spread) for mean, spread in rates)
    for _ in range(100):
        middle = (low + high) / 2
        if below(middle) < share:
            low = middle
        else:
            high = middle
    return float(f"{high:.12g}")


# ---- promotions


def promotional_factors(
    program: Program, response: ChosenResponse, first_day: int, days: int
) -> tuple[Fraction, ...]:
    """What promotions multiply the rate of purchases by, on each day: more on their days, less after them.

    Args:
        response: `promotion_lift`.

    Returns:
        [days + 1]
    """
    lift, share = response.share(), response.share("pull_forward")
    over = max(1, round(days_of(response.lasting("over"))))
    owed = [Fraction(0)] * (days + 1)
    promoted = [False] * (days + 1)
    for first, end in _runs(program, first_day - LONGEST_PROMOTION - over, first_day + days + 1):
        less = lift * share * (end - first) / over
        for day in range(first, end):
            if first_day <= day:
                promoted[day - first_day] = True
        for day in range(max(end, first_day), min(end + over, first_day + days + 1)):
            owed[day - first_day] += less
    return tuple(
        1 + lift if on else max(Fraction(0), 1 - less) for on, less in zip(promoted, owed, strict=True)
    )


def _runs(program: Program, first_day: int, end: int) -> Iterable[tuple[int, int]]:
    """First day and end of each run of days on which promotions are on."""
    rules = promotions_of(program)
    run = -1
    for day in range(first_day, end + 1):
        on = day >= program.starts and day < end
        on = on and any(dates_hold(rule.dates, day) for rule in rules)
        if on and run < 0:
            run = day
        elif not on and run >= 0:
            if day - run <= LONGEST_PROMOTION:
                yield run, day
            run = -1


def _with_factors(
    behaviour: Behaviour, population: Population, factors: tuple[Fraction, ...], first_day: int, days: int
) -> Behaviour:
    """The same with the rates of purchases multiplied on each day."""
    processes: Ints = behaviour.processes.copy()
    intensity: list[Floats] = list(behaviour.intensity)
    work: list[Floats] = list(behaviour.work)
    for segment in population.segments:
        first, end = behaviour.slices[segment.index, [SEGMENT_FIRST, SEGMENT_END]]
        for process in range(first, end):
            if processes[process, PROCESS_KIND] == PURCHASE:
                of_day, before = days_of_rhythm(segment.purchases.rhythm, first_day, days, factors)
                processes[process, PROCESS_RHYTHM] = len(intensity)
                intensity.append(of_day)
                work.append(before)
    return behaviour._replace(
        processes=processes,
        intensity=np.array(intensity).reshape(-1, days + 1),
        work=np.array(work).reshape(-1, days + 1),
    )
