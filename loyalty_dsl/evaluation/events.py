"""Events as the reference evaluator reads them: plain, exact, one at a time.

Invariant: a group's events come in time order, and a member's ids are unique within the member.
"""

import attrs

REDEEM = -1
"""The kind of an event that is a reward alone, outside any purchase."""

RETURN = -2
"""The kind of an event that takes back an earlier one, or a part of it."""


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
        kind: index of the event kind in the program, or `REDEEM` or `RETURN`.
        basket: minor units before this program's own rewards; the sum of the items, where there are any.
        fields: values of the kind's fields, by index.
        redeem: the reward that the member chooses at this event, by index, and how many times, at least once.
        slot: which member of the group did it.
        original: of a return, the id of the member's event that it takes back; its `basket` is what is
            returned, in the prices of the original, and its items, where given, which ones.
        member: values of the member's fields from this event on, by index; empty leaves them as they are.
        referred: of a join (or a first event), whether another member brought this one.
        recipient: of a transfer to another member, that one's slot; -1 of anything else.
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
    original: str = ""
    member: tuple[int, ...] = ()
    referred: bool = False
    recipient: int = -1
