"""Who lives when, and what they did, one event after the other, where anybody wants to know.

Invariant: the diary's rows are the events in the order in which they were carried out; a friend's stand
between those of the member who brought it.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from typing import NamedTuple

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.plan import (
    Plan,
    State,
)
from loyalty_dsl.simulation.behaviour import Ints
from loyalty_dsl.simulation.lives import (
    LIFE_ID,
    Lives,
)
from loyalty_dsl.simulation.opening_tables import OpeningTables

COHORT_FIRST, COHORT_START, COHORT_DAYS, COHORT_JOINING = range(4)
"""Columns of `Schedule.cohorts`: the id of the first member, and the days (since the first day) over which
they join. Cohort 0, of 0 days, is the first members, who have joined already. `COHORT_JOINING` is how many of
them do join: the others have an id only, as they join under another version of the program."""

(
    DRAWN_ID, DRAWN_DAY, DRAWN_MINUTE, DRAWN_KIND, DRAWN_BASKET, DRAWN_REWARD, DRAWN_QUANTITY, DRAWN_ITEMS,
    DRAWN_NUMBER, DRAWN_REFERRER, DRAWN_FIELDS,
) = range(11)  # fmt: skip
"""Columns of `Diary.rows`. `DRAWN_NUMBER` is the event's own number among the member's, of a return that of
its original; `DRAWN_REFERRER` the id of who brought the member, -1 for nobody. From `DRAWN_FIELDS`, the
event's fields, each item's price and fields, and the member's fields."""


BORN = -3
"""The kind of a row that says what is known of a first member, who has no join event."""


class Schedule(NamedTuple):
    """Who lives when.

    Attributes:
        seed: of every draw.
        cohorts: [K, 4] in order of ids; cohort 0 is the first members.
        members: who are not brought by others; friends have ids from here on.
        months: months reported.
        horizon: days reported; end: days simulated.
        opening: how the first members stand; with one the months count those before the first as well, and
            the days all since its earliest lot.
    """

    seed: int
    cohorts: Ints
    members: int
    months: int
    horizon: int
    end: int
    opening: OpeningTables


class Diary(NamedTuple):
    """Buffers of the event at hand, and what was drawn, where anybody wants to know.

    Attributes:
        fields: [most fields of a kind]; prices: [most items]; item_fields: [most items, item fields].
        registers: what conditions of draws read.
        rows: [rows, ...] events drawn; of length 0 when nobody wants them.
        written: [1] rows written.
    """

    fields: Ints
    prices: Ints
    item_fields: Ints
    registers: Ints
    rows: Ints
    written: Ints


@part
def write_event(
    plan: Plan,
    state: State,
    diary: Diary,
    lives: Lives,
    slot: int,
    time: float,
    kind: int,
    basket: int,
    reward: int,
    quantity: int,
    items: int,
    number: int,
) -> None:
    """Writes the event at hand into the diary, or only counts it where there is no row for it."""
    at = diary.written[0]
    diary.written[0] = at + 1
    if at >= len(diary.rows):
        return
    row = diary.rows[at]
    row[DRAWN_ID] = lives.facts[slot, LIFE_ID]
    row[DRAWN_DAY] = plan.first_day + int(time)
    row[DRAWN_MINUTE] = int((time - int(time)) * 1440.0)
    row[DRAWN_KIND] = kind
    row[DRAWN_BASKET] = basket
    row[DRAWN_REWARD] = reward
    row[DRAWN_QUANTITY] = quantity
    row[DRAWN_ITEMS] = items
    row[DRAWN_NUMBER] = number
    row[DRAWN_REFERRER] = lives.facts[slot - 1, LIFE_ID] if slot > 0 else -1
    column = DRAWN_FIELDS
    for field in range(len(diary.fields)):
        row[column + field] = diary.fields[field]
    column += len(diary.fields)
    for item in range(items):
        of_item = column + item * (1 + diary.item_fields.shape[1])
        row[of_item] = diary.prices[item]
        for field in range(diary.item_fields.shape[1]):
            row[of_item + 1 + field] = diary.item_fields[item, field]
    column += len(diary.prices) * (1 + diary.item_fields.shape[1])
    for field in range(plan.of_state.member_fields):
        row[column + field] = state.of_member.fields[slot, field]
