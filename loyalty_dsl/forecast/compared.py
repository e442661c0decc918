"""Two versions of a program side by side: what the business pays, and who gains and who loses.

Invariants: each version's figures are those of its own forecast; a difference is new less old; its noise is
that of the paired differences, since both versions are lived by the same members with the same luck.
"""

import attrs

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, Notice
from loyalty_dsl.language.changes import Change


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


@attrs.frozen(eq=False)
class Comparison:
    """Everything that a comparison shows.

    Attributes:
        old, new: the forecast of each version.
        liability: by month; `None` where it is not known of both.
        reward_cost: by month, of all so far; `None` where a version's is not known.
        by_segment, by_level: who gains and who loses; levels are those held at the end under the old version.
        moves: at the end.
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
    moves: tuple[Move, ...]
    everybody: Outcome
    notices: tuple[Notice, ...]

    @property
    def months(self) -> int:
        return len(self.new.months)
