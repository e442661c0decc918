"""What a reduction is made into: leaves from tokens, and the kinds of row that `trees` is a table of.

Invariant: a row is given the children that the grammar keeps, in order, and the span of all of them.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language import syntax
from loyalty_dsl.language.tokens import Token
from loyalty_dsl.source import SourceText, Span

Action = Callable[[Sequence[Any], Span], Any]

_SUFFIXES = {"K": 10**3, "M": 10**6, "B": 10**9}


def leaf(token: Token, source: SourceText) -> Any:
    """The node of a token that a rule keeps: a name, a text, a number, a date, or a sign as it is."""
    span = Span(source, token.start, token.end)
    match token.kind:
        case "NUMBER":
            return syntax.Number(_exact(token.text), span)
        case "NEGATIVE":
            return syntax.Number(-_exact(token.text[1:]), span)
        case "MONEY":
            return syntax.Money(token.text[0], _money(token.text[1:]), span)
        case "NEGATIVE_MONEY":
            return syntax.Money(token.text[1], -_money(token.text[2:]), span)
        case "PERCENT":
            return syntax.Percent(_exact(token.text[:-1]) / 100, span)
        case "NEGATIVE_PERCENT":
            return syntax.Percent(-_exact(token.text[1:-1]) / 100, span)
        case "DATE":
            return syntax.DateLiteral(day_of(date.fromisoformat(token.text)), span)
        case "TIME":
            return int(token.text[:2]) * 60 + int(token.text[3:])
        case "STRING":
            return syntax.Text(token.text[1:-1], span)
        case "COMPARE":
            return token.text
        case _:
            return syntax.Name(token.text, span)


def _exact(digits: str) -> Fraction:
    whole, _, part = digits.replace(",", "").partition(".")
    return Fraction(int(whole + part), 10 ** len(part))


def _money(digits: str) -> Fraction:
    digits = digits.upper()
    return _exact(digits.rstrip("KMB")) * _SUFFIXES.get(digits[-1], 1)


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
