"""Scenarios: worked examples, in the order of time, every amount in units of its currency."""

from typing import assert_never

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import day, positive_number, whole_money, whole_quantity
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.happenings import check_items, check_values
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.scenario import (
    Expect,
    ExpectOff,
    ExpectRefused,
    Given,
    GivenJoined,
    GivenUnits,
    Happening,
    Measure,
    Scenario,
    Step,
)
from loyalty_dsl.language.types import JOIN, PURCHASE, EventKind
from loyalty_dsl.quantities import MAX_AMOUNT
from loyalty_dsl.source import Span

MOST_USES = 1000
"""The most times that one step may use a reward."""

_EXPECTATIONS = (syntax.ExpectLine, syntax.ExpectOffLine, syntax.ExpectRefusedLine)


@attrs.define
class _Clock:
    """Where the steps have come to.

    Attributes:
        last: the last step's span; `None` before the first.
        happened: whether any event has happened.
    """

    day: int | None = None
    minute: int = 0
    last: Span | None = None
    happened: bool = False


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
    clock = _Clock()
    for line in block.lines:
        match line:
            case syntax.GivenJoinedLine() | syntax.GivenUnitsLine():
                fact = _given(scope, line, given, clock)
                if fact is not None:
                    given.append(fact)
            case syntax.EventLine() | syntax.RedeemLine():
                step = _event(scope, line, clock) if isinstance(line, syntax.EventLine) else (
                    _redeem(scope, line, clock)
                )  # fmt: skip
                if step is not None:
                    steps.append(step)
            case syntax.ExpectLine() | syntax.ExpectOffLine() | syntax.ExpectRefusedLine():
                expected = _expect(scope, line, clock, block.span)
                if expected is not None:
                    steps.append(expected)
            case _:
                assert_never(line)
    _verify_given_first(scope, given, steps)
    _verify_joined_first(scope, given)
    if scope.losses.spared(block.span) and not any(isinstance(line, _EXPECTATIONS) for line in block.lines):
        findings.report(
            "L508", block.span, f"the scenario \"{block.title.text}\" expects nothing, so it tests nothing",
            help="add a line such as `expect earned 6 points`",
        )  # fmt: skip
    if findings.errors > errors:
        return None
    return Scenario(block.title.text, scope.name.text, tuple(given), tuple(steps), block.span)


# ---- given


def _given(
    scope: ProgramScope,
    line: syntax.GivenJoinedLine | syntax.GivenUnitsLine,
    before: list[Given],
    clock: _Clock,
) -> Given | None:
    if clock.last is not None:
        scope.findings.report(
            "L501", line.span, "what is given comes before what happens",
            secondary=[(clock.last, "something happened here")], help="move this line up",
        )  # fmt: skip
    if isinstance(line, syntax.GivenJoinedLine):
        earlier = next((fact for fact in before if isinstance(fact, GivenJoined)), None)
        if earlier is not None:
            scope.findings.report(
                "L205", line.span, "`given joined` may be written once here", label="again here",
                secondary=[(earlier.span, "first written here")], help="keep the one that is meant",
            )  # fmt: skip
        joined = day(scope, line.date)
        return None if joined is None else GivenJoined(joined, line.span)
    found = whole_quantity(scope, line.quantity)
    earned = None if line.earned is None else day(scope, line.earned)
    if found is None or (line.earned is not None and earned is None):
        return None
    return GivenUnits(found[0].index, found[1], earned, line.span)


def _verify_given_first(scope: ProgramScope, given: list[Given], steps: list[Step]) -> None:
    """Reports what is given for a day after that of the first event or dated expectation."""
    dated = (
        (step, step.day) for step in steps if isinstance(step, Happening | Expect) and step.day is not None
    )
    first, first_day = next(dated, (None, 0))
    if first is None:
        return
    what = "event" if isinstance(first, Happening) else "expectation"
    for fact in given:
        when = fact.day if isinstance(fact, GivenJoined) else fact.earned
        if when is not None and when > first_day:
            scope.findings.report(
                "L501", fact.span, f"this is given for {format_day(when)}, after the first {what}",
                secondary=[(first.span, f"which is on {format_day(first_day)}")],
                help=f"give what was so before the first {what}",
            )  # fmt: skip


def _verify_joined_first(scope: ProgramScope, given: list[Given]) -> None:
    """Reports what was earned before the member joined."""
    joined = next((fact for fact in given if isinstance(fact, GivenJoined)), None)
    if joined is None:
        return
    for fact in given:
        if isinstance(fact, GivenUnits) and fact.earned is not None and fact.earned < joined.day:
            scope.findings.report(
                "L501", fact.span, f"this was earned on {format_day(fact.earned)}, before the member joined",
                secondary=[(joined.span, f"which was on {format_day(joined.day)}")],
                help="mend one of the two dates",
            )  # fmt: skip


# ---- events


def _advance(
    scope: ProgramScope, clock: _Clock, date: syntax.DateLiteral, minute: int | None, span: Span
) -> int | None:
    """Moves the clock to a step, unless the step lies before it."""
    when = day(scope, date)
    if when is None:
        return None
    at = minute
    if at is None:
        at = clock.minute if when == clock.day else 0
    if clock.day is not None and (when, at) < (clock.day, clock.minute):
        scope.findings.report(
            "L501", span, "this step comes before the one above it",
            secondary=[(clock.last, "this is later")], help="write the steps in the order of time",
        )  # fmt: skip
        return None
    if scope.starts is not None and when < scope.starts:
        scope.findings.report(
            "L502", date.span, f"`{scope.name.text}` has not started on {format_day(when)}",
            secondary=[(scope.name.span, f"it starts on {format_day(scope.starts)}")],
            help=f"write {format_day(scope.starts)} or a later day",
        )  # fmt: skip
    clock.day, clock.minute, clock.last = when, at, span
    return when


def _event(scope: ProgramScope, line: syntax.EventLine, clock: _Clock) -> Happening | None:
    when = _advance(scope, clock, line.date, line.minute, line.span)
    clock.happened = True
    kind = scope.events.resolve(line.event)
    if kind is None:
        return None
    given_fields = {each.field.text for each in line.values}
    fields = check_values(scope, kind, line.values, line.event.span)
    items = check_items(scope, line)
    amount = _amount(scope, line, kind)
    total = None if any(item is None for item in items) else sum(item.price for item in items if item)
    read_all = scope.losses.spared(line.span)
    if line.items and read_all and amount is not None and total is not None and line.amount is not None:
        _verify_sum(scope, line, amount, total)
    redeem = None
    if line.redeeming is not None:
        if kind.index == JOIN:
            scope.findings.report(
                "L506", line.redeeming[1].span, "nothing is paid for on join, so no reward can be taken",
                help="redeem on a line of its own, or at a purchase",
            )  # fmt: skip
        redeem = _uses(scope, *line.redeeming)
        if redeem is None:
            return None
    if when is None or fields is None or amount is None or total is None:
        return None
    return Happening(
        day=when,
        minute=clock.minute,
        event=kind.index,
        basket=total if line.items else amount,
        items=tuple(item for item in items if item is not None),
        fields=fields,
        redeem=redeem,
        span=line.span,
        written=frozenset(field.index for field in kind.fields if field.name in given_fields),
    )


def _amount(scope: ProgramScope, line: syntax.EventLine, kind: EventKind) -> int | None:
    """The basket as written; 0 where none has to be."""
    if line.amount is not None:
        if kind.has_amount:
            return whole_money(scope, line.amount, MAX_AMOUNT)
        scope.findings.report(
            "L506", line.amount.span, f"a {kind.name} carries no amount", help="delete the amount"
        )
        return None
    if kind.index == PURCHASE and not line.items:
        scope.findings.report(
            "L506", line.event.span, "a purchase has an amount", help="write it, such as `purchase $20.00`"
        )
        return None
    return 0


def _verify_sum(scope: ProgramScope, line: syntax.EventLine, amount: int, total: int) -> None:
    if amount == total or line.amount is None:
        return
    written = scope.write_money(total)
    scope.findings.report(
        "L504", line.amount.span, f"the items make {written}, not {line.amount.span.text}",
        secondary=[(item.price.span, "") for item in line.items[:4]],
        help=f"write {written}, leave the amount out, or mend the items",
    )  # fmt: skip


def _redeem(scope: ProgramScope, line: syntax.RedeemLine, clock: _Clock) -> Happening | None:
    when = _advance(scope, clock, line.date, line.minute, line.span)
    clock.happened = True
    redeem = _uses(scope, line.quantity, line.reward)
    if when is None or redeem is None:
        return None
    return Happening(when, clock.minute, None, 0, (), (), redeem, line.span)


def _uses(scope: ProgramScope, quantity: syntax.Number | None, name: syntax.Name) -> tuple[int, int] | None:
    """A reward that the member chooses, and how many times."""
    reward = scope.rewards.resolve(name)
    times = 1 if quantity is None else positive_number(scope, quantity, "times", MOST_USES)
    if reward is None or times is None:
        return None
    if reward.automatic:
        scope.findings.report(
            "L507", name.span, f"`{reward.name}` is taken by itself at checkout; nobody chooses it",
            secondary=[(reward.span, "`issue automatically at checkout`")],
            help="delete this; a purchase takes it while the balance holds its price",
        )  # fmt: skip
        return None
    return reward.index, times


# ---- expectations


def _expect(
    scope: ProgramScope,
    line: syntax.ExpectLine | syntax.ExpectOffLine | syntax.ExpectRefusedLine,
    clock: _Clock,
    block: Span,
) -> Step | None:
    dated = isinstance(line, syntax.ExpectLine) and line.date is not None
    if not clock.happened and not dated:
        if not scope.losses.may_hold(block, "on"):
            scope.findings.report(
                "L505", line.span, "nothing has happened yet",
                help="write an event above, or expect on a day: `on 2026-01-31 expect ...`",
            )  # fmt: skip
        return None
    match line:
        case syntax.ExpectRefusedLine():
            return ExpectRefused(line.span)
        case syntax.ExpectOffLine():
            minor = whole_money(scope, line.money)
            return None if minor is None else ExpectOff(minor, line.span)
        case syntax.ExpectLine():
            return _expect_units(scope, line, clock)
        case _:
            assert_never(line)


def _expect_units(scope: ProgramScope, line: syntax.ExpectLine, clock: _Clock) -> Expect | None:
    when = None
    if line.date is not None:
        same_day = line.date.day == clock.day
        when = _advance(scope, clock, line.date, clock.minute if same_day else 0, line.span)
        if when is None:
            return None
    found = whole_quantity(scope, line.quantity)
    through = None if line.through is None else day(scope, line.through)
    if found is None or (line.through is not None and through is None):
        return None
    measure = Measure.BALANCE if line.measure is None else Measure(line.measure.text)
    return Expect(when, measure, found[0].index, found[1], through, line.span)
