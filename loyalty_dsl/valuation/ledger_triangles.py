"""A ledger's own triangle at a day: issue, redemptions and losses by period of issue and age.

Invariant: exact, in smallest units; nothing that happened after the day is in it.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.lot_flows import LotFlows
from loyalty_dsl.valuation.periods import Periods
from loyalty_dsl.valuation.triangles import Triangle, triangle_of

Rows = tuple[tuple[int, ...], ...]


@attrs.frozen
class LedgerTriangle:
    """Attributes:
    issued: by period; redeemed, lost: by period of issue, then by age, each of one age.
    sales: by period, in minor units.
    """

    periods: Periods
    issued: tuple[int, ...]
    redeemed: Rows
    lost: Rows
    sales: tuple[int, ...]

    @property
    def held(self) -> tuple[int, ...]:
        """By period of issue, units outstanding."""
        return tuple(
            units - sum(used) - sum(gone)
            for units, used, gone in zip(self.issued, self.redeemed, self.lost, strict=True)
        )

    @property
    def development(self) -> Triangle:
        return triangle_of(self.redeemed, first_month=self.periods.first_month, lost=self.lost)

    def until(self, period: int) -> "LedgerTriangle":
        """The same as it stood at the end of an earlier period."""
        count = period + 1
        return LedgerTriangle(
            Periods(self.periods.starts[: count + 1]),
            self.issued[:count],
            tuple(self.redeemed[row][: count - row] for row in range(count)),
            tuple(self.lost[row][: count - row] for row in range(count)),
            self.sales[:count],
        )


def triangle_at(
    flows: LotFlows, periods: Periods, classes: Sequence[AccountingClass] = tuple(AccountingClass)
) -> LedgerTriangle:
    """The triangle of some classes, of what happened in the periods."""
    count = len(periods)
    issued = [0] * count
    sales: list[int | Fraction] = [0] * count
    redeemed = [[0] * (count - row) for row in range(count)]
    lost = [[0] * (count - row) for row in range(count)]
    for (day, accounting), units in flows.issued.items():
        if day <= periods.at and accounting in classes:
            issued[periods.of(day)] += units
    for (day, accounting), amount in flows.sales.items():
        if day <= periods.at and accounting in classes:
            sales[periods.of(day)] += amount
    for rows, moved in ((redeemed, flows.redeemed), (lost, flows.lost)):
        for (born, day, accounting), units in moved.items():
            if day <= periods.at and accounting in classes:
                row = periods.of(born)
                rows[row][periods.of(day) - row] += units
    return LedgerTriangle(
        periods,
        tuple(issued),
        tuple(map(tuple, redeemed)),
        tuple(map(tuple, lost)),
        tuple(map(_whole, sales)),
    )


def _whole(amount: int | Fraction) -> int:
    """Half up, away from nothing where more was returned than sold."""
    whole = rounded(abs(Fraction(amount)), Rounding.HALF_UP)
    return whole if amount >= 0 else -whole
