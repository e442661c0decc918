"""Whom rules, rewards and limits reach: the members that a rule ever paid, or a limit ever held back.

Invariant: what a simulation did not count is `None`, never 0, so that "never bound" is said of limits that
were watched and of no others. Members are those simulated, friends too; shares are of all of them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.language.program import EarnRule, Group, Limit, Program, Reward

if TYPE_CHECKING:
    from loyalty_dsl.simulation.trajectories import Trajectories


@attrs.frozen
class LimitForecast:
    """A limit.

    Attributes:
        owner: the label of the rule, group or reward that it limits.
        members: members of the business whom it ever cut or refused; `None` where nobody counted.
    """

    owner: str
    limit: Limit
    members: int | None

    @property
    def never_bound(self) -> bool:
        return self.members == 0


def limits_of(t: "Trajectories") -> tuple[LimitForecast, ...]:
    """Every limit of a program, in the order of rules, groups and rewards."""
    return tuple(
        LimitForecast(owner, limit, reached(t, "limit_members", limit.index))
        for owner, limit in _limits(t.program)
    )


def reached(t: "Trajectories", table: str, index: int) -> int | None:
    """Members of the business whom something reached, by a table of the simulation; `None` without one."""
    counts = getattr(t, table, None)
    return None if counts is None else scaled(int(counts[index]), t.weight)


def _limits(program: Program) -> Iterator[tuple[str, Limit]]:
    owners: tuple[EarnRule | Group | Reward, ...] = (*program.earns, *program.groups, *program.rewards)
    for owner in owners:
        for limit in owner.limits:
            yield owner.label, limit
