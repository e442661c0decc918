"""Worked examples of what rewards and benefits give: percentages, free items, certificates, things."""

from fractions import Fraction

import attrs
import pytest
from programs_by_hand import (
    CATEGORY,
    DRINK,
    FOOD,
    NOWHERE,
    OTHER,
    PAYMENT,
    STAY,
    at,
    currency,
    earn,
    join,
    posted,
    program,
    purchase,
    redeem,
    reward,
    times,
    trigger,
    units,
)
from promotions_by_hand import benefit, giving

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation.checkout import Checkout, Line
from loyalty_dsl.evaluation.costs import cost_of
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.groups import Group, give_opening, open_group
from loyalty_dsl.evaluation.ledger import Obstacle, PostingKind
from loyalty_dsl.evaluation.reference import Outcome, apply, run
from loyalty_dsl.language.amounts import Flat, PerMoney
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.conditions import Base, Compare, EventField, ItemField, Literal, Order
from loyalty_dsl.language.program import CostOfFace, Program, Reward
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
from loyalty_dsl.language.types import Field, Kind

EARNED, REDEEMED = PostingKind.EARNED, PostingKind.REDEEMED
A_DRINK = Compare(ItemField(CATEGORY), Order.EQUAL, Literal(DRINK, Kind.ONE_OF))
BY_OTHER = Compare(EventField(PAYMENT), Order.EQUAL, Literal(OTHER, Kind.ONE_OF))
NOTES = attrs.evolve(currency("notes"), in_money=True, scale=100)
POINTS_AND_NOTES = (currency(), NOTES)


def at_event(rules: Program, balance: int, event: Event) -> Outcome:
    group = open_group(rules)
    give_opening(group, 0, balance, at("2026-01-01"))
    return apply(group, event)


def uses(outcome: Outcome) -> list[tuple[int, int, int]]:
    """Reward, times and money off of each use."""
    return [(use.reward, use.times, use.off) for use in outcome.uses]


def obstacles(outcome: Outcome) -> list[Obstacle]:
    return [refusal.obstacle for refusal in outcome.refusals]


# ---- amounts of items


def test_what_percentages_and_free_items_take_is_theirs_and_the_rest_is_spread() -> None:
    """AMT-5: items of $4.00 and $6.00; half of the second and then $2.00 off leave $2.86 and $2.14."""
    checkout = Checkout(1000, (Line(400, 400, (DRINK,)), Line(600, 600, (FOOD,))))
    checkout = checkout.take_share(300, [1]).take_from_whole(200)
    assert (checkout.left_of_lines(), checkout.amount) == ([286, 214], 500)
    free = Checkout(1000, (Line(400, 0, (DRINK,), free=True), Line(600, 600, (FOOD,))))
    assert free.take_from_whole(600).left_of_lines() == [0, 0]
    assert free.take_from_whole(900).amount == 0


def test_rules_see_what_is_left_of_their_items() -> None:
    """AMT-5, AMT-4: a free drink is worth nothing to a rule about drinks."""
    free_drink = attrs.evolve(giving(reward(10), FreeItem(None)), items=A_DRINK)
    drinks = earn(PerMoney(1, 1, False, Base.AMOUNT), name="drinks", items=A_DRINK)
    food = earn(PerMoney(1, 1, False, Base.AMOUNT), name="food")
    event = purchase("2026-03-01", items=[(400, DRINK), (300, DRINK), (500, FOOD)], redeem=(0, 1))
    outcome = at_event(program(drinks, food, free_drink), 10, event)
    assert posted(outcome.postings, EARNED) == [300, 800]
    assert (outcome.off, outcome.amount) == (400, 800)


# ---- percentages and free items


def test_a_percentage_is_of_what_its_items_have_left() -> None:
    """REDEEM-10: half up, of the items that pass, once an event."""
    ten = attrs.evolve(giving(reward(10), PercentOff(Fraction(1, 10))), items=A_DRINK)
    event = purchase("2026-03-01", items=[(405, DRINK), (1000, FOOD)], redeem=(0, 1))
    assert uses(at_event(program(ten), 30, event)) == [(0, 1, 41)]
    twice = attrs.evolve(event, redeem=(0, 2))
    assert obstacles(at_event(program(ten), 30, twice)) == [Obstacle.NOTHING_TO_PAY]
    no_drink = purchase("2026-03-01", items=[(1000, FOOD)], redeem=(0, 1))
    assert obstacles(at_event(program(ten), 30, no_drink)) == [Obstacle.NOTHING_TO_PAY]


def test_a_percentage_without_items_is_of_the_basket_and_at_most_what_is_left() -> None:
    """REDEEM-10: all of it after $4.00 off is the other $6.00; outside a purchase there is no basket."""
    all_off = giving(reward(10, automatic=True), PercentOff(Fraction(1)))
    rules = program(reward(10, 400), all_off)
    outcome = at_event(rules, 100, purchase("2026-03-01", 1000, redeem=(0, 1)))
    assert uses(outcome) == [(0, 1, 400), (1, 1, 600)]
    chosen = program(giving(reward(10), PercentOff(Fraction(1, 10))))
    assert obstacles(at_event(chosen, 10, redeem("2026-03-01"))) == [Obstacle.NO_PURCHASE]


def test_a_percentage_up_to_a_sum_takes_off_no_more() -> None:
    """REDEEM-10: 20% of $30.00 is $6.00; of $50.00 it is $10.00, and $8.00 are taken off."""
    off = program(giving(reward(10), PercentOff(Fraction(1, 5), 800)))
    for basket, expected in ((3000, 600), (4000, 800), (5000, 800)):
        event = purchase("2026-03-01", basket, redeem=(0, 1))
        assert uses(at_event(off, 30, event)) == [(0, 1, expected)]


def test_a_free_item_is_the_dearest_that_is_not_free_yet() -> None:
    """REDEEM-11: $5.00, then one of the two of $4.00 up to a ceiling; then no drink is left."""
    drink = attrs.evolve(giving(reward(10), FreeItem(450)), items=A_DRINK)
    items = [(400, DRINK), (500, DRINK), (900, FOOD)]
    event = purchase("2026-03-01", items=items, redeem=(0, 2))
    assert uses(at_event(program(drink), 30, event)) == [(0, 2, 850)]
    thrice = attrs.evolve(event, redeem=(0, 3))
    assert obstacles(at_event(program(drink), 30, thrice)) == [Obstacle.NOTHING_TO_PAY]
    assert obstacles(at_event(program(drink), 30, redeem("2026-03-01"))) == [Obstacle.NO_PURCHASE]


@pytest.mark.parametrize(("fields", "off"), [((), 1000), ((CATEGORY,), 0)])
def test_a_purchase_without_items_is_one_item_where_items_have_no_fields(
    fields: tuple[Field, ...], off: int
) -> None:
    """REDEEM-11: a punch card needs no list of items; a program that tells items apart does."""
    rules = attrs.evolve(program(giving(reward(10), FreeItem(None))), item_fields=fields)
    assert at_event(rules, 10, purchase("2026-03-01", 1000, redeem=(0, 1))).off == off


# ---- tables, points as money


def test_a_reward_by_table_has_the_price_and_face_of_its_first_row() -> None:
    """REDEEM-8: 10 points for $1 with one payment, not offered with another, never without a purchase."""
    by_payment = attrs.evolve(reward(), cases=(RewardCase(BY_OTHER, 10, False, MoneyOff(100, False)),))
    rules = program(by_payment)
    event = purchase("2026-03-01", 1000, payment=OTHER, redeem=(0, 2))
    assert uses(at_event(rules, 25, event)) == [(0, 2, 200)]
    card = purchase("2026-03-01", 1000, redeem=(0, 1))
    assert obstacles(at_event(rules, 0, card)) == [Obstacle.NOT_OFFERED]
    assert obstacles(at_event(rules, 25, redeem("2026-03-01"))) == [Obstacle.NO_PURCHASE]


def test_points_as_money_are_used_as_often_as_they_can() -> None:
    """REDEEM-9: 35 points at 10 a dollar take off $3.00; a basket of $1.50 takes two uses."""
    rules = program(attrs.evolve(reward(10, 100), as_much=True))
    assert uses(at_event(rules, 35, purchase("2026-03-01", 1000, redeem=(0, 0)))) == [(0, 3, 300)]
    assert uses(at_event(rules, 35, purchase("2026-03-01", 150, redeem=(0, 0)))) == [(0, 2, 150)]
    none = at_event(rules, 9, purchase("2026-03-01", 150, redeem=(0, 0)))
    assert (uses(none), obstacles(none)) == ([], [Obstacle.SHORT_BALANCE])


# ---- what is given


def certificate(*, automatic: bool = True) -> Reward:
    taking = Taking.AFTER_EARNING if automatic else Taking.CHOSEN
    return giving(reward(2000, name="note"), UnitsGiven(1, 2000), taking=taking)


def test_certificates_are_issued_once_enough_was_earned() -> None:
    """REDEEM-12, REDEEM-13: 4,500 points make two notes of $20.00, which expire by their own term."""
    rules = program(earn(Flat(4500)), certificate(), currencies=POINTS_AND_NOTES)
    outcome = run(rules, [purchase("2026-03-01", 100)], at("2026-03-01"))
    assert posted(outcome.postings, EARNED, 1) == [4000]
    assert [posting.name for posting in outcome.postings if posting.currency == 1] == ["note"]
    assert [totals.outstanding for totals in outcome.totals] == [500, 4000]
    assert outcome.uses[0].times == 2
    assert outcome.uses[0].given == 4000


def test_pending_points_make_no_certificate_before_they_are_available() -> None:
    """REDEEM-13: not at the purchase but 14 days later."""
    pending = currency(pending=Duration(14, Unit.DAY))
    rules = program(earn(Flat(2000)), certificate(), currencies=(pending, NOTES))
    for last, notes in (("2026-03-14", 0), ("2026-03-15", 2000)):
        outcome = run(rules, [purchase("2026-03-01", 100)], at(last))
        assert outcome.totals[1].outstanding == notes


def test_rewards_after_earning_are_gone_through_again_until_none_can_be() -> None:
    """REDEEM-13: the first note makes the second possible, although it is declared before it."""
    more = currency("more")
    second = attrs.evolve(
        giving(reward(1, name="second"), UnitsGiven(2, 5), taking=Taking.AFTER_EARNING), currency=1
    )
    first = giving(reward(10, name="first"), UnitsGiven(1, 1), taking=Taking.AFTER_EARNING)
    rules = program(earn(Flat(10)), second, first, currencies=(currency(), currency("one"), more))
    outcome = run(rules, [purchase("2026-03-01", 100)], at("2026-03-01"))
    assert [totals.outstanding for totals in outcome.totals] == [0, 0, 5]


def test_a_whole_balance_is_given_as_a_share_of_another_currency() -> None:
    """REDEEM-12: all 55 points as 10% of them, 5 rounded down; a balance of 9 gives 0 and is not used."""
    face = BalanceGiven(1, Fraction(1, 10))
    rules = program(giving(reward(), face, price=1, whole=True), currencies=(currency(), currency("other")))
    outcome = at_event(rules, 55, redeem("2026-03-01"))
    assert posted(outcome.postings, REDEEMED) == [55]
    assert posted(outcome.postings, EARNED, 1) == [5]
    assert obstacles(at_event(rules, 9, redeem("2026-03-01"))) == [Obstacle.SHORT_BALANCE]


def test_a_thing_takes_no_money_and_is_in_no_ledger() -> None:
    """REDEEM-12: at a purchase or outside one, as often as asked."""
    rules = program(giving(reward(10), Thing("sample")))
    assert uses(at_event(rules, 30, redeem("2026-03-01", quantity=3))) == [(0, 3, 0)]
    outcome = at_event(rules, 30, purchase("2026-03-01", 0, redeem=(0, 2)))
    assert (uses(outcome), posted(outcome.postings, REDEEMED)) == ([(0, 2, 0)], [20])


def test_the_cost_of_a_certificate_is_a_share_of_its_face() -> None:
    """REDEEM-6: 90% of two notes of $20.00 is $36.00."""
    cost = CostOfFace(AssumedNumber(Fraction(9, 10), None, NOWHERE))
    assert cost_of(attrs.evolve(certificate(), cost=cost), 2, 0, 4000) == 3600


# ---- benefits


def test_benefits_come_first_each_on_what_those_before_it_left() -> None:
    """BENEFIT-1, EVENT-1: 10% of $100.00, $5.00, then the automatic reward takes from $85.00."""
    rules = program(
        benefit(reward(name="ten"), PercentOff(Fraction(1, 10))),
        benefit(reward(name="five"), MoneyOff(500, False)),
        reward(1, 2000, name="auto", automatic=True),
    )
    assert uses(at_event(rules, 5, purchase("2026-03-01", 10000))) == [
        (0, 1, 1000),
        (1, 1, 500),
        (2, 5, 8500),
    ]


def test_a_benefit_is_limited_and_needs_its_trigger_and_conditions() -> None:
    """BENEFIT-1: once a month, by one payment, on purchases and not on joining."""
    gift = benefit(
        reward(1, 1, times(1, Unit.MONTH), name="gift", when=BY_OTHER, minimum_basket=200),
        Thing("gift"),
    )
    rules = program(gift)
    events = [
        join("2026-03-01"),
        purchase("2026-03-02", 1000),
        purchase("2026-03-03", 199, payment=OTHER),
        purchase("2026-03-04", 200, payment=OTHER),
        purchase("2026-03-05", 200, payment=OTHER),
        purchase("2026-04-01", 200, payment=OTHER),
    ]
    group = open_group(rules)
    assert [len(apply(group, event).uses) for event in events] == [0, 0, 0, 1, 0, 1]


def test_a_benefit_that_is_not_possible_is_silent() -> None:
    """BENEFIT-2: money off a stay, or off nothing."""
    off = benefit(reward(name="off"), MoneyOff(500, False), on=[trigger(), trigger(STAY)])
    thing = benefit(reward(name="thing"), Thing("upgrade"), on=[trigger(STAY)])
    stay = attrs.evolve(purchase("2026-03-01", 1000), kind=STAY, fields=())
    outcome = at_event(program(off, thing), 5, stay)
    assert (uses(outcome), outcome.refusals, outcome.amount) == ([(1, 1, 0)], (), 1000)
    assert at_event(program(off), 5, purchase("2026-03-01", 0)).uses == ()


def test_a_benefit_gives_units_of_a_currency_for_nothing() -> None:
    """BENEFIT-1, REDEEM-12: a note of $5.00 on joining; its own limit in uses holds."""
    note = benefit(reward(1, 1, units(0), name="note"), UnitsGiven(1, 500), on=[trigger(1)])
    rules = program(note, currencies=POINTS_AND_NOTES)
    group: Group = open_group(rules)
    assert posted(apply(group, join("2026-03-01")).postings, EARNED, 1) == [500]
