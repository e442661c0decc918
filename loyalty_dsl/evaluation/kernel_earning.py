"""Earning in the kernel: which rules fire, what each posts, and what groups let through (EARN, LIMIT)."""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import inlined
from loyalty_dsl.evaluation.kernel_code import (
    count_use,
    holds,
    on_dates,
    price_of_items,
    room_for_units,
    whole_units,
)
from loyalty_dsl.evaluation.kernel_lots import add_lot
from loyalty_dsl.evaluation.plan import (
    AMOUNT,
    BASKET,
    FIRING_CONDITION,
    FIRING_DATES,
    FIRING_RULE,
    FIRST_CURRENCY_DAY,
    KIND_FIRINGS,
    KIND_FIRINGS_END,
    MEMBER,
    MONTH,
    NO_FILTER,
    ROUND_PER_EVENT,
    ROUNDING,
    RULE_BASE,
    RULE_CURRENCY,
    RULE_DENOMINATOR,
    RULE_ITEMS,
    RULE_LIMITS,
    RULE_LIMITS_END,
    RULE_PER,
    RULE_POSTED,
    RULE_TIMES,
    RULE_UNITS,
    RULE_WHOLE,
    Ints,
    Plan,
    Sink,
    State,
)


@inlined
def earn(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    kind: int,
    prices: Ints,
    item_fields: Ints,
) -> None:
    """The earn rules in declared order, each posting its lot. Conditions and amounts read the registers only,
    which stand as after the rewards, so that posting at once changes nothing for the rules that follow."""
    for currency in range(len(plan.currencies)):
        state.running[currency, 0] = 0
        state.running[currency, 1] = 0
    month = plan.days[row, MONTH]
    for firing in range(plan.kinds[kind, KIND_FIRINGS], plan.kinds[kind, KIND_FIRINGS_END]):
        if not on_dates(plan, row, plan.firings[firing, FIRING_DATES]):
            continue
        if not holds(plan.code, state.registers, plan.firings[firing, FIRING_CONDITION]):
            continue
        rule = plan.firings[firing, FIRING_RULE]
        units = _units_of(plan, state, slot, row, rule, prices, item_fields)
        if units == 0:
            continue
        first, end = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
        count_use(plan, state, slot, row, first, end, units, 1)
        sink.rules[rule, month, RULE_POSTED] += units
        sink.rules[rule, month, RULE_TIMES] += 1
        currency = plan.rules[rule, RULE_CURRENCY]
        account = slot * len(plan.currencies) + currency
        available = plan.days[row, FIRST_CURRENCY_DAY + 2 * currency]
        expiry = plan.days[row, FIRST_CURRENCY_DAY + 2 * currency + 1]
        add_lot(
            state.wallets, state.lots, sink, account, currency, state.members[slot, MEMBER], rule, day, month,
            available, expiry, units,
        )  # fmt: skip


@inlined
def _units_of(
    plan: Plan, state: State, slot: int, row: int, rule: int, prices: Ints, item_fields: Ints
) -> int:
    """What a rule that fires posts: its exact amount (EARN), rounded (NUM), cut by its limits (LIMIT)."""
    base = plan.rules[rule, RULE_BASE]
    money = state.registers[base]
    if plan.rules[rule, RULE_ITEMS] != NO_FILTER:
        taken = state.registers[BASKET] - state.registers[AMOUNT]
        money = price_of_items(
            plan.code, state.registers, plan.first_item_field, plan.rules[rule, RULE_ITEMS], base, taken,
            prices, item_fields,
        )  # fmt: skip
        if money < 0:
            return 0
    per = plan.rules[rule, RULE_PER]
    units = plan.rules[rule, RULE_UNITS]
    denominator = plan.rules[rule, RULE_DENOMINATOR]
    parts = 0
    if per > 0 and plan.rules[rule, RULE_WHOLE] != 0:
        units *= money // per
    elif per > 0:
        exact = money * units
        units = exact // per
        parts = (exact - units * per) * (denominator // per)
    currency = plan.rules[rule, RULE_CURRENCY]
    rounding = plan.currencies[currency, ROUNDING]
    first, end = plan.rules[rule, RULE_LIMITS], plan.rules[rule, RULE_LIMITS_END]
    if plan.currencies[currency, ROUND_PER_EVENT] == 0:
        due = whole_units(units, parts, denominator, rounding)
        return min(due, room_for_units(plan, state, slot, row, first, end))
    before, before_parts = state.running[currency, 0], state.running[currency, 1]
    units += before
    parts += before_parts
    if parts >= denominator:
        units += 1
        parts -= denominator
    due = whole_units(units, parts, denominator, rounding)
    due -= whole_units(before, before_parts, denominator, rounding)
    posted = min(due, room_for_units(plan, state, slot, row, first, end))
    if posted < due:
        units = before + posted
        parts = before_parts
    state.running[currency, 0] = units
    state.running[currency, 1] = parts
    return posted
