"""The same members under two versions of a program, each version's lives beside the other's.

Invariants: a first member has the same luck in both arms, since every draw is of the seed, the member and the
name of what is drawn; both arms of it are lived within one shard, and sums of products over members are kept
of each pair of figures, so that the noise of a difference is that of the paired differences. All sums are
exact integers: neither shards nor threads change a bit.

A member here is a first member together with all whom it led to, as in every noise.
"""

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
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
    NO_ROOM,
    REDEEMED,
    REDEEMED_AFTER,
    REVERSED,
    REWARD_GIVEN,
    REWARD_MONEY_OFF,
    REWARD_USES,
    Sink,
)
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Thing
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.each_member import EachMember, new_each_member
from loyalty_dsl.simulation.loop import live_members
from loyalty_dsl.simulation.planning import Simulation, new_diary, plan_simulation
from loyalty_dsl.simulation.products import Products, cross_sums, weighted
from loyalty_dsl.simulation.run import (
    FIRST_CAPACITY,
    SHARD,
    Progress,
    Room,
    add_sums,
    more_room,
    new_room,
    new_sums,
    sums_of,
)
from loyalty_dsl.simulation.tally import Tally
from loyalty_dsl.simulation.totals import total_up
from loyalty_dsl.simulation.trajectories import Trajectories

Ints = NDArray[np.int64]
Numbers = NDArray[Any]

NOTED_BYTES = 2**25
"""About as much is noted of the members of a shard, in each arm."""

ROSE, FELL, SAME, RISE, FALL, VALUE_OLD, VALUE_NEW, SQUARES = range(8)
"""Last index of `Pairs.outcomes`: members whose value rose, fell, stayed; the sums of what it rose and fell
by; of the values; and of the squares of differences."""


@attrs.frozen(eq=False)
class Arm:
    """A version of the program, with the population bound to it."""

    program: Program
    population: Population


@attrs.frozen(eq=False)
class Pairs:
    """Two simulations of the same members.

    Attributes:
        old, new: the totals of each, as if it had been simulated alone.
        issued, redeemed: by name of currency, [M, 2, 2] of (old, new), of all units so far; outstanding: of
            those held at the end of the month; in smallest units of each version's own.
        redeemed_after: [M, 2C, 2C] of what is redeemed after the month of what was issued up to it, the
            currencies of old and then those of new; of which every liability is a weighted sum.
        cost: [M, 2, 2] of what rewards have cost so far, in minor units times `cost_scale`.
        levels: by (ladder, level), [M, 2, 2] of members who hold the level.
        outcomes: by ladder of old that new has too, [segments, levels of old, levels of new, 8] of
            first members by their levels at the end; one of a single level under the name `""` where there is
            no such ladder, or where members bring friends. Values are in minor units times `value_scale`.
    """

    old: Trajectories
    new: Trajectories
    issued: dict[str, Products]
    redeemed: dict[str, Products]
    outstanding: dict[str, Products]
    redeemed_after: Products
    cost: Products
    cost_scale: int
    levels: dict[tuple[str, str], Products]
    outcomes: dict[str, NDArray[np.object_]]
    value_scale: int


def simulate_pairs(
    old: Arm,
    new: Arm,
    *,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: int | None = None,
    threads: int | None = None,
    shard: int | None = None,
    progress: Progress | None = None,
) -> Pairs:
    """Simulates a population under two versions of a program.

    Args:
        old, new: with the same population, bound to each.
        shard: members of a shard; as many as `NOTED_BYTES` hold when `None`.
        sample, months, seed, threads, progress: as of `simulate_population`; progress counts members.
        first_day: overrides the population's; by default the first on which both programs run.

    Raises:
        InputRefused: as `simulate_population`; or the versions are in different money.
    """
    if old.program.money != new.program.money:
        raise InputRefused(
            f"the versions are in {old.program.money} and {new.program.money}, which cannot be compared"
        )
    if first_day is None and new.population.first_day is None:
        first_day = max(old.program.starts, new.program.starts)
    arms = (old, new)
    plans = tuple(
        plan_simulation(
            arm.program,
            arm.population,
            sample=sample,
            months=months,
            seed=seed,
            first_day=first_day,
            tail=None,
        )
        for arm in arms
    )
    members = plans[0].members
    size = shard or min(SHARD, max(1, NOTED_BYTES // max(_bytes_of_member(plan) for plan in plans)))
    ranges = [(first, min(first + size, members)) for first in range(0, members, size)]
    sums = tuple(new_sums(plan) for plan in plans)
    room = [[Room(FIRST_CAPACITY, 0)], [Room(FIRST_CAPACITY, 0)]]
    products: dict[Any, Numbers] = {}
    measure = Measure(old.program, new.program, _friends(plans), len(old.population.segments))

    def live(first: int, end: int) -> tuple[list[tuple[Tally, Sink]], dict[Any, Numbers]]:
        lived = [_live_arm(plan, room[i], first, end) for i, plan in enumerate(plans)]
        figures = [arm_figures(each, measure, i) for i, (_, _, each) in enumerate(lived)]
        return [(tally, sink) for tally, sink, _ in lived], measure.products_of(*figures)

    done = 0
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        pending = {pool.submit(live, *bounds): bounds for bounds in ranges}
        try:
            for future in as_completed(list(pending)):
                first, end = pending.pop(future)
                parts, found = future.result()
                for (tally, sink), (part, part_sink) in zip(sums, parts, strict=True):
                    add_sums((*tally, *sums_of(sink)), (*part, *sums_of(part_sink)))
                for key, value in found.items():
                    products[key] = products[key] + value if key in products else value
                done += end - first
                if progress is not None:
                    progress(done, members)
        except BaseException:  # an interrupt, too, must not wait for the shards that have not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    totals = [
        total_up(arm.program, arm.population, plan, *each)
        for arm, plan, each in zip(arms, plans, sums, strict=True)
    ]
    named: dict[str, dict[Any, Numbers]] = {}
    for (what, key), value in products.items():
        named.setdefault(what, {})[key] = value
    return Pairs(
        old=totals[0],
        new=totals[1],
        issued=named["issued"],
        redeemed=named["redeemed"],
        outstanding=named["outstanding"],
        redeemed_after=named["redeemed_after"][""],
        cost=named["cost"][""],
        cost_scale=measure.cost_scale,
        levels=named.get("level", {}),
        outcomes=named["outcome"],
        value_scale=measure.value_scale,
    )


def _friends(plans: tuple[Simulation, ...]) -> bool:
    return any(plan.behaviour.refers for plan in plans)


def _bytes_of_member(simulation: Simulation) -> int:
    plan, months = simulation.plan, simulation.schedule.months
    figures = 7 * len(plan.currencies) + 3 * len(plan.rewards) + len(plan.of_state.levels)
    return 8 * months * figures


def _live_arm(
    simulation: Simulation, capacity: list[Room], first: int, end: int
) -> tuple[Tally, Sink, EachMember]:
    """Lives one arm of members `first` to `end`; starts over with more room when there is too little."""
    plan, behaviour, schedule = simulation.plan, simulation.behaviour, simulation.schedule
    diary = new_diary(simulation)
    room = capacity[0]
    while True:
        tally, sink = new_sums(simulation)
        state, lives = new_room(simulation, room, sink)
        each = new_each_member(
            end - first,
            schedule.months,
            len(plan.currencies),
            len(plan.rewards),
            len(plan.of_state.levels),
        )
        lives = lives._replace(each=each)
        code = live_members(
            plan, behaviour, schedule, simulation.misses, state, sink, tally, diary, lives, first, end
        )
        if code != NO_ROOM:
            return tally, sink, each
        room = more_room(room)
        capacity[0] = max(capacity[0], room)


# ---- figures of members


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
        found: dict[Any, Numbers] = {}
        for name in dict.fromkeys((*before, *after)):
            for what in ("issued", "redeemed", "outstanding"):
                columns = [
                    _of_currency(figures, what, names, name)
                    for figures, names in ((old, before), (new, after))
                ]
                found[what, name] = cross_sums(columns)
        found["redeemed_after", ""] = cross_sums(
            [figures.redeemed_after[:, c] for figures in (old, new) for c in range(figures.issued.shape[1])]
        )
        found["cost", ""] = cross_sums([old.cost, new.cost])
        for key, columns in self._level_columns(old, new).items():
            found["level", key] = cross_sums(columns)
        for name, outcome in self._outcomes(old, new).items():
            found["outcome", name] = outcome
        return found

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
                table[which, SQUARES] = int(cross_sums([delta[inside][:, None]])[0, 0, 0])
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
