"""What the purchases of a ledger's members say of each of them.

Invariant: amounts are those of the ledger, before rewards and returns; a purchase of nothing is one, and says
nothing of what the member spends. Sums are rounded, so they do not depend on the order of adding.
"""

from typing import TYPE_CHECKING

from loyalty_dsl.language.opening import Bought, Series

if TYPE_CHECKING:
    import polars as pl

LEAST_GAP = 0.5
"""Days between two purchases of one day."""


def bought_by(events: "pl.DataFrame") -> dict[str, Bought]:
    """By member, of those who have bought.

    Args:
        events: the table `events` of a ledger.
    """
    import polars as pl

    purchases = events.filter(pl.col("kind") == "purchase").select(
        "member", pl.col("day").to_physical().cast(pl.Int64), "basket"
    )
    days = purchases.group_by("member", "day").agg(pl.col("basket").sum())
    each, by_day = _series(purchases), _series(days)
    return {
        member: Bought(first, last, series, by_day[member][2])
        for member, (first, last, series) in each.items()
    }


def _series(purchases: "pl.DataFrame") -> dict[str, tuple[int, int, Series]]:
    """By member: first day, last day, and the series."""
    import polars as pl

    paid = pl.col("basket") > 0
    log = pl.col("basket").filter(paid).cast(pl.Float64).log()
    found = (
        purchases.sort("member", "day", "basket")
        .group_by("member", maintain_order=True)
        .agg(
            pl.col("day").min().alias("first"),
            pl.col("day").max().alias("last"),
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("day")
            .diff()
            .drop_nulls()
            .cast(pl.Float64)
            .clip(LEAST_GAP)
            .log()
            .sum()
            .round(9)
            .alias("gaps"),
            paid.sum().cast(pl.Int64).alias("paid"),
            pl.col("basket").sum().alias("spend"),
            log.sum().round(9).alias("logs"),
            (log**2).sum().round(9).alias("squares"),
        )
    )
    return {member: (first, last, Series(*series)) for member, first, last, *series in found.iter_rows()}
