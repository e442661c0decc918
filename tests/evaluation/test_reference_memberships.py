"""Worked examples of paid memberships: what is charged when, and what is held through which day."""

import pytest

from loyalty_dsl.language.allowances import Allowance, AllowanceLine, AllowanceRow, value_of
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.conditions import StatusOf
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import CostPerUse
from loyalty_dsl.source import SourceText, Span
from loyalty_dsl.testing.running import run_scenarios

PROGRAM = """\
program club {{
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    membership plus {{
        plan monthly {{
            fee by date {{
                from 2026-01-01 $10 per month
                from 2026-03-01 $15 per month
            }}
        }}
        plan annual {{
            fee  $100 per year
        }}
{clauses}
    }}
    benefit shipping {{
        on    purchase
        when  plus is active
        give  1 shipping
    }}
}}
scenario "it" for club {{
{lines}
}}
"""
TRIAL = "        trial  10 days\n        limit  1 trial per rolling 12 months\n"
PROTECTED = "        protect  existing members through 2026-03-31\n"


def book_of(clauses: str, *lines: str) -> Book:
    text = PROGRAM.format(clauses=clauses, lines="\n".join(lines))
    file, broken = parse_file(SourceText("club.loyalty", text))
    assert not broken, broken
    book, found = check_book([file], [])
    assert book is not None, found
    return book


def holds(clauses: str, *lines: str) -> None:
    (result,) = run_scenarios(book_of(clauses, *lines))
    assert result.passed, [(check.expectation.span.text, check.actual) for check in result.failures]


def test_months_are_counted_from_the_first_paid_day() -> None:
    """FEE-3, SCEN-16: a plan of 31 January is paid for on 28 February and 31 March, never late or early."""
    holds(
        "",
        "on 2026-01-31 subscribe_plus with plan monthly",
        "expect $10 charged",
        "expect plus monthly through 2026-02-27",
        "on 2026-02-27 expect $0 charged",
        "on 2026-02-28 expect $10 charged",
        "on 2026-02-28 expect plus monthly through 2026-03-30",
        "on 2026-03-31 expect $15 charged",
        "on 2026-04-30 expect $15 charged",
    )


def test_a_trial_is_free_and_comes_once_a_year() -> None:
    """FEE-2: the next trial may begin a year after the last one began, which was cut short by nothing."""
    holds(
        TRIAL,
        "on 2026-01-10 subscribe_plus with plan annual",
        "expect $0 charged",
        "expect plus trial_annual through 2026-01-19",
        "on 2026-01-12 cancel_plus",
        "on 2026-01-20 expect plus inactive",
        "on 2027-01-09 subscribe_plus with plan monthly",
        "expect $15 charged",
        "on 2027-01-10 cancel_plus",
        "on 2027-02-09 subscribe_plus with plan monthly",
        "expect plus trial_monthly through 2027-02-18",
        "expect $0 charged",
    )


def test_members_are_members_without_a_gap() -> None:
    """FEE-1, FEE-3: on the day of a renewal a purchase finds a member."""
    holds(
        TRIAL,
        "on 2026-01-10 subscribe_plus with plan monthly",
        "on 2026-01-20 purchase $5",
        "expect used 1 shipping",
        "expect plus monthly through 2026-02-19",
        "on 2026-02-20 purchase $5",
        "expect used 1 shipping",
    )


def test_cancelling_and_taking_it_back() -> None:
    """FEE-4: what is paid for is kept; the plan that is held goes on, whatever the event names."""
    holds(
        "",
        "on 2026-01-10 subscribe_plus with plan monthly",
        "on 2026-01-15 cancel_plus",
        "expect plus monthly through 2026-02-09",
        "on 2026-01-20 subscribe_plus with plan annual",
        "expect $0 charged",
        "on 2026-01-21 subscribe_plus with plan annual",
        "expect $0 charged",
        "on 2026-02-10 expect $10 charged",
        "on 2026-02-11 cancel_plus",
        "on 2026-03-10 expect $0 charged",
        "expect plus inactive",
    )


def test_a_level_that_is_given_is_not_renewed() -> None:
    """FEE-4: and can be taken up again, from the day after it."""
    holds(
        "",
        "given plus annual through 2026-02-09",
        "on 2026-01-20 purchase $5",
        "expect used 1 shipping",
        "on 2026-01-21 subscribe_plus with plan monthly",
        "on 2026-02-10 expect $100 charged",
        "on 2026-02-10 expect plus annual through 2027-02-09",
    )


@pytest.mark.parametrize(
    ("subscribed", "charged"),
    [("2026-02-28", (10, 10, 15)), ("2026-03-01", (15, 15, 15)), ("2026-02-20", (10, 10, 15))],
)
def test_a_new_fee_spares_who_was_there_before_it(subscribed: str, charged: tuple[int, int, int]) -> None:
    """FEE-5: through the last protected day, which is in the second payment of those who came in February."""
    year, month, day = subscribed.split("-")
    lines = [f"on {subscribed} subscribe_plus with plan monthly", f"expect ${charged[0]} charged"]
    for later, fee in enumerate(charged[1:], 1):
        lines.append(f"on {year}-{int(month) + later:02}-{day} expect ${fee} charged")
    holds(PROTECTED, *lines)


def test_fees_are_costs_below_zero() -> None:
    """FEE-6: a fee of the second price has a benefit of its own; upkeep is of a month's first day."""
    book = book_of(
        "        cost  $3 per month\n",
        "on 2026-03-20 subscribe_plus with plan monthly",
        "expect $15 charged",
        "on 2026-04-01 expect used 1 plus_upkeep",
        "on 2026-04-20 expect used 1 plus_monthly_fee_2",
    )
    (result,) = run_scenarios(book)
    assert result.passed
    costs = {each.name: each.cost.number.value for each in book.programs[0].rewards if each.cost is not None}  # type: ignore[union-attr]
    assert costs == {
        "plus_monthly_fee": -1000,
        "plus_monthly_fee_2": -1500,
        "plus_annual_fee": -10000,
        "plus_upkeep": 300,
    }


def test_a_refund_is_used_once_for_each_minor_unit_and_costs_it() -> None:
    """FEE-7."""
    book = book_of(
        "        refund fee within 3 days\n",
        "on 2026-01-05 subscribe_plus with plan monthly",
        "on 2026-01-08 cancel_plus",
        "expect $10 refunded",
        "expect $0 charged",
        "on 2026-01-08 expect used 1,000 plus_refund",
    )
    (result,) = run_scenarios(book)
    assert result.passed, [check.actual for check in result.failures]
    refund = next(reward for reward in book.programs[0].rewards if reward.fee < 0)
    assert isinstance(refund.cost, CostPerUse)
    assert refund.cost.number.value == 1


def test_an_allowance_is_read_off_balances_and_the_row_that_is_meant() -> None:
    """ALLOW-1, ALLOW-2: see tests/language/good/allowances.loyalty for the rest."""
    whole = AllowanceLine(None, (AllowanceRow(None, 1, 2, None),))
    by_level = AllowanceLine(StatusOf(0), (AllowanceRow((1,), 0, 5, 20), AllowanceRow(None, 0, 10, None)))
    allowance = Allowance("space", "", 0, "megabytes", (by_level, whole), Span(SourceText("", ""), 0, 0))
    assert value_of(allowance, [1], [], [3, 4]) == 15 + 8
    assert value_of(allowance, [1], [], [30, -4]) == 20
    assert value_of(allowance, [0], [], [30, 0]) == 300


def test_a_plan_for_some_is_refused_to_others_and_not_renewed_for_them() -> None:
    """FEE-8."""
    holds(
        "        plan early { when days since join <= 40\n fee $5 per month }\n",
        "given joined 2026-01-01",
        "on 2026-01-05 subscribe_plus with plan early",
        "expect $5 charged",
        "on 2026-02-05 expect $5 charged",
        "on 2026-03-05 expect $0 charged",
        "on 2026-03-05 expect plus inactive",
        "on 2026-03-06 subscribe_plus with plan early",
        'expect refused "the plan early is not open to this member"',
        "on 2026-04-06 subscribe_plus with plan annual",
        "expect $100 charged",
    )
