"""The counter-based hash: the definition, its stability, and the independence of streams."""

from hashlib import sha256

import numpy as np
import pytest
from scipy import stats

from loyalty_dsl.evaluation.kernel_luck import mix64
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.randomness import draw_bits, member_key, named_purposes, squares64

MASK = 2**64 - 1


def squares64_by_definition(counter: int, key: int) -> int:
    """Widynski's text, in Python's integers."""

    def turned(word: int) -> int:
        return ((word >> 32) | (word << 32)) & MASK

    y = x = counter * key & MASK
    z = (y + key) & MASK
    x = turned((x * x + y) & MASK)
    x = turned((x * x + z) & MASK)
    x = turned((x * x + y) & MASK)
    t = x = (x * x + z) & MASK
    x = turned(x)
    return t ^ (((x * x + y) & MASK) >> 32)


@pytest.mark.parametrize("counter", [0, 1, 2, 255, 2**32, 2**40 + 17, 2**63, 2**64 - 1])
@pytest.mark.parametrize("key", [1, 0x548C9DECBCE65297, 2**64 - 1])
def test_squares64_follows_its_definition(counter: int, key: int) -> None:
    assert int(squares64(np.uint64(counter), np.uint64(key))) == squares64_by_definition(counter, key)


def test_mix64_gives_the_published_outputs_of_splitmix64() -> None:
    """SplitMix64 seeded with 1234567; its outputs as in the Rosetta Code task "Pseudo-random numbers"."""
    outputs = [int(mix64(np.uint64((1234567 + i * 0x9E3779B97F4A7C15) & MASK))) for i in (1, 2, 3, 4, 5)]
    assert outputs == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_draws_never_change() -> None:
    """A regression hash: if this fails, every forecast ever printed changes."""
    words = [
        int(draw_bits(np.uint64(member_key(seed, cohort, ordinal)), purpose, index))
        for seed in (1, 2**40)
        for cohort in (0, 3)
        for ordinal in (0, 1, 10**9)
        for purpose in (randomness.GAP, randomness.BASKET, 2**24 - 1)
        for index in (0, 1, 1000)
    ]
    text = ",".join(map(str, words))
    assert sha256(text.encode()).hexdigest()[:16] == "8b451f9ece824c7e"


def test_streams_of_members_and_purposes_are_uniform_and_unrelated() -> None:
    keys = [np.uint64(member_key(7, 0, ordinal)) for ordinal in range(20_000)]
    scale = 2.0**-64
    one = np.array([int(draw_bits(key, randomness.GAP, 0)) * scale for key in keys])
    next_index = np.array([int(draw_bits(key, randomness.GAP, 1)) * scale for key in keys])
    other_purpose = np.array([int(draw_bits(key, randomness.BASKET, 0)) * scale for key in keys])
    for draws in (one, next_index, other_purpose):
        assert stats.kstest(draws, "uniform").pvalue > 1e-4
    four_standard_errors = 4 / np.sqrt(len(keys))
    assert abs(np.corrcoef(one, next_index)[0, 1]) < four_standard_errors
    assert abs(np.corrcoef(one, other_purpose)[0, 1]) < four_standard_errors
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < four_standard_errors


def test_members_have_keys_of_their_own() -> None:
    keys = {int(member_key(1, cohort, ordinal)) for cohort in range(50) for ordinal in range(400)}
    assert len(keys) == 50 * 400
    assert all(key % 2 for key in keys)


def test_a_name_keeps_its_purpose_when_others_are_declared() -> None:
    before = dict(zip(["payment", "online"], named_purposes(["payment", "online"]), strict=True))
    names = ["guests", "payment", "tip", "online"]
    after = dict(zip(names, named_purposes(names), strict=True))
    assert {name: after[name] for name in before} == before
    assert len(set(after.values())) == len(names)
    assert all(256 <= purpose < 2**24 for purpose in after.values())


def test_names_whose_hashes_meet_get_different_purposes() -> None:
    names = [f"field {i}" for i in range(6000)]  # about one pair of these meets
    assert len(set(named_purposes(names))) == len(names)
