"""The compiled evaluator: one step of a member's life, over a program's plan.

Replay and simulation call the same functions, so the rules cannot tell which of them does:

    open_member(plan, state, slot, member)
    join_before(plan, state, sink, slot, day)
    advance(plan, state, sink, slot, day) -> DONE | NO_ROOM
    in_the_way(plan, state, slot, reward, day, kind, basket, fields, prices, item_fields) -> code
    step(plan, state, sink, slot, day, kind, basket, fields, prices, item_fields, reward, quantity) -> code
    may_receive(plan, state, sink, slot, day, reward, steps, fields) -> code
    give_back(plan, state, sink, slot, day, original, basket, prices, item_fields, ...) -> code

What an event says of the member is written into `state.of_member.said` before its step.

Invariants: a member's days never fall; all days are from `plan.first_day` to `plan.last_day`, but for those
before the program's start, which are refused; `NO_ROOM` comes before anything but midnights was done. Where
the clauses of `docs/semantics.md` and this module differ, this module is wrong: the reference is the oracle.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.kernel_counters import load_state
from loyalty_dsl.evaluation.kernel_events import carry_out, next_of_clock, start_clocks
from loyalty_dsl.evaluation.kernel_gates import gate_of
from loyalty_dsl.evaluation.kernel_membership import follow_memberships
from loyalty_dsl.evaluation.kernel_midnights import has_room, pass_light, pass_midnights
from loyalty_dsl.evaluation.kernel_obstacles import may_use, room_for_steps
from loyalty_dsl.evaluation.kernel_reach import forget_reach, note_audiences
from loyalty_dsl.evaluation.kernel_returns import take_back
from loyalty_dsl.evaluation.kernel_striking import mark_reached, set_reached, set_silences
from loyalty_dsl.evaluation.kernel_wallets import count_lots, empty_wallet
from loyalty_dsl.evaluation.plan import (
    ALREADY_JOINED,
    AMOUNT,
    BASKET,
    BEFORE_START,
    DONE,
    JOINED,
    JOURNAL_END,
    JOURNALING,
    KIND_GATES,
    KIND_HAS_AMOUNT,
    LATEST_DAY,
    LIGHT_DUE,
    LIMIT_REACHED,
    MEMBER,
    MONEY_OFF,
    NEXT_DUE,
    NO_ROOM,
    NOT_JOINED,
    NOT_MET,
    NOT_TO_THEM,
    OF_DAY,
    REWARD_AT,
    SERIAL,
    THEIR_LIMIT_REACHED,
    TO_NO_MEMBER,
    USAGE_USED,
    USAGE_WINDOW,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    AT_DATE,
    CLOCK_FORM,
    COUNT_ENTRIES,
    COUNT_FROM,
    COUNT_HEAD,
    COUNT_PREVIOUS,
    COUNT_UNTIL,
    COUNT_VALUE,
    FIRST_SAID,
    MARK_PAID,
    MARK_REACHED,
    MARK_WINDOW,
    NEXT_REVIEW,
    NO_GRANT,
    SAYS,
    SAYS_REFERRED,
    STATUS,
    TERM_ENDS,
)
from loyalty_dsl.language.types import JOIN


@part
def open_member(plan: Plan, state: State, slot: int, member: int) -> None:
    """Makes a slot that of somebody, named by a number, who has not joined yet and has nothing."""
    state.members[slot, JOINED] = NOT_JOINED
    state.members[slot, SERIAL] = 0
    state.members[slot, MEMBER] = member
    state.members[slot, NEXT_DUE] = NEVER
    state.members[slot, LIGHT_DUE] = NOT_JOINED  # found at the first advance
    state.members[slot, LATEST_DAY] = NOT_JOINED
    currencies, limits = len(plan.currencies), len(plan.limits)
    for account in range(slot * currencies, (slot + 1) * currencies):
        empty_wallet(state.wallets, account)
    for usage in range(slot * limits, (slot + 1) * limits):
        state.usage[usage, USAGE_WINDOW] = 0
        state.usage[usage, USAGE_USED] = 0
    of_member = state.of_member
    of_member.referred[slot] = 0
    of_member.said[SAYS] = 0
    of_member.log_end[slot] = 0
    for field in range(plan.of_state.member_fields):
        of_member.fields[slot, field] = plan.of_state.unsaid[field]
    counters = len(plan.of_state.counters)
    for counter in range(slot * counters, (slot + 1) * counters):
        of_member.counters[counter, COUNT_FROM] = NOT_JOINED
        of_member.counters[counter, COUNT_UNTIL] = NOT_JOINED
        for column in (COUNT_VALUE, COUNT_PREVIOUS, COUNT_HEAD, COUNT_ENTRIES):
            of_member.counters[counter, column] = 0
    ladders = len(plan.of_state.ladders)
    for ladder in range(slot * ladders, (slot + 1) * ladders):
        of_member.ladders[ladder, STATUS] = 0
        of_member.ladders[ladder, TERM_ENDS] = NEVER
        of_member.ladders[ladder, NEXT_REVIEW] = NEVER
    for level in range(len(plan.of_state.levels)):
        of_member.grants[slot, level] = NO_GRANT
    for clock in range(len(plan.of_state.clocks)):
        of_member.clocks[slot, clock] = NEVER
        mark = slot * len(plan.of_state.clocks) + clock
        of_member.marks[mark, MARK_WINDOW] = 0
        of_member.marks[mark, MARK_REACHED] = 0
        of_member.marks[mark, MARK_PAID] = 0
    forget_reach(plan, state, slot)


@part
def join_before(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Makes somebody a member who joined on an earlier day without an event; clocks run from the plan's first
    day on. Nothing is decided before the first event."""
    state.members[slot, JOINED] = day
    start_clocks(plan, state, sink, slot, max(day, plan.first_day - 1))


@copied
def advance(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> int:
    """Does the midnight work of every day up to and including `day` (TIME-4).

    Returns:
        `DONE`, or `NO_ROOM` for lots or for the postings in the journal.
    """
    if sink.notes[JOURNALING] != 0 and not _has_journal_room(plan, state, sink, slot):
        return NO_ROOM
    due = state.members[slot, NEXT_DUE] <= day
    if due and pass_midnights(plan, state, sink, slot, day) == NO_ROOM:
        return NO_ROOM
    if state.members[slot, LIGHT_DUE] <= day:
        pass_light(plan, state, sink, slot, day)
    return DONE


@apart
def _has_journal_room(plan: Plan, state: State, sink: Sink, slot: int) -> bool:
    """Whether the journal can take what one event posts in the ordinary case: each lot twice, and each rule
    and reward. Beyond that `JOURNAL_END` tells how much room there should have been."""
    rows = len(plan.rules) + 2 * len(plan.rewards)
    currencies = len(plan.currencies)
    for account in range(slot * currencies, (slot + 1) * currencies):
        rows += 2 * count_lots(state.wallets, account)
    end: int = sink.notes[JOURNAL_END] + rows
    return end <= len(sink.journal)


@copied
def _load_event(plan: Plan, state: State, slot: int, day: int, kind: int, basket: int, fields: Ints) -> None:
    """Writes the operands of conditions into the registers (EVENT-4)."""
    registers = state.registers
    paid = basket if kind >= 0 and plan.kinds[kind, KIND_HAS_AMOUNT] != 0 else 0
    registers[BASKET] = paid
    registers[AMOUNT] = paid
    for field in range(len(fields)):
        registers[plan.first_field + field] = fields[field]
    load_state(plan, state, slot, day, day)


@part
def in_the_way(
    plan: Plan,
    state: State,
    slot: int,
    reward: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """What is in the way of taking a reward once at this event, were it the first to be taken; `DONE` when
    nothing is.

    Midnight work through `day` must have been done. Nothing is changed.
    """
    _load_event(plan, state, slot, day, kind, basket, fields)
    row = day - plan.first_day
    there = kind == plan.rewards[reward, REWARD_AT]
    return may_use(plan, state, slot, row, reward, there, prices, item_fields)


@apart
def may_receive(
    plan: Plan, state: State, sink: Sink, slot: int, day: int, reward: int, steps: int, fields: Ints
) -> int:
    """Whether the member in a slot can be sent so many steps of a transfer, whose midnights are done first
    (SEND-2).

    Args:
        reward: that by which the recipient is given; fields: of no event, so zeros.

    Returns:
        `DONE`, and then there is room for a `step` of it; `NO_ROOM`, and nothing was changed but midnights;
        or the code of what is in the way.
    """
    if advance(plan, state, sink, slot, day) == NO_ROOM or not has_room(plan, state, slot):
        return NO_ROOM
    if state.members[slot, JOINED] == NOT_JOINED:
        return TO_NO_MEMBER
    code = in_the_way(plan, state, slot, reward, day, REDEEM, 0, fields, state.items[0], state.items)
    if code == DONE and not room_for_steps(plan, state, slot, day - plan.first_day, reward, steps):
        code = LIMIT_REACHED
    if code == DONE:
        return DONE
    return THEIR_LIMIT_REACHED if code == LIMIT_REACHED else NOT_TO_THEM


@apart
def _hear(plan: Plan, state: State, slot: int) -> None:
    """Takes what the event says of the member (MEMBER-1, MEMBER-2), and keeps what was known before."""
    of_member = state.of_member
    kept = of_member.referred[slot]
    of_member.referred[slot] = max(kept, of_member.said[SAYS_REFERRED])
    of_member.said[SAYS_REFERRED] = kept
    for field in range(plan.of_state.member_fields):
        kept = of_member.fields[slot, field]
        of_member.fields[slot, field] = of_member.said[FIRST_SAID + field]
        of_member.said[FIRST_SAID + field] = kept


@apart
def _unhear(plan: Plan, state: State, slot: int) -> None:
    """Goes back to what was known before a refused event."""
    of_member = state.of_member
    of_member.referred[slot] = of_member.said[SAYS_REFERRED]
    for field in range(plan.of_state.member_fields):
        of_member.fields[slot, field] = of_member.said[FIRST_SAID + field]


@apart
def _set_clocks(plan: Plan, state: State, slot: int, day: int) -> None:
    """Sets when the clocks of a member's dates are due, which may just have changed (CLOCK-2)."""
    joined = state.members[slot, JOINED]
    if joined == NOT_JOINED:
        return
    for clock in range(len(plan.of_state.clocks)):
        if plan.of_state.clocks[clock, CLOCK_FORM] == AT_DATE:
            fields = state.of_member.fields
            at = next_of_clock(plan.of_state.clocks, fields, slot, clock, joined, day)
            state.of_member.clocks[slot, clock] = at
            state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], at)


@part
def _strike(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Lets the clocks strike that an event has just set; without room they strike before the next one."""
    if state.members[slot, NEXT_DUE] <= day:
        pass_midnights(plan, state, sink, slot, day)


@copied
def step(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    kind: int,
    basket: int,
    fields: Ints,
    prices: Ints,
    item_fields: Ints,
    reward: int,
    quantity: int,
) -> int:
    """Carries out one event (EVENT-1).

    Args:
        slot: the member's slot in the state.
        kind: index of the event's kind, or `REDEEM` for a reward alone.
        basket: minor units before this program's rewards; the sum of `prices`, where there are items.
        fields: the event's values, one for each field of the widest kind.
        prices, item_fields: [items], [items, item fields]; of length 0 for an event without items.
        reward: the reward that the member chose, -1 for none; quantity: how many times.

    Returns:
        `DONE`; `NO_ROOM`, and nothing was changed but midnights; or a code of `obstacle_codes`, which from
        `SHORT_BALANCE` on is about the chosen reward. `sink.notes[MONEY_OFF]` is what rewards took off.
    """
    sink.notes[MONEY_OFF] = 0
    if day < plan.starts:
        state.of_member.said[SAYS] = 0
        return BEFORE_START
    if advance(plan, state, sink, slot, day) == NO_ROOM:
        return NO_ROOM
    if not has_room(plan, state, slot):
        return NO_ROOM
    if kind == JOIN and state.members[slot, JOINED] != NOT_JOINED:
        state.of_member.said[SAYS] = 0
        return ALREADY_JOINED
    says = state.of_member.said[SAYS] != 0
    if says:
        _hear(plan, state, slot)
    _load_event(plan, state, slot, day, kind, basket, fields)
    if kind >= 0 and plan.kinds[kind, KIND_GATES] != NOT_MET:
        shut = gate_of(plan, state.registers, plan.kinds[kind, KIND_GATES])
        if shut != DONE:
            if says:
                state.of_member.said[SAYS] = 0
                _unhear(plan, state, slot)
            return shut
    if len(plan.of_state.reaches) > 0:
        mark_reached(plan, state, slot)
    row = day - plan.first_day
    if len(plan.of_state.audiences) > 0:
        note_audiences(plan, state, slot, row)
    if state.members[slot, LATEST_DAY] != day:
        state.members[slot, LATEST_DAY] = day
        state.members[slot, OF_DAY] = 0
    state.members[slot, OF_DAY] += 1
    refused = carry_out(plan, state, sink, slot, day, row, kind, prices, item_fields, reward, quantity)
    if says:
        state.of_member.said[SAYS] = 0
        if kind == REDEEM and refused != DONE:
            _unhear(plan, state, slot)
        else:
            _set_clocks(plan, state, slot, day)
    state.members[slot, SERIAL] += 1
    if len(plan.of_state.clocks) > 0:
        follow_memberships(plan, state, sink, slot, day, kind, fields)
        set_silences(plan, state, slot, day, kind)
        set_reached(plan, state, slot, day)
        _strike(plan, state, sink, slot, day)
    return refused


@apart
def give_back(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    original: int,
    basket: int,
    prices: Ints,
    item_fields: Ints,
    original_prices: Ints,
    original_fields: Ints,
    gone: Ints,
) -> int:
    """Carries out a return (RETURN).

    Args:
        original: the number of the member's event, as `AT_EVENT` was at its step; -1 for none.
        basket: what is returned, in prices of the original, where no items are given.
        prices, item_fields: the items returned; original_prices, original_fields: those of the original.
        gone: [items of the original] flags of those returned before; those returned now are set.

    Returns:
        `DONE`; `NO_ROOM`, and nothing was changed but midnights; or the code of what is in the way.
    """
    if day < plan.starts:
        state.of_member.said[SAYS] = 0
        return BEFORE_START
    if advance(plan, state, sink, slot, day) == NO_ROOM:
        return NO_ROOM
    says = state.of_member.said[SAYS] != 0
    if says:
        _hear(plan, state, slot)
    code = take_back(
        plan, state, sink, slot, day, original, basket, prices, item_fields, original_prices,
        original_fields, gone,
    )  # fmt: skip
    if says:
        state.of_member.said[SAYS] = 0
        if code != DONE:
            _unhear(plan, state, slot)
        else:
            _set_clocks(plan, state, slot, day)
    if len(plan.of_state.clocks) > 0:
        _strike(plan, state, sink, slot, day)
    return code
