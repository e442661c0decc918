"""Worked examples of rewards: automatic ones, chosen ones, their conditions, limits and cost."""

from fractions import Fraction

import attrs
import pytest
from programs_by_hand import (
    CARD,
    NOWHERE,
    OTHER,
    PAYMENT,
    STAY,
    at,
    earn,
    posted,
    program,
    purchase,
    redeem,
    reward,
    times,
    units,
)

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.groups import Group, give_opening, open_group
from loyalty_dsl.evaluation.ledger import Obstacle, PostingKind, RefusalKind
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome, apply, run
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.conditions import (
    BalanceOf,
    Base,
    Compare,
    DaysSinceJoin,
    EventAmount,
    EventField,
    Literal,
    OneAmong,
    Order,
)
from loyalty_dsl.language.program import CostOfFace, CostPerUse, DayRange, Program, Reward
from loyalty_dsl.language.rewards import MoneyOff, RewardCase
from loyalty_dsl.language.types import Kind

REDEEMED = PostingKind.REDEEMED


def off_case(reward: Reward, off: int) -> tuple[RewardCase, ...]:
    """The same reward with another sum off."""
    return (RewardCase(None, reward.price, False, MoneyOff(off, reward.in_full)),)


def member_with(rules: Program, balance: int) -> Group:
    group = open_group(rules)
    give_opening(group, 0, balance, at("2026-01-01"))
    return group


def at_event(rules: Program, balance: int, event: Event) -> Outcome:
    """What an event does to somebody with this balance."""
    return apply(member_with(rules, balance), event)


def uses(outcome: Outcome) -> list[tuple[int, int]]:
    """Times and money off of each reward used."""
    return [(use.times, use.off) for use in outcome.uses]


OVER_200_POINTS = Compare(BalanceOf(0), Order.MORE, Literal(200, Kind.UNITS))
AT_LEAST_15_DOLLARS = Compare(EventAmount(Base.AMOUNT), Order.AT_LEAST, Literal(1500, Kind.MONEY))
BY_CARD = Compare(EventField(PAYMENT), Order.EQUAL, Literal(CARD, Kind.ONE_OF))


# ---- automatic


def test_an_automatic_reward_is_taken_as_often_as_the_balance_holds() -> None:
    """REDEEM-1: 1,250 points are two times 500 off a basket of any size, in full."""
    rules = program(reward(500, 500, automatic=True, in_full=True))
    outcome = at_event(rules, 1250, purchase("2026-01-05", 300))
    assert (uses(outcome), outcome.amount) == ([(2, 1000)], 0)
    assert posted(outcome.postings, REDEEMED) == [1000]


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (reward(automatic=True, minimum_balance=250), [(2, 1000)]),  # 350, 250, but not at 150
        (reward(automatic=True, minimum_basket=2001), []),
        (reward(automatic=True, minimum_basket=2000), [(3, 1500)]),
        (reward(automatic=True, when=OVER_200_POINTS), [(2, 1000)]),
        (reward(automatic=True, when=AT_LEAST_15_DOLLARS), [(2, 1000)]),  # $20, $15, but not at $10
        (reward(100, 500, times(1), automatic=True), [(1, 500)]),
        (reward(100, 500, times(2, None), automatic=True), [(2, 1000)]),
        (reward(automatic=True, dates=((DayRange(at("2026-01-06"), at("2026-12-31")),),)), []),
        (reward(automatic=True, when=BY_CARD), [(3, 1500)]),
    ],
)
def test_all_is_asked_again_before_each_use(asked: Reward, taken: list[tuple[int, int]]) -> None:
    """REDEEM-1, EVENT-4: 350 points of which a use takes 100, and a basket of $20 that it lowers by $5."""
    assert uses(at_event(program(asked), 350, purchase("2026-01-05", 2000))) == taken


def test_up_to_the_basket_stops_when_nothing_is_left_to_pay() -> None:
    """REDEEM-1, REDEEM-2: $12 takes $5, $5 and $2 and no fourth."""
    rules = program(reward(100, 500, automatic=True))
    outcome = at_event(rules, 1000, purchase("2026-01-05", 1200))
    assert (uses(outcome), outcome.amount) == ([(3, 1200)], 0)
    assert posted(outcome.postings, REDEEMED) == [300]


def test_in_full_takes_its_face_beyond_the_basket() -> None:
    """REDEEM-2: three times $5 of a basket of $12."""
    rules = program(reward(100, 500, automatic=True, in_full=True))
    outcome = at_event(rules, 300, purchase("2026-01-05", 1200))
    assert (uses(outcome), outcome.amount) == ([(3, 1500)], 0)


def test_automatic_rewards_follow_the_chosen_one_in_declared_order() -> None:
    """EVENT-1: each sees what the one before left of the balance and of the basket."""
    rules = program(
        reward(100, 500, times(1), name="first", automatic=True),
        reward(50, 200, name="second", automatic=True),
        reward(10, 300, name="chosen"),
    )
    outcome = at_event(rules, 210, purchase("2026-01-05", 1100, redeem=(2, 1)))
    assert [rules.rewards[use.reward].name for use in outcome.uses] == ["chosen", "first", "second"]
    assert uses(outcome) == [(1, 300), (1, 500), (2, 300)]
    assert outcome.amount == 0


def test_automatic_rewards_wait_for_a_purchase() -> None:
    """EVENT-3: a stay has an amount and is no checkout."""
    rules = program(earn(Flat(1)), reward(100, 500, automatic=True, in_full=True))
    stay = Event("stay", at("2026-01-05"), 0, STAY, 1000, (), (), None)
    outcome = at_event(rules, 100, stay)
    assert (outcome.uses, outcome.amount) == ((), 1000)


# ---- chosen


def test_a_chosen_reward_is_used_as_often_as_was_asked() -> None:
    """REDEEM-3: twice, though the balance holds three."""
    rules = program(reward(100, 500))
    outcome = at_event(rules, 350, purchase("2026-01-05", 2000, redeem=(0, 2)))
    assert (uses(outcome), outcome.refusals) == ([(2, 1000)], ())


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (reward(200, 500), "it takes 200 points, more than is available"),
        (reward(100, 500, times(1)), "it would pass its limit of 1 time per calendar day"),
        (reward(100, 500, units(999, Unit.MONTH)), "it would pass its limit of $9.99 off per calendar month"),
        (reward(100, 500, minimum_basket=2000), "it needs a basket of $20.00"),
        (reward(100, 500, minimum_balance=300), "it needs a balance of 300 points, more than is available"),
        (reward(100, 1000), "nothing is left to pay"),
        (reward(when=BY_CARD), "its `when` does not hold"),
        (
            reward(100, 500, dates=((DayRange(at("2026-01-01"), at("2026-01-04")),),)),
            "its `dates` do not hold on this day",
        ),
    ],
)
def test_a_chosen_reward_is_all_or_nothing(asked: Reward, reason: str) -> None:
    """REDEEM-3, EVENT-2: of two uses one is impossible, so neither happens and the purchase goes on."""
    rules = program(earn(), asked)
    group = member_with(rules, 350 if asked.price == 200 else 250)
    before = list(group.only.usage.used)
    outcome = apply(group, purchase("2026-01-05", 1000, payment=OTHER, redeem=(0, 2)))
    (refusal,) = outcome.refusals
    assert (refusal.kind, refusal.reward) == (RefusalKind.REWARD, asked.name)
    assert refusal.reason == reason
    assert (outcome.off, posted(outcome.postings, PostingKind.EARNED)) == (0, [10])
    assert group.only.usage.used == before


def test_what_refuses_a_use_is_the_first_thing_in_its_way() -> None:
    """REDEEM-7: each in turn is taken away, and the next one is the reason."""
    asked = reward(
        100, 500, times(1), minimum_balance=200, minimum_basket=2000, when=BY_CARD,
        dates=((DayRange(at("2026-01-01"), at("2026-01-04")),),),
    )  # fmt: skip

    def reason(of: Reward, balance: int, event: Event) -> Obstacle:
        (refusal,) = at_event(program(of), balance, event).refusals
        return refusal.obstacle

    bought = purchase("2026-01-05", 1000, payment=OTHER, redeem=(0, 2))
    large = purchase("2026-01-05", 2000, payment=OTHER, redeem=(0, 2))
    assert reason(asked, 99, bought) is Obstacle.SHORT_BALANCE
    assert reason(asked, 199, bought) is Obstacle.MINIMUM_BALANCE
    assert reason(asked, 300, redeem("2026-01-05")) is Obstacle.NO_PURCHASE
    assert reason(asked, 300, bought) is Obstacle.MINIMUM_BASKET
    assert reason(asked, 300, large) is Obstacle.DATES
    asked = attrs.evolve(asked, dates=())
    assert reason(asked, 300, large) is Obstacle.WHEN
    asked = attrs.evolve(asked, when=None, cases=off_case(asked, 2000))
    assert reason(asked, 300, large) is Obstacle.NOTHING_TO_PAY
    assert (
        reason(
            attrs.evolve(asked, cases=off_case(asked, 500)),
            300,
            large,
        )
        is Obstacle.LIMIT
    )


def test_a_refused_reward_alone_leaves_its_member_as_before() -> None:
    """EVENT-2, JOIN-1: who has only asked in vain has not joined; at a purchase the purchase joins."""
    new = Compare(DaysSinceJoin(), Order.EQUAL, Literal(0, Kind.NUMBER))
    rules = program(earn(Flat(1), when=new), reward(100))
    vain, late = redeem("2026-01-05"), purchase("2026-01-06")
    assert posted(run(rules, [vain, late], at("2026-01-31")).postings, PostingKind.EARNED) == [1]
    vain = purchase("2026-01-05", redeem=(0, 1))
    assert posted(run(rules, [vain, late], at("2026-01-31")).postings, PostingKind.EARNED) == [1]
    group = member_with(rules, 100)
    apply(group, redeem("2026-01-05", quantity=2))
    assert group.only.joined is None
    apply(group, redeem("2026-01-06"))
    assert group.only.joined == at("2026-01-06")


def test_a_reward_alone_takes_off_its_face() -> None:
    """REDEEM-4: with nothing to pay, up to the basket or in full."""
    for in_full in (False, True):
        rules = program(reward(100, 500, in_full=in_full))
        assert uses(at_event(rules, 250, redeem("2026-01-05", quantity=2))) == [(2, 1000)]


@pytest.mark.parametrize(
    "asked",
    [
        reward(minimum_basket=1),
        reward(when=BY_CARD),
        reward(when=OneAmong(EventField(PAYMENT), (CARD, OTHER))),
        reward(when=Compare(EventAmount(Base.BASKET), Order.AT_LEAST, Literal(0, Kind.MONEY))),
    ],
)
def test_a_reward_that_asks_about_the_purchase_needs_one(asked: Reward) -> None:
    """REDEEM-4: a condition that any purchase would meet refuses a reward outside one."""
    rules = program(asked)
    assert uses(at_event(rules, 100, redeem("2026-01-05"))) == []
    assert uses(at_event(rules, 100, purchase("2026-01-05", redeem=(0, 1)))) == [(1, 500)]


def test_a_money_limit_counts_money_that_was_taken_off() -> None:
    """REDEEM-5: of $8 a day, $5 and then $3 of a basket of $3 fit; two times $5 do not, nor part of one."""
    rules = program(reward(100, 500, units(800)))
    group = member_with(rules, 1000)
    taken = [
        uses(apply(group, purchase("2026-01-05", basket, redeem=(0, 1), minute=i)))
        for i, basket in enumerate((2000, 2000, 300, 1))
    ]
    assert taken == [[(1, 500)], [], [(1, 300)], []]
    assert uses(apply(group, purchase("2026-01-06", 2000, redeem=(0, 1)))) == [(1, 500)]


def test_each_use_is_a_time() -> None:
    """LIMIT-2: a limit of three a day leaves one after two uses at one purchase."""
    rules = program(reward(10, 100, times(3)))
    group = member_with(rules, 1000)
    events = [purchase("2026-01-05", redeem=(0, n), minute=i) for i, n in enumerate((2, 2, 1))]
    assert [uses(apply(group, event)) for event in events] == [[(2, 200)], [], [(1, 100)]]


# ---- cost


def cost(value: str) -> AssumedNumber:
    return AssumedNumber(Fraction(value), None, NOWHERE)


def test_what_a_use_costs() -> None:
    """REDEEM-6, LEDGER-2: per use, of the money taken off, or not known; a currency's cost plays no part."""
    event = purchase("2026-01-05", 800, redeem=(0, 2))
    per_use = at_event(program(reward(10, 500, cost=CostPerUse(cost("90")))), 20, event)
    of_face = at_event(program(reward(10, 500, cost=CostOfFace(cost("0.85")))), 20, event)
    unknown = at_event(program(reward(10, 500)), 20, event)
    assert per_use.uses == (Use(0, 2, 800, Fraction(180)),)
    assert of_face.uses == (Use(0, 2, 800, Fraction(680)),)
    assert unknown.uses == (Use(0, 2, 800, None),)


def test_a_run_adds_up_the_uses_of_each_reward() -> None:
    """REDEEM-6: over events; a reward that was never used costs 0 when its cost is known."""
    rules = program(
        earn(Flat(10)),
        reward(10, 500, cost=CostPerUse(cost("90"))),
        reward(99, 1, cost=CostPerUse(cost("1"))),
    )
    events = [purchase("2026-01-05"), *(purchase(f"2026-01-0{d}", redeem=(0, 1)) for d in (6, 7))]
    assert run(rules, events, at("2026-01-31")).uses == (
        Use(0, 2, 1000, Fraction(180)),
        Use(1, 0, 0, Fraction(0)),
    )
