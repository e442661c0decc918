"""What fires a rule without an event of its own: a threshold, a lost level, a window that ends, silence.

Invariant: a rule that fires at the end of a window reads the counters of that window as it closed, and no
counter of any other window that has an end (CLOCK-7).
"""

from collections.abc import Sequence
from itertools import pairwise

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Amount, Choice, OfStrategy, Slices
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.conditions import literal_of
from loyalty_dsl.language.checking.counting import event_named
from loyalty_dsl.language.checking.fields import level_named
from loyalty_dsl.language.checking.measures import value_of_counter
from loyalty_dsl.language.checking.scope import LadderName, ProgramScope
from loyalty_dsl.language.checking.windows import check_calendar_window
from loyalty_dsl.language.clocks import After, AfterJoin, At, Clock, Falls, Reaches, Rises, WindowStart
from loyalty_dsl.language.conditions import (
    All,
    Any,
    Base,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    Not,
    OneAmong,
    Operand,
)
from loyalty_dsl.language.counters import EarnedMeasure
from loyalty_dsl.language.program import EarnRule
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.windows import Lifetime, Period, Rolling
from loyalty_dsl.source import Span

Closed = Unit | Period
"""A window at whose end a rule fires."""

_SHORTEST = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28, Unit.QUARTER: 90, Unit.YEAR: 365}


def take_clock(scope: ProgramScope, at: At, name: str) -> int:
    """The kind of event that a clock is, which is made if there is none yet."""
    for clock in scope.clocks:
        if clock.at == at:
            return scope.first_clock + clock.index
    scope.clocks.append(Clock(len(scope.clocks), name, at))
    return scope.first_clock + scope.clocks[-1].index


def check_end(scope: ProgramScope, on: syntax.rules.OnEnd) -> tuple[int, Closed] | None:
    """`on 45 days after end of calendar quarter`: the kind of event, and the window that has closed."""
    window = check_calendar_window(scope, on.of, "the end that comes next is meant")
    if window is None:
        return None
    later = 0
    if on.later is not None:
        length = duration(scope, on.later)
        if length is None:
            return None
        unit = window.unit if isinstance(window, Period) else window
        days = {Unit.DAY: length.count, Unit.WEEK: 7 * length.count}.get(length.unit)
        if days is None or days >= _SHORTEST[unit]:
            scope.findings.report(
                "L330", on.later.span,
                "how long after the end is said in days or weeks" if days is None
                else f"`{on.later.span.text}` after its end the next `{on.of.span.text}` may be over, too",
                help=f"write fewer than {_SHORTEST[unit]} days, as in `{min(5, _SHORTEST[unit] - 1)} days`",
            )  # fmt: skip
            return None
        later = days
    if isinstance(window, Period):
        at, name = WindowStart(window.unit, window.month, later), window.name
    else:
        at, name = WindowStart(window, None, later), f"calendar {window.value}"
    behind = f"{later} days after " if later else ""
    return take_clock(scope, at, f"{behind}end of {name}"), window


def check_silence(scope: ProgramScope, on: syntax.rules.OnSilence) -> int | None:
    """`on 60 days after last purchase`: the kind of event."""
    length: Duration | None = duration(scope, on.length)
    kinds: list[int] = []
    for name in on.events:
        kind = event_named(scope, name.text)
        if kind is None:
            scope.events.resolve(name, help="name kinds of event, such as `purchase`")
        else:
            kinds.append(kind.index)
    if length is None or len(kinds) < len(on.events):
        return None
    names = ", ".join(name.text for name in on.events)
    return take_clock(scope, After(length, tuple(sorted(set(kinds)))), f"{length} after last {names}")


def check_falls(scope: ProgramScope, on: syntax.rules.OnFalls) -> int | None:
    """`on status falls below gold`: the kind of event."""
    found = _level_above(scope, on.ladder, on.level, "falls below")
    if found is None:
        return None
    ladder, level = found
    return take_clock(scope, Falls(ladder.index, level), f"{ladder.name} falls below {on.level.text}")


def check_rises(scope: ProgramScope, on: syntax.rules.OnRises) -> int | None:
    """`on status reaches gold`: the kind of event."""
    if scope.counted.find(on.ladder.text) is not None:
        scope.findings.report(
            "L201", on.ladder.span, f"`{on.ladder.text}` is a counter, and `{on.level.text}` is no number",
            help=f"write a number, such as `{on.ladder.text} reaches 40`",
        )  # fmt: skip
        return None
    found = _level_above(scope, on.ladder, on.level, "rises to")
    if found is None:
        return None
    ladder, level = found
    return take_clock(scope, Rises(ladder.index, level), f"{ladder.name} reaches {on.level.text}")


def _level_above(
    scope: ProgramScope, name: syntax.Name, level_name: syntax.Name, does: str
) -> tuple[LadderName, int] | None:
    """A ladder and a level of it that not everybody holds; another one is reported."""
    ladder = scope.ladders.resolve(name)
    level = None if ladder is None else level_named(scope.findings, ladder, level_name)
    if ladder is None or level is None:
        return None
    if level == 0:
        scope.findings.report(
            "L343", level_name.span, f"nobody {does} `{level_name.text}`, the lowest level",
            secondary=[(ladder.span, "declared here")], help="name a higher level",
        )  # fmt: skip
        return None
    return ladder, level


def check_after_join(scope: ProgramScope, on: syntax.rules.OnAfterJoin) -> int | None:
    """`on 30 days after join`: the kind of event."""
    length = duration(scope, on.length)
    if length is None:
        return None
    return take_clock(scope, AfterJoin(length), f"{' '.join(on.length.span.text.split())} after join")


def check_reaches(scope: ProgramScope, on: syntax.rules.OnReaches) -> int | None:
    """`on nights reaches 40 then every 10`: the kind of event."""
    counted = scope.counted.find(on.counter.text)
    if counted is None:
        if scope.ladders.find(on.counter.text) is not None:
            scope.findings.report(
                "L201", on.counter.span, f"`{on.counter.text}` is a ladder, and a counter reaches numbers",
                help="write `on` an event and `when` the status, or `on ... reaches` what earns the level",
            )  # fmt: skip
            return None
        scope.counted.resolve(
            on.counter, help="declare it: `counter nights = nights of stay in calendar year`"
        )
        return None
    windows = {scope.counters[counter].window for _, counter in counted.terms}
    if any(scope.counters[counter].carry is not None for _, counter in counted.terms):
        scope.findings.report(
            "L375", on.counter.span,
            f"`{on.counter.text}` is not only what was done: it is carried from window to window",
            secondary=[(counted.span, "declared here")],
            help="declare a counter of the same without `carry`, and let that reach it",
        )  # fmt: skip
        return None
    if counted.divisor is not None or len(windows) != 1 or isinstance(next(iter(windows)), Rolling):
        why = (
            "is a ratio" if counted.divisor is not None
            else "adds up counters of different windows" if len(windows) != 1
            else "is of a rolling window, in which it falls by itself"
        )  # fmt: skip
        scope.findings.report(
            "L330", on.counter.span, f"`{on.counter.text}` {why}, so what it reaches is not reached once",
            secondary=[(counted.span, "declared here")], help="count in a calendar window, or in `lifetime`",
        )  # fmt: skip
        return None
    measured = value_of_counter(counted)
    values = [literal_of(scope, measured, value) for value in on.at]
    at = [value.value * measured.scale for value in values if value is not None]
    step = None if on.every is None else literal_of(scope, measured, on.every)
    if len(at) < len(values) or (on.every is not None and step is None):
        return None
    every = 0 if step is None else step.value * measured.scale
    if min(at) < 1 or (step is not None and every < 1):
        scope.findings.report(
            "L310", on.span, "nothing is reached at 0", help="write thresholds and steps of at least 1"
        )
        return None
    if any(low >= high for low, high in pairwise(at)):
        scope.findings.report("L326", on.span, "thresholds rise", help="write the smallest first, each once")
        return None
    words = " ".join(on.span.text.split()).removeprefix("on ")
    return take_clock(scope, Reaches(counted.terms, tuple(at), every), words)


def verify_no_circle(scope: ProgramScope, rules: Sequence[EarnRule]) -> None:
    """Reports rules that fire at a threshold and move the counter that reaches it."""
    for start in scope.clocks:
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            clock = waiting.pop()
            for rule in rules:
                if all(trigger.event != scope.first_clock + clock.index for trigger in rule.triggers):
                    continue
                for other in scope.clocks:
                    if isinstance(other.at, Reaches) and _moves(scope, rule, other.at):
                        if other is start:
                            scope.findings.report(
                                "L327", rule.span,
                                f"what `{rule.name}` gives counts towards `{start.name}`, so it fires itself",
                                help="let the counter count `earned by` other rules",
                            )  # fmt: skip
                            return
                        if other.index not in seen:
                            seen.add(other.index)
                            waiting.append(other)


def _moves(scope: ProgramScope, rule: EarnRule, at: Reaches) -> bool:
    measures = [scope.counters[counter].measure for _, counter in at.terms]
    return any(isinstance(measure, EarnedMeasure) and rule.index in measure.rules for measure in measures)


# ---- reading a window that has closed


@record
class Closing:
    """The window that has closed when a rule fires, and where the rule stands."""

    scope: ProgramScope
    window: Closed
    span: Span


def closed_condition(closing: Closing, condition: Condition | None) -> Condition | None:
    """The condition with counters of the window that has closed in place of those that begin."""
    match condition:
        case None:
            return None
        case Compare(left, order, right):
            return Compare(_closed(closing, left), order, _closed(closing, right))
        case OneAmong(operand, values):
            return OneAmong(_closed(closing, operand), values)
        case Not(inner):
            whole = closed_condition(closing, inner)
            return None if whole is None else Not(whole)
        case All(inner) | Any(inner):
            parts = tuple(part for each in inner if (part := closed_condition(closing, each)) is not None)
            return attrs.evolve(condition, conditions=parts)


def closed_amount(closing: Closing, amount: Amount) -> Amount:
    """The same of a table."""
    if isinstance(amount, OfStrategy):
        return attrs.evolve(amount, operands=tuple(_closed(closing, each) for each in amount.operands))
    if isinstance(amount, Slices) and not isinstance(amount.base, Base):
        base = _closed(closing, amount.base)
        return attrs.evolve(amount, base=base) if isinstance(base, CounterValue | CounterSum) else amount
    if not isinstance(amount, Choice):
        return amount
    cases = []
    for case in amount.cases:
        when = closed_condition(closing, case.when) or case.when
        cases.append(attrs.evolve(case, when=when, amount=closed_amount(closing, case.amount)))
    return Choice(tuple(cases), closed_amount(closing, amount.otherwise), amount.others)


def _closed(closing: Closing, operand: Operand) -> Operand:
    match operand:
        case CounterValue(counter, previous):
            window = closing.scope.counters[counter].window
            if window == closing.window and not previous:
                return CounterValue(counter, previous=True)
            if not isinstance(window, Lifetime):
                _report_other_window(closing, counter, previous)
            return operand
        case CounterSum(terms):
            inner = [(factor, _closed(closing, value)) for factor, value in terms]
            return CounterSum(tuple((f, value) for f, value in inner if isinstance(value, CounterValue)))
        case _:
            return operand


def _report_other_window(closing: Closing, counter: int, previous: bool) -> None:
    known = closing.scope.counters[counter]
    closing.scope.findings.report(
        "L330", closing.span,
        f"this fires at the end of a window and reads `{known.name}` "
        + ("in the window before it" if previous else "in another window"),
        secondary=[(known.span, "counted here")],
        help=f"read counters of that window, or of a lifetime: {listed(_same(closing), 'or') or 'none yet'}",
    )  # fmt: skip


def _same(closing: Closing) -> list[str]:
    return [each.name for each in closing.scope.counters if each.window == closing.window and not each.hidden]
