"""Where the steps of a scenario have come to: the day, who did what, and what is left of it to return.

Invariant: time never goes back, and labels stand for what happened above them.
"""

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import day
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.scenario import Happening
from loyalty_dsl.source import Span


@attrs.define
class Returnable:
    """Something that can be taken back.

    Attributes:
        step: its position among the steps of the scenario.
        left: what is left of its basket, in minor units, after the returns above.
    """

    step: int
    happening: Happening
    left: int
    touched: bool = False


@attrs.define
class Timeline:
    """How far a scenario has come.

    Attributes:
        last: the last step's span; `None` before the first.
        happened: whether any event has happened; advanced: whether time was told to pass.
        latest: what each actor did last that carries an amount; 0 is the member.
        labels: what lines are called.
        wrong: actors whose last event is wrong, and has been reported.
        names: the numbers of the actors who have names; a friend has none.
        friend: where a friend acts.
    """

    day: int | None = None
    minute: int = 0
    last: Span | None = None
    happened: bool = False
    advanced: bool = False
    latest: dict[int, Returnable] = attrs.field(factory=dict)
    labels: dict[str, tuple[Returnable | None, Span]] = attrs.field(factory=dict)
    wrong: set[int] = attrs.field(factory=set)
    names: dict[str, int] = attrs.field(factory=dict)
    friend: Span | None = None


def advance(
    scope: ProgramScope, timeline: Timeline, date: syntax.DateLiteral, minute: int | None, span: Span
) -> int | None:
    """Moves the timeline to a step, unless the step lies before it.

    Returns:
        The day; `None` when it is wrong, which has been reported.
    """
    when = day(scope, date)
    if when is None:
        return None
    at = minute
    if at is None:
        at = timeline.minute if when == timeline.day else 0
    if timeline.day is not None and (when, at) < (timeline.day, timeline.minute):
        scope.findings.report(
            "L501", span, "this step comes before the one above it",
            secondary=[(timeline.last, "this is later")], help="write the steps in the order of time",
        )  # fmt: skip
        return None
    if scope.starts is not None and when < scope.starts:
        scope.findings.report(
            "L502", date.span, f"`{scope.name.text}` has not started on {format_day(when)}",
            secondary=[(scope.name.span, f"it starts on {format_day(scope.starts)}")],
            help=f"write {format_day(scope.starts)} or a later day",
        )  # fmt: skip
    timeline.day, timeline.minute, timeline.last = when, at, span
    return when
