"""A rule with a chance, as a user meets it: in scenarios, a replay, a simulation and a comparison."""

import json
from collections.abc import Callable
from importlib.resources import files
from math import sqrt
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import loyalty_dsl

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
    currency prizes "Prizes" {
        round   down per rule
        expire  never
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    earn lottery {
        on      purchase where amount >= $5
        give    1 prize
        chance  30%
    }
}
"""
PEOPLE = """\
population locals for corner {
    start  4,000 members
    segment all 100% {
        purchases  2 per month
        basket     median $20 sigma 0.5
    }
}
"""
SCENARIOS = """\
scenario "nothing is left to chance" for corner {
    on      2026-02-01 purchase $10.00
    expect  earned 0 prizes
}
scenario "a win" for corner {
    given   lottery comes up
    on      2026-02-01 purchase $10.00
    expect  earned 1 prize
    on      2026-02-02 purchase $4.00
    expect  earned 0 prizes
}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.loyalty"
    path.write_text(RULES + PEOPLE + SCENARIOS)
    return path


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_a_scenario_says_what_comes_up(loyalty: Command, rules: Path, engine: str) -> None:
    """SCEN-13."""
    assert loyalty("test", rules, "--engine", engine).code == 0
    wrong = rules.read_text().replace("    given   lottery comes up\n", "")
    rules.write_text(wrong)
    ran = loyalty("test", rules, "--engine", engine)
    assert ran.code == 1
    assert "its chance did not come up, as no line says `given lottery comes up`" in " ".join(ran.out.split())


def test_a_replay_has_a_seed(loyalty: Command, rules: Path, tmp_path: Path) -> None:
    """EARN-12: both engines, on any threads, agree on who wins; another seed has other winners."""
    lines = [
        f"m{member},2026-01-{day:02} 10:00,p{member}-{day},8.00" for member in range(50) for day in (3, 9, 27)
    ]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["member,time,purchase,amount", *lines]) + "\n")

    def prizes(*options: str) -> int:
        ran = loyalty("replay", rules, path, "--format", "json", *options)
        assert ran.code == 0, ran.err
        document = json.loads(ran.out)
        schema = files(loyalty_dsl) / "report" / "schemas" / "replay.schema.json"
        jsonschema.validate(document, json.loads(schema.read_text(encoding="utf-8")))
        seeds.append(document["seed"])
        return int(document["currencies"]["prizes"]["issued"])

    seeds: list[int] = []
    first = prizes()
    assert abs(first - 45) < 4 * sqrt(150 * 0.3 * 0.7)
    assert prizes("--engine", "reference", "--seed", "1") == prizes("--threads", "3") == first
    assert len({prizes("--seed", str(seed)) for seed in (2, 3, 4, 5)} | {first}) > 1
    assert seeds == [1, 1, 1, 2, 3, 4, 5]
    assert "luck of seed 9" in loyalty("replay", rules, path, "--seed", "9").out


def test_a_simulation_pays_by_chance(loyalty: Command, rules: Path) -> None:
    """EARN-12: of some 96,000 purchases those of $5 or more, within four standard errors."""
    ran = loyalty(
        "simulate", rules, "--sample", "4000", "--months", "12", "--format", "json", "--threads", "2"
    )
    assert ran.code == 0, ran.err
    by_rule = {rule["name"]: rule for rule in json.loads(ran.out)["rules"]}
    share = by_rule["lottery"]["times"] / by_rule["base"]["times"]
    enough = 0.9972  # of baskets of median $20 and sigma 0.5, ln 4 / 0.5 deviations below
    assert abs(share - 0.3 * enough) < 4 * sqrt(0.3 * 0.7 / by_rule["base"]["times"])


def test_both_versions_have_the_same_luck(loyalty: Command, rules: Path, tmp_path: Path) -> None:
    """EARN-12: another rule changes no win, and a greater chance takes none away."""
    more = "    earn more {\n        on    purchase\n        give  5 points\n    }\n    earn base {"
    new = tmp_path / "new.loyalty"
    options = ("--sample", "2000", "--months", "6", "--format", "json")
    new.write_text(RULES.replace("    earn base {", more))
    ran = loyalty("compare", rules, new, *options)
    assert ran.code == 0, ran.err
    months = json.loads(ran.out)["monthly"]
    prizes = [month["currencies"]["prizes"]["issued"] for month in months]
    assert all(month["old"] > 0 for month in prizes)
    assert {(month["difference"], month["noise"]) for month in prizes} == {(0, 0)}
    new.write_text(RULES.replace("chance  30%", "chance  33%"))
    ran = loyalty("compare", rules, new, *options)
    months = json.loads(ran.out)["monthly"]
    grown = [month["currencies"]["prizes"]["issued"] for month in months]
    assert all(after["old"] == before["old"] for before, after in zip(prizes, grown, strict=True))
    assert all(after["difference"] > 0 for after in grown)
