"""What midnights do to a wallet's lots in the kernel: they mature, and they expire (LOT-2, EXP-1, EXP-7).

Invariant: `DUE` is never later than the first midnight that has work for the wallet.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.kernel_lots import term_of
from loyalty_dsl.evaluation.kernel_wallets import (
    journal,
    settle,
    sort_lots,
)
from loyalty_dsl.evaluation.plan import (
    ACTIVE,
    AVAILABLE,
    BY_EXPIRY,
    DUE,
    EXPIRED,
    EXPIRED_ROW,
    HEAD,
    JOURNALING,
    LOT_AVAILABLE,
    LOT_EARNED,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_POLICY,
    LOT_UNITS,
    MATURED,
    MEMBER,
    MONTH,
    PENDED,
    PENDING,
    TAIL,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_BY_AGE,
    ACCOUNT_COUNT,
    ACCOUNT_FORM,
    ACCOUNT_POSTPONE_COUNT,
    ACCOUNT_POSTPONE_LINE,
    ACCOUNT_POSTPONE_UNIT,
    ACCOUNT_UNIT,
    AFTER_FIRST,
    NO_FORM,
    NONE,
    POLICY_CASES,
    POLICY_CASES_END,
    POLICY_OWN,
)


@part
def pass_light_midnights(
    plan: Plan, state: State, sink: Sink, slot: int, account: int, currency: int, day: int
) -> None:
    """Does a light wallet's midnight work through that of `day`: lots mature, then lots expire (TIME-4)."""
    wallets, lots, flows = state.wallets, state.lots, sink.flows
    days, first_day = plan.days, plan.first_day
    matured = wallets[account, MATURED]
    tail = wallets[account, TAIL]
    while matured < tail and lots[account, matured, LOT_AVAILABLE] <= day:
        units = lots[account, matured, LOT_UNITS]
        month = days[lots[account, matured, LOT_AVAILABLE] - first_day, MONTH]
        flows[account, month, PENDED] -= units
        wallets[account, PENDING] -= units
        wallets[account, AVAILABLE] += units
        matured += 1
    head = wallets[account, HEAD]
    while head < matured and lots[account, head, LOT_EXPIRY] <= day:
        units = lots[account, head, LOT_UNITS]
        expiry = lots[account, head, LOT_EXPIRY]
        issued = lots[account, head, LOT_MONTH]
        month = days[expiry - first_day, MONTH]
        wallets[account, AVAILABLE] -= units
        flows[account, month, EXPIRED] += units
        sink.ages[BY_EXPIRY, currency, issued, month - issued] += units
        if sink.notes[JOURNALING] != 0:
            journal(
                sink.journal, sink.notes, state.members[slot, MEMBER], -1, expiry, EXPIRED_ROW, -1, currency,
                0, expiry, units,
            )  # fmt: skip
        head += 1
    due = NEVER
    if head == tail:
        head = matured = tail = 0
    else:
        due = lots[account, head, LOT_EXPIRY]
        if matured < tail:
            due = min(due, lots[account, matured, LOT_AVAILABLE])
    wallets[account, HEAD] = head
    wallets[account, MATURED] = matured
    wallets[account, TAIL] = tail
    wallets[account, DUE] = due


@part
def mature_lots(
    wallets: Ints, lots: Ints, flows: Ints, account: int, by_age: int, month: int, day: int
) -> bool:
    """Makes pending lots available whose day has come (LOT-2), and says whether there were any."""
    matured = wallets[account, MATURED]
    tail = wallets[account, TAIL]
    count = 0
    while matured + count < tail and lots[account, matured + count, LOT_AVAILABLE] <= day:
        units = lots[account, matured + count, LOT_UNITS]
        flows[account, month, PENDED] -= units
        wallets[account, PENDING] -= units
        wallets[account, AVAILABLE] += units
        count += 1
    wallets[account, MATURED] = matured + count
    if count > 0:
        sort_lots(lots, account, wallets[account, HEAD], matured + count, by_age)
    return count > 0


@part
def lose_lot(
    wallets: Ints, lots: Ints, flows: Ints, ages: Ints, account: int, currency: int, month: int, i: int
) -> int:
    """Drops all units of a lot as expired, and says how many they were; `settle` takes the lot out."""
    units: int = lots[account, i, LOT_UNITS]
    lots[account, i, LOT_UNITS] = 0
    if i < wallets[account, MATURED]:
        wallets[account, AVAILABLE] -= units
    else:
        wallets[account, PENDING] -= units
        flows[account, month, PENDED] -= units
    issued = lots[account, i, LOT_MONTH]
    flows[account, month, EXPIRED] += units
    ages[BY_EXPIRY, currency, issued, month - issued] += units
    return units


@part
def find_due(wallets: Ints, lots: Ints, account: int, form: int, count: int, unit: int) -> int:
    """The first day whose midnight has work for a wallet that is not light; `NEVER` for an empty one."""
    head, tail = wallets[account, HEAD], wallets[account, TAIL]
    due = NEVER
    oldest = NEVER
    for i in range(head, tail):
        due = min(due, lots[account, i, LOT_EXPIRY])
        oldest = min(oldest, lots[account, i, LOT_EARNED])
    if wallets[account, MATURED] < tail:
        due = min(due, lots[account, wallets[account, MATURED], LOT_AVAILABLE])
    if form != NO_FORM and head < tail:
        due = min(due, add_duration(oldest if form == AFTER_FIRST else wallets[account, ACTIVE], count, unit))
    wallets[account, DUE] = due
    return due


@part
def whole_balance_due(wallets: Ints, lots: Ints, account: int, form: int, count: int, unit: int) -> int:
    """The day on which the whole balance is lost (EXP); `NEVER` for an empty wallet."""
    head, tail = wallets[account, HEAD], wallets[account, TAIL]
    if form == NO_FORM or head == tail:
        return NEVER
    start = wallets[account, ACTIVE]
    if form == AFTER_FIRST:
        start = NEVER
        for i in range(head, tail):
            start = min(start, lots[account, i, LOT_EARNED])
    return add_duration(start, count, unit)


@part
def _stays(plan: Plan, state: State, table: Ints) -> bool:
    """Whether what is due today is postponed, or kept (EXP-5, EXP-10)."""
    line = table[ACCOUNT_POSTPONE_LINE]
    return line != NONE and holds(plan.code, state.registers, line)


@part
def expire_lots(
    plan: Plan, state: State, sink: Sink, slot: int, day: int, account: int, currency: int
) -> None:
    """Loses the lots that are due, but those that a term or a postponement keeps (EXP)."""
    table = plan.of_state.accounts[currency]
    month = plan.days[day - plan.first_day, MONTH]
    lots = state.lots
    changed = False
    for i in range(state.wallets[account, HEAD], state.wallets[account, TAIL]):
        expiry = lots[account, i, LOT_EXPIRY]
        if expiry > day:
            continue
        changed = True
        policy = lots[account, i, LOT_POLICY]
        if plan.of_state.policies[policy, POLICY_CASES] < plan.of_state.policies[policy, POLICY_CASES_END]:
            later = term_of(plan, state.registers, policy, lots[account, i, LOT_EARNED] - plan.first_day)
            if later > day:
                lots[account, i, LOT_EXPIRY] = later
                continue
        if plan.of_state.policies[policy, POLICY_OWN] == 0 and _stays(plan, state, table):
            lots[account, i, LOT_EXPIRY] = add_duration(
                day, table[ACCOUNT_POSTPONE_COUNT], table[ACCOUNT_POSTPONE_UNIT]
            )
            continue
        units = lose_lot(state.wallets, lots, sink.flows, sink.ages, account, currency, month, i)
        if sink.notes[JOURNALING] != 0:
            journal(
                sink.journal, sink.notes, state.members[slot, MEMBER], -1, day, EXPIRED_ROW, -1, currency, 0,
                expiry, units,
            )  # fmt: skip
    if changed:
        settle(state.wallets, lots, account, table[ACCOUNT_BY_AGE])


@part
def expire_balance(
    plan: Plan, state: State, sink: Sink, slot: int, day: int, account: int, currency: int
) -> None:
    """Loses the whole balance, pending too, if its day has come (EXP)."""
    table = plan.of_state.accounts[currency]
    form = table[ACCOUNT_FORM]
    if form == NO_FORM:
        return
    if whole_balance_due(
        state.wallets, state.lots, account, form, table[ACCOUNT_COUNT], table[ACCOUNT_UNIT]
    ) > day:  # fmt: skip
        return
    if _stays(plan, state, table):
        return
    month = plan.days[day - plan.first_day, MONTH]
    units = 0
    for i in range(state.wallets[account, HEAD], state.wallets[account, TAIL]):
        if state.lots[account, i, LOT_UNITS] > 0:
            units += lose_lot(state.wallets, state.lots, sink.flows, sink.ages, account, currency, month, i)
    if sink.notes[JOURNALING] != 0 and units > 0:
        journal(
            sink.journal, sink.notes, state.members[slot, MEMBER], -1, day, EXPIRED_ROW, -1, currency, 0, day,
            units,
        )  # fmt: skip
    settle(state.wallets, state.lots, account, table[ACCOUNT_BY_AGE])
