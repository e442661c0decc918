"""Quantities are exact, and rounding is the one that was named."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_dsl.quantities import Rounding, display_number, format_money, format_units, rounded, spell_money

amounts = st.fractions(min_value=0, max_value=10**12)


@pytest.mark.parametrize(
    ("exact", "half_up", "down", "up"),
    [("0", 0, 0, 0), ("5/2", 3, 2, 3), ("12/5", 2, 2, 3), ("13/5", 3, 2, 3), ("1/999", 0, 0, 1)],
)
def test_each_rounding_of_an_exact_amount(exact: str, half_up: int, down: int, up: int) -> None:
    """NUM-3: an exact amount is rounded once, as the currency says."""
    amount = Fraction(exact)
    assert rounded(amount, Rounding.HALF_UP) == half_up
    assert rounded(amount, Rounding.DOWN) == down
    assert rounded(amount, Rounding.UP) == up


@given(amounts)
def test_rounding_moves_an_amount_by_less_than_a_unit(amount: Fraction) -> None:
    """NUM-3"""
    assert 0 <= amount - rounded(amount, Rounding.DOWN) < 1
    assert 0 <= rounded(amount, Rounding.UP) - amount < 1
    assert -Fraction(1, 2) < rounded(amount, Rounding.HALF_UP) - amount <= Fraction(1, 2)


@given(amounts, amounts)
def test_postings_of_a_running_total_sum_to_the_rounded_total(first: Fraction, second: Fraction) -> None:
    """NUM-4: rounding a running total loses nothing between postings."""
    for rounding in Rounding:
        postings = [rounded(first, rounding), rounded(first + second, rounding) - rounded(first, rounding)]
        assert sum(postings) == rounded(first + second, rounding)
        assert min(postings) >= 0


def test_money_is_written_as_people_write_it() -> None:
    assert format_money(123456, "USD") == "$1,234.56"
    assert format_money(-50, "GBP") == "-£0.50"
    assert format_money(12345, "CAD") == "$123.45"


def test_money_without_a_sign_of_its_own_is_written_with_its_code() -> None:
    assert format_money(1200, "JPY") == "JPY 1,200"
    assert format_money(5, "KWD") == "KWD 0.005"
    assert format_money(-738, "CHF") == "-CHF 7.38"


def test_rule_files_write_a_money_without_a_sign_with_a_dollar_sign() -> None:
    assert spell_money(1200, "JPY") == "$1,200"
    assert spell_money(-50, "GBP") == "-£0.50"


def test_units_are_written_in_the_display_unit() -> None:
    assert format_units(1250, 1) == "1,250"
    assert format_units(-1250, 100) == "-12.50"
    assert display_number(1250, 1) == 1250
    assert display_number(1250, 100) == 12.5
