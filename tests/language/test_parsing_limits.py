"""Numbers, days, nesting and size have limits, and no text makes reading raise or hang."""

import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutated_texts import mutants

from loyalty_dsl.language.braces import MAX_MISTAKES, MAX_NESTING
from loyalty_dsl.language.parsing import MAX_CHARACTERS, MAX_CLAUSES, parse_file
from loyalty_dsl.language.tokens import tokenize
from loyalty_dsl.resource_files import resource_path
from loyalty_dsl.source import SourceText


def codes_of(text: str) -> list[str]:
    return [found.code for found in parse_file(SourceText("shop.loyalty", text))[1]]


def in_earn(clause: str) -> str:
    return f"program shop {{\n  earn base {{\n    {clause}\n  }}\n}}\n"


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("9" * 18, []),
        ("9" * 19, ["L104"]),
        ("9" * 5000, ["L104"]),
        ("0." + "1" * 17, []),
        ("0." + "1" * 18, ["L104"]),
        ("1e3", ["L104"]),
        ("1e3000000", ["L104"]),
        ("1_000", ["L104"]),
        ("1,0000", ["L104"]),
        ("+1", ["L104"]),
        ("٣", ["L104"]),
        ("1,234,567.5", []),
    ],
)
def test_a_number_has_at_most_18_digits_and_no_exponent(number: str, codes: list[str]) -> None:
    assert codes_of(in_earn(f"give {number} points")) == codes


@pytest.mark.parametrize(
    ("money", "codes"),
    [
        ("$5", []),
        ("£5", []),
        ("€5", []),
        ("¥5", ["L104"]),
        ("$1.2M", []),
        ("$1" + "0" * 17, []),
        ("$1000000000B", ["L104"]),
    ],
)
def test_money_has_a_known_sign_and_fits(money: str, codes: list[str]) -> None:
    assert codes_of(in_earn(f"give {money} off")) == codes


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01"]
)
def test_a_date_is_a_day_of_the_calendar(day: str) -> None:
    assert codes_of(in_earn(f"dates from {day}")) == ["L105"]
    assert codes_of(in_earn("dates from 2024-02-29")) == []


def test_brackets_nest_64_deep_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        return in_earn(f"when {'(' * depth}online{')' * depth}")

    assert codes_of(nested(MAX_NESTING)) == []
    assert codes_of(nested(MAX_NESTING + 1)) == ["L107"]
    assert codes_of(nested(100_000)) == ["L107"]


def test_braces_nest_64_deep_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        return in_earn("give " + "by status { gold " * depth + "5 points" + " }" * depth)

    assert codes_of(nested(MAX_NESTING - 2)) == []
    assert codes_of(nested(MAX_NESTING - 1))[0] == "L107"
    assert "L107" in codes_of(nested(20_000))


def test_a_file_has_at_most_ten_million_characters() -> None:
    assert codes_of("#" * MAX_CHARACTERS) == []
    assert codes_of("#" * (MAX_CHARACTERS + 1)) == ["L106"]


def test_a_file_has_at_most_100000_clauses() -> None:
    assert "L106" not in codes_of("x\n" * MAX_CLAUSES)
    assert codes_of("x\n" * (MAX_CLAUSES + 1)) == ["L106"]


def test_what_is_wrong_in_many_lines_alike_is_told_three_times_with_how_many_more() -> None:
    _, found = parse_file(SourceText("alike.loyalty", "program p {\n" + "give 5 points\n" * 20 + "}\n"))
    assert [one.code for one in found] == ["L108"] * 3
    assert (found[2].help or "").endswith("; 17 more lines are like this")


def test_reading_stops_after_many_mistakes() -> None:
    codes = codes_of("".join(f"x{line}\n" for line in range(5000)))
    assert len(codes) == MAX_MISTAKES + 1
    assert codes[-1] == "L110"


@pytest.mark.parametrize(
    "character", ["\x00", "\x01", "\x0b", "\x7f", "\u00a0", "\u2028", "\ufffd", "\U0001f600"]
)
def test_strange_characters_are_reported_where_they_are(character: str) -> None:
    text = in_earn(f"on{character} join")
    (found,) = parse_file(SourceText("shop.loyalty", text))[1]
    assert (found.code, found.span.text) == ("L101", character)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 20_000,
        "}\n" * 20_000,
        "(" * 20_000,
        '"' * 20_001,
        "'" * 20_001,
        '"' + " " * 100_000 + "x",
        "1," * 50_000,
        "a-" * 20_000,
        in_earn("when " + "not " * 20_000 + "online"),
        in_earn("when " + " ? ".join(["online"] * 5_000)),
        in_earn("when " + " or a and ".join(["online"] * 5_000)),
        in_earn("dates " + ", ".join(["2026-02-30"] * 5_000)),
        "program shop {\n" * 5_000,
    ],
    ids=lambda text: text[:20].replace("\n", " "),
)
def test_hostile_texts_are_read_in_time(text: str) -> None:
    start = time.perf_counter()
    assert codes_of(text)
    assert time.perf_counter() - start < 5


VALID = resource_path("programs/square_visits.loyalty").read_text(encoding="utf-8")
TOKENS = [token.text for token in tokenize(VALID)]
PIECES = st.one_of(
    st.sampled_from(TOKENS), st.sampled_from(list("{}()\",.#$%-<>=\n\r\t 0é\x00'")), st.text(max_size=3)
)


@st.composite
def damaged_files(draw: st.DrawFn) -> str:
    """A valid file with a few deletions, insertions and duplications of tokens and of raw characters."""
    tokens = list(TOKENS)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(tokens) - 1))
        match draw(st.sampled_from(["delete", "insert", "duplicate"])):
            case "delete":
                del tokens[at]
            case "insert":
                tokens.insert(at, draw(PIECES))
            case _:
                tokens.insert(at, tokens[at])
    text = " ".join(tokens)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        upto = min(len(text), at + draw(st.integers(0, 30)))
        text = text[:at] + draw(st.sampled_from(["", text[at:upto] * 2, draw(PIECES)])) + text[upto:]
    return text


@settings(max_examples=100, deadline=2000)
@given(damaged_files())
def test_a_damaged_file_never_raises_and_its_spans_lie_in_it(text: str) -> None:
    source = SourceText("damaged.loyalty", text)
    file, found = parse_file(source)
    for one in found:
        assert 0 <= one.span.start <= one.span.end <= len(text)
        for label in one.secondary:
            assert 0 <= label.span.start <= label.span.end <= len(text)
    assert file.source is source


@settings(max_examples=100, deadline=2000)
@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text: str) -> None:
    parse_file(SourceText("any.loyalty", text))


HERE = Path(__file__).parent


def read_mutants(texts: Iterable[str]) -> None:
    for text in texts:
        start = time.perf_counter()
        _, found = parse_file(SourceText("mutant.loyalty", text))
        assert time.perf_counter() - start < 2, text
        assert all(0 <= one.span.start <= one.span.end <= len(text) for one in found)
        assert len(found) < 60, text


def test_every_clause_of_the_language_is_read() -> None:
    assert codes_of((HERE / "every_clause.loyalty").read_text(encoding="utf-8")) == []


def test_mutated_programs_are_read_in_time() -> None:
    read_mutants(mutants(300, 1))


@pytest.mark.slow
def test_ten_thousand_mutated_programs_are_read_in_time() -> None:
    read_mutants(mutants(10_000, 2))


def test_braces_that_are_not_closed_are_told_once_a_line() -> None:
    _, found = parse_file(SourceText("braces.loyalty", "program p " + "{" * 3000 + "\n"))
    assert [one.code for one in found].count("L102") == 1


def test_braces_without_end_are_read_in_time() -> None:
    start = time.perf_counter()
    _, found = parse_file(SourceText("braces.loyalty", "{" * 100_000))
    assert time.perf_counter() - start < 10
    assert len(found) < 5


def test_two_clauses_that_are_repaired_in_turn_are_read_to_the_end() -> None:
    """A brace on a broken line ends the program, and its repair breaks the line again."""
    text = (HERE / "malformed" / "repaired_in_turn.loyalty").read_text(encoding="utf-8")
    _, found = parse_file(SourceText("turns.loyalty", text))
    assert 0 < len(found) < 12
