"""Simulation noise: how far a figure would move if other members had been drawn.

It shrinks to nothing as more members are simulated, so it says nothing about whether the assumptions are
right, and no output may call it confidence. Every function returns a half-width: the figure is within it
of what infinitely many members would give, 95 times in 100.

Members are independent draws, hence a total of n of them has the variance n s^2, with s^2 the variance
between members, which is known from the sums of x and of x^2 alone. A ratio is linearised: the URR
errs like the sum over members of e = R - URR * I, divided by what was issued. Members' totals are heavy
tailed: below about 20,000 members the half-widths are a little too narrow.
"""

from fractions import Fraction
from math import sqrt

NORMAL_95 = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""


def noise_of_total(total: int, squares: int, members: int) -> float:
    """The noise of a sum over members.

    Args:
        total: the sum of x over members.
        squares: the sum of x * x over members.
        members: how many were simulated.

    Returns:
        The half-width, in the unit of x; 0 where there is one member or none, who has no spread.
    """
    if members < 2:
        return 0.0
    return NORMAL_95 * _root(Fraction(squares * members - total * total, members - 1))


def noise_of_count(count: int, members: int) -> float:
    """The noise of a number of members: a sum of zeros and ones, which are their own squares."""
    return noise_of_total(count, count, members)


def noise_of_ratio(above: int, below: int, squares: tuple[int, int, int], members: int) -> float:
    """The noise of sum(a) / sum(b), both sums over the same members.

    Args:
        above: the sum of a.
        below: the sum of b; more than 0.
        squares: the sums of b * b, of a * a and of b * a, in the order of `Trajectories.ultimate`.
        members: how many were simulated.

    Returns:
        The half-width of the ratio.
    """
    if members < 2 or below == 0:
        return 0.0
    bb, aa, ab = squares
    ratio = Fraction(above, below)
    errors = aa - 2 * ratio * ab + ratio * ratio * bb
    return NORMAL_95 * _root(errors * members / (members - 1)) / below


def _root(variance: Fraction) -> float:
    """The square root of an exact variance; never of a negative one."""
    return sqrt(max(variance, Fraction(0)))
