"""How the kernel reads a plan: conditions, limits, rounding and the items that a filter lets through.

Invariant: nothing here writes, except `count_use`, which counts what was paid against limits.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import inlined, part
from loyalty_dsl.evaluation.plan import (
    ALWAYS,
    AMOUNT,
    AT_LEAST,
    AT_MOST,
    EQUAL,
    EVENT,
    FIRST_CURRENCY_DAY,
    HALF_UP,
    IF_FALSE,
    IF_TRUE,
    LEFT,
    LESS,
    LIMIT_INDEX,
    LIMIT_MOST,
    LIMIT_OF,
    LIMIT_WINDOW,
    MORE,
    RIGHT,
    SERIAL,
    TEST,
    TIMES,
    UP,
    USAGE_USED,
    USAGE_WINDOW,
    Ints,
    Plan,
    State,
)

UNLIMITED = 2**62


@part
def holds(code: Ints, registers: Ints, line: int) -> bool:
    """Whether the condition whose first line is `line` holds on the registers."""
    while line >= 0:
        test = code[line, TEST]
        left = registers[code[line, LEFT]]
        right = registers[code[line, RIGHT]]
        if test == EQUAL:
            true = left == right
        elif test == AT_LEAST:
            true = left >= right
        elif test == LESS:
            true = left < right
        elif test == AT_MOST:
            true = left <= right
        elif test == MORE:
            true = left > right
        else:
            true = 0 <= left < 63 and (right >> left) & 1 == 1
        line = code[line, IF_TRUE] if true else code[line, IF_FALSE]
    return line == ALWAYS


@inlined
def on_dates(plan: Plan, row: int, bit: int) -> bool:
    """Whether the day's bit for a rule or reward is set; one without dates has `bit` -1."""
    if bit < 0:
        return True
    words = FIRST_CURRENCY_DAY + 2 * len(plan.currencies)
    word: int = plan.days[row, words + bit // 62]
    return (word >> (bit % 62)) & 1 == 1


@inlined
def whole_units(units: int, parts: int, denominator: int, rounding: int) -> int:
    """Rounds units + parts / denominator, where 0 <= parts < denominator (NUM-3)."""
    if rounding == HALF_UP:
        return units + (1 if parts >= denominator - parts else 0)
    if rounding == UP:
        return units + (1 if parts > 0 else 0)
    return units


@inlined
def window_of(plan: Plan, state: State, slot: int, row: int, limit: int) -> int:
    """What identifies the window of a limit that this event falls in (LIMIT-3)."""
    column = plan.limits[limit, LIMIT_WINDOW]
    window: int = state.members[slot, SERIAL] if column == EVENT else plan.days[row, column]
    return window


@inlined
def room_of(plan: Plan, state: State, slot: int, row: int, limit: int) -> int:
    """What is left of one limit in its window."""
    usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
    used = state.usage[usage, USAGE_USED]
    if state.usage[usage, USAGE_WINDOW] != window_of(plan, state, slot, row, limit):
        used = 0
    left: int = plan.limits[limit, LIMIT_MOST] - used
    return left


@inlined
def room_for_units(plan: Plan, state: State, slot: int, row: int, first: int, end: int) -> int:
    """The units that limits `first` to `end` let a rule post (LIMIT-4)."""
    room = UNLIMITED
    for limit in range(first, end):
        left = room_of(plan, state, slot, row, limit)
        if plan.limits[limit, LIMIT_OF] == TIMES:
            left = UNLIMITED if left > 0 else 0
        room = min(room, left)
    return room


@inlined
def room_for_use(plan: Plan, state: State, slot: int, row: int, first: int, end: int, off: int) -> bool:
    """Whether limits `first` to `end` let a reward be used once for `off` of money (REDEEM-5)."""
    for limit in range(first, end):
        needed = 1 if plan.limits[limit, LIMIT_OF] == TIMES else off
        if room_of(plan, state, slot, row, limit) < needed:
            return False
    return True


@inlined
def count_use(
    plan: Plan, state: State, slot: int, row: int, first: int, end: int, units: int, times: int
) -> None:
    """Counts what was paid against limits `first` to `end` (LIMIT-2); negative amounts take it back."""
    for limit in range(first, end):
        usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
        window = window_of(plan, state, slot, row, limit)
        if state.usage[usage, USAGE_WINDOW] != window:
            state.usage[usage, USAGE_WINDOW] = window
            state.usage[usage, USAGE_USED] = 0
        state.usage[usage, USAGE_USED] += times if plan.limits[limit, LIMIT_OF] == TIMES else units


@part
def price_of_items(
    code: Ints,
    registers: Ints,
    first_item_field: int,
    line: int,
    base: int,
    taken: int,
    prices: Ints,
    item_fields: Ints,
) -> int:
    """The sum over the items that pass a filter, as basket or as amount (AMT-4).

    Args:
        line: the filter's first line of code.
        base: the register of the basket or of the amount.
        taken: money that rewards took off the basket, at most the basket.

    Returns:
        Minor units; -1 when no item passes.
    """
    basket = 0
    for i in range(len(prices)):
        basket += prices[i]
    total = 0
    passed = False
    before = 0
    for i in range(len(prices)):
        after = before + prices[i]
        for f in range(item_fields.shape[1]):
            registers[first_item_field + f] = item_fields[i, f]
        if holds(code, registers, line):
            passed = True
            total += prices[i]
            if base == AMOUNT and basket > 0:
                total -= taken * after // basket - taken * before // basket
        before = after
    return total if passed else -1
