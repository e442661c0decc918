"""Worked examples of programs that exist, each as small as shows its point, under its id."""

from collections.abc import Sequence
from fractions import Fraction

import attrs
import programs_by_hand
from programs_by_hand import (
    CARD,
    CATEGORY,
    DRINK,
    EVENTS,
    FOOD,
    NOWHERE,
    OTHER,
    PAYMENT,
    at,
    currency,
    earn,
    posted,
    purchase,
    reward,
    times,
    trigger,
)
from promotions_by_hand import benefit, giving, grouped

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation.events import RETURN, Event
from loyalty_dsl.evaluation.friends import Friendships
from loyalty_dsl.evaluation.groups import advance, give_level, give_opening, open_group, totals_of
from loyalty_dsl.evaluation.ledger import Obstacle, PostingKind
from loyalty_dsl.evaluation.reference import apply, run
from loyalty_dsl.language.amounts import Amount, Case, Choice, Flat, PerItem, PerMoney, Share
from loyalty_dsl.language.clocks import FriendKind
from loyalty_dsl.language.conditions import (
    Base,
    Compare,
    EventAmount,
    EventField,
    ItemField,
    Literal,
    Order,
    StatusOf,
)
from loyalty_dsl.language.program import Combine, Currency, EarnRule, Program, Reward
from loyalty_dsl.language.rewards import BalanceGiven, FreeItem, PercentOff, Taking, UnitsGiven
from loyalty_dsl.language.tiers import HoldFor, Ladder, Lapse, Level
from loyalty_dsl.language.types import PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import Rounding

EARNED = PostingKind.EARNED
A_DRINK = Compare(ItemField(CATEGORY), Order.EQUAL, Literal(DRINK, Kind.ONE_OF))
FULL_PRICE = Compare(ItemField(CATEGORY), Order.EQUAL, Literal(FOOD, Kind.ONE_OF))
ON_CARD = Compare(EventField(PAYMENT), Order.EQUAL, Literal(CARD, Kind.ONE_OF))
IN_MONEY = attrs.evolve(currency("credit"), in_money=True, scale=100)


def program(*rules: EarnRule | Reward, currencies: Sequence[Currency] = (currency(),)) -> Program:
    """A program that has started long ago."""
    return programs_by_hand.program(*rules, currencies=currencies, starts="2020-01-01")


def per_dollar(points: int) -> PerMoney:
    return PerMoney(points, 100, False, Base.AMOUNT)


def by_level(*amounts: Amount) -> Choice:
    """A table by status, from the lowest level."""
    cases = (
        Case(Compare(StatusOf(0), Order.EQUAL, Literal(level, Kind.LEVEL)), amount)
        for level, amount in enumerate(amounts[:-1])
    )
    return Choice(tuple(cases), amounts[-1])


def with_levels(rules: Program, *names: str) -> Program:
    """With a ladder that nothing climbs; a test gives the level."""
    never = Compare(Literal(0, Kind.NUMBER), Order.MORE, Literal(0, Kind.NUMBER))
    levels = (Level(name, name, i, never if i else None, NOWHERE) for i, name in enumerate(names))
    hold = HoldFor(Duration(12, Unit.MONTH))
    return attrs.evolve(
        rules,
        ladders=(Ladder("status", "Status", 0, hold, Lapse.TO_EARNED, False, None, tuple(levels), NOWHERE),),
    )


def earned_at(rules: Program, level: int, event: Event) -> list[int]:
    group = open_group(rules)
    give_level(group, 0, level, None, event.day - 1)
    return posted(apply(group, event).postings, EARNED)


def test_e1_7_sixty_stars_against_a_cheaper_item() -> None:
    """E1.7, REDEEM-2, NUM-1: $2.00 off $1.75 is $1.75 for all 60 Stars; with 59.99 it is refused."""
    stars = attrs.evolve(currency("stars"), scale=100)
    rules = program(reward(6000, 200), currencies=[stars])
    for have, off, refused in ((6000, 175, []), (5999, 0, [Obstacle.SHORT_BALANCE])):
        group = open_group(rules)
        give_opening(group, 0, have, at("2026-03-15"))
        outcome = apply(group, purchase("2026-04-02", 175, redeem=(0, 1)))
        assert (outcome.off, [refusal.obstacle for refusal in outcome.refusals]) == (off, refused)


def test_e2_1_and_e2_2_rates_by_tender_and_level() -> None:
    """E2.1, E2.2, EARN-8: $129.50 is 130, and 259 or 389 on the card by level, half up."""
    by_card = by_level(per_dollar(2), per_dollar(2), per_dollar(3))
    rules = with_levels(
        program(
            earn(Choice((Case(ON_CARD, by_card),), per_dollar(1))),
            currencies=[currency(rounding=Rounding.HALF_UP)],
        ),
        "member",
        "influencer",
        "ambassador",
    )
    assert earned_at(rules, 0, purchase("2025-03-01", 12950, payment=OTHER)) == [130]
    assert earned_at(rules, 1, purchase("2025-03-01", 12950)) == [259]
    assert earned_at(rules, 2, purchase("2025-03-01", 12950)) == [389]


def test_e4_1_credit_vests_and_becomes_a_certificate() -> None:
    """E4.1, REDEEM-12, REDEEM-13: $6.98 vests and is too little; with $3.50 more all $10.48 is given."""
    credit = attrs.evolve(IN_MONEY, pending=Duration(30, Unit.DAY))
    whole = giving(
        reward(minimum_balance=1000),
        BalanceGiven(1, Fraction(1)),
        taking=Taking.AFTER_EARNING,
        price=1,
        whole=True,
    )
    rules = program(earn(Share(Fraction(2, 100), Base.AMOUNT)), whole, currencies=(credit, IN_MONEY))
    group = open_group(rules)
    apply(group, purchase("2025-01-10", 34900))
    seen = []
    for day in ("2025-02-08", "2025-02-09"):
        advance(group, at(day))
        seen.append((totals_of(group.only)[0].pending, totals_of(group.only)[1].outstanding))
    apply(group, purchase("2025-02-20", 17500))
    for day in ("2025-03-21", "2025-03-22"):
        advance(group, at(day))
        seen.append((totals_of(group.only)[0].outstanding, totals_of(group.only)[1].outstanding))
    assert seen == [(698, 0), (0, 0), (1048, 0), (0, 1048)]


def test_e7_6_an_events_rate_is_made_up_to_and_not_added() -> None:
    """E7.6, EARN-11: four points a dollar at an event instead of one and a half, not on top of it."""
    base = earn(by_level(per_dollar(1), PerMoney(15, 1000, False, Base.AMOUNT)))
    event = attrs.evolve(earn(by_level(per_dollar(2), per_dollar(4)), name="event"), raises=(0,))
    rules = with_levels(program(base, event), "insider", "rouge")
    assert earned_at(rules, 1, purchase("2021-04-10", 10000)) == [150, 250]


def test_e9_4_the_newest_promotion_counts_and_not_on_nothing() -> None:
    """E9.4, GROUP-1: five more and not the double; on $0.80 the base is 0 and so is the rest."""
    base = earn(PerMoney(1, 100, True, Base.AMOUNT))
    spent = Compare(EventAmount(Base.AMOUNT), Order.AT_LEAST, Literal(100, Kind.MONEY))
    double = earn(PerMoney(1, 100, True, Base.AMOUNT), name="double")
    five = earn(Flat(5), name="plus5", when=spent)
    rules = grouped(Combine.NEWEST, double, five, preference=(1, 0), others=[base])
    rules = attrs.evolve(rules, starts=at("2020-01-01"))
    assert posted(run(rules, [purchase("2024-06-20", 2000)], at("2024-06-20")).postings, EARNED) == [5, 20]
    cheap = purchase("2024-06-20", 80)
    assert posted(run(rules, [cheap], cheap.day).postings, EARNED) == []


def test_e14_1_a_level_has_a_percentage_off_full_prices() -> None:
    """E14.1, BENEFIT-1, REDEEM-10: 10% of the $200.00 and not of the sale's $50.00; $230.00 is left."""
    silver = Compare(StatusOf(0), Order.EQUAL, Literal(1, Kind.LEVEL))
    off = attrs.evolve(benefit(reward(when=silver), PercentOff(Fraction(1, 10))), items=FULL_PRICE)
    group = open_group(with_levels(program(off), "bronze", "silver"))
    event = purchase("2024-03-10", items=[(20000, FOOD), (5000, DRINK)])
    give_level(group, 0, 1, None, event.day - 1)
    outcome = apply(group, event)
    assert (outcome.off, outcome.amount) == (2000, 23000)


def test_e14_7_stamps_above_nine_carry_on_and_a_free_drink_earns_none() -> None:
    """E14.7, REDEEM-11, EARN-7: a free drink for nine of ten stamps; then $1.50 is left of $7.50."""
    stamp = earn(PerItem(1), items=A_DRINK)
    full = giving(reward(9, name="full"), UnitsGiven(1, 1), taking=Taking.AFTER_EARNING)
    drink = attrs.evolve(giving(reward(1, name="drink"), FreeItem(600)), items=A_DRINK, currency=1)
    rules = program(stamp, full, drink, currencies=(currency("stamps"), currency("free_drinks")))
    group = open_group(rules)
    give_opening(group, 0, 8, at("2024-01-15"))
    apply(group, purchase("2024-06-01", items=[(500, DRINK)] * 2))
    assert [totals.outstanding for totals in totals_of(group.only)] == [1, 1]
    outcome = apply(group, purchase("2024-06-02", items=[(500, DRINK), (750, DRINK)], redeem=(1, 1)))
    assert (outcome.off, outcome.amount) == (600, 650)
    assert [totals.outstanding for totals in totals_of(group.only)] == [2, 0]


FRIEND = 3


def referring() -> Program:
    ordinal, days = (Field(name, Kind.NUMBER, (), i, NOWHERE) for i, name in ((1, "ordinal"), (2, "days")))
    first = Compare(EventField(ordinal), Order.EQUAL, Literal(1, Kind.NUMBER))
    credit = earn(Flat(1000), times(16, Unit.YEAR), name="friends", on=[trigger(FRIEND, first)])
    kept = EventKind("purchase by friend", FRIEND, (PAYMENT, ordinal, days), True, None)
    return attrs.evolve(
        program(credit, currencies=[IN_MONEY]),
        events=(*EVENTS, kept),
        friend_kinds=(FriendKind(FRIEND, PURCHASE, Duration(14, Unit.DAY)),),
    )


def test_e14_18_the_day_on_which_it_was_kept_long_enough_decides() -> None:
    """E14.18, REFER-3, LIMIT-3: the 17th that ripens on 30 December brings nothing, on 1 January $10.00."""
    rules = referring()
    for bought, credit in (("2025-12-16", 0), ("2025-12-18", 1000)):
        group = open_group(rules)
        limit = rules.earns[0].limits[0]
        group.only.usage.count((limit,), at("2025-12-01"), units=0, times=16)
        friends = Friendships(rules)
        friends.heard(attrs.evolve(purchase(bought, 5000), slot=1), at(bought))
        (ripe,) = friends.due(at("2026-01-31"))
        assert ripe.day == at(bought) + 14
        assert sum(posted(apply(group, ripe).postings, EARNED)) == credit


def test_e14_18_a_return_within_the_time_brings_nothing() -> None:
    """E14.18, REFER-3: on the tenth day, all of it."""
    friends = Friendships(referring())
    bought = attrs.evolve(purchase("2025-06-01", 5000), slot=1)
    friends.heard(bought, bought.day)
    back = Event("back", bought.day + 10, 0, RETURN, 5000, (), (), None, slot=1, original=bought.id)
    assert friends.heard(back, bought.day) == ()
    assert friends.due(at("2026-01-31")) == ()
    assert friends.next_due() is None
