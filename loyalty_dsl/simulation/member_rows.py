"""What became of single members, as tables that are made a shard at a time.

Invariants: rows are those of the simulation with the same arguments, whose sums they add up to when all
members are asked for; no more than one shard of them is held at once.
"""

from collections.abc import Iterator

import attrs
import numpy as np

from loyalty_dsl.evaluation.plan import DONE, NO_ROOM
from loyalty_dsl.evaluation.replay_compiled import rows_of_closed
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.behaviour import Ints
from loyalty_dsl.simulation.lives import slots_of
from loyalty_dsl.simulation.loop import live_members
from loyalty_dsl.simulation.member_notes import FLOWS, ROW_FRIEND, ROW_LEVELS, ROW_MEMBER, new_member_notes
from loyalty_dsl.simulation.planning import Simulation, new_diary, plan_simulation
from loyalty_dsl.simulation.run import (
    FIRST_CAPACITY,
    SHARD,
    Room,
    more_room,
    new_room,
    new_sums,
)

ROWS_PER_MEMBER = 2
"""Rows that there is room for at first, of a group in which members bring friends."""


@attrs.frozen(eq=False)
class MemberRows:
    """Some rows; columns are those of `member_notes`.

    Attributes:
        members: [rows, ROW_LEVELS].
        levels: [rows, ladders] indices of levels at the end of the months.
        units: [rows, currencies, 5] issued, redeemed, expired and reversed in the months, and held before.
        names: of each row the member of the ledger that it is, `None` for others; empty without a ledger.
    """

    members: Ints
    levels: Ints
    units: Ints
    names: tuple[str | None, ...] = ()


def live_rows(
    program: Program,
    population: Population,
    *,
    rows: int | None,
    sample: int | None,
    months: int,
    seed: int,
    first_day: int | None = None,
    tail: int | None = None,
) -> Iterator[MemberRows]:
    """Lives members of a simulation again and yields a row for each, and for each friend of theirs.

    Args:
        rows: so many first members, spread evenly over the sample, with all their friends; `None` for all.
        others: as of `simulate_population`.

    Raises:
        InputRefused: as `simulate_population`; and where a limit is for everyone, since what closes it is
            known of all members together only.
    """
    simulation = plan_simulation(
        program, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=tail
    )
    if rows_of_closed(simulation.plan):
        raise InputRefused(
            "no rows of members can be written for a program with a limit `for everyone` yet",
            help="leave out --members",
        )
    misses = simulation.misses
    if not len(misses.days):  # levels are noted where near misses are looked for
        misses = misses._replace(days=np.array([simulation.schedule.horizon - 1], np.int64))
        simulation = simulation._replace(misses=misses)
    chosen = simulation.members if rows is None else min(rows, simulation.members)
    room = Room(FIRST_CAPACITY, 0)
    for first in range(0, chosen, SHARD):
        wanted = range(first, min(first + SHARD, chosen))
        ids = [k * simulation.members // chosen for k in wanted]
        notes, room = _live(simulation, ids, room)
        yield _split(simulation, notes, population.opening)


def _live(simulation: Simulation, ids: list[int], room: Room) -> tuple[Ints, Room]:
    """The rows of the groups of some first members, and the room that they took."""
    plan, behaviour, schedule = simulation.plan, simulation.behaviour, simulation.schedule
    slots, diary = slots_of(behaviour), new_diary(simulation)
    while True:
        tally, sink = new_sums(simulation)
        state, lives = new_room(simulation, room, sink)
        most = len(ids) if slots == 1 else (len(ids) * ROWS_PER_MEMBER) << room.doublings
        notes = new_member_notes(most, slots, len(plan.of_state.ladders), len(plan.currencies))
        lives = lives._replace(rows=notes)
        code = DONE
        for first, end in _runs(ids):
            code = live_members(
                plan, behaviour, schedule, simulation.misses, state, sink, tally, diary, lives, first, end
            )
            if code == NO_ROOM:
                break
        if code != NO_ROOM:
            verify_strategies(plan, state)
            return notes.table[: int(notes.written[0])].copy(), room
        room = more_room(room)


def _runs(ids: list[int]) -> Iterator[tuple[int, int]]:
    """Ranges of ids that follow on each other: (1, 2, 3, 7) is (1, 4), (7, 8)."""
    first = 0
    for at in range(1, len(ids) + 1):
        if at == len(ids) or ids[at] != ids[at - 1] + 1:
            yield ids[first], ids[at - 1] + 1
            first = at


def _split(simulation: Simulation, table: Ints, opening: Opening | None) -> MemberRows:
    units = ROW_LEVELS + len(simulation.plan.of_state.ladders)
    flows = table[:, units:].reshape(len(table), len(simulation.plan.currencies), FLOWS)
    names: tuple[str | None, ...] = ()
    if opening is not None:
        chosen = simulation.schedule.opening.chosen
        firsts = table[:, [ROW_MEMBER, ROW_FRIEND]].tolist()
        names = tuple(
            opening.names[chosen[member]] if friend == 0 and member < len(chosen) else None
            for member, friend in firsts
        )
    return MemberRows(table[:, :ROW_LEVELS], table[:, ROW_LEVELS:units], flows, names)
