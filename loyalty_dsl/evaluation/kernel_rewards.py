"""Rewards in the kernel: whether one more use is possible, and taking them (REDEEM).

Invariant: uses are counted against the balance and the limits, and taken back if the request as a whole fails
(REDEEM-3); lots are only touched once the number of uses is certain. Uses that nothing tells apart are made
at once, so that the time taken does not grow with their number.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.kernel_code import (
    UNLIMITED,
    count_use,
    holds,
    on_dates,
    room_for_use,
    room_of,
)
from loyalty_dsl.evaluation.kernel_lots import spend
from loyalty_dsl.evaluation.plan import (
    AMONG,
    AMOUNT,
    AVAILABLE,
    BASKET,
    BELOW_MINIMUM_BALANCE,
    BELOW_MINIMUM_BASKET,
    CONDITION_NOT_MET,
    DONE,
    FIRST_BALANCE,
    LARGEST_MEMBER,
    LEFT,
    LIMIT_OF,
    LIMIT_REACHED,
    MEMBER,
    MONEY_OFF,
    MONTH,
    NOT_A_PURCHASE,
    NOT_ON_THIS_DAY,
    NOTHING_LEFT_TO_PAY,
    REWARD_AT_PURCHASE,
    REWARD_AUTOMATIC,
    REWARD_CURRENCY,
    REWARD_DATES,
    REWARD_IN_FULL,
    REWARD_LIMITS,
    REWARD_LIMITS_END,
    REWARD_MINIMUM_BALANCE,
    REWARD_MINIMUM_BASKET,
    REWARD_MONEY_OFF,
    REWARD_OFF,
    REWARD_PRICE,
    REWARD_USES,
    REWARD_WHEN,
    REWARD_WHEN_LINES,
    RIGHT,
    SHORT_BALANCE,
    TEST,
    TIMES,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.language.types import PURCHASE

AS_OFTEN_AS_IT_CAN = -1
"""How often an automatic reward is asked for; a member's choice is never negative."""


@inlined
def money_off(plan: Plan, state: State, reward: int, at_purchase: bool) -> int:
    """What the next use takes off (REDEEM-2)."""
    off: int = plan.rewards[reward, REWARD_OFF]
    if at_purchase and plan.rewards[reward, REWARD_IN_FULL] == 0:
        off = min(off, state.registers[AMOUNT])
    return off


@inlined
def obstacle(plan: Plan, state: State, slot: int, row: int, reward: int, at_purchase: bool) -> int:
    """The first thing in the way of one more use, in the order of REDEEM-7; `DONE` when it is possible. The
    registers hold the event."""
    registers = state.registers
    balance = registers[FIRST_BALANCE + plan.rewards[reward, REWARD_CURRENCY]]
    if balance < plan.rewards[reward, REWARD_PRICE]:
        return SHORT_BALANCE
    if balance < plan.rewards[reward, REWARD_MINIMUM_BALANCE]:
        return BELOW_MINIMUM_BALANCE
    if not at_purchase and plan.rewards[reward, REWARD_AT_PURCHASE] != 0:
        return NOT_A_PURCHASE
    if registers[BASKET] < plan.rewards[reward, REWARD_MINIMUM_BASKET]:
        return BELOW_MINIMUM_BASKET
    if not on_dates(plan, row, plan.rewards[reward, REWARD_DATES]):
        return NOT_ON_THIS_DAY
    if not holds(plan.code, registers, plan.rewards[reward, REWARD_WHEN]):
        return CONDITION_NOT_MET
    if at_purchase and plan.rewards[reward, REWARD_IN_FULL] == 0 and registers[AMOUNT] == 0:
        return NOTHING_LEFT_TO_PAY
    off = money_off(plan, state, reward, at_purchase)
    first, end = plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]
    if not room_for_use(plan, state, slot, row, first, end, off):
        return LIMIT_REACHED
    return DONE


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


@inlined
def _uses_alike(plan: Plan, state: State, slot: int, row: int, reward: int, off: int) -> int:
    """How many uses, of which the first is possible, nothing tells apart: all take off the same, none is
    refused, and no test of a condition changes on the way. At least 1, and as many as that but for a few."""
    registers = state.registers
    price = plan.rewards[reward, REWARD_PRICE]
    balance = FIRST_BALANCE + plan.rewards[reward, REWARD_CURRENCY]
    to_pay = registers[AMOUNT]
    if 0 < to_pay < 2 * off:
        return 1  # the use after this one takes off less, or finds nothing to pay: twice `off` is not there
    least = max(price, plan.rewards[reward, REWARD_MINIMUM_BALANCE])
    alike: int = (registers[balance] - least) // price + 1
    if to_pay > 0:
        alike = min(alike, to_pay // off)
    for limit in range(plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]):
        room = room_of(plan, state, slot, row, limit)
        alike = min(alike, room if plan.limits[limit, LIMIT_OF] == TIMES else room // off)
    first_line, last_line = plan.rewards[reward, REWARD_WHEN_LINES], plan.rewards[reward, REWARD_WHEN]
    less_to_pay = off if to_pay > 0 else 0
    return min(alike, steady_uses(plan.code, registers, first_line, last_line, balance, price, less_to_pay))


@inlined
def use_rewards(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    kind: int,
    prices: Ints,
    item_fields: Ints,
    reward: int,
    quantity: int,
) -> int:
    """The rewards of an event: what the member chose, then those automatic at checkout (EVENT-1).

    Returns:
        `DONE`, or why the chosen reward was refused.
    """
    refused = DONE
    at_purchase = kind == PURCHASE
    # Turn -1 is the member's choice, the others the program's rewards in declared order: one place in the
    # code to compile.
    for turn in range(-1 if reward >= 0 else 0, len(plan.rewards) if at_purchase else 0):
        chosen = turn < 0
        taken = reward if chosen else turn
        if chosen or plan.rewards[taken, REWARD_AUTOMATIC] != 0:
            asked = max(0, quantity) if chosen else AS_OFTEN_AS_IT_CAN
            answer = take_reward(plan, state, sink, slot, day, row, taken, at_purchase, asked)
            if chosen:
                refused = answer
    return refused


@inlined
def take_reward(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    reward: int,
    at_purchase: bool,
    asked: int,
) -> int:
    """Takes a reward as often as asked or not at all, or as often as it can be.

    Returns:
        `DONE`, or why an asked use is not possible.
    """
    registers = state.registers
    currency = plan.rewards[reward, REWARD_CURRENCY]
    price = plan.rewards[reward, REWARD_PRICE]
    first, end = plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]
    to_pay = registers[AMOUNT]
    uses = 0
    total_off = 0
    refused = DONE
    while asked == AS_OFTEN_AS_IT_CAN or uses < asked:
        refused = obstacle(plan, state, slot, row, reward, at_purchase)
        if refused != DONE:
            break
        off = money_off(plan, state, reward, at_purchase)
        alike = _uses_alike(plan, state, slot, row, reward, off)
        if asked != AS_OFTEN_AS_IT_CAN:
            alike = min(alike, asked - uses)
        registers[FIRST_BALANCE + currency] -= alike * price
        if registers[AMOUNT] > 0:
            registers[AMOUNT] = max(0, registers[AMOUNT] - alike * off)
        count_use(plan, state, slot, row, first, end, alike * off, alike)
        uses += alike
        total_off += alike * off
    if asked != AS_OFTEN_AS_IT_CAN and refused != DONE:
        registers[FIRST_BALANCE + currency] += uses * price
        registers[AMOUNT] = to_pay
        count_use(plan, state, slot, row, first, end, -total_off, -uses)
        return refused
    if uses > 0:
        account = slot * len(plan.currencies) + currency
        month = plan.days[row, MONTH]
        units = uses * price
        state.wallets[account, AVAILABLE] -= units
        spend(
            state.wallets, state.lots, sink.flows, sink.ages, sink.notes, sink.journal,
            account, currency, state.members[slot, MEMBER], reward, day, month, units,
        )  # fmt: skip
        sink.notes[MONEY_OFF] += total_off
        sink.rewards[reward, month, REWARD_USES] += uses
        sink.rewards[reward, month, REWARD_MONEY_OFF] += total_off
    return DONE
