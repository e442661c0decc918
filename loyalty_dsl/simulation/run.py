"""A population under a program: who lives when, shards of members over threads, and their sums.

Invariant: the answer is a function of (program, population, sample, months, tail, seed, first day) alone.
Shards are ranges of member ids and their sums are integers, so neither the number of shards nor that of
threads can change a bit of it.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calendar import Duration, add_duration
from loyalty_dsl.evaluation.costs import cost_of, cost_scale
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.plan import (
    BY_EXPIRY,
    BY_REDEMPTION,
    NO_ROOM,
    REWARD_MONEY_OFF,
    REWARD_USES,
    RULE_POSTED,
    RULE_TIMES,
    Plan,
    Sink,
    new_sink,
    new_state,
)
from loyalty_dsl.evaluation.sums import verify_sums_fit
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.behaviour import Behaviour, Ints, lower_population
from loyalty_dsl.simulation.days import first_day_of, month_starts_of
from loyalty_dsl.simulation.loop import DRAWN_FIELDS, Diary, Schedule, live_members
from loyalty_dsl.simulation.tally import (
    BASKETS,
    BUYERS,
    ISSUED_BY_REDEEMED,
    ISSUED_SQUARED,
    JOINERS,
    LEAVERS,
    MONEY_OFF,
    PURCHASES,
    REDEEMED_SQUARED,
    UNITS_EXPIRED,
    UNITS_ISSUED,
    UNITS_PENDED,
    UNITS_REDEEMED,
    Tally,
    join_limbs,
    new_tally,
)
from loyalty_dsl.simulation.trajectories import Trajectories

DEFAULT_SAMPLE = 100_000
"""Members simulated when nobody says how many, unless the business has fewer."""

MOST_SAMPLE = 100_000_000
"""The most members that are simulated: hours, on any machine."""

SHARD = 4096
"""Members of a shard when nobody says how many shards."""

FIRST_CAPACITY = 256
"""Lots that a member's wallet has room for at first; doubled where it is too little."""

Progress = Callable[[int, int], None]


class Simulation(NamedTuple):
    """All that the lives of a population's members are a function of."""

    plan: Plan
    behaviour: Behaviour
    schedule: Schedule
    month_starts: Ints
    members: int
    weight: Fraction
    widest_kind: int
    item_fields: int


def simulate_population(
    program: Program,
    population: Population,
    *,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    threads: int | None = None,
    shards: int | None = None,
    first_day: int | None = None,
    tail: int | None = None,
    progress: Progress | None = None,
) -> Trajectories:
    """Simulates a population under a program.

    Args:
        program: what its purchases earn and redeem.
        population: bound to that program.
        sample: members simulated, of all who join in the months; `DEFAULT_SAMPLE`, or all if they are fewer.
        months: calendar months reported; the first one begins on the first day.
        seed: of every draw; from 0 to 2^63 - 1.
        threads: as many as there are processors when `None`.
        shards: ranges that the members are split into; of `SHARD` members each when `None`.
        first_day: overrides the population's; `None` for both takes the program's first day.
        tail: so many months more, to see what becomes of the lots issued in the months reported;
            as many as their longest life takes when `None` (`days.tail_of`).
        progress: called after each shard with the members done and all members, in the calling thread.

    Returns:
        The totals, identical for any `threads` and `shards`.

    Raises:
        InputRefused: the first day is before the program's or too far ahead, nobody joins, or a number is
            out of its range.
    """
    simulation = plan_simulation(
        program, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=tail
    )
    ranges = list(_ranges(simulation.members, shards))
    tally = new_tally(len(program.currencies), len(population.segments), months)
    sink = new_sink(simulation.plan)
    capacity = [FIRST_CAPACITY]
    done = 0
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        pending = {pool.submit(_live_shard, simulation, capacity, *bounds): bounds for bounds in ranges}
        try:
            for future in as_completed(list(pending)):
                first, end = pending.pop(future)
                shard_tally, shard_sink = future.result()
                _add((*tally, *_figures(sink)), (*shard_tally, *_figures(shard_sink)))
                done += end - first
                if progress is not None:
                    progress(done, simulation.members)
        except BaseException:  # an interrupt, too, must not wait for the shards that have not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return _trajectories(program, population, simulation, tally, sink)


def plan_simulation(
    program: Program,
    population: Population,
    *,
    sample: int | None,
    months: int,
    seed: int,
    first_day: int | None,
    tail: int | None,
) -> Simulation:
    """Works out who lives when, and lowers program and population. See `simulate_population`."""
    first = first_day_of(program, population, first_day)
    if not 0 <= seed < 2**63:
        raise InputRefused(f"{seed} is no seed", help="a seed is from 0 to 2^63 - 1")
    if sample is not None and not 1 <= sample <= MOST_SAMPLE:
        raise InputRefused(f"{sample:,} members cannot be simulated", help=f"ask for 1 to {MOST_SAMPLE:,}")
    month_starts = np.array(month_starts_of(program, first, months, tail), np.int64)
    horizon = int(month_starts[months]) - first
    sizes, starts = _cohorts(population, first, horizon)
    total = sum(sizes)
    if total == 0:
        raise InputRefused(f"population `{population.name}` has no members in these months")
    members = min(total, DEFAULT_SAMPLE) if sample is None else sample
    ends = _cumulative_rounding(sizes, members)
    cohorts = np.array(
        [(end - size, *start) for (end, size), start in zip(ends, starts, strict=True)], np.int64
    )
    end = int(month_starts[-1]) - first
    return Simulation(
        plan=lower_program(program, first, first + end - 1),
        behaviour=lower_population(program, population),
        schedule=Schedule(seed=seed, cohorts=cohorts, months=months, horizon=horizon, end=end),
        month_starts=month_starts,
        members=members,
        weight=Fraction(total, members),
        widest_kind=max(len(event.fields) for event in program.events),
        item_fields=len(program.item_fields),
    )


def _cohorts(population: Population, first: int, horizon: int) -> tuple[list[int], list[tuple[int, int]]]:
    """The members of the business by cohort, and the (start, days) over which each cohort joins.

    Cohort 0 is the first members. A unit of joiners that the months cut short counts in proportion.
    """
    sizes, starts = [population.members], [(0, 0)]
    unit = 0
    while population.joins > 0:
        start = add_duration(first, Duration(unit, population.join_unit)) - first
        if start >= horizon:
            break
        unit += 1
        length = add_duration(first, Duration(unit, population.join_unit)) - first - start
        days = min(length, horizon - start)
        sizes.append(population.joins * days // length)
        starts.append((start, days))
    return sizes, starts


def _cumulative_rounding(sizes: list[int], members: int) -> list[tuple[int, int]]:
    """Shares `members` out in proportion to `sizes`: (end, size) of each, the ends rounded half up."""
    total = sum(sizes)
    shared = []
    before = cumulative = 0
    for size in sizes:
        cumulative += size
        end = (2 * cumulative * members + total) // (2 * total)
        shared.append((end, end - before))
        before = end
    return shared


def _ranges(members: int, shards: int | None) -> Iterator[tuple[int, int]]:
    count = shards or -(-members // SHARD)
    for shard in range(count):
        first, end = members * shard // count, members * (shard + 1) // count
        if first < end:
            yield first, end


def new_diary(simulation: Simulation, rows: int = 0) -> Diary:
    """Buffers for one thread; with `rows`, room to write that many events down."""
    width = simulation.widest_kind
    items = 1 if simulation.item_fields else 0
    return Diary(
        fields=np.zeros(width, np.int64),
        prices=np.zeros(items, np.int64),
        item_fields=np.zeros((items, simulation.item_fields), np.int64),
        rows=np.zeros((rows, DRAWN_FIELDS + width + simulation.item_fields), np.int64),
        written=np.zeros(1, np.int64),
    )


def _live_shard(simulation: Simulation, capacity: list[int], first: int, end: int) -> tuple[Tally, Sink]:
    """Lives the lives of members `first` to `end`; starts over with more room when a wallet is full.

    Args:
        capacity: [1] what wallets have room for, raised for the shards that begin later too. It is only a
            saving of time: with any capacity a shard that ends has the same sums.
    """
    plan, behaviour, schedule = simulation.plan, simulation.behaviour, simulation.schedule
    diary = new_diary(simulation)
    room = capacity[0]
    while True:
        state, sink = new_state(plan, capacity=room), new_sink(plan)
        tally = new_tally(len(plan.currencies), len(behaviour.segments), schedule.months)
        if live_members(plan, behaviour, schedule, state, sink, tally, diary, first, end) != NO_ROOM:
            return tally, sink
        room *= 2
        capacity[0] = max(capacity[0], room)


def _figures(sink: Sink) -> tuple[Ints, Ints, Ints]:
    """The sums of a sink that outlive a member."""
    return sink.ages, sink.rules, sink.rewards


def _add(totals: Iterable[Ints], parts: Iterable[Ints]) -> None:
    for total, part in zip(totals, parts, strict=True):
        np.add(total, part, out=total)


def _reward_costs(program: Program, used: Ints) -> NDArray[np.object_]:
    """The exact cost of what was used, in Python integers: minor units times the common denominator.

    Args:
        used: [R, M, 2] uses and money off, of `Sink.rewards`.
    """
    scale = cost_scale(program.rewards)
    costs = np.zeros(used.shape[:2], object)
    for reward in program.rewards:
        for month, (uses, off) in enumerate(used[reward.index].tolist()):
            costs[reward.index, month] = int((cost_of(reward, uses, off) or 0) * scale)
    return costs


def _trajectories(
    program: Program, population: Population, simulation: Simulation, tally: Tally, sink: Sink
) -> Trajectories:
    verify_sums_fit(
        program,
        sink.rules[..., RULE_TIMES].sum(axis=1).tolist(),
        sink.rewards[..., REWARD_USES].sum(axis=1).tolist(),
    )
    months = simulation.schedule.months
    people, units = tally.people, tally.units
    issued, redeemed, expired = (
        units[..., column].copy() for column in (UNITS_ISSUED, UNITS_REDEEMED, UNITS_EXPIRED)
    )
    currencies = range(len(program.currencies))
    return Trajectories(
        program=program,
        population=population,
        seed=simulation.schedule.seed,
        sample=simulation.members,
        weight=simulation.weight,
        months=months,
        month_starts=simulation.month_starts,
        joined=people[..., JOINERS].copy(),
        left=people[..., LEAVERS].copy(),
        active=people[..., BUYERS].copy(),
        purchases=people[..., PURCHASES].copy(),
        basket=people[..., BASKETS].copy(),
        off=people[..., MONEY_OFF].copy(),
        issued=issued,
        redeemed=redeemed,
        expired=expired,
        reversed=np.zeros_like(issued),
        pending=np.cumsum(units[..., UNITS_PENDED], axis=2),
        outstanding=np.cumsum(issued - redeemed - expired, axis=2),
        rule_units=sink.rules[:, :months, RULE_POSTED].copy(),
        rule_times=sink.rules[:, :months, RULE_TIMES].copy(),
        reward_uses=sink.rewards[:, :months, REWARD_USES].copy(),
        reward_off=sink.rewards[:, :months, REWARD_MONEY_OFF].copy(),
        reward_cost=_reward_costs(program, sink.rewards[:, :months]),
        cost_scale=cost_scale(program.rewards),
        redeemed_by_age=sink.ages[BY_REDEMPTION, :, :months].copy(),
        expired_by_age=sink.ages[BY_EXPIRY, :, :months].copy(),
        squares=tuple(
            tuple(
                tuple(join_limbs(tally.squares[currency, what, month]) for month in range(months))
                for what in range(4)
            )
            for currency in currencies
        ),
        ultimate=tuple(
            (
                join_limbs(tally.ultimate[currency, ISSUED_SQUARED]),
                join_limbs(tally.ultimate[currency, REDEEMED_SQUARED]),
                join_limbs(tally.ultimate[currency, ISSUED_BY_REDEEMED]),
            )
            for currency in currencies
        ),
        phi_squares=tuple(
            tuple(join_limbs(tally.phi[currency, month]) for month in range(months))
            for currency in currencies
        ),
    )
