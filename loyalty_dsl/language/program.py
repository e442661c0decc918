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
from loyalty_dsl.language.accounts import AccountingClass
from loyalty_dsl.language.allowances import Allowance
from loyalty_dsl.language.amounts import Amount
from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.audiences import Audience
from loyalty_dsl.language.clocks import Clock, FriendKind
from loyalty_dsl.language.conditions import Compare, Condition
from loyalty_dsl.language.counters import Counter, NamedTotal
from loyalty_dsl.language.expiry import Expiry, LotTerm, Postpone, Restart
from loyalty_dsl.language.gates import Gate
from loyalty_dsl.language.partners import Partner
from loyalty_dsl.language.records import record
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.rewards import MoneyOff, RewardCase, Taking, given_in, most_off
from loyalty_dsl.language.running import RunningCost
from loyalty_dsl.language.tiers import Ladder
from loyalty_dsl.language.types import PURCHASE, EventKind, Field
from loyalty_dsl.language.windows import Lifetime, Period, YearOfMembership
from loyalty_dsl.quantities import Rounding
from loyalty_dsl.source import Span


class RoundPer(Enum):
    """What is rounded: each rule's posting, or the running total of an event."""

    RULE = "rule"
    EVENT = "event"


class SpendOrder(Enum):
    """Which lot is spent first."""

    SOONEST_TO_EXPIRE = "soonest to expire"
    OLDEST = "oldest"


@record
class Currency:
    """A balance kept as lots.

    Attributes:
        scale: smallest units in one display unit: 1, or the money's minor units when `in_money`.
        pending: how long after earning an amount becomes available; zero days when at once.
        worth: what one smallest unit is worth to a member, where declared.
        cost: what one smallest outstanding unit costs, where declared.
        postpone, restart: what moves the expiry of lots that have one; `None` for none.
        breakage: what the business says is never used, a share. shown_whole: members see no parts.
        notice: how many days before lots are gone members are told of them.
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
    postpone: Postpone | None = None
    restart: Restart | None = None
    breakage: AssumedNumber | None = None
    shown_whole: bool = False
    notice: int | None = None


LimitWindow = Unit | Period | YearOfMembership | Lifetime


class LimitOf(Enum):
    """What a limit counts: units posted (or money off), or times that something was."""

    UNITS = "units"
    TIMES = "times"


@record
class Limit:
    """At most `most` per event (`window is None`) or per window. `index` numbers those of the whole program.

    Attributes:
        everyone: counts what all members are paid together; closes at the end of the day it is reached.
        refuses: what does not fit whole is not paid at all. when: it cuts only then, but counts always.
        only: the test of a field of the event while which it counts, of a limit for each value.
    """

    index: int
    of: LimitOf
    most: int
    window: LimitWindow | None
    span: Span
    everyone: bool = False
    refuses: bool = False
    when: Condition | None = None
    only: Compare | None = None


@record
class DayRange:
    """Days `first` to `last`, both included; an open end is the earliest or the last day there is."""

    first: int
    last: int


@record
class DaysOfMonth:
    """Days of any month numbered `first` to `last`, both included, from 1."""

    first: int
    last: int


@record
class DaysOfYear:
    """The days of every year from a month and day to another, both included; through the turn of the year
    where `last` comes before `first`. Each is the month, from 1, and the day, from 1."""

    first: tuple[int, int]
    last: tuple[int, int]


@record
class DaysOfWeek:
    """These days of every week, ascending, 0 for Monday."""

    days: tuple[int, ...]


Dates = DayRange | DaysOfMonth | DaysOfYear | DaysOfWeek


@record
class Trigger:
    """An event of this kind for which `where` holds. Kinds are numbered on: the events of the program,
    then its clocks, whose "event" is a midnight without a basket."""

    event: int
    where: Condition | None
    span: Span


@record
class EarnRule:
    """Posts an amount to a currency when a trigger happens.

    Attributes:
        triggers: any one of them fires the rule, once for an event.
        when: every condition of the `when` clauses, already joined; `None` when there is none.
        dates: each clause is a tuple of alternatives; all clauses must hold.
        items: the filter that an item must pass for its price to count; `None` counts the whole basket.
        limits: every one holds.
        raises: rules whose total this one makes up to its amount; none for a rule that adds.
        group: the group that it is in, by index; `None` for none.
        chance: how often it fires when all else holds.
        pending, expiry: its own, where it does not take those of its currency; a term of lots. waits: how
            long it is pending in the first case that holds, before `pending` (LOT-7).
        account: the accounting class of what it issues; `None` leaves that to its triggers.
        sold_at: what a partner pays for one smallest unit of it, in minor units, where declared.
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
    raises: tuple[int, ...] = ()
    group: int | None = None
    chance: Fraction = Fraction(1)
    pending: Duration | None = None
    waits: tuple[tuple[Condition, Duration], ...] = ()
    expiry: LotTerm | None = None
    account: AccountingClass | None = None
    sold_at: AssumedNumber | None = None
    hidden: bool = False


class Combine(Enum):
    """Which rules of a group are paid. The value is the language's own words."""

    ADD = "add"
    BEST = "best of"
    FIRST = "first"
    NEWEST = "newest"


@record
class Group:
    """Rules of one currency that are paid together.

    Attributes:
        rules: its rules, in order of preference: as declared or, for `NEWEST`, from the one whose dates
            begin last.
        limits: on what its rules post together, after their own.
    """

    name: str
    label: str
    index: int
    combine: Combine
    rules: tuple[int, ...]
    limits: tuple[Limit, ...]
    span: Span


@record
class CostPerUse:
    """What one use of a reward costs."""

    number: AssumedNumber


@record
class CostOfFace:
    """The share of the money taken off that a use costs; `number.value` is the share."""

    number: AssumedNumber


RewardCost = CostPerUse | CostOfFace


@record
class Reward:
    """What a member gets: for a price in a currency or, as a benefit, for nothing.

    Attributes:
        currency: what the price is in; -1 for a benefit.
        cases: the first whose condition holds gives price and face; none holding, it is not offered.
        taking: who decides that it is used; limits: every one holds, `everyone` for stock.
        triggers: the events of a benefit, used once at each; at: the kind at which members choose a reward.
        items: the filter of items that a percentage or a free item is of; `None` is every item.
        as_much: chosen without a number, it is used as often as it can be; fee: charged at each use (FEE-5).
        beside: money paid at each use (REDEEM-15); minimum_basket, minimum_balance: the least; 0 is none.
        cost: `None` when not declared: then a use is counted and costs nothing that is known.
        minimum_exchange: the least units that a `transfer` takes at a time; its uses are its steps.
        receiver: of one to another member, the reward by which that member is given; -1 of any other.
        counted: of a benefit used once for each unit of this currency, `most_counted` at most; or -1.
    """

    name: str
    label: str
    index: int
    currency: int
    cases: tuple[RewardCase, ...]
    taking: Taking
    when: Condition | None
    dates: tuple[tuple[Dates, ...], ...]
    minimum_basket: int
    minimum_balance: int
    limits: tuple[Limit, ...]
    cost: RewardCost | None
    span: Span
    triggers: tuple[Trigger, ...] = ()
    items: Condition | None = None
    as_much: bool = False
    worth: AssumedNumber | None = None
    hidden: bool = False
    fee: int = 0
    beside: int = 0
    minimum_exchange: int = 0
    at: int = PURCHASE
    gates: tuple[Gate, ...] = ()
    receiver: int = -1
    counted: int = -1
    most_counted: int = 0

    @property
    def automatic(self) -> bool:
        """Whether the member does not choose it."""
        return not self.exchange and self.taking not in (Taking.CHOSEN, Taking.PICKED)

    @property
    def exchange(self) -> bool:
        return self.taking in (Taking.EXCHANGED, Taking.SENT)

    @property
    def benefit(self) -> bool:
        return self.taking in (Taking.BENEFIT, Taking.RECEIVED)

    @property
    def price(self) -> int:
        """The least that a use costs."""
        return min(case.price for case in self.cases)

    @property
    def off(self) -> int:
        """The most that one use takes off as a sum of money; 0 for a share, or nothing."""
        return max(most_off(case.face) for case in self.cases)

    @property
    def currencies_given(self) -> tuple[int, ...]:
        """The currencies that its uses give, such as a certificate: the index of each."""
        return given_in(self.cases)

    @property
    def currency_given(self) -> int | None:
        """The first of them; `None` for none."""
        return next(iter(self.currencies_given), None)

    @property
    def in_full(self) -> bool:
        """Whether every use takes off its whole face."""
        return all(isinstance(case.face, MoneyOff) and case.face.in_full for case in self.cases)


@record
class Program:
    """A whole program.

    Attributes:
        starts: its first day; an earlier event is refused.
        events: kinds of event; `purchase` is 0 and `join` is 1.
        item_fields: fields of a purchase's items.
        limit_count: how many limits its rules, groups and rewards have, numbered from 0.
        member_fields: what the latest event says of a member; partners: with whom points are settled.
        totals: declared sums of counters; gates: of its events; running: what running it costs;
            audiences: of all versions.
        order: the earn rules in order of dependence: a rule comes after those it refers to, and after all
            rules of a group that it refers to. Declared order as far as that allows.
        renamed: rewards of the newest version, those of their names before a day, and that day, later first.
        replaced: where the versions are declared that this one replaced, from the first; its rules hold
            theirs, each before its day.
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
    member_fields: tuple[Field, ...] = ()
    counters: tuple[Counter, ...] = ()
    totals: tuple[NamedTotal, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    groups: tuple[Group, ...] = ()
    clocks: tuple[Clock, ...] = ()
    friend_kinds: tuple[FriendKind, ...] = ()
    returns: Returns | None = None
    renamed: tuple[tuple[int, int, int], ...] = ()
    replaced: tuple[Span, ...] = ()
    partners: tuple[Partner, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    running: tuple[RunningCost, ...] = ()
    audiences: tuple[Audience, ...] = ()
    gates: tuple[Gate, ...] = ()
    order: tuple[int, ...] = attrs.field(
        default=attrs.Factory(lambda self: tuple(range(len(self.earns))), takes_self=True)
    )

    def event(self, name: str) -> EventKind | None:
        return next((event for event in self.events if event.name == name), None)

    def reward(self, name: str) -> Reward | None:
        return next((reward for reward in self.rewards if reward.name == name), None)

    def currency(self, name: str) -> Currency | None:
        return next((currency for currency in self.currencies if currency.name == name), None)
