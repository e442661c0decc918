"""Running totals of a member, kept by day and summed over windows when they are asked for (COUNT).

Invariants: nothing is ever moved from one window to the next, so what a return takes out of the day of its
original is out of every window that holds that day, and of no other (COUNT-6).

Worked case (COUNT-3): $400 on 10 March 2024 and $120 on 1 September. Over rolling 12 months it is $520 on
9 March 2025 and $120 on the day after.
"""

from bisect import bisect_left
from typing import assert_never

import attrs

from loyalty_dsl.calendar import add_duration
from loyalty_dsl.evaluation.checkout import Checkout
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts, holds, value_of
from loyalty_dsl.evaluation.windows import window_from, window_until
from loyalty_dsl.language.counters import (
    Counter,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.language.windows import Rolling

MOST = 2**62
"""More than an event can move a counter by."""


@attrs.define(eq=False)
class Tally:
    """What moved one counter, by day: `days` ascend, and `units[i]` is the sum of `days[i]`."""

    days: list[int] = attrs.field(factory=list)
    units: list[int] = attrs.field(factory=list)

    def add(self, day: int, units: int) -> None:
        """Adds to a day; a return takes from one."""
        place = bisect_left(self.days, day)
        if place == len(self.days) or self.days[place] != day:
            self.days.insert(place, day)
            self.units.insert(place, 0)
        self.units[place] += units

    def between(self, first: int, end: int) -> int:
        """The sum of the days from `first` to the day before `end`."""
        return sum(self.units[bisect_left(self.days, first) : bisect_left(self.days, end)])


@attrs.define(eq=False)
class Move:
    """What one event added to a counter.

    Attributes:
        units: how much; a return gives back a part of it.
        base: the prices, before rewards, of what the counter saw of the event.
        positions: the items that it saw, by their places in the event.
        given_back: how much of it returns have taken out.
    """

    counter: int
    units: int
    base: int
    positions: tuple[int, ...]
    given_back: int = 0


def counted_before(counters: tuple[Counter, ...], counter: Counter) -> tuple[Counter, int]:
    """The counter that events move, and how many windows ago it is read (COUNT-9)."""
    windows = 0
    while isinstance(counter.measure, PastMeasure):
        counter, windows = counters[counter.measure.of], windows + 1
    return counter, windows


def value_on(counter: Counter, tally: Tally, day: int, joined: int, ago: int = 0) -> int:
    """What a counter has in the window that holds `day` (COUNT-2, COUNT-3).

    Args:
        joined: the joined day, or `day` of somebody who has not joined.
        ago: so many windows before that one (COUNT-9).
    """
    if ago and not isinstance(counter.window, Rolling):
        start = window_from(counter.window, day, joined)
        if not tally.days or start <= tally.days[0]:
            return 0
        return value_on(counter, tally, start - 1, joined, ago - 1)
    if isinstance(counter.window, Rolling):
        length = counter.window.duration
        return sum(
            units
            for earlier, units in zip(tally.days, tally.units, strict=True)
            if earlier <= day < add_duration(earlier, length)
        )
    window = counter.window
    return tally.between(window_from(window, day, joined), window_until(window, day, joined))


def previous_on(counter: Counter, tally: Tally, day: int, joined: int, ago: int = 0) -> int:
    """What a counter had in the window before the one that holds `day`; 0 where there is none (COUNT-4)."""
    return 0 if isinstance(counter.window, Rolling) else value_on(counter, tally, day, joined, ago + 1)


def moves_of(counters: tuple[Counter, ...], event: Event, checkout: Checkout, facts: Facts) -> list[Move]:
    """How an event moves each counter, but for what was earned at it (COUNT-1).

    Args:
        facts: of the event after its rewards.
    """
    moves = []
    for counter in counters:
        if counter.carry is not None and counter.carry.event == event.kind:  # COUNT-12
            for case in counter.carry.cases:
                carried = value_of(case.units, facts) - case.less
                if carried > 0 and holds(case.when, facts):
                    moves.append(Move(counter.index, carried, 0, ()))
        seen = checkout.seen_by(counter.items, facts)
        match counter.measure:
            case SpendMeasure(kind):
                units = seen.amount
            case FieldMeasure(kind, field):
                units = event.fields[field.index] if event.kind == kind else 0
            case EventsMeasure(kind):
                units = 1
            case NumberMeasure(kind):  # of items: the purchase that has one
                units = int(counter.items is None or bool(seen.positions))
            case ItemsMeasure():
                kind, units = PURCHASE, len(seen.positions)
            case EarnedMeasure() | PastMeasure():
                continue
            case _:
                assert_never(counter.measure)
        if event.kind == kind and units and holds(counter.where, facts):
            units = min(units, room_of(counter, facts))
            if units:
                moves.append(Move(counter.index, units, seen.basket, seen.positions))
    return moves


def counts_option(counter: Counter, reward: int) -> bool:
    """Whether a counter counts what an option of a menu gives."""
    return isinstance(counter.measure, EarnedMeasure) and reward in counter.measure.rewards


def room_of(counter: Counter, facts: Facts) -> int:
    """How much an event may move a counter by (COUNT-13)."""
    limit = counter.limit
    if limit is None:
        return MOST
    return max(0, limit.most - (0 if limit.of is None else facts.counters[limit.of]))


def counts_earning(counter: Counter, rule: int) -> bool:
    """Whether a counter counts what a rule posts."""
    return isinstance(counter.measure, EarnedMeasure) and rule in counter.measure.rules
