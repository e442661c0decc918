"""A checked program: what the evaluators run.

Invariants: every name is resolved (to an index or to the object itself), every expression is typed,
every number is in smallest units, and nothing is optional that a later stage fills in. A `Program` that
exists is one that evaluates on any history without raising; `checking` is the only maker of one.

Units: money in minor units, currency amounts in the currency's smallest unit, dates as day numbers of
`loyalty_dsl.calendar`, yes/no as 0 or 1, one-of fields as the position of the value.
"""

from enum import Enum
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.conditions import Base, Condition
from loyalty_dsl.language.types import EventKind, Field
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import Span

# ---- currencies


@attrs.frozen
class AssumedNumber:
    """A number about the business, and where it comes from.

    Attributes:
        value: minor units of money for one smallest unit (of a currency) or one use (of a reward).
        source: the author's source; `None` when the number is assumed.
    """

    value: Fraction
    source: str | None
    span: Span


class RoundPer(Enum):
    """What is rounded: each rule's posting, or the running total of an event."""

    RULE = "rule"
    EVENT = "event"


@attrs.frozen
class Never:
    """Lots do not expire."""


@attrs.frozen
class AfterEarning:
    """A lot is gone `duration` after the day it was earned or, with `end_of`, from the first day after
    the calendar window in which that day falls."""

    duration: Duration
    end_of: Unit | None


Expiry = Never | AfterEarning


class SpendOrder(Enum):
    """Which lot is spent first."""

    SOONEST_TO_EXPIRE = "soonest to expire"
    OLDEST = "oldest"


@attrs.frozen
class Currency:
    """A balance kept as lots.

    Attributes:
        scale: smallest units in one display unit: 1, or the money's minor units when `in_money`.
        pending: how long after earning an amount becomes available; zero days when at once.
        worth: what one smallest unit is worth to a member, where declared.
        cost: what one smallest outstanding unit costs, where declared.
    """

    name: str
    label: str
    index: int
    in_money: bool
    scale: int
    rounding: Rounding
    round_per: RoundPer
    pending: Duration
    expiry: Expiry
    spend: SpendOrder
    worth: AssumedNumber | None
    cost: AssumedNumber | None
    span: Span


# ---- limits and dates


class LimitOf(Enum):
    """What a limit counts: units posted (or money off), or times that something was."""

    UNITS = "units"
    TIMES = "times"


@attrs.frozen
class Limit:
    """At most `most` per event (`window is None`) or per calendar window. `index` numbers the limits of
    a whole program, so that a member's usage is one row of counts."""

    index: int
    of: LimitOf
    most: int
    window: Unit | None
    span: Span


@attrs.frozen
class DayRange:
    """Days `first` to `last`, both included; an open end is the earliest or the last day there is."""

    first: int
    last: int


@attrs.frozen
class DaysOfMonth:
    """Days of any month numbered `first` to `last`, both included, from 1."""

    first: int
    last: int


Dates = DayRange | DaysOfMonth


# ---- rules


@attrs.frozen
class Trigger:
    """An event of this kind for which `where` holds."""

    event: int
    where: Condition | None
    span: Span


@attrs.frozen
class Flat:
    """So many units whenever the rule fires."""

    units: int


@attrs.frozen
class PerMoney:
    """`units` for each `per` minor units of `base`; `whole` drops what is left over a multiple."""

    units: int
    per: int
    whole: bool
    base: Base


@attrs.frozen
class Share:
    """A share of `base`, in a currency that is money."""

    share: Fraction
    base: Base


Amount = Flat | PerMoney | Share


@attrs.frozen
class EarnRule:
    """Posts an amount to a currency when a trigger happens.

    Attributes:
        triggers: any one of them fires the rule, once for an event.
        when: every condition of the `when` clauses, already joined; `None` when there is none.
        dates: each clause is a tuple of alternatives; all clauses must hold.
        items: the filter that an item must pass for its price to count; `None` counts the whole basket.
        limits: every one holds.
    """

    name: str
    label: str
    index: int
    triggers: tuple[Trigger, ...]
    when: Condition | None
    dates: tuple[tuple[Dates, ...], ...]
    items: Condition | None
    amount: Amount
    currency: int
    limits: tuple[Limit, ...]
    span: Span


@attrs.frozen
class CostPerUse:
    """What one use of a reward costs."""

    number: AssumedNumber


@attrs.frozen
class CostOfFace:
    """The share of the money taken off that a use costs; `number.value` is the share."""

    number: AssumedNumber


RewardCost = CostPerUse | CostOfFace


@attrs.frozen
class Reward:
    """Money off, paid for in a currency.

    Attributes:
        price: units for one use.
        off: minor units that one use takes off.
        in_full: one use takes `off` even when less is left to pay; otherwise at most what is left, and
            no use is made when nothing is.
        automatic: taken at checkout by itself, as often as balance, minimum and limits allow; otherwise
            the member chooses it, and how many times at once.
        minimum_basket, minimum_balance: the smallest basket and available balance for a use; 0 is none.
        cost: `None` when not declared: then a use is counted and costs nothing that is known.
    """

    name: str
    label: str
    index: int
    currency: int
    price: int
    off: int
    in_full: bool
    automatic: bool
    when: Condition | None
    dates: tuple[tuple[Dates, ...], ...]
    minimum_basket: int
    minimum_balance: int
    limits: tuple[Limit, ...]
    cost: RewardCost | None
    span: Span


@attrs.frozen
class Program:
    """A whole program.

    Attributes:
        starts: its first day; an earlier event is refused.
        events: kinds of event; `purchase` is 0 and `join` is 1.
        item_fields: fields of a purchase's items.
        limit_count: how many limits its rules and rewards have, numbered from 0.
    """

    name: str
    label: str
    money: str
    timezone: str
    starts: int
    events: tuple[EventKind, ...]
    item_fields: tuple[Field, ...]
    currencies: tuple[Currency, ...]
    earns: tuple[EarnRule, ...]
    rewards: tuple[Reward, ...]
    limit_count: int
    span: Span

    def event(self, name: str) -> EventKind | None:
        return next((event for event in self.events if event.name == name), None)

    def reward(self, name: str) -> Reward | None:
        return next((reward for reward in self.rewards if reward.name == name), None)

    def currency(self, name: str) -> Currency | None:
        return next((currency for currency in self.currencies if currency.name == name), None)
