"""Why a condition holds or does not: each of its parts, with what it read and whether it holds.

Invariant: a verdict holds exactly when `facts.holds` says so of its condition, and it has a part for every
part of the condition, whether or not it decided anything.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.facts import Facts, holds, value_of
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CounterSum,
    DayWithin,
    Literal,
    Not,
    OneAmong,
    Operand,
)


@attrs.frozen
class Verdict:
    """A condition that was asked.

    Attributes:
        read: what a test read, and its value; a literal is not read. Empty for what has parts.
        parts: of `and`, `or` and `not`.
    """

    condition: Condition
    holds: bool
    read: tuple[tuple[Operand, int], ...] = ()
    parts: "tuple[Verdict, ...]" = ()

    @property
    def tests(self) -> "Iterator[Verdict]":
        """The tests in it, from left to right."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.tests


def judge(condition: Condition, facts: Facts, item: Sequence[int] = ()) -> Verdict:
    """Asks a condition part by part.

    Args:
        item: values of the item's fields, by index, inside an item filter.
    """

    def read(*operands: Operand) -> tuple[tuple[Operand, int], ...]:
        each = [part for operand in operands for part in _parts(operand)]
        return tuple((operand, value_of(operand, facts, item)) for operand in dict.fromkeys(each))

    answer = holds(condition, facts, item)
    match condition:
        case Compare(left, _, right):
            return Verdict(condition, answer, read(left, right))
        case OneAmong(operand, _):
            return Verdict(condition, answer, read(operand))
        case Not(inner):
            return Verdict(condition, answer, parts=(judge(inner, facts, item),))
        case All(conditions) | Any(conditions):
            return Verdict(condition, answer, parts=tuple(judge(each, facts, item) for each in conditions))
        case _:
            assert_never(condition)


def _parts(operand: Operand) -> Iterator[Operand]:
    """What is read of an operand: each counter of a sum, the date that a time is counted from."""
    match operand:
        case Literal():
            return
        case CounterSum(terms):
            yield from (counter for _, counter in terms)
        case DayWithin(of=of):
            yield of
        case _:
            yield operand


def deciding(verdict: Verdict) -> tuple[Verdict, ...]:
    """The smallest parts that make a condition what it is: of one that does not hold because of one test
    among many, that test."""
    condition = verdict.condition
    if isinstance(condition, All) and not verdict.holds:
        return tuple(part for each in verdict.parts if not each.holds for part in deciding(each))
    if isinstance(condition, Any) and verdict.holds:
        return tuple(part for each in verdict.parts if each.holds for part in deciding(each))
    if isinstance(condition, All) and verdict.parts:
        return tuple(part for each in verdict.parts for part in deciding(each))
    return (verdict,)
