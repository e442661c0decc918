"""Bornhuetter-Ferguson and Cape Cod: what a month has still to redeem is expected of what it issued.

Invariant: redeemed so far stands as it is, and the part that is still to come is the issue times an expected
rate times the share not yet developed; so a month in which next to nothing was redeemed is not multiplied up.
Cape Cod finds the expected rate in the triangle itself: all that was redeemed over all that was issued and
has developed. Bornhuetter-Ferguson is told it.

Worked case: 100 issued and 30 redeemed at an age that is 40% developed, at an expected rate of 80%:
30 + 60% x 80% x 100 = 78.
"""

from collections.abc import Sequence

from loyalty_dsl.valuation.chain_ladder import Ladder
from loyalty_dsl.valuation.triangles import Triangle

SETTLED = 0.5
"""A month that has developed this share says something by itself about the rate of all."""


def cape_cod_rate(triangle: Triangle, ladder: Ladder, issued: Sequence[float]) -> float | None:
    """Redeemed over the issue that has developed; `None` where nothing has."""
    used = sum(units * ladder.developed(age) for units, age in zip(issued, triangle.age_now, strict=True))
    return sum(triangle.latest) / used if used else None


def settled_rate(triangle: Triangle, ladder: Ladder, issued: Sequence[float]) -> float | None:
    """The ultimate rate of the months at least half developed, each as the chain ladder has it; `None` where
    there is none."""
    rows = [row for row, age in enumerate(triangle.age_now) if ladder.developed(age) >= SETTLED]
    whole = sum(issued[row] for row in rows)
    ever = sum(triangle.latest[row] * ladder.to_ultimate(triangle.age_now[row]) for row in rows)
    return ever / whole if whole else None


def expected_ultimates(
    triangle: Triangle, ladder: Ladder, issued: Sequence[float], rate: float
) -> tuple[float, ...]:
    """By month of issue, what was redeemed and what the rate lets expect of the rest."""
    return tuple(
        so_far + (1.0 - ladder.developed(age)) * units * rate
        for so_far, age, units in zip(triangle.latest, triangle.age_now, issued, strict=True)
    )
