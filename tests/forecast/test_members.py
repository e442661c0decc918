"""Rows of simulated members tie to the simulation's sums."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.choosing import choose_population, choose_program
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.simulation.member_rows import live_rows
from loyalty_dsl.simulation.run import simulate_population

PROGRAMS = Path(__file__).parents[2] / "programs"


@pytest.mark.parametrize("name", ["nordy_club", "bring_a_friend", "bronze_silver_gold"])
def test_rows_of_all_members_sum_to_the_simulation(name):
    book = pipeline.load(PROGRAMS / f"{name}.loyalty")
    population = choose_population(book, None, None)
    program = choose_program(book, population.program)
    asked = {"sample": 900, "months": 24, "seed": 3}
    t = simulate_population(program, population, **asked)
    parts = list(live_rows(program, population, rows=None, **asked))
    members, levels, units = (
        np.concatenate([getattr(part, what) for part in parts]) for what in ("members", "levels", "units")
    )
    assert len(members) == t.joined.sum()
    assert members[:, 5].sum() == t.purchases.sum()
    assert members[:, 6].sum() == t.basket.sum()
    assert members[:, 7].sum() == t.friends_joined.sum()
    for flow, what in enumerate(("issued", "redeemed", "expired", "reversed")):
        assert (units[:, :, flow].sum(axis=0) == getattr(t, what).sum(axis=(1, 2))).all()
    for ladder, held in enumerate(t.levels):
        assert (np.bincount(levels[:, ladder], minlength=len(held)) == held[:, -1]).all()
    few = next(live_rows(program, population, rows=10, **asked)).members
    assert {tuple(row) for row in few.tolist()} <= {tuple(row) for row in members.tolist()}


def test_members_become_parts_of_a_table_that_the_manifest_names(tmp_path):
    book = pipeline.load(PROGRAMS / "nordy_club.loyalty")
    made = pipeline.simulate(book, sample=300, months=6)
    (tmp_path / "simulated_members-00009.parquet").write_text("older")
    pipeline.write_tables(made, provenance_of(made), tmp_path, pipeline.member_rows(made, 50))
    assert [path.name for path in tmp_path.glob("simulated*")] == ["simulated_members-00001.parquet"]
    assert "simulated_members-00001" in (tmp_path / "manifest.json").read_text()
    frame = pl.read_parquet(tmp_path / "simulated_members-00001.parquet")
    assert frame.height == 50
    assert frame["member"].to_list() == [k * 6 for k in range(50)]
    left = frame["issued_points"] - frame["redeemed_points"] - frame["expired_points"]
    assert (left - frame["reversed_points"]).to_list() == frame["outstanding_points"].to_list()
    assert set(frame["level_status"]) <= {level.name for level in made.ladders[0].ladder.levels}
