"""Multiples, what a member has, awards at events of their own and balances that are kept, on both engines.

EARN-6, MULTIPLE-1, EVENT-4, AWARD-1, EXP-10: each figure worked out by hand.
"""

from pathlib import Path

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.evaluators import Engine
from loyalty_dsl.testing.running import run_scenarios

RULES = Path(__file__).with_name("airline_clauses.loyalty")


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_what_an_airline_says_of_its_miles(engine: Engine) -> None:
    file, mistakes = parse_file(SourceText(RULES.name, RULES.read_text()))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    results = run_scenarios(book, engine)
    assert len(results) == 11
    for result in results:
        assert result.passed, result
