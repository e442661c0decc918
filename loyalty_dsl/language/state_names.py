"""By which names the state of a member is kept: those that another version of a program may share.

Invariant: two things of one program never have the same name; where a name says the same in two versions, it
is the same thing.
"""

from typing import assert_never

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language.counters import Counter
from loyalty_dsl.language.program import Limit, Program
from loyalty_dsl.language.types import Field
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, Window, YearOfMembership


def limit_names(program: Program) -> tuple[str, ...]:
    """A name for each limit, by its index: whose it is, what it counts, and in which window."""
    names = [""] * program.limit_count
    owners: list[tuple[str, tuple[Limit, ...]]] = [
        *((f"earn {rule.name}", rule.limits) for rule in program.earns),
        *((f"group {index + 1}", group.limits) for index, group in enumerate(program.groups)),
        *((f"reward {reward.name}", reward.limits) for reward in program.rewards),
    ]
    taken: dict[str, int] = {}
    for owner, limits in owners:
        for limit in limits:
            name = f"{owner}: {limit.of.value} {window_words(limit.window)}"
            name += " for everyone" if limit.everyone else ""
            taken[name] = taken.get(name, 0) + 1
            names[limit.index] = name if taken[name] == 1 else f"{name} ({taken[name]})"
    return tuple(names)


def counter_names(program: Program) -> tuple[str, ...]:
    """A name for each counter: as declared, or the words of a measure within a condition."""
    taken: dict[str, int] = {}
    names = []
    for counter in program.counters:
        taken[counter.name] = taken.get(counter.name, 0) + 1
        more = taken[counter.name]
        names.append(counter.name if more == 1 else f"{counter.name} ({more})")
    return tuple(names)


def counted_by(counter: Counter) -> str:
    """Over which window a counter counts, and in which units: while that is the same, so is its value."""
    return f"{counter.kind.value} {window_words(counter.window)}"


def value_words(field: Field, value: int) -> str:
    """Which of its choices a field holds; nothing for a field that is a number, and while nobody has said."""
    return field.values[value] if 0 <= value < len(field.values) else ""


def window_words(window: Window | None) -> str:
    """A window as a phrase."""
    match window:
        case None:
            return "per event"
        case Unit():
            return f"per {window.value}"
        case Period(month, _, unit):
            return f"per {unit.value} from month {month}"
        case Rolling(duration):
            return f"over the last {duration}"
        case Lifetime():
            return "in all"
        case YearOfMembership():
            return "per year of membership"
        case _:
            assert_never(window)
