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
    Given,
    GivenJoined,
    GivenUnits,
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
    """The day of the first event or dated expectation, whichever is written first; where time passes before
    either, the day after the last that is given (SCEN-19)."""
    dated = ((step, day) for step in scenario.steps if (day := day_of_step(step)) is not None)
    first, day = next(dated, (None, program.starts))
    if not isinstance(first, Advance):
        return day
    given = (_day_of(fact) for fact in scenario.given)
    return min(day, max([program.starts, *(1 + when for when in given if when is not None)]))


def _day_of(given: Given) -> int | None:
    match given:
        case GivenJoined():
            return given.day
        case GivenUnits():
            return given.earned
        case _:
            return None


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
