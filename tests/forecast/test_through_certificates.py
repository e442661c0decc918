"""Points that become certificates keep their promise when those are used."""

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import loyalty_dsl as loyalty
from loyalty_dsl.forecast.deferring import roll_forward_at
from loyalty_dsl.forecast.through_certificates import certificate_of, ends_of
from loyalty_dsl.forecast.triangles import Triangle
from loyalty_dsl.valuation.rollforward import RollForward

RULES = """\
program notes "Notes" {
    money     USD
    timezone  "UTC"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  12 months after earning
        worth   $0.10
    }
    currency cash "Cash Notes" in money {
        round   down per rule
        expire  2 months after earning
        cost    $0.50 assumed
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    reward note {
        price  100 points
        give   $10 cash
        issue  automatically
    }
    reward use_note {
        price  $10 cash
        give   $10 off in full
        cost   50% of face value
    }
}
population people {
    start  400 members on 2026-01-01
    segment all 100% {
        purchases  2 per month
        leave      4% per month
        basket     median $30 sigma 0.6
        redeem     60% when a reward is affordable
    }
}
"""


def of(**changes: object) -> SimpleNamespace:
    return SimpleNamespace(triangle=Triangle(**changes))


def test_points_go_as_the_certificates_of_their_month() -> None:
    """The worked case, in months from January: bought in March, used in April, lapsed in September."""
    nothing = ((0,) * 9,) * 3
    points = of(issued=(100, 0, 0), redeemed=((0, 0, 100, 0, 0, 0, 0, 0, 0), *nothing[1:]), expired=nothing)
    used, lapsed = (0, 600, 0, 0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0, 400, 0, 0)
    certificates = of(issued=(0, 0, 1_000), redeemed=(*nothing[:2], used), expired=(*nothing[:2], lapsed))
    found = ends_of(points, certificates)
    assert found.redeemed[0] == (0, 0, 0, 60, 0, 0, 0, 0, 0)
    assert found.lost[0] == (0, 0, 0, 0, 0, 0, 0, 0, 40)
    assert ends_of(points, None).redeemed[0] == points.triangle.redeemed[0]


def test_a_month_after_the_reported_ones_goes_as_all_of_them_together() -> None:
    nothing = ((0,) * 4,) * 2
    points = of(issued=(10, 0), redeemed=((0, 0, 10, 0), nothing[1]), expired=nothing)
    certificates = of(
        issued=(30, 10), redeemed=((30, 0, 0, 0), (0, 0, 0, 0)), expired=((0, 0, 0, 0), (0, 10, 0, 0))
    )
    found = ends_of(points, certificates)
    assert found.redeemed[0] == (0, 0, Fraction(30, 4), 0)
    assert found.lost[0] == (0, 0, 0, Fraction(10, 4))


def test_a_forecast_defers_until_certificates_are_used(tmp_path: Path) -> None:
    path = tmp_path / "notes.loyalty"
    path.write_text(RULES)
    made = loyalty.simulate(loyalty.load([path]), population="people", sample=400, months=12)
    one, cash = made.by_currency
    assert certificate_of(one, made) is cash
    roll = roll_forward_at(one, 11, made)
    assert isinstance(roll, RollForward)
    assert roll.closing > 0
    ends = ends_of(one, cash)
    for issued, used, lost in zip(one.triangle.issued, ends.redeemed, ends.lost, strict=True):
        assert sum(used) + sum(lost) <= issued
    first = roll.rows[0]
    part = sum(ends.redeemed[0]) * made.weight * 10
    assert abs(first.deferred - first.sales * part / (first.sales + part)) <= 1
    assert isinstance(why := roll_forward_at(cash, 11, made), str)
    assert "defer nothing of their own" in why
