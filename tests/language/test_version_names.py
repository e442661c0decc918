"""Versions of a program as others see them: by name, by path, beside each other (VERSION-1, VERSION-2)."""

from pathlib import Path

import pytest

from loyalty_dsl.calendar import day_of
from loyalty_dsl.choosing import choose_population, choose_program
from loyalty_dsl.decisions.paths import paths_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.in_force import conditions_in_force, of_one_name, reward_on
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.pipeline import load
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText
from loyalty_dsl.versions import choose_versions

HERE = Path(__file__).parent
STARBUCKS = HERE.parents[1] / "programs" / "starbucks.loyalty"
CLUB = HERE.parent / "testing" / "versions.loyalty"


@pytest.fixture(scope="module")
def starbucks() -> Book:
    return load(STARBUCKS)


def test_a_program_is_its_newest_version_and_each_version_has_a_name(starbucks: Book) -> None:
    assert [program.name for program in starbucks.programs] == ["starbucks"]
    assert [program.name for program in starbucks.earlier] == ["starbucks version 1"]
    assert choose_program(starbucks).name == "starbucks"
    assert choose_program(starbucks, "starbucks version 1").ladders == ()
    with pytest.raises(InputRefused, match="starbucks version 3"):
        choose_program(starbucks, "starbucks version 3")


def test_parts_that_say_the_same_stand_once(starbucks: Book) -> None:
    (program,) = starbucks.programs
    assert [rule.name for rule in program.earns] == [
        "base_version_1", "cup_flat", "cup_double_version_1", "double_star_day",
        "base", "cup_double", "gold_double_days", "reserve_double_days",
    ]  # fmt: skip
    names = [reward.name for reward in program.rewards]
    assert len(names) == len(set(names))
    assert "customization" in names
    assert not any(name.endswith("version_1") for name in names)


def test_members_of_the_newest_version_also_live_under_an_earlier_one(starbucks: Book) -> None:
    people = choose_population(starbucks, None, "starbucks version 1")
    assert (people.name, people.program) == ("coffee_drinkers", "starbucks version 1")


def test_a_version_is_compared_with_the_one_that_it_replaced(starbucks: Book) -> None:
    versions = choose_versions(starbucks, starbucks)
    assert versions.old.program.name == "starbucks version 1"
    assert versions.new.program.name == "starbucks"
    alone = load(HERE.parents[1] / "programs" / "punch_card.loyalty")
    same = choose_versions(alone, alone)
    assert same.old.program is same.new.program


def test_numbers_of_an_earlier_version_have_paths_of_their_own(starbucks: Book) -> None:
    paths = {path.path: path for path in paths_of(starbucks.sources)}
    assert paths["customization.price"].value == 25
    assert paths["starbucks.version_1.customization.price"].value == 25
    assert paths["starbucks.version_1.base.give.starbucks_card"].owner == "starbucks"
    assert "base.give.starbucks_card" not in paths


def test_a_reward_is_that_of_the_version_of_the_day() -> None:
    program = load(CLUB).program("club")
    assert program is not None
    newest = program.reward("off")
    assert newest is not None
    on = [
        program.rewards[reward_on(program, newest.index, day_of_text(day))].name
        for day in ("2026-03-09", "2026-03-10", "2026-08-31", "2026-09-01")
    ]
    assert on == ["off_version_1", "off_version_2", "off_version_2", "off"]
    assert {program.rewards[each].name for each in of_one_name(program, newest.index)} == set(on)


def test_a_level_asks_for_one_thing_at_a_time() -> None:
    program = load(CLUB).program("club version 2")
    assert program is not None
    silver = program.ladders[0].levels[1]
    assert silver.when is not None
    turn = day_of_text("2026-03-10")
    assert [(first == turn, until == turn) for first, until, _ in conditions_in_force(silver.when)] == [
        (False, True), (True, False),
    ]  # fmt: skip


def test_versions_may_be_in_several_files() -> None:
    text = CLUB.read_text(encoding="utf-8").partition("scenario ")[0]
    parts = [f"program club{part}" for part in text.split("program club")[1:]]
    files = [parse_file(SourceText(f"{number}.loyalty", part))[0] for number, part in enumerate(parts)]
    for order in (files, files[::-1]):
        book, found = check_book(order)
        assert [one.message for one in found if one.is_error] == []
        assert book is not None
        assert [program.name for program in book.earlier] == ["club version 1", "club version 2"]


def day_of_text(text: str) -> int:
    from datetime import date

    return day_of(date.fromisoformat(text))
