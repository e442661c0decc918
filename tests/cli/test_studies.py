"""`loyalty simulate` with studies, and `loyalty track`: exit codes, formats, schemas."""

import json
import shlex
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

Command = Callable[..., Any]

SHOP = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  6 months after earning
        cost    $0.01 assumed
    }

    counter spent = spend in calendar year

    tiers status {
        hold   through end of calendar year
        lapse  to the level earned
        level  basic  "Basic"
        level  gold   "Gold"   when spent >= $300
    }

    earn base "Base" {
        on    purchase
        give  1 point per $1
    }

    reward off "Money off" {
        price  100 points
        give   $1 off in full
        cost   $1.00 assumed
    }
}

population people {
    start  5,000 members

    segment all 100% {
        purchases  3 per month
        basket     median $30 sigma 0.6
        redeem     60% when a reward is affordable
    }
}
"""
STUDY = """\
study launch "Launch | <b> @all" {
    months     3
    sample     400
    compare    with status.gold = $150
    objective  members of gold at month 3
    require    liability at month 3 <= $1M
    warn       purchases over 3 months <= 10
    accept assumed points.cost "a cent"
}
"""
BROKEN = "    require    purchases over 3 months <= 10\n"


def schema(name: str) -> Any:
    return json.loads(files("loyalty_dsl.report").joinpath(f"schemas/{name}.schema.json").read_text())


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Path]:
    def write(more: str) -> Path:
        path = tmp_path / "shop.loyalty"
        path.write_text(SHOP + STUDY.replace("    accept", more + "    accept"), encoding="utf-8")
        return path

    return write


def test_a_study_that_holds_ends_with_0_and_its_objective_first(
    loyalty: Command, rules: Callable[[str], Path]
) -> None:
    ran = loyalty("simulate", rules(""))
    assert ran.code == 0
    text = ran.out
    assert text.index("members of gold at month 3 is") < text.index("holds    require liability")
    assert "against shop with status.gold = $150" in text
    assert "lose Gold" in text
    assert "warning  warn purchases over 3 months <= 10" in text
    assert text.endswith("1 study: 1 of 2 bounds hold, 1 warning\n")


def test_a_check_counts_studies(loyalty: Command, rules: Callable[[str], Path]) -> None:
    path = rules("")
    assert loyalty("check", path).out == "1 file fine: 1 program, 1 population, 1 study\n"
    checked = json.loads(loyalty("check", path, "--format", "json").out)
    jsonschema.validate(checked, schema("check"))
    assert checked["studies"] == ["launch"]


def test_a_broken_bound_ends_with_1_and_its_margin(loyalty: Command, rules: Callable[[str], Path]) -> None:
    ran = loyalty("simulate", rules(BROKEN))
    assert ran.code == 1
    assert "broken   require purchases over 3 months <= 10" in ran.out
    assert "above the 10 that is allowed" in ran.out


def test_json_is_as_its_schema_and_its_command_gives_the_same(
    loyalty: Command, rules: Callable[[str], Path]
) -> None:
    path = rules(BROKEN + "    require    liability at month 3 <= $1M with 95% confidence\n")
    ran = loyalty("simulate", path, "--format", "json")
    assert ran.code == 1
    document = json.loads(ran.out)
    jsonschema.validate(document, schema("study"))
    (study,) = document["studies"]
    assert [gate["verdict"] for gate in study["gates"]] == ["holds", "warning", "broken", "refused"]
    broken = study["gates"][2]
    assert broken["margin"] == 10 - broken["value"] < 0
    assert path.read_text().splitlines()[broken["line"] - 1] == BROKEN.rstrip()
    again = loyalty(*shlex.split(study["command"])[1:], "--format", "json")
    assert again.out == ran.out


def test_annotations_stand_at_the_lines_of_the_gates(loyalty: Command, rules: Callable[[str], Path]) -> None:
    path = rules(BROKEN)
    ran = loyalty("simulate", path, "--format", "github")
    assert ran.code == 1
    lines = ran.out.splitlines()
    text = path.read_text().splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::error"]
    at = text.index(BROKEN.rstrip()) + 1
    assert f"line={at},endLine={at}," in lines[1]
    assert "title=study launch%3A broken::" in lines[1]
    assert "1 study" in ran.err


def test_junit_fails_where_a_required_bound_does(loyalty: Command, rules: Callable[[str], Path]) -> None:
    ran = loyalty("simulate", rules(BROKEN), "--format", "junit")
    assert ran.code == 1
    root = ElementTree.fromstring(ran.out)
    cases = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    assert list(cases) == [
        "objective members of gold at month 3",
        "require liability at month 3 <= $1M",
        "warn purchases over 3 months <= 10",
        "require purchases over 3 months <= 10",
    ]
    assert [name for name, failure in cases.items() if failure is not None] == [
        "require purchases over 3 months <= 10"
    ]


def test_the_comment_leads_with_what_changes_and_hides_nothing(
    loyalty: Command, rules: Callable[[str], Path]
) -> None:
    ran = loyalty("simulate", rules(""), "--format", "markdown")
    assert ran.code == 0
    first = ran.out.splitlines()[0]
    assert first.startswith("### ✅ Launch &#124; &lt;b&gt; &#64;all: liability ")
    assert "members lose Gold" in first
    rows = [line for line in ran.out.splitlines() if line.startswith("| ")]
    assert {row.count("|") for row in rows} == {5}


def test_what_a_study_says_is_not_said_again(loyalty: Command, rules: Callable[[str], Path]) -> None:
    path = rules("")
    others = (("--months", 12), ("--population", "people"), ("--from", "2027-02-01"), ("--basis", "run-off"))
    for option in others:
        ran = loyalty("simulate", path, *option)
        assert ran.code == 2
        assert "--no-studies" in ran.err
    plain = loyalty("simulate", path, "--no-studies", "--months", 2, "--sample", 100)
    assert plain.code == 0
    assert "bounds" not in plain.out
    assert loyalty("simulate", path, "--study", "lunch").code == 2
    assert loyalty("simulate", path, "--no-studies", "--format", "junit").code == 2


def test_a_setting_reaches_the_study(loyalty: Command, rules: Callable[[str], Path]) -> None:
    path = rules("    require    liability at month 3 <= $9,000\n")
    less, more = (
        json.loads(loyalty("simulate", path, "--set", f"base.give={n}", "--format", "json").out)
        for n in (1, 40)
    )
    assert less["passes"]
    assert not more["passes"]


def test_studies_are_set_against_the_files_that_a_change_starts_from(
    loyalty: Command, rules: Callable[[str], Path], tmp_path: Path
) -> None:
    path, before = rules(""), tmp_path / "before"
    before.mkdir()
    (before / "shop.loyalty").write_text(SHOP.replace("spent >= $300", "spent >= $100"))
    ran = loyalty("simulate", path, "--against", before, "--format", "json")
    assert ran.code == 0
    (study,) = json.loads(ran.out)["studies"]
    assert study["compared_with"] == f"shop of {before}"
    assert study["objective"]["difference"] < 0
    assert "lose Gold" in " ".join(study["changes"])
    assert len(study["inputs"]) == 2
    again = loyalty(*shlex.split(study["command"])[1:], "--format", "json")
    assert again.out == ran.out
    same = loyalty("simulate", path, "--against", path, "--format", "markdown")
    assert "nobody receives more or less" in same.out
    assert loyalty("simulate", path, "--no-studies", "--against", before).code == 2


def test_a_program_that_a_change_adds_is_compared_with_nothing(
    loyalty: Command, rules: Callable[[str], Path], tmp_path: Path
) -> None:
    path, before = rules(""), tmp_path / "before.loyalty"
    before.write_text(SHOP.replace("program shop", "program another", 1).split("population")[0])
    alone, ran = (
        json.loads(loyalty("simulate", path, *more, "--format", "json").out)["studies"][0]
        for more in ([], ["--against", before])
    )
    assert (ran["gates"], ran["passes"]) == (alone["gates"], alone["passes"])
    assert ran["changes"] == ["the program is new, there is none to compare with"]
    text = loyalty("simulate", path, "--against", before).out
    assert f"against shop of {before}:\n  the program is new" in text


def test_the_page_and_tables_are_of_the_study(
    loyalty: Command, rules: Callable[[str], Path], tmp_path: Path
) -> None:
    page, tables = tmp_path / "page.html", tmp_path / "tables"
    ran = loyalty("simulate", rules(""), "--report", page, "--out", tables)
    assert ran.code == 0
    assert "Shop" in page.read_text()
    assert json.loads((tables / "manifest.json").read_text())["months"] == 3
    two = rules("")
    two.write_text(two.read_text() + STUDY.replace("study launch", "study other"))
    assert "--study NAME" in loyalty("simulate", two, "--report", page).err


def test_a_study_whose_rules_have_errors_is_annotated(loyalty: Command, rules: Callable[[str], Path]) -> None:
    ran = loyalty("simulate", rules("    require    liabilty <= $4\n"), "--format", "github")
    assert ran.code == 1
    assert ran.out.startswith("::error file=")
    assert "L551" in ran.out


SALES = """\
member,time,purchase,amount
ann,2027-01-05,a1,12.40
bob,2027-01-07,b1,7.00
bob,2027-03-31,b2,3.00
"""


def test_a_ledger_is_tracked(loyalty: Command, rules: Callable[[str], Path], tmp_path: Path) -> None:
    path, sales, ledger = rules(""), tmp_path / "sales.csv", tmp_path / "ledger"
    sales.write_text(SALES)
    assert loyalty("replay", path, sales, "--out", ledger).code == 0
    ran = loyalty("track", path, ledger, "--format", "json")
    assert ran.code == 0
    document = json.loads(ran.out)
    jsonschema.validate(document, schema("track"))
    issued, *_, active = document["series"]
    assert [month["actual"] for month in issued["months"]] == [19, 0, 3]
    assert [month["actual"] for month in active["months"]] == [2, 0, 1]
    assert document["outside"] == document["over"] == ["2027-01", "2027-02", "2027-03"]
    again = loyalty(*shlex.split(document["command"])[1:], "--format", "json")
    assert again.out == ran.out
    text = loyalty("track", path, ledger).out
    assert "3 of the 3 months of the study are over; 3 months outside the band:" in text
    assert "The ledger has 2 members and the forecast is of 5,000" in " ".join(text.split())
    assert loyalty("track", path, tmp_path).code == 2
    assert loyalty("track", path, ledger, "--study", "lanch").code == 2


@pytest.mark.parametrize("name", ["grocery_points", "nordy_club", "bronze_silver_gold"])
def test_the_studies_that_come_with_the_programs_pass(loyalty: Command, repository: Path, name: str) -> None:
    programs = repository / "programs"
    paths = programs / f"{name}.loyalty", programs / "studies" / f"{name}.loyalty"
    ran = loyalty("simulate", *paths, "--sample", 6_000, "--format", "json")
    document = json.loads(ran.out)
    assert ran.code == 0, document["summary"]
    assert document["studies"][0]["accepted"]
