"""How members behave, lowered to rows of numbers: what the loop draws from.

Invariants: a row says everything about a segment, in days, minor units and 64-bit thresholds, so the loop
never looks at a `Population`; and nothing here depends on the ledger but the choice of a reward, so the
purchases of a member are the same under any program.

Units: a month is 365.25 / 12 days wherever a rate is turned into days; purchases are not tied to the
lengths of the calendar's months.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.language.population import (
    Basket,
    LeavePerPeriod,
    LeavePerPurchase,
    Population,
    Segment,
    TakeUp,
)
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.draws import (
    Draws,
    DrawWriter,
    cumulative_thresholds,
    draw_name,
    draws_of,
)
from loyalty_dsl.simulation.randomness import draw_bits, named_purposes
from loyalty_dsl.simulation.sampling import (
    BINS,
    draw_beta,
    draw_exponential,
    draw_gamma,
    draw_normal,
    exp,
    fill_exponential_table,
    log,
    uniform,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

DAYS_IN = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.4375, Unit.QUARTER: 91.3125, Unit.YEAR: 365.25}
"""Mean length of each unit in days, for rates."""

(
    HAZARD_MEAN, HAZARD_SHAPE, LEAVE_SHARE, LEAVE_A, LEAVE_B, REDEEM_LOGIT, REDEEM_SLOPE, REDEEM_SPREAD,
    REDEEM_NEVER, RETURN_SHARE, REFER_SHARE,
) = range(11)  # fmt: skip
"""Columns of `Behaviour.segments`. Hazards are per day; a shape of 0 means that members do not differ.
`LEAVE_SHARE` is the chance of leaving after a purchase, `LEAVE_A` and `LEAVE_B` its beta over members (0 when
they do not differ); `RETURN_SHARE` that a purchase is returned, `REFER_SHARE` that it brings a friend."""

RATE_MEAN, RATE_SHAPE = range(2)
"""Columns of `Behaviour.rates`."""

SEGMENT_FIRST, SEGMENT_END, MEMBER_FIRST, MEMBER_END, RETURN_COUNT, RETURN_UNIT = range(6)
"""Columns of `Behaviour.slices`: of `processes`, and of `Draws.rows` for the member; within what a purchase
is returned (`calendar.Duration`)."""

(
    PROCESS_KIND, PROCESS_TABLE, PROCESS_FIRST, PROCESS_END, PROCESS_RATE, PROCESS_GAP, PROCESS_BASKET,
) = range(7)  # fmt: skip
"""Columns of `Behaviour.processes`: the events' kind, the table of their baskets (`NO_BASKET` for none),
their slice of `Draws.rows`, and the purposes of the rate, of gaps and of baskets."""
NO_BASKET = -1

OFFER_REWARD, OFFER_PURPOSE, OFFER_PRICE, OFFER_AS_MUCH = range(4)
"""Columns of `Behaviour.offers`. `OFFER_PRICE` is the least that a use costs."""
WORTH_OF_UNIT, WORTH_OF_USE = range(2)
"""Columns of `Behaviour.worths`, in minor units; 0 where it is not declared."""

TAKE_UP_REWARD, TAKE_UP_KIND, TAKE_UP_PURPOSE = range(3)
"""Columns of `Behaviour.take_ups`: a benefit, and a kind of event (or clock) at which it is there."""

_CERTAIN = 1000.0
_UNITS = list(Unit)


class Behaviour(NamedTuple):
    """A population over one program's fields and rewards.

    Attributes:
        segments: [S, 11] float64, the numbers of each segment; slices: [S, 6].
        segment_thresholds: [S] uint64, cumulative shares of the segments.
        processes: [P, 7] events that come at rates, those of a segment next to each other; rates: [P, 2].
        most_processes: of any segment.
        draws: of fields.
        exponential: [BINS + 1] the table of gaps.
        offers: [O, 4] the rewards that members choose, in declared order; worths: [O, 2].
        take_ups: [U, 3]; take_up_shares: [S, U] how often.
        first_clock: kinds from here on are clocks.
        strikes: 1 if a benefit that is not always taken up has a clock.
        friends: [F, 5] kinds of event that a friend's join or purchase is to the referrer.
        purchase_fields: fields of a purchase; two more follow in a friend's.
        refers: 1 if anybody brings friends.
    """

    segments: Floats
    slices: Ints
    segment_thresholds: Words
    processes: Ints
    rates: Floats
    most_processes: int
    draws: Draws
    exponential: Ints
    offers: Ints
    worths: Floats
    take_ups: Ints
    take_up_shares: Floats
    first_clock: int
    strikes: int
    friends: Ints
    purchase_fields: int
    refers: int


FRIEND_KIND, FRIEND_PURCHASE, FRIEND_KEPT_COUNT, FRIEND_KEPT_UNIT, FRIEND_NUMBERED = range(5)
"""Columns of `Behaviour.friends`; the last two are how long a purchase is kept before it counts."""


def lower_population(program: Program, population: Population) -> Behaviour:
    """Lowers a population to the rows that the loop draws from.

    Args:
        program: the program that it lives under.
        population: bound to that program.

    Raises:
        NotLowered: a draw depends on what is not known when it is made.
    """
    chosen = [reward for reward in program.rewards if reward.taking is Taking.CHOSEN]
    taken_up = _taken_up(program, population)
    purposes = _purposes(program, population, chosen, taken_up)
    writer = DrawWriter(program)
    processes: list[list[int]] = []
    rates: list[tuple[float, float]] = []
    slices: list[list[int]] = []
    for segment in population.segments:
        first = len(processes)
        if segment.purchases.mean > 0:
            drawn = writer.write(segment.draws, purposes)
            table = _table(writer, segment.basket)
            processes.append([PURCHASE, table, *drawn, randomness.RATE, randomness.GAP, randomness.BASKET])
            rates.append(_rate(segment.purchases.mean, segment.purchases.unit, segment.purchases.spread))
        for activity in segment.activities:
            name = f"event {program.events[activity.event].name}"
            drawn = writer.write(activity.draws, purposes)
            processes.append(
                [
                    activity.event,
                    _table(writer, activity.basket),
                    *drawn,
                    *(purposes[f"{name} {what}"] for what in ("rate", "gap", "basket")),
                ]
            )
            rates.append(_rate(activity.mean, activity.unit, activity.spread))
        members = writer.write(segment.member_draws, purposes)
        within = (0, 0)
        if segment.returns is not None:
            within = (segment.returns.within.count, _UNITS.index(segment.returns.within.unit))
        slices.append([first, len(processes), *members, *within])
    exponential = np.zeros(BINS + 1, np.int64)
    fill_exponential_table(exponential)
    first_clock = len(program.events)
    return Behaviour(
        segments=np.array([_segment_numbers(segment) for segment in population.segments]),
        slices=np.array(slices, np.int64),
        segment_thresholds=cumulative_thresholds([segment.share for segment in population.segments]),
        processes=np.array(processes, np.int64).reshape(-1, 7),
        rates=np.array(rates, np.float64).reshape(-1, 2),
        most_processes=max(row[SEGMENT_END] - row[SEGMENT_FIRST] for row in slices),
        draws=writer.draws(),
        exponential=exponential,
        offers=np.array(
            [(one.index, purposes[f"reward {one.name}"], one.price, int(one.as_much)) for one in chosen],
            np.int64,
        ).reshape(-1, 4),
        worths=np.array([_worths(program, one) for one in chosen], np.float64).reshape(-1, 2),
        take_ups=np.array(
            [(reward, kind, purposes[name]) for name, (reward, kind) in taken_up.items()], np.int64
        ).reshape(-1, 3),
        take_up_shares=np.array(
            [
                [_share(segment.take_ups, reward) for reward, _ in taken_up.values()]
                for segment in population.segments
            ],
            np.float64,
        ).reshape(len(population.segments), -1),
        first_clock=first_clock,
        strikes=int(any(kind >= first_clock for _, kind in taken_up.values())),
        friends=np.array(
            [
                (
                    kind.event,
                    int(kind.purchase),
                    kind.kept.count,
                    _UNITS.index(kind.kept.unit),
                    -1 if kind.numbered is None else kind.numbered,
                )
                for kind in program.friend_kinds
            ],
            np.int64,
        ).reshape(-1, 5),
        purchase_fields=len(program.events[PURCHASE].fields),
        refers=int(any(segment.refer > 0 for segment in population.segments)),
    )


def _purposes(
    program: Program,
    population: Population,
    chosen: Sequence[Reward],
    taken_up: dict[str, tuple[int, int]],
) -> dict[str, int]:
    """The purpose of everything that is drawn by name."""
    names = dict.fromkeys(
        [
            *(draw_name(program, draw) for draw in draws_of(population)),
            *(f"reward {reward.name}" for reward in chosen),
            *(
                f"event {program.events[activity.event].name} {what}"
                for segment in population.segments
                for activity in segment.activities
                for what in ("rate", "gap", "basket")
            ),
            *taken_up,
        ]
    )
    return dict(zip(names, named_purposes(names), strict=True))


def _taken_up(program: Program, population: Population) -> dict[str, tuple[int, int]]:
    """By a name for the purpose: the benefits not always used, each with the kinds of event that bring it."""
    rewards = {one.reward for segment in population.segments for one in segment.take_ups}
    clocks = len(program.events)
    named = {}
    for reward in program.rewards:
        if reward.index not in rewards:
            continue
        for kind in dict.fromkeys(trigger.event for trigger in reward.triggers):
            if kind < clocks:
                at = f"event {program.events[kind].name}"
            else:
                at = f"midnight {program.clocks[kind - clocks].name}"
            named[f"take up {reward.name} at {at}"] = (reward.index, kind)
    return named


def _share(take_ups: Sequence[TakeUp], reward: int) -> float:
    return next((float(one.share) for one in take_ups if one.reward == reward), 1.0)


def _worths(program: Program, reward: Reward) -> tuple[float, float]:
    worth = program.currencies[reward.currency].worth
    return (
        0.0 if worth is None else float(worth.value),
        0.0 if reward.worth is None else float(reward.worth.value),
    )


def _table(writer: DrawWriter, basket: Basket | None) -> int:
    return NO_BASKET if basket is None else writer.table(basket.median, basket.sigma)


def _rate(mean: Fraction, unit: Unit, spread: Fraction) -> tuple[float, float]:
    return float(mean) / DAYS_IN[unit], _shape(spread)


def _segment_numbers(segment: Segment) -> list[float]:
    numbers = [0.0] * 11
    match segment.leave:
        case LeavePerPeriod(share, unit, spread):
            numbers[HAZARD_MEAN] = -log(1.0 - float(share)) / DAYS_IN[unit] if share < 1 else _CERTAIN
            numbers[HAZARD_SHAPE] = _shape(spread)
        case LeavePerPurchase(share, spread):
            numbers[LEAVE_SHARE] = float(share)
            if spread > 0 and 0 < share < 1:
                both = (1 - share) / (share * spread**2) - 1
                assert both > 0, "the checker refuses a spread that no chances have"
                numbers[LEAVE_A] = float(share * both)
                numbers[LEAVE_B] = float((1 - share) * both)
        case None:
            pass
    if segment.redeem is not None:
        chance = segment.redeem.chance
        if 0 < chance < 1:
            numbers[REDEEM_LOGIT] = log(float(chance / (1 - chance)))
        else:
            numbers[REDEEM_LOGIT] = _CERTAIN if chance else -_CERTAIN
        numbers[REDEEM_SLOPE] = float(segment.redeem.slope)
        numbers[REDEEM_SPREAD] = float(segment.redeem.spread)
        numbers[REDEEM_NEVER] = float(segment.redeem.never)
    else:
        numbers[REDEEM_NEVER] = 1.0
    if segment.returns is not None:
        numbers[RETURN_SHARE] = float(segment.returns.share)
    numbers[REFER_SHARE] = float(segment.refer)
    return numbers


def _shape(spread: Fraction) -> float:
    """The gamma shape with this coefficient of variation; 0 for none."""
    return float(1 / spread**2) if spread > 0 else 0.0


# ---- what a member is born with

_LONGEST = 1e12


@part
def draw_gap_mean(mean: float, shape: float, key: np.uint64, purpose: int) -> float:
    """A member's mean days between events that come at `mean` a day, gamma over members; a trillion when the
    rate is nothing."""
    rate = mean
    if shape > 0.0:
        rate *= draw_gamma(shape, key, purpose) / shape
    return 1.0 / rate if rate > 1.0 / _LONGEST else _LONGEST


@part
def draw_days_alive(segment: Floats, exponential: Ints, key: np.uint64) -> float:
    """Days from joining to leaving by the clock; a trillion when the hazard is nothing."""
    hazard = float(segment[HAZARD_MEAN])
    shape = float(segment[HAZARD_SHAPE])
    if shape > 0.0:
        hazard *= draw_gamma(shape, key, randomness.LEAVE_HAZARD) / shape
    if hazard <= 1.0 / _LONGEST:
        return _LONGEST
    return draw_exponential(exponential, draw_bits(key, randomness.LEAVE_TIME, 0)) * 2.0**-32 / hazard


@part
def draw_leave_chance(segment: Floats, key: np.uint64) -> float:
    """A member's chance of leaving after each purchase."""
    if segment[LEAVE_A] > 0.0:
        return draw_beta(
            segment[LEAVE_A],
            segment[LEAVE_B],
            key,
            randomness.LEAVE_CHANCE,
            randomness.LEAVE_CHANCE_OTHER,
        )
    return float(segment[LEAVE_SHARE])


@part
def draw_redeem_intercept(segment: Floats, key: np.uint64) -> float:
    """A member's logit of choosing an affordable reward whose money off is the whole basket; very low for
    one who never redeems."""
    if uniform(draw_bits(key, randomness.NEVER_REDEEMS, 0)) < segment[REDEEM_NEVER]:
        return -_CERTAIN
    logit = float(segment[REDEEM_LOGIT])
    spread = float(segment[REDEEM_SPREAD])
    if spread > 0.0:
        logit += spread * draw_normal(key, randomness.REDEEM_INTERCEPT, 0)
    return logit


@part
def accepts(intercept: float, slope: float, off: float, basket: int, bits: np.uint64) -> bool:
    """Whether a member takes a reward worth `off` at an event of `basket` (`population.Redeem`); where nobody
    knows what it is worth, 0, the slope is left out."""
    logit = intercept
    if slope != 0.0 and off > 0.0:
        logit += slope * log(np.float64(off) / np.float64(basket))
    return uniform(bits) * (1.0 + exp(-logit)) < 1.0
