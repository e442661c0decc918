"""Counters in the kernel, and the registers through which conditions read a member's state (COUNT).

Invariants: a counter's value is that of the window from `COUNT_FROM` to `COUNT_UNTIL`, and reading it as of a
later day moves it on, which forgets nothing that can still be asked about: the days asked about never fall. A
rolling counter's value is the sum of its ring's entries, which are days in order.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.kernel_calendar import (
    BEFORE_ALL,
    MEMBERSHIP,
    PERIOD,
    ROLLING,
    add_duration,
    window_after,
    window_from,
    window_until,
    years_since,
)
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.kernel_gates import load_deadlines
from loyalty_dsl.evaluation.kernel_luck import load_holdouts
from loyalty_dsl.evaluation.plan import (
    AMOUNT,
    AVAILABLE,
    DAYS_SINCE_JOIN,
    EVENT_DAY,
    FIRST_BALANCE,
    ITEM_LEFT,
    JOINED,
    MEMBERSHIP_YEAR,
    NOT_JOINED,
    PASSED_POSTED,
    REFERRED,
    SUM_REGISTER,
    SUM_TERMS,
    SUM_TERMS_END,
    TERM_FACTOR,
    TERM_REGISTER,
    WEEKDAY,
    Ints,
    Plan,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    BY_AMOUNT,
    BY_EARNING,
    BY_EVENT,
    BY_FIELD,
    BY_ITEMS,
    BY_NUMBER,
    COUNT_ENTRIES,
    COUNT_FROM,
    COUNT_HEAD,
    COUNT_PREVIOUS,
    COUNT_UNTIL,
    COUNT_VALUE,
    COUNTER_ARGUMENT,
    COUNTER_BEFORE,
    COUNTER_RING,
    COUNTER_RING_SIZE,
    COUNTER_UNIT,
    COUNTER_WINDOW,
    MOVE_COUNTER,
    MOVE_ITEMS,
    MOVE_MEASURE,
    MOVE_REGISTER,
    MOVE_ROOM,
    MOVE_RULES,
    MOVE_RULES_END,
    MOVE_WHERE,
    NONE,
    RING_DAY,
    RING_LEAVES,
    RING_VALUE,
    STATUS,
)


@part
def roll(
    counters: Ints, rings: Ints, tables: Ints, row: int, counter: int, first_ring: int, joined: int, day: int
) -> None:
    """Moves a counter on to the window that holds a day.

    Args:
        row: of `counters`; first_ring: the member's first entry of `rings`.
    """
    kind = tables[counter, COUNTER_WINDOW]
    if kind == ROLLING:
        size = tables[counter, COUNTER_RING_SIZE]
        first = first_ring + tables[counter, COUNTER_RING]
        while counters[row, COUNT_ENTRIES] > 0:
            at = first + counters[row, COUNT_HEAD]
            if rings[at, RING_LEAVES] > day:
                counters[row, COUNT_UNTIL] = rings[at, RING_LEAVES]
                return
            counters[row, COUNT_VALUE] -= rings[at, RING_VALUE]
            counters[row, COUNT_HEAD] = (counters[row, COUNT_HEAD] + 1) % size
            counters[row, COUNT_ENTRIES] -= 1
        counters[row, COUNT_UNTIL] = NEVER
        return
    if kind == MEMBERSHIP and joined == NOT_JOINED:
        counters[row, COUNT_FROM] = BEFORE_ALL
        return
    start = window_from(kind, tables[counter, COUNTER_ARGUMENT], day, joined)
    if start > BEFORE_ALL:
        until = counters[row, COUNT_UNTIL]
        counters[row, COUNT_PREVIOUS] = counters[row, COUNT_VALUE] if start == until else 0
        counters[row, COUNT_VALUE] = 0
        before = tables[counter, COUNTER_BEFORE]
        if before >= 0:
            counters[row, COUNT_VALUE] = counters[row - counter + before, COUNT_PREVIOUS]
    counters[row, COUNT_FROM] = start
    if kind <= PERIOD:
        counters[row, COUNT_UNTIL] = window_after(kind, tables[counter, COUNTER_ARGUMENT], start)
    else:
        counters[row, COUNT_UNTIL] = window_until(kind, tables[counter, COUNTER_ARGUMENT], day, joined)


@part
def add_to_ring(
    rings: Ints, counters: Ints, row: int, first: int, size: int, day: int, leaves: int, by: int
) -> None:
    """Adds what a day brought to a rolling counter whose ring begins at `first`."""
    entries = counters[row, COUNT_ENTRIES]
    counters[row, COUNT_VALUE] += by
    if entries > 0:
        last = first + (counters[row, COUNT_HEAD] + entries - 1) % size
        if rings[last, RING_DAY] == day:
            rings[last, RING_VALUE] += by
            return
    at = first + (counters[row, COUNT_HEAD] + entries) % size
    rings[at, RING_DAY] = day
    rings[at, RING_LEAVES] = leaves
    rings[at, RING_VALUE] = by
    counters[row, COUNT_ENTRIES] = entries + 1
    counters[row, COUNT_UNTIL] = min(counters[row, COUNT_UNTIL], leaves)


@copied
def roll_counters(plan: Plan, state: State, slot: int, day: int) -> None:
    """Moves all counters of a member on to a day."""
    count = len(plan.of_state.counters)
    if plan.of_state.pasts > 0:
        _pass_windows(plan, state, slot, day)
    for counter in range(count):
        if state.of_member.counters[slot * count + counter, COUNT_UNTIL] <= day:
            _roll_on(plan, state, slot, counter, day)


@apart
def _pass_windows(plan: Plan, state: State, slot: int, day: int) -> None:
    """Moves counters of windows some time ago on to a day, one window after the other, with those that they
    stand on (COUNT-9)."""
    tables, counters = plan.of_state.counters, state.of_member.counters
    count = len(tables)
    for past in range(count):
        row = slot * count + past
        if tables[past, COUNTER_BEFORE] < 0 or counters[row, COUNT_UNTIL] > day:
            continue
        kind, argument = tables[past, COUNTER_WINDOW], tables[past, COUNTER_ARGUMENT]
        first = window_from(kind, argument, day, 0)
        for _ in range(plan.of_state.pasts + 1):  # what is further back is asked no more
            first = window_from(kind, argument, first - 1, 0)
        while counters[row, COUNT_UNTIL] <= day:
            at = max(first, counters[row, COUNT_UNTIL])
            for counter in range(count):
                same = (
                    tables[counter, COUNTER_WINDOW] == kind and tables[counter, COUNTER_ARGUMENT] == argument
                )
                if same and counters[slot * count + counter, COUNT_UNTIL] <= at:
                    _roll_on(plan, state, slot, counter, at)


@apart
def _roll_on(plan: Plan, state: State, slot: int, counter: int, day: int) -> None:
    """Moves one counter of a member, whose window is over, on to a day."""
    roll(
        state.of_member.counters, state.of_member.rings, plan.of_state.counters,
        slot * len(plan.of_state.counters) + counter, counter, slot * plan.of_state.ring_days,
        state.members[slot, JOINED], day,
    )  # fmt: skip


@part
def load_state(plan: Plan, state: State, slot: int, as_of: int, day: int) -> None:
    """Writes a member's state into the registers: counters as of one day, everything else as it is.

    Args:
        as_of: the day whose windows are read; day: that of the event or midnight.
    """
    registers = state.registers
    joined = state.members[slot, JOINED]
    registers[DAYS_SINCE_JOIN] = 0 if joined == NOT_JOINED else day - joined
    registers[EVENT_DAY] = day
    registers[WEEKDAY] = (day + 3) % 7  # day 0 was a Thursday, which is 3
    registers[REFERRED] = state.of_member.referred[slot]
    if plan.of_state.membership != 0:
        registers[MEMBERSHIP_YEAR] = 0 if joined == NOT_JOINED else years_since(joined, day)
    currencies = len(plan.currencies)
    for currency in range(currencies):
        registers[FIRST_BALANCE + currency] = max(0, state.wallets[slot * currencies + currency, AVAILABLE])
    for field in range(plan.of_state.member_fields):
        registers[plan.first_member_field + field] = state.of_member.fields[slot, field]
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        registers[plan.first_status + ladder] = state.of_member.ladders[slot * ladders + ladder, STATUS]
    roll_counters(plan, state, slot, as_of)
    count = len(plan.of_state.counters)
    for counter in range(count):
        row = slot * count + counter
        registers[plan.first_counter + counter] = state.of_member.counters[row, COUNT_VALUE]
        registers[plan.first_previous + counter] = state.of_member.counters[row, COUNT_PREVIOUS]
    if len(plan.sums) > 0:
        load_sums(registers, plan.sums, plan.sum_terms)
    if len(plan.of_state.holdouts) > 0:
        load_holdouts(plan, state, slot)
    if len(plan.of_state.deadlines) > 0:
        load_deadlines(registers, plan.of_state.deadlines)


@copied
def load_changed(plan: Plan, state: State, slot: int) -> None:
    """The same again after an event of the same day: only balances and counters have changed."""
    registers = state.registers
    currencies = len(plan.currencies)
    for currency in range(currencies):
        registers[FIRST_BALANCE + currency] = max(0, state.wallets[slot * currencies + currency, AVAILABLE])
    count = len(plan.of_state.counters)
    for counter in range(count):
        value = state.of_member.counters[slot * count + counter, COUNT_VALUE]
        registers[plan.first_counter + counter] = value
    if len(plan.sums) > 0:
        load_sums(registers, plan.sums, plan.sum_terms)


@part
def load_sums(registers: Ints, sums: Ints, terms: Ints) -> None:
    """Works out the sums that conditions compare."""
    for i in range(len(sums)):
        total = 0
        for term in range(sums[i, SUM_TERMS], sums[i, SUM_TERMS_END]):
            total += registers[terms[term, TERM_REGISTER]] * terms[term, TERM_FACTOR]
        registers[sums[i, SUM_REGISTER]] = total


@part
def load_moved(plan: Plan, state: State, sign: int) -> None:
    """Adds what the event at hand moves counters by to their registers, or takes it off again."""
    for counter in range(len(plan.of_state.counters)):
        state.registers[plan.first_counter + counter] += sign * state.of_member.deltas[counter]
    if len(plan.sums) > 0:
        load_sums(state.registers, plan.sums, plan.sum_terms)


@apart
def count_items(
    code: Ints,
    registers: Ints,
    first_item_field: int,
    line: int,
    items: Ints,
    prices: Ints,
    item_fields: Ints,
    measure: int,
) -> int:
    """What the items that pass a filter come to: their amounts, their prices or their number.

    Args:
        line: the filter's first line, `NONE` for every item.
        measure: `BY_AMOUNT`, `BY_ITEMS` or, for prices, `BY_EVENT`.
    """
    total = 0
    for i in range(len(prices)):
        for f in range(item_fields.shape[1]):
            registers[first_item_field + f] = item_fields[i, f]
        if line == NONE or holds(code, registers, line):
            if measure == BY_ITEMS:
                total += 1
            elif measure == BY_AMOUNT:
                total += items[i, ITEM_LEFT]
            else:
                total += prices[i]
    return total


@part
def measure_moves(plan: Plan, state: State, first: int, end: int, prices: Ints, item_fields: Ints) -> None:
    """Works out by how much the event at hand moves each counter, but for what is still to be earned.

    Args:
        first, end: the rows of `moves` of the event's kind.
    """
    deltas = state.of_member.deltas
    for counter in range(len(deltas)):
        deltas[counter] = 0
    for i in range(first, end):
        by = measure_move(plan, state, i, prices, item_fields)
        state.of_member.by[i] = by
        deltas[plan.of_state.moves[i, MOVE_COUNTER]] += by


@copied
def measure_move(plan: Plan, state: State, i: int, prices: Ints, item_fields: Ints) -> int:
    """By how much one row of `moves` moves its counter; by what is earned, nothing."""
    move = plan.of_state.moves[i]
    if not holds(plan.code, state.registers, move[MOVE_WHERE]):
        return 0
    measure = move[MOVE_MEASURE]
    by = 0
    if measure == BY_EVENT or (measure == BY_NUMBER and move[MOVE_ITEMS] == NONE):
        by = 1
    elif measure == BY_NUMBER:
        by = min(1, count_items(
            plan.code, state.registers, plan.first_item_field, move[MOVE_ITEMS], state.items, prices,
            item_fields, BY_ITEMS,
        ))  # fmt: skip
    elif measure == BY_FIELD:
        by = state.registers[move[MOVE_REGISTER]]
    elif measure == BY_AMOUNT and move[MOVE_ITEMS] == NONE:
        by = state.registers[AMOUNT]
    elif measure != BY_EARNING:
        by = count_items(
            plan.code, state.registers, plan.first_item_field, move[MOVE_ITEMS], state.items, prices,
            item_fields, measure,
        )  # fmt: skip
    if move[MOVE_ROOM] != NONE:
        by = min(by, max(0, state.registers[move[MOVE_ROOM]]))
    return by


@part
def measure_earned(plan: Plan, state: State, first: int, end: int) -> None:
    """Adds what rules posted at the event at hand to what moves the counters."""
    for i in range(first, end):
        move = plan.of_state.moves[i]
        if move[MOVE_MEASURE] == BY_EARNING:
            for rule in range(move[MOVE_RULES], move[MOVE_RULES_END]):
                posted = state.passed[plan.of_state.earned[rule], PASSED_POSTED]
                state.of_member.deltas[move[MOVE_COUNTER]] += posted


@part
def move_counters(plan: Plan, state: State, slot: int, day: int) -> None:
    """Moves counters by `deltas` (COUNT-1); they have been read as of the day."""
    count = len(plan.of_state.counters)
    for counter in range(count):
        by = state.of_member.deltas[counter]
        if by != 0:
            add_on(plan, state, slot, counter, day, by)


@part
def add_on(plan: Plan, state: State, slot: int, counter: int, day: int, by: int) -> None:
    """Moves a counter on the day as of which it has been read."""
    row = slot * len(plan.of_state.counters) + counter
    table = plan.of_state.counters[counter]
    if table[COUNTER_WINDOW] == ROLLING:
        first = slot * plan.of_state.ring_days + table[COUNTER_RING]
        leaves = add_duration(day, table[COUNTER_ARGUMENT], table[COUNTER_UNIT])
        add_to_ring(
            state.of_member.rings, state.of_member.counters, row, first, table[COUNTER_RING_SIZE], day,
            leaves, by,
        )  # fmt: skip
    else:
        state.of_member.counters[row, COUNT_VALUE] += by


@apart
def count_option(plan: Plan, state: State, slot: int, day: int, reward: int, units: int) -> None:
    """Moves the counters that count what an option of a menu gives (MENU-4); the registers stay as they were
    before the event."""
    for row in range(len(plan.of_state.options)):
        if plan.of_state.options[row, 0] == reward:
            add_on(plan, state, slot, plan.of_state.options[row, 1], day, units)
