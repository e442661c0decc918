"""The run-off of a ledger beside its going concern, and ledgers that are too young for either."""

from fractions import Fraction
from pathlib import Path

import pytest
from written_ledgers import RULES as CORNER
from written_ledgers import Line, ledger, on, program_of

from loyalty_dsl.language.program import Program
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_run_off import MeasuredRunOff, measure_run_off, says
from loyalty_dsl.valuation.ledger_triangles import triangle_at
from loyalty_dsl.valuation.ledger_valuation import value_ledger
from loyalty_dsl.valuation.lot_flows import flows_of_currency
from loyalty_dsl.valuation.periods import periods_until


def measured(program: Program, tables: LedgerTables) -> MeasuredRunOff:
    currency = program.currencies[0]
    flows = flows_of_currency(program, tables, currency)
    assert flows is not None
    triangle = triangle_at(flows, periods_until(tables.as_of, flows.first_day))
    return measure_run_off(program, tables, currency, triangle)


@pytest.fixture
def corner(tmp_path: Path) -> Program:
    return program_of(CORNER, tmp_path)


WORKED: tuple[Line, ...] = (
    ("ann", "2026-01-05", "earned", "1", "base", "2027-01-05", 700),
    ("ann", "2026-02-05", "earned", "2", "base", "2027-02-05", 300),
    ("ann", "2026-03-01", "redeemed", "3", "five_off", "2027-01-05", 500),
    ("ann", "2026-03-09", "redeemed", "4", "five_off", "2027-01-05", 200),
    ("ann", "2026-03-09", "redeemed", "4", "five_off", "2027-02-05", 300),
)


def test_what_needed_points_earned_since_is_no_run_off(corner: Program) -> None:
    """The worked case: 700 held at the end of January, of which all were redeemed and 500 could have been."""
    found = measured(corner, ledger(*WORKED, as_of="2026-04-30"))
    assert found.days == (on("2026-01-31"),)
    assert found.whole
    assert (found.going, found.ended) == ((700,), (500,))
    assert found.share == Fraction(5, 7)
    assert found.covered == 0
    assert "71.4% could have been redeemed" in says(found)


def test_a_run_off_is_at_most_what_covers_a_reward_today(corner: Program) -> None:
    """At the end of April 1,250 and 490 are held: two uses of 500 and none."""
    later: tuple[Line, ...] = (
        ("ann", "2026-04-05", "earned", "5", "base", "2027-04-05", 1_250),
        ("bob", "2026-04-06", "earned", "6", "base", "2027-04-06", 490),
    )
    found = measured(corner, ledger(*WORKED, *later, as_of="2026-04-30"))
    assert found.covered == 1_000
    assert found.future(Fraction(700)) == 500
    assert found.future(Fraction(1_700)) == 1_000


def test_a_lot_is_gone_on_its_day_though_the_member_redeemed_it_sooner(corner: Program) -> None:
    """500 that last to June: in the run-off 200 of them wait for 300 more that never come."""
    lines: tuple[Line, ...] = (
        ("ann", "2026-01-05", "earned", "1", "base", "2026-06-05", 200),
        ("ann", "2026-01-06", "earned", "1", "base", "2026-12-05", 300),
        ("ann", "2026-02-05", "earned", "2", "base", "2027-02-05", 500),
        ("ann", "2026-07-01", "redeemed", "3", "five_off", "2026-12-05", 300),
        ("ann", "2026-07-01", "redeemed", "3", "five_off", "2027-02-05", 200),
        ("ann", "2026-06-05", "expired", "", "", "2026-06-05", 200),
    )
    found = measured(corner, ledger(*lines, as_of="2026-10-31"))
    january = found.days.index(on("2026-01-31"))
    assert (found.going[january], found.ended[january]) == (300, 0)


def test_where_any_balance_can_be_used_both_bases_are_the_same(tmp_path: Path) -> None:
    rules = CORNER.replace("price  500 points", "price  1 point").replace("give   $5 off", "give   $0.01 off")
    found = measured(program_of(rules, tmp_path), ledger(*WORKED, as_of="2026-04-30"))
    assert found.share == 1


def test_nothing_is_measured_of_a_ledger_of_two_months(corner: Program) -> None:
    found = measured(corner, ledger(*WORKED[:3], as_of="2026-03-02"))
    assert found.share is None
    assert "not measured" in says(found)


def test_a_young_ledger_is_worth_at_most_all_that_it_holds(corner: Program) -> None:
    """Two months, and 500 of 1,000 redeemed: not nothing to come, but at most 500 points at 0.8 cents."""
    used: Line = ("ann", "2026-02-20", "redeemed", "3", "five_off", "2027-01-05", 500)
    tables = ledger(*WORKED[:2], used, as_of="2026-02-28", rewards=(("five_off", 1, 500, 0, "400"),))
    valued = value_ledger(corner, tables, both_bases=True)
    (one,) = valued.currencies
    assert valued.young
    assert one.found is not None
    assert one.total_future == one.held == 500
    assert valued.liability == 400
    assert one.run_off_liability is None
    assert one.current is None
    assert "too early to know" in one.why_no_roll
