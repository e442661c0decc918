"""What a scenario expects: figures of currencies, status, counters, uses, money off, refusals."""

from typing import assert_never

from loyalty_dsl.language import syntax
from loyalty_dsl.language.allowances import Allowance
from loyalty_dsl.language.checking.actors import expected_of
from loyalty_dsl.language.checking.amounts import day, whole_money, whole_number, whole_quantity
from loyalty_dsl.language.checking.givens import is_count, level_of, state_named, value_of_counter
from loyalty_dsl.language.checking.scope import Counted, CurrencyUnit, LadderName, ProgramScope
from loyalty_dsl.language.checking.timeline import Timeline, advance
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
    Measure,
    Step,
)
from loyalty_dsl.language.syntax.scenarios import ExpectSettledLine
from loyalty_dsl.language.types import Field
from loyalty_dsl.source import Span

ExpectationLine = (
    syntax.ExpectLine
    | syntax.ExpectValueLine
    | syntax.ExpectOffLine
    | ExpectSettledLine
    | syntax.scenarios.ExpectChargedLine
    | syntax.ExpectRefusedLine
)
_Dated = syntax.ExpectLine | syntax.ExpectValueLine | syntax.scenarios.ExpectChargedLine

REFUNDED = "refunded"
"""The word behind what a membership gives back: `expect $139 refunded`."""
USED = "used"
"""The word in front of how often a reward was used: `expect used 1 gift`."""


def check_expectation(
    scope: ProgramScope, line: ExpectationLine, timeline: Timeline, block: Span
) -> Step | None:
    """What one `expect` line asks for, or `None` when it is wrong (reported)."""
    dated = isinstance(line, _Dated) and line.date is not None
    of_event = isinstance(line, syntax.ExpectRefusedLine | syntax.ExpectOffLine)
    if not timeline.happened and not dated and (of_event or not timeline.advanced):
        if not any(scope.losses.may_hold(block, word) for word in ("on", "advance")):
            scope.findings.report(
                "L505", line.span, "nothing has happened yet",
                help="write an event above, or expect on a day: `on 2026-01-31 expect ...`",
            )  # fmt: skip
        return None
    match line:
        case syntax.ExpectRefusedLine():
            return ExpectRefused(line.span, None if line.reason is None else line.reason.text)
        case syntax.ExpectOffLine():
            minor = whole_money(scope, line.money)
            return None if minor is None else ExpectOff(minor, line.span)
        case ExpectSettledLine():
            partner = scope.partners.resolve(line.partner)
            minor = whole_money(scope, line.money)
            if partner is None or minor is None:
                return None
            return ExpectSettled(partner, line.side.text == "to", minor, line.span)
        case syntax.scenarios.ExpectChargedLine():
            right, when = _day(scope, line, timeline)
            minor = whole_money(scope, line.money)
            return None if minor is None or not right else ExpectCharged(minor, line.span, when)
        case syntax.ExpectLine() if line.measure is not None and line.measure.text == USED:
            return _uses(scope, line, timeline)
        case syntax.ExpectLine() if _is_refund(scope, line):
            right, when = _day(scope, line, timeline)
            money = line.quantity.number
            if not isinstance(money, syntax.Money):
                help = f"write `expect ${money.span.text} refunded`"
                scope.findings.report("L513", line.quantity.span, "what is refunded is money", help=help)
                return None
            minor = whole_money(scope, money)
            return (
                None if minor is None or not right else ExpectCharged(minor, line.span, when, refunded=True)
            )
        case syntax.ExpectLine():
            return _units(scope, line, timeline)
        case syntax.ExpectValueLine():
            of_flow = _as_flow(scope, line)
            return _value(scope, line, timeline) if of_flow is None else _units(scope, of_flow, timeline)
        case _:
            assert_never(line)


def _as_flow(scope: ProgramScope, line: syntax.ExpectValueLine) -> syntax.ExpectLine | None:
    """The line as one about what was sent or received, as those words are no keywords; `None` for another."""
    words = (Measure.SENT.value, Measure.RECEIVED.value, Measure.NOTIFIED.value)
    known = (scope.ladders, scope.member_fields, scope.counted)
    if line.name.text not in words or any(names.find(line.name.text) is not None for names in known):
        return None
    if not isinstance(line.value, syntax.Quantity):
        return None
    return syntax.ExpectLine(line.date, line.name, line.value, line.through, None, line.whose, line.span)


def _day(scope: ProgramScope, line: _Dated, timeline: Timeline) -> tuple[bool, int | None]:
    """The day of an expectation, `None` where it is the last step's, and whether it is right."""
    if line.date is None:
        return True, None
    same_day = line.date.day == timeline.day
    when = advance(scope, timeline, line.date, timeline.minute if same_day else 0, line.span)
    return when is not None, when


def _units(scope: ProgramScope, line: syntax.ExpectLine, timeline: Timeline) -> Expect | None:
    right, when = _day(scope, line, timeline)
    if not right or _is_reward(scope, line) or is_count(scope, line.quantity, "expect"):
        return None
    found = whole_quantity(scope, line.quantity)
    through = None if line.through is None else day(scope, line.through)
    if found is None or (line.through is not None and through is None):
        return None
    measure = Measure.BALANCE if line.measure is None else Measure(line.measure.text)
    if measure is Measure.NOTIFIED and not _tells(scope, line, found[0]):
        return None
    actor = expected_of(scope, timeline, line.actor, line.whose)
    return Expect(when, measure, found[0].index, found[1], through, line.span, actor)


def _tells(scope: ProgramScope, line: syntax.ExpectLine, unit: CurrencyUnit) -> bool:
    """Whether members are told of what expires of a currency, and a day says when; if not, it is reported."""
    currency = None if scope.program is None else scope.program.currencies[unit.index]
    if currency is not None and currency.notice is None:
        scope.findings.report(
            "L513", line.span, f"nobody is told of `{unit.name}` that expire",
            secondary=[(unit.span, "the currency")],
            help="write `notify 14 days before expiry` in the currency",
        )  # fmt: skip
        return False
    if line.date is None:
        scope.findings.report(
            "L513", line.span, "a notice is given at a midnight",
            help=f"write the day: `on 2026-01-31 expect notified {line.quantity.span.text}`",
        )  # fmt: skip
        return False
    return True


def _is_refund(scope: ProgramScope, line: syntax.ExpectLine) -> bool:
    """Whether it is about money that a membership gives back: `expect $139 refunded`."""
    unit = line.quantity.unit
    plain = line.measure is None and line.through is None and line.actor is None
    return plain and unit is not None and unit.text == REFUNDED and scope.currencies.find(REFUNDED) is None


def _is_reward(scope: ProgramScope, line: syntax.ExpectLine) -> bool:
    """Whether uses of a reward are expected as if they were an amount; if so, it is reported."""
    unit = line.quantity.unit
    if unit is None or scope.currencies.find(unit.text) is not None:
        return False
    if scope.rewards.find(unit.text) is None:
        return False
    scope.findings.report(
        "L513", line.quantity.span, f"`{unit.text}` is a reward, not a currency",
        secondary=[(scope.rewards.span_of(unit.text), "declared here")],
        help=f"write `expect used {line.quantity.span.text}`",
    )  # fmt: skip
    return True


def _uses(scope: ProgramScope, line: syntax.ExpectLine, timeline: Timeline) -> ExpectUses | None:
    """How often the last step used a reward or benefit, or how often that was done on a day."""
    number, name = line.quantity.number, line.quantity.unit
    if line.actor is not None:
        scope.findings.report(
            "L513", line.actor.span, "uses are told of the member and its friends together",
            help="delete `by ...`: uses at the last event are those of whoever did it",
        )  # fmt: skip
        return None
    right, when = _day(scope, line, timeline)
    if line.through is not None:
        scope.findings.report("L513", line.through.span, "a use has no last day", help="delete `through ...`")
        return None
    if line.whose is not None:
        scope.findings.report(
            "L190", line.whose.span, "uses of a reward by somebody with a name are not supported yet",
            help="expect what it takes or gives, such as `expect 55 points for ben`",
        )  # fmt: skip
        return None
    if name is None or isinstance(number, syntax.Money):
        scope.findings.report(
            "L513", line.quantity.span, "uses of a reward are a number and its name",
            help=f"write `expect used 1 {next(iter(scope.rewards), 'gift')}`",
        )  # fmt: skip
        return None
    reward = scope.rewards.resolve(name)
    times = whole_number(scope, number, "times")
    if reward is None or times is None or not right:
        return None
    return ExpectUses(reward.index, times, line.span, when)


def _allowed(scope: ProgramScope, line: syntax.ExpectValueLine, allowance: Allowance) -> int | None:
    """The number of an expectation of an allowance."""
    number: object = line.value
    unit = None
    if isinstance(line.value, syntax.Quantity):
        number, unit = line.value.number, line.value.unit
    if line.through is not None:
        scope.findings.report(
            "L513", line.through.span, "an allowance has no last day", help="delete `through`"
        )
        return None
    if not isinstance(number, syntax.Number) or (unit is not None and unit.text != allowance.unit):
        scope.findings.report(
            "L513", line.span, f"`{allowance.name}` is a number of {allowance.unit}",
            secondary=[(allowance.span, "declared here")],
            help=f"write `expect {allowance.name} 500 {allowance.unit}`",
        )  # fmt: skip
        return None
    return whole_number(scope, number, allowance.unit)


def _value(
    scope: ProgramScope, line: syntax.ExpectValueLine, timeline: Timeline
) -> ExpectLevel | ExpectCounter | ExpectAllowance | None:
    right, when = _day(scope, line, timeline)
    actor = expected_of(scope, timeline, line.actor, line.whose)
    allowance = scope.allowances.find(line.name.text)
    if allowance is not None:
        value = _allowed(scope, line, allowance)
        if value is None or not right:
            return None
        return ExpectAllowance(when, allowance.index, value, line.span, actor)
    if scope.allowances.may_be_unseen(line.name.text):
        return None
    found = state_named(scope, line.name)
    if not right or found is None:
        return None
    match found:
        case LadderName():
            level = level_of(scope, found, line.value)
            through = None if line.through is None else day(scope, line.through)
            if level is None or (line.through is not None and through is None):
                return None
            return ExpectLevel(when, found.index, level, through, line.span, actor)
        case Field():
            scope.findings.report(
                "L513", line.name.span, f"`{found.name}` is a field of the member, which only events change",
                secondary=[(found.span, "declared here")], help="expect a status, a counter or a balance",
            )  # fmt: skip
            return None
        case Counted():
            if line.through is not None:
                scope.findings.report(
                    "L511", line.through.span, "a counter has no last day", help="delete `through ...`"
                )
            value = value_of_counter(scope, found, line.value)
            if value is None:
                return None
            return ExpectCounter(when, found.terms, found.scale, value, line.span, actor)
        case _:
            assert_never(found)
