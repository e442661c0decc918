"""What a condition reads: fields, amounts, balances, days.

What is there to read depends on where the condition stands: behind `on EVENT where` the fields of that
event, behind `for items where` the fields of items, behind `when` the event and the member's state.
"""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.counting import (
    counted_in_place,
    counts_without_window,
    names_counter,
    report_no_window,
)
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.misnamed import report_misread, report_shadowed
from loyalty_dsl.language.checking.pasts import past_counted
from loyalty_dsl.language.checking.scope import (
    Counted,
    CurrencyUnit,
    LadderName,
    ProgramScope,
    Read,
    Terms,
)
from loyalty_dsl.language.conditions import (
    BalanceOf,
    Base,
    CounterSum,
    CounterValue,
    DaysSince,
    DaysSinceJoin,
    EventAmount,
    EventField,
    IsReferred,
    ItemField,
    MemberField,
    Operand,
    StatusOf,
)
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import EventKind, Field, Kind
from loyalty_dsl.source import Span


@record
class Readable:
    """What a condition may read where it stands.

    Attributes:
        event: the kind of event whose fields it reads; `None` when it reads none, because of `no_event`.
        of_items: whether it is an item filter, which reads the fields of items and nothing else.
        no_amount: why there is no amount to read; `None` when there is one.
        no_state: why status, counters, balances, `referred` and `days since join` cannot be read; `None` when
            they can.
        no_balance: why balances cannot, although the rest of the state can.
        no_member: why fields of the member cannot be read.
        no_day: why the day of the week cannot be asked.
        no_audience: why audiences cannot be named, although the state can be read.
        ladder: the ladder whose own levels these are, which cannot be read.
        beside: whether a counter of the same name as a field of the event is shadowed by it (behind `where`),
            rather than making the name ambiguous.
    """

    event: EventKind | None
    of_items: bool = False
    no_event: str = ""
    no_event_code: str = "L309"
    no_amount: str | None = None
    no_state: str | None = None
    no_balance: str | None = None
    no_member: str | None = None
    no_day: str | None = None
    no_audience: str | None = None
    ladder: int | None = None
    beside: bool = False


@record
class Measured:
    """What a measure stands for.

    Attributes:
        scale: what a value that it is compared with is multiplied by.
        ratio: the ratio that it is; such a one is not compared by its operand alone.
        ladder: the ladder whose level it is.
        bare: whether a plain number is taken as an amount of `currency`, which the name already says.
    """

    operand: Operand
    kind: Kind
    words: str
    declared: Span | None = None
    field: Field | None = None
    currency: CurrencyUnit | None = None
    scale: int = 1
    ratio: Counted | None = None
    ladder: LadderName | None = None
    bare: bool = False


def check_measure(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    """What a measure stands for, or `None` when it stands for nothing that can be read here (reported)."""
    name = measure.name.text
    if measure.window is not None or measure.earned is not None:
        return _counted(scope, readable, measure)
    if measure.of is not None or measure.since is not None:
        return _state(scope, readable, measure)
    if readable.of_items:
        return _item_field(scope, measure)
    if name in ("amount", "basket"):
        if readable.no_amount is not None:
            scope.findings.report(
                "L309", measure.span, f"`{name}` cannot be read here", help=readable.no_amount
            )
            return None
        return Measured(EventAmount(Base(name)), Kind.MONEY, f"`{name}` is money")
    return _named(scope, readable, measure)


def _named(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    """A bare name: a field of the event, or something of the member's state."""
    name = measure.name
    has_field = readable.event is not None and readable.event.field(name.text) is not None
    counted, ladder = scope.counted.find(name.text), scope.ladders.find(name.text)
    other = counted or ladder
    if has_field and other is not None and not readable.beside and readable.no_state is None:
        what = "counter" if counted is not None else "ladder"
        scope.findings.report(
            "L208", measure.span, f"`{name.text}` is a {what} and a field of the event",
            secondary=[(other.span, f"the {what}"), (_span_of_field(readable, name.text), "the field")],
            help=f"read the field behind `where` of the event, or give the {what} another name",
        )  # fmt: skip
        return None
    if has_field:
        if other is not None and readable.beside:
            report_shadowed(scope, measure, "counter" if counted is not None else "ladder", other.span)
        return _event_field(scope, readable, measure)
    field = scope.member_fields.find(name.text)
    if field is not None:
        if readable.no_member is not None:
            _report_unreadable(scope, measure, readable.no_member)
            return None
        scope.reads.append(Read(None, field, measure.span, of_member=True))
        return _field(MemberField(field), field)
    if name.text == "referred" or counted is not None or ladder is not None:
        if readable.no_state is not None:
            _report_unreadable(scope, measure, readable.no_state)
            return None
        if ladder is not None:
            return _level(scope, readable, measure, ladder)
        if counted is not None:
            return value_of_counter(counted)
        return Measured(IsReferred(), Kind.YES_NO, "`referred` is yes/no")
    if any(names.may_be_unseen(name.text) for names in (scope.member_fields, scope.counted, scope.ladders)):
        return None
    if readable.no_state is None and not names_counter(scope, measure):
        report_no_window(scope, measure)
        return None
    ladder = next((each for each in scope.ladders.things() if name.text in each.levels), None)
    if ladder is not None and readable.no_state is None:
        scope.findings.report(
            "L201", name.span, f"`{name.text}` is a level of `{ladder.name}`",
            secondary=[(ladder.span, "declared here")], help=f"write `{ladder.name} >= {name.text}`",
        )  # fmt: skip
        return None
    return _event_field(scope, readable, measure)


def _span_of_field(readable: Readable, name: str) -> Span | None:
    field = None if readable.event is None else readable.event.field(name)
    return None if field is None else field.span


def _report_unreadable(scope: ProgramScope, measure: syntax.Measure, why: str) -> None:
    scope.findings.report("L309", measure.span, f"`{measure.span.text}` cannot be read here", help=why)


def _level(
    scope: ProgramScope, readable: Readable, measure: syntax.Measure, ladder: LadderName
) -> Measured | None:
    if readable.ladder == ladder.index:
        why = f"these are the levels of `{ladder.name}` itself; count what earns them"
        _report_unreadable(scope, measure, why)
        return None
    words = f"`{ladder.name}` is a level: one of {listed(ladder.levels, 'or')}"
    return Measured(StatusOf(ladder.index), Kind.LEVEL, words, ladder.span, ladder=ladder)


def value_of_counter(counted: Counted) -> Measured:
    """A declared counter or total as something to compare."""
    match counted.kind:
        case Kind.UNITS if counted.currency is not None:
            words = f"`{counted.name}` is an amount of `{counted.currency.name}`"
        case Kind.MONEY:
            words = f"`{counted.name}` is money"
        case _:
            words = f"`{counted.name}` is a {'ratio' if counted.divisor is not None else 'number'}"
    operand = sum_of(counted.terms) if counted.counter is None else CounterValue(counted.counter)
    return Measured(
        operand, counted.kind, words, counted.span, currency=counted.currency, scale=counted.scale,
        ratio=counted if counted.divisor is not None else None, bare=True,
    )  # fmt: skip


def sum_of(terms: Terms) -> CounterSum:
    """A sum of counters as an operand."""
    return CounterSum(tuple((each, CounterValue(counter)) for each, counter in terms))


def _counted(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    """A measure that counts, written in place."""
    no_state = "an item filter reads the fields of items" if readable.of_items else readable.no_state
    if no_state is not None:
        _report_unreadable(scope, measure, no_state)
        return None
    if measure.window is None:
        report_no_window(scope, measure)
        return None
    known = scope.counted.find(measure.name.text) if names_counter(scope, measure) else None
    if known is not None:
        past = past_counted(scope, known, measure.window)
        return None if past is None else value_of_counter(past)
    if (found := counted_in_place(scope, measure, measure.window)) is None:
        return None
    value, counting = found
    words = f"`{measure.span.text}` is {counting.words}"
    return Measured(value, counting.kind, words, currency=counting.currency, bare=True)


def _state(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    known = (measure.name.text, None if measure.since is None else measure.since.text)
    if measure.of is not None and known != ("balance", None):
        if counts_without_window(scope, measure):
            report_no_window(scope, measure)
        else:
            _report_unknown_measure(scope, measure, "balance of CURRENCY")
        return None
    since = _date_named(scope, readable, measure)
    if measure.of is None and known != ("days", "join") and (known[0] != "days" or since is None):
        _report_unknown_measure(scope, measure, "days since join")
        return None
    if readable.of_items:
        scope.findings.report(
            "L309", measure.span, f"`{measure.span.text}` cannot be read here",
            help="an item filter reads the fields of items; put this behind `when`",
        )  # fmt: skip
        return None
    if since is not None:
        return _days_since(scope, readable, measure, since)
    if readable.no_state is not None:
        _report_unreadable(scope, measure, readable.no_state)
        return None
    if measure.of is None:
        return Measured(DaysSinceJoin(), Kind.NUMBER, "`days since join` is a number of days")
    if readable.no_balance is not None:
        _report_unreadable(scope, measure, readable.no_balance)
        return None
    currency = scope.currencies.resolve(measure.of)
    if currency is None:
        return None
    words = f"`{measure.span.text}` is an amount of `{currency.name}`"
    return Measured(BalanceOf(currency.index), Kind.UNITS, words, currency.span, currency=currency)


def _date_named(
    scope: ProgramScope, readable: Readable, measure: syntax.Measure
) -> EventField | MemberField | None:
    """The field of the event or of the member that days are counted from."""
    if measure.since is None or readable.of_items:
        return None
    name = measure.since.text
    field = None if readable.event is None else readable.event.field(name)
    if field is not None:
        return EventField(field)
    known = scope.member_fields.find(name)
    return None if known is None else MemberField(known)


def _days_since(
    scope: ProgramScope, readable: Readable, measure: syntax.Measure, since: EventField | MemberField
) -> Measured | None:
    field, of_member = since.field, isinstance(since, MemberField)
    if of_member and readable.no_member is not None:
        _report_unreadable(scope, measure, readable.no_member)
        return None
    if field.kind is not Kind.DATE:
        scope.findings.report(
            "L301", measure.span,
            f"`{field.name}` is {type_in_words(field)}, and days are counted from a date",
            secondary=[(field.span, "declared here")], help="compare it without `days since`",
        )  # fmt: skip
        return None
    event = None if of_member or readable.event is None else readable.event.index
    scope.reads.append(Read(event, field, measure.span, of_member=of_member))
    return Measured(DaysSince(since), Kind.NUMBER, f"`{measure.span.text}` is a number of days", field.span)


def report_mismatch(
    scope: ProgramScope, measured: Measured, span: Span, why: str, *,
    help: str, code: str = "L301", edit: Edit | None = None,
) -> None:  # fmt: skip
    """Reports a test that does not suit what it reads.

    Args:
        why: the rest of the sentence that begins with what the measure is.
    """
    declared = [(measured.declared, "declared here")]
    scope.findings.report(code, span, f"{measured.words}, {why}", secondary=declared, help=help, edit=edit)


def _report_unknown_measure(scope: ProgramScope, measure: syntax.Measure, form: str) -> None:
    scope.findings.report(
        "L201", measure.span, f"`{measure.span.text}` is not something that can be measured",
        help=f"did you mean `{form}`?",
    )  # fmt: skip


def _event_field(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    name = measure.name
    if readable.event is None:
        if not readable.no_event:
            return None
        guess = nearest(name.text, _state_names(scope, readable))
        if guess is not None and not _is_field(scope, name.text):
            scope.findings.report(
                "L201", name.span, f"there is nothing called `{name.text}` to read here",
                help=f"did you mean `{guess}`?", edit=Edit(name.span, guess),
            )  # fmt: skip
            return None
        if report_misread(scope, name, None):
            return None
        scope.findings.report(
            readable.no_event_code, measure.span, f"`{name.text}` cannot be read here", help=readable.no_event
        )
        return None
    fields = scope.fields_of(readable.event)
    field = fields.find(name.text)
    if field is not None:
        scope.reads.append(Read(readable.event.index, field, measure.span))
        return _field(EventField(field), field)
    if fields.may_be_unseen(name.text):
        return None
    if scope.item_fields.find(name.text) is not None:
        scope.findings.report(
            "L201",
            name.span,
            f"`{name.text}` is a field of items, not of `{readable.event.name}`",
            secondary=[(scope.item_fields.span_of(name.text), "declared here")],
            help=f"write `for items where {name.text} ...` on a line of its own",
        )
        return None
    if report_misread(scope, name, readable.event):
        return None
    guess = nearest(name.text, [*fields, "amount", "basket", *_state_names(scope, readable)])
    if guess is not None and fields.find(guess) is None:
        scope.findings.report(
            "L201", name.span, f"there is no field `{name.text}` of `{readable.event.name}`",
            help=f"did you mean `{guess}`?", edit=Edit(name.span, guess or ""),
        )  # fmt: skip
    else:
        help = None if len(fields) else f"declare it: `event {readable.event.name} {{ {name.text} yes/no }}`"
        fields.report_unknown(name, help=help)
    return None


def _is_field(scope: ProgramScope, name: str) -> bool:
    """Whether any kind of event has such a field."""
    return name in ("amount", "basket") or any(kind.field(name) is not None for kind in scope.events.things())


def _state_names(scope: ProgramScope, readable: Readable) -> list[str]:
    """The names of the member's state that may be read."""
    names = [] if readable.no_member is not None else list(scope.member_fields)
    return names if readable.no_state is not None else [*names, *scope.counted, *scope.ladders]


def _item_field(scope: ProgramScope, measure: syntax.Measure) -> Measured | None:
    name = measure.name
    if name.text in ("amount", "basket"):
        scope.findings.report(
            "L309", measure.span, f"`{name.text}` cannot be read here",
            help=f"an item filter reads the fields of items; write `on purchase where {name.text} ...`",
        )  # fmt: skip
        return None
    help = None if len(scope.item_fields) else f"declare it: `item {{ {name.text} one of ... }}`"
    field = scope.item_fields.resolve(name, help=help)
    if field is None:
        return None
    scope.reads.append(Read(None, field, measure.span))
    return _field(ItemField(field), field)


def _field(operand: Operand, field: Field) -> Measured:
    declared = None if field.kind is Kind.TIME else field.span
    return Measured(operand, field.kind, f"`{field.name}` is {type_in_words(field)}", declared, field=field)
