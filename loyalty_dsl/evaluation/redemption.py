"""Which uses of a reward an event allows, and what they take off (REDEEM).

Invariant: planning uses changes nothing. The evaluator carries out all of a plan or none of it (REDEEM-3), so
nothing is ever undone. A plan is what one use after the other gives, but uses that nothing tells apart are
planned at once: a balance may pay for a thousand million.
"""

from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds, value_of
from loyalty_dsl.evaluation.ledger import Obstacle
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    Literal,
    Not,
    OneAmong,
    Operand,
    reads_event,
)
from loyalty_dsl.language.program import LimitOf, Reward
from loyalty_dsl.language.types import Kind


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
    """The uses that are possible.

    Attributes:
        times: how many.
        off: minor units that all of them take off.
        stopped_by: what is in the way of one more; `None` when no more were asked for.
    """

    times: int = 0
    off: int = 0
    stopped_by: Obstacle | None = None


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
    plan = Plan()
    while request.at_most is None or plan.times < request.at_most:
        obstacle = _obstacle(request, facts, usage, plan)
        if obstacle is not None:
            return attrs.evolve(plan, stopped_by=obstacle)
        alike = _uses_alike(request, facts, usage, plan)
        if request.at_most is not None:
            alike = min(alike, request.at_most - plan.times)
        off = alike * _money_off(request, facts)
        plan = Plan(plan.times + alike, plan.off + off)
        facts = _after_uses(facts, request.reward, alike, off)
    return plan


def _money_off(request: Request, facts: Facts) -> int:
    """What the next use takes off (REDEEM-2)."""
    reward = request.reward
    return reward.off if reward.in_full or not request.checkout else min(reward.off, facts.amount)


def _after_uses(facts: Facts, reward: Reward, times: int, off: int) -> Facts:
    available = list(facts.available)
    available[reward.currency] -= times * reward.price
    return attrs.evolve(facts, amount=max(0, facts.amount - off), available=tuple(available))


def _obstacle(request: Request, facts: Facts, usage: Usage, plan: Plan) -> Obstacle | None:
    """The first thing in the way of the next use, in the order of REDEEM-7; `None` when it is possible.

    Args:
        plan: the uses planned so far.
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
        wanted = plan.off + off if limit.of is LimitOf.UNITS else plan.times + 1
        if wanted > usage.room(limit, request.day):
            return Obstacle.LIMIT
    return None


# ---- uses that are planned at once


def _uses_alike(request: Request, facts: Facts, usage: Usage, plan: Plan) -> int:
    """How many uses go as the next one does, which is possible: each takes off the same, and before each one
    every question of REDEEM-1 has the same answer. At least 1; too few only cost another look."""
    reward, off = request.reward, _money_off(request, facts)
    if 0 < facts.amount < off:
        return 1  # what is left of the amount is less than a use takes off
    spare = facts.available[reward.currency] - max(reward.price, reward.minimum_balance)
    counts = [spare // reward.price + 1]
    if facts.amount:
        counts.append(facts.amount // off)
    for limit in reward.limits:
        room = usage.room(limit, request.day)
        by_money = limit.of is LimitOf.UNITS
        counts.append((room - plan.off) // off if by_money else room - plan.times)
    if reward.when is not None:
        counts.append(_steady_for(reward.when, facts, _after_uses(facts, reward, 1, off)))
    return min(counts)


_ALWAYS = 2**63
"""More uses than any balance pays for."""


def _steady_for(condition: Condition, now: Facts, then: Facts) -> int:
    """How many uses find every test of a condition as it is now.

    Args:
        now, then: before and after the next use; each further use changes them by as much.
    """

    def until_equal(left: Operand, right: Operand) -> int:
        """Uses before the two pass or leave each other."""
        gap = value_of(left, now) - value_of(right, now)
        closing = gap - (value_of(left, then) - value_of(right, then))
        if closing == 0 or gap * closing < 0:
            return _ALWAYS
        return max(1, -(-gap // closing))

    match condition:
        case Compare(left, _, right):
            return until_equal(left, right)
        case OneAmong(operand, values):
            return min(
                (until_equal(operand, Literal(value, Kind.NUMBER)) for value in values), default=_ALWAYS
            )
        case Not(inner):
            return _steady_for(inner, now, then)
        case All(conditions) | Any(conditions):
            return min((_steady_for(inner, now, then) for inner in conditions), default=_ALWAYS)
        case _:
            assert_never(condition)
