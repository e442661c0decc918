"""What a condition may ask about, and whether it holds (EVENT-4, TIME-6).

Invariant: facts are fixed while a condition is evaluated. Whoever asks again after a reward was used,
or after a day went by, asks with new facts.
"""

from collections.abc import Sequence
from typing import assert_never

import attrs

from loyalty_dsl.calendar import day_of_month, day_of_year, weekday
from loyalty_dsl.evaluation.deadlines import last_day_within
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Base,
    Compare,
    Condition,
    CountedDay,
    CounterSum,
    CounterValue,
    DaysSince,
    DaysSinceJoin,
    DayWithin,
    EventAmount,
    EventDay,
    EventField,
    EventWeekday,
    HeldOut,
    IsReferred,
    ItemField,
    Literal,
    MemberField,
    Not,
    OneAmong,
    Operand,
    Order,
    StatusOf,
)
from loyalty_dsl.language.program import Dates, DayRange, DaysOfMonth, DaysOfWeek, DaysOfYear


@attrs.frozen
class Facts:
    """An event and its member at one moment of it.

    Attributes:
        fields: values of the event's fields, by index.
        basket, amount: minor units, before this program's rewards and after those taken so far.
        available: what is available of each currency, by index.
        days_since_join: 0 on the joined day.
        member: values of the member's fields, by index.
        day: of the event, or of the midnight.
        counted: the day as of which counters are read.
        levels: the level held on each ladder, by index.
        counters: what each counter has in its present window, by index.
        previous: the same in the window before, of counters whose window has one.
        referred: whether another member brought this one.
        held_out: the audiences that the member is held out of (AUDIENCE-2).
    """

    fields: tuple[int, ...]
    basket: int
    amount: int
    available: tuple[int, ...]
    days_since_join: int
    member: tuple[int, ...] = ()
    day: int = 0
    levels: tuple[int, ...] = ()
    counters: tuple[int, ...] = ()
    previous: tuple[int, ...] = ()
    referred: bool = False
    counted: int = 0
    held_out: frozenset[str] = frozenset()


def holds(condition: Condition | None, facts: Facts, item: Sequence[int] = ()) -> bool:
    """Whether a condition holds; one that was not written does.

    Args:
        item: values of the item's fields, by index, inside an item filter.
    """
    match condition:
        case None:
            return True
        case Compare(left, order, right):
            return _compare(value_of(left, facts, item), order, value_of(right, facts, item))
        case OneAmong(operand, values):
            return value_of(operand, facts, item) in values
        case Not(inner):
            return not holds(inner, facts, item)
        case All(conditions):
            return all(holds(inner, facts, item) for inner in conditions)
        case Any(conditions):
            return any(holds(inner, facts, item) for inner in conditions)
        case _:
            assert_never(condition)


def value_of(operand: Operand, facts: Facts, item: Sequence[int] = ()) -> int:
    """The value of an operand, in the units of its kind."""
    match operand:
        case Literal(value, _):
            return value
        case EventField(field):
            return facts.fields[field.index]
        case ItemField(field):
            return item[field.index]
        case EventAmount(base):
            return facts.basket if base is Base.BASKET else facts.amount
        case BalanceOf(currency):
            return facts.available[currency]
        case DaysSinceJoin():
            return facts.days_since_join
        case MemberField(field):
            return facts.member[field.index]
        case EventDay():
            return facts.day
        case CountedDay():
            return facts.counted
        case EventWeekday():
            return weekday(facts.day)
        case StatusOf(ladder):
            return facts.levels[ladder]
        case CounterValue(counter, previous):
            return facts.previous[counter] if previous else facts.counters[counter]
        case CounterSum(terms):
            return sum(factor * value_of(counter, facts) for factor, counter in terms)
        case IsReferred():
            return int(facts.referred)
        case HeldOut(audience):
            return int(audience in facts.held_out)
        case DayWithin():
            return last_day_within(operand, value_of(operand.of, facts))
        case DaysSince(of):
            return facts.day - value_of(of, facts)
        case _:
            assert_never(operand)


def _compare(left: int, order: Order, right: int) -> bool:
    match order:
        case Order.EQUAL:
            return left == right
        case Order.LESS:
            return left < right
        case Order.AT_MOST:
            return left <= right
        case Order.MORE:
            return left > right
        case Order.AT_LEAST:
            return left >= right
        case _:
            assert_never(order)


def dates_hold(clauses: tuple[tuple[Dates, ...], ...], day: int) -> bool:
    """Whether a day satisfies every `dates` clause, by any alternative of each (TIME-6)."""
    return all(any(_has_day(dates, day) for dates in alternatives) for alternatives in clauses)


def _has_day(dates: Dates, day: int) -> bool:
    match dates:
        case DayRange(first, last):
            return first <= day <= last
        case DaysOfMonth(first, last):
            return first <= day_of_month(day) <= last
        case DaysOfYear(first, last):
            if first <= last:
                return first <= day_of_year(day) <= last
            return day_of_year(day) >= first or day_of_year(day) <= last
        case DaysOfWeek(days):
            return weekday(day) in days
        case _:
            assert_never(dates)
