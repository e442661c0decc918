"""What a checked program, population and scenario hold, and what is said of a book as a whole."""

from datetime import date
from fractions import Fraction

import pytest

from loyalty_dsl.calendar import Duration, Unit, day_of
from loyalty_dsl.choosing import choose_population
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.checking.declarations import FIELDS_TAKEN
from loyalty_dsl.language.conditions import BalanceOf, Base, Compare, Literal, Order
from loyalty_dsl.language.expiry import AfterEarning
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import LeavePerPeriod
from loyalty_dsl.language.program import DayRange, DaysOfMonth, LimitOf, Program, RoundPer
from loyalty_dsl.language.types import JOIN, PURCHASE, Kind
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.source import SourceText
from loyalty_dsl.transactions.schema import RESERVED

SHOP = """\
program shop {
    money     USD
    timezone  "America/New_York"
    starts    2026-01-01 by purchase date
    event purchase { payment one of card, cash }
    event visit
    item { category one of drink, food }
    currency points {
        round    half up per event
        pending  14 days
        expire   6 months after earning at end of calendar quarter
        worth    $0.005
    }
    currency credit in money {
        round   down per rule
        expire  never
        cost    85% of face value source "2026 contract"
    }
EARN    reward five_off {
        price  500 points
        give   $5 off up to the basket
        minimum  $20
    }
    reward note { price $5 credit
                  give  $5 off in full }
}
"""
PLAIN = SHOP.replace("EARN", "    earn a { on purchase where payment is card\n give 1 point }\n")
POPULATION = """\
population shoppers for shop {
    start  100 members
    segment all_of_them 100% {
        purchases  2 per week spread 0.8
        leave      3% per month
        basket     median $6.20 sigma 0.8
        payment    cash 55%, card 45%
        redeem     40% when a reward is affordable never 20%
    }
}
"""


def check(*texts: str) -> tuple[Book | None, list[Diagnostic]]:
    parsed = [parse_file(SourceText(f"{number}.loyalty", text)) for number, text in enumerate(texts)]
    broken = [finding for _, findings in parsed for finding in findings]
    book, found = check_book([file for file, _ in parsed], broken)
    return book, [*broken, *found]


def program_with(*rules: str) -> Program:
    body = "".join(f"    earn rule_{number} {{\n{rule}\n    }}\n" for number, rule in enumerate(rules))
    book, found = check(SHOP.replace("EARN", body))
    assert book is not None, found
    return book.programs[0]


def codes(found: list[Diagnostic]) -> list[str]:
    return [finding.code for finding in found]


def test_purchase_and_join_always_exist_and_come_first() -> None:
    program = program_with("on visit\ngive 1 point")
    assert [event.name for event in program.events] == ["purchase", "join", "visit"]
    assert program.events[PURCHASE].has_amount
    assert not program.events[JOIN].has_amount


def test_a_currency_is_counted_in_its_smallest_units() -> None:
    points, credit = program_with("on purchase\ngive 1 point per $1").currencies
    assert (points.scale, credit.scale) == (1, 100)
    assert points.round_per is RoundPer.EVENT
    assert points.pending == Duration(14, Unit.DAY)
    assert points.expiry == AfterEarning(Duration(6, Unit.MONTH), Unit.QUARTER)
    assert points.worth is not None
    assert points.worth.value == Fraction(1, 2)  # half a cent a point
    assert credit.cost is not None
    assert (credit.cost.value, credit.cost.source) == (Fraction(85, 100), "2026 contract")


@pytest.mark.parametrize(
    ("give", "amount"),
    [
        ("250 points", Flat(250)),
        ("1 point", Flat(1)),
        ("$5 credit", Flat(500)),
        ("2 points per $1", PerMoney(2, 100, False, Base.AMOUNT)),
        ("1 point per whole $1 of basket", PerMoney(1, 100, True, Base.BASKET)),
        ("1.5 points per $1", PerMoney(3, 200, False, Base.AMOUNT)),
        ("$0.05 credit per $1", PerMoney(5, 100, False, Base.AMOUNT)),
        ("5% of basket", Share(Fraction(1, 20), Base.BASKET)),
        ("2.5% back", Share(Fraction(1, 40), Base.AMOUNT)),
    ],
)
def test_amounts_are_exact(give: str, amount: object) -> None:
    assert program_with(f"on purchase\ngive {give}").earns[0].amount == amount


def test_dates_of_one_clause_are_alternatives_and_before_leaves_its_day_out() -> None:
    (rule,) = program_with(
        "on purchase\ngive 1 point\n"
        "dates 2026-03-01 through 2026-05-31, before 2027-01-02\ndates on days 1 through 7 of a month"
    ).earns
    (spring, before), numbers = rule.dates
    assert spring == DayRange(day_of(date(2026, 3, 1)), day_of(date(2026, 5, 31)))
    assert isinstance(before, DayRange)
    assert before.last == day_of(date(2027, 1, 1))
    assert numbers == (DaysOfMonth(1, 7),)


def test_limits_are_numbered_through_the_program() -> None:
    program = program_with(
        "on purchase\ngive 7 points\nlimit 4 times per calendar day\nlimit 10 points per calendar week",
        "on purchase\ngive $1 credit\nlimit $2.50 per calendar month",
    )
    limits = [limit for rule in program.earns for limit in rule.limits]
    assert [limit.index for limit in limits] == [0, 1, 2]
    assert [(limit.of, limit.most) for limit in limits] == [
        (LimitOf.TIMES, 4),
        (LimitOf.UNITS, 10),
        (LimitOf.UNITS, 250),
    ]
    assert program.limit_count == 3


def test_a_balance_is_compared_in_units_of_its_currency() -> None:
    (rule,) = program_with("on purchase\ngive 1 point\nwhen balance of credit >= $2.50").earns
    assert rule.when == Compare(BalanceOf(1), Order.AT_LEAST, Literal(250, Kind.UNITS))


def test_a_reward_keeps_whether_it_is_taken_in_full() -> None:
    five_off, note = program_with("on purchase\ngive 1 point").rewards
    assert (five_off.price, five_off.off, five_off.in_full, five_off.minimum_basket) == (
        500,
        500,
        False,
        2000,
    )
    assert (note.price, note.off, note.in_full) == (500, 500, True)


def test_shares_are_held_by_the_position_of_the_value() -> None:
    book, found = check(PLAIN, POPULATION)
    assert book is not None, found
    (segment,) = book.populations[0].segments
    assert segment.draws[0].shares == (Fraction(45, 100), Fraction(55, 100))
    assert segment.basket.median == 620
    assert isinstance(segment.leave, LeavePerPeriod)
    assert segment.redeem is not None
    assert segment.redeem.never == Fraction(1, 5)


def test_a_population_need_not_name_the_only_program() -> None:
    book, found = check(PLAIN, POPULATION.replace(" for shop", ""))
    assert book is not None, found
    assert book.populations[0].program == "shop"


def test_a_population_lives_under_the_program_of_its_own_file() -> None:
    guests = POPULATION.replace("population shoppers for shop", "population guests")
    cafe = PLAIN.replace("program shop", "program cafe") + guests
    book, found = check(PLAIN, cafe)
    assert book is not None, found
    assert [(each.name, each.program) for each in book.populations] == [("guests", "cafe")]


def test_files_of_one_command_share_their_names_in_any_order() -> None:
    scenario = 'scenario "a visit" for shop {\n    on 2026-02-01 visit\n    expect earned 0 points\n}\n'
    book, found = check(scenario, PLAIN)
    assert book is not None, found
    assert [each.program for each in book.scenarios] == ["shop"]


def test_a_name_that_two_files_declare_means_that_of_the_own_file() -> None:
    scenario = 'scenario "a visit" for shop {\n    on 2026-02-01 visit\n    expect earned 0 points\n}\n'
    without_visits = PLAIN.replace("    event visit\n", "")
    _, found = check(without_visits, PLAIN + scenario)
    assert codes([finding for finding in found if finding.is_error]) == ["L202"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("round    half up per event", "round    half sideways per event"),
        ("event purchase { payment one of card, cash }", "event purchase { payment one one one card, cash }"),
        ("give   $5 off up to the basket", "give   $5 of of of the basket"),
        ("currency points {", "curency pts points {"),
    ],
)
def test_what_the_parser_could_not_read_is_not_reported_as_missing_or_unknown(right: str, wrong: str) -> None:
    assert right in PLAIN
    book, found = check(PLAIN.replace(right, wrong))
    assert book is None
    assert all(code.startswith("L1") for code in codes(found)), found


def test_a_program_that_lost_a_clause_never_becomes_a_program() -> None:
    text = SHOP.replace("EARN", "    earn a { on purchase\n give 1 point\n limit limit limit }\n")
    file, broken = parse_file(SourceText("shop.loyalty", text))
    assert broken
    assert check_book([file])[0] is None


def test_every_mistake_of_a_file_is_found_in_one_run() -> None:
    rule = "    earn a_{0} {{ on purchase where amount >= {0} points\n give 1 point }}\n"
    _, found = check(SHOP.replace("EARN", "".join(rule.format(number) for number in range(1, 41))))
    assert codes(found).count("L301") == 40


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("worth    $0.005", "worth    $100,000,000,000,000"),
        ("worth    $0.005", "cost     $10,000,000.01"),
        ("cost    85% of face value", "cost    1,001% of face value"),
        ("give  $5 off in full }", "give  $5 off in full\n cost $100,000,000,000,000 }"),
        ("give  $5 off in full }", "give  $5 off in full\n cost 999,999,999,999,999% of face value }"),
    ],
)
def test_a_cost_beyond_what_can_be_summed_is_too_large(right: str, wrong: str) -> None:
    assert right in PLAIN
    _, found = check(PLAIN.replace(right, wrong))
    assert codes(found) == ["L311"]


def test_no_field_has_the_name_of_a_column_of_every_file() -> None:
    assert set(RESERVED) <= set(FIELDS_TAKEN)
    for name in FIELDS_TAKEN:
        _, found = check(PLAIN.replace("event visit\n", f"event visit {{ {name} number }}\n"))
        assert codes(found) == ["L207"]


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "right/UTC", "posix/UTC", "Factory"])
def test_a_file_of_the_zone_database_that_is_no_zone_is_refused(zone: str) -> None:
    _, found = check(PLAIN.replace("America/New_York", zone))
    assert codes(found) == ["L313"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("price  500 points", "price  -500 points"),
        ("price  500 points", "price  5. points"),
        ("minimum  $20", "minimum  $5,5"),
        ("2026-01-01 by", "0000-01-01 by"),
        ("money     USD", "money     POUND"),
        ("give 1 point }", "dates from 2026-02-30\n give 1 point }"),
        ("give 1 point }", "limit .5 points per event\n give 1 point }"),
    ],
)
def test_a_value_that_could_not_be_read_is_told_once(right: str, wrong: str) -> None:
    assert right in PLAIN
    _, found = check(PLAIN.replace(right, wrong, 1))
    assert len(found) == 1, found
    assert found[0].code.startswith("L1")


def test_a_refused_name_is_told_once() -> None:
    _, found = check(PLAIN.replace("points", "times").replace("1 point", "1 time"))
    assert set(codes(found)) == {"L207"}


def test_two_scenarios_of_a_program_with_one_title_are_refused() -> None:
    scenario = 'scenario "a visit" for shop {\n    on 2026-02-01 visit\n    expect earned 0 points\n}\n'
    assert "L202" in codes(check(PLAIN, scenario + scenario)[1])


def test_nothing_is_given_from_before_the_member_joined() -> None:
    scenario = (
        'scenario "early" for shop {\n    given joined 2026-02-01\n    given 5 points earned 2026-01-31\n'
        "    on 2026-02-01 visit\n    expect earned 0 points\n}\n"
    )
    assert "L501" in codes(check(PLAIN, scenario)[1])


def test_a_population_that_cannot_be_simulated_yet_is_set_aside_with_a_warning() -> None:
    weighed = PLAIN.replace("drink, food }", "drink, food\n grams number }")
    rule = "on purchase\n for items where grams >= 100\n give 1 point per $1 }"
    weighed = weighed.replace("on purchase where payment is card\n give 1 point }", rule)
    book, found = check(weighed, POPULATION)
    assert book is not None, found
    assert book.populations == ()
    assert [(each.name, each.reason.code) for each in book.set_aside] == [("shoppers", "L615")]
    with pytest.raises(InputRefused, match="grams"):
        choose_population(book)
    with pytest.raises(InputRefused, match="grams"):
        choose_population(book, "shoppers")
    with pytest.raises(InputRefused, match="there is no population `shopers`"):
        choose_population(book, "shopers")
