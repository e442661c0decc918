"""The JSON of forecasts and replays: its schema, its identities and its bytes."""

import json
from datetime import date
from fractions import Fraction
from importlib.resources import files
from itertools import accumulate

import attrs
import numpy as np
import pytest
from forecast_cases import SOURCE, cut_short, declared, hostile, one_month, plain, without_cost
from jsonschema import Draft202012Validator
from toy_ledger import FIVE_OFF, toy_program, toy_trajectories

from loyalty_dsl.evaluation.ledger import Totals
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.replay_figures import ReplayFigures
from loyalty_dsl.report.replay_json import replay_json
from loyalty_dsl.report.replay_terminal import render_replay
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.transactions.refused import RefusedRow


def schema(name):
    loaded = json.loads(files("loyalty_dsl.report").joinpath(f"schemas/{name}.schema.json").read_text())
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded)


@pytest.mark.parametrize("made", [plain, cut_short, declared, without_cost, one_month, hostile])
def test_a_forecast_follows_its_schema(made):
    document = json.loads(forecast_json(made(), provenance_of(made())))
    schema("simulate").validate(document)
    assert next(iter(document)) == "format"
    assert document["format"] == "loyalty.simulate/1"


def test_the_schema_refuses_what_it_does_not_know():
    document = json.loads(forecast_json(plain(), provenance_of(plain())))
    assert not schema("simulate").is_valid(document | {"surprise": 1})
    assert not schema("simulate").is_valid({key: value for key, value in document.items() if key != "basis"})
    assert not schema("simulate").is_valid(document | {"format": "loyalty.simulate/2"})


def test_the_same_figures_give_the_same_bytes():
    first, second = (forecast(toy_trajectories(sample=80)) for _ in range(2))
    assert forecast_json(first, provenance_of(first)) == forecast_json(second, provenance_of(second))
    other = forecast(toy_trajectories(sample=80, seed=2))
    assert forecast_json(first, provenance_of(first)) != forecast_json(other, provenance_of(other))


def test_the_ledger_identity_holds_in_the_document():
    document = json.loads(forecast_json(cut_short(), provenance_of(cut_short())))
    for name, currency in document["currencies"].items():
        out = currency["redeemed"] + currency["expired"] + currency["reversed"]
        assert currency["issued"] - out == pytest.approx(currency["outstanding"])
        assert currency["pending"] <= currency["outstanding"]
        months = [month["currencies"][name] for month in document["monthly"]]
        flows = accumulate(m["issued"] - m["redeemed"] - m["expired"] for m in months)
        assert [m["outstanding"] for m in months] == pytest.approx(list(flows))
        assert months[-1]["outstanding"] == currency["outstanding"]
        assert sum(m["issued"] for m in months) == pytest.approx(currency["issued"])
        fates = ("urr", "breakage", "taken_back", "undetermined")
        assert sum(currency[fate] for fate in fates) == pytest.approx(1)


def test_amounts_are_in_display_units():
    made = declared()
    document = json.loads(forecast_json(made, provenance_of(made)))
    points = document["currencies"]["points"]
    assert points["outstanding"] == made.by_currency[0].total[-1].outstanding
    assert points["cost_per_unit"] == 0.008
    assert points["liability"] == made.by_currency[0].liability[-1] / 100
    assert points["liability"] == document["liability"] == document["monthly"][-1]["liability"]


def test_it_can_be_made_again():
    document = json.loads(forecast_json(plain(), provenance_of(plain())))
    assert document["command"] == (
        "loyalty simulate programs/corner_shop.loyalty --population shoppers"
        " --sample 400 --months 36 --seed 1"
    )
    (name, digest), *_ = document["inputs"].items()
    assert name == SOURCE.name
    assert len(digest) == 64


FIGURES = ReplayFigures(
    program=toy_program(2),
    engine="reference",
    rows=1200,
    events=1100,
    members=1,
    bad_rows=(RefusedRow.because(17, "no amount"),),
    refused=(RefusedRow.because(20, "not enough points"),) * 5,
    as_of=20_818,
    totals=(
        Totals(issued=4_519_934, redeemed=3_718_000, expired=210_169, pending=12, outstanding=591_765),
        Totals(issued=12_345, redeemed=10_000, outstanding=2345),
    ),
    inputs={"a.csv": "0" * 64},
    version="1",
)


def test_a_replay_follows_its_schema_and_is_exact():
    document = json.loads(replay_json(FIGURES))
    schema("replay").validate(document)
    assert next(iter(document)) == "format"
    assert document["currencies"]["points"] == {
        "issued": 4519934,
        "redeemed": 3718000,
        "expired": 210169,
        "reversed": 0,
        "pending": 12,
        "outstanding": 591765,
    }
    assert document["currencies"]["credit"]["outstanding"] == 23.45
    assert document["as_of"] == "2026-12-31"
    assert document["refused"]["count"] == 5


def test_a_replay_is_told_in_a_few_lines():
    text = render_replay(FIGURES, PLAIN)
    assert len(text.splitlines()) <= 10
    assert max(map(len, text.splitlines())) <= 80
    assert "1,200 rows, 1,100 events, 1 member · by the reference evaluator" in text
    assert "State at the end of 31 December 2026." in text
    row = next(line for line in text.splitlines() if line.startswith("Points")).split()
    assert row[1:] == ["4,519,934", "3,718,000", "210,169", "0", "12", "591,765"]
    assert "$123.45" in text
    assert "! 1 row left out: row 17: no amount" in text
    assert "! 5 requests refused: row 20: not enough points" in text


def test_the_command_says_another_first_day():
    made = forecast(toy_trajectories(sample=40, months=3, first_day=date(2027, 4, 1)))
    assert " --from 2027-04-01 " in provenance_of(made).command


def test_a_reward_cost_that_nobody_declares_is_null():
    """REDEEM-6"""
    program = attrs.evolve(toy_program(), rewards=(attrs.evolve(FIVE_OFF, cost=None),))
    made = forecast(toy_trajectories(sample=60, program=program))
    document = json.loads(forecast_json(made, provenance_of(made)))
    schema("simulate").validate(document)
    assert {month["reward_cost"] for month in document["monthly"]} == {None}
    assert document["currencies"]["points"]["reward_cost_per_unit"] == 0.025


def test_the_shares_of_what_was_issued_make_one():
    made = cut_short()
    document = json.loads(forecast_json(made, provenance_of(made)))
    for one in document["currencies"].values():
        assert one["undetermined"] > 0
        assert one["urr"] + one["breakage"] + one["undetermined"] == pytest.approx(1)


def test_units_taken_back_are_told():
    t = toy_trajectories(sample=50, weight=Fraction(1))
    back = np.zeros_like(t.issued)
    back[0, :, -1] = t.outstanding[0, :, -1]
    made = forecast(attrs.evolve(t, reversed=back, pending=np.zeros_like(t.pending)))
    document = json.loads(forecast_json(made, provenance_of(made)))
    assert document["currencies"]["points"]["reversed"] == back.sum() > 0
    assert document["monthly"][-1]["currencies"]["points"]["reversed"] == back.sum()
    assert document["currencies"]["points"]["outstanding"] == 0
