"""Reductions -> syntax nodes of audiences.

Invariant: as of `trees`, whose table these rows are part of.
"""

from collections.abc import Mapping

from loyalty_dsl.language import syntax
from loyalty_dsl.language.rows import Action, headed_row, node_row, parts_row

AUDIENCE_ACTIONS: Mapping[str, Action] = {
    "audience": headed_row(syntax.audiences.AudienceBlock, 2),
    "audience_header": parts_row,
    "holdout_clause": node_row(syntax.audiences.HoldoutClause),
    "given_holdout": node_row(syntax.scenarios.GivenHoldoutLine),
}
