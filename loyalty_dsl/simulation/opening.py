"""A population whose first members are those of a ledger, with what they hold.

Invariant: the population's own first members and first day are set aside: who they are and when it goes on is
the ledger's to say. How they behave is the population's to say, given what each has bought (`own_ways`).
"""

import attrs

from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.opening_names import verify_opening


def open_population(population: Population, program: Program, opening: Opening) -> Population:
    """Lets a population's first members begin as those of a ledger, on the day after its last one.

    Args:
        population: bound to the program.
        program: the one that was replayed, or another version of it.

    Raises:
        InputRefused: the ledger is of another program, or cannot be read under this version.
    """
    if opening.program != program.name:
        raise InputRefused(
            f"the ledger is of the program `{opening.program}`, not of `{program.name}`",
            "give the program that was replayed",
        )
    verify_opening(program, opening)
    lift = population.value.lift
    opened = opening if lift is None else attrs.evolve(opening, lift=lift.value)
    return attrs.evolve(population, members=len(opening.names), first_day=opening.as_of + 1, opening=opened)
