"""Conditions and dates that can never hold, found without false alarms.

Sound and not complete: what is called impossible is impossible on any event; much that is impossible is not
seen (how `amount` and `basket` hang together, for one).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import assert_never

import attrs

from loyalty_dsl.calendar import day_of, day_of_year, weekday
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Compare,
    Condition,
    CountedDay,
    CounterSum,
    CounterValue,
    DaysSince,
    DayWithin,
    EventAmount,
    EventDay,
    EventField,
    EventWeekday,
    HeldOut,
    IsReferred,
    ItemField,
    Literal,
    MemberField,
    Not,
    OneAmong,
    Operand,
    Order,
)
from loyalty_dsl.language.program import Dates, DayRange, DaysOfMonth, DaysOfWeek, DaysOfYear
from loyalty_dsl.language.records import record
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
    """The values that an operand can still have: from `least` to `most`, without `excluded`, and of `among`
    alone where that is known."""

    least: int
    most: int
    excluded: set[int] = attrs.field(factory=set)
    among: set[int] | None = None

    def empty(self) -> bool:
        if self.least > self.most:
            return True
        if self.among is not None:
            return all(not self.least <= value <= self.most for value in self.among - self.excluded)
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
                    known.among = listed if known.among is None else known.among & listed
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
                case Kind.TIME:
                    return _Values(0, 24 * 60 - 1)
                case _:
                    return _Values(-_FAR, _FAR)
        case EventAmount():
            return _Values(0, MAX_AMOUNT)
        case IsReferred() | HeldOut():
            return _Values(0, 1)
        case EventWeekday():
            return _Values(0, 6)
        case (
            CounterValue()
            | CounterSum()
            | EventDay()
            | CountedDay()
            | DaysSince()
            | DayWithin()
            | BalanceOf()
        ):  # also a debt
            return _Values(-_FAR, _FAR)
        case _:
            return _Values(0, _FAR)


# ---- dates


@record
class _Piece:
    """Days of a range that are one of these days of the year, and one of these of the week."""

    first: int
    last: int
    of_year: frozenset[tuple[int, int]]
    of_week: frozenset[int]

    def empty(self) -> bool:
        if self.first > self.last or not self.of_year or not self.of_week:
            return True
        if self.last - self.first >= _LONG:
            return False
        return not any(
            weekday(day) in self.of_week and day_of_year(day) in self.of_year
            for day in range(self.first, self.last + 1)
        )


_LONG = 12 * 366
"""So many days hold every day of the year on every day of the week, but for 29 February."""

_YEAR = frozenset(day_of_year(day) for day in range(day_of(date(2024, 1, 1)), day_of(date(2025, 1, 1))))
_WEEK = frozenset(range(7))


def never_comes(clauses: Sequence[Sequence[Dates]], first_day: int, last_day: int) -> bool:
    """Whether no day from `first_day` to `last_day` lies in an alternative of every clause."""
    pieces = [_Piece(first_day, last_day, _YEAR, _WEEK)]
    for clause in clauses:
        pieces = [both for piece in pieces for both in _meet(piece, clause) if not both.empty()]
        if len(pieces) > _MOST_PIECES:
            return False
    return not pieces


def _meet(piece: _Piece, alternatives: Sequence[Dates]) -> Iterator[_Piece]:
    for dates in alternatives:
        match dates:
            case DayRange(first, last):
                yield attrs.evolve(piece, first=max(piece.first, first), last=min(piece.last, last))
            case DaysOfMonth(first, last):
                yield _only(piece, (day for day in piece.of_year if first <= day[1] <= last))
            case DaysOfYear(first, last) if first <= last:
                yield _only(piece, (day for day in piece.of_year if first <= day <= last))
            case DaysOfYear(first, last):
                yield _only(piece, (day for day in piece.of_year if day >= first or day <= last))
            case DaysOfWeek(days):
                yield attrs.evolve(piece, of_week=piece.of_week & set(days))
            case _:
                assert_never(dates)


def _only(piece: _Piece, of_year: Iterable[tuple[int, int]]) -> _Piece:
    return attrs.evolve(piece, of_year=frozenset(of_year))
