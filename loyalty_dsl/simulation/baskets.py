"""The amount of an event, and the items that it is of.

Invariants: the prices of the items are at least one minor unit each and their sum is the amount, exactly; how
many items there are moves no amount.
"""

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    ITEMS_COUNT,
    ITEMS_FIRST,
    PROCESS_BASKET,
    PROCESS_TABLE,
    Behaviour,
)
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import draw_basket, draw_choice, draw_exponential, draw_scaled_basket

# ruff: noqa: PLR0917 - compiled code passes by position

Ints = NDArray[np.int64]


@part
def draw_amount(behaviour: Behaviour, process: Ints, own: float, key: np.uint64, i: int) -> int:
    """The basket of event `i` of a process, for a member whose own baskets are `own` times the table's."""
    table = behaviour.draws.tables[process[PROCESS_TABLE]]
    bits = draw_bits(key, process[PROCESS_BASKET], i)
    if own == 1.0:
        return draw_basket(table, bits)
    return draw_scaled_basket(table, bits, own)


@part
def draw_items(behaviour: Behaviour, segment: int, prices: Ints, basket: int, key: np.uint64, i: int) -> int:
    """Splits the amount of purchase `i` into prices; returns how many there are.

    Every item has one minor unit; the rest is cut at uniform places.
    """
    first, count = behaviour.slices[segment, ITEMS_FIRST], behaviour.slices[segment, ITEMS_COUNT]
    items = 1
    if count > 0:
        thresholds = behaviour.draws.thresholds[first : first + count]
        at = draw_choice(thresholds, count, draw_bits(key, randomness.ITEMS, i))
        items = min(behaviour.draws.values[first + at], basket)
    if items == 1:
        prices[0] = basket
        return 1
    total = 0
    for item in range(items):
        bits = draw_bits(key, randomness.ITEM_SHARE, i + (item << 32))
        total += draw_exponential(behaviour.exponential, bits)
        prices[item] = total
    rest = basket - items
    cut = 0
    for item in range(items):
        until = rest if item == items - 1 else int(np.float64(rest) * (prices[item] / np.float64(total)))
        prices[item] = 1 + until - cut
        cut = until
    return int(items)
