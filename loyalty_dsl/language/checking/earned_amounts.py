"""What one amount of an earn rule is: a rate of money or of a number, per item, a share.

Invariant: an amount has something to count at every event that fires the rule.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Amount, PerField, PerItem, PerMoney
from loyalty_dsl.language.checking.amounts import (
    fine_enough,
    more_than_nothing,
    positive_money,
    positive_number,
    positive_quantity,
    unit_quantity,
)
from loyalty_dsl.language.checking.counting import event_named, report_no_earn_rule
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.member_amounts import member_field, per_member_field
from loyalty_dsl.language.checking.misnamed import EVENT_WORDS
from loyalty_dsl.language.checking.order import Reference
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.triggers import Fired
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.program import Combine
from loyalty_dsl.language.records import record
from loyalty_dsl.language.spelling import MONEY_WORDS
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.language.types import PURCHASE, EventKind, Field, Kind
from loyalty_dsl.quantities import symbol_of
from loyalty_dsl.source import Span


@record
class Given:
    """An amount, and the currency that it is of; `None` for nothing."""

    amount: Amount
    currency: CurrencyUnit | None
    span: Span


@attrs.define
class Earning:
    """A rule whose amounts are being checked.

    Attributes:
        references: what it turned out to be a share of.
        told: whether it has been said that there is no money, or no items, to count.
    """

    fired: Fired
    references: list[Reference] = attrs.field(factory=list)
    told: bool = False


def refer_to(scope: ProgramScope, earning: Earning, name: syntax.Name) -> tuple[int, ...] | None:
    """The rules that a name stands for, noted as what must come first; a wrong one is reported."""
    rule, group = scope.earns.find(name.text), scope.groups.find(name.text)
    if rule is not None:
        together = None if rule.group is None else scope.groups.find(rule.group)
        if together is not None and together.combine not in (Combine.ADD, None):
            scope.findings.report(
                "L328", name.span,
                f"`{rule.name}` is in `{together.name}`, of which only one rule is paid",
                secondary=[(rule.span, "the rule"), (together.span, "its group")],
                help=f"name the group: `{together.name}` is what its rules give together",
                edit=Edit(name.span, together.name),
            )  # fmt: skip
            return None
        needs = (rule.index,) if together is None else together.rules
        earning.references.append(Reference(frozenset(needs), name.text, name.span))
        return (rule.index,)
    if group is not None:
        if not group.rules:
            scope.findings.report(
                "L310", name.span, f"no rule is in `{group.name}`, so a share of it is nothing",
                secondary=[(group.span, "the group")], help=f"write `in {group.name}` in some rules",
            )  # fmt: skip
            return None
        earning.references.append(Reference(frozenset(group.rules), name.text, name.span))
        return group.rules
    report_no_earn_rule(scope, name)
    return None


# ---- per money


def per_money(scope: ProgramScope, earning: Earning, give: syntax.GivePerMoney) -> Given | None:
    found = positive_quantity(scope, give.quantity) if give.whole else unit_quantity(scope, give.quantity)
    per = positive_money(scope, give.per)
    of = money_of(scope, earning, give.of, give.span)
    if found is None or per is None or of is None:
        return None
    currency, units = found[0], found[1]
    if not give.whole and not _fine_rate(scope, units.numerator, give.quantity):
        return None
    rate = (units.numerator, per * units.denominator, give.whole)
    amount = PerField(*rate, of) if isinstance(of, Field) else PerMoney(*rate, of)
    return Given(amount, currency, give.span)


def times_field(scope: ProgramScope, earning: Earning, give: syntax.amounts.GiveTimes) -> Given | None:
    """A rate that a number of the event multiplies (MULTIPLE-1)."""
    rate, name = give.rate, give.times
    found = (
        per_money(scope, earning, rate)
        if isinstance(rate, syntax.GivePerMoney)
        else per_field(scope, earning, rate)
    )
    field, kind = field_of(scope, earning, name), _one_kind(earning)
    if field is None or kind is None:
        if not _unseen_field(scope, earning, name):
            _report_no_number(scope, earning, name)
        return None
    if field.kind is not Kind.NUMBER:
        scope.findings.report(
            "L301", name.span, f"`{field.name}` is {type_in_words(field)}, and `times` is by a number",
            secondary=[(field.span, "declared here")],
            help=f"declare it as `{field.name} number`, or give by a table",
        )  # fmt: skip
        return None
    scope.multipliers.add((kind.index, field.index))
    if found is None:
        return None
    if not isinstance(found.amount, PerMoney | PerField):
        scope.findings.report(
            "L329", name.span, "items are counted one by one, and not multiplied",
            help="delete `times ...`, or give per a number field of the event",
        )  # fmt: skip
        return None
    return Given(attrs.evolve(found.amount, times=field), found.currency, give.span)


def _fine_rate(scope: ProgramScope, numerator: int, quantity: syntax.Quantity) -> bool:
    """Whether a rate is something, and has few enough decimals."""
    if more_than_nothing(scope, numerator, quantity.span) is None:
        return False
    return fine_enough(scope, quantity.number.value, quantity.span)


def money_of(
    scope: ProgramScope, earning: Earning, of: syntax.Name | None, span: Span
) -> Base | Field | None:
    """What an amount per money is of: the event's basket or amount, or a money field."""
    if of is None or of.text in ("basket", "amount"):
        base = Base.AMOUNT if of is None else Base(of.text)
        return base if verify_amount(scope, earning, span) else None
    field = field_of(scope, earning, of)
    if field is not None:
        if field.kind is Kind.MONEY:
            return field
        scope.findings.report(
            "L301", of.span, f"`{field.name}` is {type_in_words(field)}, not money",
            secondary=[(field.span, "declared here")],
            help="write `of basket`, `of amount` or a field of money",
        )  # fmt: skip
        return None
    if of.text in scope.rules:
        scope.findings.report(
            "L301", of.span, f"`{of.text}` is a rule, and what it gives is not money to count",
            secondary=[(scope.rules.span_of(of.text), "declared here")],
            help=f"give a share of it, such as `10% of {of.text}`",
        )  # fmt: skip
        return None
    if not _unseen_field(scope, earning, of):
        guess = nearest(of.text, ("basket", "amount", *fields_of_kind(earning, Kind.MONEY)))
        scope.findings.report(
            "L201", of.span, f"`{of.text}` is not an amount of money",
            help=f"did you mean `{guess}`?" if guess
            else "write `of basket` (before rewards) or `of amount` (after them)",
            edit=Edit(of.span, guess) if guess else None,
        )  # fmt: skip
    return None


def verify_amount(scope: ProgramScope, earning: Earning, span: Span) -> bool:
    """Whether every event that fires the rule carries an amount; one that does not is reported once."""
    fine = True
    for place, kind in earning.fired.firings:
        if kind is not None and kind.has_amount:
            continue
        fine = False
        if not earning.told:
            what = "a midnight" if kind is None else f"a {kind.name}"
            scope.findings.report(
                "L309", span, f"{what} carries no amount, so this would give nothing",
                secondary=[(place, "the rule fires here")],
                help=f"give a fixed amount {'at midnight' if kind is None else f'on {kind.name}'}, "
                "in a rule of its own",
            )  # fmt: skip
    earning.told = earning.told or not fine
    return fine


# ---- per field and per item


def per_field(scope: ProgramScope, earning: Earning, give: syntax.GivePerField) -> Given | None:
    of = give.of
    if of.text in ("item", "items") and field_of(scope, earning, of) is None:
        return _per_item(scope, earning, give)
    found = positive_quantity(scope, give.quantity) if give.whole else unit_quantity(scope, give.quantity)
    per = 1 if give.per is None else positive_number(scope, give.per, of.text)
    known = member_field(scope, of)
    if known is not None and field_of(scope, earning, of) is None:
        if found is None or per is None or not _fine_rate(scope, 1, give.quantity):
            return None
        slices = per_member_field(scope, known, Fraction(found[1]), per, give)
        return None if slices is None else Given(slices, found[0], give.span)
    field = _number_field(scope, earning, of, give)
    if found is None or per is None or field is None:
        return None
    currency, units = found[0], found[1]
    if not give.whole and not _fine_rate(scope, units.numerator, give.quantity):
        return None
    amount = PerField(units.numerator, per * units.denominator, give.whole, field)
    return Given(amount, currency, give.span)


def _per_item(scope: ProgramScope, earning: Earning, give: syntax.GivePerField) -> Given | None:
    found = positive_quantity(scope, give.quantity)
    if give.per is not None and give.per.value != 1:
        scope.findings.report(
            "L329", give.per.span, "items are counted one by one",
            help=f"write `{give.quantity.span.text} per item`, or give by a counter of items",
        )  # fmt: skip
        return None
    if not len(scope.item_fields) and not scope.item_fields.unseen:
        scope.findings.report(
            "L309", give.of.span, "purchases of this program have no items",
            help="declare them: `item { category one of ... }`",
        )  # fmt: skip
        return None
    for place, kind in earning.fired.firings:
        if (kind is None or kind.index != PURCHASE) and not earning.told:
            earning.told = True
            what = "this rule fires at midnight" if kind is None else f"this rule fires on `{kind.name}`"
            scope.findings.report(
                "L320", give.span, f"only a purchase has items, and {what}",
                secondary=[(place, "the rule fires here")], help="fire on purchases",
            )  # fmt: skip
    return None if found is None or earning.told else Given(PerItem(found[1]), found[0], give.span)


def _number_field(
    scope: ProgramScope, earning: Earning, of: syntax.Name, give: syntax.GivePerField
) -> Field | None:
    field = field_of(scope, earning, of)
    if field is None:
        if not _unseen_field(scope, earning, of):
            _report_no_number(scope, earning, of)
        return None
    if field.kind is Kind.NUMBER:
        return field
    scope.findings.report(
        "L301", of.span, f"`{field.name}` is {type_in_words(field)}, not a number",
        secondary=[(field.span, "declared here")],
        help=f"write `{give.quantity.span.text} per $1 of {field.name}`" if field.kind is Kind.MONEY
        else "give per a number field, or by a table",
    )  # fmt: skip
    return None


_SPOKEN = {"$": "dollar", "€": "euro", "£": "pound"}


def _report_no_number(scope: ProgramScope, earning: Earning, of: syntax.Name) -> None:
    if of.text in MONEY_WORDS:
        sign = symbol_of(scope.money or "")
        one = of.span.source.text[: of.span.start].rstrip().endswith(" 1")
        scope.findings.report(
            "L319", of.span, f"`{of.text}` is not how money is written here", help=f"write `per {sign}1`",
            edit=None if one else Edit(of.span, f"{sign}1", safe=of.text == _SPOKEN.get(sign)),
        )  # fmt: skip
        return
    if not earning.fired.firings:
        return  # what fires the rule is not known, which has been told
    if of.text in EVENT_WORDS or event_named(scope, of.text) is not None:
        scope.findings.report(
            "L201", of.span, f"there is nothing called `{of.text}` to count here",
            help="a rule gives at each of its events: leave `per ...` out, and say `on` which",
        )  # fmt: skip
        return
    fields = scope.item_fields.things()
    of_items = next((field for field in fields if of.text in field.values), None)
    if of_items is not None:
        scope.findings.report(
            "L201", of.span, f"`{of.text}` is a value of `{of_items.name}` of items",
            help=f"write `per item`, and on a line of its own `for items where {of_items.name} is {of.text}`",
        )  # fmt: skip
        return
    kind = _one_kind(earning)
    if kind is None:
        scope.findings.report(
            "L309", of.span, f"`{of.text}` cannot be read here", help=earning.fired.readable.no_event
        )
        return
    holder = of.text in scope.item_fields
    guess = nearest(of.text, [*fields_of_kind(earning, Kind.NUMBER), "item"])
    scope.findings.report(
        "L201", of.span, f"there is no number `{of.text}` of `{kind.name}`",
        secondary=[(scope.item_fields.span_of(of.text), "a field of items")] if holder else [],
        help=f"did you mean `{guess}`?" if guess
        else f"declare it: `event {kind.name} {{ {of.text} number }}`",
    )  # fmt: skip


def _one_kind(earning: Earning) -> EventKind | None:
    return earning.fired.readable.event


def field_of(scope: ProgramScope, earning: Earning, name: syntax.Name) -> Field | None:
    """The field of the rule's event with this name, singular or plural."""
    kind = _one_kind(earning)
    if kind is None:
        return None
    for form in (name.text, *other_numbers(name.text)):
        field = kind.field(form)
        if field is not None:
            if field.kind in (Kind.NUMBER, Kind.MONEY):
                scope.note_quantity(kind.index, field, name.span)
            return field
    return None


def fields_of_kind(earning: Earning, kind: Kind) -> list[str]:
    event = _one_kind(earning)
    return [] if event is None else [field.name for field in event.fields if field.kind is kind]


def _unseen_field(scope: ProgramScope, earning: Earning, name: syntax.Name) -> bool:
    kind = _one_kind(earning)
    return kind is not None and scope.fields_of(kind).may_be_unseen(name.text)
