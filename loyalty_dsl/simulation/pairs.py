"""The same members under two versions of a program, each version's lives beside the other's.

Invariants: a first member has the same luck in both arms, since every draw is of the seed, the member and the
name of what is drawn; both arms of it are lived within one shard, and sums of products over members are kept
of each pair of figures, so that the noise of a difference is that of the paired differences. All sums are
exact integers: neither shards nor threads change a bit.

A member here is a first member together with all whom it led to, as in every noise.
"""

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.everyone import limits_for_everyone
from loyalty_dsl.evaluation.plan import NO_ROOM, Sink
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.language.transplant import Arm
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.each_member import EachMember, new_each_member
from loyalty_dsl.simulation.loop import live_members
from loyalty_dsl.simulation.paired_figures import Measure, arm_figures
from loyalty_dsl.simulation.pilot import joining_of, with_reward_rates
from loyalty_dsl.simulation.planning import Simulation, new_diary, plan_simulation
from loyalty_dsl.simulation.products import Products
from loyalty_dsl.simulation.run import (
    FIRST_CAPACITY,
    SHARD,
    Progress,
    Room,
    add_sums,
    live_until_settled,
    more_room,
    new_room,
    new_sums,
    sums_of,
)
from loyalty_dsl.simulation.tally import Tally
from loyalty_dsl.simulation.totals import total_up
from loyalty_dsl.simulation.trajectories import Trajectories

Numbers = NDArray[Any]

NOTED_BYTES = 2**25
"""About as much is noted of the members of a shard, in each arm."""


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
        spread: [2, bins + 1] members by how much they lose or gain, in bins of `EDGES`; see `Measure`.
        rows: by name of a column, the figures of each member in order, where they were asked for.
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
    spread: NDArray[np.int64]
    rows: dict[str, Numbers] | None


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
    each_member: bool = False,
    progress: Progress | None = None,
) -> Pairs:
    """Simulates a population under two versions of a program.

    Args:
        old, new: with the same population, bound to each.
        shard: members of a shard; as many as `NOTED_BYTES` hold when `None`.
        each_member: whether to keep a row for each of them.
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
    old, new = arms = with_reward_rates(old, new, seed=seed, first_day=first_day)
    joining = joining_of(*arms)
    plans = tuple(
        plan_simulation(
            arm.program,
            arm.population,
            sample=sample,
            months=months,
            seed=seed,
            first_day=first_day,
            tail=None,
            joining=joining,
        )
        for arm in arms
    )
    for arm, plan in zip(arms, plans, strict=True):
        if limits_for_everyone(arm.program):  # which days they close on takes all members (LIMIT-9)
            live_until_settled(arm.program, plan, threads)
    members = plans[0].members
    size = shard or min(SHARD, max(1, NOTED_BYTES // max(_bytes_of_member(plan) for plan in plans)))
    ranges = [(first, min(first + size, members)) for first in range(0, members, size)]
    sums = tuple(new_sums(plan) for plan in plans)
    room = [[Room(FIRST_CAPACITY, 0)], [Room(FIRST_CAPACITY, 0)]]
    products: dict[Any, Numbers] = {}
    rows: dict[int, dict[str, Numbers]] = {}
    measure = Measure(old.program, new.program, _friends(plans), len(old.population.segments))

    def live(first: int, end: int) -> tuple[list[tuple[Tally, Sink]], dict[Any, Numbers]]:
        lived = [live_arm(plan, room[i], first, end) for i, plan in enumerate(plans)]
        figures = [arm_figures(each, measure, i) for i, (_, _, each) in enumerate(lived)]
        if each_member:
            rows[first] = measure.rows_of(*figures)
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
    totals = [total_up(arm.program, plan, *each) for arm, plan, each in zip(arms, plans, sums, strict=True)]
    named: dict[str, dict[Any, Numbers]] = {}
    for (what, key), value in products.items():
        before = 0 if what in ("outcome", "spread") else plans[0].before
        named.setdefault(what, {})[key] = value[before:]
    return Pairs(
        old=totals[0],
        new=totals[1],
        issued=named.get("issued", {}),
        redeemed=named.get("redeemed", {}),
        outstanding=named.get("outstanding", {}),
        redeemed_after=named["redeemed_after"][""],
        cost=named["cost"][""],
        cost_scale=measure.cost_scale,
        levels=named.get("level", {}),
        outcomes=named["outcome"],
        value_scale=measure.value_scale,
        spread=named["spread"][""],
        rows=_joined(rows) if each_member else None,
    )


def _joined(rows: dict[int, dict[str, Numbers]]) -> dict[str, Numbers]:
    """The rows of all shards, in the order of members."""
    parts = [rows[first] for first in sorted(rows)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _friends(plans: tuple[Simulation, ...]) -> bool:
    return any(plan.behaviour.refers for plan in plans)


def _bytes_of_member(simulation: Simulation) -> int:
    plan, months = simulation.plan, simulation.schedule.months
    figures = 7 * len(plan.currencies) + 3 * len(plan.rewards) + len(plan.of_state.levels)
    return 8 * months * figures


def live_arm(
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
            verify_strategies(plan, state)
            return tally, sink, each
        room = more_room(room)
        capacity[0] = max(capacity[0], room)
