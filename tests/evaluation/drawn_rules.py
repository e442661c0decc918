"""Earn rules, their amounts, limits and groups, drawn at random."""

# ruff: noqa: PLR0917

from collections.abc import Sequence
from fractions import Fraction

import attrs
from drawing import (
    EVENTS,
    ITEM_FIELDS,
    NOWHERE,
    STARTS,
    STAY,
    VISIT,
    Chooser,
    Feature,
    Features,
    draw_condition,
    maybe_condition,
)
from drawn_state import draw_lot_term

from loyalty_dsl.calendar import NEVER, Duration, Unit
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import (
    Amount,
    Case,
    Choice,
    Flat,
    Nothing,
    OfStrategy,
    PerField,
    PerItem,
    PerMoney,
    Share,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.program import (
    Combine,
    Currency,
    Dates,
    DayRange,
    DaysOfMonth,
    DaysOfWeek,
    DaysOfYear,
    EarnRule,
    Group,
    Limit,
    LimitOf,
    LimitWindow,
    Trigger,
)
from loyalty_dsl.language.strategies import register_strategy
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Kind
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership


@attrs.frozen
class Setting:
    """What the rules of a program may refer to.

    Attributes:
        events: the kinds of event; behind those of `EVENTS` what friends do.
        state: what a condition on the member's state may read.
        clocks: how many clocks there are.
        rule_currencies: the currency of each earn rule.
        rule_groups: the group of each, `None` for none.
    """

    features: Features
    events: tuple[EventKind, ...]
    currencies: tuple[Currency, ...]
    state: tuple[c.Operand, ...]
    clocks: int
    rule_currencies: tuple[int, ...]
    rule_groups: tuple[int | None, ...]


def draw_dates(choose: Chooser) -> tuple[tuple[Dates, ...], ...]:
    """No clause, mostly; else some, each with alternatives."""

    def one() -> Dates:
        form = choose.integer(0, 5)
        if form <= 1:
            first = choose.integer(1, 31)
            return DaysOfMonth(first, choose.integer(first, 31))
        if form == 2:
            return DaysOfWeek(tuple(sorted({choose.integer(0, 6) for _ in range(3)})))
        if form == 3:
            first_day, last_day = ((choose.integer(1, 12), choose.integer(1, 29)) for _ in range(2))
            return DaysOfYear(first_day, last_day)
        first = STARTS + choose.integer(0, 60)
        last = first + choose.integer(0, 60)
        return DayRange(*choose.one_of(((first, last), (-(2**31), last), (first, NEVER))))

    clauses = choose.one_of((0, 0, 0, 1, 1, 2))
    return tuple(tuple(one() for _ in range(choose.integer(1, 2))) for _ in range(clauses))


def draw_limits(
    choose: Chooser, features: Features, per_event_times: bool, operands: Sequence[c.Operand] = ()
) -> tuple[Limit, ...]:
    limits = []
    for _ in range(choose.one_of((0, 0, 1, 1, 2))):
        of = choose.one_of((LimitOf.UNITS, LimitOf.TIMES))
        windows: tuple[LimitWindow | None, ...] = tuple(Unit)
        refuses = False
        if of is LimitOf.UNITS or per_event_times:
            windows = (*windows, None)
        if Feature.WINDOWS in features:
            windows = (
                *windows,
                Period(3, "fiscal"),
                Period(12, "season"),
                Period(11, "fiscal quarter", Unit.QUARTER),
                YearOfMembership(),
                Lifetime(),
            )
            refuses = not per_event_times and choose.integer(0, 3) == 3
        most = choose.one_of((1, 10, 60, 500, 1200)) if of is LimitOf.UNITS else choose.integer(1, 4)
        window = choose.one_of(windows)
        everyone = Feature.EVERYONE in features and choose.integer(0, 2) == 2
        if everyone and window is not None and not isinstance(window, YearOfMembership):
            when = maybe_condition(choose, operands) if choose.integer(0, 1) else None
            limits.append(Limit(0, of, most, window, NOWHERE, everyone=True, when=when))
        else:
            when = maybe_condition(choose, operands)
            limit = Limit(0, of, most, window, NOWHERE, refuses=refuses, when=when)
            counted_by = _counted_by(operands) if Feature.VALUES in features and window is not None else []
            by = choose.one_of((None, *counted_by))
            limits += [limit] if by is None else _for_each_value(limit, by)
    return tuple(limits)


def _counted_by(operands: Sequence[c.Operand]) -> list[c.EventField]:
    """The fields of the event by whose values a limit may count (LIMIT-11)."""
    listed = (Kind.ONE_OF, Kind.YES_NO)
    return [each for each in operands if isinstance(each, c.EventField) and each.field.kind in listed]


def _for_each_value(limit: Limit, by: c.EventField) -> list[Limit]:
    values = range(len(by.field.values) or 2)
    tests = [c.Compare(by, c.Order.EQUAL, c.Literal(value, by.field.kind)) for value in values]
    return [attrs.evolve(limit, only=test) for test in tests]


# ---- amounts


def draw_amount(
    choose: Chooser,
    setting: Setting,
    kinds: Sequence[int],
    in_money: bool,
    operands: Sequence[c.Operand],
    referable: Sequence[int],
    depth: int = 2,
) -> Amount:
    """An amount for a rule on events of these kinds.

    Args:
        operands: what the conditions of a table may read.
        referable: the rules that are paid before.
    """  # fmt: skip
    real = all(kind < len(setting.events) for kind in kinds)
    has_amount = real and all(setting.events[kind].has_amount for kind in kinds)
    forms = ["flat"]
    if has_amount:
        forms += ["per", "per", "whole", "share" if in_money else "per"]
    if Feature.TABLES in setting.features:
        forms.append("nothing")
        forms += ["slices"] if has_amount else []
        forms += ["field"] if real and len(set(kinds)) == 1 and kinds[0] in (PURCHASE, STAY) else []
        forms += ["item"] if set(kinds) == {PURCHASE} else []
        multiplied = Feature.MULTIPLES in setting.features and "field" in forms
        forms += ["times"] if multiplied and _has_number(kinds[0]) else []
        forms += ["choice", "choice"] if depth and operands else []
    if Feature.STRATEGIES in setting.features:
        forms += ["strategy"] * 2
    if referable and Feature.SHARES in setting.features:
        forms += ["of rules"] * 2
    base = choose.one_of(tuple(c.Base))
    form = choose.one_of(forms)
    match form:
        case "flat":
            return Flat(choose.one_of((1, 10, 75, 250)))
        case "nothing":
            return Nothing()
        case "share":
            share = choose.one_of((Fraction(1, 20), Fraction(1, 3), Fraction(3, 8), Fraction(1)))
            return Share(share, base)
        case "strategy":
            told = tuple(choose.one_of(operands) for _ in range(choose.integer(0, 3)))
            register_strategy(name := f"drawn_{len(told)}", _STRATEGIES[len(told)])
            return OfStrategy(name, told, choose.one_of((5, 40, 900)))
        case "slices":
            starts = (0, *sorted({choose.one_of((1, 100, 999, 2000, 5000)) for _ in range(2)}))
            units = tuple(choose.integer(0, 9) for _ in starts)
            return Slices(base, starts, units, tuple(choose.one_of((10, 70, 100, 300)) for _ in starts))
        case "field" | "times":
            numbers = [f for f in EVENTS[kinds[0]].fields if f.kind is Kind.NUMBER]
            times = choose.one_of(numbers) if form == "times" else None
            if times is not None and has_amount and choose.integer(0, 1):
                return PerMoney(choose.integer(1, 20), 100, bool(choose.integer(0, 1)), base, times)
            field = choose.one_of([f for f in EVENTS[kinds[0]].fields if f.kind in (Kind.NUMBER, Kind.MONEY)])
            return PerField(
                choose.integer(1, 9), choose.one_of((1, 2, 3, 7)), bool(choose.integer(0, 1)), field, times
            )
        case "item":
            return PerItem(choose.integer(1, 9))
        case "choice":
            cases = tuple(
                Case(
                    draw_condition(choose, operands, depth=1),
                    draw_amount(choose, setting, kinds, in_money, operands, referable, depth - 1),
                )
                for _ in range(choose.integer(1, 3))
            )
            return Choice(
                cases, draw_amount(choose, setting, kinds, in_money, operands, referable, depth - 1)
            )
        case "of rules":
            share = choose.one_of((Fraction(1, 10), Fraction(3, 5), Fraction(1), Fraction(7, 3)))
            return ShareOfRules(share, draw_some(choose, referable))
        case _:
            units_, per = choose.integer(1, 20), choose.one_of((10, 70, 99, 100, 300, 1000))
            return PerMoney(units_, per, form == "whole", base)


def _has_number(kind: int) -> bool:
    return any(field.kind is Kind.NUMBER for field in EVENTS[kind].fields)


def _of_nothing() -> int:
    return 7


def _of_one(a: int) -> int:
    return a % 101 - 20


def _of_two(a: int, b: int) -> int:
    return a // 3 if a > b else (b % 1000) * 2


def _of_three(a: int, b: int, c: int) -> int:
    units = 0
    while units < 50 and units * units < a % 2000:  # numba compiles loops, too
        units += 1
    return units - b % 7 + c % 2


_STRATEGIES = (_of_nothing, _of_one, _of_two, _of_three)


def draw_some(choose: Chooser, among: Sequence[int]) -> tuple[int, ...]:
    """At least one of them."""
    some = tuple(each for each in among if choose.integer(0, 1))
    return some or (choose.one_of(among),)


# ---- rules


def operands_of(kinds: Sequence[int], setting: Setting) -> list[c.Operand]:
    """What a condition may read on events of all these kinds, clocks among them."""
    operands: list[c.Operand] = [c.DaysSinceJoin(), c.EventWeekday()]
    operands += [c.BalanceOf(currency) for currency in range(len(setting.currencies))]
    operands += setting.state
    if any(kind >= len(setting.events) for kind in kinds):
        return operands
    if all(setting.events[kind].has_amount for kind in kinds):
        operands += [c.EventAmount(base) for base in c.Base]
    if len(set(kinds)) == 1:
        fields = setting.events[kinds[0]].fields
        operands += [c.EventField(field) for field in fields]
        if Feature.MEMBER_FIELDS in setting.features:
            operands += [c.DaysSince(c.EventField(field)) for field in fields if field.kind is Kind.DATE]
    return operands


def draw_triggers(
    choose: Chooser, setting: Setting, by_friends: bool = False
) -> tuple[tuple[int, ...], tuple[Trigger, ...]]:
    """Events of the member and clocks or, for a referral, what friends do."""
    options: tuple[int, ...] = (PURCHASE, PURCHASE, PURCHASE, JOIN, STAY, VISIT)
    options += tuple(len(setting.events) + clock for clock in range(setting.clocks))
    if by_friends:
        options = tuple(range(len(EVENTS), len(setting.events)))
    kinds = tuple(choose.one_of(options) for _ in range(choose.integer(1, 2)))
    triggers = tuple(
        Trigger(kind, maybe_condition(choose, operands_of([kind], setting)), NOWHERE) for kind in kinds
    )
    return kinds, triggers


def draw_item_filter(choose: Chooser, operands: Sequence[c.Operand]) -> c.Condition:
    return draw_condition(choose, [c.ItemField(field) for field in ITEM_FIELDS] * 3 + list(operands), depth=1)


def draw_earn(choose: Chooser, index: int, setting: Setting) -> EarnRule:
    currency = setting.currencies[setting.rule_currencies[index]]
    by_friends = len(setting.events) > len(EVENTS) and choose.integer(0, 2) == 2
    kinds, triggers = draw_triggers(choose, setting, by_friends)
    operands = operands_of(kinds, setting)
    items = None
    if set(kinds) == {PURCHASE} and choose.integer(0, 2) == 2:
        items = draw_item_filter(choose, operands)
    referable = _referable(index, setting)
    raises: tuple[int, ...] = ()
    same = [other for other in referable if setting.rule_currencies[other] == currency.index]
    if same and Feature.SHARES in setting.features and choose.integer(0, 3) == 3:
        raises = draw_some(choose, same)
    pending, expiry = None, None
    if Feature.EXPIRY in setting.features and choose.integer(0, 3) == 3:
        pending = choose.one_of((None, Duration(0, Unit.DAY), Duration(5, Unit.DAY), Duration(1, Unit.MONTH)))
        if not isinstance(currency.expiry, AfterActivity | AfterFirst):
            expiry = draw_lot_term(choose)
    return EarnRule(
        name=f"earn_{index}",
        label="",
        index=index,
        triggers=triggers,
        when=maybe_condition(choose, operands),
        dates=draw_dates(choose),
        items=items,
        amount=draw_amount(choose, setting, kinds, currency.in_money, operands, referable),
        currency=currency.index,
        limits=draw_limits(choose, setting.features, per_event_times=False, operands=operands),
        span=NOWHERE,
        raises=raises,
        group=setting.rule_groups[index],
        pending=pending,
        waits=_draw_waits(choose, setting, operands),
        expiry=expiry,
    )


def _draw_waits(
    choose: Chooser, setting: Setting, operands: Sequence[c.Operand]
) -> tuple[tuple[c.Condition, Duration], ...]:
    if Feature.WAITS not in setting.features:
        return ()
    waits = (Duration(0, Unit.DAY), Duration(3, Unit.DAY), Duration(20, Unit.DAY), Duration(1, Unit.MONTH))
    return tuple(
        (draw_condition(choose, operands), choose.one_of(waits)) for _ in range(choose.one_of((0, 1, 2)))
    )


def _referable(index: int, setting: Setting) -> list[int]:
    """The rules that a rule may be a share of: those before it, and all of their groups before it."""
    groups = setting.rule_groups
    return [
        other
        for other in range(index)
        if groups[other] is None or max(i for i, group in enumerate(groups) if group == groups[other]) < index
    ]


def draw_groups(choose: Chooser, setting: Setting) -> tuple[Group, ...]:
    """The groups that the rules say they are in."""
    groups = []
    for index in sorted({group for group in setting.rule_groups if group is not None}):
        rules = [rule for rule, group in enumerate(setting.rule_groups) if group == index]
        combine = choose.one_of(tuple(Combine))
        if combine is Combine.NEWEST:
            rules.reverse()
        limits = draw_limits(choose, setting.features, per_event_times=False, operands=setting.state)
        groups.append(Group(f"group_{index}", "", index, combine, tuple(rules), limits, NOWHERE))
    return tuple(groups)


def draw_membership(
    choose: Chooser, features: Features, rule_currencies: Sequence[int]
) -> tuple[int | None, ...]:
    """The group of each rule: of one currency each, and none empty."""
    if Feature.GROUPS not in features:
        return (None,) * len(rule_currencies)
    drawn = [currency if choose.integer(0, 2) else None for currency in rule_currencies]
    numbers = {
        currency: number for number, currency in enumerate(sorted({d for d in drawn if d is not None}))
    }
    return tuple(None if currency is None else numbers[currency] for currency in drawn)
