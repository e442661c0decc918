"""Laws that need no statistics: the same members with the same luck under two programs.

For one reward at a fixed price, points that expire so long after they were earned, and purchases that do not
depend on the program, whoever can use the reward for the k-th time under a dearer or shorter program could
have under the other one by then: what is used never takes later lots, and what is left is never less. Hence
the number of uses never rises with the price, and neither uses nor units rise as expiry shortens, for each
member on each day, whether the reward comes by itself or is chosen. What the law does not cover is held by
counterexamples at the end: units where prices are no multiples, points earned on what rewards leave to pay,
rewards that take all that is there, and two rewards side by side.
"""

from collections import defaultdict
from itertools import accumulate
from math import floor

import attrs
import numpy as np
import pytest
from businesses import (
    A_POINT_PER_DOLLAR,
    START,
    after,
    earn,
    monthly,
    points,
    population,
    program,
    redeem,
    reward,
    segment,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from luck_study import saver

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.settings import with_settings
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language.amounts import Amount, PerMoney
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.simulation.recording import record_history

MEMBERS, MONTHS = 30, 6
DRAWN = settings(max_examples=15, deadline=None, derandomize=True, database=None)

prices = st.integers(1, 400)
lives = st.integers(1, 240)
seeds = st.integers(0, 2**40)


@st.composite
def shoppers(draw: st.DrawFn) -> Population:
    """Members who differ, and who choose by the worth of the reward too."""
    chance, slope, spread = (
        draw(st.sampled_from(of)) for of in (("0.1", "0.5", "1"), ("0", "1.5"), ("0", "1"))
    )
    people = segment(
        monthly(draw(st.sampled_from(("0.4", "2", "9"))), draw(st.sampled_from(("0", "1.2")))),
        median=draw(st.integers(100, 9000)),
        sigma=draw(st.sampled_from(("0", "0.9"))),
        redeem=redeem(chance, slope, spread, draw(st.sampled_from(("0", "0.3")))),
    )
    return population(people, members=MEMBERS, joins=3)


ON_THE_BASKET = PerMoney(1, 100, True, Base.BASKET)
"""A point for each whole dollar before rewards: what is earned does not depend on what is redeemed."""


def shop(price: int, days: int, *, automatic: bool, earns: Amount = ON_THE_BASKET) -> Program:
    return program(points(after(days)), [earn(earns)], [reward(price, 300, automatic=automatic)])


# ---- uses of each member, after each day


def automatic_uses(history: History, version: Program) -> dict[tuple[str, int], int]:
    """By member and day, units redeemed on it."""
    postings = replay(version, history, threads=1, with_postings=True).postings
    assert postings is not None
    found: dict[tuple[str, int], int] = defaultdict(int)
    for member, its in zip(history.members, postings, strict=True):
        for _, day, kind, _, _, _, _, units in its:
            if kind == "redeemed":
                found[member, day] += units
    return found


def so_far(history: History, redeemed: dict[tuple[str, int], int]) -> list[int]:
    """Units redeemed so far, after each purchase of each member."""
    counts = np.diff(history.starts).tolist()
    totals: list[int] = []
    at = 0
    for member, count in zip(history.members, counts, strict=True):
        days = history.day[at : at + count].tolist()
        at += count
        by_day = list(accumulate(redeemed.get((member, day), 0) for day in dict.fromkeys(days)))
        totals += by_day
    return totals


def assert_never_more(old: list[int], new: list[int], each: tuple[int, int] = (1, 1)) -> None:
    """That counts of new uses are at most those of old ones, each of its price."""
    assert len(old) == len(new)
    assert all(b * each[0] <= a * each[1] for a, b in zip(old, new, strict=True))


@DRAWN
@given(people=shoppers(), price=prices, more=st.integers(1, 300), days=lives, seed=seeds)
def test_a_dearer_automatic_reward_is_never_used_more_often(
    people: Population, price: int, more: int, days: int, seed: int
) -> None:
    versions = [shop(its, days, automatic=True) for its in (price, price + more)]
    history = record_history(versions[0], people, sample=MEMBERS, months=MONTHS, seed=seed)
    old, new = (so_far(history, automatic_uses(history, version)) for version in versions)
    # uses are units over the price: new / (price + more) <= old / price
    assert_never_more(old, new, (price, price + more))


@DRAWN
@given(people=shoppers(), price=prices, days=lives, fewer=st.integers(1, 200), seed=seeds)
def test_units_of_an_automatic_reward_never_rise_as_expiry_shortens(
    people: Population, price: int, days: int, fewer: int, seed: int
) -> None:
    versions = [shop(price, its, automatic=True) for its in (days + fewer, days)]
    history = record_history(versions[0], people, sample=MEMBERS, months=MONTHS, seed=seed)
    assert_never_more(*(so_far(history, automatic_uses(history, version)) for version in versions))


@DRAWN
@given(
    people=shoppers(),
    price=st.integers(1, 100),
    times=st.integers(2, 5),
    days=lives,
    seed=seeds,
)
def test_units_never_rise_with_a_price_that_is_a_multiple(
    people: Population, price: int, times: int, days: int, seed: int
) -> None:
    versions = [shop(its, days, automatic=True) for its in (price, price * times)]
    history = record_history(versions[0], people, sample=MEMBERS, months=MONTHS, seed=seed)
    assert_never_more(*(so_far(history, automatic_uses(history, version)) for version in versions))


def chosen_uses(version: Program, people: Population, seed: int) -> tuple[History, list[int]]:
    """The events, and the uses so far of each member after each."""
    history = record_history(version, people, sample=MEMBERS, months=MONTHS, seed=seed)
    used: list[int] = []
    for first, end in zip(history.starts, history.starts[1:], strict=False):
        used += np.cumsum(history.reward[first:end] >= 0).tolist()
    return history, used


@DRAWN
@given(
    people=shoppers(),
    price=prices,
    more=st.integers(0, 300),
    days=lives,
    fewer=st.integers(0, 200),
    seed=seeds,
)
def test_a_chosen_reward_is_never_used_more_often_where_it_is_dearer_or_points_live_shorter(  # noqa: PLR0917
    people: Population, price: int, more: int, days: int, fewer: int, seed: int
) -> None:
    old, before = chosen_uses(shop(price, days + fewer, automatic=False), people, seed)
    new, now = chosen_uses(shop(price + more, days, automatic=False), people, seed)
    for column in ("day", "kind", "basket"):
        assert np.array_equal(getattr(old, column), getattr(new, column)), "the same purchases"
    assert_never_more(before, now)


# ---- which lots are taken first


ROUGHLY = 1e-6
"""What shares of lots may be off by, in points."""


class Wallet:
    """Lots of one member, taken from in one of three orders."""

    def __init__(self, order: str) -> None:
        self.order = order
        self.lots: list[tuple[int, float]] = []

    def expire(self, by: int) -> None:
        self.lots = [(end, units) for end, units in self.lots if end > by]

    @property
    def balance(self) -> float:
        return sum(units for _, units in self.lots) + ROUGHLY

    def take(self, units: int) -> None:
        if self.order == "pro rata":
            share = 1 - units / self.balance
            self.lots = [(end, its * share) for end, its in self.lots if its * share > ROUGHLY]
            return
        left: float = units
        order = sorted(self.lots, reverse=self.order == "last in")
        kept = []
        for end, its in order:
            taken = min(left, its)
            left -= taken
            if its > taken + ROUGHLY:
                kept.append((end, its - taken))
        self.lots = sorted(kept)


def redeemed_in(order: str, history: History, price: int, days: int) -> list[int]:
    """What each member redeems: at each purchase as often as the balance allows, before it earns."""
    found = []
    for first, end in zip(history.starts.tolist(), history.starts[1:].tolist(), strict=False):
        wallet, redeemed = Wallet(order), 0
        for event in range(first, end):
            if history.kind[event] != PURCHASE:
                continue
            day = int(history.day[event])
            wallet.expire(day)
            units = floor(wallet.balance / price) * price
            if units:
                wallet.take(units)
                redeemed += units
            earned = int(history.basket[event]) // 100
            if earned:
                wallet.lots.append((day + days, earned))
        found.append(redeemed)
    return found


@settings(DRAWN, max_examples=12)
@given(people=shoppers(), price=prices, days=st.integers(5, 150), seed=seeds)
def test_first_in_first_out_redeems_at_least_as_much_as_any_other_order(
    people: Population, price: int, days: int, seed: int
) -> None:
    """The kernel's order is the first of these, to the point; for each member it redeems the most."""
    version = shop(price, days, automatic=True)
    history = record_history(version, people, sample=MEMBERS, months=MONTHS, seed=seed)
    first = redeemed_in("first in", history, price, days)
    kernel = replay(version, history, threads=1).balances.redeemed[:, 0].tolist()
    assert first == kernel
    for order in ("pro rata", "last in"):
        others = redeemed_in(order, history, price, days)
        assert all(ours >= theirs for ours, theirs in zip(first, others, strict=True)), order


def test_pro_rata_lies_between() -> None:
    """By members together, and by far more than nothing: points that live three months."""
    people = population(segment(monthly("1.2", "1.0"), median=3000), members=600)
    history = record_history(shop(100, 90, automatic=True), people, sample=600, months=18, seed=4)
    issued = int((history.basket // 100).sum())
    rates = [
        sum(redeemed_in(order, history, 100, 90)) / issued for order in ("first in", "pro rata", "last in")
    ]
    assert rates[0] > rates[1] + 0.002 > rates[2] + 0.004


# ---- in total, where no law holds for each member


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("as_money.minimum", ("50 points", "100 points", "250 points", "500 points", "1,000 points")),
        ("points.expire", ("24 months", "12 months", "6 months", "3 months")),
    ],
)
def test_all_members_together_redeem_less_of_points_that_are_money(
    path: str, values: tuple[str, ...]
) -> None:
    """Whoever has to wait takes more at once, so the law is one of all members together: the redemption rate
    falls with the threshold, and as expiry shortens."""
    rates = []
    for value in values:
        book = with_settings(saver(), {path: value})
        (units,) = pipeline.simulate(book, sample=3_000, months=12, seed=6).by_currency
        rates.append(units.fate.urr)
    assert all(rate is not None for rate in rates)
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == len(rates)


# ---- what the law is not


def purchases(*rows: tuple[int, int]) -> History:
    """One member's purchases: days from the start, and dollars."""
    count = len(rows)
    return History(
        members=["one"],
        starts=np.array([0, count]),
        ids=[str(i) for i in range(count)],
        rows=np.arange(1, count + 1),
        day=np.array([START + day for day, _ in rows]),
        minute=np.full(count, 600),
        kind=np.full(count, PURCHASE),
        basket=np.array([100 * dollars for _, dollars in rows]),
        fields=np.zeros((count, 2), np.int64),
        item_starts=np.zeros(count + 1, np.int64),
        item_price=np.zeros(0, np.int64),
        item_fields=np.zeros((0, 0), np.int64),
        reward=np.full(count, -1),
        quantity=np.zeros(count, np.int64),
        last_day=START + 300,
    )


def redeemed_by(version: Program, history: History) -> int:
    return int(replay(version, history, threads=1).balances.redeemed.sum())


def test_units_may_rise_with_a_price_that_leaves_less_over() -> None:
    """150 points pay for one reward of 100, and for one of 150: as many uses, and more points used."""
    history = purchases((0, 150), (5, 1))
    assert redeemed_by(shop(100, 90, automatic=True), history) == 100
    assert redeemed_by(shop(150, 90, automatic=True), history) == 150


def test_units_may_rise_where_points_are_earned_on_what_is_left_to_pay() -> None:
    """At 10 points for $3, $45 off the second basket leave it fewer points to earn than $21 off do at 20."""
    history = purchases((0, 150), (5, 150), (9, 1))
    redeemed = [
        redeemed_by(shop(price, 90, automatic=True, earns=A_POINT_PER_DOLLAR), history) for price in (10, 20)
    ]
    assert redeemed == [150 + 100, 140 + 120]


def test_a_dearer_reward_may_let_another_one_redeem_more() -> None:
    """At $100 the small reward takes the points at once; without it they grow into the large one."""
    history = purchases((0, 60), (5, 60), (9, 1))
    small, large = reward(50, 300, "small", automatic=True), reward(120, 900, "large", automatic=True)
    both = program(points(after(90)), [earn(ON_THE_BASKET)], [small, large])
    dearer = attrs.evolve(both.rewards[0], cases=(attrs.evolve(small.cases[0], price=5000),))
    assert redeemed_by(both, history) == 100
    assert redeemed_by(attrs.evolve(both, rewards=(dearer, both.rewards[1])), history) == 120
