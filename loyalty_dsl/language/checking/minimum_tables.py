"""The smallest basket and balance of a reward: `minimum $20`, and a row each of `minimum by status { ... }`
(REDEEM-14).

Invariant: such a table is a condition like any other, so nothing after the checker knows it.
"""

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_money, positive_quantity
from loyalty_dsl.language.checking.clauses import only
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.checking.tables import Table, check_table
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Base,
    Compare,
    Condition,
    EventAmount,
    Literal,
    Not,
    Order,
)
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.types import Kind


@record
class _Least:
    """What a row asks for; `None` for nothing."""

    holds: Condition | None


def check_minimum_tables(
    scope: ProgramScope,
    block: syntax.RuleBlock,
    readable: Readable,
    currency: CurrencyUnit | None,
    *,
    taking: Taking,
    when: Condition | None,
) -> Condition | None:
    """`when` and what the `minimum by` tables of a reward ask for; what is wrong in them is reported.

    Args:
        currency: that of the price; `None` of a benefit, or when it is not known.
        when: what the reward asks for besides.
    """
    conditions = [] if when is None else [when]
    for clause in block.clauses:
        if not isinstance(clause, syntax.rules.MinimumTable):
            continue

        def leaf(amount: syntax.Amount) -> _Least | None:
            return _least(scope, amount, currency, taking)

        table: Table[_Least] | None = check_table(scope, readable, clause.table, leaf)
        if table is None or table.otherwise is None:
            continue
        rows: list[tuple[Condition | None, _Least]] = [*table.cases, (None, table.otherwise)]
        before: list[Condition] = []
        for case, least in rows:
            not_asked = [*before, *([] if case is None else [Not(case)])]
            if least.holds is not None:
                conditions.append(Any((*not_asked, least.holds)) if not_asked else least.holds)
            before += [] if case is None else [case]
    return All(tuple(conditions)) if len(conditions) > 1 else next(iter(conditions), None)


def _least(
    scope: ProgramScope, amount: syntax.Amount, currency: CurrencyUnit | None, taking: Taking
) -> _Least | None:
    if isinstance(amount, syntax.GiveNothing):
        return _Least(None)
    if not isinstance(amount, syntax.GiveFlat):
        scope.findings.report(
            "L206", amount.span, f"`{amount.span.text}` is not a minimum",
            help="write a basket, such as `$20`, or a balance, such as `1,000 points`",
        )  # fmt: skip
        return None
    number, unit = amount.quantity.number, amount.quantity.unit
    if unit is None and isinstance(number, syntax.Money):
        if taking is Taking.AFTER_EARNING:
            scope.findings.report(
                "L309", amount.span, "what is issued after earning sees no basket",
                help="write a minimum of the balance, such as `1,000 points`",
            )  # fmt: skip
            return None
        minor = positive_money(scope, number)
        basket = EventAmount(Base.BASKET)
        return None if minor is None else _Least(Compare(basket, Order.AT_LEAST, Literal(minor, Kind.MONEY)))
    if taking is Taking.BENEFIT:
        scope.findings.report(
            "L206", amount.span, "a minimum of a balance is not a clause of benefits",
            help=f"write `when balance of ... >= {amount.span.text}`",
        )  # fmt: skip
        return None
    found = positive_quantity(scope, amount.quantity, currency)
    if found is None:
        return None
    return _Least(Compare(BalanceOf(found[0].index), Order.AT_LEAST, Literal(found[1], Kind.UNITS)))


def check_minimums(
    scope: ProgramScope, block: syntax.RuleBlock, currency: CurrencyUnit | None, taking: Taking
) -> tuple[int, int]:
    """The smallest basket and the smallest balance of a use; 0 where none is written."""
    written = [clause for clause in block.clauses if isinstance(clause, syntax.MinimumClause)]
    baskets = [clause for clause in written if clause.quantity.unit is None]
    balances = [clause for clause in written if clause.quantity.unit is not None]
    basket = only(scope.findings, baskets, "minimum basket")
    balance = only(scope.findings, balances, "minimum balance")
    least, units = 0, 0
    if basket is not None and taking is Taking.AFTER_EARNING:
        scope.findings.report(
            "L309", basket.span, "what is issued after earning sees no basket",
            help="write a minimum of the balance, such as `minimum 1,000 points`",
        )  # fmt: skip
    elif basket is not None:
        if isinstance(basket.quantity.number, syntax.Money):
            least = positive_money(scope, basket.quantity.number) or 0
        else:
            positive_quantity(scope, basket.quantity, currency)
    if balance is not None and taking is Taking.BENEFIT:
        scope.findings.report(
            "L206", balance.span, "a minimum of a balance is not a clause of benefits",
            secondary=[(block.span, "this is a benefit, which takes from no balance")],
            help=f"write `when balance of ... >= {balance.quantity.span.text}`",
        )  # fmt: skip
    elif balance is not None:
        found = positive_quantity(scope, balance.quantity, currency)
        units = 0 if found is None else found[1]
    return least, units
