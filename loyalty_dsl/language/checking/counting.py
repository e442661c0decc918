"""What a counter counts: a measure and its window, behind `counter NAME =` or inside a condition.

Invariant: equal measures in equal windows with equal filters are one counter, unless both are declared.
"""

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.pasts import check_windows_ago, past_of
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.windows import check_window, is_previous
from loyalty_dsl.language.conditions import Condition, CounterValue
from loyalty_dsl.language.counters import (
    Counter,
    EarnedMeasure,
    EventsMeasure,
    FieldMeasure,
    ItemsMeasure,
    Measure,
    SpendMeasure,
)
from loyalty_dsl.language.plurals import other_numbers, plurals_of
from loyalty_dsl.language.records import record
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.types import PURCHASE, EventKind, Kind
from loyalty_dsl.language.windows import Period, Window, YearOfMembership
from loyalty_dsl.source import Span

WORDS = ("spend", "items")
"""Measures that the language knows; every kind of event is one too, by its name or plural."""


@record
class Counting:
    """A measure that counts, without its window.

    Attributes:
        event: the kind of event that it counts; `None` when several.
        of_items: whether its filter is one of items.
        words: what it is, as messages say it behind "is".
    """

    measure: Measure
    event: EventKind | None
    of_items: bool
    kind: Kind
    currency: CurrencyUnit | None
    words: str


def check_counting(scope: ProgramScope, measure: syntax.Measure) -> Counting | None:
    """What a measure counts, or `None` when it counts nothing (reported)."""
    if measure.earned is not None:
        return _earned(scope, measure, measure.earned)
    name = measure.name
    if name.text == "spend":
        return _spend(scope, measure)
    if name.text == "items" and measure.of is None:
        if not len(scope.item_fields) and not scope.item_fields.unseen:
            scope.findings.report(
                "L309", name.span, "purchases of this program have no items",
                help="declare them: `item { category one of ... }`",
            )  # fmt: skip
            return None
        purchase = scope.events.find("purchase")
        return Counting(ItemsMeasure(), purchase, True, Kind.NUMBER, None, "a number of items")
    if measure.of is not None:
        return _field(scope, name, measure.of)
    kind = event_named(scope, name.text)
    if kind is not None:
        return Counting(EventsMeasure(kind.index), kind, False, Kind.NUMBER, None, f"a number of {name.text}")
    if not scope.events.may_be_unseen(name.text):
        _report_unknown(scope, name)
    return None


def event_named(scope: ProgramScope, text: str) -> EventKind | None:
    """The kind of event of this name, or of this plural."""
    for form in (text, *other_numbers(text)):
        kind = scope.events.find(form)
        if kind is not None:
            return kind
    return None


def names_counter(scope: ProgramScope, measure: syntax.Measure) -> bool:
    """Whether a measure can only be the name of a counter, in a window some time ago."""
    alone = measure.of is None and measure.earned is None and measure.since is None
    return alone and measure.name.text not in WORDS and event_named(scope, measure.name.text) is None


def names_event(scope: ProgramScope, measure: syntax.Measure) -> bool:
    """Whether a measure is the bare name of a kind of event, which fires rules and is nothing to read."""
    parts = (measure.of, measure.since, measure.window, measure.earned)
    return all(part is None for part in parts) and scope.events.find(measure.name.text) is not None


def counts_without_window(scope: ProgramScope, measure: syntax.Measure) -> bool:
    """Whether a measure of something would count, if it had a window."""
    name = measure.name.text
    kind = None if measure.of is None else event_named(scope, measure.of.text)
    return measure.of is not None and (name == "spend" or (kind is not None and kind.field(name) is not None))


def _report_unknown(scope: ProgramScope, name: syntax.Name) -> None:
    words = [*WORDS, *(plurals_of(kind)[0] for kind in scope.events)]
    guess = nearest(name.text, words)
    holder = next((kind for kind in scope.events.things() if kind.field(name.text) is not None), None)
    help = "count `spend`, `items`, a kind of event such as `purchases`, or `points earned`"
    currency = scope.currencies.find(name.text)
    if currency is not None:
        help = f"write `{currency.name} earned`"
    elif holder is not None:
        help = f"write `{name.text} of {holder.name}`"
    elif guess is not None:
        help = f"did you mean `{guess}`?"
    scope.findings.report("L201", name.span, f"`{name.text}` is not something that can be counted", help=help)


def report_no_window(scope: ProgramScope, measure: syntax.Measure) -> None:
    """Reports a measure that counts, inside a condition, without a window."""
    scope.findings.report(
        "L204", measure.span, f"`{measure.span.text}` does not say in which window it counts",
        help=f"write `{measure.span.text} in calendar year`, or `in lifetime`",
    )  # fmt: skip


def _spend(scope: ProgramScope, measure: syntax.Measure) -> Counting | None:
    of = measure.of
    if of is None or of.text in ("items", "item"):
        purchase = scope.events.find("purchase")
        return Counting(SpendMeasure(PURCHASE), purchase, of is not None, Kind.MONEY, None, "money")
    kind = event_named(scope, of.text)
    if kind is None:
        scope.events.resolve(of, help="write `spend`, `spend of items` or `spend of` a kind of event")
        return None
    if not kind.has_amount:
        scope.findings.report(
            "L309", of.span, f"a {kind.name} carries no amount", help="count another kind of event"
        )
        return None
    return Counting(SpendMeasure(kind.index), kind, False, Kind.MONEY, None, "money")


def _field(scope: ProgramScope, name: syntax.Name, of: syntax.Name) -> Counting | None:
    kind = event_named(scope, of.text)
    if kind is None and of.text in ("amount", "amounts", "basket", "baskets"):
        scope.findings.report(
            "L201", name.span, f"`{name.text} of {of.text}` is not something that can be counted",
            help="money that is spent is counted by `spend in calendar year`",
        )  # fmt: skip
        return None
    if kind is None:
        scope.events.resolve(of)
        return None
    fields = scope.fields_of(kind)
    if name.text in ("number", "count", "total") and fields.find(name.text) is None:
        scope.findings.report(
            "L201", name.span, f"there is no field `{name.text}` of `{kind.name}`",
            help=f"events are counted by their name alone: `{plurals_of(kind.name)[0]} in calendar year`",
        )  # fmt: skip
        return None
    field = fields.resolve(name)
    if field is None:
        return None
    if field.kind not in (Kind.NUMBER, Kind.MONEY):
        scope.findings.report(
            "L301", name.span,
            f"`{field.name}` is {type_in_words(field)}, and only numbers and money can be added up",
            secondary=[(field.span, "declared here")],
            help=f"count the events: `{plurals_of(kind.name)[0]} in calendar year where {field.name} ...`",
        )  # fmt: skip
        return None
    scope.note_quantity(kind.index, field, name.span)
    words = "money" if field.kind is Kind.MONEY else f"a number of {field.name}"
    return Counting(FieldMeasure(kind.index, field), kind, False, field.kind, None, words)


def _earned(scope: ProgramScope, measure: syntax.Measure, by: tuple[syntax.Name, ...]) -> Counting | None:
    currency = scope.currencies.resolve(measure.name)
    if currency is None:
        return None
    rules: dict[int, None] = {}
    options: dict[int, None] = {}
    complete = True
    for name in by:
        its = options_of(scope, name.text)
        if its and currency.name != name.text:  # a menu gives its choices, and its options the rest
            options |= dict.fromkeys(its)
            continue
        found = _rules_named(scope, name)
        given = scope.giving(name.text)
        complete = complete and found is not None
        if found is not None and given is not None and given.index != currency.index:
            complete = False
            scope.findings.report(
                "L302", name.span, f"`{name.text}` gives {given.name}, not {currency.name}",
                help=f"write `{given.name} earned by {name.text}`, or name a rule that gives {currency.name}",
            )  # fmt: skip
        rules |= dict.fromkeys(found or ())
    if not by:
        all_rules = scope.earns.things()
        rules = {each.index: None for each in all_rules if each.gives is not None and each.gives == currency}
        options = dict.fromkeys(options_of(scope, None))
    if not complete:
        return None
    return Counting(
        EarnedMeasure(currency.index, tuple(rules), tuple(options), every=not by),
        None, False, Kind.UNITS, currency,
        f"an amount of `{currency.name}`",
    )  # fmt: skip


def options_of(scope: ProgramScope, menu: str | None) -> tuple[int, ...]:
    """The options of a menu, or of all menus, with what those give by themselves."""
    return tuple(
        each.index for each in scope.rewards.things() if each.menu and (menu is None or each.menu == menu)
    )


def _rules_named(scope: ProgramScope, name: syntax.Name) -> tuple[int, ...] | None:
    """The earn rules that a name stands for: one, or all of a group."""
    rule, group = scope.earns.find(name.text), scope.groups.find(name.text)
    if rule is not None:
        return (rule.index,)
    if group is not None:
        return group.rules
    report_no_earn_rule(scope, name)
    return None


def report_no_earn_rule(scope: ProgramScope, name: syntax.Name) -> None:
    """Reports a name that is of no earn rule and of no group, unless it may stand where nobody could read."""
    if scope.earns.may_be_unseen(name.text):
        return
    if name.text in scope.rules:
        scope.findings.report(
            "L201", name.span, f"`{name.text}` is not an earn rule",
            secondary=[(scope.rules.span_of(name.text), "declared here")],
            help="name an `earn` rule or a `group`",
        )  # fmt: skip
        return
    guess = nearest(name.text, [*scope.earns, *scope.groups])
    scope.findings.report(
        "L201", name.span, f"there is no earn rule or group `{name.text}`",
        help=f"did you mean `{guess}`?" if guess else "name an `earn` rule or a `group`",
    )  # fmt: skip


def take_counter(
    scope: ProgramScope,
    measure: Measure,
    window: Window,
    where: Condition | None = None,
    items: Condition | None = None,
    *,
    kind: Kind,
    currency: int = -1,
    name: str,
    span: Span,
) -> int:
    """The number of the counter with this measure, which is made if there is none yet."""
    for counter in scope.counters:
        same = (counter.measure, counter.window, counter.where, counter.items)
        if same == (measure, window, where, items) and counter.carry is None and counter.limit is None:
            return counter.index
    made = Counter(
        name=name, label=name, index=len(scope.counters), measure=measure, window=window, where=where,
        items=items, kind=kind, currency=currency, span=span,
    )  # fmt: skip
    scope.counters.append(made)
    return made.index


def counted_in_place(
    scope: ProgramScope, measure: syntax.Measure, written: syntax.AnyWindow
) -> tuple[CounterValue, Counting] | None:
    """The value of a measure that is written inside a condition, with what it counts."""
    counting = check_counting(scope, measure)
    window = check_window(scope, written)
    if counting is None or window is None:
        return None
    windows = check_windows_ago(scope, written, window)
    if windows is None:
        return None
    previous = is_previous(written)
    if previous and not isinstance(window, Unit | Period | YearOfMembership):
        scope.findings.report(
            "L330", written.span, f"`{written.span.text}` has no window before it",
            help="write `previous calendar month`, for one",
        )  # fmt: skip
        return None
    words = " ".join(measure.span.text.split()).replace("previous ", "")
    if isinstance(written, syntax.leaves.PastWindow):
        words = words.removesuffix(f" {' '.join(written.ago.span.text.split())} ago")
    number = take_counter(
        scope, counting.measure, window,
        kind=counting.kind, currency=-1 if counting.currency is None else counting.currency.index,
        name=words, span=measure.span,
    )  # fmt: skip
    if windows:
        return CounterValue(past_of(scope, number, windows)), counting
    return CounterValue(number, previous), counting
