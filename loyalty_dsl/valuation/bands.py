"""How far a valuation of a ledger may be off: the estimator's own error is the least of it.

An estimator's interval says what other months of issue would have changed. It says nothing of members who
change their ways, which is most of what valuations miss by: of fifty made-up worlds (docs/proof.md) the 90%
intervals of the quoted estimator alone held the truth in ten. A band therefore adds what past valuations of
the same ledger missed by, and a year that all members share.

Invariant: only past valuations count that had seen the whole life of a lot, as the one that is quoted has,
and only what each could know; without one there is no band.
"""

from math import sqrt
from statistics import NormalDist

import attrs

from loyalty_dsl.valuation.estimates import LEVEL, Estimates
from loyalty_dsl.valuation.hazards import Hazards, hazards_of
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle
from loyalty_dsl.valuation.triangles import MET_THEIR_END

COMMON_YEAR = 0.10
"""Half-width of what a year that all members share does to a figure, as a part of it, 95 times in 100: a
judgement, for want of data over enough years."""
LEAST_SEQUEL = 3
"""Months after a past valuation, in which it is held against what was redeemed."""


@attrs.frozen
class Band:
    """Bounds of the units that will be redeemed, and what they are made of: half-widths as parts of the
    estimate, which add up as independent errors do.

    Attributes:
        estimator: its own error; missed: that of past valuations; common_year: the judgement.
        valuations: past ones that it rests on.
    """

    low: float
    high: float
    level: float
    estimator: float
    missed: float
    common_year: float
    valuations: int

    @property
    def half_width(self) -> float:
        """As a part of the estimate."""
        return sqrt(self.estimator**2 + self.missed**2 + self.common_year**2)


def band_of(triangle: LedgerTriangle, found: Estimates, level: float = LEVEL) -> Band | None:
    """The band of what a ledger's quoted estimator expects.

    Args:
        triangle: of the ledger at the valuation; found: estimated from it.

    Returns:
        `None` where no past valuation had seen the whole life of a lot `LEAST_SEQUEL` months ago or earlier,
        or nothing is expected.
    """
    future = found.headline.total_future
    missed = past_errors(triangle)
    if not missed or future <= 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    own = z * (found.headline.standard_error or 0.0) / future
    past = z * sqrt(sum(error**2 for error in missed) / len(missed))
    year = COMMON_YEAR * z / NormalDist().inv_cdf(0.975)
    width = sqrt(own**2 + past**2 + year**2) * future
    held = max(future, float(sum(triangle.held)))
    return Band(
        low=max(0.0, future - width),
        high=min(held, future + width),
        level=level,
        estimator=own,
        missed=past,
        common_year=year,
        valuations=len(missed),
    )


def past_errors(triangle: LedgerTriangle) -> tuple[float, ...]:
    """By past month-end at which the oldest lots had met their end: how far the redemptions that hazards
    expected by now were above those that happened, as a part of the latter."""
    last = len(triangle.issued) - 1
    errors = []
    for period in range(last - LEAST_SEQUEL + 1):
        then = triangle.until(period)
        if not then.issued[0] or then.held[0] > MET_THEIR_END * then.issued[0]:
            continue
        hazards = hazards_of(then.development, [float(units) for units in then.issued])
        happened = sum(
            sum(triangle.redeemed[row][period - row + 1 : last - row + 1]) for row in range(period + 1)
        )
        if hazards is None or not happened:
            continue
        expected = sum(
            held * _rate_within(hazards, period - row, last - period) for row, held in enumerate(then.held)
        )
        errors.append(expected / happened - 1)
    return tuple(errors)


def _rate_within(hazards: Hazards, age: int, months: int) -> float:
    """Of what is held at the end of an age, the share that is redeemed in so many months after it."""
    cut = slice(0, age + 1 + months)
    return Hazards(hazards.redeemed[cut], hazards.lost[cut]).rate_after(age)
