"""How the amount of a rule came about: the row of its tables, what it is of, and each part of the sum.

Invariant: `total` is what the reference made of it (`earning.exact_worth`), and `exact` less what was passed
on by what it raises, if that is more than nothing.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

import attrs

from loyalty_dsl.evaluation.checkout import Seen
from loyalty_dsl.evaluation.earning import exact_amount, money_of
from loyalty_dsl.evaluation.facts import Facts, holds, value_of
from loyalty_dsl.evaluation.witness import RuleWorth
from loyalty_dsl.explanation.table_rows import Row, rows_used, value_in_slices
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
from loyalty_dsl.language.program import EarnRule


@attrs.frozen
class SliceWorking:
    """What falls into one slice: from `start` up to `end` (`None`: without end), `within` of it."""

    start: int
    end: int | None
    within: int
    units: int
    per: int

    @property
    def exact(self) -> Fraction:
        return Fraction(self.within * self.units, self.per)


@attrs.frozen
class Working:
    """One rule's amount, step by step; units are smallest units.

    Attributes:
        rows: the rows of tables that were used, innermost last; none without a table.
        amount: what they say, which is no table of rows.
        of: what it is multiplied with: minor units, a field's value, items, or what slices are of; `None`
            for what is given whatever the event.
        times: the number that it is multiplied by as well (MULTIPLE-1).
        slices: what falls into each, where something does.
        shares: what each rule passed on that this one is a share of.
        answers: what a strategy was told.
        exact: the amount by itself.
        raised: the rules that it makes up for, and what each passed on.
        total: what the rule is worth.
    """

    rows: tuple[Row, ...]
    amount: Amount
    of: int | None
    times: int
    slices: tuple[SliceWorking, ...]
    shares: tuple[tuple[int, Fraction], ...]
    answers: tuple[int, ...]
    exact: Fraction
    raised: tuple[tuple[int, Fraction], ...]
    total: Fraction


def working_of(rule: EarnRule, worth: RuleWorth) -> Working:
    """The working of what a rule was worth at an event."""
    seen, facts, passed_on = worth.seen, worth.facts, dict(worth.passed_on)
    amount = _row_of(rule.amount, facts)
    of, times = _factors(amount, seen, facts)
    return Working(
        rows=rows_used(rule.amount, seen, facts),
        amount=amount,
        of=of,
        times=times,
        slices=_slices(amount, seen, facts),
        shares=_shares(amount, passed_on),
        answers=tuple(value_of(operand, facts) for operand in amount.operands)
        if isinstance(amount, OfStrategy)
        else (),
        exact=exact_amount(rule.amount, seen, facts, passed_on),
        raised=tuple((raised, passed_on.get(raised, Fraction(0))) for raised in rule.raises),
        total=worth.exact,
    )


def _row_of(amount: Amount, facts: Facts) -> Amount:
    """What the tables of rows come to."""
    while isinstance(amount, Choice):
        amount = next((case.amount for case in amount.cases if holds(case.when, facts)), amount.otherwise)
    return amount


def _factors(amount: Amount, seen: Seen, facts: Facts) -> tuple[int | None, int]:
    """What an amount is multiplied with, and by how many times."""
    match amount:
        case Flat() | OfStrategy() | ShareOfRules() | Nothing():
            return None, 1
        case PerMoney(base=base, times=times):
            return money_of(base, seen), 1 if times is None else max(0, facts.fields[times.index])
        case Share(base=base):
            return money_of(base, seen), 1
        case PerField(field=field, times=times):
            value = max(0, facts.fields[field.index])
            return value, 1 if times is None else max(0, facts.fields[times.index])
        case PerItem():
            return seen.paid_for, 1
        case Slices(base=base):
            return value_in_slices(base, seen, facts), 1
        case Choice():
            raise AssertionError("its rows have been looked up")
        case _:
            assert_never(amount)


def _slices(amount: Amount, seen: Seen, facts: Facts) -> tuple[SliceWorking, ...]:
    if not isinstance(amount, Slices):
        return ()
    value = value_in_slices(amount.base, seen, facts)
    found = []
    ends = (*amount.starts[1:], None)
    for start, end, units, per in zip(amount.starts, ends, amount.units, amount.per, strict=True):
        within = max(0, (value if end is None else min(value, end)) - start)
        if within:
            found.append(SliceWorking(start, end, within, units, per))
    return tuple(found)


def _shares(amount: Amount, passed_on: Mapping[int, Fraction]) -> tuple[tuple[int, Fraction], ...]:
    if not isinstance(amount, ShareOfRules):
        return ()
    return tuple((rule, passed_on.get(rule, Fraction(0))) for rule in amount.rules)
