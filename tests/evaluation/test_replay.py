"""A replay of real baskets, to the point, on both evaluators; threads; and what is refused, in words."""

from pathlib import Path

import attrs
import numpy as np
import polars as pl
import pytest
from histories_by_hand import ENGINES, history_of
from programs_by_hand import after, at, currency, earn, program, reward

from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.history import History
from loyalty_dsl.evaluation.ledger import RefusalKind, Totals, verify_identity
from loyalty_dsl.evaluation.replay import Engine, replay
from loyalty_dsl.language.amounts import PerMoney
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.expiry import Expiry, Never
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import JOIN, PURCHASE

BASKETS = Path(__file__).parents[2] / "programs" / "data" / "complete_journey_baskets.parquet"


def grocery_points(expiry: Expiry) -> Program:
    """A point for each whole dollar of the basket; 500 points are $5 off, taken by themselves."""
    return program(
        earn(PerMoney(1, 100, True, Base.BASKET)),
        reward(500, 500, in_full=True, automatic=True),
        currencies=[currency(expiry=expiry)],
        starts="2017-01-01",
    )


@pytest.fixture(scope="module")
def baskets() -> History:
    """A year of a grocer's 155,848 baskets, of 2,469 households."""
    table = pl.read_parquet(BASKETS).sort(["member", "time"], maintain_order=True)
    members, first = np.unique(table["member"].to_numpy(), return_index=True)
    return history_of(
        members=[str(member) for member in members],
        starts=[*first.tolist(), len(table)],
        day=table["time"].dt.date().cast(pl.Int32).to_list(),
        basket=table["amount_cents"].to_list(),
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("expiry", "wanted"),
    [
        (after(180), Totals(issued=4_519_934, redeemed=3_718_000, expired=210_169, outstanding=591_765)),
        (Never(), Totals(issued=4_519_934, redeemed=3_863_000, expired=0, outstanding=656_934)),
    ],
    ids=["180 days", "never"],
)
def test_a_year_of_baskets_is_exact_to_the_point(
    baskets: History, expiry: Expiry, wanted: Totals, engine: Engine
) -> None:
    result = replay(grocery_points(expiry), baskets, engine)
    assert result.totals() == (wanted,)
    assert result.refusals == ()
    assert result.rewards[0].uses * 500 == wanted.redeemed


def test_members_add_up_and_obey_the_identity(baskets: History) -> None:
    result = replay(grocery_points(after(180)), baskets)
    members = [result.member_totals(member)[0] for member in range(len(baskets.members))]
    assert all(verify_identity(totals) == () for totals in members)
    assert sum(members, start=Totals()) == result.totals()[0]


def test_any_number_of_threads_gives_the_same_figures(baskets: History) -> None:
    one = replay(grocery_points(after(180)), baskets, threads=1)
    for threads in (2, 7, 5000):
        many = replay(grocery_points(after(180)), baskets, threads=threads)
        assert all(
            np.array_equal(getattr(one.balances, field.name), getattr(many.balances, field.name))
            for field in attrs.fields(type(one.balances))
        )
        assert (one.rules, one.rewards) == (many.rules, many.rewards)


@pytest.mark.parametrize("engine", ENGINES)
def test_refused_rows_are_named_with_their_reason(engine: Engine) -> None:
    first = at("2017-01-01")
    history = history_of(
        members=["a", "b"],
        starts=[0, 3, 5],
        day=[first - 1, first, first, first, first + 1],
        basket=[500, 20_000, 0, 0, 0],
        kind=[PURCHASE, PURCHASE, JOIN, JOIN, REDEEM],
        reward=[-1, -1, -1, -1, 0],
    )
    refused = replay(grocery_points(Never()), history, engine).refusals
    assert [(r.row, r.member, r.refusal.kind, r.refusal.reward) for r in refused] == [
        (1, "a", RefusalKind.BEFORE_START, ""),
        (3, "a", RefusalKind.ALREADY_JOINED, ""),
        (5, "b", RefusalKind.REWARD, "five_off"),
    ]
    assert all(r.refusal.reason for r in refused)


@pytest.mark.parametrize("engine", ENGINES)
def test_state_is_as_of_the_end_of_the_last_day(engine: Engine) -> None:
    """TIME-5: what is gone from 00:00 of the last day is gone, and what goes the midnight after is not."""
    first = at("2017-01-01")
    for last_day, expired in ((first + 179, 0), (first + 180, 20)):
        history = history_of(["a"], [0, 1], [first], [2_000], last_day=last_day)
        assert replay(grocery_points(after(180)), history, engine).totals()[0].expired == expired


@pytest.mark.parametrize("engine", ENGINES)
def test_a_history_without_events_has_figures_of_nothing(engine: Engine) -> None:
    history = history_of(["a"], [0, 0], [], [], last_day=at("2016-06-01"))
    assert replay(grocery_points(Never()), history, engine).totals() == (Totals(),)
