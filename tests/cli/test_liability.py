"""`loyalty liability` and `loyalty backtest`, from a replay on."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from corner_shop import RULES

Command = Callable[..., Any]
NOTES = """\
program notes "Notes" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  never
    }
    currency cash "Cash Notes" in money {
        round   down per rule
        expire  6 months after earning
        cost    $0.50 assumed
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward note {
        price  100 points
        give   $10 cash
        issue  automatically
    }
    reward use_note {
        price  $1 cash per $1 off
        cost   50% of face value
    }
}
"""


def schema(name: str) -> Any:
    text = (files("loyalty_dsl.report") / "schemas" / f"{name}.schema.json").read_text("utf-8")
    return json.loads(text)


def test_the_document_keeps_its_schema_and_ties(loyalty: Command, replayed: tuple[Path, Path]) -> None:
    ran = loyalty("liability", *replayed, "--before", "2026-06-30", "--format", "json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    jsonschema.validate(document, schema("liability"))
    one = document["currencies"]["points"]
    assert one["outstanding"] == one["issued"] - one["redeemed"] - one["lost"]
    assert sum(row["outstanding"] for row in one["ages"]) == one["outstanding"]
    assert one["liability"] == document["liability"] == pytest.approx(one["future"] * 0.04, abs=0.01)
    going, ended = one["bases"]["going_concern"], one["bases"]["run_off"]
    assert (going["future"], going["liability"]) == (one["future"], one["liability"])
    assert 0 < ended["share_of_going_concern"] < 1
    assert ended["future"] <= ended["in_balances_that_cover_a_reward"] <= one["outstanding"]
    assert (
        document["run_off_liability"] == ended["liability"] == pytest.approx(ended["future"] * 0.04, abs=0.01)
    )
    moved = one["bridge"]
    terms = ("opening", "volume", "experience", "assumptions", "cost_per_point")
    assert sum(round(100 * moved[term]) for term in terms) == round(100 * moved["closing"])
    assert moved["closing"] == one["liability"]
    roll = one["roll_forward"]
    classes = {row["class"] for row in roll["rows"]}
    assert classes == {"sale", "marketing"}
    for row in roll["rows"]:
        left = row["opening"] + row["deferred"] - row["recognised"] - row["catch_up"] - row["breakage"]
        assert round(100 * left) == round(100 * row["closing"])
    for name in classes:
        assert round(100 * (roll["current"][name] + roll["non_current"][name])) == round(
            100 * roll["closing"][name]
        )


def test_people_see_the_answer_first(loyalty: Command, replayed: tuple[Path, Path]) -> None:
    ran = loyalty("liability", *replayed, "--before", "2026-06-30")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == "Corner · valued at the end of 30 September 2026"
    assert "is owed to members, at cost" in lines[1]
    for text in ("Why it moved", "Experience: members acted otherwise", "2026-09 sale", "2026-09 marketing"):
        assert text in ran.out


def test_a_bridge_adds_up_as_it_is_printed(loyalty: Command, replayed: tuple[Path, Path]) -> None:
    ran = loyalty("liability", *replayed, "--before", "2026-06-30")
    lines = ran.out.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("At 2026-06-30"))
    *terms, closing = [
        round(100 * float(line.split()[-1].replace("$", "").replace(",", "")))
        for line in lines[first : first + 6]
    ]
    assert sum(terms) == closing != 0


def test_a_page_with_all_charts(loyalty: Command, replayed: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = loyalty("liability", *replayed, "--before", "2026-06-30", "--report", page)
    assert ran.code == 0, ran.err
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 4
    assert "is owed to members, at cost" in text
    assert "if earning stopped." in text
    assert "of revenue is deferred" in text
    assert "<script" not in text
    rose = loyalty("liability", *replayed, "--report", replayed[0])
    assert rose.code == 2
    assert "would be written over" in rose.err


def test_the_journal_of_a_ledger(loyalty: Command, replayed: tuple[Path, Path], tmp_path: Path) -> None:
    text, beans = tmp_path / "journal.csv", tmp_path / "journal.beancount"
    assert loyalty("liability", *replayed, "--journal", text).code == 0
    assert loyalty("liability", *replayed, "--journal", beans).code == 0
    assert text.read_text().startswith(
        "date,entry,class,account,debit,credit,currency,text\n2026-01-31,1,sale,"
    )
    beside = Path(sys.executable).with_name("bean-check")
    checker = str(beside) if beside.exists() else shutil.which("bean-check")
    if checker is None:
        pytest.skip("bean-check is not installed (extra goldens)")
    ran = subprocess.run([checker, beans], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_any_day_can_be_valued_but_only_a_month_end_closed(
    loyalty: Command, replayed: tuple[Path, Path], tmp_path: Path
) -> None:
    document = json.loads(loyalty("liability", *replayed, "--at", "2026-08-17", "--format", "json").out)
    one = document["currencies"]["points"]
    assert one["roll_forward"] is None
    assert "end of one" in one["no_roll_forward"]
    assert one["vintages"][-1]["issued_in"] == "to 2026-08-17"
    ran = loyalty("liability", *replayed, "--at", "2026-08-17", "--journal", tmp_path / "j.csv")
    assert ran.code == 2
    assert "there is no journal to write" in ran.err


@pytest.mark.parametrize("method", ["remote", "accrued cost"])
def test_other_methods(method: str, loyalty: Command, replayed: tuple[Path, Path]) -> None:
    document = json.loads(loyalty("liability", *replayed, "--method", method, "--format", "json").out)
    jsonschema.validate(document, schema("liability"))
    assert document["method"] == method
    rows = document["currencies"]["points"]["roll_forward"]["rows"]
    breakage = sum(row["breakage"] for row in rows if row["class"] == "sale")
    assert (breakage > 0) is (method == "remote")


def test_the_backtest(loyalty: Command, replayed: tuple[Path, Path]) -> None:
    ran = loyalty("backtest", *replayed, "--format", "json")
    document = json.loads(ran.out)
    jsonschema.validate(document, schema("backtest"))
    assert [one["at"] for one in document["valuations"]] == ["2026-03-31", "2026-06-30"]
    for one in document["valuations"]:
        assert one["off"] == pytest.approx(one["expected_by_end"] - one["happened"])
        assert one["off_money"] == pytest.approx(0.04 * one["off"], abs=0.01)
    text = loyalty("backtest", *replayed, "--every", "month")
    assert "2026-08-31" in text.out
    assert "Above 0, too much was set aside" in " ".join(text.out.split())


def test_points_and_the_certificates_they_become_are_both_owed(loyalty: Command, tmp_path: Path) -> None:
    rules, out = tmp_path / "notes.loyalty", tmp_path / "out"
    rules.write_text(NOTES)
    rows = ["member,time,purchase,amount,kind,reward,quantity"]
    for member in range(20):
        for month in range(1, 7):
            rows.append(f"m{member},2026-{month:02}-05,p{member}-{month},{40 + member},purchase,,")
            if month > 3 and member % 2:
                rows.append(f"m{member},2026-{month:02}-06,q{member}-{month},50,purchase,use_note,2")
    path = tmp_path / "sales.csv"
    path.write_text("\n".join(rows) + "\n")
    assert loyalty("replay", rules, path, "--engine", "reference", "--out", out, "--quarantine",
                   tmp_path / "q.csv").code == 0  # fmt: skip
    document = json.loads(loyalty("liability", rules, out, "--format", "json").out)
    jsonschema.validate(document, schema("liability"))
    points, cash = document["currencies"]["points"], document["currencies"]["cash"]
    assert cash["cost_per_unit"] == 0.5
    assert points["cost_per_unit"] == pytest.approx(0.1 * cash["urr"] * 0.5)
    assert document["liability"] == pytest.approx(points["liability"] + cash["liability"])
    assert "not supported yet" in points["no_roll_forward"] or "worth" in points["no_roll_forward"]
    assert "defer nothing of their own" in cash["no_roll_forward"]


def test_what_members_sent_each_other_is_told_and_defers_nothing(loyalty: Command, tmp_path: Path) -> None:
    rules, out = tmp_path / "corner.loyalty", tmp_path / "out"
    gift = "    transfer gift { exchange 10 points for 10 points to recipient }\n"
    rules.write_text(RULES.replace("    reward five_off", gift + "    reward five_off", 1))
    rows = ["member,time,purchase,amount,kind,reward,quantity,recipient"]
    for month in range(1, 10):
        for member in range(12):
            rows.append(f"m{member},2026-{month:02}-05,p{member}-{month},{90 + member},purchase,,,")
            if month > 1 and member % 3 == 0:
                rows.append(f"m{member},2026-{month:02}-06,t{member}-{month},,transfer,gift,40,m{member + 1}")
    path = tmp_path / "sales.csv"
    path.write_text("\n".join(rows) + "\n")
    quarantine = tmp_path / "aside.csv"
    ran = loyalty("replay", rules, path, "--engine", "reference", "--out", out, "--quarantine", quarantine)
    assert ran.code == 0, ran.err
    document = json.loads(loyalty("liability", rules, out, "--format", "json").out)
    jsonschema.validate(document, schema("liability"))
    one = document["currencies"]["points"]
    assert one["outstanding"] == one["issued"] - one["redeemed"] - one["lost"]
    assert one["sent"] == one["received"] > 0
    assert one["roll_forward"] is None and "sent each other points" in one["no_roll_forward"]
    told = " ".join(loyalty("liability", rules, out).out.split())
    assert "Members sent" in told and "what is received counts as issued anew on that day" in told
    ran = loyalty("backtest", rules, out, "--format", "json")
    assert ran.code == 0 and json.loads(ran.out)["valuations"], ran.err


def test_what_is_no_ledger_is_refused(loyalty: Command, replayed: tuple[Path, Path], tmp_path: Path) -> None:
    rules, out = replayed
    other = tmp_path / "other.loyalty"
    other.write_text(RULES.replace("program corner", "program shop"))
    renamed = tmp_path / "renamed.loyalty"
    renamed.write_text(RULES.replace("reward five_off", "reward six_off"))
    spoiled = tmp_path / "spoiled"
    shutil.copytree(out, spoiled)
    (spoiled / "postings.parquet").write_bytes(b"no")
    for arguments, told in (
        ((rules, tmp_path), "holds no ledger"),
        ((other, out), "the ledger is of the program `corner`, not of `shop`"),
        ((renamed, out), "the rule or reward `five_off`"),
        ((rules, spoiled), "is not the file that its manifest names"),
        ((rules, out, "--at", "2026-12-31"), "the ledger ends on 2026-09-30"),
        ((rules, out, "--before", "2026-09-30"), "is not before the day"),
        ((rules, out, "--journal", "x.txt"), "is no journal"),
        (
            (rules, out, "--journal", rules.with_suffix(".csv").parent / "out" / "manifest.json"),
            "is no journal",
        ),
    ):
        ran = loyalty("liability", *arguments)
        assert ran.code == 2, arguments
        assert told in ran.err
        assert "Traceback" not in ran.err


def test_a_ledger_of_one_month_owes_all_that_is_held(loyalty: Command, tmp_path: Path) -> None:
    """Nothing tells yet what is redeemed later, and nothing to come would be no figure to book."""
    rules, sales, out = tmp_path / "corner.loyalty", tmp_path / "sales.csv", tmp_path / "ledger"
    rules.write_text(RULES)
    sales.write_text("member,time,amount\nann,2026-01-05,140.00\nann,2026-01-09,31.00\n")
    assert loyalty("replay", rules, sales, "--out", out).code == 0
    ran = loyalty("liability", rules, out)
    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("Not every cost") or "Too young to value" in ran.out
    assert "It is too early to estimate" in ran.out
    found = json.loads(loyalty("liability", rules, out, "--format", "json").out)["currencies"]["points"]
    assert found["redeemed"] == 100
    assert found["phi"] == 1
    assert found["future"] == found["outstanding"] > 0
