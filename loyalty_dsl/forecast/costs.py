"""What a redeemed unit costs, which is what turns units into a liability.

A currency's declared cost is used as it is. Without one, the cost is that of the rewards that members
took in this very run, over the units they paid for them, so that a shift to cheaper rewards shows. A
reward without a declared cost is taken at the money that it takes off: what it costs at most. A reward that
gives another currency, such as a certificate, costs what that currency's units cost, times the share of them
that is ever used; whatever the reward itself declares is left out, so that nothing is counted twice.

Worked case: 500 points for $5 off that costs $4.25, taken 90 times, and 200 points for $1 off without a
cost, taken 10 times: ($382.50 + $10.00) / 47,000 points = $0.00835 a point. And 2,000 points for a $20
certificate, of which 85% is used at 65 cents a dollar: $20 x 85% x 0.65 / 2,000 = $0.005525 a point.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TypeVar

import attrs

from loyalty_dsl.forecast.figures import CostBasis, UnitCost, given_by
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.program import CostOfFace, CostPerUse, Currency, Reward
from loyalty_dsl.quantities import MINOR_DIGITS, prefix_of

Of = TypeVar("Of")


@attrs.frozen
class Taken:
    """One reward over all reported months; money in minor units.

    Attributes:
        units: paid for it, of its own currency; given: units of another that it gave.
        cost: as declared; 0 without a declared cost.
    """

    reward: Reward
    uses: int
    units: int
    off: int
    given: int
    cost: Fraction


def unit_cost(
    currency: Currency,
    taken: Sequence[Taken],
    currencies: Sequence[Currency],
    used: Sequence[Fraction],
) -> UnitCost | None:
    """The cost of one smallest unit of a currency.

    Args:
        currency: whose units are valued.
        taken: every reward of the program.
        currencies: every currency of the program.
        used: by currency, the share of its units that is ever redeemed.

    Returns:
        The cost and where it comes from, or `None` when none is declared and nothing was redeemed.
    """
    return _unit_cost(currency, taken, currencies, used, frozenset())


def reward_mix(
    currency: Currency,
    taken: Sequence[Taken],
    currencies: Sequence[Currency],
    used: Sequence[Fraction],
    above: frozenset[int] = frozenset(),
) -> UnitCost | None:
    """What the rewards that were taken cost for each smallest unit paid; `None` when nothing of a known cost
    was redeemed: a thing without a declared cost is left out.

    Arguments as of `unit_cost`; `above` are currencies that are being valued already.
    """
    spent, total, sourced = 0, Fraction(0), Fraction(0)
    paid: dict[Reward, Fraction] = {}
    numbers: dict[AssumedNumber, Fraction] = {}
    through: dict[Currency, Fraction] = {}
    at_face: list[Reward] = []
    for one in taken:
        if one.reward.currency != currency.index or not one.units:
            continue
        cost, bearing = one.cost, _declared(one.reward)
        target = given_by(one.reward)
        if target is not None and target not in above:
            given = currencies[target]
            each = _unit_cost(given, taken, currencies, used, above | {currency.index})
            through[given] = used[target]
            if each is not None:
                cost = each.value * one.given * used[target]
                bearing = each.bearing
                at_face += each.at_face
            elif given.in_money:
                cost, bearing = one.given * used[target], ()
                at_face.append(one.reward)
            else:
                continue  # what it gives costs nobody knows what
        elif not bearing:
            if not one.off:
                continue  # a thing without a declared cost: unknown, not free
            cost = Fraction(one.off)
            at_face.append(one.reward)
        if one.reward.beside:  # REDEEM-15: a use costs the business less by what the member pays
            cost = max(Fraction(0), cost - one.uses * one.reward.beside)
        spent += one.units
        total += cost
        paid[one.reward] = cost
        for number, share in bearing:
            numbers[number] = numbers.get(number, Fraction(0)) + cost * share
            sourced += cost * share if number.source is not None else 0
    if not spent:
        return None
    return UnitCost(
        total / spent,
        CostBasis.REWARD_MIX,
        1 - sourced / total if total else Fraction(0),
        _shares(paid.items(), total),
        _shares(numbers.items(), total),
        tuple(through.items()),
        tuple(dict.fromkeys(at_face)),
    )


def _unit_cost(
    currency: Currency,
    taken: Sequence[Taken],
    currencies: Sequence[Currency],
    used: Sequence[Fraction],
    above: frozenset[int],
) -> UnitCost | None:
    if currency.cost is not None:
        number = currency.cost
        assumed = Fraction(number.source is None)
        return UnitCost(number.value, CostBasis.DECLARED, assumed, bearing=((number, Fraction(1)),))
    return reward_mix(currency, taken, currencies, used, above)


def _declared(reward: Reward) -> tuple[tuple[AssumedNumber, Fraction], ...]:
    number = number_of(reward)
    return () if number is None else ((number, Fraction(1)),)


def _shares(parts: Iterable[tuple[Of, Fraction]], total: Fraction) -> tuple[tuple[Of, Fraction], ...]:
    return tuple((of, part / total if total else Fraction(0)) for of, part in parts)


def cost_text(value: Fraction, scale: int, money: str) -> str:
    """The cost of one display unit, to four significant digits: `$0.008`, `$0.20`.

    Args:
        value: minor units for one smallest unit.
        scale: smallest units in a display unit.
    """
    amount = float(value * scale / 10 ** MINOR_DIGITS[money])
    if amount >= 1000:
        return f"{prefix_of(money)}{amount:,.0f}"
    whole, point, digits = f"{amount:.4g}".partition(".")
    return f"{prefix_of(money)}{whole}{point}{digits.ljust(MINOR_DIGITS[money] if point else 0, '0')}"


def number_of(reward: Reward) -> AssumedNumber | None:
    """The number that a reward's cost is declared with, if it is."""
    match reward.cost:
        case CostPerUse(number) | CostOfFace(number):
            return number
        case None:
            return None
