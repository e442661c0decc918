"""The rows of `trees` that make the nodes of counters.

Invariant: as of `trees`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, node_row, of_row, parts_row, words_row
from loyalty_dsl.source import Span


def _sum_term(minus: bool) -> Action:
    return lambda children, span: syntax.SumTerm(children[0], minus, span)


def _counter(span: Span, header: tuple[Any, ...], of: Any) -> syntax.CounterClause:
    name, label, header_span = header
    return syntax.CounterClause(name, label, of, None, header_span)


def _with_body(children: Sequence[Any], span: Span) -> Any:
    return attrs.evolve(children[0], clauses=tuple(children[1:]))


def _carry(span: Span, of: syntax.Name | None, once: bool | None, when: Any) -> syntax.counters.CarryClause:
    return syntax.counters.CarryClause(of or None, once is True, when, span)


def _limit(span: Span, most: Any, window: Any) -> syntax.counters.CounterLimit:
    quantity = most if isinstance(most, syntax.Quantity) else syntax.Quantity(most, None, most.span)
    return syntax.counters.CounterLimit(quantity, window or None, span)


def _counter_windows(
    span: Span, unit: syntax.Name, event: syntax.Name, window: syntax.AnyWindow, where: Any
) -> syntax.CounterMeasure:
    measure = syntax.Measure(event, None, None, None, window, event.span)
    return syntax.CounterMeasure(measure, where, span, unit)


def _sum(children: Sequence[Any], span: Span) -> syntax.CounterSum:
    name, *others = children
    return syntax.CounterSum((syntax.SumTerm(name, False, name.span), *others), span)


COUNTER_ACTIONS: Mapping[str, Action] = {
    "counter_line": of_row(_counter),
    "counter_with_body": _with_body,
    "carry_clause": of_row(_carry),
    "carry_excess": of_row(lambda span, name: name),
    "carry_all": lambda children, span: False,
    "once": lambda children, span: True,
    "counter_limit": of_row(_limit),
    "counter_header": parts_row,
    "counter_measure": node_row(syntax.CounterMeasure),
    "counter_windows": of_row(_counter_windows),
    "units": words_row,
    "counter_sum": _sum,
    "plus_term": _sum_term(False),
    "minus_term": _sum_term(True),
    "counter_share": node_row(syntax.CounterShare),
    "counter_ratio": node_row(syntax.CounterRatio),
}
