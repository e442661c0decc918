"""What a counter carries from window to window, and how much it counts at most (COUNT-12, COUNT-13).

Invariant: what is carried is what a counter had when the window closed, less a constant, under conditions of
which at most one holds; so it is a move of the counter at the midnight at which the window ends.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import whole_money, whole_number
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.occasions import Closing, closed_condition, take_clock
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.windows import check_limit_window
from loyalty_dsl.language.clocks import WindowStart
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    Literal,
    Not,
    Order,
)
from loyalty_dsl.language.counters import Carry, CarryCase, Counter, CounterLimit, EarnedMeasure, FieldMeasure
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.syntax.counters import CarryClause
from loyalty_dsl.language.syntax.counters import CounterLimit as LimitClause
from loyalty_dsl.language.tiers import Ladder, Level
from loyalty_dsl.language.types import PURCHASE, Kind
from loyalty_dsl.language.windows import Period
from loyalty_dsl.source import Span

_AT_THE_END = "this is asked at the midnight at which the window ends; there is no event then"


def limit_counter(scope: ProgramScope, counter: Counter, clause: syntax.CounterClause) -> Counter:
    """The counter with what its `limit` says; a wrong one is reported and left out."""
    limits = [each for each in clause.clauses or () if isinstance(each, LimitClause)]
    carries = any(isinstance(each, CarryClause) for each in clause.clauses or ())
    if carries:
        counter = attrs.evolve(counter, carry=Carry(-1, ()))
    if not limits:
        return counter
    if len(limits) > 1:
        _report_again(scope, limits[0].span, limits[1].span, "limit")
        return counter
    limit = limits[0]
    if isinstance(counter.measure, EarnedMeasure):
        scope.findings.report(
            "L375", limit.span, "a limit of a counter of what rules give would not limit what they give",
            help="write the limit in the rules, or in a `group` of them",
        )  # fmt: skip
        return counter
    kind = getattr(counter.measure, "event", PURCHASE)
    if any(each.index == kind and each.counts_on is not None for each in scope.events.things()):
        scope.findings.report(
            "L190", limit.span, "limits of a counter whose events count on another day are not supported yet",
            help="leave the limit out, or let the event count on its own day",
        )  # fmt: skip
        return counter
    most = _most(scope, counter, limit)
    window = None if limit.window is None else check_limit_window(scope, limit.window)
    if most is None or (window is None and limit.window is not None):
        return counter
    if window is None:
        return attrs.evolve(counter, limit=CounterLimit(most, None))
    if window == counter.window and not carries:
        return attrs.evolve(counter, limit=CounterLimit(most, counter.index))
    words = f"{counter.name} of each {limit.window.span.text}" if limit.window is not None else counter.name
    index = len(scope.counters)
    twin = attrs.evolve(counter, name=words, label=words, index=index, window=window, carry=None, beside=True)
    scope.counters.append(attrs.evolve(twin, limit=CounterLimit(most, index)))
    return attrs.evolve(counter, limit=CounterLimit(most, index))


def _most(scope: ProgramScope, counter: Counter, limit: LimitClause) -> int | None:
    value, unit = limit.most.number, limit.most.unit
    if isinstance(value, syntax.Money) or counter.kind is Kind.MONEY:
        if isinstance(value, syntax.Money) and counter.kind is Kind.MONEY and unit is None:
            return whole_money(scope, value)
        scope.findings.report(
            "L375", limit.span,
            f"`{counter.name}` counts {'money' if counter.kind is Kind.MONEY else 'numbers'}",
            secondary=[(counter.span, "declared here")],
            help="write `limit $500 per ...`" if counter.kind is Kind.MONEY else "write `limit 30 per ...`",
        )  # fmt: skip
        return None
    if unit is not None and not {unit.text, *other_numbers(unit.text)} & _units(scope, counter):
        scope.findings.report(
            "L375", unit.span, f"`{counter.name}` does not count `{unit.text}`",
            secondary=[(counter.span, "declared here")], help=f"write `limit {value.span.text} per ...`",
        )  # fmt: skip
        return None
    most = whole_number(scope, value)
    if most is not None and most < 1:
        scope.findings.report(
            "L375", limit.span, "such a counter would count nothing", help="write a limit of at least 1"
        )
        return None
    return most


def _units(scope: ProgramScope, counter: Counter) -> set[str]:
    """What the units of a counter of numbers may be called."""
    measure = counter.measure
    names = {counter.name, "items", "times"}
    if isinstance(measure, FieldMeasure):
        names.add(measure.field.name)
    names |= {kind.name for kind in scope.events.things() if getattr(measure, "event", -1) == kind.index}
    return names | {other for name in names for other in other_numbers(name)}


def _report_again(scope: ProgramScope, first: Span, again: Span, word: str) -> None:
    scope.findings.report(
        "L205", again, f"`{word}` is written twice for one counter", secondary=[(first, "here")],
        help="keep the one that is meant",
    )  # fmt: skip


# ---- what is carried


def check_carries(
    scope: ProgramScope, clauses: Sequence[syntax.CounterClause], ladders: Sequence[Ladder]
) -> None:
    """Puts into counters what they carry; what is wrong is reported."""
    for clause in clauses:
        carries = [each for each in clause.clauses or () if isinstance(each, CarryClause)]
        counted = scope.counted.find(clause.name.text)
        if not clause.clauses or counted is None:
            continue
        if counted.counter is None:
            scope.findings.report(
                "L375", clause.clauses[0].span,
                f"`{clause.name.text}` is made of counters, and counts nothing by itself",
                help="write the clause where the counter is declared",
            )  # fmt: skip
        elif len(carries) > 1:
            _report_again(scope, carries[0].span, carries[1].span, "carry")
        elif carries:
            _check_carry(scope, scope.counters[counted.counter], carries[0], ladders)


def _check_carry(
    scope: ProgramScope, counter: Counter, clause: CarryClause, ladders: Sequence[Ladder]
) -> None:
    window = counter.window
    if not isinstance(window, Unit | Period):
        scope.findings.report(
            "L375", clause.span,
            f"`{counter.name}` counts in no window after which the next one begins for all",
            secondary=[(counter.span, "declared here")],
            help="count in a calendar window or a period: `in calendar year`, for one",
        )  # fmt: skip
        return
    readable = Readable(event=None, no_event=_AT_THE_END, no_amount=_AT_THE_END)
    when = None if clause.when is None else check_condition(scope, readable, clause.when)
    if clause.when is not None and when is None:
        return
    closing = Closing(scope, window, clause.span)
    levels = _levels(scope, counter, clause, ladders)
    if levels is None:
        return
    closed = CounterValue(counter.index, previous=True)
    cases = []
    above: list[Condition] = []
    errors = scope.findings.errors
    for earned, least in levels:
        condition = closed_condition(closing, earned)
        tests = [each for each in (closed_condition(closing, when), condition, *above) if each is not None]
        above += [] if condition is None else [Not(condition)]
        cases.append(CarryCase(All(tuple(tests)) if tests else None, closed, least))
        if scope.findings.errors > errors:
            return
    if clause.once:
        cases = _once(scope, counter, cases)
    if isinstance(window, Period):
        at, name = WindowStart(window.unit, window.month), window.name
    else:
        at, name = WindowStart(window), f"calendar {window.value}"
    carry = Carry(take_clock(scope, at, f"end of {name}"), tuple(cases))
    scope.counters[counter.index] = attrs.evolve(scope.counters[counter.index], carry=carry)


def _once(scope: ProgramScope, counter: Counter, cases: Sequence[CarryCase]) -> list[CarryCase]:
    """What is carried once, so at most what the window counted by itself: what was carried into it is used
    first."""
    index = len(scope.counters)
    words = f"{counter.name} of its own window"
    twin = attrs.evolve(counter, name=words, label=words, index=index, carry=None, beside=True)
    scope.counters.append(twin)
    closed, own = CounterValue(counter.index, previous=True), CounterValue(index, previous=True)
    carried = CounterSum(((1, closed), (-1, own)))
    split = []
    for case in cases:
        parts = () if case.when is None else (case.when,)
        least = Literal(case.less, Kind.NUMBER)
        fits = Compare(carried, Order.AT_MOST, least)
        split.append(CarryCase(All((*parts, fits)), closed, case.less))
        split.append(CarryCase(All((*parts, Compare(carried, Order.MORE, least))), own, 0))
    return split


def _levels(
    scope: ProgramScope, counter: Counter, clause: CarryClause, ladders: Sequence[Ladder]
) -> list[tuple[Condition | None, int]] | None:
    """When each level is earned that asks for the counter, from the highest, and for how much; reported."""
    if clause.ladder is None:
        return [(None, 0)]
    ladder = _ladder(scope, clause, ladders)
    if ladder is None:
        return None
    levels = []
    for level in reversed(ladder.levels[1:]):
        asked = _asked(level.when, counter.index)
        if asked is None or len(asked) != 1:
            _report_not_asked(scope, counter, clause, level, 0 if asked is None else len(asked))
            return None
        levels.append((level.when, asked[0]))
    return levels


def _ladder(scope: ProgramScope, clause: CarryClause, ladders: Sequence[Ladder]) -> Ladder | None:
    name = clause.ladder
    earned = [ladder for ladder in ladders if not ladder.bought]
    if name is None or (name.text == "level" and not len(scope.ladders)):
        scope.findings.report(
            "L375", clause.span, "this program has no levels, so nothing exceeds one",
            help="declare `tiers`, or write `carry all`",
        )  # fmt: skip
        return None
    if name.text == "level" and len(earned) == 1:
        return earned[0]
    if name.text == "level":
        names = " or ".join(f"`carry what exceeds the {ladder.name} earned`" for ladder in earned)
        if earned:
            scope.findings.report(
                "L375", name.span, "there are several ladders, and this does not say whose level",
                help=f"write {names}",
            )  # fmt: skip
        return None
    if scope.ladders.resolve(name, help="write `carry what exceeds the level earned`") is None:
        return None
    return next((ladder for ladder in earned if ladder.name == name.text), None)


def _report_not_asked(
    scope: ProgramScope, counter: Counter, clause: CarryClause, level: Level, times: int
) -> None:
    scope.findings.report(
        "L375", clause.span,
        f"`{level.name}` asks for `{counter.name} >= ...` more than once, so nothing says what exceeds it"
        if times > 1
        else f"`{level.name}` does not ask for `{counter.name} >= ...`, so nothing says what exceeds it",
        secondary=[(level.span, "this level")],
        help=f"let every level but the lowest ask for `{counter.name} >= ...`, once",
    )  # fmt: skip


def _asked(when: Condition | None, counter: int) -> list[int] | None:
    """For how much of a counter a condition asks, each time that it does; `None` where it asks otherwise."""
    match when:
        case Compare(CounterValue(index, False), order, Literal(value, _)) if index == counter:
            if order is Order.AT_LEAST or order is Order.MORE:
                return [value + (order is Order.MORE)]
            return None
        case Compare(left, _, right):
            sums = [each for each in (left, right) if isinstance(each, CounterSum)]
            mixed = any(value.counter == counter for each in sums for _, value in each.terms)
            return None if mixed else []
        case All(conditions) | Any(conditions):
            asked: list[int] = []
            for each in conditions:
                more = _asked(each, counter)
                if more is None:
                    return None
                asked += more
            return asked
        case Not(inner):
            return [] if _asked(inner, counter) == [] else None
        case _:
            return []
