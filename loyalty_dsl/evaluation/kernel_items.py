"""A purchase's items in the kernel: what rewards left of each, what a filter lets through (AMT-3 to AMT-5).

Invariant: what is left of an item is never negative, and what is left of the items adds up to the amount.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_code import decide
from loyalty_dsl.evaluation.plan import ALWAYS, ITEM_DIRECT, ITEM_FREE, ITEM_LEFT, NO_FILTER, Ints


@part
def passes(
    code: Ints, registers: Ints, first_item_field: int, line: int, item_fields: Ints, item: int
) -> bool:
    """Whether an item passes the filter that starts at `line`."""
    if line == NO_FILTER:
        return True
    for field in range(item_fields.shape[1]):
        registers[first_item_field + field] = item_fields[item, field]
    return line == ALWAYS or decide(code, registers, line) == ALWAYS


@part
def clear_items(items: Ints, count: int) -> None:
    """Forgets what was taken off the items of the event before."""
    for item in range(count):
        items[item, ITEM_DIRECT] = 0
        items[item, ITEM_FREE] = 0


@part
def spread_over_items(items: Ints, prices: Ints, amount: int) -> None:
    """Writes what is left of each item when `amount` is left of them all: what sums of money took off is
    spread over what percentages and free items have left (AMT-3, AMT-5)."""
    remaining = 0
    for item in range(len(prices)):
        remaining += prices[item] - items[item, ITEM_DIRECT]
    taken = remaining - amount
    before = 0
    borne = 0
    for item in range(len(prices)):
        left = prices[item] - items[item, ITEM_DIRECT]
        before += left
        so_far = taken * before // remaining if remaining > 0 else 0
        items[item, ITEM_LEFT] = left - (so_far - borne)
        borne = so_far


@apart
def seen_items(
    code: Ints,
    registers: Ints,
    first_item_field: int,
    line: int,
    items: Ints,
    prices: Ints,
    item_fields: Ints,
) -> tuple[int, int, int, int]:
    """What a rule sees of the items through its filter (AMT-4).

    Returns:
        Their prices and their amounts in minor units, how many of them are not free, and how many there are.
    """
    basket = 0
    amount = 0
    paid_for = 0
    count = 0
    for item in range(len(prices)):
        if passes(code, registers, first_item_field, line, item_fields, item):
            basket += prices[item]
            amount += items[item, ITEM_LEFT]
            paid_for += 1 - items[item, ITEM_FREE]
            count += 1
    return basket, amount, paid_for, count
