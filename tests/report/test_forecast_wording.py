"""Titles and figures in words: computed, so that none can be false."""

from datetime import date
from fractions import Fraction

import attrs
import pytest
from forecast_cases import cut_short, declared, plain, without_cost

from loyalty_dsl.calendar import day_of
from loyalty_dsl.forecast.costs import cost_text
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.report.headlines import (
    GIVEN,
    active_title,
    half_redeemed_by,
    headline,
    liability_title,
    redemption_text,
    start_text,
    triangle_title,
    waterfall_title,
)
from loyalty_dsl.report.wording import (
    breakage_text,
    day_text,
    money_text,
    month_text,
    noise_text,
    one_line,
    percent_text,
    points_of_percent,
    unit_cost_text,
    urr_text,
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
    assert cost_text(Fraction(20), 1, "USD") == "$0.20"
    assert unit_cost_text(declared().by_currency[0], "USD") == "$0.008 per point (declared cost)"
    assert (
        unit_cost_text(cut_short().by_currency[1], "USD")
        == "$1 per $1 of credit (what the rewards taken in this run cost)"
    )
    assert percent_text(Fraction(1, 3)) == "33.3%"
    assert points_of_percent(0.004) == "±0.4 percentage points"
    assert points_of_percent(0.0001) == "under ±0.1 percentage points"
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
    one = attrs.evolve(made.by_currency[0], liability=liability, liability_noise=(5_990.0,) * 36)
    assert (
        liability_title(one, made)
        == f"The liability is {money_text(last, 'USD')} on 31 December 2029, {words}"
    )


def test_titles_do_not_report_what_may_be_noise():
    made = plain()
    one = made.by_currency[0]
    liability = (*[100_000] * 35, 112_000)
    one = attrs.evolve(one, liability=liability, liability_noise=(6_010.0,) * 36)
    assert liability_title(one, made).endswith("about the same as a year before")
    total = [attrs.evolve(month, outstanding=500) for month in one.total]
    total[-1] = attrs.evolve(total[-1], outstanding=700)
    one = attrs.evolve(one, total=tuple(total), outstanding_noise=(110.0,) * 36)
    assert waterfall_title(one, made) == "The outstanding balance is about the same as 12 months before"


def test_what_has_not_met_its_fate_makes_bounds_of_the_rates():
    made = cut_short()
    points, credit = made.by_currency
    share = float(points.fate.undetermined_share)
    assert share > 0.01
    assert urr_text(points.fate) == f"at least {percent_text(points.fate.urr)}"
    low, high = points.fate.breakage, points.fate.breakage + points.fate.undetermined_share
    assert breakage_text(points.fate) == f"{percent_text(low)} to {percent_text(high)}"
    assert "forecast to owe at least $" in headline(made)
    assert "of which at least" in headline(made)
    assert "is at least $" in liability_title(credit, made)
    assert triangle_title(points) == (
        f"Members redeem at least {percent_text(points.fate.urr)} of the points issued in these months"
    )


def test_what_has_met_its_fate_is_no_bound():
    fate = plain().by_currency[0].fate
    assert not fate.is_open
    assert urr_text(fate) == percent_text(fate.urr)
    assert breakage_text(fate) == percent_text(fate.breakage)
    assert "at least" not in headline(plain())


def test_redemption_is_called_what_it_is():
    made = plain()
    assert redemption_text(made).startswith("Redemption is an assumption: when they can pay for a reward")
    segment = made.population.segments[0]
    assert f"{percent_text(segment.redeem.chance, 0)} of the time ({segment.name})" in redemption_text(made)
    automatic = tuple(attrs.evolve(reward, taking=Taking.AT_CHECKOUT) for reward in made.program.rewards)
    given = attrs.evolve(made, program=attrs.evolve(made.program, rewards=automatic))
    assert redemption_text(given) == GIVEN
    assert redemption_text(without_cost()) == ""


def test_one_member_has_no_noise_to_show():
    made = plain()
    assert "simulation noise" in headline(made)
    assert "(of one simulated member)" in headline(attrs.evolve(made, sample=1))


def test_the_start_is_told():
    made = plain()
    assert start_text(made) == f"The first {made.population.members:,} members begin with nothing."
    nobody = attrs.evolve(made, population=attrs.evolve(made.population, members=0))
    assert start_text(nobody) == ""


@pytest.mark.parametrize(
    ("noise", "figure", "text"),
    [
        (123_456, 10_000_000, "±$1,235"),
        (5_040, 10_000_000, "±$50"),
        (40, 10_000_000, "under ±$1"),
        (1_250, 50_000, "±$12.50"),
        (0, 10_000_000, "±$0"),
    ],
)
def test_noise_is_written_to_the_digits_of_its_figure(noise, figure, text):
    assert noise_text(noise, figure, "USD") == text


def test_the_liability_title_knows_what_it_does_not_know():
    made = plain()
    level = attrs.evolve(made.by_currency[0], liability=(100_000,) * 36)
    assert liability_title(level, made).endswith("about the same as a year before")
    none = attrs.evolve(made.by_currency[0], liability=None)
    assert liability_title(none, made) == "No liability is known for points"
    short = cut_short()
    assert liability_title(short.by_currency[1], short).startswith("The liability for credit is at least $")
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
    quiet = attrs.evolve(one, total=tuple(total), outstanding_noise=(0.0,) * 36)
    assert waterfall_title(quiet, made) == title


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
