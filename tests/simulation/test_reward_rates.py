"""Reactions to how much a program gives back: what is measured, and what it multiplies, in closed form."""

from fractions import Fraction

import attrs
import numpy as np
import pytest

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.reward_rates import LEAST, MOST, RewardRate, elastic, more_leaving
from loyalty_dsl.language.transplant import Arm, transplant
from loyalty_dsl.language.under_program import reacts, without_program
from loyalty_dsl.simulation.pairs import Pairs, simulate_pairs
from loyalty_dsl.simulation.pilot import measure_rate
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.ways import left_sooner
from tests.simulation.reacting_people import read, times, write

MINUTE = 1 / 1440
BUYS = "purchases 4 per month spread 0.5"
EVEN = "purchases 4 per month spread 0.5\n        leave 5% per month"


def points(given: int) -> str:
    """Points that are worth a cent each and never end: the reward rate is what is given per dollar."""
    return f"""
    currency points {{ round  down per rule
                      expire never
                      worth  $0.01 }}
    earn base {{ on   purchase
                give {given} points per $1 }}
"""


def people(given: int, responses: str = "", traits: str = BUYS, who: str = "start 200 members") -> Arm:
    """Baskets are $20, which earn without rounding."""
    text = write(points(given), responses, traits, who).replace("sigma 0.5", "sigma 0")
    book = read(text)
    return Arm(book.programs[0], book.populations[0])


def moved(arm: Arm, given: int) -> Arm:
    """The same people under a program that gives so much."""
    other = people(given).program
    return Arm(other, transplant(arm.population, other).population)


def measured(arm: Arm, months: int = 2) -> Population:
    """The population as it was simulated alone."""
    return simulate_population(arm.program, arm.population, months=months, tail=0).population


def pairs_of(old: Arm, new: Arm, months: int = 6) -> Pairs:
    return simulate_pairs(old, new, months=months, each_member=True)


# ---- the measurement


def test_the_rate_is_the_worth_of_what_is_received_over_spend() -> None:
    for given in (1, 3, 7):
        arm = people(given, "rate_elasticity 30%")
        rate = measure_rate(arm.program, arm.population, seed=1, first_day=arm.program.starts)
        assert rate == Fraction(given, 100)


def test_money_off_counts_as_it_is_taken() -> None:
    rules = """
    currency stamps { round down per rule
                      expire never }
    earn stamp { on   purchase
                 give 1 stamp }
    reward free { price 10 stamps
                  give  $5 off up to the basket
                  issue automatically at checkout }
"""
    book = read(write(rules).replace("sigma 0.5", "sigma 0"))
    program, population = book.programs[0], book.populations[0]
    rate = measure_rate(program, population, seed=1, first_day=program.starts)
    lived = simulate_population(program, population, sample=10_000, months=12, tail=0)
    assert rate == Fraction(int(lived.reward_uses.sum()) * 500, int(lived.purchases.sum()) * 2000)


def test_the_pilot_is_of_members_who_do_not_react_to_it() -> None:
    calm, keen = people(3), people(3, "rate_elasticity 300% from 1%")
    known = measured(keen).reward_rate
    assert known == RewardRate(Fraction(3, 100), None, 10_000, 12)
    assert measured(calm).reward_rate is None


# ---- purchases


def test_purchases_come_sooner_by_the_ratio_of_the_rates_to_the_power_of_the_elasticity() -> None:
    factor = 3**0.3
    traits = EVEN.replace("leave 5% per month", "")
    slow, fast = (
        times(write(points(3), responses, traits, "start 200 members").replace("sigma 0.5", "sigma 0"))
        for responses in ("", "rate_elasticity 30% from 1%")
    )
    for off, on in zip(slow, fast, strict=True):
        assert len(on) >= len(off)
        assert np.all(np.abs(on[: len(off)] * factor - off) < 2 * MINUTE * factor)


def test_purchases_per_member_are_the_factor_times_those_of_the_population() -> None:
    arm = people(3, "rate_elasticity 30% from 1%", who="start 20,000 members")
    lived = simulate_population(arm.program, arm.population, months=3, tail=0)
    bought, expected = int(lived.purchases.sum()) / 20_000, 4 * 90 / 30.4375 * 3**0.3
    error = np.sqrt((expected + (0.5 * expected) ** 2) / 20_000)  # a Poisson count of gamma rates
    assert abs(bought - expected) < 4 * error


def test_an_elasticity_is_bounded_and_of_the_same_rate_nothing() -> None:
    one, half = Fraction(1), Fraction(1, 2)
    assert elastic(Fraction(2), one, one) == 2
    assert elastic(Fraction(4), one, half) == 2
    assert elastic(Fraction(9), one, one) == MOST and elastic(Fraction(1, 9), one, one) == LEAST
    assert elastic(Fraction(0), one, half) == LEAST and elastic(one, Fraction(0), half) == MOST
    assert elastic(Fraction(0), Fraction(0), half) == 1 == elastic(Fraction(9), one, Fraction(0))


# ---- leaving


def test_first_members_leave_at_the_larger_hazard_for_as_long_as_it_lasts() -> None:
    """Of 20,000 the shares who have gone by the end of each month, of a hazard that is doubled for one."""
    traits = BUYS + "\n        leave 10% per month"
    clause = "devaluation_churn 150% from 3% for 1 month"
    arm = people(1, clause, traits, "start 20,000 members")
    lived = simulate_population(arm.program, arm.population, months=4, tail=0)
    days = np.cumsum([31, 28, 31, 30])
    hazard = -np.log(0.9) / 30.4375
    work = days + np.minimum(days, 30.4375)  # 1 + 1.5 x (1 - 1/3) = 2
    expected = 1 - np.exp(-hazard * work)
    gone = np.cumsum(lived.left[0]) / 20_000
    assert np.all(np.abs(gone - expected) < 4 * np.sqrt(expected * (1 - expected) / 20_000))


def test_a_life_under_a_larger_hazard_has_done_the_same_work() -> None:
    for days in (0.0, 5.0, 59.9, 60.0, 61.0, 1e6):
        sooner = left_sooner(days, 2.0, 30.0)
        assert sooner + min(sooner, 30.0) == pytest.approx(days, abs=1e-9)
    assert left_sooner(12.3, 1.0, 30.0) == 12.3


def test_after_purchases_the_chance_of_leaving_is_multiplied_while_it_lasts() -> None:
    """Purchases until a member has gone are geometric: a chance of 20% instead of 10% after each."""
    traits = "purchases 30 per month\n        leave 10% per purchase"
    clause = "devaluation_churn 150% from 3% for 2 months"
    arm = people(1, clause, traits, "start 20,000 members")
    lived = simulate_population(arm.program, arm.population, months=1, tail=0)
    bought = int(lived.purchases[0, 0])
    rate, days = 30 / 30.4375, 31
    expected = (1 - np.exp(-rate * 0.2 * days)) / 0.2
    assert abs(bought / 20_000 - expected) < 4 * np.sqrt(expected * (1 / 0.2) / 20_000)


def test_who_joins_later_was_never_given_more() -> None:
    traits = BUYS + "\n        leave 10% per month"
    who = "start 0 members\n    join 500 members per month"
    lived = [
        simulate_population(arm.program, arm.population, months=4, tail=0)
        for arm in (people(1, "devaluation_churn 150% from 3%", traits, who), people(1, "", traits, who))
    ]
    assert np.array_equal(lived[0].left, lived[1].left) and lived[0].left.sum() > 100


def test_nobody_stays_longer_for_being_given_more() -> None:
    assert more_leaving(Fraction(3), Fraction(1), Fraction(2)) == 1
    assert more_leaving(Fraction(1), Fraction(3), Fraction(3, 2)) == 2


# ---- joining

JOIN = "start 100 members\n    join 100 members per month"


def test_joiners_are_multiplied() -> None:
    arm = people(3, "enrolment_elasticity 50% from 2%", who=JOIN)
    lived = simulate_population(arm.program, arm.population, months=3, tail=0)
    assert lived.joined.tolist() == [[100 + 122, 122, 122]]  # 100 x 1.5^0.5 = 122.5


def test_both_versions_have_the_same_joiners_and_one_has_more() -> None:
    old = people(2, "enrolment_elasticity 50%", who=JOIN)
    new = moved(old, 1)
    pairs = pairs_of(old, new, 3)
    assert pairs.old.joined.tolist() == [[200, 100, 100]]
    assert pairs.new.joined.tolist() == [[100 + 70, 70, 70]]  # 100 / 2^0.5 = 70.7
    rows = pairs.rows
    assert rows is not None
    joined = np.array(rows["old"][100:200], object) > 0
    stay = np.array(rows["new"][100:200], object) > 0
    assert not np.any(stay[70:]) and np.any(joined[70:])
    both = joined[:70]
    assert np.array_equal(np.array(rows["old"][100:170])[both], 2 * np.array(rows["new"][100:170])[both])


def test_a_version_beside_another_is_what_it_is_alone() -> None:
    old = people(2, "rate_elasticity 30%; devaluation_churn 50%; enrolment_elasticity 50%", EVEN, JOIN)
    for given in (1, 5):
        new = moved(old, given)
        pairs = simulate_pairs(old, new, sample=None, months=3)
        alone = simulate_population(new.program, pairs.new.population, months=3)
        assert np.array_equal(alone.joined, pairs.new.joined)
        assert np.array_equal(alone.left, pairs.new.left)
        if given < 2:  # as many ids as joiners, so nothing is scaled
            assert np.array_equal(alone.purchases, pairs.new.purchases)
            assert np.array_equal(alone.issued, pairs.new.issued)


# ---- with nothing to compare, and with itself

ALL = "rate_elasticity 30%; devaluation_churn 50%; enrolment_elasticity 50%"


def same(one: object, other: object) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("joined", "left", "purchases", "basket", "issued", "outstanding")
    )


def test_alone_and_without_a_stated_rate_nothing_changes() -> None:
    calm, keen = people(3, "", EVEN, JOIN), people(3, ALL, EVEN, JOIN)
    lived = [simulate_population(arm.program, arm.population, months=4) for arm in (calm, keen)]
    assert same(*lived)
    assert not reacts(lived[1].population)


def test_under_the_old_version_nothing_changes() -> None:
    calm, keen = people(3, "", EVEN, JOIN), people(3, ALL, EVEN, JOIN)
    pairs = pairs_of(keen, keen)
    for lived in (pairs.old, pairs.new):
        assert same(lived, simulate_population(calm.program, calm.population, months=6))


def test_a_cut_is_answered_in_all_three_ways() -> None:
    keen = people(3, ALL, EVEN, JOIN)
    pairs = pairs_of(keen, moved(keen, 1))
    rate = pairs.new.population.reward_rate
    assert rate == RewardRate(Fraction(1, 100), Fraction(3, 100), 10_000, 12)
    assert pairs.new.joined.sum() < pairs.old.joined.sum()
    assert pairs.new.purchases.sum() < pairs.old.purchases.sum()
    assert pairs.new.left[:, :3].sum() > pairs.old.left[:, :3].sum() - 10


def test_the_life_without_the_program_keeps_who_joined() -> None:
    arm = people(3, ALL.replace("50%", "50% from 1%"), EVEN, JOIN)
    found = measured(arm)
    without = without_program(found)
    assert [one.name for one in without.responses] == ["enrolment_elasticity"]
    assert without.reward_rate == found.reward_rate and reacts(found)
    lived = [simulate_population(arm.program, one, months=3, tail=0) for one in (found, without)]
    assert np.array_equal(lived[0].joined, lived[1].joined)


def test_a_measured_rate_is_not_measured_again() -> None:
    arm = people(3, "rate_elasticity 30% from 1%")
    told = attrs.evolve(arm.population, reward_rate=RewardRate(Fraction(1, 100), None, 1, 1))
    lived = simulate_population(arm.program, told, months=3, tail=0)
    assert same(lived, simulate_population(arm.program, people(3).population, months=3, tail=0))


def test_the_clause_that_states_a_rate_and_how_long() -> None:
    (one,) = people(3, "devaluation_churn 40% from 2.5% for 6 weeks", EVEN).population.responses
    assert one.stated("from") == Fraction(1, 40)
    assert one.lasting("for") == Duration(6, Unit.WEEK)
