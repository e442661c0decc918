"""How an amount came about, a line a step: `2 points per $1 of $121.50 = 243 points`.

Invariant: figures are exact; what does not end after four decimals is said to be about so much.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.evaluation.witness import RulePaid, RuleWorth
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.explanation.workings import Working
from loyalty_dsl.language.amounts import (
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
from loyalty_dsl.language.program import Currency, EarnRule, Program, RoundPer
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MINOR_DIGITS, format_money, rounded
from loyalty_dsl.report.condition_wording import condition_in_words, operand_name, operand_value
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.values import value_in_words
from loyalty_dsl.source import Span

_DECIMALS = 4


def place_of(span: Span) -> str:
    """The file and line of something: `rules.loyalty:41`."""
    return f"{span.source.name}:{span.line}"


def exact_in_words(program: Program, currency: Currency, exact: Fraction) -> str:
    """An amount before rounding: `243.5 points`."""
    if exact.denominator == 1:
        return amount_in_words(program, currency, int(exact))
    number = _decimal(exact / currency.scale)
    return (
        f"{number} {currency.name}" if not currency.in_money else f"{number} {program.money} {currency.name}"
    )


def _decimal(value: Fraction) -> str:
    scaled = value * 10**_DECIMALS
    about = "" if scaled.denominator == 1 else "about "
    whole, part = divmod(round(scaled), 10**_DECIMALS)
    decimals = f"{part:0{_DECIMALS}}".rstrip("0")
    return f"{about}{whole:,}{'.' + decimals if decimals else ''}"


def share_in_words(share: Fraction) -> str:
    """A share as a percentage."""
    return f"{_decimal(share * 100)}%"


def rate_in_words(program: Program, currency: Currency, units: int, per: int, *, whole: bool) -> str:
    """`2 points per $1`, `1 point per whole $10`."""
    if whole:
        return f"{amount_in_words(program, currency, units)} per whole {_money(program, per)}"
    one = 10 ** MINOR_DIGITS[program.money]
    rate = Fraction(units * one, per)
    if currency.in_money:
        return f"{share_in_words(Fraction(units, per))} back"
    if rate >= currency.scale and (rate / currency.scale * 10**_DECIMALS).denominator == 1:
        single = rate == currency.scale
        name = singular_of(currency.name) if single else currency.name
        return f"{_decimal(rate / currency.scale)} {name} per {_money(program, one)}"
    return f"{amount_in_words(program, currency, units)} per {_money(program, per)}"


def _money(program: Program, minor: int) -> str:
    return format_money(minor, program.money).removesuffix(".00")


def working_lines(program: Program, rule: EarnRule, worth: RuleWorth, working: Working) -> list[str]:
    """What the amount is, step by step, before rounding and limits."""
    currency = program.currencies[rule.currency]

    def exact(amount: Fraction) -> str:
        return exact_in_words(program, currency, amount)

    row = row_in_words(program, working)
    lines = [f"row {row}"] if row else []
    lines += _slices(program, currency, working)
    says = _amount(program, rule, worth, working)
    if not (isinstance(working.amount, Slices) and len(working.slices) == 1):  # that line says it all
        plain = isinstance(working.amount, Flat | Nothing)
        lines.append(says if plain else f"{says} = {exact(working.exact)}")
    if rule.raises:
        others = " and ".join(
            f"`{program.earns[raised].name}` ({exact(passed)})" for raised, passed in working.raised
        )
        lines.append(f"raises {others} to that: {exact(working.total)} more")
    return lines


def row_in_words(program: Program, working: Working) -> str:
    """The row of a table that gave the amount, with its line; "" without one, and for slices."""
    told = []
    for row in working.rows:
        if isinstance(working.amount, Slices):
            continue
        words = "others" if row.when is None else condition_in_words(program, row.when)
        told.append(words if row.span is None else f"{words} ({place_of(row.span)})")
    return ", ".join(told)


def _slices(program: Program, currency: Currency, working: Working) -> list[str]:
    amount = working.amount
    if not isinstance(amount, Slices):
        return []
    money, counted_in = _is_money(program, amount.base), _currency_of(program, amount.base)

    def said(value: int) -> str:
        if isinstance(amount.base, Base):
            return format_money(value, program.money)
        return operand_value(program, amount.base, value)

    lines = []
    last = amount.starts[-1] if amount.units[-1] == 0 and not isinstance(amount.base, Base) else None
    for each in working.slices:
        end = "" if each.end in (None, last) else f" to {said(each.end or 0)}"  # EARN-16: what is countable
        if money:
            rate = rate_in_words(program, currency, each.units, each.per, whole=False)
        elif counted_in is not None and counted_in.in_money and currency.in_money:
            rate = share_in_words(Fraction(each.units, each.per))
        else:
            rate = f"{amount_in_words(program, currency, each.units)} per {said(each.per)}"
        worth = exact_in_words(program, currency, each.exact)
        lines.append(f"from {said(each.start)}{end}: {rate} of {said(each.within)} = {worth}")
    return lines


def _currency_of(program: Program, base: CounterValue | CounterSum | MemberField | Base) -> Currency | None:
    """The currency whose units are counted by what slices are of; `None` for anything else."""
    if isinstance(base, CounterSum):
        base = base.terms[0][1]
    if not isinstance(base, CounterValue) or program.counters[base.counter].kind is not Kind.UNITS:
        return None
    return program.currencies[program.counters[base.counter].currency]


def _is_money(program: Program, base: CounterValue | CounterSum | MemberField | Base) -> bool:
    match base:
        case CounterValue(counter):
            return program.counters[counter].kind is Kind.MONEY
        case CounterSum(terms):
            return program.counters[terms[0][1].counter].kind is Kind.MONEY
        case MemberField(field):
            return field.kind is Kind.MONEY
        case Base():
            return True


def _amount(program: Program, rule: EarnRule, worth: RuleWorth, working: Working) -> str:
    currency, amount, of = program.currencies[rule.currency], working.amount, working.of or 0
    items = _items(rule, worth)
    match amount:
        case Flat(units) if not worth.seen.passing:
            return f"{amount_in_words(program, currency, units)} for items, and none passes"
        case Flat(units):
            return amount_in_words(program, currency, units)
        case PerMoney(units, per, whole, base, times):
            rate = rate_in_words(program, currency, units, per, whole=whole)
            by = "" if times is None else f" x {working.times:,} {times.name}"
            return f"{rate} of {_of_money(program, base, of)}{items}{by}"
        case Share(share, base):
            return f"{share_in_words(share)} of {_of_money(program, base, of)}{items}"
        case PerField(units, per, whole, field, times):
            each = f"{'whole ' if whole else ''}{value_in_words(program, field, per)} {field.name}"
            by = "" if times is None else f" x {working.times:,} {times.name}"
            given = amount_in_words(program, currency, units)
            return f"{given} per {each}, and {field.name} is {value_in_words(program, field, of)}{by}"
        case PerItem(units):
            return f"{amount_in_words(program, currency, units)} for each of {counted(of, 'item')}"
        case Slices(base=base):
            name = base.value if isinstance(base, Base) else operand_name(program, base)
            return f"{counted(len(working.slices), 'slice')} of {name}"
        case ShareOfRules(share, _):
            others = " and ".join(
                f"`{program.earns[index].name}` ({exact_in_words(program, currency, passed)})"
                for index, passed in working.shares
            )
            return f"{share_in_words(share)} of what {others} gave"
        case OfStrategy(name, operands, _):
            told = ", ".join(
                f"{operand_name(program, operand)} {operand_value(program, operand, value)}"
                for operand, value in zip(operands, working.answers, strict=True)
            )
            return f"strategy `{name}` of {told}"
        case Nothing():
            return "nothing"
        case Choice():
            raise AssertionError("its rows have been looked up")
        case _:
            assert_never(amount)


def _of_money(program: Program, base: Base, minor: int) -> str:
    return f"{format_money(minor, program.money)}{' before rewards' if base is Base.BASKET else ''}"


def _items(rule: EarnRule, worth: RuleWorth) -> str:
    if rule.items is None:
        return ""
    return f" ({counted(len(worth.seen.positions), 'item')} that {_pass(len(worth.seen.positions))})"


def _pass(count: int) -> str:
    return "passes" if count == 1 else "pass"


def rounding_line(program: Program, rule: EarnRule, paid: RulePaid) -> str | None:
    """What rounding made of an amount; `None` where it changed nothing."""
    currency = program.currencies[rule.currency]
    if paid.exact == paid.uncut:
        return None
    to = amount_in_words(program, currency, paid.uncut)
    alone = rounded(paid.exact, currency.rounding) == paid.uncut
    if currency.round_per is RoundPer.EVENT and not alone:
        return f"rounded {currency.rounding.value}, with what else the event earned: {to}"
    return f"rounded {currency.rounding.value}: {to}"
