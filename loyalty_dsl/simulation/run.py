"""A population under a program: who lives when, shards of members over threads, and their sums.

Invariant: the answer is a function of (program, population, sample, months, tail, seed, first day) alone.
Shards are ranges of member ids and their sums are integers, so neither the number of shards nor that of
threads can change a bit of it.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import NamedTuple

import numpy as np

from loyalty_dsl.evaluation.everyone import Closings, Together, until_settled
from loyalty_dsl.evaluation.plan import NO_ROOM, Plan, Sink, State, new_sink, new_state
from loyalty_dsl.evaluation.plan_state import roomier_member_state
from loyalty_dsl.evaluation.replay_compiled import close, rows_of_closed
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.behaviour import NO_BASKET, PROCESS_KIND, PROCESS_TABLE, Ints
from loyalty_dsl.simulation.lives import Lives, new_lives, slots_of
from loyalty_dsl.simulation.loop import live_members
from loyalty_dsl.simulation.planning import Simulation, new_diary, plan_simulation
from loyalty_dsl.simulation.tally import Tally, new_tally
from loyalty_dsl.simulation.targeted import Sides, Targeted, add_sides, new_targeted, sides_of
from loyalty_dsl.simulation.totals import total_up
from loyalty_dsl.simulation.trajectories import Trajectories

SHARD = 4096
"""Members of a shard when nobody says how many shards."""

FIRST_CAPACITY = 256
"""Lots that a member's wallet has room for at first; doubled where it is too little."""

FIRST_ENTRIES = 16
"""What waits in an agenda at first."""

Progress = Callable[[int, int], None]

Noting = tuple[Program, list[Sides]]


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
        InputRefused: the first day is before the program's or too far ahead, nobody joins, friends bring
            friends without bound, or a number is out of its range.
    """
    simulation = plan_simulation(
        program, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=tail
    )
    tally, sink, sides = live_until_settled(program, simulation, threads, shards, progress)
    return total_up(program, simulation, tally, sink, sides)


def live_until_settled(
    program: Program,
    simulation: Simulation,
    threads: int | None = None,
    shards: int | None = None,
    progress: Progress | None = None,
) -> tuple[Tally, Sink, Sides]:
    """Lives all lives, again and again while that closes limits for everyone on other days.

    Returns:
        The sums of the last time, whose closings stay in the plan, and those of both sides of its audiences.
    """
    ranges = list(_ranges(simulation.members, shards))

    def run(closings: Closings) -> tuple[Tally, Sink, Ints, Sides]:
        close(program, simulation.plan, closings)
        return _live_all(program, simulation, ranges, threads, progress)

    def counted(ran: tuple[Tally, Sink, Ints, Sides]) -> Together:
        return together_by_day(simulation.plan, ran[2])

    tally, sink, _, sides = until_settled(program, run, counted, simulation.weight, simulation.used_before)
    return tally, sink, sides


def _live_all(
    program: Program,
    simulation: Simulation,
    ranges: list[tuple[int, int]],
    threads: int | None,
    progress: Progress | None,
) -> tuple[Tally, Sink, Ints, Sides]:
    """Lives all lives; returns their sums, what was counted each day against limits for everyone, and the
    sums of both sides of audiences."""
    tally, sink = new_sums(simulation)
    together = np.zeros_like(simulation.plan.closed)
    capacity = [Room(FIRST_CAPACITY, 0)]
    done = 0
    found: list[Sides] = []
    sides: Sides = {}
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        pending = {
            pool.submit(live_shard, simulation, capacity, *bounds, (program, found)): bounds
            for bounds in ranges
        }
        try:
            for future in as_completed(list(pending)):
                first, end = pending.pop(future)
                shard_tally, shard_sink, counted = future.result()
                add_sums((*tally, *sums_of(sink)), (*shard_tally, *sums_of(shard_sink)))
                together += counted
                done += end - first
                if progress is not None:
                    progress(done, simulation.members)
        except BaseException:  # an interrupt, too, must not wait for the shards that have not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for part in found:
        add_sides(sides, part)
    return tally, sink, together, sides


def together_by_day(plan: Plan, counted: Ints) -> Together:
    """What all members together counted against limits for everyone, by index and day (LIMIT-9).

    Args:
        counted: sums of `State.together`.
    """
    return {
        (index, plan.first_day + int(day)): int(counted[row, day])
        for index, row in rows_of_closed(plan).items()
        for day in np.flatnonzero(counted[row])
    }


def _ranges(members: int, shards: int | None) -> Iterator[tuple[int, int]]:
    count = shards or -(-members // SHARD)
    for shard in range(count):
        first, end = members * shard // count, members * (shard + 1) // count
        if first < end:
            yield first, end


class Room(NamedTuple):
    """What there is room for in one life, raised where it is too little: lots in a wallet, and what waits
    in an agenda or can be returned, in units of `FIRST_ENTRIES`."""

    lots: int
    doublings: int


def more_room(room: Room) -> Room:
    """Twice the room; which of them was full nobody says."""
    return Room(room.lots * 2, room.doublings + 1)


def new_sums(simulation: Simulation) -> tuple[Tally, Sink]:
    """Sums of nothing yet."""
    plan = simulation.plan
    of_state = plan.of_state
    misses = (len(simulation.misses.rows), len(simulation.misses.days))
    return new_tally(
        len(plan.currencies),
        len(simulation.behaviour.segments),
        simulation.schedule.months,
        simulation.kinds,
        misses,
        (
            len(plan.rules) + len(plan.rewards) + len(of_state.levels) + len(of_state.audiences),
            len(plan.limits),
        ),
    ), new_sink(plan, slots=slots_of(simulation.behaviour))


def new_room(simulation: Simulation, room: Room, sink: Sink) -> tuple[State, Lives]:
    """Room for the lives of one thread."""
    behaviour = simulation.behaviour
    items = behaviour.most_items
    state = new_state(simulation.plan, slots_of(behaviour), room.lots, items, watches=True)
    of_member = state.of_member
    for _ in range(room.doublings):
        of_member = roomier_member_state(of_member)
    waits = simulation.plan.of_state.returns or behaviour.refers
    entries = FIRST_ENTRIES << room.doublings if waits else 1
    return state._replace(of_member=of_member), new_lives(
        behaviour, sink.flows, simulation.widest_kind, entries, len(simulation.plan.of_state.ladders)
    )


def live_shard(
    simulation: Simulation, capacity: list[Room], first: int, end: int, noting: Noting | None = None
) -> tuple[Tally, Sink, Ints]:
    """Lives the lives of members `first` to `end`; starts over with more room when a wallet is full.

    Args:
        capacity: [1] what there is room for, raised for the shards that begin later too. It is only a
            saving of time: with any capacity a shard that ends has the same sums.
        noting: the program, and a list that takes what the members whom its audiences mean did, by side.
    """
    plan, behaviour, schedule = simulation.plan, simulation.behaviour, simulation.schedule
    diary = new_diary(simulation)
    room = capacity[0]
    while True:
        tally, sink = new_sums(simulation)
        state, lives = new_room(simulation, room, sink)
        if noting is not None:
            lives = lives._replace(targeted=_room_for_targeted(noting[0], simulation, end - first))
        code = live_members(
            plan, behaviour, schedule, simulation.misses, state, sink, tally, diary, lives, first, end
        )
        if code != NO_ROOM:
            verify_strategies(plan, state)
            if noting is not None:
                noting[1].append(sides_of(noting[0], lives.targeted))
            return tally, sink, state.together
        room = more_room(room)
        capacity[0] = max(capacity[0], room)


def _room_for_targeted(program: Program, simulation: Simulation, members: int) -> Targeted:
    """Room for notes on so many members, of a program that holds some of them out of an audience."""
    if all(audience.holdout == 0 for audience in program.audiences):
        return new_targeted(0)
    buys = np.zeros(simulation.kinds, np.int64)
    for row in simulation.behaviour.processes:
        if row[PROCESS_KIND] != PURCHASE and row[PROCESS_TABLE] != NO_BASKET:
            buys[row[PROCESS_KIND]] = 1
    return new_targeted(
        members, len(program.audiences), simulation.schedule.months, len(program.rewards), buys
    )


def sums_of(sink: Sink) -> tuple[Ints, ...]:
    """The sums of a sink that outlive a member."""
    return sink.ages, sink.rules, sink.rewards, sink.limits, *sink.of_state


def add_sums(totals: Iterable[Ints], parts: Iterable[Ints]) -> None:
    """Adds the sums of a shard to those of all."""
    for total, part in zip(totals, parts, strict=True):
        np.add(total, part, out=total)
