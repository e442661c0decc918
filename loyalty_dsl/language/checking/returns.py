"""What a return does to balances and tiers."""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import at_most_one, only
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.program import Returns


def check_returns(scope: ProgramScope, blocks: Sequence[syntax.ReturnsBlock]) -> Returns | None:
    """What the `returns` block says; `None` without one, when returns are refused.

    Args:
        blocks: all `returns` blocks of the program; a second one is reported.
    """
    block = only(scope.findings, blocks, "returns")
    if block is None:
        return None
    at_most_one(scope.findings, block.clauses, syntax.ReverseClause, "reverse points and counters")
    balance = at_most_one(scope.findings, block.clauses, syntax.BalanceClause, "balance")
    tier = at_most_one(scope.findings, block.clauses, syntax.TierClauseOfReturns, "tier")
    return Returns(
        negative=balance is not None and balance.how.text == "goes negative",
        rechecks=tier is not None and tier.how.text == "rechecks",
        span=block.span,
    )
