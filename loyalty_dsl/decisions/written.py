"""Numbers as rule files write them: `$600`, `3%`, `1,250`, and back.

Invariant: what `spelled` writes, `parse_number` reads as the same number.
"""

from enum import Enum
from fractions import Fraction

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import leaf
from loyalty_dsl.language.tokens import NUMBERS, tokenize
from loyalty_dsl.source import SourceText

MOST_DECIMALS = 6


class Kind(Enum):
    """What a number is, in words."""

    MONEY = "money"
    PERCENT = "a percentage"
    NUMBER = "a number"


EXAMPLES = {Kind.MONEY: "$600", Kind.PERCENT: "3%", Kind.NUMBER: "12"}


@attrs.frozen
class Written:
    """A number that somebody wrote: its value (3% is 3/100, $600 is 600), and the words behind it."""

    kind: Kind
    value: Fraction
    symbol: str
    number: str
    rest: str


def parse_number(text: str) -> Written | None:
    """Reads a number and what follows it; `None` where the text does not begin with a number."""
    text = text.strip()
    token = next(tokenize(text))
    if token.kind not in NUMBERS or token.start != 0:
        return None
    node = leaf(token, SourceText("", text))
    rest = text[token.end :].strip()
    match node:
        case syntax.Money(symbol, value, _):
            return Written(Kind.MONEY, value, symbol, token.text, rest)
        case syntax.Percent(value, _):
            return Written(Kind.PERCENT, value, "", token.text, rest)
        case _:
            return Written(Kind.NUMBER, node.value, "", token.text, rest)


def spelled(value: Fraction, kind: Kind, symbol: str = "$") -> str:
    """A number as a rule file writes it."""
    match kind:
        case Kind.MONEY:
            sign = "-" if value < 0 else ""
            whole = abs(value).denominator == 1
            return f"{sign}{symbol}{_digits(abs(value), 0 if whole else 2)}"
        case Kind.PERCENT:
            return f"{_digits(value * 100)}%"
        case Kind.NUMBER:
            return _digits(value)


def _digits(value: Fraction, least: int = 0) -> str:
    """Digits with thousands separated and as few decimals as tell the number (six at most)."""
    places = next((p for p in range(least, MOST_DECIMALS) if (value * 10**p).denominator == 1), MOST_DECIMALS)
    scaled = round(value * 10**places)
    sign = "-" if scaled < 0 else ""
    whole, part = divmod(abs(scaled), 10**places)
    return f"{sign}{whole:,}" + (f".{part:0{places}d}" if places else "")
