"""The derivatives that customer-base models are fitted by are the differences of their likelihoods."""

import numpy as np
import pytest

from loyalty_dsl.calibration import models
from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.models import Form, Leaving


def some_customers() -> Customers:
    """300 of them, some without a repeat purchase and some who bought on the last day."""
    random = np.random.default_rng(1)
    repeats = random.integers(0, 30, 300).astype(float)
    repeats[:50] = 0
    age = random.uniform(5, 104, 300)
    last = np.where(repeats > 0, age * random.uniform(0, 1, 300), 0)
    last[60:64], repeats[60:64] = age[60:64], 3
    return Customers(repeats, last, age, random.normal(0, 1, 300), random.integers(1, 4, 300).astype(float))


@pytest.mark.parametrize("stayers", [False, True])
@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("leaving", list(Leaving))
def test_derivatives_are_differences(leaving: Leaving, k: int, stayers: bool) -> None:
    form, customers = Form(leaving, k, stayers), some_customers()
    values = np.array([1.2, 2.7, 0.6, 50.0, *([1.5, 3.0, 0.4] if stayers else [])])

    def height(logs: "np.ndarray") -> float:
        return float(customers.weight @ models._log_likelihoods(form, np.exp(logs), customers))

    found, slope = models._slope(form, values, customers)
    logs, steps = np.log(values), 1e-5 * np.eye(len(values))
    differences = np.array([(height(logs + step) - height(logs - step)) / 2e-5 for step in steps])
    assert found == pytest.approx(height(logs))
    assert slope == pytest.approx(differences, rel=1e-6, abs=1e-4)


def test_members_alike_share_a_row_and_nothing_is_lost() -> None:
    customers = some_customers()
    twice = Customers(
        *(np.concatenate([getattr(customers, name)] * 2) for name in ("repeats", "last", "age")),
        np.concatenate([customers.log_gaps, customers.log_gaps + 1]),
        np.concatenate([customers.weight, 2 * customers.weight]),
    )
    rows = twice.condensed()
    assert len(rows.repeats) < len(twice.repeats) / 1.9
    form, values = Form(Leaving.ANY_TIME, 3), np.array([1.2, 2.7, 0.6, 50.0])
    whole, parts = (float(one.weight @ models._log_likelihoods(form, values, one)) for one in (twice, rows))
    assert parts == pytest.approx(whole)
