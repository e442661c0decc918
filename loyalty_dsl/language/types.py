"""Types of values, and the schema of events and items.

Invariant: every value of an event is an integer in the units of its kind: yes/no is 0 or 1, a one-of is
the position of its value, money is minor units, a date is a day number, a number is whole.
"""

from enum import Enum

from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


class Kind(Enum):
    """The type of a field or operand."""

    YES_NO = "yes/no"
    ONE_OF = "one of"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"  # minutes from midnight; never declared: of an event whose time the program asks for
    UNITS = "units"  # an amount of one currency; never the type of a field
    LEVEL = "level"  # a level of a ladder; never the type of a field


@record
class Field:
    """A declared field of an event or of an item. `values` is empty unless it is a one-of."""

    name: str
    kind: Kind
    values: tuple[str, ...]
    index: int
    span: Span


@record
class EventKind:
    """A kind of event. `purchase` and `join` always exist, at indices 0 and 1; a join has no amount. With
    `counts_on` its events move counters on the day of that field (COUNT-10)."""

    name: str
    index: int
    fields: tuple[Field, ...]
    has_amount: bool
    span: Span | None
    counts_on: Field | None = None

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


PURCHASE = 0
JOIN = 1

NO_DATE = -(2**31)
"""The value of a member's date field before anybody has said it."""

UNSAID = -(2**62)
"""What an event has for a field of its member that it says nothing of (MEMBER-1)."""
