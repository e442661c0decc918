"""`loyalty compare` as a user meets it."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator

Command = Callable[..., Any]

PROGRAMS = Path(__file__).parents[2] / "programs"


@pytest.fixture
def nordy(tmp_path: Path) -> tuple[Path, Path]:
    """The Nordy Club, and a copy with Ambassador from $4,000 instead of $5,000."""
    old = PROGRAMS / "nordy_club.loyalty"
    text = old.read_text(encoding="utf-8")
    before = 'level  ambassador  "Ambassador"  when year_spend >= $5,000'
    assert before in text
    new = tmp_path / "nordy_club_4000.loyalty"
    new.write_text(text.replace(before, before.replace("$5,000", "$4,000")), encoding="utf-8")
    return old, new


def schema() -> Draft202012Validator:
    loaded = json.loads(files("loyalty_dsl.report").joinpath("schemas/compare.schema.json").read_text())
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded)


def test_ambassador_from_four_thousand_dollars(loyalty: Command, nordy: tuple[Path, Path]) -> None:
    ran = loyalty("compare", *nordy, "--sample", "4000", "--months", "12")
    assert ran.code == 0
    assert ran.out.startswith("1 level changed: liability ")
    assert (
        "~ level Ambassador of status\n    when year_spend >= $5,000 -> when year_spend >= $4,000" in ran.out
    )
    assert "Influencer -> Ambassador: " in ran.out
    assert "Just as many members at: Member, Icon" in ran.out
    assert ran.err == ""


def test_a_file_without_a_rule_is_the_old_version(loyalty: Command) -> None:
    nordy = PROGRAMS / "nordy_club.loyalty"
    ran = loyalty("compare", nordy, "--without", "ten_points", "--sample", "200", "--months", "1")
    assert ran.code == 0
    assert ran.out.startswith("1 rule added: liability ")
    assert "nordy_club.loyalty without ten_points ->" in " ".join(ran.out.split())
    refused = loyalty("compare", nordy, "--without", "note", "--set", "points.worth=$0.02")
    assert refused.code == 2
    assert "--without compares one file with itself" in refused.err


def test_the_json_follows_its_schema(loyalty: Command, nordy: tuple[Path, Path]) -> None:
    arguments = ("compare", *nordy, "--sample", "2000", "--months", "6", "--format", "json")
    ran = loyalty(*arguments)
    document = json.loads(ran.out)
    schema().validate(document)
    assert next(iter(document)) == "format"
    assert len(document["monthly"]) == 6
    (change,) = document["changes"]
    assert (change["mark"], change["what"], change["name"]) == ("~", "level", "ambassador")
    outcome = document["everybody"]
    assert outcome["members"] == outcome["gain"] + outcome["lose"] + outcome["same"]
    assert sum(one["members"] for one in document["segments"]) == pytest.approx(outcome["members"], abs=3)
    assert document["liability"] == document["monthly"][-1]["liability"]
    assert loyalty(*arguments).out == ran.out
    assert loyalty(*arguments, "--threads", "1").out == ran.out
    assert not schema().is_valid(document | {"surprise": 1})


def test_a_version_is_compared_with_itself(loyalty: Command, nordy: tuple[Path, Path]) -> None:
    ran = loyalty("compare", nordy[0], nordy[0], "--sample", "500", "--months", "3")
    assert ran.out.startswith("nothing changed: liability $0 [$0, $0] at month 3\n")
    assert "Just as many members at: Member, Influencer, Ambassador, Icon" in ran.out


def test_mistakes_of_either_version_are_told(
    loyalty: Command, nordy: tuple[Path, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.loyalty"
    wrong.write_text(nordy[1].read_text().replace("year_spend >= $500", "year_spent >= $500"))
    ran = loyalty("compare", nordy[0], wrong)
    assert ran.code == 1
    assert "year_spent" in ran.err
    ran = loyalty("compare", nordy[0], wrong, "--format", "json")
    assert json.loads(ran.out)["format"] == "loyalty.check/1"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compare",), "OLD"),
        (("compare", PROGRAMS / "grocery_points.loyalty"), "NEW"),
        (("compare", "no_such.loyalty", "no_such.loyalty"), "no file"),
        (("compare", PROGRAMS / "nordy_club.loyalty", PROGRAMS / "nordy_club.loyalty", "--population", "x"),
         "no population `x`"),
        (("compare", PROGRAMS / "nordy_club.loyalty", PROGRAMS, "--sample", "1"), "programs"),
    ],
)  # fmt: skip
def test_bad_usage_is_told_in_words(loyalty: Command, arguments: tuple[object, ...], told: str) -> None:
    ran = loyalty(*arguments)
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_a_reader_of_one_version_only_has_to_describe_it_for_the_other(
    loyalty: Command, nordy: tuple[Path, Path], tmp_path: Path
) -> None:
    silent = tmp_path / "silent.loyalty"
    text = nordy[1].read_text().replace("personal_bonus_day  yes/no", "bonus_day  yes/no")
    text = text.replace("personal_bonus_day", "bonus_day")
    silent.write_text(text)
    ran = loyalty("compare", nordy[0], silent, "--sample", "100")
    assert ran.code == 1
    assert "does not describe `personal_bonus_day`" in ran.err
    assert "add a line such as `personal_bonus_day " in ran.err


def test_a_number_set_on_the_command_line_is_a_new_version(
    loyalty: Command, nordy: tuple[Path, Path]
) -> None:
    sizes = ("--sample", "1000", "--months", "3", "--format", "json")
    written = json.loads(loyalty("compare", *nordy, *sizes).out)
    ran = loyalty("compare", nordy[0], "--set", "status.ambassador=$4,000", *sizes)
    document = json.loads(ran.out)
    schema().validate(document)
    assert document["monthly"] == written["monthly"]
    assert document["matrices"] == written["matrices"]
    assert document["changes"][0]["details"] == written["changes"][0]["details"]
    assert document["command"].endswith("--set 'status.ambassador=$4,000'")
    assert list(document["inputs"]) == [str(nordy[0])]


def test_one_version_is_not_two(loyalty: Command, nordy: tuple[Path, Path]) -> None:
    assert "a comparison is of two versions" in loyalty("compare", nordy[0]).err
    ran = loyalty("compare", nordy[0], "--set", "join=10")
    assert ran.code == 2
    assert "the same customers in both versions" in ran.err


def test_a_page_and_a_list_of_members(loyalty: Command, nordy: tuple[Path, Path], tmp_path: Path) -> None:
    page, members = tmp_path / "page.html", tmp_path / "members.csv"
    arguments = ("compare", *nordy, "--sample", "1000", "--months", "6", "--format", "json")
    ran = loyalty(*arguments, "--report", page, "--members", members)
    assert ran.code == 0
    document = json.loads(ran.out)
    frame = pl.read_csv(members)
    assert frame.height == 1000
    everybody, weight = document["everybody"], document["weight"]
    assert (frame["difference"] > 0).sum() * weight == pytest.approx(everybody["gain"], abs=1)
    assert (frame["difference"] < 0).sum() * weight == pytest.approx(everybody["lose"], abs=1)
    assert frame["difference"].is_sorted()
    assert frame["new"].sum() * weight == pytest.approx(everybody["value"]["new"], rel=1e-6)
    moved = frame.filter(pl.col("old_status") != pl.col("new_status"))
    assert moved.height * weight == pytest.approx(sum(move["members"] for move in document["moves"]), abs=3)
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 4
    assert "What changes" in text and "Reproduce this" in text
    assert "is no table" in loyalty(*arguments, "--members", tmp_path / "members.txt").err
