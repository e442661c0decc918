"""What came of a scenario: each expectation with what happened instead, and the story that led there.

Invariant: a check says how much of the story was told when it was made, so that a report can stop where
the expectation stands.
"""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.redemption import Use
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.evaluation.settlement import Bill
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import (
    Expect,
    ExpectAllowance,
    ExpectCharged,
    ExpectCounter,
    ExpectLevel,
    ExpectOff,
    ExpectRefused,
    ExpectSettled,
    ExpectUses,
    Happening,
    Scenario,
)

Parts = tuple[tuple[int, int], ...]
"""Units by the day from whose start they are gone: the day, and how many."""


@attrs.frozen
class Holding:
    """What somebody has of a currency.

    Attributes:
        outstanding: less than 0 for somebody who owes.
        available, pending: the lots, those that are gone on the same day together, by that day.
        gone_on: the day from whose start the whole balance is gone as things are; `None` where its lots have
            days of their own, or nothing is held.
    """

    outstanding: int
    available: Parts
    pending: Parts
    gone_on: int | None

    @classmethod
    def of(
        cls,
        outstanding: int,
        available: Iterable[tuple[int, int]],
        pending: Iterable[tuple[int, int]],
        gone_on: int | None,
    ) -> "Holding":
        """The same of lots one by one: the day from whose start each is gone, and its units."""

        def together(lots: Iterable[tuple[int, int]]) -> Parts:
            sums: dict[int, int] = {}
            for expiry, units in lots:
                gone = expiry if gone_on is None else min(expiry, gone_on)
                sums[gone] = sums.get(gone, 0) + units
            return tuple(sorted(sums.items()))

        return cls(outstanding, together(available), together(pending), gone_on)


@attrs.frozen
class Standing:
    """Where somebody stands after a chapter.

    Attributes:
        levels: the level of each ladder, by index, and the last day of it as things are; `NEVER` for good.
        counters: what each counter has in its present window, by index.
        holdings: what there is of each currency, by index.
    """

    levels: tuple[tuple[int, int], ...] = ()
    counters: tuple[int, ...] = ()
    holdings: tuple[Holding, ...] = ()

    @property
    def balances(self) -> tuple[int | None, ...]:
        """Of each currency, the day from whose start its whole balance is gone, as `Holding` has it."""
        return tuple(holding.gone_on for holding in self.holdings)


@attrs.frozen
class Chapter:
    """A step of the story: an event, what a friend's event brought, midnight work, or what was given.

    Attributes:
        day: of the event, or the day that the clock was moved to.
        happening: the event as written; `None` for the others.
        postings: in the order in which they were made, midnight work before the event.
        outcome: of the event, written or brought by a friend; `None` for the other two.
        actor: whose it is: 0 is the member, 1 and on are friends.
        standing: where the actor stands after it.
        uses: rewards and benefits used at midnights on the way.
        names: of the actors from 1 on; none where those are friends.
    """

    day: int
    happening: Happening | None
    postings: tuple[Posting, ...]
    outcome: Outcome | None
    actor: int = 0
    standing: Standing = attrs.field(factory=Standing)
    uses: tuple[Use, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The actor's name; "" for the member, and for a friend."""
        return self.names[self.actor - 1] if self.actor and self.names else ""


@attrs.frozen
class UnitsCheck:
    """An amount of a currency, in smallest units."""

    expectation: Expect
    actual: int
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.units


@attrs.frozen
class OffCheck:
    """Money off at the last event, in minor units."""

    expectation: ExpectOff
    actual: int
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.minor


@attrs.frozen
class SettledCheck:
    """What is settled with a partner for all that has happened, in minor units; `bills` add up to it."""

    expectation: ExpectSettled
    actual: int
    chapters: int
    bills: tuple[Bill, ...]

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.minor


@attrs.frozen
class ChargedCheck:
    """Fees charged, in minor units."""

    expectation: ExpectCharged
    actual: int
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.minor


@attrs.frozen
class RefusedCheck:
    """Whether the last event, or the reward chosen at it, was refused."""

    expectation: ExpectRefused
    actual: bool
    chapters: int
    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        wanted = self.expectation.reason
        return self.actual and (wanted is None or wanted in self.reasons)


@attrs.frozen
class LevelCheck:
    """The level on a ladder.

    Attributes:
        actual: the level held.
        through: the last day on which the member has at least the expected level, as things are; `None` when
            that was not asked, or the member does not have it.
    """

    expectation: ExpectLevel
    actual: int
    through: int | None
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.level and self.expectation.through in (None, self.through)


@attrs.frozen
class CounterCheck:
    """The value of a counter or of a declared total, in the units of its kind, exactly."""

    expectation: ExpectCounter
    actual: Fraction
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.value


@attrs.frozen
class AllowanceCheck:
    """What an allowance lets somebody use."""

    expectation: ExpectAllowance
    actual: int
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.value


@attrs.frozen
class UsesCheck:
    """How often a reward or benefit was used at the last event and on the way to it."""

    expectation: ExpectUses
    actual: int
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual == self.expectation.times


Check = (
    UnitsCheck
    | OffCheck
    | SettledCheck
    | ChargedCheck
    | RefusedCheck
    | LevelCheck
    | CounterCheck
    | AllowanceCheck
    | UsesCheck
)


@attrs.frozen
class Difference:
    """Something that the two evaluators answered differently (SAME-1).

    Attributes:
        what: in words, with the day.
        reference, compiled: what each of them answered, in words.
        chapters: how much of the story was told by then.
    """

    what: str
    reference: str
    compiled: str
    chapters: int


@attrs.frozen
class ScenarioResult:
    """A scenario that was run to its end; it has at least one check (SCEN-6).

    Attributes:
        differences: of a scenario that was run on both evaluators, where they first differ.
    """

    program: Program
    scenario: Scenario
    checks: tuple[Check, ...]
    story: tuple[Chapter, ...]
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures and not self.differences

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)

    @property
    def told(self) -> tuple[Chapter, ...]:
        """The story up to the last thing that is wrong."""
        ends = [wrong.chapters for wrong in (*self.failures, *self.differences)]
        return self.story[: max(ends, default=0)]
