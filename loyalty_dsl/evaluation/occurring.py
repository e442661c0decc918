"""What follows once an event's amount is fixed: earning, counters, status, what is issued (EVENT-1).

Invariant: an event and a midnight of a clock go the same way; only an event has a basket, items and fields.
"""

from collections.abc import Callable

import attrs

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.clocks import next_due
from loyalty_dsl.evaluation.counters import Move, counts_earning, counts_option, moves_of
from loyalty_dsl.evaluation.deciding import (
    begin_ladders_anew,
    decide_after_event,
    decide_before_earning,
    enter_review,
)
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.luck import AT_MIDNIGHT
from loyalty_dsl.evaluation.members import Group, Member, Original, Paid, Rank, enter, facts_of, facts_on
from loyalty_dsl.evaluation.posting import note_activity, post_lot
from loyalty_dsl.evaluation.promotions import Silence, earn
from loyalty_dsl.evaluation.redeeming import Taken, issue_after_earning, take_benefits_and_rewards
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.renewing import set_paid
from loyalty_dsl.evaluation.striking import mark_reached, mark_struck, set_reached
from loyalty_dsl.evaluation.witness import ClockBegan, CounterMoved, Ended, Joined
from loyalty_dsl.language.clocks import After, Clock, Falls, OnDay, Pays, Reaches, Rises
from loyalty_dsl.language.expiry import AfterActivity
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE


@attrs.frozen
class Occurred:
    """What an event did after its amount was fixed.

    Attributes:
        silent: rules about such an event that posted nothing, by index, and why.
        issued: rewards that were issued after earning.
        asked: what the rules saw.
    """

    silent: tuple[tuple[int, Silence], ...]
    issued: tuple[Use, ...]
    asked: Facts


def occur(group: Group, member: Member, event: Event, taken: Taken) -> Occurred:
    """Steps 4 to 10 of an event, or of the midnight of a clock (EVENT-1, CLOCK-3)."""
    program, day, checkout = group.program, event.day, taken.checkout
    facts = facts_of(group, member, event, checkout.amount)  # EARN-1: with nothing that this event earns
    moves = moves_of(program.counters, event, checkout, facts)
    if any(ladder.upgrade_before for ladder in program.ladders):  # step 4
        decide_before_earning(group, member, day, _moved(facts.counters, moves))
        facts = facts_of(group, member, event, checkout.amount)
    number = AT_MIDNIGHT if event.kind >= len(program.events) else member.latest[1]
    earned = earn(  # step 5
        program,
        member.usage,
        event,
        facts,
        checkout,
        luck=lambda rule: group.luck(member.slot, rule, day, number),  # EARN-12
        witness=group.witness,
    )
    paid = []
    for passed in earned.passed:  # step 6
        rule = program.earns[passed.rule]
        lot = post_lot(
            group,
            member,
            PostingKind.EARNED,
            rule.currency,
            units=passed.units,
            earned=day,
            name=rule.name,
            event=event.id,
            rule=rule,
            wait=passed.wait,
        )
        paid.append(Paid(passed, lot.available, lot.expiry))
    counted = counted_on(program, event)
    for move in moves:  # step 7
        move_counter(group, member, move.counter, counted, move.units)
    count_earning(group, member, counted, paid, lambda each: each.passed.units)
    _count_options(group, member, day, taken.uses)
    decide_after_event(group, member, day)  # step 8
    issued = issue_after_earning(  # step 9
        group, member, event.id, day, lambda: facts_on(group, member, day, day)
    )
    currencies = {program.earns[each.passed.rule].currency for each in paid}
    note_activities(
        group, member, day, kind=event.kind, uses=(*taken.uses, *issued), earned=currencies
    )  # step 10
    if _can_be_returned(program, event):
        member.originals[event.id] = Original(event, tuple(paid), tuple(moves))
    return Occurred(earned.silent, issued, facts)


def _moved(counters: tuple[int, ...], moves: list[Move]) -> tuple[int, ...]:
    """Counters as they will be when an event has moved them."""
    after = list(counters)
    for move in moves:
        after[move.counter] += move.units
    return tuple(after)


def counted_on(program: Program, event: Event) -> int:
    """The day on which an event moves counters: its own, or an earlier one that it names (COUNT-10)."""
    if not 0 <= event.kind < len(program.events):  # the midnight of a clock, or a redemption
        return event.day
    field = program.events[event.kind].counts_on
    said = NO_DATE if field is None else event.fields[field.index]
    return event.day if said == NO_DATE else min(said, event.day)


def move_counter(group: Group, member: Member, counter: int, day: int, units: int) -> None:
    """Moves a counter by what counts on a day; a return takes from it."""
    member.tallies[counter].add(day, units)
    if group.witness is not None and units:
        group.witness(CounterMoved(counter, day, units))


def count_earning(
    group: Group, member: Member, day: int, paid: list[Paid], units: Callable[[Paid], int]
) -> None:
    """Moves the counters of points earned on a day (COUNT-5)."""
    for counter in group.program.counters:
        for each in paid:
            if counts_earning(counter, each.passed.rule) and units(each):
                move_counter(group, member, counter.index, day, units(each))


def _count_options(group: Group, member: Member, day: int, uses: tuple[Use, ...]) -> None:
    """Moves the counters of points earned by what options of menus gave (MENU-4)."""
    for counter in group.program.counters:
        for use in uses:
            if counts_option(counter, use.reward) and use.given:
                move_counter(group, member, counter.index, day, use.given)


def note_activities(
    group: Group, member: Member, day: int, *, kind: int | None, uses: tuple[Use, ...], earned: set[int]
) -> None:
    """Starts again the clocks of the balances for which an event is an activity (EXP-8).

    Args:
        kind: of the event; `None` at midnight.
        earned: the currencies that rules posted.
    """
    rewards = group.program.rewards
    for account in member.accounts:
        expiry = account.currency.expiry
        if not isinstance(expiry, AfterActivity):
            continue
        activity = expiry.activity
        active = (
            kind in activity.events
            or (activity.earning and account.currency.index in earned)
            or (activity.redemption and any(rewards[use.reward].taking.redeems for use in uses))
            or any(use.reward in activity.rewards for use in uses)
        )
        if active:
            note_activity(group, member, account, day)


def _can_be_returned(program: Program, event: Event) -> bool:
    """Whether an event has an amount, in a program that knows returns (RETURN-1)."""
    events = program.events
    known = 0 <= event.kind < len(events)
    return program.returns is not None and known and events[event.kind].has_amount


# ---- joining, and the midnights that follow from it


def join(group: Group, member: Member, day: int) -> None:
    """Makes somebody a member: from here reviews and clocks come round (JOIN-1, CLOCK-1)."""
    member.joined = member.usage.joined = day
    if group.witness is not None:
        group.witness(Joined(day))
    after = max(day, group.today)
    for ladder in group.program.ladders:
        enter_review(group, member, ladder, after)
    enter_clocks(group, member, after)


def enter_clocks(group: Group, member: Member, after: int) -> None:
    """Enters the next midnight of each clock, anew where a date has changed (CLOCK-2)."""
    if member.joined is None:
        return
    for clock in group.program.clocks:
        _enter_clock(group, member, clock, max(after, member.joined), member.joined)


def _enter_clock(group: Group, member: Member, clock: Clock, after: int, joined: int) -> None:
    if isinstance(clock.at, Reaches | Falls | Rises | After | Pays):
        return
    due = next_due(clock, after, joined, member.fields)
    if due != member.clocks[clock.index]:
        member.clocks[clock.index] = due
        enter(group, member, due, Rank.CLOCK, clock.index)


def strike(group: Group, member: Member, clock: int, day: int) -> None:
    """Does what a clock triggers at a midnight (CLOCK-3), and enters its next one."""
    if member.clocks[clock] != day or member.joined is None:
        return
    if group.witness is not None:
        group.witness(ClockBegan(member.slot, clock, day))
    member.usage.event += 1
    struck = group.program.clocks[clock]
    if isinstance(struck.at, Reaches | Falls | Rises | After):
        member.clocks[clock] = NEVER
    if isinstance(struck.at, Reaches):
        mark_struck(group, member, struck, day)
    else:
        mark_reached(group, member, day)
    if isinstance(struck.at, OnDay):
        begin_ladders_anew(group, member, day)
    kind = len(group.program.events) + clock
    event = Event("", day, 0, kind, 0, (), (), None, member.slot)
    taken = take_benefits_and_rewards(
        group, member, event, lambda amount: facts_of(group, member, event, amount)
    )
    occur(group, member, event, taken)
    set_paid(group, member, struck, day, taken.uses)
    _enter_clock(group, member, struck, day, member.joined)
    set_reached(group, member, day)
    if group.witness is not None:
        group.witness(Ended(facts_on(group, member, day, day)))


def issue_at_midnight(group: Group, member: Member, day: int) -> None:
    """Issues what can be issued now that lots have matured (TIME-4)."""
    member.usage.event += 1
    uses = issue_after_earning(group, member, "", day, lambda: facts_on(group, member, day, day))
    note_activities(group, member, day, kind=None, uses=uses, earned=set())
