"""What a unit costs that becomes a certificate."""

from fractions import Fraction

import attrs
from toy_ledger import CREDIT_OFF, FIVE_OFF, toy_program

from loyalty_dsl.forecast.costs import Taken, unit_cost
from loyalty_dsl.language.program import CostOfFace, CostPerUse, Reward
from loyalty_dsl.language.rewards import RewardCase, Thing, UnitsGiven


def taken(reward: Reward, uses: int, off: int, cost: int, given: int = 0) -> Taken:
    return Taken(reward, uses, reward.price * uses, off, given, Fraction(cost))


POINTS, NOTES = toy_program(2).currencies
A_NOTE = attrs.evolve(
    FIVE_OFF, name="note", cases=(RewardCase(None, 2000, False, UnitsGiven(1, 2000)),), cost=None
)
OF_FACE = CostOfFace(attrs.evolve(FIVE_OFF.cost.number, value=Fraction(65, 100)))
USE_NOTE = attrs.evolve(CREDIT_OFF, cost=OF_FACE)


def test_a_point_that_becomes_a_certificate_costs_what_the_certificate_does():
    """10 notes of $20 for 2,000 points each; 85% of notes are used, at 65 cents a dollar."""
    used = attrs.evolve(taken(USE_NOTE, 1, 17_000, 11_050), units=17_000)
    uses = (taken(A_NOTE, 10, 0, 0, given=20_000), used)
    cost = unit_cost(POINTS, uses, (POINTS, NOTES), [Fraction(1), Fraction(85, 100)])
    assert cost.value == Fraction(20_000 * 85 * 65, 100 * 100 * 20_000)
    assert cost.through == ((NOTES, Fraction(85, 100)),)
    assert cost.bearing == ((USE_NOTE.cost.number, 1),)
    assert cost.assumed == 1 and cost.at_face == ()


def test_a_declared_cost_of_a_certificate_is_not_counted_when_it_is_issued_as_well():
    number = attrs.evolve(FIVE_OFF.cost.number, value=Fraction(1300))
    declares = attrs.evolve(A_NOTE, cost=CostPerUse(number))
    uses = (
        taken(declares, 10, 0, 13_000, given=20_000),
        attrs.evolve(taken(USE_NOTE, 1, 17_000, 11_050), units=17_000),
    )
    cost = unit_cost(POINTS, uses, (POINTS, NOTES), [Fraction(1), Fraction(1)])
    assert cost.value == Fraction(65, 100)
    assert cost.bearing == ((USE_NOTE.cost.number, 1),)


def test_a_certificate_in_money_without_any_cost_is_taken_at_its_face():
    free = attrs.evolve(USE_NOTE, cost=None)
    uses = (taken(A_NOTE, 10, 0, 0, given=20_000), taken(free, 0, 0, 0))
    cost = unit_cost(POINTS, uses, (POINTS, NOTES), [Fraction(1), Fraction(1)])
    assert cost.value == 1
    assert cost.at_face == (A_NOTE,)


def test_currencies_that_become_each_other_have_an_end():
    back = attrs.evolve(USE_NOTE, cases=(RewardCase(None, 100, False, UnitsGiven(0, 100)),), cost=None)
    uses = (taken(A_NOTE, 10, 0, 0, given=20_000), taken(back, 10, 0, 0, given=1000))
    cost = unit_cost(POINTS, uses, (POINTS, NOTES), [Fraction(1), Fraction(1)])
    assert cost is not None and cost.value >= 0


def test_a_thing_without_a_declared_cost_is_unknown_and_not_free():
    """A sample of no declared cost tells nothing of a point; beside a known reward it is left out."""
    points = attrs.evolve(POINTS, cost=None)
    case = RewardCase(None, 100, False, Thing("sample"))
    sample = attrs.evolve(FIVE_OFF, name="sample", cases=(case,), cost=None)
    assert unit_cost(points, (taken(sample, 5, 0, 0),), (points,), [Fraction(1)]) is None
    both = (taken(sample, 5, 0, 0), taken(FIVE_OFF, 2, 1000, 850))
    cost = unit_cost(points, both, (points,), [Fraction(1)])
    assert cost.value == Fraction(850, 2 * FIVE_OFF.price)


def test_units_of_a_currency_that_nobody_knows_the_cost_of_are_not_free():
    points, miles = attrs.evolve(POINTS, cost=None), attrs.evolve(NOTES, cost=None, in_money=False)
    gives = attrs.evolve(A_NOTE, name="miles")
    others = (points, miles), [Fraction(1), Fraction(1)]
    assert unit_cost(points, (taken(gives, 5, 0, 0, given=500),), *others) is None
    both = (taken(gives, 5, 0, 0, given=500), taken(FIVE_OFF, 2, 1000, 850))
    assert unit_cost(points, both, *others).value == Fraction(850, 2 * FIVE_OFF.price)
