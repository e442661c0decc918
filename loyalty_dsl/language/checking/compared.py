"""What a test compares, in words: the kind of a written value, and what a measure is compared with.

Invariant: nothing here reports anything; conditions say where it went wrong.
"""

from typing import assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.measures import Measured
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.syntax.leaves import TimeLiteral
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import symbol_of


def value_in_words(scope: ProgramScope, value: syntax.Value) -> str:
    """What kind of value is written."""
    match value:
        case syntax.Number():
            return "a number"
        case syntax.Money():
            return "money"
        case syntax.Percent():
            return "a share"
        case syntax.DateLiteral():
            return "a date"
        case TimeLiteral():
            return "a time of day"
        case syntax.YesNo():
            return "a yes or no"
        case syntax.Name():
            return "a name"
        case syntax.Quantity(unit=unit):
            currency = None if unit is None else scope.currencies.find(unit.text)
            return "a number with a unit" if currency is None else f"an amount of `{currency.name}`"
        case _:
            assert_never(value)


def how_to_compare(scope: ProgramScope, measured: Measured, value: syntax.Value) -> str:
    """How a measure is compared instead."""
    match measured.kind:
        case Kind.MONEY if isinstance(value, syntax.Number):
            return f"write `{symbol_of(scope.money or '')}{value.span.text}`"
        case Kind.MONEY if isinstance(value, syntax.Quantity) and isinstance(value.number, syntax.Number):
            return f"write `{symbol_of(scope.money or '')}{value.number.span.text}`"
        case Kind.NUMBER if isinstance(value, syntax.Quantity):
            return f"write `{value.number.span.text}` alone"
        case Kind.MONEY:
            return "compare it with money, such as `$20`"
        case Kind.UNITS if measured.currency is not None:
            return f"compare it with an amount of `{measured.currency.name}`"
        case Kind.DATE:
            return "compare it with a date: `before`, `from` or `through` a day"
        case Kind.TIME:
            return "compare it with a time of day, such as `time from 14:00`"
        case Kind.ONE_OF:
            return "compare it with one of its values"
        case Kind.LEVEL if measured.ladder is not None and measured.ladder.levels:
            return f"compare it with a level, such as `{measured.ladder.levels[-1]}`"
        case _:
            return "compare it with a whole number"
