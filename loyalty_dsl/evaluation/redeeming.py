"""Rewards and benefits carried out: what is used, what pays for it, and what it gives (REDEEM, BENEFIT).

Invariants: what is used was planned whole, so nothing is undone (REDEEM-3); each use sees what those before
it left of the balance, the amount and the items.
"""

from collections.abc import Callable

import attrs

from loyalty_dsl.evaluation.checkout import Checkout, checkout_of
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, Refusal
from loyalty_dsl.evaluation.limits import counting
from loyalty_dsl.evaluation.members import Group, Member
from loyalty_dsl.evaluation.posting import post_lot
from loyalty_dsl.evaluation.promotions import fires, triggers_of
from loyalty_dsl.evaluation.redemption import Plan, Request, Use, plan_uses
from loyalty_dsl.evaluation.witness import Posted, RewardAsked, RewardPassed, RewardUsed
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import PURCHASE

FactsAt = Callable[[int], Facts]
"""The facts of an event when so many minor units of its amount are left, as its member stands now."""


@attrs.frozen
class Taken:
    """What benefits and rewards did at an event.

    Attributes:
        uses: in the order of their use.
        refusals: of the reward that the member chose, if it was refused.
        checkout: what they left of the basket and its items.
    """

    uses: tuple[Use, ...]
    refusals: tuple[Refusal, ...]
    checkout: Checkout


@attrs.define(eq=False)
class _Taking:
    """One event's rewards as they go along."""

    group: Group
    member: Member
    event: Event
    facts_at: FactsAt
    checkout: Checkout
    uses: list[Use] = attrs.field(factory=list)

    @property
    def at_purchase(self) -> bool:
        return self.event.kind == PURCHASE  # EVENT-3

    def plan(self, reward: Reward, at_most: int | None, *, chosen: bool = False) -> Plan:
        facts = self.facts_at(self.checkout.amount)
        there = self.event.kind == (PURCHASE if reward.benefit else reward.at)  # REDEEM-4
        request = Request(reward, self.event.day, there, at_most)
        return _planned(self.group, self.member, request, facts, self.checkout, chosen=chosen)

    def use(self, reward: Reward, plan: Plan) -> None:
        if plan.times:
            self.checkout = plan.checkout
            self.uses.append(
                carry_out(
                    self.group,
                    self.member,
                    (self.event.id, self.event.day),
                    reward,
                    plan,
                    fields=self.event.fields,
                )
            )


def take_benefits_and_rewards(group: Group, member: Member, event: Event, facts_at: FactsAt) -> Taken:
    """The benefits of the event, the chosen reward, then the automatic ones (EVENT-1, step 2).

    Args:
        event: of any kind; a midnight has no basket and no items.
        facts_at: reads the member anew each time, as uses change the balance.
    """
    program = group.program
    taking = _Taking(group, member, event, facts_at, checkout_of(event, event.kind == PURCHASE))
    for reward in program.rewards:
        if reward.benefit and _befalls(reward, taking):  # BENEFIT-1
            times = _times(reward, member)
            if times:
                taking.use(reward, taking.plan(reward, times))
            elif group.witness is not None:
                group.witness(RewardPassed(reward.index, facts_at(taking.checkout.amount)))
        elif reward.taking is Taking.DEFAULTED and _befalls(reward, taking):  # MENU-3
            taking.use(reward, taking.plan(reward, None))
    refusals: tuple[Refusal, ...] = ()
    if event.redeem is not None:
        index, times = event.redeem
        reward = program.rewards[index]
        planned = taking.plan(reward, times or None, chosen=True)
        obstacle = planned.stopped_by if times or not planned.times else None  # REDEEM-9
        if obstacle is not None:  # REDEEM-3
            refusals = (refuse(program, event.id, event.day, obstacle, reward),)
        else:
            taking.use(reward, planned)
    if taking.at_purchase:
        for reward in program.rewards:
            if reward.taking is Taking.AT_CHECKOUT:  # REDEEM-1
                taking.use(reward, taking.plan(reward, None))
    return Taken(tuple(taking.uses), refusals, taking.checkout)


def _times(benefit: Reward, member: Member) -> int:
    """How often an event uses a benefit: once, or for each unit of what it counts (ALLOW-2)."""
    if benefit.counted < 0:
        return 1
    return max(0, min(benefit.most_counted, member.accounts[benefit.counted].available))


def _befalls(benefit: Reward, taking: _Taking) -> bool:
    """Whether the event triggers a benefit."""
    triggers = triggers_of(benefit, taking.event.kind)
    if not triggers:
        return False
    facts = taking.facts_at(taking.checkout.amount)
    befalls = fires(triggers, facts)
    if not befalls and taking.group.witness is not None:
        taking.group.witness(RewardPassed(benefit.index, facts))
    return befalls


def _planned(
    group: Group, member: Member, request: Request, facts: Facts, checkout: Checkout, *, chosen: bool = False
) -> Plan:
    """The uses that are possible, told to the group's witness."""
    plan = plan_uses(request, facts, member.usage, checkout, group.program)
    if group.witness is not None:
        usage, day = member.usage, request.day
        limits = request.reward.limits
        used = tuple((usage.in_window(limit, day), usage.room(limit, day)) for limit in limits)
        group.witness(RewardAsked(request.reward.index, request, facts, checkout, used, plan, chosen=chosen))
    return plan


def issue_after_earning(
    group: Group, member: Member, event: str, day: int, facts_now: Callable[[], Facts]
) -> tuple[Use, ...]:
    """The rewards that are issued automatically after earning, until none can be (EVENT-1, step 9).

    Args:
        event: the id of the event that earned; "" at midnight.
        facts_now: without a basket; reads the member anew each time, as uses change the balance.
    """
    uses: list[Use] = []
    rewards = [reward for reward in group.program.rewards if reward.taking is Taking.AFTER_EARNING]
    while True:
        before = len(uses)
        for reward in rewards:  # REDEEM-13
            request = Request(reward, day, at_purchase=False, at_most=None)
            plan = _planned(group, member, request, facts_now(), Checkout(0, ()))
            if plan.times:
                uses.append(carry_out(group, member, (event, day), reward, plan))
        if len(uses) == before:
            return tuple(uses)


def carry_out(
    group: Group,
    member: Member,
    at: tuple[str, int],
    reward: Reward,
    plan: Plan,
    *,
    fields: tuple[int, ...] = (),
) -> Use:
    """Carries out a plan: the lots that pay for it, what it gives, and what it counts against limits.

    Args:
        at: the id of the event, "" at midnight, and its day.
        fields: the values of the event's fields.
    """
    event, day = at
    if plan.price:
        for taken in member.accounts[reward.currency].spend(plan.price):  # LOT-3
            posting = Posting(
                kind=PostingKind.SENT if reward.taking is Taking.SENT else PostingKind.REDEEMED,  # SEND-3
                day=day,
                event=event,
                name=reward.name,
                currency=reward.currency,
                available=0,
                expiry=taken.expiry,
                units=taken.units,
            )
            member.journal.append(posting)
            if group.witness is not None:
                group.witness(Posted(member.slot, posting, taken.lot))
    limits = counting(reward.limits, fields)  # LIMIT-11
    member.usage.count(limits, day, units=plan.off, times=plan.times)
    if plan.given:  # REDEEM-12
        post_lot(
            group,
            member,
            PostingKind.RECEIVED if reward.taking is Taking.RECEIVED else PostingKind.EARNED,
            plan.given_of,
            units=plan.given,
            earned=day,
            name=reward.name,
            event=event,
        )
    use = Use(
        reward=reward.index,
        times=plan.times,
        off=plan.off,
        cost=cost_of(reward, plan.times, plan.off, plan.given),
        given=plan.given,
    )
    member.uses.append((day, use))
    if group.witness is not None:
        group.witness(RewardUsed(use, limits))
    return use
