"""Limits that can never bind.

Invariant: a warning is sound: another limit, or the amount itself, keeps the limit from binding on every
history.
"""

from collections.abc import Iterator

from loyalty_dsl.calendar import Unit
from loyalty_dsl.diagnostics import Diagnostic, deletion
from loyalty_dsl.language.amounts import Flat
from loyalty_dsl.language.codes import diagnostic
from loyalty_dsl.language.program import (
    Combine,
    EarnRule,
    Group,
    Limit,
    LimitOf,
    LimitWindow,
    Program,
    Reward,
)
from loyalty_dsl.language.windows import Lifetime

_WIDER = {
    Unit.DAY: {Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR},
    Unit.WEEK: set(),
    Unit.MONTH: {Unit.QUARTER, Unit.YEAR},
    Unit.QUARTER: {Unit.YEAR},
    Unit.YEAR: set(),
}
"""Windows that hold every window of a unit whole."""


def idle_limits(rule: EarnRule | Reward | Group, each_time: int | None) -> Iterator[Diagnostic]:
    """Limits that another limit, or the amount itself, keeps from ever binding.

    Args:
        each_time: units posted (or money off) each time, where that is fixed.
    """
    told: set[int] = set()
    for limit in rule.limits:
        if limit.everyone or limit.span.start in told:  # one for each value is told of once
            continue
        told.add(limit.span.start)
        if (
            isinstance(rule, EarnRule | Group)
            and limit.of is LimitOf.UNITS
            and limit.window is None
            and each_time is not None
            and limit.most >= each_time
        ):
            yield diagnostic(
                "L603",
                limit.span,
                f"this limit never binds: `{rule.name}` never gives more for an event",
                help="lower it, or delete it",
                edit=deletion(limit.span),
            )
            continue
        tighter = next((other for other in rule.limits if _tighter(other, limit, each_time)), None)
        if tighter is not None:
            yield diagnostic(
                "L603",
                limit.span,
                "this limit never binds: another one is always reached first",
                secondary=[(tighter.span, "this one")],
                help="lower it, or delete it",
                edit=deletion(limit.span),
            )


def _tighter(other: Limit, limit: Limit, each_time: int | None) -> bool:
    """Whether `other` keeps `limit` from ever binding. Of two equal ones, the first does."""
    if other is limit or other.everyone or other.refuses != limit.refuses:
        return False
    if other.when is not None and other.when != limit.when:
        return False
    if other.only is not None and other.only != limit.only:
        return False
    if other.window != limit.window and not _holds(other.window, limit.window):
        return False
    if other.of is limit.of:
        same = other.most == limit.most and other.window == limit.window
        return other.most <= limit.most and (not same or other.index < limit.index)
    if other.of is LimitOf.TIMES and each_time is not None:
        return other.most * each_time < limit.most
    return False


def _holds(wider: LimitWindow | None, window: LimitWindow | None) -> bool:
    """Whether every window of one kind lies in one of the other; `None` is a single event."""
    if isinstance(wider, Lifetime):
        return True
    if window is None:
        return wider is not None
    return isinstance(window, Unit) and wider in _WIDER[window]


def idle_group_limits(program: Program, group: Group) -> Iterator[Diagnostic]:
    """Limits of a group that its rules never reach together at one event, or that another one forestalls."""
    rules = [program.earns[index] for index in group.rules]
    each = [_most_at_once(rule) for rule in rules]
    known = [most for most in each if most is not None]
    together = None
    if len(known) == len(each) and known:
        together = sum(known) if group.combine is Combine.ADD else max(known)
    yield from idle_limits(group, together)


def _most_at_once(rule: EarnRule) -> int | None:
    """The most that a rule posts at one event; `None` when nothing bounds it."""
    bounds = [
        limit.most
        for limit in rule.limits
        if limit.of is LimitOf.UNITS and not limit.everyone and limit.when is None
    ]
    if isinstance(rule.amount, Flat):
        bounds.append(rule.amount.units)
    return min(bounds, default=None)
