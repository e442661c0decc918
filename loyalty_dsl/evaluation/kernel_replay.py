"""Histories in the kernel: groups of members, each group with one order of time.

Invariants: a member's slot is its place in its group; an event that is cut short for want of room goes on at
the cursor, and of a transfer at the turn that is left, so nothing happens twice.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from typing import NamedTuple

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.kernel import advance, give_back, may_receive, open_member, step
from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.evaluation.kernel_calendar import years_since
from loyalty_dsl.evaluation.kernel_code import window_of
from loyalty_dsl.evaluation.kernel_counters import roll_counters
from loyalty_dsl.evaluation.kernel_references import by_reference
from loyalty_dsl.evaluation.plan import Ints, Plan, Sink, State
from loyalty_dsl.evaluation.plan_state import COUNT_VALUE, FIRST_SAID, NO_GRANT, SAYS, SAYS_REFERRED
from loyalty_dsl.language.types import UNSAID


class Columns(NamedTuple):
    """A history's columns as the kernel reads them, and the key of each member's luck."""

    starts: Ints
    day: Ints
    kind: Ints
    basket: Ints
    fields: Ints
    item_starts: Ints
    item_price: Ints
    item_fields: Ints
    reward: Ints
    quantity: Ints
    member_fields: Ints
    referrers: Ints
    original: Ints
    keys: p.Words


class ByGroup(NamedTuple):
    """Who is evaluated together, as `Groups` has it, and what is sent.

    Attributes:
        events: [groups + 1] the first event of each group, in the order in which they happen.
        doers: [events] whose event it is.
        recipients, receivers, steps, given: [events] of a transfer to another member: who gets it, by which
            reward, how many steps, and units of the currency `given_of`; as long as `doers`.
    """

    members: Ints
    starts: Ints
    slots: Ints
    order: Ints
    events: Ints
    doers: Ints
    recipients: Ints
    receivers: Ints
    steps: Ints
    given: Ints
    given_of: Ints


class Results(NamedTuple):
    """What is kept for each member, [members, currencies], [members, limits] and so on; for each event the
    code that its step answered; and flags of the items that were returned."""

    issued: Ints
    redeemed: Ints
    expired: Ints
    reversed: Ints
    received: Ints
    sent: Ints
    pending: Ints
    outstanding: Ints
    usage: Ints
    counters: Ints
    grants: Ints
    codes: Ints
    gone: Ints


GROUP, NEXT_EVENT, TURN = range(3)
"""Entries of the cursor of a range: the group at hand, the place of its next event (-1 before it is opened),
and whether what that event sent is still to be received."""


@entry
def run_members(
    plan: Plan,
    state: State,
    sink: Sink,
    columns: Columns,
    results: Results,
    cursor: Ints,
    end: int,
    as_of: int,
) -> int:
    """Runs members who are groups of one, from the cursor up to `end`, as `run_groups` does; apart from that,
    so that a history in which nobody sends is run by the shorter loop and compiles nothing more.

    Returns:
        `DONE`, or `NO_ROOM`: make room and call again with the same cursor.
    """
    plan, state, sink = by_reference(plan), by_reference(state), by_reference(sink)
    while cursor[GROUP] < end:
        member = cursor[GROUP]
        if cursor[NEXT_EVENT] < 0:
            open_member(plan, state, 0, member)
            state.keys[0] = columns.keys[member]
            cursor[NEXT_EVENT] = columns.starts[member]
        for event in range(cursor[NEXT_EVENT], columns.starts[member + 1]):
            sink.notes[p.AT_EVENT] = event
            _say(plan, state, columns, 0, member, event)
            first_item, items_end = columns.item_starts[event], columns.item_starts[event + 1]
            prices = columns.item_price[first_item:items_end]
            fields = columns.item_fields[first_item:items_end]
            if columns.kind[event] == RETURN:
                original = columns.original[event]
                first_of, end_of = 0, 0
                if original >= 0:
                    first_of, end_of = columns.item_starts[original], columns.item_starts[original + 1]
                code = give_back(
                    plan, state, sink, 0, columns.day[event], original, columns.basket[event], prices, fields,
                    columns.item_price[first_of:end_of], columns.item_fields[first_of:end_of],
                    results.gone[first_of:end_of],
                )  # fmt: skip
            else:
                code = step(
                    plan, state, sink, 0, columns.day[event], columns.kind[event], columns.basket[event],
                    columns.fields[event], prices, fields, columns.reward[event], columns.quantity[event],
                )  # fmt: skip
            cursor[NEXT_EVENT] = event
            if code == p.NO_ROOM:
                return p.NO_ROOM
            results.codes[event] = code
        cursor[NEXT_EVENT] = columns.starts[member + 1]
        if advance(plan, state, sink, 0, as_of) == p.NO_ROOM:
            return p.NO_ROOM
        _close_member(plan, state, sink, results, 0, member, as_of)
        cursor[GROUP] = member + 1
        cursor[NEXT_EVENT] = -1
    return p.DONE


@entry
def run_groups(
    plan: Plan,
    state: State,
    sink: Sink,
    columns: Columns,
    by_group: ByGroup,
    results: Results,
    cursor: Ints,
    end: int,
    as_of: int,
) -> int:
    """Runs the groups from the cursor up to `end`, and their midnight work through the day `as_of`.

    Returns:
        `DONE`, or `NO_ROOM`: make room and call again with the same cursor.
    """
    plan, state, sink = by_reference(plan), by_reference(state), by_reference(sink)
    columns, by_group, results = by_reference(columns), by_reference(by_group), by_reference(results)
    while cursor[GROUP] < end:
        first, members_end = by_group.starts[cursor[GROUP]], by_group.starts[cursor[GROUP] + 1]
        if cursor[NEXT_EVENT] < 0:
            for slot in range(members_end - first):
                member = by_group.members[first + slot]
                open_member(plan, state, slot, member)
                state.keys[slot] = columns.keys[member]
                for currency in range(len(plan.currencies)):
                    results.sent[member, currency] = 0
                    results.received[member, currency] = 0
            cursor[NEXT_EVENT] = by_group.events[cursor[GROUP]]
            cursor[TURN] = 0
        events_end = by_group.events[cursor[GROUP] + 1]
        for at in range(cursor[NEXT_EVENT], events_end):
            cursor[NEXT_EVENT] = at
            event = by_group.order[at]
            member = by_group.doers[event]
            code = _run_event(plan, state, sink, columns, by_group, results, cursor, event, member)
            if code == p.NO_ROOM:
                return p.NO_ROOM
            results.codes[event] = code
        cursor[NEXT_EVENT] = events_end
        for slot in range(members_end - first):
            if advance(plan, state, sink, slot, as_of) == p.NO_ROOM:
                return p.NO_ROOM
        for slot in range(members_end - first):
            _close_member(plan, state, sink, results, slot, by_group.members[first + slot], as_of)
        cursor[GROUP] += 1
        cursor[NEXT_EVENT] = -1
    return p.DONE


@part
def _run_event(
    plan: Plan,
    state: State,
    sink: Sink,
    columns: Columns,
    by_group: ByGroup,
    results: Results,
    cursor: Ints,
    event: int,
    member: int,
) -> int:
    """Carries out an event of a member and, of a transfer to another, what it is to that one (SEND)."""
    sink.notes[p.AT_EVENT] = event
    day = columns.day[event]
    slot = by_group.slots[member]
    recipient = by_group.recipients[event]
    turns = 1
    if recipient >= 0 and day >= plan.starts:
        turns = 2
        if cursor[TURN] == 0:
            code = p.TO_ONESELF
            if recipient != member:
                code = may_receive(
                    plan, state, sink, by_group.slots[recipient], day, by_group.receivers[event],
                    by_group.steps[event], columns.fields[event],
                )  # fmt: skip
            if code != p.DONE:
                return code
    if cursor[TURN] == 0:
        _say(plan, state, columns, slot, member, event)
    first_item, items_end = columns.item_starts[event], columns.item_starts[event + 1]
    prices = columns.item_price[first_item:items_end]
    fields = columns.item_fields[first_item:items_end]
    if columns.kind[event] == RETURN:
        original = columns.original[event]
        first_of, end_of = 0, 0
        if original >= 0:
            first_of, end_of = columns.item_starts[original], columns.item_starts[original + 1]
        return give_back(
            plan,
            state,
            sink,
            slot,
            day,
            original,
            columns.basket[event],
            prices,
            fields,
            columns.item_price[first_of:end_of],
            columns.item_fields[first_of:end_of],
            results.gone[first_of:end_of],
        )
    code = p.DONE
    for turn in range(cursor[TURN], turns):  # one place in the code to compile
        reward, quantity = columns.reward[event], columns.quantity[event]
        if turn == 1:
            slot, reward = by_group.slots[recipient], by_group.receivers[event]
            quantity = by_group.steps[event]
        code = step(
            plan,
            state,
            sink,
            slot,
            day,
            columns.kind[event],
            columns.basket[event],
            columns.fields[event],
            prices,
            fields,
            reward,
            quantity,
        )
        if code != p.DONE:
            return code
        cursor[TURN] = turn + 1 if turn + 1 < turns else 0
    if turns == 2:
        sent = plan.rewards[columns.reward[event], p.REWARD_CURRENCY]
        results.sent[member, sent] += columns.quantity[event]
        results.received[recipient, by_group.given_of[event]] += by_group.given[event]
    return code


@part
def _say(plan: Plan, state: State, columns: Columns, slot: int, member: int, event: int) -> None:
    """Passes on what an event says of its member."""
    said = state.of_member.said
    fields = columns.member_fields.shape[1]
    if fields > 0 or columns.referrers[member] >= 0:
        said[SAYS] = 1
        said[SAYS_REFERRED] = 1 if columns.referrers[member] >= 0 else 0
        for field in range(plan.of_state.member_fields):
            told = columns.member_fields[event, field] if fields > 0 else UNSAID
            held = state.of_member.fields[slot, field]
            said[FIRST_SAID + field] = held if told == UNSAID else told


@part
def _close_member(
    plan: Plan, state: State, sink: Sink, results: Results, slot: int, member: int, as_of: int
) -> None:
    """Writes down a member's figures, and clears the flows for the next one."""
    for currency in range(len(plan.currencies)):
        account = slot * len(plan.currencies) + currency
        flows = sink.flows[account, 0]
        results.issued[member, currency] = flows[p.ISSUED] - results.received[member, currency]
        results.redeemed[member, currency] = flows[p.REDEEMED] - results.sent[member, currency]
        results.expired[member, currency] = flows[p.EXPIRED]
        results.reversed[member, currency] = flows[p.REVERSED]
        pending = state.wallets[account, p.PENDING]
        results.pending[member, currency] = pending
        results.outstanding[member, currency] = state.wallets[account, p.AVAILABLE] + pending
        for flow in range(len(flows)):
            flows[flow] = 0
    roll_counters(plan, state, slot, as_of)
    counters = len(plan.of_state.counters)
    for counter in range(counters):
        value = state.of_member.counters[slot * counters + counter, COUNT_VALUE]
        results.counters[member, counter] = value
    for level in range(len(plan.of_state.levels)):
        through = state.of_member.grants[slot, level]
        results.grants[member, level] = through if through >= as_of else NO_GRANT
    row = as_of - plan.first_day
    state.registers[p.MEMBERSHIP_YEAR] = 0
    if plan.of_state.membership != 0 and state.members[slot, p.JOINED] != p.NOT_JOINED:
        state.registers[p.MEMBERSHIP_YEAR] = years_since(state.members[slot, p.JOINED], as_of)
    for limit in range(len(plan.limits)):
        index = plan.limits[limit, p.LIMIT_INDEX]
        usage = slot * len(plan.limits) + index
        if (
            plan.limits[limit, p.LIMIT_WINDOW] != p.EVENT
            and row >= 0
            and state.usage[usage, p.USAGE_WINDOW] == window_of(plan, state, slot, row, limit)
        ):
            results.usage[member, index] = state.usage[usage, p.USAGE_USED]
