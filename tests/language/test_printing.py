"""The canonical layout: the same tree, the same comments where they were, and nothing left to lay out."""

import random
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from drawn_texts import drawn_text, laid_out_oddly, words_of
from hypothesis import given, settings
from hypothesis import strategies as st
from mutated_texts import mutants

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.printing import print_source
from loyalty_dsl.resource_files import resource_path
from loyalty_dsl.source import SourceText, Span

HERE = Path(__file__).parent
PROGRAMS = sorted(Path(resource_path("programs")).rglob("*.loyalty"))
FILES = [*PROGRAMS, HERE / "every_clause.loyalty", *sorted((HERE / "good").glob("*.loyalty"))]
LEXEME = re.compile(r'"[^"\n]*"|#[^\n]*|[^\s"#,(){}]+|[,(){}]')


def laid_out(text: str) -> str:
    printed = print_source(SourceText("rules.loyalty", text))
    assert not printed.mistakes, printed.mistakes[0]
    return printed.text


def is_of_the_language(text: str) -> bool:
    return not parse_file(SourceText("rules.loyalty", text))[1]


def assert_laws(text: str) -> None:
    """All that a layout must hold."""
    after = laid_out(text)
    assert laid_out(after) == after
    assert list(lexemes(after)) == list(lexemes(text))
    trees = [parse_file(SourceText("rules.loyalty", each))[0].blocks for each in (text, after)]
    assert same_tree(*trees)
    lines = after.split("\n")
    assert lines[-1] == "" and lines[0] == lines[0].rstrip()
    assert not any(line != line.rstrip() for line in lines)
    assert "\n\n\n" not in after and not after.startswith("\n") and not after.endswith("\n\n")


def lexemes(text: str) -> Iterator[tuple[str, bool]]:
    """The words, marks and comments in order, and of each comment whether it is behind something; by rules
    of their own, not those of the reader. A comment behind braces that close what began above is of the
    clause before them."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text.replace("\ufeff", " "))
    for line in text.split("\n"):
        words = LEXEME.findall(line)
        comment = words.pop() if words and words[-1].startswith("#") else None
        closing = 0
        if comment is not None:
            is_behind = bool(words)
            while words and words[-1] == "}" and _closes_above(words):
                words.pop()
                closing += 1
            if not words:
                words, closing = ["}"] * closing, 0
        yield from ((word, False) for word in words)
        if comment is not None:
            yield comment.rstrip(), is_behind
        yield from (("}", False) for _ in range(closing))


def _closes_above(words: list[str]) -> bool:
    """Whether the last of the words, a brace, closes what was opened on a line above."""
    depth = 0
    for word in reversed(words):
        depth += (word == "}") - (word == "{")
        if depth == 0:
            return False
    return True


def same_tree(one: Any, other: Any) -> bool:
    """Whether nodes are the same but for where they stand."""
    if isinstance(one, Span):
        return isinstance(other, Span)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same_tree, one, other))
    if attrs.has(type(one)):
        return type(one) is type(other) and all(
            same_tree(getattr(one, field.name), getattr(other, field.name))
            for field in attrs.fields(type(one))
        )
    return bool(one == other)


def test_what_is_shipped_is_laid_out() -> None:
    templates = sorted((HERE.parent.parent / "loyalty_dsl" / "templates").glob("*.loyalty"))
    assert len(templates) > 10
    for path in [*PROGRAMS, *templates]:
        text = path.read_text(encoding="utf-8")
        assert laid_out(text) == text, f"loyalty fmt {path}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_laws_hold_for_every_file(path: Path) -> None:
    assert_laws(path.read_text(encoding="utf-8"))


@settings(max_examples=30, deadline=None)
@given(path=st.sampled_from(FILES), luck=st.integers(0, 2**32).map(random.Random))
def test_the_laws_hold_for_every_file_laid_out_oddly(path: Path, luck: random.Random) -> None:
    assert_laws(laid_out_oddly(words_of(path.read_text(encoding="utf-8")), luck))


@settings(max_examples=50, deadline=None)
@given(luck=st.integers(0, 2**32).map(random.Random))
def test_the_laws_hold_for_drawn_files(luck: random.Random) -> None:
    text = drawn_text(luck)
    if is_of_the_language(text):
        assert_laws(text)


def lay_out_mutants(texts: Iterable[str]) -> None:
    """Checks and lays out texts that may be of the language or not: in time, and without raising."""
    for text in texts:
        source = SourceText("mutant.loyalty", text)
        start = time.perf_counter()
        file, broken = parse_file(source)
        check_book([file], broken)
        printed = print_source(source)
        assert time.perf_counter() - start < 2, text
        assert bool(printed.mistakes) == any(one.is_error for one in broken)
        if printed.mistakes:
            assert printed.text == text
        else:
            assert laid_out(printed.text) == printed.text


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from('{}(),#"=\n\r \t\ufeff\u2028\x0c1$%-a') | st.characters(), max_size=60))
def test_any_text_at_all_is_laid_out_or_left_alone(text: str) -> None:
    printed = print_source(SourceText("any.loyalty", text))
    if printed.mistakes:
        assert printed.text == text
    else:
        assert laid_out(printed.text) == printed.text


def test_mutated_programs_are_checked_and_laid_out_or_left_alone() -> None:
    lay_out_mutants(mutants(30, 3, short=True))


def assert_laws_of_drawn(seeds: Iterable[int]) -> None:
    """Draws a file for each seed; what a name makes unreadable is passed over."""
    for seed in seeds:
        text = drawn_text(random.Random(seed))
        if is_of_the_language(text):
            assert_laws(text)


@pytest.mark.slow
def test_the_laws_hold_for_a_thousand_drawn_files_and_mutated_programs() -> None:
    assert_laws_of_drawn(range(1_000_000, 1_001_000))
    lay_out_mutants(mutants(1_000, 4, short=True))


def test_the_laws_hold_for_as_many_drawn_files_as_one_likes(request: pytest.FixtureRequest) -> None:
    """`--count 20000 --first 1` takes so many seeds, from that one on."""
    assert_laws_of_drawn(_seeds(request))


def test_as_many_mutated_programs_as_one_likes_are_laid_out(request: pytest.FixtureRequest) -> None:
    """Likewise; a seed is one of a thousand programs."""
    seeds = _seeds(request)
    for seed in range(seeds.start, seeds.start + len(seeds) // 1000 + 1):
        lay_out_mutants(mutants(min(1000, len(seeds) - 1000 * (seed - seeds.start)), seed, short=True))


def _seeds(request: pytest.FixtureRequest) -> range:
    count = request.config.getoption("--count")
    if not count:
        pytest.skip("runs with --count")
    first = request.config.getoption("--first")
    return range(first, first + count)
