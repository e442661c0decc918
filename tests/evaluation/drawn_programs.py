"""Programs and histories drawn at random, for laws that hold for all of them.

They are small on purpose: few days, small balances and tight limits, so that limits bind, lots expire,
rewards fail and midnights carry work. They are drawn evenly from a seed, and not by hypothesis, which
favours what is empty; hypothesis draws the seed and how many of the events to keep.
"""

from random import Random

from hypothesis import strategies as st
from programs_by_hand import CATEGORY, NOWHERE, PAYMENT, STAY, at, currency, earn, program, reward, trigger

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.evaluation.events import REDEEM, Event, Item
from loyalty_dsl.language.amounts import Flat, PerMoney
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Base,
    Compare,
    Condition,
    DaysSinceJoin,
    EventAmount,
    EventField,
    EventWeekday,
    ItemField,
    Literal,
    Not,
    OneAmong,
    Order,
)
from loyalty_dsl.language.expiry import AfterEarning, Expiry, Never
from loyalty_dsl.language.program import (
    Currency,
    Dates,
    DayRange,
    DaysOfMonth,
    DaysOfWeek,
    DaysOfYear,
    EarnRule,
    Limit,
    LimitOf,
    Program,
    Reward,
    RoundPer,
    SpendOrder,
)
from loyalty_dsl.language.types import JOIN, PURCHASE, Kind
from loyalty_dsl.quantities import Rounding

FIRST = at("2026-01-28")
STARTS = "2026-01-29"
LAST = FIRST + 160

Life = tuple[Program, list[Event]]
"""A program and the events of one member under it, in time order."""

_UNITS = tuple(Unit)


def lives() -> st.SearchStrategy[Life]:
    """A program and up to 25 events; a failure is made smaller by dropping the last ones."""

    def cut(seed: int, keep: int) -> Life:
        rules, events = draw_life(seed)
        return rules, events[:keep]

    return st.builds(cut, st.integers(0, 2**40), st.just(25) | st.integers(0, 25))


def draw_life(seed: int) -> Life:
    """The life with this seed."""
    random = Random(seed)
    rules = draw_program(random)
    return rules, draw_history(random, rules)


def draw_program(random: Random) -> Program:
    """One or two currencies, up to four earn rules and up to three rewards."""
    held = [draw_currency(random, name) for name in random.choice((["a"], ["a", "b"]))]
    rules = [draw_earn_rule(random, f"earn{i}", len(held)) for i in range(random.randint(1, 4))]
    offered = [draw_reward(random, f"reward{i}", len(held)) for i in range(random.randint(0, 3))]
    return program(*rules, *offered, currencies=held, starts=STARTS)


def draw_currency(random: Random, name: str) -> Currency:
    expiry: Expiry = Never()
    if random.random() < 0.8:
        length = random.choice((Duration(random.randint(1, 40), Unit.DAY), Duration(1, Unit.MONTH)))
        expiry = AfterEarning(length, random.choice((None, None, *_UNITS)))
    return currency(
        name,
        rounding=random.choice(tuple(Rounding)),
        round_per=random.choice(tuple(RoundPer)),
        pending=Duration(random.choice((0, 0, 0, 1, 5, 30)), Unit.DAY),
        expiry=expiry,
        spend=random.choice(tuple(SpendOrder)),
    )


def draw_limits(random: Random) -> list[Limit]:
    def limit() -> Limit:
        window = random.choice((None, *_UNITS))
        if random.random() < 0.5:
            return Limit(0, LimitOf.TIMES, random.randint(1, 3), window, NOWHERE)
        return Limit(0, LimitOf.UNITS, random.randint(1, 900), window, NOWHERE)

    return [limit() for _ in range(random.choice((0, 0, 1, 2)))]


def draw_dates(random: Random) -> tuple[tuple[Dates, ...], ...]:
    def dates() -> Dates:
        if random.random() < 0.5:
            first = random.randint(FIRST, LAST)
            return DayRange(first, first + random.randint(0, 60))
        if random.random() < 0.3:
            return DaysOfWeek(tuple(sorted(random.sample(range(7), random.randint(1, 5)))))
        if random.random() < 0.4:
            return DaysOfYear(*((random.randint(1, 12), random.choice((1, 15, 28))) for _ in range(2)))
        first = random.randint(1, 31)
        return DaysOfMonth(first, random.randint(first, 31))

    return tuple(
        tuple(dates() for _ in range(random.randint(1, 3))) for _ in range(random.choice((0, 0, 0, 1, 2)))
    )


def draw_condition(
    random: Random, *, fields: bool, amounts: bool, currencies: int, depth: int = 2
) -> Condition:
    """A condition on the member's state and, where wanted, on the event's fields and amounts."""

    def inner() -> Condition:
        return draw_condition(random, fields=fields, amounts=amounts, currencies=currencies, depth=depth - 1)

    if depth and random.random() < 0.4:
        parts = tuple(inner() for _ in range(random.randint(2, 3)))
        return random.choice((Not(parts[0]), All(parts), Any(parts)))
    order = random.choice(tuple(Order))
    leaves: list[Condition] = [
        OneAmong(EventWeekday(), random.choice(((0,), (5, 6), (0, 1, 2, 3, 4)))),
        Compare(BalanceOf(random.randrange(currencies)), order, Literal(random.randint(0, 150), Kind.UNITS)),
        Compare(DaysSinceJoin(), order, Literal(random.randint(0, 60), Kind.NUMBER)),
    ]
    if fields:
        leaves.append(OneAmong(EventField(PAYMENT), random.choice(((0,), (1,), (0, 1)))))
        leaves.append(Compare(EventField(PAYMENT), Order.EQUAL, Literal(random.randint(0, 1), Kind.ONE_OF)))
    if amounts:
        base = random.choice(tuple(Base))
        leaves.append(Compare(EventAmount(base), order, Literal(random.randint(0, 3000), Kind.MONEY)))
    return random.choice(leaves)


def draw_earn_rule(random: Random, name: str, currencies: int) -> EarnRule:
    kinds = random.choice(
        ((PURCHASE,), (PURCHASE,), (PURCHASE, PURCHASE), (PURCHASE, STAY), (PURCHASE, JOIN), (JOIN,))
    )

    def where(kind: int) -> Condition | None:
        if random.random() < 0.7:
            return None
        return draw_condition(random, fields=kind == PURCHASE, amounts=kind != JOIN, currencies=currencies)

    of_purchases = set(kinds) == {PURCHASE}
    when = None
    if random.random() < 0.3:
        when = draw_condition(random, fields=of_purchases, amounts=JOIN not in kinds, currencies=currencies)
    rate = PerMoney(
        random.randint(1, 30),
        random.choice((7, 100, 1000)),
        random.random() < 0.5,
        random.choice(tuple(Base)),
    )
    items = None
    if of_purchases and random.random() < 0.3:
        items = OneAmong(ItemField(CATEGORY), (random.randint(0, 1),))
    return earn(
        random.choice((Flat(random.randint(1, 100)), rate)),
        *draw_limits(random),
        name=name,
        on=[trigger(kind, where(kind)) for kind in kinds],
        when=when,
        dates=draw_dates(random),
        items=items,
        currency=random.randrange(currencies),
    )


def draw_reward(random: Random, name: str, currencies: int) -> Reward:
    when = None
    if random.random() < 0.3:
        when = draw_condition(random, fields=True, amounts=True, currencies=currencies)
    return reward(
        random.randint(5, 150),
        random.randint(1, 800),
        *draw_limits(random),
        name=name,
        in_full=random.random() < 0.5,
        automatic=random.random() < 0.5,
        when=when,
        dates=draw_dates(random),
        minimum_basket=random.choice((0, 0, 500)),
        minimum_balance=random.choice((0, 0, 150)),
    )


def draw_history(random: Random, rules: Program) -> list[Event]:
    """25 events; the first may come before the program starts."""
    day, events = FIRST, []
    for number in range(25):
        day += random.choice((0, 0, 1, 2, 3, 5, 8, 20 if random.random() < 0.3 else 1))
        events.append(draw_event(random, rules, min(day, LAST), str(number)))
    return events


def draw_event(random: Random, rules: Program, day: int, id_: str) -> Event:
    kinds = (PURCHASE,) * 12 + (STAY, JOIN) + (REDEEM,) * (2 if rules.rewards else 0)
    kind = random.choice(kinds)
    chosen = None
    if rules.rewards and (kind == REDEEM or random.random() < 0.4):
        chosen = (random.randrange(len(rules.rewards)), random.choice((1, 1, 1, 2, 3)))
    basket = random.randint(0, 3000) if kind in (PURCHASE, STAY) and random.random() < 0.95 else 0
    items: tuple[Item, ...] = ()
    if kind == PURCHASE and random.random() < 0.5:
        items = tuple(
            Item(random.randint(0, 1500), (random.randint(0, 1),)) for _ in range(random.randint(1, 4))
        )
        basket = sum(item.price for item in items)
    fields = (random.randint(0, 1),) if kind == PURCHASE else ()
    minute = 10 * int(id_)  # grows with the number, so that the events of a day are in order
    return Event(id_, day, minute, kind, basket, items, fields, chosen)
