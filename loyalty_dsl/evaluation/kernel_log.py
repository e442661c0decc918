"""What an event leaves behind in the kernel so that it can be returned (RETURN-1).

Invariant: a member's log holds the events that can be returned, in order, each before what rules posted at it and
what moved counters.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.kernel_lots import term_of
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
    NO_FILTER,
    PASSED_CUT,
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
    LOG_AVAILABLE,
    LOG_BASE,
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
    LOGGED_MOVE,
    LOGGED_POSTING,
    MOVE_ITEMS,
    POLICY_AVAILABLE,
)


@inlined
def has_log_room(plan: Plan, state: State, slot: int) -> bool:
    """Whether the log can take what one event leaves behind."""
    if plan.of_state.returns == 0:
        return True
    end: int = state.of_member.log_end[slot] + 1 + len(plan.rules) + len(plan.of_state.moves)
    return end <= state.of_member.log.shape[1]


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


@inlined
def remember(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
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
    at = _log(log, log_end, slot, LOGGED_EVENT, 0, basket, 0, 0)
    log[slot, at, LOG_EVENT] = sink.notes[AT_EVENT]
    log[slot, at, LOG_DAY] = day
    for rule in range(len(plan.rules)):
        posted = state.passed[rule, PASSED_POSTED]
        if posted > 0:
            base = basket
            if plan.rules[rule, RULE_ITEMS] != NO_FILTER:
                base = prices_of(
                    plan.code, state.registers, plan.first_item_field, plan.rules[rule, RULE_ITEMS], prices,
                    item_fields, prices[:0], 0, 0,
                )  # fmt: skip
            units = state.passed[rule, PASSED_UNITS]
            at = _log(log, log_end, slot, LOGGED_POSTING, rule, base, units, posted)
            log[slot, at, LOG_PARTS] = state.passed[rule, PASSED_PARTS]
            log[slot, at, LOG_CUT] = state.passed[rule, PASSED_CUT]
            log[slot, at, LOG_ITEMS] = items_seen(
                plan.code, state.registers, plan.first_item_field, plan.rules[rule, RULE_ITEMS], item_fields
            )
            policy = plan.of_state.rule_policies[rule]
            column = plan.of_state.policies[policy, POLICY_AVAILABLE]
            log[slot, at, LOG_AVAILABLE] = plan.of_state.term_days[row, column]
            log[slot, at, LOG_EXPIRY] = term_of(plan, state.registers, policy, row)
    for i in range(first, end):
        by = state.of_member.by[i]
        if by != 0:
            base = basket
            if plan.of_state.moves[i, MOVE_ITEMS] != NO_FILTER:
                base = prices_of(
                    plan.code, state.registers, plan.first_item_field, plan.of_state.moves[i, MOVE_ITEMS],
                    prices, item_fields, prices[:0], 0, 0,
                )  # fmt: skip
            at = _log(log, log_end, slot, LOGGED_MOVE, i, base, by, 0)
            log[slot, at, LOG_ITEMS] = items_seen(
                plan.code, state.registers, plan.first_item_field, plan.of_state.moves[i, MOVE_ITEMS],
                item_fields,
            )  # fmt: skip


BITS = 62
"""Items of an event of which the log knows whether a filter let them through."""


@part
def items_seen(code: Ints, registers: Ints, first_item_field: int, line: int, item_fields: Ints) -> int:
    """A bit for each of the first items that a filter lets through (`NO_FILTER`: all)."""
    seen = 0
    for i in range(min(len(item_fields), BITS)):
        for f in range(item_fields.shape[1]):
            registers[first_item_field + f] = item_fields[i, f]
        if line == NO_FILTER or holds(code, registers, line):
            seen |= 1 << i
    return seen


@part
def prices_of(
    code: Ints,
    registers: Ints,
    first_item_field: int,
    line: int,
    prices: Ints,
    item_fields: Ints,
    gone: Ints,
    measure: int,
    seen: int,
) -> int:
    """The prices of the items that pass a filter (`NO_FILTER`: all), or their number for `BY_ITEMS`.

    Args:
        gone: [items] flags of the items to leave out or, of length 0, nothing to leave out.
        seen: where items are left out, the bits of the first items that passed at the event.
    """
    total = 0
    for i in range(len(prices)):
        if len(gone) > 0:
            if gone[i] != 0:
                continue
            if i < BITS:
                if (seen >> i) & 1 == 1:
                    total += 1 if measure == BY_ITEMS else prices[i]
                continue
        for f in range(item_fields.shape[1]):
            registers[first_item_field + f] = item_fields[i, f]
        if line == NO_FILTER or holds(code, registers, line):
            total += 1 if measure == BY_ITEMS else prices[i]
    return total
