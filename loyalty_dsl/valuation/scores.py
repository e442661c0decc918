"""Which currencies are counts, such as status miles: no reward takes their units, and nothing is owed.

Invariant: a count is said to be one: its cost is $0, or it is worth nothing and has no cost.
"""

from collections.abc import Iterable

from loyalty_dsl.language.program import Currency, Reward


def is_score(currency: Currency, rewards: Iterable[Reward]) -> bool:
    """Whether no reward takes the units of a currency, and its program says that they cost nothing.

    Args:
        rewards: all of its program.
    """
    if currency.cost is not None:
        free = currency.cost.value == 0
    else:
        free = currency.worth is not None and currency.worth.value == 0
    return free and all(reward.currency != currency.index for reward in rewards)
