"""The fields and items of a scenario's event, and what becomes known of the member with it.

A field that the program reads must be given; one that it never reads may be left out.
"""

from collections.abc import Iterator

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import LARGEST, day, whole_money, whole_number
from loyalty_dsl.language.checking.fields import example_value, position_of, type_in_words
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.times import TIME_OF_DAY
from loyalty_dsl.language.scenario import ScenarioItem
from loyalty_dsl.language.types import PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER, MAX_TIMES
from loyalty_dsl.source import Span


def check_values(
    scope: ProgramScope,
    kind: EventKind,
    written: tuple[syntax.WithValue, ...],
    event: Span,
    minute: int | None,
) -> tuple[int, ...] | None:
    """The values of an event's fields, by index; 0 for a field that nothing reads and that is not given.

    Args:
        minute: its time of day, where it is written.
    """
    return _values(scope, scope.fields_of(kind), kind.index, written, event, minute=minute)


def check_member_values(
    scope: ProgramScope, written: tuple[syntax.WithValue, ...]
) -> tuple[tuple[tuple[int, int], ...], tuple[syntax.WithValue, ...]]:
    """The fields of the member that are given with an event, as pairs of index and value, and the rest."""
    pairs: dict[int, int] = {}
    first: dict[int, syntax.WithValue] = {}
    rest = []
    for each in written:
        field = scope.member_fields.find(each.field.text)
        if field is None:
            rest.append(each)
            continue
        earlier = first.setdefault(field.index, each)
        if earlier is not each:
            _report_twice(scope, field, each, earlier)
            continue
        value = value_of_field(scope, field, each.value, LARGEST)
        if value is not None:
            pairs[field.index] = value
    return tuple(sorted(pairs.items())), tuple(rest)


def _report_twice(
    scope: ProgramScope, field: Field, again: syntax.WithValue, earlier: syntax.WithValue
) -> None:
    scope.findings.report(
        "L205", again.span, f"`{field.name}` is given twice", label="again here",
        secondary=[(earlier.span, "first given here")], help="keep the one that is meant",
    )  # fmt: skip


def check_items(scope: ProgramScope, line: syntax.EventLine | syntax.ReturnLine) -> list[ScenarioItem | None]:
    """The items of an event, or those that are returned; `None` for one that is wrong."""
    if line.items and isinstance(line, syntax.EventLine) and line.event.text != "purchase":
        scope.findings.report(
            "L506", line.items[0].span, f"only a purchase has items, and this is a `{line.event.text}`",
            secondary=[(line.event.span, "this event")], help="delete the items",
        )  # fmt: skip
        return [None]
    return [_item(scope, item) for item in line.items]


def _item(scope: ProgramScope, item: syntax.ItemLine) -> ScenarioItem | None:
    price = whole_money(scope, item.price, MAX_AMOUNT)
    fields = _values(scope, scope.item_fields, None, item.values, item.price.span)
    return None if price is None or fields is None else ScenarioItem(price, fields)


def _values(
    scope: ProgramScope,
    names: Names[Field],
    event: int | None,
    written: tuple[syntax.WithValue, ...],
    place: Span,
    *,
    minute: int | None = None,
) -> tuple[int, ...] | None:
    errors = scope.findings.errors
    values: dict[str, int] = {} if minute is None else {TIME_OF_DAY: minute}
    first: dict[str, syntax.WithValue] = {}
    for each in written:
        field = _resolve(scope, names, event, each)
        if field is None:
            continue
        earlier = first.setdefault(field.name, each)
        if earlier is not each:
            _report_twice(scope, field, each, earlier)
            continue
        most = MAX_NUMBER if (event, field.index) in scope.quantities else LARGEST
        if (event, field.index) in scope.multipliers:
            most = MAX_TIMES
        value = value_of_field(scope, field, each.value, most)
        if value is not None:
            values[field.name] = value
    for field in _read_fields(scope, event):
        if field.name not in {*first, *values} and names.find(field.name) is not None:
            reader = next(read for read in scope.reads if read.field == field and read.event == event)
            scope.findings.report(
                "L503", place, f"`{field.name}` is not given",
                secondary=[(reader.span, "the program reads it here"), (field.span, "declared here")],
                help=_given_so(field, behind=bool(written)),
            )  # fmt: skip
    if scope.findings.errors > errors:
        return None
    return tuple(values.get(name, 0) for name in names)


def _given_so(field: Field, *, behind: bool) -> str:
    """How the value of a field is written; behind what is given already a comma goes before it."""
    if field.kind is Kind.TIME:
        return "write it behind the day, such as `on 2026-03-01 14:30`"
    value = f"{field.name} {'no' if field.kind is Kind.YES_NO else example_value(field)}"
    return f"write `, {value}` at the end of the line" if behind else f"write `with {value}`"


def _resolve(
    scope: ProgramScope, names: Names[Field], event: int | None, each: syntax.WithValue
) -> Field | None:
    text = each.field.text
    known = names.find(text)
    if known is not None and known.kind is Kind.TIME:
        scope.findings.report(
            "L506", each.span, "the time of an event stands behind its day",
            help="write `on 2026-03-01 14:30`, and delete it here",
        )  # fmt: skip
        return None
    if (
        names.find(text) is None
        and not names.may_be_unseen(text)
        and event == PURCHASE
        and scope.item_fields.find(text)
    ):
        scope.findings.report(
            "L201", each.field.span, f"`{text}` is a field of items, not of the purchase",
            secondary=[(scope.item_fields.span_of(text), "declared here")],
            help=f"write it with an item: `{{ item $6.00 with {each.span.text} }}`",
        )  # fmt: skip
        return None
    return names.resolve(each.field)


def _read_fields(scope: ProgramScope, event: int | None) -> Iterator[Field]:
    seen = set()
    for read in scope.reads:
        if read.event == event and not read.of_member and read.field.name not in seen:
            seen.add(read.field.name)
            yield read.field


def value_of_field(scope: ProgramScope, field: Field, value: syntax.Value, most: int) -> int | None:
    """A written value of a field, in its units; `most` is the largest number that it may be."""
    match field.kind, value:
        case Kind.YES_NO, syntax.YesNo():
            return int(value.value)
        case Kind.ONE_OF, syntax.Name():
            return position_of(scope.findings, field, value)
        case Kind.NUMBER, syntax.Number():
            return whole_number(scope, value, most=most)
        case Kind.MONEY, syntax.Money():
            return whole_money(scope, value, MAX_AMOUNT if most < LARGEST else LARGEST)
        case Kind.DATE, syntax.DateLiteral():
            return day(scope, value)
    scope.findings.report(
        "L307" if field.kind is Kind.YES_NO else "L301",
        value.span,
        f"`{value.span.text}` is not a value of `{field.name}`, which is {type_in_words(field)}",
        secondary=[(field.span, "declared here")],
        help=f"write `{field.name} {example_value(field)}`",
    )
    return None
