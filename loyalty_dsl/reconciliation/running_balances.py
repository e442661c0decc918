"""The balances that a ledger writes beside its amounts: what a member held before, and where they break.

Invariant: of every account, opening + amounts + breaks = the last balance that is written, and what comes
after it.
"""

import polars as pl

from loyalty_dsl.transactions.opening import ROW

ACCOUNT = ("account", "member", "currency")


def openings_of(rows: pl.DataFrame) -> pl.DataFrame:
    """What each account held before its first row, where that is not nothing.

    Args:
        rows: of a ledger, in order of time.

    Returns:
        the account (`account`, `member`, `currency`), `day` and ROW of its first row, and `units`.
    """
    written = _rest(rows)
    first = written.group_by(ACCOUNT, maintain_order=True).first()
    return first.filter(pl.col("rest") != 0).select(*ACCOUNT, "day", ROW, pl.col("rest").alias("units"))


def breaks_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Each balance that is not the one before it and the amounts since.

    Returns:
        the account, `day` and ROW where it is written, and `units`: by how much it is more.
    """
    written = _rest(rows)
    step = (pl.col("rest") - pl.col("rest").shift(1)).over(ACCOUNT)
    stepped = written.with_columns(step.fill_null(0).alias("units"))
    return stepped.filter(pl.col("units") != 0).select(*ACCOUNT, "day", ROW, "units")


def _rest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with a balance, and what of it the amounts so far are not: the same in all that are sound."""
    so_far = pl.col("units").cum_sum().over(ACCOUNT)
    rest = rows.select(*ACCOUNT, "day", ROW, (pl.col("balance") - so_far).alias("rest"))
    return rest.filter(pl.col("rest").is_not_null())
