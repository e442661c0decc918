"""Reductions -> syntax nodes, for what a population assumes about money and for the facts of a segment.

Invariant: as of `trees`.
"""

from collections.abc import Mapping

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, node_row, words_row
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

POPULATION_ACTIONS: Mapping[str, Action] = {
    "leave_per": words_row,
    "correlated": words_row,
    "fitted_clause": node_row(syntax.FittedClause),
    "margin_clause": node_row(MarginClause),
    "discount_clause": node_row(DiscountClause),
    "runs_clause": node_row(RunsClause),
    "lift_clause": node_row(LiftClause),
    "active_fact": node_row(ActiveFact),
    "orders_fact": node_row(OrdersFact),
    "average_basket_fact": node_row(AverageBasketFact),
    "redeeming_fact": node_row(RedeemingFact),
}
