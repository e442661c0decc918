"""What scenarios touch of their rules: told from what the reference did, place by place."""

import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import attrs
import jsonschema
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.cli import run
from loyalty_dsl.report.coverage import percent_of, what_is_missed
from loyalty_dsl.testing.coverage import Coverage, Kind, run_covered
from loyalty_dsl.testing.running import run_scenarios

RULES = """\
program cafe "Cafe" {
    money     USD
    timezone  "UTC"
    starts    2026-01-01 by purchase date

    event purchase {
        shop  one of north, south, east
        cup   yes/no
        refuse when amount < $1 "too small"
    }
    currency points "Points" {
        round   down per rule
        expire  never
    }
    counter spent = spend in calendar year
    tiers status "Status" {
        hold   12 months
        lapse  to the level earned
        level  basic "Basic"
        level  gold  "Gold"  when spent >= $500
    }
    earn base "Base" {
        on    purchase
        give  by shop {
            north   1 point per $1
            south   2 points per $1
            others  nothing
        }
    }
    group extras {
        combine  best of
    }
    earn cup_bonus "Cup" {
        on     purchase where cup
        give   5 points
        limit  10 points per calendar month
    }
    earn twice "Twice" {
        on     purchase where cup
        raise  base to 300% of base
        limit  1 time per calendar year
        in     extras
    }
    reward five_off "$5 off" {
        price    100 points
        give     $5 off in full
        limit    1 time per calendar day
    }
}
"""

FIRST = """\
scenario "north" for cafe {
    on      2026-01-02 purchase $10.00 with shop north, cup no
    expect  10 points
}
"""


@pytest.fixture
def covered(tmp_path: Path) -> Callable[..., Coverage]:
    """The coverage of the cafe's rules by some scenarios."""

    def cover(*scenarios: str) -> Coverage:
        path = tmp_path / "cafe.loyalty"
        path.write_text(RULES + "\n".join(scenarios))
        results, coverage = run_covered(pipeline.load(path))
        assert all(result.passed for result in results)
        return coverage

    return cover


def missed(coverage: Coverage) -> list[tuple[str, str, int]]:
    return [(part.kind.name, part.owner, part.span.line) for part in coverage.missed]


def test_what_one_purchase_touches(covered: Callable[..., Coverage]) -> None:
    coverage = covered(FIRST)
    assert missed(coverage) == [
        ("GATE", "too small", 9),
        ("LEVEL", "Gold of Status", 20),
        ("ROW", "Base", 26),
        ("ROW", "Base", 27),
        ("RULE", "Cup", 33),
        ("LIMIT", "Cup", 36),
        ("RULE", "Twice", 38),
        ("LIMIT", "Twice", 41),
        ("REWARD", "$5 off", 44),
        ("LIMIT", "$5 off", 47),
    ]
    assert coverage.of_kind(Kind.ROW) == (1, 3)
    assert coverage.share == Fraction(2, 12)
    assert percent_of(coverage) == "16%"


def test_a_limit_has_to_cut(covered: Callable[..., Coverage]) -> None:
    once = """\
scenario "a cup" for cafe {
    on      2026-01-02 purchase $10.00 with shop east, cup yes
    expect  5 points
}
"""
    words = [what_is_missed(covered(once), part) for part in covered(once).missed]
    assert "limit 10 points per calendar month (Cup): counted, but never reached" in words
    assert "limit 1 time per calendar day ($5 off): nothing counts against it" in words
    assert "row 1 of Base, 1 point per $1: never the one that counts" in words
    more = "    on      2026-01-03 purchase $10.00 with shop east, cup yes\n"
    third = once.replace("    expect  5", f"{more}{more}    expect  10")
    assert ("LIMIT", "Cup", 36) not in missed(covered(third))


def test_a_limit_that_keeps_a_rule_from_being_chosen_has_cut(covered: Callable[..., Coverage]) -> None:
    twice = """\
scenario "twice, once a year" for cafe {
    on      2026-01-02 purchase $10.00 with shop north, cup yes
    expect  earned 35 points
    on      2026-02-02 purchase $10.00 with shop north, cup yes
    expect  earned 15 points
}
"""
    assert ("LIMIT", "Twice", 41) not in missed(covered(twice))


def test_everything_can_be_touched(covered: Callable[..., Coverage]) -> None:
    coverage = covered(
        """\
scenario "all of it" for cafe {
    given   1,000 points earned 2026-01-01
    on      2026-01-02 purchase $0.50 with shop north, cup no
    expect  refused
    on      2026-01-02 purchase $600.00 with shop north, cup yes
    expect  earned 1,805 points
    on      2026-01-03 purchase $10.00 with shop south, cup yes
    expect  earned 25 points
    on      2026-01-04 purchase $10.00 with shop east, cup yes
    expect  earned 0 points
    on      2026-01-05 purchase $20.00 redeeming five_off with shop north, cup no
    expect  $5.00 off
    on      2026-01-05 purchase $20.00 redeeming five_off with shop north, cup no
    expect  refused
}
"""
    )
    assert (missed(coverage), coverage.share) == ([], 1)


@pytest.mark.parametrize("name", ["hilton", "challenges", "prime", "hp_channel"])
def test_results_are_those_of_a_plain_run(repository: Path, name: str) -> None:
    book = pipeline.load(repository / "programs" / f"{name}.loyalty")
    assert run_covered(book)[0] == run_scenarios(book)


def test_a_limit_of_the_recipient_has_cut(repository: Path) -> None:
    book = pipeline.load(repository / "programs" / "hilton.loyalty")
    whole = run_covered(book)[1]
    some = tuple(each for each in book.scenarios if "come into a pool" not in each.title)
    without = run_covered(attrs.evolve(book, scenarios=some))[1]
    assert missed(whole) == []
    assert [what_is_missed(without, part).split(" points")[0] for part in without.missed] == [
        "limit 2,000,000"
    ]


def test_the_shipped_programs_are_wholly_covered(repository: Path) -> None:
    assert missed(run_covered(pipeline.load(repository / "programs"))[1]) == []


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cafe.loyalty"
    path.write_text(RULES + FIRST)
    assert run(["test", str(path), "--coverage"]) == 0
    out = capfd.readouterr().out
    assert "coverage 16%: 2 of 12 parts of the rules are touched\n  rules " in out
    assert f"  {path}:20  level Gold of Status: never reached\n" in out
    assert run(["test", str(path), "--threshold", "16%", "--format", "json"]) == 0
    document = json.loads(capfd.readouterr().out)
    schema = (files("loyalty_dsl.report") / "schemas" / "test.schema.json").read_text()
    jsonschema.validate(document, json.loads(schema))
    assert document["coverage"]["kinds"]["rows of tables"] == {"touched": 1, "parts": 3}
    assert run(["test", str(path), "--threshold", "17"]) == 1
    assert "error: the scenarios touch 16%, and 17% is wanted" in capfd.readouterr().err
    assert run(["test", str(path), "--threshold", "120"]) == 2


def test_no_scenarios_pass_only_where_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "cafe.loyalty"
    path.write_text(RULES)
    assert run(["test", str(path)]) == 1
    assert run(["test", str(path), "--allow-none"]) == 0
    assert run(["test", str(path), "--allow-none", "--threshold", "1%"]) == 1
