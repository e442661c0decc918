"""A forecast: what the business will see, in whole members, smallest units and minor units.

Invariants, for every currency, segment and month: what was held at the start, and issued - redeemed -
expired - reversed summed so far, is outstanding, which is below 0 where members owe more after returns than
others hold; a total is the sum of its segments. The liability is a going concern's: what is held will be
redeemed while members go on buying and earning as the population says, with nobody new. Noise is always
simulation noise, as a half-width (`noise`).
"""

from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.calendar import date_of
from loyalty_dsl.evaluation.settlement import Bill
from loyalty_dsl.forecast.lifts import Lift
from loyalty_dsl.forecast.reach import LimitForecast
from loyalty_dsl.forecast.status import LadderForecast
from loyalty_dsl.forecast.triangles import Fate, Triangle
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import Currency, EarnRule, Program, Reward
from loyalty_dsl.language.types import EventKind
from loyalty_dsl.shown import Shown
from loyalty_dsl.source import Span

if TYPE_CHECKING:
    import polars as pl

    from loyalty_dsl.forecast.value import ProgramValue

BASIS = "going concern"
"""The basis of every liability, as files name it."""


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
        active: those who bought, or did another thing that the program counts, in the month.
        purchases, basket: what was bought, whatever came back.
        off: money that rewards took off.
        friends: of those who joined, the ones whom another member brought.
        returns, returned: purchases and events that came back in the month, and their baskets.
    """

    joined: int
    left: int
    enrolled: int
    active: int
    purchases: int
    basket: int
    off: int
    friends: int
    returns: int
    returned: int

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
        bearing: the share of the cost that is in proportion to each number.
        through: currencies that the units are turned into, each with the share of it that is ever used.
        at_face: rewards without a declared cost, which are taken at the money they take off.
    """

    value: Fraction
    basis: CostBasis
    assumed: Fraction
    parts: tuple[tuple[Reward, Fraction], ...] = ()
    bearing: tuple[tuple[AssumedNumber, Fraction], ...] = ()
    through: tuple[tuple[Currency, Fraction], ...] = ()
    at_face: tuple[Reward, ...] = ()


@attrs.frozen(eq=False)
class CurrencyForecast:
    """One currency.

    Attributes:
        total: by month.
        segments: by segment, then by month.
        future_redemptions: by month, units outstanding that will be redeemed.
        phi: by month, the share of what is outstanding that will be redeemed.
        is_score: whether nobody can ever use its units and they cost nothing: a count, such as status miles,
            without a liability.
        cost: what values its units; `reward_mix` is what the rewards taken in this run cost for each unit
            paid, whether or not that is what values them.
        liability: by month, `future_redemptions` at cost, in minor units; `None` without a cost.
        issued_noise, redeemed_noise, expired_noise, outstanding_noise: by month, in smallest units.
        liability_noise: by month, in minor units, without any noise of the cost of a unit.
        total_issued_noise: of everything issued in the reported months.
        opening: units that members held when the first month began; 0 where they began with nothing.
            `segment_openings` are those of each segment, and sum to it.
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
    is_score: bool = False
    opening: int = 0
    segment_openings: tuple[int, ...] = ()

    @property
    def noun(self) -> str:
        """What its units are called within a sentence: `points`, `cash back`."""
        return self.currency.name.replace("_", " ")


@attrs.frozen
class RewardForecast:
    """One reward by month: uses, money off and cost, booked when redeemed, in minor units.

    Attributes:
        units: redeemed for it in the reported months; with the other rewards', what its currency redeemed.
        given: units of another currency that the uses gave.
        cost: `None` when none is declared, and of a reward that gives a currency, whose uses bear the cost.
        members: members of the business who ever used it.
    """

    reward: Reward
    units: int
    uses: tuple[int, ...]
    off: tuple[int, ...]
    given: tuple[int, ...]
    cost: tuple[int, ...] | None
    members: int

    @property
    def paid(self) -> tuple[int, ...]:
        """What members paid by month beside the points, in minor units (REDEEM-15)."""
        return tuple(uses * self.reward.beside for uses in self.uses)

    @property
    def times(self) -> tuple[int, ...] | None:
        """Uses by month, in times; `None` where points are money or are exchanged, as one use is then of a
        cent or a step."""
        return None if self.reward.as_much or self.reward.exchange else self.uses


@attrs.frozen
class RuleForecast:
    """What an earn rule posted in the reported months, in smallest units, and how often. The units of a
    currency's rules and the rewards that give it sum to what it issued. `members` are those whom it ever
    paid; `by_month` are the units of the simulated members."""

    rule: EarnRule
    units: int
    times: int
    members: int
    by_month: tuple[int, ...] = ()


@attrs.frozen
class EventForecast:
    """Events of a kind besides joins and purchases, by month, and their baskets in minor units."""

    kind: EventKind
    count: tuple[int, ...]
    basket: tuple[int, ...]


def given_by(reward: Reward) -> int | None:
    """The index of the currency that uses of a reward give, such as a certificate; `None` for none."""
    return reward.currency_given


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
class Forecast(Shown):
    """Everything that a report shows.

    Attributes:
        sample: members simulated; each stands for `weight` members of the business.
        months: the reported months.
        tail: months simulated after them, in which nobody joins.
        members: by month; `segment_members` by segment, then by month.
        active_noise: by month.
        by_currency, rewards, rules, ladders, limits: in declared order; `events` are the kinds besides joins
            and purchases.
        liability: by month, all currencies but scores, in minor units; `None` unless each has one, and where
            there is none.
        liability_noise: by month; of several currencies added up, as though they moved together.
        assumed_share: the share of the last month's liability that rests on assumed costs.
        without: of the same members with the same luck, without reactions to the program; `None` where there
            are none, or nobody has asked.
        value: what the program is worth; `None` where nobody has asked, or nothing says what sales earn.
        no_value: then why, and what to add.
        bills: what is settled with partners; lifts: what audiences do, where members are held out.
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
    events: tuple[EventForecast, ...]
    ladders: tuple[LadderForecast, ...]
    limits: tuple[LimitForecast, ...]
    liability: tuple[int, ...] | None
    liability_noise: tuple[float, ...] | None
    assumed_share: Fraction | None
    assumptions: tuple[Assumption, ...]
    notices: tuple[Notice, ...]
    without: "Forecast | None" = None
    value: "ProgramValue | None" = None
    no_value: tuple[str, str] | None = None
    bills: tuple[Bill, ...] = ()
    lifts: tuple[Lift, ...] = ()

    @property
    def as_of(self) -> int:
        """The last reported day."""
        return self.months[-1].last

    @property
    def owed(self) -> tuple[CurrencyForecast, ...]:
        """The currencies that can cost something: all but scores."""
        return tuple(one for one in self.by_currency if not one.is_score)

    @property
    def reward_cost(self) -> tuple[int, ...] | None:
        """By month, what rewards cost, in minor units; see `reward_cost_in`."""
        return self._cost_of(self.rewards)

    def reward_cost_in(self, currency: Currency) -> tuple[int, ...] | None:
        """By month, what the rewards that a currency pays for cost, in minor units: those whose cost is
        declared, or `None` when there are rewards and no cost is (REDEEM-6: not known, not 0)."""
        return self._cost_of(self.rewards_of(currency))

    def currency(self, index: int) -> CurrencyForecast:
        return self.by_currency[index]

    def rewards_of(self, currency: Currency) -> tuple[RewardForecast, ...]:
        """The rewards that a currency pays for."""
        return tuple(taken for taken in self.rewards if taken.reward.currency == currency.index)

    def _cost_of(self, rewards: tuple[RewardForecast, ...]) -> tuple[int, ...] | None:
        bearing = [taken for taken in rewards if given_by(taken.reward) is None]
        known = [taken.cost for taken in bearing if taken.cost is not None]
        if bearing and not known:
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
