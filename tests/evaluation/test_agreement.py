"""SAME-1: the compiled evaluator and the reference give the same answer, exactly.

`--count 10000` (or `LOYALTY_EXAMPLES=10000`) runs as many seeded pairs of a program and a history; a few by
default. A pair that fails is made smaller before it is told: fewer features, then fewer events.
"""

import os
from itertools import pairwise

import attrs
import numpy as np
import pytest
from drawing import ALL, OF_ONE_MEMBER, PLAIN, Feature, Features
from drawn_histories import first_events, only_events, programs_and_histories, seeded_pair
from histories_by_hand import history_of
from hypothesis import HealthCheck, given, settings
from programs_by_hand import currency, earn, program, reward

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import verify_identity
from loyalty_dsl.evaluation.replay import Replay, replay
from loyalty_dsl.language.amounts import PerMoney
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.program import Program, RoundPer
from loyalty_dsl.quantities import MAX_AMOUNT, Rounding

SEEDED = int(os.environ.get("LOYALTY_EXAMPLES", "200"))
"""Pairs drawn by seed; they run ten times as fast as those that can shrink."""


def answers(result: Replay) -> dict[str, object]:
    """All that SAME-1 compares, and the totals of rules and rewards."""
    return {
        "postings": result.postings,
        "totals": [result.member_totals(member) for member in range(len(result.history.members))],
        "usage": result.usage.tolist(),
        "counters": result.counters.tolist(),
        "grants": result.grants.tolist(),
        "refusals": result.refusals,
        "rules": result.rules,
        "rewards": result.rewards,
        "together": result.together,
    }


def assert_same_answer(program: Program, history: History, threads: int = 1) -> None:
    seed = int(history.day.sum()) % 2**63  # any, and the same for the same history
    compiled = replay(program, history, "compiled", threads=threads, with_postings=True, seed=seed)
    reference = replay(program, history, "reference", with_postings=True, seed=seed)
    got, wanted = answers(compiled), answers(reference)
    for part, answer in wanted.items():
        assert got[part] == answer, part
    for number, total in enumerate(compiled.totals()):
        members = [compiled.member_totals(member)[number] for member in range(len(history.members))]
        assert all(verify_identity(figures) == () for figures in members)
        assert verify_identity(total, members) == ()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs_and_histories())
def test_both_engines_agree_on_whatever_hypothesis_draws(pair: tuple[Program, History]) -> None:
    assert_same_answer(*pair)


def answers_differ(program: Program, history: History) -> AssertionError | None:
    """What is wrong with the answers to a pair, if anything is."""
    try:
        assert_same_answer(program, history)
    except AssertionError as error:
        return error
    return None


def fewest_features(seed: int, features: Features) -> Features:
    """Features with which a seed still fails, and none of which can be left out."""
    for feature in Feature:
        if answers_differ(*seeded_pair(seed, features - {feature})) is not None:
            features -= {feature}
    return features


def fewest_events(program: Program, history: History) -> list[int]:
    """Rows with which a pair still fails, of one member if that is enough, none of which can be left out."""
    rows = list(range(len(history.day)))

    def fails(fewer: list[int]) -> bool:
        return bool(fewer) and answers_differ(program, only_events(history, fewer)) is not None

    for first, end in pairwise(history.starts.tolist()):
        if fails(rows[first:end]):
            rows = rows[first:end]
            break
    for row in reversed(rows):
        fewer = [other for other in rows if other != row]
        if fails(fewer):
            rows = fewer
    return rows


def compare_seeded(seeds: range, features: Features = ALL) -> None:
    """Compares the answers to seeded pairs, and says of the first that fails how small it can be."""
    for seed in seeds:
        error = answers_differ(*seeded_pair(seed, features))
        if error is not None:
            fewest = fewest_features(seed, features)
            names = ", ".join(sorted(feature.name for feature in fewest))
            error.add_note(
                f"seeded_pair({seed}, {{{names}}}), rows {fewest_events(*seeded_pair(seed, fewest))}"
            )
            raise error


def test_both_engines_agree_on_seeded_programs_and_histories() -> None:
    compare_seeded(range(SEEDED))


@pytest.mark.parametrize("feature", list(Feature))
def test_both_engines_agree_on_each_feature_by_itself(feature: Feature) -> None:
    """A feature that is drawn alone is drawn often."""
    compare_seeded(range(25), frozenset({feature}))


NO_RETURNS = OF_ONE_MEMBER - {Feature.RETURNS}
OVER_TIME = frozenset({Feature.CLOCKS, Feature.EXPIRY, Feature.TIERS, Feature.COUNTERS})


@pytest.mark.parametrize(
    ("features", "seed"),
    [
        *((NO_RETURNS, seed) for seed in (20289, 20512, 20584, 20683, 21424, 21967, 22029, 22380)),
        (OVER_TIME, 325),
        *((frozenset({Feature.RETURNS}), seed) for seed in (85, 184)),
        *((OF_ONE_MEMBER, seed) for seed in (6850, 7359, 30203, 30451, 31294, 31562, 31615, 31789, 31803)),
        *(
            (ALL - {Feature.STRATEGIES, Feature.MENUS}, seed)
            for seed in (12, 1853, 4382, 4514, 4570, 5113, 5712, 6998)
        ),
    ],
)
def test_pairs_on_which_the_engines_once_differed(features: Features, seed: int) -> None:
    """Levels held for ever, the order of lots of a day, what is owed, the order of what returns take, years
    of membership before the joined day (LIMIT-6), returns of what never had an amount (RETURN-1), levels by
    a window that an event counts in late (COUNT-10)."""
    compare_seeded(range(seed, seed + 1), features)


@pytest.mark.slow
def test_both_engines_agree_on_as_many_pairs_as_asked(request: pytest.FixtureRequest) -> None:
    count = request.config.getoption("--count")
    if not count:
        pytest.skip("runs with --count")
    first = request.config.getoption("--first")
    compare_seeded(range(first, first + count))


def test_both_engines_agree_after_each_event() -> None:
    """Balances, pending units and limit usage as each event leaves them, and not only at the end."""
    for seed in range(1000, 1020):
        drawn, history = seeded_pair(seed)
        for count in range(1, int(history.starts[1]) + 1):
            assert_same_answer(drawn, first_events(history, count))


@pytest.mark.parametrize(("quantity", "redeemed"), [(0, 60), (-1, 0)])
def test_no_quantity_means_as_often_as_it_can(quantity: int, redeemed: int) -> None:
    """REDEEM-9: 0 is as often as it can be. A reader lets nothing below it through; it asks for nothing."""
    of = program(earn(), reward(10, 1, in_full=True))
    history = attrs.evolve(
        history_of(["a"], [0, 3], [of.starts] * 3, [1000, 5000, 1000], reward=[-1, -1, 0]),
        quantity=np.full(3, quantity),
    )
    assert_same_answer(of, history)
    assert replay(of, history).totals()[0].redeemed == redeemed


@pytest.mark.parametrize("rounding", list(Rounding))
@pytest.mark.parametrize("round_per", list(RoundPer))
def test_both_engines_agree_at_the_edge_of_64_bits(rounding: Rounding, round_per: RoundPer) -> None:
    """NUM-5: the largest basket times the largest rate, and parts of a common denominator near 2**62."""
    largest = (2**63 - 1) // MAX_AMOUNT
    rules = [
        earn(PerMoney(largest, 2**31 - 1, False, Base.BASKET), name="a"),
        earn(PerMoney(largest - 1, 2**31 - 19, False, Base.AMOUNT), name="b"),
    ]
    of = program(
        *rules,
        reward(10**18, MAX_AMOUNT // 3),
        currencies=[currency(rounding=rounding, round_per=round_per)],
    )
    _, history = seeded_pair(0, PLAIN)
    count = len(history.day)
    extreme = attrs.evolve(
        history,
        day=history.day + 730,  # after the start
        last_day=history.last_day + 730,
        kind=np.zeros(count, np.int64),
        basket=np.full(count, MAX_AMOUNT) - np.arange(count),
        fields=history.fields[:, :1] * 0,
        item_starts=np.zeros(count + 1, np.int64),
        item_price=history.item_price[:0],
        item_fields=history.item_fields[:0],
        reward=np.full(count, -1),
        quantity=np.zeros(count, np.int64),
    )
    assert_same_answer(of, extreme)
    assert replay(of, extreme).totals()[0].issued > 10**11
