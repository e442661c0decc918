"""What simulated members did, event by event, as a replay reads it.

Invariant: the events are those that `simulate_population` carries out with the same arguments, so a replay
of them gives the same ledger. Two things are not in the events. The first members joined before them: a
replay takes their first purchase as the day that they joined (JOIN-1), which triggers no rule `on join`
(JOIN-2); the ledger differs only under a program that asks for `days since join` or for what is known of a
member before that. And benefits that were not taken up.
"""

import attrs
import numpy as np

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.everyone import Closings, until_settled
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.plan import NO_ROOM
from loyalty_dsl.evaluation.replay_compiled import close
from loyalty_dsl.evaluation.strategy_code import verify_strategies
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.behaviour import Ints
from loyalty_dsl.simulation.diary import (
    BORN,
    DRAWN_BASKET,
    DRAWN_DAY,
    DRAWN_FIELDS,
    DRAWN_ID,
    DRAWN_ITEMS,
    DRAWN_KIND,
    DRAWN_MINUTE,
    DRAWN_NUMBER,
    DRAWN_QUANTITY,
    DRAWN_REFERRER,
    DRAWN_REWARD,
)
from loyalty_dsl.simulation.loop import live_members
from loyalty_dsl.simulation.planning import Simulation, new_diary, plan_simulation
from loyalty_dsl.simulation.run import FIRST_CAPACITY, Room, more_room, new_room, new_sums, together_by_day


@attrs.frozen(eq=False)
class Recorded:
    """What was written down of simulated members.

    Attributes:
        first: members who joined the day before the first day, without an event; they are the first in
            `history`.
        fields: [first, member fields] what was known of them from the beginning.
    """

    history: History
    first: int
    fields: Ints


def record_history(
    program: Program,
    population: Population,
    *,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: int | None = None,
) -> History:
    """Simulates a population and writes its events down: joins, purchases and others, with the rewards
    chosen, returns, and what friends did, as the events that it is to who brought them.

    Args:
        program, population, sample, months, seed, first_day: as of `run.simulate_population`.
    """
    recorded = record_lives(program, population, sample=sample, months=months, seed=seed, first_day=first_day)
    return recorded.history


def record_lives(
    program: Program,
    population: Population,
    *,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: int | None = None,
) -> Recorded:
    """Simulates a population and writes down all that is needed to do it again: see `record_history`.

    Returns:
        The events of every member in the months. Members are named by their number, friends behind all
        others; events by their place in the member's life: 0 is the join of those who join, and the first
        purchase of the first members. A reward taken as often as it could be has a quantity of 0.
    """
    if population.opening is not None:
        raise InputRefused("a life that begins with a ledger's balances cannot be recorded as a history")
    simulation = plan_simulation(
        program, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=0
    )

    def run(closings: Closings) -> tuple[Ints, int, Ints]:
        close(program, simulation.plan, closings)
        return _drawn(simulation)

    rows, members, _ = until_settled(
        program, run, lambda ran: together_by_day(simulation.plan, ran[2]), simulation.weight
    )
    rows = rows[np.argsort(rows[:, DRAWN_ID], kind="stable")]  # friends live between their referrer's events
    values = DRAWN_FIELDS + simulation.widest_kind
    of_item = 1 + simulation.item_fields
    members_from = values + (simulation.behaviour.most_items * of_item if simulation.item_fields else 0)
    born = rows[:, DRAWN_KIND] == BORN
    known = rows[born, members_from:]
    rows = rows[~born]
    ids = rows[:, DRAWN_ID]
    starts = np.searchsorted(ids, np.arange(members + 1))
    items = rows[:, values:members_from].reshape(len(rows), (members_from - values) // of_item, of_item)
    items = items[np.arange(items.shape[1]) < rows[:, DRAWN_ITEMS, None]]
    kinds = rows[:, DRAWN_KIND]
    happened = np.flatnonzero(kinds != RETURN)
    by_number = dict(
        zip(
            zip(ids[happened].tolist(), rows[happened, DRAWN_NUMBER].tolist(), strict=True),
            happened,
            strict=True,
        )
    )
    original = np.full(len(rows), -1)
    for at in np.flatnonzero(kinds == RETURN):
        original[at] = by_number[int(ids[at]), int(rows[at, DRAWN_NUMBER])]
    referrers = np.full(members, -1)
    referrers[ids] = rows[:, DRAWN_REFERRER]
    history = History(
        members=[str(member) for member in range(members)],
        starts=starts.astype(np.int64),
        ids=[str(place) for place in (np.arange(len(rows)) - starts[ids]).tolist()],
        rows=np.arange(1, len(rows) + 1),
        day=rows[:, DRAWN_DAY].copy(),
        minute=rows[:, DRAWN_MINUTE].copy(),
        kind=kinds.copy(),
        basket=rows[:, DRAWN_BASKET].copy(),
        fields=rows[:, DRAWN_FIELDS:values].copy(),
        item_starts=np.concatenate(([0], np.cumsum(rows[:, DRAWN_ITEMS]))),
        item_price=items[:, 0].copy(),
        item_fields=items[:, 1:].copy(),
        reward=rows[:, DRAWN_REWARD].copy(),
        quantity=rows[:, DRAWN_QUANTITY].copy(),
        last_day=int(simulation.month_starts[months]) - 1,
        original=original,
        member_fields=rows[:, members_from:].copy(),
        referrers=referrers,
    )
    return Recorded(history, len(known), known)


def _drawn(simulation: Simulation) -> tuple[Ints, int, Ints]:
    """The diary's rows of all members, how many they are with friends, and what was counted against limits
    for everyone; lives them again with more room when there was too little."""
    room, rows = Room(FIRST_CAPACITY, 0), 4096
    while True:
        tally, sink = new_sums(simulation)
        state, lives = new_room(simulation, room, sink)
        diary = new_diary(simulation, rows)
        code = live_members(
            simulation.plan, simulation.behaviour, simulation.schedule, simulation.misses, state, sink, tally,
            diary, lives, 0, simulation.members,
        )  # fmt: skip
        if code == NO_ROOM:
            room = more_room(room)
        elif diary.written[0] > rows:
            rows = int(diary.written[0])
        else:
            verify_strategies(simulation.plan, state)
            members = simulation.members + int(lives.born[0])
            return diary.rows[: int(diary.written[0])], members, state.together
