"""The points of a sweep as a CSV or Parquet file.

Invariant: text that a spreadsheet would take for a formula is written as text; numbers stay numbers.
"""

from io import BytesIO
from pathlib import Path

from loyalty_dsl.decisions.sweeping import Sweep
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.files import WriteFailure, write_whole

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write_sweep_table(sweep: Sweep, path: Path) -> None:
    """Writes the points, the base first, in the format that the file's name ends in.

    Raises:
        InputRefused: it cannot be written.
    """
    import polars as pl

    frame, data = sweep.table, BytesIO()
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(data)
    else:
        text = pl.selectors.string()
        frame.with_columns(text.map_elements(_plain, return_dtype=pl.String)).write_csv(data)
    outcome = write_whole(path, data.getvalue())
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
