"""Outcomes are read in words, valued exactly, and refused where they are none."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from toy_shop import SHOP

from loyalty_dsl import pipeline
from loyalty_dsl.decisions.outcome_kinds import Unit
from loyalty_dsl.decisions.outcomes import (
    OUTCOMES,
    Outcome,
    parse_outcome,
    parse_target,
    spelled_bound,
)
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.program import Program
from loyalty_dsl.refusals import InputRefused

MONTHS = 6


@pytest.fixture
def book(book_of: Callable[[str], Book]) -> Book:
    return book_of(SHOP.replace("    join   100", "    margin  30%\n    join   100"))


@pytest.fixture
def program(book: Book) -> Program:
    return book.programs[0]


@pytest.fixture
def forecast(book: Book) -> Forecast:
    return pipeline.simulate(book, sample=500, months=MONTHS)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("liability", "liability at month 6"),
        ("liability at month 2", "liability at month 2"),
        ("issued over 3 months", "issued of points over 3 months"),
        ("reward_cost", "reward cost over 6 months"),
        ("reward cost of off over 1 months", "reward cost of off over 1 month"),
        ("redemption rate of points", "urr of points"),
        ("active_rate at month 3", "active rate at month 3"),
        ("members of gold at month 4", "members of gold at month 4"),
        ("members of status.gold", "members of gold at month 6"),
    ],
)
def test_an_outcome_is_told_in_full(program: Program, text: str, full: str) -> None:
    assert parse_outcome(text, program, MONTHS).text == full
    assert parse_outcome(full, program, MONTHS).text == full


def test_values_are_those_of_the_forecast(program: Program, forecast: Forecast) -> None:
    def value(text: str) -> Fraction:
        return parse_outcome(text, program, MONTHS).of(forecast).value

    points = forecast.by_currency[0]
    assert forecast.liability is not None and forecast.reward_cost is not None
    assert value("liability at month 3") == Fraction(forecast.liability[2], 100)
    assert value("reward cost over 2 months") == Fraction(sum(forecast.reward_cost[:2]), 100)
    assert value("reward cost of off") == value("reward cost")
    assert value("issued") == sum(month.issued for month in points.total)
    assert value("outstanding") == value("issued") - value("redeemed") - value("expired")
    assert value("urr") == points.fate.urr
    assert value("active rate at month 1") == forecast.members[0].active_rate
    assert value("members") == forecast.members[-1].enrolled
    assert value("members of gold") + value("members of basic") == value("members")
    assert value("joined") == value("members")
    assert value("spend") == Fraction(sum(month.basket for month in forecast.members), 100)
    assert value("reward cost rate") == value("reward cost") / value("spend")
    assert value("uses of off") == sum(forecast.rewards[0].uses)


def test_every_outcome_of_the_registry_has_a_value(program: Program, forecast: Forecast) -> None:
    for kind in OUTCOMES:
        outcome = parse_outcome(kind.name, program, MONTHS)
        reading = outcome.of(forecast)
        assert isinstance(reading.value, Fraction)
        assert reading.noise is None or reading.noise >= 0
        assert (kind.unit is Unit.SHARE) == outcome.format(reading.value).endswith("%")
    assert len({kind.name for kind in OUTCOMES}) == len(OUTCOMES)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("liability at month 6 <= $4M", Fraction(4_000_000)),
        ("active rate >= 12.5%", Fraction(1, 8)),
        ("issued over 2 months < 12,000 points", Fraction(12_000)),
        ("members of gold>100", Fraction(100)),
        ("reward cost = $0", Fraction(0)),
    ],
)
def test_a_bound_is_in_the_outcomes_own_unit(program: Program, text: str, bound: Fraction) -> None:
    target = parse_target(text, program, MONTHS)
    assert target.bound == bound
    again = parse_target(
        f"{target.outcome.text} {target.sign} {spelled_bound(bound, target.outcome)}", program, MONTHS
    )
    assert again.bound == bound


@pytest.mark.parametrize(("sign", "below", "at", "above"), [
    ("<=", True, True, False), ("<", True, False, False), (">=", False, True, True),
    (">", False, False, True), ("=", False, True, False),
])  # fmt: skip
def test_a_target_is_met_and_by_how_much(
    program: Program, sign: str, below: bool, at: bool, above: bool
) -> None:
    target = parse_target(f"liability {sign} $100", program, MONTHS)
    for value, met in ((99, below), (100, at), (101, above)):
        assert target.met(Fraction(value)) is met
        margin = target.margin(Fraction(value))
        assert (margin >= 0 if met else margin <= 0) and abs(margin) == abs(value - 100)


@pytest.mark.parametrize(
    ("text", "message", "help_"),
    [
        ("liabilty", "there is no outcome `liabilty`", "did you mean `liability`?"),
        ("liability at month 7", "month 7 is not among the 6 months", "--months 7"),
        ("liability over 3 months", "liability is not told in this way", "write `liability at month 12`"),
        ("issued at month 3", "issued is not told in this way", "write `issued over 12 months`"),
        ("issued of pints", "there is no currency `pints`", "did you mean `points`?"),
        ("members of silver", "there is no level `silver`", "it has `basic` and `gold`"),
        ("spend of gold", "`spend` is of all, not of `gold`", ""),
        ("LIABILITY!", "is no outcome", "write one as"),
    ],
)
def test_what_is_no_outcome_is_refused(program: Program, text: str, message: str, help_: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        parse_outcome(text, program, MONTHS)
    assert message in refusal.value.message
    assert help_ in (refusal.value.help or "")


@pytest.mark.parametrize("text", ["liability <= 4M", "liability <= 4%", "active rate <= 4", "issued <= $4"])
def test_a_bound_in_another_unit_is_refused(program: Program, text: str) -> None:
    with pytest.raises(InputRefused, match="is no bound of"):
        parse_target(text, program, MONTHS)


def test_a_bound_is_where_it_is_wanted(program: Program) -> None:
    with pytest.raises(InputRefused, match="has a bound"):
        parse_outcome("liability <= $4", program, MONTHS)
    with pytest.raises(InputRefused, match="has no bound"):
        parse_target("liability", program, MONTHS)


def test_what_a_forecast_cannot_tell_is_refused(book_of: Callable[[str], Book]) -> None:
    book = book_of(
        SHOP.replace("        cost   $0.80 assumed\n", "").replace("        cost    $0.008 assumed\n", "")
    )
    forecast = pipeline.simulate(book, sample=200, months=2)
    outcome: Outcome = parse_outcome("reward cost", book.programs[0], 2)
    with pytest.raises(InputRefused, match="the cost of rewards is not known"):
        outcome.of(forecast)


@pytest.mark.parametrize(("written", "value"), [("$200k", 200_000), ("$4M", 4_000_000), ("$1.5m", 1_500_000)])
def test_a_bound_has_thousands_and_millions_in_either_letter(
    written: str, value: int, program: Program
) -> None:
    assert parse_target(f"liability at month 6 <= {written}", program, MONTHS).bound == value
