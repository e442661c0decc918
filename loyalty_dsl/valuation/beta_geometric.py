"""Hazards of a mixed crowd: members differ in how readily they redeem, so older lots are redeemed less.

Each lot has a chance of its own to be redeemed at an age, the same at every age, and chances are beta
distributed over lots. Of lots that are still held at age t, the share redeemed at it is then a / (a + b + t),
which falls as the ready ones go: the shifted beta-geometric law (Fader and Hardie 2007, of customers who
leave). What is lost otherwise competes with it, and is taken as observed, so expiry cuts it off.

Invariant: two parameters, found by maximum likelihood over the units held, redeemed and kept at each age;
with nothing lost, the share never redeemed by age E is B(a, b + E) / B(a, b).

Worked case: a = b = 1: half of what is held is redeemed at age 0, a third of the rest at age 1: 2/3 by then.
"""

from collections.abc import Callable, Sequence
from math import exp, lgamma, log

import attrs

from loyalty_dsl.valuation.hazards import Hazards
from loyalty_dsl.valuation.triangles import Triangle

FEWEST_AGES = 3
"""Two ages are fitted by two parameters exactly."""
EVEN = 1e6
"""Where a + b is beyond this, chances hardly differ: hazards do not fall with age."""
LEAST, MOST = -12.0, 18.0
"""Of the logarithms of both parameters."""
SMALLEST_STEP = 1e-7


@attrs.frozen
class BetaGeometric:
    """The parameters of the chances, both above 0."""

    a: float
    b: float

    def hazard(self, age: int) -> float:
        """Of units held when an age begins, the share redeemed during it."""
        return self.a / (self.a + self.b + age)

    def kept(self, ages: int) -> float:
        """The share never redeemed in so many ages where nothing is lost."""
        return exp(
            lgamma(self.b + ages) - lgamma(self.a + self.b + ages) - lgamma(self.b) + lgamma(self.a + self.b)
        )


def fit_beta_geometric(triangle: Triangle, issued: Sequence[float]) -> BetaGeometric | str:
    """The likeliest parameters, or why there are none.

    Args:
        issued: units by month of issue.
    """
    counts = _counts(triangle, issued)
    if len(counts) < FEWEST_AGES:
        return "two ages do not tell how members differ"
    if not sum(used for used, _ in counts):
        return "nothing was redeemed"

    def likelihood(at: tuple[float, float]) -> float:
        a, b = exp(at[0]), exp(at[1])
        return sum(
            used * log(a / (a + b + age)) + kept * log((b + age) / (a + b + age))
            for age, (used, kept) in enumerate(counts)
        )

    found = _climbed(likelihood)
    a, b = exp(found[0]), exp(found[1])
    if a + b > EVEN:
        return "redemptions do not fall off with the age of a lot, as they would where members differ"
    return BetaGeometric(a, b)


def beta_geometric_hazards(fitted: BetaGeometric, observed: Hazards) -> Hazards:
    """The fitted redemption hazards with the losses that were observed, which leave no more than all."""
    redeemed = tuple(min(fitted.hazard(age), max(0.0, 1.0 - gone)) for age, gone in enumerate(observed.lost))
    return Hazards(redeemed, observed.lost)


def _counts(triangle: Triangle, issued: Sequence[float]) -> list[tuple[float, float]]:
    """By age, units redeemed at it and units held then that were not, of all months that reached it."""
    lost = triangle.lost or tuple((0.0,) * len(row) for row in triangle.rows)
    counts = []
    for age in range(triangle.ages):
        used = kept = 0.0
        for units, row, gone in zip(issued, triangle.rows, lost, strict=True):
            if len(row) > age:
                before = (row[age - 1] + gone[age - 1]) if age else 0.0
                now = row[age] - (row[age - 1] if age else 0.0)
                used += now
                kept += max(0.0, units - before - now)
        counts.append((used, kept))
    return counts


_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))


def _climbed(likelihood: Callable[[tuple[float, float]], float]) -> tuple[float, float]:
    """The top of a smooth hill over two logarithms: steps uphill, halved where no direction rises."""
    at, step = (0.0, 0.0), 2.0
    best = likelihood(at)
    while step > SMALLEST_STEP:
        rose = False
        for along in _WAYS:
            first, second = (min(MOST, max(LEAST, at[i] + step * along[i])) for i in (0, 1))
            value = likelihood((first, second))
            if value > best:
                at, best, rose = (first, second), value, True
        if not rose:
            step /= 2
    return at
