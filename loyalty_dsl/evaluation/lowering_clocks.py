"""Clocks as rows: when each strikes, by the calendar or by what happens to a member (CLOCK).

Invariant: rows are in the order of the program's clocks.
"""

from collections.abc import Sequence
from typing import assert_never

import attrs

from loyalty_dsl.evaluation import plan_state as s
from loyalty_dsl.evaluation.kernel_calendar import duration_code, period_code, unit_code
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter, NotLowered
from loyalty_dsl.language.clocks import (
    After,
    AfterJoin,
    Clock,
    Falls,
    OnDay,
    Pays,
    Reaches,
    Rises,
    WindowStart,
    YearlyOf,
)
from loyalty_dsl.language.conditions import CounterSum, CounterValue
from loyalty_dsl.language.program import Program

_MOST_KINDS = 62
"""Kinds of event that the bits of one word can name."""


@attrs.define(eq=False)
class ClockRows:
    """Rows of `StatePlan.clocks` and `StatePlan.reaches`, and `StatePlan.thresholds`."""

    rows: list[tuple[int, int, int, int, int]] = attrs.field(factory=list)
    reaches: list[tuple[int, int, int, int, int]] = attrs.field(factory=list)
    thresholds: list[int] = attrs.field(factory=list)


def lower_clocks(program: Program, writer: CodeWriter) -> ClockRows:
    """Lowers the clocks of a program."""
    rows = ClockRows()
    for clock in program.clocks:
        form, argument, count, unit = _lower_clock(rows, clock, writer)
        rows.rows.append((form, argument, len(program.events) + clock.index, count, unit))
    return rows


def _lower_clock(rows: ClockRows, clock: Clock, writer: CodeWriter) -> tuple[int, int, int, int]:
    match clock.at:
        case WindowStart(unit, None, later):
            return s.AT_WINDOW, unit_code(unit), later, 0
        case WindowStart(unit, month, later):
            return s.AT_MONTH, period_code(month or 1, unit), later, 0
        case OnDay(day):
            return s.AT_DAY, day, 0, 0
        case YearlyOf(None):
            return s.AT_JOINING, 0, 0, 0
        case YearlyOf(field):
            return s.AT_DATE, 0 if field is None else field.index, 0, 0
        case Reaches(terms, at, every):
            first = len(rows.thresholds)
            rows.thresholds += at
            register = _register(writer, terms)
            rows.reaches.append((register, terms[0][1], first, len(rows.thresholds), every))
            return s.AT_REACHED, len(rows.reaches) - 1, 0, 0
        case Falls(ladder, level):
            return s.AT_FALL, ladder, level, 0
        case Rises(ladder, level):
            return s.AT_RISE, ladder, level, 0
        case AfterJoin(length):
            return s.AT_LATER, 0, *duration_code(length)
        case After(length, events):
            if max(events) >= _MOST_KINDS:
                raise NotLowered("a trigger after the last of so many kinds of event")
            return s.AT_SILENCE, sum(1 << kind for kind in events), *duration_code(length)
        case Pays() as pays:
            first = len(rows.thresholds)
            rows.thresholds += _terms(pays, writer)
            used = None if pays.refund is None else pays.refund.used
            register = -1 if used is None else _register(writer, ((1, used),))
            rows.reaches.append((register, 0, first, len(rows.thresholds), 0))
            return s.AT_PAYMENT, len(rows.reaches) - 1, 0, 0
        case _:
            assert_never(clock.at)


def _terms(pays: Pays, writer: CodeWriter) -> list[int]:
    """What a membership says, as the columns `PAY_LADDER` and behind."""
    terms = [pays.ladder, pays.subscribe, pays.cancel, pays.trial, pays.trial_months]
    whens = [writer.write(pays.when_of(plan)) for plan in range(len(pays.months))]
    terms += [len(pays.months), *pays.months, *whens, len(pays.fees)]
    for reward, minor in pays.fees:
        terms += [reward, minor]
    refund = pays.refund
    terms += [-1, 0] if refund is None else [refund.reward, len(refund.lines)]
    for line in () if refund is None else refund.lines:
        terms += [
            int(line.less),
            int(line.unless),
            int(line.business),
            -1 if line.days is None else line.days,
        ]
    return terms


def _register(writer: CodeWriter, terms: Sequence[tuple[int, int]]) -> int:
    if len(terms) == 1 and terms[0][0] == 1:
        return writer.register_of(CounterValue(terms[0][1]))
    return writer.register_of(CounterSum(tuple((factor, CounterValue(counter)) for factor, counter in terms)))
