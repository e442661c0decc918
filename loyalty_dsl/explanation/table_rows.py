"""The rows of the tables of an amount, and which of them an event used.

Invariant: a row is one amount that somebody wrote: a row of a table, a cell of one with columns, a slice, or
a line of several; `others` is one, too. What is used is always among what there is.
"""

from collections.abc import Iterator

import attrs

from loyalty_dsl.evaluation.checkout import Seen
from loyalty_dsl.evaluation.facts import Facts, holds, value_of
from loyalty_dsl.language.amounts import Amount, Choice, Slices
from loyalty_dsl.language.conditions import Base, Condition
from loyalty_dsl.source import Span


@attrs.frozen
class Row:
    """A row of an amount's tables.

    Attributes:
        path: its place: of each table, from the outermost, the number of the row; `len(cases)` is `others`.
        when: its condition; `None` for `others` and for a slice.
        span: where its amount is written; `None` for a slice, and for what nobody wrote.
    """

    path: tuple[int, ...]
    when: Condition | None
    span: Span | None


def rows_of(amount: Amount) -> Iterator[Row]:
    """Every row of an amount, in order; none for an amount without a table."""
    yield from _rows(amount, (), None, None)


def _rows(amount: Amount, path: tuple[int, ...], when: Condition | None, span: Span | None) -> Iterator[Row]:
    match amount:
        case Choice(cases, otherwise, others):
            for number, case in enumerate(cases):
                yield from _rows(case.amount, (*path, number), case.when, case.span)
            yield from _rows(otherwise, (*path, len(cases)), None, others)
        case Slices() if _written(amount) > 1:
            for number in range(_written(amount)):
                yield Row((*path, number), None, None)
        case _ if path:
            yield Row(path, when, span)


def _written(slices: Slices) -> int:
    """How many slices somebody wrote: the last of a counter or a field stands for what nobody reaches
    (EARN-16), and a share of all of it is no table."""
    return len(slices.starts) - (not isinstance(slices.base, Base))


def rows_used(amount: Amount, seen: Seen, facts: Facts) -> tuple[Row, ...]:
    """The rows that give an event its amount: one, or each slice that something falls into."""
    return tuple(_used(amount, (), None, None, seen, facts))


def _used(  # noqa: PLR0917
    amount: Amount,
    path: tuple[int, ...],
    when: Condition | None,
    span: Span | None,
    seen: Seen,
    facts: Facts,
) -> Iterator[Row]:
    match amount:
        case Choice(cases, otherwise, others):
            for number, case in enumerate(cases):
                if holds(case.when, facts):
                    yield from _used(case.amount, (*path, number), case.when, case.span, seen, facts)
                    return
            yield from _used(otherwise, (*path, len(cases)), None, others, seen, facts)
        case Slices(base, starts) if _written(amount) > 1:
            value = value_in_slices(base, seen, facts)
            for number, start in enumerate(starts[: _written(amount)]):
                if value > start:
                    yield Row((*path, number), None, None)
        case _ if path:
            yield Row(path, when, span)


def value_in_slices(base: object, seen: Seen, facts: Facts) -> int:
    """What slices are of: an event's money, or what a counter or a field of the member has (EARN-16)."""
    if isinstance(base, Base):
        return seen.basket if base is Base.BASKET else seen.amount
    return value_of(base, facts)  # type: ignore[arg-type]
