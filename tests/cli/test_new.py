"""`loyalty new`: every template is a program that checks, tests and forecasts, under a name of one's own."""

import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import loyalty_dsl
from loyalty_dsl.templates.filling import TEMPLATES, fill_template

Command = Callable[..., Any]
FOLDER = Path(loyalty_dsl.__file__).parent / "templates"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_template_lies_in_the_folder_with_its_study() -> None:
    files = {path.name for path in FOLDER.glob("*.loyalty")}
    assert files == {f"{name}{end}.loyalty" for name in TEMPLATES for end in ("", "_study")}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_checks_tests_and_keeps_its_bounds(template: str, loyalty: Command) -> None:
    written = loyalty("new", "tea_time", "--template", template, "--money", "GBP", "--label", "Tea & Co")
    assert written.code == 0
    rules, study = "tea_time.loyalty", "tea_time_study.loyalty"
    checked = loyalty("check", rules, study, "--format", "json")
    assert '"diagnostics": []' in checked.out
    assert loyalty("fmt", "--check", rules, study).code == 0
    tested = loyalty("test", "--quiet", "--threshold", "100%", rules)
    assert tested.code == 0, tested.out
    text = Path(rules).read_text() + Path(study).read_text()
    assert not re.search(r"my_program|My Program|\$|dollar|USD", text)
    ran = loyalty("simulate", rules, study, "--sample", "500")
    assert "loyalty simulate tea_time.loyalty tea_time_study.loyalty" in text
    assert ran.code == 0, ran.out + ran.err


@pytest.mark.parametrize("template", TEMPLATES)
def test_guesses_are_marked_and_notes_stand_in_every_block(template: str) -> None:
    rules, study = fill_template(template, "shop")
    assert "assumed" in rules.text
    assert rules.text.count("#") >= 15
    assert study.text.count("#") >= 5


def test_the_commands_that_it_names_work(loyalty: Command) -> None:
    printed = loyalty("new", "corner_shop", "-o", "clubs of mine/new").out
    commands = [shlex.split(line)[1:] for line in printed.splitlines() if line.startswith("  loyalty ")]
    assert [words[0] for words in commands] == ["check", "test", "simulate"]
    commands[2] += ["--sample", "200", "--months", "3"]
    assert all(loyalty(*words).code == 0 for words in commands)
    assert Path("clubs of mine/new/corner_shop.html").exists()


def test_nothing_is_written_over_unless_forced(loyalty: Command, tmp_path: Path) -> None:
    mine = tmp_path / "shop_study.loyalty"
    mine.write_text("mine")
    refused = loyalty("new", "shop")
    assert refused.code == 2
    assert "`shop_study.loyalty` is there already" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
    assert mine.read_text() == "mine"
    assert loyalty("new", "shop", "--force").code == 0
    assert "study shop_budget" in mine.read_text()


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["Corner Shop"], "cannot name a program", "`loyalty new corner_shop --label 'Corner Shop'`"),
        (["Bäckerei 24"], "cannot name a program", "`loyalty new backerei_24 --label 'Bäckerei 24'`"),
        (["../shop"], "cannot name a program", "`loyalty new shop"),
        (["24"], "cannot name a program", "such as corner_shop"),
        (["for"], "a word of the language", "for_club"),
        (["a" * 41], "too long", "--label"),
        (["shop", "--label", 'a "b'], "cannot be a label", 'without `"`'),
        (["shop", "--label", "a\nprogram b {"], "cannot be a label", "a line of text"),
        (["shop", "--money", "GPB"], "`GPB`", "did you mean `GBP`?"),
        (["shop", "--timezone", "Europe/Londn"], "no time zone", "did you mean `Europe/London`?"),
        (["shop", "--template", "tierd"], "no template `tierd`", "did you mean `tiered`?"),
        ([], "needs a name", "loyalty new corner_shop"),
    ],
)
def test_what_cannot_stand_in_a_program_is_refused(
    words: list[str], message: str, hint: str, loyalty: Command, tmp_path: Path
) -> None:
    ran = loyalty("new", *words)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert hint in ran.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_filled_in_is_filled_in_once() -> None:
    rules, _ = fill_template("points", "shop", label="my_program at $5 a dollar", money="EUR")
    assert 'program shop "my_program at $5 a dollar" {' in rules.text


def test_the_list_has_every_template(loyalty: Command) -> None:
    assert [line.split()[0] for line in loyalty("new", "--list").out.splitlines()] == list(TEMPLATES)


def test_machines_are_told_the_same(loyalty: Command) -> None:
    schema = json.loads(loyalty("schema", "new").out)
    made = json.loads(loyalty("new", "shop", "--format", "json").out)
    listed = json.loads(loyalty("new", "--list", "--format", "json").out)
    for document in (made, listed):
        jsonschema.validate(document, schema)
    assert [file["path"] for file in made["files"]] == ["shop.loyalty", "shop_study.loyalty"]
    assert made["next"][0] == "loyalty check shop.loyalty"
    assert [template["name"] for template in listed["templates"]] == list(TEMPLATES)


def test_a_source_is_guessed_for_a_file(loyalty: Command) -> None:
    Path("sales.csv").write_text("Customer,Date,Total\nann,2019-03-01,12.00\nbob,2019-04-01,$3.00\n")
    written = loyalty("new", "tea_time", "--from", "sales.csv")
    assert written.code == 0, written.err
    assert "tea_time_source.loyalty: a source for a table of purchases" in written.out
    assert "starts    2019-01-01 by" in Path("tea_time.loyalty").read_text()
    replay = next(line for line in written.out.splitlines() if line.startswith("  loyalty replay"))
    ran = loyalty(*shlex.split(replay)[1:], "--engine", "reference", "--format", "json")
    assert ran.code == 0, ran.err
    assert '"name": "tea_time_export"' in ran.out
    assert loyalty("check", "--strict", ".").code == 0
    refused = loyalty("new", "tea_house", "--from", "nothing.csv")
    assert (refused.code, list(Path().glob("tea_house*"))) == (2, [])


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "Factory"])
def test_a_zone_that_is_no_place_is_refused_as_such(loyalty: Command, zone: str) -> None:
    ran = loyalty("new", "shop", "--timezone", zone)
    assert ran.code == 2
    assert f"there is no time zone `{zone}`" in ran.err


def test_what_is_no_file_is_never_replaced(loyalty: Command, empty_folder: Path) -> None:
    os.mkfifo(empty_folder / "shop.loyalty")
    ran = loyalty("new", "shop", "--force")
    assert ran.code == 2
    assert "is no file, and is not replaced" in ran.err
    assert not list(empty_folder.glob("shop_study*"))


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("A,A", "1,2", "no column of `sales.csv` has a name of its own"),
        (",,", "1,2,3", "no column of `sales.csv` has a name of its own"),
        ("Order,Émail", "1,é", "is not text in UTF-8"),
    ],
)
def test_a_file_without_columns_to_name_is_refused(
    loyalty: Command, empty_folder: Path, header: str, row: str, told: str
) -> None:
    (empty_folder / "sales.csv").write_bytes(f"{header}\n{row}\n".encode("latin-1"))
    ran = loyalty("new", "shop", "--from", "sales.csv")
    assert ran.code == 2
    assert told in ran.err


def test_a_year_that_nobody_meant_does_not_begin_a_program(loyalty: Command, empty_folder: Path) -> None:
    (empty_folder / "sales.csv").write_text(
        "Order,Email,Date,Total\n1,a@x,0001-01-01,5.00\n2,a@x,2024-03-01,5.00\n"
    )
    assert loyalty("new", "shop", "--from", "sales.csv").code == 0
    assert "starts    2024-01-01" in (empty_folder / "shop.loyalty").read_text()
