"""The day on which one version of a program gives way to the next, as conditions (VERSION-1).

Invariant: of a test for the time before and the one for the time from the day, exactly one holds.
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.language.checking.dates import EARLIEST, LATEST
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CountedDay,
    EventDay,
    EventField,
    Literal,
    Operand,
    Order,
)
from loyalty_dsl.language.program import DayRange, EarnRule, Reward, Trigger
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import Field, Kind


@record
class Turn:
    """A day, and what says on which side of it an event is.

    Attributes:
        day: the first day of the new version.
        event, field: the date of this kind of event that decides, under the numbers of both versions; `None`
            for the day of the event.
    """

    day: int
    event: int = -1
    field: Field | None = None

    def test(self, before: bool, of: Operand | None = None) -> Condition:
        """Whether a day, that of the event if no other is named, is on one side."""
        order = Order.LESS if before else Order.AT_LEAST
        return Compare(of or EventDay(), order, Literal(self.day, Kind.DATE))

    def counted(self, before: bool) -> Condition:
        """The same of the day as of which counters are read."""
        return self.test(before, CountedDay())

    def dates(self, before: bool) -> tuple[DayRange, ...]:
        """The days of one side, as a clause of dates."""
        return (DayRange(EARLIEST, self.day - 1) if before else DayRange(self.day, LATEST),)

    def rule(self, rule: EarnRule, *, before: bool) -> EarnRule:
        """A rule that is only there on one side."""
        if self.field is None:
            return attrs.evolve(rule, dates=(*rule.dates, self.dates(before)))
        return attrs.evolve(rule, triggers=tuple(self._trigger(each, before) for each in rule.triggers))

    def _trigger(self, trigger: Trigger, before: bool) -> Trigger:
        """A trigger that only fires on one side."""
        decides = self.field is not None and trigger.event == self.event
        of = EventField(self.field) if decides and self.field is not None else None
        return attrs.evolve(trigger, where=both(trigger.where, self.test(before, of)))

    def reward(self, reward: Reward, *, before: bool) -> Reward:
        """A reward or benefit that is only there on one side: the clock says which, as of all prices."""
        return attrs.evolve(reward, dates=(*reward.dates, self.dates(before)))


def both(*conditions: Condition | None) -> Condition | None:
    """The conditions joined, without those that always hold."""
    tests: list[Condition] = []
    for each in conditions:
        if each is not None:
            tests += each.conditions if isinstance(each, All) else (each,)
    return All(tuple(tests)) if len(tests) > 1 else tests[0] if tests else None


def either(conditions: Iterable[Condition]) -> Condition:
    """One of them holds."""
    tests = tuple(conditions)
    return Any(tests) if len(tests) > 1 else tests[0]
