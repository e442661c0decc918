"""What members see of a currency that is shown whole, and the breakage that a program declares."""

import json
from pathlib import Path

import attrs
import pytest

import loyalty_dsl as loyalty
from loyalty_dsl import pipeline
from loyalty_dsl.evaluation.statements import Statement
from loyalty_dsl.language.book import Book
from loyalty_dsl.report.provenance import provenance_of
from loyalty_dsl.report.simulation_json import forecast_json
from loyalty_dsl.report.statement_text import render_statement
from loyalty_dsl.report.style import PLAIN
from loyalty_dsl.report.terminal import render_forecast

RULES = """
program club "The Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    currency stars "Stars" {
        round     exact to 0.01
        expire    12 months after earning
        cost      $0.01
        show      whole stars
        breakage  45% source "annual report"
    }
    earn base {
        on    purchase
        give  1 star per $1
    }
    reward cup {
        price  100 stars
        give   $1 off in full
    }
}
population people for club {
    start 200 members
    segment all 100% {
        purchases 1 per month
        basket    median $20 sigma 0.5
        leave     5% per month
        redeem    50% when a reward is affordable
    }
}
"""
SALE = {"member": "ann", "time": "2026-02-01", "purchase": "p1", "amount": "99.34"}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = tmp_path / "club.loyalty"
    path.write_text(RULES)
    return loyalty.load(path)


def stated(book: Book, folder: Path) -> Statement:
    path = folder / "sales.jsonl"
    path.write_text(json.dumps(SALE) + "\n")
    return loyalty.statement(book, path, "ann")


def test_a_balance_is_shown_whole_and_what_is_missing_is_no_less(book: Book, tmp_path: Path) -> None:
    told = render_statement(book.programs[0], stated(book, tmp_path), PLAIN)
    assert "99 stars available" in told
    assert "99 stars to use by 31 January 2027" in told
    assert "Cup for 100 stars: 1 star to go" in told.replace("1 stars", "1 star")
    assert "+99.34 stars earned" in told  # what happened is told as it happened


def test_without_it_parts_are_shown(book: Book, tmp_path: Path) -> None:
    program = book.programs[0]
    plain = attrs.evolve(program, currencies=(attrs.evolve(program.currencies[0], shown_whole=False),))
    told = render_statement(plain, stated(book, tmp_path), PLAIN)
    assert "99.34 stars available" in told
    assert "0.66 stars to go" in told


def test_a_declared_breakage_is_set_beside_the_one_of_the_run_and_changes_no_figure(book: Book) -> None:
    made = pipeline.simulate(book, months=6, sample=200)
    (stars,) = made.by_currency
    assert stars.fate.breakage is not None
    told = render_forecast(made, provenance_of(made), PLAIN)
    assert "(declared 45.0%)" in " ".join(told.split())
    document = json.loads(forecast_json(made, provenance_of(made)))
    assert document["currencies"]["stars"]["declared_breakage"] == 0.45
    assert [n.id for n in made.notices if n.id == "breakage-differs"] == ["breakage-differs"]
    program = book.programs[0]
    silent = attrs.evolve(program, currencies=(attrs.evolve(program.currencies[0], breakage=None),))
    other = pipeline.simulate(attrs.evolve(book, programs=(silent,)), months=6, sample=200)
    assert other.liability == made.liability
    assert other.by_currency[0].fate.breakage == stars.fate.breakage
