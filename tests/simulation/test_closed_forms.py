"""Simulated purchases and breakage against formulas, through the real program and kernel.

Each tolerance is four standard errors of the simulated figure, estimated from the same run or known from
the formula; the seeds are fixed, so a failure is a change and not bad luck. The formulas and the names of
their parameters are those of Schmittlein, Morrison and Colombo 1987 (Pareto/NBD) and of Fader, Hardie and
Lee 2005 (BG/NBD). The simulated process drops out after any purchase, the first included, as BG/NBD does.
"""

from datetime import date
from fractions import Fraction
from math import exp, sqrt

import attrs
import numpy as np
import pytest
from businesses import (
    NOWHERE,
    START,
    after,
    earn,
    leave_monthly,
    leave_per_purchase,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
)
from scipy import stats
from scipy.special import hyp2f1

from loyalty_dsl.calendar import Unit, add_months, day_of
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.population import Leave, LeavePerPeriod, LeavePerPurchase, Purchases
from loyalty_dsl.language.program import Limit, LimitOf
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

MONTH = 30.4375
MEMBERS = 50_000

A_POINT_A_PURCHASE = program(points(), [earn(Flat(1))])
"""Issues as many points as there are purchases, so the sums of squares are those of purchases."""


CDNOW = day_of(date(1997, 1, 1))
"""The first day of the CDNOW data; 9 and 18 months later, 39 and 78 weeks have passed to the day."""


def purchases_of(
    purchases: Purchases, leave: Leave | None, months: int, first_day: int = START
) -> Trajectories:
    people = population(segment(purchases, leave), members=MEMBERS)
    shop = attrs.evolve(A_POINT_A_PURCHASE, starts=first_day)
    return simulate_population(shop, people, sample=MEMBERS, months=months, tail=0)


def assert_mean(result: Trajectories, expected: float) -> None:
    """That purchases per member are `expected`, within four standard errors of their mean."""
    assert result.issued.sum() == result.purchases.sum()
    mean = result.purchases.sum() / MEMBERS
    variance = result.ultimate[0][0] / MEMBERS - mean**2
    assert abs(mean - expected) < 4 * sqrt(variance / MEMBERS)


def days(months: int) -> int:
    """Days of the first months simulated, of which the first begins a month."""
    return add_months(START, months) - START


def pareto_nbd(rate: float, hazard: float, s: float, t: float) -> float:
    """E[X(t)] = r beta / (alpha (s - 1)) (1 - (beta / (beta + t))^(s - 1)); rate = r / alpha."""
    beta = s / hazard
    return rate * beta / (s - 1) * (1 - (beta / (beta + t)) ** (s - 1))


def bg_nbd(r: float, alpha: float, a: float, b: float, t: float) -> float:
    shrink = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return float((a + b - 1) / (a - 1) * (1 - shrink))


@pytest.mark.parametrize("spread", ["0", "0.8", "1.6"])
def test_without_leaving_purchases_are_rate_times_time(spread: str) -> None:
    result = purchases_of(monthly("0.9", spread), None, 36)
    assert_mean(result, 0.9 * days(36) / MONTH)


def test_leaving_at_one_hazard_is_an_exponential_lifetime() -> None:
    result = purchases_of(monthly("1.5", "0.7"), leave_monthly("0.06"), 24)
    hazard = -np.log(0.94) / MONTH
    assert_mean(result, 1.5 / MONTH * (1 - exp(-hazard * days(24))) / hazard)
    alive = exp(-hazard * days(24))
    left = result.left.sum() / MEMBERS
    assert abs(left - (1 - alive)) < 4 * sqrt(alive * (1 - alive) / MEMBERS)


@pytest.mark.parametrize("spread", [0.5, 1.5])
def test_leaving_at_mixed_hazards_is_pareto_nbd(spread: float) -> None:
    result = purchases_of(monthly("1.5", "0.7"), leave_monthly("0.06", str(spread)), 24)
    assert_mean(result, pareto_nbd(1.5 / MONTH, -np.log(0.94) / MONTH, 1 / spread**2, days(24)))


def test_leaving_after_purchases_with_one_chance() -> None:
    """For a rate L and a chance p, L * integral of exp(-L p s) is (1 - exp(-L p t)) / p; over the gamma
    rates, whose Laplace transform is (1 + x / alpha)^-r, the mean is (1 - (1 + p t / alpha)^-r) / p."""
    result = purchases_of(monthly("2", "0.5"), leave_per_purchase("0.08"), 24)
    r, p = 4.0, 0.08
    alpha = r / (2 / MONTH)
    assert_mean(result, (1 - (1 + p * days(24) / alpha) ** -r) / p)


def test_leaving_after_purchases_with_mixed_chances_is_bg_nbd() -> None:
    result = purchases_of(monthly("2", "0.5"), leave_per_purchase("0.08", "0.9"), 24)
    both = (1 - 0.08) / (0.08 * 0.9**2) - 1
    expected = bg_nbd(4.0, 4.0 / (2 / MONTH), 0.08 * both, 0.92 * both, days(24))
    assert_mean(result, expected)


def weekly(mean: float, spread: float) -> Purchases:
    return Purchases(Fraction(mean), Unit.WEEK, Fraction(spread), NOWHERE)


@pytest.mark.parametrize(("weeks", "expected"), [(39, 1.1950), (78, 1.8580)])
def test_bg_nbd_at_the_published_cdnow_parameters(weeks: int, expected: float) -> None:
    r, alpha, a, b = 0.242593, 4.413532, 0.792886, 2.425754
    leave = LeavePerPurchase(Fraction(a / (a + b)), Fraction(sqrt(b / (a * (a + b + 1)))), NOWHERE)
    result = purchases_of(weekly(r / alpha, 1 / sqrt(r)), leave, weeks * 3 // 13, CDNOW)
    assert add_months(CDNOW, weeks * 3 // 13) - CDNOW == weeks * 7
    assert bg_nbd(r, alpha, a, b, weeks) == pytest.approx(expected, abs=2e-4)
    assert_mean(result, bg_nbd(r, alpha, a, b, weeks))


@pytest.mark.parametrize(("weeks", "expected"), [(39, 1.2134), (78, 1.9099)])
def test_pareto_nbd_at_the_published_cdnow_parameters(weeks: int, expected: float) -> None:
    r, alpha, s, beta = 0.553276, 10.577612, 0.606213, 11.667905
    leave = LeavePerPeriod(Fraction(1 - exp(-s / beta)), Unit.WEEK, Fraction(1 / sqrt(s)), NOWHERE)
    result = purchases_of(weekly(r / alpha, 1 / sqrt(r)), leave, weeks * 3 // 13, CDNOW)
    assert add_months(CDNOW, weeks * 3 // 13) - CDNOW == weeks * 7
    assert pareto_nbd(r / alpha, s / beta, s, weeks) == pytest.approx(expected, abs=2e-4)
    assert_mean(result, pareto_nbd(r / alpha, s / beta, s, weeks))


def test_purchase_counts_are_negative_binomial() -> None:
    people = population(segment(monthly("1.2", "1.25")), members=MEMBERS)
    history = record_history(A_POINT_A_PURCHASE, people, sample=MEMBERS, months=3)
    counts = np.diff(history.starts)
    r = 1 / 1.25**2
    alpha = r / (1.2 / MONTH)
    model = stats.nbinom(r, alpha / (alpha + days(3)))
    cells = np.bincount(np.minimum(counts, 12), minlength=13)
    expected = MEMBERS * np.append(model.pmf(np.arange(12)), model.sf(11))
    assert stats.chisquare(cells, expected).pvalue > 1e-3


# ---- breakage

RATE, DEATH = 0.15, 0.02  # a month, of which a year has exactly twelve here
YEAR_OF_LOTS = program(points(after(365)), [earn(Flat(1))], [reward(1, 1, automatic=True)])
"""Each purchase redeems all there is and earns one point that is gone a year later."""


def daily(monthly_rate: float) -> float:
    return monthly_rate * 12 / 365


def day_resolution(rate: float) -> float:
    """What whole days do to exp(-rate * 365): a lot earned at a time of the day U, uniform, is gone 365 - U
    days later, and the mean of exp(rate * U) is (exp(rate) - 1) / rate."""
    return (exp(rate) - 1) / rate


def test_breakage_is_that_of_a_redeem_all_event_at_a_constant_rate() -> None:
    """exp(-rho E) = 0.165299 for rho 0.15 a month and 12 months, times the effect of whole days, 1.0025."""
    purchases = Purchases(Fraction(daily(RATE)), Unit.DAY, Fraction(0), NOWHERE)
    people = population(segment(purchases), members=MEMBERS)
    result = simulate_population(YEAR_OF_LOTS, people, sample=MEMBERS, months=24, tail=13)
    assert exp(-RATE * 12) == pytest.approx(0.165299, abs=5e-7)
    expected = exp(-RATE * 12) * day_resolution(daily(RATE))
    issued = int(result.issued.sum())
    assert result.redeemed_by_age.sum() + result.expired_by_age.sum() == issued
    breakage = result.expired_by_age.sum() / issued
    assert abs(breakage - expected) < 4 * sqrt(expected * (1 - expected) / issued)


def test_breakage_with_members_who_leave() -> None:
    """URR = rho / (rho + mu) (1 - exp(-(rho + mu) E)) = 0.767622 for mu 0.02 a month."""
    purchases = Purchases(Fraction(daily(RATE)), Unit.DAY, Fraction(0), NOWHERE)
    leave = LeavePerPeriod(Fraction(1 - exp(-daily(DEATH))), Unit.DAY, Fraction(0), NOWHERE)
    people = population(segment(purchases, leave), members=MEMBERS)
    result = simulate_population(YEAR_OF_LOTS, people, sample=MEMBERS, months=24, tail=13)
    both = RATE + DEATH
    assert RATE / both * (1 - exp(-both * 12)) == pytest.approx(0.767622, abs=5e-7)
    expected = RATE / both * (1 - exp(-both * 12) * day_resolution(daily(both)))
    issued = int(result.issued.sum())
    # lots of one member are dependent: they end together, so the error is that of a ratio over members
    (issued_squared, redeemed_squared, product), urr = (
        result.ultimate[0],
        result.redeemed_by_age.sum() / issued,
    )
    error = sqrt(redeemed_squared - 2 * urr * product + urr**2 * issued_squared) / issued
    assert abs(urr - expected) < 4 * error
    assert error < 0.01


# ---- rewards that members choose


@pytest.mark.parametrize("most", [None, Limit(0, LimitOf.TIMES, 1, None, NOWHERE)])
def test_redemption_at_a_constant_chance(most: Limit | None) -> None:
    """A point a purchase, of which one is redeemed at each purchase but the first by a chance of 0.4: with N
    purchases, geometric with a mean of 10, 0.4 (10 - 1) / 10 = 36%. `1 time per event` cuts nothing."""
    limits = () if most is None else (most,)
    of = program(points(), [earn(Flat(1))], [attrs.evolve(reward(1, 1), limits=limits)])
    of = attrs.evolve(of, limit_count=len(limits))
    shoppers = segment(monthly("10"), leave_per_purchase("0.1"), redeem=redeem("0.4"))
    result = simulate_population(of, population(shoppers, members=MEMBERS), sample=MEMBERS, months=24)
    issued = int(result.issued.sum())
    # R - 0.36 I of a member has a variance of Var(0.04 N) + 0.24 (E[N] - 1)
    error = sqrt(MEMBERS * (0.04**2 * 90 + 0.24 * 9)) / issued
    assert abs(result.redeemed.sum() / issued - 0.36) < 4 * error
