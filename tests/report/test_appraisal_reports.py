"""Appraisals in words, JSON and on the screen: true to their figures, each basis named."""

import json
from fractions import Fraction
from functools import cache

import attrs
import pytest
from forecast_cases import cut_short, declared, hostile, one_month, plain, without_cost
from test_forecast_json import schema

from loyalty_dsl.forecast.appraising import Basis, appraise
from loyalty_dsl.forecast.layers import Layer
from loyalty_dsl.language.population import Fitted
from loyalty_dsl.report.appraisal_wording import (
    bases_text,
    estimator_text,
    layers_text,
    quoted_headline,
)
from loyalty_dsl.report.headlines import headline
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terminal import render_forecast
from loyalty_dsl.report.wording import day_text, money_text


@cache
def appraised(case, basis=Basis.GOING_CONCERN, month=None):
    return appraise(case(), month=month, basis=basis)


@pytest.mark.parametrize("case", [plain, cut_short, declared, without_cost, one_month, hostile])
@pytest.mark.parametrize("basis", Basis)
def test_an_appraisal_follows_the_schema_and_fits_the_screen(case, basis):
    made = appraised(case, basis) if case is not hostile else appraise(case(), basis=basis)
    provenance = provenance_of(made.forecast)
    document = json.loads(forecast_json(made.forecast, provenance, made))
    schema("simulate").validate(document)
    text = render_forecast(made.forecast, provenance, PLAIN, made)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text and "\u202e" not in text


def test_the_json_sums_and_splits():
    made = appraised(plain)
    document = json.loads(forecast_json(made.forecast, provenance_of(made.forecast), made))["valuation"]
    points = document["currencies"]["points"]
    assert sum(row["future_redemptions"] for row in points["lots"]) == pytest.approx(
        points["future_redemptions"]
    )
    assert points["current"] + points["non_current"] == pytest.approx(points["liability"])
    terms = points["bridge"]
    moved = sum(terms[term] for term in ("volume", "experience", "assumptions", "cost_per_point"))
    assert terms["opening"] + moved == pytest.approx(terms["closing"])
    assert terms["closing"] == document["going_concern"]["liability"]
    for row in points["deferred"]["rows"]:
        left = row["opening"] + row["deferred"] - row["recognised"] - row["catch_up"] - row["breakage"]
        assert left == pytest.approx(row["closing"])


def test_the_headline_is_the_forecasts_own_unless_asked_otherwise():
    made = appraised(plain)
    assert quoted_headline(made) == headline(made.forecast)
    ended = appraised(plain, Basis.RUN_OFF)
    assert "if earning stops then" in quoted_headline(ended)
    assert money_text(ended.run_off[0], "USD") in quoted_headline(ended)
    early = appraised(plain, Basis.GOING_CONCERN, 5)
    assert f"On {day_text(early.day)} " in quoted_headline(early)
    assert money_text(early.forecast.liability[5], "USD") in quoted_headline(early)


def test_both_bases_are_named_beside_their_figures():
    made = appraised(plain)
    text = bases_text(made)
    assert f"going concern {money_text(made.going_concern[0], 'USD')}" in text
    assert f"run-off, if nobody earned after it, {money_text(made.run_off[0], 'USD')}" in text
    assert f"{money_text(made.currencies[0].current, 'USD')} is used within a year" in text
    assert not bases_text(appraised(without_cost))


def test_the_estimator_is_said_to_be_off_by_what_it_is_off():
    each = appraised(plain).currencies[0]
    found = each.found.headline
    less = attrs.evolve(found, future=tuple(0.9 * each.future / len(found.future) for _ in found.future))
    more = attrs.evolve(found, future=tuple(1.2 * each.future / len(found.future) for _ in found.future))
    told = [
        estimator_text(attrs.evolve(each, found=attrs.evolve(each.found, headline=one)))
        for one in (less, more)
    ]
    assert "10.0% less than members go on to redeem" in told[0]
    assert "20.0% more than members go on to redeem" in told[1]
    assert not estimator_text(attrs.evolve(each, found=None))


def test_layers_are_told_apart():
    made = appraised(plain)
    assert "it was never calibrated" in layers_text(made)
    span = made.forecast.population.span
    fitted = Fitted("x.csv", 0, Fraction(1, 50), Fraction(1, 25), None, span)
    population = attrs.evolve(made.forecast.population, fitted=fitted)
    layers = tuple(
        attrs.evolve(layer, half_width=40_000.0) if layer.id == "model" else layer for layer in made.layers
    )
    known = attrs.evolve(made, forecast=attrs.evolve(made.forecast, population=population), layers=layers)
    assert "the parameters of the fit, not known; the model itself, ±$400.00" in layers_text(known)
    assert all(isinstance(layer, Layer) for layer in layers)
    assert not layers_text(appraised(without_cost))


def test_a_kind_of_program_warns_where_its_rates_are_unlike_others():
    made = appraise(plain(), kind="card")
    assert "American Express" in made.outside[0]
    assert "as transcribed" in made.outside[0]
    assert made.outside[0] in " ".join(
        line.strip()
        for line in render_forecast(plain(), provenance_of(plain()), PLAIN, made)
        .replace("\n  ", " ")
        .splitlines()
    )
    assert appraised(plain).outside == ()
