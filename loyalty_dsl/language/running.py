"""What running a program costs, whoever says so: the program itself, or the population of a simulation.

Invariant: an exact amount for a length of time, and never a part of what rewards cost.
"""

from fractions import Fraction
from typing import TYPE_CHECKING

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language.records import record

if TYPE_CHECKING:
    from loyalty_dsl.language.assumed import AssumedNumber


@record
class RunningCost:
    """Minor units of money in each `unit`; for each active member where it says so.

    Attributes:
        first: the day from which on, `end` the day until which it is so; `None` for always (VERSION-10).
    """

    cost: "AssumedNumber"
    unit: Unit
    per_active: bool = False
    first: int | None = None
    end: int | None = None

    def part_of(self, first: int, end: int) -> Fraction:
        """The share of the days from `first` to before `end` on which it is so."""
        begins = first if self.first is None else max(first, self.first)
        ends = end if self.end is None else min(end, self.end)
        return Fraction(max(0, ends - begins), end - first)
