"""The value of a program with partners, to whoever runs it."""

from fractions import Fraction
from pathlib import Path

import pytest

import loyalty_dsl as loyalty
from loyalty_dsl import pipeline
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.report.panels import panels_of
from loyalty_dsl.report.value_json import value_document
from loyalty_dsl.report.value_wording import value_lines

RULES = """
program coalition "Coalition" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase {
        brand  one of grocer, other
    }
    currency points {
        round   down per rule
        expire  never
        cost    $0.004
    }
    earn food {
        on    purchase where brand is grocer
        give  2 points per $1
    }
    earn gift {
        on    purchase where brand is other
        give  1 point per $1
    }
    reward till {
        price  100 points
        give   $0.50 off in full
        cost   100% of face value
    }
    reward mug {
        price  150 points
        give   1 mug
        cost   $0.30
    }
    partner grocer {
        issues    food
        redeems   till
        pays      $0.60 per 100 points issued
        receives  $0.45 per 100 points redeemed
    }
}
population people for coalition {
    start 40 members
    margin MARGIN
    segment all 100% {
        purchases 3 per month
        leave 3% per month
        basket median $30 sigma 0.5
        brand grocer 60%, other 40%
        redeem 60% when a reward is affordable
    }
}
"""


def forecast(folder: Path, margin: str) -> Forecast:
    path = folder / "coalition.loyalty"
    path.write_text(RULES.replace("MARGIN", margin))
    return pipeline.simulate(loyalty.load(path), months=6, sample=40)


def test_what_partners_pay_comes_in_and_their_rewards_cost_what_they_are_repaid(tmp_path: Path) -> None:
    made = forecast(tmp_path, "10%")
    assert made.value is not None
    flows = made.value.plain
    uses = {one.reward.name: sum(one.uses) for one in made.rewards}
    assert uses["till"] > 0 < uses["mug"]
    assert flows.rewards == uses["mug"] * 30  # and nothing for the till, for which the grocer is repaid
    paid = sum(bill.invoiced for bill in made.bills)
    repaid = sum(bill.repaid for bill in made.bills)
    assert flows.settled == paid - repaid
    issued = sum(bill.issued for bill in made.bills)
    assert abs(paid - issued * Fraction(60, 100)) <= len(made.bills)
    assert abs(repaid - uses["till"] * 45) <= len(made.bills)
    assert made.liability is not None
    assert made.value.net == paid - repaid - uses["mug"] * 30 - made.liability[-1]  # nobody reacts


def test_it_is_told_where_value_is(tmp_path: Path) -> None:
    made = forecast(tmp_path, "10%")
    assert made.value is not None
    settled = float(made.value.plain.settled) / 100
    assert value_document(made)["value"]["as_it_comes"]["settled_with_partners"] == pytest.approx(settled)
    assert "from partners, net" in " ".join(value_lines(made))
    (panel,) = [panel for panel in panels_of(made) if panel.kind == "value"]
    assert "From partners, net" in [row[0] for row in panel.table.rows]


def test_who_sells_nothing_has_no_margin(tmp_path: Path) -> None:
    """`margin 0%` is refused without partners, as then nothing could pay for a program."""
    made = forecast(tmp_path, "0%")
    assert made.value is not None
    assert made.value.plain.gained(made.value.margin) == 0
