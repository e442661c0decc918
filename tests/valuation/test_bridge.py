"""The bridge between two valuations: its worked case, and that its terms always sum."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.valuation import Valuation, ValuedVintage, bridge


def valuation(month: int, cost: str, urr: str, *vintages: tuple[int, int, int, int, str]) -> Valuation:
    rows = tuple(ValuedVintage(m, i, r, o, Fraction(f)) for m, i, r, o, f in vintages)
    return Valuation(month, Fraction(cost), Fraction(urr), rows)


def test_the_worked_case() -> None:
    """40 held at a rate of 25%, then 100 issued at 70% expected and 65 redeemed."""
    before = valuation(0, "10", "7/10", (0, 100, 60, 40, "10"))
    after = valuation(1, "12", "7/10", (0, 100, 70, 30, "6"), (1, 100, 55, 34, "12"))
    found = bridge(before, after)
    assert found.opening == 100
    assert found.volume == 50  # 10 + 70 - 65 = 15 expected
    assert found.experience == 10  # 64 held at 25%: 16
    assert found.assumptions == 20  # 18 expected now
    assert found.cost_per_point == 36
    assert found.closing == 216


def test_nothing_happened() -> None:
    same = valuation(3, "1/3", "1/2", (1, 100, 60, 40, "31/7"))
    found = bridge(same, same)
    assert (found.volume, found.experience, found.assumptions, found.cost_per_point) == (0, 0, 0, 0)


def test_only_forwards_and_with_the_same_months() -> None:
    one, other = valuation(1, "1", "1"), valuation(2, "1", "1", (1, 1, 0, 1, "1"))
    with pytest.raises(ValueError, match="earlier valuation to a later"):
        bridge(other, one)
    with pytest.raises(ValueError, match="lacks months"):
        bridge(valuation(1, "1", "1", (0, 1, 0, 1, "1")), other)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Valuation, Valuation]:
    def one(month: int) -> Valuation:
        rows = []
        for issue in range(month + 1):
            issued = 1_000 * (issue + 1)
            redeemed = draw(st.integers(0, issued))
            held = draw(st.integers(0, issued - redeemed))
            future = draw(st.fractions(0, held, max_denominator=9)) if held else Fraction(0)
            rows.append(ValuedVintage(issue, issued, redeemed, held, future))
        cost = draw(st.fractions(0, 3, max_denominator=1_000))
        return Valuation(month, cost, draw(st.fractions(0, 1, max_denominator=20)), tuple(rows))

    return one(2), one(4)


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_the_terms_sum(pair: tuple[Valuation, Valuation]) -> None:
    found = bridge(*pair)
    terms = found.volume + found.experience + found.assumptions + found.cost_per_point
    assert found.opening + terms == found.closing
    assert found.opening == pair[0].liability
    assert found.closing == pair[1].liability
