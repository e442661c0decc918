"""The development triangle: what was redeemed of each month's issue, by age of the lot in months.

Invariant: rows are cumulative; row i ends at the age that its month has reached at the
valuation, so that no row is longer than the one before it.

Worked case: 100 redeemed of January's points in January and 50 in February, 80 of February's in February, at
the end of February: rows (100, 150) and (80,); the latest diagonal is 150 and 80.
"""

from collections.abc import Sequence
from itertools import accumulate

import attrs

from loyalty_dsl.calendar import date_of, month_start

Amount = int | float
Rows = tuple[tuple[float, ...], ...]


@attrs.frozen
class Triangle:
    """Units redeemed by month of issue, then by age.

    Attributes:
        rows: cumulative; at least one, and none empty.
        first_month: the `calendar.month_index` of the first row; 0 where rows have no dates.
        dated: whether `first_month` means a month.
        lost: cumulative units that left otherwise (expired, taken back), of the same shape; `None` where it
            is not known.
    """

    rows: Rows
    first_month: int = 0
    dated: bool = False
    lost: Rows | None = None

    @property
    def ages(self) -> int:
        """Ages observed of the oldest month."""
        return len(self.rows[0])

    @property
    def latest(self) -> tuple[float, ...]:
        """By month of issue, redeemed up to the valuation."""
        return tuple(row[-1] for row in self.rows)

    @property
    def latest_lost(self) -> tuple[float, ...] | None:
        """By month of issue, expired or taken back up to the valuation."""
        return None if self.lost is None else tuple(row[-1] for row in self.lost)

    @property
    def age_now(self) -> tuple[int, ...]:
        """By month of issue, the age at the valuation; 0 in the month of issue."""
        return tuple(len(row) - 1 for row in self.rows)

    def name_of(self, row: int) -> str:
        """`2025-03`, or `month 3` where rows have no dates."""
        if not self.dated:
            return f"month {row + 1}"
        return date_of(month_start(self.first_month + row)).isoformat()[:7]

    def in_calendar_months(self, months: int) -> float:
        """What was redeemed in the last `months` calendar months, of every month of issue."""
        return sum(row[-1] - (row[-1 - months] if len(row) > months else 0.0) for row in self.rows)

    def without(self, row: int) -> "Triangle":
        """The same without one month of issue; its oldest ages go with the first."""
        return attrs.evolve(
            self,
            rows=self.rows[:row] + self.rows[row + 1 :],
            lost=None if self.lost is None else self.lost[:row] + self.lost[row + 1 :],
        )


def triangle_of(
    rows: Sequence[Sequence[Amount]],
    *,
    cumulative: bool = False,
    first_month: int | None = None,
    lost: Sequence[Sequence[Amount]] | None = None,
) -> Triangle:
    """A triangle of what is known on the last day of the last month of issue.

    Args:
        rows: by month of issue, units redeemed at each age; later ages than the last month knows, such as the
            tail of a simulation, are left out.
        cumulative: whether each figure holds those before it.
        first_month: the `calendar.month_index` of the first row.
        lost: units expired or taken back, in the same shape.

    Raises:
        ValueError: no rows, an empty one, or rows that are not those of one valuation.
    """
    if not rows:
        raise ValueError("a triangle needs at least one month of issue")
    months = len(rows)
    ages = min(len(rows[0]), months)

    def cut(figures: Sequence[Sequence[Amount]]) -> Rows:
        kept = []
        for row, given in enumerate(figures):
            length = min(ages, months - row)
            if len(given) < length:
                raise ValueError(f"row {row + 1} has {len(given)} ages, where its month has reached {length}")
            own = [float(units) for units in given[:length]]
            kept.append(tuple(own if cumulative else accumulate(own)))
        return tuple(kept)

    return Triangle(
        rows=cut(rows),
        first_month=first_month or 0,
        dated=first_month is not None,
        lost=None if lost is None else cut(lost),
    )


MET_THEIR_END = 0.02
"""Where no more than this share of the oldest month's issue is still held, the triangle has seen the whole
life of a lot; then hazards, which start from what is held, need nothing else."""


def met_their_end(triangle: Triangle, issued: Sequence[float] | None) -> bool:
    """Whether it is known that next to nothing of the oldest month's issue is still held."""
    if issued is None or triangle.latest_lost is None or not issued[0]:
        return False
    return issued[0] - triangle.latest[0] - triangle.latest_lost[0] <= MET_THEIR_END * issued[0]
