"""How often the values of fields occur: every field that the program reads, and no other kind than drawn."""

from fractions import Fraction

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.fields import position_of, type_in_words
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import ProgramScope, Read
from loyalty_dsl.language.checking.shares import report_total, verify_chance
from loyalty_dsl.language.population import FieldDraw
from loyalty_dsl.language.types import PURCHASE, Field, Kind
from loyalty_dsl.source import Span

NOT_SIMULATED = "L615"
"""The warning that sets a population aside: its program can be tested and replayed, not simulated yet."""


@attrs.frozen
class Drawn:
    """A segment whose fields are drawn; `whole` when the parser read all of it."""

    name: str
    span: Span
    traits: tuple[syntax.Trait, ...]
    whole: bool


def check_draws(scope: ProgramScope, segment: Drawn) -> tuple[FieldDraw, ...]:
    """The draws of a segment; what is wrong in them is reported and left out."""
    first: dict[tuple[bool, str], syntax.Trait] = {}
    draws = []
    for trait in segment.traits:
        if not isinstance(trait, syntax.ShareTrait | syntax.ChanceTrait):
            continue
        found = _field_of(scope, trait.field)
        if found is None:
            continue
        field, of_item = found
        earlier = first.setdefault((of_item, field.name), trait)
        if earlier is not trait:
            scope.findings.report(
                "L205", trait.span, f"`{field.name}` is described twice", label="again here",
                secondary=[(earlier.span, "first described here")], help="delete one",
            )  # fmt: skip
            continue
        shares = _shares(scope, trait, field)
        if shares is not None:
            draws.append(FieldDraw(field, of_item, shares, trait.span))
    if segment.whole:
        _verify_described(scope, segment, set(first))
    return tuple(draws)


def _field_of(scope: ProgramScope, name: syntax.Name) -> tuple[Field, bool] | None:
    """The field of a purchase or of its items that a trait describes."""
    purchase = scope.events.find("purchase")
    field = None if purchase is None else purchase.field(name.text)
    if field is not None:
        return field, False
    of_item = scope.item_fields.find(name.text)
    if of_item is not None:
        return of_item, True
    fields = scope.item_fields if purchase is None else scope.fields_of(purchase)
    if not fields.may_be_unseen(name.text) and not scope.item_fields.may_be_unseen(name.text):
        names: Names[Field] = Names("field", scope.findings, owner=" of purchases or items")
        for known in (*(purchase.fields if purchase else ()), *scope.item_fields.things()):
            names.include(known.name, known, known.span)
        names.report_unknown(name)
    return None


def _shares(
    scope: ProgramScope, trait: syntax.ShareTrait | syntax.ChanceTrait, field: Field
) -> tuple[Fraction, ...] | None:
    """The share of each value, by its position."""
    match field.kind, trait:
        case Kind.YES_NO, syntax.ChanceTrait(percent=percent):
            chance = percent.value
            return (1 - chance, chance) if verify_chance(scope.findings, percent) else None
        case Kind.ONE_OF, syntax.ShareTrait():
            return _shares_of_values(scope, trait, field)
        case Kind.YES_NO | Kind.ONE_OF, _:
            yes_no = field.kind is Kind.YES_NO
            wanted = "6%" if yes_no else _example_shares(field)
            takes = "how often it is yes" if yes_no else "the share of each"
            scope.findings.report(
                "L405", trait.span, f"`{field.name}` is {type_in_words(field)}; say {takes}",
                secondary=[(field.span, "declared here")], help=f"write `{field.name} {wanted}`",
            )  # fmt: skip
            return None
    scope.findings.report(
        "L190", trait.span, f"draws of a {field.kind.value} such as `{field.name}` are not supported yet",
        secondary=[(field.span, "declared here")], help="delete this line",
    )  # fmt: skip
    return None


def _shares_of_values(
    scope: ProgramScope, trait: syntax.ShareTrait, field: Field
) -> tuple[Fraction, ...] | None:
    errors = scope.findings.errors
    shares: dict[str, Fraction] = {}
    for value, percent in trait.shares:
        if position_of(scope.findings, field, value) is None:
            continue
        if value.text in shares:
            scope.findings.report(
                "L202", value.span, f"the value `{value.text}` is listed twice", help="add the two shares up"
            )
        else:
            shares[value.text] = percent.value
    if scope.findings.errors > errors:
        return None
    total = sum(shares.values(), Fraction(0))
    if total != 1:
        report_total(scope.findings, trait.span, f"the shares of `{field.name}`", total, [])
        return None
    return tuple(shares.get(value, Fraction(0)) for value in field.values)


def _verify_described(scope: ProgramScope, segment: Drawn, described: set[tuple[bool, str]]) -> None:
    """Reports every field that the program reads and the segment does not describe."""
    reads: dict[tuple[bool, str], Read] = {}
    for read in scope.reads:
        if read.event in (PURCHASE, None):
            reads.setdefault((read.event is None, read.field.name), read)
    for key, read in reads.items():
        if key in described:
            continue
        if read.field.kind not in (Kind.YES_NO, Kind.ONE_OF):
            scope.findings.report(
                NOT_SIMULATED, segment.span,
                f"`{read.field.name}` is a {read.field.kind.value}, which simulated purchases do not have",
                secondary=[(read.span, "the program reads it here"), (read.field.span, "declared here")],
                help=f"`{scope.name.text}` can be tested and replayed, but not simulated yet",
            )  # fmt: skip
            continue
        line = f"{read.field.name} " + (
            "10%" if read.field.kind is Kind.YES_NO else _example_shares(read.field)
        )
        scope.findings.report(
            "L402",
            segment.span,
            f"the segment `{segment.name}` does not describe `{read.field.name}`",
            secondary=[(read.span, "the program reads it here"), (read.field.span, "declared here")],
            help=f"add a line such as `{line}`",
        )


def _example_shares(field: Field) -> str:
    """Shares of all values, the last taking what is left."""
    each = 100 // max(1, len(field.values))
    shares = [each] * (len(field.values) - 1)
    return ", ".join(
        f"{value} {share}%" for value, share in zip(field.values, [*shares, 100 - sum(shares)], strict=True)
    )
