"""The oracle: what a program does with a member's events, one at a time, exactly and in the open.

It is written from `docs/semantics.md`, whose clause ids stand beside the lines that carry them out, and
it is meant to be read. It shares no code with the compiled evaluator, which has to agree with it (SAME-1).

Invariants: a member's clock never goes back; after every event each account's lots add up to its balance
and LEDGER-1 holds; a refused event leaves the member as it was, but for the midnight work on the way to
it. Work that is due at a midnight waits in one agenda, ordered by (day, rank, declaration), where a
further kind of work is a further rank and a group of members would be one agenda for all its slots.
"""

from collections.abc import Iterable
from enum import Enum, IntEnum
from heapq import heappop, heappush

import attrs

from loyalty_dsl.calendar import NEVER, format_day
from loyalty_dsl.evaluation.accounts import Account, Lot, available_day, expiry_day
from loyalty_dsl.evaluation.earning import RunningTotal, exact_amount
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts, dates_hold, holds
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, Refusal, RefusalKind, Totals, flows_of
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.evaluation.redemption import Plan, Request, Use, cost_of, plan_uses
from loyalty_dsl.language.program import EarnRule, Limit, Program, Reward, Trigger
from loyalty_dsl.language.types import JOIN, PURCHASE


class Rank(IntEnum):
    """The order of what falls due at one midnight (TIME-4); the gaps are kept for what comes later."""

    MATURE = 10
    EXPIRE = 30


Due = tuple[int, Rank, int, int, Lot]
"""Day, rank, declaration (the currency), order of posting, and the lot: the key never reaches the lot."""


@attrs.define(eq=False)
class Member:
    """A member's state, changed in place by `advance` and `apply`.

    Attributes:
        accounts: one for each currency, by index.
        usage: what is used of each limit.
        joined: the joined day; `None` until there is one.
        today: midnight work is done up to and including this day.
        agenda: a heap of the work to come.
        journal: every posting so far, in the order in which it was made.
    """

    accounts: tuple[Account, ...]
    usage: Usage
    joined: int | None = None
    today: int = -(2**31)
    agenda: list[Due] = attrs.field(factory=list)
    journal: list[Posting] = attrs.field(factory=list)
    lots_made: int = 0

    def available(self) -> tuple[int, ...]:
        return tuple(account.available for account in self.accounts)


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
        postings: of the midnight work on the way to the event, then of the event.
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


def open_member(program: Program) -> Member:
    """Somebody who has not joined yet and has nothing."""
    return Member(
        accounts=tuple(Account(currency) for currency in program.currencies),
        usage=Usage.of(program.limit_count),
    )


def give_opening(member: Member, currency: int, units: int, earned: int) -> None:
    """Writes an opening lot; its pending time and expiry count from the day earned (SCEN-1)."""
    _post_lot(member, PostingKind.OPENING, member.accounts[currency], units, earned)


def advance(member: Member, day: int) -> tuple[Posting, ...]:
    """Does the midnight work of every day up to and including `day` (TIME-4).

    Returns:
        The postings that it made.
    """
    before = len(member.journal)
    while member.agenda and member.agenda[0][0] <= day:
        due, rank, currency, _, lot = heappop(member.agenda)
        account = member.accounts[currency]
        match rank:
            case Rank.MATURE:  # LOT-2: no posting, the balance is the same
                account.mature(lot)
            case Rank.EXPIRE:  # EXP-1
                lost = account.expire(lot)
                if lost:
                    posting = Posting(PostingKind.EXPIRED, due, "", "", currency, 0, lot.expiry, lost)
                    member.journal.append(posting)
    member.today = max(member.today, day)
    return tuple(member.journal[before:])


def apply(program: Program, member: Member, event: Event) -> Outcome:
    """Carries out one event (EVENT-1).

    Args:
        event: not earlier than the member's events so far.

    Raises:
        ValueError: if it is earlier; a reader refuses such rows before they get here.
    """
    if event.day < member.today:
        raise ValueError(f"event {event.id} comes after a later day was reached")
    before = len(member.journal)
    advance(member, event.day)  # step 1
    refusal = _refusal_at_the_door(program, member, event)
    if refusal is not None:  # EVENT-2
        return Outcome(event, tuple(member.journal[before:]), event.basket, 0, (), (refusal,), ())
    if member.joined is None:
        member.joined = event.day  # JOIN-1
    member.usage.event += 1
    uses, refusals = _take_rewards(program, member, event)  # step 2
    off = sum(use.off for use in uses)
    amount = max(0, event.basket - off)  # step 3, AMT-2
    silent = _earn(program, member, event, amount)  # steps 4 and 5
    return Outcome(
        event=event,
        postings=tuple(member.journal[before:]),
        amount=amount,
        off=off,
        uses=tuple(uses),
        refusals=refusals,
        silent=silent,
    )


def totals_of(member: Member) -> tuple[Totals, ...]:
    """The member's figures in each currency, as of now; the outstanding is that of the lots."""
    return tuple(
        attrs.evolve(
            flows_of(member.journal, account.currency.index),
            pending=account.pending,
            outstanding=account.outstanding,
        )
        for account in member.accounts
    )


def run(program: Program, events: Iterable[Event], last_day: int) -> MemberRun:
    """Carries out a member's events in order, and the midnight work through `last_day` (TIME-5)."""
    member = open_member(program)
    refusals: list[Refusal] = []
    uses = [Use(reward.index, 0, 0, cost_of(reward, 0, 0)) for reward in program.rewards]
    for event in events:
        outcome = apply(program, member, event)
        refusals += outcome.refusals
        for use in outcome.uses:
            so_far = uses[use.reward]
            reward = program.rewards[use.reward]
            times, off = so_far.times + use.times, so_far.off + use.off
            uses[use.reward] = Use(use.reward, times, off, cost_of(reward, times, off))
    advance(member, last_day)
    usage = [0] * program.limit_count
    for limit in limits_of(program):
        if limit.window is not None:
            usage[limit.index] = member.usage.in_window(limit, last_day)
    return MemberRun(tuple(member.journal), totals_of(member), tuple(usage), tuple(uses), tuple(refusals))


def limits_of(program: Program) -> list[Limit]:
    """Every limit of a program."""
    rules: tuple[EarnRule | Reward, ...] = (*program.earns, *program.rewards)
    return [limit for rule in rules for limit in rule.limits]


# ---- the steps of an event


def _refusal_at_the_door(program: Program, member: Member, event: Event) -> Refusal | None:
    if event.day < program.starts:  # EVENT-2
        reason = f"the program starts on {format_day(program.starts)}"
        return Refusal(event.id, event.day, RefusalKind.BEFORE_START, "", reason)
    if event.kind == JOIN and member.joined is not None:  # JOIN-1
        reason = f"the member joined on {format_day(member.joined)}"
        return Refusal(event.id, event.day, RefusalKind.ALREADY_JOINED, "", reason)
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
        return plan_uses(program, Request(reward, event.day, checkout, at_most), facts, member.usage)

    if event.redeem is not None:
        index, times = event.redeem
        reward = program.rewards[index]
        planned = plan(reward, times)
        if len(planned.offs) == times:
            uses.append(_use(member, event, reward, planned))
        else:  # REDEEM-3
            reason = f"`{reward.name}`: {planned.stopped_by}"
            refusals = (Refusal(event.id, event.day, RefusalKind.REWARD, reward.name, reason),)
    if checkout:
        for reward in program.rewards:
            if reward.automatic:  # REDEEM-1
                planned = plan(reward, None)
                if planned.offs:
                    uses.append(_use(member, event, reward, planned))
    return uses, refusals


def _use(member: Member, event: Event, reward: Reward, plan: Plan) -> Use:
    """Carries out a plan: the lots that pay for it, and what it counts against limits."""
    times, off = len(plan.offs), sum(plan.offs)
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


def _earn(program: Program, member: Member, event: Event, amount: int) -> tuple[tuple[int, Silence], ...]:
    """The earn rules in declared order, then the lots (EVENT-1)."""
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
        account = member.accounts[rule.currency]
        _post_lot(member, PostingKind.EARNED, account, units, event.day, name=rule.name, event=event.id)
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


def _post_lot(
    member: Member,
    kind: PostingKind,
    account: Account,
    units: int,
    earned: int,
    *,
    name: str = "",
    event: str = "",
) -> None:
    """Posts units as a lot (LOT-1) and enters what will happen to it in the agenda."""
    currency = account.currency
    available, expiry = available_day(currency, earned), expiry_day(currency, earned)
    order = member.lots_made
    member.lots_made += 1
    lot = Lot(currency.index, units, earned, available, expiry, order, name, event)
    account.hold(lot)
    member.journal.append(Posting(kind, earned, event, name, currency.index, available, expiry, units))
    if available > earned:
        heappush(member.agenda, (available, Rank.MATURE, currency.index, order, lot))
    if expiry != NEVER:
        heappush(member.agenda, (expiry, Rank.EXPIRE, currency.index, order, lot))
