"""What a replay hands to its reports: totals and where they come from, nothing of how they were made."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.evaluation.ledger import Totals
from loyalty_dsl.evaluation.settlement import Bill
from loyalty_dsl.language.left_to_chance import left_to_chance
from loyalty_dsl.language.program import Program

if TYPE_CHECKING:
    from loyalty_dsl.transactions.exports import Account
    from loyalty_dsl.transactions.refused import RefusedRow


@attrs.frozen(eq=False)
class ReplayFigures:
    """One replay.

    Attributes:
        engine: `reference` or `compiled`.
        rows: rows of data that were used; `events` and `members` are how many those made.
        bad_rows: rows that could not be read, and were left out.
        refused: events, or rewards asked for at them, that the program refused.
        as_of: state is as of the end of this day.
        totals: by currency index, in smallest units, summed over members.
        inputs: each file's name and the SHA-256 of its bytes.
        version: of this package.
        returns: events that were taken back, in whole or in part.
        levels: for each ladder, how many members hold each of its levels at the end of `as_of`; everybody who
            has no higher one holds the first.
        seed: of what is left to chance.
        noun: what `bad_rows` and `refused` are numbered by: rows, or lines of JSON.
        bills: what is settled with partners.
        allowances: what each lets all members together use.
        account: what became of the rows of a file that a source read.
        since: the day to which the state went that this went on from; the figures are of all files then.
    """

    program: Program
    engine: str
    rows: int
    events: int
    members: int
    bad_rows: "tuple[RefusedRow, ...]"
    refused: "tuple[RefusedRow, ...]"
    as_of: int
    totals: tuple[Totals, ...]
    inputs: Mapping[str, str]
    version: str
    returns: int = 0
    levels: tuple[tuple[int, ...], ...] = ()
    seed: int = 1
    noun: str = "row"
    since: int | None = None
    bills: tuple[Bill, ...] = ()
    allowances: tuple[int, ...] = ()
    account: "Account | None" = None

    @property
    def luck(self) -> int | None:
        """The seed, where a rule of the program has a chance (EARN-12)."""
        return self.seed if left_to_chance(self.program) else None
