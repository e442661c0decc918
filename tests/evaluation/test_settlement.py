"""Settlement with partners (SETTLE-1 to SETTLE-3) by hand, by both evaluators, in forecasts and in scenarios,
across versions; and rules that members are not told of."""

from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from coalition import COALITION, PEOPLE

from loyalty_dsl import pipeline
from loyalty_dsl.calendar import day_of, month_index
from loyalty_dsl.evaluation.ledger import PostingKind
from loyalty_dsl.evaluation.settlement import Bill, bill, bills_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.report.settlement_tables import settlement_frame, settlement_json, settlement_rows
from loyalty_dsl.testing.running import run_scenarios

JANUARY = month_index(day_of(date(2026, 1, 1)))
ROWS = """\
member,time,kind,amount,brand,reward,quantity,purchase,returns
ann,2026-01-05,purchase,100.00,grocer,,,a1,
ann,2026-01-31,purchase,50.01,garage,,,a2,
ann,2026-02-10T10:00,purchase,20.00,grocer,,,a3,
ann,2026-02-10T10:00,redeem,,,till,3,a3,
ben,2026-02-11,purchase,80.00,garage,,,b1,
ben,2026-02-28T10:00,purchase,10.00,garage,,,b2,
ben,2026-02-28T10:00,redeem,,,coffee,1,b2,
ann,2026-03-01T10:00,purchase,20.00,garage,,,a4,
ann,2026-03-01T10:00,redeem,,,coffee,1,a4,
ann,2026-03-02,return,60.00,,,,,a1
ben,2026-04-05,purchase,30.00,garage,,,b3,
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    path = tmp_path_factory.mktemp("rules") / "coalition.loyalty"
    path.write_text(COALITION + PEOPLE, encoding="utf-8")
    return pipeline.load(path)


def lines(bills: tuple[Bill, ...]) -> list[tuple[object, ...]]:
    return [
        (b.partner.name, b.month - JANUARY, b.issued, b.redeemed, b.invoiced, b.repaid, b.net) for b in bills
    ]


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_replay_is_billed_by_partner_and_month(book: Book, tmp_path: Path, engine: str) -> None:
    data = tmp_path / "rows.csv"
    data.write_text(ROWS, encoding="utf-8")
    replayed = pipeline.replay(book, data, engine=engine, threads=1)  # type: ignore[arg-type]
    bills = replayed.figures.bills
    assert lines(bills) == [
        ("grocer", 0, 700, 0, 231, 0, 231),
        ("grocer", 1, 129, 300, 43, 147, -104),  # £18.50 left to pay; 42.57 is 43
        ("grocer", 2, -420, 0, -139, 0, -139),  # 138.6 pence come back
        ("garage", 0, 150, 0, 93, 0, 93),
        ("garage", 1, 270, 150, 167, 75, 92),
        ("garage", 2, 60, 150, 35, 75, -40),  # at the price of March
        ("garage", 3, 90, 0, 52, 0, 52),
    ]
    program = book.programs[0]
    frame = settlement_frame(program, bills)
    assert frame["net"].sum() == sum(each.net for each in bills) == 185
    assert frame["month"].to_list()[0] == date(2026, 1, 1)
    assert settlement_json(program, bills)[1]["net"] == -1.04
    assert settlement_rows(program, bills)[-1][3:] == ["£4.82", "£2.97", "£1.85"]


def test_before_a_price_begins_nothing_is_paid(book: Book) -> None:
    garage = book.programs[0].partners[1]
    assert bill(garage, JANUARY, 0, (0, 1000)).repaid == 0
    assert bill(garage, JANUARY + 1, 0, (0, 1000)).repaid == 500


def test_what_nobody_issued_is_nobodys(book: Book) -> None:
    day = day_of(date(2026, 1, 3))
    opening = ("", day, PostingKind.OPENING.value, "", 0, day, day + 9, 500)
    expired = ("", day, PostingKind.EXPIRED.value, "", 0, 0, day, 500)
    assert bills_of(book.programs[0], [opening, expired]) == ()


def test_a_forecast_bills_all_that_was_issued_and_redeemed(book: Book) -> None:
    """Every rule and reward of the program is some partner's, so bills add up to the ledger."""
    forecast = pipeline.simulate(book, months=4, sample=60, seed=3)
    (points,) = forecast.by_currency
    by_month = [[each for each in forecast.bills if each.month == JANUARY + m] for m in range(4)]
    assert [sum(each.issued for each in its) for its in by_month] == [
        month.issued - month.reversed for month in points.total
    ]
    assert [sum(each.redeemed for each in its) for its in by_month] == [
        month.redeemed for month in points.total
    ]
    assert sum(month.redeemed for month in points.total) > 0 < sum(month.reversed for month in points.total)
    for each in chain.from_iterable(by_month):
        assert each == bill(each.partner, each.month, each.currency, (each.issued, each.redeemed))


def loaded(tmp_path: Path, text: str) -> Book:
    path = tmp_path / "rules.loyalty"
    path.write_text(text, encoding="utf-8")
    return pipeline.load(path)


EXPECTED = """
scenario "two months" for coalition {{
    on      2026-01-05 purchase £100.00 with brand grocer
    expect  £2.31 from grocer
    on      2026-02-05 purchase £10.00 with brand grocer
    expect  {expected} from grocer
    expect  £0 to grocer
}}
"""


@pytest.mark.parametrize("engine", ["reference", "compiled"])
@pytest.mark.parametrize(("expected", "passed"), [("£2.54", True), ("£0.23", False), ("£2.55", False)])
def test_scenarios_expect_the_bills_of_all_months(
    tmp_path: Path, engine: str, expected: str, passed: bool
) -> None:
    """SCEN-15: 231 pence of January and 23.1 of February, rounded apart."""
    book = loaded(tmp_path, COALITION + EXPECTED.format(expected=expected))
    (result,) = run_scenarios(book, engine=engine)  # type: ignore[arg-type]
    assert result.passed == passed


FIRST = """\
program shop version 1 {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by purchase date
    currency points {
        round   down per event
        expire  never
    }
    earn base {
        on    purchase
        give  1 point per $1
    }
    reward off {
        price  100 points
        give   $1 off in full
    }
    partner mall "Mall" {
        issues  base
        pays    $0.60 per 100 points issued
    }
}
"""
REPLACES = "replaces version 1 from 2026-01-01 by purchase date"
SECOND = (
    FIRST.replace("version 1", "version 2").replace("starts    2025-01-01 by purchase date", REPLACES)
).replace("1 point per $1", "2 points per $1")
ACROSS = """
scenario "one partner, two versions" for shop version 2 {
    on      2025-12-31 purchase $1,000.00
    expect  $6.00 from mall
    on      2026-01-01 purchase $1,000.00
    expect  3,000 points
    expect  $18.00 from mall
}
"""


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_partner_of_two_versions_issues_by_the_rules_of_both(tmp_path: Path, engine: str) -> None:
    """VERSION-10."""
    (result,) = run_scenarios(loaded(tmp_path, FIRST + SECOND + ACROSS), engine=engine)  # type: ignore[arg-type]
    assert result.passed


def test_prices_of_a_partner_change_with_a_version(tmp_path: Path) -> None:
    """VERSION-10: December at the old price, January at the new one."""
    second = SECOND.replace("$0.60 per 100", "$0.58 per 100")
    told = ACROSS.replace("$18.00", "$17.60")
    (result,) = run_scenarios(loaded(tmp_path, FIRST + second + told), engine="reference")
    assert result.passed


def test_prices_do_not_change_within_a_month(tmp_path: Path) -> None:
    """VERSION-10: as bills are by month."""
    second = SECOND.replace("$0.60 per 100", "$0.58 per 100").replace(
        REPLACES, REPLACES.replace("-01-01", "-01-15")
    )
    with pytest.raises(pipeline.ProgramRefused) as refused:
        loaded(tmp_path, FIRST + second)
    assert [one.code for one in refused.value.diagnostics if one.is_error] == ["L371"]


def test_running_costs_are_those_of_each_version(tmp_path: Path) -> None:
    """VERSION-10: in a month of 31 days, 14 at the old cost and 17 at the new one."""
    lines = ("runs at $310 per month\n    currency", "runs at $620 per month\n    currency")
    first, second = (
        text.replace("currency", line, 1) for text, line in zip((FIRST, SECOND), lines, strict=True)
    )
    second = second.replace(REPLACES, REPLACES.replace("-01-01", "-01-15"))
    program = loaded(tmp_path, first + second).programs[0]
    days = day_of(date(2026, 1, 1)), day_of(date(2026, 2, 1))
    month = sum(each.cost.value * each.part_of(*days) for each in program.running)
    assert month == 14 * 1000 + 17 * 2000
    later = day_of(date(2026, 2, 1)), day_of(date(2026, 3, 1))
    assert sum(each.cost.value * each.part_of(*later) for each in program.running) == 62_000


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_a_hidden_rule_pays_as_any_other(tmp_path: Path, engine: str) -> None:
    """HIDDEN-1."""
    rule = "    earn surprise {\n        on  purchase\n        give  5 points\n    }\n"
    outcomes = []
    for said in (rule, rule.replace("on  purchase", "on  purchase\n        hidden")):
        book = loaded(tmp_path, COALITION.replace("    reward till", said + "    reward till"))
        data = tmp_path / "rows.csv"
        data.write_text(ROWS, encoding="utf-8")
        replayed = pipeline.replay(book, data, engine=engine, threads=1)  # type: ignore[arg-type]
        outcomes.append((lines(replayed.figures.bills), replayed.figures.totals))
    assert outcomes[0] == outcomes[1]
