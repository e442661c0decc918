"""What members go on to redeem where earning stops, beside what the same members redeem where it goes on.

Invariants: the two lives of a member are drawn with the same luck and are the same up to the day on which
earning stops; after it no rule posts, while purchases, rewards and expiry go on. Earning stops by dates:
the rules of a program whose earning ends hold up to that day and never again.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np

from loyalty_dsl.evaluation.everyone import limits_for_everyone
from loyalty_dsl.evaluation.plan import BY_REDEMPTION
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import DayRange, Program
from loyalty_dsl.simulation.dealing import GROUPS, deal
from loyalty_dsl.simulation.planning import Simulation, plan_simulation
from loyalty_dsl.simulation.run import FIRST_CAPACITY, Room, live_shard, live_until_settled
from loyalty_dsl.simulation.tally import UNITS_EXPIRED, UNITS_ISSUED, UNITS_REDEEMED, UNITS_REVERSED
from loyalty_dsl.simulation.trajectories import Ints

EARLIEST = -(10**6)
"""A day before any that a calendar has."""


@attrs.frozen(eq=False)
class Futures:
    """What is redeemed after a month of the lots issued up to it, in the simulated members' own units.

    Attributes:
        members: simulated.
        going_on, ended: [groups, C] where earning goes on, and where it stops with the month.
        outstanding: [groups, C] at the end of the month.
    """

    members: int
    going_on: Ints
    ended: Ints
    outstanding: Ints


def end_earning(program: Program, last_day: int) -> Program:
    """The program whose rules post up to `last_day` and never after it; all else stays as it is."""
    until: tuple[DayRange, ...] = (DayRange(EARLIEST, last_day),)
    earns = tuple(attrs.evolve(rule, dates=(*rule.dates, until)) for rule in program.earns)
    return attrs.evolve(program, earns=earns)


def simulate_both(
    program: Program,
    population: Population,
    *,
    sample: int,
    months: int,
    month: int,
    seed: int,
    first_day: int,
    tail: int | None = None,
    threads: int | None = None,
) -> Futures:
    """Lives the lives of the same members twice: with earning going on, and with earning that stops.

    Args:
        sample, months, seed, first_day, tail, threads: as of `simulate_population`.
        month: from 0; with its last day earning stops.
    """
    both = []
    for ends in (False, True):
        simulation = plan_simulation(
            program, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=tail
        )
        under = program
        if ends:
            under = end_earning(program, int(simulation.month_starts[month + 1]) - 1)
            simulation = plan_simulation(
                under, population, sample=sample, months=months, seed=seed, first_day=first_day, tail=tail
            )
        if limits_for_everyone(under):  # which days they close on takes all members (LIMIT-9)
            live_until_settled(under, simulation, threads)
        both.append(_later_by_group(simulation, month, threads))
    (going_on, outstanding), (ended, _) = both
    return Futures(simulation.members, going_on, ended, outstanding)


def _later_by_group(simulation: Simulation, month: int, threads: int | None) -> tuple[Ints, Ints]:
    """[groups, C] what is redeemed after a month of lots issued up to it, and what is held at its end."""
    month += simulation.before
    ranges: Sequence[tuple[int, int, int]] = list(deal(simulation))
    capacity = [Room(FIRST_CAPACITY, 0)]
    later = np.zeros((GROUPS, len(simulation.plan.currencies)), np.int64)
    held = np.zeros_like(later)
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count()) as pool:
        lived = pool.map(lambda part: live_shard(simulation, capacity, part[1], part[2])[:2], ranges)
        for (group, _, _), (tally, sink) in zip(ranges, lived, strict=True):
            redeemed = sink.ages[BY_REDEMPTION]
            for issue in range(month + 1):
                later[group] += redeemed[:, issue, month - issue + 1 :].sum(axis=1)
            flows = tally.units[:, :, : month + 1].sum(axis=(1, 2))
            held[group] += flows[:, UNITS_ISSUED]
            for taken in (UNITS_REDEEMED, UNITS_EXPIRED, UNITS_REVERSED):
                held[group] -= flows[:, taken]
    return later, held
