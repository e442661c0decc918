"""What fires a rule: events, and midnights that come round."""

from collections.abc import Sequence

from loyalty_dsl.calendar import MONTHS, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_number
from loyalty_dsl.language.checking.clauses import Clause, report_missing
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.counting import event_named, names_event
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.misnamed import report_no_such_event
from loyalty_dsl.language.checking.numbering import numbered_by, of_whole_basket, verify_of_event
from loyalty_dsl.language.checking.occasions import (
    Closed,
    check_after_join,
    check_end,
    check_falls,
    check_reaches,
    check_rises,
    check_silence,
    take_clock,
)
from loyalty_dsl.language.checking.scope import ProgramScope, Read
from loyalty_dsl.language.checking.windows import (
    check_window,
    verify_present,
)
from loyalty_dsl.language.clocks import WindowStart, YearlyOf
from loyalty_dsl.language.conditions import All, Compare, Condition, CounterValue, Literal, Order
from loyalty_dsl.language.program import Trigger
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import EventKind, Kind
from loyalty_dsl.language.windows import Lifetime, Period, Rolling, YearOfMembership
from loyalty_dsl.source import Span

Occasion = (
    syntax.rules.OnEnd
    | syntax.rules.OnSilence
    | syntax.rules.OnReaches
    | syntax.rules.OnFalls
    | syntax.rules.OnRises
    | syntax.rules.OnAfterJoin
)
TriggerClause = syntax.OnClause | syntax.OnAnniversary | syntax.OnStart | Occasion
_AT_MIDNIGHT = "without an event of its own, so there is no amount and there are no fields"


@record
class Fired:
    """What the `on` clauses of a block come to.

    Attributes:
        triggers: those that are right.
        firings: where each `on` that could be read stands, and its kind of event; `None` for a midnight.
        readable: what `when`, and tables, of the block may read.
        closed: the window that has closed when it fires, whose counters it reads.
    """

    triggers: tuple[Trigger, ...]
    firings: tuple[tuple[Span, EventKind | None], ...]
    readable: Readable
    closed: Closed | None = None

    @property
    def kinds(self) -> tuple[EventKind, ...]:
        """The kinds of event, without midnights."""
        return tuple(kind for _, kind in self.firings if kind is not None)

    @property
    def clocks(self) -> bool:
        """Whether a midnight fires it."""
        return any(kind is None for _, kind in self.firings)


def check_triggers(
    scope: ProgramScope, clauses: Sequence[Clause], *, block: Span, what: str, before_rewards: bool = False
) -> Fired:
    """Every `on` of a block; what is wrong is reported and left out.

    Args:
        block: the block's header, where a missing `on` is reported.
        what: what the block is, as the message says it: "the rule `base`".
        before_rewards: whether it is asked while nothing has been taken off the basket yet.
    """
    written = [clause for clause in clauses if isinstance(clause, TriggerClause)]
    misplaced = any(isinstance(clause, syntax.When) and _names_event(scope, clause) for clause in clauses)
    if not written and not misplaced and not scope.losses.may_hold(block, "on"):
        report_missing(scope.findings, block, what, "on", "on purchase")
    triggers: list[Trigger] = []
    firings: list[tuple[Span, EventKind | None]] = []
    closed: list[Closed] = []
    for clause in written:
        match clause:
            case syntax.OnClause():
                found = _on(scope, clause, firings, before_rewards)
            case syntax.OnAnniversary():
                found = _anniversary(scope, clause, firings)
            case syntax.OnStart():
                found = _start(scope, clause, firings)
            case _:
                found = _occasion(scope, clause, firings, closed)
        if found is not None:
            triggers.append(found)
    _verify_alone(scope, written)
    return Fired(tuple(triggers), tuple(firings), _readable(firings), closed[0] if closed else None)


def _occasion(
    scope: ProgramScope,
    on: Occasion,
    firings: list[tuple[Span, EventKind | None]],
    closed: list[Closed],
) -> Trigger | None:
    match on:
        case syntax.rules.OnEnd():
            end = check_end(scope, on)
            kind = None if end is None else end[0]
            closed += [] if end is None else [end[1]]
        case syntax.rules.OnSilence():
            kind = check_silence(scope, on)
        case syntax.rules.OnReaches():
            kind = check_reaches(scope, on)
        case syntax.rules.OnFalls():
            kind = check_falls(scope, on)
        case syntax.rules.OnRises():
            kind = check_rises(scope, on)
        case syntax.rules.OnAfterJoin():
            kind = check_after_join(scope, on)
    if kind is None:
        return None
    firings.append((on.span, None))
    return Trigger(kind, None, on.span)


def _verify_alone(scope: ProgramScope, written: Sequence[TriggerClause]) -> None:
    """Refuses `on end of` a window beside any other `on`."""
    ends = [on for on in written if isinstance(on, syntax.rules.OnEnd)]
    if ends and (len(ends) < len(written) or len({on.of.span.text for on in ends}) > 1):
        scope.findings.report(
            "L330", ends[0].span, "at the end of a window a rule reads what has closed, and no other does",
            help="write a rule of its own for each other `on`",
        )  # fmt: skip


def _names_event(scope: ProgramScope, when: syntax.When) -> bool:
    """Whether a `when` says what an `on` should, which its check reports: `when purchase`."""
    test = when.condition
    return isinstance(test, syntax.Holds) and names_event(scope, test.measure)


def readable_where(kind: EventKind) -> Readable:
    """What `where` behind an event may read."""
    no_amount = None if kind.has_amount else f"a {kind.name} carries no amount; delete this test"
    return Readable(kind, no_amount=no_amount, beside=True)


def _readable(firings: Sequence[tuple[Span, EventKind | None]]) -> Readable:
    """What `when` may read: the event's fields only if the rule has one kind of event."""
    if not firings:  # what fires it is not known, which has been told
        return Readable(event=None)
    kinds = {kind.index: kind for _, kind in firings if kind is not None}
    clocks = any(kind is None for _, kind in firings)
    one_kind = len(kinds) == 1 and not clocks
    without = next((kind for kind in kinds.values() if not kind.has_amount), None)
    if clocks:
        only = f"this rule fires {_AT_MIDNIGHT}"
        also = f"this rule also fires {_AT_MIDNIGHT}"
        why = also if kinds else only
        return Readable(event=None, no_event=why, no_amount=why)
    return Readable(
        event=next(iter(kinds.values())) if one_kind else None,
        no_event=(
            f"this rule fires on {listed(sorted(kind.name for kind in kinds.values()))}; "
            "read a field behind `where` of the event that has it"
        ),
        no_amount=None
        if without is None
        else f"this rule also fires on `{without.name}`, which carries no amount"
        if not one_kind
        else f"a {without.name} carries no amount; delete this test",
    )


# ---- events


def _on(
    scope: ProgramScope,
    on: syntax.OnClause,
    firings: list[tuple[Span, EventKind | None]],
    before_rewards: bool,
) -> Trigger | None:
    if on.by is not None or on.within is not None or on.kept is not None:
        scope.findings.report(
            "L206", on.span, "only a `referral` fires on what a friend does, and says within which time",
            help="move it into a `referral` block" if on.by is not None
            else "test it: `when days since join <= 30`",
        )  # fmt: skip
        return None
    kind = scope.events.find(on.event.text)
    if kind is None and on.first is not None:
        kind = event_named(scope, on.event.text)
    if kind is None:
        return _on_date(scope, on, firings)
    firings.append((on.span, kind))
    where = None if on.where is None else check_condition(scope, readable_where(kind), on.where)
    if on.where is not None and where is None:
        return None
    if on.first is None:
        return Trigger(kind.index, where, on.span)
    if where is not None and before_rewards:
        where = of_whole_basket(where)
    first = _first_of(scope, kind, on, on.first, where)
    if first is None:
        return None
    return Trigger(kind.index, first if where is None else All((first, where)), on.span)


def _first_of(
    scope: ProgramScope, kind: EventKind, on: syntax.OnClause, number: syntax.Number, where: Condition | None
) -> Condition | None:
    """That an event is one of the member's first ones for which `where` holds (EARN-13)."""
    most = 1 if number.span.text == "first" else positive_number(scope, number, "events")
    if most is None or (where is not None and not verify_of_event(scope, where, (on.where or on).span)):
        return None
    counter = numbered_by(scope, kind, where, number.span)
    return Compare(CounterValue(counter), Order.LESS, Literal(most, Kind.NUMBER))


# ---- midnights


def _on_date(
    scope: ProgramScope, on: syntax.OnClause, firings: list[tuple[Span, EventKind | None]]
) -> Trigger | None:
    """`on birthday`: the day and month of a date of the member, every year."""
    name = on.event
    field = scope.member_fields.find(name.text)
    if field is None:
        if not scope.member_fields.may_be_unseen(name.text):
            _report_unknown(scope, name)
        return None
    if field.kind is not Kind.DATE:
        scope.findings.report(
            "L301", name.span,
            f"`{name.text}` is {type_in_words(field)}, and a rule fires each year on a date",
            secondary=[(field.span, "declared here")],
            help="write `on purchase`, and test it behind `when`",
        )  # fmt: skip
        return None
    if on.first is not None:
        scope.findings.report(
            "L206", on.span, f"`first` counts events, and `{name.text}` comes round every year",
            help="write `limit 1 time per lifetime`",
        )  # fmt: skip
        return None
    firings.append((on.span, None))
    scope.reads.append(Read(None, field, name.span, of_member=True))
    why = f"`{name.text}` comes at midnight, which carries no amount and no fields"
    where = None
    if on.where is not None:
        where = check_condition(scope, Readable(None, no_event=why, no_amount=why), on.where)
        if where is None:
            return None
    return Trigger(take_clock(scope, YearlyOf(field), name.text), where, on.span)


def _report_unknown(scope: ProgramScope, name: syntax.Name) -> None:
    if scope.events.may_be_unseen(name.text):
        return
    dates = [field.name for field in scope.member_fields.things() if field.kind is Kind.DATE]
    guess = nearest(name.text, [*scope.events, *dates])
    if guess is None or guess in scope.events:
        if name.text == "birthday":
            scope.findings.report(
                "L201", name.span, "there is no event `birthday`",
                help="declare the date: `member { birthday date }`",
            )  # fmt: skip
            return
        if not report_no_such_event(scope, name):
            scope.events.resolve(name)
        return
    scope.findings.report(
        "L201", name.span, f"there is no event `{name.text}`",
        secondary=[(scope.member_fields.span_of(guess), "a date of the member")],
        help=f"did you mean `{guess}`?",
    )  # fmt: skip


def _anniversary(
    scope: ProgramScope, on: syntax.OnAnniversary, firings: list[tuple[Span, EventKind | None]]
) -> Trigger | None:
    if on.of.text != "join":
        field = scope.member_fields.find(on.of.text)
        dated = field is not None and field.kind is Kind.DATE
        scope.findings.report(
            "L201", on.of.span, f"there is no anniversary of `{on.of.text}`",
            help=f"write `on {on.of.text}`, which comes round every year" if dated
            else "write `on anniversary of join`",
        )  # fmt: skip
        return None
    firings.append((on.span, None))
    return Trigger(take_clock(scope, YearlyOf(None), "anniversary of join"), None, on.span)


def _start(
    scope: ProgramScope, on: syntax.OnStart, firings: list[tuple[Span, EventKind | None]]
) -> Trigger | None:
    if isinstance(on.of, syntax.MonthName):
        firings.append((on.span, None))
        at = WindowStart(Unit.YEAR, on.of.month)
        return Trigger(take_clock(scope, at, f"start of {MONTHS[on.of.month - 1]}"), None, on.span)
    if not verify_present(scope, on.of, "the start that comes next is meant"):
        return None
    window = check_window(scope, on.of)
    match window:
        case None:
            return None
        case Unit():
            firings.append((on.span, None))
            return Trigger(
                take_clock(scope, WindowStart(window), f"start of calendar {window.value}"), None, on.span
            )
        case Period():
            firings.append((on.span, None))
            clock = take_clock(scope, WindowStart(window.unit, window.month), f"start of {window.name}")
            return Trigger(clock, None, on.span)
        case YearOfMembership() | Rolling() | Lifetime():
            scope.findings.report(
                "L330", on.of.span, f"`{on.of.span.text}` does not start on a day of the calendar",
                help="write `on anniversary of join`" if isinstance(window, YearOfMembership)
                else "write `on start of calendar month`, or `on join`",
            )  # fmt: skip
            return None
