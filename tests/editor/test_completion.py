"""What is offered at an offset: what the grammar takes there, and names of the kind that may stand there."""

import importlib
import pkgutil
import re
from pathlib import Path

import attrs
import pytest

from loyalty_dsl import editor
from loyalty_dsl.editor.places import place_at
from loyalty_dsl.editor.roles import DECLARING, ROLES
from loyalty_dsl.language import syntax
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.recovery.trouble import is_word
from loyalty_dsl.language.spelling import CLAUSES

CLUB = """\
program stay_club "Stay Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event stay {
        nights  number
        brand   one of full_service, budget
        online  yes/no
    }
    item { category one of drink, food }
    member { birthday date }
    period stay_year = year from march 1
    currency points "Points" {
        round   half up per rule
        expire  24 months after last stay
    }
    currency miles { round down per rule
                     expire never }
    counter year_nights = nights of stay in calendar year
    tiers status {
        level  member
        level  gold "Gold"  when year_nights >= 25
        level  diamond      when year_nights >= 80
    }
    group promos { combine best of }
    table rates by status { others 1 point per $1 }
    earn base {
        on    stay
        @@
        give  10 points per $1
    }
    earn bonus {
        on    purchase
        give  by status {
            gold    80% of base
            @row@
            others  nothing
        }
    }
    reward five_off { price 500 points
                      give  $5 off in full }
}
@top@
"""


def document_with(line: str, hole: str = "@@") -> tuple[editor.Document, int]:
    """The club with a line in a hole, and the offset of the `|` in it."""
    text = CLUB.replace(hole, line, 1)
    for other in ("@@", "@row@", "@top@"):
        text = text.replace(other, "")
    offset = text.find("|")
    return editor.open_document({"club.loyalty": text.replace("|", "")}), max(offset, 0)


def labels(line: str, hole: str = "@@", *kinds: str) -> list[str]:
    document, offset = document_with(line, hole)
    return [each.label for each in editor.complete(document, offset) if not kinds or each.kind in kinds]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("give 5 |", ["points", "miles", "five_off"]),
        ("give 5 po|", ["points", "miles", "five_off"]),
        ("limit 4 |", ["times", "points", "miles"]),
        ("limit 4 times |", ["per"]),
        ("raise |", ["base", "bonus", "promos"]),
        ("in |", ["promos"]),
        ("when status >= |", ["member", "gold", "diamond"]),
        ("when status is one of gold, |", ["member", "gold", "diamond"]),
        ("on stay where brand is |", ["full_service", "budget", "not", "one"]),
        ("on stay where online is |", ["no", "not", "one", "yes"]),
        ("when balance of |", ["points", "miles"]),
        ("when days since |", ["join", "birthday"]),
        ("for items where category is |", ["drink", "food", "not", "one"]),
        ("give 50% of |", ["base", "bonus", "promos", "amount", "basket", "year_nights", "nights"]),
        ("give from table |", ["rates"]),
        ("give by band of |", ["amount", "basket", "year_nights", "nights"]),
        ("give 5 points to |", ["friend", "recipient"]),
        ("limit 100 points per |",
         ["stay_year", "calendar", "event", "lifetime", "previous", "rolling", "year"]),
        ("limit 100 points per calendar |", ["day", "month", "quarter", "week", "year"]),
        ('"|"', []),
        ("# give |", []),
    ],
)  # fmt: skip
def test_a_line_of_a_rule_is_offered_what_fits(line: str, offered: list[str]) -> None:
    assert labels(line) == offered


@pytest.mark.parametrize(
    ("line", "offered", "kept_out"),
    [
        ("on |", ["stay", "purchase", "birthday", "anniversary"], ["base", "points", "gold"]),
        (
            "when |",
            ["status", "year_nights", "nights", "brand", "has", "not"],
            ["points", "base", "category"],
        ),
        ("on stay where |", ["nights", "brand", "online", "amount"], ["category", "status", "points"]),
        ("for items where |", ["category"], ["brand", "status", "birthday"]),
        ("give by |", ["status", "brand", "online", "date", "band", "slices"], ["nights", "points"]),
        ("give 5 points per |", ["nights", "whole", "$5"], ["brand", "base", "status"]),
        ("when status >= gold and |", ["status", "year_nights", "has"], ["points"]),
        ("when (status >= gold or |", ["status", "year_nights", "has"], ["points"]),
        ("|", ["on", "when", "give", "limit"], ["price", "issue", "money", "level"]),
        ("gi|", ["give"], ["price"]),
        ("dates |", ["from", "through", "december", "2026-01-31"], ["points"]),
    ],
)
def test_names_of_another_kind_are_kept_out(line: str, offered: list[str], kept_out: list[str]) -> None:
    found = set(labels(line))
    assert found >= set(offered)
    assert not found & set(kept_out)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ('scenario "a" for |', ["stay_club"]),
        ('scenario "a" for stay_club {\n    given status |', ["member", "gold", "diamond"]),
        ('scenario "a" for stay_club {\n    on 2026-03-01 stay $5 with brand |', ["full_service", "budget"]),
        (
            'scenario "a" for stay_club {\n    on 2026-03-01 purchase $5 {\n        item $5 with |',
            ["category"],
        ),
        ('scenario "a" for stay_club {\n    on 2026-03-01 redeem |', ["five_off"]),
        ("population some {\n    segment all 100% {\n        payment |", []),
        ("population some {\n    segment all 100% {\n        brand |", ["full_service", "budget"]),
        ("population some {\n    segment all 100% like |", ["grocery", "coffee"]),
        ("study s {\n    require |", ["liability", "breakage"]),
        ("study s {\n    population |", []),
    ],
)
def test_other_blocks_are_offered_their_names(line: str, offered: list[str]) -> None:
    found = labels(line, "@top@")
    names = [each for each in found if each in {*offered, "points", "base", "status"}]
    assert names[: len(offered)] == offered


def test_the_rows_of_a_table_are_the_values_of_its_key() -> None:
    assert labels("|", "@row@", "level") == ["member", "gold", "diamond"]


def test_an_item_says_what_it_replaces_and_what_it_is() -> None:
    document, offset = document_with("give 5 po|")
    item = editor.complete(document, offset)[0]
    start, end = item.edit.range.start_offset, item.edit.range.end_offset
    assert document.text[start:end] == "po"
    assert (item.label, item.kind, item.edit.text) == ("points", "currency", "points")
    assert item.detail == 'currency points "Points"'
    clause = next(each for each in editor.complete(*document_with("li|")) if each.label == "limit")
    assert clause.detail == CLAUSES["earn"]["limit"]
    assert clause.documentation.startswith("At most so much")


def test_mistakes_elsewhere_do_not_matter() -> None:
    document, _ = document_with("when status >= |")
    broken = document.text.replace("combine best of", "combine wurst of").replace("price 500 points", "price")
    broken = broken.replace("counter year_nights = nights", "counter = nights")
    moved = broken.index("when status >= ") + len("when status >= ")
    found = editor.complete(editor.open_document({"club.loyalty": broken}), moved)
    assert [each.label for each in found] == ["member", "gold", "diamond"]


def test_a_brace_that_is_missing_above_does_not_matter() -> None:
    document, _ = document_with("when status >= |")
    broken = document.text.replace("per $1 }\n    earn base", "per $1 \n    earn base")
    moved = broken.index("when status >= ") + len("when status >= ")
    found = editor.complete(editor.open_document({"club.loyalty": broken}), moved)
    assert [each.label for each in found] == ["member", "gold", "diamond"]


def test_names_of_other_files_are_in_scope() -> None:
    document, _ = document_with("")
    text = 'scenario "a" for stay_club {\n    expect status '
    both = editor.open_document({"tests.loyalty": text, "club.loyalty": document.text})
    found = [each.label for each in editor.complete(both, len(text))]
    assert found == ["member", "gold", "diamond"]


def name_fields() -> set[str]:
    """The fields of the syntax tree that hold names, but for those that hold words of the language."""
    found = set()
    for module in pkgutil.iter_modules(syntax.__path__):
        members = vars(importlib.import_module(f"{syntax.__name__}.{module.name}"))
        for cls in members.values():
            if isinstance(cls, type) and attrs.has(cls):
                fields = attrs.fields(cls)
                names = [
                    field.name for field in fields if re.search(r"(?<![\w.])Name(?!\w)", str(field.type))
                ]
                found |= {f"{cls.__name__}.{name}" for name in names}
    return found


WORDS_OF_THE_LANGUAGE = {
    "how", "unit", "word", "order", "side", "type_", "code", "windows", "path", "measure", "per",
}  # fmt: skip


def test_every_name_of_the_tree_has_its_role() -> None:
    missing = name_fields() - DECLARING - set(ROLES)
    assert {each for each in missing if each.split(".")[1] not in WORDS_OF_THE_LANGUAGE} == set()


PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.loyalty"))
MADE_UP = {"Quantity.unit", "AllowanceCost.unit"}
"""What a benefit gives may be called anything."""


@pytest.mark.parametrize("path", PROGRAMS[::4], ids=lambda path: path.stem)
def test_what_a_program_says_is_offered_where_it_says_it(path: Path) -> None:
    """Every word and name of a real program is among what is offered in its place; cells of `each` are not,
    as what stands in them depends on where their column is named."""
    document = editor.open_document({path.name: path.read_text()})
    cells = [found.span() for found in re.finditer(r"^ +each [^}]*\}", path.read_text(), re.MULTILINE)]
    outside = [each for each in document.tokens if not any(a <= each.start < b for a, b in cells)]
    words = [token for token in outside if is_word(token)]
    lacking = []
    for token in words[:: max(1, len(words) // 150)]:
        place = place_at(document, token.start)
        assert place is not None
        steps = place.path_of(token)
        role = f"{type(steps[-2][0]).__name__}.{steps[-2][1]}" if len(steps) > 1 else ""
        if place.is_name(token) and role in DECLARING | MADE_UP:
            continue
        offered = {item.label for item in editor.complete(document, token.start + 1)}
        if token.text not in offered and not offered & set(other_numbers(token.text)):
            lacking.append((token.text, role, document.source.position(token.start)))
    assert lacking == []
