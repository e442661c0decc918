"""What a condition reads: fields, amounts, balances, days.

What is there to read depends on where the condition stands: behind `on EVENT where` the fields of that
event, behind `for items where` the fields of items, behind `when` the event and the member's state.
"""

import attrs

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope, Read
from loyalty_dsl.language.conditions import (
    BalanceOf,
    Base,
    DaysSinceJoin,
    EventAmount,
    EventField,
    ItemField,
    Operand,
)
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.types import EventKind, Field, Kind
from loyalty_dsl.source import Span


@attrs.frozen
class Readable:
    """What a condition may read where it stands.

    Attributes:
        event: the kind of event whose fields it reads; `None` when it reads none, because of `no_event`.
        of_items: whether it is an item filter, which reads the fields of items and nothing else.
        no_amount: why there is no amount to read; `None` when there is one.
    """

    event: EventKind | None
    of_items: bool = False
    no_event: str = ""
    no_event_code: str = "L309"
    no_amount: str | None = None


@attrs.frozen
class Measured:
    """What a measure stands for."""

    operand: Operand
    kind: Kind
    words: str
    declared: Span | None = None
    field: Field | None = None
    currency: CurrencyUnit | None = None


def check_measure(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    """What a measure stands for, or `None` when it stands for nothing that can be read here (reported)."""
    name = measure.name.text
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
    return _event_field(scope, readable, measure)


def _state(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    known = (measure.name.text, None if measure.since is None else measure.since.text)
    if measure.of is not None and known != ("balance", None):
        _report_unknown_measure(scope, measure, "balance of CURRENCY")
        return None
    if measure.of is None and known != ("days", "join"):
        _report_unknown_measure(scope, measure, "days since join")
        return None
    if readable.of_items:
        scope.findings.report(
            "L309", measure.span, f"`{measure.span.text}` cannot be read here",
            help="an item filter reads the fields of items; put this behind `when`",
        )  # fmt: skip
        return None
    if measure.of is None:
        return Measured(DaysSinceJoin(), Kind.NUMBER, "`days since join` is a number of days")
    currency = scope.currencies.resolve(measure.of)
    if currency is None:
        return None
    words = f"`{measure.span.text}` is an amount of `{currency.name}`"
    return Measured(BalanceOf(currency.index), Kind.UNITS, words, currency.span, currency=currency)


def report_mismatch(
    scope: ProgramScope, measured: Measured, span: Span, why: str, *, help: str, code: str = "L301"
) -> None:
    """Reports a test that does not suit what it reads.

    Args:
        why: the rest of the sentence that begins with what the measure is.
    """
    declared = [(measured.declared, "declared here")]
    scope.findings.report(code, span, f"{measured.words}, {why}", secondary=declared, help=help)


def _report_unknown_measure(scope: ProgramScope, measure: syntax.Measure, form: str) -> None:
    scope.findings.report(
        "L201", measure.span, f"`{measure.span.text}` is not something that can be measured",
        help=f"did you mean `{form}`?",
    )  # fmt: skip


def _event_field(scope: ProgramScope, readable: Readable, measure: syntax.Measure) -> Measured | None:
    name = measure.name
    if readable.event is None:
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
    guess = nearest(name.text, [*fields, "amount", "basket"])
    in_money = guess in ("amount", "basket") and fields.find(guess) is None
    if in_money:
        scope.findings.report(
            "L201", name.span, f"there is no field `{name.text}` of `{readable.event.name}`",
            help=f"did you mean `{guess}`?", edit=Edit(name.span, guess or ""),
        )  # fmt: skip
    else:
        help = None if len(fields) else f"declare it: `event {readable.event.name} {{ {name.text} yes/no }}`"
        fields.report_unknown(name, help=help)
    return None


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
    return Measured(operand, field.kind, f"`{field.name}` is {type_in_words(field)}", field.span, field=field)
