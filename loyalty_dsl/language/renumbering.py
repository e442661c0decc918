"""The parts of a checked program with other numbers: what joins two versions of a program into one.

Invariant: only indices, fields and the values that stand for choices and levels change; what is said stays.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from loyalty_dsl.language.amounts import ShareOfRules
from loyalty_dsl.language.clocks import After, Clock, Falls, FriendKind, Reaches, Rises, Stage
from loyalty_dsl.language.conditions import (
    BalanceOf,
    Compare,
    CounterValue,
    EventField,
    ItemField,
    Literal,
    MemberField,
    OneAmong,
    Operand,
    StatusOf,
)
from loyalty_dsl.language.counters import (
    Carry,
    Counter,
    CounterLimit,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    NamedTotal,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.expiry import Activity, Restart
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import Currency, EarnRule, Group, Limit, Reward, Trigger
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import BalanceGiven, UnitsGiven
from loyalty_dsl.language.tiers import Ladder
from loyalty_dsl.language.types import Field
from loyalty_dsl.source import Span

Map = Mapping[int, int]


@record
class Renumbering:
    """New numbers of the parts of one program, by the old ones.

    Attributes:
        events: kinds of event, clocks among them.
        fields: of events, items and members, by what they were.
        levels: of each ladder, by its old index.
    """

    events: Map
    currencies: Map
    counters: Map
    ladders: Map
    earns: Map
    rewards: Map
    groups: Map
    clocks: Map
    limits: Map
    fields: Mapping[Field, Field]
    levels: Mapping[int, Map]

    def of(self, thing: Any) -> Any:
        """The same with the new numbers, throughout."""
        match thing:
            case Field():
                return self.fields.get(thing, thing)
            case Compare(left, order, right):
                new_left, new_right = self._value(left, right), self._value(right, left)
                return Compare(self.of(new_left), order, self.of(new_right))
            case OneAmong(operand, values):
                choices = self._choices(operand)
                return OneAmong(self.of(operand), tuple(choices.get(value, value) for value in values))
            case Restart(ladder, level) | Falls(ladder, level) | Rises(ladder, level):
                return type(thing)(self.ladders[ladder], self.levels[ladder][level])
            case Reaches(terms=terms):
                return attrs.evolve(thing, terms=self._terms(terms))
            case NamedTotal(terms=terms):
                currency = self.currencies.get(thing.currency, -1)
                return attrs.evolve(thing, terms=self._terms(terms), currency=currency)
            case Span():
                return thing
            case tuple():
                return tuple(self.of(each) for each in thing)
        if not attrs.has(type(thing)):
            return thing
        numbers = _NUMBERS.get(type(thing), {})
        return type(thing)(
            **{
                each.alias: self._number(numbers[each.name], getattr(thing, each.name))
                if each.name in numbers
                else self.of(getattr(thing, each.name))
                for each in attrs.fields(type(thing))
            }
        )

    def _terms(self, terms: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple((factor, self.counters[counter]) for factor, counter in terms)

    def _number(self, of: str, old: int | tuple[int, ...] | None) -> Any:
        numbers: Map = getattr(self, of)
        if isinstance(old, tuple):
            return tuple(numbers[each] for each in old)
        return old if old is None or old < 0 else numbers[old]

    def _value(self, operand: Operand, other: Operand) -> Operand:
        """A constant that is compared with a field's choice or with a level."""
        if not isinstance(operand, Literal):
            return operand
        return attrs.evolve(operand, value=self._choices(other).get(operand.value, operand.value))

    def _choices(self, operand: Operand) -> Map:
        """The new numbers of what an operand may be."""
        match operand:
            case StatusOf(ladder):
                return self.levels[ladder]
            case EventField(field) | ItemField(field) | MemberField(field):
                wanted = self.fields.get(field, field).values
                return {old: wanted.index(value) for old, value in enumerate(field.values)}
            case _:
                return {}


_NUMBERS: Mapping[type, Mapping[str, str]] = {
    Activity: {"events": "events", "rewards": "rewards"},
    After: {"events": "events"},
    BalanceGiven: {"currency": "currencies"},
    BalanceOf: {"currency": "currencies"},
    Carry: {"event": "events"},
    Clock: {"index": "clocks"},
    Counter: {"index": "counters", "currency": "currencies"},
    CounterLimit: {"of": "counters"},
    CounterValue: {"counter": "counters"},
    Currency: {"index": "currencies"},
    EarnedMeasure: {"currency": "currencies", "rules": "earns", "rewards": "rewards"},
    EarnRule: {"index": "earns", "currency": "currencies", "raises": "earns", "group": "groups"},
    EventsMeasure: {"event": "events"},
    FieldMeasure: {"event": "events"},
    FriendKind: {"event": "events", "of": "events", "numbered": "counters"},
    Gate: {"event": "events"},
    Group: {"index": "groups", "rules": "earns"},
    Ladder: {"index": "ladders"},
    Limit: {"index": "limits"},
    NumberMeasure: {"event": "events"},
    PastMeasure: {"of": "counters"},
    Reward: {
        "index": "rewards",
        "currency": "currencies",
        "at": "events",
        "receiver": "rewards",
        "counted": "currencies",
    },
    ShareOfRules: {"rules": "earns"},
    SpendMeasure: {"event": "events"},
    Stage: {"event": "events"},
    StatusOf: {"ladder": "ladders"},
    Trigger: {"event": "events"},
    UnitsGiven: {"currency": "currencies"},
}
"""Which fields of which classes are numbers, and of what."""

_NOT_SAID = ("span", "index", "label")


def said(thing: Any) -> Any:
    """What a part says, so that two can be compared: without its place, its number and its label."""
    if isinstance(thing, tuple):
        return tuple(said(each) for each in thing)
    if isinstance(thing, Field):
        return thing.name
    if not attrs.has(type(thing)) or isinstance(thing, Span):
        return thing
    kept = [each.name for each in attrs.fields(type(thing)) if each.name not in _NOT_SAID]
    return (type(thing).__name__, *(said(getattr(thing, name)) for name in kept))
