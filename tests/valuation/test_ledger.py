"""A ledger valued lot by lot: attribution, periods, triangles, certificates."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from written_ledgers import RULES, Line, ledger, on, program_of

from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.backtests import backtest
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_triangles import triangle_at
from loyalty_dsl.valuation.ledger_valuation import value_ledger
from loyalty_dsl.valuation.lot_flows import LotFlows, flows_of_currency
from loyalty_dsl.valuation.periods import periods_until

SALE, MARKETING = AccountingClass.SALE, AccountingClass.MARKETING


@pytest.fixture
def corner(tmp_path: Path) -> Program:
    return program_of(RULES, tmp_path)


def flows(program: Program, tables: LedgerTables) -> LotFlows:
    found = flows_of_currency(program, tables, program.currencies[0])
    assert found is not None
    return found


def test_a_posting_takes_from_the_lot_of_its_expiry_and_then_the_oldest(corner: Program) -> None:
    tables = ledger(
        ("ann", "2026-01-05", "earned", "1", "base", "2027-01-05", 30),
        ("ann", "2026-02-05", "earned", "2", "base", "2027-02-05", 40),
        ("ann", "2026-03-01", "redeemed", "3", "five_off", "2027-02-05", 35),
        ("ann", "2026-03-02", "redeemed", "4", "five_off", "2027-02-05", 15),  # 5 are left of that lot
        as_of="2026-03-31",
    )
    found = flows(corner, tables)
    january, february = on("2026-01-05"), on("2026-02-05")
    assert found.redeemed == {
        (february, on("2026-03-01"), SALE): 35,
        (february, on("2026-03-02"), SALE): 5,
        (january, on("2026-03-02"), SALE): 10,
    }


def test_members_do_not_pay_for_each_other_and_debts_come_first(corner: Program) -> None:
    tables = ledger(
        ("ann", "2026-01-05", "earned", "1", "base", "2027-01-05", 30),
        ("bob", "2026-01-06", "earned", "2", "base", "2027-01-06", 50),
        ("bob", "2026-01-07", "redeemed", "3", "five_off", "2027-01-06", 50),
        ("bob", "2026-01-20", "owed", "4", "base", None, 20),
        ("bob", "2026-02-01", "earned", "5", "base", "2027-02-01", 50),
        as_of="2026-02-28",
    )
    found = flows(corner, tables)
    triangle = triangle_at(found, periods_until(tables.as_of, found.first_day))
    assert triangle.issued == (80, 50)
    assert triangle.redeemed == ((50, 0), (0,))
    assert triangle.lost == ((0, 0), (20,))
    assert triangle.held == (30, 30)
    assert sum(found.debt.values()) == 0


def test_what_is_sent_is_gone_there_and_issued_anew_here(corner: Program) -> None:
    """SEND-3: ann's points of January are bob's of March, whatever January's would have become; what he owed
    is paid first."""
    tables = ledger(
        ("ann", "2026-01-05", "earned", "1", "base", "2027-01-05", 500),
        ("ann", "2026-03-01", "sent", "3", "gift", "2027-01-05", 200),
        ("bob", "2026-02-20", "owed", "2", "base", None, 20),
        ("bob", "2026-03-01", "received", "3", "gift received", "2027-03-01", 200),
        ("bob", "2026-03-09", "redeemed", "4", "five_off", "2027-03-01", 150),
        as_of="2026-03-31",
    )
    found = flows(corner, tables)
    triangle = triangle_at(found, periods_until(tables.as_of, found.first_day))
    assert triangle.issued == (500, 0, 200)
    assert triangle.lost == ((0, 0, 200), (0, 0), (20,))
    assert triangle.redeemed == ((0, 0, 0), (0, 0), (150,))
    assert triangle.held == (300, 0, 30)
    day = on("2026-03-01")
    assert (found.sent, found.received) == ({day: 200}, {day: 200})


def test_sales_are_what_was_paid_once_and_net_of_rewards_and_returns(corner: Program) -> None:
    tables = ledger(
        ("ann", "2026-01-05", "earned", "1", "welcome", "2027-01-05", 100),
        ("ann", "2026-01-05", "earned", "1", "base", "2027-01-05", 900),
        ("ann", "2026-02-05", "earned", "2", "base", "2027-02-05", 60),
        ("ann", "2026-02-05", "redeemed", "2", "five_off", "2027-01-05", 500),
        ("ann", "2026-02-20", "reversed", "3", "base", "2027-02-05", 20),
        as_of="2026-02-28",
        baskets=(
            ("ann", "1", "2026-01-05", "purchase", 90_000),
            ("ann", "2", "2026-02-05", "purchase", 6_500),
            ("ann", "3", "2026-02-20", "return", 2_000),
        ),
        rewards=(("five_off", 1, 500, 0, "400"),),
    )
    found = flows(corner, tables)
    assert found.issued == {(on("2026-01-05"), MARKETING): 100, (on("2026-01-05"), SALE): 900} | {
        (on("2026-02-05"), SALE): 60
    }
    assert found.sales == {
        (on("2026-01-05"), SALE): 90_000,
        (on("2026-02-05"), SALE): 6_000,
        (on("2026-02-20"), SALE): -2_000,
    }


@pytest.mark.parametrize(
    ("at", "first", "names", "calendar"),
    [
        ("2026-03-31", "2026-01-31", ["2026-01", "2026-02", "2026-03"], True),
        ("2026-02-28", "2026-02-01", ["2026-02"], True),
        ("2026-03-15", "2026-01-16", ["to 2026-02-15", "to 2026-03-15"], False),
        (
            "2026-03-30",
            "2025-12-31",
            ["to 2025-12-30", "to 2026-01-30", "to 2026-02-27", "to 2026-03-30"],
            False,
        ),
    ],
)
def test_periods_end_on_the_day_of_the_valuation(
    at: str, first: str, names: list[str], calendar: bool
) -> None:
    found = periods_until(on(at), on(first))
    assert found.are_calendar_months is calendar
    assert [found.name_of(i) for i in range(len(found))][-len(names) :] == names[-len(found) :]
    assert found.of(on(at)) == len(found) - 1
    assert found.of(on(first)) == 0


def months_of_business() -> LedgerTables:
    """Each month 1,000 points are earned by a member of its own, of which 500 go in the next month and 200 in
    the one after, in three parts of a reward of 500; the rest stay."""
    lines: list[Line] = []
    baskets = []
    for month in range(1, 10):
        name, expiry = f"m{month}", f"2027-{month:02}-05"
        lines.append((name, f"2026-{month:02}-05", "earned", f"e{month}", "base", expiry, 1_000))
        baskets.append((name, f"e{month}", f"2026-{month:02}-05", "purchase", 100_000))
        for later, units in ((1, 500), (2, 200)):
            if month + later <= 9:
                lines.append((name, f"2026-{month + later:02}-09", "redeemed", "", "five_off", expiry, units))
    redeemed = sum(line[-1] for line in lines if line[2] == "redeemed")
    rewards = (("five_off", redeemed // 500, redeemed, 0, str(Fraction(redeemed * 4, 5))),)
    return ledger(*lines, as_of="2026-09-30", baskets=tuple(baskets), rewards=rewards)


def test_a_steady_business_is_valued_to_the_point(corner: Program) -> None:
    """700 of each 1,000: 200 to come of August, 700 of September; at 0.8 cents a point."""
    valued = value_ledger(corner, months_of_business())
    (one,) = valued.currencies
    assert one.held == 7 * 300 + 500 + 1_000
    assert [round(float(units)) for units in one.future][-3:] == [0, 200, 700]
    assert one.cost == Fraction(4, 5)
    assert valued.liability == one.liability == 720
    assert one.current == 720
    assert one.per_point_of_urr == 72
    assert one.roll is not None
    last = one.roll.rows[-1]
    assert last.closing == one.roll.closing
    deferred = 100_000 * 700 // (100_000 + 700)
    assert last.deferred in (deferred, deferred + 1)
    assert last.closing == pytest.approx(deferred * (200 + 700) / 700, abs=2)


def test_a_valuation_knows_nothing_after_its_day(corner: Program) -> None:
    tables = months_of_business()
    june = value_ledger(corner, tables, on("2026-06-30")).currencies[0]
    assert sum(june.triangle.issued) == 6_000
    assert june.held == 4 * 300 + 500 + 1_000
    short = LedgerTables(
        tables.program,
        on("2026-06-30"),
        tables.postings.filter(pl.col("day") <= date(2026, 6, 30)),
        tables.events,
        tables.rewards,
        (),
    )
    again = value_ledger(corner, short).currencies[0]
    assert (again.held, again.future) == (june.held, june.future)


def test_a_backtest_of_a_steady_business_is_right(corner: Program) -> None:
    past = backtest(corner, months_of_business())
    assert [one.at for one in past] == [on("2026-03-31"), on("2026-06-30")]
    for one in past:
        assert one.happened == 900
        assert one.expected == pytest.approx(900, abs=1)
    assert past[1].open == 6 * 300


def test_a_backtest_needs_a_sequel(corner: Program) -> None:
    tables = ledger(("ann", "2026-01-05", "earned", "1", "base", None, 30), as_of="2026-01-31")
    with pytest.raises(InputRefused, match="too short"):
        backtest(corner, tables)


def test_what_is_asked_for_must_be_in_the_ledger(corner: Program) -> None:
    tables = ledger(("ann", "2026-01-05", "earned", "1", "base", None, 30), as_of="2026-01-31")
    with pytest.raises(InputRefused, match="the ledger ends on 2026-01-31"):
        value_ledger(corner, tables, on("2026-02-28"))
    with pytest.raises(InputRefused, match="nothing was issued by 2026-01-02"):
        value_ledger(corner, tables, on("2026-01-02"))


def test_before_anything_is_redeemed_all_of_it_is_taken(corner: Program) -> None:
    tables = ledger(("ann", "2026-01-05", "earned", "1", "base", None, 30), as_of="2026-01-31")
    (one,) = value_ledger(corner, tables).currencies
    assert one.total_future == 30
    assert one.found is None
    assert one.liability is None  # nothing was redeemed and no cost is declared
    assert "too early to know" in one.why_no_roll


def test_points_sold_to_a_partner_defer_what_the_partner_paid(tmp_path: Path) -> None:
    """1,000 points a month at 1.2 cents: $12.00, of which 700 x 1 cent are the points' own price."""
    rules = RULES.replace("per whole $1\n", "per whole $1\n        account sold to partner at $0.012\n", 1)
    (one,) = value_ledger(program_of(rules, tmp_path), months_of_business()).currencies
    assert one.roll is not None, one.why_no_roll
    assert one.roll.classes == (AccountingClass.SOLD_TO_PARTNER,)
    assert {(row.sales, row.deferred) for row in one.roll.rows} == {(1_200, 700)}
    assert one.roll.closing == 200 + 700


def test_a_fee_is_refused_by_name(tmp_path: Path) -> None:
    rules = RULES.replace("per whole $1\n", "per whole $1\n        account fee\n", 1)
    (one,) = value_ledger(program_of(rules, tmp_path), months_of_business()).currencies
    assert one.roll is None
    assert "`base` gives points that a fee pays for" in one.why_no_roll
