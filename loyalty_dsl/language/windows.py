"""Windows of time: what counters measure in and limits count in (TIME-2).

Invariant: every window is half-open, and on any day exactly one window of a kind is the present one. A
`Unit` stands for the calendar's own window of that unit.
"""

from loyalty_dsl.calendar import Duration, Unit, add_months, window_end, window_start
from loyalty_dsl.language.records import record


@record
class Period:
    """A year or quarter that begins with a month with which no calendar one begins: `year from march 1`.

    Attributes:
        month: 1 for January; of quarters, one of the four months with which they begin.
        name: what the program calls it.
        unit: `YEAR` or `QUARTER`.
    """

    month: int
    name: str
    unit: Unit = Unit.YEAR

    @property
    def months(self) -> int:
        """How many months one of them has."""
        return 3 if self.unit is Unit.QUARTER else 12


def end_of_window(window: Unit | Period, day: int) -> int:
    """The first day after the window that holds a day."""
    if isinstance(window, Unit):
        return window_end(window, day)
    month = add_months(window_start(Unit.MONTH, day), 1 - window.month)
    return add_months(window_end(window.unit, month), window.month - 1)


@record
class Rolling:
    """The days d up to the present day D for which d + `duration` is after D: the last 12 months, say."""

    duration: Duration


@record
class Lifetime:
    """All days."""


@record
class YearOfMembership:
    """The year from the joined day, or from one of its anniversaries (clamped, never chained)."""


Window = Unit | Period | Rolling | Lifetime | YearOfMembership
