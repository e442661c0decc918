"""Rewards, benefits, referral and returns, once they are checked: REDEEM, BENEFIT, REFER."""

from fractions import Fraction

import pytest

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.conditions import (
    All,
    BalanceOf,
    Base,
    Compare,
    CounterValue,
    EventAmount,
    EventField,
    IsReferred,
    Literal,
    Order,
)
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.program import CostOfFace, CostPerUse, LimitOf, Program
from loyalty_dsl.language.rewards import (
    BalanceGiven,
    FreeItem,
    MoneyOff,
    PercentOff,
    RewardCase,
    Taking,
    Thing,
    UnitsGiven,
)
from loyalty_dsl.language.types import JOIN, PURCHASE, Kind
from loyalty_dsl.source import SourceText

PROGRAM = """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by event date
    member { birthday date }
    event purchase { zone one of us, eu
                     cabin one of economy, business }
    event stay { nights number }
    item { category one of drink, food }
    counter year_spend = spend in calendar year
    tiers status {
        hold   through end of calendar year
        level  insider
        level  vib when year_spend >= $350
        level  rouge when year_spend >= $1,000
    }
    currency points { round down per rule
                      expire never }
    currency drinks { round down per rule
                      expire 30 days after earning }
    currency cash in money { round down per rule
                             expire never }
    currency notes in money { round down per rule
                              expire 12 months after earning }
    earn base { on purchase
                give 1 point per $1 }
BODY
}
"""


def check(body: str) -> tuple[Book | None, list[Diagnostic]]:
    file, broken = parse_file(SourceText("shop.loyalty", PROGRAM.replace("BODY", body)))
    book, found = check_book([file], broken)
    return book, [*broken, *found]


def program(body: str) -> Program:
    book, found = check(body)
    assert book is not None, [(finding.code, finding.message, finding.help) for finding in found]
    return book.programs[0]


def mistakes(body: str) -> list[str]:
    book, found = check(body)
    assert book is None
    return [finding.code for finding in found if finding.is_error]


POINTS, DRINKS, CASH, NOTES = 0, 1, 2, 3


@pytest.mark.parametrize(
    ("body", "currency", "case", "taking"),
    [
        ("price 500 points\ngive $5 off in full", POINTS, RewardCase(None, 500, False, MoneyOff(500, True)),
         Taking.CHOSEN),
        ("price 2,000 points\ngive $20 notes\nissue automatically", POINTS,
         RewardCase(None, 2000, False, UnitsGiven(NOTES, 2000)), Taking.AFTER_EARNING),
        ("price 7 points\ngive 1 drink\nissue automatically", POINTS,
         RewardCase(None, 7, False, UnitsGiven(DRINKS, 1)), Taking.AFTER_EARNING),
        ("price all cash\nminimum $10 cash\ngive 100% as notes\nissue automatically", CASH,
         RewardCase(None, 1, True, BalanceGiven(NOTES, Fraction(1))), Taking.AFTER_EARNING),
        ("price 100 points\ngive 10% off for items where category is drink", POINTS,
         RewardCase(None, 100, False, PercentOff(Fraction(1, 10))), Taking.CHOSEN),
        ("price 150 points\nfor items where category is drink\ngive free item up to $6.00", POINTS,
         RewardCase(None, 150, False, FreeItem(600)), Taking.CHOSEN),
        ("price 150 points\ngive free item", POINTS, RewardCase(None, 150, False, FreeItem(None)),
         Taking.CHOSEN),
        ("price 100 points\ngive 1 sample", POINTS, RewardCase(None, 100, False, Thing("sample")),
         Taking.CHOSEN),
    ],
)  # fmt: skip
def test_each_face_is_checked(body: str, currency: int, case: RewardCase, taking: Taking) -> None:
    body = body.replace(" for items", "\nfor items")
    reward = program(f"    reward it {{ {body}\n    }}").rewards[0]
    assert (reward.currency, reward.cases, reward.taking) == (currency, (case,), taking)
    assert (reward.items is not None) == ("for items" in body)


@pytest.mark.parametrize(
    ("body", "price", "off"),
    [
        ("price $1 notes per $1 off\nissue automatically at checkout", 1, 1),
        ("price 100 points per $1 off\nsteps $5", 500, 500),
        ("price 3 points per $1 off", 3, 100),
        ("price 250 points per $10 off", 1, 4),
    ],
)
def test_points_as_money_are_used_in_the_smallest_steps_or_in_those_it_says(
    body: str, price: int, off: int
) -> None:
    reward = program(f"    reward pay {{ {body}\n    }}").rewards[0]
    assert reward.cases == (RewardCase(None, price, False, MoneyOff(off, False)),)
    assert reward.as_much


def test_a_table_of_prices_gives_a_case_for_each_row_and_none_where_it_is_not_offered() -> None:
    reward = program(
        """\
    reward treat {
        price by zone and cabin {
            columns  economy, business
            us       100 points, 200 points
            eu       300 points, not offered
        }
        give  $5 off up to the basket
    }"""
    ).rewards[0]
    assert sorted(case.price for case in reward.cases) == [100, 200, 300]
    assert all(case.when is not None for case in reward.cases)
    assert {case.face for case in reward.cases} == {MoneyOff(500, False)}


def test_a_table_of_what_is_given_applies_to_a_benefit_as_to_a_reward() -> None:
    checked = program(
        """\
    benefit sale {
        on    purchase
        give  by status {
            insider  10% off
            vib      15% off
            rouge    20% off
        }
        cost  100% of face value
    }"""
    )
    sale = checked.rewards[0]
    assert [case.face for case in sale.cases] == [
        PercentOff(Fraction(1, 10)), PercentOff(Fraction(3, 20)), PercentOff(Fraction(1, 5)),
    ]  # fmt: skip
    assert (sale.currency, sale.taking, {case.price for case in sale.cases}) == (-1, Taking.BENEFIT, {0})
    assert [trigger.event for trigger in sale.triggers] == [PURCHASE]
    assert isinstance(sale.cost, CostOfFace)


def test_a_benefit_of_a_thing_can_come_at_a_midnight() -> None:
    checked = program(
        """\
    benefit gift {
        on     birthday
        give   1 gift
        limit  1 time per calendar year
        cost   $4.00
        worth  $10
    }"""
    )
    gift = checked.rewards[0]
    assert [trigger.event for trigger in gift.triggers] == [len(checked.events)]
    assert gift.cases == (RewardCase(None, 0, False, Thing("gift")),)
    assert gift.limits[0].of is LimitOf.TIMES
    assert isinstance(gift.cost, CostPerUse)
    assert gift.worth is not None
    assert gift.worth.value == 1000


def test_a_reward_may_ask_for_a_status_and_be_limited_for_everyone() -> None:
    reward = program(
        """\
    reward big { price 100 points
                 give 1 sample
                 when status is rouge
                 limit 20,000 times per calendar month for everyone }"""
    ).rewards[0]
    assert reward.when is not None
    assert (reward.limits[0].most, reward.limits[0].window, reward.limits[0].everyone) == (
        20_000, Unit.MONTH, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("reward a { price 500 points\ngive $5 off }", "L318"),
        ("reward a { price 500 points\ngive 1 sampel\nissue automatically }", "L344"),
        ("reward a { price 500 points\ngive $5 off in full\nissue automatically }", "L344"),
        ("reward a { price 500 points\ngive 1 sample\nissue automatically at checkout }", "L345"),
        ("reward a { price 500 points\ngive 1 drnk }", "L201"),
        ("reward a { price 500 points\ngive 2 samples }", "L346"),
        ("reward a { price 500 points\ngive 100 points }", "L347"),
        ("reward a { price all cash\ngive 100% as cash }", "L347"),
        ("reward a { price all points\ngive $5 off in full }", "L348"),
        ("reward a { price 500 points\ngive 100% as notes }", "L348"),
        ("reward a { price all points\ngive 100% as notes }", "L348"),
        ("reward a { price 500 points\ngive 1 sample\nfor items where category is drink }", "L320"),
        ("reward a { price 500 points\ngive 110% off }", "L404"),
        ("reward a { price 500 points\ngive 1 sample\nsteps $5 }", "L349"),
        ("reward a { price 500 points\ngive 1 sample\ncost 50% of face value }", "L350"),
        ("reward a { price 500 points\ngive 1 drink\ncost 50% of face value }", "L350"),
        ("reward a { price 500 points\ngive 1 sample\nlimit $5 per calendar day }", "L351"),
        ("reward a { price 100 points per $1 off\ngive $5 off in full }", "L349"),
        ("reward a { price 3 points per $1 off\nsteps $0.50 }", "L349"),
        ("benefit a { on purchase\nprice 5 points\ngive 1 sample }", "L206"),
        ("benefit a { give 1 sample }", "L204"),
        ("benefit a { on stay\ngive 10% off }", "L352"),
        ("benefit a { on stay\ngive 100% as notes }", "L348"),
        ("reward a { price 500 points\ngive by slices of amount { from $0 $5 off in full } }", "L329"),
        ("reward a { price by slices of amount { from $0 5 points }\ngive 1 sample }", "L329"),
        ("reward a { price 500 points\ngive 1 point per $1 }", "L206"),
        (
            "reward a { price 500 points\ngive by zone { us by slices of amount { from $0 $5 off in full }\n"
            "eu $5 off in full } }",
            "L206",
        ),
        ("reward a { price by zone { us 5 points\neu $5 cash }\ngive 1 sample }", "L302"),
        ("reward a { price by zone { us 5% back\neu not offered }\ngive 1 sample }", "L206"),
        ("reward a { price by zone { us not offered\neu not offered }\ngive 1 sample }", "L346"),
        ("reward a { price 5 points\ngive nothing }", "L310"),
        ("reward a { price 5 points\ngive 1 sample to friend }", "L206"),
        ("reward a { price 5 points\ngive 1 sample\nlimit 5 times per lifetime to friend }", "L206"),
        ("reward a { price 5 points\ngive 5% of basket as notes }", "L348"),
        ("reward a { price 5 points\ngive 1 drink\nissue automatically\nminimum $5 }", "L309"),
        ("reward a { price 5 points\ngive 1 drink\nissue automatically\nwhen zone is us }", "L309"),
        ("benefit a { on purchase\ngive 1 sample\nissue automatically }", "L206"),
        ("benefit a { on purchase\ngive 1 sample\nminimum 5 points }", "L206"),
        ("reward a { on purchase\nprice 5 points\ngive 1 sample }", "L206"),
        ("reward a { on first stay\nprice 5 points\ngive 1 sample }", "L206"),
        ("reward a { on join\nprice 5 points\ngive 1 sample }", "L506"),
        ("reward a { on sty\nprice 5 points\ngive 1 sample }", "L201"),
        ("reward a { on stay\non stay\nprice 5 points\ngive 1 sample }", "L330"),
        ("reward a { on stay\nprice 5 points\ngive $5 off in full }", "L352"),
        ("reward a { on stay\nprice 5 points\ngive 1 drink\nissue automatically }", "L206"),
        ("reward a { price 5 points\ngive 1 sample\nwhen has pionts }", "L201"),
        ("reward a { price 5 points\ngive 1 sample\nwhen has }", "L101"),
    ],
)
def test_what_a_reward_cannot_be_is_refused(body: str, code: str) -> None:
    assert mistakes("    " + body) == [code]


def test_a_reward_is_chosen_at_an_event_of_its_own() -> None:
    body = "    reward a { on stay\nprice 5 points when has notes\nprice 9 points\ngive 1 sample }"
    chosen = program(body).rewards[0]
    assert (chosen.taking, program(body).events[chosen.at].name, chosen.triggers) == (
        Taking.CHOSEN, "stay", (),
    )  # fmt: skip
    assert chosen.cases[0].when == Compare(BalanceOf(NOTES), Order.AT_LEAST, Literal(1, Kind.UNITS))


def test_rewards_after_earning_that_give_what_the_other_takes_are_refused() -> None:
    body = """\
    reward a { price 10 points
               give 1 drink
               issue automatically }
    reward b { price 1 drink
               give 10 points
               issue automatically }"""
    assert mistakes(body) == ["L353"]


# ---- returns


@pytest.mark.parametrize(
    ("body", "negative", "rechecks"),
    [
        ("balance goes negative", True, False),
        ("balance stops at zero\ntier keeps", False, False),
        ("reverse points and counters\nbalance stops at zero", False, False),
        ("balance goes negative\ntier rechecks", True, True),
    ],
)
def test_returns_say_what_happens_to_the_balance_and_the_tier(
    body: str, negative: bool, rechecks: bool
) -> None:
    returns = program(f"    returns {{ {body} }}").returns
    assert returns is not None
    assert (returns.negative, returns.rechecks) == (negative, rechecks)


def test_returns_are_written_once() -> None:
    assert mistakes("    returns { balance goes negative }\n    returns { tier keeps }") == ["L205"]
    assert mistakes("    returns { balance goes negative\ntier keeps\ntier rechecks }") == ["L205"]


def test_returns_say_what_a_balance_may_come_to() -> None:
    assert mistakes("    returns { tier keeps }") == ["L204"]


# ---- referral


def test_a_referral_is_rules_of_the_member_and_of_the_friend() -> None:
    checked = program(
        """\
    referral friends {
        on     first purchase by friend within 30 days of join where amount >= $40
        give   $10 cash
        give   500 points to friend
        limit  16 times per calendar year
        limit  1 time per lifetime to friend
    }"""
    )
    _, own, friends = checked.earns
    assert [rule.name for rule in checked.earns] == ["base", "friends", "friends to friend"]
    assert (own.amount, own.currency) == (Flat(1000), CASH)
    assert [limit.most for limit in own.limits] == [16]
    kind = checked.friend_kinds[0]
    assert (kind.of, kind.kept) == (PURCHASE, Duration(0, Unit.DAY))
    assert kind.numbered is not None
    assert checked.counters[kind.numbered].where == Compare(
        EventAmount(Base.BASKET), Order.AT_LEAST, Literal(4000, Kind.MONEY)
    )
    assert own.triggers[0].event == kind.event == 3
    fields = [field.name for field in checked.events[3].fields]
    assert fields == ["zone", "cabin", "ordinal", "days_since_join"]
    where = own.triggers[0].where
    assert isinstance(where, All)
    assert [type(test.left) for test in where.conditions if isinstance(test, Compare)][:2] == [
        EventField, EventField,
    ]  # fmt: skip
    assert (friends.amount, friends.currency) == (Flat(500), POINTS)
    assert [limit.most for limit in friends.limits] == [1]
    assert friends.triggers[0].event == PURCHASE
    theirs = friends.triggers[0].where
    assert isinstance(theirs, All)
    operands = [test.left for test in theirs.conditions if isinstance(test, Compare)]
    assert any(isinstance(operand, IsReferred) for operand in operands)
    assert any(isinstance(operand, CounterValue) for operand in operands)


def test_a_referral_on_join_or_kept_has_a_kind_of_event_of_its_own() -> None:
    checked = program(
        """\
    referral joins { on join by friend
                     give 100 points
                     give 50 points to friend }
    referral keeps { on first 3 purchases by friend kept 14 days
                     give 100 points }
    earn month { on start of calendar month
                 give 1 point }"""
    )
    assert [(kind.of, kind.kept, kind.event) for kind in checked.friend_kinds] == [
        (JOIN, Duration(0, Unit.DAY), 3), (PURCHASE, Duration(14, Unit.DAY), 4),
    ]  # fmt: skip
    by_name = {rule.name: rule for rule in checked.earns}
    assert by_name["joins"].triggers[0].event == 3
    assert by_name["joins to friend"].triggers[0].event == JOIN
    where = by_name["keeps"].triggers[0].where
    assert isinstance(where, Compare)
    assert where.order is Order.AT_MOST
    assert all(kind.numbered is None for kind in checked.friend_kinds)
    assert by_name["month"].triggers[0].event == len(checked.events) == 5
    assert [rule.index for rule in checked.earns] == list(range(len(checked.earns)))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("give 10 points", "L204"),
        ("on first purchase by friend", "L204"),
        ("on first purchase by friend kept 14 days\ngive 10 points\ngive 5 points to friend", "L190"),
        ("on first purchase by friend within 2 months of join\ngive 10 points", "L354"),
        ("on first 0 purchases by friend\ngive 10 points", "L310"),
        ("on join by friend where amount >= $40\ngive 10 points", "L309"),
        ("on join by friend\ngive 10 points\nlimit 2 times per lifetime to friend", "L355"),
        ("on join by friend\ngive 1 point per $1", "L309"),
        ("on first purchase by friend\ngive 10% of base", "L190"),
        ("on first purchase by friend\ngive $5 off in full", "L206"),
    ],
)
def test_what_a_referral_cannot_say_is_refused(body: str, code: str) -> None:
    assert mistakes(f"    referral friends {{ {body}\n    }}") == [code]


def test_a_first_purchase_by_oneself_can_carry_a_benefit() -> None:
    checked = program(
        """\
    benefit friend_discount {
        on    first purchase where referred and amount >= $40
        give  15% off
        cost  100% of face value
    }"""
    )
    assert checked.rewards[0].triggers[0].event == PURCHASE
