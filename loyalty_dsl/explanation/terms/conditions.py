"""Conditions in words: each as a whole clause that can follow `if`.

Invariants: every leaf of a condition is in the clause, with its value; `and` and `or` never stand side by
side without `either`, so a clause has one reading. A negation is carried to the leaves.
"""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import WEEKDAY_NAMES
from loyalty_dsl.explanation.terms.naming import (
    counter_noun,
    field_noun,
    sum_noun,
    total_noun,
    total_of,
    where_of,
)
from loyalty_dsl.explanation.terms.nouns import choice, noun, until_words
from loyalty_dsl.explanation.terms.words import (
    Words,
    counted,
    during,
    event_noun,
    human,
    listed,
    number,
    ordinal,
    percent,
    quoted,
)
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CountedDay,
    CounterSum,
    CounterValue,
    DaysSince,
    DaysSinceJoin,
    DayWithin,
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
from loyalty_dsl.language.counters import NumberMeasure
from loyalty_dsl.language.operand_kinds import kind_of
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.language.windows import Lifetime

_NOT = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_AMOUNT = {"=": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}  # fmt: skip # noqa: E501
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def clause(words: Words, condition: Condition, of: str = "the purchase", holds: bool = True) -> str:
    """A condition as a clause.

    Args:
        of: what the event is called.
        holds: whether it holds, or does not.
    """
    match condition:
        case Compare(left, order, right):
            sign = order.value if holds else _NOT[order.value]
            return _compared(words, left, sign, right, of)
        case OneAmong(operand, values):
            return _among(words, operand, values, of, holds)
        case Not(inner):
            return clause(words, inner, of, not holds)
        case All(conditions) | Any(conditions):
            both = isinstance(condition, All) == holds
            return _joined(words, conditions, of, holds, both)
        case _:
            assert_never(condition)


def _joined(words: Words, conditions: tuple[Condition, ...], of: str, holds: bool, both: bool) -> str:
    flat = _flat(conditions, holds, both)
    if both:
        paired = _within_pairs(words, flat)
        if paired is not None:
            return paired
    flat = _less_numbered(words, flat) if both else flat
    if len(flat) == 1:
        return clause(words, flat[0][0], of, flat[0][1])
    told = list(dict.fromkeys(_nested(words, each, of, is_so) for each, is_so in flat))
    if len(told) == 1:
        return told[0]
    if both:
        return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 2 else f"{told[0]} and {told[1]}"
    return f"either {', or '.join(told)}"


def _nested(words: Words, condition: Condition, of: str, holds: bool) -> str:
    """A part of what is joined, in brackets where it is itself joined by the other word."""
    told = clause(words, condition, of, holds)
    return f"({told})" if isinstance(condition, All | Any) and len(condition.conditions) > 1 else told


def _less_numbered(words: Words, row: list[tuple[Condition, bool]]) -> list[tuple[Condition, bool]]:
    """What is joined by `and`, less what `this is your first purchase for which` says already."""
    numbered: set[Condition] = set()
    for each, is_so in row:
        match each:
            case Compare(CounterValue(counter), Order.LESS, Literal()) if is_so:
                found = words.program.counters[counter]
                if isinstance(found.measure, NumberMeasure) and found.where is not None:
                    where = found.where
                    numbered |= set(where.conditions) if isinstance(where, All) else {where}
            case _:
                pass
    return [(each, is_so) for each, is_so in row if not (is_so and each in numbered)]


def _flat(conditions: tuple[Condition, ...], holds: bool, both: bool) -> list[tuple[Condition, bool]]:
    """What is joined by the same word, in one row, each with whether it has to hold."""
    row: list[tuple[Condition, bool]] = []
    for each in conditions:
        inner, is_so = each, holds
        while isinstance(inner, Not):
            inner, is_so = inner.condition, not is_so
        if isinstance(inner, All | Any) and (isinstance(inner, All) == is_so) == both:
            row += _flat(inner.conditions, is_so, both)
        elif not (isinstance(inner, Compare) and isinstance(inner.left, CountedDay)):
            row.append((inner, is_so))
    return row


def _within_pairs(words: Words, row: list[tuple[Condition, bool]]) -> str | None:
    """`D is not after today` and `today is within a time of D`, told as one; `None` without such a pair."""
    told: list[str] = []
    found = False
    for each, is_so in row:
        match each:
            case Compare(EventDay(), Order.AT_MOST, DayWithin() as within) if is_so:
                found = True
                told.append(f"the day is {until_words(within)}")
            case Compare(EventField() | MemberField() as left, Order.AT_MOST, EventDay()) if any(
                isinstance(other, Compare) and isinstance(other.right, DayWithin) and other.right.of == left
                for other, _ in row
            ):
                continue
            case _:
                told.append(clause(words, each, holds=is_so))
    if not found:
        return None
    return listed(told)


# ---- comparisons


def _compared(words: Words, left: Operand, sign: str, right: Operand, of: str) -> str:
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, sign = right, left, _TURNED[sign]
    match left, right:
        case ((EventField(field) | ItemField(field) | MemberField(field)), Literal(value)) if (
            field.kind is Kind.YES_NO
        ):
            return _marked(left, field, (sign == "=") == bool(value), of)
        case (EventField(Field(name="ordinal")), Literal(value)) if "friend" in of:
            return (
                f"it is the friend's {ordinal(value)} such event" if sign == "=" else _number_of(sign, value)
            )
        case ((EventField(field) | ItemField(field) | MemberField(field)), Literal(value)) if (
            field.kind is Kind.ONE_OF
        ):
            is_ = "is" if sign == "=" else "is not"
            return f"{field_noun(left)} {is_} {choice(field, value)}"
        case IsReferred(), Literal(value):
            referred = (sign == "=") == bool(value)
            return "another member referred you" if referred else "no other member referred you"
        case HeldOut(), Literal(value):
            out = (sign == "=") == bool(value)
            return "you were not selected for this offer" if out else "you were selected for this offer"
        case StatusOf(ladder), Literal(value):
            return status_clause(words, ladder, sign, value)
        case EventWeekday(), Literal(value):
            return f"the day is {'' if sign == '=' else 'not '}a {WEEKDAY_NAMES[value]}"
        case ((EventDay() | CountedDay()), _):
            return _dated("the day", sign, right, words)
        case EventField(Field(name="days_since_join")), Literal(value) if "friend" in of:
            return f"{_since(sign, value)} since the friend joined"
        case EventField(Field(kind=Kind.TIME)), Literal():
            return _dated("the time", sign, right, words)
        case ((EventField(field) | MemberField(field)), _) if field.kind is Kind.DATE:
            return _dated(field_noun(left), sign, right, words)
        case DaysSinceJoin(), Literal(value):
            return f"{_since(sign, value)} since you joined"
        case DaysSince(since), Literal(value):
            return f"{_since(sign, value)} since {field_noun(since)}"
        case CounterValue(counter), Literal(value) if isinstance(
            words.program.counters[counter].measure, NumberMeasure
        ):
            return _numbered(words, counter, sign, value, of)
        case CounterSum(), Literal():
            return _summed(words, left, sign, right)
        case _:
            return f"{noun(words, left, of)} {_AMOUNT[sign]} {noun(words, right, of, left)}"


def _marked(operand: Operand, field: Field, yes: bool, of: str) -> str:
    whose = {EventField: of, ItemField: "the item"}.get(type(operand), "your account")
    return f"{whose} is {'' if yes else 'not '}marked {quoted(human(field.name))}"


def _since(sign: str, value: int) -> str:
    return (
        f"{_AMOUNT[sign].replace('is', 'it has been', 1) if sign != '=' else 'it has been exactly'} "
        f"{counted(value, 'day')}"
    )


def _number_of(sign: str, value: int) -> str:
    return (
        f"the number of the friend's such events so far, this one included, {_AMOUNT[sign]} {number(value)}"
    )


def _numbered(words: Words, counter: int, sign: str, value: int, of: str) -> str:
    """`it is the first purchase`: how many such events there were before this one."""
    found = words.program.counters[counter]
    assert isinstance(found.measure, NumberMeasure)
    event = event_noun(words.program.events[found.measure.event])
    if not isinstance(found.window, Lifetime):
        event = f"{event} {during(found.window)}"
    where = where_of(found)
    such = event if where is None else f"{event} for which {_nested(words, where, of, True)}"
    if (sign, value) in (("=", 0), ("<", 1)):
        return f"this is your first {such}"
    if sign == "=":
        return f"this is your {ordinal(value + 1)} {such}"
    if sign == "<":
        return f"this is one of your first {number(value)} {such}s"
    return f"the number of your earlier {event}s {_AMOUNT[sign]} {number(value)}"


def _summed(words: Words, left: CounterSum, sign: str, right: Literal) -> str:
    """A sum compared with a constant; one side less another with 0 as a share of that other."""
    plus = tuple((factor, value) for factor, value in left.terms if factor > 0)
    minus = tuple((-factor, value) for factor, value in left.terms if factor < 0)
    whole = total_of(words.program, left.terms)
    if whole is None and right.value == 0 and len(plus) == 1 and minus:
        factor, value = plus[0]
        other = total_of(words.program, minus)
        if other is not None:
            share = Fraction(other[1] * other[0].scale, factor)
            name = total_noun(words.program, CounterSum(minus), other[0])
        elif len(minus) == 1:
            share = Fraction(minus[0][0], factor)
            name = counter_noun(words, minus[0][1].counter, minus[0][1].previous)
        else:
            return f"{sum_noun(words, left)} {_AMOUNT[sign]} {noun(words, right, '', left)}"
        of_it = name if share == 1 else f"{percent(share)} of {name}"
        return f"{counter_noun(words, value.counter, value.previous)} {_AMOUNT[sign]} {of_it}"
    if whole is not None and right.value == 0:
        return f"{total_noun(words.program, left, whole[0])} {_AMOUNT[sign]} {number(0)}"
    if whole is None and len(left.terms) == 1 and right.value == 0:
        _, value = left.terms[0]
        return f"{counter_noun(words, value.counter, value.previous)} {_AMOUNT[sign]} {number(0)}"
    return f"{sum_noun(words, left)} {_AMOUNT[sign]} {noun(words, right, '', left)}"


def status_clause(words: Words, ladder: int, sign: str, level: int) -> str:
    """`your Status is Gold or higher`; of a membership, whether it is active or which plan it is."""
    found = words.program.ladders[ladder]
    last = len(found.levels) - 1
    if found.bought and (sign, level) in ((">=", 1), (">", 0), ("!=", 0)):
        return f"your {found.label} membership is active"
    if found.bought and (sign, level) in (("<", 1), ("=", 0), ("<=", 0)):
        return f"your {found.label} membership is not active"
    name = words.level(ladder, level)
    what = f"your {found.label} plan" if found.bought else f"your {words.ladder(ladder)}"
    match sign:
        case "=":
            return f"{what} is {name}"
        case "!=":
            return f"{what} is not {name}"
        case ">=":
            return f"{what} is {name}" if level == last else f"{what} is {name} or higher"
        case "<=":
            return f"{what} is {name}" if level == 0 else f"{what} is {name} or lower"
        case ">":
            return f"{what} is higher than {name}"
        case _:
            return f"{what} is lower than {name}"


def _dated(what: str, sign: str, right: Operand, words: Words) -> str:
    if isinstance(right, DayWithin):
        until = until_words(right)
        if until.startswith("within"):
            until = f"no later than {until.removeprefix('within ')}"
        return {
            "<=": f"{what} is {until}",
            ">": f"{what} is later than {until.removeprefix('no later than ')}",
            "<": f"{what} is less than {until.removeprefix('no later than ')}",
            ">=": f"{what} is at least {until.removeprefix('no later than ')}",
        }.get(sign, f"{what} is exactly {until.removeprefix('no later than ')}")
    day = noun(words, right, "")
    return {
        "=": f"{what} is {day}", "!=": f"{what} is not {day}", "<": f"{what} is before {day}",
        "<=": f"{what} is {day} or earlier", ">": f"{what} is after {day}", ">=": f"{what} is {day} or later",
    }[sign]  # fmt: skip


def _among(words: Words, operand: Operand, values: tuple[int, ...], of: str, holds: bool) -> str:
    is_ = "is" if holds else "is not"
    match operand:
        case EventField(field) | ItemField(field) | MemberField(field) if field.kind is Kind.ONE_OF:
            return f"{field_noun(operand)} {is_} {listed([choice(field, value) for value in values], 'or')}"
        case StatusOf(ladder):
            found = words.program.ladders[ladder]
            if found.bought and values == (0,):
                return status_clause(words, ladder, "=" if holds else "!=", 0)
            what = f"your {found.label} plan" if found.bought else f"your {words.ladder(ladder)}"
            return f"{what} {is_} {listed([words.level(ladder, value) for value in values], 'or')}"
        case EventWeekday():
            days = listed([f"a {WEEKDAY_NAMES[value]}" for value in values], "or")
            return f"the day {is_} {days}"
        case _:
            kind = kind_of(words.program, operand)
            told = [noun(words, Literal(value, kind), of, operand) for value in values]
            return f"{noun(words, operand, of)} {is_} {listed(told, 'or')}"


# ---- items


def items_noun(words: Words, condition: Condition) -> str:
    """`items with category “goods” that are marked “approved”`."""
    if isinstance(condition, Not) and _of_items(condition.condition) is not None:
        return f"all items but those {_of_items(condition.condition)}"
    parts = condition.conditions if isinstance(condition, All) else (condition,)
    told = [_of_items(part) for part in parts]
    if None not in told and sum(str(each).startswith("with") for each in told) < 2:
        return f"items {' '.join(sorted((str(each) for each in told), reverse=True))}"
    return f"items for which {clause(words, condition)}"


def _of_items(condition: Condition) -> str | None:
    """A test of items as what follows the noun; `None` of one that asks more."""
    match condition:
        case Compare(ItemField(field), Order.EQUAL, Literal(value)) if field.kind is Kind.ONE_OF:
            return f"with {human(field.name)} {choice(field, value)}"
        case OneAmong(ItemField(field), values):
            return f"with {human(field.name)} {listed([choice(field, value) for value in values], 'or')}"
        case Compare(ItemField(field), Order.EQUAL, Literal(value)) if field.kind is Kind.YES_NO:
            return f"that are {'' if value else 'not '}marked {quoted(human(field.name))}"
        case Not(Compare(ItemField(field), Order.EQUAL, Literal(value))) if field.kind is Kind.YES_NO:
            return f"that are {'not ' if value else ''}marked {quoted(human(field.name))}"
        case _:
            return None


def items_sentence(words: Words, condition: Condition) -> str:
    """Which items count."""
    if isinstance(condition, Not) and (which := _of_items(condition.condition)) is not None:
        return f"Items {which} do not count."
    return f"Only {items_noun(words, condition)} count."
