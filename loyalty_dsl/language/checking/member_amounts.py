"""Amounts per number field of the member: `20 points per report` (EARN-17).

Invariant: such an amount is a slice from nothing to the largest number that is counted, so what a field holds
beyond that gives no more, and no amount is without bound.
"""

from fractions import Fraction

from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Slices
from loyalty_dsl.language.checking.fields import type_in_words
from loyalty_dsl.language.checking.scope import ProgramScope, Read
from loyalty_dsl.language.conditions import MemberField
from loyalty_dsl.language.plurals import other_numbers
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MAX_NUMBER


def member_field(scope: ProgramScope, name: syntax.Name) -> Field | None:
    """The field of the member with this name, singular or plural."""
    forms = (name.text, *other_numbers(name.text))
    return next((field for form in forms if (field := scope.member_fields.find(form)) is not None), None)


def per_member_field(
    scope: ProgramScope, field: Field, units: Fraction, per: int, give: syntax.GivePerField
) -> Slices | None:
    """So many units for each `per` of a field of the member; `None` where it is no number (reported)."""
    if field.kind is not Kind.NUMBER:
        scope.findings.report(
            "L301", give.of.span, f"`{field.name}` is {type_in_words(field)}, not a number",
            secondary=[(field.span, "declared here")],
            help=f"declare it as `{field.name} number`, or give by a table",
        )  # fmt: skip
        return None
    if give.whole:
        scope.findings.report(
            "L190", give.span, "whole multiples of a field of the member are not supported yet",
            help="leave `whole` out, and let the currency round down",
        )  # fmt: skip
        return None
    scope.reads.append(Read(None, field, give.of.span, of_member=True))
    rate = units / per
    return Slices(MemberField(field), (0, MAX_NUMBER), (rate.numerator, 0), (rate.denominator, 1))
