"""Currencies and ladders that two versions of a program share (VERSION-3, VERSION-5).

Invariant: a balance or a status is one, whichever version is in force; only its terms turn.
"""

# ruff: noqa: PLR0917 - two versions, the clauses between them, and where to report

from collections.abc import Iterable
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import add_months
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.language.checking.joined_parts import Joined
from loyalty_dsl.language.checking.transitions import Phase, Transition
from loyalty_dsl.language.checking.turning import Turn, both, either
from loyalty_dsl.language.conditions import All, Compare, Condition, CountedDay, Literal, Order
from loyalty_dsl.language.expiry import (
    AfterActivity,
    AfterFirst,
    Expiry,
    ExpiryCase,
    FirstThatHolds,
    Postpone,
)
from loyalty_dsl.language.program import Currency
from loyalty_dsl.language.renumbering import said
from loyalty_dsl.language.tiers import Ladder, Level, NewBeginning
from loyalty_dsl.language.types import Kind
from loyalty_dsl.source import Span


def join_currency(was: Currency | None, now: Currency, turn: Turn, findings: Findings) -> Currency:
    """A currency of the new version with the terms that the old one had before."""
    if was is None or said(was) == said(now):
        return now
    for what, before, after in (
        ("rounding", (was.rounding, was.round_per), (now.rounding, now.round_per)),
        ("unit", (was.in_money, was.scale), (now.in_money, now.scale)),
        ("`pending`", was.pending, now.pending),
        ("order of spending", was.spend, now.spend),
        ("`restart`", said(was.restart), said(now.restart)) if was.restart is not None else ("", 0, 0),
    ):
        if before != after:
            _refuse(findings, now.span, was.span, f"the {what} of `{now.name}`", "convert it to a new one")
    postpone = _postpone(was, now, turn, findings)
    return attrs.evolve(now, expiry=_expiry(was, now, turn, findings), postpone=postpone)


def _expiry(was: Currency, now: Currency, turn: Turn, findings: Findings) -> Expiry:
    """The first term that holds, of the version in force."""
    if said(was.expiry) == said(now.expiry):
        return now.expiry
    cases: list[ExpiryCase] = []
    ends = []
    for expiry in (was.expiry, now.expiry):
        if isinstance(expiry, AfterActivity | AfterFirst):
            _refuse(
                findings, now.span, was.span, f"how the whole balance of `{now.name}` expires",
                "convert it to a new currency",
            )  # fmt: skip
            return now.expiry
        if isinstance(expiry, FirstThatHolds):
            cases += expiry.cases
            ends.append((len(cases), expiry.otherwise))
        else:
            ends.append((len(cases), expiry))
    (first, old_end), (_, new_end) = ends
    old = [ExpiryCase(both(turn.test(True), case.when) or case.when, case.term) for case in cases[:first]]
    return FirstThatHolds((*old, ExpiryCase(turn.test(True), old_end), *cases[first:]), new_end)


def _postpone(was: Currency, now: Currency, turn: Turn, findings: Findings) -> Postpone | None:
    if said(was.postpone) == said(now.postpone):
        return now.postpone
    if was.postpone is None and now.postpone is not None:
        return attrs.evolve(now.postpone, when=both(turn.test(False), now.postpone.when))
    if now.postpone is None and was.postpone is not None:
        return attrs.evolve(was.postpone, when=both(turn.test(True), was.postpone.when))
    assert was.postpone is not None
    assert now.postpone is not None
    if was.postpone.duration != now.postpone.duration:
        _refuse(findings, now.span, was.span, f"for how long `{now.name}` are postponed", "keep it")
    sides = ((True, was.postpone), (False, now.postpone))
    tests = [both(turn.test(before), each.when) for before, each in sides]
    return attrs.evolve(now.postpone, when=either(test for test in tests if test is not None))


def join_ladder(
    was: Ladder | None,
    now: Ladder | None,
    joined: Joined | None,
    transition: Transition,
    turn: Turn,
    findings: Findings,
) -> Ladder:
    """A ladder with the levels of both versions, each decided by the version of the day that is counted.

    Args:
        was, now: under the numbers of both versions; `None` where a version has no such ladder.
        joined: their levels, where both have it.
    """
    if now is None:
        assert was is not None
        levels = tuple(_turned(level, turn, before=True) for level in was.levels)
        ends = NewBeginning(turn.day, None)
        return attrs.evolve(was, levels=levels, begins_anew=(*was.begins_anew, ends))
    if was is None or joined is None:
        return attrs.evolve(now, levels=tuple(_turned(level, turn, before=False) for level in now.levels))
    for what, before, after in (
        ("`hold`", said(was.hold), said(now.hold)),
        ("`lapse`", was.lapse, now.lapse),
        ("`upgrade`", was.upgrade_before, now.upgrade_before),
        ("`review`", was.review, now.review),
        ("lowest level", was.levels[0].name, now.levels[0].name),
    ):
        if before != after:
            _refuse(
                findings, now.span, was.span, f"the {what} of `{now.name}`",
                f"write it as it was, or `end {now.name}` and declare the new levels under another name",
            )  # fmt: skip
    fresh = now.name in transition.fresh
    levels_of_both: list[Level] = []
    for index, (first, second) in enumerate(joined.rows):
        old = was.levels[first] if first >= 0 else None
        new = now.levels[second] if second >= 0 else None
        if new is None and old is not None and (not fresh or transition.fresh[now.name] is not None):
            findings.report(
                "L252", now.span, f"members may be `{old.name}`, which this version does not have",
                secondary=[(old.span, "declared here")],
                help=f"write `transition {{ start {now.name} at the level earned }}`",
            )  # fmt: skip
        when = _either_version(old, new, transition.phases, turn, findings)
        known = new or old
        assert known is not None
        levels_of_both.append(attrs.evolve(known, index=index, when=when))
    begins = (NewBeginning(turn.day, transition.fresh[now.name]),) if fresh else ()
    return attrs.evolve(now, levels=tuple(levels_of_both), begins_anew=(*was.begins_anew, *begins))


def _turned(level: Level, turn: Turn, *, before: bool) -> Level:
    if level.when is None:
        return level
    return attrs.evolve(level, when=both(turn.counted(before), level.when))


def _either_version(
    old: Level | None, new: Level | None, phases: Iterable[Phase], turn: Turn, findings: Findings
) -> Condition | None:
    """What a level asks for, in the version of the day."""
    was, now = (None if level is None else level.when for level in (old, new))
    phase = next((each for each in phases if new is not None and each.level == new.name), None)
    if phase is not None:
        now = _phased(old, new, phase, turn, findings)
    if old is not None and new is not None and said(was) == said(now):
        return now
    tests = [both(turn.counted(True), was)] if was is not None else []
    tests += [both(turn.counted(False), now)] if now is not None else []
    return either(test for test in tests if test is not None) if tests else None


def _phased(
    old: Level | None, new: Level | None, phase: Phase, turn: Turn, findings: Findings
) -> Condition | None:
    """The new condition with a number that moves from the old one's in steps of a month (VERSION-9)."""
    number = None if new is None else _asked(new.when, phase.new, phase)
    before = None if old is None else _asked(old.when, phase.old, phase)
    if new is None or new.when is None or number is None or before is None:
        side, level = ("to", new) if number is None else ("from", old)
        asked = phase.new if number is None else phase.old
        findings.report(
            "L253", phase.span,
            f"`{side}` is what `{phase.level}` asks for in "
            f"{'this version' if side == 'to' else 'the replaced version'}, which is not {float(asked):g}",
            secondary=[(level.span, "asks for this")] if level is not None else [],
            help="write the numbers as the two `level` clauses have them",
        )  # fmt: skip
        return None if new is None else new.when
    tests: list[Condition] = []
    span = number.value - before.value
    for month in range(phase.months):
        asked_then = before.value + span * month // phase.months
        until = Compare(CountedDay(), Order.LESS, Literal(add_months(turn.day, month + 1), Kind.DATE))
        step = _with_number(new.when, number, asked_then)
        tests += [both(until, step) or step]
    tests.append(new.when)
    if span < 0:  # it becomes easier: no test before its day
        tests = [
            both(Compare(CountedDay(), Order.AT_LEAST, Literal(add_months(turn.day, month), Kind.DATE)),
                 _with_number(new.when, number, before.value + span * month // phase.months)) or new.when
            for month in range(phase.months + 1)
        ]  # fmt: skip
    return either(tests)


def _asked(when: Condition | None, number: Fraction, phase: Phase) -> Literal | None:
    """The number that a condition asks for with `>=`, if it is this one in the units of its kind."""
    values = {number * scale for scale in phase.scales}
    tests = when.conditions if isinstance(when, All) else (when,)
    for test in tests:
        match test:
            case Compare(_, Order.AT_LEAST, Literal() as literal) if literal.value in values:
                return literal
    return None


def _with_number(when: Condition, number: Literal, value: int) -> Condition:
    match when:
        case All(conditions):
            return All(tuple(_with_number(each, number, value) for each in conditions))
        case Compare(left, Order.AT_LEAST, right) if right is number:
            return Compare(left, Order.AT_LEAST, attrs.evolve(number, value=value))
        case _:
            return when


def _refuse(findings: Findings, new: Span, old: Span, what: str, instead: str) -> None:
    findings.report(
        "L254", new, f"{what} cannot change from one version to the next",
        secondary=[(old, "as the replaced version has it")], help=instead,
    )  # fmt: skip
