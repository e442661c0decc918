"""Why another system's ledger differs from ours: a closed list, in the order in which it is told.

Invariant: every difference has exactly one of these causes; what a cause cannot say is for the rows that it
names to show.
"""

from enum import Enum


class Cause(Enum):
    """The value is the word in every output."""

    ONLY_OURS = "only in ours"
    ONLY_THEIRS = "only in theirs"
    ROUNDING = "other amount, rounding"
    OTHER_AMOUNT = "other amount"
    OTHER_DAY = "other day"
    TWICE = "booked twice"
    EXPIRY_DAY = "expired on another day"
    OTHER_KIND = "other kind"
    OPENING = "opening balance"
    UNKNOWN_MEMBER = "unknown member"
    BROKEN_BALANCE = "running balance does not add up"


MEANING = {
    Cause.ONLY_OURS: "the rules post it, and their ledger has nothing for it",
    Cause.ONLY_THEIRS: "their ledger has it, and no rule of the program posts it",
    Cause.ROUNDING: "the same posting, and the amounts are at most one smallest unit apart",
    Cause.OTHER_AMOUNT: "the same posting with another amount",
    Cause.OTHER_DAY: "the same posting on another day",
    Cause.TWICE: "a row of their ledger that repeats another",
    Cause.EXPIRY_DAY: "the same points, gone on another day",
    Cause.OTHER_KIND: "the same points, booked as something else",
    Cause.OPENING: "what a member held before the first row that is compared",
    Cause.UNKNOWN_MEMBER: "a member of whom the transactions have nothing",
    Cause.BROKEN_BALANCE: "a balance in their ledger that is not the one before it and the amount",
}
"""Each cause in a sentence."""
