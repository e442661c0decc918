"""How transfers become nodes: their clauses, and what scenarios and populations say of exchanges.

Invariant: a row for each rule of the grammar about steps, exchanges and what is redeemed on its own.
"""

from typing import Any

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import node_row, of_row
from loyalty_dsl.language.syntax import rules, scenarios, transfers
from loyalty_dsl.source import Span


def _shares(children: Any, span: Span) -> transfers.ExchangeTrait:
    return transfers.ExchangeTrait(tuple((name, percent) for name, percent in children), span)


TRANSFER_ACTIONS = {
    "steps_clause": node_row(syntax.StepsClause),
    "steps_amount": of_row(
        lambda span, number, unit: rules.StepsAmount(syntax.Quantity(number, unit, span), span)
    ),
    "exchange_clause": node_row(rules.ExchangeClause),
    "exchange_trait": _shares,
    "redeem_line": node_row(syntax.RedeemLine),
    "exchange_line": of_row(
        lambda span, date, minute, quantity, transfer, whose: scenarios.ExchangeLine(
            date, minute, quantity, None, transfer, whose, span
        )
    ),
    "transfer_line": node_row(scenarios.TransferLine),
    "exchange_all_line": of_row(
        lambda span, date, minute, currency, transfer, whose: scenarios.ExchangeLine(
            date, minute, None, currency, transfer, whose, span
        )
    ),
}
