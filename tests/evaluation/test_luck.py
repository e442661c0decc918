"""EARN-12: whose chance comes up, where, and how often."""

from fractions import Fraction
from math import sqrt

import attrs
import numpy as np
import pytest
from histories_by_hand import history_of
from programs_by_hand import NEGATIVE, earn, program

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.kernel_cache import entry
from loyalty_dsl.evaluation.kernel_luck import luck_bits
from loyalty_dsl.evaluation.luck import bits_of, comes_up, key_of, threshold_of, word_of_rule
from loyalty_dsl.evaluation.plan import Words
from loyalty_dsl.evaluation.replay import Engine, Replay, replay
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.language.types import PURCHASE

MEMBERS = [f"m{number}" for number in range(400)]
ENGINES: list[Engine] = ["compiled", "reference"]


@entry
def compiled_bits(key: Words, rule: Words, day: int, number: int) -> np.uint64:
    return luck_bits(key[0], rule[0], day, number)


def lottery(chance: Fraction, name: str = "lottery", amount: int = 1) -> EarnRule:
    return attrs.evolve(earn(Flat(amount), name=name), chance=chance)


def purchases(of: Program, each: int = 10) -> History:
    """As many purchases of each member, two a day."""
    starts = [each * number for number in range(len(MEMBERS) + 1)]
    days = [of.starts + place // 2 for _ in MEMBERS for place in range(each)]
    return history_of(MEMBERS, starts, days, [1000] * len(days))


def wins(result: Replay, rule: str) -> list[list[str]]:
    """The purchases of each member at which a rule paid."""
    return [[row[0] for row in rows if row[3] == rule] for rows in result.postings or ()]


def test_the_bits_are_those_that_were_published() -> None:
    """Changing one of them changes every replay that was ever reported."""
    key, rule = key_of(1, "m1"), word_of_rule("lottery")
    assert (key, rule) == (0xDABE94ED92A21553, 0xB701C88E74C4BC11)
    assert bits_of(key, rule, 20_000, 1) == 0x1987B0185580955F
    assert bits_of(key, rule, -1, 0) == 0x09A99D6D376D7367


@pytest.mark.parametrize(("day", "number"), [(20_000, 1), (20_000, 2), (0, 0), (-1, 0), (2**31, 2**24 - 1)])
def test_the_kernel_has_the_same_bits(day: int, number: int) -> None:
    for seed in range(5):
        key, rule = key_of(seed, "m1"), word_of_rule(f"rule_{seed}")
        words = np.array([key], np.uint64), np.array([rule], np.uint64)
        assert int(compiled_bits(*words, day, number)) == bits_of(key, rule, day, number)


def test_a_chance_is_its_share_of_all_words() -> None:
    """EARN-12: exact to 2^-64, and never everything."""
    assert threshold_of(Fraction(1, 4)) == 2**62
    assert threshold_of(Fraction(1, 3)) == 2**64 // 3
    assert threshold_of(1 - Fraction(1, 10**30)) == 2**64 - 1


@pytest.mark.parametrize("chance", [Fraction(1, 100), Fraction(3, 10), Fraction(19, 20)])
def test_a_chance_comes_up_as_often_as_it_says(chance: Fraction) -> None:
    """EARN-12: within four standard errors over 20,000 draws; by member and by day as much as by all."""
    rule = lottery(chance)
    keys = [key_of(7, member) for member in MEMBERS]
    hit = np.array([[comes_up(key, rule, day, 1) for day in range(20_000, 20_050)] for key in keys])
    variance = float(chance * (1 - chance))
    assert abs(hit.mean() - float(chance)) < 4 * sqrt(variance / hit.size)
    for axis in (0, 1):
        sums = hit.sum(axis=axis)
        count = hit.shape[axis]
        spread = ((sums - count * float(chance)) ** 2).sum() / (count * variance)  # chi-square
        assert abs(spread - len(sums)) < 5 * sqrt(2 * len(sums))


@pytest.mark.parametrize("engine", ENGINES)
def test_luck_is_of_the_seed_the_member_the_rule_and_the_event(engine: Engine) -> None:
    """EARN-12: other rules, other members, another amount and another seed."""
    alone = program(lottery(Fraction(3, 10)))
    history = purchases(alone)
    first = wins(replay(alone, history, engine, with_postings=True), "lottery")
    assert 0 < sum(map(len, first)) < len(history.day)
    among = program(
        lottery(Fraction(1, 2), "raffle"), earn(Flat(3), name="base"), lottery(Fraction(3, 10), amount=9)
    )
    together = replay(among, history, engine, with_postings=True)
    assert wins(together, "lottery") == first
    assert wins(together, "raffle") != first
    likelier = wins(replay(program(lottery(Fraction(4, 10))), history, engine, with_postings=True), "lottery")
    assert all(set(few) <= set(more) for few, more in zip(first, likelier, strict=True))
    assert sum(map(len, likelier)) > sum(map(len, first))
    again = wins(replay(alone, history, engine, with_postings=True, seed=2), "lottery")
    assert again != first
    assert len({tuple(int(event[1:]) % 10 for event in each) for each in first}) > 100  # members differ


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_both_engines_have_the_same_winners_on_any_threads(seed: int) -> None:
    """EARN-12, SAME-1: keys of members lie below 2^63 and above."""
    of = program(lottery(Fraction(3, 10)))
    history = purchases(of)
    wanted = replay(of, history, "reference", with_postings=True, seed=seed)
    for threads in (1, 3):
        got = replay(of, history, threads=threads, with_postings=True, seed=seed)
        assert got.postings == wanted.postings


@pytest.mark.parametrize("engine", ENGINES)
def test_a_return_draws_nothing(engine: Engine) -> None:
    """EARN-12, RETURN-4: what was won goes back, and what was not won stays not won."""
    of = program(lottery(Fraction(1, 2)), returns=NEGATIVE)
    days = [of.starts, of.starts] * len(MEMBERS)
    starts = [2 * number for number in range(len(MEMBERS) + 1)]
    bought = history_of(MEMBERS, starts, days, [1000, 1000] * len(MEMBERS))
    back = attrs.evolve(
        bought,
        kind=np.array([PURCHASE, RETURN] * len(MEMBERS)),
        original=np.array([[-1, 2 * number] for number in range(len(MEMBERS))]).ravel(),
    )
    result = replay(of, back, engine)
    totals = result.totals()[0]
    assert 100 < totals.issued < 300
    assert (totals.reversed, totals.outstanding) == (totals.issued, 0)
