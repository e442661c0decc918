"""What a share of an earn rule is: of money, of a number, of what other rules give.

Invariant: a share of money is money, a share of a number says of what, and a share of rules comes after them.
"""

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import PerField, Share, ShareOfRules
from loyalty_dsl.language.checking.amounts import fine_enough, more_than_nothing
from loyalty_dsl.language.checking.earned_amounts import (
    Earning,
    Given,
    field_of,
    fields_of_kind,
    money_of,
    refer_to,
)
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import Field, Kind


def share_given(scope: ProgramScope, earning: Earning, give: syntax.GiveShare) -> Given | None:
    of = give.of
    field = None if of is None else field_of(scope, earning, of)
    if of is not None and of.text not in ("basket", "amount") and field is None:
        return _share_of_rules(scope, earning, give, of)
    if field is not None and field.kind is Kind.NUMBER:
        return _share_of_number(scope, give, field)
    base = money_of(scope, earning, of, give.span)
    currency = _currency_of_share(scope, give)
    if base is None or currency is None or not _fine_share(scope, give.percent):
        return None
    share = give.percent.value
    if isinstance(base, Field):
        return Given(PerField(share.numerator, share.denominator, False, base), currency, give.span)
    return Given(Share(share, base), currency, give.span)


def _share_of_number(scope: ProgramScope, give: syntax.GiveShare, field: Field) -> Given | None:
    """`75% of distance as miles`: 0.75 miles for each."""
    if give.as_ is None:
        names = [currency.name for currency in scope.currencies.things() if not currency.in_money]
        text = f"{give.percent.span.text} of {field.name}"
        scope.findings.report(
            "L321", give.span, f"`{text}` is a number, and this does not say of what",
            secondary=[(field.span, "declared here")],
            help=f"write `{text} as {names[0] if names else 'points'}`",
        )  # fmt: skip
        return None
    currency = scope.currencies.resolve(give.as_)
    if currency is None or not _fine_share(scope, give.percent):
        return None
    if currency.in_money:
        scope.findings.report(
            "L321", give.as_.span, f"`{field.name}` is a number, and `{currency.name}` is held in money",
            secondary=[(field.span, "declared here"), (currency.span, "declared `in money` here")],
            help="give an amount per number, such as `$0.10 credit per night`",
        )  # fmt: skip
        return None
    share = give.percent.value * currency.scale
    return Given(PerField(share.numerator, share.denominator, False, field), currency, give.span)


def _fine_share(scope: ProgramScope, percent: syntax.Percent) -> bool:
    if more_than_nothing(scope, percent.value.numerator, percent.span) is None:
        return False
    return fine_enough(scope, percent.value, percent.span)


def _share_of_rules(
    scope: ProgramScope, earning: Earning, give: syntax.GiveShare, of: syntax.Name
) -> Given | None:
    if of.text not in scope.rules and not scope.earns.may_be_unseen(of.text):
        known = ("basket", "amount", *fields_of_kind(earning, Kind.MONEY), *scope.earns, *scope.groups)
        guess = nearest(of.text, known)
        scope.findings.report(
            "L201", of.span, f"`{of.text}` is neither an amount of money nor an earn rule",
            help=f"did you mean `{guess}`?" if guess
            else "write `of basket` (before rewards) or `of amount` (after them)",
            edit=Edit(of.span, guess) if guess else None,
        )  # fmt: skip
        return None
    rules = refer_to(scope, earning, of)
    given = scope.giving(of.text)
    currency = given if give.as_ is None else scope.currencies.resolve(give.as_)
    if rules is None or currency is None or given is None or not _fine_share(scope, give.percent):
        return None
    # so much of the other currency in display units: 20% of $5.00 are 1 point
    share = give.percent.value * currency.scale / given.scale
    return Given(ShareOfRules(share, rules), currency, give.span)


def _currency_of_share(scope: ProgramScope, give: syntax.GiveShare) -> CurrencyUnit | None:
    if give.as_ is not None:
        currency = scope.currencies.resolve(give.as_)
        if currency is not None and not currency.in_money:
            scope.findings.report(
                "L321",
                give.as_.span,
                f"a share of money is money, and `{currency.name}` is not held in money",
                secondary=[(currency.span, "declared here without `in money`")],
                help=f"write an amount per money, such as `5 {currency.name} per $1`",
            )
            return None
        return currency
    candidates = [currency for currency in scope.currencies.things() if currency.in_money]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        names = [currency.name for currency in candidates]
        scope.findings.report(
            "L208", give.span, f"this could be an amount of {listed(names, 'or')}",
            help=f"write `give {give.percent.span.text} of amount as {names[0]}`",
        )  # fmt: skip
    elif not scope.currencies.unseen:
        scope.findings.report(
            "L321",
            give.span,
            "a share of money is money, and no currency of this program is held in money",
            secondary=[(currency.span, "not `in money`") for currency in scope.currencies.things()],
            help="write an amount per money, such as `5 points per $1`",
        )
    return None
