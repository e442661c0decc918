"""Returns in the kernel: taking back what an event posted and counted (RETURN).

Invariant: what is kept of a posting depends only on how much of its event is returned altogether.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.evaluation.kernel_counters import load_state
from loyalty_dsl.evaluation.kernel_log import forget, prices_left
from loyalty_dsl.evaluation.kernel_midnights import restart_lots
from loyalty_dsl.evaluation.kernel_parts import rounded_part
from loyalty_dsl.evaluation.kernel_reach import note_level
from loyalty_dsl.evaluation.kernel_room import give_room_back
from loyalty_dsl.evaluation.kernel_striking import set_status_clocks
from loyalty_dsl.evaluation.kernel_tiers import AT_RECHECK, decide
from loyalty_dsl.evaluation.kernel_uncounting import is_first, take_out, uncount
from loyalty_dsl.evaluation.kernel_wallets import journal, settle
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
    AVAILABLE,
    BY_REVERSAL,
    DONE,
    GROUP_LIMITS,
    GROUP_LIMITS_END,
    HEAD,
    JOINED,
    JOURNALING,
    LOT_AVAILABLE,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_NUMBER,
    LOT_UNITS,
    MATURED,
    MEMBER,
    MONTH,
    NEXT_DUE,
    NO_FILTER,
    NO_RETURNS,
    NOT_JOINED,
    PENDED,
    PENDING,
    REVERSED,
    REVERSED_ROW,
    ROUNDING,
    RULE_CURRENCY,
    RULE_DENOMINATOR,
    RULE_GROUP,
    RULE_ITEMS,
    RULE_LIMITS,
    RULE_LIMITS_END,
    RULE_REVERSED,
    TAIL,
    TOO_LATE,
    TOO_MUCH,
    UNKNOWN_ITEM,
    UNKNOWN_ORIGINAL,
    WHICH_ITEMS,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_BY_AGE,
    BY_AMOUNT,
    BY_EARNING,
    BY_ITEMS,
    LOG_AVAILABLE,
    LOG_BASE,
    LOG_COUNTED,
    LOG_CUT,
    LOG_DAY,
    LOG_EVENT,
    LOG_EXPIRY,
    LOG_INDEX,
    LOG_PARTS,
    LOG_POSTED,
    LOG_RETURNED,
    LOG_REVERSED,
    LOG_UNITS,
    LOG_WHAT,
    LOGGED_EVENT,
    LOGGED_ITEMS,
    LOGGED_POSTING,
    MOVE_COUNTER,
    MOVE_ITEMS,
    MOVE_MEASURE,
    NO_GRANT,
    TERM_ENDS,
)

GONE = 2
"""A flag of an item that a return asks for, until it is certain that it is carried out."""


@part
def take_back(
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
    """Takes back an event, or a part of it; midnights through `day` have been done (RETURN-1 to RETURN-6).

    Args:
        original: the number of the event, as `AT_EVENT` was.
        basket: what is returned, where no items are given.
        prices, item_fields: the items that are returned.
        original_prices, original_fields: those of the event.
        gone: [items of the event] flags of those returned before; those returned now are set.

    Returns:
        `DONE`, or the code of what is in the way.
    """
    if plan.of_state.returns == 0:
        return NO_RETURNS
    log = state.of_member.log[slot]
    header = state.of_member.log_end[slot] - 1
    while header >= 0 and not (log[header, LOG_WHAT] == LOGGED_EVENT and log[header, LOG_EVENT] == original):
        header -= 1
    if original < 0 or header < 0:
        return UNKNOWN_ORIGINAL
    on = log[header, LOG_DAY]
    within = plan.of_state.return_count
    if within > 0 and day > add_duration(on, within, plan.of_state.return_unit):
        return TOO_LATE
    returned = basket if len(prices) == 0 else _sum(prices)
    whole = log[header, LOG_BASE]
    if log[header, LOG_RETURNED] + returned > whole:
        return TOO_MUCH
    if len(prices) == 0 and len(original_prices) > 1 and plan.of_state.filters_items != 0:
        return WHICH_ITEMS
    if not _find_items(prices, item_fields, original_prices, original_fields, gone):
        return UNKNOWN_ITEM
    log[header, LOG_RETURNED] += returned
    load_state(plan, state, slot, day, day)
    counted = day if plan.of_state.own_period != 0 else log[header, LOG_COUNTED]
    for i in range(header + 1, state.of_member.log_end[slot]):
        if log[i, LOG_WHAT] == LOGGED_EVENT:
            break
        if log[i, LOG_WHAT] == LOGGED_ITEMS:
            continue
        index = log[i, LOG_INDEX]
        posting = log[i, LOG_WHAT] == LOGGED_POSTING
        line = plan.rules[index, RULE_ITEMS] if posting else plan.of_state.moves[index, MOVE_ITEMS]
        base = log[i, LOG_BASE]
        left = base
        if log[header, LOG_RETURNED] == whole:
            left = 0
            base = max(base, 1)
        elif line == NO_FILTER:
            left -= log[header, LOG_RETURNED]
        elif len(original_prices) == 1:
            left -= log[header, LOG_RETURNED] if base > 0 else 0
        else:
            left = prices_left(state.of_member.log, slot, i, line, original_prices, gone, BY_AMOUNT)
        if base == 0:
            base = left = 1
        if posting:
            _reverse(plan, state, sink, slot, day, on, counted, i, left, base, log[header, LOG_UNITS])
        else:
            number = prices_left(state.of_member.log, slot, i, line, original_prices, gone, BY_ITEMS)
            uncount(plan, state, slot, counted, i, left, base, number, log[header, LOG_RETURNED] == whole)
    if log[header, LOG_RETURNED] == whole:
        forget(state.of_member.log, state.of_member.log_end, slot, header)
    if plan.of_state.rechecks != 0:
        _recheck(plan, state, sink, slot, day)
    return DONE


@part
def _sum(prices: Ints) -> int:
    total = 0
    for i in range(len(prices)):
        total += prices[i]
    return total


@part
def _find_items(
    prices: Ints, item_fields: Ints, original_prices: Ints, original_fields: Ints, gone: Ints
) -> bool:
    """Flags the first items of the event that are those returned, if all are there."""
    for i in range(len(prices)):
        found = False
        for k in range(len(original_prices)):
            if gone[k] != 0 or original_prices[k] != prices[i]:
                continue
            same = True
            for f in range(item_fields.shape[1]):
                same = same and original_fields[k, f] == item_fields[i, f]
            if same:
                gone[k] = GONE
                found = True
                break
        if not found:
            for k in range(len(gone)):
                gone[k] = 0 if gone[k] == GONE else gone[k]
            return False
    for k in range(len(gone)):
        gone[k] = 1 if gone[k] == GONE else gone[k]
    return True


@part
def _reverse(
    plan: Plan, state: State, sink: Sink, slot: int, day: int, on: int, counted: int, i: int, left: int,
    base: int, digits: int,
) -> None:  # fmt: skip
    """Takes back what a posting no longer keeps (RETURN-4 to RETURN-6).

    Args:
        on: the day of the posting; counted: the day out of which counters lose it; i: its row of the log;
            left, base: the part that is still the member's; digits: the event's fields, as its row has them.
    """
    log = state.of_member.log[slot]
    rule = log[i, LOG_INDEX]
    currency = plan.rules[rule, RULE_CURRENCY]
    kept = log[i, LOG_POSTED]
    if left < base:
        units, parts = log[i, LOG_UNITS], log[i, LOG_PARTS]
        if log[i, LOG_CUT] != 0:
            units, parts = kept, 0
        denominator = plan.rules[rule, RULE_DENOMINATOR]
        rounding = plan.currencies[currency, ROUNDING]
        kept = min(kept, rounded_part(units, parts, denominator, left, base, rounding))
    units = log[i, LOG_POSTED] - kept - log[i, LOG_REVERSED]
    if units == 0:
        return
    log[i, LOG_REVERSED] += units
    account = slot * len(plan.currencies) + currency
    month = plan.days[day - plan.first_day, MONTH]
    taken = _take_lots(
        state.wallets, state.lots, sink.flows, sink.ages, sink.notes, sink.journal, account, currency,
        state.members[slot, MEMBER], rule, day, month, log[i, LOG_AVAILABLE], log[i, LOG_EXPIRY], units,
        plan.of_state.negative,
    )  # fmt: skip
    sink.flows[account, month, REVERSED] += taken
    sink.rules[rule, month, RULE_REVERSED] += taken
    settle(state.wallets, state.lots, account, plan.of_state.accounts[currency, ACCOUNT_BY_AGE])
    joined = state.members[slot, JOINED]
    times = 0 if kept > 0 else 1
    first, end = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
    give_room_back(plan, state, slot, on, day, joined, first, end, units, times, digits)
    group = plan.rules[rule, RULE_GROUP]
    if group >= 0:
        first, end = plan.groups[group, GROUP_LIMITS], plan.groups[group, GROUP_LIMITS_END]
        give_room_back(plan, state, slot, on, day, joined, first, end, units, times, digits)
    for move in range(len(plan.of_state.moves)):
        # Each counter once, by the first kind of event that names the rule.
        if plan.of_state.moves[move, MOVE_MEASURE] == BY_EARNING and is_first(plan, move, rule):
            take_out(plan, state, slot, plan.of_state.moves[move, MOVE_COUNTER], counted, units)


@part
def _take_lots(
    wallets: Ints,
    lots: Ints,
    flows: Ints,
    ages: Ints,
    notes: Ints,
    rows: Ints,
    account: int,
    currency: int,
    member: int,
    rule: int,
    day: int,
    month: int,
    available: int,
    expiry: int,
    units: int,
    negative: int,
) -> int:
    """Takes units from lots in the order of RETURN-5, and what is missing from the balance if it may.

    Returns:
        The units taken.
    """
    head, matured, tail = wallets[account, HEAD], wallets[account, MATURED], wallets[account, TAIL]
    taken = 0
    for turn in range(4):
        pending = turn % 3 == 0
        while taken < units:
            # The next lot of this turn: the last posted, the oldest, or the first in order.
            chosen = -1
            for i in range(matured if pending else head, tail if pending else matured):
                if lots[account, i, LOT_UNITS] == 0:
                    continue
                if turn == 0:
                    fits = (
                        lots[account, i, LOT_AVAILABLE] == available
                        and lots[account, i, LOT_EXPIRY] == expiry
                    )
                    if fits and (
                        chosen < 0 or lots[account, i, LOT_NUMBER] > lots[account, chosen, LOT_NUMBER]
                    ):
                        chosen = i
                elif turn == 1:
                    fits = lots[account, i, LOT_EXPIRY] == expiry
                    if fits and (
                        chosen < 0 or lots[account, i, LOT_NUMBER] < lots[account, chosen, LOT_NUMBER]
                    ):
                        chosen = i
                elif chosen < 0:
                    chosen = i
            if chosen < 0:
                break
            amount = min(units - taken, lots[account, chosen, LOT_UNITS])
            lots[account, chosen, LOT_UNITS] -= amount
            issued = lots[account, chosen, LOT_MONTH]
            ages[BY_REVERSAL, currency, issued, month - issued] += amount
            taken += amount
            if pending:
                wallets[account, PENDING] -= amount
                flows[account, month, PENDED] -= amount
            else:
                wallets[account, AVAILABLE] -= amount
            if notes[JOURNALING] != 0:
                gone = lots[account, chosen, LOT_EXPIRY]
                event = notes[AT_EVENT]
                journal(rows, notes, member, event, day, REVERSED_ROW, rule, currency, 0, gone, amount)
    if taken < units and negative != 0:
        wallets[account, AVAILABLE] -= units - taken
        if notes[JOURNALING] != 0:
            event = notes[AT_EVENT]
            journal(rows, notes, member, event, day, REVERSED_ROW, rule, currency, 0, 0, units - taken)
        taken = units
    return taken


@part
def _recheck(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Decides all ladders after a return, which can lower status (TIER-8)."""
    if state.members[slot, JOINED] == NOT_JOINED:
        return
    load_state(plan, state, slot, day, day)
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        old = decide(plan, state, sink, slot, ladder, day, AT_RECHECK, NO_GRANT)
        note_level(plan, state, slot, day - plan.first_day, ladder)
        ends = state.of_member.ladders[slot * ladders + ladder, TERM_ENDS]
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], ends)
        set_status_clocks(plan, state, slot, day, ladder, old)
        restart_lots(plan, state, slot, day, ladder, old)
