"""Earn rules and their groups as rows: decisions, leaves, parts and exact denominators (EARN, GROUP, NUM).

Invariant: what a rule is worth is whole units and parts of a denominator that is fixed here; no step of the
kernel's arithmetic on them leaves 64 bits, or lowering says so.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import assert_never

import attrs
import numpy as np

from loyalty_dsl.calendar import Unit
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter, register_of_base
from loyalty_dsl.evaluation.lowering_dates import DayColumns
from loyalty_dsl.evaluation.lowering_gates import GateLines
from loyalty_dsl.evaluation.luck import threshold_of, word_of_rule
from loyalty_dsl.language import conditions as c
from loyalty_dsl.language.amounts import (
    Amount,
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
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.program import Combine, EarnRule, Limit, LimitOf, Program, RoundPer, Trigger
from loyalty_dsl.language.types import EventKind, Field
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership

_COMBINES = {Combine.ADD: p.ADD, Combine.BEST: p.BEST, Combine.FIRST: p.FIRST, Combine.NEWEST: p.FIRST}

_UNITS = {
    Unit.DAY: p.DAY,
    Unit.WEEK: p.WEEK_START,
    Unit.MONTH: p.MONTH_START,
    Unit.QUARTER: p.QUARTER_START,
    Unit.YEAR: p.YEAR_START,
}

_LARGEST = 2**62
"""A product below it can have another one below it added."""


@attrs.define(eq=False)
class LimitRows:
    """Rows of `Plan.limits`, of all rules, groups and rewards.

    Attributes:
        closed: the row of `Plan.closed` of each limit for everyone, by its index.
        digits: of registers that limits for each value read, the stride and the number of values.
    """

    days: DayColumns
    writer: CodeWriter
    events: Sequence[EventKind]
    rows: list[tuple[int, ...]] = attrs.field(factory=list)
    closed: dict[int, int] = attrs.field(factory=dict)
    digits: dict[int, tuple[int, int]] = attrs.field(factory=dict)

    def append(self, limits: tuple[Limit, ...]) -> tuple[int, int]:
        """Adds the limits of one rule, group or reward, and says which rows they are."""
        first = len(self.rows)
        for limit in limits:
            of = p.TIMES if limit.of is LimitOf.TIMES else p.UNITS
            closed = self.closed.setdefault(limit.index, len(self.closed)) if limit.everyone else -1
            counted = limit.index, of, limit.most, self._window(limit), int(limit.refuses), closed
            first_line = len(self.writer.lines)
            self.rows.append((*counted, first_line, self.writer.write(limit.when), *self._only(limit)))
        return first, len(self.rows)

    def _only(self, limit: Limit) -> tuple[int, int, int, int, int]:
        """For which value of a register a limit counts, and where that is among the digits of an event."""
        if limit.only is None:
            return -1, 0, 1, 1, 0
        register, value = self.writer.register_of(limit.only.left), _literal(limit.only)
        leads = register not in self.digits
        stride, choices = self.digits.setdefault(register, (self._next_stride(), self._choices(limit.only)))
        return register, value, stride, choices, int(leads)

    def _next_stride(self) -> int:
        return max((stride * choices for stride, choices in self.digits.values()), default=1)

    def _choices(self, only: c.Compare) -> int:
        """How many values a field of this place has in any kind of event whose field a limit may count by."""
        if not isinstance(only.left, c.EventField):
            raise AssertionError("a limit counts by a field of the event")
        place = only.left.field.index
        fields = [event.fields[place] for event in self.events if place < len(event.fields)]
        return max(2, *(len(field.values) for field in fields))

    def _window(self, limit: Limit) -> int:
        match limit.window:
            case None:
                return p.EVENT
            case Lifetime():
                return p.LIFETIME
            case YearOfMembership():
                return p.MEMBERSHIP
            case Period():
                return self.days.period(limit.window)
            case Unit():
                return _UNITS[limit.window]
            case _:
                assert_never(limit.window)


@attrs.define(eq=False)
class RuleRows:
    """Rows of all earn rules of a program and of what they refer to."""

    program: Program
    writer: CodeWriter
    rules: list[tuple[int, ...]] = attrs.field(factory=list)
    leaves: list[tuple[int, ...]] = attrs.field(factory=list)
    parts: list[tuple[int, int, int, int]] = attrs.field(factory=list)
    groups: list[tuple[int, ...]] = attrs.field(factory=list)
    strategies: list[tuple[str, int]] = attrs.field(factory=list)

    @property
    def remembers(self) -> bool:
        """Whether rules or what comes after an event ask what other rules passed on."""
        return bool(
            self.groups
            or self.program.returns is not None
            or any(isinstance(counter.measure, EarnedMeasure) for counter in self.program.counters)
            or any(rule.raises or _referred_in(rule.amount) for rule in self.program.earns)
        )


def lower_rules(program: Program, writer: CodeWriter, limits: LimitRows) -> RuleRows:
    """Lowers the earn rules and groups."""
    rows = RuleRows(program, writer)
    own = denominators_of(program)
    for group in program.groups:
        first = len(rows.parts)
        paid_in = sorted(group.rules, key=program.order.index)
        rows.parts += [(rule, group.rules.index(rule), 0, 0) for rule in paid_in]
        of_group = (_COMBINES[group.combine], first, len(rows.parts), *limits.append(group.limits))
        rows.groups.append(of_group)
    for rule in program.earns:
        denominator = own[rule.index]
        first = len(rows.parts)
        rows.parts += [(other, denominator // own[other], 0, 0) for other in rule.raises]
        raises = (first, len(rows.parts))
        rows.rules.append(
            (
                rule.currency,
                _lower_amount(rows, rule.amount, denominator, own),
                denominator,
                _shared_denominator(program, rule, own) // denominator,
                p.NO_FILTER if rule.items is None else writer.write(rule.items),
                *limits.append(rule.limits),
                -1 if rule.group is None else rule.group,
                *raises,
            )
        )
    return rows


def _literal(only: c.Compare) -> int:
    match only.right:
        case c.Literal(value):
            return value
        case _:
            raise AssertionError("a limit counts for a value that is known")


# ---- denominators


def denominators_of(program: Program) -> list[int]:
    """The denominator of each rule's exact amount (NUM-2); checking sees to it that all fit (NUM-5)."""
    own = [1] * len(program.earns)
    for index in program.order:
        rule = program.earns[index]
        own[index] = lcm(_denominator(rule.amount, own), *(own[raised] for raised in rule.raises))
        if own[index] >= _LARGEST:
            raise AssertionError(f"what {rule.name} is worth has no denominator that fits")
    return own


def _denominator(amount: Amount, own: Sequence[int]) -> int:
    match amount:
        case Flat() | PerItem() | OfStrategy() | Nothing():
            return 1
        case PerMoney(units, per, whole) | PerField(units, per, whole):
            return 1 if whole else Fraction(units, per).denominator
        case Share(share, _):
            return share.denominator
        case ShareOfRules(share, rules):
            return share.denominator * lcm(*(own[rule] for rule in rules))
        case Slices(_, _, units, per):
            return lcm(*(Fraction(u, q).denominator for u, q in zip(units, per, strict=True)))
        case Choice(cases, otherwise):
            return lcm(_denominator(otherwise, own), *(_denominator(case.amount, own) for case in cases))
        case _:
            assert_never(amount)


def _shared_denominator(program: Program, rule: EarnRule, own: Sequence[int]) -> int:
    """The denominator that a rule's parts are compared and added up in: of its group, and of its currency
    where that is rounded per event."""
    denominator = own[rule.index]
    if program.currencies[rule.currency].round_per is RoundPer.EVENT:
        denominator = lcm(*(own[other.index] for other in program.earns if other.currency == rule.currency))
    elif rule.group is not None:
        denominator = lcm(*(own[other] for other in program.groups[rule.group].rules))
    if denominator >= _LARGEST:
        raise AssertionError(f"the rates of {rule.name}'s currency have no common denominator that fits")
    return denominator


# ---- amounts


def _referred_in(amount: Amount) -> tuple[int, ...]:
    """The rules that an amount is a share of."""
    match amount:
        case ShareOfRules(_, rules):
            return rules
        case Choice(cases, otherwise):
            return sum((_referred_in(case.amount) for case in cases), start=_referred_in(otherwise))
        case _:
            return ()


def _lower_amount(rows: RuleRows, amount: Amount, denominator: int, own: Sequence[int]) -> int:
    """Writes an amount.

    Returns:
        The first line of its decision, or the code of its leaf.
    """
    if isinstance(amount, Choice):
        cases = [(case.when, _lower_amount(rows, case.amount, denominator, own)) for case in amount.cases]
        return rows.writer.write_choice(cases, _lower_amount(rows, amount.otherwise, denominator, own))
    leaf = _lower_leaf(rows, amount, denominator, own)
    if leaf not in rows.leaves:
        rows.leaves.append(leaf)
    return p.FIRST_LEAF - rows.leaves.index(leaf)


def _lower_leaf(rows: RuleRows, amount: Amount, denominator: int, own: Sequence[int]) -> tuple[int, ...]:
    """A row of `Plan.leaves`: kind, units, per, whole, base, scale, first and end of its parts."""
    match amount:
        case Nothing():
            return p.FLAT, 0, 1, 0, p.BASKET, 1, 0, 0
        case Flat(units):
            return p.FLAT, units, 1, 0, p.BASKET, 1, 0, 0
        case PerItem(units):
            return p.BY_ITEM, units, 1, 0, p.BASKET, 1, 0, 0
        case PerMoney(units, per, whole, base, times):
            return *_ratio(units, per, whole, register_of_base(base), denominator), *_times(rows, times)
        case Share(share, base):
            register = register_of_base(base)
            return *_ratio(share.numerator, share.denominator, False, register, denominator), 0, 0
        case PerField(units, per, whole, field, times):
            register = rows.writer.register_of(c.EventField(field))
            return *_ratio(units, per, whole, register, denominator), *_times(rows, times)
        case ShareOfRules(share, rules):
            units, per = share.numerator, share.denominator
            common = lcm(*(own[rule] for rule in rules))
            if (units + per) * common >= 2 * _LARGEST:
                raise AssertionError("a share of rules has no denominator that fits")
            first = len(rows.parts)
            rows.parts += [(rule, common // own[rule], 0, 0) for rule in rules]
            scale = denominator // (per * common)
            return p.OF_RULES, units, per, 0, common, scale, first, len(rows.parts)
        case Slices(base, starts, units_of, pers):
            first = len(rows.parts)
            for start, units, per in zip(starts, units_of, pers, strict=True):
                rate = Fraction(units, per)
                scale = denominator // rate.denominator
                rows.parts.append((start, rate.numerator, rate.denominator, scale))
            register = register_of_base(base) if isinstance(base, c.Base) else rows.writer.register_of(base)
            return p.BY_SLICES, 0, 1, 0, register, 1, first, len(rows.parts)
        case OfStrategy(name, operands, most):
            if (name, len(operands)) not in rows.strategies:
                rows.strategies.append((name, len(operands)))
            first = len(rows.parts)
            rows.parts += [(rows.writer.register_of(operand), 0, 0, 0) for operand in operands]
            strategy = rows.strategies.index((name, len(operands)))
            return p.BY_STRATEGY, most, 1, strategy, p.BASKET, 1, first, len(rows.parts)
        case Choice():
            raise AssertionError("a table is a decision, not a leaf")
        case _:
            assert_never(amount)


def _ratio(units: int, per: int, whole: bool, register: int, denominator: int) -> tuple[int, ...]:
    if whole:
        return p.RATIO, units, per, 1, register, 1
    rate = Fraction(units, per)
    scale = denominator // rate.denominator
    return p.RATIO, rate.numerator, rate.denominator, 0, register, scale


def _times(rows: RuleRows, field: Field | None) -> tuple[int, int]:
    """The register that multiplies an amount, and 1; zeros for none."""
    return (0, 0) if field is None else (rows.writer.register_of(c.EventField(field)), 1)


# ---- triggers


def lower_luck(program: Program) -> p.Words:
    """The rows of `Plan.luck`, of the rules with a chance in declared order (EARN-12)."""
    rows = [(word_of_rule(rule.name), threshold_of(rule.chance)) for rule in _chancy(program)]
    return np.array(rows, np.uint64).reshape(len(rows), 2)


def _chancy(program: Program) -> list[EarnRule]:
    return [rule for rule in program.earns if rule.chance < 1]


def lower_triggers(
    program: Program, writer: CodeWriter, days: DayColumns
) -> tuple[list[tuple[int, ...]], list[tuple[int, int, int, int]]]:
    """The kinds of event and of clock and, for each, the rules and benefits that it may fire (EARN-1)."""
    kinds: list[tuple[int, ...]] = []
    gates = GateLines(program, writer)
    firings: list[tuple[int, int, int, int]] = []
    luck = {rule.index: row for row, rule in enumerate(_chancy(program))}
    bits = [days.bit_of(rule.dates) for rule in program.earns]
    last_of = {max(group.rules, key=program.order.index): group for group in program.groups if group.rules}
    for kind in range(len(program.events) + len(program.clocks)):
        first = len(firings)
        fired: set[int | None] = set()
        for index in program.order:
            rule = program.earns[index]
            triggers = _about(kind, rule.triggers)
            if triggers:
                fired.add(rule.group)
                line = writer.write(rule.when)
                condition = _write_any(writer, triggers, line)
                firings.append((index, bits[index], condition, luck.get(index, -1)))
            if index in last_of and last_of[index].index in fired:
                firings.append((-1 - last_of[index].index, -1, p.ALWAYS, -1))
        end = len(firings)
        for reward in program.rewards:
            if triggers := _about(kind, reward.triggers):
                firings.append((reward.index, -1, _write_any(writer, triggers, p.ALWAYS), -1))
        has_amount = kind < len(program.events) and program.events[kind].has_amount
        counts = gates.counts_register(kind)
        kinds.append((int(has_amount), first, end, end, len(firings), gates.of_kind(kind), counts))
    return kinds, firings


def _about(kind: int, triggers: Sequence[Trigger]) -> list[Trigger]:
    return [trigger for trigger in triggers if trigger.event == kind]


def _write_any(writer: CodeWriter, triggers: Sequence[Trigger], line: int) -> int:
    """Writes that one of the triggers holds, and goes on at `line`."""
    wheres = [trigger.where for trigger in triggers if trigger.where is not None]
    return writer.write(c.Any(tuple(wheres)), if_true=line) if len(wheres) == len(triggers) else line
