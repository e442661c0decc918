"""The time of day of an event, which a condition reads as a field of it (TIME-7).

Invariant: events have the field `time` only in a program that compares something with a time of day; nobody
declares it, and what it is stands with the day of each event.
"""

import re
from collections.abc import Iterator

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.conditions import All, Any, Compare, Condition, Literal, Operand, Order
from loyalty_dsl.language.syntax.leaves import TimeLiteral
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.source import Span

TIME_OF_DAY = "time"

_TIME = re.compile(r"\d(?::|[ap]m)")
"""Times as they are written, and as they are misspelt: `9:30`, `9:`, `2pm`."""


def first_time(block: syntax.ProgramBlock) -> Span | None:
    """Where a program first names a time of day; `None` where it never does."""
    if _TIME.search(block.span.source.text) is None:
        return None
    return next((literal.span for literal in _times(block)), None)


def with_time(fields: tuple[Field, ...], asked: Span | None) -> tuple[Field, ...]:
    """The fields of an event, with its time of day last where the program asks for it."""
    return fields if asked is None else (*fields, Field(TIME_OF_DAY, Kind.TIME, (), len(fields), asked))


def between_times(operand: Operand, first: Literal, last: Literal) -> Condition:
    """From one minute through another, both included, and through midnight where the last is earlier."""
    ends = Compare(operand, Order.AT_LEAST, first), Compare(operand, Order.AT_MOST, last)
    return All(ends) if first.value <= last.value else Any(ends)


def _times(thing: object) -> Iterator[TimeLiteral]:
    if isinstance(thing, TimeLiteral):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _times(each)
    elif not isinstance(thing, Span) and attrs.has(kind := type(thing)):
        for field in attrs.fields(kind):
            yield from _times(getattr(thing, field.name))
