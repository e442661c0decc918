"""What a friend does one thing after the other before a referral pays (REFER-5).

Invariant: behind this module stages are hidden counters of the friend, each 0 or 1, and a number of the
friend's last event: nothing else knows how far somebody is.
"""

from collections.abc import Sequence

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.counting import event_named, take_counter
from loyalty_dsl.language.checking.friends import (
    all_of,
    days_of,
    fields_of_friend,
    flat,
    is_number,
    name_of_stages,
    readable_of_friend,
    stages_of,
)
from loyalty_dsl.language.checking.numbering import of_whole_basket
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.clocks import Stage
from loyalty_dsl.language.conditions import (
    Compare,
    Condition,
    CounterValue,
    EventField,
    IsReferred,
    Literal,
    Order,
)
from loyalty_dsl.language.counters import Counter, NumberMeasure
from loyalty_dsl.language.program import Trigger
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import EventKind, Kind
from loyalty_dsl.language.windows import Lifetime, Rolling
from loyalty_dsl.source import Span

MOST_STAGES = 10


@record
class Stages:
    """What fires when a friend completes the stages.

    Attributes:
        mine: the rules of the member who brought the friend.
        friends: those of the friend.
        kept: the length of time behind the last stage, as written.
    """

    mine: Trigger
    friends: Trigger
    kept: syntax.Duration | None


@record
class _Passed:
    """A stage as a counter that is 1 once it is passed; `where` says at which event that is."""

    kind: EventKind
    counter: int
    where: Condition | None


def check_stages(scope: ProgramScope, block: syntax.RuleBlock) -> Stages | None:
    """What the stages of a referral come to, or `None` when something in them is wrong (reported)."""
    findings, errors = scope.findings, scope.findings.errors
    written = stages_of(block)
    _verify_shape(scope, block, written)
    kinds = [_kind_of(scope, stage) for stage in written]
    own = [
        None if kind is None else _where_of(scope, stage, kind)
        for stage, kind in zip(written, kinds, strict=True)
    ]
    days = [None if stage.within is None else days_of(scope, stage.within) for stage in written]
    known = [kind for kind in kinds if kind is not None]
    if findings.errors > errors or len(known) < len(kinds):  # an event that could not be read
        return None
    passed: _Passed | None = None
    stages: list[Stage] = []
    for stage, kind, where, within in zip(written, known, own, days, strict=True):
        stages.append(Stage(kind.index, where, within))
        passed = _pass(scope, kind, stages[-1], passed, of=block.name.text, span=stage.span)
    assert passed is not None
    last = written[-1]
    name = name_of_stages(block, passed.kind)
    mine = next((kind for kind in scope.friend_events if kind.name == name), None)
    if mine is None:
        return None
    scope.numbered_friends[name] = passed.counter
    scope.stages_of_friends[name] = tuple(stages)
    number = EventField(fields_of_friend(passed.kind, last.span)[len(passed.kind.fields)])
    return Stages(
        mine=Trigger(mine.index, is_number(number, Order.EQUAL, 1), last.span),
        friends=Trigger(passed.kind.index, passed.where, last.span),
        kept=last.kept,
    )


def _verify_shape(
    scope: ProgramScope, block: syntax.RuleBlock, written: Sequence[syntax.rules.StageClause]
) -> None:
    """Reports what no stage can say where it stands."""
    findings = scope.findings
    if len(written) == 1:
        text = written[0].event.text
        findings.report(
            "L354", written[0].span, "a single stage is no way to anything",
            help=f"write `on first {text} by friend`" if text != "join" else "write `on join by friend`",
        )  # fmt: skip
    if len(written) > MOST_STAGES:
        findings.report(
            "L354", written[MOST_STAGES].span, f"a referral has at most {MOST_STAGES} stages",
            help="leave stages out that nothing depends on",
        )  # fmt: skip
    if written[0].within is not None:
        findings.report(
            "L354", written[0].within.span, "nothing comes before the first stage, so no time runs yet",
            help="delete `within ...`, or write the stage first from which it counts",
        )  # fmt: skip
    for stage in written[:-1]:
        if stage.kept is not None:
            findings.report(
                "L354", stage.kept.span, "only what the last stage brings can wait",
                secondary=[(written[-1].span, "the last stage")],
                help=f"write `kept ...` there, or delete it in `{block.name.text}`",
            )  # fmt: skip
    if written[-1].kept is not None:
        duration(scope, written[-1].kept)


def _kind_of(scope: ProgramScope, stage: syntax.rules.StageClause) -> EventKind | None:
    kind = event_named(scope, stage.event.text)
    if kind is None and not scope.events.may_be_unseen(stage.event.text):
        scope.events.resolve(
            stage.event, help=f"declare it, as in `event {stage.event.text}`, or name `join` or `purchase`"
        )
    return kind


def _where_of(scope: ProgramScope, stage: syntax.rules.StageClause, kind: EventKind) -> Condition | None:
    if stage.where is None:
        return None
    where = check_condition(scope, readable_of_friend(kind), stage.where)
    return None if where is None else of_whole_basket(where)


def _pass(
    scope: ProgramScope, kind: EventKind, stage: Stage, before: _Passed | None, *, of: str, span: Span
) -> _Passed:
    """Puts the counter in place that is 1 once the stage is passed.

    Args:
        of: the referral's name.
    """
    tests: list[Condition] = [Compare(IsReferred(), Order.EQUAL, Literal(1, Kind.YES_NO))]
    tests += [] if stage.where is None else flat(stage.where)
    what = f"the stage {kind.name} of {of}"
    if before is not None:
        counter = before.counter
        if stage.within is not None:
            counter = take_counter(
                scope, NumberMeasure(before.kind.index), Rolling(Duration(stage.within + 1, Unit.DAY)),
                before.where, kind=Kind.NUMBER, name=f"{what}, in time", span=span,
            )  # fmt: skip
        tests.append(is_number(CounterValue(counter), Order.AT_LEAST, 1))
    at = len(scope.counters)
    where = all_of([*tests, is_number(CounterValue(at), Order.EQUAL, 0)])
    scope.counters.append(
        Counter(what, what, at, NumberMeasure(kind.index), Lifetime(), where, None, Kind.NUMBER, -1, span)
    )
    return _Passed(kind, at, where)
