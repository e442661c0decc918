"""Sections on levels, rules and rewards: titles and figures that are those of the forecast."""

import json
from importlib.resources import files
from pathlib import Path

import attrs
import pytest
from forecast_cases import plain
from jsonschema import Draft202012Validator

from loyalty_dsl import pipeline
from loyalty_dsl.forecast.assumptions import assumptions_of
from loyalty_dsl.forecast.triangles import Triangle
from loyalty_dsl.report.findings import (
    limits_text,
    rewards_title,
    rules_title,
    tier_mix_text,
    tier_moves_title,
)
from loyalty_dsl.report.headlines import headline
from loyalty_dsl.report.html import forecast_page
from loyalty_dsl.report.panels import panels_of
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.quiet_balances import is_quiet, quiet_text
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terminal import render_forecast

PROGRAMS = Path(__file__).parents[2] / "programs"


def made_of(name):
    return pipeline.simulate(pipeline.load(PROGRAMS / f"{name}.loyalty"), sample=600, months=14)


@pytest.mark.parametrize("name", ["nordy_club", "bronze_silver_gold", "delta_medallion", "southwest"])
def test_every_kind_of_program_has_its_page_its_screen_and_its_document(name):
    made = made_of(name)
    provenance = provenance_of(made)
    page = forecast_page(made, provenance)
    for panel in panels_of(made):
        assert panel.name in page
        assert {len(row) for row in panel.table.rows} <= {len(panel.table.header)}
    schema = json.loads(files("loyalty_dsl.report").joinpath("schemas/simulate.schema.json").read_text())
    document = json.loads(forecast_json(made, provenance))
    Draft202012Validator(schema).validate(document)
    for ladder in document["ladders"]:
        for month, members in zip(ladder["monthly"], document["monthly"], strict=True):
            assert sum(month["members"].values()) == members["members"]
    assert max(map(len, render_forecast(made, provenance, PLAIN).splitlines())) <= 80


def test_a_program_without_a_currency_owes_nothing():
    made = made_of("bronze_silver_gold")
    assert made.liability is None and made.owed == ()
    text = render_forecast(made, provenance_of(made), PLAIN)
    assert "owe them" in text and "Going concern" not in text and "$0" not in text


def test_a_count_that_nobody_can_use_has_no_liability():
    made = made_of("delta_medallion")
    miles, *counts = made.by_currency
    assert counts and all(one.is_score for one in counts) and not miles.is_score
    assert made.liability == miles.liability
    assert "a count that cannot be used" in render_forecast(made, provenance_of(made), PLAIN)


def test_what_points_become_is_owed_beside_them():
    made = made_of("nordy_club")
    points, notes = made.by_currency
    assert made.liability == tuple(a + b for a, b in zip(points.liability, notes.liability, strict=True))
    note, use = made.rewards
    assert note.cost is None and sum(note.given) == pytest.approx(
        sum(m.issued for m in notes.total), rel=0.01
    )
    assert made.reward_cost == use.cost
    assert "Points redeemed become notes" in render_forecast(made, provenance_of(made), PLAIN)
    assert any(month.reversed for month in points.total)


def test_points_as_money_are_told_in_money_and_not_in_cents_as_times():
    made = made_of("nordy_club")
    document = json.loads(forecast_json(made, provenance_of(made)))
    note, use = document["rewards"]
    assert use["uses"] is None and use["off"] > 0
    assert note["uses"] == sum(month["reward_uses"] for month in document["monthly"]) > 0
    row = next(row for panel in panels_of(made) if panel.name == "rewards" for row in panel.table.rows[1:])
    assert row[1] == "as money"
    free = tuple(attrs.evolve(one, cost=None) for one in made.rewards)
    assert "is used most" in rewards_title(attrs.evolve(made, rewards=free))
    assert rewards_title(attrs.evolve(made, rewards=free[1:])).startswith("Pay with a Note took $")


def test_rules_that_never_pay_and_limits_that_never_bind_are_named():
    made = plain()
    idle = attrs.evolve(made.rules[1], times=0)
    assert rules_title(made) == "Every rule paid"
    assert rules_title(attrs.evolve(made, rules=(made.rules[0], idle))) == "Welcome never paid"
    limits = made_of("nordy_club").limits
    assert limits[0].owner == "Influencer's bonus day"
    quiet = tuple(attrs.evolve(limit, members=0, cuts=0) for limit in limits)
    assert limits_text(quiet).startswith("3 of 3 limits never bound (Influencer's bonus day")
    assert limits_text(()) == ""
    bound = tuple(attrs.evolve(limit, members=0, cuts=1) for limit in limits)
    assert limits_text(bound) == "every limit bound somebody"


def test_a_membership_is_told_in_plans_and_its_fees_are_no_assumption():
    made = made_of("prime")
    (ladder,) = made.ladders
    mix = tier_mix_text(ladder)
    assert " 0.0% " not in f" {mix}" and "nobody holds any of the other 6 plans and trials" in mix
    moved = tier_moves_title(ladder, made)
    assert moved.startswith("Members take a plan ") and "from a trial to paying" in moved
    assert "rise" not in moved and "fall" not in moved
    panels = {panel.name: panel for panel in panels_of(made)}
    assert "student annual" not in panels["tier-mix-0"].table.header
    assert "Not shown, as nobody ever held them: trial student monthly" in panels["tier-mix-0"].reading
    assert "x is twelve moves" in panels["tier-moves-0"].reading
    assert not any("fee" in one.what or "refunds" in one.what for one in made.assumptions)
    assert any(one.what == "Prime, cost per month" for one in made.assumptions)
    page = forecast_page(made, provenance_of(made))
    assert "Cost of benefits" in page and "Fees of members" in page
    assert "for rewards paid with points" in page
    assert "By plan of Prime: " in page and "what members are charged" not in page


def test_levels_that_nobody_left_never_fall():
    made = made_of("bronze_silver_gold")
    ladder = made.ladders[0]
    still = attrs.evolve(ladder, moves=tuple(tuple((0,) for _ in row) for row in ladder.moves))
    assert tier_moves_title(still, made) == "Members keep their level for all of 14 months"
    up = tuple(
        tuple((2,) if (i, j) == (0, 1) else (0,) for j in range(len(ladder.moves)))
        for i in range(len(ladder.moves))
    )
    assert tier_moves_title(attrs.evolve(ladder, moves=up), made).startswith(
        "Members rise 2 times and never fall in"
    )


def test_what_no_reward_takes_and_is_worth_nothing_is_a_count():
    made = made_of("dropbox")
    assert all(one.is_score for one in made.by_currency) and made.owed == ()
    assert not any(panel.name.startswith(("triangle", "vintages")) for panel in panels_of(made))
    whose = [one.what for one in made.assumptions]
    assert whose.count("Extra space, cost per month") == 1 and "Referrals done" not in whose
    text = " ".join(render_forecast(made, provenance_of(made), PLAIN).split())
    assert "more in fees than benefits cost in the last 12 months" in text
    assert "-$" not in text and "unknown" not in text


def test_balances_that_cost_nothing_at_the_end_are_one_sentence():
    made = made_of("assembly")
    giving = made.by_currency[0]
    assert is_quiet(giving, made) and not is_quiet(made.by_currency[1], made)
    assert quiet_text(made).startswith("Nothing is owed at the end for Points to give (")
    assert not any(panel.name.endswith("-0") for panel in panels_of(made) if "tier" not in panel.name)
    assert not any("for giving" in one.message for one in made.notices)
    nothing = attrs.evolve(made, by_currency=(giving,))
    assert not is_quiet(giving, nothing) and quiet_text(nothing) == ""


def test_months_without_an_issue_are_blank_and_not_redeemed_by_none():
    made = plain()
    one = made.by_currency[0]
    rows = ((0,) * len(one.triangle.redeemed[0]), *one.triangle.redeemed[1:])
    gap = attrs.evolve(
        one, triangle=attrs.evolve(one.triangle, issued=(0, *one.triangle.issued[1:]), redeemed=rows)
    )
    panel = next(p for p in panels_of(attrs.evolve(made, by_currency=(gap,))) if p.kind == "triangle")
    assert set(panel.table.rows[0][1:]) == {""} and "%" in panel.table.rows[1][1]
    assert panel.reading.endswith("nothing was issued are blank.")


def test_a_headline_sums_up_many_small_balances():
    made = plain()
    one = made.by_currency[0]
    owed = tuple(attrs.evolve(one, liability=(amount,)) for amount in (9_900_000, 5_000, 2_000, 1_000))
    told = headline(attrs.evolve(made, by_currency=owed))
    assert told.count("outstanding") == 1 and "and $80.00 of it for 3 other balances" in told
    assert headline(attrs.evolve(made, by_currency=owed[:3])).count("outstanding") == 3


def test_shares_of_a_menu_name_it():
    loaded = pipeline.load(PROGRAMS / "marriott.loyalty")
    written = [one.written for one in assumptions_of(loaded.programs[0], loaded.populations[0], ())]
    assert any(one.startswith("choose choice_50: ") for one in written)


def test_vintages_add_up_and_are_quarters_of_longer_forecasts():
    rows = tuple((6, 2, *(0,) * (38 - i)) for i in range(36))
    triangle = Triangle(issued=(10,) * 36, redeemed=rows, expired=rows, reversed=())
    vintages = triangle.vintages()
    assert len(vintages) == 12
    assert (vintages[0].issued, vintages[0].redeemed) == (30, 24)
    assert (vintages[-1].redeemed, vintages[-1].outstanding) == (22, -14)
    short = attrs.evolve(triangle, issued=(10,) * 24, redeemed=rows[:24], expired=rows[:24])
    assert len(short.vintages()) == 24
