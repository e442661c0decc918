"""The lots of a trace: which posting made each, so that what takes from it can say what it takes.

Invariant: a lot is known by its member's slot and its number, from the posting that made it on.
"""

import attrs

from loyalty_dsl.calendar import NEVER, format_day, last_usable
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.evaluation.witness import Posted
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.program import Program

_GAINS = (PostingKind.OPENING, PostingKind.EARNED, PostingKind.RECEIVED)


def is_gain(posting: Posting) -> bool:
    """Whether a posting makes a lot."""
    return posting.kind in _GAINS


@attrs.define(eq=False)
class Lots:
    """The lots made so far, and what each member has of each currency."""

    program: Program
    made: dict[tuple[int, int], Posting] = attrs.field(factory=dict)
    balances: dict[tuple[int, int], int] = attrs.field(factory=dict)

    def note(self, posted: Posted) -> None:
        """Takes a posting in."""
        posting, key = posted.posting, (posted.slot, posted.posting.currency)
        gain = is_gain(posting)
        if gain:
            self.made[posted.slot, posted.lot] = posting
        self.balances[key] = self.balances.get(key, 0) + (posting.units if gain else -posting.units)

    def balance(self, slot: int, currency: int) -> int:
        """What a member has; less than 0 while it owes."""
        return self.balances.get((slot, currency), 0)

    def name(self, slot: int, lot: int) -> str:
        """How people know a lot: the day on which it was earned, and by what."""
        posting = self.made.get((slot, lot))
        if posting is None:
            return ""
        by = "given" if posting.kind is PostingKind.OPENING else f"by {posting.name}" if posting.name else ""
        return f"the lot of {format_day(posting.day)}" + (f" ({by})" if by else "")


def last_usable_day(posting: Posting) -> str | None:
    """The last day of the lot that a posting made; `None` where it has none of its own."""
    return format_day(last_usable(posting.expiry)) if 0 < posting.expiry < NEVER else None


def lot_in_words(program: Program, posting: Posting, repaid: int = 0) -> str:
    """When what a posting made can be used, and until when."""
    told = []
    currency = program.currencies[posting.currency]
    if repaid:
        told.append(f"{amount_in_words(program, currency, repaid)} of it repays what was owed")
    told.append(
        f"available from {format_day(posting.available)}"
        if posting.available > posting.day
        else "available at once"
    )
    last = last_usable_day(posting)
    if last is not None:
        told.append(f"last usable day {last}")
    elif isinstance(currency.expiry, AfterActivity | AfterFirst):
        told.append("expires with the whole balance")
    else:
        told.append("never expires")
    return ", ".join(told)
