"""What limits leave room for (LIMIT-1 to LIMIT-4).

Invariant: `used` never exceeds a limit's `most` within one window, whoever counts asks for room first.
"""

import attrs

from loyalty_dsl.calendar import window_start
from loyalty_dsl.language.program import Limit, LimitOf


@attrs.define(eq=False)
class Usage:
    """What a member has used of each limit of a program, by the limit's index.

    A row of `windows` is the first day of the window that the count belongs to, or the ordinal of the
    event for a limit per event. A count of an earlier window is worth 0 (LIMIT-3).
    """

    windows: list[int]
    used: list[int]
    event: int = 0

    @classmethod
    def of(cls, limit_count: int) -> "Usage":
        return cls(windows=[-(2**31)] * limit_count, used=[0] * limit_count)

    def in_window(self, limit: Limit, day: int) -> int:
        """What is used of a limit in the window that holds `day`, or in the present event."""
        return self.used[limit.index] if self.windows[limit.index] == self._window(limit, day) else 0

    def room(self, limit: Limit, day: int) -> int:
        """What a limit still has room for: units, money off or times, as it counts."""
        return limit.most - self.in_window(limit, day)

    def count(self, limits: tuple[Limit, ...], day: int, units: int, times: int) -> None:
        """Counts what was paid on `day` against every limit (LIMIT-2)."""
        for limit in limits:
            paid = units if limit.of is LimitOf.UNITS else times
            self.used[limit.index] = self.in_window(limit, day) + paid
            self.windows[limit.index] = self._window(limit, day)

    def fitting(self, limits: tuple[Limit, ...], day: int, units: int) -> int:
        """The part of a posting that fits under every limit (LIMIT-1, LIMIT-4)."""
        for limit in limits:
            room = self.room(limit, day)
            if limit.of is LimitOf.UNITS:
                units = min(units, room)
            elif room <= 0:
                units = 0
        return units

    def _window(self, limit: Limit, day: int) -> int:
        return self.event if limit.window is None else window_start(limit.window, day)
