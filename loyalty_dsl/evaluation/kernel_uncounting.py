"""What counters lose when an event comes back (COUNT-6).

Invariant: an event is taken out of the window that holds its day, the present one or the one before.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_calendar import ROLLING, window_from
from loyalty_dsl.evaluation.kernel_counters import add_on
from loyalty_dsl.evaluation.kernel_parts import divide_product
from loyalty_dsl.evaluation.plan import (
    EVENT_DAY,
    JOINED,
    KIND_COUNTS,
    Ints,
    Plan,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    BY_AMOUNT,
    BY_ITEMS,
    COUNT_ENTRIES,
    COUNT_FROM,
    COUNT_HEAD,
    COUNT_PREVIOUS,
    COUNT_VALUE,
    COUNTER_ARGUMENT,
    COUNTER_BEFORE,
    COUNTER_RING,
    COUNTER_RING_SIZE,
    COUNTER_WINDOW,
    LOG_INDEX,
    LOG_REVERSED,
    LOG_UNITS,
    MOVE_COUNTER,
    MOVE_MEASURE,
    MOVE_RULES,
    MOVE_RULES_END,
)
from loyalty_dsl.language.types import NO_DATE


@part
def counted_on(plan: Plan, state: State, day: int, kind: int) -> int:
    """The day on which an event moves counters: its own, or an earlier one that it names (COUNT-10)."""
    if kind < 0 or plan.kinds[kind, KIND_COUNTS] < 0:
        return day
    said = state.registers[plan.kinds[kind, KIND_COUNTS]]
    return day if said == NO_DATE else min(said, day)


@part
def count_earlier(plan: Plan, state: State, slot: int, on: int) -> None:
    """Moves counters by `deltas` in the windows that hold an earlier day (COUNT-10)."""
    for counter in range(len(plan.of_state.counters)):
        take_out(plan, state, slot, counter, on, -state.of_member.deltas[counter])


@part
def is_first(plan: Plan, move: int, rule: int) -> bool:
    """Whether a row of `moves` is the first of its counter that names a rule."""
    return _names(plan.of_state.moves, plan.of_state.earned, move, rule)


@part
def _names(moves: Ints, earned: Ints, move: int, rule: int) -> bool:
    for other in range(move + 1):
        if moves[other, MOVE_COUNTER] != moves[move, MOVE_COUNTER]:
            continue
        for k in range(moves[other, MOVE_RULES], moves[other, MOVE_RULES_END]):
            if earned[k] == rule:
                return other == move
    return False


@part
def uncount(
    plan: Plan,
    state: State,
    slot: int,
    on: int,
    i: int,
    left: int,
    base: int,
    number: int,
    all_returned: bool,
) -> None:
    """Takes out of a counter what it no longer keeps of an event (COUNT-6).

    Args:
        number: the items that the counter saw and that are left.
    """
    log = state.of_member.log[slot]
    units = log[i, LOG_UNITS]
    move = plan.of_state.moves[log[i, LOG_INDEX]]
    counted = units
    if move[MOVE_MEASURE] == BY_AMOUNT:
        if left < base:
            counted, _ = divide_product(units, left, base)
    elif move[MOVE_MEASURE] == BY_ITEMS:
        counted = 0 if left == 0 else min(units, number)
    elif all_returned:
        counted = 0
    lost = units - counted
    take_out(plan, state, slot, move[MOVE_COUNTER], on, lost - log[i, LOG_REVERSED])
    log[i, LOG_REVERSED] = lost


@part
def take_out(plan: Plan, state: State, slot: int, counter: int, on: int, units: int) -> None:
    """Takes units out of the window of a counter that holds the day of an event, if it is still counted."""
    if units != 0 and plan.of_state.own_period != 0 and on >= state.registers[EVENT_DAY]:
        add_on(plan, state, slot, counter, on, -units)
    elif units != 0:
        row = slot * len(plan.of_state.counters) + counter
        _take_out_of(
            state.of_member.counters, state.of_member.rings, plan.of_state.counters, row, counter,
            slot * plan.of_state.ring_days, state.members[slot, JOINED], on, units,
        )  # fmt: skip
        if plan.of_state.pasts > 0:
            _take_out_of_pasts(plan.of_state.counters, state.of_member.counters, row, counter, on, units)


@apart
def _take_out_of_pasts(tables: Ints, counters: Ints, row: int, counter: int, on: int, units: int) -> None:
    """The same of the counters of its windows some time ago (COUNT-9)."""
    windows = 0
    before = counter
    for past in range(counter + 1, len(tables)):
        if tables[past, COUNTER_BEFORE] != before:
            continue
        windows += 1
        before = past
        kind, argument = tables[past, COUNTER_WINDOW], tables[past, COUNTER_ARGUMENT]
        start = counters[row - counter + past, COUNT_FROM]
        end = start
        for _ in range(windows):
            end = start
            start = window_from(kind, argument, start - 1, 0)
        if start <= on < end:
            counters[row - counter + past, COUNT_VALUE] -= units
        elif window_from(kind, argument, start - 1, 0) <= on < start:
            counters[row - counter + past, COUNT_PREVIOUS] -= units


@part
def _take_out_of(
    counters: Ints,
    rings: Ints,
    tables: Ints,
    row: int,
    counter: int,
    first_ring: int,
    joined: int,
    on: int,
    units: int,
) -> None:
    kind = tables[counter, COUNTER_WINDOW]
    if kind == ROLLING:
        size = tables[counter, COUNTER_RING_SIZE]
        for entry in range(counters[row, COUNT_ENTRIES]):
            at = first_ring + tables[counter, COUNTER_RING] + (counters[row, COUNT_HEAD] + entry) % size
            if rings[at, 0] == on:
                rings[at, 2] -= units
                counters[row, COUNT_VALUE] -= units
        return
    start = counters[row, COUNT_FROM]
    if on >= start:
        counters[row, COUNT_VALUE] -= units
    elif on >= window_from(kind, tables[counter, COUNTER_ARGUMENT], start - 1, joined):
        counters[row, COUNT_PREVIOUS] -= units
