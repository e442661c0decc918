"""A wallet's lots in the kernel: a queue in which lots are earned at the tail and leave at the head.

Invariants: lots `HEAD` to `MATURED` are available and those from `MATURED` to `TAIL` pending; every live lot
has units; `AVAILABLE` and `PENDING` are the sums of the two. Where the queue begins and ends is nobody else's
business. It rests on two things, named where they are used:

INVARIANT in order: neither the available day nor the expiry day of what is earned falls as the day of earning
rises. Lowering verifies it for each plan. A currency for which it does not hold needs another structure.

INVARIANT one lot: an event adds at most one lot to a wallet, however many rules post to it: they post on one
day, so nothing tells their lots apart, and the second joins the first.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
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
    member: int,
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
    rows[at, ROW_MEMBER] = member
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

    An event needs one at most (INVARIANT one lot), so asking once, before anything was changed, is enough.
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
def empty_wallet(wallets: Ints, account: int) -> None:
    """Makes a wallet one without lots."""
    for column in (HEAD, MATURED, TAIL, AVAILABLE, PENDING):
        wallets[account, column] = 0
    wallets[account, DUE] = NEVER


@inlined
def count_lots(wallets: Ints, account: int) -> int:
    """How many lots a wallet holds."""
    count: int = wallets[account, TAIL] - wallets[account, HEAD]
    return count


@inlined
def holds_lots_before(wallets: Ints, lots: Ints, account: int, month: int) -> bool:
    """Whether a lot issued before a month is left; the oldest stands first (INVARIANT in order)."""
    head = wallets[account, HEAD]
    issued_before: bool = head < wallets[account, TAIL] and lots[account, head, LOT_MONTH] < month
    return issued_before


@inlined
def add_lot(
    wallets: Ints,
    lots: Ints,
    sink: Sink,
    account: int,
    currency: int,
    member: int,
    rule: int,
    day: int,
    month: int,
    available: int,
    expiry: int,
    units: int,
) -> None:
    """Posts what a rule earned as a lot (LOT-1, LOT-2), or joins it to the last one if nothing differs."""
    sink.flows[account, month, ISSUED] += units
    if sink.notes[JOURNALING] != 0:
        event = sink.notes[AT_EVENT]
        journal(
            sink.journal, sink.notes, member, event, day, EARNED_ROW, rule, currency, available, expiry, units
        )  # fmt: skip
    # A lot that expires before it is available leaves what is pending on its last midnight.
    available = min(available, expiry)
    pending = available > day
    if pending:
        wallets[account, PENDING] += units
        sink.flows[account, month, PENDED] += units
    else:
        wallets[account, AVAILABLE] += units
    tail = wallets[account, TAIL]
    last = tail - 1
    # INVARIANT in order: what is earned now goes last. INVARIANT one lot: month, days and pending follow from
    # the day, so the second posting of an event finds the lot of the first here.
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
    member: int,
    reward: int,
    day: int,
    month: int,
    units: int,
) -> None:
    """Takes `units` from the available lots (LOT-3). `AVAILABLE` already has them taken off."""
    flows[account, month, REDEEMED] += units
    # INVARIANT in order: the oldest lot is the soonest to expire, so both spending orders take the head.
    head = wallets[account, HEAD]
    while units > 0:
        taken = min(units, lots[account, head, LOT_UNITS])
        issued = lots[account, head, LOT_MONTH]
        flows[account, issued, REDEEMED_OF] += taken
        flows[account, issued, REDEEMED_AFTER] += taken
        flows[account, month, REDEEMED_AFTER] -= taken
        ages[BY_REDEMPTION, currency, issued, month - issued] += taken
        if notes[JOURNALING] != 0:
            expiry = lots[account, head, LOT_EXPIRY]
            event = notes[AT_EVENT]
            journal(rows, notes, member, event, day, REDEEMED_ROW, reward, currency, 0, expiry, taken)
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
    member: int,
    day: int,
) -> None:
    """Does a wallet's midnight work through that of `day`: lots mature, then lots expire (TIME-4)."""
    matured = wallets[account, MATURED]
    tail = wallets[account, TAIL]
    # INVARIANT in order: the first pending lot matures first, and the head expires first.
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
        ages[BY_EXPIRY, currency, issued, month - issued] += units
        if notes[JOURNALING] != 0:
            journal(rows, notes, member, -1, expiry, EXPIRED_ROW, -1, currency, 0, expiry, units)
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
