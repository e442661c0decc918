"""What conditions read, as nouns: fields, amounts, balances, days, and constants in their units."""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import Duration, format_time
from loyalty_dsl.explanation.terms.naming import counter_noun, field_noun, is_named, sum_noun, total_of
from loyalty_dsl.explanation.terms.words import (
    Words,
    counted,
    date_words,
    human,
    length_words,
    number,
    quoted,
    window_name,
)
from loyalty_dsl.language.conditions import (
    BalanceOf,
    Base,
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
from loyalty_dsl.language.types import Field, Kind


def choice(field: Field, value: int) -> str:
    """A value of a field that is one of several."""
    return quoted(human(field.values[value]))


def until_words(within: DayWithin) -> str:
    """`within 4 years after your “verified” date`."""
    length = within.length
    time = length_words(length) if isinstance(length, Duration) else counted(length.count, "business day")
    if within.window is None:
        return f"within {time} after {field_noun(within.of)}"
    return (
        f"no later than {time} after the end of the {window_name(within.window)} of {field_noun(within.of)}"
    )


def noun(words: Words, operand: Operand, of: str, beside: Operand | None = None) -> str:
    """What a comparison reads; a constant in the units of what it is compared with."""
    match operand:
        case Literal(value, kind):
            return _literal(words, value, kind, beside)
        case EventField() | ItemField() | MemberField():
            return field_noun(operand)
        case EventAmount(base):
            return "the basket" if base is Base.BASKET else f"the amount of {of}"
        case BalanceOf(currency):
            return f"your available balance of {words.label(currency)}"
        case DaysSinceJoin():
            return "the number of days since you joined"
        case EventDay() | CountedDay():
            return "the day"
        case EventWeekday():
            return "the day of the week"
        case StatusOf(ladder):
            return f"your {words.ladder(ladder)}"
        case CounterValue(counter, previous):
            return counter_noun(words, counter, previous)
        case CounterSum():
            return sum_noun(words, operand)
        case IsReferred():
            return "whether another member referred you"
        case HeldOut():
            return "whether you were selected for this offer"
        case DaysSince(since):
            return f"the number of days since {field_noun(since)}"
        case DayWithin():
            return until_words(operand)
        case _:
            assert_never(operand)


def _literal(words: Words, value: int, kind: Kind, beside: Operand | None) -> str:
    match kind:
        case Kind.MONEY:
            return words.money(value)
        case Kind.DATE:
            return date_words(value)
        case Kind.UNITS:
            currency = _currency_of(words, beside)
            if currency is None:
                return number(value)
            named = isinstance(beside, CounterSum) or (
                isinstance(beside, CounterValue) and is_named(words.program, beside.counter)
            )
            return words.bare(currency, value) if named else words.units(currency, value)
        case Kind.TIME:
            return format_time(value)
        case Kind.LEVEL if isinstance(beside, StatusOf):
            return words.level(beside.ladder, value)
        case _:
            if (
                isinstance(beside, CounterSum)
                and (found := total_of(words.program, beside.terms)) is not None
            ):
                return number(Fraction(value, found[0].scale))
            return number(value)


def _currency_of(words: Words, operand: Operand | None) -> int | None:
    match operand:
        case BalanceOf(currency):
            return currency
        case CounterValue(counter):
            return words.program.counters[counter].currency
        case CounterSum(terms):
            return words.program.counters[terms[0][1].counter].currency
        case _:
            return None
