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
