"""A wallet's lots in the kernel: the available ones in the order in which they are spent, then the pending ones.

Invariants: lots `HEAD` to `MATURED` are available, in the order of LOT-3, and those from `MATURED` to `TAIL`
pending, by available day; every live lot has units; `AVAILABLE` and `PENDING` are their sums, but that debt
takes from `AVAILABLE`, and there is debt only while there are no lots. Where lots begin and end is nobody
else's business.

Lots go in from the end, where in the ordinary case they belong. Two that no posting can tell apart are merged:
their month of issue, expiry and policy are the same, and when they become available.

In a light wallet neither day falls as the day of earning rises, which lowering verifies: the oldest lot is the
first to mature, to expire and to be spent, and its midnights can be done many days at once.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.plan import (
    ACTIVE,
    AT_EVENT,
    AVAILABLE,
    BY_EXPIRY,
    BY_REDEMPTION,
    BY_REVERSAL,
    DUE,
    EARNED_ROW,
    EXPIRED,
    EXPIRED_ROW,
    HEAD,
    ISSUED,
    JOURNAL_END,
    JOURNALING,
    LOT_AVAILABLE,
    LOT_EARNED,
    LOT_EXPIRY,
    LOT_MONTH,
    LOT_NUMBER,
    LOT_POLICY,
    LOT_UNITS,
    MATURED,
    MEMBER,
    MONTH,
    NEXT_DUE,
    PENDED,
    PENDING,
    POSTED,
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
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_APART,
    ACCOUNT_BY_AGE,
    ACCOUNT_COUNT,
    ACCOUNT_FORM,
    ACCOUNT_LIGHT,
    ACCOUNT_POLICY,
    ACCOUNT_UNIT,
    AFTER_FIRST,
    CASE_EXPIRY,
    CASE_LINE,
    NO_FORM,
    POLICY_AVAILABLE,
    POLICY_CASES,
    POLICY_CASES_END,
    POLICY_EXPIRY,
)

ROWS_MISSED = 2
"""In `notes[JOURNALING]`, when the journal was too short and has gaps."""

_COLUMNS = 7
"""Columns of a lot."""


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


@part
def make_room(wallets: Ints, lots: Ints, account: int, need: int) -> bool:
    """Makes room for `need` more lots by moving the live lots down; False when a quarter is not free.

    Asking once before an event, when nothing was changed, is enough. The quarter keeps moving cheap: each lot
    is moved at most four times for each one added.
    """
    capacity = lots.shape[1]
    head = wallets[account, HEAD]
    tail = wallets[account, TAIL]
    if tail + need <= capacity:
        return True
    if head * 4 < capacity or tail - head + need > capacity:
        return False
    for i in range(head, tail):
        for column in range(_COLUMNS):
            lots[account, i - head, column] = lots[account, i, column]
    wallets[account, HEAD] = 0
    wallets[account, MATURED] -= head
    wallets[account, TAIL] = tail - head
    return True


@inlined
def empty_wallet(wallets: Ints, account: int) -> None:
    """Makes a wallet one without lots."""
    for column in (HEAD, MATURED, TAIL, AVAILABLE, PENDING, POSTED):
        wallets[account, column] = 0
    wallets[account, ACTIVE] = -(2**31)
    wallets[account, DUE] = NEVER


@inlined
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


# ---- posting


@inlined
def term_of(plan: Plan, registers: Ints, policy: int, row: int) -> int:
    """The day on which a lot earned on the day of `row` is gone, by the term of its policy that holds now."""
    terms = plan.of_state.policies[policy]
    for case in range(terms[POLICY_CASES], terms[POLICY_CASES_END]):
        if holds(plan.code, registers, plan.of_state.policy_cases[case, CASE_LINE]):
            day: int = plan.of_state.term_days[row, plan.of_state.policy_cases[case, CASE_EXPIRY]]
            return day
    otherwise: int = plan.of_state.term_days[row, terms[POLICY_EXPIRY]]
    return otherwise


@inlined
def post_lot(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    rule: int,
    reward: int,
    currency: int,
    units: int,
) -> None:
    """Posts what a rule earned, or a reward gives, as a lot (LOT-1, LOT-2); what is owed is repaid first.

    Args:
        rule: the earn rule, or -1; reward: the reward that gives units, where there is no rule.
    """
    account = slot * len(plan.currencies) + currency
    accounts = plan.of_state.accounts
    policy = plan.of_state.rule_policies[rule] if rule >= 0 else accounts[currency, ACCOUNT_POLICY]
    available = plan.of_state.term_days[row, plan.of_state.policies[policy, POLICY_AVAILABLE]]
    expiry = term_of(plan, state.registers, policy, row)
    month = plan.days[row, MONTH]
    sink.flows[account, month, ISSUED] += units
    if sink.notes[JOURNALING] != 0:
        name = rule if rule >= 0 else len(plan.rules) + reward
        journal(
            sink.journal, sink.notes, state.members[slot, MEMBER], sink.notes[AT_EVENT], day, EARNED_ROW, name,
            currency, available, expiry, units,
        )  # fmt: skip
    light = accounts[currency, ACCOUNT_LIGHT] != 0
    if rule >= 0:
        state.of_member.earned[currency] = 1
    if light:
        # A lot that expires before it is available leaves what is pending on its last midnight.
        available = min(available, expiry)
    else:
        owed = -state.wallets[account, AVAILABLE]
        if owed > 0:
            repaid = min(owed, units)
            state.wallets[account, AVAILABLE] += repaid
            units -= repaid
            sink.ages[BY_REVERSAL, currency, month, 0] += repaid  # as if it had been taken back at once
            if units == 0:
                return
        if accounts[currency, ACCOUNT_FORM] != NO_FORM and count_lots(state.wallets, account) == 0:
            state.wallets[account, ACTIVE] = max(state.wallets[account, ACTIVE], day)
            lost = add_duration(
                day, accounts[currency, ACCOUNT_COUNT], accounts[currency, ACCOUNT_UNIT]
            )  # a lower bound is enough
            state.wallets[account, DUE] = min(state.wallets[account, DUE], lost)
    _add_lot(
        state.wallets, state.lots, sink.flows, account, accounts[currency, ACCOUNT_BY_AGE],
        accounts[currency, ACCOUNT_APART], policy, day, month, available, expiry, units,
    )  # fmt: skip
    if not light:
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], state.wallets[account, DUE])


@part
def _add_lot(
    wallets: Ints,
    lots: Ints,
    flows: Ints,
    account: int,
    by_age: int,
    apart: int,
    policy: int,
    day: int,
    month: int,
    available: int,
    expiry: int,
    units: int,
) -> None:
    """Puts a lot where it belongs, or joins it to one that nothing tells apart from it."""
    pending = available > day
    if pending:
        wallets[account, PENDING] += units
        flows[account, month, PENDED] += units
    else:
        wallets[account, AVAILABLE] += units
    tail = wallets[account, TAIL]
    first = wallets[account, MATURED] if pending else wallets[account, HEAD]
    at = tail if pending else wallets[account, MATURED]
    if pending:
        while at > first and lots[account, at - 1, LOT_AVAILABLE] > available:
            at -= 1
    elif by_age == 0:
        while at > first and lots[account, at - 1, LOT_EXPIRY] > expiry:
            at -= 1
    if (
        at > first
        and lots[account, at - 1, LOT_MONTH] == month
        and lots[account, at - 1, LOT_EXPIRY] == expiry
        and lots[account, at - 1, LOT_POLICY] == policy
        and (not pending or lots[account, at - 1, LOT_AVAILABLE] == available)
        and (apart == 0 or lots[account, at - 1, LOT_EARNED] == day)
        # By age, a lot that was posted between the two would have to be spent between them.
        and (by_age == 0 or lots[account, at - 1, LOT_NUMBER] == wallets[account, POSTED] - 1)
    ):
        lots[account, at - 1, LOT_UNITS] += units
        return
    for i in range(tail, at, -1):
        for column in range(_COLUMNS):
            lots[account, i, column] = lots[account, i - 1, column]
    lots[account, at, LOT_UNITS] = units
    lots[account, at, LOT_MONTH] = month
    lots[account, at, LOT_AVAILABLE] = available
    lots[account, at, LOT_EXPIRY] = expiry
    lots[account, at, LOT_EARNED] = day
    lots[account, at, LOT_POLICY] = policy
    lots[account, at, LOT_NUMBER] = wallets[account, POSTED]
    wallets[account, POSTED] += 1
    wallets[account, TAIL] = tail + 1
    due = expiry
    if pending:
        due = min(available, expiry)
    else:
        wallets[account, MATURED] += 1
    wallets[account, DUE] = min(wallets[account, DUE], due)


# ---- spending


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


@inlined
def take_units(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    reward: int,
    currency: int,
    units: int,
) -> None:
    """Pays a reward's price from the available lots."""
    account = slot * len(plan.currencies) + currency
    state.wallets[account, AVAILABLE] -= units
    spend(
        state.wallets, state.lots, sink.flows, sink.ages, sink.notes, sink.journal, account, currency,
        state.members[slot, MEMBER], reward, day, plan.days[row, MONTH], units,
    )  # fmt: skip


# ---- midnights


@part
def pass_light_midnights(
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
    """Does a light wallet's midnight work through that of `day`: lots mature, then lots expire (TIME-4)."""
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
        _sort(lots, account, wallets[account, HEAD], matured + count, by_age)
    return count > 0


@part
def _sort(lots: Ints, account: int, head: int, end: int, by_age: int) -> None:
    """Puts available lots into the order of LOT-3; quick where few are out of place."""
    for i in range(head + 1, end):
        at = i
        while at > head and _after(lots, account, at - 1, at, by_age):
            for column in range(_COLUMNS):
                kept = lots[account, at - 1, column]
                lots[account, at - 1, column] = lots[account, at, column]
                lots[account, at, column] = kept
            at -= 1


@inlined
def _after(lots: Ints, account: int, left: int, right: int, by_age: int) -> bool:
    """Whether the left one of two available lots is to be spent after the right one."""
    if by_age == 0 and lots[account, left, LOT_EXPIRY] != lots[account, right, LOT_EXPIRY]:
        sooner: bool = lots[account, left, LOT_EXPIRY] > lots[account, right, LOT_EXPIRY]
        return sooner
    later: bool = lots[account, left, LOT_NUMBER] > lots[account, right, LOT_NUMBER]
    return later


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
            for column in range(_COLUMNS):
                lots[account, at, column] = lots[account, i, column]
        at += 1
    if matured == wallets[account, TAIL]:
        end = at
    wallets[account, MATURED] = end
    wallets[account, TAIL] = at
    if head == at:
        wallets[account, HEAD] = wallets[account, MATURED] = wallets[account, TAIL] = 0
        return
    _sort(lots, account, head, end, by_age)


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
