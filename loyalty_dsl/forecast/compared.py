"""Two versions of a program side by side: what the business pays, and who gains and who loses.

Invariants: each version's figures are those of its own forecast; a difference is new less old; its noise is
that of the paired differences, since both versions are lived by the same members with the same luck.
"""

from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, Notice
from loyalty_dsl.language.changes import Change
from loyalty_dsl.shown import Shown

if TYPE_CHECKING:
    import polars as pl


@attrs.frozen
class Figure:
    """One figure under both versions, at the size of the business.

    Attributes:
        old, new: in smallest or minor units, or members.
        noise: half-width of the simulation noise of the difference.
    """

    old: int
    new: int
    noise: float

    @property
    def difference(self) -> int:
        return self.new - self.old


@attrs.frozen
class CurrencyComparison:
    """One currency, by month: what was issued and redeemed so far, and what is outstanding.

    Attributes:
        old, new: `None` in a version that does not have it.
        scale: smallest units of these figures in a display unit.
    """

    name: str
    label: str
    in_money: bool
    scale: int
    old: CurrencyForecast | None
    new: CurrencyForecast | None
    issued: tuple[Figure, ...]
    redeemed: tuple[Figure, ...]
    outstanding: tuple[Figure, ...]


@attrs.frozen
class LevelComparison:
    """Members who hold a level, by month."""

    ladder: str
    level: str
    label: str
    members: tuple[Figure, ...]


@attrs.frozen
class Outcome:
    """What became of some of the members.

    Attributes:
        rose, fell, same: members who receive more, less, and just as much.
        rise, fall: what they receive more or less, together, in minor units; the fall is below 0.
        value: what all of them receive; its difference is the rise and the fall together.
    """

    name: str
    rose: int
    fell: int
    same: int
    rise: int
    fall: int
    value: Figure

    @property
    def members(self) -> int:
        return self.rose + self.fell + self.same


@attrs.frozen
class Move:
    """Members who end at another level than they would under the old version."""

    ladder: str
    old: str
    new: str
    members: int


@attrs.frozen
class Bin:
    """Members who gain or lose about as much.

    Attributes:
        least, most: between what, in minor units, the least not included; both 0 for those of whom nothing
            changes, and `most` is `None` in the last bin.
        gains: whether they gain.
    """

    least: int
    most: int | None
    gains: bool
    members: int


@attrs.frozen
class Matrix:
    """Who ends where: members by their level under the old version, then under the new one."""

    ladder: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    members: tuple[tuple[int, ...], ...]


@attrs.frozen
class Touched:
    """Members whom a rule paid, a limit held back, or who held a level or used a reward, at any time.

    Attributes:
        what: `rule`, `limit`, `reward` or `level`.
        old, new: members of the business; `None` in a version that does not have it.
        old_noise, new_noise: half-widths of each version's own simulation noise.
    """

    what: str
    name: str
    old: int | None
    new: int | None
    old_noise: float
    new_noise: float


@attrs.frozen(eq=False)
class Comparison(Shown):
    """Everything that a comparison shows.

    Attributes:
        old, new: the forecast of each version.
        liability: by month; `None` where it is not known of both.
        reward_cost: by month, of all so far; `None` where a version's is not known.
        by_segment, by_level: who gains and who loses; levels are those held at the end under the old version.
        by_segment_and_level: ladder, segment, and its members by that level; empty with one segment.
        moves: at the end; matrices: all who end at a level of a ladder that both versions have.
        each_member: a row for each simulated first member, where they were asked for; see `member_frame`.
        spread: members by what they gain or lose, from the largest loss to the largest gain.
    """

    old: Forecast
    new: Forecast
    changes: tuple[Change, ...]
    currencies: tuple[CurrencyComparison, ...]
    liability: tuple[Figure, ...] | None
    reward_cost: tuple[Figure, ...] | None
    levels: tuple[LevelComparison, ...]
    by_segment: tuple[Outcome, ...]
    by_level: tuple[tuple[str, tuple[Outcome, ...]], ...]
    by_segment_and_level: tuple[tuple[str, str, tuple[Outcome, ...]], ...]
    moves: tuple[Move, ...]
    matrices: tuple[Matrix, ...]
    spread: tuple[Bin, ...]
    touched: tuple[Touched, ...]
    everybody: Outcome
    each_member: "pl.DataFrame | None"
    notices: tuple[Notice, ...]

    @property
    def months(self) -> int:
        return len(self.new.months)
