"""Programs over every mechanic of the language, drawn at random.

What is drawn is decided by a `Chooser`, so one generator serves two uses: hypothesis chooses where a failing
example should shrink, and a seeded generator of random numbers chooses where millions should pass quickly.

Invariant: what is drawn satisfies the invariants of `Program`; the checker would pass it.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

import attrs
from hypothesis import strategies as st

from loyalty_dsl.calendar import NEVER, Duration, Unit, day_of
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import Amount, Flat, PerMoney, Share
from loyalty_dsl.language.expiry import AfterEarning, Expiry, Never
from loyalty_dsl.language.program import (
    AssumedNumber,
    CostOfFace,
    CostPerUse,
    Currency,
    Dates,
    DayRange,
    DaysOfMonth,
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
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import SourceText, Span

T = TypeVar("T")

NOWHERE = Span(SourceText("drawn", ""), 0, 0)
STARTS = day_of(date(2027, 12, 20))
"""Late in a year, before a leap day: month ends, the turn of the year and 29 February are all near."""

PURCHASE_FIELDS = (
    Field("payment", Kind.ONE_OF, ("card", "cash", "app"), 0, NOWHERE),
    Field("online", Kind.YES_NO, (), 1, NOWHERE),
    Field("guests", Kind.NUMBER, (), 2, NOWHERE),
    Field("made", Kind.DATE, (), 3, NOWHERE),
)
STAY_FIELDS = (Field("nights", Kind.NUMBER, (), 0, NOWHERE),)
ITEM_FIELDS = (
    Field("category", Kind.ONE_OF, ("drink", "food", "other"), 0, NOWHERE),
    Field("organic", Kind.YES_NO, (), 1, NOWHERE),
)
STAY, VISIT = 2, 3
EVENTS = (
    EventKind("purchase", PURCHASE, PURCHASE_FIELDS, True, None),
    EventKind("join", JOIN, (), False, None),
    EventKind("stay", STAY, STAY_FIELDS, True, None),
    EventKind("visit", VISIT, (), False, None),
)


class Chooser(Protocol):
    """Who decides."""

    def integer(self, low: int, high: int) -> int: ...
    def one_of(self, options: Sequence[T]) -> T: ...


@attrs.frozen
class Shrinking:
    """Hypothesis decides; smaller numbers and earlier options are simpler."""

    draw: Callable[..., object]

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def one_of(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))


@attrs.frozen
class Seeded:
    """A seeded generator decides."""

    source: random.Random

    def integer(self, low: int, high: int) -> int:
        return self.source.randint(low, high)

    def one_of(self, options: Sequence[T]) -> T:
        return self.source.choice(options)


# ---- conditions

ORDERS = tuple(c.Order)


def draw_condition(choose: Chooser, operands: Sequence[c.Operand], depth: int = 2) -> c.Condition:
    """A condition over these operands."""
    form = choose.one_of(("compare", "among", "not", "all", "any") if depth else ("compare", "among"))
    match form:
        case "compare":
            left = choose.one_of(operands)
            right = draw_literal(choose, left) if choose.integer(0, 4) else choose.one_of(operands)
            return c.Compare(left, choose.one_of(ORDERS), right)
        case "among":
            operand = choose.one_of(operands)
            literals = [draw_literal(choose, operand) for _ in range(choose.integer(1, 3))]
            return c.OneAmong(operand, tuple(literal.value for literal in literals))
        case "not":
            return c.Not(draw_condition(choose, operands, depth - 1))
        case _:
            inner = tuple(draw_condition(choose, operands, depth - 1) for _ in range(choose.integer(1, 3)))
            return c.All(inner) if form == "all" else c.Any(inner)


def draw_literal(choose: Chooser, operand: c.Operand) -> c.Literal:
    """A constant near the values that the operand takes."""
    match operand:
        case c.EventField(field) | c.ItemField(field):
            return c.Literal(draw_value(choose, field), field.kind)
        case c.EventAmount(_):
            return c.Literal(choose.one_of((0, 100, 499, 500, 1000, 2000, 5000)), Kind.MONEY)
        case c.BalanceOf(_):
            return c.Literal(choose.one_of((0, 1, 10, 50, 100, 500)), Kind.UNITS)
        case _:
            return c.Literal(choose.one_of((0, 1, 7, 31, 62, 63, 365)), Kind.NUMBER)


def draw_value(choose: Chooser, field: Field) -> int:
    """A value of a field."""
    match field.kind:
        case Kind.ONE_OF:
            return choose.integer(0, len(field.values) - 1)
        case Kind.YES_NO:
            return choose.integer(0, 1)
        case Kind.DATE:
            return STARTS + choose.integer(-3, 40)
        case _:
            return choose.one_of((0, 1, 2, 3, 61, 62, 63, 64, 1000))


def maybe_condition(choose: Chooser, operands: Sequence[c.Operand]) -> c.Condition | None:
    return draw_condition(choose, operands) if operands and choose.integer(0, 2) == 2 else None


# ---- the parts of a program


def draw_dates(choose: Chooser) -> tuple[tuple[Dates, ...], ...]:
    """No clause, mostly; else some, each with alternatives."""

    def one() -> Dates:
        if choose.integer(0, 1):
            first = choose.integer(1, 31)
            return DaysOfMonth(first, choose.integer(first, 31))
        first = STARTS + choose.integer(0, 60)
        last = first + choose.integer(0, 60)
        return DayRange(*choose.one_of(((first, last), (-(2**31), last), (first, NEVER))))

    clauses = choose.one_of((0, 0, 0, 1, 1, 2))
    return tuple(tuple(one() for _ in range(choose.integer(1, 2))) for _ in range(clauses))


def draw_limits(choose: Chooser, per_event_times: bool) -> tuple[Limit, ...]:
    limits = []
    for _ in range(choose.one_of((0, 0, 1, 1, 2))):
        of = choose.one_of((LimitOf.UNITS, LimitOf.TIMES))
        windows: tuple[Unit | None, ...] = tuple(Unit)
        if of is LimitOf.UNITS or per_event_times:
            windows = (*windows, None)
        most = choose.one_of((1, 10, 60, 500, 1200)) if of is LimitOf.UNITS else choose.integer(1, 4)
        limits.append(Limit(0, of, most, choose.one_of(windows), NOWHERE))
    return tuple(limits)


def draw_expiry(choose: Chooser) -> Expiry:
    if choose.integer(0, 3) == 0:
        return Never()
    count, unit = choose.one_of(
        ((1, Unit.DAY), (10, Unit.DAY), (180, Unit.DAY), (1, Unit.MONTH), (6, Unit.MONTH), (1, Unit.QUARTER),
         (1, Unit.YEAR), (2, Unit.WEEK))
    )  # fmt: skip
    return AfterEarning(
        Duration(count, unit), choose.one_of((None, None, Unit.MONTH, Unit.QUARTER, Unit.YEAR))
    )


def draw_currency(choose: Chooser, index: int) -> Currency:
    in_money = choose.integer(0, 2) == 2
    count, unit = choose.one_of(
        ((0, Unit.DAY), (0, Unit.DAY), (1, Unit.DAY), (14, Unit.DAY), (1, Unit.MONTH))
    )
    return Currency(
        name=f"currency_{index}",
        label="",
        index=index,
        in_money=in_money,
        scale=100 if in_money else 1,
        rounding=choose.one_of(tuple(Rounding)),
        round_per=choose.one_of(tuple(RoundPer)),
        pending=Duration(count, unit),
        expiry=draw_expiry(choose),
        spend=choose.one_of(tuple(SpendOrder)),
        worth=None,
        cost=None,
        span=NOWHERE,
    )


def draw_amount(choose: Chooser, in_money: bool, has_amount: bool) -> Amount:
    base = choose.one_of(tuple(c.Base))
    form = choose.one_of(("flat", "per", "whole", "share" if in_money else "per")) if has_amount else "flat"
    match form:
        case "flat":
            return Flat(choose.one_of((1, 10, 75, 250)))
        case "share":
            share = choose.one_of((Fraction(1, 20), Fraction(1, 3), Fraction(3, 8), Fraction(1)))
            return Share(share, base)
        case _:
            units, per = choose.integer(1, 20), choose.one_of((10, 70, 99, 100, 300, 1000))
            return PerMoney(units, per, form == "whole", base)


def operands_of(kinds: Sequence[int], currencies: int) -> list[c.Operand]:
    """What a condition may read on events of all these kinds."""
    operands: list[c.Operand] = [c.DaysSinceJoin()]
    operands += [c.BalanceOf(currency) for currency in range(currencies)]
    if all(EVENTS[kind].has_amount for kind in kinds):
        operands += [c.EventAmount(base) for base in c.Base]
    if len(set(kinds)) == 1:
        operands += [c.EventField(field) for field in EVENTS[kinds[0]].fields]
    return operands


def draw_earn(choose: Chooser, index: int, currencies: Sequence[Currency]) -> EarnRule:
    currency = choose.one_of(currencies)
    kinds = [
        choose.one_of((PURCHASE, PURCHASE, PURCHASE, JOIN, STAY, VISIT)) for _ in range(choose.integer(1, 2))
    ]
    triggers = tuple(
        Trigger(kind, maybe_condition(choose, operands_of([kind], len(currencies))), NOWHERE)
        for kind in kinds
    )
    operands = operands_of(kinds, len(currencies))
    items = None
    if set(kinds) == {PURCHASE} and choose.integer(0, 2) == 2:
        items = draw_condition(choose, [c.ItemField(field) for field in ITEM_FIELDS] * 3 + operands, depth=1)
    has_amount = all(EVENTS[kind].has_amount for kind in kinds)
    return EarnRule(
        name=f"earn_{index}",
        label="",
        index=index,
        triggers=triggers,
        when=maybe_condition(choose, operands),
        dates=draw_dates(choose),
        items=items,
        amount=draw_amount(choose, currency.in_money, has_amount),
        currency=currency.index,
        limits=draw_limits(choose, per_event_times=False),
        span=NOWHERE,
    )


def draw_reward(choose: Chooser, index: int, currencies: Sequence[Currency]) -> Reward:
    costs: tuple[RewardCost | None, ...] = (
        None,
        CostPerUse(AssumedNumber(Fraction(325, 2), None, NOWHERE)),
        CostOfFace(AssumedNumber(Fraction(17, 20), None, NOWHERE)),
    )
    return Reward(
        name=f"reward_{index}",
        label="",
        index=index,
        currency=choose.one_of(currencies).index,
        cases=(draw_plain_case(choose),),
        taking=choose.one_of((Taking.AT_CHECKOUT, Taking.CHOSEN)),
        when=maybe_condition(choose, operands_of([PURCHASE], len(currencies))),
        dates=draw_dates(choose),
        minimum_basket=choose.one_of((0, 0, 500)),
        minimum_balance=choose.one_of((0, 0, 120)),
        limits=draw_limits(choose, per_event_times=True),
        cost=choose.one_of(costs),
        span=NOWHERE,
    )


def draw_plain_case(choose: Chooser) -> RewardCase:
    """A reward's only case: so much money off for so many units."""
    price = choose.one_of((10, 25, 60, 100, 250))
    off = choose.one_of((1, 333, 500, 1000))
    return RewardCase(None, price, False, MoneyOff(off, choose.one_of((True, False))))


def draw_program(choose: Chooser) -> Program:
    """A program of up to three currencies, five earn rules and three rewards."""
    currencies = tuple(draw_currency(choose, index) for index in range(choose.one_of((1, 1, 2, 3))))
    earns = [draw_earn(choose, index, currencies) for index in range(choose.integer(1, 5))]
    rewards = [draw_reward(choose, index, currencies) for index in range(choose.integer(0, 3))]
    count = 0
    for rules in (earns, rewards):
        for i, rule in enumerate(rules):
            limits = tuple(attrs.evolve(limit, index=count + k) for k, limit in enumerate(rule.limits))
            count += len(limits)
            rules[i] = attrs.evolve(rule, limits=limits)
    return Program(
        name="drawn",
        label="",
        money="USD",
        timezone="America/New_York",
        starts=STARTS,
        events=EVENTS,
        item_fields=ITEM_FIELDS,
        currencies=currencies,
        earns=tuple(earns),
        rewards=tuple(rewards),
        limit_count=count,
        span=NOWHERE,
    )
