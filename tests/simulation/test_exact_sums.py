"""NUM-5, NUM-6: what a simulation adds up is exact, or the simulation is refused."""

from fractions import Fraction

import attrs
import pytest
from businesses import NOWHERE, earn, monthly, points, population, program, redeem, reward, segment

from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.program import CostOfFace, CostPerUse, RewardCost
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.run import simulate_population

PEOPLE = population(segment(monthly("10"), redeem=redeem("1")), members=200)


def number(value: str) -> AssumedNumber:
    return AssumedNumber(Fraction(value), None, NOWHERE)


@pytest.mark.parametrize(
    "cost",
    [
        CostPerUse(number("900000000000.000001")),
        CostPerUse(number("10000000000000000000")),
        CostOfFace(number("12345678901234567/3")),
    ],
)
def test_costs_of_any_size_and_fraction_are_exact(cost: RewardCost) -> None:
    """NUM-5, REDEEM-6: what the kernel counts is uses and money off, and a cost follows from them."""
    of = program(points(), [earn(Flat(1))], [attrs.evolve(reward(1, 7), cost=cost)])
    result = simulate_population(of, PEOPLE, sample=200, months=3, tail=0)
    counted = result.reward_uses if isinstance(cost, CostPerUse) else result.reward_off
    assert counted.sum() > 1000
    costs = [Fraction(each, result.cost_scale) for each in result.reward_cost[0]]
    assert costs == [int(count) * cost.number.value for count in counted[0]]


def test_sums_that_may_not_fit_are_refused() -> None:
    """NUM-6: some thousand postings of 2^60 points."""
    with pytest.raises(InputRefused, match="counted exactly"):
        simulate_population(program(points(), [earn(Flat(2**60))]), PEOPLE, sample=200, months=3, tail=0)
