"""What rewards cost the business (REDEEM-6), worked out from what was used and not by an evaluator.

Invariant: a cost is exact. It is a function of the uses and of the money that they took off or gave, all of
which an evaluator counts in integers that fit; a cost itself has any denominator and size, and is bound by
nothing.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import assert_never

from loyalty_dsl.language.program import CostOfFace, CostPerUse, Reward


def cost_of(reward: Reward, times: int, off: int, given: int = 0) -> Fraction | None:
    """What uses of a reward cost, in minor units; `None` where it declares no cost.

    Args:
        times: how many uses.
        off: the money that they took off, in minor units.
        given: what they gave of a currency in money, in minor units.
    """
    match reward.cost:
        case None:
            return None
        case CostPerUse(number):
            return times * number.value
        case CostOfFace(number):
            return (off + given) * number.value
        case _:
            assert_never(reward.cost)


def cost_scale(rewards: Sequence[Reward]) -> int:
    """The common denominator of whatever uses of these rewards can cost."""
    return lcm(*(reward.cost.number.value.denominator for reward in rewards if reward.cost is not None))
