"""What the reference tells of its work to whoever asked to watch: each thing that it asks, and what it does.

Invariants: a witness is told and never asked, so nothing depends on whether there is one; without one nothing
is made that only a witness would read. Records come in the order in which things happen; what happens within
an event, a midnight or a clock comes between its `...Began` and the `Ended` that closes it.

Indices are those of the program. The facts of a record are those that were asked, so whoever wants to know
why can ask them again (`facts.holds`, `facts.value_of`, `earning.exact_amount`).
"""

from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.evaluation.checkout import Checkout, Seen
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.program import Limit

if TYPE_CHECKING:
    from loyalty_dsl.evaluation.members import Rank
    from loyalty_dsl.evaluation.promotions import Silence
    from loyalty_dsl.evaluation.redemption import Plan, Request, Use
    from loyalty_dsl.evaluation.reference import Outcome


# ---- what encloses the rest


@attrs.frozen
class EventBegan:
    """An event, before the midnights on the way to it. `facts` are its member's then, without the event."""

    event: Event
    facts: Facts


@attrs.frozen
class MidnightBegan:
    """Work of a midnight falls due; it may turn out to be void, and then nothing comes of it.

    Attributes:
        declaration: the currency, ladder or clock, by index, as the rank has it.
        lot: the number of the lot that matures or expires; -1 for none.
    """

    slot: int
    day: int
    rank: "Rank"
    declaration: int
    lot: int


@attrs.frozen
class ClockBegan:
    """A clock strikes: what follows is as of an event of the kind `len(program.events) + clock`."""

    slot: int
    clock: int
    day: int


@attrs.frozen
class Ended:
    """The last of these that began and has not ended is over.

    Attributes:
        facts: the member's as of now, without an event.
        outcome: of an event.
    """

    facts: Facts
    outcome: "Outcome | None" = None


# ---- what is asked


@attrs.frozen
class GateAsked:
    """A gate of the event. `facts` are of the member as the event says it is."""

    gate: Gate
    facts: Facts
    shut: bool


@attrs.frozen
class LimitMet:
    """A limit that may cut, and what it did.

    Attributes:
        used: in its window, before.
        room: what it has room for; of a limit for everyone 0 or without bound.
        wanted, left: units before this limit and after it; it bound where they differ.
    """

    limit: Limit
    used: int
    room: int
    wanted: int
    left: int


@attrs.frozen
class RuleAsked:
    """An earn rule about such an event: whether it fires (`why` is `None`) or why not."""

    rule: int
    facts: Facts
    why: "Silence | None"


@attrs.frozen
class RuleWorth:
    """What a rule that fires is worth, exactly.

    Attributes:
        seen: the event through its item filter.
        passed_on: what rules paid before it passed on, by index (EARN-10).
    """

    rule: int
    facts: Facts
    seen: Seen
    passed_on: tuple[tuple[int, Fraction], ...]
    exact: Fraction


@attrs.frozen
class GroupAsked:
    """The rules of a group that fire, what each would be paid by itself, and those that are paid.

    Attributes:
        met: the limits that were asked for that.
    """

    group: int
    worths: tuple[tuple[int, Fraction], ...]
    chosen: tuple[int, ...]
    met: tuple[LimitMet, ...] = ()


@attrs.frozen
class RulePaid:
    """A rule is paid: rounded, then cut by its own limits and those of its group. `posted` may be 0.

    Attributes:
        uncut: whole units before any limit.
        met: the limits that were asked, in order: its own, then its group's.
        counted: the limits that count what was posted.
    """

    rule: int
    exact: Fraction
    uncut: int
    posted: int
    met: tuple[LimitMet, ...]
    counted: tuple[Limit, ...]


@attrs.frozen
class RuleSilent:
    """A rule about such an event posted nothing in the end, and why."""

    rule: int
    why: "Silence"


@attrs.frozen
class RewardPassed:
    """A benefit about such an event whose `where` does not hold, or which counts 0."""

    reward: int
    facts: Facts


@attrs.frozen
class RewardAsked:
    """A reward or benefit was considered, and the uses that were planned; none is carried out yet.

    Attributes:
        facts, checkout: before the first use.
        used: of each of its limits, what is used and what there is room for, before the first use.
        plan: its `case` is the row of price and face; `stopped_by` says why there was not one more use, and
            `limit` which limit that was.
        chosen: whether it is the one that the member chose at the event.
    """

    reward: int
    request: "Request"
    facts: Facts
    checkout: Checkout
    used: tuple[tuple[int, int], ...]
    plan: "Plan"
    chosen: bool = False


@attrs.frozen
class RecipientAsked:
    """What the recipient of a transfer could be given, before its sender gives (SEND-2)."""

    plan: "Plan"


@attrs.frozen
class RewardUsed:
    """Uses that were carried out, after their postings.

    Attributes:
        counted: the limits that count them.
    """

    use: "Use"
    counted: tuple[Limit, ...] = ()


# ---- what is done


@attrs.frozen
class Joined:
    """Somebody became a member."""

    day: int


@attrs.frozen
class Posted:
    """A posting of the ledger, of the member in a slot.

    Attributes:
        lot: the number of the lot that it made or took from; -1 for a whole balance and for what is owed.
        repaid: of a lot that was made, what of it repaid a debt at once (LOT-6).
    """

    slot: int
    posting: Posting
    lot: int
    repaid: int = 0


@attrs.frozen
class LotMatured:
    """A pending lot became available."""

    currency: int
    lot: int
    units: int


@attrs.frozen
class LotMoved:
    """A lot got another day from whose start it is gone."""

    currency: int
    lot: int
    units: int
    before: int
    after: int


@attrs.frozen
class BalanceKept:
    """A whole balance whose day had come is kept for a day more, as something exempts its member (EXP-10)."""

    currency: int
    facts: Facts


@attrs.frozen
class BalanceActive:
    """An activity started the clock of a balance again (EXP-8)."""

    currency: int
    day: int


@attrs.frozen
class CounterMoved:
    """A counter was moved by so many units, on the day that it counts them on; a return takes from it."""

    counter: int
    day: int
    units: int


class Decision(Enum):
    """When a level is decided, or what sets it."""

    BEFORE_EARNING = "before the event earns"
    AFTER_EVENT = "after the event"
    TERM = "at the end of its term"
    REVIEW = "at its review"
    RETURN = "after a return"
    NEW_VERSION = "as the program begins anew"
    GRANTED = "granted"


@attrs.frozen
class LevelDecided:
    """A ladder was decided, whether or not anything changed.

    Attributes:
        facts: what its conditions were asked with.
        before, after: the level held.
        granted: each level that got a grant which lasts longer, and its last day.
    """

    ladder: int
    decision: Decision
    facts: Facts
    before: int
    after: int
    granted: tuple[tuple[int, int], ...]


@attrs.frozen
class TermRenewed:
    """A term of a membership ended: the level is granted through another day, or (`None`) not renewed."""

    clock: int
    level: int
    facts: Facts
    through: int | None


@attrs.frozen
class ClockSet:
    """A clock was set by what happened: a threshold, a change of status, a time without events, a payment."""

    clock: int
    day: int


@attrs.frozen
class MembershipEnds:
    """A cancellation: the membership is not renewed; `back` in minor units is given back."""

    clock: int
    back: int


@attrs.frozen
class RuleReturned:
    """What a return took back of what a rule posted.

    Attributes:
        original: the id of the event that is returned.
        part: which part of what the rule saw is still the member's.
        posted, kept: what the rule posted, and what of it may be kept altogether.
        units: what is taken back now; `missing` of them were not there any more.
    """

    rule: int
    original: str
    part: Fraction
    posted: int
    kept: int
    units: int
    missing: int


Told = (
    EventBegan
    | MidnightBegan
    | ClockBegan
    | Ended
    | GateAsked
    | RuleAsked
    | RuleWorth
    | GroupAsked
    | RulePaid
    | RuleSilent
    | RewardPassed
    | RewardAsked
    | RecipientAsked
    | RewardUsed
    | Joined
    | Posted
    | LotMatured
    | LotMoved
    | BalanceKept
    | BalanceActive
    | CounterMoved
    | LevelDecided
    | TermRenewed
    | ClockSet
    | MembershipEnds
    | RuleReturned
)
"""Everything that a witness can be told."""

Witness = Callable[[Told], None]
"""Whoever watches; `list.append` for one."""
