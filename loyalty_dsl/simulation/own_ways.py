"""How a member who is known behaves: its ways given what it has bought, instead of those of anybody.

A segment is a model of purchases and of leaving, and a member of a ledger has a history under it: Erlang gaps
at a rate that is gamma over members, and either a constant hazard, gamma over members, or a chance after each
purchase that is beta over members. Given that a member is still there, all of these keep their form: the
rate is gamma with the stages seen and the work they took, the hazard gamma with the time, the chance beta
with the coins that fell. So a draw from the posterior is a draw as of anybody, with other numbers. What
remains are the chance that it is still there and, by Bayes' rule, that of each segment.

Invariants: the numbers are a function of the population and of the member's past alone, so two versions of a
program share them; draws read the addresses of anybody's. Only the arithmetic that `sampling` allows.

Sources: Schmittlein, Morrison and Colombo 1987 (Pareto/NBD); Fader, Hardie and Lee 2005 (BG/NBD); Hoppe and
Wagner 2007 (MBG/NBD); Reutterer, Platzer and Schroeder 2020 (regular gaps).
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    HAZARD_MEAN,
    HAZARD_SHAPE,
    LEAVE_A,
    LEAVE_AT_JOIN,
    LEAVE_B,
    LEAVE_SHARE,
    OWN_SHAPE,
    RATE_MEAN,
    RATE_SHAPE,
)
from loyalty_dsl.simulation.gammas import log_gamma
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

PAST_BOUGHT, PAST_REPEATS, PAST_LAST, PAST_AGE, PAST_LOG_GAPS, PAST_SPEND, PAST_LOGS, PAST_SQUARES = range(8)
"""Columns of `pasts`: baskets; purchases since the clock started, the days from then to the last of them and
to the end of the ledger; the sums of `language.opening.Series`."""

WORK_LAST, WORK_AGE = range(2)
"""Columns of `works`: as `PAST_LAST` and `PAST_AGE`, by the segment's season and weekdays."""

BASKET_FORM, BASKET_ONE, BASKET_TWO, BASKET_THREE = range(4)
"""Columns of `baskets`: a form below, and its numbers: of lognormal ones the log of the median, the variance
within a member and that between members; of gamma ones p, q and the scale."""
OTHER_BASKETS, LOGNORMAL_BASKETS, GAMMA_BASKETS = range(3)

(
    OWN_STAYS, OWN_SHAPE_OF_RATE, OWN_SCALE, OWN_SINCE, OWN_HAZARD_SCALE, OWN_LEAVE_B, OWN_BASKETS, OWN_FIRST,
    OWN_SECOND,
) = range(9)  # fmt: skip
"""Columns of the numbers of a member in a segment: the chance that it is still there; given that, the gamma
of its rate of stages before the gap that is running, and the work since its last purchase; the scale of its
hazard, b of its chance of leaving; how many baskets are known, and what its own are like."""

ALIKE = 1e7
"""The shape of a gamma, or the weight of a beta, whose members are as good as alike."""
_LEAST = -1e300


@entry
def find_ways(
    segments: Floats,
    rates: Floats,
    regularities: Ints,
    baskets: Floats,
    prior: Floats,
    pasts: Floats,
    works: Floats,
    faster: float,
    nodes: Floats,
    own: Floats,
    shares: Floats,
) -> None:
    """Works out the numbers of every member in every segment.

    Args:
        segments: [S, ...] of `Behaviour`; rates: [S, 5] of its purchases, all 0 where it has none.
        regularities: [S] the Erlang shape of its gaps; baskets: [S, 4].
        prior: [n, S] shares of the segments among members as this one, before it bought.
        pasts: [n, 8]; works: [n * S, 2].
        faster: how much more often members bought before than they do now.
        nodes: [2, ...] Gauss-Legendre nodes and weights on 0 to 1.
        own: [n * S, 9] the result; shares: [n, S] of the segments given what was bought.
    """
    count = len(segments)
    amounts = True
    for segment in range(count):
        form = baskets[segment, BASKET_FORM]
        if form == OTHER_BASKETS or (form == LOGNORMAL_BASKETS and baskets[segment, BASKET_TWO] <= 0.0):
            amounts = False  # of some segment no basket is more likely than another
    for member in range(len(pasts)):
        past = pasts[member]
        most = _LEAST
        for segment in range(count):
            row = own[member * count + segment]
            found = _of_segment(
                segments[segment], rates[segment], regularities[segment], past,
                works[member * count + segment], faster, nodes, row,
            )  # fmt: skip
            found += _of_baskets(baskets[segment], past, row, amounts)
            shares[member, segment] = found
            if prior[member, segment] > 0.0:
                most = max(most, found)
        total = 0.0
        for segment in range(count):
            likelihood = 1.0 if most <= 0.1 * _LEAST else exp(shares[member, segment] - most)
            shares[member, segment] = prior[member, segment] * likelihood
            total += shares[member, segment]
        for segment in range(count):
            shares[member, segment] /= total


@part
def _of_segment(
    segment: Floats,
    rate: Floats,
    k: int,
    past: Floats,
    work: Floats,
    faster: float,
    nodes: Floats,
    row: Floats,
) -> float:
    """The log-likelihood of the days on which a member of the segment bought; fills in its numbers."""
    x, first = past[PAST_REPEATS], segment[LEAVE_AT_JOIN]
    done, age = work[WORK_LAST], work[WORK_AGE]
    since = age - done
    r, alpha = 1.0, 1.0
    if rate[RATE_MEAN] > 0.0:
        r = rate[RATE_SHAPE] if rate[RATE_SHAPE] > 0.0 else ALIKE
        alpha = r / (k * rate[RATE_MEAN] * faster)
    shape = r + k * x
    row[OWN_SHAPE_OF_RATE], row[OWN_SCALE], row[OWN_SINCE] = shape, (alpha + age) * faster, since * faster
    stays, leaves = 0.0, _LEAST
    a, b = _coins(segment)
    row[OWN_HAZARD_SCALE] = 1.0
    hazard_shape, beta = 0.0, 1.0
    if segment[HAZARD_MEAN] > 0.0:
        hazard_shape = segment[HAZARD_SHAPE] if segment[HAZARD_SHAPE] > 0.0 else ALIKE
        beta = hazard_shape / segment[HAZARD_MEAN]
        stays = hazard_shape * log(beta / (beta + past[PAST_AGE]))
        row[OWN_HAZARD_SCALE] = beta + past[PAST_AGE]
    row[OWN_LEAVE_B] = b + x + first
    if a > 0.0:
        stays = _stayed(a, b, x + first)
        if x + first > 0.0:
            leaves = _stayed(a, b, x + first - 1.0) + log(a / (a + b + x + first - 1.0))
    if rate[RATE_MEAN] <= 0.0:
        row[OWN_STAYS] = 1.0
        return stays if past[PAST_BOUGHT] <= 0.0 else _LEAST
    known = log_gamma(shape) - log_gamma(r) - x * log_gamma(float(k)) + (k - 1) * past[PAST_LOG_GAPS]
    stays += r * log(alpha / (alpha + age)) - k * x * log(alpha + age)
    stays += log(_ways_of_stages(shape, since / (alpha + age), k))
    if hazard_shape > 0.0 and since > 0.0:
        leaves = _left_by_the_clock(hazard_shape, beta, shape, alpha + done, past, since, k, nodes)
    if leaves <= _LEAST:
        row[OWN_STAYS] = 1.0
        return float(known + stays)
    leaves += r * log(alpha / (alpha + done)) - k * x * log(alpha + done)
    most = max(stays, leaves)
    both = exp(stays - most) + exp(leaves - most)
    row[OWN_STAYS] = exp(stays - most) / both
    return float(known + most + log(both))


@part
def _coins(segment: Floats) -> tuple[float, float]:
    """The beta of the chance of leaving after a purchase; zeros where nobody leaves then."""
    if segment[LEAVE_A] > 0.0:
        return float(segment[LEAVE_A]), float(segment[LEAVE_B])
    share = segment[LEAVE_SHARE]
    if share <= 0.0:
        return 0.0, 0.0
    return ALIKE * share, max(ALIKE * (1.0 - share), 1e-6)


@part
def _stayed(a: float, b: float, coins: float) -> float:
    """The log of the chance of staying so many times."""
    return log_gamma(b + coins) - log_gamma(b) + log_gamma(a + b) - log_gamma(a + b + coins)


@part
def _ways_of_stages(shape: float, share: float, k: int) -> float:
    """The chance that fewer than `k` stages were done since the last purchase, over that of none."""
    way = total = 1.0
    for i in range(1, k):
        way *= (shape + i - 1.0) / i * share
        total += way
    return total


@part
def _left_by_the_clock(
    s: float, beta: float, shape: float, scale: float, past: Floats, since: float, k: int, nodes: Floats
) -> float:
    """The log of the chance density of having left since the last purchase without another one, over that of
    the purchases so far: an integral over the day of leaving, its steps the wider the later.

    Args:
        scale: alpha and the work until the last purchase.
        since: the work since; it is taken as even over the days.
    """
    days = past[PAST_AGE] - past[PAST_LAST]
    after = beta + past[PAST_LAST]
    pace = since / days
    steep = shape * pace / scale + (s + 1.0) / after
    reach = log(1.0 + steep * days)
    total = 0.0
    for node in range(nodes.shape[1]):
        grown = exp(reach * nodes[0, node])
        ahead = (grown - 1.0) / steep
        at = scale / (scale + pace * ahead)
        density = shape * log(at) + (s + 1.0) * log(after / (after + ahead))
        density += log(_ways_of_stages(shape, 1.0 - at, k))
        total += nodes[1, node] * grown * exp(density)
    return s * log(beta / after) + log(s / after * total * reach / steep)


@part
def _of_baskets(basket: Floats, past: Floats, row: Floats, amounts: bool) -> float:
    """The log-likelihood of what was spent, where `amounts` says that it counts; fills in the member's own
    baskets. What goes together with the rate is left out where baskets are known."""
    n = past[PAST_BOUGHT]
    row[OWN_BASKETS] = n if basket[BASKET_FORM] != OTHER_BASKETS else 0.0
    row[OWN_FIRST], row[OWN_SECOND] = 0.0, 0.0
    if n <= 0.0:
        return 0.0
    if basket[BASKET_FORM] == GAMMA_BASKETS:
        p, q, scale = basket[BASKET_ONE], basket[BASKET_TWO], basket[BASKET_THREE]
        whole = scale + past[PAST_SPEND]
        row[OWN_FIRST], row[OWN_SECOND] = q + p * n, q * whole / scale
        if not amounts:
            return 0.0
        found = (p - 1.0) * past[PAST_LOGS] - n * log_gamma(p) + log_gamma(p * n + q) - log_gamma(q)
        return float(found + q * log(scale / whole) - p * n * log(whole))
    if basket[BASKET_FORM] == LOGNORMAL_BASKETS:
        centre, within, between = basket[BASKET_ONE], basket[BASKET_TWO], basket[BASKET_THREE]
        off = past[PAST_LOGS] - n * centre
        spread = within + n * between
        if spread > 0.0:
            row[OWN_FIRST], row[OWN_SECOND] = between * off / spread, sqrt(between * within / spread)
        if not amounts:
            return 0.0
        squares = past[PAST_SQUARES] - 2.0 * centre * past[PAST_LOGS] + n * centre * centre
        found = (n - 1.0) * log(within) + log(spread) + (squares - between * off * off / spread) / within
        return float(-0.5 * found - past[PAST_LOGS] - n * 0.91893853320467274178)
    return 0.0


@part
def own_days_alive(row: Floats, segment: Floats, exponential: Ints, key: np.uint64) -> float:
    """Days from now to leaving by the clock; half a day ago for a member who is not there any more."""
    if uniform(draw_bits(key, randomness.STILL_THERE, 0)) >= row[OWN_STAYS]:
        return -0.5
    hazard, shape = float(segment[HAZARD_MEAN]), float(segment[HAZARD_SHAPE])
    if shape > 0.0:
        hazard = draw_gamma(shape, key, randomness.LEAVE_HAZARD) / row[OWN_HAZARD_SCALE]
    if hazard <= 1e-12:
        return 1e12
    return draw_exponential(exponential, draw_bits(key, randomness.LEAVE_TIME, 0)) * 2.0**-32 / hazard


@part
def own_leave_chance(row: Floats, segment: Floats, key: np.uint64) -> float:
    """The chance of leaving after each purchase."""
    if segment[LEAVE_A] > 0.0:
        chance, other = randomness.LEAVE_CHANCE, randomness.LEAVE_CHANCE_OTHER
        return draw_beta(segment[LEAVE_A], row[OWN_LEAVE_B], key, chance, other)
    return float(segment[LEAVE_SHARE])


@part
def own_stages_done(row: Floats, k: int, key: np.uint64) -> int:
    """How many stages of the gap that is running are done."""
    if k == 1:
        return 0
    shape, share = row[OWN_SHAPE_OF_RATE], row[OWN_SINCE] / row[OWN_SCALE]
    left = uniform(draw_bits(key, randomness.STAGES_DONE, 0)) * _ways_of_stages(shape, share, k)
    way, done = 1.0, 0
    while done < k - 1 and left >= way:
        left -= way
        done += 1
        way *= (shape + done - 1.0) / done * share
    return done


@part
def own_gap_mean(row: Floats, rate: Floats, k: int, done: int, key: np.uint64, purpose: int) -> float:
    """The mean days between purchases."""
    stages = k * float(rate[RATE_MEAN])
    if rate[RATE_SHAPE] > 0.0:
        stages = draw_gamma(row[OWN_SHAPE_OF_RATE] + done, key, purpose) / row[OWN_SCALE]
    return k / stages if stages > k * 1e-12 else 1e12


@part
def own_basket(row: Floats, rate: Floats, key: np.uint64, purpose: int) -> float:
    """What the member's own baskets are, as a multiple of those of the table, where some are known."""
    if rate[OWN_SHAPE] > 0.0:
        return float(row[OWN_SECOND] / draw_gamma(row[OWN_FIRST], key, purpose))
    return exp(row[OWN_FIRST] + row[OWN_SECOND] * draw_normal(key, purpose, 0))
