"""What an audience does to its members, by comparison with those who are held out of it (AUDIENCE-4).

Invariant: both sides are members whom the audience meant, from the month in which it first did, so they
differ by their luck alone; intervals are those of a difference of two means of independent members.
"""

from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.language.audiences import Audience

if TYPE_CHECKING:
    from loyalty_dsl.simulation.targeted import Side
    from loyalty_dsl.simulation.trajectories import Trajectories

FEWEST = 30
"""Members of a side below which the mean of their figures is not taken to be normal."""

_TWO_SIDED_95 = 1.959963984540054


@attrs.frozen
class Difference:
    """A figure for each member: the mean of those who are in the audience, and of those held out.

    Attributes:
        low, high: 95% bounds of `gain`; `None` where a side has too few members.
    """

    treated: float
    held_out: float
    low: float | None
    high: float | None

    @property
    def gain(self) -> float:
        return self.treated - self.held_out

    @property
    def known(self) -> bool:
        """Whether the bounds leave out that there is none."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@attrs.frozen
class Lift:
    """An audience that holds members out.

    Attributes:
        members, held_out: those whom it meant in the months reported, of the members simulated.
        orders: of each member; spend, cost: in minor units, after rewards, and of rewards.
    """

    audience: Audience
    members: int
    held_out: int
    orders: Difference
    spend: Difference
    cost: Difference


def lifts_of(t: "Trajectories") -> tuple[Lift, ...]:
    """One for each audience that holds members out, as declared."""
    found = []
    for index, audience in enumerate(t.program.audiences):
        if audience.holdout == 0 or (index, False) not in t.sides:
            continue
        treated, held_out = t.sides[index, False], t.sides[index, True]
        units = (1, 1, t.cost_scale)
        orders, spend, cost = (_difference(treated, held_out, of, unit) for of, unit in enumerate(units))
        found.append(Lift(audience, treated.members, held_out.members, orders, spend, cost))
    return tuple(found)


def _difference(treated: "Side", held_out: "Side", of: int, unit: int) -> Difference:
    means = [float(Fraction(side.sums[of], side.members * unit)) if side.members else 0.0
             for side in (treated, held_out)]  # fmt: skip
    low = high = None
    if min(treated.members, held_out.members) >= FEWEST:
        error = sqrt(sum(_variance_of_mean(side, of, unit) for side in (treated, held_out)))
        gain = means[0] - means[1]
        low, high = gain - _TWO_SIDED_95 * error, gain + _TWO_SIDED_95 * error
    return Difference(means[0], means[1], low, high)


def _variance_of_mean(side: "Side", of: int, unit: int) -> float:
    count = side.members
    spread = Fraction(side.squares[of] * count - side.sums[of] ** 2, count * (count - 1))
    return float(spread / (count * unit * unit))
