"""Colours of rule files: the lexer of Pygments and the grammar of editors, and the parser beside them."""

import json
import random
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pygments.token import Comment, Error, Keyword, Literal, Name, Number, Operator, String

from loyalty_dsl.language.automaton import shift
from loyalty_dsl.language.colouring import Colour, colour_rules
from loyalty_dsl.language.tables import END, NEWLINE, load_tables
from loyalty_dsl.language.textmate import _SCOPES, TEXTMATE, textmate_text
from loyalty_dsl.language.tokens import tokenize
from loyalty_dsl.pygments_lexer import TOKENS, LoyaltyLexer

ROOT = Path(__file__).parent.parent.parent
FILES = [*sorted((ROOT / "programs").rglob("*.loyalty")), *sorted((ROOT / "loyalty_dsl").rglob("*.loyalty"))]
LEXER = LoyaltyLexer()


@cache
def coloured(path: Path) -> list[tuple[int, Any, str]]:
    return list(LEXER.get_tokens_unprocessed(path.read_text(encoding="utf-8")))


def test_every_program_is_coloured_whole_and_without_errors() -> None:
    assert len(FILES) > 40
    for path in FILES:
        found = coloured(path)
        assert [text for _, kind, text in found if kind is Error] == [], path
        assert "".join(text for _, _, text in found) == path.read_text(encoding="utf-8")


def test_blocks_of_the_pages_are_coloured_without_errors() -> None:
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for block in re.findall(r"^```loyalty.*?\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL):
            found = LEXER.get_tokens_unprocessed(block)
            assert [text for _, kind, text in found if kind is Error] == [], path


def test_whatever_the_text_is_every_character_comes_out_once() -> None:
    drawn = random.Random(7)
    texts = [path.read_text(encoding="utf-8") for path in FILES[:12]]
    for _ in range(150):
        text = drawn.choice(texts)
        start = drawn.randrange(len(text))
        broken = list(text[start : start + 400])
        for _ in range(10):
            broken[drawn.randrange(len(broken))] = drawn.choice('"#{}$\u20ac\u00e4\r\n\t\\ %-.,0aZ')
        text = "".join(broken)
        assert "".join(piece for _, _, piece in LEXER.get_tokens_unprocessed(text)) == text


def words_as_read(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each word of a correct text: where it is, and whether the parser takes it as a word of the language."""
    tables = load_tables()
    states = [0]
    for token in tokenize(text):
        if token.kind == END:
            return
        before = list(states)
        assert shift(tables, states, token.kind)
        if token.kind in tables.keywords and token.kind != NEWLINE:
            as_name = list(before)
            taken = shift(tables, as_name, "NAME") and as_name == states and token.kind in tables.soft
            yield token.start, token.text, not taken


def test_a_word_is_coloured_as_the_parser_reads_it() -> None:
    own = {Colour.BLOCK, Colour.CLAUSE, Colour.WORD, Colour.LOGIC, Colour.ANSWER}
    shown_as = {TOKENS[kind] for kind in own}
    right = wrong = 0
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        if re.search(r"^\s*each ", text, re.MULTILINE):
            continue  # a table of examples is written out before it is read
        at = {start: kind for start, kind, _ in coloured(path)}
        for start, _, is_word in words_as_read(text):
            if at.get(start, TOKENS[Colour.UNIT]) is not TOKENS[Colour.UNIT]:  # which is right either way
                same = (at[start] in shown_as) == is_word
                right, wrong = right + same, wrong + (not same)
    assert right > 14_000
    assert wrong / (right + wrong) < 0.01


LINES = """\
program club "The Club" {   # ours
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    money     USD
    earn base "A point" {
        on     purchase where amount >= $1,200.50 and not referred
        give   by status {
            gold  2 points per whole $1
        }
        limit  1 time per rolling 30 days
    }
}
study s {
    compare  with base.give = 12.5%
}
"""


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("program", Keyword.Declaration), ("club", Name.Class), ('"The Club"', String.Double),
        ("# ours", Comment.Single), ("timezone", Keyword), ("2026-01-01", Literal.Date),
        ("USD", Name.Constant),
        ("earn", Keyword.Declaration), ("base", Name.Class), ("on", Keyword), ("purchase", Name),
        ("where", Keyword.Pseudo), (">=", Operator), ("$1,200.50", Number), ("and", Operator.Word),
        ("not", Operator.Word), ("gold", Name.Attribute), ("points", Name), ("30", Number),
        ("days", Keyword.Type), ("base.give", Name.Attribute), ("12.5%", Number),
    ],
)  # fmt: skip
def test_the_kinds_are_told_apart(piece: str, kind: Any) -> None:
    found = [found for _, found, text in LEXER.get_tokens_unprocessed(LINES) if text == piece]
    assert kind in found
    assert found[-1] is kind


def test_the_grammar_of_editors_is_that_of_the_tables() -> None:
    made = textmate_text(load_tables())
    assert (ROOT / TEXTMATE).read_text(encoding="utf-8") == made, (
        "run `python -m loyalty_dsl.language.grammar --write`, and commit what it writes"
    )


@cache
def editor_patterns() -> list[tuple[re.Pattern[str], dict[int, str]]]:
    """The patterns of the grammar of editors in order, each with the scopes of its groups (0: of all)."""
    grammar = json.loads((ROOT / TEXTMATE).read_text(encoding="utf-8"))
    flat = []
    for included in grammar["patterns"]:
        entry = grammar["repository"][included["include"].removeprefix("#")]
        for pattern in entry.get("patterns", [entry]):
            captures = {int(group): scope["name"] for group, scope in pattern.get("captures", {}).items()}
            flat.append((re.compile(pattern["match"]), captures or {0: pattern["name"]}))
    return flat


def scopes_of(text: str) -> Iterator[tuple[int, str]]:
    """The scope of each piece, found as editors do: line by line, the leftmost match, of these the first."""
    start = 0
    for line in text.splitlines(keepends=True):
        at = 0
        while True:
            found = [(match.start(), i, match) for i, (pattern, _) in enumerate(editor_patterns())
                     if (match := pattern.search(line, at)) and match.end() > at]  # fmt: skip
            if not found:
                break
            _, i, match = min(found, key=lambda each: each[:2])
            for group, scope in editor_patterns()[i][1].items():
                if match.start(group) >= 0:
                    yield start + match.start(group), scope
            at = match.end()
        start += len(line)


@pytest.mark.parametrize("name", ["grocery_points", "bring_a_friend", "punch_card"])
def test_editors_see_what_the_lexer_sees(name: str) -> None:
    path = ROOT / "programs" / f"{name}.loyalty"
    kinds = {f"{scope}.loyalty": TOKENS[kind] for kind, scope in _SCOPES.items()}
    seen = [(start, kinds[scope]) for start, scope in scopes_of(path.read_text(encoding="utf-8"))]
    assert seen == [(start, kind) for start, kind, text in coloured(path) if text.strip()]


def test_no_rule_is_idle() -> None:
    kinds = {kind for path in FILES for _, kind, _ in coloured(path)}
    assert set(TOKENS.values()) - kinds == set()
    assert {kind for rule in colour_rules(load_tables()) for kind in rule.kinds} == set(Colour)


def test_pygments_finds_the_lexer_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["pygments.lexers"]["loyalty"].partition(":")
    assert getattr(import_module(module), name) is LoyaltyLexer
