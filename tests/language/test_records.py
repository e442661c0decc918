"""A record is what `attrs.frozen` makes of the same class."""

from fractions import Fraction

import attrs
import pytest

from loyalty_dsl.language.records import record


@record
class Share:
    name: str
    part: Fraction
    noted: int = attrs.field(default=0, eq=False, repr=False)


@record
class Whole:
    pass


@record
class Other:
    name: str
    part: Fraction


def test_records_are_equal_by_their_compared_fields() -> None:
    half = Share("a", Fraction(1, 2), 1)
    assert half == Share("a", Fraction(1, 2), 2)
    assert hash(half) == hash(Share("a", Fraction(1, 2), 2))
    assert half != Share("a", Fraction(1, 3), 1)
    assert half != Other("a", Fraction(1, 2))
    assert Whole() == Whole()
    assert hash(Whole()) == hash(Whole())
    assert Whole() != half


def test_a_record_shows_its_fields() -> None:
    assert repr(Share("a", Fraction(1, 2), 1)) == "Share(name='a', part=Fraction(1, 2))"
    assert repr(Whole()) == "Whole()"


def test_a_record_is_frozen_yet_evolves() -> None:
    half = Share("a", Fraction(1, 2))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        half.name = "b"  # type: ignore[misc]
    assert attrs.evolve(half, name="b") == Share("b", Fraction(1, 2))
