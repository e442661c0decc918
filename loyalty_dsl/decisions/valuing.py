"""A forecast with what the program is worth: lived in groups, beside the same members without the program.

Invariant: the forecast is bit for bit that of `simulate_population`; every noise is of paired members, from
the groups of one simulation, and none is of an assumption.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Unpack

import attrs

from loyalty_dsl.decisions.groups import Grouped, half_width, simulate_groups
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.forecast.value import NotKnown, ProgramValue, ValueNoise, value_of
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.simulation.planning import Planned
from loyalty_dsl.simulation.run import Progress, simulate_population


def simulate_forecast(
    program: Program,
    population: Population,
    *,
    threads: int | None = None,
    shards: int | None = None,
    progress: Progress | None = None,
    **planned: Unpack[Planned],
) -> Forecast:
    """Simulates a population, with what the program is worth where the population says what sales earn.

    Args:
        program, population, threads, shards, progress, planned: as of `simulate_population`; what is valued
            is split by its groups.

    Returns:
        The forecast, with its value or why there is none where a margin is said.

    Raises:
        InputRefused: as `simulate_population`.
    """
    if population.value.margin is None:
        return forecast(
            simulate_population(
                program, population, threads=threads, shards=shards, progress=progress, **planned
            )
        )
    run = simulate_groups(program, population, threads=threads, progress=progress, **planned)
    return with_value(run)


def with_value(run: Grouped) -> Forecast:
    """The forecast of a simulation with what the program is worth, or why that is not known."""
    beside = run.beside()
    other = None if beside is None else beside.forecast
    try:
        value = value_of(run.forecast, run.forecast if other is None else other, len(run.forecast.months))
    except NotKnown as unknown:
        return attrs.evolve(run.forecast, without=other, no_value=(unknown.message, unknown.help))
    return attrs.evolve(run.forecast, without=other, value=attrs.evolve(value, noise=_noise(run, value)))


def _noise(run: Grouped, value: ProgramValue) -> ValueNoise | None:
    try:
        each = [
            value_of(one, one if one.without is None else one.without, value.months)
            for one in run.forecasts_without(beside=True)
        ]
    except NotKnown:  # what one group alone uses has no cost
        return None

    def width(of: Callable[[ProgramValue], Fraction]) -> float:
        return half_width([of(one) for one in each]) or 0.0

    def known(figures: Sequence[Fraction | None]) -> float | None:
        told = [figure for figure in figures if figure is not None]
        return half_width(told) if len(told) == len(figures) else None

    if not each:
        return None
    return ValueNoise(
        spend=width(lambda one: one.flows.spend),
        incremental=width(lambda one: one.flows.incremental),
        gained=width(lambda one: one.flows.gained(one.margin)),
        rewards=width(lambda one: one.flows.rewards),
        owed=width(lambda one: one.flows.owed),
        net=width(lambda one: one.net),
        break_even=known([one.break_even for one in each]),
        cannibalised=known([one.flows.cannibalised for one in each]),
    )
