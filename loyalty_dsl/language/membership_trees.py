"""Reductions -> the nodes of memberships; rows of `trees`."""

from collections.abc import Mapping, Sequence
from typing import Any

from loyalty_dsl.language.rows import Action, headed_row, node_row, of_row, parts_row, words_row
from loyalty_dsl.language.syntax import memberships
from loyalty_dsl.source import Span


def _always(span: Span, money: Any, per: Any) -> memberships.FeeClause:
    return memberships.FeeClause((memberships.Fee(None, money, per, span),), span)


def _by_date(children: Sequence[Any], span: Span) -> memberships.FeeClause:
    return memberships.FeeClause(tuple(children), span)


MEMBERSHIP_ACTIONS: Mapping[str, Action] = {
    "membership": headed_row(memberships.MembershipBlock, 2),
    "membership_header": parts_row,
    "plan": headed_row(memberships.PlanBlock, 2),
    "plan_header": parts_row,
    "fee_always": of_row(_always),
    "fee_by_date": _by_date,
    "dated_fee": node_row(memberships.Fee),
    "trial_clause": node_row(memberships.TrialClause),
    "trial_limit_clause": node_row(memberships.TrialLimitClause),
    "protect_clause": node_row(memberships.ProtectClause),
    "upkeep_clause": node_row(memberships.UpkeepClause),
    "refund_clause": node_row(memberships.RefundClause),
    "refund_nothing": lambda children, span: memberships.RefundNothing(span),
    "refund_time": node_row(memberships.RefundTime),
    "refund_unit": words_row,
}
