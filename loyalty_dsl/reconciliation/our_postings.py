"""The postings of a replay as a frame to hold against a ledger.

Invariant: they sum to each member's outstanding balance (LEDGER-1); amounts are in the ledger's units.
"""

import polars as pl

from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.replay import Replay
from loyalty_dsl.reconciliation.shapes import COMING, KINDS, Columns

_COMES = {PostingKind.OPENING.value, PostingKind.EARNED.value, PostingKind.RECEIVED.value}
_CHUNK = 100_000
"""Postings that are turned into columns at a time, so that no list of all of them stands beside them."""
SCHEMA: Columns = {
    "member": pl.Int32, "currency": pl.Int32, "kind": pl.Enum(KINDS), "day": pl.Int32, "event": pl.String,
    "rule": pl.Categorical, "units": pl.Int64,
}  # fmt: skip


def our_postings(replay: Replay, digits: int, coarse: bool) -> pl.DataFrame:
    """A row for each posting, summed over lots: member, currency, kind, day, event, rule and units.

    Args:
        replay: with postings.
        digits: amounts are made into units of 10 ** -digits of a display unit.
        coarse: kinds are no more than added, subtracted and expired.
    """
    assert replay.postings is not None, "asked for with the replay"
    scales = [10**digits // currency.scale for currency in replay.program.currencies]
    signs = {kind.value: 1 if kind.value in _COMES else -1 for kind in PostingKind}
    words = {kind.value: COMING[kind] if coarse else kind.value for kind in PostingKind}
    frames: list[pl.DataFrame] = []
    rows: list[tuple[object, ...]] = []
    for member, its in enumerate(replay.postings):
        for event, day, kind, name, currency, _, _, units in its:
            signed = signs[kind] * scales[currency] * units
            rows.append((member, currency, words[kind], day, event, name, signed))
        if len(rows) >= _CHUNK:
            frames.append(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
            rows = []
    frames.append(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    keys = [name for name in SCHEMA if name != "units"]
    return pl.concat(frames).group_by(keys, maintain_order=True).agg(pl.col("units").sum())
