"""What limits leave room for (LIMIT-1 to LIMIT-4, LIMIT-6 to LIMIT-11).

Invariant: `used` never exceeds a limit's `most` within one window, as whoever counts asks for room first; a
limit for everyone apart, whose room is unlimited until it is closed, and one with a condition, which counts
while it does not cut.
"""

from collections.abc import Callable, Mapping

import attrs

from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.evaluation.windows import window_from
from loyalty_dsl.evaluation.witness import LimitMet
from loyalty_dsl.language.program import Limit, LimitOf

NO_BOUND = 2**63
"""More than anything that is counted."""


def binding(limits: tuple[Limit, ...], facts: Facts) -> tuple[Limit, ...]:
    """Those of some limits that may cut what is paid now (LIMIT-10, LIMIT-11)."""
    return tuple(limit for limit in limits if holds(limit.only, facts) and holds(limit.when, facts))


def counting(limits: tuple[Limit, ...], fields: tuple[int, ...]) -> tuple[Limit, ...]:
    """Those of some limits that count what is paid at an event with these values of its fields (LIMIT-11)."""
    facts = Facts(fields, 0, 0, (), 0)
    return tuple(limit for limit in limits if holds(limit.only, facts))


@attrs.define(eq=False)
class Usage:
    """What a member has used of each limit of a program, by the limit's index.

    A row of `windows` is the first day of the window that the count belongs to, or the ordinal of the
    event for a limit per event. A count of an earlier window is worth 0 (LIMIT-3).

    Attributes:
        event: the ordinal of the present event, or midnight.
        joined: the joined day; `None` until there is one.
        closed: of limits for everyone, by index and first day of the window: the day from which the window
            is closed (LIMIT-9).
        together: of limits for everyone, by index and day: what this member counts on that day.
    """

    windows: list[int]
    used: list[int]
    event: int = 0
    joined: int | None = None
    closed: Mapping[tuple[int, int], int] = attrs.field(factory=dict)
    together: dict[tuple[int, int], int] = attrs.field(factory=dict)

    @classmethod
    def of(cls, limit_count: int) -> "Usage":
        return cls(windows=[-(2**31) - 1] * limit_count, used=[0] * limit_count)

    def in_window(self, limit: Limit, day: int) -> int:
        """What is used of a limit in the window that holds `day`, or in the present event."""
        return self.used[limit.index] if self.windows[limit.index] == self._window(limit, day) else 0

    def room(self, limit: Limit, day: int) -> int:
        """What a limit still has room for: units, money off or times, as it counts."""
        if limit.everyone:  # LIMIT-9
            return 0 if day >= self.closed.get((limit.index, self._window(limit, day)), day + 1) else NO_BOUND
        return max(0, limit.most - self.in_window(limit, day))

    def count(self, limits: tuple[Limit, ...], day: int, units: int, times: int) -> None:
        """Counts what was paid on `day` against every limit (LIMIT-2)."""
        for limit in limits:
            paid = units if limit.of is LimitOf.UNITS else times
            self.used[limit.index] = self.in_window(limit, day) + paid
            self.windows[limit.index] = self._window(limit, day)
            self._count_together(limit, day, paid)

    def give_back(self, limits: tuple[Limit, ...], paid_on: int, today: int, units: int, times: int) -> None:
        """Gives room back for what is returned, if the window it was paid in is still the present one
        (LIMIT-8).

        Args:
            paid_on: the day that `count` was told.
        """
        for limit in limits:
            if limit.window is None or self._window(limit, paid_on) != self._window(limit, today):
                continue
            paid = units if limit.of is LimitOf.UNITS else times
            before = self.in_window(limit, today)
            self.used[limit.index] = max(0, before - paid)
            self.windows[limit.index] = self._window(limit, today)
            self._count_together(limit, today, self.used[limit.index] - before)

    def fitting(
        self, limits: tuple[Limit, ...], day: int, units: int, told: Callable[[LimitMet], None] | None = None
    ) -> int:
        """The part of a posting that fits under every limit (LIMIT-1, LIMIT-4); 0 if a limit that refuses
        would cut it (LIMIT-7).

        Args:
            told: who wants to hear of each limit.
        """
        wanted = units
        for limit in limits:
            room, before = self.room(limit, day), units
            if limit.of is LimitOf.UNITS:
                units = 0 if limit.refuses and room < wanted else min(units, room)
            elif room <= 0:
                units = 0
            if told is not None:
                told(LimitMet(limit, self.in_window(limit, day), room, before, units))
        return units

    def _count_together(self, limit: Limit, day: int, paid: int) -> None:
        if limit.everyone:
            key = limit.index, day
            self.together[key] = self.together.get(key, 0) + paid

    def _window(self, limit: Limit, day: int) -> int:
        if limit.window is None:
            return self.event
        return window_from(limit.window, day, day if self.joined is None else self.joined)
