"""Counters: running totals of what members do, which tiers and conditions ask about (COUNT).

Invariants: a counter only moves by events and their postings, after the postings (EVENT-1); what is
returned takes out of it what the original put in, as long as that window is still counted. Values are
integers in the units of `kind`: minor units, whole numbers, or smallest units of `currency`.
"""

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language.conditions import Condition, CounterValue
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.language.windows import Window
from loyalty_dsl.source import Span


@record
class SpendMeasure:
    """The `amount` of events of a kind; of the items that pass, where the counter has an item filter."""

    event: int


@record
class FieldMeasure:
    """A number or money field of events of a kind."""

    event: int
    field: Field


@record
class EventsMeasure:
    """How many events of a kind."""

    event: int


@record
class NumberMeasure:
    """The numbers that events of a kind have taken, for `first purchase where ...`: what is returned keeps
    its number (EARN-13).

    Attributes:
        windows: the calendar windows whose first events these are, as the `where` of the counter sees to
            (COUNT-8); `None` where nobody wrote it as a counter.
    """

    event: int
    windows: Unit | None = None


@record
class ItemsMeasure:
    """How many items of purchases; those that pass the item filter."""


@record
class EarnedMeasure:
    """What was posted of a currency by these earn rules, at events and at midnight, and what these options of
    menus gave of it, all of which give no other currency (MENU-4).

    Attributes:
        every: whether the file names none of them, for whoever says it in words.
    """

    currency: int
    rules: tuple[int, ...]
    rewards: tuple[int, ...] = ()
    every: bool = attrs.field(default=False, eq=False)


@record
class PastMeasure:
    """What another counter had in the window before the one that is counted in: no event moves it (COUNT-9).

    Attributes:
        of: that counter, of the same windows; its number is the smaller one.
    """

    of: int


Measure = (
    SpendMeasure | FieldMeasure | EventsMeasure | NumberMeasure | ItemsMeasure | EarnedMeasure | PastMeasure
)


@record
class CarryCase:
    """When so much is carried: what a counter had in the window that has closed, less a constant, if that is
    above 0."""

    when: Condition | None
    units: CounterValue
    less: int


@record
class Carry:
    """What moves a counter when its window ends, by what the window that has closed had (COUNT-12).

    Attributes:
        event: the kind of event that the clock is.
        cases: at most one of them holds.
    """

    event: int
    cases: tuple[CarryCase, ...]


@record
class CounterLimit:
    """How much a counter counts at most (COUNT-13).

    Attributes:
        most: in the units of the counter.
        of: the counter that says how much of it is used; `None` for each event by itself.
    """

    most: int
    of: int | None


@record
class Counter:
    """A running total.

    Attributes:
        name: as declared; for a measure written inside a condition, its words.
        index: its place among the program's counters.
        where: which events count; reads the event's fields and the member's.
        items: which items of a purchase count.
        beside: made for what another counter carries, or for its limit.
        kind: `MONEY`, `NUMBER` or `UNITS` (then `currency` says of which currency, else it is -1).
    """

    name: str
    label: str
    index: int
    measure: Measure
    window: Window
    where: Condition | None
    items: Condition | None
    kind: Kind
    currency: int
    span: Span
    carry: Carry | None = None
    limit: CounterLimit | None = None
    beside: bool = False

    @property
    def hidden(self) -> bool:
        """Whether it only numbers events for a trigger or serves another counter: nobody wrote it as one."""
        return self.beside or (isinstance(self.measure, NumberMeasure) and self.measure.windows is None)


@record
class NamedTotal:
    """A declared sum, difference or share of counters, with a name that conditions and scenarios use.

    Its value is the sum of coefficient * counter over `terms`, divided by `scale`; conditions compare the
    undivided sum, and so exactly.
    """

    name: str
    label: str
    terms: tuple[tuple[int, int], ...]
    scale: int
    kind: Kind
    currency: int
    span: Span
