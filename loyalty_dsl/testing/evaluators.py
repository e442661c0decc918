"""What a scenario asks of an evaluator, whichever it is: members, one by one, who live through events.

Invariants: actor 0 is the member, the others are friends or members with names; days never fall. Both
evaluators answer in the types of the ledger, so that their answers can be held against each other (SAME-1).
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.everyone import Together
from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import GivenTimes
from loyalty_dsl.testing.results import Standing

Engine = Literal["reference", "compiled", "both"]
"""What scenarios are run on."""


class Evaluator(Protocol):
    """The members of one scenario under a program.

    Attributes:
        today: midnight work is done up to and including this day.
        actors: how many members there are.
    """

    @property
    def program(self) -> Program: ...

    @property
    def today(self) -> int: ...

    @property
    def actors(self) -> int: ...

    # What an actor begins with (SCEN-1, SCEN-7), in the order of these functions.

    def give_field(self, field: int, value: int, actor: int) -> None:
        """Sets a field of the member."""

    def give_level(self, ladder: int, level: int, through: int, day: int, actor: int) -> None:
        """Grants a level on a day through another."""

    def give_opening(self, currency: int, units: int, earned: int, actor: int) -> None:
        """Writes an opening lot, of a day not before that of the last one. Counters of all that is earned
        count it."""

    def give_counter(self, counter: int, value: int, day: int, actor: int) -> None:
        """Gives a counter a value in the window that holds a day."""

    def give_joined(self, day: int, actor: int) -> None:
        """Sets the joined day, which triggers nothing."""

    def give_times(self, given: GivenTimes, day: int) -> None:
        """Counts uses against the limits in times, in the windows that hold a day."""

    def decide_given(self, apart: frozenset[int], actor: int) -> None:
        """Decides all ladders as of today but those apart."""

    # What happens.

    def advance(self, day: int) -> None:
        """Does the midnight work of every day up to and including `day`, of all members."""

    def apply(self, event: Event) -> Outcome:
        """Carries out one event of the member in its slot, after the midnights on the way to it."""

    # How an actor stands.

    def joined(self, actor: int) -> int | None:
        """The joined day; `None` until there is one."""

    def fields(self, actor: int) -> tuple[int, ...]:
        """Values of the member's fields, by index."""

    def journal(self, actor: int) -> Sequence[Posting]:
        """Every posting so far, in the order in which they were made."""

    def uses(self, actor: int) -> Sequence[Use]:
        """Every use of a reward or benefit so far, in order."""

    def standing(self, actor: int) -> Standing:
        """Status, counters and lots, as of today."""

    def together(self) -> Together:
        """What has been counted against limits for everyone."""

    def held_through(self, actor: int, ladder: int, level: int) -> int:
        """The last day on which the member has at least a level if nothing else happens."""
