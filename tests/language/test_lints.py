"""Warnings say what is so on every history, and are silent where limits or conditions bound a rule."""

import pytest

from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.source import SourceText

SHOP = """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase { online yes/no }
    item { category one of drink, food }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        give  67 points per $1
    }
    reward five_off {
        price  500 points
        give   $5 off up to the basket
    }
}
"""


def warnings(text: str) -> dict[str, str]:
    file, broken = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], broken)
    assert book is not None, (broken, found)
    return {finding.code: finding.message for finding in found}


def test_what_a_rule_gives_back_is_said_to_the_percent() -> None:
    assert "67% of what" in warnings(SHOP)["L607"]
    assert "66.67% of what" in warnings(SHOP.replace("67 points per $1", "200 points per $3"))["L607"]


@pytest.mark.parametrize(
    ("line", "behind"),
    [
        ("limit 100 points per calendar year", "give  67 points per $1"),
        ("limit 1 time per calendar year", "give  67 points per $1"),
        ("when amount >= $50", "give  67 points per $1"),
        ("dates 2026-12-24", "give  67 points per $1"),
        ("for items where category is drink", "give  67 points per $1"),
        ("limit 1 time per calendar month", "give   $5 off up to the basket"),
        ("minimum $50", "give   $5 off up to the basket"),
    ],
)
def test_nothing_is_said_of_the_rate_of_a_rule_that_is_bounded_otherwise(line: str, behind: str) -> None:
    assert "L607" not in warnings(SHOP.replace(behind, f"{behind}\n        {line}"))


def test_nothing_is_said_of_the_rate_of_a_rule_for_some_purchases() -> None:
    assert "L607" not in warnings(SHOP.replace("on    purchase", "on    purchase where online"))


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("give  67 points per $1", "give 3 points\n limit 2 points per calendar day", "L612"),
        ("give  67 points per $1", "give 1 point per whole $99M", "L612"),
        ("on    purchase", "on    purchase where amount > $100M", "L602"),
        ("up to the basket", "in full\n limit $4 per calendar day", "L613"),
        ("up to the basket", "in full\n minimum $10,000,000.01", "L613"),
        ("up to the basket", "up to the basket\n cost $5.01", "L614"),
    ],
)
def test_what_can_never_be_is_warned_of(right: str, wrong: str, code: str) -> None:
    assert right in SHOP
    assert code not in warnings(SHOP)
    assert code in warnings(SHOP.replace(right, wrong))


def test_a_limit_may_cut_what_a_reward_takes_up_to_the_basket() -> None:
    assert "L613" not in warnings(
        SHOP.replace("up to the basket", "up to the basket\n limit $4 per calendar day")
    )


@pytest.mark.parametrize(
    ("cost", "of_use", "told"),
    [
        ("$0.01", "$5", False),
        ("$0.01", "100% of face value", False),
        ("$0.0125", "$5.00", True),
        ("$0.01", "85% of face value", True),
    ],
)
def test_two_costs_of_a_point_are_compared(cost: str, of_use: str, told: bool) -> None:
    text = SHOP.replace("expire  12", f"cost {cost}\n expire 12")
    found = warnings(text.replace("up to the basket", f"in full\n cost {of_use}"))
    assert ("L611" in found) is told
    if of_use.startswith("85"):
        assert "$0.01, but in `five_off` it costs $0.0085" in found["L611"]


def test_a_cost_that_depends_on_baskets_is_not_compared() -> None:
    text = SHOP.replace("expire  12", "cost $0.02\n expire 12")
    assert "L611" not in warnings(
        text.replace("up to the basket", "up to the basket\n cost 85% of face value")
    )


def test_dates_before_the_start_are_told_from_dates_that_exclude_each_other() -> None:
    over = SHOP.replace("on    purchase", "on    purchase\n dates through 2025-12-31")
    assert "over before the program starts" in warnings(over)["L601"]
    apart = SHOP.replace("on    purchase", "on    purchase\n dates 2026-02-01\n dates 2026-02-02")
    assert "no day meets" in warnings(apart)["L601"]
