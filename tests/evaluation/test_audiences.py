"""Audiences: who is in them, and who is held out (AUDIENCE)."""

from fractions import Fraction

import attrs
import pytest
from histories_by_hand import ENGINES, history_of

from loyalty_dsl.evaluation.luck import is_held_out, key_of
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import Program
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

SHOP = """
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {
        round   down per rule
        expire  never
    }
    audience fresh {
        when     days since join < 30
        holdout  25%
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    earn extra {
        on    purchase
        when  member of fresh
        give  100% of base
    }
    reward off {
        price  500 points
        give   $5 off in full
    }
}
"""
MEMBERS = [f"member {number}" for number in range(400)]
DAYS = (0, 29, 30)
"""Of each member's purchases of $10, since the program's start."""


def program_of(text: str) -> Program:
    file, mistakes = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], mistakes)
    assert not [each for each in found if each.severity.value == "error"]
    return book.programs[0]


@pytest.fixture(scope="module")
def shop() -> Program:
    return program_of(SHOP)


def earned(program: Program, engine: Engine, seed: int = 1) -> list[int]:
    """What each member's purchases on `DAYS` earned by `extra`, in dollars."""
    count = len(DAYS)
    history = history_of(
        MEMBERS,
        [number * count for number in range(len(MEMBERS) + 1)],
        [program.starts + day for _ in MEMBERS for day in DAYS],
        [1000] * (count * len(MEMBERS)),
    )
    result = replay(program, history, engine, with_postings=True, seed=seed)
    assert result.postings is not None
    return [sum(row[-1] for row in rows if "extra" in row) for rows in result.postings]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_audience_is_asked_each_time_and_a_holdout_is_for_good(shop: Program, engine: Engine) -> None:
    """AUDIENCE-1, AUDIENCE-2: two purchases of thirty days, or none for who is held out."""
    wanted = [0 if is_held_out(key_of(1, member), shop.audiences[0]) else 20 for member in MEMBERS]
    assert earned(shop, engine) == wanted
    assert 70 <= wanted.count(0) <= 130  # of 400 a quarter, give or take 3.5 standard deviations
    assert earned(shop, engine, seed=2) != wanted


def test_a_larger_holdout_holds_out_the_same_and_more(shop: Program) -> None:
    """AUDIENCE-2: by the name of the audience alone, at its share."""
    (fresh,) = shop.audiences
    larger = attrs.evolve(fresh, holdout=Fraction(1, 2), when=None)
    other = attrs.evolve(fresh, name="other")
    keys = [key_of(9, f"{number}") for number in range(4000)]
    out = {key for key in keys if is_held_out(key, fresh)}
    more = {key for key in keys if is_held_out(key, larger)}
    others = {key for key in keys if is_held_out(key, other)}
    assert out < more
    assert abs(len(out) - 1000) < 4 * (4000 * 0.25 * 0.75) ** 0.5
    assert abs(len(more) - 2000) < 4 * (4000 * 0.5 * 0.5) ** 0.5
    assert abs(len(out & others) - 250) < 4 * (4000 / 16 * 15 / 16) ** 0.5  # independent


def test_without_a_holdout_everybody_is_in(shop: Program) -> None:
    """AUDIENCE-1."""
    whole = program_of(SHOP.replace("        holdout  25%\n", ""))
    assert earned(whole, "reference") == [20] * len(MEMBERS)


NEXT = (
    SHOP.replace("program shop {", "program shop version 2 {")
    .replace(
        "    starts    2026-01-01 by purchase date\n",
        "    replaces version 1 from 2026-02-01 by purchase date\n",
    )
    .replace("days since join < 30", "days since join < 60")
)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_next_version_holds_out_the_same(shop: Program, engine: Engine) -> None:
    """AUDIENCE-2, VERSION-1: who is in an audience may change with a version, who is held out does not."""
    both = program_of(SHOP.replace("program shop {", "program shop version 1 {") + NEXT)
    (audience,) = both.audiences
    assert audience.holdout == Fraction(1, 4)
    count = 2
    days = [day for _ in MEMBERS for day in (both.starts, both.starts + 40)]
    history = history_of(
        MEMBERS, [n * count for n in range(len(MEMBERS) + 1)], days, [1000] * (count * len(MEMBERS))
    )
    result = replay(both, history, engine, with_postings=True)
    assert result.postings is not None
    got = [
        sum(row[-1] for row in rows if any("extra" in str(cell) for cell in row)) for rows in result.postings
    ]
    assert got == [0 if is_held_out(key_of(1, member), audience) else 20 for member in MEMBERS]


def test_an_audience_that_nothing_names_is_told() -> None:
    text = SHOP.replace("        when  member of fresh\n", "")
    _, found = check_book([parse_file(SourceText("shop.loyalty", text))[0]], [])
    assert [each.code for each in found] == ["L619"]


def test_a_version_cannot_change_a_holdout() -> None:
    """AUDIENCE-2."""
    text = SHOP.replace("program shop {", "program shop version 1 {") + NEXT.replace("25%", "30%")
    _, found = check_book([parse_file(SourceText("shop.loyalty", text))[0]], [])
    assert [each.code for each in found if each.severity.value == "error"] == ["L381"]


SCENARIOS = """
scenario "in it" for shop {
    on      2026-02-01 purchase $10.00
    expect  earned 20 points
}
scenario "held out" for shop {
    given   holdout of fresh
    on      2026-02-01 purchase $10.00
    expect  earned 10 points
    on      2026-02-01 purchase $7.00
    expect  earned 7 points
}
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scenario_says_who_is_held_out(engine: Engine) -> None:
    """AUDIENCE-3: nobody otherwise."""
    file, mistakes = parse_file(SourceText("shop.loyalty", SHOP + SCENARIOS))
    book, _ = check_book([file], mistakes)
    results = run_scenarios(book, engine)
    assert [result.passed for result in results] == [True, True]
