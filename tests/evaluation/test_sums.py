"""NUM-6: sums that may not fit 64 bits are refused, and never wrap around."""

from fractions import Fraction

import attrs
import numpy as np
import pytest
from histories_by_hand import history_of
from programs_by_hand import NOWHERE, currency, earn, program, reward

from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.evaluation.sums import largest_posting, verify_sums_fit
from loyalty_dsl.language.amounts import (
    Amount,
    Case,
    Choice,
    Flat,
    Nothing,
    PerField,
    PerItem,
    PerMoney,
    Share,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.conditions import Base, Compare, EventDay, Literal, Order
from loyalty_dsl.language.program import CostPerUse, Program
from loyalty_dsl.language.rewards import BalanceGiven, RewardCase, UnitsGiven
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER
from loyalty_dsl.refusals import InputRefused


def generous(units: int) -> Program:
    return program(earn(PerMoney(units, 1, True, Base.BASKET)))


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_balances_that_would_wrap_around_are_refused(engine: Engine) -> None:
    """NUM-6: two baskets at 2^61 each fit a program's products (NUM-5), and not a balance."""
    rate = 2**61 // MAX_AMOUNT
    once, thrice = ([MAX_AMOUNT] * count for count in (1, 3))
    first = generous(rate).starts
    one = replay(generous(rate), history_of(["a"], [0, 1], [first], once), engine)
    assert one.totals()[0].outstanding == rate * MAX_AMOUNT
    with pytest.raises(InputRefused, match="counted exactly"):
        replay(generous(rate), history_of(["a"], [0, 3], [first] * 3, thrice), engine)


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_members_add_up_within_bounds_too(engine: Engine) -> None:
    """NUM-6: each of many members fits, and all of them together do not."""
    rate = 2**61 // MAX_AMOUNT
    first = generous(rate).starts
    with pytest.raises(InputRefused):
        replay(generous(rate), history_of(list("abcd"), range(5), [first] * 4, [MAX_AMOUNT] * 4), engine)


def test_the_largest_posting_bounds_what_is_posted() -> None:
    """NUM-6: for a flat amount, a rate and a share."""
    assert largest_posting(program(), earn(Flat(7))) == 7
    assert largest_posting(program(), earn(PerMoney(3, 7, False, Base.BASKET)), 1000) >= Fraction(3000, 7)
    assert largest_posting(program(), earn(Share(Fraction(1, 3), Base.BASKET)), 1000) >= Fraction(1000, 3)


NIGHTS = Field("nights", Kind.NUMBER, (), 0, NOWHERE)
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "most"),
    [
        (PerField(2, 3, False, NIGHTS), Fraction(2 * MAX_NUMBER, 3)),
        (PerItem(4), 4 * MAX_NUMBER),
        (Slices(Base.AMOUNT, (0, 100), (1, 3), (100, 100)), 30),
        (Choice((Case(Compare(EventDay(), Order.AT_LEAST, Literal(5, Kind.DATE)), Flat(9)),), Nothing()), 9),
        (ShareOfRules(HALF, (0,)), 50),
    ],
)
def test_the_largest_posting_bounds_every_form(amount: Amount, most: Fraction | int) -> None:
    """NUM-6: fields, items, bands, tables, and shares of a rule that is worth up to 100."""
    rules = program(earn(Flat(100)), earn(amount))
    bound = largest_posting(rules, rules.earns[1], 1000)
    assert most <= bound <= most + 3


def test_what_rewards_give_is_bounded_too() -> None:
    """NUM-6: certificates are issued without an earn rule, and so is a share of a balance."""

    def giving(face: UnitsGiven | BalanceGiven) -> Program:
        gift = attrs.evolve(reward(), cases=(RewardCase(None, 1, False, face),))
        notes = attrs.evolve(currency("notes"), index=1)
        return program(earn(Flat(2**40)), gift, currencies=(currency(), notes))

    verify_sums_fit(giving(UnitsGiven(1, 2**30)), [0], [2**31])
    with pytest.raises(InputRefused, match="`notes` could add up"):
        verify_sums_fit(giving(UnitsGiven(1, 2**30)), [0], [2**32])
    verify_sums_fit(giving(BalanceGiven(1, Fraction(2))), [2**20], [2**20])
    with pytest.raises(InputRefused, match="`notes` could add up"):
        verify_sums_fit(giving(BalanceGiven(1, Fraction(2))), [2**21], [2**20])


def test_money_off_is_bounded_too() -> None:
    """NUM-6: uses times the face."""
    verify_sums_fit(program(reward(1, MAX_AMOUNT)), [], [10**9])
    with pytest.raises(InputRefused, match="could take off"):
        verify_sums_fit(program(reward(1, MAX_AMOUNT)), [], [10**10])


@pytest.mark.parametrize("engine", ["compiled", "reference"])
@pytest.mark.parametrize("cost", [Fraction(9_000_000_000 * 10**10 + 1, 10**8), Fraction(10**22)])
def test_a_cost_is_exact_whatever_its_size_and_fraction(cost: Fraction, engine: Engine) -> None:
    """NUM-5, REDEEM-6: costs are in no product of 64 bits."""
    of = program(
        earn(Flat(100)),
        reward(100, 500, automatic=True, cost=CostPerUse(AssumedNumber(cost, None, NOWHERE))),
        currencies=[currency()],
    )
    days = np.arange(4) + of.starts
    result = replay(of, history_of(["a"], [0, 4], days.tolist(), [1000] * 4), engine)
    assert (result.rewards[0].uses, result.rewards[0].cost) == (3, 3 * cost)
