"""Scenarios run as they are written."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.refusals import ProgramRefused
from loyalty_dsl.testing.results import OffCheck, RefusedCheck, ScenarioResult, UnitsCheck
from loyalty_dsl.testing.running import run_scenarios

BookOf = Callable[[str], Book]

PROGRAM = """
program club "Club" {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date

    currency points "Points" {
        round    down per rule
        pending  14 days
        expire   60 days after earning
    }

    earn base "Base" {
        on    purchase
        give  1 point per whole $1 of amount
    }

    earn welcome "Welcome" {
        on    join
        give  50 points
    }

    earn loyal "Loyal" {
        on    purchase
        when  days since join >= 30
        give  5 points
    }

    reward five_off "$5 off" {
        price  100 points
        give   $5 off up to the basket
    }
}
"""


def run_lines(book_of: BookOf, lines: str) -> ScenarioResult:
    """The result of one scenario under the program above."""
    (result,) = run_scenarios(book_of(f'{PROGRAM}\nscenario "it" for club {{\n{lines}\n}}\n'))
    return result


def actual(result: ScenarioResult) -> list[int | bool]:
    return [check.actual for check in result.checks]


def test_given_joined_sets_the_day_and_triggers_nothing(book_of: BookOf) -> None:
    """SCEN-1: no welcome; 30 days since joining have gone by; a later join is refused."""
    result = run_lines(
        book_of,
        """
        given   joined 2026-01-01
        on      2026-01-31 purchase $10.00
        expect  earned 15 points
        expect  15 points
        on      2026-01-31 join
        expect  refused
        """,
    )
    assert actual(result) == [15, 15, True]


@pytest.mark.parametrize(
    ("given", "last_day"),
    [
        ("given 100 points earned 2026-01-10", "2026-03-10"),
        ("given joined 2026-01-20\ngiven 100 points", "2026-03-20"),
        ("given 100 points\ngiven joined 2026-01-20", "2026-03-20"),
        ("given 100 points", "2026-04-01"),
    ],
)
def test_an_opening_lot_counts_from_its_day(book_of: BookOf, given: str, last_day: str) -> None:
    """SCEN-1: written, else joined, else the day before the first event, here 1 February."""
    result = run_lines(
        book_of,
        f"""
        {given}
        on 2026-02-02 purchase $0.50
        expect earned 0 points
        expect 100 points through {last_day}
        """,
    )
    assert result.passed, actual(result)


def test_an_opening_lot_may_still_be_pending(book_of: BookOf) -> None:
    """SCEN-1, SCEN-3: 14 days from its own day, like any lot; pending is part of the balance."""
    result = run_lines(
        book_of,
        """
        given 100 points earned 2026-01-10
        given 30 points earned 2026-01-30
        on 2026-02-02 purchase $7.00
        expect 137 points
        expect available 100 points
        expect pending 37 points
        on 2026-02-13 expect available 130 points
        on 2026-02-16 expect pending 0 points
        """,
    )
    assert result.passed, actual(result)


def test_flows_without_a_day_are_those_of_the_last_event(book_of: BookOf) -> None:
    """SCEN-2: with the midnight work on the way to it, and never what was given."""
    result = run_lines(
        book_of,
        """
        given 120 points earned 2026-01-01
        on 2026-01-20 purchase $8.00 redeeming five_off
        expect redeemed 100 points
        expect expired 0 points
        expect earned 3 points
        expect $5.00 off
        on 2026-03-10 purchase $1.00
        expect redeemed 0 points
        expect expired 20 points
        expect earned 6 points
        expect $0.00 off
        """,
    )
    assert result.passed, actual(result)


def test_flows_with_a_day_are_all_of_that_day(book_of: BookOf) -> None:
    """SCEN-2, SCEN-5: midnight work and the events listed so far, in an order of their own."""
    result = run_lines(
        book_of,
        """
        given 20 points earned 2026-01-01
        on 2026-03-02 09:00 purchase $3.00
        on 2026-03-02 10:00 purchase $4.00
        on 2026-03-02 expect earned 7 points
        on 2026-03-02 expect expired 20 points
        on 2026-03-02 11:00 purchase $5.00
        expect earned 5 points
        on 2026-03-02 expect earned 12 points
        on 2026-03-03 expect earned 0 points
        on 2026-05-01 expect expired 12 points
        on 2026-05-02 expect expired 0 points
        """,
    )
    assert result.passed, actual(result)


def test_through_counts_lots_by_their_last_usable_day(book_of: BookOf) -> None:
    """SCEN-4: for balances and for flows."""
    result = run_lines(
        book_of,
        """
        given 70 points earned 2026-01-01
        given 60 points earned 2026-01-02
        on 2026-02-01 redeem five_off
        expect redeemed 70 points through 2026-03-01
        expect redeemed 30 points through 2026-03-02
        expect 30 points through 2026-03-02
        expect 0 points through 2026-03-03
        on 2026-03-02 expect expired 0 points
        on 2026-03-03 expect expired 30 points through 2026-03-02
        """,
    )
    assert result.passed, actual(result)


def test_a_refusal_is_of_the_event_or_of_the_reward(book_of: BookOf) -> None:
    """SCEN-2: and says nothing of the events before."""
    result = run_lines(
        book_of,
        """
        on 2026-02-01 purchase $9.00 redeeming five_off
        expect refused
        expect earned 9 points
        on 2026-02-02 purchase $9.00
        expect refused
        """,
    )
    assert actual(result) == [True, 9, False]
    assert [check.passed for check in result.checks] == [True, True, False]
    assert not result.passed


def test_every_expectation_is_checked_and_remembers_its_place(book_of: BookOf) -> None:
    """SCEN-6: one that fails does not hide the next; each knows how much of the story came before it."""
    result = run_lines(
        book_of,
        """
        on 2026-02-01 purchase $9.00
        expect earned 8 points
        expect $1.00 off
        on 2026-02-02 purchase $9.00
        expect refused
        on 2026-05-01 expect 7 points
        """,
    )
    assert [type(check) for check in result.failures] == [UnitsCheck, OffCheck, RefusedCheck, UnitsCheck]
    assert [check.chapters for check in result.checks] == [1, 1, 2, 3]
    assert actual(result) == [9, 0, False, 0]


def test_a_scenario_that_expects_nothing_is_refused(book_of: BookOf) -> None:
    """SCEN-6"""
    with pytest.raises(ProgramRefused, match="expects nothing"):
        run_lines(book_of, "on 2026-02-01 purchase $9.00")


def test_a_dated_expectation_changes_no_later_one(book_of: BookOf) -> None:
    """SCEN-2, SCEN-5: midnight work belongs to the next event, whoever asked before."""
    lines = """
        given   100 points earned 2026-01-01
        {}
        on      2026-03-10 purchase $1.00
        expect  expired 100 points
        on      2026-06-01 expect expired 0 points
        expect  expired 100 points
        expect  earned 1 point
    """
    for dated in ("", "on 2026-03-05 expect 0 points", "on 2026-03-10 expect expired 0 points"):
        result = run_lines(book_of, lines.format(dated))
        assert result.passed, (dated, actual(result))


def test_an_undated_lot_is_there_at_the_first_dated_expectation(book_of: BookOf) -> None:
    """SCEN-1"""
    result = run_lines(
        book_of,
        """
        given 100 points
        on 2026-02-02 expect 100 points through 2026-04-01
        on 2026-03-01 purchase $0.50
        expect 100 points
        """,
    )
    assert result.passed, actual(result)


@pytest.mark.parametrize("given", ["given 100 points earned 2026-03-02", "given joined 2026-03-02"])
def test_nothing_is_given_for_a_day_after_the_first_step(book_of: BookOf, given: str) -> None:
    """SCEN-1"""
    with pytest.raises(ProgramRefused, match="after the first expectation"):
        run_lines(book_of, f"{given}\non 2026-03-01 expect 100 points\non 2026-04-01 purchase $1.00")


def test_scenarios_do_not_see_each_other(book_of: BookOf) -> None:
    lines = "on 2026-02-01 purchase $9.00\nexpect 9 points"
    one = f'scenario "it" for club {{\n{lines}\n}}\n'
    other = one.replace('"it"', '"it again"')
    assert [result.passed for result in run_scenarios(book_of(PROGRAM + one + other))] == [True, True]


def test_items_fields_and_other_events_reach_the_program(book_of: BookOf) -> None:
    """AMT-1, AMT-4: the basket of a purchase with items is their sum."""
    book = book_of(
        """
        program cafe "Cafe" {
            money     USD
            timezone  "America/New_York"
            starts    2026-01-01 by purchase date
            event purchase { payment one of card, cash }
            event visit { guests number }
            item { category one of drink, food }
            currency points "Points" {
                round   half up per rule
                expire  never
            }
            earn drinks "Drinks" {
                on    purchase where payment is card
                for   items where category is drink
                give  1 point per $1 of basket
            }
            earn party "Party" {
                on    visit where guests >= 4
                give  20 points
            }
        }
        scenario "it" for cafe {
            on 2026-02-01 purchase with payment card {
                item $2.60 with category drink
                item $9.00 with category food
            }
            expect earned 3 points
            on 2026-02-02 visit with guests 3
            expect earned 0 points
            on 2026-02-03 visit with guests 4
            expect earned 20 points
        }
        """
    )
    (result,) = run_scenarios(book)
    assert result.passed, actual(result)


def test_products_that_may_not_fit_64_bits_are_refused(book_of: BookOf) -> None:
    """NUM-5: a rate that a basket of 10^9 cents makes too large is no program."""
    with pytest.raises(ProgramRefused, match="more than can be counted exactly"):
        book_of(PROGRAM.replace("1 point per whole $1 of amount", "900,000,000,000 points per $1 of amount"))


def test_running_scenarios_needs_no_numerical_library() -> None:
    code = (
        "import sys, loyalty_dsl.testing.running, loyalty_dsl.report.scenarios;"
        "print(sorted({'numpy', 'numba', 'polars', 'rich', 'vl_convert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
