"""The tables of a reconciliation as files.

Invariant: no text of a file becomes a formula in a spreadsheet; numbers stay numbers.
"""

from io import BytesIO
from pathlib import Path

import polars as pl

from loyalty_dsl.reconciliation.reconciling import Reconciliation
from loyalty_dsl.report.files import WriteFailure, reason_of, write_whole

TABLES = (
    "reconciliation.parquet", "reconciliation.csv", "reconciliation_members.parquet", "unreadable.csv",
)  # fmt: skip
_FORMULA = r"^([=+\-@\t\r\x00])"


def write_reconciliation(result: Reconciliation, folder: Path) -> tuple[Path, ...] | WriteFailure:
    """Writes the differences as Parquet and CSV, what members hold, and the rows that could not be read."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return WriteFailure(folder, reason_of(error))
    differences = result.differences
    written = []
    for name, data in (
        ("reconciliation.parquet", _parquet(differences)),
        ("reconciliation.csv", _csv(differences)),
        ("reconciliation_members.parquet", _parquet(result.balances)),
        ("unreadable.csv", _csv(result.ledger.unreadable)),
    ):
        failure = write_whole(folder / name, data)
        if isinstance(failure, WriteFailure):
            return failure
        written.append(folder / name)
    return tuple(written)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _csv(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.with_columns(pl.col(pl.String).str.replace(_FORMULA, "'$1")).write_csv(buffer)
    return buffer.getvalue()
