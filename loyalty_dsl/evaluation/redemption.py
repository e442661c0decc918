"""Which uses of a reward a purchase allows, and what they take off and cost (REDEEM).

Invariant: planning uses changes nothing. The plan is a list of money taken off, one entry a use; the
evaluator carries out all of it or none (REDEEM-3), so nothing is ever undone.
"""

from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds, reads_purchase
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.evaluation.wording import amount_in_words, limit_in_words
from loyalty_dsl.language.program import CostOfFace, CostPerUse, LimitOf, Program, Reward
from loyalty_dsl.quantities import format_money


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
    """The uses that are possible, one entry of money off each, and why there is not one more."""

    offs: tuple[int, ...]
    stopped_by: str


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


def plan_uses(program: Program, request: Request, facts: Facts, usage: Usage) -> Plan:
    """Plans the uses of a reward, one after the other, each asking again whether it may (REDEEM-1).

    Args:
        facts: of the event, after the rewards used before this one.
        usage: what the member has used of the reward's limits, before the first use.
    """
    offs: list[int] = []
    while request.at_most is None or len(offs) < request.at_most:
        obstacle = _obstacle(program, request, facts) or _full_limit(program, request, facts, usage, offs)
        if obstacle is not None:
            return Plan(tuple(offs), obstacle)
        offs.append(_money_off(request, facts))
        facts = _after_use(facts, request.reward, offs[-1])
    return Plan(tuple(offs), "no more uses were asked for")


def _money_off(request: Request, facts: Facts) -> int:
    """What the next use takes off (REDEEM-2)."""
    reward = request.reward
    return reward.off if reward.in_full or not request.checkout else min(reward.off, facts.amount)


def _after_use(facts: Facts, reward: Reward, off: int) -> Facts:
    available = list(facts.available)
    available[reward.currency] -= reward.price
    return attrs.evolve(facts, amount=max(0, facts.amount - off), available=tuple(available))


def _obstacle(program: Program, request: Request, facts: Facts) -> str | None:
    """Why the next use is not possible, limits aside, in a designer's words; `None` when it is."""
    reward = request.reward
    currency = program.currencies[reward.currency]
    have = facts.available[reward.currency]
    needed = max(reward.price, reward.minimum_balance)
    if have < needed:
        needs, has = (amount_in_words(program, currency, units) for units in (needed, have))
        return f"it needs {needs} and {has} are available"
    if not request.checkout and (reward.minimum_basket or reads_purchase(reward.when)):  # REDEEM-4
        return "it has a condition on the purchase, and this is none"
    if facts.basket < reward.minimum_basket:
        least, basket = (
            format_money(minor, program.money) for minor in (reward.minimum_basket, facts.basket)
        )
        return f"it needs a basket of {least} and this one is {basket}"
    if not dates_hold(reward.dates, request.day):
        return "its `dates` do not hold on this day"
    if not holds(reward.when, facts):
        return "its `when` does not hold"
    if request.checkout and not reward.in_full and facts.amount == 0:
        return "nothing is left to pay"
    return None


def _full_limit(
    program: Program, request: Request, facts: Facts, usage: Usage, offs: list[int]
) -> str | None:
    """The limit under which the next use does not fit whole, in words (REDEEM-5, LIMIT-2)."""
    off = _money_off(request, facts)
    for limit in request.reward.limits:
        wanted = sum(offs) + off if limit.of is LimitOf.UNITS else len(offs) + 1
        if wanted > usage.room(limit, request.day):
            return f"it would pass its limit of {limit_in_words(program, limit, None)}"
    return None


def cost_of(reward: Reward, times: int, off: int) -> Fraction | None:
    """What uses of a reward cost, in minor units (REDEEM-6).

    Args:
        times: how many uses.
        off: the money that they took off, in minor units.
    """
    match reward.cost:
        case None:
            return None
        case CostPerUse(number):
            return times * number.value
        case CostOfFace(number):
            return off * number.value
        case _:
            assert_never(reward.cost)
