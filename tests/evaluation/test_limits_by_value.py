"""Limits for each value of a field, on both engines: each figure worked out by hand (LIMIT-11)."""

from pathlib import Path

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.evaluators import Engine
from loyalty_dsl.testing.running import run_scenarios

RULES = Path(__file__).parents[1] / "language" / "good" / "limits_by_value.loyalty"


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_each_value_counts_for_itself(engine: Engine) -> None:
    file, mistakes = parse_file(SourceText(RULES.name, RULES.read_text()))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    for result in run_scenarios(book, engine):
        assert result.passed, result


def test_times_of_a_value_cannot_be_given() -> None:
    """Nobody could say of which value they are."""
    scenario = (
        'scenario "x" for corner_shops {\n    given 1 times visit\n'
        "    on 2025-03-03 purchase $10 with store north, delivered no\n    expect earned 10 points\n}\n"
    )
    file, mistakes = parse_file(SourceText(RULES.name, RULES.read_text() + scenario))
    _, findings = check_book([file], mistakes)
    assert [(each.code, each.help) for each in findings] == [
        ("L190", "write the events themselves, each with its value")
    ]


VERSIONS = """\
program shop version 1 {
    money     USD
    timezone  "America/Chicago"
    starts    2025-01-01 by event date
    event purchase { store one of north, south }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on     purchase
        give   10 points
        limit  1 time per calendar month per store
    }
}
program shop version 2 {
    replaces  version 1 from 2025-06-15 by event date
    money     USD
    timezone  "America/Chicago"
    event purchase { store one of south, harbour, north }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on     purchase
        give   20 points
        limit  1 time per calendar month per store
    }
    earn early {
        on    purchase where time before 09:00
        give  5 points
    }
}
scenario "one a month and store, over the change" for shop version 2 {
    on 2025-06-02 08:00 purchase $10 with store north
    expect earned 10 points
    on 2025-06-16 08:00 purchase $10 with store north
    expect earned 5 points
    on 2025-06-16 10:00 purchase $10 with store south
    expect earned 20 points
    on 2025-06-17 10:00 purchase $10 with store harbour
    expect earned 20 points
    on 2025-06-17 10:30 purchase $10 with store south
    expect earned 0 points
}
"""


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_each_value_is_used_up_together_by_two_versions(engine: Engine) -> None:
    """Its place among the values may change (VERSION-7); the time is asked by one version only (TIME-7)."""
    file, mistakes = parse_file(SourceText("shop.loyalty", VERSIONS))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    assert all(result.passed for result in run_scenarios(book, engine))


def test_a_limit_that_never_binds_is_told_of_once() -> None:
    text = RULES.read_text().replace(
        "1 time per calendar day per store", "9 times per calendar day per store"
    )
    file, mistakes = parse_file(SourceText(RULES.name, text))
    _, findings = check_book([file], mistakes)
    assert [found.code for found in findings] == ["L603"]
