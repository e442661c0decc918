"""What is let in, on which day it counts, and occasions and terms beside, on both engines (GATE-1, GATE-2,
EVENT-5, COUNT-10, COUNT-11, RETURN-7, EARN-16, CLOCK-8, CLOCK-9)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.scenario import Scenario
from loyalty_dsl.pipeline import load
from loyalty_dsl.report.scenarios import render_scenarios
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.testing.running import run_scenario, run_scenarios

BookOf = Callable[[str], Book]

PATH = Path(__file__).with_name("gates.loyalty")
BOOK = load(PATH)


@pytest.mark.parametrize("scenario", BOOK.scenarios, ids=lambda scenario: scenario.title[:20])
def test_what_is_let_in_is_the_same_on_both_engines(scenario: Scenario) -> None:
    (program,) = (each for each in BOOK.programs if each.name == scenario.program)
    result = run_scenario(program, scenario, "both")
    assert result.differences == ()
    assert result.passed, [check for check in result.checks if not check.passed]


def test_another_reason_than_the_expected_one_fails_and_is_told(book_of: BookOf) -> None:
    text = PATH.read_text(encoding="utf-8").replace(
        'expect refused "it is not approved"', 'expect refused "no"'
    )
    book = book_of(text)
    results = run_scenarios(book)
    assert [result.passed for result in results].count(False) == 1
    told = render_scenarios(results, PLAIN)
    assert 'expected a refusal "no", and it was refused: "it is not approved"' in told


def test_an_empty_reason_is_none_and_the_words_of_the_program_stand_for_it(book_of: BookOf) -> None:
    text = PATH.read_text(encoding="utf-8").replace('"it is not approved"', '""')
    results = run_scenarios(book_of(text))
    assert 'it was refused: "the program says `' in render_scenarios(results, PLAIN)


def test_volume_by_slices_and_by_the_band_reached() -> None:
    """EARN-16."""
    book = load(PATH.with_name("volume_bands.loyalty"))
    assert run_scenario(book.programs[0], book.scenarios[0], "both").passed


def test_a_redemption_counts_on_its_own_day_where_the_last_event_counts_on_a_date(book_of: BookOf) -> None:
    """COUNT-10 is of events: what a member redeems names no date."""
    book = book_of("""
program claims {
    money     USD
    timezone  "UTC"
    starts    2025-01-01 by event date
    event claim {
        sold    date
        counts  on sold
    }
    currency points {
        round   down per rule
        expire  never
    }
    counter claimed = spend of claim in calendar quarter
    earn base {
        on    claim
        give  1 point per $1
    }
    reward pen {
        price  5 points
        give   1 pen
        cost   $1
    }
    transfer gift {
        exchange  1 point for 1 point to recipient
    }
}
scenario "ben's" for claims {
    given   9 points
    given   joined 2025-01-01 for ben
    on      2025-02-01 redeem pen
    on      2025-02-02 transfer 4 points to ben
    expect  5 points for ben
}
""")
    result = run_scenario(book.programs[0], book.scenarios[0], "both")
    assert result.differences == ()
    assert "expected a balance of 5 points of ben, got 4" in render_scenarios([result], PLAIN)
