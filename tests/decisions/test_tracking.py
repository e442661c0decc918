"""A study is held against a ledger month by month, and chance alone is rarely outside its band."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import attrs
import polars as pl
import pytest
from toy_shop import SHOP

from loyalty_dsl.calendar import day_of
from loyalty_dsl.decisions.groups import Grouped, simulate_groups
from loyalty_dsl.decisions.tracking import Track, track
from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.ledger_files import LedgerTables

MONTHS = 4


@pytest.fixture
def run(book_of: Callable[[str], Book]) -> Grouped:
    book = book_of(SHOP)
    return simulate_groups(book.programs[0], book.populations[0], sample=1_000, months=MONTHS)


def ledger_of(rows: list[tuple[str, str, date, int]], as_of: date, program: str = "shop") -> LedgerTables:
    """A ledger of postings of points: member, kind, day and units; each earning is a purchase."""
    postings = pl.DataFrame(
        [(member, "points", day, kind, "", units) for member, kind, day, units in rows],
        schema={
            "member": pl.String,
            "currency": pl.String,
            "day": pl.Date,
            "kind": pl.String,
            "name": pl.String,
            "units": pl.Int64,
        },
        orient="row",
    )
    events = pl.DataFrame(
        [(member, day, "purchase") for member, kind, day, _ in rows if kind == "earned"],
        schema={"member": pl.String, "day": pl.Date, "kind": pl.String},
        orient="row",
    )
    return LedgerTables(program, day_of(as_of), postings, events, pl.DataFrame(), ())


ROWS = [
    ("ann", "earned", date(2027, 1, 1), 60),
    ("ann", "earned", date(2027, 1, 31), 40),
    ("bob", "earned", date(2027, 1, 31), 5),
    ("ann", "redeemed", date(2027, 2, 1), 50),
    ("bob", "expired", date(2027, 2, 28), 5),
    ("ann", "reversed", date(2027, 3, 1), 20),
]


def figures(found: Track, name: str, of: str = "points") -> list[Fraction]:
    (series,) = [one for one in found.series if one.name == name and one.of == of]
    return [one.actual for one in series.months]


def test_what_happened_is_counted_by_month(run: Grouped) -> None:
    found = track(run, ledger_of(ROWS, date(2027, 3, 31)))
    assert [month.label for month in found.months] == ["2027-01", "2027-02", "2027-03"]
    assert figures(found, "issued") == [105, 0, 0]
    assert figures(found, "redeemed") == [0, 50, 0]
    assert figures(found, "expired") == [0, 5, 0]
    assert figures(found, "outstanding") == [105, 50, 30]
    assert figures(found, "active", "") == [2, 0, 0]
    (issued,) = [one for one in found.series if one.name == "issued"]
    assert issued.months[0].forecast == run.forecast.by_currency[0].total[0].issued
    assert issued.months[0].outside
    assert found.outside[0][0].label == "2027-01"
    assert [notice.id for notice in found.notices] == ["other-size"]


def test_a_month_counts_once_it_is_over(run: Grouped) -> None:
    assert len(track(run, ledger_of(ROWS, date(2027, 3, 30))).months) == 2
    with pytest.raises(InputRefused, match="before the first month"):
        track(run, ledger_of(ROWS[:1], date(2027, 1, 30)))
    with pytest.raises(InputRefused, match="not of `shop`"):
        track(run, ledger_of(ROWS, date(2027, 3, 31), program="other"))


def test_postings_from_before_are_told(run: Grouped) -> None:
    rows = [("ann", "opening", date(2027, 1, 1), 60), *ROWS]
    assert "from-before" in [one.id for one in track(run, ledger_of(rows, date(2027, 2, 28))).notices]


def test_too_few_members_have_no_band(book_of: Callable[[str], Book]) -> None:
    book = book_of(SHOP)
    few = simulate_groups(book.programs[0], book.populations[0], sample=100, months=2)
    found = track(few, ledger_of(ROWS, date(2027, 2, 28)))
    assert all(one.band is None and not one.outside for series in found.series for one in series.months)


def test_the_luck_of_a_business_is_within_its_band(book_of: Callable[[str], Book]) -> None:
    """A business that is as the study says: months are outside about one time in twenty, not more."""
    book = book_of(SHOP.replace("5,000 members", "600 members").replace("100 members per", "20 members per"))
    program, people = book.programs[0], book.populations[0]
    forecast = simulate_groups(program, people, sample=3_000, months=MONTHS)
    outside = told = 0
    for seed in range(2, 22):
        real = simulate_groups(program, people, seed=seed, sample=680, months=MONTHS)
        rows, days = [], [date(2027, month, 1) for month in range(1, MONTHS + 1)]
        for day, month in zip(days, real.forecast.by_currency[0].total, strict=True):
            rows += [("ann", "earned", day, month.issued), ("ann", "redeemed", day, month.redeemed)]
            rows += [("ann", "expired", day, month.expired)]
        ledger = ledger_of(rows, date(2027, MONTHS, 30))
        found = track(forecast, attrs.evolve(ledger, as_of=ledger.as_of))
        for series in found.series:
            if series.name in ("issued", "redeemed", "outstanding"):
                told += len(series.months)
                outside += sum(one.outside for one in series.months)
    assert 0 < outside <= 0.12 * told
