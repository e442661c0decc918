"""REDEEM-1, REDEEM-3: rewards are used one after the other, and a thousand million uses take no longer."""

import time

import attrs
import pytest
from drawn_histories import seeded_pair
from histories_by_hand import history_of
from programs_by_hand import earn, program, reward, times, units
from promotions_by_hand import benefit
from test_agreement import assert_same_answer

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation import redemption
from loyalty_dsl.evaluation.replay import replay
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.conditions import (
    Any,
    BalanceOf,
    Base,
    Compare,
    EventAmount,
    Literal,
    Not,
    OneAmong,
    Operand,
    Order,
)
from loyalty_dsl.language.program import Program, Reward
from loyalty_dsl.language.rewards import Taking, Thing
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MAX_AMOUNT

BALANCE, AMOUNT = BalanceOf(0), EventAmount(Base.AMOUNT)


def compare(left: Operand, order: Order, right: int | Operand) -> Compare:
    return Compare(left, order, Literal(right, Kind.NUMBER) if isinstance(right, int) else right)


WHENS = (
    None,
    compare(BALANCE, Order.AT_LEAST, 500),
    compare(BALANCE, Order.MORE, 501),
    compare(AMOUNT, Order.AT_LEAST, 700),
    Not(compare(BALANCE, Order.EQUAL, 940)),
    compare(BALANCE, Order.LESS, AMOUNT),
    compare(AMOUNT, Order.AT_MOST, BALANCE),
    OneAmong(BALANCE, (1000, 990, 980, 975, 62, 40)),
    Not(OneAmong(BALANCE, (70, 60, 50))),
    Any((compare(BALANCE, Order.MORE, 900), compare(AMOUNT, Order.LESS, 100))),
)


def cases() -> list[Program]:
    """Programs whose rewards can be used dozens of times at one purchase, each way of stopping among them."""
    asked = [reward(10, 37), reward(10, 37, in_full=True), reward(7, 900, minimum_balance=333)]
    asked += [reward(10, 37, times(4, None), units(1000, Unit.DAY))]
    asked += [reward(3, 10, units(405, None), minimum_basket=5, in_full=True)]
    return [
        program(
            earn(Flat(1000)),
            attrs.evolve(each, taking=taking, when=when),
        )
        for each in asked
        for when in WHENS
        for taking in (Taking.AT_CHECKOUT, Taking.CHOSEN)
    ]


@pytest.mark.parametrize("quantity", [1, 20, 27])
def test_both_engines_agree_on_dozens_of_uses(quantity: int) -> None:
    """SAME-1: including what is refused and why."""
    used = 0
    for of in cases():
        days = [of.starts] * 5
        history = history_of(
            ["a"], [0, 5], days, [1000, 1990, 1000, 10, 74], reward=[0] * 5, quantity=[quantity] * 5
        )
        assert_same_answer(of, history)
        used += replay(of, history).rewards[0].uses
    assert used > 1000


def test_uses_at_once_are_uses_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """REDEEM-1: all is asked again before each use."""
    pairs = [seeded_pair(seed) for seed in range(500, 600)]
    for i, of in enumerate(cases()):
        days = [of.starts, of.starts, of.starts + 1]
        pairs.append((of, history_of(["a"], [0, 3], days, [1000, 1990, 700 + i], reward=[0] * 3)))

    def answers() -> list[object]:
        results = [replay(of, history, "reference", with_postings=True) for of, history in pairs]
        return [(result.postings, result.rewards, result.refusals) for result in results]

    at_once = answers()
    monkeypatch.setattr(redemption, "_uses_alike", lambda *_: 1)
    assert answers() == at_once


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize(
    "asked",
    [
        reward(1, 1, automatic=True),
        reward(1, 1, automatic=True, in_full=True),
        reward(1, 1, times(10**9), automatic=True, when=compare(BALANCE, Order.MORE, 5)),
        reward(1, 1, automatic=True, when=compare(AMOUNT, Order.MORE, 5)),
    ],
)
def test_a_thousand_million_uses_take_no_time(asked: Reward, engine: str) -> None:
    """REDEEM-1: a point for a cent off, of a balance of a million million points."""
    of = program(earn(Flat(10**12)), asked)
    history = history_of(["a"], [0, 2], [of.starts] * 2, [MAX_AMOUNT] * 2)
    replay(of, history, "compiled")  # compiles it
    start = time.process_time()
    result = replay(of, history, "reference" if engine == "reference" else "compiled")
    assert time.process_time() - start < 1
    assert result.rewards[0].uses >= MAX_AMOUNT - 5


def test_a_great_number_may_be_asked_for() -> None:
    """REDEEM-3: and is refused as a whole where the balance ends."""
    of = program(earn(Flat(10**12)), reward(10, 1, in_full=True))
    for quantity, uses in ((10**11, 10**11), (10**11 + 1, 0)):
        history = history_of(
            ["a"], [0, 2], [of.starts] * 2, [100] * 2, reward=[-1, 0], quantity=[0, quantity]
        )
        assert_same_answer(of, history)
        assert replay(of, history).rewards[0].uses == uses


@pytest.mark.parametrize(("most", "used"), [(40, 34), (25, 25), (4, 4)])
def test_a_benefit_for_each_unit_is_used_as_often_as_its_limit_leaves(most: int, used: int) -> None:
    """LIMIT-1, REDEEM-3: only what a member asked for is all or nothing. Balances of 0, 10, 20 and 30, a
    limit in a month, and 12 at most at an event."""
    counted = attrs.evolve(
        benefit(reward(1, 1, times(most, Unit.MONTH)), Thing("upkeep")), counted=0, most_counted=12
    )
    of = program(earn(Flat(10)), counted)
    history = history_of(["a"], [0, 4], [of.starts] * 4, [1000] * 4)
    assert_same_answer(of, history)
    assert replay(of, history).rewards[0].uses == used
