"""Checked conditions on an event, its items and the member's state.

Invariant: the two sides of a comparison are of one kind and in the same units, and an item's field
occurs only in an item filter.
"""

from collections.abc import Iterator
from enum import Enum
from typing import assert_never

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.language.windows import Period


class Base(Enum):
    """Which of an event's two amounts: before or after this program's own rewards."""

    BASKET = "basket"
    AMOUNT = "amount"


@record
class Literal:
    """A constant, in the units of `kind`."""

    value: int
    kind: Kind


@record
class EventField:
    """The value of an event's field."""

    field: Field


@record
class ItemField:
    """The value of the item's field; only inside an item filter."""

    field: Field


@record
class EventAmount:
    """The event's basket or amount, all items."""

    base: Base


@record
class BalanceOf:
    """The available balance of a currency, just before the rule is evaluated."""

    currency: int


@record
class DaysSinceJoin:
    """Whole days from the member's join to the event."""


@record
class MemberField:
    """The value of a field of the member, as the latest event says it."""

    field: Field


@record
class EventDay:
    """The day of the event, or of the midnight."""


@record
class CountedDay:
    """The day as of which counters are read: that of the event or, where a term ends or a review comes, the
    day before. It says by which version of a program a level is decided (VERSION-5)."""


@record
class EventWeekday:
    """The day of the week of the event, or of the midnight: 0 for Monday."""


@record
class StatusOf:
    """The level held on a ladder, by index."""

    ladder: int


@record
class CounterValue:
    """A counter, before this event moves it; `previous` is that of the window before the present one."""

    counter: int
    previous: bool = False


@record
class CounterSum:
    """The sum of coefficient * counter over `terms`."""

    terms: tuple[tuple[int, CounterValue], ...]


@record
class IsReferred:
    """1 for a member whom another one referred."""


@record
class HeldOut:
    """1 for a member who is held out of this audience (AUDIENCE-2)."""

    audience: str


@record
class DaysSince:
    """The event's day less a date field; more than 2^30 where nobody has said the date."""

    of: "EventField | MemberField"


@record
class BusinessDays:
    """So many days from Monday to Friday; holidays are not known."""

    count: int


@record
class DayWithin:
    """The last day that is within a time of a date field: the date plus the time or, with `window`, the last
    day of the window that holds the date plus the time. No date where nobody has said it."""

    of: "EventField | MemberField"
    length: Duration | BusinessDays
    window: Unit | Period | None = None


Operand = (
    Literal
    | EventField
    | ItemField
    | EventAmount
    | BalanceOf
    | DaysSinceJoin
    | MemberField
    | EventDay
    | CountedDay
    | EventWeekday
    | StatusOf
    | CounterValue
    | CounterSum
    | IsReferred
    | HeldOut
    | DaysSince
    | DayWithin
)


class Order(Enum):
    """A comparison."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@record
class Compare:
    """`left order right`; both of one kind."""

    left: Operand
    order: Order
    right: Operand


@record
class OneAmong:
    """The operand is one of `values`."""

    operand: Operand
    values: tuple[int, ...]


@record
class Not:
    condition: "Condition"


@record
class All:
    conditions: tuple["Condition", ...]


@record
class Any:
    conditions: tuple["Condition", ...]


Condition = Compare | OneAmong | Not | All | Any


def operands_of(condition: Condition | None) -> Iterator[Operand]:
    """Everything that a condition reads or compares with, as it is written from left to right."""
    match condition:
        case None:
            return
        case Compare(left, _, right):
            yield left
            yield right
        case OneAmong(operand, _):
            yield operand
        case Not(inner):
            yield from operands_of(inner)
        case All(conditions) | Any(conditions):
            for inner in conditions:
                yield from operands_of(inner)
        case _:
            assert_never(condition)


def reads_event(condition: Condition | None) -> bool:
    """Whether a condition reads an amount or a field of the event; a reward alone has neither (REDEEM-4)."""
    return any(_is_of_event(operand) for operand in operands_of(condition))


def _is_of_event(operand: Operand) -> bool:
    if isinstance(operand, DaysSince | DayWithin):
        operand = operand.of
    return isinstance(operand, EventAmount | EventField)
