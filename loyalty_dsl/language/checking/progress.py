"""How far a member is with a challenge: one counter, or a total of several (CHALLENGE).

Invariant: everything that counts does so only while the challenge runs, and all of it in one window, so that
a goal is reached once in each.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.counters import check_counter, check_filters
from loyalty_dsl.language.checking.counting import check_counting, take_counter
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import Counted, ProgramScope, declare_readable
from loyalty_dsl.language.conditions import All, Compare, Condition, CounterValue, Literal, Order
from loyalty_dsl.language.counters import Counter, EventsMeasure, NamedTotal, NumberMeasure
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.syntax import challenges as written
from loyalty_dsl.language.types import PURCHASE, Field, Kind
from loyalty_dsl.language.windows import Lifetime, Rolling, Window
from loyalty_dsl.source import Span

_NO_STATE = "a goal counts purchases by their own fields and those of the member"


@record
class Running:
    """When a challenge counts: in the present `window`, at events at which `where` holds."""

    window: Window
    where: Condition | None


def count_goal(
    scope: ProgramScope,
    running: Running,
    goal: written.Goal | written.GoalDifferent | written.GoalInARow | written.CountInARow,
    name: syntax.Name,
    *,
    days: int,
    gaps: int,
) -> NamedTotal | None:
    """Puts the progress of a challenge in scope under `name`; what is wrong is reported.

    Args:
        days: the longest run that is looked for, of a run.
        gaps: how many days a run may miss.

    Returns:
        The total that it is, where it is one of several counters.
    """
    counters: Sequence[int] | None
    match goal:
        case written.Goal():
            _count_once(scope, running, goal, name)
            return None
        case written.GoalDifferent():
            counters = _different(scope, running, goal)
        case written.GoalInARow() | written.CountInARow():
            counters = _runs(scope, running, goal, days, gaps)
    if counters is None:
        scope.counted.hide(name.text)
        return None
    terms = tuple((1, counter) for counter in counters)
    counted = Counted(name.text, terms, 1, None, Kind.NUMBER, None, None, name.span)
    if not declare_readable(scope, scope.counted, name, counted):
        return None
    return NamedTotal(name.text, name.text, terms, 1, Kind.NUMBER, -1, name.span)


def _joined(*conditions: Condition | None) -> Condition | None:
    parts = tuple(each for each in conditions if each is not None)
    return None if not parts else parts[0] if len(parts) == 1 else All(parts)


def _none_yet(counter: int) -> Condition:
    return Compare(CounterValue(counter), Order.EQUAL, Literal(0, Kind.NUMBER))


# ---- so many


def _count_once(scope: ProgramScope, running: Running, goal: written.Goal, name: syntax.Name) -> None:
    unit = goal.quantity.unit
    if unit is None:
        scope.findings.report(
            "L204", goal.quantity.span, "the goal does not say of what",
            help=f"write `goal {goal.quantity.span.text} spend`, for one",
        )  # fmt: skip
        scope.counted.hide(name.text)
        return
    known = scope.counted.find(unit.text)
    if known is not None:
        scope.findings.report(
            "L309", unit.span, f"`{unit.text}` counts from before the challenge starts",
            secondary=[(known.span, "declared here")],
            help="say what it counts, as in `goal 3 purchases`, or write an earn rule "
            f"`on {unit.text} reaches {goal.quantity.number.span.text}`",
        )  # fmt: skip
        scope.counted.hide(name.text)
        return
    span = unit.span if goal.of is None else Span(unit.span.source, unit.span.start, goal.of.span.end)
    window = syntax.LifetimeWindow(goal.span)
    measure = syntax.Measure(unit, goal.of, None, None, window, span)
    of = syntax.CounterMeasure(measure, goal.where, goal.span)
    check_counter(scope, syntax.CounterClause(name, None, of, None, goal.span), of)
    counted = scope.counted.find(name.text)
    if counted is not None and counted.span == name.span and counted.counter is not None:
        made = scope.counters[counted.counter]
        where = _joined(running.where, made.where)
        scope.counters[counted.counter] = attrs.evolve(made, window=running.window, where=where)


# ---- different values


def _different(scope: ProgramScope, running: Running, goal: written.GoalDifferent) -> list[int] | None:
    """A counter for each value of a field: the first event, or item, that has it."""
    name = goal.field
    purchase = scope.events.find("purchase")
    if purchase is None:
        return None
    of_item = scope.item_fields.find(name.text)
    field = of_item if of_item is not None else purchase.field(name.text)
    if field is None or field.kind is not Kind.ONE_OF:
        _report_field(scope, name, field)
        return None
    if goal.number.value > len(field.values):
        scope.findings.report(
            "L310", goal.number.span, f"`{name.text}` has only {len(field.values)} values",
            secondary=[(field.span, "declared here")], help=f"write {len(field.values)} or fewer",
        )  # fmt: skip
        return None
    readable = Readable(event=None, of_items=True) if of_item is not None else Readable(purchase)
    own = None
    if goal.where is not None:
        own = check_condition(scope, Readable(purchase, no_state=_NO_STATE), goal.where)
        if own is None:
            return None
    counters = []
    for value in field.values:
        measure = syntax.Measure(name, None, None, None, None, name.span)
        test = syntax.Equals(measure, False, syntax.Name(value, name.span), name.span)
        checked = check_condition(scope, readable, test)
        if checked is None:
            return None
        at = len(scope.counters)
        where = _joined(running.where, own, None if of_item is not None else checked, _none_yet(at))
        items = checked if of_item is not None else None
        scope.counters.append(
            Counter(
                f"{name.text} {value} in {goal.span.text}", value, at, NumberMeasure(PURCHASE),
                running.window,
                where, items, Kind.NUMBER, -1, goal.span,
            )
        )  # fmt: skip
        counters.append(at)
    return counters


def _report_field(scope: ProgramScope, name: syntax.Name, field: Field | None) -> None:
    if field is None and scope.item_fields.may_be_unseen(name.text):
        return
    purchase = scope.events.find("purchase")
    fields = [*scope.item_fields.things(), *(() if purchase is None else purchase.fields)]
    choices = [each.name for each in fields if each.kind is Kind.ONE_OF]
    if field is not None:
        scope.findings.report(
            "L301", name.span,
            f"`{name.text}` is {type_in_words(field)}, and different values are of a `one of`",
            secondary=[(field.span, "declared here")], help="name a `one of` field of items or of purchases",
        )  # fmt: skip
        return
    guess = nearest(name.text, choices)
    scope.findings.report(
        "L201", name.span, f"there is no field `{name.text}` of items or of purchases",
        help=f"did you mean `{guess}`?" if guess else "name a `one of` field of items or of purchases",
    )  # fmt: skip


# ---- days in a row


def _runs(
    scope: ProgramScope,
    running: Running,
    goal: written.GoalInARow | written.CountInARow,
    days: int,
    gaps: int,
) -> list[int] | None:
    """Counters of which the k-th is 1 once there was a run of k days.

    A day is counted at its first event. There is a run of k days when it is the k-th of `k + gaps` days.
    """
    name = goal.event
    measure = syntax.Measure(name, None, None, None, None, name.span)
    counting = check_counting(scope, measure)
    if counting is None:
        return None
    if not isinstance(counting.measure, EventsMeasure):
        scope.findings.report(
            "L309", name.span, f"days are counted by an event on them, not `{name.text}`",
            help="write `days in a row with purchase`, for one",
        )  # fmt: skip
        return None
    where = None
    if goal.where is not None:
        where, _ = check_filters(scope, counting, goal.where)
        if where is None:
            return None
    number = NumberMeasure(counting.measure.event)

    def counts(window: Window, condition: Condition | None, what: str) -> int:
        label = f"{what} of {goal.span.text}"
        return take_counter(
            scope, number, window, condition, kind=Kind.NUMBER, name=label, span=goal.span
        )  # fmt: skip

    seen = _joined(running.where, where)
    today = counts(Unit.DAY, seen, "events today")
    first = _joined(seen, _none_yet(today))
    reached = []
    for length in range(1, days + 1):
        before = None
        if length > 1:
            lately = counts(Rolling(Duration(length + gaps, Unit.DAY)), first, f"days in {length + gaps}")
            before = Compare(CounterValue(lately), Order.AT_LEAST, Literal(length - 1, Kind.NUMBER))
        at = len(scope.counters)
        condition = _joined(first, before, _none_yet(at))
        scope.counters.append(
            Counter(
                f"{length} days of {goal.span.text}", name.text, at, number, Lifetime(), condition, None,
                Kind.NUMBER, -1, goal.span,
            )
        )  # fmt: skip
        reached.append(at)
    return reached
