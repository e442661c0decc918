"""What members do, against the shares and distributions that their population states."""

from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest
from businesses import (
    CATEGORY,
    DRAWS,
    earn,
    grocery,
    grocery_shoppers,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
)
from scipy import stats
from scipy.integrate import quad

from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation.behaviour import cumulative_thresholds
from loyalty_dsl.simulation.recording import record_history
from loyalty_dsl.simulation.run import simulate_population

MEMBERS = 4_000
ALWAYS_AFFORDABLE = program(points(), [earn(Flat(9))], [reward(1, 500)])
"""From the second purchase on, a member can afford the one reward: $5 off for one point."""


def chosen_share(**how: str) -> tuple[float, float]:
    """The share of purchases with an affordable reward that redeem it, and the error of that share, when
    every basket is $20."""
    people = population(segment(monthly("3"), median=2000, sigma="0", redeem=redeem(**how)), members=MEMBERS)
    history = record_history(ALWAYS_AFFORDABLE, people, sample=MEMBERS, months=6)
    chances, uses = np.zeros(MEMBERS), np.zeros(MEMBERS)
    for member in range(MEMBERS):
        rows = slice(int(history.starts[member]) + 1, int(history.starts[member + 1]))
        chances[member], uses[member] = len(history.reward[rows]), (history.reward[rows] >= 0).sum()
    share = uses.sum() / chances.sum()
    return share, float(np.sqrt(((uses - share * chances) ** 2).sum()) / chances.sum())


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def test_an_affordable_reward_is_taken_with_its_chance() -> None:
    share, error = chosen_share(chance="0.35")
    assert abs(share - 0.35) < 4 * error


def test_the_slope_weighs_the_money_off_against_the_basket() -> None:
    share, error = chosen_share(chance="0.6", slope="0.8")
    assert abs(share - logistic(log(0.6 / 0.4) + 0.8 * log(500 / 2000))) < 4 * error


def test_the_spread_mixes_members_and_some_never_redeem() -> None:
    share, error = chosen_share(chance="0.6", spread="1.2", never="0.2")
    mixed, _ = quad(lambda z: stats.norm.pdf(z) * logistic(log(0.6 / 0.4) + 1.2 * z), -8, 8)
    assert abs(share - 0.8 * mixed) < 4 * error


@pytest.mark.parametrize(("chance", "expected"), [("0", 0.0), ("1", 1.0)])
def test_certain_choices_are_certain(chance: str, expected: float) -> None:
    assert chosen_share(chance=chance, spread="1")[0] == expected


def test_the_first_reward_that_is_accepted_is_taken() -> None:
    shop = program(points(), [earn(Flat(9))], [reward(1, 100, "first"), reward(1, 100, "second")])
    people = population(segment(monthly("3"), redeem=redeem("1")), members=100)
    first, second = simulate_population(shop, people, sample=100, months=6).reward_uses.sum(axis=1)
    assert first > 0
    assert second == 0


def test_fields_occur_in_their_shares() -> None:
    people = population(segment(monthly("3"), draws=DRAWS), members=MEMBERS)
    history = record_history(grocery(), people, sample=MEMBERS, months=2)
    bought = history.kind == PURCHASE
    for values, draw in (
        (history.fields[bought, 0], DRAWS[0]),
        (history.fields[bought, 1], DRAWS[1]),
        (history.item_fields[:, 0], DRAWS[2]),
    ):
        counts = np.bincount(values, minlength=len(draw.shares))
        assert stats.chisquare(counts, [float(share) * len(values) for share in draw.shares]).pvalue > 1e-3


def test_a_purchase_has_one_item_where_items_have_fields_and_a_join_has_none() -> None:
    history = record_history(grocery(), grocery_shoppers(50, 10), sample=80, months=3)
    assert np.diff(history.item_starts).tolist() == (history.kind == PURCHASE).astype(int).tolist()
    assert history.item_price.tolist() == history.basket[history.kind == PURCHASE].tolist()
    assert (history.fields[history.kind == JOIN] == 0).all()
    assert history.item_fields.max() < len(CATEGORY.values)


def test_baskets_are_lognormal() -> None:
    people = population(segment(monthly("3"), median=3000, sigma="0.8"), members=MEMBERS)
    history = record_history(ALWAYS_AFFORDABLE, people, sample=MEMBERS, months=2)
    logs = np.log(history.basket[history.kind == PURCHASE] / 3000)
    assert stats.kstest(logs, stats.norm(0, 0.8).cdf).pvalue > 1e-3
    baskets = history.basket[history.kind == PURCHASE]
    expected = 3000 * exp(0.8**2 / 2)
    assert abs(baskets.mean() - expected) < 4 * baskets.std() / sqrt(len(baskets))


def test_segments_have_their_shares_and_their_own_ways() -> None:
    people = grocery_shoppers(MEMBERS, joins=0)
    result = simulate_population(grocery(), people, sample=MEMBERS, months=3, tail=0)
    regulars, visitors = result.joined.sum(axis=1)
    assert abs(regulars - 0.7 * MEMBERS) < 4 * sqrt(MEMBERS * 0.7 * 0.3)
    rates = result.purchases.sum(axis=1) / np.array([regulars, visitors])
    assert rates[0] > 3 * rates[1]


def test_events_of_a_member_come_in_order() -> None:
    history = record_history(grocery(), grocery_shoppers(200, 20), sample=320, months=6)
    for member in range(320):
        rows = slice(int(history.starts[member]), int(history.starts[member + 1]))
        times = history.day[rows] * 1440 + history.minute[rows]
        assert (np.diff(times) >= 0).all()
        joins = history.kind[rows] == JOIN
        assert joins.tolist() == [member >= 200, *[False] * (len(joins) - 1)][: len(joins)]
    assert history.minute.max() < 1440
    assert history.day.max() <= history.last_day


def test_cumulative_thresholds_are_exact_shares_of_64_bits() -> None:
    thresholds = cumulative_thresholds([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)])
    assert [int(word) for word in thresholds] == [2**64 // 3, 2 * 2**64 // 3, 2**64 - 1]
