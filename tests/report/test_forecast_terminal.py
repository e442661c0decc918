"""The forecast on one screen."""

from datetime import date
from fractions import Fraction
from functools import cache

import attrs
import pytest
from forecast_cases import HOSTILE, cut_short, declared, hostile, one_month, plain, without_cost
from toy_ledger import toy_program, toy_trajectories

from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.style import PLAIN, Style
from loyalty_dsl.report.terminal import BLOCKS, liability_chart, render_forecast


def shown(made, style=PLAIN):
    return render_forecast(made, provenance_of(made), style)


@pytest.mark.parametrize("made", [plain, declared, one_month])
def test_it_fits_a_screen(made):
    lines = shown(made()).splitlines()
    assert len(lines) <= 34
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("width", [40, 60, 72, 200])
def test_no_line_is_wider_than_the_terminal_or_eighty(width):
    lines = shown(plain(), Style(colour=False, width=width)).splitlines()
    assert max(map(len, lines)) <= min(80, max(60, width))


def test_it_says_what_a_reader_must_know_beside_the_liability():
    text = " ".join(shown(plain()).split())
    for words in ("Going concern:", "simulation noise", "URR", "breakage", "Outstanding", "Reward cost"):
        assert words in text
    assert "Assumed costs bear 100% of the liability." in text
    assert "$5 off: cost $4.25 assumed programs/corner_shop.loyalty:8:32" in text
    assert "seed 1" in text
    assert "confidence" not in text


def test_rows_are_the_years_and_tie_to_the_figures():
    made = declared()
    rows = [line.split() for line in shown(made).splitlines() if line.startswith("2027 Q")]
    assert [row[1] for row in rows] == ["Q1", "Q2", "Q3", "Q4"]
    months = made.by_currency[0].total
    assert rows[0][2] == f"{sum(month.issued for month in months[:3]):,}"
    assert rows[3][5] == f"{months[11].outstanding:,}"


WORDS = ("Issued", "Redeemed", "Expired", "Outstanding", "Liability")


@cache
def sized(size, money, months):
    program = attrs.evolve(toy_program(2), money=money)
    return forecast(toy_trajectories(months=months, sample=60, weight=Fraction(size), program=program))


@pytest.mark.parametrize("width", [60, 64, 68, 72, 76, 78, 79, 80])
@pytest.mark.parametrize("size", [1, 30, 10**3, 10**5, 10**8])
@pytest.mark.parametrize("money", ["USD", "JPY"])
@pytest.mark.parametrize("months", [17, 24])
def test_no_figure_and_no_heading_is_ever_cut(width, size, money, months):
    made = sized(size, money, months)
    text = shown(made, Style(colour=False, width=width))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    headings = [line.split() for line in text.splitlines() if "Outstanding " in line and "Issued" in line]
    assert len(headings) == 2
    assert all(set(WORDS) <= set(line) for line in headings)
    assert (headings[0][:2] == ["in", "JPY"]) == (money == "JPY")


def test_large_figures_are_written_in_thousands_or_millions():
    made = forecast(toy_trajectories(months=17, sample=60, weight=Fraction(10**5)))
    row = next(line.split() for line in shown(made).splitlines() if line.startswith("2027 "))
    issued = sum(month.issued for month in made.by_currency[0].total[:12])
    assert row[1] == f"{issued / 10**6:,.0f}m"


def test_years_of_which_only_some_months_are_reported_say_which():
    made = forecast(toy_trajectories(months=29, sample=20, first_day=date(2027, 4, 1)))
    lines = [line[:12].strip() for line in shown(made).splitlines() if line.startswith("202")]
    assert lines[:3] == ["2027 Apr-Dec", "2028", "2029 Jan-Aug"]


def test_an_unknown_reward_cost_is_not_nothing():
    """REDEEM-6"""
    rows = [line.split() for line in shown(cut_short()).splitlines() if line.startswith("2027 Q1")]
    assert [row[-1] == "unknown" for row in rows] == [False, True]


def test_colour_adds_codes_and_nothing_else():
    made = plain()
    coloured = shown(made, Style(colour=True, width=80))
    assert "\x1b[" in coloured
    assert "\x1b" not in shown(made)


def test_the_chart_reaches_its_top_at_the_highest_month():
    made = plain()
    values = [0] * 35 + [1000_00]
    lines = liability_chart(values, made, 78)
    assert lines[0].split() == ["$1,000", "█"]
    assert lines[3].startswith("     $0 ")
    assert lines[3].endswith("█")
    assert set("".join(line[8:] for line in lines[:4])) <= set(BLOCKS)
    assert lines[4].split()[:2] == ["2027-01", "2029-12"]


def test_a_long_forecast_still_fits_the_chart():
    made = plain()
    assert max(map(len, liability_chart(list(range(1, 361)), made, 78))) <= 78


def test_an_unknown_fate_is_told():
    text = " ".join(shown(cut_short()).split())
    assert "fate unknown" in text
    assert "their fate is unknown" in text


def test_a_program_without_a_cost_shows_no_liability():
    text = " ".join(shown(without_cost()).split())
    assert "no liability to show" in text
    assert "█" not in text


def test_a_hostile_name_cannot_steer_the_terminal():
    text = shown(hostile())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert HOSTILE.split("\x1b")[0][:20] in text
