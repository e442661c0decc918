"""Clocks that what happens to a member sets: thresholds reached, levels lost, time without an event (CLOCK-4
to CLOCK-6).

Invariant: a threshold strikes once in a window of its counter, however often that falls and rises again.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.evaluation.kernel_counters import load_changed
from loyalty_dsl.evaluation.plan import JOINED, NEXT_DUE, NOT_JOINED, Ints, Plan, State
from loyalty_dsl.evaluation.plan_state import (
    AT_FALL,
    AT_REACHED,
    AT_RISE,
    AT_SILENCE,
    CLOCK_ARGUMENT,
    CLOCK_COUNT,
    CLOCK_FORM,
    CLOCK_UNIT,
    COUNT_FROM,
    MARK_REACHED,
    MARK_WINDOW,
    REACH_COUNTER,
    REACH_END,
    REACH_EVERY,
    REACH_FIRST,
    REACH_REGISTER,
    STATUS,
)


@part
def _reached(reaches: Ints, thresholds: Ints, row: int, value: int) -> int:
    """How many thresholds of a row a value has reached."""
    first, end = reaches[row, REACH_FIRST], reaches[row, REACH_END]
    last = thresholds[end - 1]
    if value >= last:
        every = reaches[row, REACH_EVERY]
        count: int = end - first
        return count + (value - last) // every if every > 0 else count
    reached = 0
    for place in range(first, end):
        if thresholds[place] <= value:
            reached += 1
    return reached


@part
def _open_mark(plan: Plan, state: State, slot: int, clock: int) -> int:
    """The row of a clock's mark, begun anew in a new window."""
    row: int = slot * len(plan.of_state.clocks) + clock
    counter = plan.of_state.reaches[plan.of_state.clocks[clock, CLOCK_ARGUMENT], REACH_COUNTER]
    window = state.of_member.counters[slot * len(plan.of_state.counters) + counter, COUNT_FROM]
    if state.of_member.marks[row, MARK_WINDOW] != window:
        state.of_member.marks[row, MARK_WINDOW] = window
        state.of_member.marks[row, MARK_REACHED] = 0
    return row


@part
def _waits(plan: Plan, state: State, slot: int, clock: int) -> bool:
    """Whether a clock is of thresholds, and none of them is about to strike."""
    form: int = plan.of_state.clocks[clock, CLOCK_FORM]
    due: int = state.of_member.clocks[slot, clock]
    return form == AT_REACHED and due == NEVER


@apart
def mark_reached(plan: Plan, state: State, slot: int) -> None:
    """Notes which thresholds are reached before anything moves a counter; the registers hold the counters."""
    for clock in range(len(plan.of_state.clocks)):
        if not _waits(plan, state, slot, clock):
            continue
        reach = plan.of_state.clocks[clock, CLOCK_ARGUMENT]
        value = state.registers[plan.of_state.reaches[reach, REACH_REGISTER]]
        reached = _reached(plan.of_state.reaches, plan.of_state.thresholds, reach, value)
        row = _open_mark(plan, state, slot, clock)
        state.of_member.marks[row, MARK_REACHED] = max(state.of_member.marks[row, MARK_REACHED], reached)


@apart
def set_reached(plan: Plan, state: State, slot: int, day: int) -> None:
    """Sets the clocks of thresholds that have just been reached (CLOCK-4)."""
    if len(plan.of_state.reaches) == 0 or state.members[slot, JOINED] == NOT_JOINED:
        return
    load_changed(plan, state, slot)
    for clock in range(len(plan.of_state.clocks)):
        if not _waits(plan, state, slot, clock):
            continue
        reach = plan.of_state.clocks[clock, CLOCK_ARGUMENT]
        value = state.registers[plan.of_state.reaches[reach, REACH_REGISTER]]
        row = _open_mark(plan, state, slot, clock)
        reached = _reached(plan.of_state.reaches, plan.of_state.thresholds, reach, value)
        if reached > state.of_member.marks[row, MARK_REACHED]:
            set_clock(state, slot, clock, day)


@part
def mark_struck(plan: Plan, state: State, slot: int, clock: int) -> None:
    """Notes that one more threshold has been reached."""
    state.of_member.marks[_open_mark(plan, state, slot, clock), MARK_REACHED] += 1


@apart
def set_status_clocks(plan: Plan, state: State, slot: int, day: int, ladder: int, old: int) -> None:
    """Sets the clocks of a status that may just have fallen, or risen (CLOCK-5, CLOCK-8)."""
    status = state.of_member.ladders[slot * len(plan.of_state.ladders) + ladder, STATUS]
    for clock in range(len(plan.of_state.clocks)):
        form, level = plan.of_state.clocks[clock, CLOCK_FORM], plan.of_state.clocks[clock, CLOCK_COUNT]
        low, high = (status, old) if form == AT_FALL else (old, status)
        if (
            form in (AT_FALL, AT_RISE)
            and plan.of_state.clocks[clock, CLOCK_ARGUMENT] == ladder
            and low < level <= high
        ):
            set_clock(state, slot, clock, day)


@apart
def set_silences(plan: Plan, state: State, slot: int, day: int, kind: int) -> None:
    """Sets anew the clocks that count from the last event of a kind (CLOCK-6)."""
    if kind < 0:
        return
    for clock in range(len(plan.of_state.clocks)):
        table = plan.of_state.clocks[clock]
        if table[CLOCK_FORM] == AT_SILENCE and kind < 62 and (table[CLOCK_ARGUMENT] >> kind) & 1 == 1:
            set_clock(state, slot, clock, add_duration(day, table[CLOCK_COUNT], table[CLOCK_UNIT]))


@part
def set_clock(state: State, slot: int, clock: int, day: int) -> None:
    """Lets a clock strike on a day."""
    state.of_member.clocks[slot, clock] = day
    state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], day)
