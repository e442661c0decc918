"""Recorded lives, lived again on the reference evaluator, and what they come to by month.

Nothing here reads a figure of the simulation: only what its members did.
"""

from collections import Counter

import attrs
import numpy as np

from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.groups import advance, give_field, give_joined, open_group
from loyalty_dsl.evaluation.ledger import Posting, PostingKind, Refusal
from loyalty_dsl.evaluation.members import Group, facts_on
from loyalty_dsl.evaluation.reference import apply
from loyalty_dsl.language.program import Program
from loyalty_dsl.simulation.near_misses import NearMiss
from loyalty_dsl.simulation.recording import Recorded


@attrs.frozen
class Life:
    """What became of one member.

    Attributes:
        levels: status on each ladder at the end of each month; `None` before joining.
        known: status on each ladder and counters at the end of each day that was asked about.
    """

    events: list[Event]
    postings: list[Posting]
    refusals: list[Refusal]
    uses: list[tuple[int, int, int]]
    levels: list[list[int] | None]
    known: list[tuple[list[int], tuple[int, ...]] | None]
    outstanding: list[int]


def live_again(program: Program, recorded: Recorded, month_starts: list[int], days: list[int]) -> list[Life]:
    """Lives every recorded member's life.

    Args:
        month_starts: the first day of each month, and the day after the last.
        days: at whose ends counters are wanted.
    """
    history = recorded.history
    counts = [len(event.fields) for event in program.events]
    return [
        _live(program, recorded, member, history.events_of(member, counts), month_starts, days)
        for member in range(len(history.members))
    ]


def _live(  # noqa: PLR0917
    program: Program,
    recorded: Recorded,
    member: int,
    events: list[Event],
    month_starts: list[int],
    days: list[int],
) -> Life:
    group = open_group(program)
    if member < recorded.first:
        advance(group, month_starts[0] - 1)
        for field, value in enumerate(recorded.fields[member].tolist()):
            give_field(group, field, value)
        give_joined(group, month_starts[0] - 1)
    ends = [start - 1 for start in month_starts[1:]]
    looks = sorted({*ends, *days})
    seen: dict[int, tuple[list[int], tuple[int, ...]] | None] = {}
    refusals: list[Refusal] = []

    def look(before: int) -> None:
        while looks and looks[0] < before:
            day = looks.pop(0)
            advance(group, day)
            seen[day] = None if group.only.joined is None else _standing(group, day)

    for event in events:
        look(event.day)
        refusals += apply(group, event).refusals
    look(ends[-1] + 1)
    standing = [seen[end] for end in ends]
    return Life(
        events=events,
        postings=group.only.journal,
        refusals=refusals,
        uses=[(day, use.reward, use.times) for day, use in group.only.uses],
        levels=[None if one is None else one[0] for one in standing],
        known=[seen[day] for day in days],
        outstanding=[account.outstanding for account in group.only.accounts],
    )


def _standing(group: Group, day: int) -> tuple[list[int], tuple[int, ...]]:
    levels = [standing.level for standing in group.only.ladders]
    return levels, facts_on(group, group.only, day, day).counters


def by_month(lives: list[Life], starts: list[int], currency: int, kind: PostingKind) -> list[int]:
    """Units posted in each month."""
    sums = np.zeros(len(starts) - 1, np.int64)
    for life in lives:
        for posting in life.postings:
            if posting.kind is kind and posting.currency == currency:
                sums[month_of(starts, posting.day)] += posting.units
    return [int(units) for units in sums]


def month_of(starts: list[int], day: int) -> int:
    return int(np.searchsorted(starts, day, side="right")) - 1


def rule_units(program: Program, lives: list[Life]) -> list[int]:
    """What each rule posted."""
    posted: Counter[str] = Counter()
    for life in lives:
        for posting in life.postings:
            if posting.kind is PostingKind.EARNED:
                posted[posting.name] += posting.units
    return [posted[rule.name] for rule in program.earns]


def uses(program: Program, lives: list[Life]) -> list[int]:
    """How often each reward was used."""
    count: Counter[int] = Counter()
    for life in lives:
        for _, reward, times in life.uses:
            count[reward] += times
    return [count[reward.index] for reward in program.rewards]


def held(program: Program, lives: list[Life], months: int) -> list[list[list[int]]]:
    """For each ladder and level, who holds it at the end of each month."""
    tables = [np.zeros((len(ladder.levels), months), np.int64) for ladder in program.ladders]
    for life in lives:
        for month, levels in enumerate(life.levels):
            if levels is not None:
                for ladder, level in enumerate(levels):
                    tables[ladder][level, month] += 1
    return [table.tolist() for table in tables]


def short_of(miss: NearMiss, lives: list[Life]) -> tuple[list[int], list[int], list[int]]:
    """Members below the level, of them those short of the number, and those who have it."""
    below, near, met = (np.zeros(len(miss.days), np.int64) for _ in range(3))
    for life in lives:
        for at, known in enumerate(life.known):
            if known is None or known[0][miss.ladder] >= miss.level:
                continue
            number = sum(factor * known[1][counter] for factor, counter in miss.terms)
            below[at] += 1
            met[at] += number >= miss.needed
            near[at] += 10 * number >= 9 * miss.needed and number < miss.needed
    return below.tolist(), near.tolist(), met.tolist()
