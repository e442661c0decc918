"""A population to begin with checks and simulates under the program that it is for."""

import re
from pathlib import Path

import pytest

from loyalty_dsl.choosing import choose_population
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.skeletons import population_skeleton
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.loyalty"))
ALONE = re.compile(r"^population .*?^}\n", re.MULTILINE | re.DOTALL)

RESORT = """
program resort {
    money     GBP
    timezone  "Europe/London"
    starts    2026-01-01 by event date
    member { birthday date
             holder yes/no }
    event stay { nights number
                 booked date
                 extras money
                 room one of standard, suite, attic }
    currency points { round down per rule
                      expire never }
    earn base { on    stay where room is suite and nights >= 2 and days since booked >= 3 and extras >= £5
                when  holder
                give  1 point per nights }
}
"""


def book_of(text: str) -> Book:
    file, mistakes = parse_file(SourceText("rules.loyalty", text))
    book, findings = check_book([file])
    assert book is not None, [*mistakes, *findings]
    return book


def text_of(path: Path) -> str:
    return ALONE.sub("", path.read_text())


@pytest.mark.parametrize(
    "text", [*map(text_of, PROGRAMS), RESORT], ids=[*(path.stem for path in PROGRAMS), "resort"]
)
def test_a_skeleton_checks_under_its_program(text: str) -> None:
    book = book_of(text)
    assert not book.populations
    (program,) = book.programs
    with pytest.raises(InputRefused, match="there is no population in these files") as refused:
        choose_population(book)
    skeleton = population_skeleton(program)
    assert refused.value.help is not None
    assert refused.value.help.endswith(skeleton)
    full = book_of(text + skeleton)
    assert not full.set_aside
    (population,) = full.populations
    assert population.program == program.name


def test_what_the_program_knows_nothing_of_is_left_out() -> None:
    skeleton = population_skeleton(book_of(RESORT).programs[0])
    assert "event stay 1 per month" in skeleton
    for word in ("purchases", "returns", "refer", "redeem"):
        assert word not in skeleton
