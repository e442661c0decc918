"""Who decides what is drawn, the schema of drawn programs, and conditions over it.

What is drawn is decided by a `Chooser`, so one generator serves two uses: hypothesis chooses where a failing
example should shrink, and a seeded generator of random numbers chooses where millions should pass quickly.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from typing import Any, Protocol, TypeVar

import attrs
from hypothesis import strategies as st

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.source import SourceText, Span

T = TypeVar("T")

NOWHERE = Span(SourceText("drawn", ""), 0, 0)
STARTS = day_of(date(2027, 12, 20))
"""Late in a year, before a leap day: month ends, the turn of the year and 29 February are all near."""

PURCHASE_FIELDS = (
    Field("payment", Kind.ONE_OF, ("card", "cash", "app"), 0, NOWHERE),
    Field("online", Kind.YES_NO, (), 1, NOWHERE),
    Field("guests", Kind.NUMBER, (), 2, NOWHERE),
    Field("made", Kind.DATE, (), 3, NOWHERE),
)
STAY_FIELDS = (
    Field("nights", Kind.NUMBER, (), 0, NOWHERE),
    Field("fare", Kind.MONEY, (), 1, NOWHERE),
)
MEMBER_FIELDS = (
    Field("cardholder", Kind.YES_NO, (), 0, NOWHERE),
    Field("card", Kind.ONE_OF, ("none", "silver", "gold"), 1, NOWHERE),
    Field("reports", Kind.NUMBER, (), 2, NOWHERE),
    Field("birthday", Kind.DATE, (), 3, NOWHERE),
)
BIRTHDAY = MEMBER_FIELDS[3]
ITEM_FIELDS = (
    Field("category", Kind.ONE_OF, ("drink", "food", "other"), 0, NOWHERE),
    Field("organic", Kind.YES_NO, (), 1, NOWHERE),
)
STAY, VISIT = 2, 3
EVENTS = (
    EventKind("purchase", PURCHASE, PURCHASE_FIELDS, True, None),
    EventKind("join", JOIN, (), False, None),
    EventKind("stay", STAY, STAY_FIELDS, True, None),
    EventKind("visit", VISIT, (), False, None),
)


class Feature(Enum):
    """A part of the language that can be left out of what is drawn, to tell where a disagreement is."""

    MEMBER_FIELDS = "member fields"
    TABLES = "tables"
    SHARES = "shares of rules"
    GROUPS = "groups"
    WINDOWS = "more windows of limits"
    CASES = "tables of rewards"
    FACES = "percentages, free items, things"
    BENEFITS = "benefits"
    CERTIFICATES = "rewards in another currency"
    COUNTERS = "counters"
    TIERS = "tiers"
    CLOCKS = "clocks"
    EXPIRY = "more forms of expiry"
    RETURNS = "returns"
    FRIENDS = "what friends do"
    EVERYONE = "limits for everyone"
    VALUES = "limits for each value of a field"
    WAITS = "pending terms by cases"
    CHANCES = "chances"
    STRATEGIES = "functions in Python"
    MEMBERSHIPS = "paid memberships"
    PASTS = "windows some time ago"
    CARRIES = "what counters carry, and count at most"
    MULTIPLES = "amounts times a number"
    PLACES = "rewards at other events"
    MENUS = "options of menus"
    GATES = "gates and dates that count"


ALL = frozenset(Feature)
OF_ONE_MEMBER = ALL - {
    Feature.FRIENDS, Feature.EVERYONE, Feature.CHANCES, Feature.STRATEGIES, Feature.MENUS, Feature.GATES,
}  # fmt: skip
PLAIN = frozenset[Feature]()
Features = frozenset[Feature]


class Chooser(Protocol):
    """Who decides."""

    def integer(self, low: int, high: int) -> int: ...
    def one_of(self, options: Sequence[T]) -> T: ...


@attrs.frozen
class Shrinking:
    """Hypothesis decides; smaller numbers and earlier options are simpler."""

    draw: Callable[..., Any]

    def integer(self, low: int, high: int) -> int:
        drawn: int = self.draw(st.integers(low, high))
        return drawn

    def one_of(self, options: Sequence[T]) -> T:
        drawn: T = self.draw(st.sampled_from(options))
        return drawn


@attrs.frozen
class Seeded:
    """A seeded generator decides."""

    source: random.Random

    def integer(self, low: int, high: int) -> int:
        return self.source.randint(low, high)

    def one_of(self, options: Sequence[T]) -> T:
        return self.source.choice(options)


# ---- conditions

ORDERS = tuple(c.Order)


def draw_condition(choose: Chooser, operands: Sequence[c.Operand], depth: int = 2) -> c.Condition:
    """A condition over these operands."""
    form = choose.one_of(("compare", "among", "not", "all", "any") if depth else ("compare", "among"))
    match form:
        case "compare":
            left = choose.one_of(operands)
            right = draw_literal(choose, left) if choose.integer(0, 4) else choose.one_of(operands)
            return c.Compare(left, choose.one_of(ORDERS), right)
        case "among":
            operand = choose.one_of(operands)
            literals = [draw_literal(choose, operand) for _ in range(choose.integer(1, 3))]
            return c.OneAmong(operand, tuple(literal.value for literal in literals))
        case "not":
            return c.Not(draw_condition(choose, operands, depth - 1))
        case _:
            inner = tuple(draw_condition(choose, operands, depth - 1) for _ in range(choose.integer(1, 3)))
            return c.All(inner) if form == "all" else c.Any(inner)


def draw_literal(choose: Chooser, operand: c.Operand) -> c.Literal:
    """A constant near the values that the operand takes."""
    match operand:
        case c.EventField(field) | c.ItemField(field):
            return c.Literal(draw_value(choose, field), field.kind)
        case c.EventAmount(_):
            return c.Literal(choose.one_of((0, 100, 499, 500, 1000, 2000, 5000)), Kind.MONEY)
        case c.MemberField(field):
            return c.Literal(draw_value(choose, field), field.kind)
        case c.StatusOf(_):
            return c.Literal(choose.integer(0, 2), Kind.LEVEL)
        case c.CounterValue(_) | c.CounterSum(_):
            return c.Literal(choose.one_of((0, 1, 2, 3, 5, 10, 100, 1000, 5000, 20_000)), Kind.NUMBER)
        case c.EventDay():
            return c.Literal(STARTS + choose.one_of((0, 1, 12, 40, 72, 100, 400)), Kind.DATE)
        case c.DaysSince(_):
            return c.Literal(choose.one_of((0, 1, 10, 30, 365, 2**30)), Kind.NUMBER)
        case c.IsReferred():
            return c.Literal(choose.integer(0, 1), Kind.YES_NO)
        case c.BalanceOf(_):
            return c.Literal(choose.one_of((0, 1, 10, 50, 100, 500)), Kind.UNITS)
        case _:
            return c.Literal(choose.one_of((0, 1, 7, 31, 62, 63, 365)), Kind.NUMBER)


def draw_value(choose: Chooser, field: Field) -> int:
    """A value of a field."""
    match field.kind:
        case Kind.ONE_OF:
            return choose.integer(0, len(field.values) - 1)
        case Kind.YES_NO:
            return choose.integer(0, 1)
        case Kind.DATE:
            return STARTS + choose.integer(-3, 40)
        case _:
            return choose.one_of((0, 1, 2, 3, 61, 62, 63, 64, 1000))


def maybe_condition(choose: Chooser, operands: Sequence[c.Operand]) -> c.Condition | None:
    return draw_condition(choose, operands) if operands and choose.integer(0, 2) == 2 else None
