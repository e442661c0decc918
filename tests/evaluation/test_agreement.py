"""SAME-1: the compiled evaluator and the reference give the same answer, exactly.

`LOYALTY_EXAMPLES=100000` runs as many seeded pairs of a program and a history; the default is small.
"""

import os

from drawn_histories import first_events, programs_and_histories, seeded_pair
from hypothesis import HealthCheck, given, settings

from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import verify_identity
from loyalty_dsl.evaluation.replay import Replay, replay
from loyalty_dsl.language.program import Program

SEEDED = int(os.environ.get("LOYALTY_EXAMPLES", "200"))
"""Pairs drawn by seed; they run ten times as fast as those that can shrink."""


def answers(result: Replay) -> dict[str, object]:
    """All that SAME-1 compares, and the totals of rules and rewards."""
    return {
        "postings": result.postings,
        "totals": [result.member_totals(member) for member in range(len(result.history.members))],
        "usage": result.usage.tolist(),
        "refusals": result.refusals,
        "rules": result.rules,
        "rewards": result.rewards,
    }


def assert_same_answer(program: Program, history: History, threads: int = 1) -> None:
    compiled = replay(program, history, "compiled", threads=threads, with_postings=True)
    reference = replay(program, history, "reference", with_postings=True)
    got, wanted = answers(compiled), answers(reference)
    for part, answer in wanted.items():
        assert got[part] == answer, part
    for totals in (compiled.totals(), *got["totals"]):
        for currency in totals:
            assert verify_identity(currency) == ()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs_and_histories())
def test_both_engines_agree_on_whatever_hypothesis_draws(pair: tuple[Program, History]) -> None:
    assert_same_answer(*pair)


def test_both_engines_agree_on_seeded_programs_and_histories() -> None:
    for seed in range(SEEDED):
        try:
            assert_same_answer(*seeded_pair(seed))
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise


def test_both_engines_agree_after_each_event() -> None:
    """Balances, pending units and limit usage as each event leaves them, and not only at the end."""
    for seed in range(1000, 1020):
        program, history = seeded_pair(seed)
        for count in range(1, int(history.starts[1]) + 1):
            assert_same_answer(program, first_events(history, count))
