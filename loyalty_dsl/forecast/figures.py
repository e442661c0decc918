"""A forecast: what the business will see, in whole members, smallest units and minor units.

Invariants, for every currency, segment and month: issued - redeemed - expired - reversed, summed so far, is
outstanding; 0 <= pending <= outstanding; a total is the sum of its segments. The liability is a going
concern's: what is held will be redeemed while members go on buying and earning as the population says,
with nobody new. Noise is always simulation noise, as a half-width (`noise`).
"""

from enum import Enum
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Currency, EarnRule, Program, Reward
from loyalty_dsl.source import Span

if TYPE_CHECKING:
    import polars as pl

BASIS = "going concern"
"""The basis of every liability, as files name it."""

NEGLIGIBLE = Fraction(1, 2000)
"""A share below this prints as 0.0%."""


@attrs.frozen
class Month:
    """The days `start` to `end` (not included); figures are as of the end of `last`."""

    start: int
    end: int

    @property
    def last(self) -> int:
        return self.end - 1

    @property
    def label(self) -> str:
        """`2027-01`."""
        return f"{date_of(self.start):%Y-%m}"


@attrs.frozen
class Members:
    """What members did in a month; money in minor units.

    Attributes:
        enrolled: everybody who has joined so far; nobody is struck off, since a business cannot see who left.
        left: those who bought for the last time; known in a simulation alone.
        active: those who bought in the month.
        off: money that rewards took off.
    """

    joined: int
    left: int
    enrolled: int
    active: int
    purchases: int
    basket: int
    off: int

    @property
    def active_rate(self) -> Fraction:
        return Fraction(self.active, self.enrolled) if self.enrolled else Fraction(0)


@attrs.frozen
class Balances:
    """One currency's ledger in a month, in smallest units: four flows, and two stocks at its end."""

    issued: int
    redeemed: int
    expired: int
    reversed: int
    pending: int
    outstanding: int


class CostBasis(Enum):
    """Where the cost of a unit comes from. The value is how files say it."""

    DECLARED = "declared cost"
    REWARD_MIX = "reward mix of this run"


@attrs.frozen
class UnitCost:
    """What a redeemed unit costs.

    Attributes:
        value: minor units of money for one smallest unit.
        assumed: the share of it that rests on numbers nobody has sourced.
        parts: of a reward mix, the share of the cost that is each reward's.
    """

    value: Fraction
    basis: CostBasis
    assumed: Fraction
    parts: tuple[tuple[Reward, Fraction], ...] = ()

    @property
    def at_face(self) -> tuple[Reward, ...]:
        """Rewards without a declared cost, which are taken at the money they take off."""
        return tuple(reward for reward, _ in self.parts if reward.cost is None)


@attrs.frozen
class Fate:
    """What became of everything issued in the reported months, in the simulated members' own units.

    Attributes:
        redeemed, expired: through the tail.
        undetermined: still held when the tail was cut; neither redeemed nor broken as far as is known.
        noise: of the URR.
    """

    issued: int
    redeemed: int
    expired: int
    noise: float

    @property
    def undetermined(self) -> int:
        return self.issued - self.redeemed - self.expired

    @property
    def urr(self) -> Fraction | None:
        """The ultimate redemption rate: redeemed, as far as is known, over issued; `None` when nothing was
        issued. The redeemed, expired and undetermined shares sum to 1."""
        return Fraction(self.redeemed, self.issued) if self.issued else None

    @property
    def breakage(self) -> Fraction | None:
        """Expired, as far as is known, over issued; with `undetermined_share`, as much as it can become."""
        return Fraction(self.expired, self.issued) if self.issued else None

    @property
    def undetermined_share(self) -> Fraction:
        return Fraction(self.undetermined, self.issued) if self.issued else Fraction(0)

    @property
    def is_open(self) -> bool:
        """Whether so much is undetermined that rates and liability are bounds."""
        return self.undetermined_share >= NEGLIGIBLE


@attrs.frozen(eq=False)
class Triangle:
    """Redemptions by month of issue and age in months, in the simulated members' own units, exactly.

    Attributes:
        issued: by issue month.
        redeemed, expired: by issue month, then by age; row i ends where the simulation did.
    """

    issued: tuple[int, ...]
    redeemed: tuple[tuple[int, ...], ...]
    expired: tuple[tuple[int, ...], ...]

    def redeemed_later(self) -> tuple[int, ...]:
        """By month, what is redeemed after it of everything issued up to it: all that is ever redeemed of
        that, less what has been redeemed by its end."""
        months = range(len(self.issued))
        ever = accumulate(sum(row) for row in self.redeemed)
        so_far = accumulate(sum(self.redeemed[i][month - i] for i in range(month + 1)) for month in months)
        return tuple(whole - part for whole, part in zip(ever, so_far, strict=True))

    @property
    def ages(self) -> int:
        """How many ages it takes to show every redemption and expiry; at least 1."""
        rows = (*self.redeemed, *self.expired)
        return max((age + 1 for row in rows for age, units in enumerate(row) if units), default=1)


@attrs.frozen(eq=False)
class CurrencyForecast:
    """One currency.

    Attributes:
        total: by month.
        segments: by segment, then by month.
        future_redemptions: by month, units outstanding that will be redeemed.
        phi: by month, the share of what is outstanding that will be redeemed.
        cost: what values its units; `reward_mix` is what the rewards taken in this run cost for each unit
            paid, whether or not that is what values them.
        liability: by month, `future_redemptions` at cost, in minor units; `None` without a cost.
        issued_noise, redeemed_noise, expired_noise, outstanding_noise: by month, in smallest units.
        liability_noise: by month, in minor units, without any noise of the cost of a unit.
        total_issued_noise: of everything issued in the reported months.
    """

    currency: Currency
    total: tuple[Balances, ...]
    segments: tuple[tuple[Balances, ...], ...]
    triangle: Triangle
    fate: Fate
    cost: UnitCost | None
    reward_mix: UnitCost | None
    future_redemptions: tuple[int, ...]
    phi: tuple[Fraction, ...]
    liability: tuple[int, ...] | None
    issued_noise: tuple[float, ...]
    redeemed_noise: tuple[float, ...]
    expired_noise: tuple[float, ...]
    outstanding_noise: tuple[float, ...]
    liability_noise: tuple[float, ...] | None
    total_issued_noise: float

    @property
    def noun(self) -> str:
        """What its units are called within a sentence: `points`, `cash back`."""
        return self.currency.name.replace("_", " ")


@attrs.frozen
class RewardForecast:
    """One reward by month: uses, money off and cost, booked when redeemed, in minor units.

    Attributes:
        units: redeemed for it in the reported months; with the other rewards', what its currency redeemed.
        cost: `None` when none is declared.
    """

    reward: Reward
    units: int
    uses: tuple[int, ...]
    off: tuple[int, ...]
    cost: tuple[int, ...] | None


@attrs.frozen
class RuleForecast:
    """What an earn rule posted in the reported months, in smallest units, and how often. The units of a
    currency's rules sum to what it issued."""

    rule: EarnRule
    units: int
    times: int


@attrs.frozen
class Assumption:
    """A number that the forecast rests on.

    Attributes:
        what: whose it is: a currency, a reward, the population or a segment.
        written: as its author wrote it.
        source: where the author says it is from; `None` when it is assumed.
        bears: the share of the last month's liability that is in proportion to it; `None` for a trait
            of the population, which all figures rest on.
    """

    what: str
    written: str
    source: str | None
    bears: Fraction | None
    span: Span


@attrs.frozen
class Notice:
    """A warning about the forecast itself: a stable `id` and a sentence."""

    id: str
    message: str


@attrs.frozen(eq=False)
class Forecast:
    """Everything that a report shows.

    Attributes:
        sample: members simulated; each stands for `weight` members of the business.
        months: the reported months.
        tail: months simulated after them, in which nobody joins.
        members: by month; `segment_members` by segment, then by month.
        active_noise: by month.
        by_currency, rewards, rules: in declared order.
        liability: by month, all currencies, in minor units; `None` unless every currency has one.
        liability_noise: by month; of several currencies added up, as though they moved together.
        assumed_share: the share of the last month's liability that rests on assumed costs.
    """

    program: Program
    population: Population
    seed: int
    sample: int
    weight: Fraction
    months: tuple[Month, ...]
    tail: int
    members: tuple[Members, ...]
    segment_members: tuple[tuple[Members, ...], ...]
    active_noise: tuple[float, ...]
    by_currency: tuple[CurrencyForecast, ...]
    rewards: tuple[RewardForecast, ...]
    rules: tuple[RuleForecast, ...]
    liability: tuple[int, ...] | None
    liability_noise: tuple[float, ...] | None
    assumed_share: Fraction | None
    assumptions: tuple[Assumption, ...]
    notices: tuple[Notice, ...]

    @property
    def as_of(self) -> int:
        """The last reported day."""
        return self.months[-1].last

    @property
    def reward_cost(self) -> tuple[int, ...] | None:
        """By month, what rewards cost, in minor units; see `reward_cost_in`."""
        return self._cost_of(self.rewards)

    def reward_cost_in(self, currency: Currency) -> tuple[int, ...] | None:
        """By month, what the rewards that a currency pays for cost, in minor units: those whose cost is
        declared, or `None` when there are rewards and no cost is (REDEEM-6: not known, not 0)."""
        return self._cost_of(self.rewards_of(currency))

    def rewards_of(self, currency: Currency) -> tuple[RewardForecast, ...]:
        """The rewards that a currency pays for."""
        return tuple(taken for taken in self.rewards if taken.reward.currency == currency.index)

    def _cost_of(self, rewards: tuple[RewardForecast, ...]) -> tuple[int, ...] | None:
        known = [taken.cost for taken in rewards if taken.cost is not None]
        if rewards and not known:
            return None
        return tuple(sum(cost[m] for cost in known) for m in range(len(self.months)))

    @property
    def monthly(self) -> "pl.DataFrame":
        """A row for each month and currency; see `frames.monthly`."""
        from loyalty_dsl.forecast.frames import monthly

        return monthly(self)

    @property
    def segments(self) -> "pl.DataFrame":
        """A row for each segment, month and currency; see `frames.segments`."""
        from loyalty_dsl.forecast.frames import segments

        return segments(self)

    @property
    def triangle(self) -> "pl.DataFrame":
        """A row for each currency, issue month and age; see `frames.triangle`."""
        from loyalty_dsl.forecast.frames import triangle

        return triangle(self)

    @property
    def currencies(self) -> "pl.DataFrame":
        """A row for each currency; see `frames.currencies`."""
        from loyalty_dsl.forecast.frames import currencies

        return currencies(self)
