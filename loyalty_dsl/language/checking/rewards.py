"""Rewards: what they cost the member, what they take off, what bounds them."""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import (
    fine_money,
    fine_share,
    positive_money,
    positive_quantity,
)
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one, only, report_missing
from loyalty_dsl.language.checking.currencies import label_of, source_of
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.rule_clauses import LimitNumbers, check_dates, check_limits, check_whens
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.program import AssumedNumber, CostOfFace, CostPerUse, Reward, RewardCost
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking

_EARN_CLAUSES: dict[type, tuple[str, str]] = {
    syntax.OnClause: ("on", "a reward is taken at a purchase; say for which ones with `when`"),
    syntax.ForItems: ("for items", "a reward takes money off the whole basket; delete this line"),
}

_READABLE = Readable(
    event=None,
    no_event="a reward's `when` reads `amount`, `basket`, `balance of` and `days since join` so far",
    no_event_code="L190",
)


def check_reward(
    scope: ProgramScope, block: syntax.RuleBlock, index: int, numbers: LimitNumbers
) -> Reward | None:
    """The reward that a block declares, or `None` when something in it is wrong."""
    findings = scope.findings
    errors = findings.errors
    for clause in block.clauses:
        if type(clause) in _EARN_CLAUSES:
            word, instead = _EARN_CLAUSES[type(clause)]
            findings.report(
                "L206", clause.span, f"`{word}` is a clause of earn rules, not of rewards",
                secondary=[(block.span, "this is a reward")], help=instead,
            )  # fmt: skip
    what = f"the reward `{block.name.text}`"
    price = exactly_one(
        findings, block.clauses, syntax.PriceClause, "price",
        block=block.span, what=what, example=f"price 500 {_unit_name(scope)}", losses=scope.losses,
    )  # fmt: skip
    paid = None if price is None else positive_quantity(scope, price.quantity)
    currency = None if paid is None else paid[0]
    give = only(findings, [clause for clause in block.clauses if isinstance(clause, syntax.Give)], "give")
    if give is None and not any(scope.losses.may_hold(block.span, word) for word in ("give", "price")):
        report_missing(findings, block.span, what, "give", "give $5 off up to the basket")
    off = None if give is None else _off(scope, give)
    issue = at_most_one(findings, block.clauses, syntax.IssueClause, "issue automatically at checkout")
    minimum_basket, minimum_balance = _minimums(scope, block, currency)
    cost_clause = at_most_one(findings, block.clauses, syntax.Cost, "cost")
    cost = None if cost_clause is None else _cost(scope, cost_clause)
    when = check_whens(scope, block.clauses, _READABLE)
    dates = check_dates(scope, block.clauses)
    limits = check_limits(scope, block.clauses, numbers, currency=None, reward=True)
    if findings.errors > errors or paid is None or off is None:
        return None
    return Reward(
        name=block.name.text,
        label=label_of(block.name, block.label),
        index=index,
        currency=paid[0].index,
        cases=(RewardCase(None, paid[1], False, MoneyOff(*off)),),
        taking=Taking.CHOSEN if issue is None else Taking.AT_CHECKOUT,
        when=when,
        dates=dates,
        minimum_basket=minimum_basket,
        minimum_balance=minimum_balance,
        limits=limits,
        cost=cost,
        span=block.span,
    )


def _unit_name(scope: ProgramScope) -> str:
    return next((currency.name for currency in scope.currencies.things()), "points")


def _off(scope: ProgramScope, give: syntax.Give) -> tuple[int, bool] | None:
    """The money off one use, and whether it is taken in full."""
    if not isinstance(give, syntax.GiveOff):
        bare_money = (
            isinstance(give, syntax.GiveFlat)
            and isinstance(give.quantity.number, syntax.Money)
            and give.quantity.unit is None
        )
        scope.findings.report(
            "L303" if bare_money else "L206",
            give.span,
            "a reward takes money off a basket; this would hand something out",
            help=f"did you mean `{give.span.text} off up to the basket`?"
            if bare_money
            else "write `give $5 off in full` or `give $5 off up to the basket`",
        )
        return None
    off = positive_money(scope, give.money)
    if give.in_full is None:
        scope.findings.report(
            "L318",
            give.span,
            f"this does not say what happens when less than {give.money.span.text} is left to pay",
            help=f"write `{give.span.text} up to the basket` (at most what is left) or "
            f"`{give.span.text} in full` (always all of it)",
        )
        return None
    return None if off is None else (off, give.in_full)


def _minimums(scope: ProgramScope, block: syntax.RuleBlock, currency: CurrencyUnit | None) -> tuple[int, int]:
    """The smallest basket and the smallest balance of a use; 0 where none is written."""
    written = [clause for clause in block.clauses if isinstance(clause, syntax.MinimumClause)]
    baskets = [clause for clause in written if clause.quantity.unit is None]
    balances = [clause for clause in written if clause.quantity.unit is not None]
    basket = only(scope.findings, baskets, "minimum basket")
    balance = only(scope.findings, balances, "minimum balance")
    least, units = 0, 0
    if basket is not None:
        if isinstance(basket.quantity.number, syntax.Money):
            least = positive_money(scope, basket.quantity.number) or 0
        else:
            positive_quantity(scope, basket.quantity, currency)
    if balance is not None:
        found = positive_quantity(scope, balance.quantity, currency)
        units = 0 if found is None else found[1]
    return least, units


def _cost(scope: ProgramScope, clause: syntax.Cost) -> RewardCost | None:
    number = clause.number
    if isinstance(number, syntax.Money):
        minor = fine_money(scope, number)
        if minor is None:
            return None
        return CostPerUse(AssumedNumber(minor, source_of(clause.note), clause.span))
    share = fine_share(scope, number)
    return None if share is None else CostOfFace(AssumedNumber(share, source_of(clause.note), clause.span))
