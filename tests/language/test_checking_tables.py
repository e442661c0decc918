"""Tables and amounts once they are checked, and which are refused."""

from fractions import Fraction

import pytest
from club import errors, is_value, program_of, rule

from loyalty_dsl.language.amounts import (
    Case,
    Choice,
    Flat,
    Nothing,
    PerField,
    PerItem,
    PerMoney,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.conditions import (
    Base,
    EventDay,
    Order,
    StatusOf,
)
from loyalty_dsl.language.program import Combine
from loyalty_dsl.language.types import Kind

# ---- tables


def amount_of(give: str, on: str = "purchase") -> object:
    return program_of(rule(f"on {on}\ngive {give}")).earns[0].amount


def test_the_last_of_all_cases_needs_no_condition() -> None:
    amount = amount_of("by status { member 1 point\n silver 2 points\n gold 3 points }")
    assert amount == Choice(
        (
            Case(is_value(StatusOf(0), 0, Kind.LEVEL), Flat(1)),
            Case(is_value(StatusOf(0), 1, Kind.LEVEL), Flat(2)),
        ),
        Flat(3),
    )


def test_others_hold_for_what_is_not_listed() -> None:
    amount = amount_of("by status { gold 3 points\n others nothing }")
    assert amount == Choice((Case(is_value(StatusOf(0), 2, Kind.LEVEL), Flat(3)),), Nothing())


def test_rows_by_date_hold_from_their_day_and_the_first_from_the_program_s_start() -> None:
    amount = amount_of("by date { from 2020-01-01 1 point\n from 2026-06-01 2 points }")
    june = is_value(EventDay(), 20605, Kind.DATE, Order.AT_LEAST)
    assert amount == Choice((Case(june, Flat(2)),), Flat(1))


def test_tables_nest_and_bands_ascend() -> None:
    amount = amount_of(
        "by date { from 2026-01-01 by band of basket { from $0 1 point per $1\n from $100 2 points per $1 }\n"
        " from 2026-06-01 3 points per $1 }"
    )
    assert isinstance(amount, Choice)
    assert [case.amount for case in amount.cases] == [
        PerMoney(3, 100, False, Base.AMOUNT),
        PerMoney(2, 100, False, Base.AMOUNT),
    ]
    assert amount.otherwise == PerMoney(1, 100, False, Base.AMOUNT)


def test_two_keys_give_rows_and_columns() -> None:
    amount = amount_of("by zone and cabin { columns economy, business\n us 1 point, 2 points\n eu 3 points }")
    assert isinstance(amount, Choice)
    assert [case.amount for case in amount.cases] == [Flat(1), Flat(2)]
    assert amount.otherwise == Flat(3)


def test_slices_are_marginal() -> None:
    amount = amount_of(
        "by slices of amount { from $0 nothing\n from $10 1.5 points per $1\n from $50 1 point per $1 }"
    )
    assert amount == Slices(Base.AMOUNT, (0, 1000, 5000), (0, 3, 1), (1, 200, 100))


@pytest.mark.parametrize(
    ("give", "message"),
    [
        ("by status { member 1 point\n gold 3 points }",
         "L324 this table says nothing for `status` `silver`"),
        ("by cardholder { yes 1 point }", "L324 this table says nothing for `cardholder` `no`"),
        ("by payment { card 1 point\n card 2 points\n others nothing }",
         "L325 `card` has a row or column already"),
        ("by payment { crad 1 point\n others nothing }", "L308 `crad` is not among the values of `payment`"),
        ("by payment { card 1 point\n others $1 cash }", "L302 this gives cash, and another row points"),
        ("by date { from 2026-02-01 1 point }", "L324 this table says nothing for `date` before 2026-02-01"),
        ("by booked { from 2020-02-01 1 point }",
         "L324 this table says nothing for `booked` before 2020-02-01"),
        ("by band of basket { from $5 1 point }", "L324 this table says nothing for `basket` below $5"),
        ("by band of basket { from $0 1 point\n from $9 2 points\n from $5 3 points }",
         "L326 `from $5` is not above the row before it"),
        ("by date { from 2027-01-01 1 point\n from 2025-01-01 2 points }",
         "L326 `from 2025-01-01` is not above the row before it"),
        ("by basket { from $0 1 point }", "L329 `basket` is money, so a table has bands of it"),
        ("by band of payment { card 1 point }", "L329 `payment` is one of"),
        ("by payment { from $0 1 point }", "L329 the rows of a table by `payment` begin with its values"),
        ("by zone and cabin { columns economy\n us 1 point\n eu 2 points }",
         "L324 this table says nothing for `cabin` `business`"),
        ("by zone and cabin { columns economy, business\n us 1 point, 2 points, 3 points\n eu 2 points }",
         "L329 this row has 3 amounts, and the table has 2 columns"),
        ("by slices of amount { from $5 1 point per $1 }",
         "L324 this table says nothing for `amount` below $5"),
        ("by slices of amount { from $0 5 points }", "L329 a slice has an amount per money, or nothing"),
        ("by payment { card nothing\n cash nothing }", "L310 every row of this table gives nothing"),
        ("by nights { from 0 1 point }", "L329 `nights` is a number, so a table has bands of it"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused(give: str, message: str) -> None:
    (error,) = errors(rule(f"on purchase\ngive {give}"))
    assert error.startswith(message)


# ---- amounts


@pytest.mark.parametrize(
    ("give", "units", "per", "whole"),
    [
        ("1 point per night", 1, 1, False),
        ("2 points per 3 nights", 2, 3, False),
        ("1.5 points per night", 3, 2, False),
        ("5 points per $1 of fare", 5, 100, False),
        ("1 point per whole $2 of fare", 1, 200, True),
    ],
)
def test_amounts_per_field_are_ratios(give: str, units: int, per: int, whole: bool) -> None:
    amount = amount_of(give, "stay")
    assert isinstance(amount, PerField)
    assert (amount.units, amount.per, amount.whole) == (units, per, whole)


@pytest.mark.parametrize(
    ("give", "units", "per", "whole", "times"),
    [
        ("75% of nights as points", 3, 4, False, None),
        ("2 points per night times nights", 2, 1, False, "nights"),
        ("1 point per whole $2 of fare times nights", 1, 200, True, "nights"),
    ],
)
def test_a_number_is_shared_and_multiplies(
    give: str, units: int, per: int, whole: bool, times: str | None
) -> None:
    amount = amount_of(give, "stay")
    assert isinstance(amount, PerField)
    assert (amount.units, amount.per, amount.whole) == (units, per, whole)
    assert (None if amount.times is None else amount.times.name) == times


def test_a_rate_of_money_is_multiplied() -> None:
    amount = amount_of("1 point per $1 times nights", "stay")
    assert isinstance(amount, PerMoney)
    assert (amount.units, amount.per, amount.base) == (1, 100, Base.AMOUNT)
    assert amount.times is not None
    assert amount.times.name == "nights"


def test_items_are_counted_one_by_one() -> None:
    assert amount_of("3 points per item") == PerItem(3)


def test_a_share_of_a_group_is_of_all_its_rules_and_comes_after_them() -> None:
    program = program_of(
        rule("on purchase\ngive 60% of pair", "bonus")
        + "    group pair { combine best of }\n"
        + rule("on purchase\ngive 1 point per $1\nin pair", "single")
        + rule("on purchase\ngive 2 points\nin pair", "double")
        + rule("on purchase\ngive 20% of one_more as cash", "other_money")
        + rule("on purchase\ngive 5 points", "one_more")
        + rule("on purchase\nraise one_more to 200% of one_more", "twice")
    )
    assert program.earns[0].amount == ShareOfRules(Fraction(3, 5), (1, 2))
    assert program.earns[3].amount == ShareOfRules(Fraction(20), (4,))  # 20% of 5 points is $1.00
    assert program.earns[5].raises == (4,)
    assert program.order == (1, 2, 0, 4, 3, 5)
    assert program.groups[0].rules == (1, 2)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (rule("on purchase\ngive 50% of b", "a") + rule("on purchase\ngive 50% of a", "b"),
         "L327 these rules wait"),
        (rule("on purchase\ngive 50% of base as points"),
         "L327 these rules wait for each other: `base` needs `base`"),
        (
            "    group g { combine first }\n"
            + rule("on purchase\ngive 1 point\nin g", "a")
            + rule("on purchase\ngive 2 points\nin g", "b")
            + rule("on purchase\ngive 50% of a", "c"),
            "L328 `a` is in `g`, of which only one rule is paid",
        ),
        (rule("on purchase\ngive 50% of bse", "a") + rule("on purchase\ngive 1 point"),
         "L201 `bse` is neither"),
        (rule("on purchase\ngive 1 point per payment"), "L301 `payment` is one of"),
        (rule("on purchase\ngive 1 point per night"), "L201 there is no number `night` of `purchase`"),
        (rule("on purchase\non stay\ngive 1 point per night"), "L309 `night` cannot be read here"),
        (rule("on stay\ngive 1 point per item"), "L320 only a purchase has items"),
        (rule("on birthday\ngive 1 point per $1"), "L309 a midnight carries no amount"),
        (rule("on purchase\nraise a to $5 cash") + rule("on purchase\ngive 1 point", "a"),
         "L302 `a` gives points"),
        (rule("on stay\ngive 75% of nights"), "L321 `75% of nights` is a number"),
        (rule("on stay\ngive 75% of nights as cash"), "L321 `nights` is a number, and `cash`"),
        (rule("on stay\ngive 1 point per $1 times fare"), "L301 `fare` is money, and `times` is by a number"),
        (rule("on stay\ngive 1 point per $1 times guests"), "L201 there is no number `guests` of `stay`"),
        (rule("on purchase\ngive nothing"), "L310 a rule that gives nothing does nothing"),
        (rule("on purchase\ngive 1 point\nin g"), "L201 there is no group `g`"),
        (rule("on purchase\ngive 5 points per dollar"), "L319 `dollar` is not how money is written here"),
    ],
)  # fmt: skip
def test_a_wrong_amount_is_refused(body: str, message: str) -> None:
    (error,) = errors(body)
    assert error.startswith(message)


def test_a_chain_of_shares_that_does_not_fit_is_refused() -> None:
    chain = rule("on purchase\ngive 1.0000001 points per $1", "r0") + "".join(
        rule(f"on purchase\ngive 99.999999% of r{number}", f"r{number + 1}") for number in range(3)
    )
    found = errors(chain)
    assert found
    assert all(error.startswith("L311") for error in found)


def test_groups_prefer_as_declared_or_the_newest_first() -> None:
    program = program_of(
        "    group g { combine newest\n limit 10 points per event }\n"
        + rule("on purchase\ngive 1 point\nin g", "always")
        + rule("on purchase\ndates from 2026-03-01 through 2026-04-01\ngive 2 points\nin g", "march")
        + rule("on purchase\ndates from 2026-06-01\ngive 3 points per $1\nin g", "june")
    )
    (group,) = program.groups
    assert (group.combine, group.rules) == (Combine.NEWEST, (2, 1, 0))
    assert [(limit.most, limit.window) for limit in group.limits] == [(10, None)]
    assert [earn.group for earn in program.earns] == [0, 0, 0]


@pytest.mark.parametrize(
    ("give", "refused"),
    [
        ("900,000 points per night", False),
        ("1,100,000 points per night", True),
        ("900,000 points per item", False),
        ("1,100,000 points per item", True),
        ("by status { member 1 point per $1\n others 200,000 points per $1 }", True),
        ("by slices of basket { from $0 1 point per $1\n from $9 200,000 points per $1 }", True),
    ],
)
def test_what_one_event_could_give_is_bounded_in_every_row(give: str, refused: bool) -> None:
    event = "stay" if "night" in give else "purchase"
    found = errors(rule(f"on {event}\ngive {give}"))
    assert [error[:4] for error in found] == (["L311"] if refused else [])


def test_rules_that_are_compared_need_a_common_denominator_that_fits() -> None:
    rules = [
        rule(f"on purchase\ngive {rate} points per ${per}\nin g", name)
        for name, rate, per in (("a", "1", "99,999.89"), ("b", "1", "99,998.77"), ("c", "1", "99,997.63"))
    ]
    assert errors("    group g { combine first }\n" + "".join(rules)) == []
    (error,) = errors("    group g { combine best of }\n" + "".join(rules))
    assert error.startswith("L311 the rates of `g` have a common denominator")


def test_a_rule_that_makes_up_a_total_needs_one_with_it() -> None:
    body = rule("on purchase\ngive 1 point per $99,999,999.89", "a")
    assert errors(body + rule("on purchase\ngive 1 point per $99,999,998.77", "b")) == []
    raised = body + rule("on purchase\nraise a to 1 point per $99,999,998.77", "b")
    (error,) = errors(raised)
    assert error.startswith("L311 `b` is counted in parts of")
