"""What a simulation is of: who lives when, and the tables of program and population.

Invariant: a `Simulation` says everything that lives are a function of, so any thread that has it lives the
same.
"""

from fractions import Fraction
from typing import NamedTuple, TypedDict

import numpy as np

from loyalty_dsl.calendar import Duration, add_duration, date_of, format_day, month_index, month_start
from loyalty_dsl.evaluation.everyone import NOTHING_USED, Together
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.plan import Plan
from loyalty_dsl.evaluation.plan_state import ACCOUNT_LIGHT
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.reward_rates import JOINING_BY_RATE, factor_of
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.simulation.behaviour import Behaviour, Ints, lower_population
from loyalty_dsl.simulation.days import LONGEST_TAIL, first_day_of, month_starts_of, tail_of
from loyalty_dsl.simulation.diary import COHORT_START, DRAWN_FIELDS, Diary, Schedule
from loyalty_dsl.simulation.families import verify_families
from loyalty_dsl.simulation.near_misses import Misses, lower_misses
from loyalty_dsl.simulation.opening_names import used_by_everyone, verify_opening
from loyalty_dsl.simulation.opening_tables import know_members, lower_opening, no_opening
from loyalty_dsl.simulation.opening_vintages import vintages_of
from loyalty_dsl.simulation.responses import with_responses

DEFAULT_SAMPLE = 100_000
"""Members simulated when nobody says how many, unless the business has fewer."""

MOST_SAMPLE = 100_000_000
"""The most members that are simulated: hours, on any machine."""


class Planned(TypedDict, total=False):
    """What may be said of a simulation besides its program and population, each as of `plan_simulation`."""

    sample: int | None
    months: int
    seed: int
    first_day: int | None


class Simulation(NamedTuple):
    """All that the lives of a population's members are a function of.

    Attributes:
        population: that lives them, with what its program gives back where its members react to that.
        month_starts: of the months reported and those after them.
        used_before: what members of a ledger counted against limits for everyone.
    """

    population: Population
    plan: Plan
    behaviour: Behaviour
    schedule: Schedule
    misses: Misses
    month_starts: Ints
    members: int
    weight: Fraction
    kinds: int
    widest_kind: int
    item_fields: int
    used_before: Together = NOTHING_USED

    @property
    def before(self) -> int:
        """Months that the tables have before the first reported: the vintages of what members begin with, or
        none."""
        return self.schedule.opening.before


def plan_simulation(
    program: Program,
    population: Population,
    *,
    sample: int | None = None,
    months: int = 36,
    seed: int = 1,
    first_day: int | None = None,
    tail: int | None = None,
    joining: Fraction | None = None,
) -> Simulation:
    """Works out who lives when, and lowers program and population. See `simulate_population`.

    Args:
        joining: ids are given to so many times the joiners whom the population says, of whom only those that
            this program brings join: as many times as it brings, by default.
    """
    first = first_day_of(program, population, first_day)
    if not 0 <= seed < 2**63:
        raise InputRefused(f"{seed} is no seed", help="a seed is from 0 to 2^63 - 1")
    if sample is not None and not 1 <= sample <= MOST_SAMPLE:
        raise InputRefused(f"{sample:,} members cannot be simulated", help=f"ask for 1 to {MOST_SAMPLE:,}")
    opening = population.opening
    if opening is not None and first != opening.as_of + 1:
        raise InputRefused(
            f"the ledger ends on {format_day(opening.as_of)}, so members go on the day after, not on "
            f"{format_day(first)}",
            help="leave out the first day",
        )
    if tail is None and opening is not None:
        tail = _tail_of_opening(program, opening, first, months)
    month_starts = np.array(month_starts_of(program, first, months, tail), np.int64)
    horizon = int(month_starts[months]) - first
    from loyalty_dsl.simulation.pilot import with_reward_rate  # which plans a simulation itself

    population = with_reward_rate(program, population, seed=seed, first_day=first)
    verify_families(population, horizon)
    brings = factor_of(JOINING_BY_RATE, population.responses, population.reward_rate)
    sizes, starts = _cohorts(population, first, horizon, brings if joining is None else joining)
    here = sizes if joining in (None, brings) else _cohorts(population, first, horizon, brings)[0]
    total = sum(sizes)
    if total == 0:
        raise InputRefused(f"population `{population.name}` has no members in these months")
    members = min(total, DEFAULT_SAMPLE) if sample is None else sample
    ends = _cumulative_rounding(sizes, members)
    cohorts = np.array(
        [
            (end - size, *start, size * joins // max(1, all_))
            for (end, size), start, all_, joins in zip(ends, starts, sizes, here, strict=True)
        ],
        np.int64,
    )
    last = int(month_starts[-1]) - 1
    misses = lower_misses(program, first, horizon)
    opened = no_opening()
    if opening is None:
        earliest = first
        plan = lower_program(program, first, last)
    else:  # lots ask for the terms of the days on which they were earned
        verify_opening(program, opening)
        earliest = min(opening.earliest, opening.as_of)
        issued_from = [earliest, *(start for start, _ in vintages_of(opening)[1:])]
        plan = lower_program(program, earliest, last, [*issued_from, *month_starts[:-1].tolist()])
        # Lots of another version's terms may expire in another order than they were earned.
        plan.of_state.accounts[:, ACCOUNT_LIGHT] = 0
        opened = lower_opening(program, plan, opening, ends[0][0], seed)
        cohorts[:, COHORT_START] += first - earliest
        misses = misses._replace(days=misses.days + (first - earliest))
        horizon += first - earliest
    days = last + 1 - earliest
    behaviour = lower_population(program, population, earliest, days)
    if opening is not None:
        opened = know_members(opened, population, behaviour, opening)
    return Simulation(
        population=population,
        plan=plan,
        behaviour=with_responses(behaviour, program, population, earliest, days),
        schedule=Schedule(
            seed=seed,
            cohorts=cohorts,
            members=members,
            months=months + opened.before,
            horizon=horizon,
            end=days,
            opening=opened,
        ),
        misses=misses,
        month_starts=month_starts,
        members=members,
        weight=Fraction(total, members),
        kinds=len(program.events),
        widest_kind=max(len(event.fields) for event in program.events),
        item_fields=len(program.item_fields),
        used_before={} if opening is None else used_by_everyone(program, opening),
    )


def _tail_of_opening(program: Program, opening: Opening, first: int, months: int) -> int:
    """The tail that outlives what is issued and, as far as that goes, what members begin with."""
    last_month = month_index(first) + months - 1
    outlives = month_index(opening.last_expiry) - last_month
    return max(tail_of(program, month_start(last_month + 1) - 1), min(outlives, LONGEST_TAIL))


def _cohorts(
    population: Population, first: int, horizon: int, times: Fraction
) -> tuple[list[int], list[tuple[int, int]]]:
    """The members of the business by cohort, and the (start, days) over which each cohort joins.

    Cohort 0 is the first members. A unit of joiners that the months cut short counts in proportion. Where
    joining has seasons, each calendar month of a unit is a cohort of its own.

    Args:
        times: what the number of joiners is multiplied by.
    """
    sizes, starts = [population.members], [(0, 0)]
    unit = 0
    while population.joins > 0:
        start = add_duration(first, Duration(unit, population.join_unit)) - first
        if start >= horizon:
            break
        unit += 1
        length = add_duration(first, Duration(unit, population.join_unit)) - first - start
        days = min(length, horizon - start)
        if not population.join_season:
            sizes.append(int(times * population.joins * days / length))
            starts.append((start, days))
            continue
        expected, joined, end = Fraction(0), 0, start + days
        while start < end:
            month = month_index(first + start)
            stop = min(end, month_start(month + 1) - first)
            factor = population.join_season[date_of(first + start).month - 1]
            expected += times * factor * population.joins * (stop - start) / length
            sizes.append(int(expected) - joined)
            starts.append((start, stop - start))
            start, joined = stop, int(expected)
    return sizes, starts


def _cumulative_rounding(sizes: list[int], members: int) -> list[tuple[int, int]]:
    """Shares `members` out in proportion to `sizes`: (end, size) of each, the ends rounded half up."""
    total = sum(sizes)
    shared = []
    before = cumulative = 0
    for size in sizes:
        cumulative += size
        end = (2 * cumulative * members + total) // (2 * total)
        shared.append((end, end - before))
        before = end
    return shared


def new_diary(simulation: Simulation, rows: int = 0) -> Diary:
    """Buffers for one thread; with `rows`, room to write that many events down."""
    width = simulation.widest_kind
    items = simulation.behaviour.most_items if simulation.item_fields else 0
    member_fields = simulation.plan.of_state.member_fields
    return Diary(
        fields=np.zeros(width, np.int64),
        prices=np.zeros(items, np.int64),
        item_fields=np.zeros((items, simulation.item_fields), np.int64),
        registers=simulation.behaviour.draws.registers.copy(),
        rows=np.zeros(
            (rows, DRAWN_FIELDS + width + items * (1 + simulation.item_fields) + member_fields), np.int64
        ),
        written=np.zeros(1, np.int64),
    )
