"""What an evaluator writes down about a member: postings, refusals, totals, and the identity they obey.

Both evaluators speak these types and nothing else of each other, so this module imports no evaluator.
Amounts are integers of the currency's smallest unit and days are day numbers.

Invariant (LEDGER-1), for every member and currency:

    opening + issued + received = redeemed + expired + reversed + sent + outstanding
    0 <= pending <= max(outstanding, 0)

Worked case: an opening lot of 40 and 10 earned, of which 15 are spent and 25 expire, leave
40 + 10 = 15 + 25 + 10. If those 10 were earned by a purchase and are spent before it is returned, 0 is
outstanding before the return and -10 after it, where balances go negative: 50 = 25 + 25 + 10 - 10. Of 50 that
one member holds and sends 20 to another: 50 = 20 + 30 of the first, and 20 = 20 of the second.

Two evaluators give the same answer (SAME-1) when their canonical postings, totals, limit usage and
refusals are equal. Lots have no identity in that comparison: one evaluator may merge lots that another
keeps apart, so equal keys are summed.
"""

from collections.abc import Iterable, Sequence
from enum import Enum

import attrs


class PostingKind(Enum):
    """Why a balance changed. The value is the word in every output."""

    OPENING = "opening"
    EARNED = "earned"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVERSED = "reversed"
    SENT = "sent"
    RECEIVED = "received"


@attrs.frozen
class Posting:
    """One change of a balance; `units` is always more than 0 and `kind` gives its direction.

    Attributes:
        day: the day it counts on: of the event, of the lost lot's expiry, or that an opening lot was earned.
        event: the event's id; of a reversal, that of the return; "" for an opening lot and at midnight.
        name: the earn rule or the reward (of what is received, that by which it is); "" for an opening lot
            and for an expiry.
        currency: index of the currency in the program.
        available: the first day on which the lot can be spent, of a lot that is made; 0 otherwise.
        expiry: the day from whose start the lot made, spent, lost or taken back is gone; `NEVER` where it is
            not, and 0 for what a reversal leaves owing.
    """

    kind: PostingKind
    day: int
    event: str
    name: str
    currency: int
    available: int
    expiry: int
    units: int


class RefusalKind(Enum):
    """What was refused: a whole event, or the reward that a member chose at it."""

    BEFORE_START = "before the start"
    ALREADY_JOINED = "already joined"
    REWARD = "reward"
    RETURN = "return"
    EVENT = "event"


class Obstacle(Enum):
    """Why something is refused, in the order in which it is asked (EVENT-2, JOIN-1, RETURN-1, SEND-2,
    REDEEM-7).

    The words are those of `wording.obstacle_in_words`.
    """

    BEFORE_START = "before the start"
    ALREADY_JOINED = "already joined"
    NO_RETURNS = "no returns"
    UNKNOWN_ORIGINAL = "unknown original"
    TOO_LATE = "too late"
    TOO_MUCH = "too much"
    WHICH_ITEMS = "which items"
    UNKNOWN_ITEM = "unknown item"
    EVENT_GATE = "a gate of the event"
    ONESELF = "oneself"
    NO_MEMBER = "no member"
    NOT_TO_THEM = "the condition of the recipient"
    THEIR_LIMIT = "a limit of the recipient"
    NOT_OFFERED = "not offered"
    NOT_WHOLE_STEPS = "no whole number of steps"
    MINIMUM_EXCHANGE = "the minimum of an exchange"
    SHORT_BALANCE = "the price"
    MINIMUM_BALANCE = "the minimum balance"
    NO_PURCHASE = "no purchase"
    MINIMUM_BASKET = "the minimum basket"
    DATES = "the dates"
    GATE = "a gate of the reward"
    WHEN = "the condition"
    NOTHING_TO_PAY = "nothing left to pay"
    LIMIT = "a limit"


_OF_EVENTS = {
    Obstacle.BEFORE_START: RefusalKind.BEFORE_START,
    Obstacle.ALREADY_JOINED: RefusalKind.ALREADY_JOINED,
    Obstacle.NO_RETURNS: RefusalKind.RETURN,
    Obstacle.UNKNOWN_ORIGINAL: RefusalKind.RETURN,
    Obstacle.WHICH_ITEMS: RefusalKind.RETURN,
    Obstacle.UNKNOWN_ITEM: RefusalKind.RETURN,
    Obstacle.TOO_MUCH: RefusalKind.RETURN,
    Obstacle.TOO_LATE: RefusalKind.RETURN,
    Obstacle.EVENT_GATE: RefusalKind.EVENT,
}


@attrs.frozen
class Refusal:
    """Something that a member asked for and did not get.

    Attributes:
        reward: the reward's name where it is the reward that was refused, else "".
        obstacle: why.
        reason: the same in a designer's words; it follows from the program, the reward and the obstacle.
    """

    event: str
    day: int
    reward: str
    obstacle: Obstacle
    reason: str

    @property
    def kind(self) -> RefusalKind:
        """What was refused."""
        return _OF_EVENTS.get(self.obstacle, RefusalKind.REWARD)


@attrs.frozen
class Totals:
    """A member's, or many members', figures in one currency, in smallest units."""

    opening: int = 0
    issued: int = 0
    received: int = 0
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    sent: int = 0
    pending: int = 0
    outstanding: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            *(a + b for a, b in zip(attrs.astuple(self), attrs.astuple(other), strict=True)),
        )


CanonicalPosting = tuple[str, int, str, str, int, int, int, int]
"""Event id, day, kind, name, currency, available, expiry, units."""


def canonical_postings(postings: Iterable[Posting]) -> tuple[CanonicalPosting, ...]:
    """The form in which two evaluators are compared (SAME-1): summed over equal keys, sorted."""
    sums: dict[tuple[str, int, str, str, int, int, int], int] = {}
    for p in postings:
        key = (p.event, p.day, p.kind.value, p.name, p.currency, p.available, p.expiry)
        sums[key] = sums.get(key, 0) + p.units
    return tuple(sorted((*key, units) for key, units in sums.items()))


def flows_of(postings: Iterable[Posting], currency: int) -> Totals:
    """What postings add up to in one currency.

    Returns:
        The flows, with the `outstanding` that they leave; `pending` is a matter of the day and is 0.
    """
    sums = dict.fromkeys(PostingKind, 0)
    for posting in postings:
        if posting.currency == currency:
            sums[posting.kind] += posting.units
    opening, issued = sums[PostingKind.OPENING], sums[PostingKind.EARNED]
    redeemed, expired = sums[PostingKind.REDEEMED], sums[PostingKind.EXPIRED]
    taken_back, sent, received = (
        sums[kind] for kind in (PostingKind.REVERSED, PostingKind.SENT, PostingKind.RECEIVED)
    )
    return Totals(
        opening=opening,
        issued=issued,
        received=received,
        redeemed=redeemed,
        expired=expired,
        reversed=taken_back,
        sent=sent,
        outstanding=opening + issued + received - redeemed - expired - taken_back - sent,
    )


def verify_identity(totals: Totals, members: Sequence[Totals] = ()) -> tuple[str, ...]:
    """Checks LEDGER-1 on one member's, or many members', totals in one currency.

    Args:
        totals: what is checked.
        members: of many, the totals of each, which it has to be the sum of: what one owes hides what others
            hold, so how much can be pending is only known member by member.

    Returns:
        Each part that does not hold, in words; empty when the identity holds.
    """
    gained = totals.opening + totals.issued + totals.received
    lost = totals.redeemed + totals.expired + totals.reversed + totals.sent
    broken = []
    if gained != lost + totals.outstanding:
        broken.append(f"{gained} came in but {lost} went out and {totals.outstanding} are outstanding")
    if members and sum(members, start=Totals()) != totals:
        broken.append("what members have does not come to what all have together")
    held = sum(max(each.outstanding, 0) for each in members or (totals,))
    if not 0 <= totals.pending <= held:
        broken.append(f"{totals.pending} are pending of {totals.outstanding} outstanding")
    return tuple(broken)
