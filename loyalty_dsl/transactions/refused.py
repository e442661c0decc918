"""Rows that cannot be used: which, why, and where they go.

Invariant: every row of a file is either in the history or here, once, with all that is wrong with it.
"""

import json
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import attrs
import numpy as np
import polars as pl

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.history import History, Ints
from loyalty_dsl.evaluation.ledger import RefusalKind
from loyalty_dsl.evaluation.replay import RefusedEvent
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.opening import ROW, OpenedFile, told_plainly

REASON = "reason"
LINE = "line"
EXAMPLES = 3
"""Rows that are shown for each reason."""


@attrs.frozen
class Fault:
    """One thing that is wrong with a row.

    Attributes:
        reason: completes a sentence about the row.
        cell: what the cell at fault holds, where there is one.
        near: what was probably meant by it.
    """

    reason: str
    cell: str | None = None
    near: str | None = None


@attrs.frozen
class RefusedRow:
    """A row that cannot be used.

    Attributes:
        row: from 1, the header not counted.
        faults: at least one; of its own cells, at most one for each column.
    """

    row: int
    faults: tuple[Fault, ...]

    @classmethod
    def because(cls, row: int, reason: str) -> "RefusedRow":
        """A row that is refused for a reason that is not in one of its cells."""
        return cls(row, (Fault(reason),))

    @property
    def reason(self) -> str:
        """All that is wrong with it, in one line."""
        return "; ".join(fault.reason for fault in self.faults)


@attrs.frozen
class RefusedRows:
    """All refused rows of a file, in order, of `total` rows.

    Attributes:
        line_of: of JSON lines, the line of each row; people are told of lines then.
    """

    rows: tuple[RefusedRow, ...]
    total: int
    line_of: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def with_rows(self, more: tuple[RefusedRow, ...]) -> "RefusedRows":
        """These and further rows, for rows that are found bad only when they are evaluated."""
        known = {refused.row for refused in self.rows}
        merged = (*self.rows, *(refused for refused in more if refused.row not in known))
        return attrs.evolve(self, rows=tuple(sorted(merged, key=lambda refused: refused.row)))

    @property
    def noun(self) -> str:
        """What is counted: `row` or, of JSON lines, `line`."""
        return "line" if self.line_of else "row"

    def told(self) -> "RefusedRows":
        """These by the lines that they came from, each line once with all that is wrong with it."""
        if not self.line_of:
            return self
        faults: dict[int, dict[Fault, None]] = {}
        for refused in self.rows:
            faults.setdefault(self.line_of[refused.row - 1], {}).update(dict.fromkeys(refused.faults))
        lines = tuple(RefusedRow(line, tuple(its)) for line, its in sorted(faults.items()))
        return RefusedRows(lines, len(set(self.line_of)))

    def by_reason(self) -> dict[str, list[tuple[int, Fault]]]:
        """The rows under each reason, the most frequent reason first; a row is under each of its own."""
        groups: dict[str, list[tuple[int, Fault]]] = {}
        for refused in self.rows:
            for fault in refused.faults:
                groups.setdefault(fault.reason, []).append((refused.row, fault))
        return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[1][0][0])))

    def describe(self) -> str:
        """Counts by reason with the first rows of each, in a few lines."""
        lines = []
        for reason, found in self.told().by_reason().items():
            shown = ", ".join(_example(self.noun, row, fault) for row, fault in found[:EXAMPLES])
            lines.append(f"  {len(found):,} x {reason}: {shown}" + (", ..." if len(found) > EXAMPLES else ""))
        return "\n".join(lines)


def _example(noun: str, row: int, fault: Fault) -> str:
    if fault.cell is None:
        return f"{noun} {row}"
    cell = " ".join(fault.cell.split())
    cell = cell if len(cell) <= 40 else cell[:39] + "…"
    guess = f", did you mean `{fault.near}`?" if fault.near else ""
    return f"{noun} {row} (`{cell}`{guess})"


def refused_in_evaluation(
    refusals: Iterable[RefusedEvent], history: History, redeem_rows: Ints
) -> tuple[RefusedRow, ...]:
    """The rows that only the evaluation could refuse, such as a reward that the balance cannot pay.

    Args:
        refusals: with the row of the event; a refused reward is moved to the row that asked for it.
        history, redeem_rows: of the `HistoryResult` that was evaluated.
    """
    attached = np.flatnonzero(redeem_rows != -1)
    asked = dict(zip(history.rows[attached].tolist(), redeem_rows[attached].tolist(), strict=True))
    found = []
    for refusal in refusals:
        of_reward = refusal.refusal.kind is RefusalKind.REWARD
        row = asked.get(refusal.row, refusal.row) if of_reward else refusal.row
        what = f"`{refusal.refusal.reward}` is refused: " if of_reward else ""
        found.append(RefusedRow.because(row, what + refusal.refusal.reason))
    return tuple(found)


def count_used(history: History, late: Iterable[RefusedRow]) -> tuple[int, int]:
    """How many events were not refused, and how many members they made (EVENT-2).

    Args:
        late: rows from `refused_in_evaluation`; a row that asked for a reward at a purchase is no event.
    """
    kept = ~np.isin(history.rows, [refused.row for refused in late])
    member = np.repeat(np.arange(len(history.members)), np.diff(history.starts))
    return int(kept.sum()), len(np.unique(member[kept]))


def count_returns(history: History, late: Iterable[RefusedRow]) -> int:
    """How many returns were not refused."""
    returns = history.rows[history.kind == RETURN]
    return int((~np.isin(returns, [refused.row for refused in late])).sum())


def verify_none_refused(path: Path, refused: RefusedRows) -> None:
    """Refuses a file that has a refused row.

    Raises:
        InputRefused: it has; the message counts the rows by reason.
    """
    if refused:
        told = refused.told()
        counted = "" if refused.line_of else " (rows count from 1, the header not counted)"
        raise InputRefused(
            f"{len(told):,} of {told.total:,} {refused.noun}s of `{path}` cannot be used{counted}:\n"
            f"{refused.describe()}",
            "mend them, or set them aside with --quarantine FILE",
        )


def quarantine_bytes(opened: OpenedFile, refused: RefusedRows, parquet: bool) -> bytes:
    """The refused rows as a file: `row` and `reason` first, then the cells as they were read.

    Only columns that the program reads are kept, under the file's own names, so that the mended rows can
    be replayed with the same mapping. A row whose cells are not to be trusted has none: its whole line
    stands behind its reason, and until somebody parts it the row is refused again.

    Args:
        opened: the file that they are rows of.
        parquet: as Parquet; else as CSV.

    Raises:
        InputRefused: the file cannot be read any more.
    """
    if opened.is_json:
        return _json_lines(opened, refused.told())
    told = [f"{r.reason}: {opened.lines[r.row]}" if r.row in opened.lines else r.reason for r in refused.rows]
    reasons = pl.DataFrame(
        {ROW: [r.row for r in refused.rows], REASON: told},
        schema={ROW: pl.UInt32, REASON: pl.String},
    )
    own = {ours: theirs for ours, theirs in opened.theirs.items() if theirs not in (ROW, REASON)}
    buffer = BytesIO()
    with told_plainly(opened.path):
        rows = opened.lazy.filter(pl.col(ROW).is_in(reasons[ROW].to_list())).collect()
        table = reasons.join(rows, on=ROW, how="left", maintain_order="left")
        whole = ~pl.col(ROW).is_in(list(opened.lines))
        kept = (pl.when(whole).then(pl.col(ours)).alias(theirs) for ours, theirs in own.items())
        table = table.select(ROW, REASON, *kept)
        if parquet:
            table.write_parquet(buffer)
        else:
            table.write_csv(buffer)
    return buffer.getvalue()


def _json_lines(opened: OpenedFile, refused: RefusedRows) -> bytes:
    """The refused lines with their number and reason in front; what is no object stands as `text`."""
    written = []
    for each in refused.rows:
        text = opened.texts[each.row]
        head = json.dumps({LINE: each.row, REASON: each.reason}, ensure_ascii=False)[:-1]
        inside = (
            text[1:-1].strip() if text.startswith("{") and text.endswith("}") and _is_json(text) else None
        )
        if inside is None:
            inside = f'"text": {json.dumps(text, ensure_ascii=False)}'
        written.append(f"{head}, {inside}}}" if inside else f"{head}}}")
    return "".join(f"{line}\n" for line in written).encode()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
