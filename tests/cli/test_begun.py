"""Commands that begin with the members of a ledger."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from toy_shop import SHOP

Command = Callable[..., Any]
SHORT = ("--sample", "300", "--months", "3")
STUDY = """\
study budget {
    program     shop
    months      3
    sample      300 members
    objective   issued over 3 months
    warn        urr <= 1%
    compare     with off.price = 40
}
"""
OTHER = SHOP.replace("program shop", "program market").replace("population people", "population others")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loyalty: Command) -> str:
    """A shop with a ledger of two months, of fifty who buy twice a week and fifty who came once."""
    monkeypatch.chdir(tmp_path)
    Path("shop.loyalty").write_text(SHOP, encoding="utf-8")
    rows = ["member,time,purchase,amount"]
    for day in range(1, 60):
        on = f"2027-{1 if day < 32 else 2:02d}-{day if day < 32 else day - 31:02d}"
        here = [f"m{member}" for member in range(50) if (day + member) % 3 == 0]
        here += [f"s{day}"] if day <= 50 else []
        rows += [f"{member},{on},{member}-{day},30.00" for member in here]
    Path("sales.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert loyalty("replay", "shop.loyalty", "sales.csv", "--out", "ledger").code == 0
    return "shop.loyalty"


def valid(name: str, text: str) -> Any:
    schema = json.loads(files("loyalty_dsl.report").joinpath(f"schemas/{name}.schema.json").read_text())
    document = json.loads(text)
    Draft202012Validator(schema).validate(document)
    return document


def test_a_study_begins_with_a_ledger(loyalty: Command, shop: str) -> None:
    Path("study.loyalty").write_text(STUDY, encoding="utf-8")
    ran = loyalty("simulate", shop, "study.loyalty", "--from", "ledger")
    assert ran.code == 0, ran.err
    assert "1 March 2027 to 31 May 2027" in ran.out
    assert "of the ledger in ledger" in " ".join(ran.out.split())
    document = valid(
        "study", loyalty("simulate", shop, "study.loyalty", "--from", "ledger", "--format", "json").out
    )
    (study,) = document["studies"]
    assert "--from ledger" in study["command"]
    assert any("states.parquet" in name for name in study["inputs"])
    plain = loyalty("simulate", shop, "study.loyalty")
    assert "1 January 2027" in plain.out
    dated = loyalty("simulate", shop, "study.loyalty", "--from", "2027-02-01")
    assert dated.code == 2
    assert "say themselves what --from says" in dated.err


def test_a_study_of_another_program_is_refused(loyalty: Command, shop: str) -> None:
    study = STUDY.replace("program     shop", "program     market")
    Path("study.loyalty").write_text(OTHER + study, encoding="utf-8")
    ran = loyalty("simulate", shop, "study.loyalty", "--from", "ledger")
    assert ran.code == 2
    assert "study `budget` is of `market`, and the ledger in `ledger` of `shop`" in ran.err


def test_a_sweep_and_a_search_begin_with_a_ledger(loyalty: Command, shop: str) -> None:
    arguments = ("--from", "ledger", *SHORT, "--format", "json")
    issued = "issued over 3 months"
    ran = loyalty("sweep", shop, "--vary", "base.give=1, 2", "--outcome", issued, *arguments)
    assert ran.code == 0, ran.err
    document = valid("sweep", ran.out)
    assert "--from ledger" in document["command"]
    first, second = (point["figures"][0] for point in document["points"])
    assert first["difference"] == 0
    assert second["difference"] > 0
    plain = loyalty(
        "sweep", shop, "--vary", "base.give=1, 2", "--outcome", issued, *SHORT, "--format", "json"
    )
    assert plain.out != ran.out
    solved = loyalty(
        "solve", shop, "--vary", "base.give", "--for", f"{issued} >= {first['value'] + 1}", "--between",
        "1..3", *arguments,
    )  # fmt: skip
    assert solved.code == 0, solved.err
    assert valid("solve", solved.out)["inputs"] == document["inputs"]
