"""A program's counters as tables: their windows, and what moves them at events of each kind.

Invariant: a row of `StatePlan.moves` is about one counter and one kind of event, or midnight of a clock.
"""

from collections.abc import Iterable
from typing import assert_never

from loyalty_dsl.evaluation import days as calendar
from loyalty_dsl.evaluation import plan_state as s
from loyalty_dsl.evaluation.kernel_calendar import duration_code, window_code
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter
from loyalty_dsl.language.conditions import All, Compare, CounterValue, Literal, Order
from loyalty_dsl.language.counters import (
    Carry,
    Counter,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    NumberMeasure,
    PastMeasure,
    SpendMeasure,
)
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE, Kind
from loyalty_dsl.language.windows import Rolling


def lower_counters(program: Program) -> tuple[list[tuple[int, ...]], int]:
    """Rows of `StatePlan.counters`, and the entries of all rings."""
    rows: list[tuple[int, ...]] = []
    ring = 0
    for counter in program.counters:
        kind, argument = window_code(counter.window)
        unit = size = 0
        if isinstance(counter.window, Rolling):
            argument, unit = duration_code(counter.window.duration)
            size = calendar.most_days(counter.window.duration)
        before = counter.measure.of if isinstance(counter.measure, PastMeasure) else -1
        rows.append((kind, argument, unit, ring, size, before))
        ring += size
    return rows, ring


def lower_moves(
    program: Program, writer: CodeWriter
) -> tuple[list[tuple[int, ...]], list[tuple[int, int]], list[int]]:
    """Rows of `StatePlan.moves`, their slice of each kind, and the rules that they name."""
    moves: list[tuple[int, ...]] = []
    kinds: list[tuple[int, int]] = []
    earned: list[int] = []
    for kind in range(len(program.events) + len(program.clocks)):
        first = len(moves)
        for counter in program.counters:
            move = _lower_move(program, counter, kind, writer, earned)
            if move is not None:
                moves.append(move)
            if counter.carry is not None and counter.carry.event == kind:
                moves += _lower_carry(counter, counter.carry, writer)
        kinds.append((first, len(moves)))
    return moves, kinds, earned


def _lower_move(
    program: Program, counter: Counter, kind: int, writer: CodeWriter, earned: list[int]
) -> tuple[int, ...] | None:
    """What moves a counter at events of a kind; `None` if nothing does."""
    register = 0
    rules: tuple[int, ...] = ()
    measure = counter.measure
    match measure:
        case SpendMeasure(event):
            by = s.BY_AMOUNT if kind == event else None
        case FieldMeasure(event, field):
            by = s.BY_FIELD if kind == event else None
            register = writer.first_field + field.index
        case EventsMeasure(event):
            by = s.BY_EVENT if kind == event else None
        case NumberMeasure(event):
            by = s.BY_NUMBER if kind == event else None
        case ItemsMeasure():
            by = s.BY_ITEMS if kind == PURCHASE else None
        case EarnedMeasure(_, named):
            rules = tuple(
                rule
                for rule in named
                if any(trigger.event == kind for trigger in program.earns[rule].triggers)
            )
            by = s.BY_EARNING if rules else None
        case PastMeasure():
            by = None
        case _:
            assert_never(measure)
    if by is None:
        return None
    items = s.NONE if counter.items is None else writer.write(counter.items)
    first = len(earned)
    earned += rules
    room = s.NONE
    if counter.limit is not None:
        used = None if counter.limit.of is None else CounterValue(counter.limit.of)
        room = writer.room(counter.limit.most, used)
    return counter.index, by, register, writer.write(counter.where), items, first, len(earned), room


def _lower_carry(counter: Counter, carry: Carry, writer: CodeWriter) -> Iterable[tuple[int, ...]]:
    """What moves a counter at the end of its window: a difference that is read like a field (COUNT-12)."""
    for case in carry.cases:
        above = Compare(case.units, Order.AT_LEAST, Literal(case.less + 1, Kind.NUMBER))
        when = above if case.when is None else All((case.when, above))
        register = writer.less(case.units, case.less)
        yield counter.index, s.BY_FIELD, register, writer.write(when), s.NONE, 0, 0, s.NONE
