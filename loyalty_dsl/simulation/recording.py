"""What simulated members did, event by event, as a replay reads it.

Invariant: the events are those that `simulate_population` carries out with the same arguments, so a replay
of them gives the same ledger. One thing is not in the events: the first members joined before them. A replay
takes their first purchase as the day that they joined (JOIN-1), which triggers no rule `on join` (JOIN-2);
the ledger differs only under a program that asks for `days since join`.
"""

import numpy as np

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.plan import NO_ROOM, new_sink, new_state
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.simulation.behaviour import Ints
from loyalty_dsl.simulation.loop import (
    DRAWN_BASKET,
    DRAWN_DAY,
    DRAWN_FIELDS,
    DRAWN_ID,
    DRAWN_ITEMS,
    DRAWN_KIND,
    DRAWN_MINUTE,
    DRAWN_REWARD,
    live_members,
)
from loyalty_dsl.simulation.run import FIRST_CAPACITY, Simulation, new_diary, plan_simulation
from loyalty_dsl.simulation.tally import new_tally


def record_history(
    program: Program,
    population: Population,
    *,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: int | None = None,
) -> History:
    """Simulates a population and writes its events down: joins and purchases, with the rewards chosen.

    Args:
        program, population, sample, months, seed, first_day: as of `run.simulate_population`.

    Returns:
        The events of every member in the months. Members are named by their number, events by their place
        in the member's life: 0 is the join of those who join, and the first purchase of the first members.
    """
    simulation = plan_simulation(
        program, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=0
    )
    rows = _drawn(simulation)
    width = simulation.widest_kind
    starts = np.searchsorted(rows[:, DRAWN_ID], np.arange(simulation.members + 1))
    places = np.arange(len(rows)) - starts[rows[:, DRAWN_ID]]
    with_items = rows[:, DRAWN_ITEMS] > 0
    reward = rows[:, DRAWN_REWARD].copy()
    return History(
        members=[str(member) for member in range(simulation.members)],
        starts=starts.astype(np.int64),
        ids=[str(place) for place in places],
        rows=np.arange(1, len(rows) + 1),
        day=rows[:, DRAWN_DAY].copy(),
        minute=rows[:, DRAWN_MINUTE].copy(),
        kind=rows[:, DRAWN_KIND].copy(),
        basket=rows[:, DRAWN_BASKET].copy(),
        fields=rows[:, DRAWN_FIELDS : DRAWN_FIELDS + width].copy(),
        item_starts=np.concatenate(([0], np.cumsum(rows[:, DRAWN_ITEMS]))),
        item_price=rows[with_items, DRAWN_BASKET],
        item_fields=rows[with_items, DRAWN_FIELDS + width :],
        reward=reward,
        quantity=(reward >= 0).astype(np.int64),
        last_day=int(simulation.month_starts[months]) - 1,
    )


def _drawn(simulation: Simulation) -> Ints:
    """The diary's rows of all members; lives them again with more room when there was too little."""
    plan, behaviour, schedule = simulation.plan, simulation.behaviour, simulation.schedule
    capacity, room = FIRST_CAPACITY, 4096
    while True:
        state, sink = new_state(plan, capacity=capacity), new_sink(plan)
        tally = new_tally(len(plan.currencies), len(behaviour.segments), schedule.months)
        diary = new_diary(simulation, room)
        code = live_members(plan, behaviour, schedule, state, sink, tally, diary, 0, simulation.members)
        if code == NO_ROOM:
            capacity *= 2
        elif diary.written[0] > room:
            room = int(diary.written[0])
        else:
            return diary.rows[: int(diary.written[0])]
