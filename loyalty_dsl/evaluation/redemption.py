"""Which uses of a reward an event allows, and what they take off (REDEEM).

Invariant: planning uses changes nothing. The evaluator carries out all of a plan or none of it (REDEEM-3), so
nothing is ever undone. A plan is what one use after the other gives, but uses that nothing tells apart are
planned at once: a balance may pay for a thousand million.
"""

from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.checkout import Checkout
from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds, value_of
from loyalty_dsl.evaluation.ledger import Obstacle
from loyalty_dsl.evaluation.limits import Usage, binding
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
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import Currency, Limit, LimitOf, Program, Reward
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    Face,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Taking,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.language.types import PURCHASE, Kind
from loyalty_dsl.quantities import Rounding, rounded


@attrs.frozen
class Use:
    """A reward used at an event.

    Attributes:
        reward: its index.
        times: how often.
        off: minor units that all the uses took off.
        cost: what they cost in minor units, or `None` where the reward declares no cost.
        given: units of another currency that all the uses gave.
    """

    reward: int
    times: int
    off: int
    cost: Fraction | None
    given: int = 0


@attrs.frozen
class Plan:
    """The uses that are possible.

    Attributes:
        times: how many.
        off: minor units that all of them take off.
        price: units of the reward's currency that all of them take.
        given: units of another currency that all of them give, and `given_of` which currency; -1 for none.
        checkout: what they leave of the basket and its items.
        stopped_by: what is in the way of one more; `None` when no more were asked for.
        case: the row of price and face that the uses are of; `None` where none holds.
        limit: which limit it is that is in the way; `None` where it is something else.
        asked: the facts that the last question was asked with.
    """

    checkout: Checkout
    times: int = 0
    off: int = 0
    price: int = 0
    given: int = 0
    given_of: int = -1
    stopped_by: Obstacle | Gate | None = None
    case: RewardCase | None = None
    limit: Limit | None = None
    asked: Facts | None = None


@attrs.frozen
class Request:
    """A reward or benefit that is to be used at an event.

    Attributes:
        at_purchase: whether the event is of the kind at which the reward is used, a purchase unless it says
            otherwise; outside one there is no basket (REDEEM-4).
        at_most: how many uses to plan, of a transfer how many units to exchange; `None` plans as many as
            there can be.
    """

    reward: Reward
    day: int
    at_purchase: bool
    at_most: int | None


@attrs.frozen
class _Terms:
    """What each use of a request is about: settled before the first of them (REDEEM-8)."""

    request: Request
    case: RewardCase
    currencies: tuple[Currency, ...]
    item_fields: bool


def plan_uses(request: Request, facts: Facts, usage: Usage, checkout: Checkout, program: Program) -> Plan:
    """Plans the uses of a reward, one after the other, each asking again whether it may (REDEEM-1).

    Args:
        facts: of the event, after the rewards used before this one.
        usage: what the member has used of the reward's limits, before the first use.
        checkout: the basket after the rewards used before this one.
    """
    plan = Plan(checkout)
    case = _case(request, facts)
    if isinstance(case, Obstacle):
        return attrs.evolve(plan, stopped_by=case)
    plan = attrs.evolve(plan, case=case)
    terms = _Terms(request, case, program.currencies, bool(program.item_fields))
    at_most = request.at_most
    if request.reward.exchange and at_most is not None:  # EXCHANGE-2
        if at_most % case.price:
            return attrs.evolve(plan, stopped_by=Obstacle.NOT_WHOLE_STEPS)
        if at_most < request.reward.minimum_exchange:
            return attrs.evolve(plan, stopped_by=Obstacle.MINIMUM_EXCHANGE)
        at_most //= case.price
    while at_most is None or plan.times < at_most:
        obstacle = _obstacle(terms, facts, usage, plan)
        if obstacle is not None:
            if at_most is None and 0 < plan.price < request.reward.minimum_exchange:
                return Plan(checkout, stopped_by=Obstacle.MINIMUM_EXCHANGE, case=case, asked=facts)
            if isinstance(obstacle, Limit):
                return attrs.evolve(plan, stopped_by=Obstacle.LIMIT, limit=obstacle, asked=facts)
            return attrs.evolve(plan, stopped_by=obstacle, asked=facts)
        alike = _uses_alike(terms, facts, usage, plan)
        if at_most is not None:
            alike = min(alike, at_most - plan.times)
        plan, facts = _after_uses(terms, facts, plan, alike)
    return plan


def _case(request: Request, facts: Facts) -> RewardCase | Obstacle:
    """Price and face: the first case that holds (REDEEM-8)."""
    cases = request.reward.cases
    if not request.reward.benefit and not request.at_purchase and any(reads_event(c.when) for c in cases):
        return Obstacle.NO_PURCHASE  # REDEEM-4
    return next((case for case in cases if holds(case.when, facts)), Obstacle.NOT_OFFERED)


def _price(case: RewardCase, reward: Reward, facts: Facts) -> int:
    """What the next use takes."""
    return facts.available[reward.currency] if case.whole_balance else case.price


def _given(terms: _Terms, facts: Facts) -> int:
    """What the next use gives of another currency (REDEEM-12)."""
    match terms.case.face:
        case UnitsGiven(units=units):
            return units
        case BalanceGiven(currency, share):
            price = _price(terms.case, terms.request.reward, facts)
            return rounded(share * price, terms.currencies[currency].rounding)
        case MoneyOff() | PercentOff() | FreeItem() | Thing():
            return 0
        case _:
            assert_never(terms.case.face)


def _more(face: Face, before: int, after: int) -> int:
    """What is given more for whole multiples that uses at a time reach (EXCHANGE-5).

    Args:
        before, after: what uses have taken.
    """
    if not isinstance(face, UnitsGiven) or not face.per:
        return 0
    return face.more * (after // face.per - before // face.per)


def _after_uses(terms: _Terms, facts: Facts, plan: Plan, times: int) -> tuple[Plan, Facts]:
    """Plan and facts after so many uses that go as the next one."""
    reward, face = terms.request.reward, terms.case.face
    off, checkout = _taken_off(terms, facts, plan.checkout, times)
    price = times * _price(terms.case, reward, facts)
    available = list(facts.available)
    if not reward.benefit:
        available[reward.currency] -= price
    after = Plan(
        case=terms.case,
        checkout=checkout,
        times=plan.times + times,
        off=plan.off + off,
        price=plan.price + price,
        given=plan.given + times * _given(terms, facts) + _more(face, plan.price, plan.price + price),
        given_of=face.currency if isinstance(face, UnitsGiven | BalanceGiven) else -1,
    )
    amount = facts.amount if isinstance(face, Thing | UnitsGiven | BalanceGiven) else checkout.amount
    return after, attrs.evolve(facts, amount=amount, available=tuple(available))


def _taken_off(terms: _Terms, facts: Facts, checkout: Checkout, times: int) -> tuple[int, Checkout]:
    """What uses take off, and what they leave; `times` is 1 of anything but a sum of money."""
    match terms.case.face:
        case MoneyOff():
            off = times * _money_off(terms, facts)
            return off, checkout.take_from_whole(off)
        case PercentOff(share, up_to):  # REDEEM-10
            places = _passing(terms, checkout, facts)
            exact = share * sum(checkout.lines[place].left for place in places)
            off = min(rounded(exact, Rounding.HALF_UP), facts.amount)
            off = off if up_to is None else min(off, up_to)
            return off, checkout.take_share(off, places)
        case FreeItem(up_to):  # REDEEM-11
            place = _dearest(terms, checkout, facts)
            if place is None:
                return 0, checkout
            off = min(checkout.lines[place].left, facts.amount)
            off = off if up_to is None else min(off, up_to)
            return off, checkout.make_free(place, off)
        case UnitsGiven() | BalanceGiven() | Thing():
            return 0, checkout
        case _:
            assert_never(terms.case.face)


def _money_off(terms: _Terms, facts: Facts) -> int:
    """What the next use of a sum of money takes off (REDEEM-2)."""
    face = terms.case.face
    if not isinstance(face, MoneyOff):
        return 0
    return face.minor if face.in_full or not terms.request.at_purchase else min(face.minor, facts.amount)


def _passing(terms: _Terms, checkout: Checkout, facts: Facts) -> list[int]:
    """The lines that a percentage is of; a purchase without items is one line of its whole basket."""
    places = range(len(checkout.lines))
    return [place for place in places if checkout.passes(place, terms.request.reward.items, facts)]


def _dearest(terms: _Terms, checkout: Checkout, facts: Facts) -> int | None:
    """The line that would be free: the one with most left, the first at ties (REDEEM-11)."""
    places = [
        place
        for place in _passing(terms, checkout, facts)
        if not checkout.lines[place].free
        and checkout.lines[place].left
        and not (terms.item_fields and checkout.lines[place].fields is None)
    ]
    return max(places, key=lambda place: checkout.lines[place].left, default=None)


def _obstacle(terms: _Terms, facts: Facts, usage: Usage, plan: Plan) -> Obstacle | Gate | Limit | None:
    """The first thing in the way of the next use, in the order of REDEEM-7; `None` when it is possible.

    Args:
        plan: the uses planned so far.
    """
    request, reward = terms.request, terms.request.reward
    if not reward.benefit:
        have = facts.available[reward.currency]
        if have < max(1, _price(terms.case, reward, facts)):
            return Obstacle.SHORT_BALANCE
        if have < reward.minimum_balance:
            return Obstacle.MINIMUM_BALANCE
        if isinstance(terms.case.face, BalanceGiven) and not _given(terms, facts):
            return Obstacle.SHORT_BALANCE
    if not request.at_purchase and _needs_purchase(terms):  # REDEEM-4
        return Obstacle.NO_PURCHASE
    if facts.basket < reward.minimum_basket:
        return Obstacle.MINIMUM_BASKET
    if not dates_hold(reward.dates, request.day):
        return Obstacle.DATES
    gate = next((gate for gate in reward.gates if holds(gate.condition, facts)), None)
    if gate is not None and not plan.times:  # GATE-2
        return gate
    if not holds(reward.when, facts):
        return Obstacle.WHEN
    if request.at_purchase and _nothing_to_pay(terms, facts, plan):
        return Obstacle.NOTHING_TO_PAY
    off, _ = _taken_off(terms, facts, plan.checkout, 1)
    for limit in binding(reward.limits, facts):  # REDEEM-5, LIMIT-2
        wanted = plan.off + off if limit.of is LimitOf.UNITS else plan.times + 1
        if wanted > usage.room(limit, request.day):
            return limit
    return None


def _needs_purchase(terms: _Terms) -> bool:
    """Whether a use makes no sense outside a purchase; a benefit's event has fields of its own."""
    reward, face = terms.request.reward, terms.case.face
    if isinstance(face, PercentOff | FreeItem):
        return True
    if reward.benefit:
        return isinstance(face, MoneyOff)
    asked = (reward.when, *(gate.condition for gate in reward.gates))
    return reward.at != PURCHASE or bool(reward.minimum_basket) or any(reads_event(each) for each in asked)


def _nothing_to_pay(terms: _Terms, facts: Facts, plan: Plan) -> bool:
    """Whether nothing is left that the next use could take off."""
    match terms.case.face:
        case MoneyOff(_, in_full):
            return not in_full and facts.amount == 0
        case PercentOff():  # once an event
            left = sum(plan.checkout.lines[place].left for place in _passing(terms, plan.checkout, facts))
            return facts.amount == 0 or plan.times > 0 or left == 0
        case FreeItem():
            return facts.amount == 0 or _dearest(terms, plan.checkout, facts) is None
        case UnitsGiven() | BalanceGiven() | Thing():
            return False
        case _:
            assert_never(terms.case.face)


# ---- uses that are planned at once


def _uses_alike(terms: _Terms, facts: Facts, usage: Usage, plan: Plan) -> int:
    """How many uses go as the next one does, which is possible: each takes off the same, and before each one
    every question of REDEEM-1 has the same answer. At least 1; too few only cost another look."""
    reward, off = terms.request.reward, _money_off(terms, facts)
    price = terms.case.price
    if reward.taking is Taking.RECEIVED:  # asks nothing that a use changes, but for its limits
        rooms = [usage.room(limit, terms.request.day) - plan.times for limit in reward.limits]
        return max(1, min(rooms, default=_ALWAYS))
    if terms.case.whole_balance or reward.benefit or isinstance(terms.case.face, PercentOff | FreeItem):
        return 1
    if 0 < facts.amount < off:
        return 1  # what is left of the amount is less than a use takes off
    spare = facts.available[reward.currency] - max(price, reward.minimum_balance)
    counts = [spare // price + 1]
    if facts.amount and off:
        counts.append(facts.amount // off)
    for limit in binding(reward.limits, facts):
        room = usage.room(limit, terms.request.day)
        if limit.of is LimitOf.TIMES:
            counts.append(room - plan.times)
        elif off:
            counts.append((room - plan.off) // off)
    asked = [when for when in (reward.when, *(limit.when for limit in reward.limits)) if when is not None]
    if asked:
        _, after = _after_uses(terms, facts, plan, 1)
        counts += [_steady_for(when, facts, after) for when in asked]
    return max(1, min(counts))


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
