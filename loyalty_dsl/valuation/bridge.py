"""Why a liability moved between two valuations: volume, experience, assumptions, cost per point.

Invariant: opening + volume + experience + assumptions + cost per point = closing, in whole minor units. Each
term is the difference between two liabilities that are rounded as a whole, one step changed at a time, in
this order.

* Volume: what was issued since, at the rate that the first valuation expected of new issue, less all that was
  redeemed since.
* Experience: what is outstanding now, at the first valuation's rates by age of lot, less what volume led to
  expect: members redeemed sooner, later, or lost more than was thought.
* Assumptions: the second valuation's rates in place of the first's, on the same outstanding units.
* Cost per point: the second's cost in place of the first's.

Worked case: 40 outstanding of which 10 will be used at $0.01: $0.10. Then 100 are issued (70% expected) and
65 redeemed: volume $0.05, so 15 are expected. The old rates on what is outstanding give 16: experience $0.01.
New rates give 18: $0.02. A cost of $0.012: $0.036, which with the rest makes $0.216.
"""

from collections.abc import Mapping
from fractions import Fraction

import attrs

from loyalty_dsl.quantities import Rounding, rounded


@attrs.frozen
class ValuedVintage:
    """One month's issue as a valuation sees it, in units; `future` are those of the outstanding expected to
    be redeemed."""

    month: int
    issued: int
    redeemed: int
    outstanding: int
    future: Fraction


@attrs.frozen
class Valuation:
    """A valuation at the end of a month.

    Attributes:
        cost: of a redeemed unit, in minor units.
        urr: expected of new issue.
        vintages: by month of issue, oldest first.
    """

    month: int
    cost: Fraction
    urr: Fraction
    vintages: tuple[ValuedVintage, ...]

    @property
    def future(self) -> Fraction:
        return sum((vintage.future for vintage in self.vintages), Fraction(0))

    @property
    def liability(self) -> int:
        """In minor units, half up."""
        return _worth(self.cost, self.future)

    def rates(self) -> Mapping[int, Fraction]:
        """By age of lot in months, the share of what is outstanding that will be redeemed."""
        held: dict[int, list[Fraction]] = {}
        for vintage in self.vintages:
            if vintage.outstanding > 0:
                sums = held.setdefault(self.month - vintage.month, [Fraction(0), Fraction(0)])
                sums[0] += vintage.future
                sums[1] += vintage.outstanding
        return {age: future / outstanding for age, (future, outstanding) in held.items()}


@attrs.frozen
class Bridge:
    """The terms, in minor units."""

    opening: int
    volume: int
    experience: int
    assumptions: int
    cost_per_point: int
    closing: int

    def __attrs_post_init__(self) -> None:
        moved = self.volume + self.experience + self.assumptions + self.cost_per_point
        assert self.opening + moved == self.closing, "a bridge ties"


def bridge(before: Valuation, after: Valuation) -> Bridge:
    """Explains the change between two valuations of the same program.

    Args:
        before, after: months of issue of `before` are among those of `after`, with no less redeemed.

    Raises:
        ValueError: `after` is not later, or lacks a month of issue.
    """
    if after.month < before.month:
        raise ValueError("a bridge goes from an earlier valuation to a later one")
    known = {vintage.month: vintage for vintage in before.vintages}
    lacking = known.keys() - {vintage.month for vintage in after.vintages}
    if lacking:
        raise ValueError("the later valuation lacks months of issue that the earlier one has")
    expected = before.future
    for vintage in after.vintages:
        old = known.get(vintage.month)
        expected += (vintage.issued - (old.issued if old else 0)) * before.urr
        expected -= vintage.redeemed - (old.redeemed if old else 0)
    rates = before.rates()
    old_rates = sum(
        (
            vintage.outstanding * _rate(rates, after.month - vintage.month, before.urr)
            for vintage in after.vintages
        ),
        Fraction(0),
    )
    opening, volume = before.liability, _worth(before.cost, expected)
    experience, assumptions = _worth(before.cost, old_rates), _worth(before.cost, after.future)
    return Bridge(
        opening=opening,
        volume=volume - opening,
        experience=experience - volume,
        assumptions=assumptions - experience,
        cost_per_point=after.liability - assumptions,
        closing=after.liability,
    )


def _rate(rates: Mapping[int, Fraction], age: int, urr: Fraction) -> Fraction:
    """The rate of an age, or of the next younger one known: lots older than any that were valued go on as the
    oldest; with none, as new issue."""
    known = [one for one in rates if one <= age]
    return rates[max(known)] if known else (rates[min(rates)] if rates else urr)


def _worth(cost: Fraction, units: Fraction) -> int:
    """Minor units, half up, of units that may be fewer than none."""
    exact = cost * units
    return rounded(exact, Rounding.HALF_UP) if exact >= 0 else -rounded(-exact, Rounding.HALF_UP)
