"""Which members of a history are evaluated together: those whom transfers connect (GROUP).

Invariants: each member is in one group, and a group's members and the groups themselves are in the history's
order. The events of a group are in one order of time: by day and minute, then by row of the file.
"""

from collections.abc import Sequence

import attrs
import numpy as np

from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.history import History, Ints


@attrs.frozen(eq=False)
class Groups:
    """The groups of a history.

    Attributes:
        members: [members] their indices, group by group; starts: [groups + 1] the first of each group there.
        slots: [members] the place of each member in its group, by index.
        order: [events] their indices, group by group, in the order in which they happen; of no length where
            that is the history's own order, as each group is one member.
    """

    members: Ints
    starts: Ints
    slots: Ints
    order: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, group: int) -> Ints:
        """The members of a group."""
        return self.members[self.starts[group] : self.starts[group + 1]]

    @property
    def largest(self) -> int:
        """The most members of a group."""
        return int(np.diff(self.starts).max(initial=1))


def groups_of(history: History) -> Groups:
    """The groups that the transfers of a history make."""
    count = len(history.members)
    each = np.arange(count)
    sending = np.flatnonzero(history.recipients >= 0)
    if not len(sending):
        return Groups(each, np.arange(count + 1), np.zeros(count, np.int64), np.zeros(0, np.int64))
    sender = np.repeat(each, np.diff(history.starts))[sending]
    root = _roots(count, sender.tolist(), history.recipients[sending].tolist())
    members = np.lexsort((each, root))
    starts = np.r_[np.flatnonzero(np.r_[True, np.diff(root[members]) > 0]), count]
    slots = np.empty(count, np.int64)
    slots[members] = each - np.repeat(starts[:-1], np.diff(starts))
    of_event = np.repeat(root, np.diff(history.starts))
    order = np.lexsort((np.arange(len(of_event)), history.rows, history.minute, history.day, of_event))
    return Groups(members, starts.astype(np.int64), slots, order.astype(np.int64))


def _roots(count: int, one: Sequence[int], other: Sequence[int]) -> Ints:
    """Of each member the first one that pairs connect it with."""
    root = list(range(count))

    def find(member: int) -> int:
        while root[member] != member:
            root[member] = root[root[member]]
            member = root[member]
        return member

    for left, right in zip(one, other, strict=True):
        first, second = sorted((find(left), find(right)))
        root[second] = first
    return np.array([find(member) for member in range(count)], np.int64)


def events_of_group(history: History, groups: Groups, group: int, field_counts: Sequence[int]) -> list[Event]:
    """A group's events in the order in which they happen, with the slots of their members."""
    members = groups.of(group).tolist()
    by_index: dict[int, Event] = {}
    for slot, member in enumerate(members):
        first = int(history.starts[member])
        for index, event in enumerate(history.events_of(member, field_counts), first):
            to = int(history.recipients[index])
            recipient = int(groups.slots[to]) if to >= 0 else -1
            by_index[index] = attrs.evolve(event, slot=slot, recipient=recipient)
    if len(members) == 1:
        return list(by_index.values())
    return [by_index[index] for index in order_of(history, groups, group).tolist()]


def order_of(history: History, groups: Groups, group: int) -> Ints:
    """The events of a group, by index, in the order in which they happen."""
    lengths = np.diff(history.starts)
    first = int(lengths[groups.members[: groups.starts[group]]].sum())
    return groups.order[first : first + int(lengths[groups.of(group)].sum())]
