"""What is let in: gates of events and rewards, times within which something comes, and dates that count.

Invariant: every gate says why it refuses, in its own words or in those of its clause.
"""

from collections.abc import Mapping, Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import Clause, at_most_one
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.lengths import check_length
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope, Read
from loyalty_dsl.language.checking.windows import check_calendar_window
from loyalty_dsl.language.conditions import (
    Compare,
    Condition,
    DayWithin,
    EventDay,
    EventField,
    Not,
    Order,
)
from loyalty_dsl.language.counters import Counter, EarnedMeasure, ItemsMeasure, NumberMeasure, PastMeasure
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.syntax import gates as written
from loyalty_dsl.language.tiers import Ladder
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind, Field, Kind
from loyalty_dsl.language.windows import Rolling


def counts_on(
    scope: ProgramScope, block: syntax.EventBlock | None, fields: tuple[Field, ...]
) -> Field | None:
    """The date field by which an event says on which day it counts; `None` for its own day."""
    clauses = () if block is None else block.clauses
    clause = at_most_one(scope.findings, clauses, written.CountsClause, "counts on")
    if clause is None or block is None:
        return None
    field = next((field for field in fields if field.name == clause.field.text), None)
    if field is not None and field.kind is Kind.DATE:
        return field
    name = clause.field.text
    if field is None and any(each.name.text == name for each in block.fields):
        return None  # it is declared wrongly, which has been told
    scope.findings.report(
        "L380", clause.field.span,
        f"`{name}` is {type_in_words(field)}, and an event counts on a date" if field is not None
        else f"`{block.name.text}` has no date field `{name}` to count on",
        secondary=[(None if field is None else field.span, "declared here")],
        help=f"declare it in this block: `{name if field is None else 'sold'} date`",
    )  # fmt: skip
    return None


def check_event_gates(scope: ProgramScope, block: syntax.ProgramBlock) -> tuple[Gate, ...]:
    """The gates of all events, as declared; what is wrong in them is reported and left out."""
    gates: list[Gate] = []
    for each in block.clauses:
        kind = scope.events.find(each.name.text) if isinstance(each, syntax.EventBlock) else None
        if not isinstance(each, syntax.EventBlock) or kind is None:
            continue
        written_gates = [clause for clause in each.clauses if not isinstance(clause, written.CountsClause)]
        if written_gates and scope.friend_events and kind.index in (PURCHASE, JOIN):
            scope.findings.report(
                "L190", written_gates[0].span,
                f"a {kind.name} that is refused, in a program with a referral, is not supported yet",
                help="write the condition behind `when` of the rules that it concerns",
            )  # fmt: skip
            continue
        for clause in written_gates:
            if _counts_wrongly(each, kind) and isinstance(clause, written.AcceptWithin) and clause.window:
                continue
            condition = _refusing(scope, kind, clause)
            if condition is not None:
                gates.append(Gate(condition, _reason(clause), clause.span, kind.index))
    return tuple(gates)


def _counts_wrongly(block: syntax.EventBlock, kind: EventKind) -> bool:
    """Whether a `counts on` of the event is wrong, which has been told."""
    return kind.counts_on is None and any(isinstance(each, written.CountsClause) for each in block.clauses)


def check_gates(scope: ProgramScope, clauses: Sequence[Clause], readable: Readable) -> tuple[Gate, ...]:
    """The gates of a reward; what is wrong in them is reported and left out."""
    gates: list[Gate] = []
    for clause in clauses:
        if isinstance(clause, written.RefuseClause):
            condition = check_condition(scope, readable, clause.condition)
            if condition is not None:
                gates.append(Gate(condition, _reason(clause), clause.span))
    return tuple(gates)


def _reason(clause: written.RefuseClause | written.AcceptWhen | written.AcceptWithin) -> str:
    if clause.reason is not None and clause.reason.text.strip():
        return clause.reason.text
    return f"the program says `{' '.join(clause.span.text.split())}`"


def _refusing(scope: ProgramScope, kind: EventKind, clause: written.EventClause) -> Condition | None:
    """The condition under which an event is refused."""
    match clause:
        case written.RefuseClause(condition=condition):
            return check_condition(scope, Readable(event=kind), condition)
        case written.AcceptWhen(condition=condition):
            accepted = check_condition(scope, Readable(event=kind), condition)
            return None if accepted is None else Not(accepted)
        case written.AcceptWithin():
            last = _last_day(scope, kind, clause)
            return None if last is None else Compare(EventDay(), Order.MORE, last)
        case written.CountsClause():
            return None


def _last_day(scope: ProgramScope, kind: EventKind, clause: written.AcceptWithin) -> DayWithin | None:
    """The last day on which an event is accepted."""
    length = check_length(scope, clause.length)
    if clause.of is not None:
        field = scope.fields_of(kind).resolve(clause.of)
        if field is None or length is None:
            return None
        if field.kind is not Kind.DATE:
            scope.findings.report(
                "L301", clause.of.span, f"`{field.name}` is {type_in_words(field)}, and time is from a date",
                secondary=[(field.span, "declared here")], help="name a date field of the event",
            )  # fmt: skip
            return None
        scope.reads.append(Read(kind.index, field, clause.of.span))
        return DayWithin(EventField(field), length)
    window = None
    if clause.window is not None:
        window = check_calendar_window(scope, clause.window, "it is the end of what is counted")
    if kind.counts_on is None:
        scope.findings.report(
            "L380", clause.span, f"a `{kind.name}` does not say which day it counts on, so no window ends",
            help="write `counts on` and a date field of the event on a line above",
        )  # fmt: skip
        return None
    if length is None or window is None:
        return None
    if isinstance(clause.length, syntax.leaves.BusinessDays):
        scope.findings.report(
            "L190", clause.length.span, "business days after the end of a window are not supported yet",
            help="write a number of days or weeks",
        )  # fmt: skip
        return None
    scope.reads.append(Read(kind.index, kind.counts_on, clause.span))
    return DayWithin(EventField(kind.counts_on), length, window)


def _moved_by(counter: Counter, moved: Mapping[int, EventKind]) -> EventKind | None:
    """The kind of event that moves a counter on another day; of what rules give, any that there is."""
    match counter.measure:
        case EarnedMeasure():
            return next(iter(moved.values()))
        case PastMeasure():
            return None
        case ItemsMeasure():
            return moved.get(PURCHASE)
        case measure:
            return moved.get(measure.event)


def verify_counted_elsewhere(
    scope: ProgramScope, counters: Sequence[Counter], ladders: Sequence[Ladder]
) -> None:
    """Reports what cannot be done yet with events that count on another day than their own."""
    moved = {kind.index: kind for kind in scope.events.things() if kind.counts_on is not None}
    if not moved:
        return
    for counter in counters:
        if counter.hidden:
            continue
        kind = _moved_by(counter, moved)
        if kind is not None and (
            isinstance(counter.window, Rolling) or isinstance(counter.measure, NumberMeasure)
        ):
            what = "a rolling window" if isinstance(counter.window, Rolling) else "windows that have one"
            scope.findings.report(
                "L190", counter.span,
                f"counting {kind.name}s, which count on a day of their own, in {what} is not supported yet",
                secondary=[(kind.span, "declared here")], help="count in a calendar window or a `period`",
            )  # fmt: skip
    for ladder in ladders:
        if ladder.upgrade_before:
            scope.findings.report(
                "L190", ladder.span,
                "`upgrade before the event` beside events that `count on` a date is not supported yet",
                help="write `upgrade after the event`",
            )  # fmt: skip
