"""`loyalty replay` and `loyalty simulate` as a user meets them."""

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest

import loyalty_dsl
from loyalty_dsl.pipeline import load

Command = Callable[..., Any]

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward five_off {
        price  10 points
        give   $5 off in full
        cost   $5.00 assumed
    }
}
"""
PEOPLE = """\
population locals for corner {
    start  200 members
    segment all 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
        redeem     40% when a reward is affordable
    }
}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.loyalty"
    path.write_text(RULES)
    return path


def rows(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join(("member,time,purchase,amount,kind,reward", *lines)) + "\n")
    return path


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_the_complete_journey_gives_the_known_ledger(loyalty: Command, repository: Path, engine: str) -> None:
    ran = loyalty(
        "replay",
        repository / "programs/grocery_points.loyalty",
        repository / "programs/data/complete_journey_baskets.parquet",
        *("--engine", engine, "--format", "json"),
    )
    assert (ran.code, ran.err) == (0, "")
    points = json.loads(ran.out)["currencies"]["points"]
    assert points == {
        "issued": 4519934,
        "redeemed": 3718000,
        "expired": 210169,
        "reversed": 0,
        "pending": 0,
        "outstanding": 591765,
    }


def test_json_holds_what_its_schema_says(loyalty: Command, rules: Path, tmp_path: Path) -> None:
    path = rows(
        tmp_path, "ann,2026-01-02,1,8,purchase,", "ann,2026-01-03,2,,redeem,five_off", "ann,x,3,8,purchase,"
    )
    ran = loyalty("replay", rules, path, "--quarantine", tmp_path / "bad.csv", "--format", "json")
    schema = json.loads((files("loyalty_dsl") / "report/schemas/replay.schema.json").read_text())
    jsonschema.validate(json.loads(ran.out), schema)


def test_points_that_never_expire_give_the_other_known_ledger(
    loyalty: Command, repository: Path, tmp_path: Path
) -> None:
    text = (repository / "programs/grocery_points.loyalty").read_text()
    edited = tmp_path / "never.loyalty"
    edited.write_text(text[: text.index("\nscenario")].replace("180 days after earning", "never"))
    data = repository / "programs/data/complete_journey_baskets.parquet"
    points = json.loads(loyalty("replay", edited, data, "--format", "json").out)["currencies"]["points"]
    assert (points["redeemed"], points["expired"], points["outstanding"]) == (3863000, 0, 656934)


def test_bad_rows_refuse_the_file_with_counts_and_row_numbers(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    path = rows(
        tmp_path, "ann,2026-01-02,1,5,purchase,", "bob,2026-01-02,1,-5,purchase,", "bob,x,2,5,purchase,"
    )
    ran = loyalty("replay", rules, path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: 2 of 3 rows of `{path}` cannot be used")
    assert "1 x `amount` is negative: row 2 (`-5`)" in ran.err
    assert "(`x`)" in ran.err
    assert "--quarantine FILE" in ran.err


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_reward_that_cannot_be_paid_is_a_bad_row_of_its_own(
    loyalty: Command, rules: Path, tmp_path: Path, engine: str
) -> None:
    path = rows(
        tmp_path,
        "ann,2026-01-02,1,25,purchase,",
        "ann,2026-01-03,2,8,purchase,",
        "ann,2026-01-03,2,,redeem,five_off",
    )
    paid = loyalty("replay", rules, path, "--engine", engine, "--format", "json")
    assert json.loads(paid.out)["currencies"]["points"]["redeemed"] == 10

    path = rows(
        tmp_path,
        "ann,2026-01-02,1,8,purchase,",
        "ann,2026-01-03,2,8,purchase,",
        "ann,2026-01-03,2,,redeem,five_off",
    )
    refused = loyalty("replay", rules, path, "--engine", engine)
    assert refused.code == 2
    assert "row 3" in refused.err

    aside = loyalty(
        "replay", rules, path, "--engine", engine, "--quarantine", tmp_path / "bad.csv", "--format", "json"
    )
    assert aside.code == 0
    found = json.loads(aside.out)
    assert found["currencies"]["points"]["issued"] == 16
    assert (found["rows"], found["refused"]["first"][0]["row"]) == (2, 3)
    assert (tmp_path / "bad.csv").read_text().splitlines()[1].startswith('3,"`five_off` is refused: ')


def test_a_quarantine_that_cannot_be_written_is_one_line(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    path = rows(tmp_path, "ann,2026-01-02,1,x,purchase,")
    ran = loyalty("replay", rules, path, "--quarantine", tmp_path / "no" / "bad.csv")
    assert ran.code == 2
    assert ran.err.count("\n") == 1


def test_rules_with_errors_are_shown_and_nothing_is_run(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    rules.write_text(RULES.replace("1 point", "1 pont"))
    ran = loyalty("replay", rules, rows(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "error[L" in ran.err
    assert "nothing was run" in ran.err


def test_where_there_are_several_programs_one_is_asked_for(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    rules.write_text(RULES + RULES.replace("program corner", "program other"))
    path = rows(tmp_path, "ann,2026-01-02,1,25,purchase,")
    ran = loyalty("replay", rules, path)
    assert ran.code == 2
    assert "there are 2 programs" in ran.err
    assert "--program corner" in ran.err
    assert loyalty("replay", rules, path, "--program", "other").code == 0
    assert "did you mean `other`?" in loyalty("replay", rules, path, "--program", "othr").err


def test_the_ledger_of_each_member_is_a_frame(rules: Path, tmp_path: Path) -> None:
    path = rows(tmp_path, "bob,2026-01-02,1,25,purchase,", "ann,2026-01-03,1,8,purchase,")
    ledger = loyalty_dsl.replay(load(rules), path).ledger
    assert ledger.columns == [
        "member",
        "currency",
        "issued",
        "redeemed",
        "expired",
        "reversed",
        "pending",
        "outstanding",
    ]
    assert ledger.rows() == [("bob", "points", 25, 0, 0, 0, 0, 25), ("ann", "points", 8, 0, 0, 0, 0, 8)]


def test_a_ledger_in_money_is_decimal(tmp_path: Path) -> None:
    text = RULES[: RULES.index("    reward")].replace('points "Points" {', 'credit "Credit" in money {')
    (tmp_path / "money.loyalty").write_text(
        text.replace("1 point per whole $1", "5% of basket as credit") + "}\n"
    )
    path = rows(tmp_path, "bob,2026-01-02,1,25.50,purchase,")
    ledger = loyalty_dsl.replay(load(tmp_path / "money.loyalty"), path).ledger
    assert ledger["issued"].dtype == pl.Decimal(38, 2)
    assert str(ledger["issued"][0]) == "1.27"


# ---- returns, friends, status

STATUS = """\
program club "Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    member { card  yes/no }
    currency points "Points" {
        round   down per rule
        expire  never
    }
    counter year_spend "Spend" = spend in calendar year
    tiers status "Status" {
        hold   through end of calendar year plus 1 year
        level  plain  "Plain"
        level  gold   "Gold"  when year_spend >= $100 or card
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    referral friends {
        on    first purchase by friend kept 14 days
        give  50 points
    }
    returns { balance goes negative }
}
"""
LIVES = (
    "member,time,purchase,amount,kind,returns,referrer,card",
    "ann,2026-01-02,a1,120.00,purchase,,,",
    "ann,2026-01-03,a2,30.00,return,a1,,",
    "bob,2026-01-05,b1,20.00,purchase,,ann,",
    "bob,2026-01-06,b2,,return,b1,,",
    "cid,2026-01-05,c1,40.50,purchase,,ann,yes",
    "cid,2026-01-30,c2,5.00,purchase,,,",
)


def lives(folder: Path, *lines: str) -> Path:
    path = folder / "lives.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_returns_friends_and_status_come_out(loyalty: Command, tmp_path: Path, engine: str) -> None:
    club, path = tmp_path / "club.loyalty", lives(tmp_path, *LIVES)
    club.write_text(STATUS)
    ran = loyalty("replay", club, path, "--engine", engine, "--format", "json")
    found = json.loads(ran.out)
    schema = json.loads((files("loyalty_dsl.report.schemas") / "replay.schema.json").read_text())
    jsonschema.validate(found, schema)
    # ann: 120 of which 30 come back, and 50 for cid, as bob sent back what he bought; bob's 20 come back.
    points = found["currencies"]["points"]
    assert (points["issued"], points["reversed"]) == (120 + 50 + 20 + 40 + 5, 50)
    assert (found["returns"], found["tiers"]) == (2, {"status": {"plain": 1, "gold": 2}})
    text = loyalty("replay", club, path, "--engine", engine).out
    assert "6 rows, 6 events, 3 members, 2 returns among them" in text
    assert "Status: Plain 1, Gold 2" in text


def test_the_status_of_each_member_is_a_frame(tmp_path: Path) -> None:
    (tmp_path / "club.loyalty").write_text(STATUS)
    replayed = loyalty_dsl.replay(
        load(tmp_path / "club.loyalty"), lives(tmp_path, *LIVES), engine="reference"
    )
    members = replayed.members
    assert members.columns[:4] == ["member", "status", "status_through", "year_spend"]
    assert members.select("member", "status", pl.col("status_through").cast(pl.String)).rows() == [
        ("ann", "gold", "2027-12-31"),
        ("bob", "plain", None),
        ("cid", "gold", "2027-12-31"),
    ]
    assert [str(spend) for spend in members["year_spend"]] == ["90.00", "0.00", "45.50"]
    assert replayed.ledger["outstanding"].to_list() == [140, 0, 45]


def test_a_program_without_returns_tells_what_a_return_row_needs(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    ran = loyalty("replay", rules, lives(tmp_path, *LIVES[:3]))
    assert ran.code == 2
    assert "row 2 (`return`)" in ran.err
    assert "returns { balance stops at zero }" in " ".join(ran.err.split())


def test_a_program_without_a_currency_is_replayed(loyalty: Command, tmp_path: Path) -> None:
    text = STATUS.replace(STATUS[STATUS.index("    currency") : STATUS.index("    counter")], "")
    (tmp_path / "club.loyalty").write_text(text[: text.index("    earn base")] + "}\n")
    path = lives(tmp_path, "member,time,amount,card", "ann,2026-01-02,5,no")
    ran = loyalty("replay", tmp_path / "club.loyalty", path)
    assert ran.code == 0
    assert "Status: Plain 1, Gold 0" in ran.out
    replayed = loyalty_dsl.replay(load(tmp_path / "club.loyalty"), path)
    assert replayed.ledger.rows() == []
    assert replayed.members["status"].to_list() == ["plain"]


# ---- simulate


def test_a_forecast_is_printed_and_written(loyalty: Command, rules: Path, tmp_path: Path) -> None:
    rules.write_text(RULES + PEOPLE)
    page, tables = tmp_path / "forecast.html", tmp_path / "tables"
    ran = loyalty("simulate", rules, "--months", "3", "--report", page, "--out", tables)
    assert ran.code == 0
    assert "Corner" in ran.out
    assert "\x1b" not in ran.out + ran.err
    assert page.read_text().startswith("<!DOCTYPE html>") or page.read_text().startswith("<!doctype html>")
    assert pl.read_parquet(tables / "monthly.parquet").height == 3


def test_the_same_seed_gives_the_same_figures_however_it_is_split(loyalty: Command, rules: Path) -> None:
    rules.write_text(RULES + PEOPLE)

    def figures(*arguments: object) -> tuple[object, object]:
        found = json.loads(loyalty("simulate", rules, "--months", "6", "--format", "json", *arguments).out)
        return found["currencies"], found["monthly"]

    one = figures("--seed", "7")
    assert figures("--seed", "7", "--threads", "2", "--shards", "5") == one
    assert figures("--seed", "8") != one


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "2025-01-01"], "before `corner` does"),
        (["--population", "loclas"], "did you mean `locals`?"),
        (["--months", "0"], "'--months'"),
        (["--report", "no/such/forecast.html"], "no folder for"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(
    loyalty: Command, rules: Path, arguments: list[str], message: str
) -> None:
    rules.write_text(RULES + PEOPLE)
    ran = loyalty("simulate", rules, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_program_without_a_population_cannot_be_simulated(loyalty: Command, rules: Path) -> None:
    ran = loyalty("simulate", rules)
    assert ran.code == 2
    assert "there is no population" in ran.err


# ---- what is written, and where


def test_inputs_are_hashed_as_they_were_and_the_mapping_is_one(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    path = rows(tmp_path, "ann,2026-01-02,1,8,Sale,", "ann,x,2,8,Sale,")
    mapping = tmp_path / "map.toml"
    mapping.write_text('[values.kind]\nSale = "purchase"\n')
    ran = loyalty(
        "replay", rules, path, "--map", mapping, "--quarantine", tmp_path / "bad.csv", "--format", "json"
    )
    hashes = {str(file): sha256(file.read_bytes()).hexdigest() for file in (rules, path, mapping)}
    assert json.loads(ran.out)["inputs"] == hashes


@pytest.mark.parametrize(
    "name", ["rows.csv", "./rows.csv", "link.csv", "hard.csv", "rules.loyalty", "map.toml"]
)
def test_the_quarantine_never_replaces_what_is_read(
    loyalty: Command, rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = rows(tmp_path, "ann,2026-01-02,1,8,purchase,", "ann,x,2,8,purchase,")
    (tmp_path / "map.toml").write_text("")
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "hard.csv").hardlink_to(path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    ran = loyalty("replay", rules, path, "--map", "map.toml", "--quarantine", name)
    assert (ran.code, ran.out) == (2, "")
    assert f"`{Path(name)}` would be written over" in ran.err
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("option", "target", "message"),
    [
        ("--report", "rules.loyalty", "would be written over"),
        ("--report", "folder", "is a folder"),
        ("--report", "rules.loyalty/page.html", "no folder for"),
        ("--out", "rules.loyalty", "is a file"),
        ("--out", "rules.loyalty/tables", "is a file"),
        ("--out", "folder", "would be written over"),
    ],
)
def test_a_forecast_never_replaces_its_rules_and_targets_are_checked_first(
    loyalty: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    option: str,
    target: str,
    message: str,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was simulated before its targets were checked")

    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "rules.loyalty").write_text(RULES)
    (tmp_path / "folder/monthly.parquet").write_text(PEOPLE)
    monkeypatch.setattr("loyalty_dsl.pipeline.simulate", never)
    ran = loyalty("simulate", "rules.loyalty", "folder/monthly.parquet", option, target)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert (tmp_path / "rules.loyalty").read_text() == RULES
    assert (tmp_path / "folder/monthly.parquet").read_text() == PEOPLE


# ---- in words


def test_programs_and_transactions_that_change_places_are_told(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    path = rows(tmp_path, "ann,2026-01-02,1,8,purchase,")
    ran = loyalty("replay", path, rules)
    assert ran.code == 2
    assert "holds rules, not transactions" in ran.err
    assert f"loyalty replay {rules} {path}" in ran.err


def test_a_file_without_rows_is_told(loyalty: Command, rules: Path, tmp_path: Path) -> None:
    path = rows(tmp_path)
    ran = loyalty("replay", rules, path)
    assert (ran.code, ran.err) == (0, f"warning: no rows of `{path}` were used\n")


def test_refused_events_make_no_member(loyalty: Command, rules: Path, tmp_path: Path) -> None:
    path = rows(
        tmp_path,
        "ann,2026-01-02,1,8,purchase,",
        "ann,2026-01-02,1,,redeem,five_off",
        "ann,2026-01-03,,,join,",
        "bob,2026-01-03,,,redeem,five_off",
    )
    ran = loyalty("replay", rules, path, "--quarantine", tmp_path / "bad.csv", "--format", "json")
    found = json.loads(ran.out)
    assert (found["rows"], found["events"], found["members"], found["refused"]["count"]) == (1, 1, 1, 3)


def test_a_damaged_file_is_one_line(loyalty: Command, repository: Path, tmp_path: Path) -> None:
    whole = (repository / "programs/data/complete_journey_items_500.parquet").read_bytes()
    rules = repository / "programs/grocery_points.loyalty"
    path = tmp_path / "rows.parquet"
    for place in range(100, len(whole), len(whole) // 4):
        path.write_bytes(whole[:place] + b"\x99" * 64 + whole[place + 64 :])
        ran = loyalty("replay", rules, path)
        assert ran.code == 0 or ran.err.startswith("error: ")
        assert "panicked" not in ran.err


@pytest.mark.parametrize("command", ["test", "simulate", "replay"])
def test_errors_in_rules_are_json_where_json_is_wanted(
    loyalty: Command, rules: Path, tmp_path: Path, command: str
) -> None:
    rules.write_text(RULES.replace("1 point", "1 pont"))
    data = [rows(tmp_path)] if command == "replay" else []
    ran = loyalty(command, rules, *data, "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out) == json.loads(loyalty("check", rules, "--format", "json").out)
    assert "nothing was run" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "1/1/2026"], "`1/1/2026` is not a date such as 2026-01-31"),
        (["--from", "20260131"], "is not a date"),
        (["--from", "2026-02-30"], "is not a date"),
        (["--sample", "many"], "`many` is not a whole number such as 12"),
        (["--sample", "0"], "0 is not between 1 and 1,000,000,000"),
        (["--sample", "9" * 20], "is not a whole number"),
        (["--seed", "-1"], "-1 is not between 0 and"),
        (["--threads", "2.5"], "`2.5` is not a whole number"),
    ],
)
def test_a_number_or_a_date_is_asked_for_in_words(
    loyalty: Command, rules: Path, arguments: list[str], message: str
) -> None:
    ran = loyalty("simulate", rules, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.parametrize(
    "lines", [["ann,2026-01-02,1,200", "bob,2026-01-02,6"], ["bob,2026-01-02,6", "ann,2026-01-02,5,"]]
)
def test_a_line_with_a_cell_too_many_is_set_aside_whole_and_stays_refused(
    loyalty: Command, rules: Path, tmp_path: Path, lines: list[str]
) -> None:
    sales, aside = tmp_path / "sales.csv", tmp_path / "aside.csv"
    sales.write_text("\n".join(["member,time,amount", *lines]))
    assert loyalty("replay", rules, sales, "--quarantine", aside).code == 0
    (held,) = pl.read_csv(aside).rows(named=True)
    assert held["reason"].endswith(next(line for line in lines if line.startswith("ann")))
    assert (held["member"], held["amount"]) == (None, None)
    assert loyalty("replay", rules, aside).code == 2


def test_figures_too_wide_for_the_screen_are_listed_and_never_cut(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    rules.write_text(rules.read_text().replace("1 point per whole $1", "1,000,000,000,000 points"))
    sales = tmp_path / "sales.csv"
    days = (f"ann,2026-01-0{day},5\n" for day in range(1, 8))
    sales.write_text("member,time,amount\n" + "".join(days))
    ran = loyalty("replay", rules, sales)
    assert [line.split() for line in ran.out.splitlines() if "Issued" in line] == [
        ["Issued", "7,000,000,000,000"]
    ]


def test_rows_are_not_set_aside_where_they_would_be_lost(
    loyalty: Command, rules: Path, tmp_path: Path
) -> None:
    sales = rows(tmp_path, "ann,2026-01-02,1,-5,purchase,")
    ran = loyalty("replay", rules, sales, "--quarantine", "/dev/stderr")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: rows cannot be set aside on the standard error")
