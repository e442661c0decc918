"""The state of a group in the reference evaluator: its members, and the work that waits for a midnight.

Invariants: a group's clock never goes back. Work waits in one agenda for the whole group, ordered by (day,
rank, declaration), where a further kind of work is a further rank (TIME-4). An entry may have become void by
the time it is due; whoever does the work looks whether it still applies.
"""

from collections.abc import Callable
from enum import IntEnum
from heapq import heappush

import attrs

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.accounts import Account, Lot
from loyalty_dsl.evaluation.counters import Move, Tally, counted_before, previous_on, value_on
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.evaluation.promotions import Passed, no_luck
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.tiers import Standing
from loyalty_dsl.evaluation.witness import Witness
from loyalty_dsl.language.audiences import Audience
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.language.types import NO_DATE, Kind

Luck = Callable[[int, EarnRule, int, int], bool]
"""Whether a rule with a chance fires (EARN-12), by the member's slot, the rule, the day and the event's
number among the member's events of that day, from 1; 0 at a clock's midnight."""


HeldOut = Callable[[int, Audience], bool]
"""Whether the member in a slot is held out of an audience (AUDIENCE-2)."""


def nobodys_holdout(slot: int, audience: Audience) -> bool:
    """For programs that hold nobody out.

    Raises:
        ValueError: the caller has to say who is held out.
    """
    if audience.holdout > 0:
        raise ValueError(f"`{audience.name}` has a holdout, and nothing draws it")
    return False


def nobodys_luck(slot: int, rule: EarnRule, day: int, number: int) -> bool:
    """For programs in which nothing is left to chance; raises as `no_luck`."""
    return no_luck(rule)


class Rank(IntEnum):
    """The order of what falls due at one midnight (TIME-4)."""

    MATURE = 10
    ISSUE = 20
    EXPIRE = 30
    INACTIVE = 40
    TERM = 50
    REVIEW = 55
    CLOCK = 90


Due = tuple[int, Rank, int, int, int, Lot | None]
"""Day, rank, declaration (of the currency, ladder or clock), slot, order of posting, and the lot of `MATURE`
and `EXPIRE`, which no comparison reaches."""


@attrs.define(eq=False)
class Paid:
    """What a rule posted at an event, and how much of it was reversed.

    Attributes:
        available, expiry: the days of its lot, as posted.
    """

    passed: Passed
    available: int
    expiry: int
    reversed: int = 0


@attrs.define(eq=False)
class Original:
    """An event that can be returned, as far as that has not happened.

    Attributes:
        returned: minor units of its basket.
        places: the items returned, by their places in the event.
    """

    event: Event
    paid: tuple[Paid, ...]
    moves: tuple[Move, ...]
    returned: int = 0
    places: set[int] = attrs.field(factory=set)


@attrs.frozen
class Payment:
    """What was last paid for a membership: when, how much, and what had been used by then (FEE-7)."""

    day: int
    minor: int
    used: int


@attrs.define(eq=False)
class Member:
    """A member's state, changed in place as events and midnights go by.

    Attributes:
        slot: its place in the group.
        accounts: one for each currency, by index.
        usage: what is used of each limit.
        fields: values of the member's fields, by index (MEMBER-1).
        tallies: what moved each counter, by index.
        ladders: where it stands on each ladder, by index.
        clocks: the next midnight of each clock, by index.
        marks: of each clock of thresholds, by index, a window and how many of them were reached in it.
        payments: of each membership, by the index of its clock, the latest payment.
        joined: the joined day; `None` until there is one.
        referred: whether another member brought this one.
        latest: the day of the latest event, and its number among those of the day, from 1.
        journal: every posting so far, in the order in which it was made.
        uses: every use of a reward or benefit so far, at events and at midnights, with its day.
        originals: events that can be returned, by id.
        at_expiry: the facts that expiry asks on a day, and the day (EXP-4).
    """

    slot: int
    accounts: tuple[Account, ...]
    usage: Usage
    fields: tuple[int, ...]
    tallies: tuple[Tally, ...]
    ladders: tuple[Standing, ...]
    clocks: list[int]
    marks: dict[int, tuple[int, int]] = attrs.field(factory=dict)
    payments: dict[int, Payment] = attrs.field(factory=dict)
    joined: int | None = None
    referred: bool = False
    latest: tuple[int, int] = (-(2**31), 0)
    journal: list[Posting] = attrs.field(factory=list)
    uses: list[tuple[int, Use]] = attrs.field(factory=list)
    lots_made: int = 0
    originals: dict[str, Original] = attrs.field(factory=dict)
    at_expiry: tuple[int, Facts] | None = None

    def available(self) -> tuple[int, ...]:
        return tuple(account.available for account in self.accounts)


@attrs.define(eq=False)
class Group:
    """The members who can affect each other, by slot, and what they share: one clock and one agenda.

    Attributes:
        today: midnight work is done up to and including this day.
        agenda: a heap of the work to come.
        luck: whether a rule with a chance fires; held_out: who is held out; who has neither may not ask.
        witness: who is told of everything that is asked and done; `None` for nobody.
    """

    program: Program
    members: tuple[Member, ...]
    today: int = -(2**31)
    agenda: list[Due] = attrs.field(factory=list)
    luck: Luck = nobodys_luck
    held_out: HeldOut = nobodys_holdout
    witness: Witness | None = None

    @property
    def only(self) -> Member:
        """The member of a group of one."""
        (member,) = self.members
        return member


def new_member(program: Program, slot: int) -> Member:
    """Somebody who has not joined yet and has nothing."""
    return Member(
        slot=slot,
        accounts=tuple(Account(currency) for currency in program.currencies),
        usage=Usage.of(program.limit_count),
        fields=tuple(NO_DATE if field.kind is Kind.DATE else 0 for field in program.member_fields),
        tallies=tuple(Tally() for _ in program.counters),
        ladders=tuple(Standing.of(ladder) for ladder in program.ladders),
        clocks=[NEVER] * len(program.clocks),
    )


def enter(
    group: Group,
    member: Member,
    day: int,
    rank: Rank,
    declaration: int = 0,
    *,
    order: int = -1,
    lot: Lot | None = None,
) -> None:
    """Enters work in the agenda, if its day ever comes."""
    if day != NEVER:
        heappush(group.agenda, (day, rank, declaration, member.slot, order, lot))


def facts_of(group: Group, member: Member, event: Event, amount: int) -> Facts:
    """The facts of an event when so many minor units of its basket are left to pay (EVENT-4)."""
    facts = facts_on(group, member, event.day, event.day)
    return attrs.evolve(facts, fields=event.fields, basket=event.basket, amount=amount)


def facts_on(group: Group, member: Member, day: int, as_of: int) -> Facts:
    """The facts of a member on a day, without an event.

    Args:
        as_of: the day whose windows are read: `day` itself, or the day before when terms end (TIME-4).
    """
    program = group.program
    joined = day if member.joined is None else member.joined
    read = [counted_before(program.counters, counter) for counter in program.counters]
    each = [(counter, member.tallies[counter.index], ago) for counter, ago in read]
    return Facts(
        fields=(),
        basket=0,
        amount=0,
        available=member.available(),
        days_since_join=day - joined,
        member=member.fields,
        day=day,
        levels=tuple(standing.level for standing in member.ladders),
        counters=tuple(value_on(counter, tally, as_of, joined, ago) for counter, tally, ago in each),
        previous=tuple(previous_on(counter, tally, as_of, joined, ago) for counter, tally, ago in each),
        referred=member.referred,
        counted=as_of,
        held_out=frozenset(
            audience.name for audience in program.audiences if group.held_out(member.slot, audience)
        ),
    )


def counters_now(group: Group, member: Member) -> tuple[int, ...]:
    """What each counter has in the window that holds the present day, by index."""
    return facts_on(group, member, group.today, group.today).counters
