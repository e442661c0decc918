"""Exact quantities: money, points and rates, and the three ways to round them.

Invariant: nothing here is a float. Money is an integer of minor units (ISO 4217), points are an
integer of the currency's smallest unit, and a rate is a `Fraction`. A rate becomes an integer in one
place only, `rounded`, under a rounding that the program names.

Worked case: `1.2 stars per $1` on $8.95 is 895 * Fraction(12, 1000) = 10.74 stars exactly; half up it
posts 11, down it posts 10.
"""

from enum import Enum
from fractions import Fraction

MAX_DIGITS = 18
"""The most digits that a written number may have, so that any of them fits 64 bits."""

MAX_AMOUNT = 10**9
"""The largest basket, in minor units, that arithmetic is proved safe for."""

MAX_NUMBER = 10**6
"""The largest number of nights, miles or items that amounts per one of them are proved safe for."""

MAX_TIMES = 10**3
"""The largest number that an amount is multiplied by."""

MINOR_DIGITS = {
    "AED": 2, "ARS": 2, "AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "CZK": 2, "DKK": 2,
    "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "IDR": 2, "ILS": 2, "INR": 2, "ISK": 0, "JPY": 0, "KRW": 0,
    "KWD": 3, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2, "PHP": 2, "PLN": 2, "RON": 2, "SAR": 2, "SEK": 2,
    "SGD": 2, "THB": 2, "TRY": 2, "TWD": 2, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
"""Digits after the decimal point of each money that a program may name (ISO 4217)."""

SYMBOLS = {"USD": "$", "GBP": "£", "EUR": "€", "CAD": "$", "AUD": "$", "NZD": "$", "SGD": "$", "HKD": "$"}
"""The signs of moneys that have one of their own here."""


class Rounding(Enum):
    """How an exact amount becomes whole units. The value is the language's own spelling."""

    HALF_UP = "half up"
    DOWN = "down"
    UP = "up"


def rounded(exact: Fraction, rounding: Rounding) -> int:
    """Rounds an exact, non-negative amount to whole units.

    Args:
        exact: the amount in smallest units; at least 0.
        rounding: the rule that the currency names.

    Returns:
        The whole number of units: 2.5 is 3 half up, 2 down and 3 up.
    """
    match rounding:
        case Rounding.HALF_UP:
            return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        case Rounding.DOWN:
            return exact.numerator // exact.denominator
        case Rounding.UP:
            return -(-exact.numerator // exact.denominator)


def symbol_of(money: str) -> str:
    """The sign that a rule file writes amounts of `money` with: `$` for a money without one of its own."""
    return SYMBOLS.get(money, "$")


def prefix_of(money: str) -> str:
    """What stands before an amount of `money` in reports and messages: its sign, or `JPY ` without one."""
    return SYMBOLS.get(money, f"{money} ")


def format_money(minor: int, money: str) -> str:
    """Writes minor units for reading: 123456 USD is `$1,234.56`, -50 is `-$0.50`, 738 JPY is `JPY 738`."""
    return _with_prefix(minor, money, prefix_of(money))


def spell_money(minor: int, money: str) -> str:
    """Writes minor units as a rule file does: 738 JPY is `$738`."""
    return _with_prefix(minor, money, symbol_of(money))


def _with_prefix(minor: int, money: str, prefix: str) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{prefix}{format_units(abs(minor), 10 ** MINOR_DIGITS[money])}"


def format_units(units: int, scale: int) -> str:
    """Writes an amount of a currency in its display unit.

    Args:
        units: the amount in smallest units.
        scale: smallest units in one display unit: 1 for points, 100 for a currency in US dollars.

    Returns:
        Digits with thousands separated, and decimals where `scale` has them: `1,250` or `12.50`.
    """
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), scale)
    digits = len(str(scale)) - 1
    return f"{sign}{whole:,}" + (f".{part:0{digits}d}" if digits else "")


def display_number(units: int, scale: int) -> int | float:
    """An amount as a JSON number in the display unit: an `int` where units are whole, else two decimals."""
    return units if scale == 1 else units / scale
