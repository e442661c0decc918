"""A checked scenario: a worked example of a program.

Of what is given and expected, `actor` is whose it is, as of a happening.

Invariant: steps are in time order, each names a kind of event of the program or a reward of it, and each
expectation is in the units of its currency.
"""

from enum import Enum

from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


@record
class GivenJoined:
    """The member joined on `day`."""

    day: int
    span: Span
    actor: int = 0


@record
class GivenUnits:
    """An opening lot, earned on `earned`; `None` means the joined date or, without one, the day before
    the first event."""

    currency: int
    units: int
    earned: int | None
    span: Span
    actor: int = 0


@record
class GivenField:
    """A field of the member, before the first event."""

    field: int
    value: int
    span: Span
    actor: int = 0


@record
class GivenLevel:
    """A grant of a level; `through` is `None` for one as if it were earned on the given day (SCEN-1)."""

    ladder: int
    level: int
    through: int | None
    span: Span
    actor: int = 0


@record
class GivenCounter:
    """What a counter has in the window that holds the given day."""

    counter: int
    value: int
    span: Span
    actor: int = 0


@record
class GivenTimes:
    """How often an earn rule (or, with `reward`, a reward) was paid in the windows of its limits."""

    reward: bool
    index: int
    times: int
    span: Span
    actor: int = 0


@record
class GivenChance:
    """An earn rule whose chance comes up, at every event of the scenario (SCEN-13)."""

    rule: int
    span: Span


@record
class GivenHoldout:
    """An audience whose holdout the member is in, as are all others of the scenario (AUDIENCE-3)."""

    audience: str
    span: Span


Given = (
    GivenJoined
    | GivenUnits
    | GivenField
    | GivenLevel
    | GivenCounter
    | GivenTimes
    | GivenChance
    | GivenHoldout
)


@record
class ScenarioItem:
    """An item of a purchase: its price and the values of its fields, by index."""

    price: int
    fields: tuple[int, ...]


@record
class Happening:
    """An event on a day. `redeem` is the reward that the member chooses at it, and how many times.

    A `redeem` line on its own has no `event` kind: it is the reward alone, outside any purchase. `written`
    are the fields whose values the scenario gives, by index; the others, which nothing reads, are 0. A
    quantity of 0 is as often as it can.

    Attributes:
        actor: who does it: 0 is the member; 1 and on are friends whom the member referred or, in a scenario
            with names, those who have them.
        recipient: of a transfer to another member, that one; -1 of anything else.
        label: what later lines call it; "" for nothing.
        returns: of a return, the position among the steps of the happening that it takes back.
        member: fields of the member that change with it, as pairs of index and value.
    """

    day: int
    minute: int
    event: int | None
    basket: int
    items: tuple[ScenarioItem, ...]
    fields: tuple[int, ...]
    redeem: tuple[int, int] | None
    span: Span
    written: frozenset[int] = frozenset()
    actor: int = 0
    label: str = ""
    returns: int | None = None
    member: tuple[tuple[int, int], ...] = ()
    recipient: int = -1


class Measure(Enum):
    """What an expectation is about. The value is the language's own word."""

    EARNED = "earned"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVERSED = "reversed"
    SENT = "sent"
    RECEIVED = "received"
    NOTIFIED = "notified"
    BALANCE = "balance"
    PENDING = "pending"
    AVAILABLE = "available"


@record
class Expect:
    """A figure of a currency.

    Attributes:
        day: with a day, the state or the flow of that day after its midnight work; `None` is the last step.
        through: only lots whose last usable day is this one; `None` is all of them.
        actor: whose: 0 is the member, 1 and on are friends.
    """

    day: int | None
    measure: Measure
    currency: int
    units: int
    through: int | None
    span: Span
    actor: int = 0


@record
class ExpectOff:
    """Money that rewards took off at the last step."""

    minor: int
    span: Span


@record
class ExpectSettled:
    """What a partner pays, or with `receives` is paid, for all that has happened so far, in minor units."""

    partner: int
    receives: bool
    minor: int
    span: Span


@record
class ExpectCharged:
    """Fees of memberships charged, or given back, at the last step; with `day`, on that day."""

    minor: int
    span: Span
    day: int | None = None
    refunded: bool = False


@record
class ExpectRefused:
    """The last step was refused; with `reason`, for that."""

    span: Span
    reason: str | None = None


@record
class ExpectLevel:
    """The status on a ladder; with `through`, also the last day on which the member has at least it."""

    day: int | None
    ladder: int
    level: int
    through: int | None
    span: Span
    actor: int = 0


@record
class ExpectCounter:
    """The value of a counter, or of a declared total (`terms` over `scale`)."""

    day: int | None
    terms: tuple[tuple[int, int], ...]
    scale: int
    value: int
    span: Span
    actor: int = 0


@record
class ExpectAllowance:
    """What an allowance lets somebody use, in its own units (ALLOW-1)."""

    day: int | None
    allowance: int
    value: int
    span: Span
    actor: int = 0


@record
class ExpectUses:
    """How often the last step used a reward or benefit; with `day`, how often that was done on it."""

    reward: int
    times: int
    span: Span
    day: int | None = None


Expectation = (
    Expect
    | ExpectOff
    | ExpectSettled
    | ExpectCharged
    | ExpectRefused
    | ExpectLevel
    | ExpectCounter
    | ExpectAllowance
    | ExpectUses
)


@record
class Advance:
    """Time passes to a day, whose midnight work is done (SCEN-19)."""

    day: int
    span: Span


Step = Happening | Advance | Expectation


@record
class Scenario:
    """A worked example, with its steps in the order in which they are written.

    Attributes:
        names: of the actors from 1 on; none where those are friends.
    """

    title: str
    program: str
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    span: Span
    names: tuple[str, ...] = ()
