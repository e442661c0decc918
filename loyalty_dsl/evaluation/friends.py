"""What friends do, as it happens to the member who referred them (REFER-1 to REFER-4).

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
from loyalty_dsl.language.types import JOIN, PURCHASE


@attrs.define(eq=False)
class _Purchase:
    """A friend's purchase, and what came back of it.

    Attributes:
        ordinals: its number among the friend's purchases, by the counter that numbers them.
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
    """A purchase that has to be kept until a day."""

    day: int
    kind: int
    purchase: _Purchase


@attrs.define(eq=False)
class Friendships:
    """What one member's friends have done so far.

    Attributes:
        referrer: the slot of the member to whom it is passed on.
    """

    program: Program
    referrer: int = 0
    _purchases: dict[tuple[int, str], _Purchase] = attrs.field(factory=dict)
    _counts: dict[tuple[int, int | None], int] = attrs.field(factory=dict)
    _waiting: list[_Wait] = attrs.field(factory=list)

    def heard(self, event: Event, joined: int) -> tuple[Event, ...]:
        """Passes on an event of a friend that was not refused.

        Args:
            event: with the friend's slot.
            joined: the friend's joined day.

        Returns:
            What happens to the referrer at once, in the order of the program's friend kinds.
        """
        if event.kind == JOIN:
            kinds = [kind for kind in self.program.friend_kinds if not kind.purchase]
            return tuple(self._passed_on(event, kind, (event.day, event.minute), 0, ()) for kind in kinds)
        if event.kind == PURCHASE:
            return self._purchased(event, joined)
        if event.kind == RETURN:
            return self._returned(event)
        return ()

    def due(self, day: int) -> tuple[Event, ...]:
        """What was kept for long enough by the start of `day`, each on the day on which it was (REFER-3).

        Ask before anything else of that day happens.
        """
        ready = sorted((wait for wait in self._waiting if wait.day <= day), key=lambda wait: wait.day)
        self._waiting = [wait for wait in self._waiting if wait.day > day]
        return tuple(
            self._of_purchase(wait.purchase, self.program.friend_kinds[wait.kind], (wait.day, 0))
            for wait in ready
            if not wait.purchase.gone
        )

    def next_due(self) -> int | None:
        """The first day on which something is due; `None` when nothing waits."""
        return min((wait.day for wait in self._waiting), default=None)

    def kept(self) -> Plain:
        """All of it as plain data, from which `with_kept` makes it again."""
        return {
            "purchases": write(dict[tuple[int, str], _Purchase], self._purchases),
            "counts": write(dict[tuple[int, int | None], int], self._counts),
            "waiting": [
                [wait.day, wait.kind, wait.purchase.event.slot, wait.purchase.event.id]
                for wait in self._waiting
            ],
        }

    @classmethod
    def with_kept(cls, program: Program, plain: Plain) -> "Friendships":
        """What `kept` wrote.

        Raises:
            Unreadable: it is something else.
        """
        its = cls(program)
        its._purchases = read(dict[tuple[int, str], _Purchase], plain["purchases"])
        its._counts = read(dict[tuple[int, int | None], int], plain["counts"])
        for day, kind, slot, name in read(list[tuple[int, int, int, str]], plain["waiting"]):
            its._waiting.append(_Wait(day, kind, its._purchases[slot, name]))
        return its

    def _purchased(self, event: Event, joined: int) -> tuple[Event, ...]:
        kinds = [kind for kind in self.program.friend_kinds if kind.purchase]
        ordinals = {numbered: self._number(event, numbered) for numbered in {kind.numbered for kind in kinds}}
        purchase = _Purchase(event, ordinals, event.day - joined)
        self._purchases[event.slot, event.id] = purchase
        at_once = []
        for index, kind in enumerate(self.program.friend_kinds):
            if not kind.purchase:
                continue
            if kind.kept.count:
                wait = _Wait(add_duration(event.day, kind.kept), index, purchase)
                self._waiting.append(wait)
            else:
                at_once.append(self._of_purchase(purchase, kind, (event.day, event.minute)))
        return tuple(at_once)

    def _number(self, event: Event, numbered: int | None) -> int:
        """The number of a purchase among those that a counter counts, 0 if it is none of them (REFER-2)."""
        facts = Facts(event.fields, event.basket, event.basket, (), 0)
        if numbered is not None and not holds(self.program.counters[numbered].where, facts):
            return 0
        count = self._counts[event.slot, numbered] = self._counts.get((event.slot, numbered), 0) + 1
        return count

    def _returned(self, event: Event) -> tuple[Event, ...]:
        """A return of what was passed on at once is a return to the referrer, too (REFER-4)."""
        purchase = self._purchases.get((event.slot, event.original))
        if purchase is None:
            return ()
        purchase.take_back(event.basket)
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
            if kind.purchase and not kind.kept.count
        )

    def _of_purchase(self, purchase: _Purchase, kind: FriendKind, when: tuple[int, int]) -> Event:
        ordinal = purchase.ordinals[kind.numbered]
        fields = (*purchase.event.fields, ordinal, purchase.days_since_join)  # REFER-2
        left = purchase.event.basket - purchase.returned  # REFER-3
        return self._passed_on(purchase.event, kind, when, left, fields)

    def _passed_on(
        self, event: Event, kind: FriendKind, when: tuple[int, int], basket: int, fields: tuple[int, ...]
    ) -> Event:
        return Event(
            id=f"{event.id}/{self._name(kind)}",
            day=when[0],
            minute=when[1],
            kind=kind.event,
            basket=basket,
            items=(),
            fields=fields,
            redeem=None,
            slot=self.referrer,
        )

    def _name(self, kind: FriendKind) -> str:
        return self.program.events[kind.event].name
