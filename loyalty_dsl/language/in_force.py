"""Which version is in force on a day: of what levels ask for, and of rewards by their names (VERSION).

Invariant: on each day the conditions whose days hold it, joined by "or", say what the level's own says.
"""

from collections.abc import Iterator

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.language.conditions import All, Any, Compare, Condition, CountedDay, Literal, Order
from loyalty_dsl.language.program import Program

EVER = -(2**31)
"""Before all days."""


def conditions_in_force(
    condition: Condition, first: int = EVER, until: int = NEVER
) -> Iterator[tuple[int, int, Condition]]:
    """First day, end, and the condition without its tests of the day; one without such a test as it is."""
    match condition:
        case Any(conditions) if any(_turns(each) for each in conditions):
            for each in conditions:
                yield from conditions_in_force(each, first, until)
        case All(conditions) if _turns(condition):
            rest = []
            for each in conditions:
                match each:
                    case Compare(CountedDay(), Order.LESS, Literal(day)):
                        until = min(until, day)
                    case Compare(CountedDay(), Order.AT_LEAST, Literal(day)):
                        first = max(first, day)
                    case _:
                        rest.append(each)
            if first < until and rest:
                core = rest[0] if len(rest) == 1 else All(tuple(rest))
                yield from conditions_in_force(core, first, until)
        case _:
            yield first, until, condition


def _turns(condition: Condition) -> bool:
    """Whether a condition tests the day, at its top or in what it joins."""
    match condition:
        case Compare(left):
            return isinstance(left, CountedDay)
        case All(conditions) | Any(conditions):
            return any(_turns(each) for each in conditions)
        case _:
            return False


def reward_on(program: Program, reward: int, day: int) -> int:
    """The reward that has a reward's name on a day, by index (VERSION-2)."""
    for new, old, turn in program.renamed:
        if new == reward and day < turn:
            reward = old
    return reward


def of_one_name(program: Program, reward: int) -> frozenset[int]:
    """A reward, and those that had its name in earlier versions."""
    known = {reward}
    for new, old, _ in program.renamed:
        if new in known:
            known.add(old)
    return frozenset(known)
