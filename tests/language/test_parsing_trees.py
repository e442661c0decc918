"""What is written is what the tree holds, with spans that point at it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from trees_as_text import as_text, clauses_of

from loyalty_dsl.language import syntax
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

HERE = Path(__file__).parent

EVERYWHERE = """\
program x {
    event x {
        x  number
    }
    currency x {
        round  down per rule
    }
    earn x {
        on     x where x >= 2
        when   balance of x > 2 x
        give   2 x
        limit  3 x per event
    }
}
scenario "t" for x {
    given   2 x
    on      2026-01-01 x with x 2
    on      2026-01-01 redeem x
}
"""


def cases() -> list[tuple[str, str, str]]:
    lines = [
        line for line in (HERE / "parsing_trees.txt").read_text().splitlines() if line[:1] not in ("", "#")
    ]
    found = []
    for clause, tree in zip(lines[::2], lines[1::2], strict=True):
        place, _, text = clause.partition(": ")
        found.append((place, text.replace("\\n", "\n"), tree.removeprefix("    = ")))
    return found


@pytest.mark.parametrize(("place", "text", "tree"), cases())
def test_a_clause_is_read_as_the_tree_that_the_table_shows(place: str, text: str, tree: str) -> None:
    (node,) = clauses_of(place, text)
    assert as_text(node) == tree


@pytest.mark.parametrize(("place", "text"), [case[:2] for case in cases() if "{" not in case[1]])
def test_the_span_of_a_clause_is_its_text(place: str, text: str) -> None:
    (node,) = clauses_of(place, text)
    shown = text.partition(" = ")[0] if isinstance(node, syntax.CounterClause) else text
    assert node.span.text == shown


def test_the_span_of_a_block_is_its_header() -> None:
    file = parsed('program shop "Shop" {\n  earn base {\n    on purchase\n  }\n}\n')
    (program,) = file.blocks
    assert program.span.text == 'program shop "Shop"'
    (earn,) = program.clauses
    assert earn.span.text == "earn base"
    assert str(earn.span) == "shop.loyalty:2:3"


def test_clauses_keep_their_order() -> None:
    texts = ["on purchase", "give 1 point per $1", "on join", "limit 4 times per event"]
    assert [node.span.text for node in clauses_of("earn", "\n".join(texts))] == texts


def test_trees_of_the_same_text_are_equal_and_hash_alike() -> None:
    source = SourceText("a.loyalty", "program shop {\n  money USD\n}\n")
    first, second = parse_file(source)[0], parse_file(source)[0]
    assert first == second
    assert hash(first.blocks) == hash(second.blocks)
    other = parse_file(SourceText("a.loyalty", "program shop {\n  money EUR\n}\n"))[0]
    assert first.blocks != other.blocks


def test_a_node_cannot_be_changed() -> None:
    (node,) = clauses_of("program", "money USD")
    with pytest.raises(AttributeError):
        node.code = None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_tabs_and_a_byte_order_mark_do_not_matter(end: str) -> None:
    text = '\ufeffprogram shop {\n\tmoney\tUSD   # dollars\n\n\n  # a comment\n\ttimezone "UTC"\n}'
    file = parsed(text.replace("\n", end))
    assert [as_text(clause) for clause in file.blocks[0].clauses] == [
        "MoneyClause(USD)",
        'TimezoneClause("UTC")',
    ]


def test_a_block_may_stand_on_one_line() -> None:
    file = parsed("program shop { item { category one of drink, food } }")
    (item,) = file.blocks[0].clauses
    assert as_text(item) == "ItemBlock([FieldDeclaration(category, one of, [drink, food])])"


@pytest.mark.parametrize("text", ["", "\n", "# nothing but a comment", "\n\n# a\n\n", "\ufeff"])
def test_a_file_may_be_empty(text: str) -> None:
    assert parsed(text).blocks == ()


@pytest.mark.parametrize(
    "name",
    [
        "points",
        "member",
        "spend",
        "item",
        "cost",
        "give",
        "limit",
        "value",
        "price",
        "event",
        "a",
        "status",
        "gift",
        "note",
        "level",
        "counter",
        "group",
        "tier",
        "all",
        "free",
        "by",
        "in",
        "march",
        "plus",
        "hold",
    ],
)
def test_words_of_the_language_are_names_where_a_name_is_wanted(name: str) -> None:
    file = parsed(EVERYWHERE.replace("x", name))
    assert file.blocks[0].name.text == name


def parsed(text: str) -> syntax.File:
    file, found = parse_file(SourceText("shop.loyalty", text))
    assert not found, [str(diagnostic.span) + diagnostic.message for diagnostic in found]
    return file
