"""A program as the tables that the kernel runs on.

Invariants: lowering decides nothing about meaning, so a plan does on its days exactly what the program
does; what the calendar says is looked up here once, for each day; and a currency's lots are earned in the
order in which they mature and expire, which the kernel's queues rest on, is verified for each plan.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import assert_never

import numpy as np

from loyalty_dsl.calendar import NEVER, Unit
from loyalty_dsl.evaluation import days as calendar
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter, register_of
from loyalty_dsl.evaluation.plan import Ints, Plan
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.expiry import AfterEarning, Never
from loyalty_dsl.language.program import (
    Currency,
    Dates,
    DayRange,
    DaysOfMonth,
    EarnRule,
    Limit,
    LimitOf,
    Program,
    Reward,
    RoundPer,
)
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.quantities import Rounding

_ROUNDINGS = {Rounding.DOWN: p.DOWN, Rounding.HALF_UP: p.HALF_UP, Rounding.UP: p.UP}

_WINDOWS = {
    None: p.EVENT,
    Unit.DAY: p.DAY,
    Unit.WEEK: p.WEEK_START,
    Unit.MONTH: p.MONTH_START,
    Unit.QUARTER: p.QUARTER_START,
    Unit.YEAR: p.YEAR_START,
}

LimitRow = tuple[int, int, int, int]

_BITS = 62
"""Bits of a word of dates, so that no word is negative."""


def lower_program(
    program: Program, first_day: int, last_day: int, month_starts: Sequence[int] | None = None
) -> Plan:
    """Lowers a program for a run of days.

    Args:
        program: the program.
        first_day, last_day: the days of events, both included.
        month_starts: the first day of each month that figures are kept by, the first at `first_day` or
            before it; `None` takes the calendar's months. `[first_day]` keeps everything as one month.

    Returns:
        The plan; `len(month_starts)` months of it, or as many as the calendar has.
    """
    numbers = np.arange(first_day, max(first_day, last_day) + 1, dtype=np.int64)
    if month_starts is None:
        months = calendar.month_index(numbers)
        months -= months[0]
        month_count = int(months[-1]) + 1
    else:
        months = np.searchsorted(np.asarray(month_starts, np.int64), numbers, side="right") - 1
        month_count = len(month_starts)
    writer = CodeWriter(
        currencies=len(program.currencies),
        event_fields=max(len(kind.fields) for kind in program.events),
        item_fields=len(program.item_fields),
    )
    limits: list[LimitRow] = []
    dates = _DateBits(numbers)
    denominators = _denominators(program)
    kinds, firings = _lower_triggers(program, writer, dates)
    rules = [
        _lower_rule(rule, writer, limits, denominator)
        for rule, denominator in zip(program.earns, denominators, strict=True)
    ]
    rewards = [_lower_reward(reward, writer, limits, dates) for reward in program.rewards]
    currencies = [
        (_ROUNDINGS[currency.rounding], int(currency.round_per is RoundPer.EVENT))
        for currency in program.currencies
    ]
    return Plan(
        starts=program.starts,
        first_day=first_day,
        last_day=int(numbers[-1]),
        months=month_count,
        first_field=writer.first_field,
        first_item_field=writer.first_item_field,
        days=_lower_days(program.currencies, numbers, months, dates),
        currencies=_table(currencies, 2),
        kinds=_table(kinds, 3),
        firings=_table(firings, 3),
        rules=_table(rules, 9),
        rewards=_table(rewards, 13),
        limits=_table(limits, 4),
        code=_table(writer.lines, 5),
        registers=np.array(writer.registers(), np.int64),
    )


def _table(rows: Sequence[Sequence[int]], columns: int) -> Ints:
    return np.array(rows, np.int64).reshape(len(rows), columns)


# ---- days


def _lower_days(currencies: tuple[Currency, ...], days: Ints, months: Ints, dates: "_DateBits") -> Ints:
    columns = [months]
    columns += [
        calendar.window_start(unit, days)
        for unit in (Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR, Unit.DAY)
    ]
    for currency in currencies:
        available, expiry = calendar.add_duration(days, currency.pending), _expiry_days(currency, days)
        if np.any(np.diff(available) < 0) or np.any(np.diff(expiry) < 0):
            raise AssertionError(f"lots of {currency.name} do not mature and expire in the order of earning")
        columns += [available, expiry]
    return np.ascontiguousarray(np.stack(columns + dates.words, axis=1), dtype=np.int64)


def _expiry_days(currency: Currency, earned: Ints) -> Ints:
    match currency.expiry:
        case Never():
            return np.full_like(earned, NEVER)
        case AfterEarning(duration, end_of):
            reached = calendar.add_duration(earned, duration)
            return reached if end_of is None else calendar.window_end(end_of, reached)


class _DateBits:
    """Gives each rule and reward with dates a bit, and sets it on the days on which they hold (TIME-6)."""

    def __init__(self, days: Ints) -> None:
        self._days = days
        self._days_of_month = calendar.day_of_month(days)
        self._count = 0
        self.words: list[Ints] = []

    def bit_of(self, clauses: tuple[tuple[Dates, ...], ...]) -> int:
        """The bit of a rule or reward with these clauses; -1 for one without any."""
        if not clauses:
            return -1
        holds = np.ones(len(self._days), bool)
        for alternatives in clauses:
            holds &= np.logical_or.reduce([self._in(dates) for dates in alternatives])
        bit = self._count
        self._count += 1
        if bit % _BITS == 0:
            self.words.append(np.zeros(len(self._days), np.int64))
        self.words[-1] |= holds.astype(np.int64) << (bit % _BITS)
        return bit

    def _in(self, dates: Dates) -> np.ndarray:
        match dates:
            case DayRange(first, last):
                return (first <= self._days) & (self._days <= last)
            case DaysOfMonth(first, last):
                return (first <= self._days_of_month) & (self._days_of_month <= last)
            case _:
                assert_never(dates)


# ---- rules


def _lower_triggers(
    program: Program, writer: CodeWriter, dates: _DateBits
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """The kinds of event and, for each, the rules that it may fire and on what condition (EARN-1)."""
    kinds: list[tuple[int, int, int]] = []
    firings: list[tuple[int, int, int]] = []
    bits = [dates.bit_of(rule.dates) for rule in program.earns]
    for kind in program.events:
        first = len(firings)
        for rule, bit in zip(program.earns, bits, strict=True):
            triggers = [trigger for trigger in rule.triggers if trigger.event == kind.index]
            if triggers:
                line = writer.write(rule.when)
                wheres = [trigger.where for trigger in triggers if trigger.where is not None]
                if len(wheres) == len(triggers):
                    line = writer.write(c.Any(tuple(wheres)), if_true=line)
                firings.append((rule.index, bit, line))
        kinds.append((int(kind.has_amount), first, len(firings)))
    return kinds, firings


def _lower_rule(
    rule: EarnRule, writer: CodeWriter, limits: list[LimitRow], denominator: int
) -> tuple[int, ...]:
    units, per, whole, base = _amount(rule)
    return (
        rule.currency,
        units,
        per,
        denominator,
        int(whole),
        register_of(base),
        p.NO_FILTER if rule.items is None else writer.write(rule.items),
        *_append_limits(limits, rule.limits),
    )


def _amount(rule: EarnRule) -> tuple[int, int, bool, c.Base]:
    """Units, per, whole and base: a share is so many units per so many, and a flat amount is per nothing."""
    match rule.amount:
        case Flat(units):
            return units, 0, False, c.Base.BASKET
        case PerMoney(units, per, whole, base):
            if not whole:
                rate = Fraction(units, per)
                units, per = rate.numerator, rate.denominator
            return units, per, whole, base
        case Share(share, base):
            return share.numerator, share.denominator, False, base
        case _:
            assert_never(rule.amount)


def _denominators(program: Program) -> list[int]:
    """What the parts of each rule's exact amount are counted in (NUM-2): its own denominator or, in a
    currency that is rounded per event, a common one. The checker has seen to it that all fit (NUM-5)."""
    own = [per if per and not whole else 1 for _, per, whole, _ in map(_amount, program.earns)]
    denominators = []
    for rule, alone in zip(program.earns, own, strict=True):
        denominator = alone
        if program.currencies[rule.currency].round_per is RoundPer.EVENT:
            others = [o for r, o in zip(program.earns, own, strict=True) if r.currency == rule.currency]
            denominator = lcm(*others)
        if denominator >= 2**62:
            raise AssertionError(f"the rates of {rule.name}'s currency have no common denominator that fits")
        denominators.append(denominator)
    return denominators


def _lower_reward(
    reward: Reward, writer: CodeWriter, limits: list[LimitRow], dates: _DateBits
) -> tuple[int, ...]:
    if reward.price <= 0 or reward.off <= 0:
        raise AssertionError(f"reward {reward.name} is for nothing, so an automatic use would never end")
    first_line = len(writer.lines)
    return (
        reward.currency,
        reward.price,
        reward.off,
        int(reward.in_full),
        int(reward.taking is Taking.AT_CHECKOUT),
        writer.write(reward.when),
        dates.bit_of(reward.dates),
        reward.minimum_basket,
        reward.minimum_balance,
        *_append_limits(limits, reward.limits),
        int(reward.minimum_basket > 0 or c.reads_event(reward.when)),
        first_line,
    )


def _append_limits(rows: list[LimitRow], limits: tuple[Limit, ...]) -> tuple[int, int]:
    """Adds the limits of one rule or reward to the rows of `Plan.limits`, and says which they are."""
    first = len(rows)
    for limit in limits:
        of = p.TIMES if limit.of is LimitOf.TIMES else p.UNITS
        rows.append((limit.index, of, limit.most, _WINDOWS[limit.window]))
    return first, len(rows)
