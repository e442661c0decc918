"""How conditions name what they read: counters, fields, deeds of the member, and which windows there are."""

from collections.abc import Iterator
from typing import Any, assert_never

import attrs

from loyalty_dsl.explanation.terms.words import (
    Words,
    during,
    event_noun,
    event_nouns,
    how_many,
    human,
    listed,
    quoted,
    titled,
    window_name,
)
from loyalty_dsl.language.conditions import (
    All,
    Condition,
    CounterSum,
    CounterValue,
    EventField,
    ItemField,
    MemberField,
    operands_of,
)
from loyalty_dsl.language.counters import (
    Counter,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    NamedTotal,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Kind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling


def is_named(program: Program, counter: int) -> bool:
    """Whether somebody declared a counter, and not only wrote what it counts inside a condition."""
    found = program.counters[counter]
    return not found.hidden and " " not in found.name


def depth_of(program: Program, counter: Counter) -> tuple[int, int]:
    """The counter whose past a counter keeps, and how many windows ago."""
    steps = 0
    while isinstance(counter.measure, PastMeasure):
        counter, steps = program.counters[counter.measure.of], steps + 1
    return counter.index, steps


def counter_noun(words: Words, index: int, previous: bool = False) -> str:
    """What a condition calls a counter: by its name, or `the number of your purchases since you joined`."""
    program = words.program
    counter = program.counters[index]
    if is_named(program, index):
        before = f" of the previous {_window(counter)}" if previous else ""
        return f"your total of {quoted(titled(human(counter.label)))}{before}"
    if isinstance(counter.measure, PastMeasure):
        root, steps = depth_of(program, counter)
        steps += previous
        unit = _window(program.counters[root])
        ago = f"{steps} {unit}{'' if steps == 1 else 's'} ago"
        return f"{counter_noun(words, root)} {ago}"
    return f"{_plain(words, counter)} {during(counter.window, previous)}"


def _window(counter: Counter) -> str:
    window = counter.window
    return "period" if isinstance(window, Rolling | Lifetime) else window_name(window)


def _plain(words: Words, counter: Counter) -> str:
    """What is counted, where it stands in a condition."""
    from loyalty_dsl.explanation.terms.conditions import clause, items_noun

    program, measure = words.program, counter.measure
    own = where_of(counter)
    where = "" if own is None else f" for which {clause(words, own)},"
    items = "" if counter.items is None else f" with {items_noun(words, counter.items)}"
    match measure:
        case SpendMeasure(event):
            return f"what you spent on your {event_nouns(program.events[event])}{items}{where}"
        case FieldMeasure(event, field):
            what = "number of " if field.kind is Kind.NUMBER else "amount of "
            return f"the total {what}{human(field.name)} of your {event_nouns(program.events[event])}{where}"
        case EventsMeasure(event) | NumberMeasure(event):
            return f"{how_many(program.events[event])}{items}{where}"
        case ItemsMeasure():
            return f"the number of items that you bought{items}{where}"
        case EarnedMeasure(currency, rules, rewards):
            names = [words.rule(rule) for rule in rules]
            names += [quoted(titled(program.rewards[reward].label)) for reward in rewards]
            return f"what you got in {words.label(currency)} from {listed(list(dict.fromkeys(names)))}"
        case PastMeasure():
            return counter_noun(words, counter.index)
        case _:
            assert_never(measure)


def where_of(counter: Counter) -> Condition | None:
    """Which events a counter counts, without what it asks of itself so as to count only the first."""
    where = counter.where
    parts = where.conditions if isinstance(where, All) else (where,)
    left = tuple(part for part in parts if part is not None and not _asks(part, counter.index))
    return None if not left else left[0] if len(left) == 1 else All(left)


def _asks(condition: Condition, counter: int) -> bool:
    return any(isinstance(each, CounterValue) and each.counter == counter for each in operands_of(condition))


def of_events(words: Words, counter: Counter) -> str:
    """What a condition of a counter is about: `the purchase`."""
    match counter.measure:
        case SpendMeasure(event) | FieldMeasure(event) | EventsMeasure(event) | NumberMeasure(event):
            return f"the {event_noun(words.program.events[event])}"
        case _:
            return "the purchase"


def total_of(program: Program, terms: tuple[tuple[int, CounterValue], ...]) -> tuple[NamedTotal, int] | None:
    """The declared total that a sum is, and how many times; `None` where it is of no declared one."""
    own = sorted((value.counter, factor) for factor, value in terms)
    for total in program.totals:
        named = sorted((counter, factor) for factor, counter in total.terms)
        if [counter for counter, _ in own] != [counter for counter, _ in named]:
            continue
        factors = {(mine // theirs, mine % theirs) for (_, mine), (_, theirs) in zip(own, named, strict=True)}
        if len(factors) == 1 and (only := factors.pop())[1] == 0:
            return total, only[0]
    return None


def total_noun(program: Program, operand: CounterSum, total: NamedTotal) -> str:
    """A declared sum, now or as of the window before."""
    roots = [
        depth_of(program, program.counters[value.counter])[0] for _, value in operand.terms if value.previous
    ]
    windows = dict.fromkeys(_window(program.counters[root]) for root in roots)
    before = (
        "" if not windows else f" of the previous {next(iter(windows)) if len(windows) == 1 else 'period'}"
    )
    return f"your total of {quoted(titled(human(total.label)))}{before}"


def sum_noun(words: Words, operand: CounterSum) -> str:
    """A sum of counters, by its name if it has one."""
    found = total_of(words.program, operand.terms)
    if found is not None:
        total, times = found
        name = total_noun(words.program, operand, total)
        return name if times == total.scale or times == 1 == total.scale else f"{times} times {name}"
    parts: list[str] = []
    for factor, value in operand.terms:
        noun = counter_noun(words, value.counter, value.previous)
        times_ = "" if abs(factor) == 1 else f"{abs(factor)} times "
        parts.append(f"{'minus ' if factor < 0 else 'plus ' if parts else ''}{times_}{noun}")
    return " ".join(parts)


def field_noun(operand: EventField | ItemField | MemberField) -> str:
    """`the payment`, `the number of nights`, `your “birthday” date`."""
    field = operand.field
    your = "your" if isinstance(operand, MemberField) else "the"
    match field.kind:
        case Kind.NUMBER:
            name = human(field.name)
            many = singular_of(name.partition(" ")[0]) != name.partition(" ")[0] or singular_of(name) != name
            return f"{your} number of {name}" if many else f"{your} number {quoted(name)}"
        case Kind.MONEY:
            return f"{your} {human(field.name)} amount"
        case Kind.DATE:
            name = human(field.name)
            return f"{your} {quoted(name)}" + ("" if name.endswith("date") else " date")
        case _:
            return f"{your} {human(field.name)}"


def periods_of(program: Program) -> tuple[Period, ...]:
    """The program's own years and quarters that anything in it asks for, each once."""
    parts: tuple[Any, ...] = (program.counters, program.ladders, program.earns, program.groups)
    more = (program.rewards, program.currencies, program.gates)
    return tuple(dict.fromkeys(_within((*parts, *more))))


def _within(thing: Any) -> Iterator[Period]:
    if isinstance(thing, Period):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _within(each)
    elif attrs.has(type(thing)) and type(thing).__module__.startswith("loyalty_dsl.language"):
        for field in attrs.fields(type(thing)):
            yield from _within(getattr(thing, field.name))
