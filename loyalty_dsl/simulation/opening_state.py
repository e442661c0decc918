"""Gives a first member the state of a real one: its lots, counters, levels and what limits have used.

Invariant: midnight work through the last day of the ledger has been done, and none of it is done again; what
the member holds is posted to the month of its vintage, before all that are reported.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_calendar import next_review
from loyalty_dsl.evaluation.kernel_events import next_of_clock
from loyalty_dsl.evaluation.kernel_expiring import find_due
from loyalty_dsl.evaluation.kernel_reach import note_level
from loyalty_dsl.evaluation.kernel_tiers import highest
from loyalty_dsl.evaluation.kernel_wallets import sort_lots
from loyalty_dsl.evaluation.plan import (
    ACTIVE,
    AVAILABLE,
    HEAD,
    ISSUED,
    JOINED,
    LOT_AVAILABLE,
    LOT_EARNED,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_NUMBER,
    LOT_POLICY,
    LOT_UNITS,
    MATURED,
    MONTH,
    NEXT_DUE,
    NOT_JOINED,
    PENDED,
    PENDING,
    POSTED,
    REVERSED,
    TAIL,
    USAGE_USED,
    USAGE_WINDOW,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_BY_AGE,
    ACCOUNT_COUNT,
    ACCOUNT_FORM,
    ACCOUNT_NEED,
    ACCOUNT_UNIT,
    COUNT_ENTRIES,
    COUNT_FROM,
    COUNT_HEAD,
    COUNT_PREVIOUS,
    COUNT_UNTIL,
    COUNT_VALUE,
    COUNTER_RING,
    LADDER_LEVELS,
    LADDER_LEVELS_END,
    LADDER_REVIEW,
    NEXT_REVIEW,
    NO_GRANT,
    RING_DAY,
    RING_LEAVES,
    RING_VALUE,
    STATUS,
    TERM_ENDS,
)
from loyalty_dsl.simulation.opening_tables import (
    NOT_SAID,
    OPEN_ACTIVE,
    OPEN_AVAILABLE,
    OPEN_EARNED,
    OPEN_EXPIRY,
    OPEN_FROM,
    OPEN_JOINED,
    OPEN_OWED,
    OPEN_POLICY,
    OPEN_PREVIOUS,
    OPEN_REFERRED,
    OPEN_UNITS,
    OPEN_UNTIL,
    OPEN_USED,
    OPEN_VALUE,
    OPEN_WINDOW,
    OpeningTables,
)


@part
def open_state(plan: Plan, state: State, sink: Sink, opening: OpeningTables, slot: int, who: int) -> bool:
    """Writes the state of member `who` of the ledger into a slot that has just been opened.

    Returns:
        Whether there was room for its lots.
    """
    state.members[slot, JOINED] = opening.members[who, OPEN_JOINED]
    state.of_member.referred[slot] = opening.members[who, OPEN_REFERRED]
    for field in range(plan.of_state.member_fields):
        if opening.fields[who, field] != NOT_SAID:
            state.of_member.fields[slot, field] = opening.fields[who, field]
    limits = len(plan.limits)
    given = opening.used.shape[0] // len(opening.members)
    for limit in range(given):
        state.usage[slot * limits + limit, USAGE_WINDOW] = opening.used[who * given + limit, OPEN_WINDOW]
        state.usage[slot * limits + limit, USAGE_USED] = opening.used[who * given + limit, OPEN_USED]
    _open_counters(plan, state, opening, slot, who)
    _open_levels(plan, state, sink, opening, slot, who)
    currencies = len(plan.currencies)
    for currency in range(currencies):
        if not _open_wallet(plan, state, sink, opening, slot * currencies + currency, currency, who):
            return False
        due = find_due(
            state.wallets, state.lots, slot * currencies + currency,
            plan.of_state.accounts[currency, ACCOUNT_FORM], plan.of_state.accounts[currency, ACCOUNT_COUNT],
            plan.of_state.accounts[currency, ACCOUNT_UNIT],
        )  # fmt: skip
        due = max(due, plan.first_day)  # what was kept beyond its day is asked on the first one (EXP-10)
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], due)
    return True


@part
def _open_counters(plan: Plan, state: State, opening: OpeningTables, slot: int, who: int) -> None:
    """Counters without a row stay as they are opened: what is counted later moves them on."""
    count = len(plan.of_state.counters)
    for counter in range(count):
        row, given = slot * count + counter, opening.counters[who * count + counter]
        first, end = (
            opening.ring_starts[who * count + counter],
            opening.ring_starts[who * count + counter + 1],
        )
        if given[OPEN_VALUE] == 0 and given[OPEN_PREVIOUS] == 0 and first == end:
            continue
        counters, rings = state.of_member.counters, state.of_member.rings
        counters[row, COUNT_FROM] = given[OPEN_FROM]
        counters[row, COUNT_UNTIL] = given[OPEN_UNTIL]
        counters[row, COUNT_VALUE] = given[OPEN_VALUE]
        counters[row, COUNT_PREVIOUS] = given[OPEN_PREVIOUS]
        counters[row, COUNT_HEAD] = 0
        counters[row, COUNT_ENTRIES] = end - first
        ring = slot * plan.of_state.ring_days + plan.of_state.counters[counter, COUNTER_RING]
        for entry in range(end - first):
            for column in (RING_DAY, RING_LEAVES, RING_VALUE):
                rings[ring + entry, column] = opening.rings[first + entry, column]
        if end > first:
            counters[row, COUNT_UNTIL] = opening.rings[first, RING_LEAVES]


@part
def _open_levels(plan: Plan, state: State, sink: Sink, opening: OpeningTables, slot: int, who: int) -> None:
    """Levels as they are held; clocks and reviews are next due after the ledger's last day."""
    joined = opening.members[who, OPEN_JOINED]
    due = NEVER
    for level in range(len(plan.of_state.levels)):
        state.of_member.grants[slot, level] = max(NO_GRANT, opening.grants[who, level])
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        row = slot * ladders + ladder
        table = plan.of_state.ladders[ladder]
        first, end = table[LADDER_LEVELS], table[LADDER_LEVELS_END]
        status = highest(state.of_member.grants, slot, first, end, opening.as_of)
        ends = NEVER
        if status > 0 and state.of_member.grants[slot, first + status] != NEVER:
            ends = state.of_member.grants[slot, first + status] + 1
        state.of_member.ladders[row, STATUS] = status
        state.of_member.ladders[row, TERM_ENDS] = ends
        if joined == NOT_JOINED:
            continue
        review = next_review(table[LADDER_REVIEW], opening.as_of)
        state.of_member.ladders[row, NEXT_REVIEW] = review
        due = min(due, ends, review)
        sink.of_state.levels[0, first + status] += 1
        note_level(plan, state, slot, 0, ladder)
    if joined != NOT_JOINED:
        for clock in range(len(plan.of_state.clocks)):
            at = next_of_clock(
                plan.of_state.clocks, state.of_member.fields, slot, clock, joined, opening.as_of
            )
            state.of_member.clocks[slot, clock] = at
            due = min(due, at)
    state.members[slot, NEXT_DUE] = due


@part
def _open_wallet(
    plan: Plan, state: State, sink: Sink, opening: OpeningTables, account: int, currency: int, who: int
) -> bool:
    """Puts lots in, those that can be used in the order of spending, the others in that of their day."""
    wallets, lots = state.wallets, state.lots
    at = who * len(plan.currencies) + currency
    first, end = opening.lot_starts[at], opening.lot_starts[at + 1]
    if end - first + plan.of_state.accounts[currency, ACCOUNT_NEED] > lots.shape[1]:
        return False
    owed = opening.wallets[at, OPEN_OWED]
    wallets[account, ACTIVE] = opening.wallets[at, OPEN_ACTIVE]
    wallets[account, AVAILABLE] = -owed
    sink.flows[account, opening.before - 1, REVERSED] += owed
    tail = 0
    for turn in range(2):
        for row in range(first, end):
            lot = opening.lots[row]
            if (lot[OPEN_AVAILABLE] > opening.as_of) != (turn == 1):
                continue
            place = tail
            while turn == 1 and place > wallets[account, MATURED]:
                if lots[account, place - 1, LOT_AVAILABLE] <= lot[OPEN_AVAILABLE]:
                    break
                for column in range(lots.shape[2]):
                    lots[account, place, column] = lots[account, place - 1, column]
                place -= 1
            lots[account, place, LOT_UNITS] = lot[OPEN_UNITS]
            month = plan.days[lot[OPEN_EARNED] - plan.first_day, MONTH]
            flows = sink.flows[account, month]
            lots[account, place, LOT_MONTH] = month
            lots[account, place, LOT_AVAILABLE] = lot[OPEN_AVAILABLE]
            lots[account, place, LOT_EXPIRY] = lot[OPEN_EXPIRY]
            lots[account, place, LOT_EARNED] = lot[OPEN_EARNED]
            lots[account, place, LOT_POLICY] = lot[OPEN_POLICY]
            lots[account, place, LOT_NUMBER] = row - first
            tail += 1
            flows[ISSUED] += lot[OPEN_UNITS]
            if turn == 1:
                flows[PENDED] += lot[OPEN_UNITS]
                wallets[account, PENDING] += lot[OPEN_UNITS]
            else:
                wallets[account, AVAILABLE] += lot[OPEN_UNITS]
        if turn == 0:
            wallets[account, MATURED] = tail
    wallets[account, HEAD] = 0
    wallets[account, TAIL] = tail
    wallets[account, POSTED] = end - first
    sort_lots(lots, account, 0, wallets[account, MATURED], plan.of_state.accounts[currency, ACCOUNT_BY_AGE])
    return True
