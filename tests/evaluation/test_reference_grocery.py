"""The reference on real baskets, against fifteen lines of arithmetic that know only this one program."""

from collections import deque
from datetime import date
from itertools import groupby
from pathlib import Path

import polars as pl
import pytest
from programs_by_hand import after, currency, earn, program, purchase, reward

from loyalty_dsl.calendar import day_of
from loyalty_dsl.evaluation.ledger import Totals, verify_identity
from loyalty_dsl.evaluation.reference import run
from loyalty_dsl.language.amounts import PerMoney
from loyalty_dsl.language.conditions import Base

BASKETS = Path(__file__).parents[2] / "programs" / "data" / "complete_journey_baskets.parquet"
LAST = day_of(date(2017, 12, 31))
HOUSEHOLDS = 120

Row = tuple[int, int, int]
"""Member, day, cents."""


@pytest.fixture(scope="module")
def households() -> list[list[Row]]:
    """The baskets of the first households, each in time order."""
    rows = pl.read_parquet(BASKETS, columns=["member", "time", "amount_cents"]).sort("member", "time").rows()
    baskets = [(member, day_of(time.date()), cents) for member, time, cents in rows]
    return [list(group) for _, group in groupby(baskets, key=lambda row: row[0])][:HOUSEHOLDS]


def by_arithmetic(baskets: list[Row], lasting: int) -> Totals:
    lots: deque[list[int]] = deque()  # [expiry day, points], oldest first
    issued = redeemed = expired = 0

    def drop(day: int) -> int:
        gone = 0
        while lots and lots[0][0] <= day:
            gone += lots.popleft()[1]
        return gone

    for _, day, cents in baskets:
        expired += drop(day)
        due = sum(points for _, points in lots) // 500 * 500
        redeemed += due
        while due:
            part = min(due, lots[0][1])
            due, lots[0][1] = due - part, lots[0][1] - part
            if not lots[0][1]:
                lots.popleft()
        issued += cents // 100
        if cents >= 100:
            lots.append([day + lasting, cents // 100])
    expired += drop(LAST)
    return Totals(
        issued=issued, redeemed=redeemed, expired=expired, outstanding=sum(points for _, points in lots)
    )


@pytest.mark.parametrize("lasting", [30, 180])
def test_real_households_get_what_arithmetic_says(households: list[list[Row]], lasting: int) -> None:
    """EVENT-1, REDEEM-1, LOT-3, EXP-1: household by household."""
    rules = program(
        earn(PerMoney(1, 100, True, Base.BASKET)),
        reward(500, 500, automatic=True, in_full=True),
        currencies=[currency(expiry=after(lasting))],
        starts="2017-01-01",
    )
    total = Totals()
    for baskets in households:
        events = [purchase(day, cents, minute=i) for i, (_, day, cents) in enumerate(baskets)]
        (totals,) = run(rules, events, LAST).totals
        assert totals == by_arithmetic(baskets, lasting)
        assert verify_identity(totals) == ()
        total += totals
    assert min(total.issued, total.redeemed, total.expired, total.outstanding) > 5_000
