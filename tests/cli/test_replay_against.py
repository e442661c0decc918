"""`loyalty replay --against`: what is told, what is written, and the exit codes."""

import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from loyalty_dsl import cli

REPOSITORY = Path(__file__).parent.parent.parent
RULES = str(REPOSITORY / "programs" / "grocery_points.loyalty")
SALES = str(REPOSITORY / "programs" / "data" / "corner_shop_sales.csv")
LEDGER = str(REPOSITORY / "programs" / "data" / "corner_shop_ledger.csv")


@pytest.fixture
def loyalty(capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["replay", RULES, SALES, "--engine", "reference", *arguments])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def test_every_difference_of_the_sample_is_told(loyalty):
    code, out, _ = loyalty("--against", LEDGER)
    assert code == 1
    assert "ours is 227 points below theirs (4.87%)" in out
    assert "ours 4,435, explained +227, theirs 4,662: 0 unexplained" in out
    assert f"173 earned on 12 January 2026 by `base`, {RULES}:17" in out
    assert (
        "29 amounts of points differ by exactly one unit, and theirs is more each time, each at a basket"
        in out
    )
    assert "that ends in .50 or more: another rounding than ours, `round down per rule`" in out


def test_json_follows_its_schema(loyalty):
    code, out, _ = loyalty("--against", LEDGER, "--format", "json")
    document = json.loads(out)
    schema = json.loads(
        (files("loyalty_dsl.report") / "schemas" / "reconciliation.schema.json").read_text("utf-8")
    )
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    assert code == 1
    assert (
        sum(each["points"] for each in document["causes"]) == document["currencies"]["points"]["difference"]
    )


def test_out_writes_every_difference_and_no_formula(loyalty, tmp_path):
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("member,date,kind,points\n=cmd(),2026-02-01,earned,5\nann,2026-02-01,won,5\n")
    code, _, _ = loyalty("--against", str(ledger), "--out", str(tmp_path / "out"))
    assert code == 1
    table = pl.read_parquet(tmp_path / "out" / "reconciliation.parquet")
    assert table.filter(pl.col("cause") == "unknown member")["member"].to_list() == ["=cmd()"]
    assert "'=cmd()" in (tmp_path / "out" / "reconciliation.csv").read_text()
    assert (tmp_path / "out" / "unreadable.csv").read_text().splitlines()[1].startswith("2,")
    balances = pl.read_parquet(tmp_path / "out" / "reconciliation_members.parquet")
    assert (balances["theirs"] - balances["ours"] == balances["points"]).all()


@pytest.mark.parametrize(("tolerance", "code"), [("209", 1), ("210", 0), ("0", 1)])
def test_a_tolerance_is_of_points_of_a_member(loyalty, tolerance, code):
    assert loyalty("--against", LEDGER, "--tolerance", tolerance)[0] == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tolerance", "5"], "there is nothing to compare with"),
        (["--against", "nowhere.csv"], "there is no file `nowhere.csv`"),
        (["--against", SALES], "no ledger of a shape that is known"),
        (["--against", LEDGER, "--against-format", "plain"], "lacks `member`"),
        (["--against", LEDGER, "--within", "soon"], "not a number of days"),
        (["--against", LEDGER, "--postings", "-"], "cannot hold both"),
        (["--against", LEDGER, "--since", "2030-01-01"], "2030-01-01 is after 2026-05-27"),
    ],
)
def test_what_cannot_be_meant_is_refused(loyalty, arguments, said):
    code, out, err = loyalty(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_what_was_held_before_a_day_is_one_balance_of_each_member(loyalty):
    code, out, _ = loyalty("--against", LEDGER, "--since", "2026-04-01", "--format", "json")
    document = json.loads(out)
    found = {each["cause"]: (each["postings"], each["points"]) for each in document["causes"]}
    assert (code, document["since"]) == (1, "2026-04-01")
    assert found == {
        "only in theirs": (1, 100),
        "other amount, rounding": (4, 4),
        "opening balance": (12, 59),
        "unknown member": (1, 64),
    }


def test_a_ledger_that_is_ours_agrees(tmp_path, capsys):
    postings = tmp_path / "postings.jsonl"
    run = ["replay", RULES, SALES, "--engine", "reference"]
    assert cli.run([*run, "--postings", str(postings)]) == 0
    capsys.readouterr()
    rows = [json.loads(line) for line in postings.read_text().splitlines()]
    ledger = tmp_path / "ledger.csv"
    lines = [f"{r['member']},{r['day']},{r['kind']},{r['units']},{r.get('event', '')}" for r in rows]
    ledger.write_text("member,date,kind,points,event\n" + "\n".join(lines) + "\n")
    assert cli.run([*run, "--against", str(ledger)]) == 0
    assert "12 of 12 members agree to the point" in capsys.readouterr().out
