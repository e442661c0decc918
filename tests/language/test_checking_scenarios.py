"""What scenarios give, let happen and expect, once it is checked: SCEN."""

import pytest

from loyalty_dsl.calendar import day_of
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.scenario import (
    Expect,
    ExpectCounter,
    ExpectLevel,
    ExpectUses,
    GivenCounter,
    GivenField,
    GivenLevel,
    GivenTimes,
    GivenUnits,
    Happening,
    Measure,
    Scenario,
    ScenarioItem,
)
from loyalty_dsl.source import SourceText

PROGRAM = """\
program club {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by event date
    member { cardholder yes/no
             card one of none, reserve
             birthday date }
    event stay { nights number }
    item { category one of drink, food }
    counter year_spend = spend in calendar year
    counter nights_stayed = nights of stay in calendar year
    counter cpq = points earned by base in calendar year
    counter cpq_more = points earned by more in calendar year
    counter both = cpq plus cpq_more
    tiers status {
        hold   through end of calendar year
        level  member
        level  gold when year_spend >= $500 or nights_stayed >= 10 or both >= 5,000 points
    }
    currency points { round down per rule
                      expire 12 months after earning }
    currency cash in money { round down per rule
                             expire never }
    earn base { on purchase
                for items where category is drink
                give 1 point per $1 }
    earn more { on purchase
                give 1 point per $10 }
    referral friends { on first purchase by friend
                       give $10 cash
                       limit 16 times per calendar year }
    reward drink { price 100 points
                   give $5 off up to the basket
                   limit 2 times per calendar month }
    reward pay { price 100 points per $1 off
                 steps $0.50 }
    reward spend { price $1 cash per $1 off }
    reward note { price 2,000 points
                  give $20 cash
                  issue automatically }
    benefit gift { on birthday
                   when cardholder
                   give 1 gift }
RETURNS
}
scenario "an example" for club {
LINES
}
"""
RETURNS = "    returns { balance goes negative }"


def check(lines: str, returns: str = RETURNS) -> tuple[Book | None, list[Diagnostic]]:
    text = PROGRAM.replace("RETURNS", returns).replace("LINES", lines)
    file, broken = parse_file(SourceText("club.loyalty", text))
    book, found = check_book([file], broken)
    return book, [*broken, *found]


def scenario(lines: str) -> Scenario:
    book, found = check(lines + "\non 2025-12-31 expect 0 points")
    assert book is not None, [(finding.code, finding.message, finding.help) for finding in found]
    return book.scenarios[0]


def mistakes(lines: str, returns: str = RETURNS) -> list[str]:
    book, found = check(lines, returns)
    assert book is None
    return [finding.code for finding in found if finding.is_error]


def test_what_is_given_of_a_member_a_status_and_counters() -> None:
    given = scenario(
        """\
    given  cardholder yes
    given  card reserve
    given  birthday 1990-05-14
    given  status gold through 2026-02-28
    given  year_spend $17,899
    given  nights_stayed 80
    given  cpq 134,990
    given  cpq_more 10 points
    given  16 times friends
    given  2 times drink
    given  $20 cash"""
    ).given
    assert [fact for fact in given if isinstance(fact, GivenField)] == [
        GivenField(0, 1, given[0].span),
        GivenField(1, 1, given[1].span),
        GivenField(2, day_of_text("1990-05-14"), given[2].span),
    ]
    assert given[3] == GivenLevel(0, 1, day_of_text("2026-02-28"), given[3].span)
    counters = {fact.counter: fact.value for fact in given if isinstance(fact, GivenCounter)}
    assert counters == {0: 1_789_900, 1: 80, 2: 134_990, 3: 10}
    times = [(fact.reward, fact.index, fact.times) for fact in given if isinstance(fact, GivenTimes)]
    assert times == [(False, 2, 16), (True, 0, 2)]
    assert [fact.units for fact in given if isinstance(fact, GivenUnits)] == [2000]


def day_of_text(text: str) -> int:
    from datetime import date

    return day_of(date.fromisoformat(text))


def test_a_level_without_a_last_day_is_as_if_earned() -> None:
    given = scenario("    given  status gold").given[0]
    assert given == GivenLevel(0, 1, None, given.span)


def test_fields_of_the_member_may_come_with_an_event() -> None:
    step = scenario("    on 2025-02-01 purchase $5.00 with cardholder yes, card reserve").steps[0]
    assert isinstance(step, Happening)
    assert step.member == ((0, 1), (1, 1))


def test_friends_are_actors_of_their_own() -> None:
    steps = scenario(
        """\
    on 2025-02-01 join by friend
    on 2025-02-02 purchase $60.00 by friend 2
    on 2025-02-03 return by friend 2"""
    ).steps
    happenings = [step for step in steps if isinstance(step, Happening)]
    assert [step.actor for step in happenings] == [1, 2, 2]
    assert (happenings[2].returns, happenings[2].basket, happenings[2].event) == (1, 6000, None)


def test_a_return_takes_back_the_latest_event_with_an_amount_or_the_one_that_it_names() -> None:
    steps = scenario(
        """\
    on 2025-02-01 purchase $80.00 as shirt
    on 2025-02-02 purchase $20.00
    expect $0 cash
    on 2025-02-03 stay with nights 2
    on 2025-02-04 return $5.00 of shirt
    on 2025-02-05 return of shirt
    on 2025-02-06 return $20.00"""
    ).steps
    returns = [step for step in steps if isinstance(step, Happening) and step.returns is not None]
    assert [(step.returns, step.basket) for step in returns] == [(0, 500), (0, 7500), (1, 2000)]


def test_a_return_in_full_returns_every_item_and_a_part_those_that_it_names() -> None:
    steps = scenario(
        """\
    on 2025-02-01 purchase {
        item $6.00 with category drink
        item $4.00 with category food
    }
    on 2025-02-02 return $10.00
    on 2025-02-03 purchase {
        item $6.00 with category drink
        item $4.00 with category food
    }
    on 2025-02-04 return {
        item $4.00 with category food
    }"""
    ).steps
    returns = [step for step in steps if isinstance(step, Happening) and step.returns is not None]
    both = (ScenarioItem(600, (0,)), ScenarioItem(400, (1,)))
    assert [(step.returns, step.basket, step.items) for step in returns] == [
        (0, 1000, both), (2, 400, both[1:]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "times"),
    [("redeeming $12.50 of pay", 25), ("redeeming 2 pay", 2), ("redeeming pay", 0), ("redeeming drink", 1)],
)
def test_points_as_money_are_used_for_an_amount_a_number_of_steps_or_as_often_as_can_be(
    written: str, times: int
) -> None:
    step = scenario(f"    on 2025-02-01 purchase $20.00 {written}").steps[0]
    assert isinstance(step, Happening)
    assert step.redeem is not None
    assert step.redeem[1] == times


def test_what_is_expected_of_status_counters_uses_and_figures() -> None:
    steps = scenario(
        """\
    on 2025-02-01 purchase $20.00
    expect  status gold through 2026-12-31
    expect  year_spend $440
    expect  both 135,490 points
    expect  used 1 drink
    expect  reversed 160 points
    expect  -120 points
    on      2025-03-01 expect status gold
    on      2025-03-01 expect nights_stayed 3
    on      2025-03-02 expect used 0 drink"""
    ).steps
    level, counter, total, uses, reversed_, balance, later, nights, dated = steps[1:10]
    assert level == ExpectLevel(None, 0, 1, day_of_text("2026-12-31"), level.span)
    assert counter == ExpectCounter(None, ((1, 0),), 1, 44_000, counter.span)
    assert total == ExpectCounter(None, ((1, 2), (1, 3)), 1, 135_490, total.span)
    assert uses == ExpectUses(0, 1, uses.span)
    assert dated == ExpectUses(0, 0, dated.span, day_of_text("2025-03-02"))
    assert isinstance(reversed_, Expect)
    assert (reversed_.measure, reversed_.units) == (Measure.REVERSED, 160)
    assert isinstance(balance, Expect)
    assert (balance.measure, balance.units) == (Measure.BALANCE, -120)
    assert later == ExpectLevel(day_of_text("2025-03-01"), 0, 1, None, later.span)
    assert isinstance(nights, ExpectCounter)
    assert (nights.day, nights.value) == (day_of_text("2025-03-01"), 3)


BUY = "on 2025-02-01 purchase $20.00"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (f"given status golf\n{BUY}\nexpect 0 points", "L308"),
        (f"given statis gold\n{BUY}\nexpect 0 points", "L201"),
        (f"given both 5 points\n{BUY}\nexpect 0 points", "L511"),
        (f"given cardholder yes through 2025-01-01\n{BUY}\nexpect 0 points", "L511"),
        (f"given year_spend 500\n{BUY}\nexpect 0 points", "L301"),
        (f"given cardholder yes\ngiven cardholder no\n{BUY}\nexpect 0 points", "L205"),
        (f"given 3 times base\n{BUY}\nexpect 0 points", "L511"),
        (f"given 3 times bass\n{BUY}\nexpect 0 points", "L201"),
        (f"given base comes up\n{BUY}\nexpect 0 points", "L511"),
        (f"given bass comes up\n{BUY}\nexpect 0 points", "L201"),
        (f"{BUY} redeeming $2.25 of pay\nexpect 0 points", "L512"),
        (f"{BUY} redeeming $2 of drink\nexpect 0 points", "L512"),
        (f"{BUY} redeeming note\nexpect 0 points", "L507"),
        (f"{BUY} redeeming gift\nexpect 0 points", "L507"),
        (f"{BUY} by fiend\nexpect 0 points", "L201"),
        (f"{BUY} as shirt\non 2025-02-02 return of skirt\nexpect 0 points", "L201"),
        (f"{BUY} as a\non 2025-02-02 purchase $3 as a\nexpect 0 points", "L202"),
        ("on 2025-02-02 return $3.00\nexpect 0 points", "L510"),
        (f"{BUY}\non 2025-02-02 return $3.00 by friend\nexpect 0 points", "L510"),
        (f"{BUY} as a\non 2025-02-02 return $3.00 of a by friend\nexpect 0 points", "L510"),
        (f"{BUY}\nexpect 1 drink", "L513"),
        (f"{BUY}\nexpect used 1 drink through 2025-03-01", "L513"),
        (f"{BUY}\nexpect used 1 drnk", "L201"),
        (f"{BUY}\nexpect 3 nights", "L511"),
        (f"given 18 nights\n{BUY}\nexpect 0 points", "L511"),
        (f"given 18 knights\n{BUY}\nexpect 0 points", "L201"),
        (f"given 5 nights_stayed\n{BUY}\nexpect 0 points", "L511"),
        (f"{BUY}\nexpect cardholder yes", "L513"),
        (f"{BUY}\nexpect year_spend $5 through 2025-12-31", "L511"),
    ],
)
def test_what_a_scenario_cannot_say_is_refused(lines: str, code: str) -> None:
    assert mistakes(lines) == [code]


def test_times_of_a_limit_for_everyone_can_be_given() -> None:
    """SCEN-14."""
    lines = f"given 2 times drink\n{BUY}\nexpect 0 points"
    alone = "limit 2 times per calendar month"
    assert alone in PROGRAM
    text = PROGRAM.replace(alone, f"{alone} for everyone").replace("RETURNS", RETURNS).replace("LINES", lines)
    file, broken = parse_file(SourceText("club.loyalty", text))
    _, found = check_book([file], broken)
    assert not [each for each in found if each.is_error]


def test_a_return_needs_a_program_that_says_what_it_does() -> None:
    lines = f"{BUY}\non 2025-02-02 return $20.00\nexpect 0 points"
    _, found = check(lines, returns="")
    assert [finding.code for finding in found if finding.is_error] == ["L509"]
    assert "returns { balance goes negative }" in (found[-1].help or "")
