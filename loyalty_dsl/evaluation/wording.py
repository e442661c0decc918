"""Amounts and limits in a designer's words: `1 point`, `$12.50 credit`, `4 times per calendar day`."""

from loyalty_dsl.language.program import Currency, Limit, LimitOf, Program
from loyalty_dsl.quantities import format_money, format_units


def amount_in_words(program: Program, currency: Currency, units: int) -> str:
    """An amount of a currency with its name."""
    if currency.in_money:
        return f"{format_money(units, program.money)} {currency.name}"
    name = currency.name
    if units == 1 and name.endswith("s") and not name.endswith("ss"):
        name = name[:-1]
    return f"{format_units(units, currency.scale)} {name}"


def limit_in_words(program: Program, limit: Limit, currency: Currency | None) -> str:
    """A limit as it is written in a rule.

    Args:
        currency: what the limit counts when it counts units; `None` for money off.
    """
    if limit.of is LimitOf.TIMES:
        most = f"{limit.most:,} time{'' if limit.most == 1 else 's'}"
    elif currency is None:
        most = f"{format_money(limit.most, program.money)} off"
    else:
        most = amount_in_words(program, currency, limit.most)
    return most + (" per event" if limit.window is None else f" per calendar {limit.window.value}")
