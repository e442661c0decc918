"""Histories that are cut in two: what the ledger of the first part keeps, opened and lived on through the
second, must come to what the reference makes of the whole.

    NUMBA_DISABLE_JIT=1 python tests/simulation/continued_histories.py FOLDER FIRST END
"""

# ruff: noqa: PLR0917 - one row of arguments for one member

import sys
from datetime import date
from pathlib import Path

import numpy as np
from opened_rules import COLUMNS, PEOPLE, RULES, sales

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import day_of
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.kernel import advance, open_member, step
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.plan_state import ACCOUNT_LIGHT, NO_GRANT
from loyalty_dsl.evaluation.replay import Replay, replay
from loyalty_dsl.evaluation.replay_compiled import _columns
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.program import Program
from loyalty_dsl.simulation.opening_state import open_state
from loyalty_dsl.simulation.opening_tables import lower_opening


def continue_history(program: Program, first: Replay, whole: Replay) -> int:
    """Holds each member's end to that of the whole history; returns how many of them began with something."""
    assert first.states is not None
    opening = Opening("a ledger", program.name, first.history.last_day, first.history.members, first.states)
    history = whole.history
    start = min(opening.earliest, opening.as_of)
    plan = lower_program(program, start, history.last_day, [start, opening.as_of + 1])
    plan.of_state.accounts[:, ACCOUNT_LIGHT] = 0  # no wallet is light: as in a simulation
    tables = lower_opening(program, plan, opening, len(opening.names), 1)
    columns = _columns(program, history, 1)
    held = 0
    for who, name in enumerate(opening.names):
        member = list(history.members).index(name)
        state, sink = p.new_state(plan, capacity=256), p.new_sink(plan)
        open_member(plan, state, 0, member)
        assert open_state(plan, state, sink, tables, 0, who)
        held += int(sink.flows[:, 0, p.ISSUED].sum() > 0)
        for event in range(history.starts[member], history.starts[member + 1]):
            if history.day[event] > opening.as_of:
                items = slice(history.item_starts[event], history.item_starts[event + 1])
                code = step(
                    plan, state, sink, 0, int(history.day[event]), int(history.kind[event]),
                    int(history.basket[event]), columns.fields[event], columns.item_price[items],
                    columns.item_fields[items], int(history.reward[event]), int(history.quantity[event]),
                )  # fmt: skip
                assert code != p.NO_ROOM
        assert advance(plan, state, sink, 0, history.last_day) == p.DONE
        _same_end(name, plan, state, sink, whole, member, first, who)
    return held


def _same_end(
    name: str,
    plan: p.Plan,
    state: p.State,
    sink: p.Sink,
    whole: Replay,
    member: int,
    first: Replay,
    who: int,
) -> None:
    outstanding = state.wallets[:, p.AVAILABLE] + state.wallets[:, p.PENDING]
    assert outstanding.tolist() == whole.balances.outstanding[member].tolist(), name
    assert state.wallets[:, p.PENDING].tolist() == whole.balances.pending[member].tolist(), name
    for column, figure in ((p.REDEEMED, "redeemed"), (p.EXPIRED, "expired"), (p.ISSUED, "issued")):
        later = sink.flows[:, 1, column]
        before = getattr(first.balances, figure)[who]
        assert (before + later).tolist() == getattr(whole.balances, figure)[member].tolist(), (name, figure)
    grants = np.where(
        state.of_member.grants[0] >= whole.history.last_day, state.of_member.grants[0], NO_GRANT
    )
    assert grants.tolist() == whole.grants[member].tolist(), name


def main(folder: Path, first_seed: int, end_seed: int) -> None:
    held = 0
    for seed in range(first_seed, end_seed):
        name, text = list(RULES.items())[seed % len(RULES)]
        rules, table = folder / f"{name}.loyalty", folder / "sales.csv"
        rules.write_text(text + PEOPLE)
        book = pipeline.load(rules)
        rows = sales(seed)
        cut = day_of(date(2026, 6, 1)) + seed % 40
        histories = []
        for part in ([row for row in rows if day_of(date.fromisoformat(row.split(",")[1])) <= cut], rows):
            table.write_text("\n".join([COLUMNS, *part]) + "\n")
            read = pipeline.replay(book, table, quarantine=folder / "aside.csv", with_postings=True)
            histories.append(read.result)
        program = book.programs[0]
        whole = replay(program, histories[1].history, "reference")
        held += continue_history(program, histories[0], whole)
    print(held)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
