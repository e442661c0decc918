"""What one use of a reward takes from the member.

Invariant: all cases of a price are in one currency, and points as money cost a whole amount for each step.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import positive_money, positive_quantity
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.offers import Cases, Cell, cases_of, first_cases
from loyalty_dsl.language.checking.scope import CurrencyUnit, ProgramScope
from loyalty_dsl.language.records import record
from loyalty_dsl.language.rewards import MoneyOff
from loyalty_dsl.language.syntax.rules import PriceWhen
from loyalty_dsl.source import Span


@record
class Price:
    """What a use takes: `units` of a currency or, with `whole_balance`, all that there is, at least 1."""

    currency: CurrencyUnit
    units: int
    whole_balance: bool
    span: Span


PriceClause = syntax.PriceClause | syntax.PricePerOff | syntax.PriceAll | syntax.PriceTable


def check_price(scope: ProgramScope, readable: Readable, clause: PriceClause) -> Cases[Price] | None:
    """The price of a use in every case; of points as money see `check_steps`."""
    match clause:
        case syntax.PriceClause(quantity=quantity):
            price = _price(scope, quantity)
            return None if price is None else ((None, price),)
        case syntax.PriceAll(currency=name):
            currency = scope.currencies.resolve(name)
            return None if currency is None else ((None, Price(currency, 1, True, clause.span)),)
        case syntax.PriceTable(table=table):
            return _price_table(scope, readable, table)
        case syntax.PricePerOff():
            raise AssertionError("points as money have steps")
        case _:
            assert_never(clause)


def check_prices(
    scope: ProgramScope, readable: Readable, clauses: Sequence[PriceClause | PriceWhen]
) -> Cases[Price] | None:
    """The price of a use by several lines, the first that holds (REDEEM-8), all in one currency."""
    if len(clauses) == 1 and not isinstance(clauses[0], PriceWhen):
        return check_price(scope, readable, clauses[0])

    def check(clause: PriceClause | PriceWhen) -> Cases[Price] | None:
        if isinstance(clause, PriceWhen):
            price = _price(scope, clause.quantity)
            return None if price is None else ((None, price),)
        if isinstance(clause, syntax.PricePerOff):
            scope.findings.report(
                "L349", clause.span, "points as money have one price, and this reward has several",
                help="write a reward of its own for them",
            )  # fmt: skip
            return None
        return check_price(scope, readable, clause)

    cases = first_cases(
        scope, readable, clauses, lambda each: each.when if isinstance(each, PriceWhen) else None, check
    )
    return cases if cases is not None and _one_currency(scope, cases) else None


def _price(scope: ProgramScope, quantity: syntax.Quantity) -> Price | None:
    found = positive_quantity(scope, quantity)
    return None if found is None else Price(found[0], found[1], False, quantity.span)


def _price_table(scope: ProgramScope, readable: Readable, table: syntax.Table) -> Cases[Price] | None:
    def leaf(amount: syntax.Amount) -> Cell[Price] | None:
        if isinstance(amount, syntax.NotOffered):
            return Cell(None)
        if isinstance(amount, syntax.GiveFlat):
            price = _price(scope, amount.quantity)
            return None if price is None else Cell(price)
        scope.findings.report(
            "L206", amount.span, f"`{amount.span.text}` is not a price",
            help="write an amount of a currency, such as `500 points`, or `not offered`",
        )  # fmt: skip
        return None

    cases = cases_of(scope, readable, table, leaf)
    return cases if cases is not None and _one_currency(scope, cases) else None


def _one_currency(scope: ProgramScope, cases: Cases[Price]) -> bool:
    first = cases[0][1]
    for _, price in cases[1:]:
        if price.currency.index != first.currency.index:
            scope.findings.report(
                "L302", price.span,
                f"this price is in `{price.currency.name}`, another in `{first.currency.name}`",
                secondary=[(first.span, f"in `{first.currency.name}`")],
                help="write a reward of its own for each currency",
            )  # fmt: skip
            return False
    return True


def check_beside(scope: ProgramScope, clauses: Sequence[PriceClause | PriceWhen], *, automatic: bool) -> int:
    """The money that a member pays at each use beside the price, in minor units; 0 for none (REDEEM-15)."""
    known = (each for each in clauses if isinstance(each, syntax.PriceClause | syntax.PriceTable))
    clause = next((each for each in known if each.beside), None)
    if clause is None or clause.beside is None:
        return 0
    if len(clauses) > 1:
        scope.findings.report(
            "L190", clause.beside.span, "money beside one of several prices is not supported yet",
            help="write a reward of its own for each price",
        )  # fmt: skip
        return 0
    if automatic:
        scope.findings.report(
            "L349", clause.beside.span, "nobody is charged for a reward that is taken by itself",
            help="delete `issue automatically`, or the money",
        )  # fmt: skip
        return 0
    return positive_money(scope, clause.beside) or 0


def check_steps(
    scope: ProgramScope, clause: syntax.PricePerOff, steps: syntax.StepsClause | None
) -> tuple[Price, MoneyOff] | None:
    """Points as money: the price of one step and what it takes off, the smallest or as `steps` says."""
    found = positive_quantity(scope, clause.quantity)
    per = positive_money(scope, clause.money)
    step = None if steps is None else positive_money(scope, steps.money)
    if found is None or per is None or (steps is not None and step is None):
        return None
    currency, units = found
    if step is None:
        step = per // gcd(units, per)
    price = Fraction(units * step, per)
    if price.denominator != 1 and steps is not None:
        least = per // gcd(units, per)
        scope.findings.report(
            "L349", steps.span,
            f"a step of {steps.money.span.text} would not cost a whole amount of `{currency.name}`",
            secondary=[(clause.span, "at this price")],
            help=f"write steps of {scope.write_money(least)} or a multiple of it",
        )  # fmt: skip
        return None
    return Price(currency, int(price), False, clause.span), MoneyOff(step, in_full=False)
