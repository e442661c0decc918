"""Rewards after earning: what one issues must not lead back to what it takes.

Invariant: issuing always ends, as no circle of currencies is left.
"""

from collections.abc import Sequence

from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import Reward
from loyalty_dsl.language.rewards import Taking


def verify_no_cycles(scope: ProgramScope, rewards: Sequence[Reward]) -> None:
    """Reports rewards after earning that lead back to a currency that one of them takes."""
    issued = [reward for reward in rewards if reward.taking is Taking.AFTER_EARNING]
    for first in issued:
        path = _way_back(first, issued)
        if path is None:
            continue
        names = {each.index: each.name for each in scope.currencies.things()}
        words = " -> ".join(f"`{names[reward.currency]}`" for reward in (*path, first))
        scope.findings.report(
            "L353", first.span, f"these rewards issue each other without end: {words}",
            secondary=[(reward.span, f"and `{reward.name}` leads back") for reward in path[1:]],
            help="let members choose one of them: delete its `issue automatically`",
        )  # fmt: skip
        return


def _way_back(first: Reward, issued: Sequence[Reward]) -> tuple[Reward, ...] | None:
    """The rewards from `first` back to its currency; `None` when what it gives never leads there."""
    seen: set[int] = set()
    ways: list[tuple[Reward, ...]] = [(first,)]
    while ways:
        way = ways.pop(0)
        for given in way[-1].currencies_given:
            if given == first.currency:
                return way
            if given not in seen:
                seen.add(given)
                ways.extend((*way, reward) for reward in issued if reward.currency == given)
    return None
