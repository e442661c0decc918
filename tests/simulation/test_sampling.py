"""Sampling: our own arithmetic against scipy, and tables that never change."""

from hashlib import sha256

import numpy as np
import pytest
from scipy import special, stats

from loyalty_dsl.quantities import MAX_AMOUNT
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.randomness import draw_bits, member_key
from loyalty_dsl.simulation.sampling import (
    BINS,
    TABLE_SIZE,
    draw_basket,
    draw_beta,
    draw_choice,
    draw_exponential,
    draw_gamma,
    draw_normal,
    exp,
    fill_basket_table,
    fill_exponential_table,
    log,
    normal_quantile,
    uniform,
)

RANDOM_BITS = np.random.default_rng(5).integers(0, 2**64, 20_000, dtype=np.uint64)
EDGES = np.array([0, 1, 2, 2**11, 2**12, 2**12 + 1, 2**63 - 1, 2**63, 2**64 - 2, 2**64 - 1], np.uint64)
BITS = np.concatenate((RANDOM_BITS, EDGES))


def key_of(seed: int, ordinal: int) -> np.uint64:
    return np.uint64(member_key(seed, 0, ordinal))


def exponential_table() -> np.ndarray:
    table = np.zeros(BINS + 1, np.int64)
    fill_exponential_table(table)
    return table


def basket_table(median: float, sigma: float) -> np.ndarray:
    table = np.zeros((2, TABLE_SIZE), np.int64)
    fill_basket_table(median, sigma, table)
    return table


def digest(array: np.ndarray) -> str:
    return sha256(array.astype("<i8").tobytes()).hexdigest()[:16]


def test_log_is_within_an_ulp() -> None:
    for x in np.exp(np.random.default_rng(1).uniform(-600, 600, 5000)):
        assert abs(log(x) - np.log(x)) <= np.spacing(abs(np.log(x)))
    assert log(1.0) == 0.0


def test_exp_is_within_an_ulp() -> None:
    for x in np.random.default_rng(2).uniform(-690, 690, 5000):
        assert abs(exp(x) - np.exp(x)) <= np.spacing(np.exp(x))
    assert exp(0.0) == 1.0
    assert exp(-1e4) == 0.0
    assert exp(1e4) == exp(700.0)


def test_normal_quantile_agrees_with_scipy_into_the_tails() -> None:
    tails = 10.0 ** -np.random.default_rng(3).uniform(1, 80, 2000)
    for p in np.concatenate((np.linspace(0.001, 0.999, 998), tails)):
        assert normal_quantile(p) == pytest.approx(special.ndtri(p), rel=1e-13, abs=1e-15)


def test_exponential_table_is_within_its_interpolation_error() -> None:
    """A chord of -ln over a bin of relative width 1/64 is off by at most (1/64)^2 / 8."""
    table = exponential_table()
    drawn = np.array([draw_exponential(table, bits) for bits in BITS]) * 2.0**-32
    exact = -np.log([uniform(bits) for bits in BITS])
    assert np.abs(drawn - exact).max() < (1 / BINS) ** 2 / 8 + 1e-8
    assert (drawn > 0).all()


@pytest.mark.parametrize(("median", "sigma"), [(1_000_000.0, 0.8), (1_000_000.0, 0.1), (500_000.0, 1.2)])
def test_basket_table_is_within_its_interpolation_error(median: float, sigma: float) -> None:
    table = basket_table(median, sigma)
    for bits in BITS:
        tail = special.ndtri(uniform(bits) / 2)
        exact = median * np.exp(sigma * (-tail if int(bits) & 1 else tail))
        if exact < MAX_AMOUNT:
            assert abs(draw_basket(table, bits) - exact) <= 1e-4 * exact + 0.51


def test_a_basket_is_at_least_one_unit_and_at_most_the_largest_amount() -> None:
    small, large = basket_table(1.0, 3.0), basket_table(1e8, 3.0)
    assert min(draw_basket(small, bits) for bits in BITS) == 1
    assert max(draw_basket(large, bits) for bits in BITS) == MAX_AMOUNT


def test_a_sigma_of_zero_is_a_constant_basket() -> None:
    table = basket_table(620.0, 0.0)
    assert {draw_basket(table, bits) for bits in BITS} == {620}


def test_tables_never_change() -> None:
    """Regression hashes of every entry: equal on every processor, or the arithmetic is not exact there."""
    assert digest(exponential_table()) == "0c2471ee5ea60562"
    assert digest(basket_table(620.0, 0.8)) == "b92ca102d192779d"


@pytest.mark.parametrize("shape", [0.05, 0.385, 0.9, 1.0, 1.5625, 25.0])
def test_gamma_draws_follow_the_gamma_distribution(shape: float) -> None:
    drawn = [draw_gamma(shape, key_of(3, m), randomness.RATE) for m in range(20_000)]
    assert stats.kstest(drawn, stats.gamma(shape).cdf).pvalue > 1e-4


@pytest.mark.parametrize(("a", "b"), [(0.793, 2.426), (3.0, 80.0)])
def test_beta_draws_follow_the_beta_distribution(a: float, b: float) -> None:
    drawn = [
        draw_beta(a, b, key_of(4, m), randomness.LEAVE_CHANCE, randomness.LEAVE_CHANCE_OTHER)
        for m in range(20_000)
    ]
    assert stats.kstest(drawn, stats.beta(a, b).cdf).pvalue > 1e-4


def test_normal_draws_follow_the_normal_distribution() -> None:
    drawn = [draw_normal(key_of(5, m), randomness.REDEEM_INTERCEPT, 0) for m in range(20_000)]
    assert stats.kstest(drawn, "norm").pvalue > 1e-4


def test_choices_occur_in_their_shares() -> None:
    thresholds = np.array([2**62, 2**63, 2**64 - 1], np.uint64)  # 25%, 25%, 50%
    bits = [np.uint64(draw_bits(key_of(6, m), randomness.SEGMENT, 0)) for m in range(20_000)]
    counts = np.bincount([draw_choice(thresholds, 3, word) for word in bits], minlength=3)
    assert stats.chisquare(counts, [5_000, 5_000, 10_000]).pvalue > 1e-4
    assert draw_choice(thresholds, 3, np.uint64(2**62 - 1)) == 0
    assert draw_choice(thresholds, 3, np.uint64(2**62)) == 1
    assert draw_choice(thresholds, 3, np.uint64(2**64 - 1)) == 2
