"""What a reduction is made into: leaves from tokens, and the kinds of row that `trees` is a table of.

Invariant: a row is given the children that the grammar keeps, in order, and the span of all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language import syntax
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import SourceText, Span

Action = Callable[[Sequence[Any], Span], Any]

SUFFIXES = {"K": 10**3, "M": 10**6, "B": 10**9}


@lru_cache(4096)
def _exact(digits: str) -> Fraction:
    whole, _, part = digits.replace(",", "").partition(".")
    return Fraction(int(whole + part), 10 ** len(part))


@lru_cache(4096)
def _percent(digits: str) -> Fraction:
    return _exact(digits) / 100


@lru_cache(4096)
def _money(digits: str) -> Fraction:
    digits = digits.upper()
    return _exact(digits.rstrip("KMB")) * SUFFIXES.get(digits[-1], 1)


def leaf(token: Token, source: SourceText) -> Any:
    """The node of a token that a rule keeps: a name, a text, a number, a date, or a sign as it is."""
    kind, text, start, end = token
    make = _LEAVES.get(kind)
    return (
        syntax.Name(text, Span(source, start, end)) if make is None else make(text, Span(source, start, end))
    )


_LEAVES: Mapping[str, Callable[[str, Span], Any]] = {
    "NUMBER": lambda text, span: syntax.Number(_exact(text), span),
    "NEGATIVE": lambda text, span: syntax.Number(-_exact(text[1:]), span),
    "MONEY": lambda text, span: syntax.Money(text[0], _money(text[1:]), span),
    "NEGATIVE_MONEY": lambda text, span: syntax.Money(text[1], -_money(text[2:]), span),
    "PERCENT": lambda text, span: syntax.Percent(_percent(text[:-1]), span),
    "NEGATIVE_PERCENT": lambda text, span: syntax.Percent(-_percent(text[1:-1]), span),
    "DATE": lambda text, span: syntax.DateLiteral(day_of(date.fromisoformat(text)), span),
    "TIME": lambda text, span: int(text[:2]) * 60 + int(text[3:]),
    "STRING": lambda text, span: syntax.Text(text[1:-1], span),
    "COMPARE": lambda text, span: text,
}


def words_row(children: Sequence[Any], span: Span) -> syntax.Name:
    """The words of the rule themselves, one space between them."""
    return syntax.Name(" ".join(word.text for word in children if word is not None), span)


def several_row(children: Sequence[Any], span: Span) -> tuple[Any, ...]:
    return tuple(children)


def parts_row(children: Sequence[Any], span: Span) -> tuple[Any, ...]:
    """A header: its parts, and where it is."""
    return (*children, span)


def node_row(cls: Callable[..., Any]) -> Action:
    """A node whose fields are the children in order."""
    return lambda children, span: cls(*children, span)


def of_row(make: Callable[..., Any]) -> Action:
    """A node that `make(span, *children)` puts together."""
    return lambda children, span: make(span, *children)


def headed_row(cls: Callable[..., Any], parts: int) -> Action:
    """A block: `parts` fields from its header, then its clauses, and the header's span."""

    def make(children: Sequence[Any], span: Span) -> Any:
        header = children[0]
        return cls(*header[:parts], tuple(children[1:]), header[-1])

    return make
