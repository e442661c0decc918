"""What friends do, as it happens to the member who referred them (REFER-1 to REFER-5).

Invariants: a friend's own life is over and done with before anything of it is passed on, so it never depends
on the referrer's. Of each friend's event and each kind at most one event is passed on; what is kept for a
while first waits here, and does not happen if all of it was returned by then.
"""

import attrs

from loyalty_dsl.calendar import add_duration
from loyalty_dsl.evaluation.events import RETURN, Event
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.plain_data import Plain, read, write
from loyalty_dsl.language.clocks import FriendKind
from loyalty_dsl.language.program import Program


@attrs.define(eq=False)
class _Doing:
    """What a friend did and the referrer hears of, and what came back of it.

    Attributes:
        ordinals: its number among the friend's events of its kind, by the counter that numbers them.
        gone: all of it came back.
    """

    event: Event
    ordinals: dict[int | None, int]
    days_since_join: int
    returned: int = 0
    gone: bool = False

    def take_back(self, minor: int) -> None:
        self.returned += minor
        self.gone = self.returned == self.event.basket


@attrs.frozen
class _Wait:
    """Something that has to be kept until a day."""

    day: int
    kind: int
    doing: _Doing


def heard_of(program: Program) -> frozenset[int]:
    """The kinds of event of a friend that come to anything for the member who brought it."""
    kinds = program.friend_kinds
    return frozenset(
        (RETURN, *(kind.of for kind in kinds), *(one.event for kind in kinds for one in kind.stages))
    )


@attrs.define(eq=False)
class Friendships:
    """What one member's friends have done so far.

    Attributes:
        referrer: the slot of the member to whom it is passed on.
        _counts: events of a friend, of a kind, that a counter has numbered.
        _passed: how many stages of a kind a friend has passed, and on which day the last.
    """

    program: Program
    referrer: int = 0
    _doings: dict[tuple[int, str], _Doing] = attrs.field(factory=dict)
    _counts: dict[tuple[int, int, int | None], int] = attrs.field(factory=dict)
    _passed: dict[tuple[int, int], tuple[int, int]] = attrs.field(factory=dict)
    _waiting: list[_Wait] = attrs.field(factory=list)

    def heard(self, event: Event, joined: int) -> tuple[Event, ...]:
        """Passes on an event of a friend that was not refused.

        Args:
            event: with the friend's slot.
            joined: the friend's joined day.

        Returns:
            What happens to the referrer at once, in the order of the program's friend kinds.
        """
        if event.kind == RETURN:
            return self._returned(event)
        completed = {
            number: self._passes(event, number, kind)
            for number, kind in enumerate(self.program.friend_kinds)
            if kind.stages
        }
        kinds = [each for each in enumerate(self.program.friend_kinds) if each[1].of == event.kind]
        ordinals = {
            kind.numbered: int(completed[number]) if kind.stages else self._number(event, kind.numbered)
            for number, kind in {kind.numbered: (number, kind) for number, kind in kinds}.values()
        }
        doing = _Doing(event, ordinals, event.day - joined)
        if kinds:
            self._doings[event.slot, event.id] = doing
        at_once = []
        for number, kind in kinds:
            if kind.kept.count:
                self._waiting.append(_Wait(add_duration(event.day, kind.kept), number, doing))
            else:
                at_once.append(self._passed_on(doing, kind, (event.day, event.minute)))
        return tuple(at_once)

    def due(self, day: int) -> tuple[Event, ...]:
        """What was kept for long enough by the start of `day`, each on the day on which it was (REFER-3).

        Ask before anything else of that day happens.
        """
        ready = sorted((wait for wait in self._waiting if wait.day <= day), key=lambda wait: wait.day)
        self._waiting = [wait for wait in self._waiting if wait.day > day]
        return tuple(
            self._passed_on(wait.doing, self.program.friend_kinds[wait.kind], (wait.day, 0))
            for wait in ready
            if not wait.doing.gone
        )

    def next_due(self) -> int | None:
        """The first day on which something is due; `None` when nothing waits."""
        return min((wait.day for wait in self._waiting), default=None)

    def kept(self) -> Plain:
        """All of it as plain data, from which `with_kept` makes it again."""
        return {
            "doings": write(dict[tuple[int, str], _Doing], self._doings),
            "counts": write(dict[tuple[int, int, int | None], int], self._counts),
            "passed": write(dict[tuple[int, int], tuple[int, int]], self._passed),
            "waiting": [
                [wait.day, wait.kind, wait.doing.event.slot, wait.doing.event.id] for wait in self._waiting
            ],
        }

    @classmethod
    def with_kept(cls, program: Program, plain: Plain) -> "Friendships":
        """What `kept` wrote.

        Raises:
            Unreadable: it is something else.
        """
        its = cls(program)
        its._doings = read(dict[tuple[int, str], _Doing], plain["doings"])
        its._counts = read(dict[tuple[int, int, int | None], int], plain["counts"])
        its._passed = read(dict[tuple[int, int], tuple[int, int]], plain["passed"])
        for day, kind, slot, name in read(list[tuple[int, int, int, str]], plain["waiting"]):
            its._waiting.append(_Wait(day, kind, its._doings[slot, name]))
        return its

    def _number(self, event: Event, numbered: int | None) -> int:
        """The number of an event among those that a counter counts, 0 if it is none of them (REFER-2)."""
        if numbered is not None and not holds(self.program.counters[numbered].where, _facts_of(event)):
            return 0
        counted = event.slot, event.kind, numbered
        count = self._counts[counted] = self._counts.get(counted, 0) + 1
        return count

    def _passes(self, event: Event, number: int, kind: FriendKind) -> bool:
        """Lets a friend pass the next stage of a kind, if this is it; whether that was the last (REFER-5)."""
        passed, latest = self._passed.get((event.slot, number), (0, 0))
        if passed == len(kind.stages):
            return False
        stage = kind.stages[passed]
        in_time = stage.within is None or event.day - latest <= stage.within
        if event.kind != stage.event or not in_time or not holds(stage.where, _facts_of(event)):
            return False
        self._passed[event.slot, number] = passed + 1, event.day
        return passed + 1 == len(kind.stages)

    def _returned(self, event: Event) -> tuple[Event, ...]:
        """A return of what was passed on at once is a return to the referrer, too (REFER-4)."""
        doing = self._doings.get((event.slot, event.original))
        if doing is None:
            return ()
        doing.take_back(event.basket)
        return tuple(
            Event(
                id=f"{event.id}/{self._name(kind)}",
                day=event.day,
                minute=event.minute,
                kind=RETURN,
                basket=event.basket,
                items=(),
                fields=(),
                redeem=None,
                slot=self.referrer,
                original=f"{event.original}/{self._name(kind)}",
            )
            for kind in self.program.friend_kinds
            if kind.of == doing.event.kind and not kind.kept.count
        )

    def _passed_on(self, doing: _Doing, kind: FriendKind, when: tuple[int, int]) -> Event:
        event = doing.event
        told = (*event.fields, doing.ordinals[kind.numbered], doing.days_since_join)  # REFER-2
        return Event(
            id=f"{event.id}/{self._name(kind)}",
            day=when[0],
            minute=when[1],
            kind=kind.event,
            basket=event.basket - doing.returned,  # REFER-3
            items=(),
            fields=told if kind.has_fields else (),
            redeem=None,
            slot=self.referrer,
        )

    def _name(self, kind: FriendKind) -> str:
        return self.program.events[kind.event].name


def _facts_of(event: Event) -> Facts:
    return Facts(event.fields, event.basket, event.basket, (), 0)
