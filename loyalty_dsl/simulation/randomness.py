"""Counter-based random numbers: a draw is a pure function of (seed, member, purpose, index).

Invariants:

* No state. A draw does not depend on what was drawn before it, on the shard or on the thread, so any
  split of the members gives the same numbers, and the same member has the same luck under two versions
  of a program (common random numbers).
* A member is named by (cohort, ordinal), a friend by who brought it and at which purchase, so a growing
  population does not shift anybody's stream.
* Purposes do not overlap: a counter is `purpose << 40 | index`, the purposes here are below 256, and the
  purposes derived from names (of fields and rewards) are above, so declaring one more field leaves the
  luck of the others alone.

The hash is Squares64 (Widynski, "Squares: a fast counter-based RNG", arXiv:2004.06278), keyed by the
SplitMix64 finaliser (Steele, Lea and Flood 2014) of seed and member.
"""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_luck import GOLDEN, mix64

SEGMENT = 1
JOIN_DAY = 2
RATE = 3
LEAVE_HAZARD = 4
LEAVE_TIME = 5
LEAVE_CHANCE = 6
LEAVE_CHANCE_OTHER = 7
NEVER_REDEEMS = 8
REDEEM_INTERCEPT = 9
GAP = 10
BASKET = 11
LEAVE_AT_PURCHASE = 12
RETURNS = 13
RETURN_DAY = 14
REFER = 15
FRIEND = 16
OWN_BASKET = 17
LEAVE_AT_JOIN = 18
ITEMS = 19
ITEM_SHARE = 20
PART = 21
PART_OTHER = 22
AWARE = 23
STILL_THERE = 24
STAGES_DONE = 25
"""The purposes. Numbers are never reused: changing one changes every simulation ever run."""

_FIRST_NAMED = 256
_NAMED = (1 << 24) - _FIRST_NAMED

_32, _40 = np.uint64(32), np.uint64(40)
_ODD = np.uint64(1)


@part
def squares64(counter: np.uint64, key: np.uint64) -> np.uint64:
    """Squares64: five rounds of squaring; `counter` and `key` are uint64, the key odd and irregular."""
    y = x = counter * key
    z = y + key
    x = x * x + y
    x = (x >> _32) | (x << _32)
    x = x * x + z
    x = (x >> _32) | (x << _32)
    x = x * x + y
    x = (x >> _32) | (x << _32)
    t = x = x * x + z
    x = (x >> _32) | (x << _32)
    return t ^ ((x * x + y) >> _32)


@part
def member_key(seed: int, cohort: int, ordinal: int) -> np.uint64:
    """The key of one member's streams. `cohort` is below 2^24 and `ordinal` below 2^40."""
    member = (np.uint64(cohort) << _40) | np.uint64(ordinal)
    return mix64(member + mix64(np.uint64(seed) + GOLDEN)) | _ODD


@part
def draw_bits(key: np.uint64, purpose: int, index: int) -> np.uint64:
    """64 random bits for one purpose of one member; `index` counts the draws, below 2^40."""
    return squares64((np.uint64(purpose) << _40) | np.uint64(index), key)


@part
def friend_key(key: np.uint64, index: int) -> np.uint64:
    """The key of the friend whom a member brings at purchase `index`."""
    return mix64(draw_bits(key, FRIEND, index)) | _ODD


def named_purposes(names: Iterable[str]) -> list[int]:
    """A purpose for each name, the same whatever else is declared.

    Args:
        names: distinct names, such as `purchase field payment` or `reward five_off`; all that a simulation
            draws by name, in one call, so that no two of them meet.

    Returns:
        Distinct purposes from 256 to 2^24 - 1: a hash of each name; the second of two names that meet
        takes the next free number.
    """
    taken: list[int] = []
    for name in names:
        digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
        purpose = _FIRST_NAMED + digest % _NAMED
        while purpose in taken:
            purpose = _FIRST_NAMED + (purpose - _FIRST_NAMED + 1) % _NAMED
        taken.append(purpose)
    return taken
