"""Conditions behind clauses, and tables in them, on both engines: each figure worked out by hand.

EARN-14, LIMIT-10, REDEEM-8, REDEEM-14, EXP-4.
"""

from pathlib import Path

import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import Engine, run_scenarios

RULES = Path(__file__).with_name("cases_behind_clauses.loyalty")


def checked(text: str) -> Book:
    file, mistakes = parse_file(SourceText(RULES.name, text))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    return book


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_what_is_different_for_some(engine: Engine) -> None:
    for result in run_scenarios(checked(RULES.read_text()), engine):
        assert result.passed, result
