"""A checked population: the customers of a simulation, bound to the program they live under.

Invariant: every field that the program reads on a purchase or its item has a draw in every segment, and
the shares of a draw, like those of the segments, sum to one exactly.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language.types import Field
from loyalty_dsl.source import Span


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
    """How often each value of a yes/no or one-of field occurs, by position of the value."""

    field: Field
    of_item: bool
    shares: tuple[Fraction, ...]
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
    when the program has no reward that a member chooses."""

    name: str
    index: int
    share: Fraction
    purchases: Purchases
    leave: Leave | None
    basket: Basket
    draws: tuple[FieldDraw, ...]
    redeem: Redeem | None
    span: Span


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
