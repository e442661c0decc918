"""What happens to a member without the member doing anything: midnights, and what friends do (CLOCK, REFER).

Invariant: to a rule it is an event like any other, of a kind with a number of its own.
"""

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.types import Field


@attrs.frozen
class WindowStart:
    """The first day of each calendar window; with `month`, of that month of each year (from 1)."""

    unit: Unit
    month: int | None = None


@attrs.frozen
class YearlyOf:
    """The day and month of a date, each year after it (29 February falls on the 28th otherwise): of a
    member's date field, or of the joined day when `field` is `None`."""

    field: Field | None


@attrs.frozen
class Clock:
    """A midnight that triggers rules of members who have joined; it is kind `len(events) + index`."""

    index: int
    name: str
    at: WindowStart | YearlyOf


@attrs.frozen
class FriendKind:
    """A kind of event that happens to a referrer when a friend does something.

    The kind's fields are those of the purchase, then `ordinal` (which purchase of the friend it is, from 1)
    and `days_since_join` (of the friend, at the purchase); a join has no fields.

    With `numbered` the ordinal is among the purchases that this counter counts, and 0 of any other (REFER-2).

    Attributes:
        event: its index among the program's events.
        purchase: it is a friend's purchase; otherwise the join.
        kept: how long after it; a purchase that was returned in full by then does not happen.
        numbered: the index of the counter of the friend that numbers them; `None` to number all.
    """

    event: int
    purchase: bool
    kept: Duration
    numbered: int | None = None
