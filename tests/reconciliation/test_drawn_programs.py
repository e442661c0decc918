"""Replays of drawn programs, of any mechanic, against ledgers that are their own: nothing is left over."""

import random
from pathlib import Path

import pytest
from drawn_histories import seeded_pair
from planted import iso

from loyalty_dsl.evaluation.replay import Replay, replay
from loyalty_dsl.quantities import format_units
from loyalty_dsl.reconciliation.causes import Cause
from loyalty_dsl.reconciliation.ledger_rows import read_ledger
from loyalty_dsl.reconciliation.our_postings import our_postings
from loyalty_dsl.reconciliation.reconciling import reconcile

SEEDS = range(8)
DIGITS = 4


def own_rows(result: Replay) -> list[list[str]]:
    """Our postings as rows of a plain ledger: member, date, currency, kind, points, event."""
    program, members = result.program, result.history.members
    return [
        [
            members[row["member"]],
            iso(row["day"]),
            program.currencies[row["currency"]].name,
            row["kind"],
            format_units(row["units"], 10**DIGITS).replace(",", ""),
            row["event"],
        ]
        for row in our_postings(result, DIGITS, coarse=False).to_dicts()
    ]


def held_against(result: Replay, rows: list[list[str]], folder: Path, events: bool):
    path = folder / "ledger.csv"
    wide = 6 if events else 5
    heads = ["member", "date", "currency", "kind", "points", "event"][:wide]
    path.write_text("\n".join(",".join(row[:wide]) for row in [heads, *rows]) + "\n")
    return reconcile(result, read_ledger(path, result.program, result.history.members))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ledger_of_our_own_agrees_and_a_disturbed_one_is_explained(seed, tmp_path):
    program, history = seeded_pair(seed)
    result = replay(program, history, "reference", with_postings=True)
    rows = own_rows(result)
    if not rows:
        return
    for events in (True, False):
        agreed = held_against(result, rows, tmp_path, events)
        assert agreed.found.is_empty()
        assert agreed.agreeing == agreed.members == len(history.members)
    draw = random.Random(seed)
    lost = draw.randrange(len(rows))
    disturbed = [row for number, row in enumerate(rows) if number != lost]
    draw.shuffle(disturbed)
    explained = held_against(result, disturbed, tmp_path, True)  # `reconcile` asserts that nothing is left
    assert explained.found.height >= 1
    assert {each.cause for each in explained.causes} <= {
        Cause.ONLY_OURS, Cause.OTHER_AMOUNT, Cause.ROUNDING, Cause.OTHER_KIND, Cause.OTHER_DAY,
    }  # fmt: skip
