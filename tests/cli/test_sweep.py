"""`loyalty sweep` and `loyalty solve` as a user meets them."""

import csv
import json
import shlex
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator
from toy_shop import SHOP

from loyalty_dsl.decisions.sweeping import Study

Command = Callable[..., Any]
SHORT = ("--sample", "400", "--months", "3")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.loyalty").write_text(SHOP, encoding="utf-8")
    return "shop.loyalty"


def valid(name: str, text: str) -> Any:
    schema = json.loads(files("loyalty_dsl.report").joinpath(f"schemas/{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    document = json.loads(text)
    Draft202012Validator(schema).validate(document)
    return document


def test_a_list_of_every_number(loyalty: Command, shop: str) -> None:
    ran = loyalty("sweep", shop, "--list")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert any(line.split() == ["status.gold", "$300", "shop.loyalty:19"] for line in lines)
    assert any(line.split() == ["points.expire", "6", "months", "shop.loyalty:8"] for line in lines)


def test_a_table_of_points(loyalty: Command, shop: str) -> None:
    ran = loyalty("sweep", shop, "--vary", "off.price=50, 100", "--outcome", "reward cost", *SHORT)
    assert ran.code == 0
    head, base, same, dear = ran.out.split("\n\n")[2].splitlines()
    assert head.split() == ["off.price", "reward", "cost", "over", "3", "months", "difference", "noise"]
    assert base.split()[0] == "50" and base.endswith("as it is")
    assert same.split()[2:] == ["none", "±$0.00"]
    assert dear.split()[0] == "100" and dear.split()[2].startswith("-$") and dear.split()[3].startswith("±$")
    assert "same luck" in ran.out and "seed 1" in ran.out
    assert loyalty("sweep", shop, "--vary", "off.price=50, 100", "--outcome", "reward cost", *SHORT) == ran


def test_a_value_that_is_listed_twice_is_simulated_once(
    loyalty: Command, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[object] = []
    run = Study.run

    def counted(study: Study, settings: Any, progress: Any = None) -> Any:
        runs.append(settings)
        return run(study, settings, progress)

    monkeypatch.setattr(Study, "run", counted)
    asked = ("sweep", shop, "--vary", "status.gold=$400, $400.00, $500", "--outcome", "reward cost", *SHORT)
    ran = loyalty(*asked)
    assert [line.split()[0] for line in ran.out.split("\n\n")[2].splitlines()[2:]] == ["$400", "$500"]
    assert len(runs) == 3  # the files as they are, and two values
    runs.clear()
    assert loyalty("sweep", shop, "--tornado", "--vary", "off.price=60", *SHORT).code == 0
    assert len(runs) == 2  # low and high are the same


def test_the_json_of_a_sweep_follows_its_schema(loyalty: Command, shop: str) -> None:
    arguments = ("--vary", "off.price=40..60", "--vary", "status.gold±20%")
    for design in (("--tornado",), ("--design", "latin", "--points", "3")):
        ran = loyalty("sweep", shop, *arguments, *design, *SHORT, "--format", "json")
        document = valid("sweep", ran.out)
        assert len(document["points"]) == (4 if design == ("--tornado",) else 3)
        again = loyalty(*shlex.split(document["command"])[1:], "--format", "json")
        assert json.loads(again.out) == document


def test_a_table_on_the_disk_and_a_page(loyalty: Command, shop: str, tmp_path: Path) -> None:
    common = ("sweep", shop, "--vary", "status.gold=$300, $400", "--outcome", "issued", *SHORT)
    for name in ("points.csv", "points.parquet"):
        assert loyalty(*common, "--out", name, "--report", "page.html").code == 0
    with (tmp_path / "points.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    frame = pl.read_parquet(tmp_path / "points.parquet")
    assert [row["point"] for row in rows] == frame["point"].to_list() == ["base", "1", "2"]
    assert frame["status.gold"].to_list() == [300, 300, 400]
    name = "issued of points over 3 months"
    assert [float(row[name]) for row in rows] == frame[name].to_list()
    assert frame[f"{name}: difference"].to_list()[:2] == [0, 0]
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<svg" in page and "Points issued over 3 months: " in page
    assert "--vary &#x27;status.gold=$300, $400&#x27;" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "a sweep varies at least one number"),
        (("--vary", "off.price=50", "--out", "points.txt"), "`points.txt` is no table"),
        (("--vary", "off.price=50", "--out", "shop.loyalty"), "which is read"),
        (("--vary", "off.price=50", "--points", "3"), "--points is of a Latin hypercube"),
        (("--vary", "off.prise=50"), "did you mean `off.price`?"),
        (("--vary", "off.price+-0%"), "is no step of it"),
        (("--list", "--format", "json"), "--list is for people alone"),
        (("--vary", "off.price=0, 50"), "`off.price=0` is refused: [L310]"),
        (("--vary", "off.price=50", "--outcome", "net value"), "nothing says what sales earn"),
        (("--vary", "off.price=50", "--set", "off.price=$5"), "is money"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    loyalty: Command, shop: str, arguments: tuple[str, ...], message: str
) -> None:
    ran = loyalty("sweep", shop, *arguments, *SHORT)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_an_answer(loyalty: Command, shop: str) -> None:
    arguments = ("solve", shop, "--vary", "off.price", "--for", "reward cost over 3 months <= $1,500", *SHORT)
    ran = loyalty(*arguments)
    assert ran.code == 0
    first, _, around, sure, *_ = ran.out.split("\n\n")
    answer = first.split()[2]
    assert first == f"off.price = {answer} meets reward cost over 3 months <= $1,500"
    assert [line.split()[0] for line in around.splitlines()[1:]][1] == answer
    assert "95 times in 100" in sure or "could be any value" in sure
    document = valid("solve", loyalty(*arguments, "--format", "json").out)
    assert document["answer"]["value"] == answer
    assert document["answer"]["outcome"] <= document["bound"] < document["next"]["outcome"]


def test_no_answer(loyalty: Command, shop: str) -> None:
    ran = loyalty("solve", shop, "--vary", "off.price", "--for", "members >= 1", *SHORT)
    assert (ran.code, ran.out) == (2, "")
    assert "it always meets >= 1" in ran.err and "--between" in ran.err


@pytest.mark.parametrize("command", ["check", "test", "simulate"])
def test_a_number_is_set_on_the_command_line(loyalty: Command, shop: str, command: str) -> None:
    more = SHORT if command == "simulate" else ()
    wrong = loyalty(command, shop, "--set", "off.price=0", *more)
    assert wrong.code == 2
    assert "`off.price=0` is refused: [L310]" in wrong.err


def test_set_changes_what_is_simulated_and_how_it_is_made_again(loyalty: Command, shop: str) -> None:
    plain, changed = (
        json.loads(loyalty("simulate", shop, *SHORT, "--format", "json", *more).out)
        for more in ((), ("--set", "off.price=100"))
    )
    assert plain["inputs"] == changed["inputs"]
    assert plain["liability"] != changed["liability"]
    assert changed["command"].endswith("--set off.price=100")
    again = loyalty(*shlex.split(changed["command"])[1:], "--format", "json")
    assert json.loads(again.out) == changed


def test_a_number_of_what_is_not_simulated_is_refused(loyalty: Command, shop: str, tmp_path: Path) -> None:
    other = SHOP.replace("program shop", "program other").replace(
        "population people", "population others for other"
    )
    (tmp_path / "other.loyalty").write_text(other, encoding="utf-8")
    (tmp_path / shop).write_text(
        SHOP.replace("population people", "population people for shop"), encoding="utf-8"
    )
    files_ = (shop, "other.loyalty", "--population", "people")
    told = "`other.off.price` is a number of other, and shop and people are simulated"
    assert told in loyalty("sweep", *files_, "--vary", "other.off.price=1", *SHORT).err
    assert told in loyalty("solve", *files_, "--vary", "other.off.price", "--for", "urr <= 1%", *SHORT).err
    assert told in loyalty("simulate", *files_, "--set", "other.off.price=1", *SHORT).err
    ran = loyalty("compare", shop, "--set", "shop.off.price=60", *SHORT)
    assert ran.code == 0
    ran = loyalty("sweep", *files_, "--vary", "off.price=50, 60", "--outcome", "urr", *SHORT)
    assert ran.code == 0 and "shop.off.price" in ran.out
