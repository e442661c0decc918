"""The simulated members of a comparison, one by one.

Invariant: a row is a first member together with all whom it led to; the rows add up to the outcomes.
"""

from typing import TYPE_CHECKING

from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.simulation.pairs import Pairs

if TYPE_CHECKING:
    import polars as pl


def member_frame(pairs: Pairs) -> "pl.DataFrame | None":
    """A row for each simulated first member, in the order of their numbers.

    Returns:
        Columns `member` (its number from 0, as in the rows of a simulation), `segment`, `old` and `new` (what
        it receives under each version, in money), `difference`, and for each ladder `old_LADDER` and
        `new_LADDER`, its level at the end; `None` where rows were not asked for.
    """
    if pairs.rows is None:
        return None
    import polars as pl

    unit = pairs.value_scale * 10 ** MINOR_DIGITS[pairs.new.program.money]
    segments = [one.name for one in pairs.new.population.segments]
    old, new = (pairs.rows[side] for side in ("old", "new"))
    columns: dict[str, object] = {
        "member": range(len(old)),
        "segment": [segments[index] for index in pairs.rows["segment"].tolist()],
        "old": [value / unit for value in old.tolist()],
        "new": [value / unit for value in new.tolist()],
        "difference": [value / unit for value in (new - old).tolist()],
    }
    for side, program in (("old", pairs.old.program), ("new", pairs.new.program)):
        for ladder in program.ladders:
            held = pairs.rows.get(f"{side} {ladder.name}")
            if held is not None:
                names = [level.name for level in ladder.levels]
                columns[f"{side}_{ladder.name}"] = [names[index] for index in held.tolist()]
    return pl.DataFrame(columns)
