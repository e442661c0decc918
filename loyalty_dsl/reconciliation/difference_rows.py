"""Differences as rows of one table, whatever they come from.

Invariant: `points` are what theirs has more; columns of a side that has nothing are null.
"""

import polars as pl

from loyalty_dsl.reconciliation.causes import Cause
from loyalty_dsl.reconciliation.shapes import KINDS, Columns

DIFFERENCE: Columns = {
    "member": pl.Int32, "currency": pl.Int32, "cause": pl.String, "event": pl.String, "our_event": pl.String,
    "our_day": pl.Int32, "our_kind": pl.Enum(KINDS), "our_units": pl.Int64, "their_day": pl.Int32,
    "their_kind": pl.Enum(KINDS), "their_units": pl.Int64, "their_row": pl.UInt32, "their_rows": pl.UInt32,
    "points": pl.Int64,
}  # fmt: skip
"""Columns of a difference; those of a side that has nothing are null. `points` are what theirs has more."""


def alone(frame: pl.DataFrame, cause: Cause) -> pl.DataFrame:
    """Differences of what only one side has."""
    if cause is Cause.ONLY_OURS:
        return _made(
            frame,
            cause,
            event=_filled(pl.col("event")),
            our_event=pl.col("event"),
            our_day=pl.col("day"),
            our_kind=pl.col("kind"),
            our_units=pl.col("units"),
            points=-pl.col("units"),
        )
    return _made(
        frame,
        cause,
        event=_filled(pl.col("event")),
        their_day=pl.col("day"),
        their_kind=pl.col("kind"),
        their_units=pl.col("units"),
        their_row=pl.col("row"),
        their_rows=pl.lit(1),
        points=pl.col("units"),
    )


def told(pairs: pl.DataFrame, cause: Cause, points: pl.Expr) -> pl.DataFrame:
    """Differences of pairs; what a side shares with the other as a key has its name there."""

    def of_theirs(name: str) -> pl.Expr:
        return pl.col(f"{name}_t") if f"{name}_t" in pairs.columns else pl.col(name)

    return _made(
        pairs,
        cause,
        event=pl.coalesce(_filled(pl.col("event")), _filled(of_theirs("event"))),
        our_event=pl.col("event"),
        our_day=pl.col("day"),
        our_kind=pl.col("kind"),
        our_units=pl.col("units"),
        their_day=of_theirs("day"),
        their_kind=of_theirs("kind"),
        their_units=of_theirs("units"),
        their_row=pl.col("row"),
        their_rows=of_theirs("rows"),
        points=points,
    )


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _made(frame: pl.DataFrame, cause: Cause, **columns: pl.Expr) -> pl.DataFrame:
    values = {"member": pl.col("member"), "currency": pl.col("currency"), "cause": pl.lit(cause.value)}
    values |= columns
    return frame.select(
        values.get(name, pl.lit(None)).cast(type_).alias(name) for name, type_ in DIFFERENCE.items()
    )
