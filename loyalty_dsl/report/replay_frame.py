"""A replay's ledger as a polars frame, for those who go on from there.

Invariant: amounts are exact, in the display unit of their currency: whole numbers, or decimals of a
currency in money. One column holds all currencies of a program, so it is decimal where one of them is.
"""

from decimal import Decimal

import attrs
import polars as pl

from loyalty_dsl.evaluation.replay import Replay

LEDGER = ("issued", "redeemed", "expired", "reversed", "pending", "outstanding")


def ledger_frame(replay: Replay) -> pl.DataFrame:
    """The ledger of each member.

    Returns:
        Columns member, currency, issued, redeemed, expired, reversed, pending, outstanding; members in
        order of appearance within each currency.
    """
    digits = max(len(str(currency.scale)) - 1 for currency in replay.program.currencies)
    members = pl.Series("member", replay.history.members, dtype=pl.String)
    frames = []
    for currency in replay.program.currencies:
        kept = {
            field.name: getattr(replay.balances, field.name)[:, currency.index]
            for field in attrs.fields(type(replay.balances))
        }
        left = kept["issued"] - kept["redeemed"] - kept["expired"] - kept["outstanding"]
        columns = {"reversed": left} | kept  # LEDGER-1, where balances do not keep it
        frame = pl.DataFrame({"member": members, **columns}).with_columns(
            pl.lit(currency.name).alias("currency")
        )
        if digits:
            per_unit = pl.lit(Decimal(10**digits // currency.scale).scaleb(-digits), pl.Decimal(38, digits))
            frame = frame.with_columns(
                (pl.col(name).cast(pl.Decimal(38, digits)) * per_unit).cast(pl.Decimal(38, digits))
                for name in LEDGER
            )
        frames.append(frame)
    return pl.concat(frames).select("member", "currency", *LEDGER)
