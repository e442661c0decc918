"""What running a program costs, whoever says so: the program itself, or the population of a simulation.

Invariant: an exact amount for a length of time, and never a part of what rewards cost.
"""

from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.calendar import Unit

if TYPE_CHECKING:
    from loyalty_dsl.language.program import AssumedNumber


@attrs.frozen
class RunningCost:
    """Minor units of money in each `unit`; for each active member where it says so."""

    cost: "AssumedNumber"
    unit: Unit
    per_active: bool = False
