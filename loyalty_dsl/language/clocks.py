"""What happens to a member without the member doing anything: midnights, thresholds that are reached, levels
that are lost, and what friends do (CLOCK, REFER).

Invariant: to a rule it is an event like any other, of a kind with a number of its own.
"""

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import JOIN, Field


@record
class WindowStart:
    """The first day of each calendar window, or so many days later; with `month`, of the year or quarter that
    begins with that month (from 1)."""

    unit: Unit
    month: int | None = None
    days_later: int = 0


@record
class YearlyOf:
    """The day and month of a date, each year after it (29 February falls on the 28th otherwise): of a
    member's date field, or of the joined day when `field` is `None`."""

    field: Field | None


@record
class OnDay:
    """One day, of everybody who has joined before it."""

    day: int


@record
class Reaches:
    """Right after what lets a counter reach one of its thresholds, once for each in a window (CLOCK-4).

    Attributes:
        terms: coefficient and counter of each term of what is compared; the counters have one window.
        at: the thresholds one by one, ascending, compared with the sum of the terms.
        every: further ones follow behind the last in steps of so much; 0 for none.
    """

    terms: tuple[tuple[int, int], ...]
    at: tuple[int, ...]
    every: int = 0

    def passed(self, value: int) -> int:
        """How many thresholds a value has reached."""
        if self.every and value >= self.at[-1]:
            return len(self.at) + (value - self.at[-1]) // self.every
        return sum(at <= value for at in self.at)


@record
class Falls:
    """Right after status falls below a level that it was at, or above (CLOCK-5)."""

    ladder: int
    level: int


@record
class Rises:
    """Right after status rises to a level, or above, from below it (CLOCK-8)."""

    ladder: int
    level: int


@record
class AfterJoin:
    """So long after the joined day, once (CLOCK-9)."""

    length: Duration


@record
class After:
    """So long after the last event of these kinds, unless another one comes before (CLOCK-6)."""

    length: Duration
    events: tuple[int, ...]


@record
class RefundLine:
    """What comes back if this line holds: the fee or, with `less`, the fee less what was used since.

    Attributes:
        unless: it holds only if nothing was used since the payment.
        days: it holds through so many days after the payment; `None` for any.
        business: of those, only Mondays to Fridays count.
    """

    less: bool
    unless: bool
    days: int | None
    business: bool


@record
class Refund:
    """What a cancellation gives back (FEE-7).

    Attributes:
        reward: by index, the benefit that it is, used once for each minor unit.
        used: the counter that says what was used; `None` where no line asks.
        lines: the first one that holds decides; without one nothing comes back.
    """

    reward: int
    used: int | None
    lines: tuple[RefundLine, ...]


@record
class Pays:
    """On each day on which a membership is paid for: right after it is taken, at the end of its trial, and
    when it is renewed (FEE).

    Attributes:
        ladder: where its plans are levels: after the lowest the trials of the plans, if it has a trial, then
            the plans.
        subscribe, cancel: the kinds of event that begin and end it; the first has the plan
            as its first field.
        months: how long a payment of each plan lasts.
        trial: days of the trial; 0 for none.
        trial_months: how many months apart trials begin at least; 0 for any.
        fees: the benefits that are its fees, by index, and the minor units of each.
        refund: what comes back; `None` for never anything.
        whens: of each plan, what has to hold when it is renewed; empty where nothing is asked (FEE-8).
    """

    ladder: int
    subscribe: int
    cancel: int
    months: tuple[int, ...]
    trial: int
    trial_months: int
    fees: tuple[tuple[int, int], ...] = ()
    refund: Refund | None = None
    whens: tuple[Condition | None, ...] = ()

    @property
    def trials(self) -> int:
        """How many of the levels are trials."""
        return len(self.months) if self.trial else 0

    def when_of(self, plan: int) -> Condition | None:
        """What has to hold when a plan is renewed."""
        return self.whens[plan] if self.whens else None

    def plan_of(self, level: int) -> int:
        """The plan of a level above the lowest, by its position."""
        return (level - 1) % len(self.months)


At = WindowStart | YearlyOf | OnDay | Reaches | Falls | Rises | AfterJoin | After | Pays
"""When a clock strikes."""


@record
class Clock:
    """What triggers rules of members who have joined, at a midnight or right after an event; it is kind
    `len(events) + index`."""

    index: int
    name: str
    at: At


TOLD = 2
"""How many fields a friend's event has behind those of the event itself, if it has any."""


@record
class Stage:
    """What a friend does on the way: an event of a kind for which `where` holds, and within so many days of
    the stage before it (REFER-5)."""

    event: int
    where: Condition | None
    within: int | None


@record
class FriendKind:
    """A kind of event that happens to a referrer when a friend does something.

    The kind's fields are those of the friend's event, then `ordinal` (which such event of the friend it is,
    from 1) and `days_since_join` (of the friend, at that event); a join without stages has no fields.

    With `numbered` the ordinal is among the events that this counter counts, and 0 of any other (REFER-2).

    Attributes:
        event: its index among the program's events.
        of: the kind of event of the friend.
        kept: how long after it; a purchase that was returned in full by then does not happen.
        numbered: the index of the counter of the friend that numbers them; `None` to number all.
        stages: what the friend does one after the other, the last of them this event; its ordinal is 1 when
            it completes them, and 0 otherwise.
    """

    event: int
    of: int
    kept: Duration
    numbered: int | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def has_fields(self) -> bool:
        """Whether it tells more than that it happened."""
        return self.of != JOIN or bool(self.stages)
