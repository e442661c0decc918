"""`first purchase where ...`: which events are numbered, and up to which number a trigger fires (EARN-13).

Invariant: whether an event takes a number is settled by the event itself, so the same events are numbered
whatever the rules did before, and each keeps its number when it is returned.
"""

import attrs

from loyalty_dsl.language.checking.counting import take_counter
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.conditions import (
    All,
    Any,
    BalanceOf,
    Base,
    Compare,
    Condition,
    CounterSum,
    CounterValue,
    EventAmount,
    Not,
    OneAmong,
    Operand,
    StatusOf,
    operands_of,
)
from loyalty_dsl.language.counters import NumberMeasure
from loyalty_dsl.language.types import EventKind, Kind
from loyalty_dsl.language.windows import Lifetime
from loyalty_dsl.source import Span


def numbered_by(scope: ProgramScope, kind: EventKind, where: Condition | None, span: Span) -> int:
    """The hidden counter of a kind's events for which `where` holds, which is made if there is none yet."""
    words = "" if where is None else " that are numbered"
    return take_counter(
        scope, NumberMeasure(kind.index), Lifetime(), where, kind=Kind.NUMBER,
        name=f"{kind.name} in lifetime{words}", span=span,
    )  # fmt: skip


def verify_of_event(scope: ProgramScope, where: Condition, span: Span) -> bool:
    """Reports a `where` behind `first` that reads what the member has come to: it says which events count."""
    if not any(_of_standing(operand) for operand in operands_of(where)):
        return True
    scope.findings.report(
        "L309", span, "behind `first`, `where` says which events are numbered, and so reads the event only",
        help="test status, counters and balances behind `when`; for once, write `limit 1 time per lifetime`",
    )  # fmt: skip
    return False


def of_whole_basket(where: Condition) -> Condition:
    """The condition with `basket` for `amount`: before rewards are taken they are the same."""
    match where:
        case Compare(left, order, right):
            return Compare(_whole(left), order, _whole(right))
        case OneAmong(operand, values):
            return OneAmong(_whole(operand), values)
        case Not(inner):
            return Not(of_whole_basket(inner))
        case All(conditions) | Any(conditions):
            return attrs.evolve(where, conditions=tuple(of_whole_basket(each) for each in conditions))


def _whole(operand: Operand) -> Operand:
    return EventAmount(Base.BASKET) if isinstance(operand, EventAmount) else operand


def _of_standing(operand: Operand) -> bool:
    return isinstance(operand, StatusOf | CounterValue | CounterSum | BalanceOf)
