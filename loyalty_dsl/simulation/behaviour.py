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
from loyalty_dsl.language.population import LeavePerPeriod, LeavePerPurchase, Population, Segment
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.randomness import draw_bits, named_purposes
from loyalty_dsl.simulation.sampling import (
    BINS,
    TABLE_SIZE,
    draw_beta,
    draw_exponential,
    draw_gamma,
    draw_normal,
    exp,
    fill_basket_table,
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
    RATE_MEAN, RATE_SHAPE, HAZARD_MEAN, HAZARD_SHAPE, LEAVE_SHARE, LEAVE_A, LEAVE_B, REDEEM_LOGIT,
    REDEEM_SLOPE, REDEEM_SPREAD, REDEEM_NEVER,
) = range(11)  # fmt: skip
"""Columns of `Behaviour.segments`. Rates and hazards are per day; a shape of 0 means that members do not
differ. `LEAVE_SHARE` is the chance of leaving after a purchase, `LEAVE_A` and `LEAVE_B` its beta over
members (0 when they do not differ)."""

FIELD_PURPOSE, FIELD_OF_ITEM, FIELD_INDEX = range(3)
"""Columns of `Behaviour.fields`."""

OFFER_REWARD, OFFER_PURPOSE = range(2)
"""Columns of `Behaviour.offers`."""

_CERTAIN = 1000.0


class Behaviour(NamedTuple):
    """A population over one program's fields and rewards.

    Attributes:
        segments: [S, 11] float64, the numbers of each segment.
        segment_thresholds: [S] uint64, cumulative shares of the segments.
        baskets: [S, 2, TABLE_SIZE] quantiles of baskets (see `sampling`).
        exponential: [BINS + 1] the table of gaps.
        fields: [F, 3] the fields that any segment draws.
        field_counts: [S, F] values of a field, 0 where the segment does not draw it.
        field_thresholds: [S, F, most values] uint64, cumulative shares of the values.
        offers: [O, 2] the rewards that members choose, in declared order.
    """

    segments: Floats
    segment_thresholds: Words
    baskets: Ints
    exponential: Ints
    fields: Ints
    field_counts: Ints
    field_thresholds: Words
    offers: Ints


def lower_population(program: Program, population: Population) -> Behaviour:
    """Lowers a population to the rows that the loop draws from.

    Args:
        program: the program that it lives under.
        population: bound to that program.
    """
    drawn = _drawn_fields(population.segments)
    chosen = [reward for reward in program.rewards if not reward.automatic]
    purposes = named_purposes(
        [
            *(f"{'item' if of_item else 'purchase'} field {field.name}" for field, of_item in drawn),
            *(f"reward {reward.name}" for reward in chosen),
        ]
    )
    field_purposes, reward_purposes = purposes[: len(drawn)], purposes[len(drawn) :]
    most = max((_value_count(field) for field, _ in drawn), default=1)
    counts = np.zeros((len(population.segments), len(drawn)), np.int64)
    thresholds = np.zeros((len(population.segments), len(drawn), most), np.uint64)
    baskets = np.zeros((len(population.segments), 2, TABLE_SIZE), np.int64)
    for segment in population.segments:
        fill_basket_table(
            np.float64(segment.basket.median), np.float64(segment.basket.sigma), baskets[segment.index]
        )
        for draw in segment.draws:
            place = drawn.index((draw.field, draw.of_item))
            counts[segment.index, place] = len(draw.shares)
            thresholds[segment.index, place, : len(draw.shares)] = cumulative_thresholds(draw.shares)
    exponential = np.zeros(BINS + 1, np.int64)
    fill_exponential_table(exponential)
    return Behaviour(
        segments=np.array([_segment_numbers(segment) for segment in population.segments]),
        segment_thresholds=cumulative_thresholds([segment.share for segment in population.segments]),
        baskets=baskets,
        exponential=exponential,
        fields=np.array(
            [
                (purpose, of_item, field.index)
                for purpose, (field, of_item) in zip(field_purposes, drawn, strict=True)
            ],
            np.int64,
        ).reshape(-1, 3),
        field_counts=counts,
        field_thresholds=thresholds,
        offers=_offers(chosen, reward_purposes),
    )


def cumulative_thresholds(shares: Sequence[Fraction]) -> Words:
    """Cumulative shares of 2^64, rounded down; 64 random bits fall below entry i with that chance."""
    total = Fraction(0)
    thresholds = []
    for share in shares:
        total += share
        thresholds.append(min(int(total * 2**64), 2**64 - 1))
    return np.array(thresholds, np.uint64)


def _offers(chosen: Sequence[Reward], purposes: Sequence[int]) -> Ints:
    rows = [(reward.index, purpose) for reward, purpose in zip(chosen, purposes, strict=True)]
    return np.array(rows, np.int64).reshape(-1, 2)


def _drawn_fields(segments: Sequence[Segment]) -> list[tuple[Field, bool]]:
    drawn: list[tuple[Field, bool]] = []
    for segment in segments:
        for draw in segment.draws:
            if (draw.field, draw.of_item) not in drawn:
                drawn.append((draw.field, draw.of_item))
    return drawn


def _value_count(field: Field) -> int:
    return 2 if field.kind is Kind.YES_NO else len(field.values)


def _segment_numbers(segment: Segment) -> list[float]:
    numbers = [0.0] * 11
    numbers[RATE_MEAN] = float(segment.purchases.mean) / DAYS_IN[segment.purchases.unit]
    numbers[RATE_SHAPE] = _shape(segment.purchases.spread)
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
    return numbers


def _shape(spread: Fraction) -> float:
    """The gamma shape with this coefficient of variation; 0 for none."""
    return float(1 / spread**2) if spread > 0 else 0.0


# ---- what a member is born with

_LONGEST = 1e12


@part
def draw_gap_mean(segment: Floats, key: np.uint64) -> float:
    """A member's mean days between purchases; a trillion when the rate is nothing."""
    rate = float(segment[RATE_MEAN])
    shape = float(segment[RATE_SHAPE])
    if shape > 0.0:
        rate *= draw_gamma(shape, key, randomness.RATE) / shape
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
def accepts(intercept: float, slope: float, off: int, basket: int, bits: np.uint64) -> bool:
    """Whether a member takes a reward worth `off` at a purchase of `basket` (`population.Redeem`)."""
    logit = intercept
    if slope != 0.0:
        logit += slope * log(np.float64(off) / np.float64(basket))
    return uniform(bits) * (1.0 + exp(-logit)) < 1.0
