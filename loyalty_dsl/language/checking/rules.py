"""Earn rules: what fires them, what they give, what bounds them."""

from collections.abc import Sequence
from typing import assert_never

from loyalty_dsl.diagnostics import Edit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.amounts import Amount, Flat, PerMoney, Share
from loyalty_dsl.language.checking.amounts import (
    fine_enough,
    more_than_nothing,
    positive_money,
    positive_quantity,
    unit_quantity,
)
from loyalty_dsl.language.checking.clauses import at_most_one, only, report_missing
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.currencies import label_of
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers, check_dates, check_limits, check_whens
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import EarnRule, Trigger
from loyalty_dsl.language.suggestions import listed, nearest
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind

_REWARD_CLAUSES: dict[type, tuple[str, str]] = {
    syntax.PriceClause: ("price", "a rule earns; what is paid for is a `reward`"),
    syntax.MinimumClause: ("minimum", "write `on purchase where amount >= ...`"),
    syntax.IssueClause: ("issue", "an `earn` rule gives by itself, so delete this line"),
    syntax.Cost: ("cost", "write it in the currency that the rule gives"),
}


def check_earn(
    scope: ProgramScope, block: syntax.RuleBlock, index: int, numbers: LimitNumbers
) -> EarnRule | None:
    """The rule that an `earn` block declares, or `None` when something in it is wrong."""
    findings = scope.findings
    errors = findings.errors
    for clause in block.clauses:
        if type(clause) in _REWARD_CLAUSES:
            word, instead = _REWARD_CLAUSES[type(clause)]
            findings.report(
                "L206", clause.span, f"`{word}` is a clause of rewards, not of earn rules",
                secondary=[(block.span, "this is an earn rule")], help=instead,
            )  # fmt: skip
    what = f"the rule `{block.name.text}`"
    ons = [clause for clause in block.clauses if isinstance(clause, syntax.OnClause)]
    if not ons and not scope.losses.may_hold(block.span, "on"):
        report_missing(findings, block.span, what, "on", "on purchase")
    kinds = [scope.events.resolve(on.event) for on in ons]
    triggers = [
        trigger
        for on, kind in zip(ons, kinds, strict=True)
        if kind is not None and (trigger := _trigger(scope, on, kind)) is not None
    ]
    give = only(findings, [clause for clause in block.clauses if isinstance(clause, syntax.Give)], "give")
    if give is None and not scope.losses.may_hold(block.span, "give"):
        report_missing(findings, block.span, what, "give", _example_give(scope))
    found = None if give is None else _give(scope, give)
    items = at_most_one(findings, block.clauses, syntax.ForItems, "for items")
    known = [kind for kind in kinds if kind is not None]
    if give is not None and found is not None:
        _verify_money_to_count(scope, found[1], give, list(zip(ons, kinds, strict=True)), items)
    whens = check_whens(scope, block.clauses, _readable_when(known))
    passing = None
    if items is not None:
        passing = check_condition(scope, Readable(event=None, of_items=True), items.where)
    dates = check_dates(scope, block.clauses)
    limits = check_limits(
        scope, block.clauses, numbers, currency=None if found is None else found[0], reward=False
    )
    if findings.errors > errors or found is None or not triggers:
        return None
    currency, amount = found
    return EarnRule(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=index,
        triggers=tuple(triggers),
        when=whens,
        dates=dates,
        items=passing,
        amount=amount,
        currency=currency.index,
        limits=limits,
        span=block.span,
    )


def _trigger(scope: ProgramScope, on: syntax.OnClause, kind: EventKind) -> Trigger | None:
    if on.where is None:
        return Trigger(kind.index, None, on.span)
    no_amount = None if kind.has_amount else f"a {kind.name} carries no amount; delete this test"
    where = check_condition(scope, Readable(kind, no_amount=no_amount), on.where)
    return None if where is None else Trigger(kind.index, where, on.span)


def _readable_when(kinds: list[EventKind]) -> Readable:
    """What `when` may read: the event's fields only if the rule has one kind of event."""
    one_kind = len({kind.index for kind in kinds}) == 1
    without = next((kind for kind in kinds if not kind.has_amount), None)
    return Readable(
        event=kinds[0] if one_kind else None,
        no_event=(
            f"this rule fires on {listed(sorted({kind.name for kind in kinds}))}; "
            "read a field behind `where` of the event that has it"
        ),
        no_amount=None
        if without is None
        else f"this rule also fires on `{without.name}`, which carries no amount"
        if not one_kind
        else f"a {without.name} carries no amount; delete this test",
    )


def _verify_money_to_count(
    scope: ProgramScope,
    amount: Amount,
    give: syntax.Give,
    fired: Sequence[tuple[syntax.OnClause, EventKind | None]],
    items: syntax.ForItems | None,
) -> None:
    """Reports an amount per money where there is no money, and an item filter that filters nothing."""
    if isinstance(amount, Flat):
        if items is not None:
            scope.findings.report(
                "L320",
                items.span,
                "this filter counts the money of some items, and the rule gives a fixed amount",
                secondary=[(give.span, "the same for every event")],
                help="give an amount per money, such as `1 point per $1`, or delete the filter",
            )
        return
    for on, kind in fired:
        if kind is None:
            continue
        if kind.index == JOIN:
            scope.findings.report(
                "L309", give.span, "a join carries no amount, so this would give nothing",
                secondary=[(on.span, "the rule fires here")],
                help="give a fixed amount on join, in a rule of its own",
            )  # fmt: skip
        elif items is not None and kind.index != PURCHASE:
            scope.findings.report(
                "L320", items.span, f"only a purchase has items, and this rule fires on `{kind.name}`",
                secondary=[(on.span, "the rule fires here")], help="delete the filter, or fire on purchases",
            )  # fmt: skip


# ---- amounts


def _give(scope: ProgramScope, give: syntax.Give) -> tuple[CurrencyUnit, Amount] | None:
    match give:
        case syntax.GiveFlat(quantity=quantity):
            found = positive_quantity(scope, quantity)
            return None if found is None else (found[0], Flat(found[1]))
        case syntax.GivePerMoney():
            return _per_money(scope, give)
        case syntax.GiveShare():
            return _share(scope, give)
        case syntax.GiveOff(money=money):
            in_money = _in_money(scope)
            scope.findings.report(
                "L206", give.span, "an earn rule gives an amount of a currency, and money off is a reward",
                help=f"write `give {money.span.text} {in_money.name}`" if in_money
                else "move it into a `reward` block with a `price`",
            )  # fmt: skip
            return None
        case _:
            assert_never(give)


def _per_money(scope: ProgramScope, give: syntax.GivePerMoney) -> tuple[CurrencyUnit, Amount] | None:
    found = positive_quantity(scope, give.quantity) if give.whole else unit_quantity(scope, give.quantity)
    per = positive_money(scope, give.per)
    base = _base(scope, give.of)
    if found is None or per is None or base is None:
        return None
    currency, units = found[0], found[1]
    if not give.whole:
        if more_than_nothing(scope, units.numerator, give.quantity.span) is None:
            return None
        if not fine_enough(scope, give.quantity.number.value, give.quantity.span):
            return None
    return currency, PerMoney(units.numerator, per * units.denominator, give.whole, base)


def _share(scope: ProgramScope, give: syntax.GiveShare) -> tuple[CurrencyUnit, Amount] | None:
    base = _base(scope, give.of)
    currency = _currency_of_share(scope, give)
    if base is None or currency is None:
        return None
    if more_than_nothing(scope, give.percent.value.numerator, give.percent.span) is None:
        return None
    if not fine_enough(scope, give.percent.value, give.percent.span):
        return None
    return currency, Share(give.percent.value, base)


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


def _base(scope: ProgramScope, of: syntax.Name | None) -> Base | None:
    if of is None:
        return Base.AMOUNT
    if of.text in ("basket", "amount"):
        return Base(of.text)
    if of.text in scope.rules:
        scope.findings.report(
            "L190", of.span, "a share of another rule is not supported yet",
            secondary=[(scope.rules.span_of(of.text), f"`{of.text}` is a rule")],
            help="write the amount itself: `of amount` or `of basket`",
        )  # fmt: skip
        return None
    guess = nearest(of.text, ("basket", "amount"))
    scope.findings.report(
        "L201", of.span, f"`{of.text}` is not an amount of money",
        help=f"did you mean `{guess}`?" if guess
        else "write `of basket` (before rewards) or `of amount` (after them)",
        edit=Edit(of.span, guess) if guess else None,
    )  # fmt: skip
    return None


def _in_money(scope: ProgramScope) -> CurrencyUnit | None:
    return next((currency for currency in scope.currencies.things() if currency.in_money), None)


def _example_give(scope: ProgramScope) -> str:
    currency = next(iter(scope.currencies.things()), None)
    if currency is None or currency.in_money:
        return "give 5% of amount"
    return f"give 1 {singular_of(currency.name)} per $1"
