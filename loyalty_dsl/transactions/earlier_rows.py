"""The rows of files before this one, which a history goes on from.

Invariant: what was used once is used for ever, as it was: a further row neither changes an earlier purchase
nor comes before the day to which all members were brought. So a history that goes on from earlier rows is the
history of all rows in one file.
"""

import attrs
import polars as pl

from loyalty_dsl.calendar import format_day
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.transactions.opening import ROW
from loyalty_dsl.transactions.rows import DAY_MICROSECONDS
from loyalty_dsl.transactions.schema import KIND, MEMBER, PURCHASE, TIME

KNOWN = "has the `purchase` of a row that was replayed before"
AT_KNOWN = "names a purchase that was replayed before"


@attrs.frozen(eq=False)
class EarlierRows:
    """Rows that were used.

    Attributes:
        frame: as of `Rows.frame`, without flaws, in the order in which they were read; `ROW` counts the rows
            of all files.
        total: rows of all those files, whether or not they were used.
        through: the day to which all members were brought.
    """

    frame: pl.DataFrame
    total: int
    through: int


def before_the_end(
    frame: pl.DataFrame, earlier: EarlierRows
) -> tuple[pl.DataFrame, tuple[tuple[int, str], ...]]:
    """The further rows that what was replayed before leaves no place for, with the reason of each."""
    day = pl.col(TIME) // DAY_MICROSECONDS
    early = frame.filter(day < earlier.through)
    late = f"is before {format_day(earlier.through)}, to which members were brought already"
    reasons = [(row, late) for row in early[ROW].to_list()]
    text = [pl.col(MEMBER).cast(pl.String), pl.col(PURCHASE).cast(pl.String)]
    known = earlier.frame.select(text).unique()
    rest = frame.filter(day >= earlier.through)
    named = rest.with_columns(text).join(known, on=[MEMBER, PURCHASE], how="semi", maintain_order="left")
    reasons += [
        (row, AT_KNOWN if kind == REDEEM else KNOWN)
        for row, kind in zip(named[ROW].to_list(), named[KIND].to_list(), strict=True)
    ]
    rows = [row for row, _ in reasons]
    return frame.filter(pl.col(ROW).is_in(rows)), tuple(reasons)


def joined_to(earlier: EarlierRows, frame: pl.DataFrame) -> pl.DataFrame:
    """All rows, the earlier ones first and numbered below 0."""
    text = [pl.col(MEMBER).cast(pl.String), pl.col(PURCHASE).cast(pl.String)]
    before = earlier.frame.with_columns(pl.col(ROW).cast(pl.Int64) - (earlier.total + 2))
    frame = frame.with_columns(*text, pl.col(ROW).cast(pl.Int64))
    return pl.concat([before, frame], how="diagonal_relaxed")
