"""The purchase clock against formulas: regular gaps, season, weekday, dropout at the join, a changed pace.

Tolerances are four standard errors of the simulated figure, estimated from the same run or known from the
formula; the seeds are fixed. Gaps of shape k, a gamma of rates and a beta of dropout chances are MBG/CNBD-k
(Reutterer, Platzer and Schroeder 2020); its E[X(t)] is summed here over the number of purchases, from the
negative binomial number of stages, and averaged over joining times, which are uniform.
"""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from math import exp, sqrt
from typing import Any

import attrs
import numpy as np
import pytest
from businesses import (
    NOWHERE,
    START,
    earn,
    leave_per_purchase,
    monthly,
    points,
    population,
    program,
    segment,
)
from scipy import integrate, special, stats

from loyalty_dsl.calendar import Unit, add_months, date_of
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.population import LeavePerPurchase, Population, Purchases, Rhythm
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation import clock as c
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.sampling import fill_exponential_table
from loyalty_dsl.simulation.trajectories import Trajectories

MONTH = 30.4375
MEMBERS = 30_000
A_POINT_A_PURCHASE = program(points(), [earn(Flat(1))])
SEASON = tuple(Fraction(x) for x in ("0.8", "1", "1", "1", "1", "1", "1", "0", "1", "1", "1.3", "1.9"))
WEEKDAY = tuple(Fraction(x) for x in ("1", "1", "1", "1", "1", "1.2", "0.7"))


def rhythmic(purchases: Purchases, **rhythm: Any) -> Purchases:
    return attrs.evolve(purchases, rhythm=attrs.evolve(Rhythm(), **rhythm))


def joining(people: Population, months: int) -> Population:
    """The same people, all of whom join, uniformly over the months."""
    days = add_months(START, months) - START
    return attrs.evolve(people, members=0, joins=MEMBERS // days, join_unit=Unit.DAY)


def run(people: Population, months: int) -> tuple[Trajectories, int]:
    days = add_months(START, months) - START
    sample = people.members + people.joins * days
    return simulate_population(A_POINT_A_PURCHASE, people, sample=sample, months=months, tail=0), sample


def assert_mean(people: Population, months: int, expected: float) -> None:
    """That purchases per member are `expected`, within four standard errors of their mean."""
    result, sample = run(people, months)
    mean = result.purchases.sum() / sample
    variance = result.ultimate[0][0] / sample - mean**2
    assert abs(mean - expected) < 4 * sqrt(variance / sample)


def over_joins(expected: Callable[[float], float], months: int) -> float:
    days = add_months(START, months) - START
    return float(integrate.quad(expected, 0, days)[0]) / days


def cnbd_k(k: int, by: tuple[float, float, float, float], t: float, *, at_join: bool) -> float:
    """E[X(t)] of (M)BG/CNBD-k: a sum over purchases j of the chances that j k stages are done and that no
    coin before it fell; stages come at k times a rate of gamma (r, alpha)."""
    r, alpha, a, b = by
    j = np.arange(1, 600)
    done = stats.nbinom.sf(j * k - 1, r, alpha / (alpha + k * t))
    coins = j if at_join else j - 1
    stays = np.exp(special.betaln(a, b + coins) - special.betaln(a, b))
    return float((done * stays).sum())


def mbg_nbd(r: float, alpha: float, a: float, b: float, t: float) -> float:
    shrink = (alpha / (alpha + t)) ** r * special.hyp2f1(r, b + 1, a + b, t / (alpha + t))
    return float(b / (a - 1) * (1 - shrink))


def test_regular_gaps_begin_anew_at_the_join() -> None:
    """For stages at a rate of 2 L, E[floor(N / 2)] is L t - 1/4 + exp(-4 L t) / 4."""
    rate = 2 / MONTH
    people = joining(population(segment(rhythmic(monthly("2"), regularity=2))), 12)
    assert_mean(people, 12, over_joins(lambda t: rate * t - 0.25 + exp(-4 * rate * t) / 4, 12))


@pytest.mark.parametrize("k", [2, 5])
def test_first_members_are_anywhere_between_two_purchases(k: int) -> None:
    people = population(segment(rhythmic(monthly("0.7", "0.6"), regularity=k)), members=MEMBERS)
    assert_mean(people, 3, 0.7 * 90 / MONTH)


def test_regular_purchases_vary_less() -> None:
    """In the long run the variance of a count is its mean over k."""
    people = population(segment(rhythmic(monthly("6"), regularity=4)), members=4000)
    result, sample = run(people, 12)
    mean = result.purchases.sum() / sample
    variance = result.ultimate[0][0] / sample - mean**2
    # of a stationary renewal process: mean / k + (1 - 1 / k^2) / 6
    expected = mean / 4 + (1 - 1 / 16) / 6
    assert abs(variance / expected - 1) < 4 * sqrt(2 / sample)


@pytest.mark.parametrize(("k", "at_join"), [(1, True), (2, True), (2, False), (3, True)])
def test_purchases_are_those_of_mbg_cnbd_k(k: int, at_join: bool) -> None:
    leave = leave_per_purchase("0.08", "0.9")
    assert isinstance(leave, LeavePerPurchase)
    people = joining(
        population(
            segment(rhythmic(monthly("2", "0.5"), regularity=k), attrs.evolve(leave, at_join=at_join))
        ),
        18,
    )
    both = (1 - 0.08) / (0.08 * 0.9**2) - 1
    by = 4.0, 4.0 / (2 / MONTH), 0.08 * both, 0.92 * both
    if k == 1:
        assert cnbd_k(1, by, 300, at_join=True) == pytest.approx(mbg_nbd(*by, 300))
    expected = over_joins(lambda t: cnbd_k(k, by, t, at_join=at_join), 18)
    assert_mean(people, 18, expected)


def test_first_members_have_not_left_at_their_join() -> None:
    leave = LeavePerPurchase(Fraction(1, 2), Fraction(0), NOWHERE, True)
    people = population(segment(monthly("0.01"), leave), members=2000)
    result, _ = run(people, 1)
    assert result.left.sum() <= result.purchases.sum() < 60
    result, sample = run(joining(people, 1), 1)
    assert abs(result.left.sum() / sample - 0.5) < 4 * 0.5 / sqrt(sample) + 0.01


# ---- season and weekday


@pytest.mark.parametrize("k", [1, 3])
def test_months_have_their_share_of_purchases(k: int) -> None:
    people = population(
        segment(rhythmic(monthly("3"), regularity=k, season=SEASON, weekday=WEEKDAY)), members=10_000
    )
    result, sample = run(people, 24)
    for month in range(24):
        days = [date_of(day) for day in range(*result.month_starts[month : month + 2])]
        expected = 3 / MONTH * sample * sum(float(SEASON[d.month - 1] * WEEKDAY[d.weekday()]) for d in days)
        assert abs(result.purchases[:, month].sum() - expected) <= 4 * sqrt(expected)
    assert result.purchases[:, 7].sum() == result.purchases[:, 19].sum() == 0


def test_days_of_the_week_have_their_share_of_purchases() -> None:
    closed = (*WEEKDAY[:6], Fraction(0))
    people = population(segment(rhythmic(monthly("8"), weekday=closed)), members=2000)
    history = record_history(A_POINT_A_PURCHASE, people, sample=2000, months=6)
    counts = np.bincount([date_of(int(day)).weekday() for day in history.day], minlength=7)
    days = np.bincount([date_of(START + day).weekday() for day in range(add_months(START, 6) - START)])
    weights = days * np.array([float(each) for each in closed])
    assert counts[6] == 0
    assert stats.chisquare(counts[:6], counts.sum() * weights[:6] / weights.sum()).pvalue > 1e-3


def test_the_same_luck_whatever_the_season() -> None:
    """Purchase `i` of a member has the same basket; in an even year it comes when it always came."""
    plain = population(segment(monthly("3", "0.8")), members=300)
    seasoned = population(segment(rhythmic(monthly("3", "0.8"), season=SEASON)), members=300)
    one = (Fraction(1),) * 12
    even = population(segment(rhythmic(monthly("3", "0.8"), season=one, weekday=one[:7])), members=300)
    histories = [
        record_history(A_POINT_A_PURCHASE, each, sample=300, months=6) for each in (plain, seasoned, even)
    ]
    assert np.array_equal(histories[0].day, histories[2].day)
    for member in range(300):
        baskets = [h.basket[h.starts[member] : h.starts[member + 1]].tolist() for h in histories[:2]]
        shorter = min(map(len, baskets))
        assert baskets[0][:shorter] == baskets[1][:shorter]


def test_joining_has_seasons() -> None:
    people = attrs.evolve(population(segment(monthly("1")), members=0, joins=1000), join_season=SEASON)
    result = simulate_population(A_POINT_A_PURCHASE, people, months=12, tail=0)
    assert result.joined.sum(axis=0).tolist() == [int(1000 * each) for each in SEASON]
    by_quarter = attrs.evolve(people, join_unit=Unit.QUARTER)
    result = simulate_population(A_POINT_A_PURCHASE, by_quarter, months=12, tail=0)
    exact = [
        1000 * SEASON[month] * int(np.diff(result.month_starts)[month])
        / int(np.diff(result.month_starts[::3])[month // 3])
        for month in range(12)
    ]  # fmt: skip
    assert np.abs(result.joined.sum(axis=0) - np.array([float(each) for each in exact])).max() <= 1


# ---- the clock itself


def year_of_days() -> tuple[np.ndarray, np.ndarray]:
    intensity, work = c.days_of_rhythm(Rhythm(1, SEASON, WEEKDAY), START, 364)
    return intensity.reshape(1, -1), work.reshape(1, -1)


def test_work_and_time_are_inverse_to_each_other() -> None:
    intensity, work = year_of_days()
    assert work[0, -1] == pytest.approx(sum(intensity[0, :-1]), rel=1e-14)
    for time in np.linspace(0.3, 363.6, 997):
        done = c.work_at(intensity, work, 0, time)
        back = c.time_at(intensity, work, 0, done, 0.0)
        if intensity[0, int(time)] > 0:
            assert back == pytest.approx(time, abs=1e-9)
        else:  # nothing happens in August
            assert date_of(START + int(back)).month in {7, 9}
    assert c.time_at(intensity, work, 0, work[0, -1] + 0.01, 200.0) > 364
    assert c.work_at(intensity, work, c.EVEN_DAYS, 12.3) == 12.3
    assert date_of(START) + timedelta(364) == date_of(START + 364)


@pytest.mark.parametrize("rhythm", [c.EVEN_DAYS, 0])
def test_a_changed_pace_carries_over_what_is_left_of_the_gap(rhythm: int) -> None:
    intensity, work = year_of_days()
    clock = np.zeros(5)
    c.start_clock(clock, intensity, work, rhythm, 10.0, 30.0, 1, 1.5)
    planned = clock.copy()
    c.rescale_clock(clock, intensity, work, rhythm, 20.0, 1.0)
    assert np.array_equal(clock, planned)
    c.rescale_clock(clock, intensity, work, rhythm, 20.0, 2.0)
    left = planned[c.NEXT_WORK] - c.work_at(intensity, work, rhythm, 20.0)
    assert clock[c.NEXT_WORK] == pytest.approx(planned[c.NEXT_WORK] - left / 2)
    assert 20.0 < clock[c.NEXT_TIME] < planned[c.NEXT_TIME]
    c.rescale_clock(clock, intensity, work, rhythm, 20.0, 1.0)
    assert clock == pytest.approx(planned)
    c.rescale_clock(clock, intensity, work, rhythm, 20.0, 0.0)
    assert clock[c.PACE] == c.LEAST_PACE


def test_a_pace_of_two_brings_twice_the_events_from_then_on() -> None:
    """A gap of 5 days on average, and the pace doubled after 100 of 300: 100 / 5 + 2 (200 / 5) events."""
    intensity, work = year_of_days()
    table = np.zeros(65, np.int64)

    fill_exponential_table(table)
    counts = []
    for member in range(800):
        key = np.uint64(2 * member * 0x9E3779B97F4A7C15 % 2**63 + 1)
        clock = np.zeros(5)
        c.start_clock(clock, intensity, work, c.EVEN_DAYS, 0.0, 5.0, 1, c.draw_gap(table, key, 10, 1, 0, 1))
        count, looked = 0, False
        while clock[c.NEXT_TIME] < 300 or not looked:
            if not looked and clock[c.NEXT_TIME] >= 100:
                looked = True
                c.rescale_clock(clock, intensity, work, c.EVEN_DAYS, 100.0, 2.0)
                continue
            count += 1
            c.wind_clock(clock, intensity, work, c.EVEN_DAYS, c.draw_gap(table, key, 10, 1, count, 1))
        counts.append(count)
    assert abs(np.mean(counts) - 100) < 4 * sqrt(100 / 800)


def test_events_of_other_kinds_keep_to_days_of_their_own(book_of: Callable[[str], Book]) -> None:
    book = book_of(
        """
program club "Club" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by visit date
    event visit
    currency points { round  down per rule
                      expire 12 months after earning
                      worth  $0.01
                      cost   $0.01 }
    earn base { on   visit
                give 1 point }
    reward off { price 1 point
                 give  $1 off in full }
}
population visitors {
    start  2,000 members
    join   300 members per month
    segment all 100% {
        redeem  40% when a reward is affordable
        event visit 4 per month {
            regularity  3
            weekday     monday 0
            season      february 0
        }
    }
}
"""
    )
    history = record_history(book.programs[0], book.populations[0], sample=2900, months=3)
    visits = history.day[(history.kind != JOIN) & (history.kind != PURCHASE)]
    dates = [date_of(int(day)) for day in visits]
    assert dates
    assert all(day.weekday() != 0 and day.month != 2 for day in dates)
