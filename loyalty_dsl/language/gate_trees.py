"""The rows of `trees` that make the nodes of what is refused, and of lengths of time in business days.

Invariant: as of `trees`.
"""

from collections.abc import Mapping
from typing import Any

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, node_row, of_row
from loyalty_dsl.language.syntax import gates
from loyalty_dsl.source import Span


def _within(
    span: Span, length: syntax.leaves.Length, of: syntax.Name, refuses: Any, reason: syntax.Text | None
) -> gates.AcceptWithin:
    return gates.AcceptWithin(length, of, None, reason, span)


def _within_end(
    span: Span, length: syntax.leaves.Length, window: Any, refuses: Any, reason: syntax.Text | None
) -> gates.AcceptWithin:
    return gates.AcceptWithin(length, None, window, reason, span)


GATE_ACTIONS: Mapping[str, Action] = {
    "refuse_clause": node_row(gates.RefuseClause),
    "accept_when": node_row(gates.AcceptWhen),
    "accept_within": of_row(_within),
    "accept_within_end": of_row(_within_end),
    "counts_clause": node_row(gates.CountsClause),
    "reverse_in_period": lambda children, span: gates.ReverseInPeriod(span),
    "accept_returns": node_row(gates.AcceptReturns),
    "business_days": node_row(syntax.leaves.BusinessDays),
    "within_length": node_row(syntax.conditions.WithinLength),
}
