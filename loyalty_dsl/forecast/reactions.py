"""What is told of how members react, and of the reward rates that they react to.

Invariant: a response to the rate that is on is told, with what it comes to, or that nothing comes of it.
"""

from fractions import Fraction

from loyalty_dsl.forecast.figures import Forecast, Notice
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.responses import ChosenResponse
from loyalty_dsl.language.reward_rates import (
    BUYING_BY_RATE,
    BY_RATE,
    LEAVING_BY_RATE,
    RewardRate,
    factor_of,
    idle_responses,
)
from loyalty_dsl.language.rewards import Thing
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.under_program import all_responses
from loyalty_dsl.simulation.paired_figures import worths_of_units


def rate_notices(program: Program, population: Population) -> list[Notice]:
    """The notices about what a population makes of how much its program gives back."""
    measured, found = population.reward_rate, []
    if measured is None:
        return []
    idle = idle_responses(population.responses, measured)
    busy = [one for one in population.responses if one.name in BY_RATE and one.name not in idle]
    if busy and measured.rate is not None:
        made = "; ".join(_made(one, population, measured) for one in busy)
        found.append(
            Notice(
                "reward-rate",
                f"The program gives back {float(measured.rate):.2%} of spend, measured on "
                f"{measured.members:,} members over {measured.months} months. Members react: {made}."
                + _left_out(program),
            )
        )
    if idle:
        why = "nobody spends anything" if measured.rate is None else "there is no other rate to compare with"
        found.append(
            Notice(
                "no-reward-rate",
                f"{listed(idle)}: nothing changes, as {why}; "
                f"state one, such as `{idle[0]} ... from 2%`, or compare two versions.",
            )
        )
    return found


def _made(one: ChosenResponse, population: Population, measured: RewardRate) -> str:
    """`purchases x 1.08 (rate_elasticity, against the stated 2.00%)`."""
    factor = factor_of(one.name, population.responses, measured)
    reference = measured.reference(one)
    assert reference is not None
    whose = f"{float(reference):.2%} before"
    if one.stated("from") is not None:
        whose = f"the stated {float(reference):.2%}"
    return f"{_what(one)} x {_short(factor)} ({one.name}, against {whose})"


def _left_out(program: Program) -> str:
    """What the rate leaves out, as a sentence."""
    worths = zip(program.currencies, worths_of_units(program), strict=True)
    names = [f"{one.label} that are held" for one, worth in worths if not worth]
    for reward in program.rewards:
        if reward.worth is None and all(isinstance(case.face, Thing) for case in reward.cases):
            names.append(reward.label)
    return f" The rate leaves out what declares no `worth`: {', '.join(names)}." if names else ""


def _what(one: ChosenResponse) -> str:
    if one.name == BUYING_BY_RATE:
        return "purchases"
    if one.name == LEAVING_BY_RATE:
        lasting = one.lasting("for")
        plural = "s" if lasting.count != 1 else ""
        return f"the first members' hazard of leaving for {lasting.count} {lasting.unit.value}{plural}"
    return "joiners"


def _short(factor: Fraction) -> str:
    return f"{float(factor):.4g}"


def reactions_compared(old: Forecast, new: Forecast) -> list[Notice]:
    """Whether members of two versions react to what they are given, and how."""
    on = dict.fromkeys(one.name for side in (old, new) for one in all_responses(side.population))
    if not on:
        return [
            Notice(
                "no-response",
                "Responses are off: members buy, join and leave just the same under both versions.",
            )
        ]
    found = [
        Notice(
            "responses",
            f"Members react to what each version gives them, as the population assumes: {listed(on)}.",
        )
    ]
    for side, other, name in ((old, new, "old"), (new, old, "new")):
        here, there = ({one.name for one in each.population.responses} for each in (side, other))
        found += [
            Notice(
                "no-reward-rate",
                f"In the {name} version: `{one}` changes nothing, since not all that it gives has a `worth`.",
            )
            for one in sorted((there - here) & set(BY_RATE))
        ]
        found += [
            Notice(one.id, f"In the {name} version: {one.message}")
            for one in rate_notices(side.program, side.population)
        ]
    return found
