"""A change of one word of a shipped program is noticed: by the checker, or by one of its scenarios."""

from pathlib import Path

import pytest
from mutants import mutants_of, programs_of

from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenario

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.loyalty"))

NOT_NOTICED = {
    "air_miles": {
        "limit $201 per calendar day",  # in steps of $10 it lets as much through
    },
    "bring_a_friend": {
        "round up per event",  # all that it gives is a round sum
    },
    "delta_medallion": {
        'program delta_medallion "Delta SkyMiles Medallion" version 3 {',  # as of starbucks
    },
    "grocery_points": {
        "give 1 point per $1 of basket",  # of one rule at a point a dollar, rounding down is the same
    },
    "hilton": {
        'program hilton "Hilton Honors" version 3 {',  # versions are told apart by their numbers, only
        "limit 1 per calendar day",  # of what it counts, so of stays
    },
    "hp_channel": {
        "expire 2 fiscal_quarter after earning at end of fiscal_quarter",  # one or many is the same
        "round up per event",  # of notes, which are all of a balance
    },
    "marriott": {
        "limit 100001 points per calendar year else refuse",  # they are bought by the thousand
    },
    "square_spend": {
        "give 1 point per $1",  # as of grocery_points
        "dates 2024-06-01 through 2024-06-29",  # the newer promotion is paid from 15 June on
    },
    "starbucks": {
        'program starbucks "Starbucks Rewards" version 3 {',  # versions are told apart by their numbers, only
    },
}
"""Changed lines that mean the same, or that no scenario can tell; each was looked at."""


def checked(text: str) -> tuple[Book | None, list[str]]:
    file, mistakes = parse_file(SourceText("rules.loyalty", text))
    book, findings = check_book([file], mistakes)
    return book, sorted(finding.code for finding in findings)


def passes(book: Book) -> bool:
    """Whether no scenario notices anything; the first that does ends it."""
    programs = {program.name: program for program in (*book.programs, *book.earlier)}
    return all(run_scenario(programs[scenario.program], scenario).passed for scenario in book.scenarios)


def test_mutants_change_what_they_say() -> None:
    text = "program p {\n    limit 2 times per calendar day  # twice\n    cost $1\n}\n"
    lines = {mutant.what for mutant in mutants_of(text)}
    assert {"2: limit 3 times per calendar day # twice", "2: limit 2 times per calendar # twice"} <= lines
    assert not any("cost" not in mutant.text for mutant in mutants_of(text))
    later = {mutant.what for mutant in mutants_of(text + text.replace("2 times", "4 times"))}
    assert lines < later and "6: limit 5 times per calendar day # twice" in later


@pytest.mark.slow
@pytest.mark.parametrize("path", PROGRAMS, ids=[path.stem for path in PROGRAMS])
def test_a_change_of_a_word_is_noticed(path: Path) -> None:
    text = path.read_text()
    _, known = checked(text)
    alone = checked(programs_of(text))[0] is not None
    passed: set[str] = set()
    run = 0
    for mutant in mutants_of(text):
        if alone and checked(programs_of(mutant.text))[0] is None:  # most are, and that is soon seen
            continue
        book, codes = checked(mutant.text)
        if book is None or codes != known:
            continue
        run += 1
        if passes(book):
            passed.add(mutant.what.partition(": ")[2])
    assert run
    assert passed == NOT_NOTICED.get(path.stem, set())
