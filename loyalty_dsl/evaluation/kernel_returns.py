"""Returns in the kernel: taking back what an event posted and counted (RETURN).

Invariant: what is kept of a posting depends only on how much of its event is returned altogether.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.kernel_calendar import ROLLING, window_from, years_since
from loyalty_dsl.evaluation.kernel_counters import load_state
from loyalty_dsl.evaluation.kernel_log import forget, prices_left
from loyalty_dsl.evaluation.kernel_lots import journal, settle
from loyalty_dsl.evaluation.kernel_midnights import restart_lots
from loyalty_dsl.evaluation.kernel_reach import note_level
from loyalty_dsl.evaluation.kernel_tiers import AT_RECHECK, decide
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
    AVAILABLE,
    BY_REVERSAL,
    DONE,
    DOWN,
    EVENT,
    GROUP_LIMITS,
    GROUP_LIMITS_END,
    HEAD,
    JOINED,
    JOURNALING,
    LIMIT_CLOSED,
    LIMIT_INDEX,
    LIMIT_OF,
    LIMIT_WINDOW,
    LOT_AVAILABLE,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_NUMBER,
    LOT_UNITS,
    MATURED,
    MEMBER,
    MEMBERSHIP,
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
    TAIL,
    TIMES,
    TOO_MUCH,
    UNKNOWN_ITEM,
    UNKNOWN_ORIGINAL,
    UP,
    USAGE_USED,
    USAGE_WINDOW,
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
    COUNT_ENTRIES,
    COUNT_FROM,
    COUNT_HEAD,
    COUNT_PREVIOUS,
    COUNT_VALUE,
    COUNTER_ARGUMENT,
    COUNTER_RING,
    COUNTER_RING_SIZE,
    COUNTER_WINDOW,
    LOG_AVAILABLE,
    LOG_BASE,
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
    MOVE_RULES,
    MOVE_RULES_END,
    TERM_ENDS,
)

GONE = 2
"""A flag of an item that a return asks for, until it is certain that it is carried out."""


@inlined
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
        original: the number of the event, as `AT_EVENT` was; basket: what is returned, where no items are given.
        prices, item_fields: the items that are returned; original_prices, original_fields: those of the event.
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
    on = log[header, LOG_DAY]
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
            _reverse(plan, state, sink, slot, day, on, i, left, base)
        else:
            number = prices_left(state.of_member.log, slot, i, line, original_prices, gone, BY_ITEMS)
            _uncount(plan, state, slot, on, i, left, base, number, log[header, LOG_RETURNED] == whole)
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
def _divide_product(a: int, b: int, c: int) -> tuple[int, int]:
    """Quotient and remainder of a * b / c, where 0 <= b <= c < 2**62: the product may not fit 64 bits."""
    quotient = 0
    rest = 0
    for bit in range(62, -1, -1):
        quotient *= 2
        rest *= 2
        if rest >= c:
            rest -= c
            quotient += 1
        if (a >> bit) & 1 == 1:
            rest += b
            if rest >= c:
                rest -= c
                quotient += 1
    return quotient, rest


@part
def _rounded_part(units: int, parts: int, denominator: int, left: int, base: int, rounding: int) -> int:
    """Rounds (units + parts / denominator) * left / base, where parts < denominator and left <= base."""
    whole, over = _divide_product(units, left, base)
    first, first_rest = _divide_product(denominator, over, base)
    second, second_rest = _divide_product(parts, left, base)
    numerator = first + second  # over the denominator, with a rest over base
    rest = first_rest + second_rest
    if rest >= base:
        rest -= base
        numerator += 1
    if numerator >= denominator:
        numerator -= denominator
        whole += 1
    if rounding == DOWN or (numerator == 0 and rest == 0):
        return whole
    if rounding == UP:
        return whole + 1
    short = denominator - numerator  # at least half: numerator + rest / base >= short - rest / base
    if numerator >= short or (numerator == short - 1 and rest >= base - rest):
        return whole + 1
    return whole


@inlined
def _reverse(
    plan: Plan, state: State, sink: Sink, slot: int, day: int, on: int, i: int, left: int, base: int
) -> None:
    """Takes back what a posting no longer keeps (RETURN-4 to RETURN-6).

    Args:
        on: the day of the posting; i: its row of the log; left, base: the part that is still the member's.
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
        kept = min(kept, _rounded_part(units, parts, denominator, left, base, rounding))
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
    settle(state.wallets, state.lots, account, plan.of_state.accounts[currency, ACCOUNT_BY_AGE])
    joined = state.members[slot, JOINED]
    times = 0 if kept > 0 else 1
    first, end = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
    _give_room_back(plan, state, slot, on, day, joined, first, end, units, times)
    group = plan.rules[rule, RULE_GROUP]
    if group >= 0:
        first, end = plan.groups[group, GROUP_LIMITS], plan.groups[group, GROUP_LIMITS_END]
        _give_room_back(plan, state, slot, on, day, joined, first, end, units, times)
    for move in range(len(plan.of_state.moves)):
        # Each counter once, by the first kind of event that names the rule.
        if plan.of_state.moves[move, MOVE_MEASURE] == BY_EARNING and _is_first(plan, move, rule):
            _take_out(plan, state, slot, plan.of_state.moves[move, MOVE_COUNTER], on, units)


@inlined
def _is_first(plan: Plan, move: int, rule: int) -> bool:
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


@inlined
def _give_room_back(
    plan: Plan,
    state: State,
    slot: int,
    on: int,
    day: int,
    joined: int,
    first: int,
    end: int,
    units: int,
    times: int,
) -> None:
    """Gives room back under limits whose window is still that of the posting (LIMIT-8)."""
    for limit in range(first, end):
        column = plan.limits[limit, LIMIT_WINDOW]
        if column == EVENT:
            continue
        if column == MEMBERSHIP:
            then = 0 if joined == NOT_JOINED else years_since(joined, on)
            now = 0 if joined == NOT_JOINED else years_since(joined, day)
        else:
            then = plan.days[on - plan.first_day, column]
            now = plan.days[day - plan.first_day, column]
        if then != now:
            continue
        usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
        if state.usage[usage, USAGE_WINDOW] == now:
            paid = times if plan.limits[limit, LIMIT_OF] == TIMES else units
            back = min(paid, state.usage[usage, USAGE_USED])
            state.usage[usage, USAGE_USED] -= back
            if plan.limits[limit, LIMIT_CLOSED] >= 0:
                state.together[plan.limits[limit, LIMIT_CLOSED], day - plan.first_day] -= back


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
        pending = turn == 0 or turn == 3
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


@inlined
def _uncount(
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
            counted, _ = _divide_product(units, left, base)
    elif move[MOVE_MEASURE] == BY_ITEMS:
        counted = 0 if left == 0 else number
    elif all_returned:
        counted = 0
    lost = units - counted
    _take_out(plan, state, slot, move[MOVE_COUNTER], on, lost - log[i, LOG_REVERSED])
    log[i, LOG_REVERSED] = lost


@inlined
def _take_out(plan: Plan, state: State, slot: int, counter: int, on: int, units: int) -> None:
    """Takes units out of the window of a counter that holds the day of an event, if it is still counted."""
    if units != 0:
        row = slot * len(plan.of_state.counters) + counter
        _take_out_of(
            state.of_member.counters, state.of_member.rings, plan.of_state.counters, row, counter,
            slot * plan.of_state.ring_days, state.members[slot, JOINED], on, units,
        )  # fmt: skip


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


@inlined
def _recheck(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Decides all ladders after a return, which can lower status (TIER-8)."""
    if state.members[slot, JOINED] == NOT_JOINED:
        return
    load_state(plan, state, slot, day, day)
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        old = decide(
            plan.of_state.ladders, plan.of_state.levels, plan.code, state.registers, plan.first_status,
            state.of_member.ladders, state.of_member.grants, sink.of_state.levels, sink.of_state.moves,
            plan.days[day - plan.first_day, MONTH], slot, ladder, day, AT_RECHECK,
        )  # fmt: skip
        note_level(plan, state, slot, day - plan.first_day, ladder)
        ends = state.of_member.ladders[slot * ladders + ladder, TERM_ENDS]
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], ends)
        restart_lots(plan, state, slot, day, ladder, old)
