"""What the compiled code takes for granted of its tables, and what refuses them where it does not hold."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from drawn_histories import seeded_pair
from numba import config

from loyalty_dsl.evaluation.kernel_replay import Columns, Results, run_members
from loyalty_dsl.evaluation.kernel_widths import CONSTANT, WIDTHS
from loyalty_dsl.evaluation.lowering import lower_program
from loyalty_dsl.evaluation.plan import Plan, Sink, State, new_sink, new_state
from loyalty_dsl.evaluation.plan_state import MemberState, StatePlan


def tables_of(seed: int) -> tuple[Plan, State, Sink]:
    program, history = seeded_pair(seed)
    plan = lower_program(program, history.last_day - 50, history.last_day)
    return plan, new_state(plan, watches=True), new_sink(plan, journal_rows=1)


@pytest.mark.parametrize("seed", range(5))
def test_tables_of_any_program_are_as_wide_as_the_compiled_code_takes_them_for(seed: int) -> None:
    plan, state, sink = tables_of(seed)
    for each in (plan, plan.of_state, state, state.of_member, sink):
        for name, width in WIDTHS[type(each)].items():
            assert getattr(each, name).shape[-1] == width, name


def test_every_table_whose_columns_have_names_has_a_width() -> None:
    assert {Plan, StatePlan, State, MemberState, Sink} <= set(WIDTHS)
    assert {Plan, StatePlan} <= CONSTANT


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_an_entry_refuses_a_table_of_another_width() -> None:
    plan, state, sink = tables_of(1)
    none = np.zeros(1, np.int64)
    rows = np.zeros((1, 1), np.int64)
    columns = Columns(*(rows if "fields" in name else none for name in Columns._fields))
    results = Results(*(rows if name not in ("codes", "gone") else none for name in Results._fields))
    wider = state._replace(wallets=np.zeros((len(plan.currencies), 9), np.int64))
    with pytest.raises(ValueError, match="width of `wallets`"):
        run_members(plan, wider, sink, columns, results, np.zeros(3, np.int64), 0, plan.last_day)


def test_no_index_is_below_zero_or_beyond_the_end() -> None:
    """Compiled code asks neither (`kernel_linking`); as plain Python every index is asked."""
    script = Path(__file__).with_name("guarded_tables.py")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", script, "0", "60"],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
