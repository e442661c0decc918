"""Whom each rule, limit, reward and level reached, under both versions.

Invariant: a share of members has the noise of a count of them, worked out from the simulated members; what a
version does not have is `None` there, not 0.
"""

from collections.abc import Iterator

from loyalty_dsl.forecast.compared import Touched
from loyalty_dsl.forecast.noise import noise_of_count
from loyalty_dsl.forecast.reach import limit_names
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.simulation.pairs import Pairs
from loyalty_dsl.simulation.trajectories import Trajectories

Key = tuple[str, str]


def touched_of(pairs: Pairs) -> tuple[Touched, ...]:
    """Everything that reached somebody in either version, in the order of the new and then the old one."""
    old, new = dict(_counts(pairs.old)), dict(_counts(pairs.new))
    found = []
    for key in dict.fromkeys((*new, *old)):
        sides = []
        for counts, side in ((old, pairs.old), (new, pairs.new)):
            count = counts.get(key)
            noise = 0.0 if count is None else noise_of_count(count[1], side.sample) * float(side.weight)
            sides.append((None if count is None else scaled(count[1], side.weight), noise))
        label = (new.get(key) or old[key])[0]
        if any(members for members, _ in sides):
            found.append(Touched(key[0], label, sides[0][0], sides[1][0], sides[0][1], sides[1][1]))
    return tuple(found)


def _counts(t: Trajectories) -> Iterator[tuple[Key, tuple[str, int]]]:
    """By kind and name: the label, and how many simulated members."""
    for rule in t.program.earns:
        yield ("rule", rule.name), (rule.label, int(t.rule_members[rule.index]))
    for index, (name, label) in limit_names(t.program).items():
        yield ("limit", name), (label, int(t.limit_members[index]))
    for reward in t.program.rewards:
        yield ("reward", reward.name), (reward.label, int(t.reward_members[reward.index]))
    for ladder in t.program.ladders:
        for level in ladder.levels:
            name = f"{ladder.name}.{level.name}"
            yield ("level", name), (level.label, int(t.level_members[ladder.index][level.index]))
