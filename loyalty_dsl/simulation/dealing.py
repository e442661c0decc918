"""Members dealt to groups, so that how much groups differ says how much other members would have differed.

Invariant: every member is in exactly one group, and every group has its part of the first members, and of
early and late joiners.
"""

from collections.abc import Iterator
from itertools import pairwise

from loyalty_dsl.simulation.planning import Simulation

GROUPS = 20

BLOCKS = 16
"""Those who join are dealt to the groups in so many blocks, each from the other end than the one before, as
neighbours join at about the same time."""


def deal(simulation: Simulation) -> Iterator[tuple[int, int, int]]:
    """Who is in which group: (group, first, end) of ranges of members."""
    first_members = int(simulation.schedule.cohorts[1, 0]) if len(simulation.schedule.cohorts) > 1 else None
    start = simulation.members if first_members is None else first_members
    edges = [0, *(start + (simulation.members - start) * i // BLOCKS for i in range(BLOCKS + 1))]
    for i, (first, end) in enumerate(pairwise(edges)):
        for place in range(GROUPS):
            low, high = (first + (end - first) * (place + side) // GROUPS for side in (0, 1))
            if low < high:
                yield (place if i % 2 else GROUPS - 1 - place), low, high
