"""What came of a scenario: each expectation with what happened instead, and the story that led there.

Invariant: a check says how much of the story was told when it was made, so that a report can stop where
the expectation stands.
"""

import attrs

from loyalty_dsl.evaluation.ledger import Posting
from loyalty_dsl.evaluation.reference import Outcome
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import Expect, ExpectOff, ExpectRefused, Happening, Scenario


@attrs.frozen
class Chapter:
    """A step of the member's story: an event, or midnight work that only an expectation asked for, or
    what was given.

    Attributes:
        day: of the event, or the day that the clock was moved to.
        happening: the event as written; `None` for the other two.
        postings: in the order in which they were made, midnight work before the event.
        outcome: of the event; `None` for the other two.
    """

    day: int
    happening: Happening | None
    postings: tuple[Posting, ...]
    outcome: Outcome | None


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
class RefusedCheck:
    """Whether the last event, or the reward chosen at it, was refused."""

    expectation: ExpectRefused
    actual: bool
    chapters: int

    @property
    def passed(self) -> bool:
        return self.actual


Check = UnitsCheck | OffCheck | RefusedCheck


@attrs.frozen
class ScenarioResult:
    """A scenario that was run to its end; it has at least one check (SCEN-6)."""

    program: Program
    scenario: Scenario
    checks: tuple[Check, ...]
    story: tuple[Chapter, ...]

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def failures(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)
