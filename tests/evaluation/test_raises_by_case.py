"""Rates raised by cases, on both engines (EARN-11)."""

from pathlib import Path

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.evaluators import Engine
from loyalty_dsl.testing.running import run_scenarios

RULES = Path(__file__).parents[1] / "language" / "good" / "raises_by_case.loyalty"


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_the_first_line_that_holds_raises(engine: Engine) -> None:
    file, mistakes = parse_file(SourceText(RULES.name, RULES.read_text()))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    assert all(result.passed for result in run_scenarios(book, engine))
