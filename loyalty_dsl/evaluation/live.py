"""One event of one member: the postings that it makes and the state that it leaves (the same rules as ever).

Invariant: going from state to state gives what a replay of all the events gives, to the posting. Everything
is the reference's doing; this module puts what friends did before what a member does later, and keeps order.
"""

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.evaluation.events import RETURN, Event
from loyalty_dsl.evaluation.everyone_live import Everyone, close_for, used_by
from loyalty_dsl.evaluation.friends import heard_of
from loyalty_dsl.evaluation.groups import advance
from loyalty_dsl.evaluation.ledger import Posting, Refusal, RefusalKind
from loyalty_dsl.evaluation.member_states import LiveMember, MemberState, new_live, state_of
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused


@attrs.frozen
class Told:
    """Something that a friend did, for the member who brought it.

    Attributes:
        friend: the friend's id.
        referrer: the id of that member, where an event has said it.
        joined: the friend's joined day.
    """

    friend: str
    referrer: str | None
    joined: int
    event: Event


@attrs.frozen
class Applied:
    """What one event did.

    Attributes:
        state: the member's, after it.
        postings: in the order in which they were made: those of the midnights on the way, then its own.
        amount: minor units left to pay after rewards; `off`: what rewards took off.
        uses: the rewards used at it.
        refusals: of the event, or of the reward chosen at it.
        told: what the member who brought this one has to hear; `None` for nothing.
        everyone: what all members used, after it, where a limit for everyone counts that.
    """

    state: MemberState
    postings: tuple[Posting, ...]
    amount: int = 0
    off: int = 0
    uses: tuple[Use, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    told: Told | None = None
    everyone: Everyone | None = None


def begin(program: Program, member: str, seed: int) -> MemberState:
    """The state of somebody who has done nothing yet."""
    return state_of(new_live(program, member, seed))


def apply_to(
    live: LiveMember, event: Event, referrer: str | None = None, everyone: Everyone | None = None
) -> Applied:
    """Carries out an event of a member.

    Args:
        live: the member of a state, which is used up by this.
        everyone: what all members used so far.
        referrer: who brought the member, where the event says so; only a member's first one may be the first
            to say it.

    Raises:
        InputRefused: the event is earlier than what the member did last, or has the id of an event that is
            still known, or names a referrer who cannot be.
    """
    program = live.program
    if event.recipient >= 0:
        raise InputRefused("a transfer is an event of two members, and a state is one member's")
    close_for(live, everyone)
    _verify_order(live, event)
    _note_referrer(live, referrer)
    if live.referrer is not None:
        event = attrs.evolve(event, referred=True)
    member = live.member
    _hear_what_was_kept(live, event.day)
    outcome = apply(live.group, event)
    _note(live, event)
    whole = any(refusal.kind is not RefusalKind.REWARD for refusal in outcome.refusals)
    told = None
    passes_on = program.friend_kinds and member.referred and event.kind in heard_of(program)
    if passes_on and not whole and member.joined is not None:
        told = Told(live.name, live.referrer, member.joined, event)
    return Applied(
        state=state_of(live),
        postings=tuple(member.journal),
        amount=outcome.amount,
        off=outcome.off,
        uses=outcome.uses,
        refusals=outcome.refusals,
        told=told,
        everyone=used_by(live, everyone),
    )


def hear(live: LiveMember, told: Told, everyone: Everyone | None = None) -> Applied:
    """Carries out what a friend's event is to the member who brought that friend (REFER).

    Args:
        live, everyone: as of `apply_to`.

    Raises:
        InputRefused: the friend's event is before a day that was reached.
    """
    close_for(live, everyone)
    if told.friend == live.name:
        raise InputRefused(f"`{live.name}` cannot be their own friend")
    if told.event.day < live.group.today:
        raise InputRefused(_too_late(live, told.event.day))
    if told.friend not in live.friends:
        live.friends.append(told.friend)
    slot = live.friends.index(told.friend) + 1
    _hear_what_was_kept(live, told.event.day)
    event = attrs.evolve(
        told.event,
        id=f"{told.friend}/{told.event.id}",  # ids are unique within a member only
        original=f"{told.friend}/{told.event.original}" if told.event.kind == RETURN else "",
        slot=slot,
    )
    uses: list[Use] = []
    for heard in live.friendships.heard(event, told.joined):
        uses += apply(live.group, heard).uses
    postings = tuple(live.member.journal)
    return Applied(state_of(live), postings, uses=tuple(uses), everyone=used_by(live, everyone))


def advance_to(live: LiveMember, day: int, everyone: Everyone | None = None) -> Applied:
    """Does the midnight work of every day up to and including a day (TIME-5).

    Args:
        live, everyone: as of `apply_to`.
    """
    close_for(live, everyone)
    _hear_what_was_kept(live, day)
    advance(live.group, day)
    return Applied(state_of(live), tuple(live.member.journal), everyone=used_by(live, everyone))


def _hear_what_was_kept(live: LiveMember, day: int) -> None:
    """Lets happen what friends kept for long enough, before anything else of the day (REFER-3)."""
    for kept in live.friendships.due(day):
        apply(live.group, kept)


def _verify_order(live: LiveMember, event: Event) -> None:
    day, minute, ids = live.latest
    if event.day < live.group.today or (event.day, event.minute) < (day, minute):
        raise InputRefused(_too_late(live, event.day))
    known = (event.day == day and event.id in ids) or event.id in live.member.originals
    if known and event.id:
        raise InputRefused(f"`{event.id}` is the id of an earlier event of member `{live.name}`")


def _note_referrer(live: LiveMember, referrer: str | None) -> None:
    """Remembers who brought the member, which is said once."""
    if referrer is None or referrer == live.referrer:
        return
    if referrer == live.name:
        raise InputRefused(f"the event names member `{live.name}` as their own `referrer`")
    if live.referrer is not None:
        raise InputRefused(f"the event names another `referrer` of `{live.name}` than `{live.referrer}`")
    if live.events:
        raise InputRefused(f"the event names a `referrer` after the first event of member `{live.name}`")
    live.referrer = referrer


def _too_late(live: LiveMember, day: int) -> str:
    reached = format_day(live.group.today)
    return (
        f"an event of {format_day(day)} comes after member `{live.name}` was brought to {reached}; "
        "events of a member come in the order of their time"
    )


def _note(live: LiveMember, event: Event) -> None:
    """Remembers where the member's own events have got to."""
    ids = live.latest[2] if event.day == live.latest[0] else ()
    live.latest = (event.day, event.minute, (*ids, event.id))
    live.events += 1
