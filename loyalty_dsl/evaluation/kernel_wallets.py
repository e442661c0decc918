"""A wallet in the kernel: room for its lots, their order, and the journal of what happens to them.

Invariants: lots `HEAD` to `MATURED` are available, in the order of LOT-3, and those from `MATURED` to `TAIL`
pending, by available day.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.plan import (
    ACTIVE,
    AVAILABLE,
    DUE,
    HEAD,
    JOURNAL_END,
    JOURNALING,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_NUMBER,
    LOT_UNITS,
    MATURED,
    PENDING,
    POSTED,
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
    State,
)

ROWS_MISSED = 2
"""In `notes[JOURNALING]`, when the journal was too short and has gaps."""


LOT_COLUMNS = 7
"""Columns of a lot."""


@apart
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
    """Writes one posting, or only counts it where there is no room."""
    at = notes[JOURNAL_END]
    notes[JOURNAL_END] = at + 1
    if at >= len(rows):
        notes[JOURNALING] = ROWS_MISSED
        return
    rows[at, ROW_MEMBER] = member
    rows[at, ROW_EVENT] = event
    rows[at, ROW_DAY] = day
    rows[at, ROW_KIND] = kind
    rows[at, ROW_NAME] = name
    rows[at, ROW_CURRENCY] = currency
    rows[at, ROW_AVAILABLE] = available
    rows[at, ROW_EXPIRY] = expiry
    rows[at, ROW_UNITS] = units


@apart
def make_room(state: State, account: int, need: int) -> bool:
    """Makes room for `need` more lots by moving the live lots down; False when a quarter is not free.

    Asking once before an event, when nothing was changed, is enough. The quarter keeps moving cheap: each lot
    is moved at most four times for each one added.
    """
    wallets, lots = state.wallets, state.lots
    capacity = lots.shape[1]
    head = wallets[account, HEAD]
    tail = wallets[account, TAIL]
    if tail + need <= capacity:
        return True
    if head * 4 < capacity or tail - head + need > capacity:
        return False
    for i in range(head, tail):
        for column in range(LOT_COLUMNS):
            lots[account, i - head, column] = lots[account, i, column]
    wallets[account, HEAD] = 0
    wallets[account, MATURED] -= head
    wallets[account, TAIL] = tail - head
    return True


@part
def empty_wallet(wallets: Ints, account: int) -> None:
    """Makes a wallet one without lots."""
    for column in (HEAD, MATURED, TAIL, AVAILABLE, PENDING, POSTED):
        wallets[account, column] = 0
    wallets[account, ACTIVE] = -(2**31)
    wallets[account, DUE] = NEVER


@copied
def count_lots(wallets: Ints, account: int) -> int:
    """How many lots a wallet holds."""
    count: int = wallets[account, TAIL] - wallets[account, HEAD]
    return count


@part
def holds_lots_before(wallets: Ints, lots: Ints, account: int, month: int) -> bool:
    """Whether a lot issued before a month is left."""
    for i in range(wallets[account, HEAD], wallets[account, TAIL]):
        if lots[account, i, LOT_MONTH] < month:
            return True
    return False


@part
def sort_lots(lots: Ints, account: int, head: int, end: int, by_age: int) -> None:
    """Puts available lots into the order of LOT-3; quick where few are out of place."""
    for i in range(head + 1, end):
        at = i
        while at > head and _after(lots, account, at - 1, at, by_age):
            for column in range(LOT_COLUMNS):
                kept = lots[account, at - 1, column]
                lots[account, at - 1, column] = lots[account, at, column]
                lots[account, at, column] = kept
            at -= 1


@part
def _after(lots: Ints, account: int, left: int, right: int, by_age: int) -> bool:
    """Whether the left one of two available lots is to be spent after the right one."""
    if by_age == 0 and lots[account, left, LOT_EXPIRY] != lots[account, right, LOT_EXPIRY]:
        sooner: bool = lots[account, left, LOT_EXPIRY] > lots[account, right, LOT_EXPIRY]
        return sooner
    later: bool = lots[account, left, LOT_NUMBER] > lots[account, right, LOT_NUMBER]
    return later


@part
def settle(wallets: Ints, lots: Ints, account: int, by_age: int) -> None:
    """Takes out lots without units and puts the others in order again."""
    head = wallets[account, HEAD]
    matured = wallets[account, MATURED]
    at = head
    end = head
    for i in range(head, wallets[account, TAIL]):
        if i == matured:
            end = at
        if lots[account, i, LOT_UNITS] == 0:
            continue
        if at < i:
            for column in range(LOT_COLUMNS):
                lots[account, at, column] = lots[account, i, column]
        at += 1
    if matured == wallets[account, TAIL]:
        end = at
    wallets[account, MATURED] = end
    wallets[account, TAIL] = at
    if head == at:
        wallets[account, HEAD] = wallets[account, MATURED] = wallets[account, TAIL] = 0
        return
    sort_lots(lots, account, head, end, by_age)
