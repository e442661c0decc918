"""What `simulate` values, and `loyalty bridge` between two saved forecasts, as a user meets them."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

Command = Callable[..., Any]

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  6 months after earning
        spend   soonest to expire first
        worth   $0.01
        cost    COST assumed
    }
    earn base "Base" {
        on    purchase
        give  1 point per whole $1
    }
    reward off "Off" {
        price  200 points
        give   $2.00 off up to the basket
        cost   $2.00
    }
}
population people {
    start  2,000 members
    FITTED
    segment all 100% {
        purchases  2 per month spread 0.5
        basket     median $20.00 sigma 0.5
        redeem     60% when a reward is affordable
    }
}
"""
FITTED = 'fitted from "log.csv" through 2026-12-31 parameter error 5% holdout error 4%'
SAMPLE = ("--sample", "500", "--months", "14")


@pytest.fixture
def rules(tmp_path: Path) -> Callable[..., Path]:
    def written(cost: str = "$0.008", fitted: str = "") -> Path:
        path = tmp_path / f"corner{cost[1:]}{len(fitted)}.loyalty"
        path.write_text(RULES.replace("COST", cost).replace("FITTED", fitted))
        return path

    return written


def valuation(loyalty: Command, *words: object) -> dict[str, Any]:
    ran = loyalty("simulate", *words, *SAMPLE, "--format", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_the_basis_says_which_liability_is_quoted(loyalty: Command, rules: Callable[..., Path]) -> None:
    path = rules()
    going, ended = (
        valuation(loyalty, path, "--basis", basis)["valuation"] for basis in ("going-concern", "run-off")
    )
    assert (going["basis"], ended["basis"]) == ("going concern", "run-off")
    assert going["liability"] == going["going_concern"]["liability"] == ended["going_concern"]["liability"]
    assert ended["liability"] == ended["run_off"]["liability"] < going["liability"]
    text = loyalty("simulate", path, *SAMPLE, "--basis", "run-off").out
    assert "if earning stops then" in " ".join(text.split())


def test_a_forecast_is_valued_at_any_months_end(loyalty: Command, rules: Callable[..., Path]) -> None:
    path = rules()
    whole = valuation(loyalty, path)
    then = valuation(loyalty, path, "--at", "2027-06-30")
    assert then["valuation"]["day"] == "2027-06-30"
    assert then["valuation"]["going_concern"]["liability"] == whole["monthly"][5]["liability"]
    assert "--at 2027-06-30" in then["command"]
    ran = loyalty("simulate", path, *SAMPLE, "--at", "2027-06-15")
    assert ran.code == 2
    assert "no reported month ends on 2027-06-15" in ran.err
    assert "2027-06-30 is the end of its month" in " ".join(ran.err.split())


def test_parameters_are_drawn_where_a_fit_states_its_error(
    loyalty: Command, rules: Callable[..., Path]
) -> None:
    path = rules(fitted=FITTED)
    plain = valuation(loyalty, path)["valuation"]
    drawn = valuation(loyalty, path, "--parameters", "4")["valuation"]
    layers = [{layer["id"]: layer for layer in each["layers"]} for each in (plain, drawn)]
    assert layers[0]["parameters"]["half_width"] is None
    assert "--parameters" in layers[0]["parameters"]["says"]
    assert 0 < layers[1]["parameters"]["half_width"] < drawn["liability"]
    assert layers[1]["model"]["half_width"] == pytest.approx(0.04 * drawn["liability"], abs=0.01)
    bare = valuation(loyalty, rules(), "--parameters", "4")["valuation"]
    assert "never calibrated" in {layer["id"]: layer for layer in bare["layers"]}["parameters"]["says"]


def test_a_bridge_explains_two_saved_forecasts(
    loyalty: Command, rules: Callable[..., Path], tmp_path: Path
) -> None:
    early, late, dear = (tmp_path / f"{name}.json" for name in ("early", "late", "dear"))
    for path, words in (
        (early, (rules(), "--at", "2027-06-30")),
        (late, (rules(), "--at", "2028-02-29")),
        (dear, (rules("$0.010"), "--at", "2028-02-29")),
    ):
        path.write_text(loyalty("simulate", *words, *SAMPLE, "--format", "json").out)
    ran = loyalty("bridge", early, late, "--format", "json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    schema = json.loads(files("loyalty_dsl.report").joinpath("schemas/bridge.schema.json").read_text())
    jsonschema.validate(found, schema)
    terms = found["total"]
    for path, end in ((early, "opening"), (late, "closing")):
        saved = json.loads(path.read_text())
        assert terms[end] == saved["valuation"]["going_concern"]["liability"]
    moved = sum(terms[term] for term in ("volume", "experience", "assumptions", "cost_per_point"))
    assert terms["opening"] + moved == pytest.approx(terms["closing"])
    assert terms["cost_per_point"] == pytest.approx(0, abs=0.02)
    dearer = json.loads(loyalty("bridge", late, dear, "--format", "json").out)["total"]
    assert dearer["cost_per_point"] == pytest.approx(dearer["closing"] - dearer["opening"], abs=0.02)
    assert "Cost per point" in loyalty("bridge", late, dear).out


def test_a_bridge_says_what_it_cannot_read(
    loyalty: Command, rules: Callable[..., Path], tmp_path: Path
) -> None:
    early, late = tmp_path / "early.json", tmp_path / "late.json"
    early.write_text(loyalty("simulate", rules(), *SAMPLE, "--at", "2027-06-30", "--format", "json").out)
    late.write_text(loyalty("simulate", rules(), *SAMPLE, "--format", "json").out)
    wrong = tmp_path / "wrong.json"
    for text, message in (
        ("{", "is not JSON"),
        ("[]", "is no forecast"),
        (json.dumps({"format": "loyalty.simulate/1"}), "holds no valuation"),
        (json.dumps({"format": "loyalty.simulate/1", "valuation": 3, "money": "USD"}), "is not as"),
    ):
        wrong.write_text(text)
        ran = loyalty("bridge", wrong, late)
        assert ran.code == 2
        assert message in " ".join(ran.err.split())
    assert loyalty("bridge", tmp_path / "none.json", late).code == 2
    backwards = loyalty("bridge", late, early)
    assert backwards.code == 2
    assert "write the earlier one first" in backwards.err
    other = json.loads(late.read_text()) | {"program": "another"}
    wrong.write_text(json.dumps(other))
    assert "a bridge explains one program" in " ".join(loyalty("bridge", early, wrong).err.split())
