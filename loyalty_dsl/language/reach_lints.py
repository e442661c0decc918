"""What limits keep out of reach: levels and prices that need more points than can be earned in time.

Invariant: a warning is sound: no history that begins without a ledger brings a counter to what is asked for.
"""

from collections.abc import Iterator

from loyalty_dsl.calendar import Duration, Unit, longest, shortest
from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.amounts import Amount, Choice, Flat, Nothing
from loyalty_dsl.language.clocks import AfterJoin, OnDay, WindowStart, YearlyOf
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CounterValue,
    Literal,
    Order,
)
from loyalty_dsl.language.contradictions import contradictory
from loyalty_dsl.language.counters import Counter, EarnedMeasure
from loyalty_dsl.language.currency_amounts import amount_of
from loyalty_dsl.language.expiry import AfterEarning
from loyalty_dsl.language.program import EarnRule, Group, LimitOf, LimitWindow, Program, Reward
from loyalty_dsl.language.types import JOIN
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership

_WITHIN = {
    Unit.DAY: {Unit.DAY: 1, Unit.MONTH: 31, Unit.QUARTER: 92, Unit.YEAR: 366, Unit.WEEK: 7},
    Unit.WEEK: {Unit.WEEK: 1},
    Unit.MONTH: {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12},
    Unit.QUARTER: {Unit.QUARTER: 1, Unit.YEAR: 4},
    Unit.YEAR: {Unit.YEAR: 1},
}
"""Of windows of the calendar, how many of the first kind one of the second kind touches, where they fit."""

_WIDER = {Unit.DAY: 1, Unit.MONTH: 2, Unit.QUARTER: 3, Unit.YEAR: 4}
"""Windows of the calendar of which each holds those before it whole."""


def lint_reach(program: Program, floors: list[Condition]) -> Iterator[Diagnostic]:
    """Levels and rules that ask for more of a counter than limits allow.

    Args:
        floors: what is so of all counters besides.
    """
    most = {each.index: bound for each in program.counters if (bound := _most(program, each)) is not None}
    if not most:
        return
    ceilings: list[Condition] = [
        Compare(CounterValue(index, previous), Order.AT_MOST, Literal(bound, program.counters[index].kind))
        for index, bound in most.items()
        for previous in (False, True)
    ]
    things = [(each.name, each.when, each.span, "nobody earns it") for ladder in program.ladders
              for each in ladder.levels if not ladder.bought]  # fmt: skip
    things += [(each.name, each.when, each.span, "it never fires") for each in program.earns]
    things += [(each.name, each.when, each.span, "nobody gets it") for each in program.rewards]
    for name, when, span, so in things:
        if when is None or contradictory([when, *floors]) or not contradictory([when, *floors, *ceilings]):
            continue
        asked = next((each for each in _asked(when) if each[1] > most.get(each[0], each[1])), None)
        if asked is None:
            continue
        counter, value = program.counters[asked[0]], asked[1]
        rules = [program.earns[index] for index in _rules(counter)]
        limits = [limit.span for rule in rules for limit in rule.limits]
        yield diagnostic(
            "L623", span,
            f"`{name}` asks for {_amount(program, counter, value)} {_when(counter.window)}, and limits allow "
            f"{_amount(program, counter, most[counter.index])} at most, so {so}",
            secondary=[(limit, "limited here") for limit in limits][:3],
            help="ask for less, or raise the limits",
        )  # fmt: skip


def _asked(condition: Condition) -> Iterator[tuple[int, int]]:
    """The counters of which a condition asks for so much at least, with how much."""
    match condition:
        case Compare(CounterValue(counter), Order.AT_LEAST | Order.EQUAL, Literal(value)):
            yield counter, value
        case Compare(CounterValue(counter), Order.MORE, Literal(value)):
            yield counter, value + 1
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asked(part)
        case _:
            return


def _rules(counter: Counter) -> tuple[int, ...]:
    return counter.measure.rules if isinstance(counter.measure, EarnedMeasure) else ()


def _most(program: Program, counter: Counter) -> int | None:
    """The most that a counter of what is earned can have; `None` when nothing bounds it."""
    measure = counter.measure
    if counter.carry is not None or not isinstance(measure, EarnedMeasure) or measure.rewards:
        return None
    bounds = []
    for index in measure.rules:
        rule = program.earns[index]
        group = None if rule.group is None else program.groups[rule.group]
        of_rule = [bound for each in (rule, group) for bound in _bounds(each, rule, counter.window)]
        if not of_rule:
            return None
        bounds.append(min(of_rule))
    return sum(bounds)


def _bounds(limited: EarnRule | Group | None, rule: EarnRule, window: Window) -> Iterator[int]:
    """What the limits of a rule, or of its group, let it post in a window."""
    for limit in () if limited is None else limited.limits:
        if limit.everyone or limit.when is not None or limit.only is not None or limit.window is None:
            continue
        times = _touched(limit.window, window)
        if times is None:
            continue
        if limit.of is LimitOf.UNITS:
            yield limit.most * times
        elif isinstance(rule.amount, Flat) and limited is rule:
            yield limit.most * rule.amount.units * times


def _touched(inner: LimitWindow, window: Window) -> int | None:
    """How many windows of a limit one of a counter touches at most."""
    if isinstance(inner, Lifetime) or inner == window:
        return 1
    days = _longest(window)
    if days is None or not isinstance(inner, Unit):
        return None
    if isinstance(window, Unit):
        fits = _WITHIN[inner].get(window)
        if fits is not None:
            return fits
        if _WIDER.get(inner, 0) > _WIDER.get(window, 9):
            return 1
    return days // shortest(Duration(1, inner)) + 2


def _longest(window: Window) -> int | None:
    match window:
        case Unit():
            return longest(Duration(1, window))
        case Period(unit=unit):
            return longest(Duration(1, unit))
        case Rolling(duration=duration):
            return longest(duration)
        case YearOfMembership():
            return longest(Duration(1, Unit.YEAR))
        case _:
            return None


def _when(window: Window) -> str:
    match window:
        case Unit():
            return f"in a calendar {window.value}"
        case Period(name=name):
            return f"in a {name}"
        case Rolling(duration=duration):
            return f"within {duration}"
        case YearOfMembership():
            return "in a year of membership"
        case _:
            return "in all"


def _amount(program: Program, counter: Counter, value: int) -> str:
    return amount_of(program.currencies[counter.currency], value)


# ---- prices


def lint_prices(program: Program) -> Iterator[Diagnostic]:
    """Rewards whose price no member can hold at once, however much they buy."""
    for reward in program.rewards:
        yield from _out_of_reach(program, reward)


def _out_of_reach(program: Program, reward: Reward) -> Iterator[Diagnostic]:
    if reward.benefit or reward.currency in given_by_rewards(program):
        return
    currency = program.currencies[reward.currency]
    rules = [rule for rule in program.earns if rule.currency == reward.currency]
    expiry = currency.expiry
    if not rules or not isinstance(expiry, AfterEarning) or expiry.at_next is not None:
        return
    if currency.postpone is not None or currency.restart is not None:
        return
    if any(rule.expiry is not None for rule in rules):
        return
    held = [_most_held(program, rule, expiry) for rule in rules]
    known = [most for most in held if most is not None]
    if len(known) < len(held) or sum(known) >= reward.price:
        return
    yield diagnostic(
        "L608",
        reward.span,
        f"`{reward.name}` costs {amount_of(currency, reward.price)}; "
        f"{'limits' if any(rule.limits for rule in rules) else 'its occasions'} and expiry let members hold "
        f"{amount_of(currency, sum(known))} at most",
        secondary=[(limit.span, "limited here") for rule in rules for limit in rule.limits][:3],
        help="lower the price, raise the limits, or let the currency live longer",
    )


def _most_held(program: Program, rule: EarnRule, expiry: AfterEarning) -> int | None:
    """The most units of a rule that can be alive together; `None` when nothing bounds them."""
    alive = longest(expiry.duration)
    if expiry.end_of is not None:
        unit = expiry.end_of.unit if isinstance(expiry.end_of, Period) else expiry.end_of
        alive += longest(Duration(1, unit))
    each_time = _most_at_once(rule.amount)
    bounds = []
    for limit in rule.limits:
        if limit.everyone or limit.when is not None or limit.only is not None:
            continue
        if not isinstance(limit.window, Unit):
            continue
        windows = alive // shortest(Duration(1, limit.window)) + 2
        if limit.of is LimitOf.UNITS:
            bounds.append(limit.most * windows)
        elif each_time is not None:
            bounds.append(limit.most * each_time * windows)
    times = [_times(program, trigger.event, alive) for trigger in rule.triggers]
    known = [each for each in times if each is not None]
    if each_time is not None and len(known) == len(times):
        bounds.append(sum(known) * each_time)
    return min(bounds, default=None)


def _most_at_once(amount: Amount) -> int | None:
    """The most that an amount without a rate is; `None` for one that grows with something."""
    match amount:
        case Flat(units):
            return units
        case Nothing():
            return 0
        case Choice(cases, otherwise):
            rows = [_most_at_once(each) for each in (*(case.amount for case in cases), otherwise)]
            known = [each for each in rows if each is not None]
            return max(known) if len(known) == len(rows) else None
        case _:
            return None


def _times(program: Program, event: int, days: int) -> int | None:
    """How often an occasion comes within so many days at most; `None` where members decide that."""
    if event == JOIN:
        return 1
    if event < len(program.events):
        return None
    match program.clocks[event - len(program.events)].at:
        case WindowStart(unit=unit):
            return days // shortest(Duration(1, unit)) + 2
        case YearlyOf():
            return days // shortest(Duration(1, Unit.YEAR)) + 2
        case OnDay() | AfterJoin():
            return 1
        case _:
            return None


def given_by_rewards(program: Program) -> set[int]:
    """The currencies that rewards give."""
    return {currency for reward in program.rewards for currency in reward.currencies_given}
