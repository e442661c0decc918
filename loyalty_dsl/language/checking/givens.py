"""What a scenario is given: how things stand before its first event."""

from collections.abc import Sequence
from typing import assert_never

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.actors import named
from loyalty_dsl.language.checking.amounts import LARGEST, day, positive_number, whole_quantity
from loyalty_dsl.language.checking.fields import level_named
from loyalty_dsl.language.checking.happenings import value_of_field
from loyalty_dsl.language.checking.names import Names
from loyalty_dsl.language.checking.scope import Counted, LadderName, ProgramScope
from loyalty_dsl.language.checking.timeline import Timeline
from loyalty_dsl.language.program import Limit, LimitOf
from loyalty_dsl.language.scenario import (
    Advance,
    Expect,
    ExpectAllowance,
    ExpectCounter,
    ExpectLevel,
    Given,
    GivenChance,
    GivenCounter,
    GivenField,
    GivenHoldout,
    GivenJoined,
    GivenLevel,
    GivenTimes,
    GivenUnits,
    Happening,
    Step,
)
from loyalty_dsl.language.syntax.scenarios import GivenHoldoutLine
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.source import Span

GivenLine = (
    syntax.GivenJoinedLine
    | syntax.GivenUnitsLine
    | syntax.GivenValueLine
    | syntax.GivenTimesLine
    | syntax.GivenChanceLine
    | GivenHoldoutLine
)


def check_given(
    scope: ProgramScope, line: GivenLine, before: list[Given], timeline: Timeline
) -> tuple[Given, ...]:
    """What one `given` line says; nothing when it is wrong (reported).

    Args:
        before: what is given above it.
    """
    if timeline.last is not None:
        scope.findings.report(
            "L501", line.span, "what is given comes before what happens",
            secondary=[(timeline.last, "something happened here")], help="move this line up",
        )  # fmt: skip
    if isinstance(line, syntax.GivenChanceLine):
        return _chance(scope, line, before)
    if isinstance(line, GivenHoldoutLine):
        return _holdout(scope, line, before)
    actor = named(scope, timeline, line.whose)
    theirs = [
        fact for fact in before if not isinstance(fact, GivenChance | GivenHoldout) and fact.actor == actor
    ]
    return tuple(attrs.evolve(fact, actor=actor) for fact in _of_somebody(scope, line, theirs))


_Somebodys = syntax.GivenJoinedLine | syntax.GivenUnitsLine | syntax.GivenValueLine | syntax.GivenTimesLine


def _of_somebody(
    scope: ProgramScope, line: _Somebodys, before: Sequence[Given]
) -> Sequence[GivenJoined | GivenUnits | GivenField | GivenLevel | GivenCounter | GivenTimes]:
    """What a line says of whom it is about; `before` is what is given of the same one above it."""
    match line:
        case syntax.GivenJoinedLine():
            _verify_once(scope, line.span, "given joined", _earlier(before, GivenJoined))
            joined = day(scope, line.date)
            return () if joined is None else (GivenJoined(joined, line.span),)
        case syntax.GivenUnitsLine():
            if is_count(scope, line.quantity, "given"):
                return ()
            found = whole_quantity(scope, line.quantity)
            earned = None if line.earned is None else day(scope, line.earned)
            if found is None or (line.earned is not None and earned is None):
                return ()
            return (GivenUnits(found[0].index, found[1], earned, line.span),)
        case syntax.GivenValueLine():
            return _value(scope, line, before)
        case syntax.GivenTimesLine():
            return _times(scope, line)
        case _:
            assert_never(line)


def _earlier(before: Sequence[Given], kind: type[Given]) -> Span | None:
    return next((fact.span for fact in before if isinstance(fact, kind)), None)


def _verify_once(scope: ProgramScope, span: Span, words: str, earlier: Span | None) -> None:
    if earlier is not None:
        scope.findings.report(
            "L205", span, f"`{words}` may be written once here", label="again here",
            secondary=[(earlier, "first written here")], help="keep the one that is meant",
        )  # fmt: skip


def is_count(scope: ProgramScope, quantity: syntax.Quantity, word: str) -> bool:
    """Whether a counter is written as if it were an amount; if so, it is reported: `given 18 nights`.

    Args:
        word: what the line begins with, `given` or `expect`.
    """
    unit = quantity.unit
    if unit is None or scope.currencies.find(unit.text) is not None:
        return False
    meant = [
        each
        for each in scope.counted.things()
        if each.counter is not None and each.kind is Kind.NUMBER and unit.text in each.name.split("_")
    ]
    exact = scope.counted.find(unit.text)
    meant = [exact] if exact is not None else meant
    if len(meant) != 1:
        return False
    scope.findings.report(
        "L511", quantity.span, f"`{unit.text}` is no currency, and a counter stands before its value",
        secondary=[(meant[0].span, "the counter")],
        help=f"write `{word} {meant[0].name} {quantity.number.span.text}`",
    )  # fmt: skip
    return True


# ---- state


def _value(
    scope: ProgramScope, line: syntax.GivenValueLine, before: Sequence[Given]
) -> tuple[GivenField | GivenLevel | GivenCounter, ...]:
    name = line.name
    found = state_named(scope, name)
    words = f"given {name.text}"
    match found:
        case LadderName(index=index):
            level = level_of(scope, found, line.value)
            through = None if line.through is None else day(scope, line.through)
            same = [fact for fact in before if isinstance(fact, GivenLevel) and fact.ladder == index]
            _verify_once(scope, line.span, words, same[0].span if same else None)
            if level is None or (line.through is not None and through is None):
                return ()
            return (GivenLevel(index, level, through, line.span),)
        case Field(index=index):
            _verify_no_through(scope, line, "a field of the member")
            value = value_of_field(scope, found, line.value, LARGEST)
            fields = [fact for fact in before if isinstance(fact, GivenField) and fact.field == index]
            _verify_once(scope, line.span, words, fields[0].span if fields else None)
            return () if value is None else (GivenField(index, value, line.span),)
        case Counted(counter=None):
            scope.findings.report(
                "L511", name.span, f"`{name.text}` is made of counters, and cannot be given itself",
                secondary=[(found.span, "declared here")], help="give the counters that it is made of",
            )  # fmt: skip
            return ()
        case Counted(counter=int(counter)):
            _verify_no_through(scope, line, "a counter")
            amount = value_of_counter(scope, found, line.value)
            counters = [fact for fact in before if isinstance(fact, GivenCounter) and fact.counter == counter]
            _verify_once(scope, line.span, words, counters[0].span if counters else None)
            return () if amount is None else (GivenCounter(counter, amount, line.span),)
    return ()


def state_named(scope: ProgramScope, name: syntax.Name) -> LadderName | Field | Counted | None:
    """The ladder, member's field, counter or total of a name; an unknown one is reported."""
    found = (
        scope.ladders.find(name.text) or scope.member_fields.find(name.text) or scope.counted.find(name.text)
    )
    if found is not None:
        return found
    known = (scope.ladders, scope.member_fields, scope.counted)
    if any(names.may_be_unseen(name.text) for names in known):
        return None
    together: Names[object] = Names("status, counter or member's field", scope.findings)
    for ladder in scope.ladders.things():
        together.include(ladder.name, ladder, ladder.span)
    for field in scope.member_fields.things():
        together.include(field.name, field, field.span)
    for counted in scope.counted.things():
        together.include(counted.name, counted, counted.span)
    if scope.rewards.find(name.text) is not None:
        together.report_unknown(name, help=f"write `expect used 1 {name.text}` for the uses of a reward")
    elif scope.currencies.find(name.text) is not None:
        together.report_unknown(name, help=f"the amount of a currency comes first: `500 {name.text}`")
    else:
        ladders = scope.ladders.things() if name.text in ("level", "tier", "status") else ()
        together.report_unknown(name, help=f"write `{ladders[0].name}`" if ladders else None)
    return None


def level_of(scope: ProgramScope, ladder: LadderName, value: syntax.Value) -> int | None:
    """A written level of a ladder, by its position."""
    if isinstance(value, syntax.Name):
        return level_named(scope.findings, ladder, value)
    scope.findings.report(
        "L301", value.span, f"`{value.span.text}` is not a level of `{ladder.name}`",
        secondary=[(ladder.span, "declared here")],
        help=f"write `{ladder.name} {ladder.levels[-1] if ladder.levels else '...'}`",
    )  # fmt: skip
    return None


def _verify_no_through(scope: ProgramScope, line: syntax.GivenValueLine, what: str) -> None:
    if line.through is not None:
        scope.findings.report(
            "L511", line.through.span, f"{what} has no last day", help="delete `through ...`"
        )


def value_of_counter(scope: ProgramScope, counted: Counted, value: syntax.Value) -> int | None:
    """A written value of a counter, in the units of its kind; the unit of an amount may be left out."""
    currency = counted.currency
    number: syntax.Number | syntax.Money | None = None
    match counted.kind, value:
        case Kind.UNITS, syntax.Quantity() if currency is not None:
            found = whole_quantity(scope, value, currency)
            return None if found is None else found[1]
        case Kind.UNITS, syntax.Number() | syntax.Money() if currency is not None:
            number = value
            unit = None if currency.in_money else syntax.Name(currency.name, value.span)
            found = whole_quantity(scope, syntax.Quantity(value, unit, value.span), currency)
            return None if found is None else found[1]
        case Kind.MONEY, syntax.Money():
            number = value
        case Kind.MONEY, syntax.Quantity(number=syntax.Money() as money, unit=None):
            number = money
        case Kind.NUMBER, syntax.Number() if counted.divisor is None:
            number = value
    if number is not None:
        return value_of_field(scope, _as_field(counted), number, LARGEST)
    if counted.divisor is not None:
        scope.findings.report(
            "L511", value.span, f"`{counted.name}` is a ratio, which is only compared in conditions",
            secondary=[(counted.span, "declared here")], help="write the counters that it is made of",
        )  # fmt: skip
        return None
    kind = f"an amount of `{currency.name}`" if currency is not None else (
        "money" if counted.kind is Kind.MONEY else "a number"
    )  # fmt: skip
    scope.findings.report(
        "L301", value.span, f"`{value.span.text}` is not a value of `{counted.name}`, which is {kind}",
        secondary=[(counted.span, "declared here")],
        help=f"write `{counted.name} {'$100' if counted.kind is Kind.MONEY else '100'}`",
    )  # fmt: skip
    return None


def _as_field(counted: Counted) -> Field:
    return Field(counted.name, counted.kind, (), -1, counted.span)


# ---- uses


def _times(scope: ProgramScope, line: syntax.GivenTimesLine) -> tuple[GivenTimes, ...]:
    """How often a rule, a referral or a reward was used, in the windows of its limits of times."""
    times = positive_number(scope, line.number, "times")
    reward = scope.rewards.find(line.name.text)
    if reward is None and line.name.text not in scope.rules:
        scope.rules.resolve(line.name)
        return ()
    if times is None or scope.program is None:
        return ()
    limits: list[tuple[Limit, ...]]
    if reward is not None:
        checked = scope.program.reward(reward.name)
        limits = [] if checked is None else [checked.limits]
        given = [GivenTimes(True, reward.index, times, line.span)]
    else:
        rules = [
            rule
            for rule in scope.program.earns
            if rule.name == line.name.text or _is_further(rule.name, line.name.text)
        ]
        limits = [rule.limits for rule in rules]
        given = [GivenTimes(False, rule.index, times, line.span) for rule in rules]
    of_times = [limit for each in limits for limit in each if limit.of is LimitOf.TIMES]
    if not of_times:
        scope.findings.report(
            "L511", line.span, f"`{line.name.text}` has no limit of times, so its uses are not counted",
            help="delete this line, or write a `limit ... times per ...` in the program",
        )  # fmt: skip
        return ()
    by_value = next((limit for limit in of_times if limit.only is not None), None)
    if by_value is not None:
        scope.findings.report(
            "L190", line.span, "times that count for each value of a field cannot be given",
            secondary=[(by_value.span, "the limit")], help="write the events themselves, each with its value",
        )  # fmt: skip
        return ()
    return tuple(given)


def _is_further(name: str, referral: str) -> bool:
    """Whether a rule is one of the further gives of a referral to the member."""
    return name.startswith(f"{referral} ") and name.removeprefix(f"{referral} ").isdigit()


# ---- chances


def _chance(scope: ProgramScope, line: syntax.GivenChanceLine, before: list[Given]) -> tuple[Given, ...]:
    """A rule whose chance comes up (SCEN-13)."""
    if scope.rules.resolve(line.name) is None or scope.program is None:
        return ()
    rule = next((rule for rule in scope.program.earns if rule.name == line.name.text), None)
    if rule is None or rule.chance == 1:
        scope.findings.report(
            "L511", line.span, f"`{line.name.text}` has no chance: it fires whenever all else holds",
            help="delete this line, or write a `chance` in the rule",
        )  # fmt: skip
        return ()
    same = [fact for fact in before if isinstance(fact, GivenChance) and fact.rule == rule.index]
    _verify_once(scope, line.span, f"given {rule.name}", same[0].span if same else None)
    return (GivenChance(rule.index, line.span),)


# ---- holdouts


def _holdout(scope: ProgramScope, line: GivenHoldoutLine, before: list[Given]) -> tuple[Given, ...]:
    """An audience of which the member is held out (AUDIENCE-3)."""
    if line.word.text != "holdout":
        scope.findings.report(
            "L511", line.span, f"`{line.word.text} of {line.audience.text}` cannot be given",
            help="write `given 100 points`, `given status gold` or `given holdout of AUDIENCE`",
        )  # fmt: skip
        return ()
    (audience,) = scope.audiences.resolve(line.audience) or (None,)
    if audience is None:
        return ()
    if audience.holdout == 0:
        scope.findings.report(
            "L511", line.span, f"nobody is held out of `{audience.name}`",
            secondary=[(audience.span, "the audience")],
            help="delete this line, or write a `holdout` in the audience",
        )  # fmt: skip
        return ()
    same = [fact for fact in before if isinstance(fact, GivenHoldout) and fact.audience == audience.name]
    _verify_once(scope, line.span, f"given holdout of {audience.name}", same[0].span if same else None)
    return (GivenHoldout(audience.name, line.span),)


# ---- in the order of time


def verify_given_first(scope: ProgramScope, given: list[Given], steps: list[Step]) -> None:
    """Reports what is given for a day after that of the first event or dated expectation."""
    dated = (
        (step, step.day)
        for step in steps
        if isinstance(step, Happening | Advance | Expect | ExpectLevel | ExpectCounter | ExpectAllowance)
        and step.day is not None
    )
    first, first_day = next(dated, (None, 0))
    if first is None:
        return
    what = {Happening: "event", Advance: "`advance`"}.get(type(first), "expectation")
    for fact in given:
        when = fact.day if isinstance(fact, GivenJoined) else (
            fact.earned if isinstance(fact, GivenUnits) else None
        )  # fmt: skip
        if when is not None and when > first_day:
            scope.findings.report(
                "L501", fact.span, f"this is given for {format_day(when)}, after the first {what}",
                secondary=[(first.span, f"which is on {format_day(first_day)}")],
                help=f"give what was so before the first {what}",
            )  # fmt: skip


def verify_joined_first(scope: ProgramScope, given: list[Given]) -> None:
    """Reports what was earned before the member joined."""
    for joined in (fact for fact in given if isinstance(fact, GivenJoined)):
        theirs = [fact for fact in given if isinstance(fact, GivenUnits) and fact.actor == joined.actor]
        _verify_after(scope, joined, theirs)


def _verify_after(scope: ProgramScope, joined: GivenJoined, given: Sequence[GivenUnits]) -> None:
    for fact in given:
        if fact.earned is not None and fact.earned < joined.day:
            scope.findings.report(
                "L501", fact.span, f"this was earned on {format_day(fact.earned)}, before the member joined",
                secondary=[(joined.span, f"which was on {format_day(joined.day)}")],
                help="mend one of the two dates",
            )  # fmt: skip
