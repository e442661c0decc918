"""What is said of the word under the cursor, where it is declared, and what a text declares."""

from pathlib import Path

import pytest

from loyalty_dsl import editor
from loyalty_dsl.editor.sentences import SENTENCES, sentence_of
from loyalty_dsl.language.spelling import CLAUSES

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.loyalty"))
TEXT = """\
program stay_club "Stay Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event stay {
        nights  number
        brand   one of full_service, budget
    }
    currency points "Points" {
        round   half up per rule
        expire  24 months after last stay
    }
    counter year_nights = nights of stay in calendar year
    tiers status {
        level  member
        level  gold "Gold"  when year_nights >= 25
        level  diamond      when year_nights >= 80
    }
    earn base {
        on    stay where brand is budget
        when  status >= gold
        give  10 points per $1
        limit 4 times per calendar day  # allow L203: as an example
    }
}
scenario "one" for stay_club {
    given   status gold
    expect  0 points
}
"""
DOCUMENT = editor.open_document({"club.loyalty": TEXT})


def told_at(snippet: str) -> str:
    """What is said at the last character of the first such text."""
    found = editor.hover(DOCUMENT, TEXT.index(snippet) + len(snippet) - 1)
    return found.markdown if found else ""


@pytest.mark.parametrize(
    ("snippet", "said"),
    [
        ("status >= gold", ["`gold`", "a level of `status`", "`status >= gold` means `gold` or `diamond`."]),
        (
            "when  status",
            ["a ladder of levels", "lowest first: `member`, `gold` and `diamond`", "means `gold` or"],
        ),
        ("give  10", ["`base.give`: 10 points per $1", "--set base.give=10"]),
        ("year_nights >= 25", ["`status.gold`", "--set status.gold=25"]),
        (
            "expire  24",
            ["`points.expire`", "--set 'points.expire=24 months'", "When what was earned is lost"],
        ),
        ("10 points", ["“Points”: a currency, declared at club.loyalty:9", "round   half up per rule"]),
        ("on    stay", ["an event", "nights  number"]),
        ("is budget", ["a value of `brand`"]),
        ("year_nights", ["a counter", "nights of stay in calendar year"]),
        ("        give", ["What is given.", "give 1 point per $1"]),
        ("half", ["how parts of a unit are rounded".capitalize(), "round half up per rule"]),
        ("4 times", ["How often something happens"]),
        ("starts    2026", ["Thursday, 1 January 2026"]),
        ("allow L203", ["**L203**", "(error)"]),
        ("given   status gold", ["a level of `status`"]),
        ("for stay_club", ["a program"]),
    ],
)
def test_hover_says_what_a_word_is(snippet: str, said: list[str]) -> None:
    told = told_at(snippet)
    assert [each for each in said if each not in told] == []


@pytest.mark.parametrize("snippet", ["{\n", "# ", "as an", 'scenario "one" for stay_club {\n  '])
def test_hover_is_silent_between_words_and_in_comments(snippet: str) -> None:
    assert told_at(snippet) == ""


def test_a_hover_covers_its_word() -> None:
    at = TEXT.index("gold\n        give")
    found = editor.hover(DOCUMENT, at + 2)
    assert found is not None
    assert TEXT[found.range.start_offset : found.range.end_offset] == "gold"


@pytest.mark.parametrize(
    ("word", "declared"),
    [
        ("points per", 'points "Points"'),
        ("gold\n        give", 'gold "Gold"'),
        ("status >=", "status {"),
        ("stay where", "stay {"),
        ("budget\n        when", "budget\n    }"),
        ("stay_club {\n    given", 'stay_club "Stay'),
        ("year_nights >= 80", "year_nights ="),
    ],
)
def test_a_name_leads_to_its_declaration(word: str, declared: str) -> None:
    place = editor.definition(DOCUMENT, TEXT.index(word) + 1)
    assert place is not None
    assert TEXT[place.range.start_offset :].startswith(declared)


def test_words_of_the_language_lead_nowhere() -> None:
    for snippet in ("give  10", "calendar day", "half up"):
        assert editor.definition(DOCUMENT, TEXT.index(snippet) + 1) is None


def test_a_definition_may_be_in_another_file() -> None:
    text = 'scenario "two" for stay_club {\n    expect status gold\n}\n'
    both = editor.open_document({"two.loyalty": text, "club.loyalty": TEXT})
    place = editor.definition(both, text.index("gold"))
    assert place is not None
    assert (place.path, place.range.start.line) == ("club.loyalty", 15)


def test_symbols_are_what_a_text_declares() -> None:
    found = [(each.name, each.kind, each.container) for each in editor.symbols(DOCUMENT)]
    assert found[:3] == [("stay_club", "program", ""), ("stay", "event", "stay_club"),
                         ("nights", "field of an event", "stay")]  # fmt: skip
    assert ("gold", "level", "status") in found
    assert found[-1] == ('"one"', "scenario", "")


def test_every_clause_has_its_sentence() -> None:
    without = {
        (block, word)
        for block, clauses in CLAUSES.items()
        for word in clauses
        if not sentence_of(block, word)
    }
    assert without == set()
    used = {
        key for block, clauses in CLAUSES.items() for word in clauses for key in (word, f"{block} {word}")
    }
    assert set(SENTENCES) - used == set()


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_name_of_a_program_is_known(path: Path) -> None:
    """Each name that a hover finds in a program has a declaration or a sentence."""
    document = editor.open_document({path.name: path.read_text()})
    declared = editor.symbols(document)
    assert declared
    for symbol in declared[:: max(1, len(declared) // 12)]:
        if symbol.kind != "scenario":
            found = editor.hover(document, symbol.name_range.start_offset)
            assert found is not None, symbol
            assert f"`{symbol.name}`" in found.markdown


EXAMPLES = """\
scenario "levels" for stay_club {
    each reached, nights_before {
        gold, 25
        member, 24
    }
    given   year_nights nights_before
    expect  status reached
}
"""


def test_a_column_of_examples_is_known() -> None:
    document = editor.open_document({"levels.loyalty": EXAMPLES, "club.loyalty": TEXT})
    at = EXAMPLES.index("status reached") + 8
    found = editor.hover(document, at)
    assert found is not None
    assert found.markdown == "`reached`: a column of the examples, `gold` or `member`"
    place = editor.definition(document, at)
    assert place is not None
    assert place.range.start_offset == EXAMPLES.index("reached")
    offered = [each.label for each in editor.complete(document, at)]
    assert offered == ["reached", "nights_before", "member", "gold", "diamond"]
    row = editor.hover(document, EXAMPLES.index("gold, 25"))
    assert row is not None
    assert row.markdown.startswith("A table of examples")
