"""The ways that a member is born with: how often it comes, for how long, how much it spends, what it redeems.

Invariant: each is a function of the member's key and its segment alone, and reads addresses of its own.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    CERTAIN,
    HAZARD_MEAN,
    HAZARD_SHAPE,
    LEAVE_A,
    LEAVE_B,
    LEAVE_SHARE,
    OWN_CORRELATION,
    OWN_SHAPE,
    OWN_SIGMA,
    PART_A,
    PART_B,
    PART_MEAN,
    RATE_MEAN,
    RATE_SHAPE,
    REDEEM_CORRELATION,
    REDEEM_LOGIT,
    REDEEM_NEVER,
    REDEEM_SPREAD,
)
from loyalty_dsl.simulation.gammas import gamma_of_score, gamma_score
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import (
    draw_beta,
    draw_exponential,
    draw_gamma,
    draw_normal,
    exp,
    log,
    uniform,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_LONGEST = 1e12


@part
def draw_gap_mean(mean: float, shape: float, key: np.uint64, purpose: int, raised: float = 0.0) -> float:
    """A member's mean days between events that come at `mean` a day, gamma over members; a trillion when the
    rate is nothing.

    Args:
        raised: of a gamma whose density is weighted by this power of the rate: its shape is so much larger.
    """
    rate = mean
    if shape > 0.0:
        rate *= draw_gamma(shape + raised, key, purpose) / shape
    return 1.0 / rate if rate > 1.0 / _LONGEST else _LONGEST


@part
def rate_score(rates: Floats, gap_mean: float) -> float:
    """The normal score of a member's rate among those of its segment, of which `gap_mean` is the inverse."""
    if rates[RATE_SHAPE] == 0.0:
        return 0.0
    return gamma_score(rates[RATE_SHAPE], rates[RATE_SHAPE] / (rates[RATE_MEAN] * gap_mean))


@part
def draw_own_basket(rates: Floats, key: np.uint64, purpose: int, gap_mean: float) -> float:
    """What a member's own baskets are, as a multiple of those of the table; 1 where all have the same."""
    correlation = rates[OWN_CORRELATION]
    if rates[OWN_SHAPE] > 0.0:
        shape = rates[OWN_SHAPE]
        if correlation == 0.0:
            return float(shape / draw_gamma(shape, key, purpose))
        z = _together(correlation, rate_score(rates, gap_mean), draw_normal(key, purpose, 0))
        return float(shape / gamma_of_score(shape, -z))
    if rates[OWN_SIGMA] > 0.0:
        z = draw_normal(key, purpose, 0)
        if correlation != 0.0:
            z = _together(correlation, rate_score(rates, gap_mean), z)
        return exp(rates[OWN_SIGMA] * z)
    return 1.0


@part
def own_basket_score(rates: Floats, own: float) -> float:
    """The normal score of a member's own baskets among those of its segment."""
    if rates[OWN_SHAPE] > 0.0:
        return -gamma_score(rates[OWN_SHAPE], rates[OWN_SHAPE] / own)
    return log(own) / rates[OWN_SIGMA] if rates[OWN_SIGMA] > 0.0 else 0.0


@part
def _together(correlation: float, score: float, z: float) -> float:
    """A standard normal value that has this correlation with `score`; `z` is independent of it."""
    return correlation * score + sqrt(max(0.0, 1.0 - correlation * correlation)) * z


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
def left_sooner(days: float, more: float, lasting: float) -> float:
    """When a member leaves who would after `days`, if its hazard is `more` times as large for a while."""
    if more == 1.0:
        return days
    if days <= more * lasting:
        return days / more
    return days - (more - 1.0) * lasting


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
def draw_redeem_intercept(segment: Floats, key: np.uint64, score: float) -> float:
    """A member's logit of choosing an affordable reward whose money off is the whole basket; very low for
    one who never redeems.

    Args:
        score: the normal score of what readiness goes together with, where it goes together with anything.
    """
    if uniform(draw_bits(key, randomness.NEVER_REDEEMS, 0)) < segment[REDEEM_NEVER]:
        return -CERTAIN
    logit = float(segment[REDEEM_LOGIT])
    spread = float(segment[REDEEM_SPREAD])
    if spread > 0.0:
        z = draw_normal(key, randomness.REDEEM_INTERCEPT, 0)
        if segment[REDEEM_CORRELATION] != 0.0:
            z = _together(segment[REDEEM_CORRELATION], score, z)
        logit += spread * z
    return logit


@part
def draw_part(segment: Floats, key: np.uint64) -> float:
    """The share of what a member could use that it does use, of points that are paid like money."""
    if segment[PART_A] > 0.0:
        return draw_beta(segment[PART_A], segment[PART_B], key, randomness.PART, randomness.PART_OTHER)
    return float(segment[PART_MEAN])


@part
def accepts(intercept: float, slope: float, off: float, basket: int, bits: np.uint64) -> bool:
    """Whether a member takes a reward worth `off` at an event of `basket` (`population.Redeem`); where nobody
    knows what it is worth, 0, the slope is left out."""
    logit = intercept
    if slope != 0.0 and off > 0.0:
        logit += slope * log(np.float64(off) / np.float64(basket))
    return uniform(bits) * (1.0 + exp(-logit)) < 1.0
