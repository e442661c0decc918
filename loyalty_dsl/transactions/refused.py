"""Rows that cannot be used: which, why, and where they go.

Invariant: every row of a file is either in the history or here, once, with a reason; in words the counts
add up.
"""

from collections.abc import Iterable
from io import BytesIO

import attrs
import numpy as np
import polars as pl

from loyalty_dsl.evaluation.history import History, Ints
from loyalty_dsl.evaluation.ledger import RefusalKind
from loyalty_dsl.evaluation.replay import RefusedRow as EventRefusal
from loyalty_dsl.transactions.opening import ROW, OpenedFile, told_plainly

REASON = "reason"
_EXAMPLES = 3


@attrs.frozen
class RefusedRow:
    """A row that cannot be used.

    Attributes:
        row: from 1, the header not counted.
        reason: why, completing a sentence about the row.
        cell: what the cell at fault holds, where there is one.
        near: what was probably meant by it.
    """

    row: int
    reason: str
    cell: str | None = None
    near: str | None = None


@attrs.frozen
class RefusedRows:
    """All refused rows of a file, in order, of `total` rows."""

    rows: tuple[RefusedRow, ...]
    total: int

    def __len__(self) -> int:
        return len(self.rows)

    def with_rows(self, more: tuple[RefusedRow, ...]) -> "RefusedRows":
        """These and further rows, for rows that are found bad only when they are evaluated."""
        known = {refused.row for refused in self.rows}
        merged = (*self.rows, *(refused for refused in more if refused.row not in known))
        return RefusedRows(tuple(sorted(merged, key=lambda refused: refused.row)), self.total)

    def by_reason(self) -> dict[str, list[RefusedRow]]:
        """The rows under each reason, the most frequent reason first."""
        groups: dict[str, list[RefusedRow]] = {}
        for refused in self.rows:
            groups.setdefault(refused.reason, []).append(refused)
        return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[1][0].row)))

    def describe(self) -> str:
        """Counts by reason with the first rows of each, in a few lines."""
        lines = []
        for reason, rows in self.by_reason().items():
            shown = ", ".join(_example(refused) for refused in rows[:_EXAMPLES])
            lines.append(f"  {len(rows):,} x {reason}: {shown}" + (", ..." if len(rows) > _EXAMPLES else ""))
        return "\n".join(lines)


def _example(refused: RefusedRow) -> str:
    if refused.cell is None:
        return f"row {refused.row}"
    cell = refused.cell if len(refused.cell) <= 40 else refused.cell[:39] + "…"
    guess = f", did you mean `{refused.near}`?" if refused.near else ""
    return f"row {refused.row} (`{cell}`{guess})"


def refused_in_evaluation(
    refusals: Iterable[EventRefusal], history: History, redeem_rows: Ints
) -> tuple[RefusedRow, ...]:
    """The rows that only the evaluation could refuse, such as a reward that the balance cannot pay.

    Args:
        refusals: with the row of the event; a refused reward is moved to the row that asked for it.
        history, redeem_rows: of the `HistoryResult` that was evaluated.
    """
    attached = np.flatnonzero(redeem_rows >= 0)
    asked = dict(zip(history.rows[attached].tolist(), redeem_rows[attached].tolist(), strict=True))
    found = []
    for refusal in refusals:
        of_reward = refusal.refusal.kind is RefusalKind.REWARD
        row = asked.get(refusal.row, refusal.row) if of_reward else refusal.row
        what = f"`{refusal.refusal.reward}` is refused: " if of_reward else ""
        found.append(RefusedRow(row, what + refusal.refusal.reason))
    return tuple(found)


def quarantine_bytes(opened: OpenedFile, refused: RefusedRows, parquet: bool) -> bytes:
    """The refused rows as a file: `row` and `reason` first, then the cells as they were read.

    Only columns that the program reads are kept, under the file's own names, so that the mended rows can
    be replayed with the same mapping.

    Args:
        opened: the file that they are rows of.
        parquet: as Parquet; else as CSV.

    Raises:
        InputRefused: the file cannot be read any more.
    """
    reasons = pl.DataFrame(
        {ROW: [r.row for r in refused.rows], REASON: [r.reason for r in refused.rows]},
        schema={ROW: pl.UInt32, REASON: pl.String},
    )
    own = {ours: theirs for ours, theirs in opened.theirs.items() if theirs not in (ROW, REASON)}
    buffer = BytesIO()
    with told_plainly(opened.path):
        rows = opened.lazy.filter(pl.col(ROW).is_in(reasons[ROW].to_list())).collect()
        table = reasons.join(rows, on=ROW, how="left", maintain_order="left")
        table = table.select(ROW, REASON, *(pl.col(ours).alias(theirs) for ours, theirs in own.items()))
        if parquet:
            table.write_parquet(buffer)
        else:
            table.write_csv(buffer)
    return buffer.getvalue()
