"""Ledgers written posting by posting, for the tests of what is owed."""

from datetime import date
from pathlib import Path

import polars as pl

from loyalty_dsl.calendar import day_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.pipeline import load
from loyalty_dsl.valuation.ledger_files import LedgerTables

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
        worth   $0.01
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    earn welcome {
        on    join
        give  100 points
    }
    reward five_off {
        price  500 points
        give   $5 off in full
        cost   $4.00 assumed
    }
}
"""


def on(text: str) -> int:
    return day_of(date.fromisoformat(text))


def program_of(rules: str, folder: Path) -> Program:
    path = folder / "rules.loyalty"
    path.write_text(rules)
    return load(path).programs[0]


Line = tuple[str, str, str, str, str, str | None, int]
"""Member, day, kind, event, name, expiry, units."""


def ledger(
    *lines: Line,
    as_of: str,
    baskets: tuple[tuple[str, str, str, str, int], ...] = (),
    rewards: tuple[tuple[str, int, int, int, str | None], ...] = (),
    currency: str = "points",
    program: str = "corner",
) -> LedgerTables:
    def parsed(text: str | None) -> date | None:
        return None if text is None else date.fromisoformat(text)

    rows = [
        (member, currency, parsed(day), kind, event, name, None, parsed(expiry), units, kind == "owed")
        for member, day, kind, event, name, expiry, units in lines
    ]
    heads = {
        "member": pl.String, "currency": pl.String, "day": pl.Date, "kind": pl.String, "event": pl.String,
        "name": pl.String, "available": pl.Date, "expiry": pl.Date, "units": pl.Int64, "owed": pl.Boolean,
    }  # fmt: skip
    postings = pl.DataFrame(rows, schema=heads, orient="row").with_columns(
        pl.col("kind").replace("owed", "reversed")
    )
    events = pl.DataFrame(
        [(member, event, parsed(day), kind, basket) for member, event, day, kind, basket in baskets],
        schema={
            "member": pl.String, "event": pl.String, "day": pl.Date, "kind": pl.String, "basket": pl.Int64
        },
        orient="row",
    )  # fmt: skip
    costs = pl.DataFrame(
        list(rewards),
        schema={
            "reward": pl.String, "uses": pl.Int64, "off": pl.Int64, "given": pl.Int64, "cost": pl.String
        },
        orient="row",
    )  # fmt: skip
    return LedgerTables(program, on(as_of), postings, events, costs, ())
