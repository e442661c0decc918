"""The oracle: what a program does with a group's events, one at a time, exactly and in the open.

It is written from `docs/semantics.md`, whose clause ids stand beside the lines that carry them out, and
it is meant to be read. It shares no code with the compiled evaluator, which has to agree with it (SAME-1).

Invariants: after every event each account's lots add up to its balance and LEDGER-1 holds; a refused event
leaves its member as it was, but for the midnight work on the way to it.
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.evaluation.checkout import Checkout
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.events import REDEEM, Event
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.groups import Group, Member, advance, open_group, post_lot, totals_of
from loyalty_dsl.evaluation.ledger import Obstacle, Posting, PostingKind, Refusal, Totals
from loyalty_dsl.evaluation.promotions import Silence, earn
from loyalty_dsl.evaluation.redeeming import take_benefits_and_rewards
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.wording import refuse
from loyalty_dsl.language.program import EarnRule, Limit, Program, Reward
from loyalty_dsl.language.types import JOIN


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
    taken = take_benefits_and_rewards(
        group, member, event, lambda amount: _facts(member, event, amount)
    )  # step 2
    if member.joined is None and not (event.kind == REDEEM and taken.refusals):  # EVENT-2, JOIN-1
        member.joined = member.usage.joined = event.day
    silent = _earn(group, member, event, taken.checkout)  # steps 3 to 5
    return Outcome(
        event=event,
        postings=tuple(member.journal[before:]),
        amount=taken.checkout.amount,  # AMT-2
        off=sum(use.off for use in taken.uses),
        uses=taken.uses,
        refusals=taken.refusals,
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
        given = sum(use.given for use in its)
        uses.append(Use(reward.index, times, off, cost_of(reward, times, off, given), given))
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


def _earn(group: Group, member: Member, event: Event, checkout: Checkout) -> tuple[tuple[int, Silence], ...]:
    """The earn rules, then the lots (EVENT-1)."""
    program = group.program
    facts = _facts(member, event, checkout.amount)  # EARN-1: nothing that this event earns is in the balance
    earned = earn(program, member.usage, event, facts, checkout)
    for passed in earned.passed:
        rule = program.earns[passed.rule]
        post_lot(
            group,
            member,
            PostingKind.EARNED,
            rule.currency,
            units=passed.units,
            earned=event.day,
            name=rule.name,
            event=event.id,
        )
    return earned.silent
