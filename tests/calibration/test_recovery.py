"""Parameters and expectations come back from customers who are drawn with known ones."""

import numpy as np
import pytest

from loyalty_dsl.calibration import clock_dropout, coin_dropout
from loyalty_dsl.calibration.backtest import hidden_origin, rolling
from loyalty_dsl.calibration.customers import Customers, PurchaseDays, summarise
from loyalty_dsl.calibration.drawing import draw_days
from loyalty_dsl.calibration.facts import STRUCTURAL, check_facts
from loyalty_dsl.calibration.maximising import Maximum
from loyalty_dsl.calibration.models import (
    Fit,
    Form,
    Leaving,
    alive_chances,
    expected_future,
    expected_repeats,
    fit,
    log_likelihoods,
    repeat_frequencies,
)
from loyalty_dsl.calibration.renewal import expected_renewals
from loyalty_dsl.calibration.selection import choose
from loyalty_dsl.calibration.spending import LognormalSpend, fit_gamma_gamma, fit_lognormal, mean_spends
from loyalty_dsl.refusals import InputRefused

WEEK = 7
SMOOTH = 7 * 10_000
"""A week of so many "days" is nearly continuous time, which the models are in."""
A, P, B = Leaving.AFTER_PURCHASES, Leaving.ANY_TIME, Leaving.AFTER_REPEATS


def known(form: Form, *values: float) -> Fit:
    """A fit with the parameters given; the share of stayers as its odds."""
    return Fit(form, Maximum(form.names, np.array(values), 0.0, None))


def drawn(truth: Fit, members: int, weeks: float = 39, seed: int = 5) -> Customers:
    """Customers of a truth, whose ages are between two thirds of the weeks and all of them."""
    first = np.linspace(0, weeks * SMOOTH / 3, members).astype(np.int64)
    days = draw_days(truth, None, first, int(weeks * SMOOTH), unit_days=SMOOTH, seed=seed)
    return summarise(days, int(weeks * SMOOTH), SMOOTH)


CASES = [
    (known(Form(B), 0.243, 4.414, 0.793, 2.426), (0.02, 0.03, 0.08, 0.10)),
    (known(Form(A), 0.525, 6.183, 0.891, 1.614), (0.05, 0.04, 0.07, 0.13)),
    (known(Form(P), 0.553, 10.578, 0.606, 11.668), (0.04, 0.04, 0.15, 0.25)),
    (known(Form(A, 2), 1.465, 0.686, 0.4, 7.965), (0.03, 0.03, 0.1, 0.1)),
    (known(Form(P, 3), 1.5, 0.5, 1.2, 60), (0.03, 0.03, 0.1, 0.15)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("truth", "spread"), CASES, ids=[truth.form.label for truth, _ in CASES])
def test_parameters_of_20_000_customers_come_back(truth: Fit, spread: tuple[float, ...]) -> None:
    """Within three standard deviations of the relative error that so many customers leave."""
    found = fit(truth.form, drawn(truth, 20_000))
    for name, sd in zip(truth.form.names, spread, strict=True):
        assert found.parameters[name] == pytest.approx(truth.parameters[name], rel=3 * sd), name
        error = found.standard_errors[name]
        assert error is not None
        assert abs(found.parameters[name] - truth.parameters[name]) < 4 * error


MIXED = known(Form(P, 1, stayers=True), 0.5, 8, 0.6, 6, 1.2, 40, 0.5)
EVERY = [*(truth for truth, _ in CASES), MIXED]


@pytest.mark.parametrize("truth", EVERY, ids=[truth.form.label for truth in EVERY])
def test_draws_agree_with_the_closed_forms(truth: Fit) -> None:
    """Repeat purchases, their frequencies, who is alive, and what they do next: within 4 standard errors."""
    members, weeks, later = 6000, 30, 50
    first = np.zeros(members, np.int64)
    days = draw_days(truth, None, first, later * SMOOTH, unit_days=SMOOTH, seed=11)
    rows = summarise(days, weeks * SMOOTH, SMOOTH)
    mean = rows.repeats.mean()
    noise = 4 * rows.repeats.std() / np.sqrt(members)
    assert expected_repeats(truth, np.array([float(weeks)]))[0] == pytest.approx(mean, abs=noise)

    shares = np.bincount(np.minimum(rows.repeats, 7).astype(int), minlength=8) / members
    expected = repeat_frequencies(truth, np.array([float(weeks)]), 7)[0]
    assert expected.sum() == pytest.approx(1)
    assert np.all(np.abs(shares - expected) <= 4 * np.sqrt(expected / members) + 1e-4)

    future = np.bincount(days.member[days.day > weeks * SMOOTH], minlength=members)
    forecast = expected_future(truth, rows, np.array([float(later - weeks)]))[:, 0]
    assert forecast.sum() == pytest.approx(future.sum(), abs=4 * float(np.sqrt(future.var() * members)))
    busy = rows.repeats >= 2
    gap = forecast[busy].mean() - future[busy].mean()
    assert abs(gap) <= 4 * future[busy].std() / np.sqrt(busy.sum())
    acted = future > 0
    assert np.all((alive_chances(truth, rows) > 0) & (alive_chances(truth, rows) <= 1))
    assert alive_chances(truth, rows).mean() >= acted.mean() - 0.02


def test_the_quadrature_is_the_hypergeometric_form_of_pareto_nbd() -> None:
    """The likelihood as the literature writes it, for both orders of alpha and beta."""
    from scipy.special import gammaln, hyp2f1

    rows = Customers(
        np.array([0.0, 1, 5, 30]), np.array([0.0, 3, 30, 38]), np.full(4, 39.0), np.zeros(4), np.ones(4)
    )
    x, last, age = rows.repeats, rows.last, rows.age
    for r, alpha, s, beta in ((0.55, 10.6, 0.6, 11.7), (0.9, 12.0, 1.4, 3.0)):
        most, shape = max(alpha, beta), r + s + x
        which = s + 1 if alpha >= beta else r + x

        def part(at: np.ndarray) -> np.ndarray:
            z = abs(alpha - beta) / (most + at)  # noqa: B023
            return hyp2f1(shape, which, shape + 1, z) / (most + at) ** shape  # noqa: B023

        alive = (alpha + age) ** -(r + x) * (beta + age) ** -s
        left = s / shape * (part(last) - part(age))
        expected = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(alive + left)
        found = clock_dropout.log_likelihoods(np.array([r, alpha, s, beta]), rows, 1)
        assert found == pytest.approx(expected, abs=1e-9)


def test_extreme_customers_have_a_likelihood() -> None:
    rows = Customers(
        np.array([0.0, 900, 1]),
        np.array([0.0, 51.9, 1e-3]),
        np.array([0.0, 52.0, 500]),
        np.zeros(3),
        np.ones(3),
    )
    for k in (1, 6):
        assert np.all(np.isfinite(clock_dropout.log_likelihoods(np.array([1e-3, 300, 1e-3, 1e-3]), rows, k)))
        assert np.all(np.isfinite(coin_dropout.log_likelihoods(np.array([1e-3, 300, 1e-3, 1e4]), rows, k, 1)))


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_renewals_count_every_kth_stage(k: int) -> None:
    stages = np.random.default_rng(3).poisson(np.random.default_rng(4).gamma(1.5, 1 / 2.0, 200_000) * 9)
    for done in range(k):
        counted = (stages + done) // k
        expected = expected_renewals(1.5, 2.0, np.array(9.0), k, done)
        assert float(expected) == pytest.approx(counted.mean(), abs=4 * counted.std() / np.sqrt(len(stages)))


def test_regularity_and_leaving_are_chosen_by_likelihood() -> None:
    choice = choose(drawn(CASES[4][0], 400, weeks=20))
    assert choice.k == 3
    assert choice.chosen.form.leaving is P
    assert choice.chosen.aic == min(one.aic for one in choice.candidates if one.is_sound)
    assert log_likelihoods(choice.chosen, drawn(CASES[4][0], 500)).sum() < 0


def test_too_few_members_are_refused() -> None:
    with pytest.raises(InputRefused, match="members bought on a second day"):
        choose(drawn(CASES[0][0], 60))


def test_spend_comes_back() -> None:
    truth, spend = CASES[3][0], LognormalSpend(2000.0, 1.0, 0.8, 0.0, 0.0, 0)
    days = draw_days(truth, spend, np.zeros(2500, np.int64), 26 * WEEK, unit_days=WEEK, seed=2)
    found = fit_lognormal(days.member, days.spend)
    assert found is not None
    assert found.median == pytest.approx(2000, rel=4 * found.median_error)
    assert found.sigma == pytest.approx(1.0, abs=4 * found.sigma_error)
    assert found.within / found.sigma == pytest.approx(0.8, abs=0.03)
    gamma = fit_gamma_gamma(mean_spends(days, 26 * WEEK, 100))
    assert gamma is not None
    p, q, scale = gamma.values
    assert scale * p / (q - 1) == pytest.approx(20 * np.exp(0.5), rel=0.08)


def test_spend_of_no_skew_keeps_its_mean_and_its_spread() -> None:
    amounts = np.random.default_rng(3).integers(100, 10_000, 6000)
    found = fit_lognormal(np.arange(6000) % 500, amounts)
    assert found is not None
    mean = found.median * np.exp(found.sigma**2 / 2)
    assert mean == pytest.approx(amounts.mean(), rel=1e-9)
    assert found.sigma == pytest.approx(0.75 * np.log(amounts).std(), rel=1e-9)


def test_facts_hold_for_members_drawn_from_the_model_itself() -> None:
    truth, spend = CASES[3][0], LognormalSpend(2000.0, 1.0, 0.8, 0.0, 0.0, 0)
    days = draw_days(truth, spend, np.zeros(4000, np.int64), 30 * WEEK, unit_days=WEEK, seed=8)
    facts = check_facts(truth, spend, days, 30 * WEEK, unit_days=WEEK, seed=9)
    assert all(fact.passes for fact in facts)
    wrong = check_facts(CASES[1][0], spend, days, 30 * WEEK, unit_days=WEEK, seed=9)
    assert {fact.passes for fact in wrong if fact.tier != STRUCTURAL} == {False, True} or not any(
        fact.passes for fact in wrong if fact.tier != STRUCTURAL
    )
    assert all(fact.passes for fact in wrong if fact.tier == STRUCTURAL)


def test_rolling_origins_see_nothing_that_comes_after() -> None:
    """A forecast from an origin is the same whatever happens later."""
    truth = CASES[1][0]
    days = draw_days(truth, None, np.zeros(1200, np.int64), 30 * WEEK, unit_days=WEEK, seed=8)
    near = fit(truth.form, summarise(days, 30 * WEEK, WEEK))
    cut = days.day <= 30 * WEEK * 2 // 3
    thinner = PurchaseDays(
        days.member[cut], days.day[cut], days.spend[cut], days.baskets[cut], days.members, 30 * WEEK
    )
    full, less = (rolling(near, part, 30 * WEEK, WEEK)[0] for part in (days, thinner))
    assert full.origin == less.origin < 30 * WEEK * 2 // 3
    assert full.forecast == pytest.approx(less.forecast, rel=1e-3)
    assert full.actual.sum() > less.actual.sum()
    assert hidden_origin(0, 52 * WEEK - 1) == 39 * WEEK - 1
