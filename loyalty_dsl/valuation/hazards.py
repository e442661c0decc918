"""Hazards by the age of a lot: of the units still held, the share redeemed at each age, and the share that
leaves otherwise.

Invariant: redemption, expiry and return compete: a unit that expired cannot be redeemed, and the shares of
one age add up to at most 1. Nothing is redeemed after the oldest age observed unless a tail says so.

Worked case: of 100 units 20 are redeemed at age 0, and 16 of the 80 left at age 1, of which 8 more expire:
hazards 20% and 20%, so a unit is redeemed with 20% + 80% x 20% = 36%.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.valuation.triangles import Triangle

ROUGHLY = 1 + 1e-9
"""What sums of floats may be off by."""


@attrs.frozen
class Hazards:
    """Of the units held when an age begins, the shares redeemed and lost during it."""

    redeemed: tuple[float, ...]
    lost: tuple[float, ...]

    def rate_after(self, age: int) -> float:
        """The share of what is held at the end of an age that will be redeemed; -1 for the moment of issue,
        which makes it the ultimate redemption rate."""
        held, share = 1.0, 0.0
        for used, gone in zip(self.redeemed[age + 1 :], self.lost[age + 1 :], strict=True):
            share += held * used
            held *= 1.0 - used - gone
        return share


def hazards_of(triangle: Triangle, issued: Sequence[float]) -> Hazards | None:
    """Pooled over the months that have reached each age; `None` where more of a month's issue was redeemed
    and lost than there was."""
    lost = triangle.lost or tuple((0.0,) * len(row) for row in triangle.rows)
    gone_by_now = zip(issued, triangle.rows, lost, strict=True)
    if any(row[-1] + losses[-1] > units * ROUGHLY for units, row, losses in gone_by_now):
        return None
    used_shares, lost_shares = [], []
    for age in range(triangle.ages):
        held = used = gone = 0.0
        for units, row, losses in zip(issued, triangle.rows, lost, strict=True):
            if len(row) <= age:
                continue
            used_before, lost_before = (row[age - 1], losses[age - 1]) if age else (0.0, 0.0)
            held += units - used_before - lost_before
            used += row[age] - used_before
            gone += losses[age] - lost_before
        used_shares.append(used / held if held > 0 else 0.0)
        lost_shares.append(gone / held if held > 0 else 0.0)
    return Hazards(tuple(used_shares), tuple(lost_shares))


def hazard_ultimates(triangle: Triangle, issued: Sequence[float], hazards: Hazards) -> tuple[float, ...]:
    """By month of issue, what was redeemed and what its hazards let expect of what is held."""
    losses = triangle.latest_lost or (0.0,) * len(triangle.rows)
    return tuple(
        so_far + (units - so_far - gone) * hazards.rate_after(age)
        for so_far, gone, units, age in zip(triangle.latest, losses, issued, triangle.age_now, strict=True)
    )
