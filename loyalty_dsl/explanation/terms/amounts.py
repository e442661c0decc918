"""What earn rules give, in words: amounts and rates, and their tables.

Invariant: an amount is a noun phrase after `you get`; a choice is a table with a row for each of its leaves.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from loyalty_dsl.explanation.terms.cases import Row, grid, tests_of
from loyalty_dsl.explanation.terms.document import Block, Sentence, TermsTable
from loyalty_dsl.explanation.terms.naming import counter_noun, field_noun, sum_noun
from loyalty_dsl.explanation.terms.words import Words, human, listed, number, percent, quoted, titled
from loyalty_dsl.language.amounts import (
    Amount,
    Choice,
    Flat,
    Nothing,
    OfStrategy,
    PerField,
    PerItem,
    PerMoney,
    Share,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.conditions import Base, CounterSum, CounterValue, MemberField
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.source import Span


def leaves(amount: Amount) -> list[Row[Amount]]:
    """The leaves of an amount, each with what has to hold."""
    if not isinstance(amount, Choice):
        return [Row((), amount)]
    rows = []
    for case in amount.cases:
        for row in leaves(case.amount):
            rows.append(Row((*tests_of(case.when), *row.tests), row.value))
    return rows + leaves(amount.otherwise)


def amount_table(words: Words, amount: Choice, currency: int, of: str, spans: tuple[Span, ...]) -> TermsTable:
    """A row for each leaf."""
    rows = leaves(amount)
    tests = grid(words, rows, of)
    told = [rate(words, row.value, currency, of) for row in rows]
    return TermsTable(
        (*tests.header, "You get"),
        tuple((*cells, said) for cells, said in zip(tests.cells, told, strict=True)),
        spans,
    )


def rate(words: Words, amount: Amount, currency: int, of: str) -> str:
    """An amount that is no choice, as what somebody gets."""
    match amount:
        case Flat(units):
            return words.units(currency, units)
        case PerMoney(units, per, whole, base, times):
            given, sum_ = (Fraction(units), per) if whole else _round_sum(words, units, per, currency)
            each = f"for each whole {words.money(sum_)}" if whole else f"per {words.money(sum_)}"
            return f"{words.units(currency, given)} {each} {_of_base(base, of)}{_times(times)}"
        case Share(share, base):
            return f"{percent(share)} of {_whole_base(base, of)}, in {words.label(currency)}"
        case PerField(units, per, False, field, times) if (
            per > 1 and _is_mass(field) and 100 * units % per == 0
        ):
            scale = words.currency(currency).scale
            part = percent(Fraction(units, per * scale))
            return f"{part} of the {human(field.name)}, in {words.label(currency)}{_times(times)}"
        case PerField(units, 1, _, field, None) if (
            _is_mass(field) and units == words.currency(currency).scale
        ):
            return f"as many {words.label(currency)} as the number {quoted(human(field.name))} says"
        case PerField(units, per, whole, field, times):
            return f"{words.units(currency, units)} {_per_field(words, per, whole, field)}{_times(times)}"
        case PerItem(units):
            return f"{words.units(currency, units)} for each item"
        case ShareOfRules(share, rules):
            names = [words.rule(rule) for rule in rules]
            both = f"{'together ' if len(names) > 1 else ''}"
            told = f"{percent(share)} of what {listed(names)} {both}{'give' if len(names) > 1 else 'gives'}"
            other = {words.program.earns[rule].currency for rule in rules} != {currency}
            return f"{told}, in {words.label(currency)}" if other else told
        case OfStrategy(_, _, most):
            return f"an amount that is worked out for you, at most {words.units(currency, most)}"
        case Nothing():
            return "nothing"
        case Slices():
            told = _slices(words, amount, currency, of)
            return f"{told}, in {words.label(currency)}" if _is_share(words, amount.base, currency) else told
        case Choice():
            return "what the table says"
        case _:
            assert_never(amount)


def _round_sum(words: Words, units: int, per: int, currency: int) -> tuple[Fraction, int]:
    """A rate of several units per an odd sum as one per 1, 10 or 100 of the money, where that reads well."""
    scale = words.currency(currency).scale
    shown, whole = Fraction(units, scale), 10 ** MINOR_DIGITS[words.program.money]
    if shown == 1 or per % whole or str(per // whole).strip("0") == "1":
        return Fraction(units), per
    for power in (1, 10, 100, 1000):
        value = shown * power * whole / per
        if value >= 1 and (value * 100).denominator == 1:
            return value * scale, power * whole
    return Fraction(units), per


def _times(times: Field | None) -> str:
    return "" if times is None else f", times the {quoted(human(times.name))} number"


def _of_base(base: Base, of: str) -> str:
    return "that you spend" if base is Base.AMOUNT else f"of the basket of {of}"


def _whole_base(base: Base, of: str) -> str:
    return "what you spend" if base is Base.AMOUNT else f"the basket of {of}"


def _is_mass(field: Field) -> bool:
    """Whether a field names no thing that is counted one by one: a distance, not nights."""
    return field.kind is Kind.NUMBER and singular_of(human(field.name)) == human(field.name)


def _per_field(words: Words, per: int, whole: bool, field: Field) -> str:
    name = human(field.name)
    if field.kind is Kind.MONEY:
        return f"{'for each whole' if whole else 'per'} {words.money(per)} of the {name} amount"
    one = singular_of(name)
    each = "for each " + ("whole " if whole and per > 1 else "")
    if one == name:
        return (
            f"for each {number(per) if per > 1 else 'one'} of the {name}"
            if per > 1
            else f"for each unit of {quoted(name)}"
        )
    return each + (one if per == 1 else f"{number(per)} {name}")


def _slices(words: Words, amount: Slices, currency: int, of: str) -> str:
    """Each band of a base at its own rate; the last of a counter, where counting ends, is not told."""
    counted = not isinstance(amount.base, Base)
    bands = list(zip(amount.starts, amount.units, amount.per, strict=True))
    if counted and bands[-1][1] == 0 and len(bands) > 1:
        bands = bands[:-1]
    base = _base_noun(words, amount.base, of)
    in_money = words.currency(currency).in_money or _is_money(words, amount.base)
    told = []
    for place, (start, units, per) in enumerate(bands):
        given = _band(words, amount.base, units, per, currency)
        if len(bands) == 1:
            return f"{given} {base}"
        end = bands[place + 1][0] if place + 1 < len(bands) else None
        shown, until = (
            _at(words, amount.base, each, in_money) if each is not None else "" for each in (start, end)
        )
        where = (
            f"above {shown}" if end is None else f"up to {until}" if not start else f"from {shown} to {until}"
        )
        told.append(f"{given} what is {where}" if units else f"nothing for what is {where}")
    return f"for each part of {base}, {listed(told)}"


def _band(words: Words, base: object, units: int, per: int, currency: int) -> str:
    if not units:
        return "nothing of"
    if isinstance(base, MemberField):
        return f"{words.units(currency, units)} for each {number(per) + ' ' if per > 1 else ''}of"
    if _is_share(words, base, currency):
        return f"{percent(Fraction(units, per))} of"
    return f"{words.units(currency, units)} per {words.money(per)} of"


def _is_share(words: Words, base: object, currency: int) -> bool:
    """Whether so much per so much is a share: of money in money, or of one currency in another."""
    match base:
        case MemberField():
            return False
        case CounterSum():
            return True
        case CounterValue(counter) if words.program.counters[counter].kind is Kind.UNITS:
            return True
        case _:
            return words.currency(currency).in_money


def _at(words: Words, base: object, value: int, in_money: bool) -> str:
    if isinstance(base, CounterValue):
        counter = words.program.counters[base.counter]
        return words.units(counter.currency, value) if counter.kind is Kind.UNITS else words.money(value)
    return words.money(value) if in_money or isinstance(base, Base) else number(value)


def _is_money(words: Words, base: object) -> bool:
    return isinstance(base, CounterValue) and words.program.counters[base.counter].kind is Kind.MONEY


def _base_noun(words: Words, base: object, of: str) -> str:
    match base:
        case Base():
            return _whole_base(base, of)
        case CounterValue(counter, previous):
            return counter_noun(words, counter, previous)
        case CounterSum():
            return sum_noun(words, base)
        case MemberField(field):
            return f"your {human(field.name)}" if field.kind is Kind.NUMBER else field_noun(base)
        case _:
            raise AssertionError("a base is an amount of the event, a counter or a field")


def gives(words: Words, amount: Amount, currency: int, of: str, spans: tuple[Span, ...]) -> Iterator[Block]:
    """The blocks that say what a rule gives, after its occasion has been told as `WHEN, you get`."""
    if isinstance(amount, Choice):
        yield amount_table(words, amount, currency, of, spans)
        if not grid(words, leaves(amount), of).exclusive:
            yield Sentence("The first row that applies counts.", spans)
    else:
        yield Sentence(f"{titled(rate(words, amount, currency, of))}.", spans)
