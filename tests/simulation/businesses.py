"""Programs and populations for tests of the simulation, built without the language.

Everything has the plainest default, so that a test names only what it is about. Money is in cents and
points are whole.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Duration, Unit, day_of
from loyalty_dsl.language.amounts import Amount, Flat, PerMoney
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.conditions import Base, Condition, EventField, ItemField, OneAmong
from loyalty_dsl.language.expiry import AfterEarning, Expiry, Never
from loyalty_dsl.language.population import (
    Basket,
    FieldDraw,
    GammaBasket,
    ItemCounts,
    Leave,
    LeavePerPeriod,
    LeavePerPurchase,
    Population,
    Purchases,
    Redeem,
    Rhythm,
    Segment,
)
from loyalty_dsl.language.program import (
    CostPerUse,
    Currency,
    EarnRule,
    Limit,
    LimitOf,
    Program,
    Reward,
    RoundPer,
    SpendOrder,
    Trigger,
)
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import SourceText, Span

NOWHERE = Span(SourceText("made by hand", ""), 0, 0)
START = day_of(date(2027, 1, 1))

PAYMENT = Field("payment", Kind.ONE_OF, ("card", "other"), 0, NOWHERE)
ONLINE = Field("online", Kind.YES_NO, (), 1, NOWHERE)
CATEGORY = Field("category", Kind.ONE_OF, ("drink", "food", "other"), 0, NOWHERE)
EVENTS = (
    EventKind("purchase", PURCHASE, (PAYMENT, ONLINE), True, NOWHERE),
    EventKind("join", JOIN, (), False, None),
)

A_POINT_PER_DOLLAR = PerMoney(1, 100, True, Base.AMOUNT)
PAID_BY_CARD = OneAmong(EventField(PAYMENT), (0,))
NO_DRINKS = OneAmong(ItemField(CATEGORY), (1, 2))


def decimal(text: str) -> Fraction:
    return Fraction(text)


# ---- programs


def points(expiry: Expiry = Never(), pending: Duration = Duration(0, Unit.DAY)) -> Currency:  # noqa: B008
    return Currency(
        "points", "Points", 0, False, 1, Rounding.DOWN, RoundPer.RULE, pending, expiry,
        SpendOrder.SOONEST_TO_EXPIRE, None, None, NOWHERE,
    )  # fmt: skip


def after(count: int, unit: Unit = Unit.DAY) -> AfterEarning:
    return AfterEarning(Duration(count, unit), None)


def earn(
    amount: Amount = A_POINT_PER_DOLLAR,
    name: str = "base",
    *,
    on: int = PURCHASE,
    where: Condition | None = None,
    items: Condition | None = None,
    limits: tuple[Limit, ...] = (),
) -> EarnRule:
    return EarnRule(
        name, name, 0, (Trigger(on, where, NOWHERE),), None, (), items, amount, 0, limits, NOWHERE
    )


def reward(
    price: int,
    off: int,
    name: str = "five_off",
    *,
    automatic: bool = False,
    in_full: bool = True,
    cost: str | None = None,
    minimum_basket: int = 0,
) -> Reward:
    what = None if cost is None else CostPerUse(AssumedNumber(decimal(cost), None, NOWHERE))
    case = RewardCase(None, price, False, MoneyOff(off, in_full))
    taking = Taking.AT_CHECKOUT if automatic else Taking.CHOSEN
    return Reward(name, name, 0, 0, (case,), taking, None, (), minimum_basket, 0, (), what, NOWHERE)


def program(
    currency: Currency,
    earns: Sequence[EarnRule],
    rewards: Sequence[Reward] = (),
    item_fields: tuple[Field, ...] = (),
    starts: int = START,
) -> Program:
    return Program(
        name="shop",
        label="Shop",
        money="USD",
        timezone="UTC",
        starts=starts,
        events=EVENTS,
        item_fields=item_fields,
        currencies=(currency,),
        earns=tuple(attrs.evolve(rule, index=i) for i, rule in enumerate(earns)),
        rewards=tuple(attrs.evolve(one, index=i) for i, one in enumerate(rewards)),
        limit_count=sum(len(rule.limits) for rule in earns),
        span=NOWHERE,
    )


def grocery() -> Program:
    """A program with a bit of everything: items, a field, a limit, joiners' points, two rewards, pending."""
    limit = Limit(0, LimitOf.UNITS, 60, Unit.MONTH, NOWHERE)
    return program(
        points(after(120), Duration(7, Unit.DAY)),
        [
            earn(items=NO_DRINKS),
            earn(Flat(15), "card", where=PAID_BY_CARD, limits=(limit,)),
            earn(Flat(40), "welcome", on=JOIN),
        ],
        [reward(400, 1000, "ten_off", cost="600", minimum_basket=1500), reward(150, 300, "three_off")],
        (CATEGORY,),
    )


# ---- populations


def shares(*texts: str) -> tuple[Fraction, ...]:
    return tuple(decimal(text) for text in texts)


def monthly(mean: str, spread: str = "0") -> Purchases:
    return Purchases(decimal(mean), Unit.MONTH, decimal(spread), NOWHERE)


def leave_monthly(share: str, spread: str = "0") -> Leave:
    return LeavePerPeriod(decimal(share), Unit.MONTH, decimal(spread), NOWHERE)


def leave_per_purchase(share: str, spread: str = "0") -> Leave:
    return LeavePerPurchase(decimal(share), decimal(spread), NOWHERE)


def redeem(chance: str, slope: str = "0", spread: str = "0", never: str = "0") -> Redeem:
    return Redeem(decimal(chance), decimal(slope), decimal(spread), decimal(never), NOWHERE)


DRAWS = (
    FieldDraw(PAYMENT, False, shares("0.45", "0.55"), NOWHERE),
    FieldDraw(ONLINE, False, shares("0.94", "0.06"), NOWHERE),
    FieldDraw(CATEGORY, True, shares("0.3", "0.5", "0.2"), NOWHERE),
)


def segment(
    purchases: Purchases,
    leave: Leave | None = None,
    *,
    name: str = "shoppers",
    share: str = "1",
    median: int = 3000,
    sigma: str = "0.8",
    draws: tuple[FieldDraw, ...] = (),
    redeem: Redeem | None = None,
) -> Segment:
    basket = Basket(median, decimal(sigma), NOWHERE)
    return Segment(name, 0, decimal(share), purchases, leave, basket, draws, redeem, NOWHERE)


def population(
    *segments: Segment, members: int = 1000, joins: int = 0, unit: Unit = Unit.MONTH
) -> Population:
    numbered = tuple(attrs.evolve(one, index=i) for i, one in enumerate(segments))
    return Population("people", "shop", members, None, joins, Unit.MONTH, numbered, NOWHERE)


def grocery_shoppers(members: int = 1000, joins: int = 50) -> Population:
    return population(
        segment(
            monthly("5", "0.8"),
            leave_monthly("0.03", "0.5"),
            name="regulars",
            share="0.7",
            draws=DRAWS,
            redeem=redeem("0.6", "0.8", "1.2", "0.2"),
        ),
        segment(
            monthly("1"),
            leave_per_purchase("0.05", "0.5"),
            name="visitors",
            share="0.3",
            draws=DRAWS,
            redeem=redeem("0.3"),
        ),
        members=members,
        joins=joins,
    )


def shoppers_of_every_trait() -> Population:
    """The shoppers of the grocery with all that a segment can say beside."""
    regulars, visitors = grocery_shoppers().segments
    season = (*shares("0.8"), *(Fraction(1),) * 10, *shares("1.9"))
    weekday = (*(Fraction(1),) * 5, *shares("1.2", "0.7"))
    return attrs.evolve(
        grocery_shoppers(),
        segments=(
            attrs.evolve(
                regulars,
                purchases=attrs.evolve(regulars.purchases, rhythm=Rhythm(2, season, weekday)),
                basket=Basket(3000, decimal("0.8"), NOWHERE, decimal("0.6"), decimal("0.2")),
                items=ItemCounts((1, 3), shares("0.6", "0.4"), NOWHERE),
                redeem=attrs.evolve(redeem("0.6", "0.8", "1.2", "0.2"), correlation=decimal("0.3")),
                joining=decimal("0.4"),
                referred=decimal("0.5"),
            ),
            attrs.evolve(
                visitors,
                purchases=attrs.evolve(monthly("1", "0.7"), rhythm=Rhythm(3)),
                basket=GammaBasket(decimal("6.25"), decimal("3.74"), 1544, NOWHERE, decimal("-0.3")),
                leave=LeavePerPurchase(decimal("0.05"), decimal("0.5"), NOWHERE, True),
                redeem=attrs.evolve(redeem("0.3", "0", "0.7"), correlation=decimal("-0.4"), with_basket=True),
                joining=decimal("0.6"),
                referred=decimal("0.5"),
            ),
        ),
        join_season=season,
    )
