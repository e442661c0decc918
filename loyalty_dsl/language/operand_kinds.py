"""The type of what a condition reads, as its words and its values depend on it.

Invariant: the two sides of a checked comparison are of one kind, so either may be asked.
"""

from typing import assert_never

from loyalty_dsl.language.conditions import (
    BalanceOf,
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
    Operand,
    StatusOf,
)
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Kind


def kind_of(program: Program, operand: Operand) -> Kind:
    """The kind of an operand; that of a constant is the one it was checked against."""
    match operand:
        case Literal(_, kind):
            return kind
        case EventField(field) | ItemField(field) | MemberField(field):
            return field.kind
        case EventAmount():
            return Kind.MONEY
        case BalanceOf():
            return Kind.UNITS
        case EventDay() | CountedDay() | DayWithin():
            return Kind.DATE
        case DaysSinceJoin() | DaysSince() | EventWeekday():
            return Kind.NUMBER
        case StatusOf():
            return Kind.LEVEL
        case CounterValue(counter):
            return program.counters[counter].kind
        case CounterSum(terms):
            return program.counters[terms[0][1].counter].kind
        case IsReferred() | HeldOut():
            return Kind.YES_NO
        case _:
            assert_never(operand)
