"""The compiled evaluator: one step of a member's life, over a program's plan.

Replay and simulation call the same four functions, so the rules cannot tell which of them does:

    open_member(plan, state, slot, member)
    advance(plan, state, sink, slot, day) -> DONE | NO_ROOM
    affordable(plan, state, slot, reward, day, kind, basket, fields) -> bool
    step(plan, state, sink, slot, day, kind, basket, fields, prices, item_fields, reward, quantity) -> code

Invariants: a member's days never fall; all days are from `plan.first_day` to `plan.last_day`, but for those
before the program's start, which are refused; `NO_ROOM` comes before anything was changed. Where the clauses
of `docs/semantics.md` and this module differ, this module is wrong: the reference is the oracle.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.kernel_cache import inlined
from loyalty_dsl.evaluation.kernel_earning import earn
from loyalty_dsl.evaluation.kernel_lots import count_lots, empty_wallet, make_room, pass_midnights
from loyalty_dsl.evaluation.kernel_rewards import obstacle, use_rewards
from loyalty_dsl.evaluation.plan import (
    ALREADY_JOINED,
    AMOUNT,
    AVAILABLE,
    BASKET,
    BEFORE_START,
    DAYS_SINCE_JOIN,
    DONE,
    DUE,
    FIRST_BALANCE,
    JOINED,
    JOURNAL_END,
    JOURNALING,
    KIND_HAS_AMOUNT,
    MEMBER,
    MONEY_OFF,
    NO_ROOM,
    NOT_JOINED,
    SERIAL,
    USAGE_USED,
    USAGE_WINDOW,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.language.types import JOIN, PURCHASE


@inlined
def open_member(plan: Plan, state: State, slot: int, member: int) -> None:
    """Makes a slot that of somebody, named by a number, who has not joined yet and has nothing."""
    state.members[slot, JOINED] = NOT_JOINED
    state.members[slot, SERIAL] = 0
    state.members[slot, MEMBER] = member
    currencies, limits = len(plan.currencies), len(plan.limits)
    for account in range(slot * currencies, (slot + 1) * currencies):
        empty_wallet(state.wallets, account)
    for usage in range(slot * limits, (slot + 1) * limits):
        state.usage[usage, USAGE_WINDOW] = 0
        state.usage[usage, USAGE_USED] = 0


@inlined
def advance(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> int:
    """Does the midnight work of every day up to and including `day` (TIME-4).

    Returns:
        `DONE`, or `NO_ROOM` for the postings in the journal.
    """
    if not _has_journal_room(plan, state, sink, slot):
        return NO_ROOM
    currencies = len(plan.currencies)
    for currency in range(currencies):
        account = slot * currencies + currency
        if state.wallets[account, DUE] <= day:
            pass_midnights(
                state.wallets, state.lots, plan.days, plan.first_day, sink.flows, sink.ages, sink.notes,
                sink.journal, account, currency, state.members[slot, MEMBER], day,
            )  # fmt: skip
    return DONE


@inlined
def _has_journal_room(plan: Plan, state: State, sink: Sink, slot: int) -> bool:
    """Whether the journal can take all that one event can post: each lot twice, and each rule and reward."""
    if sink.notes[JOURNALING] == 0:
        return True
    rows = len(plan.rules) + 2 * len(plan.rewards)
    currencies = len(plan.currencies)
    for account in range(slot * currencies, (slot + 1) * currencies):
        rows += 2 * count_lots(state.wallets, account)
    end: int = sink.notes[JOURNAL_END] + rows
    return end <= len(sink.journal)


@inlined
def _load_event(plan: Plan, state: State, slot: int, day: int, kind: int, basket: int, fields: Ints) -> None:
    """Writes the operands of conditions into the registers (EVENT-4)."""
    registers = state.registers
    paid = basket if kind >= 0 and plan.kinds[kind, KIND_HAS_AMOUNT] != 0 else 0
    registers[BASKET] = paid
    registers[AMOUNT] = paid
    joined = state.members[slot, JOINED]
    registers[DAYS_SINCE_JOIN] = 0 if joined == NOT_JOINED else day - joined
    currencies = len(plan.currencies)
    for currency in range(currencies):
        registers[FIRST_BALANCE + currency] = state.wallets[slot * currencies + currency, AVAILABLE]
    for field in range(len(fields)):
        registers[plan.first_field + field] = fields[field]


@inlined
def affordable(
    plan: Plan, state: State, slot: int, reward: int, day: int, kind: int, basket: int, fields: Ints
) -> bool:
    """Whether a member could take a reward once at this event, were it the first to be taken.

    Midnight work through `day` must have been done. Nothing is changed.
    """
    _load_event(plan, state, slot, day, kind, basket, fields)
    return obstacle(plan, state, slot, day - plan.first_day, reward, kind == PURCHASE) == DONE


@inlined
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
        `DONE`; `NO_ROOM`, and nothing was changed; or a code of `plan.OBSTACLES`, which from `SHORT_BALANCE`
        on is about the chosen reward. `sink.notes[MONEY_OFF]` is what rewards took off.
    """
    sink.notes[MONEY_OFF] = 0
    if day < plan.starts:
        return BEFORE_START
    if kind == JOIN and state.members[slot, JOINED] != NOT_JOINED:
        return ALREADY_JOINED
    currencies = len(plan.currencies)
    for account in range(slot * currencies, (slot + 1) * currencies):
        if not make_room(state.wallets, state.lots, account):
            return NO_ROOM
    if advance(plan, state, sink, slot, day) == NO_ROOM:
        return NO_ROOM
    _load_event(plan, state, slot, day, kind, basket, fields)
    row = day - plan.first_day
    refused = use_rewards(plan, state, sink, slot, day, row, kind, prices, item_fields, reward, quantity)
    if state.members[slot, JOINED] == NOT_JOINED and (kind != REDEEM or refused == DONE):
        state.members[slot, JOINED] = day
    if kind != REDEEM:
        earn(plan, state, sink, slot, day, row, kind, prices, item_fields)
    state.members[slot, SERIAL] += 1
    return refused
