"""Whom limits hold back, in a forecast.

Invariant: a limit that held anybody back in the simulation is never said not to have bound.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.evaluation.wording import value_of_limit
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.language.program import EarnRule, Group, Limit, Program, Reward

if TYPE_CHECKING:
    from loyalty_dsl.simulation.trajectories import Trajectories


@attrs.frozen
class LimitForecast:
    """A limit.

    Attributes:
        owner: the label of the rule, group or reward that it limits.
        members: members of the business whom it ever held back; cuts: events at which it did.
    """

    owner: str
    limit: Limit
    members: int
    cuts: int

    @property
    def never_bound(self) -> bool:
        return not self.members and not self.cuts


def limits_of(t: "Trajectories") -> tuple[LimitForecast, ...]:
    """Every limit of a program, in the order of rules, groups and rewards."""
    return tuple(
        LimitForecast(
            owner,
            limit,
            members=scaled(int(t.limit_members[limit.index]), t.weight),
            cuts=scaled(int(t.limit_cuts[limit.index].sum()), t.weight),
        )
        for owner, limit in _limits(t.program)
    )


def limit_names(program: Program) -> dict[int, tuple[str, str]]:
    """By index of a limit: what tells it from the others of the program, and whose it is, in words."""
    names: dict[int, tuple[str, str]] = {}
    owners: tuple[EarnRule | Group | Reward, ...] = (*program.earns, *program.groups, *program.rewards)
    for owner in owners:
        for place, limit in enumerate(owner.limits, 1):
            several = f", limit {place}" if len(owner.limits) > 1 else ""
            several += value_of_limit(limit)
            names[limit.index] = (f"{owner.name}.{place}", f"{owner.label}{several}")
    return names


def _limits(program: Program) -> Iterator[tuple[str, Limit]]:
    owners: tuple[EarnRule | Group | Reward, ...] = (*program.earns, *program.groups, *program.rewards)
    for owner in owners:
        for limit in owner.limits:
            yield owner.label, limit
