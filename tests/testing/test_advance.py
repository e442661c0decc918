"""`advance to D`: time passes, and what it brings is what is then expected (SCEN-19)."""

from collections.abc import Callable

import pytest
from test_running import actual, run_lines

from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import ProgramRefused

BookOf = Callable[[str], Book]


def test_what_time_brings_is_what_is_expected(book_of: BookOf) -> None:
    lines = """
    on      2026-01-02 purchase $30.00
    expect  earned 30 points
    advance to 2026-01-20
    expect  earned 0 points
    expect  available 30 points
    advance to 2026-03-03
    expect  expired 30 points
    expect  0 points
    """
    assert actual(run_lines(book_of, lines)) == [30, 0, 30, 30, 0]


def test_offs_and_refusals_stay_about_the_event(book_of: BookOf) -> None:
    lines = """
    given   joined 2026-01-01
    given   100 points earned 2026-01-01
    on      2026-02-02 purchase $30.00 redeeming five_off
    advance to 2026-02-03
    expect  $5.00 off
    on      2026-02-04 purchase $30.00 redeeming five_off
    advance to 2026-02-05
    expect  refused
    """
    assert actual(run_lines(book_of, lines)) == [500, True]


def test_a_scenario_may_be_about_time_alone(book_of: BookOf) -> None:
    lines = "given 60 points earned 2026-01-05\nadvance to 2026-03-06\nexpect expired 60 points"
    assert actual(run_lines(book_of, lines)) == [60]


def test_time_passes_from_the_last_day_that_is_given(book_of: BookOf) -> None:
    lines = """
    given   joined 2025-06-01
    given   60 points earned 2026-01-05
    advance to 2026-01-18
    expect  pending 60 points
    advance to 2026-03-06
    expect  earned 0 points
    expect  expired 60 points
    """
    assert actual(run_lines(book_of, lines)) == [60, 0, 60]


def test_the_story_has_what_time_brought(book_of: BookOf) -> None:
    result = run_lines(book_of, "given 60 points earned 2026-01-05\nadvance to 2026-03-06\nexpect 60 points")
    assert not result.passed
    assert [posting.units for chapter in result.told for posting in chapter.postings] == [60, 60]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("on 2026-02-01 purchase $1\nadvance to 2026-01-31\nexpect 1 point", "comes before the one above it"),
        ("on 2026-02-01 purchase $1\nadvance to 2026-02-01\nexpect 1 point", "it is 2026-02-01 already"),
        ("advance to 2025-02-01\nexpect 1 point", "has not started on 2025-02-01"),
        ("advance to 2026-02-01\nexpect refused", "nothing has happened yet"),
        ("advance to 2026-02-01", "expects nothing"),
        ("given joined 2026-03-01\nadvance to 2026-02-01\nexpect 1 point", "after the first `advance`"),
        ("advance 2026-02-01\nexpect 1 point", "expected `to`"),
        ("advance to february\nexpect 1 point", "expected a date"),
    ],
)
def test_mistakes(book_of: BookOf, lines: str, message: str) -> None:
    with pytest.raises(ProgramRefused) as refused:
        run_lines(book_of, lines)
    assert message in str(refused.value)


def test_nothing_need_be_given(book_of: BookOf) -> None:
    assert actual(run_lines(book_of, "advance to 2026-03-06\nexpect 0 points")) == [0]


def test_a_day_that_is_not_there_is_one_mistake(book_of: BookOf) -> None:
    with pytest.raises(ProgramRefused) as refused:
        run_lines(book_of, "advance to 2026-02-30\nexpect 0 points")
    assert [error.message for error in refused.value.errors] == ["there is no day `2026-02-30`"]
