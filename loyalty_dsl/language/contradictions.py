"""Conditions and dates that can never hold, found without false alarms.

Sound and not complete: what is called impossible is impossible on any event; much that is impossible is not
seen (how `amount` and `basket` hang together, for one).
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from loyalty_dsl.calendar import day_of_month
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    DaysSince,
    EventAmount,
    EventDay,
    EventField,
    IsReferred,
    ItemField,
    Literal,
    MemberField,
    Not,
    OneAmong,
    Operand,
    Order,
)
from loyalty_dsl.language.program import Dates, DayRange
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MAX_AMOUNT

_OPPOSITES = {
    Order.LESS: Order.AT_LEAST,
    Order.AT_LEAST: Order.LESS,
    Order.MORE: Order.AT_MOST,
    Order.AT_MOST: Order.MORE,
}
_FAR = 2**63
"""Beyond any value."""

_MOST_PIECES = 200
"""Alternatives of dates beyond which we stop looking."""


@attrs.define
class _Values:
    """The values that an operand can still have: from `least` to `most`, without `excluded`."""

    least: int
    most: int
    excluded: set[int] = attrs.field(factory=set)

    def empty(self) -> bool:
        if self.least > self.most:
            return True
        if self.most - self.least > len(self.excluded):
            return False
        return all(value in self.excluded for value in range(self.least, self.most + 1))


def contradictory(conditions: Iterable[Condition]) -> bool:
    """Whether no event can meet all the conditions."""
    atoms: list[Condition] = []
    choices: list[tuple[Condition, ...]] = []
    for condition in conditions:
        _flatten(condition, atoms, choices)
    if _impossible(atoms):
        return True
    return any(all(contradictory([*atoms, branch]) for branch in branches) for branches in choices)


def _flatten(condition: Condition, atoms: list[Condition], choices: list[tuple[Condition, ...]]) -> None:
    """Sorts a conjunction into single tests and choices between conditions."""
    match condition:
        case All(conditions=parts):
            for part in parts:
                _flatten(part, atoms, choices)
        case Any(conditions=parts):
            choices.append(parts)
        case Not(condition=All(conditions=parts)):
            choices.append(tuple(Not(part) for part in parts))
        case Not(condition=Any(conditions=parts)):
            for part in parts:
                _flatten(Not(part), atoms, choices)
        case Not(condition=Not(condition=inner)):
            _flatten(inner, atoms, choices)
        case _:
            atoms.append(condition)


def _impossible(atoms: Sequence[Condition]) -> bool:
    values: dict[Operand, _Values] = {}
    for atom in atoms:
        operand, test, holds = _read(atom)
        known = values.setdefault(operand, _range_of(operand))
        match test:
            case Compare(order=order, right=Literal(value=value)):
                _narrow(known, order, value, holds)
            case OneAmong(values=among):
                listed = set(among)
                if holds:
                    known.least, known.most = max(known.least, min(among)), min(known.most, max(among))
                    known.excluded |= set(range(min(among), max(among) + 1)) - listed
                else:
                    known.excluded |= listed
            case _:
                continue
    return any(known.empty() for known in values.values())


def _read(atom: Condition) -> tuple[Operand, Condition, bool]:
    """What a single test reads, the test without its `not`, and whether it must hold."""
    test, holds = (atom.condition, False) if isinstance(atom, Not) else (atom, True)
    match test:
        case Compare(left=operand) | OneAmong(operand=operand):
            return operand, test, holds
        case _:
            raise AssertionError("flattening leaves single tests")


def _narrow(known: _Values, order: Order, value: int, holds: bool) -> None:
    if order is Order.EQUAL:
        if holds:
            known.least, known.most = max(known.least, value), min(known.most, value)
        else:
            known.excluded.add(value)
        return
    match order if holds else _OPPOSITES[order]:
        case Order.LESS:
            known.most = min(known.most, value - 1)
        case Order.AT_MOST:
            known.most = min(known.most, value)
        case Order.MORE:
            known.least = max(known.least, value + 1)
        case Order.AT_LEAST:
            known.least = max(known.least, value)


def _range_of(operand: Operand) -> _Values:
    match operand:
        case EventField(field=field) | ItemField(field=field) | MemberField(field=field):
            match field.kind:
                case Kind.YES_NO:
                    return _Values(0, 1)
                case Kind.ONE_OF:
                    return _Values(0, len(field.values) - 1)
                case _:
                    return _Values(-_FAR, _FAR)
        case EventAmount():
            return _Values(0, MAX_AMOUNT)
        case IsReferred():
            return _Values(0, 1)
        case CounterValue() | CounterSum() | EventDay() | DaysSince() | BalanceOf():  # also a debt
            return _Values(-_FAR, _FAR)
        case _:
            return _Values(0, _FAR)


# ---- dates


@attrs.frozen
class _Piece:
    """Days of a range that have one of these numbers in their month."""

    first: int
    last: int
    numbers: frozenset[int]

    def empty(self) -> bool:
        if self.first > self.last or not self.numbers:
            return True
        if self.last - self.first >= 62:  # two months in a row hold every number from 1 to 31
            return False
        return all(day_of_month(day) not in self.numbers for day in range(self.first, self.last + 1))


_EVERY_NUMBER = frozenset(range(1, 32))


def never_comes(clauses: Sequence[Sequence[Dates]], first_day: int, last_day: int) -> bool:
    """Whether no day from `first_day` to `last_day` lies in an alternative of every clause."""
    pieces = [_Piece(first_day, last_day, _EVERY_NUMBER)]
    for clause in clauses:
        pieces = [both for piece in pieces for both in _meet(piece, clause) if not both.empty()]
        if len(pieces) > _MOST_PIECES:
            return False
    return not pieces


def _meet(piece: _Piece, alternatives: Sequence[Dates]) -> Iterator[_Piece]:
    for dates in alternatives:
        if isinstance(dates, DayRange):
            yield _Piece(max(piece.first, dates.first), min(piece.last, dates.last), piece.numbers)
        else:
            numbers = piece.numbers & set(range(dates.first, dates.last + 1))
            yield _Piece(piece.first, piece.last, frozenset(numbers))
