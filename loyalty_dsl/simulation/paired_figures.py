"""What is measured of each member who is lived under two versions of a program.

Invariant: every figure is an exact integer, in units that both versions share where they are added up.
"""

from fractions import Fraction
from math import lcm
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.costs import cost_of, cost_scale
from loyalty_dsl.evaluation.plan import (
    EXPIRED,
    ISSUED,
    REDEEMED,
    REDEEMED_AFTER,
    REVERSED,
    REWARD_GIVEN,
    REWARD_MONEY_OFF,
    REWARD_USES,
)
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Thing
from loyalty_dsl.simulation.each_member import EachMember
from loyalty_dsl.simulation.products import cross_sums, weighted

Ints = NDArray[np.int64]
Numbers = NDArray[Any]

ROSE, FELL, SAME, RISE, FALL, VALUE_OLD, VALUE_NEW, SQUARES = range(8)
"""Last index of an outcome: members whose value rose, fell, stayed; the sums of what it rose and fell
by; of the values; and of the squares of differences."""


EDGES = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))
"""Upper ends of the bins of what a member gains or loses, in minor units; what is more has one bin."""


@attrs.frozen(eq=False)
class ArmFigures:
    """Figures of the members of a shard in one arm; n members, M months.

    Attributes:
        segments: [n].
        issued, redeemed, outstanding, redeemed_after: [n, C, M], the first two of all so far.
        cost: [n, M] of all so far; value: [n] at the end of the months.
        levels: [n, V, M] of each ladder.
    """

    segments: Ints
    issued: Ints
    redeemed: Ints
    outstanding: Ints
    redeemed_after: Ints
    cost: Numbers
    value: Numbers
    levels: tuple[Ints, ...]


class Measure:
    """What is measured of each member under both versions, in which units.

    Attributes:
        cost_scale, value_scale: the common denominators of costs and of values, in parts of a minor unit.
    """

    def __init__(self, old: Program, new: Program, friends: bool, segments: int) -> None:
        self.programs = (old, new)
        self.friends = friends
        self.segments = segments
        self.cost_scale = lcm(*(cost_scale(program.rewards) for program in self.programs))
        worths = [worth for program in self.programs for worth in _worths(program)]
        self.value_scale = lcm(*(worth.denominator for worth in worths))

    def products_of(self, old: ArmFigures, new: ArmFigures) -> dict[Any, Numbers]:
        """The sums over members of all products, by what they are of."""
        before, after = ([one.name for one in program.currencies] for program in self.programs)
        months = old.issued.shape[2]
        found: dict[Any, Numbers] = {}
        for name in dict.fromkeys((*before, *after)):
            for what in ("issued", "redeemed", "outstanding"):
                columns = [
                    _of_currency(figures, what, names, name)
                    for figures, names in ((old, before), (new, after))
                ]
                found[what, name] = cross_sums(columns, months)
        found["redeemed_after", ""] = cross_sums(
            [figures.redeemed_after[:, c] for figures in (old, new) for c in range(figures.issued.shape[1])],
            months,
        )
        found["cost", ""] = cross_sums([old.cost, new.cost], months)
        for key, columns in self._level_columns(old, new).items():
            found["level", key] = cross_sums(columns, months)
        for name, outcome in self._outcomes(old, new).items():
            found["outcome", name] = outcome
        found["spread", ""] = self._spread(new.value - old.value)
        return found

    def _spread(self, delta: Numbers) -> Ints:
        """[2, bins + 1] members by how much they lose (row 0) or gain (row 1), first of all nothing."""
        sizes = np.abs(delta).astype(np.float64) / self.value_scale
        places = np.where(delta == 0, 0, np.searchsorted(np.array(EDGES, np.float64), sizes) + 1)
        spread = np.zeros((2, len(EDGES) + 2), np.int64)
        for row, side in enumerate((delta < 0, delta >= 0)):
            np.add.at(spread[row], places[side], 1)
        return spread

    def rows_of(self, old: ArmFigures, new: ArmFigures) -> dict[str, Numbers]:
        """Each member: its segment, its values, and its level at the end on each ladder of each version."""
        rows: dict[str, Numbers] = {"segment": old.segments, "old": old.value, "new": new.value}
        for arm, figures in enumerate((old, new)):
            for ladder in self.programs[arm].ladders if not self.friends else ():
                rows[f"{('old', 'new')[arm]} {ladder.name}"] = _final(figures, ladder.index)
        return rows

    def _level_columns(self, old: ArmFigures, new: ArmFigures) -> dict[tuple[str, str], list[Ints]]:
        months = old.issued.shape[2]
        none = np.zeros((len(old.segments), months), np.int64)
        found: dict[tuple[str, str], list[Ints]] = {}
        for arm, figures in enumerate((old, new)):
            for ladder, held in zip(self.programs[arm].ladders, figures.levels, strict=True):
                for level in ladder.levels:
                    columns = found.setdefault((ladder.name, level.name), [none, none])
                    columns[arm] = held[:, level.index]
        return found

    def _outcomes(self, old: ArmFigures, new: ArmFigures) -> dict[str, NDArray[np.object_]]:
        delta = new.value - old.value
        figures = (delta > 0, delta < 0, delta == 0, np.maximum(delta, 0), np.minimum(delta, 0), old.value,
                   new.value, None)  # fmt: skip
        shared = self._shared_ladders()
        found = {}
        for name, (first, second) in (shared or {"": (-1, -1)}).items():
            was = _final(old, first)
            now = _final(new, second)
            sizes = (self.segments, *self._sizes(first, second))
            cell = (old.segments * sizes[1] + was) * sizes[2] + now
            table = np.zeros((int(np.prod(sizes)), 8), object)
            for which in np.unique(cell).tolist():
                inside = cell == which
                for column, values in enumerate(figures):
                    if values is not None:
                        table[which, column] = int(values[inside].sum())
                table[which, SQUARES] = int(cross_sums([delta[inside][:, None]], 1)[0, 0, 0])
            found[name] = table.reshape(*sizes, 8)
        return found

    def _sizes(self, first: int, second: int) -> tuple[int, int]:
        if first < 0:
            return 1, 1
        old, new = self.programs
        return len(old.ladders[first].levels), len(new.ladders[second].levels)

    def _shared_ladders(self) -> dict[str, tuple[int, int]]:
        """The ladders that both versions have; none where a member's own level is not known."""
        if self.friends:
            return {}
        old, new = self.programs
        of_new = {ladder.name: ladder.index for ladder in new.ladders}
        return {
            ladder.name: (ladder.index, of_new[ladder.name])
            for ladder in old.ladders
            if ladder.name in of_new
        }


def arm_figures(each: EachMember, measure: Measure, arm: int) -> ArmFigures:
    """The figures of what was noted of the members of a shard.

    Args:
        arm: 0 for the old version, 1 for the new one.
    """
    program = measure.programs[arm]
    flows = each.flows
    issued, redeemed, expired, taken_back, after = (
        np.cumsum(flows[..., column], axis=2)
        for column in (ISSUED, REDEEMED, EXPIRED, REVERSED, REDEEMED_AFTER)
    )
    outstanding = issued - redeemed - expired - taken_back
    rewards = np.cumsum(np.diff(each.rewards, axis=0, prepend=0), axis=2)
    held = np.cumsum(np.diff(each.levels, axis=0, prepend=0), axis=1).transpose(0, 2, 1)
    levels, first = [], 0
    for ladder in program.ladders:
        levels.append(held[:, first : first + len(ladder.levels)])
        first += len(ladder.levels)
    shape = (len(issued), issued.shape[2])
    return ArmFigures(
        segments=each.segments,
        issued=issued,
        redeemed=redeemed,
        outstanding=outstanding,
        redeemed_after=after,
        cost=_cost(program, rewards, measure.cost_scale, shape),
        value=_value(program, rewards, outstanding, measure.value_scale),
        levels=tuple(levels),
    )


def _cost(program: Program, rewards: Ints, scale: int, shape: tuple[int, int]) -> Numbers:
    terms = []
    for reward in program.rewards:
        for column, unit in (
            (REWARD_USES, (1, 0, 0)), (REWARD_MONEY_OFF, (0, 1, 0)), (REWARD_GIVEN, (0, 0, 1)),
        ):  # fmt: skip
            each = (cost_of(reward, *unit) or Fraction(0)) * scale
            terms.append((rewards[:, reward.index, :, column], int(each)))
    return weighted(terms, shape)


def _value(program: Program, rewards: Ints, outstanding: Ints, scale: int) -> Numbers:
    """What a member has received: money off, things at their worth, and what is held, at its worth."""
    last = outstanding.shape[2] - 1
    terms = []
    for reward in program.rewards:
        terms.append((rewards[:, reward.index, last, REWARD_MONEY_OFF], scale))
        terms.append((rewards[:, reward.index, last, REWARD_USES], int(worth_of_thing(reward) * scale)))
    for currency, worth in zip(program.currencies, worths_of_units(program), strict=True):
        terms.append((outstanding[:, currency.index, last], int(worth * scale)))
    return weighted(terms, (len(outstanding),))


def worth_of_thing(reward: Reward) -> Fraction:
    """What a use is worth to a member beyond money off and units of a currency, which have their own worth;
    in minor units, 0 where nobody says."""
    if reward.worth is None or not all(isinstance(case.face, Thing) for case in reward.cases):
        return Fraction(0)
    return reward.worth.value


def worths_of_units(program: Program) -> list[Fraction]:
    """What a smallest unit of each currency is worth to a member, in minor units: as declared; of money its
    face; otherwise 0."""
    return [
        one.worth.value if one.worth is not None else Fraction(1 if one.in_money else 0)
        for one in program.currencies
    ]


def _worths(program: Program) -> list[Fraction]:
    return [*worths_of_units(program), *(worth_of_thing(reward) for reward in program.rewards)]


def _of_currency(figures: ArmFigures, what: str, names: list[str], name: str) -> Ints:
    units: Ints = getattr(figures, what)
    if name in names:
        return units[:, names.index(name)]
    return np.zeros((units.shape[0], units.shape[2]), np.int64)


def _final(figures: ArmFigures, ladder: int) -> Ints:
    if ladder < 0:
        return np.zeros(len(figures.segments), np.int64)
    final: Ints = np.argmax(figures.levels[ladder][:, :, -1], axis=1)
    return final
