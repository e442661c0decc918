"""From simulated members to the business: whole numbers whose ledger identity still holds.

Each simulated member stands for `weight` members, and `weight` need not be whole. Rounding each month by
itself would break issued = redeemed + expired + outstanding, so running totals are rounded instead and
then differenced. Invariant: what comes in is rounded up and what goes out is rounded down, hence

    outstanding = issued - redeemed - expired

holds in every month exactly, is never negative, never less than what is pending, and is within three
smallest units of the exact figure; no month's flow is negative.

Worked case: a weight of 7/3 and 3 points issued and redeemed by one member: 7 come in, 7 go out, 0 stay.
With 2 points: 14/3 is 5 in, 4 out, and 1 stays that nobody holds; the price of whole points.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate, pairwise

from loyalty_dsl.quantities import Rounding, rounded


def scaled_up(total: int, weight: Fraction) -> int:
    """`total * weight`, rounded up: for stocks of what came in."""
    return rounded(total * weight, Rounding.UP)


def scaled_down(total: int, weight: Fraction) -> int:
    """`total * weight`, rounded down: for what went out, and for parts of a whole."""
    return rounded(total * weight, Rounding.DOWN)


def scaled(total: int, weight: Fraction) -> int:
    """`total * weight`, rounded half up: for figures that take part in no identity."""
    return rounded(total * weight, Rounding.HALF_UP)


def inflows(flows: Iterable[int], weight: Fraction) -> tuple[int, ...]:
    """Monthly flows in, scaled; their running total is the exact one rounded up."""
    return differences(scaled_up(total, weight) for total in accumulate(flows))


def outflows(flows: Iterable[int], weight: Fraction) -> tuple[int, ...]:
    """Monthly flows out, scaled; their running total is the exact one rounded down."""
    return differences(scaled_down(total, weight) for total in accumulate(flows))


def free_flows(flows: Iterable[int], weight: Fraction) -> tuple[int, ...]:
    """Monthly flows, scaled; their running total is the exact one rounded half up. For flows that no
    identity joins to others."""
    return differences(scaled(total, weight) for total in accumulate(flows))


def shared_out(whole: int, parts: Iterable[int]) -> tuple[int, ...]:
    """Shares a scaled total out in proportion to its exact parts, so that the shares sum to it: 10 over
    (1, 1, 1) is (3, 3, 4). Nothing is shared out over parts that are all 0."""
    totals = tuple(accumulate(parts))
    if not totals or not totals[-1]:
        return (0,) * len(totals)
    return differences(scaled_down(total, Fraction(whole, totals[-1])) for total in totals)


def differences(totals: Iterable[int]) -> tuple[int, ...]:
    """Running totals back to flows: (3, 5, 5) is (3, 2, 0)."""
    return tuple(after - before for before, after in pairwise((0, *totals)))
