"""NUM-6: what compiled code summed in 64 bits is proved to have fitted, after the run and exactly.

Invariant: a count of postings cannot wrap around, as nothing counts to 2^62 one by one. A sum of postings is
at most their number times the largest; as long as that is below 2^62 no sum has wrapped around, and the run
that first wraps one has counted enough postings to fail here, because counts only grow. Uses of rewards are
counted many at once, but each spends at least one unit that was posted, so there are no more uses than units.
"""

from collections.abc import Sequence
from typing import assert_never

from loyalty_dsl.language.amounts import Flat, PerMoney, Share
from loyalty_dsl.language.program import EarnRule, Program
from loyalty_dsl.quantities import MAX_AMOUNT, format_money, format_units
from loyalty_dsl.refusals import InputRefused

_MOST = 2**62

_HELP = "lower the amounts, or run fewer members or a shorter time"


def largest_posting(rule: EarnRule, basket: int = MAX_AMOUNT) -> int:
    """The most smallest units that a rule can post for one event.

    Args:
        basket: the largest one, in minor units.
    """
    match rule.amount:
        case Flat(units):
            return units
        case PerMoney(units, per, _, _):
            return basket * units // per + 1  # however it is rounded, and per event
        case Share(share, _):
            return int(basket * share) + 1
        case _:
            assert_never(rule.amount)


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
    for currency in program.currencies:
        most = sum(
            count * largest_posting(rule, basket)
            for rule, count in zip(program.earns, times, strict=True)
            if rule.currency == currency.index
        )
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
