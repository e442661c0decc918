"""The ledger of a replay as Parquet tables: every posting, the events behind them, and what rewards cost.

Invariant: postings sum to the totals of the replay (LEDGER-1), in smallest units; a folder with a manifest
holds the tables that it names, whole. The states of members are only known of the compiled engine.
"""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import polars as pl

from loyalty_dsl.calendar import NEVER, format_day
from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.evaluation.notices import notices_of
from loyalty_dsl.evaluation.replay import Replay
from loyalty_dsl.language.state_names import limit_names
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.report.files import WriteFailure, reason_of, write_whole
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.replay_figures import ReplayFigures
from loyalty_dsl.report.replay_frame import allowances_frame
from loyalty_dsl.report.settlement_tables import settlement_frame

FORMAT = "loyalty.ledger/2"
MANIFEST = "manifest.json"
TABLES = (
    MANIFEST, "postings.parquet", "events.parquet", "rewards.parquet", "everyone.parquet", "states.parquet",
    "settlement.parquet", "notices.parquet", "allowances.parquet",
)  # fmt: skip


def postings_frame(replay: Replay) -> pl.DataFrame:
    """A row for each posting.

    Returns:
        Columns member, currency, day, kind (opening, earned, redeemed, expired, reversed, sent, received),
        event (empty at midnight), name (the rule or reward), available, expiry (no value where it never
        comes) and units, in smallest units; by member, then day.
    """
    assert replay.postings is not None, "asked for with the replay"
    names = [currency.name for currency in replay.program.currencies]
    columns: list[list[object]] = [[] for _ in range(9)]
    for member, its in zip(replay.history.members, replay.postings, strict=True):
        for event, day, kind, name, currency, available, expiry, units in its:
            row = (member, names[currency], day, kind, event, name, available, expiry, units)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
    heads = ("member", "currency", "day", "kind", "event", "name", "available", "expiry", "units")
    text, number = pl.String, pl.Int64
    types = (text, text, number, text, text, text, number, number, number)
    frame = pl.DataFrame(
        [
            pl.Series(head, column, dtype=type_)
            for head, column, type_ in zip(heads, columns, types, strict=True)
        ]
    )

    def as_date(name: str) -> pl.Expr:
        """Nothing for no day (0, of postings without one) and for never."""
        column = pl.col(name)
        known = pl.when((column == 0) | (column == NEVER)).then(None).otherwise(column)
        return known.cast(pl.Int32).cast(pl.Date).alias(name)

    owing = ((pl.col("kind") == "reversed") & (pl.col("expiry") == 0)).alias("owed")
    posted = pl.col("day").cast(pl.Int32).cast(pl.Date)
    dated = frame.with_columns(owing, posted, as_date("available"), as_date("expiry"))
    return dated.sort("member", "day", maintain_order=True)


def events_frame(replay: Replay) -> pl.DataFrame:
    """A row for each event that has a basket: member, event, day, kind (purchase, return or other) and basket
    in minor units, before rewards."""
    history = replay.history
    counts = (history.starts[1:] - history.starts[:-1]).tolist()
    members = [name for name, count in zip(history.members, counts, strict=True) for _ in range(count)]
    words = {PURCHASE: "purchase", RETURN: "return", REDEEM: "redeem"}
    return pl.DataFrame(
        {
            "member": pl.Series(members, dtype=pl.String),
            "event": pl.Series([str(id_) for id_ in history.ids], dtype=pl.String),
            "day": pl.Series(history.day.astype("int32")).cast(pl.Date),
            "kind": pl.Series([words.get(kind, "other") for kind in history.kind.tolist()], dtype=pl.String),
            "basket": pl.Series(history.basket, dtype=pl.Int64),
        }
    )


def rewards_frame(replay: Replay) -> pl.DataFrame:
    """A row for each reward: uses, money off, what was paid beside points, and cost in minor units (cost as
    text, an exact fraction; nothing where it is not known), and units given of another currency."""
    names = [reward.name for reward in replay.program.rewards]
    each = zip(replay.program.rewards, replay.rewards, strict=True)
    paid = [one.uses * reward.beside for reward, one in each]
    return pl.DataFrame(
        {
            "reward": pl.Series(names, dtype=pl.String),
            "uses": pl.Series([one.uses for one in replay.rewards], dtype=pl.Int64),
            "off": pl.Series([one.off for one in replay.rewards], dtype=pl.Int64),
            "paid": pl.Series(paid, dtype=pl.Int64),
            "given": pl.Series([one.given for one in replay.rewards], dtype=pl.Int64),
            "cost": pl.Series(
                [None if one.cost is None else str(one.cost) for one in replay.rewards], dtype=pl.String
            ),
        }
    )


def states_frame(replay: Replay) -> pl.DataFrame:
    """A row for each thing of each member's state at the end of the last day, from which `--from` goes on.

    Returns:
        Columns member, what, name, detail, since, until, day and units, as of `language.opening`.
    """
    assert replay.states is not None, "asked for with the replay"
    rows = [
        (member, *row)
        for member, its in zip(replay.history.members, replay.states, strict=True)
        for row in its
    ]
    text, number = pl.String, pl.Int64
    heads = ("member", "what", "name", "detail", "since", "until", "day", "units")
    types = (text, text, text, text, pl.Int32, pl.Int32, pl.Int32, number)
    columns = zip(*rows, strict=True) if rows else ((),) * len(heads)
    frame = pl.DataFrame(
        [
            pl.Series(head, list(column), dtype=type_)
            for head, column, type_ in zip(heads, columns, types, strict=True)
        ]
    )
    return frame.with_columns(pl.col("since", "until", "day").cast(pl.Date))


def everyone_frame(replay: Replay) -> pl.DataFrame:
    """A row for each limit for everyone and day: limit, day and the units that all members together counted
    against it."""
    names = limit_names(replay.program)
    rows = sorted((names[index], day, counted) for (index, day), counted in replay.together.items())
    limits, days, units = zip(*rows, strict=True) if rows else ((), (), ())
    return pl.DataFrame(
        {
            "limit": pl.Series(list(limits), dtype=pl.String),
            "day": pl.Series(list(days), dtype=pl.Int32).cast(pl.Date),
            "units": pl.Series(list(units), dtype=pl.Int64),
        }
    )


def notices_frame(replay: Replay) -> pl.DataFrame:
    """A row for each notice of what expires that a member was given (NOTICE-1).

    Returns:
        Columns member, currency, day (of the notice), expiry (the day from whose start it is gone) and units,
        in smallest units; by member, then day.
    """
    assert replay.postings is not None, "asked for with the replay"
    names = [currency.name for currency in replay.program.currencies]
    rows = [
        (member, names[each.currency], each.day, each.expiry, each.units)
        for member, its in zip(replay.history.members, replay.postings, strict=True)
        for each in notices_of(replay.program, its, replay.history.last_day)
    ]
    types = {
        "member": pl.String, "currency": pl.String, "day": pl.Int32, "expiry": pl.Int32, "units": pl.Int64,
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return frame.with_columns(pl.col("day", "expiry").cast(pl.Date))


def write_ledger(replay: Replay, figures: ReplayFigures, folder: Path) -> tuple[Path, ...] | WriteFailure:
    """Writes the tables and then their manifest.

    Returns:
        The files, the manifest last, or why there are none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
    except OSError as error:
        return WriteFailure(folder, reason_of(error))
    entries: dict[str, dict[str, object]] = {}
    written = []
    frames = {
        "postings": postings_frame(replay),
        "events": events_frame(replay),
        "rewards": rewards_frame(replay),
        "everyone": everyone_frame(replay),
    }
    (folder / "settlement.parquet").unlink(missing_ok=True)
    if replay.program.partners:
        frames["settlement"] = settlement_frame(replay.program, figures.bills)
    (folder / "notices.parquet").unlink(missing_ok=True)
    if any(currency.notice is not None for currency in replay.program.currencies):
        frames["notices"] = notices_frame(replay)
    (folder / "allowances.parquet").unlink(missing_ok=True)
    if replay.program.allowances:
        frames["allowances"] = allowances_frame(replay)
    if replay.states is not None:
        frames["states"] = states_frame(replay)
    (folder / "states.parquet").unlink(missing_ok=True)
    for name, frame in frames.items():
        buffer = BytesIO()
        frame.write_parquet(buffer)
        data, path = buffer.getvalue(), folder / f"{name}.parquet"
        failure = write_whole(path, data)
        if isinstance(failure, WriteFailure):
            return failure
        entries[name] = {"file": path.name, "rows": frame.height, "sha256": sha256(data).hexdigest()}
        written.append(path)
    document = {
        "format": FORMAT,
        "program": figures.program.name,
        "as_of": format_day(figures.as_of),
        "inputs": dict(figures.inputs),
        "version": figures.version,
        "tables": entries,
    }
    manifest = folder / MANIFEST
    failure = write_whole(manifest, json_text(document).encode())
    return failure if isinstance(failure, WriteFailure) else (*written, manifest)
