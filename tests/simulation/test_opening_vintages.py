"""What members of a ledger hold, by the month in which it was issued."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opened_rules import MOVED, PEOPLE

from loyalty_dsl.calendar import day_of, month_index
from loyalty_dsl.forecast import frames, mechanics_frames
from loyalty_dsl.forecast.appraisal import issued_in
from loyalty_dsl.forecast.appraising import appraise
from loyalty_dsl.forecast.forecasting import forecast
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.opening import LOT, MEMBER, WALLET, Opening, StateRow
from loyalty_dsl.simulation.opening import open_population
from loyalty_dsl.simulation.opening_vintages import vintages_of
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.simulation.trajectories import Trajectories

END = day_of(date(2026, 8, 20))

Lots = list[tuple[int, int, int]]
"""Days before the end on which each was earned, days after it on which it expires (0: never), and units."""


def opening_of(members: list[tuple[Lots, int]]) -> Opening:
    """Members with lots, and with what they owe."""
    rows = []
    for lots, owed in members:
        its = [StateRow(MEMBER, "", "", END - 3000, None, END - 5, 0)]
        its.append(StateRow(WALLET, "points", "", None, None, END - 5, owed))
        for ago, left, units in sorted(lots, reverse=True):
            expiry = END + left if left else None
            its.append(StateRow(LOT, "points", "base", END - ago, expiry, END - ago, units))
        rows.append(tuple(its))
    return Opening("a ledger", "corner", END, tuple(f"m{i}" for i in range(len(rows))), tuple(rows))


@pytest.fixture
def book(book_of: Callable[[str], Book]) -> Book:
    return book_of(MOVED + PEOPLE.replace("2 per month", "6 per month"))


def simulated(book: Book, opening: Opening, months: int = 3, seed: int = 1) -> Trajectories:
    program = book.programs[0]
    people = open_population(book.populations[0], program, opening)
    return simulate_population(program, people, months=months, seed=seed, threads=1)


LOTS = st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 200), st.integers(1, 60)), max_size=6)


def test_the_ledger_of_every_vintage_balances(book: Book) -> None:
    """Law: opening + issued = redeemed + expired + reversed + outstanding, in all and of each vintage."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.tuples(LOTS, st.sampled_from([0, 0, 7])), min_size=1, max_size=4),
        st.integers(1, 4),
        st.integers(0, 1000),
    )
    def balances(members: list[tuple[Lots, int]], months: int, seed: int) -> None:
        # who owes holds nothing: what is earned pays the debt first
        members = [([] if owed else lots, owed) for lots, owed in members]
        opening = opening_of(members)
        t = simulated(book, opening, months, seed)
        assert t.opening is not None
        assert t.opening_units is not None
        assert t.opening_fate is not None
        lots = [lot for its, _ in members for lot in its]
        owed = sum(debt for _, debt in members)
        for vintage, (start, end) in enumerate(t.opening_vintages):
            held = sum(units for ago, _, units in lots if start <= END - ago < end)
            assert int(t.opening_units[0, vintage]) == held
            fates = t.opening_fate[:, 0, vintage]
            assert (fates >= 0).all()
            assert int(fates.sum()) <= held
        assert int(t.opening_units.sum()) == sum(units for *_, units in lots)
        assert int(t.opening.sum()) == int(t.opening_units.sum()) - owed
        flows = (t.issued - t.redeemed - t.expired - t.reversed)[0].sum(axis=0)
        assert (int(t.opening.sum()) + np.cumsum(flows)).tolist() == t.outstanding[0].sum(axis=0).tolist()
        redeemed = t.opening_fate[0, 0].sum(axis=0)[:months]
        for issue in range(months):
            redeemed[issue:] += t.redeemed_by_age[0, issue, : months - issue]
        assert redeemed.tolist() == t.redeemed[0].sum(axis=0).tolist()

    balances()


def test_vintages_are_months_or_of_long_ledgers_years() -> None:
    months = vintages_of(opening_of([([(70, 0, 5), (3, 0, 5)], 0)]))
    assert [month_index(start) - month_index(END) for start, _ in months] == [-2, -1, 0]
    years = vintages_of(opening_of([([(1500, 0, 5)], 0)]))
    assert [start for start, _ in years] == [
        day_of(date(year, 1, 1)) for year in (2022, 2023, 2024, 2025, 2026)
    ]
    for vintages in (months, years):
        assert vintages[-1][1] == END + 1
        assert all(end == start for (_, end), (start, _) in pairwise(vintages))
    assert len(vintages_of(opening_of([([], 0)]))) == 1


def test_tables_show_each_vintage_at_its_age(book: Book) -> None:
    lots = [(70, 90, 500), (40, 0, 300), (3, 60, 200)]
    told = forecast(simulated(book, opening_of([(lots, 0)] * 30)))
    (one,) = told.by_currency
    appraisal = appraise(told, month=0, threads=1)
    rows = appraisal.currencies[0].lots
    assert [issued_in(row, told) for row in rows] == ["2026-06", "2026-07", "2026-08", "2026-08"]
    assert [row.age for row in rows] == [3, 2, 1, 0]
    assert [row.issued for row in rows[:3]] == [15_000, 9_000, 6_000]
    assert sum(row.held for row in rows) == one.total[0].outstanding
    cells = frames.triangle(told).filter("held_at_start")
    assert cells.filter(pl.col("age") == 3)["issue_month"].to_list()[0] == date(2026, 6, 1)
    by_issue = cells.group_by("issue_month").agg(pl.col("redeemed", "expired").sum()).sort("issue_month")
    fates = [(sum(each.redeemed), sum(each.expired)) for each in one.triangle.opened]
    assert [tuple(row[1:]) for row in by_issue.rows()] == fates
    assert sum(redeemed for redeemed, _ in fates) > 0
    table = mechanics_frames.vintages(told)
    assert table["held_at_start"].to_list() == [True] * 3 + [False] * 3
    assert int(table["outstanding"].sum()) == one.total[-1].outstanding
