"""Windows of time: what counters measure in and limits count in (TIME-2).

Invariant: every window is half-open, and on any day exactly one window of a kind is the present one. A
`Unit` stands for the calendar's own window of that unit.
"""

import attrs

from loyalty_dsl.calendar import Duration, Unit


@attrs.frozen
class YearFrom:
    """A year that begins on the first day of a month other than January: `year from march 1`.

    Attributes:
        month: 1 for January.
        name: what the program calls it.
    """

    month: int
    name: str


@attrs.frozen
class Rolling:
    """The days d up to the present day D for which d + `duration` is after D: the last 12 months, say."""

    duration: Duration


@attrs.frozen
class Lifetime:
    """All days."""


@attrs.frozen
class YearOfMembership:
    """The year from the joined day, or from one of its anniversaries (clamped, never chained)."""


Window = Unit | YearFrom | Rolling | Lifetime | YearOfMembership
