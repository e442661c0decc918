"""Whether a reward can be used once more, and how many uses nothing tells apart (REDEEM-1 to REDEEM-8).

Invariant: nothing here changes the ledger; the registers hold the event and what is left of it.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import copied, part
from loyalty_dsl.evaluation.kernel_code import (
    UNLIMITED,
    decide,
    holds,
    on_dates,
    room_for_use,
    room_of,
    whole_units,
)
from loyalty_dsl.evaluation.kernel_faces import (
    NONE_LEFT,
    item_off,
)
from loyalty_dsl.evaluation.kernel_gates import gate_of
from loyalty_dsl.evaluation.kernel_items import (
    clear_items,
)
from loyalty_dsl.evaluation.plan import (
    AMONG,
    AMOUNT,
    BALANCE_FACE,
    BASKET,
    BELOW_MINIMUM_BALANCE,
    BELOW_MINIMUM_BASKET,
    CASE_CURRENCY,
    CASE_FACE,
    CASE_IN_FULL,
    CASE_MOST,
    CASE_PER,
    CASE_PRICE,
    CASE_UNITS,
    CASE_WHOLE_BALANCE,
    CONDITION_NOT_MET,
    DONE,
    FIRST_BALANCE,
    FIRST_LEAF,
    FREE_FACE,
    LARGEST_MEMBER,
    LEFT,
    LIMIT_IF,
    LIMIT_LINES,
    LIMIT_OF,
    LIMIT_REACHED,
    MONEY_FACE,
    NOT_A_PURCHASE,
    NOT_MET,
    NOT_OFFERED,
    NOT_ON_THIS_DAY,
    NOTHING_LEFT_TO_PAY,
    PERCENT_FACE,
    RECEIVED,
    REWARD_AT_PURCHASE,
    REWARD_CASES,
    REWARD_CASES_AT_PURCHASE,
    REWARD_CURRENCY,
    REWARD_DATES,
    REWARD_GATES,
    REWARD_ITEMS,
    REWARD_LIMITS,
    REWARD_LIMITS_END,
    REWARD_MINIMUM_BALANCE,
    REWARD_MINIMUM_BASKET,
    REWARD_TAKING,
    REWARD_WHEN,
    REWARD_WHEN_LINES,
    RIGHT,
    ROUNDING,
    SHORT_BALANCE,
    TEST,
    TIMES,
    UNITS_FACE,
    Ints,
    Plan,
    State,
)


@copied
def case_of(plan: Plan, state: State, reward: int, at_purchase: bool) -> int:
    """The row of `Plan.cases` that applies (REDEEM-8), or minus why there is none."""
    if not at_purchase and plan.rewards[reward, REWARD_CASES_AT_PURCHASE] != 0:
        return -NOT_A_PURCHASE
    end = plan.rewards[reward, REWARD_CASES]
    if end >= 0:
        end = decide(plan.code, state.registers, end)
    return -NOT_OFFERED if end == NOT_MET else FIRST_LEAF - end


@copied
def price_of(plan: Plan, state: State, reward: int, case: int) -> int:
    """What the next use takes of the reward's currency; 0 of a benefit."""
    currency = plan.rewards[reward, REWARD_CURRENCY]
    if currency < 0:
        return 0
    price: int = plan.cases[case, CASE_PRICE]
    if plan.cases[case, CASE_WHOLE_BALANCE] != 0:
        price = state.registers[FIRST_BALANCE + currency]
    return price


@part
def given_of(plan: Plan, case: int, price: int) -> int:
    """What a use for this price gives of another currency (REDEEM-12)."""
    face = plan.cases[case, CASE_FACE]
    if face == UNITS_FACE:
        units: int = plan.cases[case, CASE_UNITS]
        return units
    if face != BALANCE_FACE:
        return 0
    per = plan.cases[case, CASE_PER]
    exact = plan.cases[case, CASE_UNITS] * price
    rounding = plan.currencies[plan.cases[case, CASE_CURRENCY], ROUNDING]
    return whole_units(exact // per, exact % per, per, rounding)


@copied
def money_off(plan: Plan, state: State, case: int, at_purchase: bool) -> int:
    """What the next use of a sum of money takes off (REDEEM-2); 0 of any other face."""
    if plan.cases[case, CASE_FACE] != MONEY_FACE:
        return 0
    off: int = plan.cases[case, CASE_UNITS]
    if at_purchase and plan.cases[case, CASE_IN_FULL] == 0:
        off = min(off, state.registers[AMOUNT])
    return off


@copied
def obstacle(
    plan: Plan,
    state: State,
    slot: int,
    row: int,
    reward: int,
    case: int,
    at_purchase: bool,
    uses: int,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """The first thing in the way of one more use, in the order of REDEEM-7; `DONE` when it is possible. The
    registers hold the event.

    Args:
        uses: how many uses of this request came before.
    """
    registers = state.registers
    face = plan.cases[case, CASE_FACE]
    currency = plan.rewards[reward, REWARD_CURRENCY]
    if currency >= 0:
        balance = registers[FIRST_BALANCE + currency]
        price = price_of(plan, state, reward, case)
        if balance < max(1, price):
            return SHORT_BALANCE
        if balance < plan.rewards[reward, REWARD_MINIMUM_BALANCE]:
            return BELOW_MINIMUM_BALANCE
        if face == BALANCE_FACE and given_of(plan, case, price) == 0:
            return SHORT_BALANCE
    by_item = face in (PERCENT_FACE, FREE_FACE)
    if not at_purchase and (
        by_item or (currency < 0 and face == MONEY_FACE) or plan.rewards[reward, REWARD_AT_PURCHASE] != 0
    ):
        return NOT_A_PURCHASE
    if registers[BASKET] < plan.rewards[reward, REWARD_MINIMUM_BASKET]:
        return BELOW_MINIMUM_BASKET
    if not on_dates(plan, row, plan.rewards[reward, REWARD_DATES]):
        return NOT_ON_THIS_DAY
    if uses == 0:
        shut = gate_of(plan, registers, plan.rewards[reward, REWARD_GATES])
        if shut != DONE:
            return shut
    if not holds(plan.code, registers, plan.rewards[reward, REWARD_WHEN]):
        return CONDITION_NOT_MET
    off = money_off(plan, state, case, at_purchase)
    if at_purchase:
        if face == MONEY_FACE and plan.cases[case, CASE_IN_FULL] == 0 and registers[AMOUNT] == 0:
            return NOTHING_LEFT_TO_PAY
        if by_item:
            off = off_items(plan, state, reward, case, prices, item_fields, False)
            if off == NONE_LEFT or (face == PERCENT_FACE and uses > 0):
                return NOTHING_LEFT_TO_PAY
    first, end = plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]
    if not room_for_use(plan, state, slot, row, first, end, off):
        return LIMIT_REACHED
    return DONE


@part
def may_use(
    plan: Plan,
    state: State,
    slot: int,
    row: int,
    reward: int,
    at_purchase: bool,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """What is in the way of using a reward once, before any other at the event; `DONE` for nothing."""
    if at_purchase:
        clear_items(state.items, max(1, len(prices)))
    case = case_of(plan, state, reward, at_purchase)
    if case < 0:
        return -case
    return obstacle(plan, state, slot, row, reward, case, at_purchase, 0, prices, item_fields)


@part
def room_for_steps(plan: Plan, state: State, slot: int, row: int, reward: int, steps: int) -> bool:
    """Whether so many more uses, which count in times, fit under the limits of a reward."""
    for limit in range(plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]):
        if room_of(plan, state, slot, row, limit) < steps:
            return False
    return True


@part
def off_items(
    plan: Plan, state: State, reward: int, case: int, prices: Ints, item_fields: Ints, take: bool
) -> int:
    """`item_off` of a reward's case."""
    return item_off(
        plan.code, state.registers, plan.first_item_field, plan.item_fields,
        plan.rewards[reward, REWARD_ITEMS], state.items, prices, item_fields, plan.cases[case, CASE_FACE],
        plan.cases[case, CASE_UNITS], plan.cases[case, CASE_PER],
        plan.cases[case, CASE_MOST], take,
    )  # fmt: skip


@part
def steady_uses(
    code: Ints, registers: Ints, first_line: int, last_line: int, balance: int, price: int, off: int
) -> int:
    """How many uses in a row find every test of a condition as it is now; at least 1.

    Args:
        first_line, last_line: the condition's code.
        balance: the register from which each use takes the price, as it takes `off` from the amount.
    """
    steady = UNLIMITED
    for line in range(first_line, last_line + 1):
        left, right = code[line, LEFT], code[line, RIGHT]
        gap, closing = registers[left], 0
        if left == balance:
            closing += price
        elif left == AMOUNT:
            closing += off
        if (
            code[line, TEST] == AMONG
        ):  # a set ends at its largest member; values below it are asked one by one
            gap = max(0, gap - LARGEST_MEMBER)
        else:
            gap -= registers[right]
            if right == balance:
                closing -= price
            elif right == AMOUNT:
                closing -= off
        if closing != 0 and gap == 0:
            return 1
        if closing < 0:
            gap, closing = -gap, -closing
        if closing > 0 and gap > 0:
            steady = min(steady, (gap - 1) // closing + 1)
    return steady


@part
def uses_alike(plan: Plan, state: State, slot: int, row: int, reward: int, case: int, off: int) -> int:
    """How many uses, of which the first is possible, nothing tells apart: all take off the same, none is
    refused, and no test of a condition changes on the way. At least 1, and as many as that but for a few.

    Args:
        off: what each takes off as a sum of money.
    """
    registers = state.registers
    currency = plan.rewards[reward, REWARD_CURRENCY]
    face = plan.cases[case, CASE_FACE]
    by_item = face in (PERCENT_FACE, FREE_FACE)
    if plan.rewards[reward, REWARD_TAKING] == RECEIVED:  # asks nothing that a use changes, but for its limits
        room = UNLIMITED
        for limit in range(plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]):
            room = min(room, room_of(plan, state, slot, row, limit))
        return max(1, room)
    if currency < 0 or by_item or plan.cases[case, CASE_WHOLE_BALANCE] != 0:
        return 1
    price = plan.cases[case, CASE_PRICE]
    balance = FIRST_BALANCE + currency
    to_pay = registers[AMOUNT]
    if 0 < to_pay < 2 * off:
        return 1  # the use after this one takes off less, or finds nothing to pay: twice `off` is not there
    least = max(price, plan.rewards[reward, REWARD_MINIMUM_BALANCE])
    alike: int = (registers[balance] - least) // price + 1
    if to_pay > 0 and off > 0:
        alike = min(alike, to_pay // off)
    less_to_pay = off if to_pay > 0 else 0
    for limit in range(plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]):
        room = room_of(plan, state, slot, row, limit)
        if plan.limits[limit, LIMIT_OF] == TIMES:
            alike = min(alike, room)
        elif off > 0:
            alike = min(alike, room // off)
        steady = steady_uses(
            plan.code, registers, plan.limits[limit, LIMIT_LINES], plan.limits[limit, LIMIT_IF],
            balance, price, less_to_pay,
        )  # fmt: skip
        alike = min(alike, steady)
    first_line, last_line = plan.rewards[reward, REWARD_WHEN_LINES], plan.rewards[reward, REWARD_WHEN]
    return min(alike, steady_uses(plan.code, registers, first_line, last_line, balance, price, less_to_pay))
