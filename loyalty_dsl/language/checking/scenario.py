"""Scenarios: worked examples, in the order of time, every amount in units of its currency."""

from typing import assert_never

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.expectations import ExpectationLine, check_expectation
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.givens import (
    GivenLine,
    check_given,
    verify_given_first,
    verify_joined_first,
)
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.steps import HappeningLine, check_happening
from loyalty_dsl.language.checking.timeline import Timeline, advance
from loyalty_dsl.language.scenario import Advance, Given, Scenario, Step


def check_scenario(
    block: syntax.ScenarioBlock, programs: Names[ProgramScope], findings: Findings
) -> Scenario | None:
    """The scenario that a block writes, or `None` when something in it is wrong."""
    errors = findings.errors
    scope = programs.resolve(block.program)
    if scope is None:
        return None
    given: list[Given] = []
    steps: list[Step] = []
    timeline = Timeline()
    for line in block.lines:
        step: Step | None = None
        if isinstance(line, GivenLine):
            given.extend(check_given(scope, line, given, timeline))
        elif isinstance(line, HappeningLine):
            step = check_happening(scope, line, timeline, len(steps))
        elif isinstance(line, ExpectationLine):
            step = check_expectation(scope, line, timeline, block.span)
        elif isinstance(line, syntax.scenarios.AdvanceLine):
            step = _advance(scope, line, timeline)
        else:
            assert_never(line)
        if step is not None:
            steps.append(step)
    verify_given_first(scope, given, steps)
    verify_joined_first(scope, given)
    expects = any(isinstance(line, ExpectationLine) for line in block.lines)
    if scope.losses.spared(block.span) and not expects:
        findings.report(
            "L508", block.span, f"the scenario \"{block.title.text}\" expects nothing, so it tests nothing",
            help="add a line such as `expect earned 6 points`",
        )  # fmt: skip
    if findings.errors > errors:
        return None
    return Scenario(
        block.title.text, scope.name.text, tuple(given), tuple(steps), block.span, tuple(timeline.names)
    )


def _advance(scope: ProgramScope, line: syntax.scenarios.AdvanceLine, timeline: Timeline) -> Advance | None:
    """What `advance to` does; the day has to be later than all that has happened."""
    before = timeline.day
    when = advance(scope, timeline, line.date, None, line.span)
    timeline.advanced = True
    if when is None:
        return None
    if when == before:
        scope.findings.report(
            "L501", line.date.span, f"it is {format_day(when)} already",
            help="advance to a later day, or delete the line",
        )  # fmt: skip
        return None
    return Advance(when, line.span)
