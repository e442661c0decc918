"""Programs with groups, ladders, counters and faces, for tests of meaning, built without the language."""

from collections.abc import Sequence

import attrs
from programs_by_hand import NOWHERE, program

from loyalty_dsl.language.program import Combine, EarnRule, Group, Limit, Program, Reward, Trigger
from loyalty_dsl.language.rewards import Face, RewardCase, Taking
from loyalty_dsl.language.types import PURCHASE


def grouped(
    combine: Combine,
    *rules: EarnRule,
    limits: Sequence[Limit] = (),
    preference: Sequence[int] | None = None,
    others: Sequence[EarnRule | Reward] = (),
) -> Program:
    """A program whose first rules are a group, followed by others."""
    made = program(*rules, *others)
    numbered = tuple(attrs.evolve(limit, index=made.limit_count + i) for i, limit in enumerate(limits))
    of_group = tuple(range(len(rules))) if preference is None else tuple(preference)
    group = Group("promotions", "Promotions", 0, combine, of_group, numbered, NOWHERE)
    members = tuple(attrs.evolve(rule, group=0) if rule.index in of_group else rule for rule in made.earns)
    return attrs.evolve(made, earns=members, groups=(group,), limit_count=made.limit_count + len(numbered))


def giving(
    reward: Reward, face: Face, *, taking: Taking | None = None, price: int | None = None, whole: bool = False
) -> Reward:
    """The same reward with another face."""
    case = RewardCase(None, reward.price if price is None else price, whole, face)
    return attrs.evolve(reward, cases=(case,), taking=reward.taking if taking is None else taking)


def benefit(
    reward: Reward, face: Face, on: Sequence[Trigger] = (Trigger(PURCHASE, None, NOWHERE),)
) -> Reward:
    """A benefit with the conditions of a reward."""
    case = RewardCase(None, 0, False, face)
    return attrs.evolve(reward, cases=(case,), taking=Taking.BENEFIT, currency=-1, triggers=tuple(on))
