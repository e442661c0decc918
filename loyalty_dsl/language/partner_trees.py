"""Reductions -> syntax nodes of partners, of what a program costs to run, of what is hidden, and of stages.

Invariant: as of `trees`, whose table these rows are part of.
"""

from collections.abc import Mapping

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, headed_row, node_row, parts_row, words_row

PARTNER_ACTIONS: Mapping[str, Action] = {
    "partner": headed_row(syntax.partners.PartnerBlock, 2),
    "partner_header": parts_row,
    "issues_clause": lambda children, span: syntax.partners.IssuesClause(tuple(children), span),
    "redeems_clause": lambda children, span: syntax.partners.RedeemsClause(tuple(children), span),
    "pays_clause": node_row(syntax.partners.PaysClause),
    "receives_clause": node_row(syntax.partners.ReceivesClause),
    "runs_per_active_clause": node_row(syntax.programs.RunsPerActive),
    "stage_clause": node_row(syntax.rules.StageClause),
    "breakage_clause": node_row(syntax.programs.BreakageClause),
    "show_clause": node_row(syntax.programs.ShowClause),
    "notify_clause": node_row(syntax.programs.NotifyClause),
    "hidden_clause": lambda children, span: syntax.rules.HiddenClause(span),
    "expect_settled": node_row(syntax.scenarios.ExpectSettledLine),
    "settled_side": words_row,
}
