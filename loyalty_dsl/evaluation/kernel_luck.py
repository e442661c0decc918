"""The luck of a rule with a chance (EARN-12), and who is held out (AUDIENCE-2), in the kernel: the compiled
twin of `luck`.

Invariant: the same bits as `luck.bits_of`, of the same key, rule, day and number.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import numpy as np

from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.luck import AT_MIDNIGHT, NUMBER_BITS
from loyalty_dsl.evaluation.plan import LUCK_RULE, LUCK_THRESHOLD, OF_DAY, Plan, State
from loyalty_dsl.evaluation.plan_state import HOLDOUT_BELOW, HOLDOUT_WORD

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_EVERYBODY = np.uint64(2**64 - 1)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_27, _30, _31 = (np.uint64(shift) for shift in (27, 30, 31))


@part
def mix64(word: np.uint64) -> np.uint64:
    """The SplitMix64 finaliser: a bijection of words, every bit out depending on every bit in."""
    word = (word ^ (word >> _30)) * _MIX_1
    word = (word ^ (word >> _27)) * _MIX_2
    return word ^ (word >> _31)


@part
def luck_bits(key: np.uint64, rule: np.uint64, day: int, number: int) -> np.uint64:
    """64 random bits of a rule at an event of a member, or at midnight."""
    steps = np.uint64(np.int64((day << NUMBER_BITS) + number))
    return mix64(mix64(key + rule) + steps * GOLDEN)


@apart
def comes_up(plan: Plan, state: State, slot: int, day: int, kind: int, luck: int) -> bool:
    """Whether the chance of row `luck` of `Plan.luck` comes up at the event of a kind at hand.

    Args:
        kind: of the event, or of the clock that strikes.
    """
    is_clock = kind >= len(plan.kinds) - len(plan.of_state.clocks)
    number = AT_MIDNIGHT if is_clock else state.members[slot, OF_DAY]
    bits = luck_bits(state.keys[slot], plan.luck[luck, LUCK_RULE], day, number)
    return bool(bits < plan.luck[luck, LUCK_THRESHOLD])


@part
def load_holdouts(plan: Plan, state: State, slot: int) -> None:
    """Writes which audiences the member is held out of into the registers."""
    holdouts = plan.of_state.holdouts
    for audience in range(len(holdouts)):
        below = holdouts[audience, HOLDOUT_BELOW]
        bits = luck_bits(state.keys[slot], holdouts[audience, HOLDOUT_WORD], 0, 0)
        held = bits < below or below == _EVERYBODY
        state.registers[plan.of_state.first_audience + audience] = 1 if held else 0
