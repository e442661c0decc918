"""Members dealt to groups, so that how much groups differ says how much other members would have differed.

Invariant: every member is in exactly one group, and every group has its part of the first members, of early
and late joiners, and of those who join under another version only.
"""

from collections.abc import Iterator
from itertools import pairwise

from loyalty_dsl.simulation.diary import COHORT_FIRST, COHORT_JOINING
from loyalty_dsl.simulation.planning import Simulation

GROUPS = 20

BLOCKS = 16
"""Those who join are dealt to the groups in so many blocks, each from the other end than the one before, as
neighbours join at about the same time."""


def deal(simulation: Simulation) -> Iterator[tuple[int, int, int]]:
    """Who is in which group: (group, first, end) of ranges of members."""
    ends = [*simulation.schedule.cohorts[1:, COHORT_FIRST].tolist(), simulation.members]
    joined = simulation.schedule.cohorts[:, COHORT_FIRST] + simulation.schedule.cohorts[:, COHORT_JOINING]
    if joined.tolist() != ends:  # the last of a cohort do not join, and neighbours would be of one group
        yield from _deal_cohorts(simulation, ends)
        return
    first_members = int(simulation.schedule.cohorts[1, 0]) if len(simulation.schedule.cohorts) > 1 else None
    start = simulation.members if first_members is None else first_members
    edges = [0, *(start + (simulation.members - start) * i // BLOCKS for i in range(BLOCKS + 1))]
    for i, (first, end) in enumerate(pairwise(edges)):
        for place in range(GROUPS):
            low, high = (first + (end - first) * (place + side) // GROUPS for side in (0, 1))
            if low < high:
                yield (place if i % 2 else GROUPS - 1 - place), low, high


def _deal_cohorts(simulation: Simulation, ends: list[int]) -> Iterator[tuple[int, int, int]]:
    """Deals those who join in each cohort, and those who do not, beginning with another group each time."""
    for cohort, end in enumerate(ends):
        first, joining = simulation.schedule.cohorts[cohort, [COHORT_FIRST, COHORT_JOINING]].tolist()
        for begin, stop in ((first, first + joining), (first + joining, end)):
            for place in range(GROUPS):
                low, high = (begin + (stop - begin) * (place + side) // GROUPS for side in (0, 1))
                if low < high:
                    yield (place + 7 * cohort) % GROUPS, low, high
