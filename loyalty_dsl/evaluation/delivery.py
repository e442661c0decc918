"""Histories of members who bring each other: what friends did is put among their referrers' events (REFER).

Invariants: a friend's life is run before anything of it is passed on, so members are run in waves, each of
whose friends were in earlier ones; what is passed on is what `Friendships` says, whichever engine ran it. On
one minute a member's own events come first; what had to be kept comes first of its day.

Worked case: ann brought bob, and bob cid. Waves: cid; bob, with cid's events; ann, with bob's own.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs
import numpy as np

from loyalty_dsl.evaluation.events import RETURN, Event
from loyalty_dsl.evaluation.friends import Friendships, heard_of
from loyalty_dsl.evaluation.history import History, Ints
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import UNSAID

_KEPT, _OWN, _AT_ONCE = range(3)


def needs_delivery(program: Program, history: History) -> bool:
    """Whether friends do anything that a referrer's rules hear of, and the history does not have it yet."""
    kinds = [friend.event for friend in program.friend_kinds]
    return (
        bool(kinds) and bool((history.referrers >= 0).any()) and not bool(np.isin(history.kind, kinds).any())
    )


def run_in_waves(program: Program, history: History, run: Callable[[Ints, History], Ints]) -> None:
    """Runs members wave by wave, friends before those who brought them.

    Args:
        run: gets the members of a wave, by index, and their history with what their friends did; answers for
            each of its events whether it happened (1) or was refused (0).
    """
    happened = np.zeros(len(history.day), np.int64)  # of the members' own events
    friends_of: dict[int, list[int]] = {}
    for friend in np.flatnonzero(history.referrers >= 0).tolist():
        friends_of.setdefault(int(history.referrers[friend]), []).append(friend)
    for members in waves_of(history.referrers):
        passed = {
            int(member): list(_passed_on(program, history, happened, friends_of[int(member)]))
            for member in members
            if int(member) in friends_of
        }
        part, own = with_deliveries(program, history, members, passed)
        answered = run(members, part)
        happened[own[own >= 0]] = answered[own >= 0]


def waves_of(referrers: Ints) -> Iterator[Ints]:
    """The members in waves, so that whoever one brought is in an earlier wave.

    Raises:
        ValueError: members brought each other in a circle; a reader refuses that.
    """
    waiting = np.bincount(referrers[referrers >= 0], minlength=len(referrers))
    wave = np.flatnonzero(waiting == 0)
    left = len(referrers)
    while len(wave):
        yield wave
        left -= len(wave)
        up = referrers[wave]
        up = up[up >= 0]
        np.subtract.at(waiting, up, 1)
        wave = np.unique(up[waiting[up] == 0])
    if left:
        raise ValueError("members brought each other in a circle")


@attrs.frozen
class _Delivery:
    """An event for a referrer, its rank within its minute, and the row of the file that it is due to."""

    event: Event
    rank: int
    row: int


def _passed_on(
    program: Program, history: History, happened: Ints, friends: Sequence[int]
) -> Iterator[_Delivery]:
    """What these friends' lives are to the one who brought them, in the order in which it happens."""
    friendships, told = Friendships(program), heard_of(program)
    counts = [len(kind.fields) for kind in program.events]
    events: list[tuple[int, int, int, Event, int, int]] = []
    for slot, friend in enumerate(friends, 1):
        first = int(history.starts[friend])
        joined: int | None = None
        for position, event in enumerate(history.events_of(friend, counts), first):
            if not happened[position]:
                continue
            if joined is None:  # JOIN-1: the first event that was not refused
                joined = event.day
            if event.kind not in told:
                continue
            name = history.members[friend]  # ids are unique within a member only
            named = attrs.evolve(
                event,
                id=f"{name}/{event.id}",
                original=f"{name}/{event.original}" if event.kind == RETURN else "",
                slot=slot,
            )
            events.append((event.day, event.minute, position, named, joined, int(history.rows[position])))
    events.sort(key=lambda each: each[:3])
    row_of: dict[str, int] = {}
    for day, _, _, event, joined_on, row in events:
        for kept in friendships.due(day):
            yield _Delivery(kept, _KEPT, row_of[kept.id.rpartition("/")[0]])
        row_of[event.id] = row
        for heard in friendships.heard(event, joined_on):
            yield _Delivery(heard, _AT_ONCE, row)
    for kept in friendships.due(history.last_day):
        yield _Delivery(kept, _KEPT, row_of[kept.id.rpartition("/")[0]])


def with_deliveries(
    program: Program, history: History, members: Ints, passed: dict[int, list[_Delivery]]
) -> tuple[History, Ints]:
    """The history of some members, with what is passed on to them.

    Args:
        members: by index, in order.
        passed: by member.

    Returns:
        The history, and of each of its events the number that it has in `history`; -1 for one passed on.
    """
    lengths = np.diff(history.starts)[members]
    firsts = history.starts[members] - np.cumsum(lengths) + lengths
    own = np.repeat(firsts, lengths) + np.arange(lengths.sum())
    of_member = np.repeat(np.arange(len(members)), lengths)
    extra = [(i, each) for i, member in enumerate(members.tolist()) for each in passed.get(member, ())]
    more = len(extra)

    def column(values: Ints, told: Sequence[int]) -> Ints:
        return np.concatenate([values[own], np.asarray(told, np.int64).reshape(more)])

    event_of = [each.event for _, each in extra]
    member = np.concatenate([of_member, np.asarray([i for i, _ in extra], np.int64)])
    day = column(history.day, [event.day for event in event_of])
    minute = column(history.minute, [event.minute for event in event_of])
    rank = np.concatenate([np.full(len(own), _OWN), np.asarray([each.rank for _, each in extra], np.int64)])
    order = np.lexsort((np.arange(len(day)), rank, minute, day, member))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))

    source = np.concatenate([own, np.full(more, -1)])
    fields = np.zeros((len(day), history.fields.shape[1]), np.int64)
    fields[: len(own)] = history.fields[own]
    for i, event in enumerate(event_of, len(own)):
        fields[i, : len(event.fields)] = event.fields
    ids = [str(history.ids[event]) for event in own.tolist()] + [event.id for event in event_of]
    original = np.full(len(day), -1)
    place_of_own = np.full(len(history.day), -1)
    place_of_own[own] = place[: len(own)]
    returns = history.original[own]
    original[: len(own)] = np.where(returns >= 0, place_of_own[np.maximum(returns, 0)], -1)
    place_of = {(i, each.event.id): int(place[len(own) + k]) for k, (i, each) in enumerate(extra)}
    for k, (i, each) in enumerate(extra):
        if each.event.kind == RETURN:
            original[len(own) + k] = place_of[i, each.event.original]

    items = np.where(source >= 0, np.diff(history.item_starts)[source], 0)[order]
    first_item = np.where(source >= 0, history.item_starts[source], 0)[order]
    item_starts = np.r_[0, np.cumsum(items)].astype(np.int64)
    item = np.repeat(first_item - item_starts[:-1], items) + np.arange(item_starts[-1])
    sorted_source = source[order]
    part = History(
        members=[history.members[i] for i in members.tolist()],
        starts=np.r_[0, np.cumsum(np.bincount(member, minlength=len(members)))].astype(np.int64),
        ids=[ids[i] for i in order.tolist()],
        rows=column(history.rows, [each.row for _, each in extra])[order],
        day=day[order],
        minute=minute[order],
        kind=column(history.kind, [event.kind for event in event_of])[order],
        basket=column(history.basket, [event.basket for event in event_of])[order],
        fields=fields[order],
        item_starts=item_starts,
        item_price=history.item_price[item],
        item_fields=history.item_fields[item],
        reward=column(history.reward, [-1] * more)[order],
        quantity=column(history.quantity, [0] * more)[order],
        last_day=history.last_day,
        original=original[order],
        member_fields=_said(history, sorted_source),
        referrers=history.referrers[members],
    )
    return part, sorted_source


def _said(history: History, source: Ints) -> Ints:
    """What each event says of its member: one that was passed on says nothing (MEMBER-1)."""
    own = source >= 0
    said = np.full((len(source), history.member_fields.shape[1]), UNSAID)
    said[own] = history.member_fields[source[own]]
    return said


def happened_of(history: History, refused: set[tuple[str, str]]) -> Ints:
    """[events] 1, or 0 for those that were refused as a whole.

    Args:
        refused: the member and the id of each of them.
    """
    happened = np.ones(len(history.day), np.int64)
    if refused:
        member = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
        for event, owner in enumerate(member.tolist()):
            if (history.members[owner], str(history.ids[event])) in refused:
                happened[event] = 0
    return happened
