"""Cases of which the first that holds counts, as the rows of a table.

Invariants: the rows are in the order in which they are asked; a test that the others of its row answer is
left out, and a row without a test of its own says what is left.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Generic, TypeVar

import attrs

from loyalty_dsl.explanation.terms.conditions import clause, status_clause
from loyalty_dsl.explanation.terms.naming import counter_noun, sum_noun, total_of
from loyalty_dsl.explanation.terms.nouns import choice, noun
from loyalty_dsl.explanation.terms.words import Words, date_words, human, listed, quoted, titled
from loyalty_dsl.language.conditions import (
    All,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    EventDay,
    EventField,
    ItemField,
    Literal,
    MemberField,
    Not,
    OneAmong,
    Operand,
    Order,
    StatusOf,
)
from loyalty_dsl.language.types import Kind

T = TypeVar("T")


@attrs.frozen
class Row(Generic[T]):
    """What holds, all of it, and what it brings."""

    tests: tuple[Condition, ...]
    value: T


@attrs.frozen
class Grid:
    """The columns of tests of a table.

    Attributes:
        header: of the columns; cells: of each row.
        exclusive: whether at most one row can hold.
    """

    header: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    exclusive: bool


def tests_of(condition: Condition | None) -> tuple[Condition, ...]:
    """What is joined by `and` at the top of a condition, without what the rest of it rules out anyhow."""
    if condition is None:
        return ()
    flat: list[Condition] = []
    for each in condition.conditions if isinstance(condition, All) else (condition,):
        flat += tests_of(each) if isinstance(each, All) else (each,)
    return tuple(each for each in flat if not _is_implied(each, flat))


def _is_implied(test: Condition, others: Sequence[Condition]) -> bool:
    """Whether `not (a and b)` follows from another test that contradicts a, or b."""
    if not isinstance(test, Not):
        return False
    inner = test.condition
    parts = inner.conditions if isinstance(inner, All) else (inner,)
    return any(_contradict(part, other) for part in parts for other in others if other is not test)


def _contradict(one: Condition, other: Condition) -> bool:
    first, second = _values(one), _values(other)
    return (
        first is not None
        and second is not None
        and first[0] == second[0]
        and not set(first[1]) & set(second[1])
    )


def _values(test: Condition) -> tuple[Operand, tuple[int, ...]] | None:
    match test:
        case Compare(left, Order.EQUAL, Literal(value)):
            return left, (value,)
        case OneAmong(operand, values):
            return operand, values
        case Not(
            Compare(EventField(field) | ItemField(field) | MemberField(field) as left, Order.EQUAL, right)
        ):
            if field.kind is Kind.YES_NO and isinstance(right, Literal):
                return left, (1 - right.value,)
            return None
        case _:
            return None


def _operand(test: Condition) -> Operand | None:
    match test:
        case Compare(left, _, Literal()):
            return left
        case OneAmong(operand, _):
            return operand
        case Not(inner):
            return _operand(inner) if _values(test) is not None else None
        case _:
            return None


def grid(words: Words, rows: Sequence[Row[T]], of: str) -> Grid:
    """The columns of some cases: one for each thing asked, at most three, or one with whole clauses."""
    rows = [Row(tuple(test for test in row.tests if not _always(words, test)), row.value) for row in rows]
    operands = list(dict.fromkeys(_operand(test) for row in rows for test in row.tests))
    repeated = any(len({_operand(test) for test in row.tests}) < len(row.tests) for row in rows)
    nameless = any(
        isinstance(key, CounterSum) and total_of(words.program, key.terms) is None for key in operands
    )
    if None in operands or len(operands) > 3 or repeated or nameless:
        return Grid(("If",), tuple((_clauses(words, row, of),) for row in rows), exclusive=False)
    keys = [operand for operand in operands if operand is not None]
    header = tuple(_header(words, key) for key in keys)
    cells = tuple(tuple(_cell(words, rows, place, key, keys) for key in keys) for place in range(len(rows)))
    valued = all(_values(test) is not None for row in rows for test in row.tests)
    apart = all(_are_apart(first, second) for first, second in combinations(rows, 2))
    return Grid(header, cells, exclusive=valued and apart)


def _are_apart(first: Row[T], second: Row[T]) -> bool:
    """Whether two rows, as their cells say them, never hold together."""
    if any(_contradict(one, other) for one in first.tests for other in second.tests):
        return True
    return set(second.tests) < set(first.tests)  # whose cells say what is left


def _always(words: Words, test: Condition) -> bool:
    """Whether a test holds on every day of the program."""
    match test:
        case Compare(EventDay(), Order.AT_LEAST, Literal(day)):
            return day <= words.program.starts
        case _:
            return False


def _clauses(words: Words, row: Row[T], of: str) -> str:
    if not row.tests:
        return "in any other case"
    return clause(words, All(row.tests) if len(row.tests) > 1 else row.tests[0], of)


def _header(words: Words, key: Operand) -> str:
    match key:
        case StatusOf(ladder):
            found = words.program.ladders[ladder]
            return f"{found.label} plan" if found.bought else titled(words.ladder(ladder))
        case EventField(field) | ItemField(field) | MemberField(field):
            return titled(human(field.name))
        case EventDay():
            return "Date"
        case CounterValue(counter, previous):
            return titled(counter_noun(words, counter, previous).removeprefix("your total of "))
        case CounterSum():
            return titled(sum_noun(words, key).removeprefix("your total of "))
        case _:
            return titled(noun(words, key, "the purchase"))


def _cell(words: Words, rows: Sequence[Row[T]], place: int, key: Operand, keys: Sequence[Operand]) -> str:
    test = next((test for test in rows[place].tests if _operand(test) == key), None)
    if test is not None:
        return _value_words(words, test)
    known = [row for row in rows[:place] if any(_operand(each) == key for each in row.tests)]
    mine = [test for test in rows[place].tests if _operand(test) != key]
    alike = [row for row in known if all(test in row.tests for test in mine)]
    if not alike:
        return "any"
    if not mine and all(len(row.tests) == 1 for row in rows[:place]):
        return _what_is_left(words, known, key)
    if not mine and len(keys) == 2 and _is_closed(rows[:place], keys[0]):
        return _what_is_left(words, known, key) if key == keys[0] else "any"
    return _what_is_left(words, alike, key) if len(keys) == 1 or mine else "any other"


def _is_closed(rows: Sequence[Row[T]], key: Operand) -> bool:
    """Whether for each test of a key there is a row that asks for nothing besides."""
    asked = {test for row in rows for test in row.tests if _operand(test) == key}
    alone = {row.tests[0] for row in rows if len(row.tests) == 1}
    return asked <= alone and all(_values(test) is not None for test in asked)


def _what_is_left(words: Words, rows: Sequence[Row[T]], key: Operand) -> str:
    """The values that no row has named, where they can be told one by one."""
    named: set[int] = set()
    tests = [test for row in rows for test in row.tests if _operand(test) == key]
    least = [test.right for test in tests if isinstance(test, Compare) and test.order is Order.AT_LEAST]
    if len(least) == len(tests) and not isinstance(key, StatusOf):
        lowest = min((each for each in least if isinstance(each, Literal)), key=lambda each: each.value)
        return _value_words(words, Compare(key, Order.LESS, lowest))
    for test in tests:
        values = _values(test)
        if values is None:
            return "any other"
        named |= set(values[1])
    match key:
        case StatusOf(ladder) if words.program.ladders[ladder].bought and named == {0}:
            return "any plan, on trial or paid"
        case StatusOf(ladder):
            every = range(len(words.program.ladders[ladder].levels))
            return (
                listed([words.level(ladder, each) for each in every if each not in named], "or")
                or "any other"
            )
        case EventField(field) | ItemField(field) | MemberField(field) if field.kind is Kind.ONE_OF:
            left = [human(name) for value, name in enumerate(field.values) if value not in named]
            return listed(left, "or") or "any other"
        case EventField(field) | ItemField(field) | MemberField(field) if field.kind is Kind.YES_NO:
            return "no" if 1 in named else "yes"
        case _:
            return "any other"


def _value_words(words: Words, test: Condition) -> str:
    """A test as the cell of a column whose header says what is tested."""
    match test:
        case Compare(StatusOf(ladder), order, Literal(value)):
            told = status_clause(words, ladder, order.value, value)
            return told.partition(" is ")[2] if " is " in told else told
        case OneAmong(StatusOf(ladder), values):
            return listed([words.level(ladder, value) for value in values], "or")
        case OneAmong((EventField(field) | ItemField(field) | MemberField(field)), values):
            return listed([_choice(field.values[value]) for value in values], "or")
        case Compare(
            (EventField(field) | ItemField(field) | MemberField(field)), Order.EQUAL, Literal(value)
        ) if field.kind is Kind.ONE_OF:
            return choice(field, value).strip("“”")
        case Compare(
            (EventField(field) | ItemField(field) | MemberField(field)), Order.EQUAL, Literal(value)
        ) if field.kind is Kind.YES_NO:
            return "yes" if value else "no"
        case Not(
            Compare((EventField(field) | ItemField(field) | MemberField(field)), Order.EQUAL, Literal(value))
        ):
            return "no" if value else "yes"
        case Compare(left, order, Literal(value, kind) as right):
            shown = date_words(value) if kind is Kind.DATE else noun(words, right, "", left)
            late = kind is Kind.DATE
            return {
                Order.EQUAL: shown,
                Order.LESS: f"before {shown}" if late else f"less than {shown}",
                Order.AT_MOST: f"{shown} or earlier" if late else f"{shown} or less",
                Order.MORE: f"after {shown}" if late else f"more than {shown}",
                Order.AT_LEAST: f"{shown} or later" if late else f"{shown} or more",
            }[order]
        case OneAmong(_, values):
            return listed([str(value) for value in values], "or")
        case _:
            return quoted(clause(words, test))


def _choice(value: str) -> str:
    return human(value)
