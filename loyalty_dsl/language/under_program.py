"""The same customers with the program and without it: what of a population is how they react to it.

Invariant: without the program nothing that is given changes anybody; who the members are stays.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.language.population import Population, Purchases, Segment
from loyalty_dsl.language.responses import EXCLUDES, ChosenResponse
from loyalty_dsl.language.reward_rates import BUYING_BY_RATE, factor_of, idle_responses


def without_program(population: Population) -> Population:
    """The same customers where there is no program: nothing that is said of their reactions to it.

    Their purchases are then the population's own: without reactions nothing that is given changes them.
    """
    segments = tuple(
        attrs.evolve(segment, responses=_staying(segment.responses)) for segment in population.segments
    )
    return attrs.evolve(
        population,
        value=attrs.evolve(population.value, lift=None),
        responses=_staying(population.responses),
        segments=segments,
    )


def _staying(responses: tuple[ChosenResponse, ...]) -> tuple[ChosenResponse, ...]:
    return tuple(one for one in responses if one.stays_without_program)


def responses_of(population: Population, segment: Segment) -> tuple[ChosenResponse, ...]:
    """The responses of a segment: its own, and the population's that they do not take the place of."""
    own = {one.name for one in segment.responses}
    own |= {name for pair in EXCLUDES for name in pair if own & set(pair)}
    return (*segment.responses, *(one for one in population.responses if one.name not in own))


def all_responses(population: Population) -> tuple[ChosenResponse, ...]:
    """Those of the population, and then those that segments have of their own."""
    return (*population.responses, *(one for segment in population.segments for one in segment.responses))


def reacts(population: Population) -> bool:
    """Whether members buy otherwise under a program than without one."""
    lift = population.value.lift
    idle = lift is not None and not lift.value
    still = idle_responses(population.responses, population.reward_rate)
    kept = tuple(one for one in population.responses if one.name not in still)
    population = attrs.evolve(population, responses=kept)
    other = without_program(population)
    return population != (attrs.evolve(other, value=population.value) if idle else other)


def purchases_under_program(population: Population, segment: Segment) -> Purchases:
    """How often members of a segment buy where there is the program."""
    factor = times_purchases(population)
    if factor == 1:
        return segment.purchases
    return attrs.evolve(segment.purchases, mean=segment.purchases.mean * factor)


def times_purchases(population: Population) -> Fraction:
    """What the program multiplies rates of purchases by: the lift, and what members make of how much it gives
    back."""
    factor = factor_of(BUYING_BY_RATE, population.responses, population.reward_rate)
    lift = population.value.lift
    return factor if lift is None else factor * (1 + lift.value)
