"""Warnings about numbers and dates that do not go together: sound, in the designer's units."""

import pytest

from loyalty_dsl import pipeline
from loyalty_dsl.source import SourceText
from loyalty_dsl.testing.running import run_scenarios

SHOP = """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase { online yes/no }
    currency points {
        round   down per rule
        expire  12 months after earning
    }
    earn base {
        on    purchase
        RULE
    }
    MORE
    reward five_off {
        price  500 points
        give   $5 off up to the basket
    }
}
"""
GOLD = """\
    tiers status {
        hold  through end of calendar year
        level member
        level gold when points earned WINDOW >= 12,400 points
    }
"""


def warnings(rule: str, more: str = "") -> dict[str, str]:
    text = SHOP.replace("RULE", rule.replace("\n", "\n        ")).replace("MORE", more)
    checked = pipeline.check_sources([SourceText("shop.loyalty", text)])
    assert checked.book is not None, checked.diagnostics
    return {found.code: found.message for found in checked.diagnostics}


@pytest.mark.parametrize(
    ("limit", "window", "most"),
    [
        ("10,000 points per calendar year", "in calendar year", "10,000"),
        ("1,000 points per calendar month", "in calendar year", "12,000"),
        ("12,399 points per lifetime", "in calendar year", "12,399"),
        ("12,399 points per lifetime", "in lifetime", "12,399"),
        ("12,000 points per calendar year", "in calendar quarter", "12,000"),
        ("800 points per calendar month", "in rolling 12 months", "12,000"),  # of 13 to 15 months
    ],
)
def test_a_level_that_limits_keep_out_of_reach(limit: str, window: str, most: str) -> None:
    found = warnings(f"give 1 point per $1\nlimit {limit}", GOLD.replace("WINDOW", window))
    assert set(found) == {"L623"}
    assert "`gold` asks for 12,400 points" in found["L623"]
    assert f"limits allow {most} points at most, so nobody earns it" in found["L623"]


@pytest.mark.parametrize(
    ("limit", "window"),
    [
        ("1,100 points per calendar month", "in calendar year"),
        ("300 points per calendar week", "in calendar year"),
        ("10,000 points per calendar year", "in rolling 12 months"),
        ("10,000 points per calendar year", "in lifetime"),
        ("10,000 points per calendar year for everyone", "in calendar year"),
        ("10,000 points per calendar year when online", "in calendar year"),
    ],
)
def test_a_level_that_can_be_reached(limit: str, window: str) -> None:
    assert "L623" not in warnings(f"give 1 point per $1\nlimit {limit}", GOLD.replace("WINDOW", window))


def test_a_level_is_in_reach_where_one_rule_is_free() -> None:
    free = "    earn more { on purchase\n    give 1 point per $1 }\n"
    rule = "give 1 point per $1\nlimit 10,000 points per calendar year"
    assert "L623" not in warnings(rule, free + GOLD.replace("WINDOW", "in calendar year"))


@pytest.mark.parametrize(
    ("trigger", "units", "out_of_reach"),
    [
        ("join", 499, True),
        ("join", 500, False),
        ("start of calendar month", 33, True),  # 14 of them in a year that begins on any day, at most
        ("start of calendar month", 40, False),
        ("join\n on purchase", 10, False),
    ],
)
def test_a_price_that_occasions_alone_keep_out_of_reach(trigger: str, units: int, out_of_reach: bool) -> None:
    text = SHOP.replace("on    purchase", f"on {trigger}").replace("RULE", f"give {units} points")
    checked = pipeline.check_sources([SourceText("shop.loyalty", text.replace("MORE", ""))])
    found = {each.code: each.message for each in checked.diagnostics}
    assert ("L608" in found) is out_of_reach, found
    if trigger == "join" and out_of_reach:
        assert "its occasions and expiry let members hold 499 points at most" in found["L608"]


def test_limits_for_each_value_bound_nothing_together() -> None:
    rule = "give 1 point per $1\nlimit 40 points per calendar year per store"
    shop = SHOP.replace("online yes/no", "store one of a, b, c, d, e")
    text = shop.replace("RULE", rule).replace("MORE", "")
    checked = pipeline.check_sources([SourceText("shop.loyalty", text)])
    assert checked.book is not None, checked.diagnostics
    assert checked.diagnostics == ()


def test_what_members_bring_from_the_version_before_is_in_reach() -> None:
    rule = "give 1 point per $1"
    gold = GOLD.replace("WINDOW", "in lifetime")
    first = SHOP.replace("RULE", rule).replace("MORE", gold).replace("program shop", "program shop version 1")
    second = SHOP.replace("RULE", f"{rule}\nlimit 10,000 points per lifetime").replace("MORE", gold)
    second = second.replace("program shop", "program shop version 2").replace(
        "starts    2026-01-01 by purchase date",
        "replaces version 1 from 2027-01-01 by purchase date\n transition { keep points\n keep status }",
    )
    checked = pipeline.check_sources([SourceText("shop.loyalty", first + second)])
    assert checked.book is not None, checked.diagnostics
    assert "L623" not in {each.code for each in checked.diagnostics}


def test_a_rule_that_limits_keep_out_of_reach() -> None:
    when = "when points earned by base in calendar month > 99 points"
    more = f"    earn more {{ on purchase\n {when}\n give 1 point }}"
    found = warnings("give 1 point per $1\nlimit 99 points per calendar month", more)
    assert found["L623"].endswith("limits allow 99 points at most, so it never fires")


FALLING = "give by band of amount {\n from $0 2 points per $1\n from $100 1 point per $1\n}"


@pytest.mark.parametrize(
    ("rule", "whole", "parts"),
    [
        (FALLING, 100, (50, 50)),
        (
            "give by band of amount {\n from $0 nothing\n from $50 100 points\n from $100 150 points\n}",
            100,
            (50, 50),
        ),
        (
            "give by slices of amount {\n from $0 2 points per $1\n from $100 1 point per $1\n}",
            200,
            (100, 100),
        ),
    ],
)
def test_a_purchase_that_is_better_split_is_told_with_what_happens(
    rule: str, whole: int, parts: tuple[int, int]
) -> None:
    message = warnings(rule)["L624"]
    told = [int(word) for word in message.replace("`", " ").split() if word.isdigit()]
    text = SHOP.replace("RULE", rule).replace("MORE", "")
    for paid, points in (((whole,), told[0]), (parts, told[1])):
        lines = "".join(f"on 2026-01-02 purchase ${each} with online no\n" for each in paid)
        scenario = f'scenario "a" for shop {{\n{lines}on 2026-01-02 expect {points} points\n}}\n'
        book = pipeline.check_sources([SourceText("shop.loyalty", text + scenario)]).book
        assert book is not None
        assert all(result.passed for result in run_scenarios(book, "reference"))
    assert f"for ${whole}.00" in message


@pytest.mark.parametrize(
    "rule",
    [
        "give 1 point per whole $10",
        "give by band of amount {\n from $0 1 point per $1\n from $100 2 points per $1\n}",
        "give by band of amount {\n from $0 nothing\n from $50 100 points\n from $100 250 points\n}",
        FALLING + "\nlimit 1 time per calendar day",
        FALLING + "\nwhen balance of points >= 10 points",
        "give 1 point per $1\nlimit 100 points per event\nlimit 300 points per calendar day",
        "give 100 points\nlimit 99 points per calendar day",
    ],
)
def test_a_purchase_that_is_not_better_split(rule: str) -> None:
    assert "L624" not in warnings(rule)


def test_a_limit_per_event_alone_is_got_around() -> None:
    message = warnings("give 1 point per $1\nlimit 100 points per event")["L624"]
    assert message.startswith("`base` gives 100 points at most for an event, and nothing counts longer")


@pytest.mark.parametrize(
    ("combine", "first", "second", "idle"),
    [
        ("best of", "give 100 points", "give 99 points", "second"),
        ("best of", "give 100 points", "give 100 points", None),
        ("best of", "give 100 points", "give 1 point per $1", None),
        ("best of", "give 2 points per $1", "when online\n give 1 point per whole $1", "second"),
        ("best of", "when online\n give 2 points per $1", "give 1 point per $1", None),
        ("best of", "give 2 points per whole $10", "give 1 point per $10", None),
        ("best of", "when online\n give 9 points", "give 10 points", "first"),
        ("first", "give 1 point", "give 100 points", "second"),
        ("first", "limit 1 time per calendar day\n give 1 point", "give 100 points", None),
        ("first", "give 1 point per $1", "give 100 points", None),  # which may be worth nothing
        ("add", "give 100 points", "give 99 points", None),
    ],
)
def test_a_rule_of_a_group_that_is_never_paid(
    combine: str, first: str, second: str, idle: str | None
) -> None:
    verb = "" if combine == "add" else f"combine {combine}"
    rules = [
        f"earn {name} {{\n on purchase\n {body}\n in offers\n }}"
        for name, body in (("first", first), ("second", second))
    ]
    found = warnings("give 1 point", f"group offers {{\n {verb or 'combine add'}\n }}\n" + "\n".join(rules))
    assert ("L619" in found) is (idle is not None)
    assert idle is None or found["L619"].startswith(f"`{idle}` is never paid")


@pytest.mark.parametrize(("least", "told"), [(60, True), (40, False)])
def test_a_table_whose_every_row_gives_back_more_than_half(least: int, told: bool) -> None:
    rows = f"give by online {{\n yes 90 points per $1\n no {least} points per $1\n}}"
    found = warnings(rows)
    assert ("L607" in found) is told
    if told:
        assert "can give back 60% of what members spend" in found["L607"]


def test_one_of_several_dates_is_before_the_start() -> None:
    found = warnings("dates 2025-12-24, 2026-12-24\ngive 1 point")
    assert found == {"L625": "2025-12-24 among the dates of `base` is before the program starts"}
    assert warnings("dates 2026-12-24, 2027-12-24\ngive 1 point") == {}
    assert set(warnings("dates 2025-12-24\ngive 1 point")) == {"L601"}


@pytest.mark.parametrize("deciding", ["purchase", "ordered"])
def test_dates_after_the_next_version_has_taken_over(deciding: str) -> None:
    program = (
        SHOP.replace("RULE", "DATES\ngive 1 point")
        .replace("MORE", "")
        .replace("online yes/no", "online yes/no\n ordered date")
    )
    first = program.replace("DATES", "dates 2027-12-24").replace("program shop", "program shop version 1")
    second = (
        program.replace("DATES\n", "")
        .replace("program shop", "program shop version 2")
        .replace(
            "starts    2026-01-01 by purchase date",
            f"replaces version 1 from 2027-01-01 by {deciding} date\n transition {{ keep points }}"
            if deciding == "purchase"
            else f"replaces version 1 from 2027-01-01 by {deciding}\n transition {{ keep points }}",
        )
    )
    checked = pipeline.check_sources([SourceText("shop.loyalty", first + second)])
    found = {each.code: each.message for each in checked.diagnostics}
    if deciding == "purchase":
        assert "begin when another version counts already" in found["L625"]
    else:
        assert "L625" not in found


def test_a_field_that_shadows_a_counter_is_told_of_behind_where_alone() -> None:
    more = (
        "    counter online_spend = spend in calendar year\n    event stay { online_spend money }\n"
        "    earn stays { on stay where online_spend >= $3\n give 1 point }\n"
    )
    assert "is the field of the event here" in warnings("give 1 point", more)["L626"]
    other = more.replace("stay where online_spend >= $3", "purchase\n when online_spend >= $3")
    assert "L626" not in warnings("give 1 point", other)


@pytest.mark.parametrize(
    ("test", "never"),
    [("before 00:00", True), ("before 00:01", False), ("from 23:59", False)],
)
def test_a_time_that_never_comes(test: str, never: bool) -> None:
    found = warnings(f"when time {test}\ngive 1 point")
    assert ("L602" in found) is never
    if never:
        assert found["L602"] == "what `base` asks for never holds, so it never fires"


@pytest.mark.parametrize(
    ("choose", "transition", "warned"),
    [
        ("choose 1", "", True),
        ("choose 1", "transition { keep choice }", False),
        ("choose 1 through march 1 otherwise many", "", False),
    ],
)
def test_a_menu_that_loses_its_last_day(choose: str, transition: str, warned: bool) -> None:
    menu = (
        "menu choice {\n on purchases_made reaches 5\n CHOOSE\n option many { give 50 points }\n"
        " option few { give 5 points }\n }\n counter purchases_made = purchases in calendar year"
    )
    program = SHOP.replace("RULE", "give 1 point").replace("MORE", menu)
    first = program.replace("program shop", "program shop version 1")
    first = first.replace("CHOOSE", "choose 1 through january 8 otherwise many")
    second = (
        program.replace("program shop", "program shop version 2")
        .replace("CHOOSE", choose)
        .replace(
            "starts    2026-01-01 by purchase date",
            f"replaces version 1 from 2027-01-01 by purchase date\n {transition}",
        )
    )
    checked = pipeline.check_sources([SourceText("shop.loyalty", first + second)])
    assert checked.book is not None, checked.diagnostics
    assert ("L620" in {each.code for each in checked.diagnostics}) is warned
