"""What is counted, in words: the counters and totals that conditions, levels and amounts ask about.

Invariant: a counter that somebody named goes by that name wherever it is asked for, and `means` says once
what it is; one that nobody named is spelled out where it stands.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import Unit
from loyalty_dsl.explanation.terms_conditions import clause, items_noun
from loyalty_dsl.explanation.terms_naming import counter_noun, depth_of, is_named, of_events
from loyalty_dsl.explanation.terms_words import (
    Words,
    during,
    event_noun,
    human,
    listed,
    number,
    quoted,
    titled,
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
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import Kind


def means(words: Words, counter: Counter) -> Iterator[str]:
    """The sentences that say what a named counter is."""
    name = quoted(titled(counter.label))
    what = measured(words, counter)
    if counter.where is not None:
        where = clause(words, counter.where, of_events(words, counter))
        what += f", counting only those of which this is true: {where}"
    yield f"{name} means {what}, {during(counter.window)}."
    if counter.limit is not None:
        most = amount_counted(words, counter, counter.limit.most)
        each = " of one event" if counter.limit.of is None else ""
        yield f"No more than {most}{each} count towards {name}."
    if counter.carry is not None:
        yield from _carried(words, counter, name)


def _carried(words: Words, counter: Counter, name: str) -> Iterator[str]:
    assert counter.carry is not None
    for case in counter.carry.cases:
        of = words.program.counters[case.units.counter]
        given = counter_noun(words, case.units.counter, previous=True)
        less = f" less {amount_counted(words, of, case.less)}" if case.less else ""
        when = "" if case.when is None else f", if {clause(words, case.when)}"
        yield f"When a new period begins, {name} starts with {given}{less}{when}."


def amount_counted(words: Words, counter: Counter | NamedTotal, value: int | Fraction) -> str:
    """A value of a counter in its own units."""
    match counter.kind:
        case Kind.MONEY:
            return words.money(value)
        case Kind.UNITS:
            return words.bare(counter.currency, value)
        case _:
            return number(value)


def measured(words: Words, counter: Counter) -> str:
    """What is added up, as a noun phrase."""
    program, measure = words.program, counter.measure
    items = "" if counter.items is None else f" on {items_noun(words, counter.items)}"
    match measure:
        case SpendMeasure(event):
            return f"what you spend in {event_noun(program.events[event])}s{items}"
        case FieldMeasure(event, field):
            what = "number of " if field.kind is Kind.NUMBER else "amount of "
            return f"the total {what}{human(field.name)} of your {event_noun(program.events[event])}s"
        case EventsMeasure(event) | NumberMeasure(event):
            return f"the number of your {event_noun(program.events[event])}s{items and f' with {items[4:]}'}"
        case ItemsMeasure():
            what = "items" if counter.items is None else items_noun(words, counter.items)
            return f"the number of {what} in your purchases"
        case EarnedMeasure(currency, rules, rewards):
            return earned(words, currency, rules, rewards)
        case PastMeasure():
            root, steps = depth_of(program, counter)
            of = quoted(titled(program.counters[root].label))
            return f"{of} as it was {steps} {'period' if steps == 1 else 'periods'} before"
        case _:
            assert_never(measure)


def earned(words: Words, currency: int, rules: tuple[int, ...], rewards: tuple[int, ...]) -> str:
    """`the Stars that you earn`, or `... from “Base”` where only some rules count."""
    program = words.program
    label = words.label(currency)
    every = {rule.index for rule in program.earns if rule.currency == currency}
    if set(rules) == every and not rewards:
        return f"the {label} that you earn"
    names = [quoted(program.earns[rule].label) for rule in rules]
    names += [quoted(titled(program.rewards[reward].label)) for reward in rewards]
    return f"the {label} that you get from {listed(list(dict.fromkeys(names)))}"


def total_means(words: Words, total: NamedTotal) -> str:
    """What a declared sum is."""
    plus: list[str] = []
    minus: list[str] = []
    for factor, counter in total.terms:
        share = Fraction(abs(factor), total.scale)
        name = quoted(titled(words.program.counters[counter].label))
        if not is_named(words.program, counter):
            name = counter_noun(words, counter)
        times = "" if share == 1 else f"{number(share * 100)}% of " if total.scale > 1 else f"{share} times "
        (plus if factor > 0 else minus).append(times + name)
    less = f", less {listed(minus)}" if minus else ""
    joined = " plus ".join(plus)
    return f"{quoted(titled(total.label))} means {joined}{less}."


def windows_named(program: Program) -> tuple[str, ...]:
    """The sentences that say what the program's own years and quarters are."""
    from loyalty_dsl.explanation.terms_naming import periods_of
    from loyalty_dsl.explanation.terms_words import MONTHS

    told = []
    for period in periods_of(program):
        name = human(period.name)
        if period.unit is Unit.YEAR:
            told.append(f"A {name} runs for 12 months from {MONTHS[period.month - 1]} 1.")
        else:
            months = [MONTHS[(period.month - 1 + 3 * each) % 12] for each in range(4)]
            told.append(f"A {name} runs for 3 months from the first day of {listed(months, 'or')}.")
    return tuple(told)
