"""Deferred revenue against published worked examples, to the cent, and the laws of the roll-forward."""

import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl.valuation import (
    AccountingClass,
    Pool,
    RollForward,
    RollForwardRow,
    deferred,
    journal_beancount,
    journal_csv,
)
from loyalty_dsl.valuation.deferral import Method
from loyalty_dsl.valuation.journal import entries_of
from loyalty_dsl.valuation.pools import allocation

CENTS = 100
JANUARY = 672
"""2026-01 as a `month_index`."""


def sold(**changes: Any) -> Pool:
    figures: dict[str, Any] = {
        "month": 0,
        "accounting": AccountingClass.SALE,
        "sales": 100_000,
        "points": 10_000,
        "value": Fraction(1),
        "urr": Fraction(95, 100),
    }
    return Pool(**(figures | changes))


def revenue(row: RollForwardRow) -> int:
    return row.recognised + row.catch_up


def test_ifrs_15_example_52() -> None:
    pool = sold(redeemed=(4_500, 4_000), expected=(9_500, 9_700))
    assert allocation(pool, pool.urr) == 8_676
    assert pool.sales - allocation(pool, pool.urr) == 91_324
    first, second = deferred([pool], range(2)).rows
    assert (revenue(first), first.closing) == (4_110, 4_566)
    assert (revenue(second), second.closing) == (3_493, 1_073)


def test_ifrs_15_example_52_to_the_cent() -> None:
    pool = sold(
        sales=100_000 * CENTS, value=Fraction(CENTS), redeemed=(4_500, 4_000), expected=(9_500, 9_700)
    )
    first, second = deferred([pool], range(2)).rows
    assert (first.deferred, revenue(first), first.closing) == (867_580, 410_959, 456_621)
    assert second.catch_up == -8_473  # 8,675.80 x 4,500 x (1/9,700 - 1/9,500)
    assert (revenue(second), second.closing) == (349_292, 107_329)


def test_kpmg_10a_rounded_and_not() -> None:
    pool = sold(urr=Fraction(97, 100), redeemed=(4_500, 4_000), expected=(9_700, 9_900))
    handbook = deferred([sold(allocated=9_000, redeemed=(4_500, 4_000), expected=(9_700, 9_900))], range(2))
    assert [revenue(row) for row in handbook.rows] == [4_175, 3_552]
    in_cents = sold(
        sales=100_000 * CENTS,
        value=Fraction(CENTS),
        urr=pool.urr,
        redeemed=pool.redeemed,
        expected=pool.expected,
    )
    first, second = deferred([in_cents], range(2)).rows
    assert first.deferred == 884_230
    assert [revenue(first), revenue(second), second.closing] == [410_210, 348_977, 125_043]


def test_a_grocer_whose_points_are_all_used_in_the_end() -> None:
    pool = sold(
        sales=7_200_000 * CENTS,
        value=Fraction(100 * CENTS),
        urr=Fraction(8, 10),
        redeemed=(4_000, 4_100, 900),
        expected=(8_000, 9_000, 9_000),
    )
    rows = deferred([pool], range(3)).rows
    assert rows[0].deferred == 720_000 * CENTS
    assert [revenue(row) for row in rows] == [360_000 * CENTS, 288_000 * CENTS, 72_000 * CENTS]
    assert rows[-1].closing == 0


def test_breakage_that_cannot_be_estimated_waits_for_expiry() -> None:
    """9,000 deferred for 10,000 points at full price: 40% used, then 50% used and 10% expired."""
    pool = sold(allocated=9_000, redeemed=(4_000, 5_000), lost=(0, 1_000))
    first, second = deferred([pool], range(2), "remote").rows
    assert (first.recognised, first.breakage, first.closing) == (3_600, 0, 5_400)
    assert (second.recognised, second.breakage, second.closing) == (4_500, 900, 0)


def test_remote_breakage_is_not_in_the_price() -> None:
    pool = sold(urr=Fraction(1, 2))
    (row,) = deferred([pool], range(1), "remote").rows
    assert row.deferred == 9_091  # 100,000 x 10,000 / 110,000


def test_what_expired_closes_a_pool() -> None:
    pool = sold(redeemed=(4_500, 0), expected=(9_500, 9_500), lost=(0, 5_500))
    first, second = deferred([pool], range(2)).rows
    assert first.closing == 4_566
    assert second.closing == 0
    assert second.recognised + second.catch_up + second.breakage == 4_566


def test_marketing_is_accrued_at_cost_under_any_method() -> None:
    pool = sold(
        accounting=AccountingClass.MARKETING,
        sales=0,
        cost=Fraction(8, 10),
        urr=Fraction(1, 2),
        redeemed=(1_000, 2_000),
        expected=(5_000, 6_000),
    )
    first, second = deferred([pool], range(2)).rows
    assert (first.deferred, first.recognised, first.catch_up, first.closing) == (4_000, 800, 0, 3_200)
    assert (second.recognised, second.catch_up, second.closing) == (1_600, -800, 2_400)
    assert deferred([pool], range(2)).total() == ()


def test_accrued_cost_instead_of_deferral() -> None:
    pool = sold(cost=Fraction(8, 10), redeemed=(4_500,), expected=(9_500,))
    (row,) = deferred([pool], range(1), "accrued cost").rows
    assert (row.deferred, row.recognised, row.closing) == (7_600, 3_600, 4_000)


def test_a_later_first_month_opens_with_what_came_before() -> None:
    pool = sold(redeemed=(4_500, 4_000), expected=(9_500, 9_700))
    whole = deferred([pool], range(3))
    later = deferred([pool], range(1, 3))
    assert later.rows == whole.rows[1:]
    assert later.rows[0].opening == 4_566


def test_the_current_part_is_of_the_last_balance() -> None:
    pool = sold(redeemed=(4_500,), expected=(9_500,), current=Fraction(3, 4))
    found = deferred([pool], range(1))
    assert found.current == {AccountingClass.SALE: 3_425}  # 4,566 x 3/4, half up
    assert deferred([sold()], range(1)).current == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"redeemed": (10_001,)}, "more than the 10,000 points"),
        ({"urr": Fraction(2)}, "between 0 and 1"),
        ({"sales": -1}, "at least 0"),
        ({"accounting": AccountingClass.MARKETING}, "need a cost"),
    ],
)
def test_an_impossible_pool_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        sold(**changes)


def test_months_follow_each_other() -> None:
    with pytest.raises(ValueError, match="follow each other"):
        deferred([sold()], [0, 2])


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    points = draw(st.integers(0, 3_000))
    ages = draw(st.integers(1, 5))
    left, redeemed, lost = points, [], []
    for _ in range(ages):
        used = draw(st.integers(0, left))
        gone = draw(st.integers(0, left - used))
        left -= used + gone
        redeemed.append(used)
        lost.append(gone)
    return Pool(
        month=JANUARY + draw(st.integers(0, 3)),
        accounting=draw(st.sampled_from(AccountingClass)),
        sales=draw(st.integers(0, 10_000_000)),
        points=points,
        value=draw(st.fractions(0, 200, max_denominator=1_000)),
        urr=draw(st.fractions(0, 1, max_denominator=100)),
        redeemed=tuple(redeemed),
        expected=tuple(draw(st.fractions(0, points, max_denominator=50)) for _ in range(ages)),
        lost=tuple(lost),
        cost=draw(st.fractions(0, 200, max_denominator=1_000)),
    )


METHODS: tuple[Method, ...] = ("proportional", "remote", "accrued cost")


@settings(max_examples=60, deadline=None)
@given(st.lists(pools(), min_size=1, max_size=4), st.sampled_from(METHODS))
def test_every_roll_forward_ties(drawn: list[Pool], method: Method) -> None:
    found = deferred(drawn, range(JANUARY, JANUARY + 9), method)
    last: dict[AccountingClass, int] = {}
    for row in found.rows:
        assert row.opening == last.get(row.accounting, 0)
        assert row.closing >= 0
        last[row.accounting] = row.closing
    for pool in drawn:
        if (
            method == "proportional"
            and pool.accounting.defers
            and sum(pool.redeemed + pool.lost) == pool.points
        ):
            assert deferred([pool], range(JANUARY, JANUARY + 9)).closing == 0
    booked: dict[str, int] = {}
    for entry in entries_of(found):
        assert sum(amount for _, amount in entry.lines) == 0
        for account, amount in entry.lines:
            booked[account] = booked.get(account, 0) + amount
    owed = sum(amount for account, amount in booked.items() if account.startswith("Liabilities"))
    assert owed == -found.closing


def a_year() -> RollForward:
    sale = sold(month=JANUARY, sales=1_000_000, redeemed=(1_000, 2_000, 500), expected=(9_500, 9_700, 9_600))
    partner = sold(month=JANUARY + 1, accounting=AccountingClass.SOLD_TO_PARTNER, redeemed=(7, 11))
    gifts = sold(
        month=JANUARY, accounting=AccountingClass.MARKETING, sales=0, cost=Fraction(7, 10), redeemed=(3, 5)
    )
    return deferred([sale, partner, gifts], range(JANUARY + 1, JANUARY + 6))


def test_the_journal_as_csv() -> None:
    lines = journal_csv(a_year(), "USD").splitlines()
    assert lines[0] == "date,entry,class,account,debit,credit,currency,text"
    assert lines[1].startswith("2026-02-01,1,sale,Equity:Opening-Balances,")
    debits = sum(Fraction(line.split(",")[4] or 0) for line in lines[1:])
    credits = sum(Fraction(line.split(",")[5] or 0) for line in lines[1:])
    assert debits == credits > 0


@pytest.mark.parametrize("money", ["USD", "JPY", "KWD"])
def test_beancount_accepts_the_journal(money: str, tmp_path: Path) -> None:
    beside = Path(sys.executable).with_name("bean-check")
    checker = str(beside) if beside.exists() else shutil.which("bean-check")
    if checker is None:
        pytest.skip("bean-check is not installed (extra goldens)")
    path = tmp_path / "journal.beancount"
    path.write_text(journal_beancount(a_year(), money))
    ran = subprocess.run([checker, path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    path.write_text(
        path.read_text().replace(
            "balance Liabilities:Loyalty:Deferred:Sale  -", "balance Liabilities:Loyalty:Deferred:Sale  -9"
        )
    )
    ran = subprocess.run([checker, path], capture_output=True, text=True, check=False)
    assert ran.returncode != 0, "the balance assertions are what ties it out"


@pytest.mark.parametrize(
    ("paid", "urr", "deferred_now"),
    [(12_000, Fraction(95, 100), 9_500), (12_000, Fraction(1, 2), 5_000), (8_000, Fraction(1), 8_000)],
)
def test_of_what_a_partner_pays_the_points_price_is_deferred_and_no_more(
    paid: int, urr: Fraction, deferred_now: int
) -> None:
    """10,000 points worth a cent: at 95% their price is $95 of the $120; the rest is for the marketing."""
    pool = sold(
        month=JANUARY, accounting=AccountingClass.SOLD_TO_PARTNER, sales=paid, urr=urr, redeemed=(2_000,)
    )
    roll = deferred([pool], range(JANUARY, JANUARY + 2))
    assert roll.rows[0].deferred == deferred_now
    assert roll.rows[0].sales == paid
    lines = [line for entry in entries_of(roll) for line in entry.lines]
    assert ("Income:Partners", deferred_now) in lines
    assert sum(amount for _, amount in lines) == 0
    assert -sum(amount for account, amount in lines if account.startswith("Liabilities")) == roll.closing
