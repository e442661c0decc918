"""What a figure is in a workbook: a number with a format, a date, or text that can do nothing.

Invariants: text never begins like a formula and holds nothing unprintable; a number is a number, in its own
unit, with every digit that the forecast has.
"""

import re
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from loyalty_dsl.quantities import prefix_of
from loyalty_dsl.report.wording import MINUS, one_line

LONGEST = 32_000
"""Characters of a cell; a workbook allows 32,767."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""What a program for tables takes for a formula, or drops before it looks for one."""

MONEY_COLUMNS = frozenset(
    (
        "basket", "off", "returned_basket", "liability", "liability_noise", "reward_cost", "cost", "amount",
        "half_width", "sales", "opening", "deferred", "recognised", "catch_up", "closing",
    )
)  # fmt: skip
SHARE_COLUMNS = frozenset(
    (
        "phi", "urr", "urr_noise", "breakage", "taken_back", "undetermined", "active_rate", "redeemed_share",
        "share_of_the_liability",
    )
)  # fmt: skip


class Form(Enum):
    """How a cell is shown."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    WHOLE_MONEY = "whole money"
    SHARE = "share"
    COUNT = "count"
    AMOUNT = "amount"
    NUMBER = "number"


@attrs.frozen
class Cell:
    """A value and how it is shown; `None` is an empty cell."""

    value: str | float | int | date | None
    form: Form = Form.TEXT


def safe_text(text: str) -> str:
    """A text as a cell can hold it: what begins like a formula gets an apostrophe in front."""
    risky = text[:1] in FORMULAS
    shown = one_line(text)[:LONGEST]
    return f"'{shown}" if risky or shown[:1] in FORMULAS else shown


def cell_of(column: str, value: object) -> Cell:
    """A value of a frame in its column, whose name says what it is.

    Args:
        column: as `frames` names it.
        value: of any type that a frame holds.
    """
    match value:
        case None:
            return Cell(None)
        case bool():
            return Cell("yes" if value else "no")
        case date():
            return Cell(value, Form.DATE)
        case Decimal() | int() | float():
            number = int(value) if value == int(value) and not isinstance(value, float) else float(value)
            return Cell(number, _form(column, value))
        case _:
            return Cell(safe_text(str(value)))


def _form(column: str, value: Decimal | int | float) -> Form:
    if column in SHARE_COLUMNS and isinstance(value, float):
        return Form.SHARE
    if column in MONEY_COLUMNS or column == "breakage":  # of deferred revenue
        return Form.MONEY
    if isinstance(value, Decimal) and value.as_tuple().exponent != 0:
        return Form.AMOUNT
    return Form.AMOUNT if isinstance(value, float) else Form.COUNT


_NUMBER = re.compile(
    r"(?P<sign>[-+±]|under ±)?(?P<prefix>[^\d\s,.%-]{0,3} ?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<share>%)?"
)


def cell_of_shown(text: str, money: str) -> Cell:
    """A figure that is already in words, such as `$1,234`, `61.3%` or `±$5`, as a number; any other as text.

    Args:
        money: the currency whose sign may stand before it.
    """
    plain = one_line(text).replace(MINUS, "-")
    if not plain:
        return Cell(None)
    found = _NUMBER.fullmatch(plain)
    if found is None or found["sign"] == "under ±" or found["prefix"] not in ("", prefix_of(money)):
        return Cell(safe_text(plain))
    digits = found["digits"].replace(",", "")
    number = float(digits) if "." in digits or found["share"] else int(digits)
    if found["sign"] == "-":
        number = -number
    if found["share"]:
        return Cell(round(number / 100, 6), Form.SHARE)
    if found["prefix"]:
        return Cell(number, Form.MONEY if "." in digits else Form.WHOLE_MONEY)
    return Cell(number, Form.AMOUNT if "." in digits else Form.COUNT)


def format_code(form: Form, money: str, digits: int) -> str:
    """The number format of a form, as workbooks write them.

    Args:
        money: the currency; digits: of its minor unit.
    """
    sign = f'"{prefix_of(money)}"'
    part = f".{'0' * digits}" if digits else ""
    match form:
        case Form.TEXT:
            return "@"
        case Form.DATE:
            return "yyyy-mm-dd"
        case Form.MONEY:
            return f"{sign}#,##0{part};-{sign}#,##0{part}"
        case Form.WHOLE_MONEY:
            return f"{sign}#,##0;-{sign}#,##0"
        case Form.SHARE:
            return "0.0%"
        case Form.COUNT:
            return "#,##0"
        case Form.AMOUNT:
            return "#,##0.00"
        case Form.NUMBER:
            return "General"
