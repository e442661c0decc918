"""Earn rules: what fires them, what they give, what bounds them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.accounts import AccountingClass
from loyalty_dsl.language.amounts import Amount, Choice, Nothing, OfStrategy, PerItem, PerMoney, Share, Slices
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.amounts import fine_money, more_than_nothing
from loyalty_dsl.language.checking.clauses import at_most_one, only, report_missing
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.currencies import label_of, source_of
from loyalty_dsl.language.checking.dates import check_dates
from loyalty_dsl.language.checking.earned_amounts import Earning, Given
from loyalty_dsl.language.checking.expiry import check_lot_term
from loyalty_dsl.language.checking.giving import check_first_given, check_given
from loyalty_dsl.language.checking.limits_by_value import ByEvent
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.occasions import Closing, closed_amount, closed_condition
from loyalty_dsl.language.checking.order import Reference
from loyalty_dsl.language.checking.raising import check_raised
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers, check_limits, check_whens
from loyalty_dsl.language.checking.scope import CurrencyUnit, GroupName, ProgramScope
from loyalty_dsl.language.checking.shares import verify_chance
from loyalty_dsl.language.checking.transfers import OF_TRANSFERS
from loyalty_dsl.language.checking.triggers import Fired, check_triggers
from loyalty_dsl.language.checking.waits import check_waits
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import EarnRule
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax.gates import RefuseClause
from loyalty_dsl.language.types import PURCHASE

_OF_REWARDS: dict[type, tuple[str, str]] = {
    syntax.PriceClause: ("price", "a rule earns; what is paid for is a `reward`"),
    syntax.PricePerOff: ("price", "a rule earns; what is paid for is a `reward`"),
    syntax.PriceAll: ("price", "a rule earns; what is paid for is a `reward`"),
    syntax.PriceTable: ("price", "a rule earns; what is paid for is a `reward`"),
    syntax.StepsClause: ("steps", "steps are of points that are spent as money"),
    syntax.MinimumClause: ("minimum", "write `on purchase where amount >= ...`"),
    syntax.rules.PriceWhen: ("price", "a rule earns; what is paid for is a `reward`"),
    syntax.rules.MinimumTable: ("minimum", "write `on purchase where amount >= ...`"),
    syntax.IssueClause: ("issue", "an `earn` rule gives by itself, so delete this line"),
    syntax.Cost: ("cost", "write it in the currency that the rule gives"),
    syntax.Worth: ("worth", "write it in the currency that the rule gives"),
    RefuseClause: ("refuse", "write `when not ...`, or `refuse` in the block of the event"),
}
_GIVES = (
    syntax.GiveFlat,
    syntax.GivePerMoney,
    syntax.GivePerField,
    syntax.amounts.GiveTimes,
    syntax.GiveShare,
    syntax.GiveOff,
    syntax.GivePercentOff,
    syntax.GiveFreeItem,
    syntax.GiveNothing,
    syntax.NotOffered,
    syntax.Table,
    syntax.amounts.UseStrategy,
)


def check_earn(
    scope: ProgramScope,
    block: syntax.RuleBlock,
    index: int,
    numbers: LimitNumbers,
    references: dict[int, list[Reference]],
) -> EarnRule | None:
    """The rule that an `earn` block declares, or `None` when something in it is wrong.

    Args:
        references: takes what the rule refers to, by the rule's index.
    """
    findings = scope.findings
    errors = findings.errors
    _verify_clauses(scope, block)
    what = f"the rule `{block.name.text}`"
    fired = check_triggers(scope, block.clauses, block=block.span, what=what)
    earning = Earning(fired)
    given, raises = _given(scope, block, earning, what)
    references[index] = earning.references
    items = at_most_one(findings, block.clauses, syntax.ForItems, "for items")
    if given is not None and items is not None:
        _verify_filter(scope, given, items, fired)
    whens = check_whens(scope, block.clauses, fired.readable)
    passing = None
    if items is not None:
        passing = check_condition(scope, Readable(event=None, of_items=True), items.where)
    dates = check_dates(scope, block.clauses)
    currency = None if given is None else given.currency
    limits = check_limits(
        scope, block.clauses, numbers, currency=currency, reward=False, readable=fired.readable,
        by=ByEvent(fired.readable.event, fired.readable.no_event),
    )  # fmt: skip
    group = _group(scope, block, raises)
    waits = check_waits(scope, block.clauses, None if fired.closed else fired.readable)
    expires = [
        clause
        for clause in block.clauses
        if isinstance(clause, syntax.ExpireClause | syntax.expiry.ExpireTable)
    ]
    expiry = check_lot_term(scope, expires) if expires else None
    chance = _chance(scope, block)
    account, sold_at = _account(scope, block, currency)
    if findings.errors > errors or given is None or currency is None or not fired.triggers:
        return None
    amount = given.amount
    if fired.closed is not None:
        closing = Closing(scope, fired.closed, block.span)
        whens, amount = closed_condition(closing, whens), closed_amount(closing, amount)
        limits = tuple(attrs.evolve(each, when=closed_condition(closing, each.when)) for each in limits)
        if findings.errors > errors:
            return None
    return EarnRule(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=index,
        triggers=fired.triggers,
        when=whens,
        dates=dates,
        items=passing,
        amount=amount,
        currency=currency.index,
        limits=limits,
        span=block.span,
        raises=raises or (),
        group=None if group is None else group.index,
        chance=chance,
        pending=waits.otherwise,
        waits=waits.cases,
        expiry=expiry,
        account=account,
        sold_at=sold_at,
        hidden=at_most_one(findings, block.clauses, syntax.rules.HiddenClause, "hidden") is not None,
    )


def gives_of(block: syntax.RuleBlock) -> tuple[syntax.Amount, ...]:
    """The amounts that a rule gives or raises to, in the order of the text."""
    gives: list[syntax.Amount] = []
    for clause in block.clauses:
        if isinstance(clause, _GIVES):
            gives.append(clause)
        elif isinstance(clause, syntax.RaiseClause | syntax.rules.GiveWhen):
            gives.append(clause.amount)
    return tuple(gives)


def _verify_clauses(scope: ProgramScope, block: syntax.RuleBlock) -> None:
    """Reports the clauses that belong to other blocks."""
    for clause in block.clauses:
        if type(clause) in _OF_REWARDS:
            word, instead = _OF_REWARDS[type(clause)]
            if isinstance(clause, syntax.MinimumClause) and clause.quantity.unit is not None:
                least = clause.quantity.span.text
                instead = f"for at least so much write `raise {block.name.text} to {least}` in another rule"
            scope.findings.report(
                "L206", clause.span, f"`{word}` is a clause of rewards, not of earn rules",
                secondary=[(block.span, "this is an earn rule")], help=instead,
            )  # fmt: skip
        elif type(clause) in OF_TRANSFERS:
            word, instead = OF_TRANSFERS[type(clause)]
            scope.findings.report(
                "L206", clause.span, f"`{word}` is a clause of transfers, not of earn rules",
                secondary=[(block.span, "this is an earn rule")], help=instead,
            )  # fmt: skip
        elif isinstance(clause, syntax.rules.StageClause):
            scope.findings.report(
                "L206", clause.span, "`stage` is a clause of referrals, not of earn rules",
                secondary=[(block.span, "this is an earn rule")], help="write `on` what the member does",
            )  # fmt: skip
        elif isinstance(clause, syntax.GiveTo):
            scope.findings.report(
                "L206", clause.span, f"`to {clause.to.text}` is of referrals, not of earn rules",
                secondary=[(block.span, "this is an earn rule")], help="write `give` without it",
            )  # fmt: skip


def _given(
    scope: ProgramScope, block: syntax.RuleBlock, earning: Earning, what: str
) -> tuple[Given | None, tuple[int, ...] | None]:
    """What the rule gives, and which rules it raises to that."""
    findings = scope.findings
    gives = [clause for clause in block.clauses if isinstance(clause, syntax.Give | syntax.rules.GiveWhen)]
    raising = [clause for clause in block.clauses if isinstance(clause, syntax.RaiseClause)]
    if raising:
        for clause in gives:
            findings.report(
                "L205", clause.span, "`raise` says what this rule gives already", label="again here",
                secondary=[(raising[0].span, "it is raised here")], help="keep the one that is meant",
            )  # fmt: skip
        return check_raised(scope, raising, earning)
    if any(isinstance(clause, syntax.rules.GiveWhen) for clause in gives):
        return check_first_given(scope, earning, gives), None
    give = only(findings, [each for each in gives if not isinstance(each, syntax.rules.GiveWhen)], "give")
    if give is None:
        lost = any(scope.losses.may_hold(block.span, word) for word in ("give", "raise"))
        if not lost and not any(isinstance(clause, syntax.GiveTo) for clause in block.clauses):
            report_missing(findings, block.span, what, "give", _example_give(scope))
        return None, None
    return check_given(scope, earning, give), None


def _verify_filter(scope: ProgramScope, given: Given, items: syntax.ForItems, fired: Fired) -> None:
    """Reports an item filter that filters nothing."""
    if isinstance(given.amount, OfStrategy):
        scope.findings.report(
            "L320", items.span, "a strategy is told amounts of the whole purchase, and no filter of items",
            secondary=[(given.span, "the strategy")], help="delete the filter, or give an amount per money",
        )  # fmt: skip
        return
    if not any(_counts_money(leaf) for leaf in _leaves(given.amount)):
        scope.findings.report(
            "L320",
            items.span,
            "this filter counts the money of some items, and the rule gives a fixed amount",
            secondary=[(given.span, "the same for every event")],
            help="give an amount per money, such as `1 point per $1`, or delete the filter",
        )
        return
    for place, kind in fired.firings:
        if kind is not None and kind.has_amount and kind.index != PURCHASE:
            scope.findings.report(
                "L320", items.span, f"only a purchase has items, and this rule fires on `{kind.name}`",
                secondary=[(place, "the rule fires here")], help="delete the filter, or fire on purchases",
            )  # fmt: skip


def _counts_money(leaf: Amount) -> bool:
    """Whether an amount is of the money, or the number, of items."""
    if isinstance(leaf, Slices):
        return isinstance(leaf.base, Base)
    return isinstance(leaf, PerMoney | Share | PerItem)


def _leaves(amount: Amount) -> Iterable[Amount]:
    if isinstance(amount, Choice):
        for case in amount.cases:
            yield from _leaves(case.amount)
        yield from _leaves(amount.otherwise)
    elif not isinstance(amount, Nothing):
        yield amount


def _group(scope: ProgramScope, block: syntax.RuleBlock, raises: Sequence[int] | None) -> GroupName | None:
    clause = at_most_one(scope.findings, block.clauses, syntax.InGroupClause, "in")
    if clause is None:
        return None
    group = scope.groups.find(clause.group.text)
    if group is not None:
        return group
    if scope.groups.may_be_unseen(clause.group.text):
        return None
    if clause.group.text in scope.rules:
        scope.findings.report(
            "L201", clause.group.span, f"`{clause.group.text}` is not a group",
            secondary=[(scope.rules.span_of(clause.group.text), "declared here")],
            help="rules are put together in a `group`",
        )  # fmt: skip
        return None
    help = f"declare it: `group {clause.group.text} {{ combine best of }}`" if not len(scope.groups) else None
    return scope.groups.resolve(clause.group, help=help)


def _chance(scope: ProgramScope, block: syntax.RuleBlock) -> Fraction:
    clause = at_most_one(scope.findings, block.clauses, syntax.ChanceClause, "chance")
    if clause is None:
        return Fraction(1)
    if not verify_chance(scope.findings, clause.percent):
        return Fraction(1)
    more_than_nothing(scope, clause.percent.value.numerator, clause.percent.span)
    return clause.percent.value


def _account(
    scope: ProgramScope, block: syntax.RuleBlock, unit: CurrencyUnit | None
) -> tuple[AccountingClass | None, AssumedNumber | None]:
    """The class of a rule, and what a partner pays for one smallest unit of what it gives."""
    clause = at_most_one(scope.findings, block.clauses, syntax.AccountClause, "account")
    if clause is None:
        return None, None
    said = clause.first.text if clause.last is None else f"{clause.first.text} to {clause.last.text}"
    known = {each.value: each for each in AccountingClass}
    if said not in known:
        choices = listed((f"account {value}" for value in known), "or")
        scope.findings.report(
            "L358",
            clause.span,
            f"`{said}` is no accounting class",
            help=f"write {choices}",
        )
        return None, None
    if clause.price is None:
        return known[said], None
    if known[said] is not AccountingClass.SOLD_TO_PARTNER:
        scope.findings.report(
            "L358", clause.price.span, "only points that are sold to a partner have a price",
            help=f"write `account {said}`, or `account sold to partner at {clause.price.span.text}`",
        )  # fmt: skip
        return known[said], None
    minor = fine_money(scope, clause.price)
    if minor is None or unit is None:
        return known[said], None
    return known[said], AssumedNumber(minor / unit.scale, source_of(clause.note), clause.price.span)


# ---- before rules are checked

_LONGEST_CHAIN = 100
"""Shares of shares that are followed to the currency; no amount that long fits (NUM-5)."""


def currency_in(
    scope: ProgramScope,
    amounts: Iterable[syntax.Amount],
    of_rule: dict[str, syntax.RuleBlock],
    seen: frozenset[str] = frozenset(),
) -> CurrencyUnit | None:
    """The currency that the text of some amounts names, without a word about what is wrong in them.

    Args:
        of_rule: the earn blocks by name, for shares of them.
        seen: rules that are being looked at; a circle is reported elsewhere.
    """
    for amount in amounts:
        found = _currency_of(scope, amount, of_rule, seen)
        if found is not None:
            return found
    return None


def _currency_of(
    scope: ProgramScope, amount: syntax.Amount, of_rule: dict[str, syntax.RuleBlock], seen: frozenset[str]
) -> CurrencyUnit | None:
    match amount:
        case (
            syntax.GiveFlat(quantity=quantity)
            | syntax.GivePerMoney(quantity=quantity)
            | syntax.GivePerField(quantity=quantity)
            | syntax.amounts.GiveTimes(rate=syntax.GivePerMoney(quantity=quantity))
            | syntax.amounts.GiveTimes(rate=syntax.GivePerField(quantity=quantity))
        ):
            return None if quantity.unit is None else scope.currencies.find(quantity.unit.text)
        case syntax.amounts.UseStrategy(most=most):
            return None if most.unit is None else scope.currencies.find(most.unit.text)
        case syntax.GiveShare(as_=syntax.Name(text=text)):
            return scope.currencies.find(text)
        case syntax.GiveShare(of=syntax.Name(text=name)) if len(seen) > _LONGEST_CHAIN and name in of_rule:
            return None
        case syntax.GiveShare(of=syntax.Name(text=name)) if name in of_rule and name not in seen:
            return currency_in(scope, gives_of(of_rule[name]), of_rule, seen | {name})
        case syntax.GiveShare(of=syntax.Name(text=name)) if name in scope.rules:
            for rule, block in of_rule.items():  # a group: what one of its rules gives
                if rule not in seen and group_of(block) == name:
                    return currency_in(scope, gives_of(block), of_rule, seen | {rule})
            return None
        case syntax.GiveShare():
            in_money = [currency for currency in scope.currencies.things() if currency.in_money]
            return in_money[0] if len(in_money) == 1 else None
        case syntax.Table(rows=rows):
            return currency_in(scope, (each for row in rows for each in row.amounts), of_rule, seen)
        case _:
            return None


def group_of(block: syntax.RuleBlock) -> str | None:
    """The group that a rule says that it is in."""
    clause = next((clause for clause in block.clauses if isinstance(clause, syntax.InGroupClause)), None)
    return None if clause is None else clause.group.text


def _example_give(scope: ProgramScope) -> str:
    currency = next(iter(scope.currencies.things()), None)
    if currency is None or currency.in_money:
        return "give 5% of amount"
    return f"give 1 {singular_of(currency.name)} per $1"
