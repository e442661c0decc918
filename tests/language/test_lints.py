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


def test_a_limit_that_refuses_all_of_a_rule_is_not_called_one_that_cuts() -> None:
    refusing = "give 3 points\n limit 2 points per calendar day else refuse"
    told = warnings(SHOP.replace("give  67 points per $1", refusing))["L612"]
    assert told.endswith("gives 3 points, so this limit always refuses it")


def test_a_limit_for_everyone_refuses_no_part() -> None:
    """LIMIT-7, LIMIT-9."""
    shared = "give 3 points\n limit 2 points per calendar day for everyone"
    text = SHOP.replace("give  67 points per $1", f"{shared} else refuse")
    file, broken = parse_file(SourceText("shop.loyalty", text))
    book, found = check_book([file], broken)
    assert book is None
    assert ["so it refuses no part" in each.message for each in found if each.is_error] == [True]


def test_a_limit_for_everyone_is_not_said_to_cut_one_event() -> None:
    shared = "give 3 points\n limit 2 points per calendar day for everyone"
    assert "L612" not in warnings(SHOP.replace("give  67 points per $1", shared))


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


TIERS = """\
    tiers status {{
        hold   through end of calendar year
        level  member
        level  silver when spend in calendar year >= {silver}
        level  gold when spend in calendar year >= {gold}
    }}
"""


def with_body(body: str) -> dict[str, str]:
    return warnings(SHOP.replace("    reward five_off", body + "    reward five_off"))


@pytest.mark.parametrize(
    ("silver", "gold", "told"),
    [
        ("$500", "$1,000", False),
        ("$1,000", "$500", True),
        ("$500", "$500", True),
        ("$500 and spend in calendar year < $300", "$1,000", True),
        ("$500", "$1,000 or purchases in lifetime >= 3", False),
        ("$500 and not referred", "$400 and not referred", True),
    ],
)
def test_a_level_that_nobody_is_left_with_is_told(silver: str, gold: str, told: bool) -> None:
    assert ("L618" in with_body(TIERS.format(silver=silver, gold=gold))) is told


def test_a_status_among_several_levels_is_a_test_like_any_other() -> None:
    rule = "    earn more {{ on purchase\n give 1 point\n when status is one of silver, gold\n when {0} }}\n"
    tiers = TIERS.format(silver="$500", gold="$1,000")
    assert "L602" in with_body(tiers + rule.format("status is member"))
    assert "L602" not in with_body(tiers + rule.format("status is gold"))
    assert "L602" in with_body(tiers + rule.format("status is not one of silver, gold"))


def test_a_group_of_rules_is_told_from_a_group_of_one() -> None:
    group = "    group promotions { combine add\n limit 30 points per event }\n"
    one = "    earn one_more { on purchase\n give 20 points\n in promotions }\n"
    other = "    earn other { on purchase where online\n give 5 points\n in promotions }\n"
    alone = with_body(group + one)
    assert "L616" in alone
    assert "L616" not in with_body(group + one + other)


@pytest.mark.parametrize(
    ("combine", "most", "told"),
    [("add", 24, False), ("add", 25, True), ("best of", 20, True), ("first", 19, False)],
)
def test_a_limit_of_a_group_that_its_rules_never_reach_is_told(combine: str, most: int, told: bool) -> None:
    group = f"    group promotions {{ combine {combine}\n limit {most} points per event }}\n"
    one = "    earn one_more { on purchase\n give 20 points\n in promotions }\n"
    other = "    earn other { on purchase where online\n give 5 points\n in promotions }\n"
    assert ("L603" in with_body(group + one + other)) is told


def test_a_limit_for_everyone_neither_binds_a_member_nor_is_idle() -> None:
    rule = "    earn more {{ on purchase\n give 5 points\n {0} }}\n"
    assert "L603" not in with_body(
        rule.format("limit 5 points per calendar month for everyone\n limit 9 points per calendar day")
    )
    assert "L603" in with_body(rule.format("limit 5 points per lifetime\n limit 9 points per calendar day"))


def test_a_currency_that_a_counter_counts_is_of_use_although_no_reward_takes_it() -> None:
    currency = "    currency status_points { round down per rule\n expire 12 months after earning }\n"
    rule = "    earn towards { on purchase\n give 1 status_point per $1 }\n"
    counter = "    counter earned_so_far = status_points earned in calendar year\n"
    assert "L604" in with_body(currency + rule)
    assert "L604" not in with_body(currency + rule + counter)


def test_rows_that_never_count_are_told() -> None:
    table = "    earn more {{ on purchase\n give by date {{ {0}\n from 2026-06-01 2 points }} }}\n"
    assert "L617" in with_body(table.format("from 2025-01-01 1 point\n from 2026-01-01 3 points"))
    assert "L617" not in with_body(table.format("from 2026-01-01 3 points"))


@pytest.mark.parametrize(
    ("when", "told"), [("status >= silver", True), ("status < gold", True), ("online", False)]
)
def test_a_row_that_excludes_what_its_rule_asks_for_is_told(when: str, told: bool) -> None:
    rows = "member 1 point\n gold 3 points\n silver 2 points"
    rule = f"    earn more {{ on purchase\n when {when}\n give by status {{ {rows} }} }}\n"
    assert ("L617" in with_body(TIERS.format(silver="$500", gold="$1,000") + rule)) is told


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        ("level d when x is b", "L618"),
        ("level d when spend in calendar year >= $0", "L618"),
        ("level d when spend in calendar year < $0", "L618"),
        ("level d when x is b or spend in calendar year >= $5", None),
        ("", "L619"),
    ],
)
def test_levels_that_nobody_or_everybody_earns_are_told(clauses: str, told: str | None) -> None:
    ladders = "    tiers x { hold 1 year\n level a\n level b when y is d }\n" if "x is b" in clauses else ""
    ladders += f"    tiers y {{ hold 1 year\n level c\n {clauses} }}\n"
    assert {code for code in with_body(ladders) if code in ("L618", "L619")} == ({told} if told else set())


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        ("on join\n give 50% of base", True),
        ("on purchase\n give 50% of base", False),
        ("on purchase\n raise base to 2% of base", True),
        ("on purchase\n raise base to 200% of base", False),
    ],
)
def test_shares_that_change_nothing_are_told(clauses: str, told: bool) -> None:
    assert ("L619" in with_body(f"    earn more {{ {clauses} }}\n")) is told
