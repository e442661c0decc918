"""The oracle: what a program does with a group's events, one at a time, exactly and in the open.

It is written from `docs/semantics.md`, whose clause ids stand beside the lines that carry them out, and
it is meant to be read. It shares no code with the compiled evaluator, which has to agree with it (SAME-1).

Invariants: after every event each account's lots add up to its balance and LEDGER-1 holds; a refused event
leaves its member as it was, but for the midnight work on the way to it.
"""

from collections.abc import Iterable, Mapping

import attrs

from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.events import REDEEM, RETURN, Event
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.groups import advance, open_group
from loyalty_dsl.evaluation.ledger import Obstacle, Posting, Refusal, Totals
from loyalty_dsl.evaluation.members import (
    Group,
    HeldOut,
    Luck,
    Member,
    facts_of,
    facts_on,
    nobodys_holdout,
    nobodys_luck,
)
from loyalty_dsl.evaluation.membership import follow_memberships
from loyalty_dsl.evaluation.occurring import enter_clocks, join, occur
from loyalty_dsl.evaluation.posting import totals_of
from loyalty_dsl.evaluation.promotions import Silence
from loyalty_dsl.evaluation.redeeming import take_benefits_and_rewards
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.returning import obstacle_to_return, take_back
from loyalty_dsl.evaluation.sending import refusal_to_receive
from loyalty_dsl.evaluation.sent_parts import at_recipient
from loyalty_dsl.evaluation.striking import mark_reached, set_reached, set_silences
from loyalty_dsl.evaluation.witness import Ended, EventBegan, GateAsked
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import EarnRule, Limit, Program, Reward
from loyalty_dsl.language.program import Group as Grouped
from loyalty_dsl.language.types import JOIN, UNSAID


@attrs.frozen
class Outcome:
    """What an event did.

    Attributes:
        postings: of the member who did it: of the midnight work on the way to the event, then of the event.
        amount: minor units left of the basket after rewards.
        off: minor units that rewards took off.
        uses: the rewards used, in the order of their use, at thresholds that the event reached too.
        refusals: of the event, or of the reward chosen at it.
        silent: earn rules about such an event that posted nothing, by index, and why.
        asked: what the earn rules saw, where they were asked.
    """

    event: Event
    postings: tuple[Posting, ...]
    amount: int
    off: int
    uses: tuple[Use, ...]
    refusals: tuple[Refusal, ...]
    silent: tuple[tuple[int, Silence], ...]
    asked: Facts | None = None


@attrs.frozen
class MemberRun:
    """All that happened to one member, and the state as of the end of the last day.

    Attributes:
        totals: one for each currency, by index.
        usage: what each limit has used in the window that holds the last day, by the limit's index; 0
            for a limit per event.
        uses: the uses of each reward, by index, summed.
        counters: what each counter has in the window that holds the last day, by index.
        grants: (ladder, level, last day) of each level with a grant that is live on the last day.
        debts: what is owed in each currency, by index.
        together: what was counted against limits for everyone, by index and day.
    """

    postings: tuple[Posting, ...]
    totals: tuple[Totals, ...]
    usage: tuple[int, ...]
    uses: tuple[Use, ...]
    refusals: tuple[Refusal, ...]
    counters: tuple[int, ...] = ()
    grants: tuple[tuple[int, int, int], ...] = ()
    debts: tuple[int, ...] = ()
    together: tuple[tuple[tuple[int, int], int], ...] = ()


def apply(group: Group, event: Event) -> Outcome:
    """Carries out one event of the member in its slot (EVENT-1).

    Args:
        event: not earlier than the group's events so far; of a transfer to another member, what it is to
            its sender.

    Raises:
        ValueError: if it is earlier; a reader refuses such rows before they get here.
    """
    if event.day < group.today:
        raise ValueError(f"event {event.id} comes after a later day was reached")
    if group.witness is None:
        return _carry_out(group, event)
    member = group.members[event.slot]
    today = max(group.today, min(event.day, group.program.starts))
    group.witness(EventBegan(event, facts_on(group, member, today, today)))
    outcome = _carry_out(group, event)
    group.witness(Ended(facts_on(group, member, event.day, event.day), outcome))
    return outcome


def _carry_out(group: Group, event: Event) -> Outcome:
    program, member = group.program, group.members[event.slot]
    before = len(member.journal)
    advance(group, event.day)  # step 1
    refusal = _refusal_at_the_door(program, member, event)
    if refusal is not None:  # EVENT-2
        return Outcome(event, tuple(member.journal[before:]), event.basket, 0, (), (refusal,), ())
    if event.recipient >= 0 and (refusal := refusal_to_receive(group, event)) is not None:  # SEND-2
        return Outcome(event, tuple(member.journal[before:]), 0, 0, (), (refusal,), ())
    fields, referred = member.fields, member.referred
    if event.member:  # MEMBER-1
        told = zip(fields, event.member, strict=True)
        member.fields = tuple(held if said == UNSAID else said for held, said in told)
    member.referred = referred or event.referred  # MEMBER-2
    shut = _shut_gate(group, member, event)
    if shut is not None:  # GATE-1
        member.fields, member.referred = fields, referred
        refusal = refuse(program, event.id, event.day, shut, None)
        return Outcome(event, tuple(member.journal[before:]), event.basket, 0, (), (refusal,), ())
    if event.kind == RETURN:
        take_back(group, member, event)
        enter_clocks(group, member, event.day)
        advance(group, event.day)  # CLOCK-5
        return Outcome(event, tuple(member.journal[before:]), event.basket, 0, (), (), ())
    mark_reached(group, member, event.day)
    member.usage.event += 1
    member.latest = (event.day, member.latest[1] + 1 if member.latest[0] == event.day else 1)  # EARN-12
    taken = take_benefits_and_rewards(  # step 2
        group, member, event, lambda amount: facts_of(group, member, event, amount)
    )
    if event.kind == REDEEM and taken.refusals:  # EVENT-2
        member.fields, member.referred = fields, referred
        return Outcome(event, tuple(member.journal[before:]), 0, 0, (), taken.refusals, ())
    if member.joined is None and not _by_friend(program, event):  # JOIN-1
        join(group, member, event.day)
    enter_clocks(group, member, event.day)  # CLOCK-2
    occurred = occur(group, member, event, taken)  # steps 3 to 10
    used = len(member.uses)
    follow_memberships(group, member, event)
    set_silences(group, member, event.kind, event.day)  # CLOCK-6
    set_reached(group, member, event.day)
    advance(group, event.day)  # CLOCK-4
    if event.recipient >= 0:  # SEND-4
        apply(group, at_recipient(program, event))
    return Outcome(
        event=event,
        postings=tuple(member.journal[before:]),
        amount=taken.checkout.amount,  # AMT-2
        off=sum(use.off for use in taken.uses),
        uses=(*taken.uses, *occurred.issued, *(use for _, use in member.uses[used:])),
        refusals=taken.refusals,
        silent=occurred.silent,
        asked=occurred.asked,
    )


def run(
    program: Program,
    events: Iterable[Event],
    last_day: int,
    closed: Mapping[tuple[int, int], int] | None = None,
    *,
    luck: Luck = nobodys_luck,
    held_out: HeldOut = nobodys_holdout,
) -> MemberRun:
    """Carries out the events of a member who is a group of one, as `run_group` does."""
    (only,) = run_group(program, 1, events, last_day, closed, luck=luck, held_out=held_out)
    return only


def run_group(
    program: Program,
    size: int,
    events: Iterable[Event],
    last_day: int,
    closed: Mapping[tuple[int, int], int] | None = None,
    *,
    luck: Luck = nobodys_luck,
    held_out: HeldOut = nobodys_holdout,
) -> tuple[MemberRun, ...]:
    """Carries out a group's events in order, and the midnight work through `last_day` (TIME-5).

    Args:
        size: how many members the group has; the events' slots are below it.
        closed: of limits for everyone, as `Usage` has it (LIMIT-9).
        luck, held_out: of the members, by slot, for rules with a chance and audiences with a holdout.

    Returns:
        What happened to each member, by slot.
    """
    group = open_group(program, size)
    group.luck, group.held_out = luck, held_out
    for member in group.members:
        member.usage.closed = closed or {}
    outcomes: list[list[Outcome]] = [[] for _ in group.members]
    for event in events:
        outcomes[event.slot].append(apply(group, event))
    advance(group, last_day)
    return tuple(
        _summary(group, member, its, last_day) for member, its in zip(group.members, outcomes, strict=True)
    )


def _summary(group: Group, member: Member, outcomes: list[Outcome], last_day: int) -> MemberRun:
    program = group.program
    usage = [0] * program.limit_count
    for limit in limits_of(program):
        if limit.window is not None:
            usage[limit.index] = member.usage.in_window(limit, last_day)
    return MemberRun(
        postings=tuple(member.journal),
        totals=totals_of(member),
        usage=tuple(usage),
        uses=tuple(_all_uses(member, reward) for reward in program.rewards),
        refusals=tuple(refusal for outcome in outcomes for refusal in outcome.refusals),
        counters=facts_on(group, member, last_day, last_day).counters,
        grants=tuple(
            (ladder, level, through)
            for ladder, standing in enumerate(member.ladders)
            for level, through in enumerate(standing.through)
            if through >= last_day
        ),
        debts=tuple(account.debt for account in member.accounts),
        together=tuple(member.usage.together.items()),
    )


def _all_uses(member: Member, reward: Reward) -> Use:
    """All uses of a reward, at events and at midnights."""
    its = [use for _, use in member.uses if use.reward == reward.index]
    times, off = sum(use.times for use in its), sum(use.off for use in its)
    given = sum(use.given for use in its)
    return Use(reward.index, times, off, cost_of(reward, times, off, given), given)


def limits_of(program: Program) -> list[Limit]:
    """Every limit of a program."""
    limited: tuple[EarnRule | Reward | Grouped, ...] = (*program.earns, *program.groups, *program.rewards)
    return [limit for each in limited for limit in each.limits]


# ---- the steps of an event


def _refusal_at_the_door(program: Program, member: Member, event: Event) -> Refusal | None:
    obstacle = None
    if event.day < program.starts:  # EVENT-2
        obstacle = Obstacle.BEFORE_START
    elif event.kind == JOIN and member.joined is not None:  # JOIN-1
        obstacle = Obstacle.ALREADY_JOINED
    elif event.kind == RETURN:  # RETURN-1
        obstacle = obstacle_to_return(program, member, event)
    return None if obstacle is None else refuse(program, event.id, event.day, obstacle, None)


def _shut_gate(group: Group, member: Member, event: Event) -> Gate | None:
    """The first gate of the event that refuses it, on the member as the event says it is (GATE-1)."""
    gates = [gate for gate in group.program.gates if gate.event == event.kind]
    if not gates:
        return None
    facts = facts_of(group, member, event, event.basket)
    for gate in gates:
        shut = holds(gate.condition, facts)
        if group.witness is not None:
            group.witness(GateAsked(gate, facts, shut))
        if shut:
            return gate
    return None


def _by_friend(program: Program, event: Event) -> bool:
    """Whether it is a friend who did it, which makes nobody a member (JOIN-1)."""
    return any(friend.event == event.kind for friend in program.friend_kinds)
