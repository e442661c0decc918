"""A checked population: the customers of a simulation, bound to the program they live under.

Invariant: every field that the program reads on a purchase or its item has a draw in every segment, and
the shares of a draw, like those of the segments, sum to one exactly.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.types import PURCHASE, Field
from loyalty_dsl.source import Span

Owner = int
"""Whose field is drawn: a kind of event by index, `ITEM` or `MEMBER`."""

ITEM, MEMBER = -1, -2


@attrs.frozen
class Purchases:
    """Purchases arrive as a Poisson process while the member is alive.

    Attributes:
        mean: purchases per `unit`, the mean over members.
        spread: the coefficient of variation over members (gamma); 0 gives everybody the mean.
    """

    mean: Fraction
    unit: Unit
    spread: Fraction
    span: Span


@attrs.frozen
class LeavePerPeriod:
    """Leaving at a constant hazard: `share` of members leave in a `unit`; gamma over members.

    The mean hazard is -ln(1 - share) per unit, so that without spread exactly `share` leave in each.
    """

    share: Fraction
    unit: Unit
    spread: Fraction
    span: Span


@attrs.frozen
class LeavePerPurchase:
    """Leaving with chance `share` after each purchase; beta over members."""

    share: Fraction
    spread: Fraction
    span: Span


Leave = LeavePerPeriod | LeavePerPurchase


@attrs.frozen
class Basket:
    """Lognormal baskets: `median` minor units and `sigma`, the standard deviation of the log. A basket
    is rounded to the minor unit and is at least one."""

    median: int
    sigma: Fraction
    span: Span


@attrs.frozen
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


@attrs.frozen
class LognormalDraw:
    """A number or money field that is lognormal, rounded to a whole and at least 1: `median` in units."""

    field: Field
    owner: Owner
    median: int
    sigma: Fraction
    span: Span
    when: Condition | None = None


@attrs.frozen
class BasketShareDraw:
    """A money field that is a share of the basket of its event, rounded half up."""

    field: Field
    owner: Owner
    share: Fraction
    span: Span


@attrs.frozen
class BirthdayDraw:
    """A member's date field that is a uniform day of the year, some 20 to 69 years before the first day."""

    field: Field
    span: Span


@attrs.frozen
class DaysBeforeDraw:
    """A date field that is so many days before its event."""

    field: Field
    owner: Owner
    days: int
    span: Span


Draw = FieldDraw | LognormalDraw | BasketShareDraw | BirthdayDraw | DaysBeforeDraw


@attrs.frozen
class Activity:
    """Events of a declared kind other than purchases, as a Poisson process while the member is alive.

    Attributes:
        basket: `None` for events without an amount, whose basket is 0.
        draws: of the event's fields.
    """

    event: int
    mean: Fraction
    unit: Unit
    spread: Fraction
    basket: "Basket | None"
    draws: tuple[Draw, ...]
    span: Span


@attrs.frozen
class ReturnRate:
    """A share of purchases is returned, each in full, on a uniform day `1` to `within` days later."""

    share: Fraction
    within: Duration
    span: Span


@attrs.frozen
class TakeUp:
    """How often members use a benefit that is there for them; without one every time."""

    reward: int
    share: Fraction
    span: Span


@attrs.frozen
class Redeem:
    """How members choose rewards: at a purchase with an affordable reward,
    P(redeem) = logistic(logit(chance) + spread * z + slope * ln(money off / basket)),
    where z is the member's own standard normal draw, and a share `never` of members never redeem.
    Rewards are offered in declared order; the first that is affordable and is accepted is taken.
    """

    chance: Fraction
    slope: Fraction
    spread: Fraction
    never: Fraction
    span: Span


@attrs.frozen
class Segment:
    """Members who behave alike but for their own draws. `leave` is `None` when nobody leaves, `redeem`
    when the program has no reward that a member chooses, `purchases` and `basket` have a mean of 0 where the
    business has none.

    Attributes:
        draws: of the fields of purchases and items; member_draws: of members, once at birth.
        refer: the share of purchases that bring a friend, who becomes a member that day.
    """

    name: str
    index: int
    share: Fraction
    purchases: Purchases
    leave: Leave | None
    basket: Basket
    draws: tuple[Draw, ...]
    redeem: Redeem | None
    span: Span
    member_draws: tuple[Draw, ...] = ()
    activities: tuple[Activity, ...] = ()
    returns: ReturnRate | None = None
    refer: Fraction = Fraction(0)
    take_ups: tuple[TakeUp, ...] = ()


@attrs.frozen
class Population:
    """The customers of a business.

    Attributes:
        program: the name of the program it is bound to.
        members: how many there are on the first day.
        first_day: the first day of the simulation; `None` takes the program's first day.
        joins: members who join in a `join_unit`.
    """

    name: str
    program: str
    members: int
    first_day: int | None
    joins: int
    join_unit: Unit
    segments: tuple[Segment, ...]
    span: Span
