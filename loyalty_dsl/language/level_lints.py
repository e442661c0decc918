"""Groups of one rule, and levels that nobody earns."""

from collections.abc import Iterator

from loyalty_dsl.diagnostics import Diagnostic
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.conditions import (
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    Literal,
    Not,
    OneAmong,
    Order,
    StatusOf,
)
from loyalty_dsl.language.contradictions import contradictory
from loyalty_dsl.language.counters import FieldMeasure
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.tiers import Level
from loyalty_dsl.language.types import Kind


def lint_groups(program: Program) -> Iterator[Diagnostic]:
    """Groups that put nothing together."""
    for group in program.groups:
        if len(group.rules) > 1:
            continue
        yield diagnostic(
            "L616",
            group.span,
            f"{f'only `{program.earns[group.rules[0]].name}`' if group.rules else 'no rule'} is in "
            f"`{group.name}`, so there is nothing to combine",
            secondary=[(program.earns[index].span, "the rule") for index in group.rules],
            help=f"write `in {group.name}` in another rule, or delete the group",
        )


def lint_levels(program: Program) -> Iterator[Diagnostic]:
    """Levels whose conditions exclude each other, and levels that a higher one always takes over."""
    floors = floors_of(program)
    attained = _attainable(program, floors)
    waiting: list[Level] = []
    for ladder in program.ladders:
        for level in ladder.levels:
            if level.when is None or ladder.bought:
                continue
            if contradictory([level.when, *floors]):
                yield diagnostic(
                    "L618", level.span,
                    f"what `{level.name}` asks for can never hold together, so nobody earns it",
                    help="look for two tests of one thing that exclude each other",
                )  # fmt: skip
                continue
            if level.index not in attained[ladder.index]:
                waiting.append(level)
                continue
            if contradictory([Not(level.when), *floors]):
                yield diagnostic(
                    "L618", level.span,
                    f"what `{level.name}` asks for always holds, so nobody stays below it",
                    help="ask for more, or make it the lowest level, without `when`",
                )  # fmt: skip
                continue
            for higher in ladder.levels[level.index + 1 :]:
                if higher.when is not None and contradictory([level.when, Not(higher.when)]):
                    yield diagnostic(
                        "L618", level.span,
                        f"whoever earns `{level.name}` earns `{higher.name}` too, so nobody is left with it",
                        secondary=[(higher.span, "the higher level asks for no more")],
                        help=f"ask for more for `{higher.name}`, or delete `{level.name}`",
                    )  # fmt: skip
                    break
    if waiting:
        names = listed((level.name for level in waiting), "and")
        yield diagnostic(
            "L618", waiting[0].span,
            f"{names} wait for each other, so nobody earns them"
            if len(waiting) > 1 else f"{names} waits for itself, so nobody earns it",
            secondary=[(level.span, "this level") for level in waiting[1:]],
            help="let one of the ladders count what earns its levels",
        )  # fmt: skip


def floors_of(program: Program) -> list[Condition]:
    """That counters are not below 0, but for fields, which may be."""
    counters = [each.index for each in program.counters if not isinstance(each.measure, FieldMeasure)]
    values = [CounterValue(index, previous) for index in counters for previous in (False, True)]
    empty = Compare(CounterSum(()), Order.EQUAL, Literal(0, Kind.NUMBER))
    return [empty, *(Compare(value, Order.AT_LEAST, Literal(0, Kind.NUMBER)) for value in values)]


def _attainable(program: Program, floors: list[Condition]) -> list[set[int]]:
    """The levels of each ladder that can be earned, starting from everybody's lowest ones."""
    held = [set(range(len(each.levels))) if each.bought else {0} for each in program.ladders]
    growing = True
    while growing:
        growing = False
        states = [OneAmong(StatusOf(index), tuple(sorted(levels))) for index, levels in enumerate(held)]
        for ladder in program.ladders:
            for level in ladder.levels:
                new = level.index not in held[ladder.index] and level.when is not None
                if new and level.when is not None and not contradictory([level.when, *floors, *states]):
                    held[ladder.index].add(level.index)
                    growing = True
    return held
