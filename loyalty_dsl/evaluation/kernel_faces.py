"""Percentages and free items in the kernel: what they take off items (REDEEM-10, REDEEM-11).

A purchase without items is a line of its whole basket: an item that no filter lets through, and that no
reward makes free where the program's items have fields.

Invariant: what is taken off an item is never more than its price, and no more in all than is left to pay.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_items import passes
from loyalty_dsl.evaluation.plan import (
    AMOUNT,
    BASKET,
    FREE_FACE,
    ITEM_DIRECT,
    ITEM_FREE,
    ITEM_WAS_DIRECT,
    ITEM_WAS_FREE,
    NO_FILTER,
    Ints,
)

NONE_LEFT = -1
"""There is nothing that a use could take off."""


@part
def item_off(
    code: Ints,
    registers: Ints,
    first_item_field: int,
    item_fields_count: int,
    line: int,
    items: Ints,
    prices: Ints,
    item_fields: Ints,
    face: int,
    units: int,
    per: int,
    most_off: int,
    take: bool,
) -> int:
    """What one use takes off the items that pass; with `take`, takes it off them.

    Args:
        line: the reward's filter.
        units, per: the share of a percentage.
        most_off: the most that it takes off.

    Returns:
        Minor units; `NONE_LEFT` when no item has anything left, or nothing is left to pay.
    """
    to_pay = registers[AMOUNT]
    if to_pay == 0:
        return NONE_LEFT
    lines = max(1, len(prices))
    whole = len(prices) == 0
    left_in_all = 0
    dearest = -1
    most = 0
    for item in range(lines):
        if whole:
            if line != NO_FILTER or (face == FREE_FACE and item_fields_count > 0):
                continue
            left = registers[BASKET] - items[item, ITEM_DIRECT]
        else:
            if not passes(code, registers, first_item_field, line, item_fields, item):
                continue
            left = prices[item] - items[item, ITEM_DIRECT]
        left_in_all += left
        if left > most and items[item, ITEM_FREE] == 0:
            most = left
            dearest = item
    if face == FREE_FACE:
        if dearest < 0:
            return NONE_LEFT
        off: int = min(most, to_pay, most_off)
        if take:
            items[dearest, ITEM_DIRECT] += off
            items[dearest, ITEM_FREE] = 1
        return off
    if left_in_all == 0:
        return NONE_LEFT
    percent: int = min((2 * units * left_in_all + per) // (2 * per), to_pay, most_off)
    if take:
        before = 0
        borne = 0
        for item in range(lines):
            if whole:
                left = registers[BASKET] - items[item, ITEM_DIRECT]
            else:
                if not passes(code, registers, first_item_field, line, item_fields, item):
                    continue
                left = prices[item] - items[item, ITEM_DIRECT]
            before += left
            so_far = percent * before // left_in_all
            items[item, ITEM_DIRECT] += so_far - borne
            borne = so_far
    return percent


@part
def remember_items(items: Ints, count: int) -> None:
    """Notes what was taken off the items so far, for `restore_items`."""
    for item in range(count):
        items[item, ITEM_WAS_DIRECT] = items[item, ITEM_DIRECT]
        items[item, ITEM_WAS_FREE] = items[item, ITEM_FREE]


@part
def restore_items(items: Ints, count: int) -> None:
    """Takes back what was taken off the items since `remember_items`."""
    for item in range(count):
        items[item, ITEM_DIRECT] = items[item, ITEM_WAS_DIRECT]
        items[item, ITEM_FREE] = items[item, ITEM_WAS_FREE]
