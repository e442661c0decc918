"""The pilot: what a program gives back for what is spent, measured on members who do not react to that.

Invariants: a pilot lives the same customers with the same seed as the simulation that it is for, so two
versions of a program are measured on the same luck; its figure is an exact quotient of sums over members, and
no figure of the simulation but the rate is taken from it.

What members received is what a comparison takes it to be: money off, things at their worth, and what they
hold at the end, at its worth.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.reward_rates import BY_RATE, JOINING_BY_RATE, RewardRate, factor_of, wants_rate
from loyalty_dsl.language.transplant import Arm
from loyalty_dsl.simulation.days import first_day_of
from loyalty_dsl.simulation.paired_figures import worth_of_thing, worths_of_units
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

PILOT_MEMBERS = 10_000
"""Members of a pilot: enough for a rate to three digits, and a small part of a simulation's work."""

PILOT_MONTHS = 12
"""A whole year, so that seasons, birthdays and promotions are in it; from the simulation's first day."""


def with_reward_rate(program: Program, population: Population, *, seed: int, first_day: int) -> Population:
    """The population with the measured rate of its program, if it reacts to that and has none yet."""
    if population.reward_rate is not None or not wants_rate(population.responses):
        return population
    return _told(population, measure_rate(program, population, seed=seed, first_day=first_day), None)


def with_reward_rates(old: Arm, new: Arm, *, seed: int, first_day: int | None) -> tuple[Arm, Arm]:
    """Two versions with the measured rates of both, which their members compare with the old one.

    Args:
        first_day: of both simulations; by default the new version's own.

    Raises:
        InputRefused: a version cannot be simulated from that day on.
    """
    arms = (old, new)
    if not any(wants_rate(arm.population.responses) for arm in arms):
        return arms
    first = first_day_of(new.program, new.population, first_day)
    before = None
    if wants_rate(old.population.responses):
        before = _rate_of(old, seed, first)
    found = []
    for arm in arms:
        if arm.population.reward_rate is None and wants_rate(arm.population.responses):
            rate = before if arm is old else _rate_of(arm, seed, first)
            found.append(Arm(arm.program, _told(arm.population, rate, before)))
        else:
            found.append(arm)
    return found[0], found[1]


def joining_of(*arms: Arm) -> Fraction:
    """How many times the joiners of the population get an id, so that all versions have the same members.

    That is as often as they join under the version that most of them join. The rates have been measured.
    """
    return max(
        factor_of(JOINING_BY_RATE, arm.population.responses, arm.population.reward_rate) for arm in arms
    )


def _rate_of(arm: Arm, seed: int, first_day: int) -> Fraction | None:
    """The rate of a version: as measured before, or by a pilot."""
    known = arm.population.reward_rate
    if known is not None:
        return known.rate
    return measure_rate(
        arm.program, arm.population, seed=seed, first_day=first_day_of(arm.program, arm.population, first_day)
    )


def _told(population: Population, rate: Fraction | None, before: Fraction | None) -> Population:
    return attrs.evolve(population, reward_rate=RewardRate(rate, before, PILOT_MEMBERS, PILOT_MONTHS))


def measure_rate(program: Program, population: Population, *, seed: int, first_day: int) -> Fraction | None:
    """What members receive in a year for what they spend in it; `None` where nobody spends.

    Args:
        population: bound to the program. Members who begin with a ledger's balances begin with none here.

    Raises:
        InputRefused: nobody is there in that year.
    """
    calm = tuple(one for one in population.responses if one.name not in BY_RATE)
    lived = simulate_population(
        program,
        attrs.evolve(population, responses=calm, opening=None, first_day=first_day),
        sample=PILOT_MEMBERS,
        months=PILOT_MONTHS,
        seed=seed,
        first_day=first_day,
        tail=0,
    )
    spent = int(lived.basket.sum()) - int(lived.returned_basket.sum())
    return worth_received(lived) / spent if spent > 0 else None


def worth_received(lived: Trajectories) -> Fraction:
    """What the simulated members have received by the last month, in minor units."""
    received = Fraction(int(lived.reward_off.sum()))
    for reward in lived.program.rewards:
        received += worth_of_thing(reward) * int(lived.reward_uses[reward.index].sum())
    for currency, worth in zip(lived.program.currencies, worths_of_units(lived.program), strict=True):
        received += worth * int(lived.outstanding[currency.index, :, -1].sum())
    return received
