"""What counters carry, and count at most, on both engines: each figure worked out by hand.

COUNT-12, COUNT-13, VERSION-11; nights carried once are E8.8 of Hilton.
"""

from pathlib import Path

import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import Engine, run_scenarios

RULES = Path(__file__).with_name("carrying.loyalty")


def checked(text: str) -> tuple[Book, list[str]]:
    file, mistakes = parse_file(SourceText(RULES.name, text))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    return book, [finding.code for finding in findings]


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_counters_carry_and_are_limited(engine: Engine) -> None:
    book, codes = checked(RULES.read_text())
    assert codes == []
    for result in run_scenarios(book, engine):
        assert result.passed, result


def test_what_becomes_of_what_was_carried_is_said() -> None:
    """VERSION-11: a counter that carried, and no word of it, is a warning; nothing is carried over then."""
    text = RULES.read_text().replace("        keep  qualifying\n", "")
    book, codes = checked(text)
    assert codes == ["L620"]
    (last,) = run_scenarios(book, "reference")[-1:]
    assert not last.passed


def test_levels_are_not_phased_beside_what_exceeds_them() -> None:
    carries = "in calendar year {\n        carry  what exceeds the status earned\n    }\n    tiers status {"
    text = RULES.read_text().replace(
        "        end   again\n", "        end   again\n        phase silver from 10 to 5 over 3 months\n"
    )
    old, new = text.split("program hotel", 2)[1:]
    text = (
        "program hotel"
        + old
        + "program hotel"
        + new.replace("in calendar year\n    tiers status {", carries, 1)
    )
    file, mistakes = parse_file(SourceText(RULES.name, text))
    _, findings = check_book([file], mistakes)
    assert "L190" in [finding.code for finding in findings]


def test_another_lowest_level_in_the_new_version_is_refused() -> None:
    old, new = RULES.read_text().split('program hotel "Hotel" version 2', 1)
    text = old + 'program hotel "Hotel" version 2' + new.replace("level  member", "level  guest", 1)
    file, mistakes = parse_file(SourceText(RULES.name, text))
    _, findings = check_book([file], mistakes)
    assert "L254" in [finding.code for finding in findings]
