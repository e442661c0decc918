"""A wallet's lots in the kernel: a queue in which lots are earned at the tail and leave at the head.

Invariants: lots `HEAD` to `MATURED` are available and those from `MATURED` to `TAIL` pending; every live lot
has units; `AVAILABLE` and `PENDING` are the sums of the two. Both spending orders take the head first,
because neither the expiry day nor the available day falls as the day of earning rises.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
    AT_MEMBER,
    AVAILABLE,
    BY_EXPIRY,
    BY_REDEMPTION,
    DUE,
    EARNED_ROW,
    EXPIRED,
    EXPIRED_ROW,
    HEAD,
    ISSUED,
    JOURNAL_END,
    JOURNALING,
    LOT_AVAILABLE,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_UNITS,
    MATURED,
    MONTH,
    PENDED,
    PENDING,
    REDEEMED,
    REDEEMED_AFTER,
    REDEEMED_OF,
    REDEEMED_ROW,
    ROW_AVAILABLE,
    ROW_CURRENCY,
    ROW_DAY,
    ROW_EVENT,
    ROW_EXPIRY,
    ROW_KIND,
    ROW_MEMBER,
    ROW_NAME,
    ROW_UNITS,
    TAIL,
    Ints,
    Sink,
)


@part
def journal(
    rows: Ints,
    notes: Ints,
    event: int,
    day: int,
    kind: int,
    name: int,
    currency: int,
    available: int,
    expiry: int,
    units: int,
) -> None:
    """Writes one posting. There is room: a step makes sure of it before it starts."""
    at = notes[JOURNAL_END]
    rows[at, ROW_MEMBER] = notes[AT_MEMBER]
    rows[at, ROW_EVENT] = event
    rows[at, ROW_DAY] = day
    rows[at, ROW_KIND] = kind
    rows[at, ROW_NAME] = name
    rows[at, ROW_CURRENCY] = currency
    rows[at, ROW_AVAILABLE] = available
    rows[at, ROW_EXPIRY] = expiry
    rows[at, ROW_UNITS] = units
    notes[JOURNAL_END] = at + 1


@part
def make_room(wallets: Ints, lots: Ints, account: int) -> bool:
    """Makes room for one more lot by moving the live lots down; False when a quarter is not free.

    The quarter keeps moving cheap: each lot is moved at most four times for each one added.
    """
    capacity = lots.shape[1]
    head = wallets[account, HEAD]
    tail = wallets[account, TAIL]
    if tail < capacity:
        return True
    if head * 4 < capacity:
        return False
    for i in range(head, tail):
        for column in range(4):
            lots[account, i - head, column] = lots[account, i, column]
    wallets[account, HEAD] = 0
    wallets[account, MATURED] -= head
    wallets[account, TAIL] = tail - head
    return True


@inlined
def add_lot(
    wallets: Ints,
    lots: Ints,
    sink: Sink,
    account: int,
    currency: int,
    rule: int,
    day: int,
    month: int,
    available: int,
    expiry: int,
    units: int,
) -> None:
    """Posts what a rule earned as a lot (LOT-1, LOT-2), or joins it to the last one if nothing differs."""
    sink.flows[currency, month, ISSUED] += units
    if sink.notes[JOURNALING] != 0:
        event = sink.notes[AT_EVENT]
        journal(sink.journal, sink.notes, event, day, EARNED_ROW, rule, currency, available, expiry, units)
    # A lot that expires before it is available leaves what is pending on its last midnight.
    available = min(available, expiry)
    pending = available > day
    if pending:
        wallets[account, PENDING] += units
        sink.flows[currency, month, PENDED] += units
    else:
        wallets[account, AVAILABLE] += units
    tail = wallets[account, TAIL]
    last = tail - 1
    if (
        tail > wallets[account, HEAD]
        and lots[account, last, LOT_MONTH] == month
        and lots[account, last, LOT_EXPIRY] == expiry
        and (
            lots[account, last, LOT_AVAILABLE] == available
            or (not pending and lots[account, last, LOT_AVAILABLE] <= day)
        )
    ):
        lots[account, last, LOT_UNITS] += units
        return
    lots[account, tail, LOT_UNITS] = units
    lots[account, tail, LOT_MONTH] = month
    lots[account, tail, LOT_AVAILABLE] = available
    lots[account, tail, LOT_EXPIRY] = expiry
    wallets[account, TAIL] = tail + 1
    if not pending:
        wallets[account, MATURED] = tail + 1
    due = available if pending else expiry
    wallets[account, DUE] = min(wallets[account, DUE], due)


@part
def spend(
    wallets: Ints,
    lots: Ints,
    flows: Ints,
    ages: Ints,
    notes: Ints,
    rows: Ints,
    account: int,
    currency: int,
    reward: int,
    day: int,
    month: int,
    units: int,
) -> None:
    """Takes `units` from the available lots (LOT-3). `AVAILABLE` already has them taken off."""
    flows[currency, month, REDEEMED] += units
    head = wallets[account, HEAD]
    while units > 0:
        taken = min(units, lots[account, head, LOT_UNITS])
        issued = lots[account, head, LOT_MONTH]
        flows[currency, issued, REDEEMED_OF] += taken
        flows[currency, issued, REDEEMED_AFTER] += taken
        flows[currency, month, REDEEMED_AFTER] -= taken
        ages[BY_REDEMPTION, currency, issued, month - issued] += taken
        if notes[JOURNALING] != 0:
            expiry = lots[account, head, LOT_EXPIRY]
            journal(rows, notes, notes[AT_EVENT], day, REDEEMED_ROW, reward, currency, 0, expiry, taken)
        lots[account, head, LOT_UNITS] -= taken
        units -= taken
        if lots[account, head, LOT_UNITS] == 0:
            head += 1
    wallets[account, HEAD] = head
    if head == wallets[account, TAIL]:
        wallets[account, HEAD] = wallets[account, MATURED] = wallets[account, TAIL] = 0


@part
def pass_midnights(
    wallets: Ints,
    lots: Ints,
    days: Ints,
    first_day: int,
    flows: Ints,
    ages: Ints,
    notes: Ints,
    rows: Ints,
    account: int,
    currency: int,
    day: int,
) -> None:
    """Does a wallet's midnight work through that of `day`: lots mature, then lots expire (TIME-4)."""
    matured = wallets[account, MATURED]
    tail = wallets[account, TAIL]
    while matured < tail and lots[account, matured, LOT_AVAILABLE] <= day:
        units = lots[account, matured, LOT_UNITS]
        month = days[lots[account, matured, LOT_AVAILABLE] - first_day, MONTH]
        flows[currency, month, PENDED] -= units
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
        flows[currency, month, EXPIRED] += units
        ages[BY_EXPIRY, currency, issued, month - issued] += units
        if notes[JOURNALING] != 0:
            journal(rows, notes, -1, expiry, EXPIRED_ROW, -1, currency, 0, expiry, units)
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
