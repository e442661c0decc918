"""Events as the reference evaluator reads them: plain, exact, one at a time.

Invariant: a group's events come in time order, and a member's ids are unique within the member.
"""

import attrs

REDEEM = -1
"""The kind of an event that is a reward alone, outside any purchase."""


@attrs.frozen
class Item:
    """One item of a purchase: its price in minor units, before rewards, and its fields' values."""

    price: int
    fields: tuple[int, ...]


@attrs.frozen
class Event:
    """Something that a member did.

    Attributes:
        id: unique within the member; the `purchase` column in data.
        day: the civil day, in the program's time zone.
        minute: minutes from midnight.
        kind: index of the event kind in the program, or `REDEEM`.
        basket: minor units before this program's own rewards; the sum of the items, where there are any.
        fields: values of the kind's fields, by index.
        redeem: the reward that the member chooses at this event, by index, and how many times, at least once.
        slot: which member of the group did it.
    """

    id: str
    day: int
    minute: int
    kind: int
    basket: int
    items: tuple[Item, ...]
    fields: tuple[int, ...]
    redeem: tuple[int, int] | None
    slot: int = 0
