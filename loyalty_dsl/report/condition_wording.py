"""Conditions as a rule file writes them, and what was found when one was asked.

Invariant: names and values are those of the file, so what is said can be looked for in it.
"""

from typing import assert_never

from loyalty_dsl.calendar import NEVER, WEEKDAYS, format_day
from loyalty_dsl.evaluation.facts import Facts
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.explanation.verdicts import Verdict, deciding, judge
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    BusinessDays,
    Compare,
    Condition,
    CountedDay,
    CounterSum,
    CounterValue,
    DaysSince,
    DaysSinceJoin,
    DayWithin,
    EventAmount,
    EventDay,
    EventField,
    EventWeekday,
    HeldOut,
    IsReferred,
    ItemField,
    Literal,
    MemberField,
    Not,
    OneAmong,
    Operand,
    Order,
    StatusOf,
)
from loyalty_dsl.language.counters import Counter, NumberMeasure
from loyalty_dsl.language.operand_kinds import kind_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import NO_DATE, Kind
from loyalty_dsl.quantities import format_money
from loyalty_dsl.report.values import measured_in_words, value_in_words

_DATE_ORDERS = {
    Order.LESS: "before",
    Order.AT_MOST: "through",
    Order.MORE: "after",
    Order.AT_LEAST: "from",
    Order.EQUAL: "is",
}
_LONG_AGO = 2**30


def condition_in_words(program: Program, condition: Condition) -> str:
    """A condition as it is written: `payment is card and amount >= $40`."""
    match condition:
        case Compare(left, order, right):
            return _compared(program, left, order, right)
        case OneAmong(EventWeekday(), values):
            return " or ".join(f"on {WEEKDAYS[value]}s" for value in values)
        case OneAmong(operand, values):
            names = [operand_value(program, operand, value) for value in values]
            is_one = "is one of " if len(names) > 1 else "is "
            return f"{operand_name(program, operand)} {is_one}{', '.join(names)}"
        case Not(Compare(_, Order.EQUAL, Literal()) as inner) | Not(OneAmong() as inner):
            return _denied(condition_in_words(program, inner))
        case Not(inner):
            return f"not {_bracketed(program, inner, Not)}"
        case All(conditions) | Any(conditions):
            word = " and " if isinstance(condition, All) else " or "
            return word.join(_bracketed(program, each, type(condition)) for each in conditions)
        case _:
            assert_never(condition)


def _bracketed(program: Program, condition: Condition, inside: type) -> str:
    words = condition_in_words(program, condition)
    alone = isinstance(condition, (Compare, OneAmong, Not, inside))
    return words if alone and not (inside is Not and isinstance(condition, OneAmong)) else f"({words})"


def _denied(words: str) -> str:
    return words.replace(" is ", " is not ", 1) if " is " in words else f"not {words}"


def _compared(program: Program, left: Operand, order: Order, right: Operand) -> str:
    if isinstance(left, Literal) and not isinstance(right, Literal):
        turned = {Order.LESS: Order.MORE, Order.AT_MOST: Order.AT_LEAST}
        back = {over: under for under, over in turned.items()}
        return _compared(program, right, (turned | back).get(order, order), left)
    name, kind = operand_name(program, left), kind_of(program, left)
    other = (
        operand_value(program, left, right.value)
        if isinstance(right, Literal)
        else operand_name(program, right)
    )
    if isinstance(left, EventDay) and isinstance(right, DayWithin) and order in (Order.AT_MOST, Order.MORE):
        within = f"{right.of.field.name} within {_length(right)}"
        return within if order is Order.AT_MOST else f"not {within}"
    if kind is Kind.YES_NO and isinstance(right, Literal):
        return name if right.value else f"not {name}"
    if isinstance(left, EventWeekday):
        return f"on {other}s"
    if kind in (Kind.DATE, Kind.TIME):
        return f"{name} {_DATE_ORDERS[order]} {other}"
    if order is Order.EQUAL and kind in (Kind.ONE_OF, Kind.LEVEL):
        return f"{name} is {other}"
    return f"{name} {order.value} {other}"


def operand_name(program: Program, operand: Operand) -> str:
    """What a condition reads, as it is written."""
    match operand:
        case Literal(value, _):
            return f"{value:,}"
        case EventField(field) | ItemField(field) | MemberField(field):
            return field.name
        case EventAmount(base):
            return base.value
        case BalanceOf(currency):
            return f"balance of {program.currencies[currency].name}"
        case DaysSinceJoin():
            return "days since join"
        case DaysSince(of):
            return f"days since {of.field.name}"
        case EventDay():
            return "date"
        case CountedDay():
            return "the day that is decided on"
        case DayWithin(of=of):
            return f"{_length(operand)} after {of.field.name}"
        case EventWeekday():
            return "the day of the week"
        case StatusOf(ladder):
            return program.ladders[ladder].name
        case CounterValue(counter, previous):
            its = program.counters[counter]
            name = counter_name(its)
            if isinstance(its.measure, NumberMeasure) and its.hidden:
                name = f"number of earlier {program.events[its.measure.event].name} events"
            return f"{name} in the window before" if previous else name
        case CounterSum(terms):
            return _sum_name(program, terms)
        case IsReferred():
            return "referred"
        case HeldOut(audience):
            return f"holdout of {audience}"
        case _:
            assert_never(operand)


def counter_name(counter: Counter) -> str:
    """The name of a counter; that of one that nobody named may be a clause of several words."""
    return " ".join(counter.name.split())


def _sum_name(program: Program, terms: tuple[tuple[int, CounterValue], ...]) -> str:
    known = tuple((factor, value.counter) for factor, value in terms)
    total = next((each for each in program.totals if each.terms == known), None)
    if total is not None:
        return total.name
    said = ""
    for factor, value in terms:
        sign = (" minus " if factor < 0 else " plus ") if said else ("-" if factor < 0 else "")
        times = f"{abs(factor)} x " if abs(factor) != 1 else ""
        said += f"{sign}{times}{operand_name(program, value)}"
    return said


def _length(operand: DayWithin) -> str:
    length = operand.length
    if isinstance(length, BusinessDays):
        return f"{length.count} business day{'' if length.count == 1 else 's'}"
    words = f"{length.count:,} {length.unit.value}{'' if length.count == 1 else 's'}"
    if operand.window is None:
        return words
    name = getattr(operand.window, "value", None) or getattr(operand.window, "name", "")
    return f"{words} of the end of {name}"


def operand_value(program: Program, operand: Operand, value: int) -> str:
    """A value of what a condition reads, as people write it."""
    match operand:
        case EventField(field) | ItemField(field) | MemberField(field):
            return value_in_words(program, field, value)
        case EventAmount():
            return format_money(value, program.money)
        case BalanceOf(currency):
            return amount_in_words(program, program.currencies[currency], value)
        case DaysSinceJoin() | DaysSince() | Literal():
            return "never" if value > _LONG_AGO else f"{value:,}"
        case EventDay() | CountedDay() | DayWithin():
            return "no date" if value in (NO_DATE, NEVER) else format_day(value)
        case EventWeekday():
            return WEEKDAYS[value]
        case StatusOf(ladder):
            levels = program.ladders[ladder].levels
            return levels[value].name if 0 <= value < len(levels) else f"{value:,}"
        case CounterValue(index):
            counter = program.counters[index]
            return measured_in_words(program, counter.kind, counter.currency, value)
        case CounterSum(terms):
            return operand_value(program, terms[0][1], value)
        case IsReferred() | HeldOut():
            return "yes" if value else "no"
        case _:
            assert_never(operand)


def read_in_words(program: Program, verdict: Verdict) -> str:
    """What the tests of a verdict read, each once: `it is $32.10`, or `paid is 3, free is 0`."""
    read = dict.fromkeys(pair for test in verdict.tests for pair in test.read)
    if len(read) == 1 and not verdict.parts:
        ((operand, value),) = read
        return f"it is {operand_value(program, operand, value)}"
    return ", ".join(
        f"{operand_name(program, operand)} is {operand_value(program, operand, value)}"
        for operand, value in read
    )


def _with_found(program: Program, verdict: Verdict) -> str:
    """A condition with what it found: `amount >= $40 (it is $32.10)`."""
    words, found = condition_in_words(program, verdict.condition), read_in_words(program, verdict)
    return f"{words} ({found})" if found else words


def _together(program: Program, verdict: Verdict) -> str:
    """The parts that make a condition what it is, each with what it found."""
    parts = deciding(_in_force(verdict))
    if len(parts) == 1:
        return _with_found(program, parts[0])
    words = dict.fromkeys(_with_found(program, part) for part in parts)
    either = {_with_found(program, part) for part in parts if isinstance(part.condition, Any)}
    return " and ".join(f"({each})" if each in either else each for each in words)


def failing_in_words(program: Program, verdict: Verdict) -> str:
    """Why a condition does not hold: the parts that do not, each with what it found."""
    return f"needs {_together(program, verdict)}"


def held_in_words(program: Program, verdict: Verdict) -> str:
    """Why a condition holds: the parts that make it so, each with what it found."""
    return _together(program, verdict)


def why_not(program: Program, condition: Condition, facts: Facts) -> str:
    """Why a condition does not hold on some facts."""
    return failing_in_words(program, judge(condition, facts))


def verdict_lines(program: Program, verdict: Verdict, depth: int = 0) -> list[str]:
    """A verdict part by part, a line each: `yes  amount >= $40 (it is $52.00)`."""
    verdict = _in_force(verdict)
    if verdict.parts and not isinstance(verdict.condition, Not):
        if isinstance(verdict.condition, All):
            return [line for part in verdict.parts for line in verdict_lines(program, part, depth)]
        head = f"{'  ' * depth}{'yes' if verdict.holds else 'no '}  one of"
        return [head, *(line for part in verdict.parts for line in verdict_lines(program, part, depth + 1))]
    mark = "yes" if verdict.holds else "no "
    return [f"{'  ' * depth}{mark}  {_with_found(program, verdict)}"]


def _in_force(verdict: Verdict) -> Verdict:
    """A verdict without what is of a version of the program that is not in force on the day that is decided
    on, and without the tests that say so (VERSION-5)."""
    if isinstance(verdict.condition, Any):
        kept = tuple(
            part for part in verdict.parts if not any(_of_day(t) and not t.holds for t in part.parts)
        )
        if kept and len(kept) < len(verdict.parts):
            if len(kept) == 1:
                return _in_force(kept[0])
            return Verdict(
                Any(tuple(part.condition for part in kept)), verdict.holds, parts=tuple(map(_in_force, kept))
            )
    if isinstance(verdict.condition, All) and any(map(_of_day, verdict.parts)):
        kept = tuple(part for part in verdict.parts if not _of_day(part))
        if len(kept) == 1:
            return _in_force(kept[0])
        if kept:
            return Verdict(All(tuple(part.condition for part in kept)), verdict.holds, parts=kept)
    return verdict


def _of_day(verdict: Verdict) -> bool:
    """Whether it is a test of the day by which a version is told from another."""
    return any(isinstance(operand, CountedDay) for operand, _ in verdict.read)
