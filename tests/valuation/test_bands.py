"""The band of a ledger's valuation: from what past valuations missed by, and none without one."""

from math import sqrt

import pytest

from loyalty_dsl.valuation.bands import COMMON_YEAR, band_of, past_errors
from loyalty_dsl.valuation.estimates import estimates
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle
from loyalty_dsl.valuation.periods import Periods


def triangle(months: int, used: tuple[tuple[int, ...], ...]) -> LedgerTriangle:
    """1,000 units a month that live two months more; row i of `used` holds by age what is redeemed of month
    i, and the last one goes on. What is left after age 2 is lost at age 3."""

    def row(i: int) -> tuple[int, ...]:
        return (*used[min(i, len(used) - 1)], 0)

    redeemed = tuple(tuple((*row(i), *[0] * months)[: months - i]) for i in range(months))
    lost = tuple(tuple((0, 0, 0, 1000 - sum(row(i)), *[0] * months)[: months - i]) for i in range(months))
    return LedgerTriangle(Periods(tuple(range(0, 30 * months + 1, 30))), (1000,) * months, redeemed, lost, ())


def test_valuations_that_were_right_leave_the_judgement() -> None:
    steady = triangle(9, ((300, 200, 100),))
    assert past_errors(steady) == pytest.approx([0.0] * 3)  # at ages 3, 4 and 5 of the oldest month
    band = band_of(steady, estimates(steady.development, steady.issued, steady.held))
    assert band is not None
    assert band.valuations == 3
    assert band.missed == pytest.approx(0, abs=1e-12) == band.estimator
    assert band.half_width == pytest.approx(COMMON_YEAR * 1.6448536 / 1.9599640, rel=1e-6)
    future = 100 + (200 + 100)
    assert (band.low, band.high) == pytest.approx(
        (future * (1 - band.half_width), future * (1 + band.half_width))
    )


def test_what_a_past_valuation_missed_by() -> None:
    """Members redeem half as much of what is issued from the fourth month on: at the end of the fourth, the
    oldest rates expect 300 of it and 100 of the month before; 150 and 100 come."""
    changed = triangle(7, ((300, 200, 100), (300, 200, 100), (300, 200, 100), (300, 100, 50)))
    assert past_errors(changed) == pytest.approx([400 / 250 - 1])
    band = band_of(changed, estimates(changed.development, changed.issued, changed.held))
    assert band is not None
    assert band.missed == pytest.approx(1.6448536 * 0.6, rel=1e-6)
    assert band.half_width == pytest.approx(sqrt(band.missed**2 + band.estimator**2 + band.common_year**2))


def test_a_young_ledger_has_no_band() -> None:
    young = triangle(6, ((300, 200, 100),))
    assert past_errors(young) == ()
    assert band_of(young, estimates(young.development, young.issued, young.held)) is None
