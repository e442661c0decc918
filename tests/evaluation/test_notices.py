"""What members are told of points that expire (NOTICE)."""

from pathlib import Path

import polars as pl
import pytest

from loyalty_dsl.cli import run
from loyalty_dsl.evaluation.replay import Engine
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.simulation.run import simulate_population
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

SHOP = """
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency points {
        round   down per rule
        expire  6 months after earning
        notify  14 days before expiry
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward off {
        price  10 points
        give   $1 off in full
    }
    returns {
        balance  goes negative
    }
}
"""
SCENARIOS = """
scenario "of what is left, two weeks before" for shop {
    on  2026-01-10 purchase $40.00
    on  2026-01-20 purchase $7.00
    on  2026-03-01 redeem 1 off
    on  2026-06-26 expect notified 30 points
    on  2026-06-26 expect notified 30 points through 2026-07-09
    on  2026-06-26 expect notified 0 points through 2026-07-19
    on  2026-06-27 expect notified 0 points
    on  2026-07-06 expect notified 7 points
    on  2026-07-10 expect expired 30 points
}
scenario "on the day of the notice it is too late to take it back" for shop {
    on  2026-01-10 purchase $40.00
    on  2026-06-26 09:00 redeem 4 off
    on  2026-06-26 expect notified 40 points
}
scenario "of nothing that was taken back or spent before" for shop {
    on  2026-01-10 purchase $40.00
    on  2026-01-12 return $15.00
    on  2026-06-25 redeem 2 off
    on  2026-06-26 expect notified 5 points
}
"""
PEOPLE = """
population people for shop {
    start 400 members
    segment all 100% {
        purchases 1 per month
        basket    median $20 sigma 0.5
        leave     3% per month
        redeem    5% when a reward is affordable
    }
    responses {
        expiry_rush 200% within 20 days aware 0%
    }
}
"""


def book_of(text: str) -> Book:
    file, mistakes = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], mistakes)
    assert not [each for each in found if each.severity.value == "error"]
    return book


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_member_is_told_of_what_is_left(engine: Engine) -> None:
    """NOTICE-1, NOTICE-2."""
    results = run_scenarios(book_of(SHOP + SCENARIOS), engine)
    assert [[check for check in result.checks if not check.passed] for result in results] == [[], [], []]


def test_a_replay_writes_the_notices(tmp_path: Path) -> None:
    """NOTICE-1: those that were given by the last day."""
    rules, rows = tmp_path / "shop.loyalty", tmp_path / "rows.csv"
    rules.write_text(SHOP)
    rows.write_text(
        "member,time,purchase,amount\nann,2026-01-10,a1,40.00\nbob,2026-01-20,b1,7.00\nann,2026-07-01,a2,1.00\n"
    )
    out = str(tmp_path / "ledger")
    assert run(["replay", str(rules), str(rows), "--engine", "reference", "--out", out]) == 0
    frame = pl.read_parquet(tmp_path / "ledger" / "notices.parquet")
    assert [tuple(map(str, row)) for row in frame.rows()] == [
        ("ann", "points", "2026-06-26", "2026-07-10", "40")
    ]


def test_who_is_told_reacts_although_nobody_is_aware() -> None:
    """NOTICE-3: without the notice nobody comes before expiry; with one of 14 days members buy more often."""
    bought = {}
    for what, text in (("told", SHOP), ("not", SHOP.replace("        notify  14 days before expiry\n", ""))):
        book = book_of(text + PEOPLE)
        lived = simulate_population(book.programs[0], book.populations[0], sample=60, months=12, tail=0)
        bought[what] = int(lived.purchases.sum())
    assert bought["told"] > bought["not"] * 1.03
