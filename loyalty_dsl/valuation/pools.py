"""A vintage of points for accounting: what was sold with it, and what became of it month by month.

Invariant: what a pool defers is fixed when it is issued, by relative stand-alone selling prices, as whole
minor units; later estimates change when it is recognised, never how much of it there is (IFRS 15.88, ASC
606-10-32-43).

Worked case: sales of $100,000 give 10,000 points worth $0.95, all expected to be used: the points' price is
$9,500, so 9,500 / 109,500 of the sales, $8,675.80, are deferred.
"""

from fractions import Fraction
from itertools import accumulate

import attrs

from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.accounting import AccountingClass


@attrs.frozen
class Pool:
    """Points of one class issued in one month. Money is in minor units.

    Attributes:
        month: `calendar.month_index` of the issue, or any number that counts months on.
        sales: what was paid for the goods and the points together; 0 of marketing.
        points: issued.
        value: what a redeemed point is worth to a member: its stand-alone selling price before breakage.
        urr: the share expected to be redeemed, as known at issue.
        redeemed: in the month of issue and each one after it; months beyond it have none.
        expected: at the end of each of those months, how many points of the pool were expected ever to be
            redeemed; a month beyond it keeps the last. Empty: `urr` of the points throughout.
        lost: expired or taken back, in each month.
        cost: what a redeemed point costs, for what is accrued at cost.
        allocated: what is deferred, where it is known already; then `value` and `urr` are not asked.
        current: of what is still deferred at the end, the share expected to be used within a year.
    """

    month: int
    accounting: AccountingClass
    sales: int
    points: int
    value: Fraction
    urr: Fraction
    redeemed: tuple[int, ...] = ()
    expected: tuple[Fraction | int, ...] = ()
    lost: tuple[int, ...] = ()
    cost: Fraction | None = None
    allocated: int | None = None
    current: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        if self.sales < 0 or self.points < 0 or min((*self.redeemed, *self.lost), default=0) < 0:
            raise ValueError("sales, points and what became of them are at least 0")
        if sum(self.redeemed) + sum(self.lost) > self.points:
            raise ValueError(f"more than the {self.points:,} points issued were redeemed or lost")
        if not 0 <= self.urr <= 1:
            raise ValueError("the share expected to be redeemed is between 0 and 1")
        if self.accounting is AccountingClass.MARKETING and self.cost is None:
            raise ValueError("points that nobody paid for are accrued at cost, so they need a cost")

    def redeemed_by(self, age: int) -> int:
        """Redeemed up to the end of an age; 0 before the issue."""
        return _by(self.redeemed, age)

    def lost_by(self, age: int) -> int:
        """Expired or taken back up to the end of an age."""
        return _by(self.lost, age)

    def expected_at(self, age: int) -> Fraction:
        """Points expected ever to be redeemed, as estimated at the end of an age: at least what has been, and
        at most that and what is still held."""
        given = self.expected[min(age, len(self.expected) - 1)] if self.expected else self.urr * self.points
        least = self.redeemed_by(age)
        return max(Fraction(least), min(Fraction(given), Fraction(self.points - self.lost_by(age))))


def allocation(pool: Pool, urr: Fraction) -> int:
    """What a pool defers: the sales times the points' share of the sum of both stand-alone prices, half up to
    the minor unit. Of what a partner paid, the points' own price and no more: the rest is for the service
    of bringing it to members' minds, which has no price of its own (the residual approach, IFRS 15.79).

    Args:
        urr: the share of the points that the price counts; 1 where breakage cannot be estimated.
    """
    if pool.allocated is not None:
        return pool.allocated
    price = pool.points * pool.value * urr
    if not price or not pool.sales:
        return 0
    if pool.accounting is AccountingClass.SOLD_TO_PARTNER:
        return rounded(min(Fraction(pool.sales), price), Rounding.HALF_UP)
    return rounded(pool.sales * price / (pool.sales + price), Rounding.HALF_UP)


def _by(flow: tuple[int, ...], age: int) -> int:
    sums = tuple(accumulate(flow[: age + 1]))
    return sums[-1] if sums else 0
