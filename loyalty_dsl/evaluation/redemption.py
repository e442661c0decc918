"""Which uses of a reward an event allows, and what they take off (REDEEM).

Invariant: planning uses changes nothing. The plan is a list of money taken off, one entry a use; the
evaluator carries out all of it or none (REDEEM-3), so nothing is ever undone.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds
from loyalty_dsl.evaluation.ledger import Obstacle
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.language.conditions import reads_event
from loyalty_dsl.language.program import LimitOf, Reward


@attrs.frozen
class Use:
    """A reward used at an event.

    Attributes:
        reward: its index.
        times: how often.
        off: minor units that all the uses took off.
        cost: what they cost in minor units, or `None` where the reward declares no cost.
    """

    reward: int
    times: int
    off: int
    cost: Fraction | None


@attrs.frozen
class Plan:
    """The uses that are possible, one entry of money off each, and what is in the way of one more; `None`
    when no more were asked for."""

    offs: tuple[int, ...]
    stopped_by: Obstacle | None


@attrs.frozen
class Request:
    """A reward that is to be used at an event.

    Attributes:
        checkout: whether the event is a purchase; outside one there is no basket (REDEEM-4).
        at_most: how many uses to plan; `None` plans as many as there can be.
    """

    reward: Reward
    day: int
    checkout: bool
    at_most: int | None


def plan_uses(request: Request, facts: Facts, usage: Usage) -> Plan:
    """Plans the uses of a reward, one after the other, each asking again whether it may (REDEEM-1).

    Args:
        facts: of the event, after the rewards used before this one.
        usage: what the member has used of the reward's limits, before the first use.
    """
    offs: list[int] = []
    while request.at_most is None or len(offs) < request.at_most:
        obstacle = _obstacle(request, facts, usage, offs)
        if obstacle is not None:
            return Plan(tuple(offs), obstacle)
        offs.append(_money_off(request, facts))
        facts = _after_use(facts, request.reward, offs[-1])
    return Plan(tuple(offs), None)


def _money_off(request: Request, facts: Facts) -> int:
    """What the next use takes off (REDEEM-2)."""
    reward = request.reward
    return reward.off if reward.in_full or not request.checkout else min(reward.off, facts.amount)


def _after_use(facts: Facts, reward: Reward, off: int) -> Facts:
    available = list(facts.available)
    available[reward.currency] -= reward.price
    return attrs.evolve(facts, amount=max(0, facts.amount - off), available=tuple(available))


def _obstacle(request: Request, facts: Facts, usage: Usage, offs: list[int]) -> Obstacle | None:
    """The first thing in the way of the next use, in the order of REDEEM-7; `None` when it is possible.

    Args:
        offs: the money that the uses planned so far take off.
    """
    reward = request.reward
    have = facts.available[reward.currency]
    if have < reward.price:
        return Obstacle.SHORT_BALANCE
    if have < reward.minimum_balance:
        return Obstacle.MINIMUM_BALANCE
    if not request.checkout and (reward.minimum_basket or reads_event(reward.when)):  # REDEEM-4
        return Obstacle.NO_PURCHASE
    if facts.basket < reward.minimum_basket:
        return Obstacle.MINIMUM_BASKET
    if not dates_hold(reward.dates, request.day):
        return Obstacle.DATES
    if not holds(reward.when, facts):
        return Obstacle.WHEN
    if request.checkout and not reward.in_full and facts.amount == 0:
        return Obstacle.NOTHING_TO_PAY
    off = _money_off(request, facts)
    for limit in reward.limits:  # REDEEM-5, LIMIT-2
        wanted = sum(offs) + off if limit.of is LimitOf.UNITS else len(offs) + 1
        if wanted > usage.room(limit, request.day):
            return Obstacle.LIMIT
    return None
