"""The members of a comparison as a CSV or Parquet file.

Invariant: the largest loss comes first, so that a reader of the list meets those to look after.
"""

from io import BytesIO
from pathlib import Path

from loyalty_dsl.forecast.compared import Comparison
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.files import WriteFailure, write_whole


def write_members(comparison: Comparison, path: Path) -> None:
    """Writes a row for each simulated member, in the format that the file's name ends in.

    Raises:
        InputRefused: it cannot be written.
    """
    assert comparison.each_member is not None, "the members were not asked for"
    frame, data = comparison.each_member.sort("difference", "member"), BytesIO()
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(data)
    else:
        frame.write_csv(data)  # names of the language's own spelling: none is a formula
    outcome = write_whole(path, data.getvalue())
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)
