"""Histories to run drawn programs on: any events in any order that a reader would let through.

Invariant: what is drawn satisfies the invariants of `History`. Events before the start, second joins and
rewards that cannot be paid are among it: it is for the evaluators to refuse them.
"""

import random
from collections.abc import Callable

import attrs
import numpy as np
from generators import (
    EVENTS,
    ITEM_FIELDS,
    STARTS,
    STAY,
    VISIT,
    Chooser,
    Seeded,
    Shrinking,
    draw_program,
    draw_value,
)
from hypothesis import strategies as st

from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import JOIN, PURCHASE


@attrs.define
class _Columns:
    starts: list[int] = attrs.field(factory=lambda: [0])
    day: list[int] = attrs.field(factory=list)
    kind: list[int] = attrs.field(factory=list)
    basket: list[int] = attrs.field(factory=list)
    fields: list[list[int]] = attrs.field(factory=list)
    item_starts: list[int] = attrs.field(factory=lambda: [0])
    item_price: list[int] = attrs.field(factory=list)
    item_fields: list[list[int]] = attrs.field(factory=list)
    reward: list[int] = attrs.field(factory=list)
    quantity: list[int] = attrs.field(factory=list)


def draw_history(choose: Chooser, program: Program, members: int = 2, events: int = 25) -> History:
    """A history of up to this many members with up to this many events each."""
    rows = _Columns()
    last = STARTS
    for _ in range(choose.integer(1, members)):
        day = STARTS + choose.one_of((0, 0, 1, 12, -1))
        for _ in range(choose.integer(0, events)):
            day += choose.one_of((0, 0, 1, 1, 2, 5, 9, 20, 31, 90))
            draw_event(choose, program, rows, day)
        rows.starts.append(len(rows.day))
        last = max(last, day)
    count = len(rows.day)
    width = max(len(kind.fields) for kind in EVENTS)
    return History(
        members=[f"m{member}" for member in range(len(rows.starts) - 1)],
        starts=np.array(rows.starts, np.int64),
        ids=[f"e{event}" for event in range(count)],
        rows=np.arange(1, count + 1, dtype=np.int64),
        day=np.array(rows.day, np.int64),
        minute=np.zeros(count, np.int64),
        kind=np.array(rows.kind, np.int64),
        basket=np.array(rows.basket, np.int64),
        fields=np.array(rows.fields, np.int64).reshape(count, width),
        item_starts=np.array(rows.item_starts, np.int64),
        item_price=np.array(rows.item_price, np.int64),
        item_fields=np.array(rows.item_fields, np.int64).reshape(-1, len(ITEM_FIELDS)),
        reward=np.array(rows.reward, np.int64),
        quantity=np.array(rows.quantity, np.int64),
        last_day=last + choose.one_of((0, 0, 1, 15, 200)),
    )


def draw_event(choose: Chooser, program: Program, rows: _Columns, day: int) -> None:
    """One event on a day, perhaps with items or a chosen reward."""
    kinds = (PURCHASE,) * 6 + (JOIN, STAY, VISIT) + ((REDEEM,) if program.rewards else ())
    kind = choose.one_of(kinds)
    has_amount = kind >= 0 and EVENTS[kind].has_amount
    basket = choose.one_of((0, 1, 99, 100, 999, 1000, 1999, 2550, 10_000, 20_000)) if has_amount else 0
    if has_amount and choose.integer(0, 1):
        basket = choose.integer(0, 6000)
    if kind == PURCHASE and choose.integer(0, 1):
        prices = [choose.integer(0, 2500) for _ in range(choose.integer(1, 4))]
        basket = sum(prices)
        rows.item_price += prices
        rows.item_fields += [[draw_value(choose, field) for field in ITEM_FIELDS] for _ in prices]
    declared = EVENTS[kind].fields if kind >= 0 else ()
    values = [draw_value(choose, field) for field in declared]
    width = max(len(kind.fields) for kind in EVENTS)
    chosen = program.rewards and (kind == REDEEM or choose.integer(0, 2) == 2)
    rows.day.append(day)
    rows.kind.append(kind)
    rows.basket.append(basket)
    rows.fields.append(values + [0] * (width - len(values)))
    rows.item_starts.append(len(rows.item_price))
    rows.reward.append(choose.integer(0, len(program.rewards) - 1) if chosen else -1)
    rows.quantity.append(choose.integer(1, 3) if chosen else 0)


def first_events(history: History, count: int) -> History:
    """The first events of the first member, as of the end of the last one's day."""
    items = int(history.item_starts[count])
    by_event = ("ids", "rows", "day", "minute", "kind", "basket", "fields", "reward", "quantity")
    return attrs.evolve(
        history,
        members=history.members[:1],
        starts=np.array([0, count], np.int64),
        item_starts=history.item_starts[: count + 1],
        item_price=history.item_price[:items],
        item_fields=history.item_fields[:items],
        last_day=int(history.day[count - 1]),
        **{name: getattr(history, name)[:count] for name in by_event},
    )


@st.composite
def programs_and_histories(draw: Callable[..., object]) -> tuple[Program, History]:
    """A program with a history to run it on, as hypothesis chooses."""
    choose = Shrinking(draw)
    program = draw_program(choose)
    return program, draw_history(choose, program)


def seeded_pair(seed: int) -> tuple[Program, History]:
    """A program with a history to run it on, from a seed."""
    choose = Seeded(random.Random(seed))
    program = draw_program(choose)
    return program, draw_history(choose, program, members=4, events=40)
