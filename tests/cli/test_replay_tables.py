"""`loyalty replay --out`: the ledger as tables."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest

Command = Callable[..., Any]

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  2 months after earning
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  10 points
        give   $5 off in full
        cost   $4.00 assumed
    }
}
"""
SALES = """\
member,time,purchase,amount,kind,reward
ann,2026-01-05,a1,12.40,purchase,
ann,2026-01-06,,,redeem,five_off
bob,2026-01-07,b1,7.00,purchase,
bob,2026-03-20,b2,3.00,purchase,
"""


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    rules, sales = tmp_path / "rules.loyalty", tmp_path / "sales.csv"
    rules.write_text(RULES)
    sales.write_text(SALES)
    return rules, sales


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_postings_sum_to_the_ledger(
    engine: str, loyalty: Command, inputs: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "ledger"
    ran = loyalty("replay", *inputs, "--out", out, "--engine", engine, "--format", "json")
    assert ran.code == 0
    ledger = json.loads(ran.out)["currencies"]["points"]
    postings = pl.read_parquet(out / "postings.parquet")
    sums = dict(postings.group_by("kind").agg(pl.col("units").sum()).iter_rows())
    assert sums == {"earned": 22, "redeemed": 10, "expired": 9}
    assert (ledger["issued"], ledger["redeemed"], ledger["expired"]) == (22, 10, 9)
    first = postings.row(0, named=True)
    assert (first["member"], str(first["day"]), first["name"]) == ("ann", "2026-01-05", "base")
    assert str(first["expiry"]) == "2026-03-05"
    events = pl.read_parquet(out / "events.parquet")
    assert events["basket"].to_list() == [1240, 0, 700, 300]
    assert events["kind"].to_list() == ["purchase", "redeem", "purchase", "purchase"]
    rewards = pl.read_parquet(out / "rewards.parquet")
    assert rewards.row(0) == ("five_off", 1, 500, 0, 0, "400")


def test_the_manifest_names_what_is_there(
    loyalty: Command, inputs: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "ledger"
    assert loyalty("replay", *inputs, "--out", out).code == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["format"] == "loyalty.ledger/2"
    assert manifest["as_of"] == "2026-03-20"
    for table in manifest["tables"].values():
        assert sha256((out / table["file"]).read_bytes()).hexdigest() == table["sha256"]


def test_the_ledger_never_replaces_what_was_read(
    loyalty: Command, inputs: tuple[Path, Path], tmp_path: Path
) -> None:
    rules, sales = inputs
    as_table = tmp_path / "postings.parquet"
    pl.read_csv(sales).write_parquet(as_table)
    ran = loyalty("replay", rules, as_table, "--out", tmp_path)
    assert ran.code == 2
    assert "would be written over" in ran.err
