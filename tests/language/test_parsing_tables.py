"""The committed tables are the grammar's, and everything that hangs on the grammar follows it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import fill

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import LarkError

from loyalty_dsl.language.automaton import accepted, after, reserved_words
from loyalty_dsl.language.grammar import GRAMMAR, build_tables
from loyalty_dsl.language.not_yet import clause_not_yet
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.spelling import CLAUSES, FIELDS, STAND_INS
from loyalty_dsl.language.tables import TABLES, load_tables
from loyalty_dsl.language.tokens import number_kind, tokenize, word_kind
from loyalty_dsl.language.trees import ACTIONS
from loyalty_dsl.resource_files import resource_path
from loyalty_dsl.source import SourceText

HERE = Path(__file__).parent

OPENINGS = {
    "": "{}",
    "program": "program p {{\n{}\n}}",
    "event": "program p {{\nevent e {{\n{}\n}}\n}}",
    "member": "program p {{\nmember {{\n{}\n}}\n}}",
    "item": "program p {{\nitem {{\n{}\n}}\n}}",
    "currency": "program p {{\ncurrency c {{\n{}\n}}\n}}",
    "earn": "program p {{\nearn e {{\n{}\n}}\n}}",
    "reward": "program p {{\nreward r {{\n{}\n}}\n}}",
    "benefit": "program p {{\nbenefit b {{\n{}\n}}\n}}",
    "referral": "program p {{\nreferral r {{\n{}\n}}\n}}",
    "challenge": "program p {{\nchallenge c {{\n{}\n}}\n}}",
    "transfer": "program p {{\ntransfer r {{\n{}\n}}\n}}",
    "menu": "program p {{\nmenu m {{\n{}\n}}\n}}",
    "option": "program p {{\nmenu m {{\noption o {{\n{}\n}}\n}}\n}}",
    "transition": "program p {{\ntransition {{\n{}\n}}\n}}",
    "tiers": "program p {{\ntiers t {{\n{}\n}}\n}}",
    "membership": "program p {{\nmembership m {{\n{}\n}}\n}}",
    "plan": "program p {{\nmembership m {{\nplan a {{\n{}\n}}\n}}\n}}",
    "group": "program p {{\ngroup g {{\n{}\n}}\n}}",
    "partner": "program p {{\npartner g {{\n{}\n}}\n}}",
    "counter": "program p {{\ncounter c = purchases in calendar year {{\n{}\n}}\n}}",
    "audience": "program p {{\naudience g {{\n{}\n}}\n}}",
    "allowance": "program p {{\nallowance g {{\n{}\n}}\n}}",
    "returns": "program p {{\nreturns {{\n{}\n}}\n}}",
    "by": "program p {{\nearn e {{\ngive by status {{\n{}\n}}\n}}\n}}",
    "population": "population p {{\n{}\n}}",
    "responses": "population p {{\nresponses {{\n{}\n}}\n}}",
    "segment": "population p {{\nsegment s 1% {{\n{}\n}}\n}}",
    "segment event": "population p {{\nsegment s 1% {{\nevent e 1 per day {{\n{}\n}}\n}}\n}}",
    "scenario": 'scenario "s" for p {{\n{}\n}}',
    "study": "study s {{\n{}\n}}",
    "source": "source s {{\n{}\n}}",
    "on": 'scenario "s" for p {{\non 2026-01-01 purchase {{\n{}\n}}\n}}',
}


def diagnostics_of(text: str) -> list[str]:
    return [diagnostic.message for diagnostic in parse_file(SourceText("t.loyalty", text))[1]]


def test_the_committed_tables_are_those_of_the_grammar() -> None:
    built = build_tables(resource_path(GRAMMAR).read_text(encoding="utf-8"))
    assert resource_path(TABLES).read_text(encoding="utf-8") == built


def test_a_changed_grammar_makes_other_tables() -> None:
    grammar = resource_path(GRAMMAR).read_text(encoding="utf-8")
    assert build_tables(grammar.replace('"oldest"', '"eldest"')) != build_tables(grammar)


def test_every_rule_of_the_grammar_has_a_row_and_no_row_is_left_over() -> None:
    wanted = {production.action for production in load_tables().productions} - {"", "="}
    assert set(ACTIONS) == wanted


def test_reading_a_program_imports_neither_lark_nor_pickle() -> None:
    code = (
        "import sys; from loyalty_dsl.language.parsing import parse_file; "
        "from loyalty_dsl.source import SourceText; "
        "parse_file(SourceText('a', 'program p {\\n money USD\\n}')); "
        "print([name for name in ('lark', 'pickle', 'loyalty_dsl.language.recovery') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def lark() -> Lark:
    grammar = resource_path(GRAMMAR).read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", strict=True)


WITH_A_TABLE = re.compile(r"^scenario [^\n]*\{\n\s*each .*?^\}\n", re.MULTILINE | re.DOTALL)
"""A scenario with examples, which are written out before anything is parsed."""


def test_lark_itself_reads_the_same_files(lark: Lark) -> None:
    """The driver of the tables accepts what Lark's own parser accepts, and refuses what it refuses."""
    good = sorted(Path(resource_path("programs")).glob("*.loyalty"))
    bad = sorted((HERE / "malformed").glob("*.loyalty"))
    assert good
    for path in good:
        text = path.read_text(encoding="utf-8")
        lark.parse(WITH_A_TABLE.sub("", text))
        assert diagnostics_of(text) == []
    for path in bad:
        text = path.read_bytes().decode("utf-8")
        assert diagnostics_of(text)
        if path.stem == "nesting":
            continue  # a limit of ours, not of the grammar
        with pytest.raises(LarkError):
            lark.parse(text)


LINES = resource_path("programs/square_visits.loyalty").read_text(encoding="utf-8").splitlines()
WORDS = sorted({word for line in LINES for word in line.partition("#")[0].split()})


@settings(max_examples=60, deadline=None)
@given(
    at=st.integers(0, len(LINES) - 1),
    where=st.integers(0, 9),
    word=st.sampled_from(WORDS),
    insert=st.booleans(),
)
def test_nothing_is_read_that_lark_refuses(lark: Lark, at: int, where: int, word: str, insert: bool) -> None:
    """Not the other way: Lark reads `one` as `on e`, and `1,0000` as two numbers."""
    words = LINES[at].split()
    words[where : where + (not insert)] = [word]
    text = "\n".join([*LINES[:at], " ".join(words), *LINES[at + 1 :], ""])
    if not diagnostics_of(text):
        lark.parse(text)


def test_every_example_of_a_clause_parses_in_its_block() -> None:
    examples = [(place, example) for place, clauses in CLAUSES.items() for example in clauses.values()]
    for place, example in [*examples, *FIELDS.items()]:
        if place == "by" and example.startswith("columns"):
            continue  # a table of columns alone is none: the rows are in the tests of trees
        body = example.replace("NAME", "name").replace("PROGRAM", "name")
        text = OPENINGS[place].format(body + ("\n}" if body.endswith("{") else ""))
        assert diagnostics_of(text) == [], text


def test_every_leading_word_of_the_grammar_has_an_example() -> None:
    tables = load_tables()
    for place, clauses in CLAUSES.items():
        before = OPENINGS[place].partition("{}")[0].replace("{{", "{")
        stack = after(tables, [0], list(tokenize(before))[:-1])
        assert stack is not None
        leading = tables.keywords & set(accepted(tables, stack))
        rules = ("earn", "reward", "benefit", "referral", "transfer")  # one body in the grammar
        rule = {word for each in rules for word in CLAUSES[each]}
        cases = {"yes", "no"} if place == "by" else set()
        assert leading == (rule if place in rules else set(clauses) | cases)


def test_nothing_that_is_read_is_said_to_be_unsupported() -> None:
    for place, clauses in CLAUSES.items():
        for word in clauses:
            assert clause_not_yet(place, word) is None


def test_stand_ins_are_of_their_kind() -> None:
    for kind, text in STAND_INS.items():
        assert (
            text if kind == "STRING" else word_kind(text) if text[0].isalpha() else number_kind(text)
        ) in (kind, text)


def published_words() -> str:
    """The reserved words as docs/language.md lists them."""
    never = set(load_tables().keywords - load_tables().soft)
    sentences = {
        "Never names:": [word for word in reserved_words() if word in never],
        "Names except where the word itself could stand:": [w for w in reserved_words() if w not in never],
    }
    listed = (f"{head} {', '.join(f'`{word}`' for word in words)}." for head, words in sentences.items())
    return "\n\n".join(fill(line, 110, break_on_hyphens=False) for line in listed)


def test_the_page_lists_the_reserved_words(repository: Path) -> None:
    path = repository / "docs" / "language.md"
    page = path.read_text(encoding="utf-8")
    start, end = "<!-- reserved words: generated -->\n\n", "\n\n<!-- end of reserved words -->"
    before, rest = page.split(start)
    listed, after_it = rest.split(end)
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        listed = published_words()
        path.write_text(before + start + listed + end + after_it, encoding="utf-8")
    assert listed == published_words(), "run this test with LOYALTY_UPDATE_GOLDENS=1"


def test_reserved_words_are_published_and_few() -> None:
    words = reserved_words()
    assert {"and", "or", "not", "is", "where", "per"} <= set(words)
    plain = {"points", "member", "members", "spend", "item", "cost", "price", "day", "status", "gift", "note"}
    assert not (plain | {"friend", "month", "november", "level", "tier", "balances", "counter"}) & set(words)
    assert len(words) <= 81
