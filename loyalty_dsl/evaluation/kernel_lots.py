"""Lots in the kernel: posting them to a wallet, and spending them (LOT).

Invariants: every live lot has units; `AVAILABLE` and `PENDING` are their sums, but that debt takes from
`AVAILABLE`, and there is debt only while there are no lots.

Lots go in from the end, where in the ordinary case they belong. Two that no posting can tell apart are
merged: their month of issue, expiry and policy are the same, and when they become available.

In a light wallet neither day falls as the day of earning rises, which lowering verifies: the oldest lot is
the first to mature, to expire and to be spent, and its midnights can be done many days at once.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import copied, part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.kernel_wallets import LOT_COLUMNS, count_lots, journal
from loyalty_dsl.evaluation.plan import (
    ACTIVE,
    AT_EVENT,
    AVAILABLE,
    BY_REDEMPTION,
    BY_REVERSAL,
    DUE,
    EARNED_ROW,
    HEAD,
    ISSUED,
    JOURNALING,
    LIGHT_DUE,
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
    CASE_EXPIRY,
    CASE_LINE,
    NO_FORM,
    POLICY_AVAILABLE,
    POLICY_CASES,
    POLICY_CASES_END,
    POLICY_EXPIRY,
    POLICY_WAITS,
    POLICY_WAITS_END,
)

# ---- posting


@copied
def term_of(plan: Plan, registers: Ints, policy: int, row: int) -> int:
    """The day on which a lot earned on the day of `row` is gone, by the term of its policy that holds now."""
    terms = plan.of_state.policies[policy]
    for case in range(terms[POLICY_CASES], terms[POLICY_CASES_END]):
        if holds(plan.code, registers, plan.of_state.policy_cases[case, CASE_LINE]):
            day: int = plan.of_state.term_days[row, plan.of_state.policy_cases[case, CASE_EXPIRY]]
            return day
    otherwise: int = plan.of_state.term_days[row, terms[POLICY_EXPIRY]]
    return otherwise


@copied
def available_of(plan: Plan, registers: Ints, policy: int, row: int) -> int:
    """The day from which a lot posted on the day of `row` can be spent, as the case of its policy that holds
    says (LOT-2, LOT-7)."""
    terms = plan.of_state.policies[policy]
    for case in range(terms[POLICY_WAITS], terms[POLICY_WAITS_END]):
        if holds(plan.code, registers, plan.of_state.policy_cases[case, CASE_LINE]):
            day: int = plan.of_state.term_days[row, plan.of_state.policy_cases[case, CASE_EXPIRY]]
            return day
    otherwise: int = plan.of_state.term_days[row, terms[POLICY_AVAILABLE]]
    return otherwise


@copied
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
    available = available_of(plan, state.registers, policy, row)
    expiry = term_of(plan, state.registers, policy, row)
    month = plan.days[row, MONTH]
    sink.flows[account, month, ISSUED] += units
    if sink.notes[JOURNALING] != 0:
        name = rule if rule >= 0 else len(plan.rules) + reward
        journal(
            sink.journal, sink.notes, state.members[slot, MEMBER], sink.notes[AT_EVENT], day, EARNED_ROW,
            name, currency, available, expiry, units,
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
    _add_lot(plan, state, sink, account, currency, policy, day, month, available, expiry, units)
    due = LIGHT_DUE if light else NEXT_DUE
    state.members[slot, due] = min(state.members[slot, due], state.wallets[account, DUE])


@copied
def _add_lot(
    plan: Plan,
    state: State,
    sink: Sink,
    account: int,
    currency: int,
    policy: int,
    day: int,
    month: int,
    available: int,
    expiry: int,
    units: int,
) -> None:
    """Puts a lot where it belongs, or joins it to one that nothing tells apart from it."""
    wallets, lots = state.wallets, state.lots
    by_age = plan.of_state.accounts[currency, ACCOUNT_BY_AGE]
    apart = plan.of_state.accounts[currency, ACCOUNT_APART]
    pending = available > day
    if pending:
        wallets[account, PENDING] += units
        sink.flows[account, month, PENDED] += units
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
        for column in range(LOT_COLUMNS):
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
    state: State,
    sink: Sink,
    slot: int,
    account: int,
    currency: int,
    reward: int,
    day: int,
    month: int,
    units: int,
) -> None:
    """Takes `units` from the available lots (LOT-3). `AVAILABLE` already has them taken off."""
    wallets, lots, flows, ages, notes = state.wallets, state.lots, sink.flows, sink.ages, sink.notes
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
            journal(
                sink.journal, notes, state.members[slot, MEMBER], notes[AT_EVENT], day, REDEEMED_ROW, reward,
                currency, 0, expiry, taken,
            )  # fmt: skip
        lots[account, head, LOT_UNITS] -= taken
        units -= taken
        if lots[account, head, LOT_UNITS] == 0:
            head += 1
    wallets[account, HEAD] = head
    if head == wallets[account, TAIL]:
        wallets[account, HEAD] = wallets[account, MATURED] = wallets[account, TAIL] = 0
