"""Revenue of points that become certificates: deferred until the certificate is used or gone."""

from fractions import Fraction
from pathlib import Path

import pytest
from written_ledgers import Line, ledger, on, program_of

from loyalty_dsl.language.program import Program
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.certificate_flows import flows_through_certificates
from loyalty_dsl.valuation.journal import entries_of, journal_beancount
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_valuation import value_ledger
from loyalty_dsl.valuation.lot_flows import LotFlows, flows_of_currency

RULES = """\
program notes "Notes" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round   down per rule
        expire  never
        worth   $0.10
    }
    currency cash "Cash Notes" in money {
        round   down per rule
        expire  6 months after earning
        cost    $0.50 assumed
    }
    earn base {
        on    purchase
        give  1 point per whole $1
    }
    earn welcome {
        on    join
        give  $5 cash
    }
    reward note {
        price  100 points
        give   $10 cash
        issue  automatically
    }
    reward use_note {
        price  $1 cash per $1 off
        cost   50% of face value
    }
}
"""
SALE = AccountingClass.SALE


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program_of(RULES, tmp_path_factory.mktemp("notes"))


def tables(
    *lines: tuple[str, *Line], as_of: str, baskets: tuple[tuple[str, str, str, str, int], ...] = ()
) -> LedgerTables:
    """Of lines that begin with their currency."""
    import polars as pl

    given = sum(line[-1] for line in lines if line[0] == "cash" and line[5] == "note")
    rewards = (("note", given // 1_000, 0, given, None), ("use_note", 1, 500, 0, "250"))
    each = [
        ledger(
            *(line[1:] for line in lines if line[0] == currency),
            as_of=as_of, baskets=baskets, rewards=rewards, currency=currency, program="notes",
        )
        for currency in ("points", "cash")
    ]  # fmt: skip
    both = pl.concat([one.postings for one in each])
    return LedgerTables("notes", each[0].as_of, both, each[0].events, each[0].rewards, ())


WORKED: tuple[tuple[str, *Line], ...] = (
    ("points", "ann", "2026-01-05", "earned", "1", "base", None, 60),
    ("points", "ann", "2026-02-05", "earned", "2", "base", None, 40),
    ("cash", "ann", "2026-02-05", "earned", "2", "note", "2026-07-05", 1_000),
    ("points", "ann", "2026-02-05", "redeemed", "2", "note", None, 100),
    ("cash", "ann", "2026-05-09", "redeemed", "3", "use_note", "2026-07-05", 500),
    ("cash", "ann", "2026-07-05", "expired", "", "", "2026-07-05", 500),
)


def followed(program: Program, of: LedgerTables) -> LotFlows:
    plain = flows_of_currency(program, of, program.currencies[0])
    assert plain is not None
    return flows_through_certificates(program, of, program.currencies[0], plain)


def test_points_follow_their_certificate_oldest_first(notes: Program) -> None:
    """The worked case."""
    found = followed(notes, tables(*WORKED, as_of="2026-07-31"))
    january, february = on("2026-01-05"), on("2026-02-05")
    assert found.redeemed == {(january, on("2026-05-09"), SALE): 50}
    assert found.lost == {(january, on("2026-07-05"), SALE): 10, (february, on("2026-07-05"), SALE): 40}


def test_a_certificate_in_a_drawer_is_points_still_held(notes: Program) -> None:
    found = followed(notes, tables(*WORKED[:4], as_of="2026-07-31"))
    assert not found.redeemed
    assert not found.lost


def test_a_certificate_given_for_nothing_takes_no_points_with_it(notes: Program) -> None:
    gift = ("cash", "ann", "2026-01-02", "earned", "0", "welcome", "2026-07-02", 500)
    lapsed = ("cash", "ann", "2026-07-02", "expired", "", "", "2026-07-02", 500)
    found = followed(notes, tables(gift, *WORKED[:4], lapsed, as_of="2026-07-31"))
    assert not found.lost


def a_business(months: int, as_of: str) -> LedgerTables:
    """Each month a member of its own pays $100 for 100 points, which become $10 the month after; $7 of it are
    used in the month after that, and the rest lapses after two more. Each joined with $5 that lapse."""
    lines: list[tuple[str, *Line]] = []
    baskets = []
    last = int(as_of[5:7])
    for month in range(1, months + 1):
        name, event = f"m{month:02}", f"e{month}"

        def day(later: int, of: int, month: int = month) -> str:
            return f"2026-{month + later:02}-{of:02}"

        end, gift = day(4, 9), day(3, 2)
        lines += [
            line
            for later, line in (
                (0, ("cash", name, day(0, 2), "earned", "j", "welcome", gift, 500)),
                (0, ("points", name, day(0, 5), "earned", event, "base", None, 100)),
                (1, ("cash", name, day(1, 5), "earned", f"{event}b", "note", end, 1_000)),
                (1, ("points", name, day(1, 5), "redeemed", f"{event}b", "note", None, 100)),
                (2, ("cash", name, day(2, 9), "redeemed", f"{event}c", "use_note", end, 700)),
                (3, ("cash", name, gift, "expired", "", "", gift, 500)),
                (4, ("cash", name, end, "expired", "", "", end, 300)),
            )
            if month + later <= last
        ]
        baskets.append((name, event, day(0, 5), "purchase", 10_000))
    return tables(*lines, as_of=as_of, baskets=tuple(baskets))


def test_the_promise_is_kept_when_the_certificate_is_used(notes: Program) -> None:
    """Of each $100, 70 points at 10 cents are expected to be used: $100 x 7 / 107 is deferred, in full until
    the certificate is used; nothing is left when it is gone."""
    valued = value_ledger(notes, a_business(8, "2026-09-30"))
    points, cash = valued.currencies
    assert points.roll is not None, points.why_no_roll
    part = round(10_000 * 7 / 107)
    sale = points.roll.rows
    assert [row.deferred for row in sale[:8]] == [part] * 8
    assert [row.recognised for row in sale[:4]] == [0, 0, part, part]
    assert sale[-1].closing == part  # of August: still a certificate, to be used in October
    deferred = sum(row.deferred for row in sale)
    assert deferred == sum(row.recognised + row.catch_up + row.breakage for row in sale) + sale[-1].closing
    assert points.liability is not None  # the points of today are all certificates, and owed as such
    assert points.liability == 0
    assert cash.cost == Fraction(1, 2)


def test_all_that_was_deferred_is_recognised_when_every_certificate_is_gone(notes: Program) -> None:
    roll = value_ledger(notes, a_business(6, "2026-10-31")).currencies[0].roll
    assert roll is not None
    assert roll.closing == 0
    assert sum(row.deferred for row in roll.rows) == 6 * round(10_000 * 7 / 107)


def test_certificates_that_nobody_paid_for_are_accrued_beside(notes: Program) -> None:
    valued = value_ledger(notes, a_business(8, "2026-09-30"))
    cash = valued.currencies[1]
    # nothing of a welcome certificate is ever used, so that nothing can be estimated of them alone
    assert cash.roll is None
    assert "too early to know" in cash.why_no_roll


def test_the_journal_of_certificates_balances(notes: Program, tmp_path: Path) -> None:
    roll = value_ledger(notes, a_business(8, "2026-09-30"), method="remote").currencies[0].roll
    assert roll is not None
    for entry in entries_of(roll):
        assert sum(amount for _, amount in entry.lines) == 0
    loader = pytest.importorskip("beancount.loader")
    _, errors, _ = loader.load_string(journal_beancount(roll, "USD"))
    assert not errors
