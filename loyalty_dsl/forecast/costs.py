"""What a redeemed unit costs, which is what turns units into a liability.

A currency's declared cost is used as it is. Without one, the cost is that of the rewards that members
took in this very run, over the units they paid for them, so that a shift to cheaper rewards shows. A
reward without a declared cost is taken at the money that it takes off: what it costs at most.

Worked case: 500 points for $5 off that costs $4.25, taken 90 times, and 200 points for $1 off without a
cost, taken 10 times: ($382.50 + $10.00) / 47,000 points = $0.00835 a point.
"""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.forecast.figures import CostBasis, UnitCost
from loyalty_dsl.language.program import AssumedNumber, CostOfFace, CostPerUse, Currency, Reward
from loyalty_dsl.quantities import MINOR_DIGITS, prefix_of


def unit_cost(
    currency: Currency,
    rewards: Sequence[Reward],
    uses: Sequence[int],
    off: Sequence[int],
    cost: Sequence[Fraction],
) -> UnitCost | None:
    """The cost of one smallest unit of a currency.

    Args:
        currency: whose units are valued.
        rewards: every reward of the program.
        uses, off, cost: by reward, over all reported months; money in minor units.

    Returns:
        The cost and where it comes from, or `None` when none is declared and nothing was redeemed.
    """
    if currency.cost is not None:
        assumed = Fraction(currency.cost.source is None)
        return UnitCost(currency.cost.value, CostBasis.DECLARED, assumed)
    return reward_mix(currency, rewards, uses, off, cost)


def reward_mix(
    currency: Currency,
    rewards: Sequence[Reward],
    uses: Sequence[int],
    off: Sequence[int],
    cost: Sequence[Fraction],
) -> UnitCost | None:
    """What the rewards that were taken cost for each smallest unit paid; `None` when nothing was redeemed.

    Arguments as of `unit_cost`.
    """
    spent, unsourced = 0, Fraction(0)
    paid: dict[Reward, Fraction] = {}
    for reward in rewards:
        if reward.currency != currency.index or not uses[reward.index]:
            continue
        number = number_of(reward)
        spent += reward.price * uses[reward.index]
        paid[reward] = Fraction(off[reward.index]) if number is None else cost[reward.index]
        if number is None or number.source is None:
            unsourced += paid[reward]
    if not spent:
        return None
    total = sum(paid.values(), Fraction(0))
    parts = tuple((reward, part / total if total else Fraction(0)) for reward, part in paid.items())
    return UnitCost(total / spent, CostBasis.REWARD_MIX, unsourced / total if total else Fraction(0), parts)


def cost_text(value: Fraction, scale: int, money: str) -> str:
    """The cost of one display unit, to four significant digits: `$0.008`.

    Args:
        value: minor units for one smallest unit.
        scale: smallest units in a display unit.
    """
    amount = float(value * scale / 10 ** MINOR_DIGITS[money])
    return f"{prefix_of(money)}{amount:,.0f}" if amount >= 1000 else f"{prefix_of(money)}{amount:.4g}"


def number_of(reward: Reward) -> AssumedNumber | None:
    """The number that a reward's cost is declared with, if it is."""
    match reward.cost:
        case CostPerUse(number) | CostOfFace(number):
            return number
        case None:
            return None
