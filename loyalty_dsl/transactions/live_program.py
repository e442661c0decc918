"""A program as production uses it: an event and a state in, its postings and the next state out.

Invariant: nothing is kept here between calls; all that the next call needs is in the state.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from loyalty_dsl.calendar import day_of
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.everyone_live import Everyone, nobody_yet, verify_known_in_time
from loyalty_dsl.evaluation.ledger import Posting, Totals
from loyalty_dsl.evaluation.live import (
    Applied,
    Told,
    advance_to,
    apply_to,
    begin,
    hear,
)
from loyalty_dsl.evaluation.member_states import MemberState, live_of, totals_of_live
from loyalty_dsl.evaluation.posting_lines import posting_line
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.live_events import filled, read_event
from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.schema import Schema, schema_of


@attrs.frozen
class Balance:
    """What a member has of a currency, in its smallest units.

    Attributes:
        available: what can be spent; `pending` is what will be; `owed` is what returns left owing.
    """

    available: int
    pending: int
    owed: int


@attrs.frozen(eq=False)
class LiveProgram:
    """A checked program, to carry out events one by one.

    Attributes:
        seed: of what is left to chance; the same as a replay's for the same winners.
    """

    program: Program
    seed: int
    _schema: Schema

    @classmethod
    def of(cls, program: Program, seed: int = 1) -> "LiveProgram":
        """A program of a book.

        Raises:
            InputRefused: it has a limit for everyone on what happens at midnights.
        """
        verify_known_in_time(program)
        return cls(program, seed, schema_of(program))

    def new_member(self, member: str) -> MemberState:
        """The state of somebody who has done nothing yet."""
        return begin(self.program, member, self.seed)

    def nobody_yet(self) -> Everyone:
        """What all members used of limits for everyone before the first event."""
        return nobody_yet(self.program)

    def apply(
        self,
        state: MemberState | None,
        event: Mapping[str, Any] | Event,
        *,
        everyone: Everyone | None = None,
    ) -> Applied:
        """Carries out one event of a member.

        Args:
            state: as the event before left it; `None` for a member's first.
            event: values by the names of the columns of a file of transactions, with nested `items` and
                `redeem`; or an `Event` that is made already, which needs a state.
            everyone: what all members used so far, for a program with a limit for everyone.

        Returns:
            The postings, what was refused by the rules, and the state to keep.

        Raises:
            InputRefused: the event cannot be read, is of another member, comes out of order or has been
                carried out already; or the state is of other rules. The state is still good.
        """
        referrer = None
        if isinstance(event, Event):
            if state is None:
                raise InputRefused("an `Event` does not say whose it is; begin with `new_member`")
        else:
            read = read_event(event, self._schema, ColumnMapping())
            event, referrer = read.event, read.referrer
            if state is None:
                state = self.new_member(read.member)
            live = live_of(self.program, state, self.seed)
            if live.name != read.member:
                raise InputRefused(f"the event is of member `{read.member}`, and the state of `{live.name}`")
            member = live.member
            event = filled(event, member.fields, member.originals.get(event.original))
            if not event.id:
                event = attrs.evolve(event, id=f"event {live.events + 1}")
            return apply_to(live, event, referrer, everyone)
        return apply_to(live_of(self.program, state, self.seed), event, None, everyone)

    def hear(self, state: MemberState, told: Told, *, everyone: Everyone | None = None) -> Applied:
        """Carries out what a friend did, for the member who brought that friend.

        Args:
            state: of the member `told.referrer`.
            told: of the `Applied` of the friend's event.
            everyone: as of `apply`.
        """
        return hear(live_of(self.program, state, self.seed), told, everyone)

    def advance(self, state: MemberState, day: date, *, everyone: Everyone | None = None) -> Applied:
        """Brings a member to the end of a day on which nothing need have happened."""
        return advance_to(live_of(self.program, state, self.seed), day_of(day), everyone)

    def read_state(self, text: str) -> MemberState:
        """A state from its JSON.

        Raises:
            InputRefused: it is no state, or one of other rules.
        """
        state = MemberState.from_json(text)
        live_of(self.program, state, self.seed)
        return state

    def balances(self, state: MemberState) -> dict[str, Balance]:
        """What the member has of each currency, by name."""
        member = live_of(self.program, state, self.seed).member
        return {
            account.currency.name: Balance(account.available, account.pending, account.debt)
            for account in member.accounts
        }

    def totals(self, state: MemberState) -> dict[str, Totals]:
        """The ledger of each currency since the member's first day, by name."""
        totals = totals_of_live(live_of(self.program, state, self.seed))
        return {currency.name: its for currency, its in zip(self.program.currencies, totals, strict=True)}

    def levels(self, state: MemberState) -> dict[str, str]:
        """The level held on each ladder, by name."""
        member = live_of(self.program, state, self.seed).member
        return {
            ladder.name: ladder.levels[standing.level].name
            for ladder, standing in zip(self.program.ladders, member.ladders, strict=True)
        }

    def line(self, posting: Posting, member: str) -> dict[str, Any]:
        """A posting as `--postings` writes it."""
        return posting_line(self.program, member, posting)
