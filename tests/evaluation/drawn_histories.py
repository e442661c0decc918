"""Histories to run drawn programs on: any events in any order that a reader would let through.

Invariant: what is drawn satisfies the invariants of `History`. Events before the start, second joins and
rewards that cannot be paid are among it: it is for the evaluators to refuse them.
"""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

import attrs
import numpy as np
from drawing import (
    ALL,
    EVENTS,
    ITEM_FIELDS,
    STARTS,
    STAY,
    VISIT,
    Chooser,
    Feature,
    Features,
    Seeded,
    Shrinking,
    draw_condition,
    draw_value,
)
from generators import draw_program
from hypothesis import strategies as st

from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.audiences import Audience, being_in
from loyalty_dsl.language.program import EarnRule, Program, Reward
from loyalty_dsl.language.types import JOIN, NO_DATE, PURCHASE, UNSAID, Kind


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
    original: list[int] = attrs.field(factory=list)
    member: list[list[int]] = attrs.field(factory=list)


def draw_history(choose: Chooser, program: Program, members: int = 2, events: int = 25) -> History:
    """A history of up to this many members with up to this many events each."""
    rows = _Columns()
    last = STARTS
    for _ in range(choose.integer(1, members)):
        day = STARTS + choose.one_of((0, 0, 1, 12, -1))
        for _ in range(choose.integer(0, events)):
            day += choose.one_of((0, 0, 1, 1, 2, 5, 9, 20, 31, 90))
            first = rows.starts[-1]
            if program.returns is not None and len(rows.day) > first and choose.integer(0, 3) == 3:
                draw_return(choose, program, rows, day, first)
            else:
                draw_event(choose, program, rows, day)
            rows.member.append(draw_member(choose, program, rows, first))
        rows.starts.append(len(rows.day))
        last = max(last, day)
    count = len(rows.day)
    width = max(len(kind.fields) for kind in program.events)
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
        original=np.array(rows.original, np.int64),
        member_fields=partly_unsaid(
            np.array(rows.member, np.int64).reshape(count, len(program.member_fields)), rows.starts
        ),
        referrers=np.array(
            [
                choose.integer(-1, member - 1 if program.friend_kinds else 0) if member else -1
                for member in range(len(rows.starts) - 1)
            ],
            np.int64,
        ),
    )


def partly_unsaid(fields: np.ndarray, starts: Sequence[int]) -> np.ndarray:
    """The fields, of which some that are as the member's event before had them are not said again."""
    again = np.zeros(fields.shape, bool)
    again[1:] = fields[1:] == fields[:-1]
    again[[start for start in starts if start < len(fields)]] = False
    every_third = np.indices(fields.shape).sum(axis=0) % 3 == 0
    return np.where(again & ~every_third, UNSAID, fields)


def draw_event(choose: Chooser, program: Program, rows: _Columns, day: int) -> None:
    """One event on a day, perhaps with items or a chosen reward."""
    choices = [reward.index for reward in program.rewards if not reward.benefit]
    kinds = (PURCHASE,) * 6 + (JOIN, STAY, VISIT) + ((REDEEM,) if choices else ())
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
    width = max(len(kind.fields) for kind in program.events)
    chosen = choices and (kind == REDEEM or choose.integer(0, 2) == 2)
    rows.day.append(day)
    rows.kind.append(kind)
    rows.basket.append(basket)
    rows.fields.append(values + [0] * (width - len(values)))
    rows.item_starts.append(len(rows.item_price))
    rows.reward.append(choose.one_of(choices) if chosen else -1)
    rows.quantity.append(draw_quantity(choose, program.rewards[rows.reward[-1]]) if chosen else 0)
    rows.original.append(-1)


def draw_member(choose: Chooser, program: Program, rows: _Columns, first: int) -> list[int]:
    """The values of the member's fields from an event on: mostly those of the event before."""
    if len(rows.member) > first and choose.integer(0, 4) < 4:
        return rows.member[-1]
    return [
        NO_DATE if field.kind is Kind.DATE and choose.integer(0, 1) else draw_value(choose, field)
        for field in program.member_fields
    ]


def draw_return(choose: Chooser, program: Program, rows: _Columns, day: int, first: int) -> None:
    """A return of an earlier event of the member, or of a part of it; some ask for what cannot be returned.

    Args:
        first: the member's first event.
    """
    original = choose.integer(first, len(rows.day) - 1)
    if choose.integer(0, 19) == 19:
        original = -1
    basket = 0
    if original >= 0:
        items = range(rows.item_starts[original], rows.item_starts[original + 1])
        taken = [item for item in items if choose.integer(0, 1)]
        if taken:
            rows.item_price += [rows.item_price[item] for item in taken]
            rows.item_fields += [rows.item_fields[item] for item in taken]
            basket = sum(rows.item_price[item] for item in taken)
            if choose.integer(0, 9) == 9:
                rows.item_fields[-1] = [draw_value(choose, field) for field in ITEM_FIELDS]
        else:
            whole = rows.basket[original]
            basket = choose.one_of((whole, whole, whole // 2, whole // 3, whole + 1))
    rows.day.append(day)
    rows.kind.append(RETURN)
    rows.basket.append(basket)
    rows.fields.append([0] * max(len(kind.fields) for kind in program.events))
    rows.item_starts.append(len(rows.item_price))
    rows.reward.append(-1)
    rows.quantity.append(0)
    rows.original.append(original)


def first_events(history: History, count: int) -> History:
    """The first events of the first member, as of the end of the last one's day."""
    kept = only_events(history, list(range(count)))
    return attrs.evolve(kept, last_day=int(history.day[count - 1]))


def only_events(history: History, rows: list[int]) -> History:
    """Some events, in order; returns of others are of nothing known."""
    sizes = [int(history.item_starts[row + 1] - history.item_starts[row]) for row in rows]
    items = [item for row in rows for item in range(*history.item_starts[row : row + 2].tolist())]
    places = {row: place for place, row in enumerate(rows)}
    by_event = ("rows", "day", "minute", "kind", "basket", "fields", "reward", "quantity", "member_fields")
    return attrs.evolve(
        history,
        starts=np.searchsorted(np.array(rows, np.int64), history.starts).astype(np.int64),
        ids=[history.ids[row] for row in rows],
        item_starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        item_price=history.item_price[items],
        item_fields=history.item_fields[items],
        original=np.array([places.get(int(history.original[row]), -1) for row in rows], np.int64),
        **{name: getattr(history, name)[rows] for name in by_event},
    )


Part = TypeVar("Part", EarnRule, Reward)

CHANCES = (Fraction(1, 2), Fraction(1, 3), Fraction(9, 10), Fraction(1, 100), Fraction(2**40 - 1, 2**40))


def with_chances(choose: Chooser, program: Program) -> Program:
    """The same program, of which some rules may fire by chance; drawn last, so that seeds stay good."""
    if choose.integer(0, 1) == 0:
        return program
    earns = [
        attrs.evolve(rule, chance=choose.one_of(CHANCES)) if choose.integer(0, 1) else rule
        for rule in program.earns
    ]
    return with_audiences(choose, attrs.evolve(program, earns=tuple(earns)))


def with_audiences(choose: Chooser, program: Program) -> Program:
    """The same program, of which some rules and rewards are for an audience, with or without a holdout."""
    operands = [c.DaysSinceJoin(), c.BalanceOf(0), *map(c.MemberField, program.member_fields)]
    operands += [c.CounterValue(counter.index) for counter in program.counters]
    audiences = [
        Audience(name, name, draw_condition(choose, operands), share, program.span)
        for name, share in (("some", Fraction(0)), ("half", Fraction(1, 2)), ("most", Fraction(9, 10)))
    ]

    def targeted(thing: Part) -> Part:
        tests = [being_in(choose.one_of(audiences))] if choose.integer(0, 2) else []
        tests += [thing.when] if tests and thing.when is not None else []
        return attrs.evolve(thing, when=c.All(tuple(tests))) if tests else thing

    return attrs.evolve(
        program,
        audiences=tuple(audiences),
        earns=tuple(targeted(rule) for rule in program.earns),
        rewards=tuple(targeted(reward) for reward in program.rewards),
    )


@st.composite
def programs_and_histories(draw: Callable[..., object], allowed: Features = ALL) -> tuple[Program, History]:
    """A program with a history to run it on, as hypothesis chooses."""
    choose = Shrinking(draw)
    program = draw_program(choose, allowed - {Feature.CHANCES})
    history = draw_history(choose, program)
    return with_chances(choose, program) if Feature.CHANCES in allowed else program, history


def seeded_pair(seed: int, allowed: Features = ALL) -> tuple[Program, History]:
    """A program with a history to run it on, from a seed."""
    choose = Seeded(random.Random(seed))
    program = draw_program(choose, allowed - {Feature.CHANCES})
    history = draw_history(choose, program, members=4, events=40)
    return with_chances(choose, program) if Feature.CHANCES in allowed else program, history


def draw_quantity(choose: Chooser, reward: Reward) -> int:
    """How often a reward is wanted, or how much of a transfer: now and then no whole number of steps."""
    if not reward.exchange:
        return choose.integer(0 if reward.as_much else 1, 3)
    return choose.integer(0, 5) * reward.price + choose.one_of((0, 0, 0, 1))
