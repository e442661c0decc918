"""What members of a ledger have bought, as the numbers that their ways are worked out from.

Invariant: purchases are counted as the population does: by the day where it was fitted to days, otherwise
one by one. A member's clock starts as it joins, or with its first purchase where that is its join; one of
whom nothing is known has just joined.
"""

from collections.abc import Sequence
from typing import assert_never

import numpy as np
from numpy.polynomial.legendre import leggauss

from loyalty_dsl.evaluation.plan import NOT_JOINED
from loyalty_dsl.language import opening as o
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.population import (
    MEMBER,
    Basket,
    Baskets,
    FieldDraw,
    GammaBasket,
    Population,
    Segment,
)
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.under_program import times_purchases
from loyalty_dsl.simulation.behaviour import (
    PROCESS_KIND,
    PROCESS_REGULARITY,
    SEGMENT_END,
    SEGMENT_FIRST,
    Behaviour,
    Floats,
    Ints,
    Words,
)
from loyalty_dsl.simulation.clock import days_of_rhythm
from loyalty_dsl.simulation.own_ways import (
    GAMMA_BASKETS,
    LOGNORMAL_BASKETS,
    OTHER_BASKETS,
    PAST_AGE,
    PAST_LAST,
    find_ways,
)
from loyalty_dsl.simulation.sampling import log

NODES = 64


def ways_of_members(
    population: Population, behaviour: Behaviour, opening: Opening, fields: Ints, unsaid: int
) -> tuple[Floats, Words]:
    """The numbers of every member of a ledger in every segment, and the shares of the segments.

    Args:
        fields: [n, F] what the ledger knows of members, `unsaid` where it does not.

    Returns:
        [n * S, 9] as of `own_ways`, and [n, S] cumulative shares of 2^64; no rows where nothing is known of
        what was bought.
    """
    segments = population.segments
    if not opening.bought:
        return np.zeros((0, 9)), np.zeros((0, len(segments)), np.uint64)
    count = len(segments)
    pasts, origins = _pasts(opening, by_day=population.fitted is not None)
    rates, regularities = np.zeros((count, 5)), np.ones(count, np.int64)
    works = np.zeros((len(pasts), count, 2))
    for segment in segments:
        first, end = behaviour.slices[segment.index, [SEGMENT_FIRST, SEGMENT_END]]
        if first < end and behaviour.processes[first, PROCESS_KIND] == PURCHASE:
            rates[segment.index] = behaviour.rates[first]
            regularities[segment.index] = behaviour.processes[first, PROCESS_REGULARITY]
        works[:, segment.index] = _works(segment, pasts, origins)
    faster = (1 + opening.lift) / times_purchases(population)  # that time had no other rate to react to
    at, weight = leggauss(NODES)
    own, shares = np.zeros((len(pasts) * count, 9)), np.zeros((len(pasts), count))
    find_ways(
        behaviour.segments,
        rates,
        regularities,
        np.array([_basket(segment.basket) for segment in segments]),
        _prior(segments, fields, unsaid),
        pasts,
        works.reshape(-1, 2),
        float(faster),
        np.stack([(at + 1) / 2, weight / 2]),
        own,
        shares,
    )
    below = np.minimum(np.cumsum(shares, axis=1), 1.0 - 2.0**-53)
    return own, (below * 2.0**64).astype(np.uint64)


def _pasts(opening: Opening, by_day: bool) -> tuple[Floats, Ints]:
    """[n, 8] as of `own_ways`, and [n] the day on which each member's clock started."""
    pasts, origins = np.zeros((len(opening.names), 8)), np.zeros(len(opening.names), np.int64)
    for member, (rows, bought) in enumerate(zip(opening.rows, opening.bought, strict=True)):
        joined = next((row.since for row in rows if row.what == o.MEMBER), None)
        if joined in (None, NOT_JOINED):
            joined = None
        if bought is None:
            origins[member] = opening.as_of if joined is None else joined
            pasts[member, PAST_AGE] = opening.as_of + 0.5 - origins[member]
            continue
        series = bought.days if by_day else bought.purchases
        origin = bought.first if joined is None else min(joined, bought.first)
        starts = int(origin == bought.first)  # the purchase with which the member joined
        gaps = series.log_gaps + (0.0 if starts else log(float(bought.first - origin)))
        origins[member] = origin
        pasts[member] = (
            series.paid,
            series.number - starts,
            bought.last - origin,
            opening.as_of + 0.5 - origin,
            gaps,
            series.spend,
            series.logs,
            series.log_squares,
        )
    return pasts, origins


def _works(segment: Segment, pasts: Floats, origins: Ints) -> Floats:
    """[n, 2] the days from the start of the clock to the last purchase and to the end, by their intensity."""
    rhythm = segment.purchases.rhythm
    days: Floats = pasts[:, [PAST_LAST, PAST_AGE]]
    if not (rhythm.season or rhythm.weekday):
        return days
    first = int(origins.min())
    last = int((origins + days[:, 1]).max()) + 1
    intensity, before = days_of_rhythm(rhythm, first, last - first + 1)

    def work(at: Floats) -> Floats:
        day = at.astype(np.int64)
        return np.asarray(before[day] + intensity[day] * (at - day), np.float64)

    started = (origins - first).astype(np.float64)[:, None] + 0.5  # a purchase is at noon, as far as is known
    return np.asarray(work(started + days) - work(started), np.float64)


def _basket(baskets: Baskets) -> tuple[float, float, float, float]:
    match baskets:
        case Basket(median, sigma, _, within):
            if median <= 0:
                return OTHER_BASKETS, 0.0, 0.0, 0.0
            square = float(sigma) ** 2
            return LOGNORMAL_BASKETS, log(float(median)), square * float(within), square * float(1 - within)
        case GammaBasket(p, q, scale):
            return GAMMA_BASKETS, float(p), float(q), float(scale)
        case _:
            assert_never(baskets)


def _prior(segments: Sequence[Segment], fields: Ints, unsaid: int) -> Floats:
    """[n, S] the shares of the segments among first members of whom the ledger knows the same fields.

    A field that no segment draws as it is says nothing, nor does one that is drawn by a condition.
    """
    shares = np.array([float(segment.share) for segment in segments])
    prior = np.tile(shares, (len(fields), 1))
    for field in range(fields.shape[1]):
        likely = np.stack([_chances(segment, field, fields[:, field]) for segment in segments], axis=1)
        says = (fields[:, field] != unsaid) & ((prior * likely).sum(axis=1) > 0)
        likely[~says] = 1.0
        prior *= likely
    return np.asarray(prior)


def _chances(segment: Segment, field: int, values: Ints) -> Floats:
    """[n] how likely a member's value of a field is in a segment; 1 where that is not said plainly."""
    draws = [
        draw
        for draw in segment.member_draws
        if isinstance(draw, FieldDraw) and draw.owner == MEMBER and draw.field.index == field
    ]
    if len(draws) != 1 or draws[0].when is not None:
        return np.ones(len(values))
    (draw,) = draws
    chances = np.zeros(len(values))
    for value, share in zip(draw.values or range(len(draw.shares)), draw.shares, strict=True):
        chances[values == value] = float(share)
    return chances
