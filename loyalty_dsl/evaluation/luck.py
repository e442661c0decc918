"""Whether the chance of a rule comes up (EARN-12), and who is held out (AUDIENCE-2), in plain integers.

Invariant: it is a pure function of the member's key, the rule's name, the day, and the number of the event
among those of the member on that day. Nothing is drawn in sequence: another rule, another version of the
program, another member or another thread shifts nobody's luck. `kernel_luck` is the compiled twin.

The bits are those of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
2014): its finaliser of a state that is hashed from member and rule, so many steps on as the event has it.
"""

from collections.abc import Sequence
from fractions import Fraction
from hashlib import blake2b

from loyalty_dsl.language.audiences import Audience
from loyalty_dsl.language.program import EarnRule

_WORD = 2**64
_GOLDEN = 0x9E3779B97F4A7C15

NUMBER_BITS = 24
"""Of the number within a day, in the address of an event; day and number share a word."""

AT_MIDNIGHT = 0
"""The number of a clock's midnight; events are numbered from 1."""


def key_of(seed: int, member: str) -> int:
    """The key of a member of real data, below 2^64, by its id and the seed."""
    return _mixed((_word_of(member) + _mixed((seed + _GOLDEN) % _WORD)) % _WORD)


def word_of_rule(name: str) -> int:
    """What stands for a rule's name in its draws, below 2^64."""
    return _word_of(f"chance {name}")


def threshold_of(chance: Fraction) -> int:
    """Of a chance below 1, how many of the 2^64 words come up, rounded down."""
    return chance.numerator * _WORD // chance.denominator


def bits_of(key: int, rule: int, day: int, number: int) -> int:
    """64 random bits of a rule at an event of a member, or at midnight.

    Args:
        key: the member's.
        rule: as of `word_of_rule`.
        day: the civil day.
        number: of the event among the member's of that day, from 1; `AT_MIDNIGHT` for a clock.
    """
    steps = (day << NUMBER_BITS) + number
    return _mixed((_mixed((key + rule) % _WORD) + steps * _GOLDEN) % _WORD)


def comes_up(key: int, rule: EarnRule, day: int, number: int) -> bool:
    """Whether the chance of a rule comes up at an event."""
    return bits_of(key, word_of_rule(rule.name), day, number) < threshold_of(rule.chance)


def word_of_audience(name: str) -> int:
    """What stands for an audience's name in the draw of its holdout, below 2^64."""
    return _word_of(f"holdout {name}")


def is_held_out(key: int, audience: Audience) -> bool:
    """Whether a member is held out of an audience: drawn once, from the key and the name (AUDIENCE-2)."""
    return bits_of(key, word_of_audience(audience.name), 0, 0) < threshold_of(audience.holdout)


class Drawn:
    """The luck of a group's members, by slot, as the reference asks for it."""

    def __init__(self, keys: Sequence[int]) -> None:
        self._keys = tuple(keys)

    def __call__(self, slot: int, rule: EarnRule, day: int, number: int) -> bool:
        return comes_up(self._keys[slot], rule, day, number)

    def held_out(self, slot: int, audience: Audience) -> bool:
        return is_held_out(self._keys[slot], audience)


def _word_of(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def _mixed(word: int) -> int:
    """The SplitMix64 finaliser: a bijection of words."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % _WORD
    return word ^ (word >> 31)
