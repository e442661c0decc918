"""When something happens, in words: triggers, clocks, dates and limits.

Invariant: an occasion is an adverbial that opens a sentence: `For each purchase`, `On your birthday`.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from loyalty_dsl.calendar import MONTH_NAMES, WEEKDAY_NAMES, Unit
from loyalty_dsl.explanation.terms.conditions import clause
from loyalty_dsl.explanation.terms.naming import counter_noun, total_of
from loyalty_dsl.explanation.terms.words import (
    DEEDS,
    Words,
    counted,
    date_words,
    day_of_year_words,
    during,
    event_noun,
    human,
    length_words,
    listed,
    ordinal,
    per_window,
    quoted,
    times_words,
    titled,
)
from loyalty_dsl.language.clocks import (
    After,
    AfterJoin,
    Clock,
    Falls,
    FriendKind,
    OnDay,
    Pays,
    Reaches,
    Rises,
    WindowStart,
    YearlyOf,
)
from loyalty_dsl.language.conditions import (
    All,
    Compare,
    Condition,
    CounterValue,
    EventField,
    Literal,
    Order,
    operands_of,
)
from loyalty_dsl.language.counters import Counter, NamedTotal
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import (
    Dates,
    DayRange,
    DaysOfMonth,
    DaysOfWeek,
    DaysOfYear,
    Limit,
    LimitOf,
    Trigger,
)
from loyalty_dsl.language.types import JOIN

_FIRST, _LAST = -719_162, 2_932_896
"""The earliest and the last day there is: an open end."""


def occasion(words: Words, trigger: Trigger) -> str:
    """One occasion, with its own condition: `for each purchase, if ...`."""
    program = words.program
    if trigger.event >= len(program.events):
        told = clock_words(words, program.clocks[trigger.event - len(program.events)])
        where = trigger.where
        return told if where is None else f"{told}, if {clause(words, where, 'the day')}"
    friend = friend_of(words, trigger.event)
    if friend is not None:
        return _friend_words(words, friend, trigger.where)
    staged = staged_for_you(words, trigger)
    if staged is not None:
        return staged
    told = event_words(words, trigger.event)
    if trigger.where is None:
        return told
    return f"{told}, if {clause(words, trigger.where, about(words, trigger.event))}"


def occasions(words: Words, triggers: Sequence[Trigger]) -> str:
    """Several occasions, any of which counts."""
    told = [occasion(words, trigger) for trigger in triggers]
    if len(told) > 1 and any(trigger.where is not None for trigger in triggers):
        return "; and ".join(told)
    return listed(told, "and")


def event_words(words: Words, event: int) -> str:
    if event == JOIN:
        return "when you join"
    name = words.program.events[event].name
    if name in DEEDS:
        return f"each time you {human(name)}"
    if name.endswith("_opt_in"):
        return f"when you opt in to {quoted(human(name.removesuffix('_opt_in')))}"
    if singular_of(human(name)) != human(name):
        return f"for each event {quoted(human(name))}"
    return f"for each {human(name)}"


def about(words: Words, event: int) -> str:
    """What a condition of an event is about."""
    if event >= len(words.program.events):
        return "the day"
    if event == JOIN:
        return "your joining"
    name = words.program.events[event].name
    return f"the {quoted(human(name)) if name in DEEDS else human(name)}"


def friend_of(words: Words, event: int) -> FriendKind | None:
    return next((kind for kind in words.program.friend_kinds if kind.event == event), None)


def deed(words: Words, event: int, friend: bool = True) -> str:
    """What a friend does, after `a friend`, or the member, after `you`."""
    name = words.program.events[event].name
    if event == JOIN or name in DEEDS:
        verb = human(name)
        return verb if not friend else {"verify": "verifies"}.get(verb, f"{verb}s")
    article = "an" if name[0] in "aeiou" else "a"
    return f"{'makes' if friend else 'make'} {article} {human(name)}"


def _friend_words(words: Words, kind: FriendKind, where: Condition | None) -> str:
    of = f"the friend's {event_noun(words.program.events[kind.of])}"
    if kind.stages:
        return f"when a friend whom you referred {steps_words(words, kind, friend=True)}"
    told = f"when a friend whom you referred {deed(words, kind.of)}"
    first, rest = _first_only(where), _without_ordinal(where)
    if kind.kept.count:
        told += f" and keeps it for {length_words(kind.kept)}"
    tests = []
    if first is not None:
        numbered = None if kind.numbered is None else words.program.counters[kind.numbered].where
        such = "" if numbered is None else f" for which {clause(words, numbered, of)}"
        tests.append(f"it is the friend's {ordinal(first)} {event_noun(words.program.events[kind.of])}{such}")
    if rest is not None:
        tests.append(clause(words, rest, of))
    return f"{told}, if {' and '.join(tests)}" if tests else told


def steps_words(words: Words, kind: FriendKind, *, friend: bool) -> str:
    """What is to be done one after the other, by a friend or by the member who was referred."""
    told = []
    for stage in kind.stages:
        step = deed(words, stage.event, friend)
        if stage.within is not None:
            step += f" within {counted(stage.within, 'day')} of that"
        if stage.where is not None:
            step += f" (only if {clause(words, stage.where, 'it')})"
        told.append(step)
    return ", then ".join(told)


def staged_for_you(words: Words, trigger: Trigger) -> str | None:
    """When a member who was referred has done the last of the steps; `None` of any other trigger."""
    for kind in words.program.friend_kinds:
        if kind.stages and any(
            isinstance(operand, CounterValue) and operand.counter == kind.numbered
            for operand in operands_of(trigger.where)
        ):
            return f"when you, referred by another member, {steps_words(words, kind, friend=False)}"
    return None


def _is_ordinal(condition: Condition) -> bool:
    match condition:
        case Compare(EventField(field), Order.EQUAL, Literal()):
            return field.name == "ordinal"
        case _:
            return False


def _first_only(where: Condition | None) -> int | None:
    parts = where.conditions if isinstance(where, All) else (where,)
    for part in parts:
        if part is not None and _is_ordinal(part):
            assert isinstance(part, Compare) and isinstance(part.right, Literal)
            return part.right.value
    return None


def _without_ordinal(where: Condition | None) -> Condition | None:
    if where is None or _is_ordinal(where):
        return None
    if isinstance(where, All):
        left = tuple(part for part in where.conditions if not _is_ordinal(part))
        return None if not left else left[0] if len(left) == 1 else All(left)
    return where


# ---- clocks


def clock_words(words: Words, clock: Clock) -> str:
    """When a clock strikes."""
    at = clock.at
    match at:
        case WindowStart():
            return _window_start(clock.name, at)
        case YearlyOf(None):
            return "on each anniversary of the day you joined"
        case YearlyOf(field):
            assert field is not None
            return (
                "on your birthday"
                if field.name == "birthday"
                else f"each year on your {quoted(human(field.name))} date"
            )
        case OnDay(day):
            return f"on {date_words(day)}"
        case Reaches():
            return _reaches(words, at)
        case Falls(ladder, level):
            return f"when your {words.ladder(ladder)} falls below {words.level(ladder, level)}"
        case Rises(ladder, level):
            return f"when your {words.ladder(ladder)} rises to {words.level(ladder, level)} or above"
        case AfterJoin(length):
            return f"{length_words(length)} after you joined"
        case After(length, events):
            names = [event_noun(words.program.events[event]) for event in events]
            return f"{length_words(length)} after your last {listed(names, 'or')}"
        case Pays(ladder):
            return f"each time your {words.program.ladders[ladder].label} membership is paid for"
        case _:
            assert_never(at)


def _window_start(name: str, at: WindowStart) -> str:
    if name.startswith("the day after "):
        month, _, day = name.removeprefix("the day after ").partition(" ")
        return f"each year on the day after {month.capitalize()} {day}"
    if at.days_later and "after end of" in name:
        return f"{counted(at.days_later, 'day')} after the end of each {human(name.partition('end of ')[2])}"
    if name.startswith("end of "):
        return f"at the end of each {human(name.removeprefix('end of '))}"
    if at.month is not None and at.unit is Unit.YEAR:
        return f"each year on {MONTH_NAMES[at.month - 1]} {1 + at.days_later}"
    later = f"{counted(at.days_later, 'day')} after the start" if at.days_later else "at the start"
    which = human(name.partition("start of ")[2]) or f"calendar {at.unit.value}"
    return f"{later} of each {which}"


def compared_noun(words: Words, terms: tuple[tuple[int, int], ...]) -> tuple[str, Counter | NamedTotal]:
    """What reaches a threshold, and in whose units."""
    if len(terms) == 1 and terms[0][0] == 1:
        counter = terms[0][1]
        return counter_noun(words, counter), words.program.counters[counter]
    found = total_of(words.program, tuple((factor, CounterValue(counter)) for factor, counter in terms))
    if found is not None:
        return f"your total of {quoted(titled(found[0].label))}", found[0]
    counter = terms[0][1]
    return "your total", words.program.counters[counter]


def _reaches(words: Words, at: Reaches) -> str:
    from loyalty_dsl.explanation.terms.counting import amount_counted

    noun, counter = compared_noun(words, at.terms)
    told = [amount_counted(words, counter, each) for each in at.at]
    more = f", and again with every further {amount_counted(words, counter, at.every)}" if at.every else ""
    each_time = "when" if len(at.at) == 1 and not at.every else "each time"
    window = words.program.counters[at.terms[0][1]].window
    return f"{each_time} {noun} {during(window)} reaches {listed(told, 'or')}{more}"


# ---- dates


def dates_words(clauses: tuple[tuple[Dates, ...], ...]) -> str | None:
    """On which days something holds; `None` where that is always."""
    told = []
    for alternatives in clauses:
        if len(alternatives) > 1 and all(
            isinstance(each, DayRange) and each.first == each.last for each in alternatives
        ):
            single = [date_words(each.first) for each in alternatives if isinstance(each, DayRange)]
            told.append(f"on {'; '.join(single[:-1])} and {single[-1]}")
            continue
        words = [_days(each) for each in alternatives]
        if all(words):
            told.append(listed([word for word in words if word], "or"))
    return " and ".join(dict.fromkeys(told)) or None


def _days(days: Dates) -> str | None:
    match days:
        case DayRange(first, last):
            if first <= _FIRST and last >= _LAST:
                return None
            if first == last:
                return f"on {date_words(first)}"
            if first <= _FIRST:
                return f"through {date_words(last)}"
            if last >= _LAST:
                return f"from {date_words(first)} on"
            return f"from {date_words(first)} through {date_words(last)}"
        case DaysOfMonth(first, last):
            return (
                f"on day {first} of each month"
                if first == last
                else f"on days {first} to {last} of each month"
            )
        case DaysOfYear(begins, ends):
            if begins == ends:
                return f"on {day_of_year_words(begins)} of each year"
            return f"from {day_of_year_words(begins)} through {day_of_year_words(ends)} of each year"
        case DaysOfWeek(which):
            return f"on {listed([f'{WEEKDAY_NAMES[each]}s' for each in which])}"
        case _:
            assert_never(days)


# ---- limits


def limit_sentences(
    words: Words, limits: Sequence[Limit], currency: int, what: str, paid: str
) -> Iterator[str]:
    """What is the most that is given or used.

    Args:
        what: what is limited, as the subject of a sentence; paid: `get it` or `use it`.
    """
    said: set[str] = set()
    for limit in limits:
        if limit.of is LimitOf.TIMES:
            most = times_words(limit.most)
            subject = "All members together" if limit.everyone else "You"
            told = f"{subject} can {paid} at most {most}"
        else:
            amount = words.money(limit.most) + " off" if currency < 0 else words.units(currency, limit.most)
            told = f"{'All members together' if limit.everyone else 'You'} get at most {amount} {what}"
        told += " at any one event" if limit.window is None else f" {per_window(limit.window)}"
        if limit.only is not None and isinstance(limit.only.left, EventField):
            told += f", counted for each {human(limit.only.left.field.name)} by itself"
        if limit.when is not None:
            told += f", if {clause(words, limit.when)}"
        if told in said:
            continue
        said.add(told)
        yield told + "."
        if limit.everyone:
            yield "Once all members together have reached this, it ends for everybody with that day."
        if limit.refuses:
            yield "What does not fit under this limit as a whole is not given at all."
