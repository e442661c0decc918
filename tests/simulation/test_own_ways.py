"""Members of a ledger behave as what they have bought makes likely."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import day_of
from loyalty_dsl.calibration import clock_dropout, coin_dropout
from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.opening import MEMBER, Bought, Opening, Series, StateRow
from loyalty_dsl.simulation.behaviour import HAZARD_MEAN, LEAVE_A, LEAVE_AT_JOIN, lower_population
from loyalty_dsl.simulation.known_pasts import ways_of_members
from loyalty_dsl.simulation.opening import open_population
from loyalty_dsl.simulation.opening_tables import NOT_SAID
from loyalty_dsl.simulation.own_ways import OWN_STAYS
from loyalty_dsl.simulation.run import simulate_population

RULES = """\
program corner "Corner" {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by purchase date
    currency points "Points" {
        round   down per rule
        expire  2 months after earning
        worth   $0.01
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
}
"""
END = day_of(date(2026, 12, 31))

COIN = "purchases 2 per month spread 0.8\n leave 10% per purchase spread 1"
COIN_AT_JOIN = "purchases 2 per month spread 0.8\n regularity 2\n leave 10% per purchase or join spread 1"
CLOCK = "purchases 2 per month spread 1.2\n leave 5% per month spread 1.1"
REGULAR = "purchases 2 per month spread 0.8\n regularity 3\n leave 5% per month spread 1"
BASKET = " basket median $20 sigma 0.5\n"
MODELS = {"coin": COIN, "coin_at_join": COIN_AT_JOIN, "clock": CLOCK, "regular": REGULAR}
PASTS = ((0, 0, 200), (0, 0, 20), (1, 150, 160), (4, 100, 300), (4, 290, 300), (12, 200, 290), (30, 360, 365))
"""Purchases after the first, days to the last of them, days to the end of the ledger."""

Floats = NDArray[np.float64]


def book_of(tmp_path: Path, *segments: str, rules: str = RULES) -> Book:
    share = 100 // len(segments)
    text = "".join(
        f"segment s{i} {share}% {{\n {segment}\n{'' if 'basket' in segment else BASKET}}}\n"
        for i, segment in enumerate(segments)
    )
    file = tmp_path / "rules.loyalty"
    file.write_text(rules + "population people for corner {\n start 50 members\n" + text + "}\n")
    return pipeline.load(file)


def bought(repeats: int, last: int, age: int) -> Bought:
    """Purchases at even gaps, of $20 each; the first was `age` days before the last day of the ledger."""
    gaps = repeats * float(np.log(last / repeats)) if repeats else 0.0
    log = float(np.log(2000))
    count = repeats + 1
    series = Series(count, gaps, count, 2000 * count, log * count, log * log * count)
    return Bought(END - age, END - age + last, series, series)


def opening_of(pasts: list[tuple[int, int, int]]) -> Opening:
    its = tuple(bought(*past) for past in pasts)
    rows = tuple((StateRow(MEMBER, "", "", one.first, None, one.last, 0),) for one in its)
    names = tuple(f"m{i}" for i in range(len(pasts)))
    return Opening("a ledger", "corner", END, names, rows, bought=its)


def customers_of(pasts: list[tuple[int, int, int]]) -> Customers:
    x, last, age = (np.array(column, np.float64) for column in zip(*pasts, strict=True))
    gaps = np.array([bought(*past).days.log_gaps for past in pasts])
    return Customers(x, last, age + 0.5, gaps, np.ones(len(x)))


def model_of(book: Book, segment: int) -> tuple[Floats, int, bool, int]:
    """The parameters of a segment by the names of the literature, in days; k, by the clock, first."""
    population, program = book.populations[0], book.programs[0]
    behaviour = lower_population(program, population, END, 400)
    numbers, k = behaviour.segments[segment], int(behaviour.processes[segment, 8])
    mean, r = behaviour.rates[segment, :2]
    if numbers[HAZARD_MEAN] > 0:
        leave = numbers[1], numbers[1] / numbers[0]
    else:
        leave = numbers[LEAVE_A], numbers[LEAVE_A + 1]
    return np.array([r, r / (k * mean), *leave]), k, numbers[HAZARD_MEAN] > 0, int(numbers[LEAVE_AT_JOIN])


@pytest.mark.parametrize("model", MODELS)
def test_who_is_still_there_is_as_the_literature_says(tmp_path: Path, model: str) -> None:
    book = book_of(tmp_path, MODELS[model])
    population = book.populations[0]
    behaviour = lower_population(book.programs[0], population, END, 400)
    pasts = list(PASTS)
    own, _ = ways_of_members(population, behaviour, opening_of(pasts), np.zeros((7, 0), np.int64), NOT_SAID)
    values, k, by_clock, first = model_of(book, 0)
    if by_clock:
        expected = clock_dropout.alive_chances(values, customers_of(pasts), k)
    else:
        expected = coin_dropout.alive_chances(values, customers_of(pasts), k, first)
    assert np.allclose(own[:, OWN_STAYS], expected, rtol=1e-6, atol=1e-12)
    assert expected.min() < 0.9


def test_the_segment_is_by_bayes_rule(tmp_path: Path) -> None:
    book = book_of(tmp_path, *(MODELS[name] for name in MODELS))
    population = book.populations[0]
    behaviour = lower_population(book.programs[0], population, END, 400)
    pasts = list(PASTS)
    none = np.zeros((7, 0), np.int64)
    _, segments = ways_of_members(population, behaviour, opening_of(pasts), none, NOT_SAID)
    logs = []
    for segment in range(len(MODELS)):
        values, k, by_clock, first = model_of(book, segment)
        if by_clock:
            logs.append(clock_dropout.log_likelihoods(values, customers_of(pasts), k))
        else:
            logs.append(coin_dropout.log_likelihoods(values, customers_of(pasts), k, first))
    likely = np.exp(np.array(logs).T - np.max(logs, axis=0)[:, None])
    expected = np.cumsum(likely / likely.sum(axis=1, keepdims=True), axis=1)
    assert np.allclose(segments / 2.0**64, expected, rtol=1e-5, atol=1e-9)


def test_what_members_spend_tells_the_segment_and_their_own_baskets(tmp_path: Path) -> None:
    book = book_of(tmp_path, COIN, COIN.replace("\n", "\n basket median $80 sigma 0.5\n", 1))
    population = book.populations[0]
    behaviour = lower_population(book.programs[0], population, END, 400)
    pasts = [(0, 0, 20), (4, 100, 300)]
    none = np.zeros((2, 0), np.int64)
    _, segments = ways_of_members(population, behaviour, opening_of(pasts), none, NOT_SAID)
    # five baskets of $20 in place of those of $80: (ln 4)^2 / (2 0.5^2) each
    odds = np.exp(-(np.log(4) ** 2) / 0.5 * np.array([1, 5]))
    assert np.allclose(segments[:, 0] / 2.0**64, 1 / (1 + odds), rtol=1e-9)

    own = book_of(tmp_path, COIN.replace("\n", "\n basket median $80 sigma 1 within 60%\n", 1))
    opened = open_population(own.populations[0], own.programs[0], opening_of([(9, 290, 300)] * 400))
    result = simulate_population(own.programs[0], opened, months=6, seed=3, threads=1)
    mean = float(result.basket.sum() / result.purchases.sum()) / 100
    # posterior of the log of the member's own median, and the variance within
    off, variance = -np.log(4) * 0.4 * 10 / (0.6 + 0.4 * 10), 0.4 * 0.6 / (0.6 + 0.4 * 10)
    assert mean == pytest.approx(80 * np.exp(off + (variance + 0.6) / 2), rel=0.08)
    assert 100 * np.exp(0.5) > 4 * mean


def test_what_the_ledger_says_of_a_member_tells_the_segment(tmp_path: Path) -> None:
    member = "    member {\n        card yes/no\n    }\n"
    book = book_of(
        tmp_path,
        COIN + "\n card 90%",
        COIN + "\n card 20%",
        rules=RULES.replace("    earn base", member + "    earn base"),
    )
    population = book.populations[0]
    behaviour = lower_population(book.programs[0], population, END, 400)
    pasts = [(4, 100, 300)] * 3
    said = np.array([[1], [0], [NOT_SAID]])
    _, segments = ways_of_members(population, behaviour, opening_of(pasts), said, NOT_SAID)
    assert np.allclose(segments[:, 0] / 2.0**64, [0.9 / 1.1, 0.1 / 0.9, 0.5])


def test_who_has_left_is_told_and_counts_in_no_month(tmp_path: Path) -> None:
    book = book_of(tmp_path, CLOCK)
    opened = open_population(book.populations[0], book.programs[0], opening_of([(4, 30, 365)] * 300))
    result = simulate_population(book.programs[0], opened, months=2, seed=1, threads=1)
    values, k, _, _ = model_of(book, 0)
    (alive,) = clock_dropout.alive_chances(values, customers_of([(4, 30, 365)]), k)
    assert result.gone_before == pytest.approx(300 * (1 - alive), abs=4 * np.sqrt(300 * alive * (1 - alive)))
    assert result.gone_before + result.left.sum() <= 300
    assert result.left.sum() < 60
    notices = forecast(result).notices
    assert any("are taken to have left already" in notice.message for notice in notices)


@pytest.mark.parametrize("model", MODELS)
def test_members_buy_on_as_their_past_makes_them_expected_to(tmp_path: Path, model: str) -> None:
    """Law: E[X(t) | x, t_x, T] of the literature, within 4 standard errors, for each class of past."""
    book = book_of(tmp_path, MODELS[model])
    values, k, by_clock, first = model_of(book, 0)
    for past in PASTS:
        opened = open_population(book.populations[0], book.programs[0], opening_of([past] * 250))
        runs = [
            int(simulate_population(book.programs[0], opened, months=6, seed=seed, threads=1).purchases.sum())
            for seed in range(1, 9)
        ]
        ahead = np.array([181.0])
        if by_clock:
            (expected,) = clock_dropout.expected_future(values, customers_of([past]), ahead, k)[:, 0]
        else:
            (expected,) = coin_dropout.expected_future(values, customers_of([past]), ahead, k, first)[:, 0]
        means = np.array(runs) / 250
        # at least the error of counts that are Poisson: eight runs alone tell their own error badly
        error = max(float(means.std(ddof=1)), float(np.sqrt(expected / 250))) / np.sqrt(8)
        assert abs(means.mean() - expected) < 4 * error, (past, means.mean(), expected, error)
