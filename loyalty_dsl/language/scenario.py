"""A checked scenario: a worked example of a program.

Invariant: steps are in time order, each names a kind of event of the program or a reward of it, and each
expectation is in the units of its currency.
"""

from enum import Enum

import attrs

from loyalty_dsl.source import Span


@attrs.frozen
class GivenJoined:
    """The member joined on `day`."""

    day: int
    span: Span


@attrs.frozen
class GivenUnits:
    """An opening lot, earned on `earned`; `None` means the joined date or, without one, the day before
    the first event."""

    currency: int
    units: int
    earned: int | None
    span: Span


Given = GivenJoined | GivenUnits


@attrs.frozen
class ScenarioItem:
    """An item of a purchase: its price and the values of its fields, by index."""

    price: int
    fields: tuple[int, ...]


@attrs.frozen
class Happening:
    """An event on a day. `redeem` is the reward that the member chooses at it, and how many times.

    A `redeem` line on its own has no `event` kind: it is the reward alone, outside any purchase. `written`
    are the fields whose values the scenario gives, by index; the others, which nothing reads, are 0.
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


class Measure(Enum):
    """What an expectation is about. The value is the language's own word."""

    EARNED = "earned"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    BALANCE = "balance"
    PENDING = "pending"
    AVAILABLE = "available"


@attrs.frozen
class Expect:
    """A figure of a currency.

    Attributes:
        day: with a day, the state or the flow of that day after its midnight work; `None` is the last step.
        through: only lots whose last usable day is this one; `None` is all of them.
    """

    day: int | None
    measure: Measure
    currency: int
    units: int
    through: int | None
    span: Span


@attrs.frozen
class ExpectOff:
    """Money that rewards took off at the last step."""

    minor: int
    span: Span


@attrs.frozen
class ExpectRefused:
    """The last step was refused."""

    span: Span


Step = Happening | Expect | ExpectOff | ExpectRefused


@attrs.frozen
class Scenario:
    """A worked example, with its steps in the order in which they are written."""

    title: str
    program: str
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    span: Span
