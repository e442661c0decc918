"""Tiers in a forecast: who holds which level, who moves, and who falls just short.

Invariants: the levels of a ladder sum to the members enrolled at each month's end; moves are scaled by
running totals, each pair of levels by itself.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.forecast.scaling import free_flows, scaled, shared_out
from loyalty_dsl.language.counters import NamedTotal
from loyalty_dsl.language.tiers import Ladder, Level
from loyalty_dsl.language.types import Kind

if TYPE_CHECKING:
    from loyalty_dsl.simulation.near_misses import NearMiss
    from loyalty_dsl.simulation.trajectories import Trajectories

MONTHS_IN_YEAR = 12
JUST_SHORT = "at 90% or more of what the level asks, and short of it"
"""Who is a near miss, in words; `simulation.near_misses` counts them."""


@attrs.frozen
class ShortOf:
    """Members who are short of one number that a level asks for, on one day.

    Attributes:
        day: a day number.
        below: members whose status is below the level.
        near: of them, those whose number is at least 90% of `needed` and less than it.
        met: of them, those who have the number and lack something else.
    """

    day: int
    below: int
    near: int
    met: int


@attrs.frozen
class NearMissForecast:
    """One number that a level asks for.

    Attributes:
        what: the counter's or the total's label.
        kind, currency: what `needed` is in; the currency's index where it is units of one, else -1.
        needed: the least that the level asks for, in the counter's smallest units.
        days: the ends of calendar years and the last reported day, in order.
    """

    level: Level
    what: str
    kind: Kind
    currency: int
    needed: Fraction
    days: tuple[ShortOf, ...]


@attrs.frozen(eq=False)
class LadderForecast:
    """One ladder.

    Attributes:
        held: by level, then month: members who hold it at the month's end, those who left among them.
        moves: by level before, level after, then month: how many went from the one to the other.
        yearly: by level before, then level after: moves in a year for each member who holds the level
            before; `None` where nobody held it.
    """

    ladder: Ladder
    held: tuple[tuple[int, ...], ...]
    moves: tuple[tuple[tuple[int, ...], ...], ...]
    yearly: tuple[tuple[Fraction | None, ...], ...]
    near_misses: tuple[NearMissForecast, ...]

    def moved(self, before: int, after: int) -> int:
        """How many went from one level to another in the reported months."""
        return sum(self.moves[before][after])


def ladders_of(t: "Trajectories", enrolled: Sequence[int]) -> tuple[LadderForecast, ...]:
    """The ladders of a program.

    Args:
        enrolled: by month, members of the business at its end.
    """
    return tuple(_ladder(t, ladder, enrolled) for ladder in t.program.ladders)


def _ladder(t: "Trajectories", ladder: Ladder, enrolled: Sequence[int]) -> LadderForecast:
    exact = [[int(count) for count in row] for row in t.levels[ladder.index]]
    moves = t.level_moves[ladder.index]
    levels = range(len(ladder.levels))
    by_month = [shared_out(enrolled[m], [row[m] for row in exact]) for m in range(t.months)]
    return LadderForecast(
        ladder=ladder,
        held=tuple(tuple(month[level] for month in by_month) for level in levels),
        moves=tuple(
            tuple(free_flows((int(count) for count in moves[before, after]), t.weight) for after in levels)
            for before in levels
        ),
        yearly=tuple(
            tuple(_yearly(exact[before], int(moves[before, after].sum())) for after in levels)
            for before in levels
        ),
        near_misses=tuple(
            _near_miss(t, ladder, miss) for miss in t.near_misses if miss.ladder == ladder.index
        ),
    )


def _yearly(held: Sequence[int], moved: int) -> Fraction | None:
    """Moves over member-years at the level, with the mean of a month's two ends as who held it then."""
    member_months = sum(held) - Fraction(held[-1], 2)  # nobody is there before the first month
    return moved / (member_months / MONTHS_IN_YEAR) if member_months else None


def _near_miss(t: "Trajectories", ladder: Ladder, miss: "NearMiss") -> NearMissForecast:
    from loyalty_dsl.simulation.near_misses import counters_of  # compiled code: a report must not wait for it

    named = counters_of(t.program, miss)
    known = t.program.counters[miss.terms[0][1]] if named is None else named
    days = tuple(
        ShortOf(int(day), *(scaled(int(count), t.weight) for count in counts))
        for day, *counts in zip(miss.days, miss.below, miss.near, miss.met, strict=True)
    )
    return NearMissForecast(
        level=ladder.levels[miss.level],
        what=known.label,
        kind=known.kind,
        currency=known.currency,
        needed=Fraction(miss.needed, named.scale if isinstance(named, NamedTotal) else 1),
        days=days,
    )
