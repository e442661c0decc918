"""A reconciliation as tables, for a spreadsheet or a notebook.

Invariant: points are exact, as whole numbers where the program's are and as decimals where it or the ledger
has fractions.
"""

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from loyalty_dsl.reconciliation.reconciling import Reconciliation

_POINTS = ("our_points", "their_points", "points")


def differences_frame(result: "Reconciliation") -> pl.DataFrame:
    """A row for each difference.

    Returns:
        Columns member, currency, cause, event, our_day, our_kind, our_points, rule, their_day, their_kind,
        their_points, their_row, their_rows and points: what theirs has more.
    """
    names = [currency.name for currency in result.program.currencies]
    shown = result.found.select(
        pl.col("name").alias("member"),
        pl.col("currency").replace_strict(dict(enumerate(names)), return_dtype=pl.String),
        "cause",
        "event",
        pl.col("our_day").cast(pl.Date),
        "our_kind",
        pl.col("our_units").alias("our_points"),
        pl.when(pl.col("rule") != "").then(pl.col("rule")).alias("rule"),
        pl.col("their_day").cast(pl.Date),
        "their_kind",
        pl.col("their_units").alias("their_points"),
        "their_row",
        "their_rows",
        "points",
    )
    return _in_display_units(shown, result.digits, _POINTS).sort("member", "their_day", maintain_order=True)


def members_frame(result: "Reconciliation") -> pl.DataFrame:
    """A row for each member and currency: member, currency, ours, theirs, points and differences."""
    names = dict(enumerate(currency.name for currency in result.program.currencies))
    shown = result.accounts.select(
        pl.col("name").alias("member"),
        pl.col("currency").replace_strict(names, return_dtype=pl.String),
        "ours",
        "theirs",
        "points",
        "differences",
    )
    return _in_display_units(shown, result.digits, ("ours", "theirs", "points"))


def _in_display_units(frame: pl.DataFrame, digits: int, columns: tuple[str, ...]) -> pl.DataFrame:
    if not digits:
        return frame
    size = 10**digits

    def shown(name: str) -> pl.Expr:
        units = pl.col(name)
        sign = pl.when(units < 0).then(pl.lit("-")).otherwise(pl.lit(""))
        part = (units.abs() % size).cast(pl.String).str.zfill(digits)
        whole = (units.abs() // size).cast(pl.String)
        return pl.concat_str([sign, whole, pl.lit("."), part]).cast(pl.Decimal(38, digits)).alias(name)

    return frame.with_columns(shown(name) for name in columns)
