"""What segments describe, once it is checked: draws, events, returns, friends, benefits: SIM."""

from fractions import Fraction

import pytest

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.book import Book
from loyalty_dsl.language.checking import check_book
from loyalty_dsl.language.conditions import Compare, MemberField, StatusOf
from loyalty_dsl.language.parsing import parse_file
from loyalty_dsl.language.population import (
    ITEM,
    MEMBER,
    BasketShareDraw,
    BirthdayDraw,
    DaysBeforeDraw,
    FieldDraw,
    LognormalDraw,
    Segment,
)
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.source import SourceText

PROGRAM = """\
program airline {
    money     USD
    timezone  "America/New_York"
    starts    2025-01-01 by event date
    member { cardholder yes/no
             card one of none, reserve
             birthday date
             card_opened date }
    event purchase { payment one of card, other
                     guests number }
    event flight { fare money
                   distance number
                   cabin one of economy, business
                   booked date }
    item { category one of drink, food }
    counter flights_flown = flights in calendar year
    tiers status {
        hold   through end of calendar year
        level  member
        level  gold when flights_flown >= 10
    }
    currency points { round down per rule
                      expire 12 months after earning }
    earn base { on flight where cabin is economy and booked from 2025-01-01
                give 1 point per $1 }
    earn flown { on flight
                 give 1 point per distance }
    earn on_fare { on flight
                   give 1 point per $1 of fare }
    earn bought { on purchase where payment is card and guests >= 2
                  for items where category is drink
                  give 1 point per $1 }
    earn with_card { on flight
                     when cardholder and card is reserve and days since card_opened < 30
                     give 10 points }
    reward award { price 1,000 points
                   give 1 seat }
    benefit gift { on birthday
                   give 1 gift }
RULES
}
population flyers {
    start  1,000 members
    segment everyone 100% {
SEGMENT
    }
}
"""
FLIGHT = """\
        event flight 0.8 per month spread 1.0 {
            basket    median $240 sigma 0.6
            fare      85% of basket
            cabin     economy 60%, business 40%
            distance  median 800 sigma 0.5
            booked    30 days before
        }
"""
MEMBERS = """\
        cardholder  40%
        card        none 60%, reserve 40%
        birthday    any day
"""
SHOPPING = """\
        purchases  2 per month
        basket     median $20 sigma 0.5
        payment    card 70%, other 30% when cardholder
        payment    card 10%, other 90% when status is gold
        payment    other 100%
        guests     1 60%, 2 30%, 3 10%
        category   drink 50%, food 50%
"""
REDEEM = "        redeem     40% when a reward is affordable\n"
RETURNS = "    returns { balance goes negative }\n"
REFERRAL = "    referral friends { on join by friend\n give 5 points }\n"
WHOLE = SHOPPING + FLIGHT + MEMBERS + REDEEM


def check(segment: str, rules: str = "") -> tuple[Book | None, list[Diagnostic]]:
    text = PROGRAM.replace("RULES", rules).replace("SEGMENT", segment)
    file, broken = parse_file(SourceText("airline.loyalty", text))
    book, found = check_book([file], broken)
    return book, [*broken, *found]


def segment(text: str, rules: str = "") -> Segment:
    book, found = check(text, rules)
    assert book is not None, [(finding.code, finding.message, finding.help) for finding in found]
    return book.populations[0].segments[0]


def mistakes(text: str, rules: str = "") -> list[Diagnostic]:
    book, found = check(text, rules)
    assert book is None
    return [finding for finding in found if finding.is_error]


def test_events_of_other_kinds_have_a_rate_a_basket_and_draws_of_their_own() -> None:
    (flight,) = segment(WHOLE).activities
    assert (flight.event, flight.mean, flight.unit, flight.spread) == (2, Fraction(4, 5), Unit.MONTH, 1)
    assert flight.basket is not None
    assert flight.basket.median == 24_000
    fare, cabin, distance, booked = flight.draws
    assert isinstance(fare, BasketShareDraw)
    assert (fare.owner, fare.share) == (2, Fraction(17, 20))
    assert isinstance(cabin, FieldDraw)
    assert (cabin.owner, cabin.shares) == (2, (Fraction(3, 5), Fraction(2, 5)))
    assert isinstance(distance, LognormalDraw)
    assert (distance.owner, distance.median, distance.sigma) == (2, 800, Fraction(1, 2))
    assert isinstance(booked, DaysBeforeDraw)
    assert (booked.owner, booked.days) == (2, 30)


def test_fields_of_purchases_items_and_members_are_told_apart() -> None:
    checked = segment(WHOLE)
    owners = [(draw.field.name, draw.owner) for draw in checked.draws if isinstance(draw, FieldDraw)]
    assert owners == [
        ("payment", PURCHASE), ("payment", PURCHASE), ("payment", PURCHASE), ("guests", PURCHASE),
        ("category", ITEM),
    ]  # fmt: skip
    cardholder, card, birthday = checked.member_draws
    assert isinstance(cardholder, FieldDraw)
    assert (cardholder.owner, cardholder.shares) == (MEMBER, (Fraction(3, 5), Fraction(2, 5)))
    assert isinstance(card, FieldDraw)
    assert isinstance(birthday, BirthdayDraw)


def test_a_draw_may_depend_on_the_member_and_the_last_one_does_not() -> None:
    draws = [draw for draw in segment(WHOLE).draws if draw.field.name == "payment"]
    whens = [draw.when for draw in draws if isinstance(draw, FieldDraw)]
    assert isinstance(whens[0], Compare)
    assert isinstance(whens[0].left, MemberField)
    assert isinstance(whens[1], Compare)
    assert isinstance(whens[1].left, StatusOf)
    assert whens[2] is None


def test_a_number_is_drawn_by_its_values() -> None:
    guests = next(draw for draw in segment(WHOLE).draws if draw.field.name == "guests")
    assert isinstance(guests, FieldDraw)
    assert (guests.values, guests.shares) == (
        (1, 2, 3), (Fraction(3, 5), Fraction(3, 10), Fraction(1, 10)),
    )  # fmt: skip


def test_a_segment_that_never_purchases_has_no_purchases() -> None:
    text = PROGRAM.replace("RULES", "").replace("100% {\nSEGMENT", "50% {\n" + WHOLE)
    text = text.replace(
        "    }\n}\n", "    }\n    segment flyers 50% {\n" + FLIGHT + MEMBERS + REDEEM + "    }\n}\n"
    )
    file, broken = parse_file(SourceText("airline.loyalty", text))
    book, found = check_book([file], broken)
    assert book is not None, found
    second = book.populations[0].segments[1]
    assert (second.purchases.mean, second.basket.median, second.draws) == (0, 0, ())


def test_returns_friends_and_take_up() -> None:
    more = """\
        returns  4% of purchases within 30 days
        refer    0.4% of purchases
        take_up  gift 60%
"""
    checked = segment(WHOLE + more, RETURNS + REFERRAL)
    assert checked.returns is not None
    assert (checked.returns.share, checked.returns.within) == (Fraction(1, 25), Duration(30, Unit.DAY))
    assert checked.refer == Fraction(1, 250)
    assert [(each.reward, each.share) for each in checked.take_ups] == [(1, Fraction(3, 5))]


def test_members_may_bring_friends_where_a_benefit_asks_who_was_referred() -> None:
    discount = "    benefit discount { on first purchase where referred\n give 15% off }\n"
    assert segment(WHOLE + "        refer  1% of purchases\n", discount).refer == Fraction(1, 100)


@pytest.mark.parametrize(
    ("left_out", "line"),
    [
        ("            cabin     economy 60%, business 40%\n", "cabin economy 50%, business 50%"),
        ("            distance  median 800 sigma 0.5\n", "distance 1 60%, 2 40%"),
        ("            fare      85% of basket\n", "fare median $40 sigma 0.5"),
        ("            booked    30 days before\n", "booked 30 days before"),
        ("        guests     1 60%, 2 30%, 3 10%\n", "guests 1 60%, 2 40%"),
        ("        card        none 60%, reserve 40%\n", "card none 50%, reserve 50%"),
        ("        birthday    any day\n", "birthday any day"),
        ("        category   drink 50%, food 50%\n", "category drink 50%, food 50%"),
    ],
)
def test_what_the_program_reads_and_nobody_describes_is_shown_with_the_line_to_add(
    left_out: str, line: str
) -> None:
    assert left_out in WHOLE
    (finding,) = mistakes(WHOLE.replace(left_out, ""))
    assert finding.code == "L402"
    assert finding.help == f"add a line such as `{line}`"


def test_the_basket_of_an_event_is_described_where_members_choose_a_reward() -> None:
    rules = "    event trip\n    reward seat { on trip\n price 9 points\n give 1 seat }\n"
    trips = "        event trip 0.5 per year {\nBASKET        }\n"
    segment(WHOLE + trips.replace("BASKET", "            basket median $400 sigma 0.5\n"), rules)
    (finding,) = mistakes(WHOLE + trips.replace("BASKET", ""), rules)
    assert (finding.code, finding.help) == ("L402", "add a line such as `basket median $240 sigma 0.6`")


def test_the_basket_of_an_event_is_described_where_the_program_reads_it() -> None:
    (finding,) = mistakes(WHOLE.replace("            basket    median $240 sigma 0.6\n", ""))
    assert (finding.code, finding.help) == ("L402", "add a line such as `basket median $240 sigma 0.6`")


def test_a_yes_no_of_members_that_some_segment_describes_is_no_in_the_others() -> None:
    (finding,) = mistakes(
        WHOLE.replace("        cardholder  40%\n", "").replace(" when cardholder", " when status is gold")
    )
    assert (finding.code, finding.help) == ("L402", "add a line such as `cardholder 6%`")
    text = PROGRAM.replace("RULES", "").replace("100% {\nSEGMENT", "50% {\n" + WHOLE)
    without = FLIGHT + MEMBERS.replace("        cardholder  40%\n", "") + REDEEM
    text = text.replace("    }\n}\n", "    }\n    segment flyers 50% {\n" + without + "    }\n}\n")
    file, broken = parse_file(SourceText("airline.loyalty", text))
    book, found = check_book([file], broken)
    assert book is not None, found


@pytest.mark.parametrize(
    ("more", "rules", "code"),
    [
        ("returns 4% of purchases within 30 days", "", "L411"),
        ("returns 4% of stays within 30 days", RETURNS, "L201"),
        ("returns 104% of purchases within 30 days", RETURNS, "L404"),
        ("refer 1% of purchases", "", "L412"),
        ("", REFERRAL, "L413"),
        ("take_up gift 60%, gift 50%", "", "L205"),
        ("take_up award 60%", "", "L414"),
        ("take_up gifft 60%", "", "L201"),
        ("take_up gift 160%", "", "L404"),
        ("event flight 1 per month { }", "", "L205"),
        ("event flihgt 1 per month { }", "", "L201"),
        ("event purchase 1 per month { }", "", "L405"),
        ("distance median 800 sigma 0.5", "", "L201"),
        ("card_opened 30 days before", "", "L405"),
        ("payment other 100%", "", "L205"),
    ],
)
def test_what_a_segment_cannot_say_is_refused(more: str, rules: str, code: str) -> None:
    assert [finding.code for finding in mistakes(WHOLE + f"        {more}\n", rules)] == [code]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("guests     1 60%, 2 30%, 3 10%", "guests  1 60%, 2 30%", "L401"),
        ("guests     1 60%, 2 30%, 3 10%", "guests  1 60%, 1 40%", "L202"),
        ("guests     1 60%, 2 30%, 3 10%", "guests  $1 100%", "L301"),
        ("guests     1 60%, 2 30%, 3 10%", "guests  any day", "L405"),
        ("payment    other 100%", "", "L408"),
        ("other 30% when cardholder", "other 30% when balance of points >= 5 points", "L309"),
        ("other 30% when cardholder", "other 30% when flights_flown >= 5", "L409"),
        ("other 30% when cardholder", "other 30% when basket >= $5", "L309"),
        ("cardholder  40%", "cardholder  40% when status is gold\ncardholder 30%", "L190"),
        ("birthday    any day", "birthday    40%", "L405"),
        ("fare      85% of basket", "fare      85% of distance", "L201"),
        ("booked    30 days before", "booked    2 months before", "L409"),
        ("distance  median 800 sigma 0.5", "distance  median $800 sigma 0.5", "L301"),
        ("distance  median 800 sigma 0.5", "distance  median 800 sigma 9", "L404"),
        (FLIGHT, "", "L410"),
    ],
)
def test_a_wrong_draw_is_refused(old: str, new: str, code: str) -> None:
    assert old in WHOLE
    assert [finding.code for finding in mistakes(WHOLE.replace(old, new))] == [code]
