"""A group's state in the reference evaluator: its members, their lots, and the midnights that pass.

Invariants: a group's clock never goes back. Work that is due at a midnight waits in one agenda for the whole
group, ordered by (day, rank, declaration), where a further kind of work is a further rank. Nothing in this
version lets the members of a group affect each other, so together they do what each would do alone.
"""

from enum import IntEnum
from heapq import heappop, heappush
from typing import assert_never

import attrs

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.accounts import Account, Lot, available_day, expiry_day
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, Totals, flows_of
from loyalty_dsl.evaluation.limits import Usage
from loyalty_dsl.language.program import Program


class Rank(IntEnum):
    """The order of what falls due at one midnight (TIME-4); the gaps are kept for what comes later."""

    MATURE = 10
    EXPIRE = 30


Due = tuple[int, Rank, int, int, int, Lot]
"""Day, rank, declaration (the currency), slot, order of posting, and the lot, which no comparison reaches."""


@attrs.define(eq=False)
class Member:
    """A member's state, changed in place by `advance` and `apply`.

    Attributes:
        slot: its place in the group.
        accounts: one for each currency, by index.
        usage: what is used of each limit.
        joined: the joined day; `None` until there is one.
        journal: every posting so far, in the order in which it was made.
    """

    slot: int
    accounts: tuple[Account, ...]
    usage: Usage
    joined: int | None = None
    journal: list[Posting] = attrs.field(factory=list)
    lots_made: int = 0

    def available(self) -> tuple[int, ...]:
        return tuple(account.available for account in self.accounts)


@attrs.define(eq=False)
class Group:
    """The members who can affect each other, by slot, and what they share: one clock and one agenda.

    Attributes:
        today: midnight work is done up to and including this day.
        agenda: a heap of the work to come.
    """

    program: Program
    members: tuple[Member, ...]
    today: int = -(2**31)
    agenda: list[Due] = attrs.field(factory=list)

    @property
    def only(self) -> Member:
        """The member of a group of one."""
        (member,) = self.members
        return member


def open_group(program: Program, size: int = 1) -> Group:
    """A group of people who have not joined yet and have nothing."""
    return Group(
        program=program,
        members=tuple(
            Member(
                slot=slot,
                accounts=tuple(Account(currency) for currency in program.currencies),
                usage=Usage.of(program.limit_count),
            )
            for slot in range(size)
        ),
    )


def give_opening(group: Group, currency: int, units: int, earned: int, slot: int = 0) -> None:
    """Writes an opening lot; its pending time and expiry count from the day earned (SCEN-1)."""
    post_lot(group, group.members[slot], PostingKind.OPENING, currency, units=units, earned=earned)


def advance(group: Group, day: int) -> tuple[Posting, ...]:
    """Does the midnight work of every day up to and including `day` (TIME-4).

    Returns:
        The postings that it made, of all members.
    """
    made: list[Posting] = []
    while group.agenda and group.agenda[0][0] <= day:
        due, rank, currency, slot, _, lot = heappop(group.agenda)
        member = group.members[slot]
        account = member.accounts[currency]
        match rank:
            case Rank.MATURE:  # LOT-2: no posting, the balance is the same
                account.mature(lot)
            case Rank.EXPIRE:  # EXP-1
                lost = account.expire(lot)
                if lost:
                    posting = Posting(PostingKind.EXPIRED, due, "", "", currency, 0, lot.expiry, lost)
                    member.journal.append(posting)
                    made.append(posting)
            case _:
                assert_never(rank)
    group.today = max(group.today, day)
    return tuple(made)


def post_lot(
    group: Group,
    member: Member,
    kind: PostingKind,
    currency: int,
    *,
    units: int,
    earned: int,
    name: str = "",
    event: str = "",
) -> None:
    """Posts units as a lot (LOT-1) and enters what will happen to it in the agenda."""
    account = member.accounts[currency]
    available, expiry = available_day(account.currency, earned), expiry_day(account.currency, earned)
    order = member.lots_made
    member.lots_made += 1
    lot = Lot(currency, units, earned, available, expiry, order, name, event)
    account.hold(lot)
    member.journal.append(Posting(kind, earned, event, name, currency, available, expiry, units))
    if available > earned:
        heappush(group.agenda, (available, Rank.MATURE, currency, member.slot, order, lot))
    if expiry != NEVER:
        heappush(group.agenda, (expiry, Rank.EXPIRE, currency, member.slot, order, lot))


def totals_of(member: Member) -> tuple[Totals, ...]:
    """The member's figures in each currency, as of now; the outstanding is that of the lots."""
    return tuple(
        attrs.evolve(
            flows_of(member.journal, account.currency.index),
            pending=account.pending,
            outstanding=account.outstanding,
        )
        for account in member.accounts
    )
