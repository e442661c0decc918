"""Counters: declared running sums.

Invariant: a total is checked after all that it is made of.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.carrying import limit_counter
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.counting import Counting, check_counting, take_counter
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.pasts import check_windows_ago, past_of
from loyalty_dsl.language.checking.scope import Counted, ProgramScope, declare_readable
from loyalty_dsl.language.checking.totals import check_total, declare_total, is_past, names_in, report_circle
from loyalty_dsl.language.checking.windows import check_window, verify_present
from loyalty_dsl.language.conditions import All, Compare, Condition, CounterValue, Literal, Order
from loyalty_dsl.language.counters import Counter, EventsMeasure, Measure, NamedTotal, NumberMeasure
from loyalty_dsl.language.types import EventKind, Kind
from loyalty_dsl.language.windows import Window

_DAY = "on a day"
"""Stands for the day of the week among names that a condition reads: no name has a space."""

_NO_STATE = "a counter counts events by their own fields and those of the member"


def check_counters(scope: ProgramScope, clauses: Sequence[syntax.CounterClause]) -> tuple[NamedTotal, ...]:
    """Puts every counter and total in scope, and returns the totals; what is wrong is reported."""
    waiting: list[syntax.CounterClause] = []
    totals: list[NamedTotal] = []
    for clause in clauses:
        if isinstance(clause.of, syntax.CounterMeasure) and not is_past(scope, clause.of, clauses):
            total = check_counter(scope, clause, clause.of)
            totals += [] if total is None else [total]
        else:
            waiting.append(clause)
    names = {clause.name.text for clause in waiting}
    while waiting:
        ready = [clause for clause in waiting if not any(used.text in names for used in names_in(clause))]
        if not ready:
            report_circle(scope, waiting)
            break
        for clause in ready:
            waiting.remove(clause)
            names.discard(clause.name.text)
            total = check_total(scope, clause)
            if total is not None:
                totals.append(total)
    return tuple(totals)


# ---- counters


def check_counter(
    scope: ProgramScope, clause: syntax.CounterClause, of: syntax.CounterMeasure
) -> NamedTotal | None:
    """Puts a counter of a measure in scope, unless something in it is wrong, which is reported.

    Returns:
        The total that it is, where it is read in a window some time ago.
    """
    findings = scope.findings
    if of.measure.name.text in ("balance", *scope.currencies) and of.measure.of is not None:
        findings.report(
            "L201", of.measure.span, f"`{of.measure.span.text}` is not something that can be counted",
            help="a balance is read where it is compared: `when balance of ... >= 500`",
        )  # fmt: skip
        return None
    if of.measure.since is not None:
        findings.report(
            "L201", of.measure.span, f"`{of.measure.span.text}` is not something that can be counted",
            help="write it where it is compared: `when days since join >= 30`",
        )  # fmt: skip
        return None
    counting = check_counting(scope, of.measure)
    window = None
    if of.measure.window is None:
        findings.report(
            "L204", clause.span, f"the counter `{clause.name.text}` does not say in which window it counts",
            help=f"write `{of.measure.span.text} in calendar year`, or `in lifetime`",
        )  # fmt: skip
    elif verify_present(scope, of.measure.window, "a counter counts in the present window"):
        window = check_window(scope, of.measure.window)
    where = items = None
    wrong = counting is None or window is None
    if counting is not None and of.where is not None:
        errors = findings.errors
        where, items = check_filters(scope, counting, of.where)
        wrong = wrong or findings.errors > errors or (where is None and items is None)
    if counting is None or window is None or wrong:
        # the name is known, and so are its uses; nothing is said of what they compare it with
        scope.counted.hide(clause.name.text)
        return None
    measure = counting.measure
    if of.windows is not None:
        counted_once = _once_in(scope, of, counting, window, where)
        if counted_once is None:
            scope.counted.hide(clause.name.text)
            return None
        measure, where = counted_once
    index = len(scope.counters)
    units = -1 if counting.currency is None else counting.currency.index
    counted = Counted(
        name=clause.name.text, terms=((1, index),), scale=1, divisor=None, kind=counting.kind,
        currency=counting.currency, counter=index, span=clause.name.span,
    )  # fmt: skip
    if isinstance(of.measure.window, syntax.leaves.PastWindow):
        back = check_windows_ago(scope, of.measure.window, window)
        if back is None:
            scope.counted.hide(clause.name.text)
            return None
        words = " ".join(of.span.text.split())
        base = take_counter(
            scope, measure, window, where, items, kind=counting.kind, currency=units, name=words, span=of.span
        )
        return declare_total(scope, clause, attrs.evolve(counted, terms=((1, past_of(scope, base, back)),)))
    if not declare_readable(scope, scope.counted, clause.name, counted):
        return None
    made = Counter(
        name=clause.name.text, label=label_of(clause.name, clause.label), index=index, measure=measure,
        window=window, where=where, items=items, kind=counting.kind, currency=units, span=clause.span,
    )  # fmt: skip
    scope.counters.append(made)
    scope.counters[index] = limit_counter(scope, made, clause)
    return None


def _once_in(
    scope: ProgramScope,
    of: syntax.CounterMeasure,
    counting: Counting,
    window: Window,
    where: Condition | None,
) -> tuple[Measure, Condition] | None:
    """Counting the calendar windows in which there is an event, by the first one in each (COUNT-8)."""
    if not isinstance(counting.measure, EventsMeasure) or of.windows is None:
        scope.findings.report(
            "L309", of.measure.span, f"windows are counted by an event in them, not `{of.measure.span.text}`",
            help="write `calendar months with purchase in calendar year`, for one",
        )  # fmt: skip
        return None
    units = list(Unit)
    unit = Unit(of.windows.text.removesuffix("s"))
    if isinstance(window, Unit) and units.index(window) <= units.index(unit):
        scope.findings.report(
            "L330", of.span, f"a calendar {window.value} does not hold several {of.windows.text}",
            help=f"count the {of.windows.text} of a longer window",
        )  # fmt: skip
        return None
    event = counting.measure.event
    seen = take_counter(
        scope, NumberMeasure(event), unit, where, kind=Kind.NUMBER,
        name=f"{of.measure.name.text} in calendar {unit.value}", span=of.span,
    )  # fmt: skip
    first = Compare(CounterValue(seen), Order.EQUAL, Literal(0, Kind.NUMBER))
    return NumberMeasure(event, unit), first if where is None else All((where, first))


def check_filters(
    scope: ProgramScope, counting: Counting, where: syntax.Condition
) -> tuple[Condition | None, Condition | None]:
    """Which events count, and which of their items.

    Where items are counted, a part of the condition that reads no field of items is one on the purchase.
    """
    kind = counting.event
    no_amount = (
        "test the event in the rules that earn"
        if kind is None
        else None
        if kind.has_amount
        else f"a {kind.name} carries no amount; delete this test"
    )
    readable = Readable(
        event=kind,
        no_event="this counts what several kinds of event earn; test the event in those rules",
        no_amount=no_amount,
        no_state=_NO_STATE,
    )
    if not counting.of_items:
        return check_condition(scope, readable, where), None
    parts = where.tests if isinstance(where, syntax.AllOf) else (where,)
    of_items = Readable(event=None, of_items=True)
    events: list[Condition] = []
    items: list[Condition] = []
    for part in parts:
        purchases = _reads_purchase(scope, kind, part)
        checked = check_condition(scope, readable if purchases else of_items, part)
        if checked is not None:
            (events if purchases else items).append(checked)
    return _all_of(events), _all_of(items)


def _all_of(conditions: Sequence[Condition]) -> Condition | None:
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else All(tuple(conditions))


def _reads_purchase(scope: ProgramScope, kind: EventKind | None, tree: syntax.Condition) -> bool:
    """Whether a condition reads the purchase, or the member, and no item."""
    names = _names_in(tree)
    fields = scope.item_fields
    if any(fields.find(name) is not None or fields.may_be_unseen(name) for name in names):
        return False
    known = {_DAY, "amount", "basket", *scope.member_fields}
    known |= set() if kind is None else {field.name for field in kind.fields}
    return any(name in known for name in names)


def _names_in(tree: syntax.Condition) -> set[str]:
    match tree:
        case syntax.AllOf(tests=tests) | syntax.AnyOf(tests=tests):
            return set().union(*(_names_in(test) for test in tests))
        case syntax.Negated(test=test):
            return _names_in(test)
        case syntax.conditions.OnWeekday():
            return {_DAY}
        case syntax.conditions.Has():
            return {"balance"}
        case _:
            return {tree.measure.name.text}
