"""One simulation in groups of members, so that any figure and any difference of two has its noise.

The jackknife: a figure is worked out anew with each group of members left out, and how much that moves it
says how much other members would have moved it. It holds for totals, ratios and whatever is made of them, and
costs no simulation: the sums of the groups together are the sums of all. Of two runs, the differences are
taken group by group, so that what both share by common random numbers is in neither.

Invariants: the forecast of all groups is bit for bit that of `simulate`; a noise is a half-width, 95 times in
100, from `GROUPS` groups with Student's t. Every group has its part of the first members, and of early and
late joiners.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING, Unpack

import attrs

from loyalty_dsl.evaluation.everyone import limits_for_everyone
from loyalty_dsl.evaluation.plan import Sink
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.under_program import reacts, without_program
from loyalty_dsl.simulation.dealing import GROUPS, deal
from loyalty_dsl.simulation.planning import Planned, Simulation, plan_simulation
from loyalty_dsl.simulation.run import (
    FIRST_CAPACITY,
    SHARD,
    Progress,
    Room,
    add_sums,
    live_shard,
    live_until_settled,
    new_sums,
    sums_of,
)
from loyalty_dsl.simulation.tally import Tally
from loyalty_dsl.simulation.totals import total_up

if TYPE_CHECKING:
    from loyalty_dsl.decisions.outcomes import Outcome

STUDENT_95 = 2.093
"""The 97.5th percentile of Student's t with 19 degrees of freedom."""

LEAST = 10
"""Members of a group below which a noise says too little to be shown."""


@attrs.define(eq=False)
class Grouped:
    """A simulation, and what is left of it without each group.

    Attributes:
        forecast: of all members.
        groups: the members and the sums of each group; none where too few were simulated for a noise.
        simulate_beside: simulates the same members without reactions to the program; `None` without any.
    """

    program: Program
    population: Population
    simulation: Simulation
    forecast: Forecast
    groups: tuple[tuple[int, Tally, Sink], ...]
    simulate_beside: "Callable[[], Grouped] | None" = None
    _without: tuple[Forecast, ...] | None = None
    _beside: "Grouped | None" = None

    def value(self, outcome: "Outcome") -> Fraction:
        """An outcome of all members."""
        beside = self.beside() if outcome.kind.beside else None
        return outcome.of(_with(self.forecast, None if beside is None else beside.forecast)).value

    def without(self, outcome: "Outcome") -> tuple[Fraction, ...]:
        """An outcome with each group left out; its members count for as many as all."""
        return tuple(outcome.of(each).value for each in self.forecasts_without(beside=outcome.kind.beside))

    def beside(self) -> "Grouped | None":
        """The same members with the same luck, without reactions to the program; `None` without any."""
        if self._beside is None and self.simulate_beside is not None:
            self._beside = self.simulate_beside()
        return self._beside

    def forecasts_without(self, *, beside: bool = False) -> tuple[Forecast, ...]:
        """The forecasts with each group left out.

        Args:
            beside: each with that of the same members without reactions, where there are any.
        """
        if self._without is None:
            self._without = tuple(self._forecast_without(i) for i in range(len(self.groups)))
        other = self.beside() if beside else None
        if other is None:
            return self._without
        return tuple(map(_with, self._without, other.forecasts_without()))

    def _forecast_without(self, left_out: int) -> Forecast:
        tally, sink = new_sums(self.simulation)
        members = 0
        for i, (size, part, part_sink) in enumerate(self.groups):
            if i != left_out:
                add_sums((*tally, *sums_of(sink)), (*part, *sums_of(part_sink)))
                members += size
        weight = self.simulation.weight * self.simulation.members / members
        fewer = self.simulation._replace(members=members, weight=weight)
        return forecast(total_up(self.program, fewer, tally, sink))


def simulate_groups(
    program: Program,
    population: Population,
    *,
    threads: int | None = None,
    tail: int | None = None,
    joining: Fraction | None = None,
    progress: Progress | None = None,
    **planned: Unpack[Planned],
) -> Grouped:
    """Simulates a population under its program, in groups.

    Args:
        program, population, threads, tail, progress, planned: as of `simulate_population`.
        joining: as of `plan_simulation`, for two versions that bring more or fewer of the same joiners.

    Raises:
        InputRefused: as `simulate_population`.
    """
    simulation = plan_simulation(program, population, tail=tail, joining=joining, **planned)
    if limits_for_everyone(program):  # which days they close on takes all members (LIMIT-9)
        live_until_settled(program, simulation, threads)
    members = simulation.members
    ranges = [(group, *part) for group, *bounds in deal(simulation) for part in _shards(*bounds)]
    sums = [new_sums(simulation) for _ in range(GROUPS)]
    sizes = [0] * GROUPS
    capacity = [Room(FIRST_CAPACITY, 0)]
    done = 0
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        pending = {
            pool.submit(live_shard, simulation, capacity, first, end): (group, end - first)
            for group, first, end in ranges
        }
        try:
            for future in as_completed(list(pending)):
                group, size = pending.pop(future)
                tally, sink, _ = future.result()
                add_sums((*sums[group][0], *sums_of(sums[group][1])), (*tally, *sums_of(sink)))
                sizes[group] += size
                done += size
                if progress is not None:
                    progress(done, members)
        except BaseException:  # an interrupt, too, must not wait for the shards that have not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    tally, sink = new_sums(simulation)
    for part, part_sink in sums:
        add_sums((*tally, *sums_of(sink)), (*part, *sums_of(part_sink)))
    groups = tuple((size, *each) for size, each in zip(sizes, sums, strict=True))
    population = simulation.population
    return Grouped(
        program,
        population,
        simulation,
        forecast(total_up(program, simulation, tally, sink)),
        groups if min(sizes) >= LEAST else (),
        (
            lambda: simulate_groups(
                program, without_program(population), threads=threads, tail=0, joining=joining, **planned
            )
        )
        if reacts(population)
        else None,
    )


def _with(forecast: Forecast, without: Forecast | None) -> Forecast:
    return forecast if without is None else attrs.evolve(forecast, without=without)


def _shards(first: int, end: int) -> Iterator[tuple[int, int]]:
    for start in range(first, end, SHARD):
        yield start, min(start + SHARD, end)


def noise_of(outcome: "Outcome", run: Grouped) -> float | None:
    """The noise of an outcome of one run; `None` where too few members were simulated.

    Where the forecast knows it from the sums over all members, it is that one, which every report shows, and
    not the same thing estimated anew from the groups.
    """
    if not run.groups:
        return None
    known = None if outcome.kind.noise is None else outcome.of(run.forecast).noise
    return half_width(run.without(outcome)) if known is None else known


def difference_noise(outcome: "Outcome", before: Grouped, after: Grouped) -> float | None:
    """The noise of how much an outcome differs between two runs of the same members."""
    pairs = zip(after.without(outcome), before.without(outcome), strict=False)
    return half_width([new - old for new, old in pairs])


def half_width(without: Sequence[Fraction]) -> float | None:
    """The half-width from the values with each group left out."""
    count = len(without)
    if count < GROUPS:
        return None
    mean = sum(without, Fraction(0)) / count
    spread = sum(((value - mean) ** 2 for value in without), Fraction(0)) * (count - 1) / count
    return STUDENT_95 * sqrt(spread)
