"""A row for each life, friends' too, where figures of single members are asked for.

Invariant: noting reads and changes no sum, so the sums are the same whether or not anything is noted; and a
row is a function of its first member alone, so shards and threads change none.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.plan import (
    EXPIRED,
    ISSUED,
    REDEEMED,
    REVERSED,
    Plan,
    State,
)
from loyalty_dsl.evaluation.plan_state import STATUS
from loyalty_dsl.language.types import PURCHASE

Ints = NDArray[np.int64]

(
    ROW_MEMBER, ROW_FRIEND, ROW_BROUGHT_BY, ROW_SEGMENT, ROW_JOINED, ROW_PURCHASES, ROW_SPEND, ROW_FRIENDS,
    ROW_LEVELS,
) = range(9)  # fmt: skip
"""Columns of a row: the first member of its group, its own place in the group (0 for the first member),
the place of who brought it (-1 for the first member), segment, joined day, purchases and their baskets in the
months reported, and how many it brought. From `ROW_LEVELS` on, the level in each ladder at the end of the
months; then for each currency `FLOWS` figures: of the months issued, redeemed, expired and reversed, and
what was held before."""

FLOWS = 5


class MemberNotes(NamedTuple):
    """Rows of lives; without room for rows nothing is noted.

    Attributes:
        now: [slots, columns] of the lives that go on.
        table: [rows, columns] of those that are over, in the order in which they end.
        written: [2] rows written, and members born in the group so far.
    """

    now: Ints
    table: Ints
    written: Ints


def new_member_notes(rows: int, slots: int, ladders: int, currencies: int) -> MemberNotes:
    """Room for so many rows."""
    columns = ROW_LEVELS + ladders + FLOWS * currencies
    return MemberNotes(
        np.zeros((slots, columns), np.int64), np.zeros((rows, columns), np.int64), np.zeros(2, np.int64)
    )


@part
def begin_row(notes: MemberNotes, slot: int, member: int, segment: int, joined: int) -> None:
    """Begins the row of a member who was just born.

    Args:
        member: the first member of the group.
    """
    if len(notes.table) == 0:
        return
    if slot == 0:
        notes.written[1] = 0
    for column in range(notes.now.shape[1]):
        notes.now[slot, column] = 0
    row = notes.now[slot]
    row[ROW_MEMBER] = member
    row[ROW_FRIEND] = notes.written[1]
    row[ROW_BROUGHT_BY] = notes.now[slot - 1, ROW_FRIEND] if slot > 0 else -1
    row[ROW_SEGMENT] = segment
    row[ROW_JOINED] = joined
    if slot > 0:
        notes.now[slot - 1, ROW_FRIENDS] += 1
    notes.written[1] += 1


@part
def note_event(notes: MemberNotes, slot: int, kind: int, basket: int) -> None:
    """Notes an event in the months, if it is a purchase."""
    if len(notes.table) > 0 and kind == PURCHASE:
        notes.now[slot, ROW_PURCHASES] += 1
        notes.now[slot, ROW_SPEND] += basket


@part
def note_levels(notes: MemberNotes, plan: Plan, state: State, slot: int) -> None:
    """Notes the levels of a member on a day; those of the last day of the months stay."""
    if len(notes.table) == 0:
        return
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        notes.now[slot, ROW_LEVELS + ladder] = state.of_member.ladders[slot * ladders + ladder, STATUS]


@part
def end_row(notes: MemberNotes, plan: Plan, flows: Ints, slot: int, before: int, months: int) -> bool:
    """Writes the row of a member whose life is over.

    Args:
        flows: [slots * C, T, 7] `Sink.flows`, before they are cleared.
        before: months before the first reported; months: those and the reported.

    Returns:
        Whether there was room; there is where nothing is noted.
    """
    if len(notes.table) == 0:
        return True
    at = notes.written[0]
    if at == len(notes.table):
        return False
    notes.written[0] = at + 1
    row = notes.now[slot]
    currencies = len(plan.currencies)
    for currency in range(currencies):
        first = ROW_LEVELS + len(plan.of_state.ladders) + FLOWS * currency
        for month in range(before):
            flow = flows[slot * currencies + currency, month]
            row[first + 4] += flow[ISSUED] - flow[REVERSED]
        for month in range(before, months):
            flow = flows[slot * currencies + currency, month]
            row[first] += flow[ISSUED]
            row[first + 1] += flow[REDEEMED]
            row[first + 2] += flow[EXPIRED]
            row[first + 3] += flow[REVERSED]
    for column in range(notes.table.shape[1]):
        notes.table[at, column] = row[column]
    return True
