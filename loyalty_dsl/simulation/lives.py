"""The lives that are being lived: a member, the friend it has just brought, that one's friend, and so on.

Invariants: slot `d` is the member at depth `d`, brought by the one in slot `d - 1`, who waits until the
friend's life is over; so what is kept does not grow with the number of friends. What is to happen to a
member (its join, returns, what its friends did) waits in an agenda of its own, in order of time and, at one
time, in the order in which it was entered.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_widths import fix_widths
from loyalty_dsl.evaluation.plan import GROUP
from loyalty_dsl.simulation.behaviour import Behaviour
from loyalty_dsl.simulation.clock import NEXT_TIME
from loyalty_dsl.simulation.each_member import EachMember, new_each_member
from loyalty_dsl.simulation.member_notes import MemberNotes, new_member_notes
from loyalty_dsl.simulation.targeted import Targeted, new_targeted

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

(
    LIFE_SEGMENT, LIFE_JOINED_MONTH, LIFE_BOUGHT_MONTH, LIFE_NUMBER, LIFE_DELIVERED, LIFE_ID, LIFE_JOINED,
    LIFE_NEXT_CHECK, LIFE_HEAD, LIFE_TAIL, LIFE_NEXT_LOOK,
) = range(11)  # fmt: skip
"""Columns of `Lives.facts`. `LIFE_NUMBER` numbers the member's events, `LIFE_DELIVERED` what friends did,
`LIFE_JOINED` is the joined day, `LIFE_NEXT_CHECK` the next of the days on which near misses are looked for.
The agenda is the entries `LIFE_HEAD` to `LIFE_TAIL`. `LIFE_NEXT_LOOK` is the next day, since the first, on
which the member looks at where it stands."""

LEAVES_AT, LEAVE_CHANCE, INTERCEPT, PART = range(4)
"""Columns of `Lives.traits`: when the member leaves, its chance of that after each purchase, its logit of
taking a reward, and the share that it uses of what it could."""

(
    REWARDED_AT, SEEN_MONTH, SEEN_UNITS, ROSE_AT, FELL_AT, AWARE, HAS_HEAD_START, OWN_LIFT, READINESS,
    FIRST_LEVEL_SEEN,
) = range(10)  # fmt: skip
"""Columns of `Lives.seen`: when the member was last rewarded, won a level and lost one; the month of its last
look, and the units redeemed in it by then; whether it knows what expires, and still has a head start; the
program's lift on it; what reactions add to its logit of redeeming; and from the last one on the level that it
had on each ladder."""

ENTRY_KIND, ENTRY_BASKET, ENTRY_NUMBER, ENTRY_KEPT, ENTRY_FIELDS = range(5)
"""Columns of `Lives.agenda`: the kind of event, or `RETURN`; its number, for a return that of the original; 1
if it will not be returned; then its fields."""


class Lives(NamedTuple):
    """The members who are alive in the slots.

    Attributes:
        keys: [slots] uint64; facts: [slots, 11]; traits: [slots, 4].
        seen: [slots, 9 + ladders] what was seen at the last look.
        clocks: [slots, P, 5] of each process of events (`clock`).
        counts: [slots, P] events of each process so far.
        times: [slots, entries] when; agenda: [slots, entries, 4 + fields] what waits.
        together: [C, T, ...] the flows of a member's friends who are done.
        born: [1] members born so far, friends included.
        each: what is noted of each first member; without rows nothing is.
        rows: what is noted of every life, likewise; targeted: of first members whom an audience means.
    """

    keys: Words
    facts: Ints
    traits: Floats
    seen: Floats
    clocks: Floats
    counts: Ints
    times: Floats
    agenda: Ints
    together: Ints
    born: Ints
    each: EachMember
    rows: MemberNotes
    targeted: Targeted


fix_widths(Lives, facts=11, traits=4, clocks=5, together=7)


def new_lives(behaviour: Behaviour, flows: Ints, fields: int, entries: int, ladders: int = 0) -> Lives:
    """Room for the lives of one thread.

    Args:
        flows: [slots * C, T, ...] those of the sink.
        fields: of the widest kind of event.
        entries: what an agenda has room for; more is `NO_ROOM`.
    """
    slots = slots_of(behaviour)
    currencies = len(flows) // slots
    return Lives(
        keys=np.zeros(slots, np.uint64),
        facts=np.zeros((slots, 11), np.int64),
        traits=np.zeros((slots, 4), np.float64),
        seen=np.zeros((slots, FIRST_LEVEL_SEEN + ladders), np.float64),
        clocks=np.zeros((slots, max(1, behaviour.most_processes), 5), np.float64),
        counts=np.zeros((slots, max(1, behaviour.most_processes)), np.int64),
        times=np.zeros((slots, entries), np.float64),
        agenda=np.zeros((slots, entries, ENTRY_FIELDS + fields), np.int64),
        together=np.zeros((currencies if behaviour.refers else 0, *flows.shape[1:]), np.int64),
        born=np.zeros(1, np.int64),
        each=new_each_member(0, 0, 0, 0, 0),
        rows=new_member_notes(0, 1, 0, 0),
        targeted=new_targeted(0),
    )


def slots_of(behaviour: Behaviour) -> int:
    """How many lives there can be at once; nobody at the last depth brings friends."""
    return GROUP if behaviour.refers else 1


@part
def enter(
    times: Floats,
    agenda: Ints,
    facts: Ints,
    slot: int,
    time: float,
    kind: int,
    basket: int,
    number: int,
    kept: int,
    fields: Ints,
) -> bool:
    """Enters something in a member's agenda, after what happens at the same time.

    Returns:
        Whether there was room.
    """
    head, tail = facts[slot, LIFE_HEAD], facts[slot, LIFE_TAIL]
    if head == tail:
        head = tail = 0
    elif tail == times.shape[1] and head > 0:
        for at in range(head, tail):
            times[slot, at - head] = times[slot, at]
            for column in range(agenda.shape[2]):
                agenda[slot, at - head, column] = agenda[slot, at, column]
        tail -= head
        head = 0
    facts[slot, LIFE_HEAD] = head
    if tail == times.shape[1]:
        facts[slot, LIFE_TAIL] = tail
        return False
    at = tail
    while at > head and times[slot, at - 1] > time:
        times[slot, at] = times[slot, at - 1]
        for column in range(agenda.shape[2]):
            agenda[slot, at, column] = agenda[slot, at - 1, column]
        at -= 1
    times[slot, at] = time
    agenda[slot, at, ENTRY_KIND] = kind
    agenda[slot, at, ENTRY_BASKET] = basket
    agenda[slot, at, ENTRY_NUMBER] = number
    agenda[slot, at, ENTRY_KEPT] = kept
    for field in range(agenda.shape[2] - ENTRY_FIELDS):
        agenda[slot, at, ENTRY_FIELDS + field] = fields[field] if field < len(fields) else 0
    facts[slot, LIFE_TAIL] = tail + 1
    return True


@part
def number_event(facts: Ints, slot: int) -> int:
    """A number for one of a member's events."""
    number = facts[slot, LIFE_NUMBER]
    facts[slot, LIFE_NUMBER] = number + 1
    return int(number)


@part
def next_process(lives: Lives, slot: int, count: int) -> int:
    """The process of which an event comes first, of the first `count`; -1 for none."""
    first = -1
    soonest = 0.0
    for process in range(count):
        time = lives.clocks[slot, process, NEXT_TIME]
        if first < 0 or time < soonest:
            first = process
            soonest = time
    return first
