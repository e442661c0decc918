"""Rows that cannot be used: which, why, and where they go.

Invariant: every row of a file is either in the history or here, once, with a reason; in words the counts
add up, and a quarantine file appears whole or not at all.
"""

import os
import tempfile
from pathlib import Path

import attrs
import polars as pl

from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.opening import ROW, OpenedFile, told_plainly

REASON = "reason"
_EXAMPLES = 3


@attrs.frozen
class RefusedRow:
    """A row (from 1, without the header) and why it was refused; `cell` is what it holds, if that helps."""

    row: int
    reason: str
    cell: str | None = None


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
    return f"row {refused.row} (`{cell}`)"


def write_quarantine(target: Path, opened: OpenedFile, refused: RefusedRows) -> None:
    """Writes refused rows, with `row` and `reason` first, and the cells as the file has them.

    Only columns that the program reads are written, under the file's own names, so that the mended rows
    can be replayed with the same mapping. The format is Parquet where `target` says so, else CSV.

    Raises:
        InputRefused: the file cannot be written; nothing is left behind then.
    """
    reasons = pl.DataFrame(
        {ROW: [r.row for r in refused.rows], REASON: [r.reason for r in refused.rows]},
        schema={ROW: pl.UInt32, REASON: pl.String},
    )
    own = {ours: theirs for ours, theirs in opened.theirs.items() if theirs not in (ROW, REASON)}
    with told_plainly(opened.path):
        rows = opened.lazy.filter(pl.col(ROW).is_in(reasons[ROW].to_list())).collect()
    table = reasons.join(rows, on=ROW, how="left", maintain_order="left")
    table = table.select(ROW, REASON, *(pl.col(ours).alias(theirs) for ours, theirs in own.items()))
    replace_file(target, table)


def replace_file(target: Path, table: pl.DataFrame) -> None:
    """Writes a table so that `target` is either complete or as it was: a temporary file, synced, renamed."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as problem:
        raise _unwritable(target, problem) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if target.suffix.lower() in (".parquet", ".pq"):
                table.write_parquet(file)
            else:
                table.write_csv(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise _unwritable(target, problem) from None
    finally:
        temporary.unlink(missing_ok=True)


def _unwritable(target: Path, problem: Exception) -> InputRefused:
    reason = problem.strerror if isinstance(problem, OSError) else None
    return InputRefused(f"`{target}` cannot be written: {(reason or str(problem)).lower()}")
