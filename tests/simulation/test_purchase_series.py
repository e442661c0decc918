"""What the events of a ledger say of a member's purchases."""

from datetime import date
from math import log

import polars as pl
import pytest

from loyalty_dsl.calendar import day_of
from loyalty_dsl.valuation.purchase_series import bought_by


def test_purchases_are_summed_up_one_by_one_and_by_day() -> None:
    rows = [
        ("ann", date(2027, 1, 9), "purchase", 500),
        ("bob", date(2027, 1, 2), "other", 0),
        ("ann", date(2027, 1, 2), "purchase", 1000),
        ("ann", date(2027, 1, 9), "purchase", 0),
        ("ann", date(2027, 1, 9), "return", 500),
        ("ann", date(2027, 1, 12), "purchase", 0),
    ]
    found = bought_by(pl.DataFrame(rows, schema=["member", "day", "kind", "basket"], orient="row"))
    assert list(found) == ["ann"]
    ann = found["ann"]
    assert (ann.first, ann.last) == (day_of(date(2027, 1, 2)), day_of(date(2027, 1, 12)))
    assert (ann.purchases.number, ann.purchases.paid, ann.purchases.spend) == (4, 2, 1500)
    assert ann.purchases.log_gaps == pytest.approx(log(7) + log(0.5) + log(3))
    assert (ann.days.number, ann.days.paid, ann.days.spend) == (3, 2, 1500)
    assert ann.days.log_gaps == pytest.approx(log(7) + log(3))
    assert ann.days.logs == pytest.approx(log(1000) + log(500))
    assert ann.days.log_squares == pytest.approx(log(1000) ** 2 + log(500) ** 2)
