"""How members behave, lowered to rows of numbers: what the loop draws from.

Invariants: a row says everything about a segment, in days, minor units and 64-bit thresholds, so the loop
never looks at a `Population`; and nothing here depends on the ledger but the choice of a reward, so the
purchases of a member are the same under any program.

Units: a month is 365.25 / 12 days wherever a rate is turned into days; purchases are not tied to the
lengths of the calendar's months.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language.population import (
    Activity,
    Basket,
    Baskets,
    GammaBasket,
    LeavePerPeriod,
    LeavePerPurchase,
    Population,
    Purchases,
    Rhythm,
    Segment,
    TakeUp,
)
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.under_program import purchases_under_program
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.clock import EVEN_DAYS, days_of_rhythm
from loyalty_dsl.simulation.draws import (
    Draws,
    DrawWriter,
    cumulative_thresholds,
    draw_name,
    draws_of,
)
from loyalty_dsl.simulation.exchanges import exchange_purpose, exchanged, lower_exchanges
from loyalty_dsl.simulation.randomness import named_purposes
from loyalty_dsl.simulation.reactions import Reactions, no_reactions
from loyalty_dsl.simulation.sampling import BINS, fill_exponential_table, log

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

DAYS_IN = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.4375, Unit.QUARTER: 91.3125, Unit.YEAR: 365.25}
"""Mean length of each unit in days, for rates."""

(
    HAZARD_MEAN, HAZARD_SHAPE, LEAVE_SHARE, LEAVE_A, LEAVE_B, REDEEM_LOGIT, REDEEM_SLOPE, REDEEM_SPREAD,
    REDEEM_NEVER, RETURN_SHARE, REFER_SHARE, LEAVE_AT_JOIN, REDEEM_CORRELATION, REDEEM_WITH_BASKET, PART_MEAN,
    PART_A, PART_B,
) = range(17)  # fmt: skip
"""Columns of `Behaviour.segments`. Hazards are per day; a shape of 0 means that members do not differ.
`LEAVE_SHARE` is the chance of leaving after a purchase, `LEAVE_A` and `LEAVE_B` its beta over members (0 when
they do not differ); `RETURN_SHARE` that a purchase is returned, `REFER_SHARE` that it brings a friend;
`LEAVE_AT_JOIN` is 1 where members may leave right after joining. `PART_MEAN` is the share of what could be
used that is, `PART_A` and `PART_B` its beta."""

RATE_MEAN, RATE_SHAPE, OWN_SIGMA, OWN_SHAPE, OWN_CORRELATION = range(5)
"""Columns of `Behaviour.rates`. `OWN_SIGMA` is how far members' own medians are apart, as logs, or
`OWN_SHAPE` the shape of the gamma that divides their means; both are 0 where members' baskets are alike."""

(
    SEGMENT_FIRST, SEGMENT_END, MEMBER_FIRST, MEMBER_END, RETURN_COUNT, RETURN_UNIT, ITEMS_FIRST, ITEMS_COUNT,
) = range(8)  # fmt: skip
"""Columns of `Behaviour.slices`: of `processes`, and of `Draws.rows` for the member; within what a purchase
is returned (`calendar.Duration`); the values of how many items it has, of `Draws.values` (none for one)."""

(
    PROCESS_KIND, PROCESS_TABLE, PROCESS_FIRST, PROCESS_END, PROCESS_RATE, PROCESS_GAP, PROCESS_BASKET,
    PROCESS_OWN_BASKET, PROCESS_REGULARITY, PROCESS_RHYTHM,
) = range(10)  # fmt: skip
"""Columns of `Behaviour.processes`: the events' kind, the table of their baskets (`NO_BASKET` for none),
their slice of `Draws.rows`, the purposes of the rate, of gaps, of baskets and of the member's own baskets;
the shape of gaps, and the row of `Behaviour.intensity` (`clock.EVEN_DAYS` for none)."""
NO_BASKET = -1

OFFER_REWARD, OFFER_PURPOSE, OFFER_PRICE, OFFER_AS_MUCH = range(4)
"""Columns of `Behaviour.offers`. `OFFER_PRICE` is the least that a use costs."""
WORTH_OF_UNIT, WORTH_OF_USE = range(2)
"""Columns of `Behaviour.worths`, in minor units; 0 where it is not declared."""

TAKE_UP_REWARD, TAKE_UP_KIND, TAKE_UP_PURPOSE = range(3)
"""Columns of `Behaviour.take_ups`: a benefit, and a kind of event (or clock) at which it is there."""

CERTAIN = 1000.0
"""A logit that is as good as certain."""

_DRAWN_OF_EVENTS = ("rate", "gap", "basket", "own basket")
_UNITS = list(Unit)


class Behaviour(NamedTuple):
    """A population over one program's fields and rewards.

    Attributes:
        segments: [S, 17] float64, the numbers of each segment; slices: [S, 8].
        segment_thresholds: [3, S] uint64, cumulative shares of the segments among first members, joiners and
            friends.
        processes: [P, 10] events that come at rates, those of a segment next to each other; rates: [P, 5].
        intensity, work: [rhythms, days + 1] of each day, and before it (`clock`).
        most_processes: of any segment.
        draws: of fields.
        exponential: [BINS + 1] the table of gaps.
        offers: [O, 4] the rewards that members choose, in declared order; worths: [O, 2].
        take_ups: [U, 3]; take_up_shares: [S, U] how often.
        exchanges: [X, 4]; exchange_shares: [S, X] at how many purchases.
        first_clock: kinds from here on are clocks.
        strikes: 1 if a benefit that is not always taken up has a clock.
        friends: [F, 6] kinds of event that a friend's events are to the referrer.
        refers: 1 if anybody brings friends.
        most_items: of a purchase.
        reactions: none, until `responses` adds them.
    """

    segments: Floats
    slices: Ints
    segment_thresholds: Words
    processes: Ints
    rates: Floats
    intensity: Floats
    work: Floats
    most_processes: int
    draws: Draws
    exponential: Ints
    offers: Ints
    worths: Floats
    take_ups: Ints
    take_up_shares: Floats
    exchanges: Ints
    exchange_shares: Floats
    first_clock: int
    strikes: int
    friends: Ints
    refers: int
    most_items: int
    reactions: Reactions


FRIEND_KIND, FRIEND_OF, FRIEND_KEPT_COUNT, FRIEND_KEPT_UNIT, FRIEND_NUMBERED, FRIEND_FIELDS = range(6)
"""Columns of `Behaviour.friends`: `FRIEND_OF` is the friend's own event, which has `FRIEND_FIELDS` fields in
front of those that are told of it, or -1 if nothing is."""


def lower_population(program: Program, population: Population, first_day: int, days: int) -> Behaviour:
    """Lowers a population to the rows that the loop draws from.

    Args:
        program: the program that it lives under.
        population: bound to that program.
        first_day, days: of the simulation.

    Raises:
        NotLowered: a draw depends on what is not known when it is made.
    """
    chosen = [reward for reward in program.rewards if reward.taking is Taking.CHOSEN]
    taken_up = _taken_up(program, population)
    purposes = _purposes(program, population, chosen, taken_up)
    exchanges, exchange_shares = lower_exchanges(program, population, purposes)
    writer = DrawWriter(program)
    processes: list[list[int]] = []
    rates: list[list[float]] = []
    rhythms: dict[tuple[tuple[Fraction, ...], tuple[Fraction, ...]], Rhythm] = {}
    slices: list[list[int]] = []
    for segment in population.segments:
        first = len(processes)
        if segment.purchases.mean > 0:
            drawn = writer.write(segment.draws, purposes)
            own = (randomness.RATE, randomness.GAP, randomness.BASKET, randomness.OWN_BASKET)
            come = _rhythm(rhythms, segment.purchases.rhythm)
            processes.append([PURCHASE, _table(writer, segment.basket), *drawn, *own, *come])
            rates.append(_rate(purchases_under_program(population, segment), segment.basket))
        for activity in segment.activities:
            name = f"event {program.events[activity.event].name}"
            drawn = writer.write(activity.draws, purposes)
            processes.append(
                [
                    activity.event,
                    _table(writer, activity.basket),
                    *drawn,
                    *(purposes[f"{name} {what}"] for what in _DRAWN_OF_EVENTS),
                    *_rhythm(rhythms, activity.rhythm),
                ]
            )
            rates.append(_rate(activity, activity.basket))
        members = writer.write(segment.member_draws, purposes)
        within = (0, 0)
        if segment.returns is not None:
            within = (segment.returns.within.count, _UNITS.index(segment.returns.within.unit))
        items = (0, 0) if segment.items is None else writer.choice(segment.items.shares, segment.items.counts)
        slices.append([first, len(processes), *members, *within, *items])
    by_day = [days_of_rhythm(rhythm, first_day, days) for rhythm in rhythms.values()]
    exponential = np.zeros(BINS + 1, np.int64)
    fill_exponential_table(exponential)
    first_clock = len(program.events)
    return Behaviour(
        segments=np.array([_segment_numbers(segment) for segment in population.segments]),
        slices=np.array(slices, np.int64),
        segment_thresholds=np.array(
            [
                cumulative_thresholds(shares)
                for shares in zip(
                    *((one.share, one.joining, one.referred) for one in population.segments), strict=True
                )
            ]
        ),
        processes=np.array(processes, np.int64).reshape(-1, 10),
        rates=np.array(rates, np.float64).reshape(-1, 5),
        intensity=np.array([of_day for of_day, _ in by_day], np.float64).reshape(-1, days + 1),
        work=np.array([before for _, before in by_day], np.float64).reshape(-1, days + 1),
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
        exchanges=exchanges,
        exchange_shares=exchange_shares,
        first_clock=first_clock,
        strikes=int(any(kind >= first_clock for _, kind in taken_up.values())),
        friends=np.array(
            [
                (
                    kind.event,
                    kind.of,
                    kind.kept.count,
                    _UNITS.index(kind.kept.unit),
                    -1 if kind.numbered is None else kind.numbered,
                    len(program.events[kind.of].fields) if kind.has_fields else -1,
                )
                for kind in program.friend_kinds
            ],
            np.int64,
        ).reshape(-1, 6),
        refers=int(any(segment.refer > 0 for segment in population.segments)),
        most_items=max((max(one.items.counts) for one in population.segments if one.items), default=1),
        reactions=no_reactions(len(population.segments)),
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
                for what in _DRAWN_OF_EVENTS
            ),
            *taken_up,
            *map(exchange_purpose, exchanged(program, population)),
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


def _table(writer: DrawWriter, basket: Baskets | None) -> int:
    match basket:
        case None:
            return NO_BASKET
        case Basket(median, sigma, _, within):
            return writer.table(median, float(sigma) * sqrt(within))
        case GammaBasket(p, q, scale):
            return writer.gamma_table(float(p), float(scale / q))
        case _:
            assert_never(basket)


def _rate(events: Purchases | Activity, baskets: Baskets | None) -> list[float]:
    numbers = [float(events.mean) / DAYS_IN[events.unit], _shape(events.spread), 0.0, 0.0, 0.0]
    match baskets:
        case None:
            pass
        case Basket(sigma=sigma, within=within, correlation=correlation):
            numbers[OWN_SIGMA], numbers[OWN_CORRELATION] = float(sigma) * sqrt(1 - within), float(correlation)
        case GammaBasket(q=q, correlation=correlation):
            numbers[OWN_SHAPE], numbers[OWN_CORRELATION] = float(q), float(correlation)
        case _:
            assert_never(baskets)
    return numbers


def _rhythm(
    rhythms: dict[tuple[tuple[Fraction, ...], tuple[Fraction, ...]], Rhythm], rhythm: Rhythm
) -> tuple[int, int]:
    """The shape of gaps, and the row of the intensity of days."""
    key = rhythm.season, rhythm.weekday
    if not any(key):
        return rhythm.regularity, EVEN_DAYS
    rhythms.setdefault(key, rhythm)
    return rhythm.regularity, list(rhythms).index(key)


def _segment_numbers(segment: Segment) -> list[float]:
    numbers = [0.0] * 17
    match segment.leave:
        case LeavePerPeriod(share, unit, spread):
            numbers[HAZARD_MEAN] = -log(1.0 - float(share)) / DAYS_IN[unit] if share < 1 else CERTAIN
            numbers[HAZARD_SHAPE] = _shape(spread)
        case LeavePerPurchase(share, spread, _, at_join):
            numbers[LEAVE_SHARE] = float(share)
            numbers[LEAVE_A], numbers[LEAVE_B] = _beta(share, spread)
            numbers[LEAVE_AT_JOIN] = float(at_join)
        case None:
            pass
    if segment.redeem is not None:
        chance = segment.redeem.chance
        if 0 < chance < 1:
            numbers[REDEEM_LOGIT] = log(float(chance / (1 - chance)))
        else:
            numbers[REDEEM_LOGIT] = CERTAIN if chance else -CERTAIN
        numbers[REDEEM_SLOPE] = float(segment.redeem.slope)
        numbers[REDEEM_SPREAD] = float(segment.redeem.spread)
        numbers[REDEEM_NEVER] = float(segment.redeem.never)
        numbers[REDEEM_CORRELATION] = float(segment.redeem.correlation)
        numbers[REDEEM_WITH_BASKET] = float(segment.redeem.with_basket)
        numbers[PART_MEAN] = float(segment.redeem.part)
        numbers[PART_A], numbers[PART_B] = _beta(segment.redeem.part, segment.redeem.part_spread)
    else:
        numbers[REDEEM_NEVER] = 1.0
    if segment.returns is not None:
        numbers[RETURN_SHARE] = float(segment.returns.share)
    numbers[REFER_SHARE] = float(segment.refer)
    return numbers


def _beta(mean: Fraction, spread: Fraction) -> tuple[float, float]:
    """The beta with this mean and coefficient of variation; zeros for none."""
    if spread <= 0 or not 0 < mean < 1:
        return 0.0, 0.0
    both = (1 - mean) / (mean * spread**2) - 1
    assert both > 0, "the checker refuses a spread that no chances have"
    return float(mean * both), float((1 - mean) * both)


def _shape(spread: Fraction) -> float:
    """The gamma shape with this coefficient of variation; 0 for none."""
    return float(1 / spread**2) if spread > 0 else 0.0
