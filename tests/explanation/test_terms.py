"""The terms of every program in `programs/`: fresh pages, no number left out, whole sentences.

`LOYALTY_UPDATE_GOLDENS=1` writes the pages of `docs/programs/` anew.
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from textwrap import dedent
from typing import Any

import attrs
import jsonschema
import pytest

from loyalty_dsl.calendar import day_of
from loyalty_dsl.explanation.terms.document import Terms, TermsTable, sentences_of
from loyalty_dsl.explanation.terms.of_program import terms_of
from loyalty_dsl.explanation.terms.versions import terms_in_force
from loyalty_dsl.explanation.terms.words import date_words
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.codes import CODES
from loyalty_dsl.language.conditions import (
    Compare,
    EventField,
    ItemField,
    Literal,
    MemberField,
    OneAmong,
    StatusOf,
)
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Kind
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terms_markdown import terms_markdown
from loyalty_dsl.report.terms_pages import index_page, terms_page
from loyalty_dsl.report.terms_text import render_terms, terms_json
from loyalty_dsl.source import SourceText

REPOSITORY = Path(__file__).parents[2]
PAGES = REPOSITORY / "docs" / "programs"
NAMES = sorted(path.stem for path in (REPOSITORY / "programs").glob("*.loyalty"))

TOLD_OTHERWISE = {"february 29": "the last day of February"}
"""Numbers of rule files that terms tell in words."""


@cache
def book_of(name: str) -> Book:
    path = REPOSITORY / "programs" / f"{name}.loyalty"
    file, _ = parse_file(SourceText(path.name, path.read_text(encoding="utf-8")))
    book, _ = check_book([file])
    assert book is not None
    return book


@cache
def terms(name: str) -> Terms:
    book = book_of(name)
    return terms_in_force(book, book.programs[0])


def held(path: Path, text: str) -> None:
    if os.environ.get("LOYALTY_UPDATE_GOLDENS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "write it anew with LOYALTY_UPDATE_GOLDENS=1"


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_each_program_is_fresh(name: str) -> None:
    held(PAGES / f"{name}.md", terms_page(terms(name), f"../../programs/{name}.loyalty"))


def test_the_list_of_pages_is_fresh() -> None:
    held(PAGES / "index.md", index_page((name, terms(name)) for name in NAMES))
    assert {path.stem for path in PAGES.glob("*.md")} == {*NAMES, "index"}


# ---- nothing is left out


def versions_of(book: Book) -> tuple[Program, ...]:
    """Each program, or each of its versions by itself."""
    return book.alone or book.programs


def text_of(program: Program) -> str:
    """The block of a program, without comments and texts in quotes."""
    lines, depth = [], 0
    for line in program.span.source.text[program.span.start :].splitlines():
        code = re.sub(r'"[^"]*"', '""', line).partition("#")[0]
        for words in TOLD_OTHERWISE:
            code = code.replace(words, "")
        lines.append(code)
        depth += code.count("{") - code.count("}")
        if depth == 0:
            break
    return "\n".join(lines[1:])


def numbers_in(text: str) -> set[Fraction]:
    return {Fraction(each.replace(",", "")) for each in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", text)}


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_rules_is_in_the_terms(name: str) -> None:
    """Each amount, rate, threshold, limit, length and day that the file says; those of the business in the
    part for the company, which is asked for here."""
    book = book_of(name)
    for program in versions_of(book):
        written = terms_markdown(terms_of(program, internal=True))
        text = text_of(program)
        days = [day_of(date.fromisoformat(each)) for each in re.findall(r"\d{4}-\d\d-\d\d", text)]
        lost = [date_words(day) for day in days if not {date_words(day), date_words(day - 1)} & said(written)]
        assert lost == []
        assert numbers_in(re.sub(r"\d{4}-\d\d-\d\d", "", text)) - numbers_in(written) == set()


def said(written: str) -> set[str]:
    return set(re.findall(r"[A-Z][a-z]+ \d+, \d{4}", written))


@pytest.mark.parametrize("name", NAMES)
def test_every_part_has_an_entry(name: str) -> None:
    book = book_of(name)
    for program in versions_of(book):
        told = terms_of(program, internal=True)
        keys = {entry.key for section in told.sections for entry in section.entries}
        spans = {span for entry in entries(told) for span in entry}
        for rule in program.earns:
            assert rule.hidden or rule.span in spans, rule.name
        for ladder in program.ladders:
            assert {f"ladder {ladder.name}", f"membership {ladder.name}"} & keys
        for reward in program.rewards:
            assert reward.span in spans, reward.name
        things: tuple[Any, ...] = (*program.currencies, *program.totals, *program.allowances)
        for thing in (*things, *program.audiences):
            assert thing.span in spans or thing.name.endswith("_progress"), thing.name
        assert (
            not program.gates
            or "gates" in keys
            or all(gate.reason.startswith("the plan ") for gate in program.gates)
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_that_decides_something_is_named(name: str) -> None:
    """The value of each field, and the level, that any condition of a program asks for."""
    book = book_of(name)
    for program in versions_of(book):
        written = terms_markdown(terms_of(program, internal=True)).lower()
        for leaf in leaves_of(program):
            for words in asked_by(program, leaf):
                assert words.lower() in written, (program.name, words)


def leaves_of(thing: Any) -> Iterator[Compare | OneAmong]:
    """Every comparison anywhere in a part of a program."""
    if isinstance(thing, Compare | OneAmong):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from leaves_of(each)
    elif attrs.has(type(thing)) and type(thing).__module__.startswith("loyalty_dsl.language"):
        for field in attrs.fields(type(thing)):
            yield from leaves_of(getattr(thing, field.name))


def asked_by(program: Program, leaf: Compare | OneAmong) -> Iterator[str]:
    operand = leaf.operand if isinstance(leaf, OneAmong) else leaf.left
    values = leaf.values if isinstance(leaf, OneAmong) else ()
    if isinstance(leaf, Compare) and isinstance(leaf.right, Literal):
        values = (leaf.right.value,)
    match operand:
        case EventField(field) | ItemField(field) | MemberField(field):
            if field.name == "plan":  # of a membership, whose table has the labels of its plans
                return
            if field.kind is Kind.ONE_OF:
                yield from (field.values[value].replace("_", " ") for value in values)
            elif field.name not in ("ordinal", "days_since_join"):
                yield field.name.replace("_", " ")
        case StatusOf(ladder) if not program.ladders[ladder].bought:
            yield from (program.ladders[ladder].levels[value].label.replace("_", " ") for value in values)
        case _:
            pass


def entries(told: Terms) -> Iterator[set[object]]:
    for section in told.sections:
        for entry in section.entries:
            yield {span for block in entry.blocks for span in block.spans}


# ---- how it reads


WRONG = ("_", "  ", " ,", " .", "..", "()", "None", "1 times", "1 days", "1 months", "a a", "the the")


def assert_plain(text: str) -> None:
    assert re.match(r"[A-Z0-9“$£€]", text), text
    assert text.endswith((".", ":")), text
    for wrong in WRONG:
        before = r"(?<![\w,.])" if wrong[0].isalnum() else ""
        assert not re.search(before + re.escape(wrong) + (r"\b" if wrong[-1].isalnum() else ""), text), text
    assert text.count("(") == text.count(")"), text


@pytest.mark.parametrize("name", NAMES)
def test_sentences_are_whole_and_in_plain_words(name: str) -> None:
    for sentence in sentences_of(terms(name)):
        assert_plain(sentence.text)


def test_so_are_those_of_the_templates_and_of_what_the_codes_show_as_right() -> None:
    """Programs of every kind, most of them a few lines with one mechanic."""
    told = 0
    for text in (*templates(), *right_ones()):
        file, _ = parse_file(SourceText("some.loyalty", text))
        book, _ = check_book([file])
        for program in () if book is None else (*book.programs, *book.earlier):
            for sentence in sentences_of(terms_in_force(book, program, internal=True)):
                assert_plain(sentence.text)
                told += 1
    assert told > 900


def templates() -> Iterator[str]:
    for path in sorted((REPOSITORY / "loyalty_dsl" / "templates").glob("*.loyalty")):
        yield path.read_text(encoding="utf-8")


def right_ones() -> Iterator[str]:
    for code in CODES.values():
        if code.example is not None and code.example.inside in ("file", "program"):
            good = dedent(code.example.good)
            if code.example.inside == "program":
                points = "" if re.search(r"^\s*currency ", good, re.MULTILINE) else POINTS
                good = f'program example "Example" {{\n{HEAD}{points}{good}\n}}\n'
            yield good


HEAD = 'money USD\ntimezone "UTC"\nstarts 2026-01-01 by purchase date\n'
POINTS = 'currency points "Points" {\n    round down per rule\n    expire never\n}\n'


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_whole(name: str) -> None:
    for section in terms(name).sections:
        for entry in section.entries:
            for block in entry.blocks:
                if isinstance(block, TermsTable):
                    assert all(len(row) == len(block.header) for row in block.rows)
                    assert not any("_" in cell for row in block.rows for cell in row)


def test_members_read_nothing_of_the_business() -> None:
    for name in NAMES:
        written = terms_markdown(terms(name))
        assert "For the company only" not in written
        assert "assumed" not in written


def test_json_follows_its_schema_and_text_says_the_same() -> None:
    schema = json.loads(files("loyalty_dsl.report").joinpath("schemas/terms.schema.json").read_text())
    some = [terms("starbucks"), terms("prime")]
    jsonschema.validate(json.loads(terms_json(some)), schema)
    text = " ".join(render_terms(some[1], PLAIN).split())
    assert all(sentence.text in text for sentence in sentences_of(some[1]))
