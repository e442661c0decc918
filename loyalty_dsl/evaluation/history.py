"""Events in columns: what a replay reads, for all members at once.

Invariant: events are grouped by member, in time order within each, and a member's events are the rows
`starts[m]` to `starts[m + 1]`. Every value already fits the program: kinds, fields and rewards are
indices, money is minor units.
"""

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.events import Event, Item

Ints = NDArray[np.int64]


@attrs.frozen(eq=False)
class History:
    """The events of many members.

    The unit that is evaluated is a group: one member or, where members send to each other, all whom that
    connects (`connected`).

    Attributes:
        members: the members' ids, in the order of `starts`.
        starts: [members + 1] first event of each member.
        ids: [events] the `purchase` column as text.
        rows: [events] the row of the source file (from 1, its header not counted) that an event began at.
        day, minute, kind, basket: [events]; `kind` is `REDEEM` for a reward alone.
        fields: [events, most fields of any kind]; unused columns are 0.
        item_starts: [events + 1] first item of each event.
        item_price: [items]; item_fields: [items, item fields].
        reward: [events] the chosen reward, -1 for none; quantity: [events] how many times, at least once
            where there is one.
        last_day: state is reported as of the end of this day.
        original: [events] of a return, the row of the member's event that it takes back; -1 otherwise.
        member_fields: [events, member fields] what each event says, or `UNSAID`; of no columns when there are
            none.
        referrers: [members] the index of the member who brought this one, -1 for nobody.
        recipients: [events] of a transfer to another member, the index of that one; -1 otherwise.
    """

    members: Sequence[str]
    starts: Ints
    ids: Sequence[str]
    rows: Ints
    day: Ints
    minute: Ints
    kind: Ints
    basket: Ints
    fields: Ints
    item_starts: Ints
    item_price: Ints
    item_fields: Ints
    reward: Ints
    quantity: Ints
    last_day: int
    original: Ints = attrs.field(
        default=attrs.Factory(lambda self: np.full(len(self.day), -1), takes_self=True)
    )
    member_fields: Ints = attrs.field(
        default=attrs.Factory(lambda self: np.zeros((len(self.day), 0), np.int64), takes_self=True)
    )
    referrers: Ints = attrs.field(
        default=attrs.Factory(lambda self: np.full(len(self.members), -1), takes_self=True)
    )
    recipients: Ints = attrs.field(
        default=attrs.Factory(lambda self: np.full(len(self.day), -1), takes_self=True)
    )

    def events_of(self, member: int, field_counts: Sequence[int]) -> list[Event]:
        """One member's events as the reference reads them.

        Args:
            member: index of the member.
            field_counts: how many fields each kind of event has, by kind.
        """
        events = []
        for i in range(int(self.starts[member]), int(self.starts[member + 1])):
            kind = int(self.kind[i])
            items = range(int(self.item_starts[i]), int(self.item_starts[i + 1]))
            reward = int(self.reward[i])
            events.append(
                Event(
                    id=str(self.ids[i]),
                    day=int(self.day[i]),
                    minute=int(self.minute[i]),
                    kind=kind,
                    basket=int(self.basket[i]),
                    items=tuple(
                        Item(int(self.item_price[k]), tuple(map(int, self.item_fields[k]))) for k in items
                    ),
                    fields=tuple(int(v) for v in self.fields[i, : field_counts[kind] if kind >= 0 else 0]),
                    redeem=(reward, int(self.quantity[i])) if reward >= 0 else None,
                    original="" if self.original[i] < 0 else str(self.ids[int(self.original[i])]),
                    member=tuple(int(v) for v in self.member_fields[i]),
                    referred=bool(self.referrers[member] >= 0),
                )
            )
        return events
