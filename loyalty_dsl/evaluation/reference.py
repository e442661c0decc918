"""The oracle: what a program does with a group's events, one at a time, exactly and in the open.

It is written from `docs/semantics.md`, whose clause ids stand beside the lines that carry them out, and
it is meant to be read. It shares no code with the compiled evaluator, which has to agree with it (SAME-1).

Invariants: after every event each account's lots add up to its balance and LEDGER-1 holds; a refused event
leaves its member as it was, but for the midnight work on the way to it.
"""

from collections.abc import Iterable
from enum import Enum

import attrs

from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.earning import RunningTotal, exact_amount
from loyalty_dsl.evaluation.events import REDEEM, Event
from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds
from loyalty_dsl.evaluation.groups import Group, Member, advance, open_group, post_lot, totals_of
from loyalty_dsl.evaluation.ledger import Obstacle, Posting, PostingKind, Refusal, Totals
from loyalty_dsl.evaluation.redemption import Plan, Request, Use, plan_uses
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.program import EarnRule, Limit, Program, Reward, Trigger
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import JOIN, PURCHASE


class Silence(Enum):
    """Why an earn rule posted nothing at an event of a kind that it is about. The value completes
    "posted nothing: ..."."""

    WHERE = "its `where` does not hold"
    DATES = "its `dates` do not hold on this day"
    WHEN = "its `when` does not hold"
    NOTHING = "it comes to 0"
    LIMIT = "its limit is used up"


@attrs.frozen
class Outcome:
    """What an event did.

    Attributes:
        postings: of the member: of the midnight work on the way to the event, then of the event.
        amount: minor units left of the basket after rewards.
        off: minor units that rewards took off.
        uses: the rewards used, in the order of their use.
        refusals: of the event, or of the reward chosen at it.
        silent: earn rules about such an event that posted nothing, by index, and why.
    """

    event: Event
    postings: tuple[Posting, ...]
    amount: int
    off: int
    uses: tuple[Use, ...]
    refusals: tuple[Refusal, ...]
    silent: tuple[tuple[int, Silence], ...]


@attrs.frozen
class MemberRun:
    """All that happened to one member, and the state as of the end of the last day.

    Attributes:
        totals: one for each currency, by index.
        usage: what each limit has used in the window that holds the last day, by the limit's index; 0
            for a limit per event.
        uses: the uses of each reward, by index, summed.
    """

    postings: tuple[Posting, ...]
    totals: tuple[Totals, ...]
    usage: tuple[int, ...]
    uses: tuple[Use, ...]
    refusals: tuple[Refusal, ...]


def apply(group: Group, event: Event) -> Outcome:
    """Carries out one event of the member in its slot (EVENT-1).

    Args:
        event: not earlier than the group's events so far.

    Raises:
        ValueError: if it is earlier; a reader refuses such rows before they get here.
    """
    if event.day < group.today:
        raise ValueError(f"event {event.id} comes after a later day was reached")
    program, member = group.program, group.members[event.slot]
    before = len(member.journal)
    advance(group, event.day)  # step 1
    refusal = _refusal_at_the_door(program, member, event)
    if refusal is not None:  # EVENT-2
        return Outcome(event, tuple(member.journal[before:]), event.basket, 0, (), (refusal,), ())
    member.usage.event += 1
    uses, refusals = _take_rewards(program, member, event)  # step 2
    if member.joined is None and not (event.kind == REDEEM and refusals):  # EVENT-2, JOIN-1
        member.joined = event.day
    off = sum(use.off for use in uses)
    amount = max(0, event.basket - off)  # step 3, AMT-2
    silent = _earn(group, member, event, amount)  # steps 4 and 5
    return Outcome(
        event=event,
        postings=tuple(member.journal[before:]),
        amount=amount,
        off=off,
        uses=tuple(uses),
        refusals=refusals,
        silent=silent,
    )


def run(program: Program, events: Iterable[Event], last_day: int) -> MemberRun:
    """Carries out the events of a member who is a group of one, as `run_group` does."""
    (only,) = run_group(program, 1, events, last_day)
    return only


def run_group(program: Program, size: int, events: Iterable[Event], last_day: int) -> tuple[MemberRun, ...]:
    """Carries out a group's events in order, and the midnight work through `last_day` (TIME-5).

    Args:
        size: how many members the group has; the events' slots are below it.

    Returns:
        What happened to each member, by slot.
    """
    group = open_group(program, size)
    outcomes: list[list[Outcome]] = [[] for _ in group.members]
    for event in events:
        outcomes[event.slot].append(apply(group, event))
    advance(group, last_day)
    return tuple(
        _summary(program, member, its, last_day) for member, its in zip(group.members, outcomes, strict=True)
    )


def _summary(program: Program, member: Member, outcomes: list[Outcome], last_day: int) -> MemberRun:
    uses = []
    for reward in program.rewards:
        its = [use for outcome in outcomes for use in outcome.uses if use.reward == reward.index]
        times, off = sum(use.times for use in its), sum(use.off for use in its)
        uses.append(Use(reward.index, times, off, cost_of(reward, times, off)))
    usage = [0] * program.limit_count
    for limit in limits_of(program):
        if limit.window is not None:
            usage[limit.index] = member.usage.in_window(limit, last_day)
    return MemberRun(
        postings=tuple(member.journal),
        totals=totals_of(member),
        usage=tuple(usage),
        uses=tuple(uses),
        refusals=tuple(refusal for outcome in outcomes for refusal in outcome.refusals),
    )


def limits_of(program: Program) -> list[Limit]:
    """Every limit of a program."""
    rules: tuple[EarnRule | Reward, ...] = (*program.earns, *program.rewards)
    return [limit for rule in rules for limit in rule.limits]


# ---- the steps of an event


def _refusal_at_the_door(program: Program, member: Member, event: Event) -> Refusal | None:
    if event.day < program.starts:  # EVENT-2
        return refuse(program, event.id, event.day, Obstacle.BEFORE_START, None)
    if event.kind == JOIN and member.joined is not None:  # JOIN-1
        return refuse(program, event.id, event.day, Obstacle.ALREADY_JOINED, None)
    return None


def _facts(member: Member, event: Event, amount: int) -> Facts:
    joined = event.day if member.joined is None else member.joined
    return Facts(event.fields, event.basket, amount, member.available(), event.day - joined)


def _take_rewards(program: Program, member: Member, event: Event) -> tuple[list[Use], tuple[Refusal, ...]]:
    """The chosen reward, then the automatic ones in declared order (EVENT-1)."""
    uses: list[Use] = []
    refusals: tuple[Refusal, ...] = ()
    checkout = event.kind == PURCHASE  # EVENT-3

    def plan(reward: Reward, at_most: int | None) -> Plan:
        left = max(0, event.basket - sum(use.off for use in uses))
        facts = _facts(member, event, left)
        return plan_uses(Request(reward, event.day, checkout, at_most), facts, member.usage)

    if event.redeem is not None:
        index, times = event.redeem
        reward = program.rewards[index]
        planned = plan(reward, times)
        if planned.stopped_by is not None:  # REDEEM-3
            refusals = (refuse(program, event.id, event.day, planned.stopped_by, reward),)
        elif planned.times:
            uses.append(_use(member, event, reward, planned))
    if checkout:
        for reward in program.rewards:
            if reward.taking is Taking.AT_CHECKOUT:  # REDEEM-1
                planned = plan(reward, None)
                if planned.times:
                    uses.append(_use(member, event, reward, planned))
    return uses, refusals


def _use(member: Member, event: Event, reward: Reward, plan: Plan) -> Use:
    """Carries out a plan: the lots that pay for it, and what it counts against limits."""
    times, off = plan.times, plan.off
    for taken in member.accounts[reward.currency].spend(times * reward.price):  # LOT-3
        posting = Posting(
            kind=PostingKind.REDEEMED,
            day=event.day,
            event=event.id,
            name=reward.name,
            currency=reward.currency,
            available=0,
            expiry=taken.expiry,
            units=taken.units,
        )
        member.journal.append(posting)
    member.usage.count(reward.limits, event.day, units=off, times=times)
    return Use(reward.index, times, off, cost_of(reward, times, off))


def _earn(group: Group, member: Member, event: Event, amount: int) -> tuple[tuple[int, Silence], ...]:
    """The earn rules in declared order, then the lots (EVENT-1)."""
    program = group.program
    facts = _facts(member, event, amount)  # EARN-1: the balance includes nothing that this event earns
    totals = [RunningTotal(currency) for currency in program.currencies]
    earned: list[tuple[EarnRule, int]] = []
    silent: list[tuple[int, Silence]] = []
    for rule in program.earns:
        triggers = [trigger for trigger in rule.triggers if trigger.event == event.kind]
        if not triggers:
            continue
        why = _silence(rule, triggers, event.day, facts)
        if why is None:
            total = totals[rule.currency]
            exact = exact_amount(rule, event, facts)
            uncut = total.units(exact)
            posted = member.usage.fitting(rule.limits, event.day, uncut)  # LIMIT-1
            total.add(exact, uncut, posted)  # LIMIT-5
            if posted:
                member.usage.count(rule.limits, event.day, units=posted, times=1)  # LIMIT-2
                earned.append((rule, posted))
                continue
            why = Silence.LIMIT if uncut else Silence.NOTHING  # EARN-5
        silent.append((rule.index, why))
    for rule, units in earned:
        post_lot(
            group,
            member,
            PostingKind.EARNED,
            rule.currency,
            units=units,
            earned=event.day,
            name=rule.name,
            event=event.id,
        )
    return tuple(silent)


def _silence(rule: EarnRule, triggers: list[Trigger], day: int, facts: Facts) -> Silence | None:
    """Why a rule does not fire, or `None` when it does (EARN-1)."""
    if not any(holds(trigger.where, facts) for trigger in triggers):
        return Silence.WHERE
    if not dates_hold(rule.dates, day):
        return Silence.DATES
    if not holds(rule.when, facts):
        return Silence.WHEN
    return None
