"""How much a rule is worth: its exact amount, and the rounding (AMT, EARN, NUM).

Invariant: an amount stays a `Fraction` until one of the two roundings that a currency may name.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.checkout import Seen
from loyalty_dsl.evaluation.facts import Facts, holds, value_of
from loyalty_dsl.language.amounts import (
    Amount,
    Choice,
    Flat,
    Nothing,
    OfStrategy,
    PerField,
    PerItem,
    PerMoney,
    Share,
    ShareOfRules,
    Slices,
)
from loyalty_dsl.language.conditions import Base
from loyalty_dsl.language.program import Currency, EarnRule, RoundPer
from loyalty_dsl.language.strategies import answer_of
from loyalty_dsl.language.types import Field
from loyalty_dsl.quantities import rounded

PassedOn = Mapping[int, Fraction]
"""What each rule that has been paid at this event passes on to others, by index (EARN-10)."""


def exact_worth(rule: EarnRule, seen: Seen, facts: Facts, passed_on: PassedOn) -> Fraction:
    """What a rule that fires is worth, in smallest units, before rounding and limits.

    Args:
        seen: the event through the rule's item filter, after its rewards.
    """
    exact = exact_amount(rule.amount, seen, facts, passed_on)
    if rule.raises:  # EARN-11
        return max(Fraction(0), exact - sum(passed_on.get(raised, 0) for raised in rule.raises))
    return exact


def exact_amount(amount: Amount, seen: Seen, facts: Facts, passed_on: PassedOn) -> Fraction:
    """What an amount comes to, in smallest units; never negative."""
    match amount:
        case Flat(units):  # EARN-2
            return Fraction(units if seen.passing else 0)
        case PerMoney(units, per, whole, base, times):  # EARN-3
            money = money_of(base, seen)
            exact = Fraction(money // per * units) if whole else Fraction(money * units, per)
            return exact * _factor(times, facts)
        case Share(share, base):  # EARN-4
            return share * money_of(base, seen)
        case PerField(units, per, whole, field, times):  # EARN-6
            value = max(0, facts.fields[field.index])
            exact = Fraction(value // per * units) if whole else Fraction(value * units, per)
            return exact * _factor(times, facts)
        case PerItem(units):  # EARN-7
            return Fraction(units * seen.paid_for)
        case Slices(base, starts, units_of, pers):  # EARN-9
            money = money_of(base, seen) if isinstance(base, Base) else value_of(base, facts)  # EARN-16
            ends = (*starts[1:], None)
            worth = Fraction(0)
            for start, end, units, per in zip(starts, ends, units_of, pers, strict=True):
                within = max(0, (money if end is None else min(money, end)) - start)
                worth += Fraction(within * units, per)
            return worth
        case OfStrategy(name, operands, most):  # EARN-15
            told = tuple(value_of(operand, facts) for operand in operands)
            return Fraction(min(max(0, answer_of(name, told)), most))
        case ShareOfRules(share, rules):  # EARN-10
            return share * sum((passed_on.get(rule, Fraction(0)) for rule in rules), start=Fraction(0))
        case Choice(cases, otherwise):  # EARN-8
            chosen = next((case.amount for case in cases if holds(case.when, facts)), otherwise)
            return exact_amount(chosen, seen, facts, passed_on)
        case Nothing():
            return Fraction(0)
        case _:
            assert_never(amount)


def money_of(base: Base, seen: Seen) -> int:
    """The money that a rate is of, in minor units."""
    return seen.basket if base is Base.BASKET else seen.amount


def _factor(times: Field | None, facts: Facts) -> int:
    """What an amount is multiplied by (MULTIPLE-1)."""
    return 1 if times is None else max(0, facts.fields[times.index])


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
