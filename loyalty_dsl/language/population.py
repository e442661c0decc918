"""A checked population: the customers of a simulation, bound to the program they live under.

Invariant: every field that the program reads on a purchase or its item has a draw in every segment, and
the shares of a draw, like those of the segments among first members, joiners and friends, sum to one
exactly.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.five_facts import Line
from loyalty_dsl.language.opening import Opening
from loyalty_dsl.language.records import record
from loyalty_dsl.language.responses import ChosenResponse
from loyalty_dsl.language.reward_rates import RewardRate
from loyalty_dsl.language.running import RunningCost
from loyalty_dsl.language.types import PURCHASE, Field
from loyalty_dsl.source import Span

Owner = int
"""Whose field is drawn: a kind of event by index, `ITEM` or `MEMBER`."""

ITEM, MEMBER = -1, -2


@record
class Rhythm:
    """When events come, beside how often: the same for all members of a segment.

    Attributes:
        regularity: the Erlang shape of the gaps; 1 for those of a Poisson process.
        season: what the rate is multiplied by in each month, January first; weekday: on each day, Monday
            first. Empty for 1 throughout. Neither is normalised.
        spans: of the lines that say so.
    """

    regularity: int = 1
    season: tuple[Fraction, ...] = ()
    weekday: tuple[Fraction, ...] = ()
    spans: tuple[Span, ...] = ()


EVEN = Rhythm()
"""A Poisson process, alike all year."""


@record
class Purchases:
    """Purchases arrive as a renewal process while the member is alive.

    Attributes:
        mean: purchases per `unit`, the mean over members, where season and weekday are 1.
        spread: the coefficient of variation over members (gamma); 0 gives everybody the mean.
    """

    mean: Fraction
    unit: Unit
    spread: Fraction
    span: Span
    rhythm: Rhythm = EVEN


@record
class LeavePerPeriod:
    """Leaving at a constant hazard: `share` of members leave in a `unit`; gamma over members.

    The mean hazard is -ln(1 - share) per unit, so that without spread exactly `share` leave in each.
    """

    share: Fraction
    unit: Unit
    spread: Fraction
    span: Span


@record
class LeavePerPurchase:
    """Leaving with chance `share` after each purchase, and with `at_join` after the join of those who join;
    beta over members."""

    share: Fraction
    spread: Fraction
    span: Span
    at_join: bool = False


Leave = LeavePerPeriod | LeavePerPurchase


@record
class Basket:
    """Lognormal baskets: `median` minor units and `sigma`, the standard deviation of the log. A basket
    is rounded to the minor unit and is at least one.

    Attributes:
        within: the share of the variance of the log within a member; the rest is between members, each of
            whom has a median of its own.
        correlation: of the member's own median with its own rate, as normal scores.
    """

    median: int
    sigma: Fraction
    span: Span
    within: Fraction = Fraction(1)
    correlation: Fraction = Fraction(0)


@record
class GammaBasket:
    """Gamma-gamma baskets: gamma of shape `p` within a member, whose mean is p / nu, nu gamma of shape `q`
    over members and of rate `scale`, in minor units. The mean of all is p scale / (q - 1).

    Attributes:
        correlation: of the member's own mean with its own rate, as normal scores.
    """

    p: Fraction
    q: Fraction
    scale: int
    span: Span
    correlation: Fraction = Fraction(0)


Baskets = Basket | GammaBasket


@record
class FieldDraw:
    """How often each value of a yes/no, one-of or number field occurs.

    Attributes:
        owner: whose field it is.
        values: of a number field, the values; empty otherwise, when a value is its position.
        when: on the member's fields (and status); of several draws of a field the first that holds is drawn.
    """

    field: Field
    of_item: bool
    shares: tuple[Fraction, ...]
    span: Span
    owner: Owner = attrs.field(
        default=attrs.Factory(lambda self: ITEM if self.of_item else PURCHASE, takes_self=True)
    )
    values: tuple[int, ...] = ()
    when: Condition | None = None


@record
class LognormalDraw:
    """A number or money field that is lognormal, rounded to a whole and at least 1: `median` in units."""

    field: Field
    owner: Owner
    median: int
    sigma: Fraction
    span: Span
    when: Condition | None = None


@record
class BasketShareDraw:
    """A money field that is a share of the basket of its event, rounded half up."""

    field: Field
    owner: Owner
    share: Fraction
    span: Span


@record
class BirthdayDraw:
    """A member's date field that is a uniform day of the year, some 20 to 69 years before the first day."""

    field: Field
    span: Span


@record
class DaysBeforeDraw:
    """A date field that is so many days before its event."""

    field: Field
    owner: Owner
    days: int
    span: Span


Draw = FieldDraw | LognormalDraw | BasketShareDraw | BirthdayDraw | DaysBeforeDraw


@record
class Activity:
    """Events of a declared kind other than purchases, as a renewal process while the member is alive.

    Attributes:
        basket: `None` for events without an amount, whose basket is 0.
        draws: of the event's fields.
    """

    event: int
    mean: Fraction
    unit: Unit
    spread: Fraction
    basket: Baskets | None
    draws: tuple[Draw, ...]
    span: Span
    rhythm: Rhythm = EVEN


@record
class ReturnRate:
    """A share of purchases is returned, each in full, on a uniform day `1` to `within` days later."""

    share: Fraction
    within: Duration
    span: Span


@record
class TakeUp:
    """How often members use a benefit that is there for them, without one every time; at how many of their
    purchases they exchange by a transfer, or how many of their choices go to an option, without one none."""

    reward: int
    share: Fraction
    span: Span


@record
class ItemCounts:
    """How many items a purchase has, and how often; its amount is split among them exactly."""

    counts: tuple[int, ...]
    shares: tuple[Fraction, ...]
    span: Span


@record
class Redeem:
    """How members choose rewards: at a purchase with an affordable reward,
    P(redeem) = logistic(logit(chance) + spread * z + slope * ln(money off / basket)),
    where z is the member's own standard normal draw, and a share `never` of members never redeem.
    Rewards are offered in declared order; the first that is affordable and is accepted is taken.

    Attributes:
        correlation: of z with the normal score of the member's own rate of purchases or, where
            `with_basket`, of its own basket.
        part: of points paid like money, the share of what could be used that is; a member's own, beta over
            members with the coefficient of variation `part_spread`.
    """

    chance: Fraction
    slope: Fraction
    spread: Fraction
    never: Fraction
    span: Span
    correlation: Fraction = Fraction(0)
    with_basket: bool = False
    part: Fraction = Fraction(1)
    part_spread: Fraction = Fraction(0)


@record
class Segment:
    """Members who behave alike but for their own draws. `leave` is `None` when nobody leaves, `redeem`
    when the program has no reward that a member chooses, `purchases` and `basket` have a mean of 0 where the
    business has none.

    Attributes:
        share: of the first members; joining: of those who join; referred: of friends.
        draws: of the fields of purchases and items; member_draws: of members, once at birth.
        refer: the share of purchases that bring a friend, who becomes a member that day.
        items: `None` for purchases of one item.
        like: the traits that it has from an archetype and from facts.
        responses: those of its own, in place of the population's of the same name.
    """

    name: str
    index: int
    share: Fraction
    purchases: Purchases
    leave: Leave | None
    basket: Baskets
    draws: tuple[Draw, ...]
    redeem: Redeem | None
    span: Span
    member_draws: tuple[Draw, ...] = ()
    activities: tuple[Activity, ...] = ()
    returns: ReturnRate | None = None
    refer: Fraction = Fraction(0)
    take_ups: tuple[TakeUp, ...] = ()
    exchanges: tuple[TakeUp, ...] = ()
    items: ItemCounts | None = None
    joining: Fraction = attrs.field(default=attrs.Factory(lambda self: self.share, takes_self=True))
    referred: Fraction = attrs.field(default=attrs.Factory(lambda self: self.joining, takes_self=True))
    like: tuple[Line, ...] = ()
    responses: tuple[ChosenResponse, ...] = ()


@record
class Fitted:
    """Where a population that was fitted to data comes from, and how well it does.

    Attributes:
        through: the last day that the fit has seen.
        parameter: the relative standard error of the purchases that its parameters make expected.
        holdout: how far its forecast of days that it had not seen was off, as a share; `None` for untested.
        redemption: the relative standard error of what is redeemed; `None` where that was not fitted.
    """

    source: str
    through: int
    parameter: Fraction | None
    holdout: Fraction | None
    redemption: Fraction | None
    span: Span


@record
class ValueAssumptions:
    """What a population assumes about money; `None` where nothing is said.

    Attributes:
        margin: what is left of spend when what was sold is paid, as a share, before any reward.
        discount: what a year of waiting takes off an amount, as a rate.
        lift: how much more members buy because there is a program; 0.03 for 3% more purchases.
    """

    margin: AssumedNumber | None = None
    discount: AssumedNumber | None = None
    runs: RunningCost | None = None
    lift: AssumedNumber | None = None

    @property
    def numbers(self) -> tuple[AssumedNumber, ...]:
        """Those that are said."""
        runs = None if self.runs is None else self.runs.cost
        return tuple(one for one in (self.margin, self.discount, runs, self.lift) if one is not None)


NO_VALUE = ValueAssumptions()
"""Of a population that says nothing about money."""


@record
class Population:
    """The customers of a business.

    Attributes:
        program: the name of the program it is bound to.
        members: how many there are on the first day.
        first_day: the first day of the simulation; `None` takes the program's first day.
        joins: members who join in a `join_unit`.
        join_season: what that is multiplied by in each month, January first; empty for 1 throughout.
        fitted: `None` for one that somebody made up; responses: those that are on.
        opening: how the first members stand, where they are those of a ledger.
        reward_rate: what its program gives back, where it was measured.
    """

    name: str
    program: str
    members: int
    first_day: int | None
    joins: int
    join_unit: Unit
    segments: tuple[Segment, ...]
    span: Span
    join_season: tuple[Fraction, ...] = ()
    fitted: Fitted | None = None
    value: ValueAssumptions = NO_VALUE
    opening: Opening | None = attrs.field(default=None, eq=False)
    responses: tuple[ChosenResponse, ...] = ()
    reward_rate: RewardRate | None = None
