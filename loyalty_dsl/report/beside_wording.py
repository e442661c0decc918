"""What a story says beside prices and last days: money that is paid, and what may keep a balance.

Invariant: nothing is said where there is nothing beside.
"""

from collections.abc import Iterable

from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.language.expiry import AfterActivity, AfterFirst
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.quantities import format_money


def kept_in_words(currency: Currency) -> str:
    """That a whole balance may be kept beyond its day (EXP-10)."""
    expiry = currency.expiry
    keeps = isinstance(expiry, AfterActivity | AfterFirst) and expiry.unless is not None
    return ", or while they are kept" if keeps else ""


def money_beside(program: Program, uses: Iterable[Use]) -> list[str]:
    """What members pay beside their points (REDEEM-15)."""
    paid = ((program.rewards[use.reward], use.times) for use in uses)
    return [
        f"`{reward.name}`: {format_money(times * reward.beside, program.money)} charged beside the price"
        for reward, times in paid
        if reward.beside
    ]
