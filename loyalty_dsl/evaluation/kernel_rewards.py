"""Rewards in the kernel: whether one more use is possible, and taking them (REDEEM).

Invariant: uses are counted against the balance and the limits, and taken back if the request as a whole fails
(REDEEM-3); lots are only touched once the number of uses is certain. Uses that nothing tells apart are made
at once, so that the time taken does not grow with their number.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.kernel_code import (
    count_use,
    holds,
)
from loyalty_dsl.evaluation.kernel_counters import count_option
from loyalty_dsl.evaluation.kernel_faces import (
    remember_items,
    restore_items,
)
from loyalty_dsl.evaluation.kernel_items import (
    clear_items,
    spread_over_items,
)
from loyalty_dsl.evaluation.kernel_lots import (
    post_lot,
    spend,
)
from loyalty_dsl.evaluation.kernel_obstacles import (
    case_of,
    given_of,
    money_off,
    obstacle,
    off_items,
    price_of,
    uses_alike,
)
from loyalty_dsl.evaluation.kernel_reach import note_stop, note_touch
from loyalty_dsl.evaluation.plan import (
    AFTER_EARNING,
    AMOUNT,
    AT_CHECKOUT,
    AVAILABLE,
    BELOW_MINIMUM_EXCHANGE,
    BENEFIT,
    CASE_CURRENCY,
    CASE_FACE,
    CASE_IN_FULL,
    CASE_MOST,
    CASE_PRICE,
    DEFAULTED,
    DONE,
    EXCHANGED,
    FIRING_CONDITION,
    FIRING_RULE,
    FIRST_BALANCE,
    FREE_FACE,
    KIND_BENEFITS,
    KIND_BENEFITS_END,
    LIMIT_REACHED,
    MONEY_OFF,
    MONTH,
    NOT_WHOLE_STEPS,
    PERCENT_FACE,
    REWARD_AT,
    REWARD_COUNTED,
    REWARD_CURRENCY,
    REWARD_GIVEN,
    REWARD_LIMITS,
    REWARD_LIMITS_END,
    REWARD_MINIMUM_EXCHANGE,
    REWARD_MONEY_OFF,
    REWARD_MOST_COUNTED,
    REWARD_SPENT,
    REWARD_TAKING,
    REWARD_USES,
    SENT,
    UNITS_FACE,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.language.types import (
    PURCHASE,
)

AS_OFTEN_AS_IT_CAN = -1
"""How often an automatic reward is asked for; a member's choice is never negative."""


@copied
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
    """The benefits of an event, what the member chose, then what is automatic at checkout (EVENT-1, step 2).
    Leaves in `state.items` what they left of the items.

    Args:
        kind: the event's, `REDEEM` for a reward alone, or that of a clock.
        reward, quantity: the member's choice, -1 for none; 0 is as often as it can be. Of a transfer the
            quantity is in units of its currency (EXCHANGE-2).

    Returns:
        `DONE`, or why the chosen reward was refused.
    """
    refused = DONE
    at_purchase = kind == PURCHASE
    if at_purchase:
        clear_items(state.items, max(1, len(prices)))
    first = plan.kinds[kind, KIND_BENEFITS] if kind >= 0 else 0
    benefits = plan.kinds[kind, KIND_BENEFITS_END] - first if kind >= 0 else 0
    # Turns: the benefits, the member's choice, the program's rewards in declared order. One place in the code
    # to compile.
    for turn in range(benefits + 1 + (len(plan.rewards) if at_purchase else 0)):
        asked = AS_OFTEN_AS_IT_CAN
        chosen = turn == benefits
        if chosen:
            taken = reward
            if taken < 0:
                continue
            if quantity != 0:
                asked = max(0, quantity)
        elif turn < benefits:
            taken = plan.firings[first + turn, FIRING_RULE]
            asked = AS_OFTEN_AS_IT_CAN if plan.rewards[taken, REWARD_TAKING] == DEFAULTED else 1
            counted = plan.rewards[taken, REWARD_COUNTED]
            if counted >= 0:  # ALLOW-2
                units = state.registers[FIRST_BALANCE + counted]
                asked = min(plan.rewards[taken, REWARD_MOST_COUNTED], units)
                if asked <= 0:
                    continue
            if state.declined[slot * len(plan.rewards) + taken] != 0:
                continue
            if not holds(plan.code, state.registers, plan.firings[first + turn, FIRING_CONDITION]):
                continue
        else:
            taken = turn - benefits - 1
            if plan.rewards[taken, REWARD_TAKING] != AT_CHECKOUT:
                continue
            if state.declined[slot * len(plan.rewards) + taken] != 0:
                continue
        there = at_purchase
        if chosen:
            there = kind == plan.rewards[taken, REWARD_AT]
        answer = _take(plan, state, sink, slot, day, row, taken, there, asked, prices, item_fields)
        if chosen:
            refused = answer
    if at_purchase and len(prices) > 0:
        spread_over_items(state.items, prices, state.registers[AMOUNT])
    return refused


@apart
def _take(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    reward: int,
    at_purchase: bool,
    asked: int,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """Takes a reward as often as asked or not at all, or as often as it can be.

    Returns:
        `DONE`, or why an asked use, or the first of as many as there can be, is not possible.
    """
    registers = state.registers
    case = case_of(plan, state, reward, at_purchase)
    if case < 0:
        return -case
    least = plan.rewards[reward, REWARD_MINIMUM_EXCHANGE]
    taking = plan.rewards[reward, REWARD_TAKING]
    if taking in (EXCHANGED, SENT) and asked != AS_OFTEN_AS_IT_CAN:  # EXCHANGE-2
        step = plan.cases[case, CASE_PRICE]
        if asked % step != 0:
            return NOT_WHOLE_STEPS
        if asked < least:
            return BELOW_MINIMUM_EXCHANGE
        asked //= step
    currency = plan.rewards[reward, REWARD_CURRENCY]
    face = plan.cases[case, CASE_FACE]
    by_item = at_purchase and face in (PERCENT_FACE, FREE_FACE)
    first, end = plan.rewards[reward, REWARD_LIMITS], plan.rewards[reward, REWARD_LIMITS_END]
    to_pay = registers[AMOUNT]
    uses = 0
    total_off = 0
    total_price = 0
    total_given = 0
    refused = DONE
    if by_item:
        remember_items(state.items, max(1, len(prices)))
    while asked == AS_OFTEN_AS_IT_CAN or uses < asked:
        refused = obstacle(plan, state, slot, row, reward, case, at_purchase, uses, prices, item_fields)
        if refused != DONE:
            if refused == LIMIT_REACHED:
                note_stop(plan, state, sink, slot, row, reward, at_purchase, prices, item_fields)
            break
        off = money_off(plan, state, case, at_purchase)
        alike = uses_alike(plan, state, slot, row, reward, case, off)
        if asked != AS_OFTEN_AS_IT_CAN:
            alike = min(alike, asked - uses)
        if by_item:
            off = off_items(plan, state, reward, case, prices, item_fields, True)
        price = price_of(plan, state, reward, case)
        total_given += alike * given_of(plan, case, price)
        total_price += alike * price
        if currency >= 0:
            registers[FIRST_BALANCE + currency] -= alike * price
        if registers[AMOUNT] > 0:
            registers[AMOUNT] = max(0, registers[AMOUNT] - alike * off)
        count_use(plan, state, slot, row, first, end, alike * off, alike)
        uses += alike
        total_off += alike * off
    # Only what a member asked for is all or nothing (REDEEM-3): a benefit pays the part that fits (LIMIT-1).
    if uses > 0 and (asked == AS_OFTEN_AS_IT_CAN or taking == BENEFIT):
        refused = BELOW_MINIMUM_EXCHANGE if total_price < least else DONE
    if refused != DONE and uses > 0:
        if currency >= 0:
            registers[FIRST_BALANCE + currency] += total_price
        registers[AMOUNT] = to_pay
        count_use(plan, state, slot, row, first, end, -total_off, -uses)
        if by_item:
            restore_items(state.items, max(1, len(prices)))
        return refused
    if uses > 0:
        if face == UNITS_FACE and plan.cases[case, CASE_MOST] > 0:  # EXCHANGE-5
            total_given += total_price // plan.cases[case, CASE_MOST] * plan.cases[case, CASE_IN_FULL]
        account = slot * len(plan.currencies) + currency
        month = plan.days[row, MONTH]
        if total_price > 0:
            state.wallets[account, AVAILABLE] -= total_price
            spend(state, sink, slot, account, currency, reward, day, month, total_price)
        if total_given > 0:
            _give(plan, state, sink, slot, day, row, reward, plan.cases[case, CASE_CURRENCY], total_given)
            if len(plan.of_state.options) > 0:
                count_option(plan, state, slot, day, reward, total_given)
        state.of_member.used[reward] = 1
        note_touch(state, slot, month, len(plan.rules) + reward)
        sink.notes[MONEY_OFF] += total_off
        sink.rewards[reward, month, REWARD_USES] += uses
        sink.rewards[reward, month, REWARD_MONEY_OFF] += total_off
        sink.rewards[reward, month, REWARD_GIVEN] += total_given
        sink.rewards[reward, month, REWARD_SPENT] += total_price
    return refused


@part
def _give(
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
    """Posts what a reward gives of a currency, as a lot of it from this day on (REDEEM-12)."""
    post_lot(plan, state, sink, slot, day, row, -1, reward, currency, units)
    available = state.wallets[slot * len(plan.currencies) + currency, AVAILABLE]
    state.registers[FIRST_BALANCE + currency] = max(0, available)  # EVENT-4: what is owed is not available


@apart
def after_earning(plan: Plan, state: State, sink: Sink, slot: int, day: int, row: int) -> None:
    """The rewards that are issued after earning, in declared order, each as often as it can be, until none
    can (EVENT-1, step 9). The registers hold the member as of now."""
    used = True
    while used:
        used = False
        for reward in range(len(plan.rewards)):
            if (
                plan.rewards[reward, REWARD_TAKING] == AFTER_EARNING
                and state.declined[slot * len(plan.rewards) + reward] == 0
            ):
                taken = _take(
                    plan, state, sink, slot, day, row, reward, False, AS_OFTEN_AS_IT_CAN,
                    state.items[0], state.items,
                )  # fmt: skip
                if taken == DONE:
                    used = True
