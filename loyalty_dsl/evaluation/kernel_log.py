"""What an event leaves behind in the kernel so that it can be returned (RETURN-1).

Invariant: a member's log holds the events that can be returned, in order, each before what rules posted at
it, in the order of paying, and what moved counters. Of an event that has come back whole only its own row is
left.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.kernel_lots import available_of, term_of
from loyalty_dsl.evaluation.kernel_uncounting import counted_on
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
    LIMIT_CHOICES,
    LIMIT_FIELD,
    LIMIT_LEADS,
    LIMIT_STRIDE,
    NO_FILTER,
    PASSED_CUT,
    PASSED_FIRED,
    PASSED_PARTS,
    PASSED_POSTED,
    PASSED_UNITS,
    RULE_ITEMS,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    BY_ITEMS,
    BY_NUMBER,
    LOG_AVAILABLE,
    LOG_BASE,
    LOG_COUNTED,
    LOG_CUT,
    LOG_DAY,
    LOG_EVENT,
    LOG_EXPIRY,
    LOG_INDEX,
    LOG_ITEMS,
    LOG_PARTS,
    LOG_POSTED,
    LOG_UNITS,
    LOG_WHAT,
    LOGGED_EVENT,
    LOGGED_ITEMS,
    LOGGED_MOVE,
    LOGGED_POSTING,
    MOVE_ITEMS,
    MOVE_MEASURE,
)


@part
def has_log_room(plan: Plan, state: State, slot: int) -> bool:
    """Whether the log can take what one event leaves behind."""
    if plan.of_state.returns == 0:
        return True
    rows = (len(plan.rules) + len(plan.of_state.moves)) * (1 + len(state.items) // BITS)
    fits: bool = state.of_member.log_end[slot] + 1 + rows <= state.of_member.log.shape[1]
    return fits


@part
def _log(
    log: Ints, log_end: Ints, slot: int, what: int, index: int, base: int, units: int, posted: int
) -> int:
    """Begins a row of the log."""
    at: int = log_end[slot]
    log_end[slot] = at + 1
    for column in range(log.shape[2]):
        log[slot, at, column] = 0
    log[slot, at, LOG_WHAT] = what
    log[slot, at, LOG_INDEX] = index
    log[slot, at, LOG_BASE] = base
    log[slot, at, LOG_UNITS] = units
    log[slot, at, LOG_POSTED] = posted
    return at


@apart
def remember(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    kind: int,
    basket: int,
    first: int,
    end: int,
    prices: Ints,
    item_fields: Ints,
) -> None:
    """Writes down an event with an amount, right after its postings (RETURN-1).

    Args:
        first, end: its rows of `moves`.
    """
    log, log_end = state.of_member.log, state.of_member.log_end
    at = _log(log, log_end, slot, LOGGED_EVENT, 0, basket, _digits(plan, state.registers), 0)
    log[slot, at, LOG_EVENT] = sink.notes[AT_EVENT]
    log[slot, at, LOG_DAY] = day
    log[slot, at, LOG_COUNTED] = counted_on(plan, state, day, kind)
    for turn in range(1, len(plan.rules) + 1):
        rule = _paid_at(state.passed, turn)
        if rule < 0:
            break
        posted = state.passed[rule, PASSED_POSTED]
        if posted > 0:
            line = plan.rules[rule, RULE_ITEMS]
            base = basket
            if line != NO_FILTER:
                base = _prices_of(
                    plan.code, state.registers, plan.first_item_field, line, prices, item_fields
                )  # fmt: skip
            units = state.passed[rule, PASSED_UNITS]
            at = _log(log, log_end, slot, LOGGED_POSTING, rule, base, units, posted)
            log[slot, at, LOG_PARTS] = state.passed[rule, PASSED_PARTS]
            log[slot, at, LOG_CUT] = state.passed[rule, PASSED_CUT]
            policy = plan.of_state.rule_policies[rule]
            log[slot, at, LOG_AVAILABLE] = available_of(plan, state.registers, policy, row)
            log[slot, at, LOG_EXPIRY] = term_of(plan, state.registers, policy, row)
            _log_items(
                log, log_end, slot, plan.code, state.registers, plan.first_item_field, line, item_fields
            )  # fmt: skip
    for i in range(first, end):
        by = state.of_member.by[i]
        if by != 0 and plan.of_state.moves[i, MOVE_MEASURE] != BY_NUMBER:  # EARN-13
            line = plan.of_state.moves[i, MOVE_ITEMS]
            base = basket
            if line != NO_FILTER:
                base = _prices_of(
                    plan.code, state.registers, plan.first_item_field, line, prices, item_fields
                )  # fmt: skip
            _log(log, log_end, slot, LOGGED_MOVE, i, base, by, 0)
            _log_items(
                log, log_end, slot, plan.code, state.registers, plan.first_item_field, line, item_fields
            )  # fmt: skip


@part
def _digits(plan: Plan, registers: Ints) -> int:
    """The values of the fields that limits count by, one after the other in a single integer (LIMIT-11).

    Another kind of event may have something else in the same place, which no limit asks for: it is brought
    into the range of the digit.
    """
    digits = 0
    for limit in range(len(plan.limits)):
        if plan.limits[limit, LIMIT_LEADS] != 0:
            value = registers[plan.limits[limit, LIMIT_FIELD]]
            value = min(max(value, 0), plan.limits[limit, LIMIT_CHOICES] - 1)
            digits += value * plan.limits[limit, LIMIT_STRIDE]
    return digits


BITS = 62
"""Items of which one row of the log knows whether a filter let them through."""


@part
def _paid_at(passed: Ints, turn: int) -> int:
    """The rule that was paid at a turn; -1 when no more were."""
    for rule in range(len(passed)):
        if passed[rule, PASSED_FIRED] == turn:
            return rule
    return -1


@part
def _log_items(
    log: Ints,
    log_end: Ints,
    slot: int,
    code: Ints,
    registers: Ints,
    first_item_field: int,
    line: int,
    item_fields: Ints,
) -> None:
    """Adds to the last row a bit for each item that a filter lets through, and rows for those beyond it."""
    if line == NO_FILTER:
        return
    for i in range(len(item_fields)):
        if i > 0 and i % BITS == 0:
            _log(log, log_end, slot, LOGGED_ITEMS, 0, 0, 0, 0)
        for f in range(item_fields.shape[1]):
            registers[first_item_field + f] = item_fields[i, f]
        if holds(code, registers, line):
            log[slot, log_end[slot] - 1, LOG_ITEMS] |= 1 << (i % BITS)


@part
def _prices_of(
    code: Ints, registers: Ints, first_item_field: int, line: int, prices: Ints, item_fields: Ints
) -> int:
    """The prices of the items that pass a filter."""
    total = 0
    for i in range(len(prices)):
        for f in range(item_fields.shape[1]):
            registers[first_item_field + f] = item_fields[i, f]
        if holds(code, registers, line):
            total += prices[i]
    return total


@part
def prices_left(log: Ints, slot: int, at: int, line: int, prices: Ints, gone: Ints, measure: int) -> int:
    """The prices of the items that passed a filter at the event and that nobody has returned (`NO_FILTER`: of
    all), or their number for `BY_ITEMS`.

    Args:
        at: the row of the log of what saw the items; gone: [items] flags of those returned.
    """
    total = 0
    for i in range(len(prices)):
        if gone[i] == 0 and (
            line == NO_FILTER or (log[slot, at + i // BITS, LOG_ITEMS] >> (i % BITS)) & 1 == 1
        ):
            total += 1 if measure == BY_ITEMS else prices[i]
    return total


@part
def forget(log: Ints, log_end: Ints, slot: int, header: int) -> None:
    """Drops what an event that has come back whole left behind, all but its own row."""
    first = header + 1
    end = first
    while end < log_end[slot] and log[slot, end, LOG_WHAT] != LOGGED_EVENT:
        end += 1
    if end == first:
        return
    for i in range(end, log_end[slot]):
        for column in range(log.shape[2]):
            log[slot, i - end + first, column] = log[slot, i, column]
    log_end[slot] -= end - first
