"""The time of day of events, in scenarios and as a file of scenarios shows it (TIME-7)."""

from pathlib import Path

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

RULES = (Path(__file__).parent / "good" / "hours.loyalty").read_text()


def test_hours_hold_through_their_last_minute_and_through_midnight() -> None:
    file, mistakes = parse_file(SourceText("hours.loyalty", RULES))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    assert all(result.passed for result in run_scenarios(book, "reference"))


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("on 2025-03-03 purchase $4", "L503"),
        ("on 2025-03-03 14:00 purchase $4 with time 14", "L506"),
        ("on 2025-03-03 25:00 purchase $4", "L105"),
    ],
)
def test_a_time_that_is_read_stands_behind_the_day(event: str, code: str) -> None:
    text = f'{RULES}scenario "x" for bean_hours {{\n    {event}\n    expect earned 4 stars\n}}\n'
    file, mistakes = parse_file(SourceText("hours.loyalty", text))
    book, findings = check_book([file], mistakes)
    assert book is None
    assert [found.code for found in (*mistakes, *findings)] == [code]
