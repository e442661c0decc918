"""One of a thing, and several."""

import pytest

from loyalty_dsl.language.plurals import other_numbers, singular_of


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("points", "point"),
        ("pennies", "penny"),
        ("cookies", "cookie"),
        ("boxes", "box"),
        ("passes", "pass"),
        ("bonuses", "bonus"),
        ("purchases", "purchase"),
        ("miles", "mile"),
        ("days", "day"),
    ],
)
def test_a_regular_plural_has_its_singular_and_the_other_way_round(several: str, one: str) -> None:
    assert singular_of(several) == one
    assert one in other_numbers(several)
    assert several in other_numbers(one)


@pytest.mark.parametrize("name", ["glass", "cash", "bonus", "credit", "s", "plus"])
def test_what_is_no_plural_stays_as_it_is(name: str) -> None:
    assert singular_of(name) == name


def test_the_last_word_of_a_title_is_the_one_in_the_plural() -> None:
    assert singular_of("Bonus points") == "Bonus point"


def test_a_glass_is_not_several_of_something() -> None:
    assert "glas" not in other_numbers("glass")


def test_what_we_write_for_one_can_be_read_back() -> None:
    for name in ("points", "pennies", "houses", "uses", "taxes", "series", "kisses", "gas", "yes", "ties"):
        assert singular_of(name) in (name, *other_numbers(name))
