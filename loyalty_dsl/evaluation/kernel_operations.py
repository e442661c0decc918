"""The kernel one operation at a time, for whoever wants to look in between: scenarios on the compiled engine.

One entry with the operation as a number, so that the kernel is compiled once for all of them. Events and
midnights are those of `kernel`; the others write what a scenario gives before its first event (SCEN-1,
SCEN-7), of which nothing happens.

Invariant: after an operation the member's counters are those of its day. `NO_ROOM` is answered before
anything but midnights was done.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel import advance, give_back, may_receive, open_member, step
from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.evaluation.kernel_calendar import next_review
from loyalty_dsl.evaluation.kernel_code import window_of
from loyalty_dsl.evaluation.kernel_counters import load_state, move_counters, roll_counters
from loyalty_dsl.evaluation.kernel_events import next_of_clock
from loyalty_dsl.evaluation.kernel_lots import post_lot
from loyalty_dsl.evaluation.kernel_midnights import has_room
from loyalty_dsl.evaluation.kernel_references import by_reference
from loyalty_dsl.evaluation.kernel_tiers import AT_EVENT, decide
from loyalty_dsl.evaluation.plan import (
    AMOUNT,
    BASKET,
    DONE,
    EVENT,
    JOINED,
    LIMIT_INDEX,
    LIMIT_OF,
    LIMIT_WINDOW,
    NEXT_DUE,
    NO_ROOM,
    TIMES,
    USAGE_USED,
    USAGE_WINDOW,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import COUNT_VALUE, LADDER_REVIEW, NEXT_REVIEW, NO_GRANT, TERM_ENDS

OPEN, ADVANCE, STEP, RETURN_ITEMS, POST, COUNT, JOIN_EARLIER, COUNT_TIMES, DECIDE, MAY_RECEIVE = range(10)
"""Operations. Their arguments are the entries of `numbers`:

    OPEN, ADVANCE
    STEP          kind, basket, reward, quantity
    RETURN_ITEMS  number of the original, basket
    MAY_RECEIVE   reward by which the recipient is given, steps
    POST          currency, units: an opening lot, earned on the day
    COUNT         counter, value, 1 to set it and 0 to add
    JOIN_EARLIER  joined day; clocks and reviews begin after the later of it and the day
    COUNT_TIMES   first limit, end, times
    DECIDE        ladder
"""

MOST_NUMBERS = 4


@entry
def operate(
    plan: Plan,
    state: State,
    sink: Sink,
    operation: int,
    slot: int,
    day: int,
    numbers: Ints,
    fields: Ints,
    prices: Ints,
    item_fields: Ints,
    original_prices: Ints,
    original_fields: Ints,
    gone: Ints,
) -> int:
    """Does one operation for the member in a slot.

    Args:
        numbers: [4] as `OPEN` and the others have it.
        fields, prices, item_fields: of the event, as of `kernel.step`.
        original_prices, original_fields, gone: of what is returned, as of `kernel.give_back`.

    Returns:
        What `kernel.step` and `kernel.give_back` answer; `DONE` or `NO_ROOM` of the others.
    """
    plan, state, sink = by_reference(plan), by_reference(state), by_reference(sink)
    code = DONE
    if operation == OPEN:
        open_member(plan, state, slot, slot)
        return code
    if operation == ADVANCE:
        code = advance(plan, state, sink, slot, day)
    elif operation == STEP:
        code = step(
            plan, state, sink, slot, day, numbers[0], numbers[1], fields, prices, item_fields, numbers[2],
            numbers[3],
        )  # fmt: skip
    elif operation == RETURN_ITEMS:
        code = give_back(
            plan, state, sink, slot, day, numbers[0], numbers[1], prices, item_fields, original_prices,
            original_fields, gone,
        )  # fmt: skip
    elif operation == MAY_RECEIVE:
        code = may_receive(plan, state, sink, slot, day, numbers[0], numbers[1], fields)
    elif operation == JOIN_EARLIER:
        _join_earlier(plan, state, slot, numbers[0], day)
    else:
        code = _give(plan, state, sink, operation, slot, day, numbers)
    if code != NO_ROOM:
        roll_counters(plan, state, slot, day)
    return code


@part
def _give(plan: Plan, state: State, sink: Sink, operation: int, slot: int, day: int, numbers: Ints) -> int:
    """What asks for the member's state as of the day."""
    if not has_room(plan, state, slot):
        return NO_ROOM
    state.registers[BASKET] = 0
    state.registers[AMOUNT] = 0
    load_state(plan, state, slot, day, day)
    row = day - plan.first_day
    if operation == POST:
        post_lot(plan, state, sink, slot, day, row, -1, len(plan.rewards), numbers[0], numbers[1])
    elif operation == COUNT:
        deltas = state.of_member.deltas
        for counter in range(len(deltas)):
            deltas[counter] = 0
        deltas[numbers[0]] = numbers[1]
        if numbers[2] != 0:
            deltas[numbers[0]] -= state.of_member.counters[slot * len(deltas) + numbers[0], COUNT_VALUE]
        move_counters(plan, state, slot, day)
    elif operation == COUNT_TIMES:
        _count_times(plan, state, slot, row, numbers[0], numbers[1], numbers[2])
    elif operation == DECIDE:
        ladder = numbers[0]
        decide(plan, state, sink, slot, ladder, day, AT_EVENT, NO_GRANT)
        ends = state.of_member.ladders[slot * len(plan.of_state.ladders) + ladder, TERM_ENDS]
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], ends)
    return DONE


@part
def _join_earlier(plan: Plan, state: State, slot: int, joined: int, day: int) -> None:
    """Sets the joined day; of the time before it and through `day` nothing happens."""
    state.members[slot, JOINED] = joined
    after = max(joined, day)
    due = state.members[slot, NEXT_DUE]
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        review = next_review(plan.of_state.ladders[ladder, LADDER_REVIEW], after)
        state.of_member.ladders[slot * ladders + ladder, NEXT_REVIEW] = review
        due = min(due, review)
    for clock in range(len(plan.of_state.clocks)):
        at = next_of_clock(plan.of_state.clocks, state.of_member.fields, slot, clock, joined, after)
        state.of_member.clocks[slot, clock] = at
        due = min(due, at)
    state.members[slot, NEXT_DUE] = due


@part
def _count_times(plan: Plan, state: State, slot: int, row: int, first: int, end: int, times: int) -> None:
    """Counts times against the limits in times among `first` to `end`; an event before has no window."""
    for limit in range(first, end):
        window = plan.limits[limit, LIMIT_WINDOW]
        if plan.limits[limit, LIMIT_OF] != TIMES or window == EVENT:
            continue
        usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
        present = window_of(plan, state, slot, row, limit)
        if state.usage[usage, USAGE_WINDOW] != present:
            state.usage[usage, USAGE_WINDOW] = present
            state.usage[usage, USAGE_USED] = 0
        state.usage[usage, USAGE_USED] += times
