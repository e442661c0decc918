"""What is said of the steps of a scenario as a whole: who acts, and on which days."""

from typing import assert_never

from loyalty_dsl.language.program import Program
from loyalty_dsl.language.scenario import (
    Advance,
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
    Step,
)

_OF_SOMEBODY = Happening | Expect | ExpectLevel | ExpectCounter | ExpectAllowance


def actors_of(scenario: Scenario) -> int:
    """How many members there are: the member, and the friends who are spoken of or those with names."""
    friends = (step.actor for step in scenario.steps if isinstance(step, _OF_SOMEBODY))
    return 1 + max(len(scenario.names), *friends, 0)


def first_day(program: Program, scenario: Scenario) -> int:
    """The day of the first event or dated expectation, whichever is written first."""
    days = (day_of_step(step) for step in scenario.steps)
    return next((day for day in days if day is not None), program.starts)


def day_of_step(step: Step) -> int | None:
    """The day that a step names."""
    match step:
        case (
            Happening()
            | Advance()
            | Expect()
            | ExpectLevel()
            | ExpectCounter()
            | ExpectUses()
            | ExpectCharged()
        ):
            return step.day
        case ExpectAllowance():
            return step.day
        case ExpectOff() | ExpectSettled() | ExpectRefused():
            return None
        case _:
            assert_never(step)
