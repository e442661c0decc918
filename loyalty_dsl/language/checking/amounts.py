"""Written numbers as whole smallest units: money, amounts of a currency, counts, days.

Invariant: every number that leaves here is exact, not negative and at most `LARGEST`; what cannot be
written in whole units is refused, never rounded.
"""

import re
from datetime import date
from fractions import Fraction
from functools import lru_cache

from loyalty_dsl.calendar import Duration, Unit, day_of
from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.quantities import MAX_AMOUNT, format_money, format_units, symbol_of
from loyalty_dsl.source import Span

LARGEST = 10**12
"""The largest amount that a program may name, in smallest units: a trillion, far inside 64 bits."""

RATE_DECIMALS = 8
"""The most decimals of a rate, a percentage or a cost, so that common denominators stay small."""

MOST_OF_FACE = Fraction(10)
"""The most that something may cost, as a share of its face value."""

FIRST_DAY = day_of(date(1900, 1, 1))
LAST_DAY = day_of(date(2199, 12, 31))
"""Dates of this range can be moved by any duration of `LONGEST_YEARS` and are still dates."""

LONGEST_YEARS = 100

_UNITS = {form: unit for unit in Unit for form in (unit.value, unit.value + "s")}
_PER_YEAR = {Unit.DAY: 365, Unit.WEEK: 52, Unit.MONTH: 12, Unit.QUARTER: 4, Unit.YEAR: 1}


def exact_money(scope: ProgramScope, money: syntax.Money) -> Fraction | None:
    """An amount of money in minor units, decimals and all; `None` if it is not of the program's money."""
    if scope.money is None or scope.digits is None:
        return None
    if scope.digits != 3 and not _verify_no_thousands(scope, money.span):
        return None
    symbol = symbol_of(scope.money)
    if money.symbol != symbol:
        scope.findings.report(
            "L304",
            money.span,
            f"`{money.span.text}` is not in {scope.money}, the money of `{scope.name.text}`",
            help=f"write amounts of {scope.money} with `{symbol}`",
            edit=Edit(money.span, symbol + money.span.text[1:]),
        )
        return None
    return _in_minor(money.value.numerator, money.value.denominator, scope.digits)


@lru_cache(4096)
def _in_minor(numerator: int, denominator: int, digits: int) -> Fraction:
    return Fraction(int(numerator * 10**digits), denominator)


_LIKE_THOUSANDS = re.compile(r"[^\d]?([1-9]\d{0,2})\.(\d\d0)")


def _verify_no_thousands(scope: ProgramScope, span: Span) -> bool:
    """Whether a number is not written as half of the world writes thousands; if it is, it is reported."""
    match = _LIKE_THOUSANDS.fullmatch(span.text)
    if match is None:
        return True
    thousands = span.text.replace(".", ",")
    scope.findings.report(
        "L323", span, f"`{span.text}` could be read as {match.group(1)},{match.group(2)}",
        help=f"write `{thousands}`, or `{span.text.rstrip('0').rstrip('.')}` without zeros at its end",
    )  # fmt: skip
    return False


def whole_money(scope: ProgramScope, money: syntax.Money, most: int = LARGEST) -> int | None:
    """An amount of money in whole minor units."""
    exact = exact_money(scope, money)
    if exact is None or scope.digits is None:
        return None
    if exact.denominator != 1:
        decimals = f"{scope.digits} decimals" if scope.digits else "no decimals"
        scope.findings.report(
            "L305", money.span, f"`{money.span.text}` is finer than {scope.money}, which has {decimals}",
            help="write an amount that can be paid",
        )  # fmt: skip
        return None
    if exact <= most:
        return int(exact)
    return in_range(scope, int(exact), money.span, most, f"{symbol_of(str(scope.money))}"
                    f"{format_units(most, 10**scope.digits)}")  # fmt: skip


def positive_money(scope: ProgramScope, money: syntax.Money, most: int = LARGEST) -> int | None:
    """An amount of money in whole minor units, more than nothing."""
    minor = whole_money(scope, money, most)
    return more_than_nothing(scope, minor, money.span)


def fine_money(scope: ProgramScope, money: syntax.Money) -> Fraction | None:
    """A cost or a worth in minor units, which may be finer than what can be paid."""
    exact = exact_money(scope, money)
    if exact is None or not fine_enough(scope, money.value, money.span):
        return None
    if exact <= MAX_AMOUNT:
        return exact
    _report_too_large(scope, money.span, format_money(MAX_AMOUNT, str(scope.money)))
    return None


def fine_share(scope: ProgramScope, percent: syntax.Percent) -> Fraction | None:
    """The share of a face value that something costs."""
    if not fine_enough(scope, percent.value, percent.span):
        return None
    if percent.value <= MOST_OF_FACE:
        return percent.value
    _report_too_large(scope, percent.span, f"{int(MOST_OF_FACE * 100):,}%")
    return None


def fine_enough(scope: ProgramScope, value: Fraction, span: Span) -> bool:
    """Whether a rate has at most `RATE_DECIMALS` decimals; if not, it is reported."""
    if (value * 10**RATE_DECIMALS).denominator == 1:
        return True
    scope.findings.report(
        "L305", span, f"`{span.text}` has more than {RATE_DECIMALS} decimals", help="round it"
    )
    return False


def whole_number(
    scope: ProgramScope, number: syntax.Number, of: str | None = None, most: int = LARGEST
) -> int | None:
    """A count; `of` is what is counted, in the plural, where that is known."""
    if not _verify_no_thousands(scope, number.span):
        return None
    if number.value.denominator != 1:
        scope.findings.report(
            "L306",
            number.span,
            f"`{number.span.text}` is not a whole number" + (f" of {of}" if of else ""),
            help=f"{of} are counted one by one" if of else "write a whole number",
        )
        return None
    return in_range(scope, int(number.value), number.span, most, f"{most:,}")


def positive_number(scope: ProgramScope, number: syntax.Number, of: str, most: int = LARGEST) -> int | None:
    """A count of at least one."""
    return more_than_nothing(scope, whole_number(scope, number, of, most), number.span)


def in_range(scope: ProgramScope, value: int, span: Span, most: int, written: str) -> int | None:
    """The value, unless it is larger than `most`; `written` is how a message says `most`."""
    if value <= most:
        return value
    _report_too_large(scope, span, written)
    return None


def _report_too_large(scope: ProgramScope, span: Span, most: str) -> None:
    scope.findings.report(
        "L311", span, f"`{span.text}` is too large", help=f"the largest amount here is {most}"
    )


def more_than_nothing(scope: ProgramScope, value: int | None, span: Span) -> int | None:
    """The value, unless it is 0."""
    if value != 0:
        return value
    scope.findings.report(
        "L310", span, f"`{span.text}` is nothing", help="write an amount above 0, or delete the clause"
    )
    return None


def unit_quantity(
    scope: ProgramScope, quantity: syntax.Quantity, expected: CurrencyUnit | None = None
) -> tuple[CurrencyUnit, Fraction] | None:
    """An amount of a currency in its smallest units, perhaps with decimals.

    Args:
        expected: the only currency that may stand here; money without a unit is taken as this one when
            it is held in money. `None` lets the quantity itself say.
    """
    number, unit = quantity.number, quantity.unit
    if unit is None:
        if isinstance(number, syntax.Money) and expected is not None and expected.in_money:
            currency: CurrencyUnit | None = expected
        else:
            _report_no_unit(scope, quantity, expected)
            return None
    else:
        currency = scope.currencies.resolve(unit, help=_unit_help(scope, quantity, unit.text))
    if currency is None:
        return None
    if expected is not None and currency.index != expected.index:
        scope.findings.report(
            "L302",
            quantity.span,
            f"`{quantity.span.text}` is an amount of `{currency.name}`, where `{expected.name}` count",
            secondary=[(expected.span, f"`{expected.name}` is declared here")],
            help=f"write an amount of `{expected.name}`",
        )
        return None
    if isinstance(number, syntax.Money):
        if not currency.in_money:
            scope.findings.report(
                "L303",
                quantity.span,
                f"`{quantity.span.text}` is money, but `{currency.name}` is not held in money",
                secondary=[(currency.span, "declared here without `in money`")],
                help=f"write a number of {currency.name}",
            )
            return None
        exact = exact_money(scope, number)
        return None if exact is None else (currency, exact)
    if currency.in_money:
        sign = symbol_of(scope.money or "")
        scope.findings.report(
            "L319",
            number.span,
            f"`{currency.name}` is held in money, so its amounts are money",
            secondary=[(currency.span, "declared `in money` here")],
            help=f"write `{sign}{quantity.span.text}`",
            edit=Edit(number.span, sign + number.span.text, safe=True),
        )
        return None
    if not _verify_no_thousands(scope, number.span):
        return None
    return currency, number.value if currency.scale == 1 else number.value * currency.scale


def _unit_help(scope: ProgramScope, quantity: syntax.Quantity, unit: str) -> str | None:
    """What may be meant by an amount of something that is no currency."""
    number = quantity.number.span.text
    if isinstance(quantity.number, syntax.Money):
        return (
            f"for money off write `give {number} off up to the basket`; for what can be spent later declare "
            f"`currency {unit} in money {{`"
        )
    counter = next((name for name in scope.counted if unit in name.split("_")), None)
    if counter is not None:
        return f"the value of a counter stands behind its name: `{counter} {number}`"
    return None


def whole_quantity(
    scope: ProgramScope, quantity: syntax.Quantity, expected: CurrencyUnit | None = None
) -> tuple[CurrencyUnit, int] | None:
    """An amount of a currency in whole smallest units."""
    found = unit_quantity(scope, quantity, expected)
    if found is None:
        return None
    currency, exact = found
    if exact.denominator != 1:
        code, finest = "L306", "one"
        if currency.in_money:
            code, finest = "L305", f"{symbol_of(scope.money or '')}{format_units(1, currency.scale)}"
        scope.findings.report(
            code,
            quantity.span,
            f"`{quantity.span.text}` is not a whole amount: the smallest amount of "
            f"`{currency.name}` is {finest}",
            secondary=[(currency.span, f"`{currency.name}` is declared here")],
            help="write a whole amount",
        )
        return None
    units = in_range(scope, int(exact), quantity.span, LARGEST, format_units(LARGEST, currency.scale))
    return None if units is None else (currency, units)


def positive_quantity(
    scope: ProgramScope, quantity: syntax.Quantity, expected: CurrencyUnit | None = None
) -> tuple[CurrencyUnit, int] | None:
    """An amount of a currency in whole smallest units, more than nothing."""
    found = whole_quantity(scope, quantity, expected)
    if found is None or more_than_nothing(scope, found[1], quantity.span) is None:
        return None
    return found


def _report_no_unit(scope: ProgramScope, quantity: syntax.Quantity, expected: CurrencyUnit | None) -> None:
    held_in_money = [currency.name for currency in scope.currencies.things() if currency.in_money]
    points = [currency.name for currency in scope.currencies.things() if not currency.in_money]
    text = quantity.span.text
    if isinstance(quantity.number, syntax.Money):
        help = f"write `{text} {held_in_money[0]}`" if held_in_money else "write a number of a currency"
        if expected is not None:
            help = f"write a number of {expected.name}"
        scope.findings.report(
            "L303", quantity.span, f"`{text}` is money, not an amount of a currency", help=help
        )
        return
    unit = expected.name if expected is not None else (points[0] if points else None)
    scope.findings.report(
        "L319",
        quantity.span,
        f"`{text}` has no unit",
        help=f"write `{text} {unit}`" if unit else "write the currency behind it",
        edit=Edit(quantity.span, f"{text} {unit}", safe=points == [unit]) if unit else None,
    )


def calendar_unit(scope: ProgramScope, name: syntax.Name) -> Unit | None:
    """A unit of the calendar, singular or plural."""
    unit = _UNITS.get(name.text)
    if unit is not None:
        return unit
    guess = nearest(name.text, (unit.value for unit in Unit))
    scope.findings.report(
        "L201",
        name.span,
        f"`{name.text}` is not a unit of the calendar",
        help=f"did you mean `{guess}`?" if guess else "write day, week, month, quarter or year",
    )
    return None


def duration(scope: ProgramScope, written: syntax.Duration, least: int = 1) -> Duration | None:
    """A length of time of at least `least` units and at most `LONGEST_YEARS`."""
    unit = calendar_unit(scope, written.unit)
    count = whole_number(scope, written.count, "days or months")
    if unit is None or count is None:
        return None
    if count < least:
        more_than_nothing(scope, count, written.span)
        return None
    most = LONGEST_YEARS * _PER_YEAR[unit]
    if count > most:
        scope.findings.report(
            "L311", written.span, f"`{written.span.text}` is more than {LONGEST_YEARS} years",
            help=f"write at most {most:,} {unit.value}s, or `never`",
        )  # fmt: skip
        return None
    return Duration(count, unit)


def day(scope: ProgramScope, literal: syntax.DateLiteral) -> int | None:
    """A date that is near enough to be computed with."""
    if FIRST_DAY <= literal.day <= LAST_DAY:
        return literal.day
    scope.findings.report(
        "L322", literal.span, f"`{literal.span.text}` is too far away",
        help="write a date from 1900-01-01 through 2199-12-31",
    )  # fmt: skip
    return None
