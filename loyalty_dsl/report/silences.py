"""Why a rule posted nothing at an event, with what it asked for and what it found.

Invariant: figures are those that the rule saw when it was asked, before this event moved any counter.
"""

from collections.abc import Iterable
from typing import assert_never

from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.facts import Facts, value_of
from loyalty_dsl.evaluation.promotions import Silence
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.wording import amount_in_words
from loyalty_dsl.language.amounts import counts_items
from loyalty_dsl.language.clocks import OnDay
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
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
    StatusOf,
)
from loyalty_dsl.language.program import DayRange, EarnRule, Program, Reward
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.quantities import format_money
from loyalty_dsl.report.values import measured_in_words, value_in_words

_MOST_FOUND = 3
"""How many of the figures that a condition read are told."""


def why_silent(program: Program, outcome: Outcome, index: int, why: Silence) -> str:
    """What completes "posted nothing: ..." for an earn rule."""
    rule = program.earns[index]
    match why:
        case Silence.FIRST:
            return of_first(rule, outcome.event.kind)
        case Silence.WHEN:
            found = "" if outcome.asked is None else _found(program, rule.when, outcome.asked)
            return str(why.value) + (f": {found}" if found else "")
        case Silence.CHANCE:  # SCEN-13
            return f"{why.value}, as no line says `given {rule.name} comes up`"
        case Silence.NOTHING if outcome.event.kind == PURCHASE and not outcome.event.items:
            if rule.items is not None or counts_items(rule.amount):
                return f"{why.value}, as the purchase lists no items"
            return str(why.value)
        case _:
            return str(why.value)


def of_another_version(program: Program, rule: EarnRule | Reward, day: int) -> bool:
    """Whether a rule or reward is not of the version of the program that is in force on a day (VERSION-1)."""
    turns = {clock.at.day for clock in program.clocks if isinstance(clock.at, OnDay)}
    return any(
        (day > dates.last and dates.last + 1 in turns) or (day < dates.first and dates.first in turns)
        for clause in rule.dates
        for dates in clause
        if len(clause) == 1 and isinstance(dates, DayRange)
    )


def of_first(rule: EarnRule, kind: int) -> str:
    """Of a rule for the first events of a kind, as it is written (EARN-13)."""
    firsts = [
        " ".join(trigger.span.text.split()).removeprefix("on ")
        for trigger in rule.triggers
        if trigger.event == kind
    ]
    return " and ".join(
        f"it is not {'among ' if first.split()[1].isdigit() else ''}the {first}" for first in firsts
    )


# ---- what a condition found


def _found(program: Program, condition: Condition | None, facts: Facts) -> str:
    """The state that a condition read, as it was: "year_nights was 18, status was silver"."""
    read = dict.fromkeys(operand for operand in _operands(condition) if _is_state(operand))
    told = [f"{name} was {value}" for operand in read for name, value in _told(program, operand, facts)]
    return ", ".join(told[:_MOST_FOUND])


def _operands(condition: Condition | None) -> Iterable[Operand]:
    match condition:
        case None:
            return
        case Compare(left, _, right):
            yield left
            yield right
        case OneAmong(operand, _):
            yield operand
        case Not(inner):
            yield from _operands(inner)
        case All(conditions) | Any(conditions):
            for inner in conditions:
                yield from _operands(inner)
        case _:
            assert_never(condition)


def _is_state(operand: Operand) -> bool:
    """Whether it is no plain number, and nothing that the event's own line tells."""
    return not isinstance(operand, Literal | EventField | ItemField | EventDay | CountedDay)


def _told(program: Program, operand: Operand, facts: Facts) -> Iterable[tuple[str, str]]:
    """A name and a value; of a sum without a name, those of its terms."""
    match operand:
        case CounterValue(index, previous):
            counter = program.counters[index]
            name = f"{counter.name} in the window before" if previous else counter.name
            value = value_of(operand, facts)
            yield name, measured_in_words(program, counter.kind, counter.currency, value)
        case CounterSum(terms):
            for _, term in terms:
                yield from _told(program, term, facts)
        case StatusOf(index):
            ladder = program.ladders[index]
            yield ladder.name, ladder.levels[value_of(operand, facts)].name
        case BalanceOf(index):
            currency = program.currencies[index]
            yield (
                f"balance of {currency.name}",
                amount_in_words(program, currency, value_of(operand, facts)),
            )
        case EventAmount(base):
            yield base.value, format_money(value_of(operand, facts), program.money)
        case DaysSinceJoin():
            yield "days since join", f"{value_of(operand, facts):,}"
        case MemberField(field):
            yield field.name, value_in_words(program, field, value_of(operand, facts))
        case IsReferred():
            yield "referred", "yes" if facts.referred else "no"
        case HeldOut(audience):
            yield f"holdout of {audience}", "yes" if value_of(operand, facts) else "no"
        case DaysSince():
            yield operand_name(operand), f"{value_of(operand, facts):,}"
        case EventWeekday():
            yield "the day of the week", date_of(facts.day).strftime("%A").lower()
        case DayWithin(of=date):
            yield date.field.name, value_in_words(program, date.field, value_of(date, facts))
        case Literal() | EventField() | ItemField() | EventDay() | CountedDay():
            return
        case _:
            assert_never(operand)


def operand_name(operand: DaysSince) -> str:
    """`days since` a date, as it is written."""
    return f"days since {operand.of.field.name}"
