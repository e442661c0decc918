"""How many friends, and friends of friends, a member is expected to bring in the months of a simulation.

Invariant: what is worked out is a mean over members, by the segments' shares among those who lead to most;
members whose chance to leave after a purchase varies (`spread`) all have its mean here, purchases are
Poisson, and season and weekday are their mean. What reactions add to buying is left out.
"""

from fractions import Fraction
from math import exp, log

import numpy as np

from loyalty_dsl.language.population import (
    LeavePerPeriod,
    LeavePerPurchase,
    Population,
    Purchases,
    Segment,
)
from loyalty_dsl.language.under_program import all_responses, purchases_under_program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.behaviour import DAYS_IN, Floats

MOST_LIVES = 1_000
"""The most lives that the mean first member stands for: its own and those it leads to. One more generation
of a population that grows so fast is beyond any machine."""

_MOST_STEPS = 1_000


def verify_families(population: Population, horizon: int) -> None:
    """Refuses a population whose friends bring friends without bound.

    Args:
        horizon: days in which friends join.

    Raises:
        InputRefused: a first member leads to more than `MOST_LIVES` lives.
    """
    if not any(segment.refer for segment in population.segments):
        return
    step = max(1.0, horizon / _MOST_STEPS)
    days = np.arange(0.5, horizon / step) * step

    def brought_by(hazard: float) -> dict[str, Floats]:
        """What members of each segment bring in each step, at so many times the hazard of leaving."""
        return {
            segment.name: step
            * np.array(
                [
                    _friends_a_day(segment, purchases_under_program(population, segment), day * hazard)
                    for day in days
                ]
            )
            for segment in population.segments
        }

    brought, hazard = brought_by(1.0), _hazard_of_friends(population)
    of_friends = brought if hazard == 1 else brought_by(hazard)
    by_friend = sum(float(segment.referred) * of_friends[segment.name] for segment in population.segments)
    mixes = [
        sum(float(share) * brought[one.name] for one, share in zip(population.segments, shares, strict=True))
        for shares in zip(*((one.share, one.joining) for one in population.segments), strict=True)
    ]
    if max(_lives(np.asarray(by_first), np.asarray(by_friend)) for by_first in mixes) <= MOST_LIVES:
        return
    most = max(
        population.segments,
        key=lambda one: float(max(one.share, one.joining, one.referred)) * brought[one.name].sum(),
    )
    raise InputRefused(
        f"population `{population.name}` grows without bound: a member of segment `{most.name}` brings "
        f"{brought[most.name].sum():,.1f} friends in {horizon:,} days, and with the friends of friends one "
        f"first member leads to more than {MOST_LIVES:,}",
        help=f"lower `refer` in segment `{most.name}`, or simulate fewer months",
    )


def _hazard_of_friends(population: Population) -> float:
    """The least that the hazard of leaving of members whom others brought is multiplied by."""
    stays = [one.share() for one in all_responses(population) if one.name == "referral_retention"]
    return float(1 - max(stays, default=Fraction(0)))


def _lives(by_first: Floats, by_friend: Floats) -> float:
    """The lives that one leads to in all days, or infinity for more than `MOST_LIVES`.

    Args:
        by_first, by_friend: the friends that a first member, and a friend, is expected to bring in each step
            of its life.
    """
    lives = np.ones(len(by_friend) + 1)
    for end in range(1, len(lives)):
        lives[end] += float(by_friend[:end] @ lives[end - 1 :: -1][:end])
        if lives[end] > MOST_LIVES:
            return float("inf")
    return float(1 + by_first @ lives[-2::-1])


def _friends_a_day(segment: Segment, purchases: Purchases, age: float) -> float:
    """The friends that a member who joined `age` days ago is expected to bring in a day."""
    mean = float(purchases.mean) / DAYS_IN[purchases.unit]
    for factors in (purchases.rhythm.season, purchases.rhythm.weekday):
        mean *= float(sum(factors, Fraction(0)) / len(factors)) if factors else 1.0
    referred = mean * float(segment.refer)
    match segment.leave:
        case LeavePerPeriod(share, unit, spread):
            if share >= 1:
                return 0.0
            return referred * _gamma_mean(-log(1 - float(share)) / DAYS_IN[unit] * age, float(spread), 0)
        case LeavePerPurchase(share):
            # those who buy most leave first, so the rate of those who stay falls
            return referred * _gamma_mean(mean * float(share) * age, float(purchases.spread), 1)
        case None:
            return referred


def _gamma_mean(expected: float, spread: float, power: int) -> float:
    """The mean of g^power exp(-expected * g) for g of a gamma with mean 1 and this `spread`."""
    if spread <= 0:
        return exp(-expected)
    shape = spread**-2
    return float((1 + expected / shape) ** -(shape + power))
