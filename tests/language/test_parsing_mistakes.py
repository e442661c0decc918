"""Every mistake of a file is reported once, at its place, in the language's own words.

Each file in `malformed/` has its expected diagnostics beside it, a line each: `line:column code message`.
`LOYALTY_UPDATE_GOLDENS=1` writes them anew; review the difference.
"""

import os
from pathlib import Path

import pytest

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language import syntax
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

FILES = sorted((Path(__file__).parent / "malformed").glob("*.loyalty"))


def read(text: str) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    return parse_file(SourceText("shop.loyalty", text))


def parse_of(path: Path) -> tuple[syntax.File, tuple[Diagnostic, ...]]:
    return read(path.read_bytes().decode("utf-8"))


def in_earn(*clauses: str) -> str:
    return "program shop {\n  earn base {\n" + "".join(f"    {clause}\n" for clause in clauses) + "  }\n}\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_malformed_file_gets_the_expected_diagnostics(path: Path) -> None:
    _, found = parse_of(path)
    lines = [f"{one.span.line}:{one.span.column} {one.code} {one.message}" for one in found]
    actual = "\n".join(lines) + "\n"
    golden = path.with_suffix(".expected")
    if os.environ.get("LOYALTY_UPDATE_GOLDENS"):
        golden.write_text(actual, encoding="utf-8")
    assert actual == golden.read_text(encoding="utf-8")


def test_there_are_enough_malformed_files_and_each_is_malformed() -> None:
    assert len(FILES) >= 40
    assert all(parse_of(path)[1] for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_are_in_the_language_and_have_registered_codes(path: Path) -> None:
    for found in parse_of(path)[1]:
        assert found.code in CODES
        words = found.message.replace("`", "")
        assert found.message[0] in "`t" or found.message[0].islower()
        assert "\n" not in words
        assert not any(
            name in words for name in ("NAME", "NUMBER", "NEWLINE", "_NL", "Token", "None", "BAD_")
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_place_has_one_message_only(path: Path) -> None:
    places = [(found.span.start, found.code) for found in parse_of(path)[1]]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("mistake", "fixed"),
    [
        ("recieve 1 point per $1", "give 1 point per $1"),
        ("giv 1 point per $1", "give 1 point per $1"),
        ("give 5% bakc", "give 5% back"),
        ("limit 4 times per calender day", "limit 4 times per calendar day"),
        ("limit 4 times calendar day", "limit 4 times per calendar day"),
        ("give 1,00 points", "give 1.00 points"),
        ("give 2points per $1", "give 2 points per $1"),
        ("give .5 points per $1", "give 0.5 points per $1"),
        ("on purchase purchase", "on purchase"),
        ("on purchase where (online", "on purchase where (online)"),
        ("on purchase where online)", "on purchase where online"),
        ("on purchase where amount => $5", "on purchase where amount >= $5"),
        ("on purchase where online && express", "on purchase where online and express"),
        ("On purchase", "on purchase"),
        ("dates until 2026-03-01", "dates through 2026-03-01"),
        ("for items category is drink", "for items where category is drink"),
        ("give $5 in full", "give $5 off in full"),
        ("cost $5 source 'contract'", 'cost $5 source "contract"'),
        ('cost $5 source "contract', 'cost $5 source "contract"'),
        ("cost 5 assumed", "cost $5 assumed"),
        ("on five-star", "on five_star"),
        ("limit once per lifetime", "limit 1 time per lifetime"),
        ("limit 1 time per lifetime or refuse", "limit 1 time per lifetime else refuse"),
        ("give gift", "give 1 gift"),
        ("when spend in calendar year is over $500", "when spend in calendar year > $500"),
        ("when status at least gold", "when status >= gold"),
        ("when balance of points more than 5 points", "when balance of points > 5 points"),
        ("give 60 of base", "give 60% of base"),
        ("on the first purchase", "on first purchase"),
        ("on first purchase of friend", "on first purchase by friend"),
        ("raise base 2 points per $1", "raise base to 2 points per $1"),
        ("when spend in last 30 days >= $5", "when spend in rolling 30 days >= $5"),
    ],
)
def test_the_edit_of_a_mistake_makes_the_file_right_and_its_tree_is_the_same(
    mistake: str, fixed: str
) -> None:
    text = in_earn("on join", mistake, "on visit")
    file, (found,) = read(text)
    assert found.edit is not None
    span = found.edit.span
    edited = text[: span.start] + found.edit.replacement + text[span.end :]
    assert edited == in_earn("on join", fixed, "on visit")
    right, none = read(edited)
    assert none == ()
    assert len(file.blocks[0].clauses[0].clauses) == len(right.blocks[0].clauses[0].clauses) == 3
    assert file.unread == ()


def test_clauses_behind_a_mistake_are_read_and_the_lost_one_is_named() -> None:
    file, found = read(in_earn("on purchase", "give per points", "limit 4 times per event"))
    assert [one.code for one in found] == ["L101"]
    (earn,) = file.blocks[0].clauses
    assert [type(clause).__name__ for clause in earn.clauses] == ["OnClause", "Limit"]
    (lost,) = file.unread
    assert (lost.word, lost.block) == ("give", earn.span)
    assert lost.span.text.strip() == "give per points"


def test_blocks_behind_a_lost_block_are_read() -> None:
    file, found = read('tiers status {\n  level gold\n}\nscenario "t" for shop {\n  expect 3 points\n}\n')
    assert [one.code for one in found] == ["L108"]
    assert [type(block).__name__ for block in file.blocks] == ["ScenarioBlock"]


def test_what_was_expected_is_said_in_the_words_of_the_language() -> None:
    _, (found,) = read("program shop {\n  currency points {\n    round down\n  }\n}\n")
    assert found.message == "expected `per event` or `per rule` after the rounding"
    assert found.help == "such a line reads `round half up per rule`"


def test_an_unclosed_brace_points_at_its_opening_and_at_where_it_should_close() -> None:
    text = "program shop {\n  earn base {\n    on join\n\n  earn other {\n    on join\n  }\n}\n"
    file, (found,) = read(text)
    assert (found.code, found.span.line, found.span.column) == ("L102", 2, 13)
    assert [label.span.line for label in found.secondary] == [5]
    assert len(file.blocks[0].clauses) == 2


def test_an_unclosed_quote_points_at_its_opening_and_at_the_end_of_its_line() -> None:
    file, (found,) = read('program shop "Shop {\n  money USD\n}\n')
    assert (found.code, found.span.text, found.span.column) == ("L103", '"', 14)
    assert [label.span.column for label in found.secondary] == [19]
    assert file.blocks[0].label.text == "Shop"


def test_and_mixed_with_or_shows_both() -> None:
    _, (found,) = read(in_earn("when a and b or c"))
    assert found.code == "L109"
    assert [found.span.text, *(label.span.text for label in found.secondary)] == ["or", "and"]


@pytest.mark.parametrize(
    ("clause", "phrase"),
    [
        ("cost by status", "by"),
        ("give 1 point to friend when online", "when"),
        ("pending 2 business days", "business days"),
    ],
)
def test_what_a_later_version_reads_is_refused_at_its_words(clause: str, phrase: str) -> None:
    file, (found,) = read(in_earn("on join", clause, "on visit"))
    assert (found.code, found.span.text) == ("L190", phrase)
    assert "not supported yet" in found.message
    assert len(file.blocks[0].clauses[0].clauses) == 2


def test_a_table_that_is_not_read_is_skipped_with_its_braces() -> None:
    file, (found,) = read(
        in_earn("worth by status {", "  gold 2 points per $1", "  others { }", "}", "on join")
    )
    assert (found.code, found.span.text) == ("L190", "by")
    assert [type(clause).__name__ for clause in file.blocks[0].clauses[0].clauses] == ["OnClause"]


def test_inside_a_skipped_block_nothing_is_reported() -> None:
    _, found = read('program shop {\n  pool status {\n    level "oops\n    1e9 ?? 2026-02-31\n  }\n}\n')
    assert [one.code for one in found] == ["L190"]


@pytest.mark.parametrize(
    ("place", "line", "fixed"),
    [
        ("segment", "leave 0.015 per month", "1.5%"),
        ("segment", "leave 3 per month", "3%"),
        ("segment", "basket median $20 sigma 50%", "0.5"),
        ("segment", "purchases 2 per month spread 150%", "1.5"),
        ("reward", "give £3,50 off in full", "£3.50"),
    ],
)
def test_the_fix_of_a_number_is_of_its_size(place: str, line: str, fixed: str) -> None:
    heads = {
        "segment": "population all {\nsegment some 100% {\n",
        "reward": 'program p "P" {\nreward r {\n',
    }
    _, (found,) = read(heads[place] + line + "\n}\n}\n")
    assert found.edit is not None
    assert found.edit.replacement == fixed


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("program", "calls member partner"),
        ("earn", "expire 1 day after issue"),
        ("reward", "fee $5.60"),
    ],
)
def test_what_other_programs_have_is_said_to_be_missing_here(block: str, line: str) -> None:
    heads = {
        "program": ('program p "P" {\n', "\n}\n"),
        "earn": ('program p "P" {\nearn e {\n', "\n}\n}\n"),
        "reward": ('program p "P" {\nreward r {\n', "\n}\n}\n"),
        "segment": ("population all {\nsegment some 100% {\n", "\n}\n}\n"),
    }
    _, found = read(line.join(heads[block]))
    assert [one.code for one in found] == ["L190"]
    assert found[0].help


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("money USD", "money DOLLAR"),
        ("1 point per $1", "20k points"),
        ("program corner {", "program Corner Shop {"),
        ("currency points {", "currency points\n{"),
        ("give 1 point per $1\n", "give 1 point per $1  // note\n"),
        ("redeeming five_off\n", "redeeming five_off, two_off\n"),
        ("redeeming five_off\n", "redeeming five_off redeeming five_off\n"),
        ("dates 2026-12-24", "dates 12/24/2026"),
        ("dates 2026-12-24", "dates 12-24"),
    ],
)
def test_a_habit_of_other_languages_is_one_mistake(right: str, wrong: str) -> None:
    text = (
        "program corner {\nmoney USD\ncurrency points {\nround down per rule\n}\nearn base {\non purchase\n"
        "dates 2026-12-24\ngive 1 point per $1\n}\n}\n"
        'scenario "it" for corner {\non 2026-12-24 purchase $5 redeeming five_off\n'
        "expect earned 5 points\n}\n"
    )
    assert right in text
    file, (found,) = read(text.replace(right, wrong))
    assert file.unread == ()
    assert found.help or found.edit


def test_a_counter_has_an_equals_sign() -> None:
    for sign in ("", "==", ":"):
        text = f"program corner {{\ncounter visits {sign} purchases in calendar year\n}}\n"
        file, (found,) = read(text)
        assert "`=`" in found.message
        assert [type(clause).__name__ for clause in file.blocks[0].clauses] == ["CounterClause"]


def test_a_table_whose_brace_is_missing_is_read_all_the_same() -> None:
    text = in_earn("on join", "give by status", "  gold 5 points", "  others nothing", "}", "on visit")
    file, (found,) = read(text)
    assert found.message == "the table has no opening `{`"
    (earn,) = file.blocks[0].clauses
    assert [len(clause.rows) for clause in earn.clauses if isinstance(clause, syntax.Table)] == [2]
    assert file.unread == ()


def test_a_row_that_cannot_be_read_is_lost_alone() -> None:
    file, (found,) = read(in_earn("give by status {", "gold points", "others 5 points", "}"))
    assert found.span.line == 4
    (lost,) = file.unread
    (table,) = file.blocks[0].clauses[0].clauses
    assert (lost.place, lost.word, lost.block) == ("by", "gold", table.span)
    assert len(table.rows) == 1


def test_a_minimum_says_of_what() -> None:
    _, (found,) = read("program corner {\nreward five_off {\nprice 500 points\nminimum 15\n}\n}\n")
    assert found.help == (
        "write an amount of money for the basket, or an amount of the currency for the balance"
    )


@pytest.mark.parametrize(
    ("clause", "message", "help_"),
    [
        ("currency c {\nround half-up per rule\n}", "`half-up` is two words", "write `half up`"),
        (
            "event purchase {\npayment one of card cash\n}",
            "expected `,` or the end of the line after `card`, found `cash`",
            "such a line reads `category one of drink, food`",
        ),
        (
            "reward r {\ngive $5 off up to basket\n}",
            "expected `the` before `basket`",
            "such a line reads `give $5 off in full`",
        ),
    ],
)
def test_a_slip_is_not_taken_for_something_else(clause: str, message: str, help_: str) -> None:
    _, (found,) = read(f"program corner {{\n{clause}\n}}\n")
    assert (found.code, found.message, found.help) == ("L101", message, help_)


@pytest.mark.parametrize("line", ["on first 3 purchases, birthday", "on purchase, join"])
def test_two_triggers_on_a_line_are_told_to_be_two_lines(line: str) -> None:
    text = f"program p {{\n    earn e {{\n        {line}\n        give 1 point\n    }}\n}}\n"
    _, (found,) = parse_file(SourceText("p.loyalty", text))
    assert found.help == "one line has one trigger: write a second `on` line for what follows the comma"
