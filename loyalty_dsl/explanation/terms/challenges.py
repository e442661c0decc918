"""Challenges in words: when each starts and ends, what is to do, and what comes of it."""

from collections.abc import Iterator

from loyalty_dsl.explanation.terms.blocks import (
    date_of_literal,
    duration_of,
    money_of,
    quantity_words,
    window_of,
)
from loyalty_dsl.explanation.terms.conditions import clause, items_noun
from loyalty_dsl.explanation.terms.document import Block, Entry, Sentence
from loyalty_dsl.explanation.terms.earning import rule_blocks
from loyalty_dsl.explanation.terms.words import Words, counted, human, listed, number, quoted, titled
from loyalty_dsl.language.clocks import Reaches
from loyalty_dsl.language.conditions import All, Compare, Condition, CounterValue, EventDay
from loyalty_dsl.language.counters import Counter
from loyalty_dsl.language.program import EarnRule
from loyalty_dsl.language.syntax import challenges as written
from loyalty_dsl.language.syntax.leaves import Money


def challenge_entry(words: Words, block: written.ChallengeBlock, rule: EarnRule) -> Entry:
    """One challenge, with the rule that gives for it."""
    return Entry(f"challenge {rule.name}", titled(rule.label), tuple(_blocks(words, block, rule)))


def _blocks(words: Words, block: written.ChallengeBlock, rule: EarnRule) -> Iterator[Block]:
    opening = "When you reach the goal"
    progress = titled(f"{human(rule.name)} progress")
    for part in block.clauses:
        match part:
            case written.StartOptIn(span):
                yield Sentence(
                    "It starts for you when you opt in, and only the first time that you do.", (span,)
                )
                yield Sentence("What you did before you opted in does not count.", (span,))
            case written.StartEvery(of, span):
                yield Sentence(
                    f"It starts anew at the start of each {window_of(words, of)} and ends with it.", (span,)
                )
            case written.StartOn(day, span):
                yield Sentence(f"It starts on {date_of_literal(day)}.", (span,))
            case written.EndsAfter(length, span):
                yield Sentence(
                    f"It ends {duration_of(length)} after it started, the day of its start being the first.",
                    (span,),
                )
            case written.EndsOn(day, span):
                yield Sentence(f"Its last day is {date_of_literal(day)}.", (span,))
            case written.Goal(quantity, of, _, span):
                goal = _goal(words, quantity.number, quantity_words(words, quantity), of)
                yield Sentence(f"The goal is {goal}{_where(words, rule)}.", (span,))
            case written.GoalDifferent(count, field, _, span):
                goal = f"{number(count.value)} different values of {_choices(words, field.text)}"
                yield Sentence(
                    f"The goal is {goal} among the items that you buy{_where(words, rule)}.", (span,)
                )
            case written.GoalInARow(count, _, event, _, span):
                yield Sentence(
                    f"The goal is {counted(count.value, 'day')} in a row with a {human(event.text)}"
                    f"{_where(words, rule, span.text)}.",
                    (span,),
                )
            case written.CountInARow(event, _, span):
                opening = "When it ends"
                yield Sentence(
                    f"What counts is the longest run of days in a row with a {human(event.text)}"
                    f"{_where(words, rule, span.text)}, which is your “{progress}”; any one day counts once.",
                    (span,),
                )
            case written.Forgive(count, span):
                yield Sentence(
                    f"A run may miss {counted(count.value, 'day')} and still goes on; the days missed do "
                    "not count.",
                    (span,),
                )
            case written.Repeats():  # how often is the limit of the rule
                opening = "Each time you reach the goal"
            case _:
                pass  # what is given, and on what conditions, is the rule's own
    yield from rule_blocks(words, rule, opening)


def _choices(words: Words, name: str) -> str:
    """A field with the values that it can have."""
    program = words.program
    fields = (*program.item_fields, *(field for event in program.events for field in event.fields))
    values = next((field.values for field in fields if field.name == name), ())
    which = listed([quoted(human(value)) for value in values], "or")
    return f"{quoted(human(name))} ({which})" if which else quoted(human(name))


def _goal(words: Words, amount: object, told: str, of: object) -> str:
    name = getattr(of, "text", "")
    if isinstance(amount, Money):
        return f"to spend {money_of(words, amount)}"
    return f"{told} of your {human(name)}s" if name else told


def _where(words: Words, rule: EarnRule, run: str = "") -> str:
    """What is asked of what counts, as the counters of the challenge ask it.

    Args:
        run: of days in a row, the goal as written, by which the counters of the days are named.
    """
    counters = _progress(words, rule, run)
    if not counters:
        return ""
    told = []
    items = _asked_by_all([counter.items for counter in counters])
    if items is not None:
        told.append(f"among {items_noun(words, items)}")
    where = _own_tests(words, counters[0].where)
    if where is not None:
        told.append(f"where {clause(words, where)}")
    return f", {', '.join(told)}" if told else ""


def _progress(words: Words, rule: EarnRule, run: str) -> list[Counter]:
    """The counters of a goal: one, or one for each value; of days in a row that of what is seen on a day."""
    counters = words.program.counters
    if run:
        return [counter for counter in counters if counter.name == f"events today of {run}"]
    at = words.program.clocks[rule.triggers[0].event - len(words.program.events)].at
    return [counters[counter] for _, counter in at.terms] if isinstance(at, Reaches) else []


def _asked_by_all(conditions: list[Condition | None]) -> Condition | None:
    """The tests that several conditions share."""
    sets = [
        () if each is None else each.conditions if isinstance(each, All) else (each,) for each in conditions
    ]
    shared = tuple(test for test in sets[0] if all(test in other for other in sets[1:]))
    return None if not shared else shared[0] if len(shared) == 1 else All(shared)


def _own_tests(words: Words, where: Condition | None) -> Condition | None:
    """What the author asked, without what says that the challenge runs."""
    if where is None:
        return None
    parts = where.conditions if isinstance(where, All) else (where,)
    own = tuple(part for part in parts if not _is_running(words, part))
    return None if not own else own[0] if len(own) == 1 else All(own)


def _is_running(words: Words, test: Condition) -> bool:
    match test:
        case Compare(EventDay()):
            return True
        case Compare(CounterValue(counter)):
            return words.program.counters[counter].hidden
        case All(conditions):
            return all(_is_running(words, each) for each in conditions)
        case _:
            return False
