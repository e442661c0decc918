"""Titles and figures in words: computed, so that none can be false."""

from datetime import date
from fractions import Fraction

import attrs
import pytest
from forecast_cases import cut_short, declared, plain, without_cost

from loyalty_dsl.calendar import day_of
from loyalty_dsl.report.headlines import (
    active_title,
    half_redeemed_by,
    headline,
    liability_title,
    triangle_title,
    waterfall_title,
)
from loyalty_dsl.report.wording import (
    cost_text,
    day_text,
    money_text,
    month_text,
    one_line,
    percent_text,
    points_of_percent,
    unit_cost_text,
)


@pytest.mark.parametrize(
    ("minor", "money", "text"),
    [
        (41230012, "USD", "$412,300"),
        (-41230050, "USD", "-$412,301"),
        (1250, "USD", "$12.50"),
        (99999, "USD", "$999.99"),
        (100000, "USD", "$1,000"),
        (0, "GBP", "£0"),
        (1234, "JPY", "JPY 1,234"),
        (0, "SEK", "SEK 0"),
        (-41230050, "CHF", "-CHF 412,301"),
        (50.4, "USD", "$0.50"),
    ],
)
def test_money_is_written_to_the_precision_that_matters(minor, money, text):
    assert money_text(minor, money) == text


def test_figures_carry_their_units():
    assert cost_text(Fraction(4, 5), 1, "USD") == "$0.008"
    assert unit_cost_text(declared().by_currency[0], "USD") == "$0.008 per point (declared cost)"
    assert unit_cost_text(cut_short().by_currency[1], "USD") == "$1 per $1 of credit (reward mix of this run)"
    assert percent_text(Fraction(1, 3)) == "33.3%"
    assert points_of_percent(0.004) == "0.4 pp"
    assert points_of_percent(0.0001) == "under 0.1 pp"
    assert day_text(day_of(date(2029, 12, 31))) == "31 December 2029"
    assert month_text(day_of(date(2029, 12, 31))) == "December 2029"


def test_a_name_keeps_to_its_line_and_hides_nothing():
    assert one_line("a\x1b[31m\u202eb\nc\t d") == "a[31mb c d"


def test_the_headline_says_what_is_owed_for_what():
    made = declared()
    one = made.by_currency[0]
    text = headline(made)
    assert text.startswith("On 29 February 2028 Corner Shop is forecast to owe $")
    assert money_text(one.liability[-1], "USD") in text
    assert f"±{money_text(one.liability_noise[-1], 'USD')} simulation noise" in text
    assert f"{one.total[-1].outstanding:,} points outstanding" in text
    assert f"{percent_text(one.phi[-1])} will be redeemed" in text
    assert "confiden" not in text


def test_the_headline_makes_up_no_liability():
    text = headline(without_cost())
    assert text.endswith("will be outstanding; without a cost there is no liability to show.")


@pytest.mark.parametrize(
    ("year_ago", "last", "words"),
    [(100_000, 112_000, "12% more than a year before"), (100_000, 88_000, "12% less than a year before")],
)
def test_the_liability_title_compares_with_a_year_before(year_ago, last, words):
    made = plain()
    liability = (*[year_ago] * 35, last)
    one = attrs.evolve(made.by_currency[0], liability=liability)
    assert (
        liability_title(one, made)
        == f"The liability is {money_text(last, 'USD')} on 31 December 2029, {words}"
    )


def test_the_liability_title_knows_what_it_does_not_know():
    made = plain()
    level = attrs.evolve(made.by_currency[0], liability=(100_000,) * 36)
    assert liability_title(level, made).endswith("about the same as a year before")
    none = attrs.evolve(made.by_currency[0], liability=None)
    assert liability_title(none, made) == "No liability is known for points"
    short = cut_short()
    assert liability_title(short.by_currency[1], short).startswith("The liability for credit is $")
    assert "before" not in liability_title(short.by_currency[1], short)


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        (500, 1700, "The outstanding balance grows by 1,200 points over the last 12 months"),
        (1700, 500, "The outstanding balance shrinks by 1,200 points over the last 12 months"),
        (500, 500, "The outstanding balance is the same as 12 months before"),
    ],
)
def test_the_waterfall_title_follows_the_balance(before, after, title):
    made = plain()
    one = made.by_currency[0]
    total = [attrs.evolve(month, outstanding=before) for month in one.total]
    total[-1] = attrs.evolve(total[-1], outstanding=after)
    assert waterfall_title(attrs.evolve(one, total=tuple(total)), made) == title


def test_the_triangle_title_gives_the_age_of_the_median_redemption():
    one = plain().by_currency[0]
    triangle = attrs.evolve(
        one.triangle, issued=(100,), redeemed=((10, 20, 30, 20),), expired=((0, 0, 0, 20),)
    )
    fate = attrs.evolve(one.fate, issued=100, redeemed=80, expired=20)
    changed = attrs.evolve(one, triangle=triangle, fate=fate)
    assert half_redeemed_by(changed) == 2
    assert (
        triangle_title(changed) == "Members redeem 80.0% of the points issued, half of that within 2 months"
    )
    at_once = attrs.evolve(changed, triangle=attrs.evolve(triangle, redeemed=((70, 10),)))
    assert triangle_title(at_once).endswith("half of that in the month of issue")
    never = attrs.evolve(changed, fate=attrs.evolve(fate, redeemed=0))
    assert triangle_title(never) == "Members redeem none of the points issued in these months"


def test_the_active_title_counts_the_last_month():
    made = plain()
    last = made.members[-1]
    rate = percent_text(Fraction(last.active, last.enrolled))
    assert (
        active_title(made) == f"{last.active:,} of {last.enrolled:,} members ({rate}) bought in December 2029"
    )
