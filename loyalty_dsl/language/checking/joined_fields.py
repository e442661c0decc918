"""The events, fields and midnights of two versions of a program, together (VERSION-2).

Invariant: what has one name in both is one thing; choices of the old version keep their numbers.
"""

from collections.abc import Collection, Sequence

import attrs

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.clocks import TOLD, Clock, FriendKind, OnDay
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import EventKind, Field


@attrs.define
class JoinedFields:
    """Fields of both versions, by what they were.

    Attributes:
        fields: old and new fields -> those of both.
    """

    findings: Findings
    fields: dict[Field, Field] = attrs.field(factory=dict)

    def join(self, old: Sequence[Field], new: Sequence[Field]) -> tuple[Field, ...]:
        """The fields of one event, of items or of members; reports a field that is of another type."""
        theirs = {field.name: field for field in new}
        joined: list[Field] = []
        for field in old:
            twin = theirs.pop(field.name, None)
            values = field.values
            if twin is not None and twin.kind is not field.kind:
                self.findings.report(
                    "L254", twin.span, f"`{field.name}` was {field.kind.value}, and is {twin.kind.value} now",
                    secondary=[(field.span, "as the replaced version has it")],
                    help="give the new field another name",
                )  # fmt: skip
                self.fields[twin] = twin
                twin = None
            if twin is not None:
                values += tuple(value for value in twin.values if value not in values)
            known = attrs.evolve(twin or field, values=values, index=len(joined))
            self.fields[field] = known
            if twin is not None:
                self.fields[twin] = known
            joined.append(known)
        for field in theirs.values():
            self.fields[field] = attrs.evolve(field, index=len(joined))
            joined.append(self.fields[field])
        return tuple(joined)


@record
class JoinedEvents:
    """Attributes:
    events: of both versions, those that friends cause last.
    of_old, of_new: the numbers of each version's kinds, clocks among them.
    clocks: the first is the midnight at which the version changes; what sets the others is not under the
        numbers of both versions yet.
    clocks_of_old, clocks_of_new: their numbers.
    """

    events: tuple[EventKind, ...]
    of_old: dict[int, int]
    of_new: dict[int, int]
    clocks: tuple[Clock, ...]
    clocks_of_old: dict[int, int]
    clocks_of_new: dict[int, int]


def join_events(
    old: Program, new: Program, day: int, fields: JoinedFields, apart: Collection[str] = ()
) -> JoinedEvents:
    """The kinds of event and the clocks of both versions.

    Args:
        day: the first one of the new version.
        fields: takes the fields of events.
        apart: names of clocks that are not the same in both.
    """
    events: list[EventKind] = []
    of_old: dict[int, int] = {}
    of_new: dict[int, int] = {}
    for by_friends in (False, True):
        first, second = _events(old, by_friends), _events(new, by_friends)
        names = dict.fromkeys((*first, *second))
        for name in names:
            one, other = first.get(name), second.get(name)
            index = len(events)
            if by_friends:
                own = _of_friend(old, one), _of_friend(new, other)
                base = next(
                    (
                        events[numbers[kind.of]].fields
                        for kind, numbers in zip(own, (of_old, of_new), strict=True)
                        if kind
                    ),
                    (),
                )
                joined = _behind(one, other, base, fields)
            else:
                joined = fields.join(() if one is None else one.fields, () if other is None else other.fields)
            known = other or one
            assert known is not None
            events.append(attrs.evolve(known, index=index, fields=joined))
            if one is not None:
                of_old[one.index] = index
            if other is not None:
                of_new[other.index] = index
    clocks = [Clock(0, f"version from {date_of(day)}", OnDay(day))]
    numbers: list[dict[int, int]] = []
    for program, kinds in ((old, of_old), (new, of_new)):
        its: dict[int, int] = {}
        for clock in program.clocks:
            twin = None if clock.name in apart else _same_clock(clock, clocks)
            if twin is None:
                twin = len(clocks)
                clocks.append(attrs.evolve(clock, index=twin))
            its[clock.index] = twin
            kinds[len(program.events) + clock.index] = len(events) + twin
        numbers.append(its)
    return JoinedEvents(tuple(events), of_old, of_new, tuple(clocks), numbers[0], numbers[1])


def _same_clock(clock: Clock, others: Sequence[Clock]) -> int | None:
    """The clock of another version that has this name and is of this kind: for now, until its `at` under the
    numbers of both versions has been compared."""
    for other in others:
        if other.name == clock.name and type(other.at) is type(clock.at):
            return other.index
    return None


def _events(program: Program, by_friends: bool) -> dict[str, EventKind]:
    friends = {friend.event for friend in program.friend_kinds}
    return {kind.name: kind for kind in program.events if (kind.index in friends) == by_friends}


def _of_friend(program: Program, kind: EventKind | None) -> FriendKind | None:
    """What a friend's event is in one of the versions; `None` where that has none."""
    return next((each for each in program.friend_kinds if kind and each.event == kind.index), None)


def _behind(
    one: EventKind | None, other: EventKind | None, base: tuple[Field, ...], fields: JoinedFields
) -> tuple[Field, ...]:
    """The fields of a friend's event: those of the event itself, and the two behind them.

    Args:
        base: those of the event itself, of both versions.
    """
    first = () if one is None else one.fields[-TOLD:]
    second = () if other is None else other.fields[-TOLD:]
    own = fields.join(first, second)
    if not own:  # a join
        return ()
    for field in dict.fromkeys((*first, *second)):
        known = fields.fields[field]
        fields.fields[field] = attrs.evolve(known, index=len(base) + known.index)
    return (*base, *(attrs.evolve(field, index=len(base) + field.index) for field in own))
