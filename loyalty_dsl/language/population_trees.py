"""Reductions -> syntax nodes, for what a population assumes about money and for the facts of a segment.

Invariant: as of `trees`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, node_row, of_row, parts_row, several_row, words_row
from loyalty_dsl.language.syntax.populations import (
    ActiveFact,
    AverageBasketFact,
    DiscountClause,
    LiftClause,
    MarginClause,
    OrdersFact,
    RedeemingFact,
    RunsClause,
)
from loyalty_dsl.language.syntax.responses import ResponseClause, ResponsesBlock, ResponseSetting
from loyalty_dsl.source import Span


def _responses(span: Span, header: Sequence[Any], clauses: Sequence[Any] | None) -> ResponsesBlock:
    literature, header_span = header
    return ResponsesBlock(literature, tuple(clauses or ()), header_span)


def _response(span: Span, name: Any, value: Any, *settings: ResponseSetting) -> ResponseClause:
    return ResponseClause(name, value, settings, span)


POPULATION_ACTIONS: Mapping[str, Action] = {
    "leave_per": words_row,
    "correlated": words_row,
    "fitted_clause": node_row(syntax.FittedClause),
    "margin_clause": node_row(MarginClause),
    "discount_clause": node_row(DiscountClause),
    "runs_clause": node_row(RunsClause),
    "lift_clause": node_row(LiftClause),
    "responses": of_row(_responses),
    "responses_header": parts_row,
    "literature": lambda children, span: span,
    "response_list": several_row,
    "response": of_row(_response),
    "response_setting": node_row(ResponseSetting),
    "response_word": words_row,
    "response_unit": words_row,
    "active_fact": node_row(ActiveFact),
    "orders_fact": node_row(OrdersFact),
    "average_basket_fact": node_row(AverageBasketFact),
    "redeeming_fact": node_row(RedeemingFact),
}
