"""What first members do from the month in which an audience first means them, held out or not (AUDIENCE-4).

Invariant: noting reads and changes no sum of members, so all else is the same whether or not it is noted. All
figures are exact integers, so neither shards nor threads change a bit of their sums.

A member here is a first member together with all whom it led to, as in every noise; whether it is held out is
its own luck, so the two sides differ in nothing else but by chance.
"""

from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.costs import cost_of, cost_scale
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_luck import load_holdouts
from loyalty_dsl.evaluation.plan import (
    REWARD_GIVEN,
    REWARD_MONEY_OFF,
    REWARD_USES,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.language.program import Program
from loyalty_dsl.simulation.products import cross_sums, weighted
from loyalty_dsl.simulation.tally import BASKETS, EVENT_BASKETS, EVENTS, MONEY_OFF, PURCHASES, Tally

Ints = NDArray[np.int64]

ORDERS, SPEND, FIRST_REWARD = range(3)
"""Columns of `Targeted.figures`: purchases and other events with a basket, and what was paid for them after
rewards; then three for each reward: `REWARD_USES`, `REWARD_MONEY_OFF`, `REWARD_GIVEN`."""


class Targeted(NamedTuple):
    """Rows of first members in the order in which they are lived; without rows nothing is noted.

    Attributes:
        since: [rows, A] one more than the month in which each audience first meant the member; 0 for never.
        held_out: [rows, A] 1 for who is held out.
        figures: [rows, A, 2 + 3R] from that month through the months reported.
        so_far: [M, 2 + 3R] the sums of all members before the one at hand.
        buys: [kinds] 1 for other kinds of event than purchases that have baskets.
        written: [1] rows.
    """

    since: Ints
    held_out: Ints
    figures: Ints
    so_far: Ints
    buys: Ints
    written: Ints


def new_targeted(
    rows: int, audiences: int = 0, months: int = 0, rewards: int = 0, buys: Ints | None = None
) -> Targeted:
    """Room for so many first members."""
    columns = FIRST_REWARD + 3 * rewards
    return Targeted(
        since=np.zeros((rows, audiences), np.int64),
        held_out=np.zeros((rows, audiences), np.int64),
        figures=np.zeros((rows, audiences, columns), np.int64),
        so_far=np.zeros((months, columns), np.int64),
        buys=np.zeros(0, np.int64) if buys is None else buys,
        written=np.zeros(1, np.int64),
    )


@part
def note_targeted(notes: Targeted, plan: Plan, state: State, tally: Tally, sink: Sink) -> None:
    """Notes the first member, in slot 0, whose life, and those of all whom it led to, are over."""
    row = notes.written[0]
    notes.written[0] = row + 1
    audiences = notes.since.shape[1]
    first = state.touched.shape[1] - audiences
    load_holdouts(plan, state, 0)
    for audience in range(audiences):
        notes.since[row, audience] = state.touched[0, first + audience]
        notes.held_out[row, audience] = state.registers[plan.of_state.first_audience + audience]
    for month in range(len(notes.so_far)):
        for column in range(notes.so_far.shape[1]):
            now = _sum_so_far(notes, tally, sink, month, column)
            own = now - notes.so_far[month, column]
            if own == 0:
                continue
            notes.so_far[month, column] = now
            for audience in range(audiences):
                if 0 < notes.since[row, audience] <= month + 1:
                    notes.figures[row, audience, column] += own


@part
def _sum_so_far(notes: Targeted, tally: Tally, sink: Sink, month: int, column: int) -> int:
    """One figure of all members so far, of a month."""
    total: int = 0
    if column >= FIRST_REWARD:
        reward = (column - FIRST_REWARD) // 3
        of = (column - FIRST_REWARD) % 3
        what = REWARD_USES if of == 0 else REWARD_MONEY_OFF if of == 1 else REWARD_GIVEN
        total = sink.rewards[reward, month, what]
        return total
    for segment in range(tally.people.shape[0]):
        people = tally.people[segment, month]
        total += people[PURCHASES] if column == ORDERS else people[BASKETS] - people[MONEY_OFF]
        for kind in range(len(notes.buys)):
            if notes.buys[kind] != 0:
                total += tally.events[kind, segment, month, EVENTS if column == ORDERS else EVENT_BASKETS]
    return total


@attrs.frozen
class Side:
    """The members of one side of an audience, n of them, whom it meant in the months reported.

    Attributes:
        sums, squares: of orders, of what was paid, and of what rewards cost, in minor units, the last times
            the common denominator of the rewards' costs.
    """

    members: int
    sums: tuple[int, int, int]
    squares: tuple[int, int, int]

    def __add__(self, other: "Side") -> "Side":
        return Side(
            self.members + other.members,
            _added(self.sums, other.sums),
            _added(self.squares, other.squares),
        )


Sides = dict[tuple[int, bool], Side]
"""By audience, and whether it is those who are held out."""


def sides_of(program: Program, notes: Targeted) -> Sides:
    """The sums over the members of a shard."""
    found: Sides = {}
    scale = cost_scale(program.rewards)
    figures = notes.figures[: notes.written[0]]
    for audience in range(notes.since.shape[1]):
        months = len(notes.so_far)
        since = notes.since[: len(figures), audience]
        for held in (False, True):
            side = notes.held_out[: len(figures), audience] == held
            own = figures[(since > 0) & (since <= months) & side][:, audience]
            costs = weighted(
                [
                    (own[:, FIRST_REWARD + 3 * reward.index + of], int((cost_of(reward, *unit) or 0) * scale))
                    for reward in program.rewards
                    for of, unit in enumerate(((1, 0, 0), (0, 1, 0), (0, 0, 1)))
                ],
                (len(own),),
            )
            columns = [own[:, ORDERS], own[:, SPEND], costs]
            found[audience, held] = Side(
                len(own),
                _three([int(column.astype(object).sum()) for column in columns]),
                _three([int(cross_sums([column[:, None]], 1)[0, 0, 0]) for column in columns]),
            )
    return found


def add_sides(total: Sides, part: Sides) -> None:
    """Adds the sums of a shard to those of all."""
    for key, side in part.items():
        total[key] = total[key] + side if key in total else side


def _added(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _three(values: list[int]) -> tuple[int, int, int]:
    orders, spend, cost = values
    return orders, spend, cost
