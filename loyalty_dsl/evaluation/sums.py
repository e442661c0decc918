"""NUM-6: what compiled code summed in 64 bits is proved to have fitted, after the run and exactly.

Invariant: a count of postings cannot wrap around, as nothing counts to 2^62 one by one. A sum of postings is
at most their number times the largest; as long as that is below 2^62 no sum has wrapped around, and the run
that first wraps one has counted enough postings to fail here, because counts only grow. Uses of rewards are
counted many at once, but each spends at least one unit that was posted, so there are no more uses than units.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import assert_never

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
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.language.rewards import BalanceGiven, UnitsGiven
from loyalty_dsl.language.types import Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER, MAX_TIMES, format_money, format_units
from loyalty_dsl.refusals import InputRefused

_MOST = 2**62

_HELP = "lower the amounts, or run fewer members or a shorter time"


def largest_posting(program: Program, rule: EarnRule, basket: int = MAX_AMOUNT) -> int:
    """The most smallest units that a rule can post for one event.

    Args:
        basket: the largest one, in minor units.
    """
    return ceil(_most(program, rule, rule.amount, basket))


def _most(program: Program, rule: EarnRule, amount: Amount, basket: int) -> Fraction:
    """A bound on an amount, and one unit more wherever rounding may add one.

    What a rule passes on is at most what it posts, but for a fraction of a unit. The rules that an amount is
    a share of come before it (`Program.order`), so this ends.
    """
    match amount:
        case OfStrategy(most=units) | Flat(units):
            return Fraction(units)
        case PerMoney(units, per, times=times):
            factor = 1 if times is None else MAX_TIMES
            return Fraction(basket * units * factor, per) + 1  # however it is rounded, and per event
        case Share(share, _):
            return basket * share + 1
        case PerField(units, per, _, field, times):
            largest = MAX_AMOUNT if field.kind is Kind.MONEY else MAX_NUMBER
            return Fraction(largest * units * (1 if times is None else MAX_TIMES), per) + 1
        case PerItem(units):
            return Fraction(units * MAX_NUMBER)
        case Slices(base, starts, units_of, pers):
            steepest = max(Fraction(units, per) for units, per in zip(units_of, pers, strict=True))
            return (basket if isinstance(base, Base) else starts[-1]) * steepest + 1
        case ShareOfRules(share, rules):
            of_rules = (program.earns[index] for index in rules)
            return share * sum(_most(program, other, other.amount, basket) for other in of_rules) + 1
        case Choice(cases, otherwise):
            amounts = (*(case.amount for case in cases), otherwise)
            return max(_most(program, rule, each, basket) for each in amounts)
        case Nothing():
            return Fraction(0)
        case _:
            assert_never(amount)


def verify_sums_fit(
    program: Program, times: Sequence[int], uses: Sequence[int], basket: int = MAX_AMOUNT
) -> None:
    """Makes sure that no sum of a run can have passed 64 bits.

    Args:
        times: how many postings each earn rule made, by index, of all members.
        uses: how many uses of each reward there were, by index.
        basket: the largest one, in minor units.

    Raises:
        InputRefused: the sums may be wrong, so that nothing of the run may be used.
    """
    issued = _most_issued(program, times, uses, basket)
    for currency in program.currencies:
        most = ceil(issued[currency.index])
        if most >= _MOST:
            could = format_units(most, currency.scale)
            raise InputRefused(
                f"`{currency.name}` could add up to {could}, which is more than can be counted exactly", _HELP
            )
    for reward, count in zip(program.rewards, uses, strict=True):
        if count * reward.off >= _MOST:
            could = format_money(count * reward.off, program.money)
            raise InputRefused(
                f"`{reward.name}` could take off {could}, which is more than can be counted exactly", _HELP
            )


def _most_issued(
    program: Program, times: Sequence[int], uses: Sequence[int], basket: int
) -> dict[int, Fraction]:
    """The most that can have been issued of each currency, by rules and by rewards that give it."""
    earned: dict[int, int] = dict.fromkeys(range(len(program.currencies)), 0)
    for rule, count in zip(program.earns, times, strict=True):
        if count:
            earned[rule.currency] += count * largest_posting(program, rule, basket)

    def most_of(currency: int) -> Fraction:
        given = Fraction(0)
        for reward, count in zip(program.rewards, uses, strict=True):
            faces = [case.face for case in reward.cases]
            units = [
                face.units + face.more
                for face in faces
                if isinstance(face, UnitsGiven) and face.currency == currency
            ]
            given += count * max(units, default=0)
            shares = [
                face.share for face in faces if isinstance(face, BalanceGiven) and face.currency == currency
            ]
            if shares and count:  # what is given away was issued before; no currency comes from itself
                given += max(shares) * most_of(reward.currency) + count
        return earned[currency] + given

    return {currency: most_of(currency) for currency in earned}
