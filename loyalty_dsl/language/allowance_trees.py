"""Reductions -> the nodes of allowances; rows of `trees`."""

from collections.abc import Mapping, Sequence
from typing import Any

from loyalty_dsl.language.rows import Action, headed_row, node_row, of_row, parts_row
from loyalty_dsl.language.syntax import allowances, leaves
from loyalty_dsl.source import Span


def _rate(children: Sequence[Any], span: Span) -> allowances.AllowanceRate:
    number, unit, per, most, of = children
    end = Span(span.source, number.span.start, unit.span.end)
    limit = None
    if most is not None:
        limit = leaves.Quantity(most, of, Span(span.source, most.span.start, of.span.end))
    return allowances.AllowanceRate(leaves.Quantity(number, unit, end), per, limit, span)


def _alone(span: Span, rate: Any) -> allowances.AllowanceGive:
    return allowances.AllowanceGive(None, (allowances.AllowanceCase((), rate, span),), span)


def _of_table(children: Sequence[Any], span: Span) -> allowances.AllowanceGive:
    by, *rows = children
    return allowances.AllowanceGive(by, tuple(rows), span)


def _row(children: Sequence[Any], span: Span) -> allowances.AllowanceCase:
    *names, rate = children
    return allowances.AllowanceCase(tuple(names), rate, span)


ALLOWANCE_ACTIONS: Mapping[str, Action] = {
    "allowance": headed_row(allowances.AllowanceBlock, 2),
    "allowance_header": parts_row,
    "allowance_rate": _rate,
    "give_allowance": of_row(_alone),
    "give_allowance_by": _of_table,
    "allowance_row": _row,
    "allowance_cost": node_row(allowances.AllowanceCost),
}
