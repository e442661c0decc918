"""Programs, events and short questions for tests of meaning, built without the language.

Everything has the plainest default, so that a test names only what it is about. Money is in cents.
"""

from collections.abc import Sequence
from datetime import date

import attrs

from loyalty_dsl.calendar import Duration, Unit, day_of
from loyalty_dsl.evaluation.events import REDEEM, RETURN, Event, Item
from loyalty_dsl.evaluation.ledger import Posting, PostingKind
from loyalty_dsl.language.amounts import Amount, PerMoney
from loyalty_dsl.language.clocks import At, Clock
from loyalty_dsl.language.conditions import Base, Compare, Condition, CounterValue, Literal, Order, StatusOf
from loyalty_dsl.language.counters import Counter, Measure, SpendMeasure
from loyalty_dsl.language.expiry import AfterEarning, Expiry, LotTerm, Never
from loyalty_dsl.language.program import (
    Currency,
    Dates,
    EarnRule,
    Limit,
    LimitOf,
    Program,
    Reward,
    RewardCost,
    RoundPer,
    SpendOrder,
    Trigger,
)
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking
from loyalty_dsl.language.tiers import Hold, HoldThrough, Ladder, Lapse, Level
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.language.windows import Window
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import SourceText, Span

NOWHERE = Span(SourceText("made by hand", ""), 0, 0)

CATEGORY = Field("category", Kind.ONE_OF, ("drink", "food"), 0, NOWHERE)
DRINK, FOOD = 0, 1
PAYMENT = Field("payment", Kind.ONE_OF, ("card", "other"), 0, NOWHERE)
CARD, OTHER = 0, 1
STAY = 2

EVENTS = (
    EventKind("purchase", PURCHASE, (PAYMENT,), True, None),
    EventKind("join", JOIN, (), False, None),
    EventKind("stay", STAY, (), True, None),
)

AT_ONCE = Duration(0, Unit.DAY)
NEVER_EXPIRES = Never()
A_POINT_PER_DOLLAR = PerMoney(1, 100, True, Base.AMOUNT)


def at(text: str) -> int:
    """The day number of an ISO date."""
    return day_of(date.fromisoformat(text))


def currency(
    name: str = "points",
    *,
    rounding: Rounding = Rounding.DOWN,
    round_per: RoundPer = RoundPer.RULE,
    pending: Duration = AT_ONCE,
    expiry: Expiry = NEVER_EXPIRES,
    spend: SpendOrder = SpendOrder.SOONEST_TO_EXPIRE,
    in_money: bool = False,
) -> Currency:
    scale = 100 if in_money else 1
    return Currency(
        name, name, 0, in_money, scale, rounding, round_per, pending, expiry, spend, None, None, NOWHERE
    )


def after(count: int, unit: Unit = Unit.DAY, end_of: Unit | None = None) -> AfterEarning:
    return AfterEarning(Duration(count, unit), end_of)


def times(most: int, window: Unit | None = Unit.DAY) -> Limit:
    return Limit(0, LimitOf.TIMES, most, window, NOWHERE)


def units(most: int, window: Unit | None = Unit.DAY) -> Limit:
    return Limit(0, LimitOf.UNITS, most, window, NOWHERE)


def trigger(event: int = PURCHASE, where: Condition | None = None) -> Trigger:
    return Trigger(event, where, NOWHERE)


def earn(
    amount: Amount = A_POINT_PER_DOLLAR,
    *limits: Limit,
    name: str = "base",
    on: Sequence[Trigger] = (trigger(),),
    when: Condition | None = None,
    dates: tuple[tuple[Dates, ...], ...] = (),
    items: Condition | None = None,
    currency: int = 0,
    pending: Duration | None = None,
    expiry: LotTerm | None = None,
) -> EarnRule:
    return EarnRule(
        name,
        name,
        0,
        tuple(on),
        when,
        dates,
        items,
        amount,
        currency,
        limits,
        NOWHERE,
        pending=pending,
        expiry=expiry,
    )


def reward(
    price: int = 100,
    off: int = 500,
    *limits: Limit,
    name: str = "five_off",
    in_full: bool = False,
    automatic: bool = False,
    when: Condition | None = None,
    dates: tuple[tuple[Dates, ...], ...] = (),
    minimum_basket: int = 0,
    minimum_balance: int = 0,
    cost: RewardCost | None = None,
) -> Reward:
    return Reward(
        name=name,
        label=name,
        index=0,
        currency=0,
        cases=(RewardCase(None, price, False, MoneyOff(off, in_full)),),
        taking=Taking.AT_CHECKOUT if automatic else Taking.CHOSEN,
        when=when,
        dates=dates,
        minimum_basket=minimum_basket,
        minimum_balance=minimum_balance,
        limits=limits,
        cost=cost,
        span=NOWHERE,
    )


def program(
    *rules: EarnRule | Reward,
    currencies: Sequence[Currency] = (currency(),),
    starts: str = "2026-01-01",
    fields: Sequence[Field] = (),
    counters: Sequence[Counter] = (),
    ladders: Sequence[Ladder] = (),
    clocks: Sequence[At] = (),
    returns: Returns | None = None,
) -> Program:
    """A program of these rules, with every index and limit numbered."""
    limits = 0
    earns: list[EarnRule] = []
    rewards: list[Reward] = []
    for rule in rules:
        numbered = tuple(attrs.evolve(limit, index=limits + i) for i, limit in enumerate(rule.limits))
        limits += len(numbered)
        if isinstance(rule, EarnRule):
            earns.append(attrs.evolve(rule, index=len(earns), limits=numbered))
        else:
            rewards.append(attrs.evolve(rule, index=len(rewards), limits=numbered))
    return Program(
        name="test",
        label="Test",
        money="USD",
        timezone="America/New_York",
        starts=at(starts),
        events=EVENTS,
        item_fields=(CATEGORY,),
        currencies=tuple(attrs.evolve(c, index=i) for i, c in enumerate(currencies)),
        earns=tuple(earns),
        rewards=tuple(rewards),
        limit_count=limits,
        span=NOWHERE,
        member_fields=tuple(attrs.evolve(field, index=i) for i, field in enumerate(fields)),
        counters=tuple(attrs.evolve(each, index=i) for i, each in enumerate(counters)),
        ladders=tuple(attrs.evolve(ladder, index=i) for i, ladder in enumerate(ladders)),
        clocks=tuple(Clock(i, f"clock{i}", each) for i, each in enumerate(clocks)),
        returns=returns,
    )


FIRST_CLOCK = len(EVENTS)
"""The kind of the first clock of a program."""

NEGATIVE = Returns(negative=True, rechecks=False, span=None)
AT_ZERO = Returns(negative=False, rechecks=False, span=None)
RECHECKS = Returns(negative=True, rechecks=True, span=None)


def counter(
    measure: Measure = SpendMeasure(PURCHASE),  # noqa: B008 (frozen)
    window: Window = Unit.YEAR,
    *,
    where: Condition | None = None,
    items: Condition | None = None,
) -> Counter:
    return Counter("c", "c", 0, measure, window, where, items, Kind.NUMBER, -1, NOWHERE)


def at_least(counter: int, value: int, *, previous: bool = False) -> Condition:
    """A counter that has reached a value."""
    return Compare(CounterValue(counter, previous), Order.AT_LEAST, Literal(value, Kind.NUMBER))


def level_at_least(level: int, ladder: int = 0) -> Condition:
    return Compare(StatusOf(ladder), Order.AT_LEAST, Literal(level, Kind.LEVEL))


def ladder(
    *conditions: Condition,
    hold: Hold = HoldThrough(Unit.YEAR, Duration(12, Unit.MONTH)),  # noqa: B008 (frozen)
    lapse: Lapse = Lapse.TO_EARNED,
    before: bool = False,
    review: Unit | tuple[int, int] | None = None,
) -> Ladder:
    """A ladder of a level that everybody holds and one for each condition."""
    levels = tuple(Level(f"l{i}", f"l{i}", i, when, NOWHERE) for i, when in enumerate((None, *conditions)))
    return Ladder("status", "status", 0, hold, lapse, before, review, levels, NOWHERE)


def purchase(
    day: str | int,
    basket: int = 1000,
    *,
    items: Sequence[tuple[int, int]] = (),
    payment: int = CARD,
    redeem: tuple[int, int] | None = None,
    minute: int = 0,
) -> Event:
    """A purchase; with items, pairs of price and category, the basket is their sum."""
    number = at(day) if isinstance(day, str) else day
    made = tuple(Item(price, (category,)) for price, category in items)
    basket = sum(item.price for item in made) if made else basket
    return Event(f"{number}/{minute}/{basket}", number, minute, PURCHASE, basket, made, (payment,), redeem)


def join(day: str) -> Event:
    return Event(f"join {day}", at(day), 0, JOIN, 0, (), (), None)


def redeem(day: str, reward: int = 0, quantity: int = 1) -> Event:
    return Event(f"redeem {day}", at(day), 0, REDEEM, 0, (), (), (reward, quantity))


def give_back(day: str, original: Event, basket: int = 0, *, items: Sequence[tuple[int, int]] = ()) -> Event:
    """A return of an amount, or of items: pairs of price and category."""
    made = tuple(Item(price, (category,)) for price, category in items)
    basket = sum(item.price for item in made) if made else basket
    return Event(f"return {day} {basket}", at(day), 0, RETURN, basket, made, (), None, original=original.id)


def posted(postings: Sequence[Posting], kind: PostingKind, currency: int = 0) -> list[int]:
    """The units of the postings of one kind, in order."""
    return [p.units for p in postings if p.kind is kind and p.currency == currency]
