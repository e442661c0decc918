"""How members stand who are real: their lots, counters, levels and used limits at the end of a day.

Invariant: a row says one thing of one member by names, so it can be read under another version of a program;
days are day numbers, and `None` where a thing has no such day.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import attrs

MEMBER, FIELD, WALLET, LOT, COUNTER, PREVIOUS, COUNTED, LEVEL, LIMIT = (
    "member", "field", "wallet", "lot", "counter", "previous", "counted", "level", "limit",
)  # fmt: skip
"""`StateRow.what`. Of a member: the joined day, and 1 where somebody brought it. Of a wallet: the day of the
latest activity, and what is owed. Of a lot: the rule that posted it, the day it was earned, is available and
expires. Of a counter: its window, and its value; the value in the window before; of a rolling one what each
day brought, and the first day that does not count it. Of a level: through which day it is held, no day for
ever. Of a limit: what has been used in the present window."""


class StateRow(NamedTuple):
    """One thing of one member's state."""

    what: str
    name: str
    detail: str
    since: int | None
    until: int | None
    day: int | None
    units: int


class Series(NamedTuple):
    """What a member's purchases say of its ways: how many, the sum of the logs of the days between them (half
    a day at least), of how many anything was paid, what was spent in minor units, and the sums of the logs of
    the amounts and of their squares."""

    number: int
    log_gaps: float
    paid: int
    spend: int
    logs: float
    log_squares: float


class Bought(NamedTuple):
    """The first and the last day on which a member bought, and the series in between: of purchases, and of
    days, where those of one day are one purchase."""

    first: int
    last: int
    purchases: Series
    days: Series


@attrs.frozen(eq=False)
class Opening:
    """The members of a ledger as they stand at the end of `as_of`.

    Attributes:
        source: where it was read, in the user's words; program: of which program.
        names: of the members; rows: of each.
        hashes: the files that it was read from, and their SHA-256.
        bought: of each member, `None` for who has bought nothing; empty where nobody is to go on as before.
        lift: by how much more the members bought since there was the program, as a share.
        together: what all members counted against limits for everyone: the limit, the day and the units;
            `None` where the ledger does not say.
    """

    source: str
    program: str
    as_of: int
    names: tuple[str, ...]
    rows: tuple[tuple[StateRow, ...], ...]
    hashes: tuple[tuple[str, str], ...] = ()
    bought: tuple[Bought | None, ...] = ()
    lift: Fraction = Fraction(0)
    together: tuple[tuple[str, int, int], ...] | None = ()

    @cached_property
    def named(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By what rows say, the names and details that any of them has, in their order."""
        found: dict[str, dict[tuple[str, str], None]] = {}
        for rows in self.rows:
            for row in rows:
                found.setdefault(row.what, {})[row.name, row.detail] = None
        return {what: tuple(names) for what, names in found.items()}

    @cached_property
    def earliest(self) -> int:
        """The first day that anything of the state is of."""
        days = (
            row.since
            for rows in self.rows
            for row in rows
            if row.what in (LOT, COUNTED) and row.since is not None
        )
        return min(days, default=self.as_of)

    @cached_property
    def last_expiry(self) -> int:
        """The last day on which one of the lots expires; `as_of` where none ever does."""
        days = (row.until for rows in self.rows for row in rows if row.what == LOT and row.until is not None)
        return max(days, default=self.as_of)
