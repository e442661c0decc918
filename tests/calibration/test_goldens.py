"""Published fits and figures of CDNOW (Fader, Hardie and Lee 2005), gamma-gamma, sBG and BG/BB."""

import csv
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from cdnow_cases import UNTIL, data_file, needs_cdnow, purchases

from loyalty_dsl.calibration import coin_dropout
from loyalty_dsl.calibration.customers import Customers, summarise
from loyalty_dsl.calibration.models import (
    Fit,
    Form,
    Leaving,
    alive_chances,
    expected_future,
    expected_repeats,
    fit,
    repeat_frequencies,
)
from loyalty_dsl.calibration.spending import fit_gamma_gamma, mean_spends
from loyalty_dsl.calibration.yearly_models import fit_bg_bb, fit_sbg, sbg_survival

WEEK = 7
CURVES = Path(__file__).parent / "data/cdnow_weekly_curves.csv"
BG, MBG, PARETO = Form(Leaving.AFTER_REPEATS), Form(Leaving.AFTER_PURCHASES), Form(Leaving.ANY_TIME)


@cache
def customers(name: str = "sample") -> Customers:
    return summarise(purchases(name), UNTIL, WEEK)


@cache
def fitted(form: Form) -> Fit:
    return fit(form, customers())


@needs_cdnow
@pytest.mark.parametrize(
    ("form", "parameters", "within", "log_likelihood", "errors"),
    [
        (
            BG,
            {"r": 0.242593, "alpha": 4.413532, "a": 0.792886, "b": 2.425754},
            {"r": 5e-4, "alpha": 5e-4, "a": 5e-4, "b": 5e-4},
            -9582.4256,
            (0.0126, 0.378, 0.186, 0.705),
        ),
        (
            PARETO,
            {"r": 0.553276, "alpha": 10.577612, "s": 0.606213, "beta": 11.667905},
            {"r": 2e-3, "alpha": 2e-3, "s": 2e-3, "beta": 5e-3},
            -9594.9739,
            (0.048, 0.843, 0.187, 6.21),
        ),
        (
            MBG,
            {"r": 0.524838, "alpha": 6.182992, "a": 0.891356, "b": 1.613999},
            {"r": 5e-4, "alpha": 5e-4, "a": 5e-4, "b": 5e-4},
            -9582.1327,
            (0.083, 0.696, 0.155, 0.538),
        ),
    ],
    ids=["bg_nbd", "pareto_nbd", "mbg_nbd"],
)
def test_the_fits_of_the_cdnow_sample(
    form: Form,
    parameters: dict[str, float],
    within: dict[str, float],
    log_likelihood: float,
    errors: tuple[float, ...],
) -> None:
    found = fitted(form)
    assert customers().count == 2357
    for name, value in parameters.items():
        assert found.parameters[name] == pytest.approx(value, abs=within[name])
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert list(found.standard_errors.values()) == pytest.approx(errors, rel=0.02)


@needs_cdnow
def test_expectations_of_a_new_customer() -> None:
    weeks = np.array([1.0, 10, 39, 52, 78])
    assert expected_repeats(fitted(BG), weeks) == pytest.approx(
        [0.0532, 0.4318, 1.1950, 1.4440, 1.8580], abs=6e-5
    )
    assert expected_repeats(fitted(PARETO), weeks) == pytest.approx(
        [0.0510, 0.4278, 1.2134, 1.4734, 1.9099], abs=6e-5
    )


def test_the_published_conditional_expectation() -> None:
    """1.226 repeat purchases in 39 weeks of a customer with x = 2, t_x = 30.43, T = 38.86."""
    one = Customers(*(np.array([value]) for value in (2, 30.43, 38.86, 0, 1)))
    found = coin_dropout.expected_future(np.array([0.243, 4.414, 0.793, 2.426]), one, np.array([39.0]), 1, 0)
    assert found[0, 0] == pytest.approx(1.226, abs=5e-4)


@needs_cdnow
def test_the_frequency_histogram() -> None:
    known = customers()
    observed = np.bincount(np.minimum(known.repeats, 7).astype(int))
    assert observed.tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    expected = repeat_frequencies(fitted(BG), known.age, 7).sum(axis=0)
    assert expected == pytest.approx([1407.68, 460.32, 192.46, 101.16, 59.85, 38.12, 25.55, 71.85], abs=0.02)
    assert float(((observed - expected) ** 2 / expected).sum()) == pytest.approx(4.82, abs=0.01)
    pareto = repeat_frequencies(fitted(PARETO), known.age, 7).sum(axis=0)  # published by simulation
    assert pareto == pytest.approx([1432.1, 398.3, 194.4, 110.9, 69.7, 45.4, 31.7, 74.5], rel=0.03)


@needs_cdnow
def test_the_cumulative_tracking_curves() -> None:
    """Week by week to week 78: the data and the three fits, computed apart from this package."""
    days = purchases("sample")
    repeat = np.diff(days.member, prepend=-1) == 0
    first = days.first_day
    with CURVES.open() as file:
        rows = list(csv.DictReader(file))
    starts = days.first_days()
    for form, column in ((BG, "BG"), (MBG, "MBG"), (PARETO, "PN")):
        for row in rows[9::17]:
            end = first + WEEK * int(row["week"])
            ages = np.maximum(0, end - starts) / WEEK
            assert expected_repeats(fitted(form), ages).sum() == pytest.approx(float(row[column]), rel=0.01)
    actual = [int((days.day[repeat] < first + WEEK * int(row["week"])).sum()) for row in rows]
    assert actual == pytest.approx([float(row["actual"]) for row in rows], abs=25)


@needs_cdnow
def test_conditional_expectations_by_repeats() -> None:
    known = customers()
    future = expected_future(fitted(BG), known, np.array([39.0]))[:, 0]
    means = [future[np.minimum(known.repeats, 7) == x].mean() for x in range(8)]
    assert means == pytest.approx([0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], abs=1.5e-3)
    assert future.sum() == pytest.approx(1653.4, abs=0.5)


@needs_cdnow
def test_who_is_alive_is_told_by_recency() -> None:
    rows = Customers(
        np.array([2.0, 2.0]), np.array([35.0, 5.0]), np.array([38.0, 38.0]), np.zeros(2), np.ones(2)
    )
    for form in (BG, MBG, PARETO):
        late, early = alive_chances(fitted(form), rows)
        assert 0 < early < late < 1


@needs_cdnow
def test_gamma_gamma() -> None:
    spends = mean_spends(purchases("sample"), UNTIL, 100)
    assert len(spends.mean) == 946
    assert float(spends.mean.mean()) == pytest.approx(35.08, abs=0.005)
    found = fit_gamma_gamma(spends)
    assert found is not None
    p, q, gamma = found.values
    assert [p, q, gamma] == pytest.approx([6.25, 3.74, 15.44], abs=0.02)
    assert found.log_likelihood == pytest.approx(-4055.92, abs=0.05)
    assert gamma * p / (q - 1) == pytest.approx(35.17, abs=0.02)


@pytest.mark.parametrize(
    ("survivors", "parameters", "log_likelihood"),
    [
        ((1000, 869, 743, 653, 593, 551, 517, 491), (0.668, 3.806), -1611.2),
        ((1000, 631, 468, 382, 326, 289, 262, 241), (0.704, 1.182), -1680.3),
    ],
    ids=["high_end", "regular"],
)
def test_shifted_beta_geometric(
    survivors: tuple[int, ...], parameters: tuple[float, ...], log_likelihood: float
) -> None:
    found = fit_sbg(survivors)
    assert found.values == pytest.approx(parameters, abs=6e-4)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert sbg_survival(*found.values, 12)[-1] < survivors[-1] / 1000


@needs_cdnow
def test_beta_geometric_beta_binomial() -> None:
    path = data_file("donations.csv")
    assert path is not None
    with path.open() as file:
        table = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    found = fit_bg_bb(*table.T)
    assert found.values == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=6e-4)
    assert found.log_likelihood == pytest.approx(-33225.6, abs=0.05)


@needs_cdnow
def test_the_master_file_is_fitted_in_seconds() -> None:
    """23,570 customers, k = 1 to 3: 16 s were allowed; about 1 s of processor time is needed."""
    known = customers("master")
    before = time.process_time()
    found = [fit(Form(Leaving.AFTER_PURCHASES, k), known) for k in (1, 2, 3)]
    took = time.process_time() - before
    likelihoods = [one.log_likelihood for one in found]
    assert likelihoods == pytest.approx([-95337.0, -97678.9, -102663.0], abs=0.1)
    assert found[0].parameters == pytest.approx(
        {"r": 0.637, "alpha": 7.310, "a": 0.808, "b": 1.228}, abs=1e-3
    )
    assert took < 16
