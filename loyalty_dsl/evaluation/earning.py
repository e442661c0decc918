"""How much a rule is worth: the items it sees, its exact amount, and the rounding (AMT, EARN, NUM).

Invariant: an amount stays a `Fraction` until one of the two roundings that a currency may name, and the
parts of what rewards took off add up to it.
"""

from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.facts import Facts, holds
from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.program import Currency, EarnRule, RoundPer
from loyalty_dsl.quantities import rounded


def spread_over_items(off: int, prices: list[int]) -> list[int]:
    """The part of the money off that each item bears (AMT-3).

    Args:
        off: minor units that rewards took off the purchase; what exceeds the basket is borne by nobody.
        prices: minor units, in the order of the items.

    Returns:
        One part an item, none more than its price, adding up to the smaller of `off` and the basket.
    """
    basket = sum(prices)
    if basket == 0:
        return [0] * len(prices)
    off = min(off, basket)
    parts, seen, borne = [], 0, 0
    for price in prices:
        seen += price
        so_far = off * seen // basket
        parts.append(so_far - borne)
        borne = so_far
    return parts


def exact_amount(rule: EarnRule, event: Event, facts: Facts) -> Fraction:
    """What a rule that fires is worth, in smallest units, before rounding and limits.

    Args:
        facts: of the event after its rewards, so that `basket - amount` is what they took off.
    """
    basket, amount, passing = facts.basket, facts.amount, True
    if rule.items is not None:  # AMT-4
        filter_ = rule.items
        parts = spread_over_items(facts.basket - facts.amount, [item.price for item in event.items])
        seen = [
            (item.price, item.price - part)
            for item, part in zip(event.items, parts, strict=True)
            if holds(filter_, facts, item.fields)
        ]
        basket, amount = sum(price for price, _ in seen), sum(left for _, left in seen)
        passing = bool(seen)
    match rule.amount:
        case Flat(units):  # EARN-2
            return Fraction(units if passing else 0)
        case PerMoney(units, per, whole, base):  # EARN-3
            money = basket if base is Base.BASKET else amount
            return Fraction(money // per * units) if whole else Fraction(money * units, per)
        case Share(share, base):  # EARN-4
            return share * (basket if base is Base.BASKET else amount)
        case _:
            assert_never(rule.amount)


@attrs.define(eq=False)
class RunningTotal:
    """The exact sum of a currency within one event, for `round ... per event` (NUM-4)."""

    currency: Currency
    exact: Fraction = Fraction(0)

    def units(self, amount: Fraction) -> int:
        """The whole units that a rule worth `amount` posts if no limit cuts it."""
        how = self.currency.rounding
        if self.currency.round_per is RoundPer.RULE:  # NUM-3
            return rounded(amount, how)
        return rounded(self.exact + amount, how) - rounded(self.exact, how)

    def add(self, amount: Fraction, uncut: int, posted: int) -> None:
        """Passes on a rule's exact amount, or what it posted where a limit cut it (LIMIT-5)."""
        self.exact += amount if posted == uncut else posted
