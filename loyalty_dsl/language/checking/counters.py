"""Counters and totals: declared running sums, and what is made of them.

Invariant: a total is a sum of whole multiples of counters over one scale, so that every comparison with it
is one of integers.
"""

from collections.abc import Sequence
from math import lcm

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import LARGEST, fine_enough, more_than_nothing
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.counting import WORDS, Counting, check_counting, event_named, take_counter
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import Counted, ProgramScope, Terms, declare_readable
from loyalty_dsl.language.checking.windows import check_window, verify_present
from loyalty_dsl.language.conditions import All, Compare, Condition, CounterValue, Literal, Order
from loyalty_dsl.language.counters import Counter, EventsMeasure, Measure, NamedTotal, NumberMeasure
from loyalty_dsl.language.types import EventKind, Kind
from loyalty_dsl.language.windows import Window

_DAY = "on a day"
"""Stands for the day of the week among names that a condition reads: no name has a space."""

_NO_STATE = "a counter counts events by their own fields and those of the member"
_MOST_COEFFICIENTS = 2**62 // LARGEST
"""How large the coefficients of a total may be together, for counters up to `LARGEST`."""


def check_counters(scope: ProgramScope, clauses: Sequence[syntax.CounterClause]) -> tuple[NamedTotal, ...]:
    """Puts every counter and total in scope, and returns the totals; what is wrong is reported."""
    waiting: list[syntax.CounterClause] = []
    for clause in clauses:
        if isinstance(clause.of, syntax.CounterMeasure):
            check_counter(scope, clause, clause.of)
        else:
            waiting.append(clause)
    totals: list[NamedTotal] = []
    names = {clause.name.text for clause in waiting}
    while waiting:
        ready = [clause for clause in waiting if not any(used.text in names for used in _used(clause))]
        if not ready:
            _report_circle(scope, waiting)
            break
        for clause in ready:
            waiting.remove(clause)
            names.discard(clause.name.text)
            total = _check_total(scope, clause)
            if total is not None:
                totals.append(total)
    return tuple(totals)


# ---- counters


def check_counter(scope: ProgramScope, clause: syntax.CounterClause, of: syntax.CounterMeasure) -> None:
    """Puts a counter of a measure in scope, unless something in it is wrong, which is reported."""
    findings = scope.findings
    if of.measure.name.text in ("balance", *scope.currencies) and of.measure.of is not None:
        findings.report(
            "L201", of.measure.span, f"`{of.measure.span.text}` is not something that can be counted",
            help="a balance is read where it is compared: `when balance of ... >= 500`",
        )  # fmt: skip
        return
    if of.measure.since is not None:
        findings.report(
            "L201", of.measure.span, f"`{of.measure.span.text}` is not something that can be counted",
            help="write it where it is compared: `when days since join >= 30`",
        )  # fmt: skip
        return
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
        return
    measure = counting.measure
    if of.windows is not None:
        counted_once = _once_in(scope, of, counting, window, where)
        if counted_once is None:
            scope.counted.hide(clause.name.text)
            return
        measure, where = counted_once
    index = len(scope.counters)
    units = -1 if counting.currency is None else counting.currency.index
    counted = Counted(
        name=clause.name.text, terms=((1, index),), scale=1, divisor=None, kind=counting.kind,
        currency=counting.currency, counter=index, span=clause.name.span,
    )  # fmt: skip
    if not declare_readable(scope, scope.counted, clause.name, counted):
        return
    scope.counters.append(
        Counter(
            name=clause.name.text,
            label=label_of(clause.name, clause.label),
            index=index,
            measure=measure,
            window=window,
            where=where,
            items=items,
            kind=counting.kind,
            currency=units,
            span=clause.span,
        )
    )


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
        case _:
            return {tree.measure.name.text}


# ---- totals


def _used(clause: syntax.CounterClause) -> tuple[syntax.Name, ...]:
    match clause.of:
        case syntax.CounterSum(terms=terms):
            return tuple(term.name for term in terms)
        case syntax.CounterShare(name=name):
            return (name,)
        case syntax.CounterRatio(name=name, by=by):
            return (name, by)
        case syntax.CounterMeasure():
            return ()


def _report_circle(scope: ProgramScope, waiting: Sequence[syntax.CounterClause]) -> None:
    names = {clause.name.text: clause for clause in waiting}
    path = [waiting[0].name.text]
    while True:
        following = next(used.text for used in _used(names[path[-1]]) if used.text in names)
        if following in path:
            break
        path.append(following)
    circle = [*path[path.index(following) :], following]
    first = names[circle[0]]
    scope.findings.report(
        "L327", first.span,
        f"these totals wait for each other: {' needs '.join(f'`{name}`' for name in circle)}",
        secondary=[(names[name].span, "") for name in circle[1:-1]],
        help="make one of them of counters alone",
    )  # fmt: skip
    for clause in waiting:
        scope.counted.hide(clause.name.text)


def _check_total(scope: ProgramScope, clause: syntax.CounterClause) -> NamedTotal | None:
    parts = [_part(scope, name) for name in _used(clause)]
    known = [part for part in parts if part is not None]
    counted = _total(scope, clause, known) if len(known) == len(parts) else None
    if counted is None:
        scope.counted.hide(clause.name.text)
        return None
    if not declare_readable(scope, scope.counted, clause.name, counted) or counted.divisor is not None:
        return None
    return NamedTotal(
        name=counted.name,
        label=label_of(clause.name, clause.label),
        terms=counted.terms,
        scale=counted.scale,
        kind=counted.kind,
        currency=-1 if counted.currency is None else counted.currency.index,
        span=clause.span,
    )


def _part(scope: ProgramScope, name: syntax.Name) -> Counted | None:
    if scope.counted.find(name.text) is None and not scope.counted.may_be_unseen(name.text):
        counts = name.text in WORDS or event_named(scope, name.text) is not None
        if counts:
            scope.findings.report(
                "L201", name.span, f"there is no counter `{name.text}`",
                help=f"declare one, `counter NAME = {name.text} in calendar year`, and write its NAME here",
            )  # fmt: skip
            return None
    part = scope.counted.resolve(name)
    if part is not None and part.divisor is not None:
        scope.findings.report(
            "L301", name.span, f"`{name.text}` is a ratio, which is only compared",
            secondary=[(part.span, "declared here")], help="make the total of counters",
        )  # fmt: skip
        return None
    return part


def _total(scope: ProgramScope, clause: syntax.CounterClause, parts: Sequence[Counted]) -> Counted | None:
    kind, currency = parts[0].kind, parts[0].currency
    scale, divisor = 1, None
    match clause.of:
        case syntax.CounterSum(terms=written):
            for term, part in zip(written[1:], parts[1:], strict=True):
                if not _verify_alike(scope, parts[0], part, term.name, "added to"):
                    return None
            scale = lcm(*(part.scale for part in parts))
            signs = [-1 if term.minus else 1 for term in written]
            scaled = [times(part.terms, scale // part.scale) for part in parts]
            terms = merged(*(times(each, sign) for sign, each in zip(signs, scaled, strict=True)))
        case syntax.CounterShare(percent=percent):
            share = percent.value
            if more_than_nothing(scope, share.numerator, percent.span) is None:
                return None
            if not fine_enough(scope, share, percent.span):
                return None
            scale = parts[0].scale * share.denominator
            terms = times(parts[0].terms, share.numerator)
        case syntax.CounterRatio(by=by):
            if parts[1].kind is not Kind.NUMBER:
                if not _verify_alike(scope, parts[0], parts[1], by, "divided by"):
                    return None
                kind, currency = Kind.NUMBER, None
            terms, divisor = times(parts[0].terms, parts[1].scale), times(parts[1].terms, parts[0].scale)
        case syntax.CounterMeasure():
            raise AssertionError("a counter is no total")
    largest = scale + sum(abs(each) for each, _ in (*terms, *(divisor or ())))
    if largest > _MOST_COEFFICIENTS:
        scope.findings.report(
            "L311", clause.span, f"`{clause.name.text}` is so fine that its sum may not fit 64 bits",
            help="write its shares with fewer digits",
        )  # fmt: skip
        return None
    return Counted(
        name=clause.name.text, terms=terms, scale=scale, divisor=divisor, kind=kind, currency=currency,
        counter=None, span=clause.name.span,
    )  # fmt: skip


def _verify_alike(scope: ProgramScope, first: Counted, part: Counted, name: syntax.Name, verb: str) -> bool:
    if (first.kind, first.currency) == (part.kind, part.currency):
        return True
    scope.findings.report(
        "L301", name.span,
        f"`{part.name}` is {kind_in_words(part)}, and cannot be {verb} `{first.name}`, which is "
        f"{kind_in_words(first)}" if verb == "added to" else
        f"`{first.name}` is {kind_in_words(first)}, and cannot be {verb} `{part.name}`, which is "
        f"{kind_in_words(part)}",
        secondary=[(first.span, "declared here"), (part.span, "declared here")],
        help="make the total of counters of one kind",
    )  # fmt: skip
    return False


def kind_in_words(counted: Counted) -> str:
    """What a counter counts, behind "is"."""
    match counted.kind:
        case Kind.UNITS if counted.currency is not None:
            return f"an amount of `{counted.currency.name}`"
        case Kind.MONEY:
            return "money"
        case _:
            return "a number"


def times(terms: Terms, factor: int) -> Terms:
    """Every coefficient multiplied."""
    return tuple((factor * each, counter) for each, counter in terms)


def merged(*sums: Terms) -> Terms:
    """The sum of sums, each counter once."""
    total: dict[int, int] = {}
    for terms in sums:
        for each, counter in terms:
            total[counter] = total.get(counter, 0) + each
    return tuple((each, counter) for counter, each in total.items() if each)
