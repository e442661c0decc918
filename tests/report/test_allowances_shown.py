"""What allowances let members use, in statements and in the tables of a replay: the same figures."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

import loyalty_dsl as loyalty
from loyalty_dsl.evaluation.replay import Engine
from loyalty_dsl.report.ledger_tables import write_ledger
from loyalty_dsl.report.replay_json import replay_document
from loyalty_dsl.report.replay_terminal import render_replay
from loyalty_dsl.report.statement_json import statement_document
from loyalty_dsl.report.statement_text import render_statement
from loyalty_dsl.report.style import PLAIN

RULES = """\
program shop "Shop" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    member {
        size  one of small, large, huge
    }
    event survey {
        refuse when year_spend < $10 "buy first"
    }
    currency points "Points" {
        round    down per rule
        expire   never
        pending  1 day
    }
    counter year_spend = spend in calendar year
    tiers status {
        hold   through end of calendar year
        lapse  to the level earned
        level  plain
        level  gold  when year_spend >= $100
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward prize {
        price  2 points
        give   1 prize
    }
    returns { balance goes negative }
    allowance space "Space" {
        give by size {
            small   5 megabytes per point up to 50 megabytes
            others  10 megabytes per point
        }
        give by status {
            plain  1 megabytes per point
            gold   2 megabytes per point
        }
    }
    allowance calls { give 2 calls per point }
}
"""
ROWS = """\
member,time,purchase,amount,kind,reward,returns,size
ann,2026-01-02,a1,9.00,purchase,,,small
ann,2026-01-03,a2,,redeem,prize,,huge
bob,2026-01-02,b1,4.00,purchase,,,large
bob,2026-01-03,b2,,survey,,,small
cyd,2026-01-02,c1,150.00,purchase,,,small
cyd,2026-01-03,c2,,survey,,,huge
dan,2026-01-02,d1,20.00,purchase,,,large
dan,2026-01-04,d2,,redeem,prize,,
dan,2026-01-05,d3,20.00,return,,d1,
eve,2026-01-05,e1,30.00,purchase,,,huge
eve,2026-01-05,e2,,redeem,prize,,small
fay,2026-01-04,f1,1.00,purchase,,,large
fay,2026-01-05,f2,,redeem,prize,,small
"""
SPACE = {"ann": 7 * 11, "bob": 4 * 11, "cyd": 150 * 12, "dan": 0, "eve": 0, "fay": 11}


def schema(name: str) -> Any:
    return json.loads((files("loyalty_dsl.report") / "schemas" / f"{name}.schema.json").read_text("utf-8"))


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_tables_and_statements_say_what_each_member_may_use(tmp_path: Path, engine: Engine) -> None:
    """ALLOW-1; what a refused event says of its member does not count (EVENT-2): bob stays large, as does
    fay, whose prize cannot be paid."""
    rules, rows, aside = tmp_path / "shop.loyalty", tmp_path / "rows.csv", tmp_path / "aside.csv"
    rules.write_text(RULES)
    rows.write_text(ROWS)
    book = loyalty.load(rules)
    (program,) = book.programs
    replayed = loyalty.replay(book, rows, engine=engine, quarantine=aside, with_postings=True)
    assert dict(replayed.members.select("member", "space").iter_rows()) == SPACE
    usable = {"space": sum(SPACE.values()), "calls": 2 * (7 + 4 + 150 + 1)}
    document = replay_document(replayed.figures)
    jsonschema.validate(document, schema("replay"))
    assert {name: its["units"] for name, its in document["allowances"].items()} == usable
    assert (
        f"Space: {usable['space']:,} megabytes in all" in render_replay(replayed.figures, PLAIN).splitlines()
    )
    written = write_ledger(replayed.result, replayed.figures, tmp_path / "out")
    assert isinstance(written, tuple)
    table = pl.read_parquet(tmp_path / "out" / "allowances.parquet")
    for member, units in SPACE.items():
        stated = loyalty.statement(book, rows, member)
        its = statement_document(program, stated)
        jsonschema.validate(its, schema("statement"))
        own = table.filter(pl.col("member") == member)
        assert its["allowances"]["space"] == {"units": units, "unit": "megabytes"}
        assert {name: each["units"] for name, each in its["allowances"].items()} == dict(
            own.select("allowance", "units").iter_rows()
        )
        shown = render_statement(program, stated, PLAIN).splitlines()
        assert shown[shown.index("Space") + 1] == f"  {units:,} megabytes"
