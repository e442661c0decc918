"""Segments like an archetype: facts are solved, shown in full, and refused where they cannot be."""

import os
from collections.abc import Callable
from fractions import Fraction
from math import exp
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.archetypes import ARCHETYPES, Grade
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.five_facts import (
    DAYS_OF,
    Facts,
    Impossible,
    active_share,
    expand,
    nobody,
    rate_of_orders,
    spread_of_active,
)
from loyalty_dsl.language.population import Basket, LeavePerPeriod
from loyalty_dsl.language.written_out import written_out
from loyalty_dsl.report.archetype_page import archetypes_page

PROGRAM = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date
    currency points "Points" {
        round   down per rule
        expire  never
        cost    $0.01 assumed
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward off "Money off" {
        price  50 points
        give   $1 off in full
    }
}
"""
FACTS = """\
population people {
    start   20,000 members   # of last year
    segment everyone 100% like department_store {
        active          40% in 3 months
        orders          4.2 per year   # from the till
        average basket  $62
        redeeming       30%
        regularity      2
    }
}
"""


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda row: row.name)
def test_every_archetype_is_a_segment_by_itself(book_of: Callable[[str], Book], archetype: object) -> None:
    name = archetype.name  # type: ignore[attr-defined]
    (population,) = book_of(
        f"{PROGRAM}population p {{\n start 100 members\n segment s 100% like {name} {{ }}\n}}\n"
    ).populations
    (segment,) = population.segments
    assert segment.redeem is not None
    assert segment.leave is not None
    assert segment.purchases.spread > 0


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda row: row.name)
def test_every_number_has_a_source_and_what_is_ours_says_so(archetype: object) -> None:
    for name in ("active", "orders", "basket", "redeeming", "regularity", "leave", "sigma", "own", "redeem"):
        known = getattr(archetype, name)
        assert known.source
        assert known.grade is not Grade.MEASURED or ":" in known.source


@settings(max_examples=40, deadline=None)
@given(
    active=st.integers(2, 90),
    months=st.integers(1, 12),
    orders=st.floats(0.2, 60),
    stages=st.integers(1, 4),
    leave=st.sampled_from((0.0, 0.02, 0.08)),
)
def test_the_spread_gives_back_the_share_who_are_active(
    active: int, months: int, orders: float, stages: int, leave: float
) -> None:
    hazard, days = leave / DAYS_OF[Unit.MONTH], months * DAYS_OF[Unit.MONTH]
    rate = rate_of_orders(orders / DAYS_OF[Unit.YEAR], hazard)
    try:
        spread = spread_of_active(active / 100, days, rate, stages, hazard)
    except Impossible:
        most = active_share(days, rate, 0.01, stages, hazard)
        least = active_share(days, rate, 10.0, stages, hazard)
        assert not least < active / 100 < most
        return
    assert active_share(days, rate, spread, stages, hazard) == pytest.approx(active / 100, abs=1e-6)


def test_with_random_gaps_and_nobody_leaving_the_share_is_that_of_a_negative_binomial() -> None:
    rate, days, spread = 4.2 / 365.25, 91.3125, 1.5963544948395085
    shape = spread**-2
    assert nobody(days, rate, spread, 1) == pytest.approx((shape / (shape + rate * days)) ** shape)
    assert nobody(days, rate, spread, 1) == pytest.approx(0.60, abs=1e-9)


def test_the_orders_of_a_year_allow_for_those_who_leave() -> None:
    hazard, days = 0.02 / DAYS_OF[Unit.MONTH], DAYS_OF[Unit.YEAR]
    rate = rate_of_orders(4.2 / days, hazard)
    assert rate * (1 - exp(-hazard * days)) / hazard == pytest.approx(4.2)
    assert rate_of_orders(4.2 / days, 0.0) == 4.2 / days


def test_facts_take_the_place_of_the_archetypes_own_and_traits_that_of_both(
    book_of: Callable[[str], Book],
) -> None:
    (population,) = book_of(PROGRAM + FACTS).populations
    (segment,) = population.segments
    assert segment.purchases.rhythm.regularity == 2
    assert segment.redeem is not None
    assert segment.redeem.never == Fraction(7, 10)
    assert isinstance(segment.leave, LeavePerPeriod)
    assert segment.leave.share == Fraction(2, 100)
    assert isinstance(segment.basket, Basket)
    mean = segment.basket.median * exp(float(segment.basket.sigma) ** 2 / 2)
    assert mean == pytest.approx(6200, rel=1e-3)


def test_what_is_shown_in_full_is_the_same_population(book_of: Callable[[str], Book]) -> None:
    (population,) = book_of(PROGRAM + FACTS).populations
    text = written_out(population)
    assert "like" not in text
    assert "# of last year" in text
    assert "regularity      2" in text
    (again,) = book_of(PROGRAM + text + "\n").populations
    first, second = population.segments[0], again.segments[0]
    assert (first.purchases.mean, first.purchases.spread) == (second.purchases.mean, second.purchases.spread)
    assert first.redeem is not None
    assert second.redeem is not None
    assert (first.redeem.chance, first.redeem.never) == (second.redeem.chance, second.redeem.never)
    assert (first.basket.median, first.basket.sigma) == (second.basket.median, second.basket.sigma)  # type: ignore[union-attr]
    assert written_out(again) == text


@pytest.mark.parametrize(
    ("changed", "to", "code", "message"),
    [
        ("like department_store", "like departmentstore", "L201", "there is no archetype"),
        (" like department_store", "", "L204", "is a fact"),
        ("active          40%", "active          90%", "L404", "cannot be: with so many orders"),
        ("regularity      2", "purchases 2 per month", "L205", "already says this of"),
        ("regularity      2", "leave 1% per month\n        orders 3 per year", "L205", "orders"),
        ("average basket", "mean basket", "L201", "there is no fact `mean`"),
        ("active          40% in", "busy 40% in", "L201", "there is no fact `busy`"),
    ],
)
def test_facts_that_make_no_customers_are_refused(
    tmp_path: Path, changed: str, to: str, code: str, message: str
) -> None:
    path = tmp_path / "facts.loyalty"
    path.write_text(PROGRAM + FACTS.replace(changed, to), encoding="utf-8")
    found = pipeline.check_files(path).diagnostics
    assert code in [one.code for one in found]
    assert any(message in one.message for one in found)


def test_facts_can_be_asked_without_a_file() -> None:
    facts = Facts(active=(Fraction(2, 5), Duration(3, Unit.MONTH)), orders=(Fraction(21, 5), Unit.YEAR))
    (row,) = (one for one in ARCHETYPES if one.name == "department_store")
    assert expand(row, facts, "$", 2)[0].text.startswith("purchases 4.72966 per year spread 1.66")


def test_the_page_is_that_of_the_registry(repository: Path) -> None:
    path = repository / "docs" / "archetypes.md"
    if os.environ.get("LOYALTY_UPDATE_GOLDENS") == "1":
        path.write_text(archetypes_page(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == archetypes_page(), (
        "docs/archetypes.md is stale; run this test with LOYALTY_UPDATE_GOLDENS=1"
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("gross margin 32%", "write `margin 32%`"),
        ("margin of 32%", "write `margin 32%`"),
        ("discount rate 8%", "write `discount 8% per year`"),
        ("discount 8% a year", "write `discount 8% per year`"),
        ("costs $4,000 per month", "write `runs at $4,000 per month`"),
        ("uplift 3%", "write `lift 3%`"),
        ("members 172,000", "write `start 172,000 members`"),
        ("orders 4.2 per year", "facts belong into a segment"),
        ("active 40% in 3 months", "facts belong into a segment"),
    ],
)
def test_what_people_say_of_money_and_of_facts_is_answered(tmp_path: Path, said: str, meant: str) -> None:
    path = tmp_path / "said.loyalty"
    path.write_text(f"{PROGRAM}population people {{\n    {said}\n}}\n", encoding="utf-8")
    assert any(meant in (one.help or "") for one in pipeline.check_files(path).diagnostics)
