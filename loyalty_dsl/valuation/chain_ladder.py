"""The chain ladder: each month of issue goes on as those before it did, by factors from age to age.

Invariant: a factor is the ratio of sums over the months that have reached both ages, so it weighs months by
what they redeemed; the error is Mack's, as chainladder-python computes it, where the spread of a single ratio
is read off a straight line through the logarithms of the others.

Worked case: months of 100, 150 and 80, of which the first two went to 160 and 225: the factor is
385 / 250 = 1.54, and the third comes to 80 x 1.54 = 123.2.

Source: Mack, T. (1993), "Distribution-free calculation of the standard error of chain ladder reserve
estimates", ASTIN Bulletin 23(2).
"""

from collections.abc import Sequence
from math import exp, log, prod, sqrt

import attrs

from loyalty_dsl.valuation.triangles import Triangle

FLAT = 1.00001
"""A factor up to this says nothing about how redemptions die away."""
FEWEST_FACTORS = 3
"""So many factors above `FLAT` make a curve."""
TAIL_MONTHS = 100


@attrs.frozen
class Ladder:
    """Factors of one triangle.

    Attributes:
        factors: from age j to j + 1; `None` where nothing was redeemed by age j and something at j + 1.
        spreads: sigma of each, where it is known.
        errors: standard error of each.
        tail: from the oldest age to the end.
        has_spread: whether two months have shared a factor, so that it is known how far they differ.
    """

    factors: tuple[float | None, ...]
    spreads: tuple[float, ...]
    errors: tuple[float, ...]
    tail: float
    has_spread: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether every age leads to the next."""
        return None not in self.factors

    def to_ultimate(self, age: int) -> float:
        """What units redeemed by an age are multiplied with; infinite where a factor is missing."""
        later = self.factors[age:]
        if any(factor is None for factor in later):
            return float("inf")
        beyond = 1.0 if age > len(self.factors) else self.tail
        return prod(factor or 1.0 for factor in later) * beyond

    def developed(self, age: int) -> float:
        """The share of all redemptions that has happened by the end of an age."""
        return 1.0 / self.to_ultimate(age)

    def within(self, age: int, months: int) -> float:
        """Of what is redeemed after an age, the share that is redeemed in the months that follow it; all of
        it where nothing is."""
        if months <= 0:
            return 0.0
        now, then = self.developed(age), self.developed(age + months)
        return (then - now) / (1.0 - now) if now < 1.0 else 1.0


def ladder_of(triangle: Triangle, tail: float = 1.0) -> Ladder:
    """The factors of a triangle.

    Args:
        tail: the factor from the oldest age on, as of `fitted_tail`.
    """
    factors: list[float | None] = []
    spreads: list[float | None] = []
    weights: list[float] = []
    for age in range(triangle.ages - 1):
        pairs = [(row[age], row[age + 1]) for row in triangle.rows if len(row) > age + 1]
        before, after = sum(one for one, _ in pairs), sum(other for _, other in pairs)
        factor = after / before if before else (None if after else 1.0)
        factors.append(factor)
        started = [(one, other) for one, other in pairs if one]
        weights.append(before)
        if factor is None or len(started) < 2:
            spreads.append(None)
            continue
        squares = sum(one * (other / one - factor) ** 2 for one, other in started)
        spreads.append(sqrt(squares / (len(started) - 1)))
    filled = _filled(spreads)
    errors = tuple(
        sigma / sqrt(weight) if weight else 0.0 for sigma, weight in zip(filled, weights, strict=True)
    )
    return Ladder(tuple(factors), filled, errors, tail, any(sigma is not None for sigma in spreads))


def ultimates(triangle: Triangle, ladder: Ladder) -> tuple[float, ...]:
    """By month of issue, all that will ever be redeemed."""
    return tuple(
        units * ladder.to_ultimate(age) if units else 0.0
        for units, age in zip(triangle.latest, triangle.age_now, strict=True)
    )


@attrs.frozen
class MackError:
    """Standard errors of what is still to be redeemed: by month of issue, and of all together."""

    by_month: tuple[float, ...]
    total: float


def mack_error(triangle: Triangle, ladder: Ladder) -> MackError:
    """Mack's standard errors; the tail factor, about which the triangle says nothing, adds none.

    The total is more than the months' errors in quadrature, as they share their factors.
    """
    months = len(triangle.rows)
    level = list(triangle.latest)
    process, parameter = [0.0] * months, [0.0] * months
    together = 0.0
    for age in range(triangle.ages - 1):
        factor, sigma, error = ladder.factors[age] or 1.0, ladder.spreads[age], ladder.errors[age]
        open_ = [row for row in range(months) if triangle.age_now[row] <= age]
        together = sum(level[row] for row in open_) ** 2 * error**2 + together * factor**2
        for row in open_:
            process[row] = process[row] * factor**2 + level[row] * sigma**2
            parameter[row] = level[row] ** 2 * error**2 + parameter[row] * factor**2
            level[row] *= factor
    by_month = tuple(ladder.tail * sqrt(one + other) for one, other in zip(process, parameter, strict=True))
    return MackError(by_month, ladder.tail * sqrt(sum(process) + together))


def fitted_tail(ladder: Ladder) -> float | None:
    """What follows the oldest age if the factors go on towards 1 as they did: an exponential curve through
    the logarithms of the factors less 1.

    Returns:
        The factor; `None` where there are too few factors, or they do not fall.
    """
    points = [
        (age, log(factor - 1.0))
        for age, factor in enumerate(ladder.factors, 1)
        if factor is not None and factor > FLAT
    ]
    if len(points) < FEWEST_FACTORS:
        return None
    slope, level = _line(points)
    if slope >= 0:
        return None
    first = len(ladder.factors) + 1
    return prod(1.0 + exp(level + slope * age) for age in range(first, first + TAIL_MONTHS))


def _filled(spreads: Sequence[float | None]) -> tuple[float, ...]:
    """The spreads, where one that is not known is on the line through the logarithms of the others; it is 0
    where the last known one is, as then nothing happens any more at these ages (all points have expired)."""
    points = [(age, log(sigma)) for age, sigma in enumerate(spreads, 1) if sigma]
    ended = next((sigma == 0 for sigma in reversed(spreads) if sigma is not None), True)
    if ended or len(points) < 2:
        return tuple(sigma or 0.0 for sigma in spreads)
    slope, level = _line(points)
    return tuple(exp(level + slope * age) if sigma is None else sigma for age, sigma in enumerate(spreads, 1))


def _line(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Slope and intercept of the least squares line."""
    n = len(points)
    x_mean, y_mean = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread
    return slope, y_mean - slope * x_mean
