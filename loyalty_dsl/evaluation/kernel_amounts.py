"""Exact amounts in the kernel that are more than one ratio (EARN-9 to EARN-11).

Invariant: an exact amount is whole units and parts of the rule's denominator, fewer than it; lowering has
seen to it that no step of these sums leaves 64 bits.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.plan import (
    PART_RULE,
    PART_SCALE,
    PASSED_PARTS,
    PASSED_UNITS,
    SLICE_PER,
    SLICE_SCALE,
    SLICE_START,
    SLICE_UNITS,
    Ints,
)


@apart
def sum_of_rules(parts: Ints, passed: Ints, first: int, end: int, denominator: int) -> tuple[int, int]:
    """What the rules at rows `first` to `end` of the parts passed on together, in parts of `denominator`."""
    units = 0
    left = 0
    for place in range(first, end):
        rule = parts[place, PART_RULE]
        units += passed[rule, PASSED_UNITS]
        left += passed[rule, PASSED_PARTS] * parts[place, PART_SCALE]
        if left >= denominator:
            left -= denominator
            units += 1
    return units, left


@part
def share_of_rules(
    parts: Ints, passed: Ints, first: int, end: int, denominator: int, units: int, per: int, scale: int
) -> tuple[int, int]:
    """The share units / per of what rules passed on, in parts of denominator * per * scale (EARN-10)."""
    whole, left = sum_of_rules(parts, passed, first, end, denominator)
    exact = whole * units
    share = exact // per
    rest = (exact - share * per) * denominator + left * units
    carried = rest // (per * denominator)
    return share + carried, (rest - carried * per * denominator) * scale


@apart
def sum_of_slices(parts: Ints, first: int, end: int, money: int, denominator: int) -> tuple[int, int]:
    """What the slices at rows `first` to `end` of the parts give for a sum of money (EARN-9)."""
    units = 0
    left = 0
    for place in range(first, end):
        start = parts[place, SLICE_START]
        if money <= start:
            break
        within = money - start
        if place + 1 < end:
            within = min(within, parts[place + 1, SLICE_START] - start)
        per = parts[place, SLICE_PER]
        exact = within * parts[place, SLICE_UNITS]
        whole = exact // per
        units += whole
        left += (exact - whole * per) * parts[place, SLICE_SCALE]
        if left >= denominator:
            left -= denominator
            units += 1
    return units, left
