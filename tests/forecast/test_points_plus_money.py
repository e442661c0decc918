"""Points plus money in scenarios, costs and the value of a program: REDEEM-15."""

from fractions import Fraction
from pathlib import Path

import pytest

from loyalty_dsl.forecast.costs import CostBasis, Taken, reward_mix
from loyalty_dsl.forecast.value import Flows
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.evaluators import Engine
from loyalty_dsl.testing.running import run_scenarios

RULES = Path(__file__).parents[1] / "language" / "good" / "points_plus_money.loyalty"


@pytest.fixture
def book() -> Book:
    file, mistakes = parse_file(SourceText(RULES.name, RULES.read_text()))
    book, findings = check_book([file], mistakes)
    assert book is not None, findings
    return book


@pytest.mark.parametrize("engine", ["reference", "both"])
def test_money_is_charged_for_each_use(engine: Engine, book: Book) -> None:
    assert all(result.passed for result in run_scenarios(book, engine))


def test_a_use_costs_less_by_what_the_member_pays(book: Book) -> None:
    """Two seats at $80 for 10,000 miles and 2 x $45.60: $68.80 for 10,000 miles."""
    program = book.programs[0]
    seat = program.reward("seat_and_fees")
    assert seat is not None and seat.beside == 4560
    taken = Taken(seat, uses=2, units=10_000, cost=Fraction(16_000), off=0, given=0)
    cost = reward_mix(program.currencies[0], [taken], program.currencies, [Fraction(1)])
    assert cost is not None
    assert (cost.value, cost.basis) == (Fraction(6_880, 10_000), CostBasis.REWARD_MIX)


def test_what_members_pay_is_part_of_the_value() -> None:
    """$320 of margin on $1,000 more, $100 paid, less $200 of rewards, $50 owed and $20 to run it."""
    flows = Flows(*map(Fraction, (300_000, 200_000, 20_000, 0, 2_000, 5_000, 10_000)))
    assert flows.net(Fraction(32, 100)) == 32_000 + 10_000 - 20_000 - 5_000 - 2_000
    even = flows.break_even(Fraction(32, 100))
    assert even == (Fraction(15_000, 300_000) * 200_000 + 2_000) / (
        (Fraction(32, 100) - Fraction(1, 20)) * 200_000
    )
