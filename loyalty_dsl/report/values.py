"""Values of fields and counters, as people read them.

Invariant: a value is written as a program would write it, so that it can be copied into one.
"""

from typing import assert_never

from loyalty_dsl.calendar import format_day, format_time
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, Field, Kind
from loyalty_dsl.quantities import format_money


def measured_in_words(program: Program, kind: Kind, currency: int, value: int) -> str:
    """The value of a counter in its units.

    Args:
        currency: of a counter of earned units; -1 for any other.
    """
    if kind is Kind.MONEY:
        return format_money(value, program.money)
    if kind is Kind.UNITS:
        return amount_in_words(program, program.currencies[currency], value)
    return f"{value:,}"


def value_in_words(program: Program, field: Field, value: int) -> str:
    """A field's value as it is written."""
    match field.kind:
        case Kind.YES_NO:
            return "yes" if value else "no"
        case Kind.ONE_OF:
            return field.values[value]
        case Kind.MONEY:
            return format_money(value, program.money)
        case Kind.DATE:
            return "no date" if value == NO_DATE else format_day(value)
        case Kind.TIME:
            return format_time(value)
        case Kind.NUMBER | Kind.UNITS | Kind.LEVEL:
            return f"{value:,}"
        case _:
            assert_never(field.kind)
