"""How far forecasts were from real weeks that were hidden: the figures that the documentation states.

The method uses nothing of the holdout: the form has the least AIC in the calibration, and the forecast is
what each member is expected to do, given its past.
"""

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from cdnow_cases import UNTIL, needs_cdnow, purchases

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import day_of
from loyalty_dsl.calibration.backtest import by_repeats, forecast_weeks
from loyalty_dsl.calibration.customers import PurchaseDays, merge_days, summarise
from loyalty_dsl.calibration.fitting import fit_file
from loyalty_dsl.calibration.models import Fit, Form, Leaving, expected_repeats, fit
from loyalty_dsl.calibration.selection import Choice, choose
from loyalty_dsl.calibration.spending import fit_lognormal

WEEK = 7
BASKETS = Path(__file__).parents[2] / "programs/data/complete_journey_baskets.parquet"
HALF, YEAR_END = day_of(date(2017, 6, 30)), day_of(date(2017, 12, 31))


@cache
def chosen(name: str) -> Choice:
    return choose(summarise(purchases(name), UNTIL, WEEK))


@cache
def journey() -> tuple[pl.DataFrame, PurchaseDays]:
    baskets = pl.read_parquet(BASKETS).select(
        pl.col("member").rank("dense").cast(pl.Int64),
        pl.col("time").cast(pl.Date).cast(pl.Int32).cast(pl.Int64).alias("day"),
        pl.col("amount_cents").cast(pl.Int64),
    )
    columns = (baskets[name].to_numpy() for name in ("member", "day", "amount_cents"))
    return baskets, merge_days(*columns)


def off(fitted: Fit, days: PurchaseDays, origin: int, until: int) -> float:
    error = forecast_weeks(fitted, days, origin, until, WEEK, inside=False).error
    assert error is not None
    return error


@needs_cdnow
def test_cdnow_weeks_40_to_78_within_5_percent() -> None:
    """3.6% too few, of 1,882; Pareto/NBD alone had 7.3%, BG/NBD 11.4% and MBG/NBD 16.3%."""
    days = purchases("sample")
    found = chosen("sample").chosen
    assert found.form == Form(Leaving.AFTER_PURCHASES, 1, stayers=True)
    weeks = forecast_weeks(found, days, UNTIL, days.last_day, WEEK, inside=False)
    assert len(weeks.last) == 39
    assert weeks.actual.sum() == 1882
    assert off(found, days, UNTIL, days.last_day) == pytest.approx(-0.036, abs=0.003)
    known = summarise(days, UNTIL, WEEK)
    for leaving, error in (
        (Leaving.ANY_TIME, -0.073),
        (Leaving.AFTER_REPEATS, -0.114),
        (Leaving.AFTER_PURCHASES, -0.163),
    ):
        plain = fit(Form(leaving), known)
        gained = expected_repeats(plain, known.age + 39) - expected_repeats(plain, known.age)
        assert gained.sum() / 1882 - 1 == pytest.approx(error, abs=0.003)


@needs_cdnow
def test_every_class_of_cdnow_customers_is_forecast() -> None:
    days = purchases("sample")
    for one in by_repeats(chosen("sample").chosen, days, UNTIL, days.last_day, WEEK):
        noise = 2.5 * np.sqrt(2 * one.actual / one.members)
        assert abs(one.expected - one.actual) < noise, one.repeats


@pytest.mark.slow
@needs_cdnow
def test_the_ten_times_larger_cdnow_file_is_missed_by_less_than_pareto_nbd_misses_it() -> None:
    """10.9% too few of 19,684; MBG/NBD has 20%, and stayers that are a handful of heavy buyers 17.9%."""
    days = purchases("master")
    error = off(chosen("master").chosen, days, UNTIL, days.last_day)
    assert error == pytest.approx(-0.109, abs=0.004)
    plain = fit(Form(Leaving.ANY_TIME), summarise(days, UNTIL, WEEK))
    assert abs(error) < abs(off(plain, days, UNTIL, days.last_day))


@pytest.mark.slow
def test_the_second_half_of_the_complete_journey_within_5_percent() -> None:
    """From the first half: purchase days 3.1% too few; so are points at one a dollar."""
    baskets, days = journey()
    known = summarise(days, HALF, WEEK)
    found = fit(Form(Leaving.ANY_TIME, 2, stayers=True), known)
    weeks = forecast_weeks(found, days, HALF, YEAR_END, WEEK, inside=False)
    assert weeks.error == pytest.approx(-0.031, abs=0.005)
    assert weeks.weekly_error is not None and weeks.weekly_error < 0.05

    seen = days.until(HALF)
    spend = fit_lognormal(seen.member, seen.spend)
    assert spend is not None
    drawn = spend.median * np.exp(np.random.default_rng(1).normal(0, spend.sigma, 400_000))
    points = weeks.forecast.sum() * float(np.floor(np.rint(drawn) / 100).mean())
    came = baskets.filter(
        pl.col("day").is_between(HALF + 1, int(weeks.last[-1]))
        & pl.col("member").is_in(baskets.filter(pl.col("day") <= HALF)["member"].unique().implode())
    )
    assert abs(points / int((came["amount_cents"] // 100).sum()) - 1) < 0.05


def test_groceries_are_regular() -> None:
    """k = 2 by a log-likelihood of 5,773, and members who stay by 19 more."""
    known = summarise(journey()[1], HALF, WEEK)
    likelihoods = [fit(Form(Leaving.AFTER_PURCHASES, k), known).log_likelihood for k in (1, 2, 3)]
    assert likelihoods == pytest.approx([-39762.3, -33989.4, -38076.9], abs=0.1)
    mbg = fit(Form(Leaving.AFTER_PURCHASES, 2), known).parameters
    assert mbg == pytest.approx({"r": 1.465, "alpha": 0.686, "a": 0.040, "b": 7.965}, abs=6e-3)


@pytest.mark.slow
def test_the_fitted_population_simulates_the_second_half(tmp_path: Path) -> None:
    """Fit, population, grocery program, simulation: 1.1% too few purchase days and 2.5% too few points, with
    those who joined in the half."""
    rules, out = BASKETS.parents[1] / "grocery_points.loyalty", tmp_path / "fitted.loyalty"
    found = fit_file(BASKETS, book=pipeline.load(rules), until=date(2017, 6, 30))
    choice = found.calibration.choice
    assert choice.chosen.form == Form(Leaving.ANY_TIME, 2, stayers=True)
    assert choice.chosen.log_likelihood == pytest.approx(-33940.0, abs=0.1)
    out.write_text(found.population, encoding="utf-8")
    book = pipeline.load([rules, out])
    forecast = pipeline.simulate(book, population="fitted", months=6, sample=20_000, seed=3)
    (points,) = forecast.by_currency
    issued = sum(month.issued for month in points.total) / points.currency.scale
    purchased = sum(month.purchases for month in forecast.members)

    baskets, days = journey()
    later = (days.day > HALF) & (days.day <= YEAR_END)
    came = baskets.filter(pl.col("day").is_between(HALF + 1, YEAR_END))
    assert abs(purchased / later.sum() - 1) < 0.05
    assert abs(issued / int((came["amount_cents"] // 100).sum()) - 1) < 0.05
