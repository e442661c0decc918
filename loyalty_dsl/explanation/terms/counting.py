"""What is counted, in words: the counters and totals that conditions, levels and amounts ask about.

Invariant: a counter that somebody named goes by that name wherever it is asked for, and `means` says once
what it is; one that nobody named is spelled out where it stands.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import MONTH_NAMES, Unit
from loyalty_dsl.explanation.terms.conditions import clause, items_noun
from loyalty_dsl.explanation.terms.naming import counter_noun, depth_of, is_named, of_events
from loyalty_dsl.explanation.terms.words import (
    Words,
    during,
    event_nouns,
    how_many,
    human,
    listed,
    number,
    per_window,
    quoted,
    titled,
    window_name,
)
from loyalty_dsl.language.conditions import All, Condition, Not
from loyalty_dsl.language.counters import (
    Counter,
    CounterLimit,
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
from loyalty_dsl.language.windows import Lifetime, Rolling


def means(words: Words, counter: Counter) -> Iterator[str]:
    """The sentences that say what a named counter is."""
    name = quoted(titled(counter.label))
    what = f"{measured(words, counter)} {during(counter.window)}"
    if counter.where is not None:
        where = clause(words, counter.where, of_events(words, counter))
        what += f", counting only those of which this is true: {where}"
    yield f"{name} means {what}."
    if counter.limit is not None:
        most = amount_counted(words, counter, counter.limit.most)
        yield (
            f"At most {most} {_limited_to(words, counter.limit)} {'counts' if most == '1' else 'count'} "
            f"towards {name}."
        )
    if counter.carry is not None:
        yield from _carried(words, counter, name)


def _carried(words: Words, counter: Counter, name: str) -> Iterator[str]:
    assert counter.carry is not None
    window = counter.window
    period = "period" if isinstance(window, Rolling | Lifetime) else window_name(window)
    if len(counter.carry.cases) > 1:
        yield f"What {name} starts with in a new {period} is decided by the first of these that applies."
    before: set[Condition] = set()
    for case in counter.carry.cases:
        of = words.program.counters[case.units.counter]
        given = counter_noun(words, case.units.counter, previous=True)
        less = f" less {amount_counted(words, of, case.less)}" if case.less else ""
        tests = () if case.when is None else _all_of(case.when)
        own = tuple(each for each in tests if not (isinstance(each, Not) and each.condition in before))
        before |= {*tests, *_wholes(case.when)}
        when = "" if not own else f", if {clause(words, All(own) if len(own) > 1 else own[0])}"
        yield f"When a new {period} begins, {name} starts with {given}{less}{when}."


def _all_of(condition: Condition) -> tuple[Condition, ...]:
    """What is joined by `and` at the top of a condition, at any depth."""
    if not isinstance(condition, All):
        return (condition,)
    return tuple(part for each in condition.conditions for part in _all_of(each))


def _wholes(condition: Condition | None) -> Iterator[Condition]:
    """Each `and` at the top of a condition, whole."""
    if isinstance(condition, All):
        yield condition
        for each in condition.conditions:
            yield from _wholes(each)


def _limited_to(words: Words, limit: CounterLimit) -> str:
    """In what a counter counts so much at most."""
    if limit.of is None:
        return "of one event"
    window = words.program.counters[limit.of].window
    return f"in {during(window)}" if isinstance(window, Rolling) else per_window(window)


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
            plural = event_nouns(program.events[event])
            return f"what you spend{items} in your {plural}" if items else f"what you spend on your {plural}"
        case FieldMeasure(event, field):
            what = "number of " if field.kind is Kind.NUMBER else "amount of "
            return f"the total {what}{human(field.name)} of your {event_nouns(program.events[event])}"
        case EventsMeasure(event) | NumberMeasure(event):
            return f"{how_many(program.events[event])}{items and f' with {items[4:]}'}"
        case ItemsMeasure():
            what = "items" if counter.items is None else items_noun(words, counter.items)
            return f"the number of {what} in your purchases"
        case EarnedMeasure(currency, rules, rewards):
            return earned(words, currency, rules, rewards, every=measure.every)
        case PastMeasure():
            root, steps = depth_of(program, counter)
            of = quoted(titled(program.counters[root].label))
            return f"{of} as it was {steps} {'period' if steps == 1 else 'periods'} before"
        case _:
            assert_never(measure)


def earned(
    words: Words, currency: int, rules: tuple[int, ...], rewards: tuple[int, ...], *, every: bool
) -> str:
    """`the Stars that you earn`, or `... that you get from “Base”` where the file names what counts."""
    program = words.program
    label = words.label(currency)
    if every and not rewards:
        return f"the {label} that you earn"
    names = [words.rule(rule) for rule in rules]
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
    from loyalty_dsl.explanation.terms.naming import periods_of

    told = []
    for period in periods_of(program):
        name = human(period.name)
        if period.unit is Unit.YEAR:
            told.append(f"A {name} runs for 12 months from {MONTH_NAMES[period.month - 1]} 1.")
        else:
            months = [MONTH_NAMES[(period.month - 1 + 3 * each) % 12] for each in range(4)]
            told.append(f"A {name} runs for 3 months from the first day of {listed(months, 'or')}.")
    return tuple(told)
