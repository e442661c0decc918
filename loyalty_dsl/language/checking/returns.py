"""What a return does to balances and tiers."""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import duration
from loyalty_dsl.language.checking.clauses import at_most_one, exactly_one, only
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.returns import Returns
from loyalty_dsl.language.syntax.gates import AcceptReturns, ReverseInPeriod


def check_returns(scope: ProgramScope, blocks: Sequence[syntax.ReturnsBlock]) -> Returns | None:
    """What the `returns` block says; `None` without one, when returns are refused. Whether a balance may go
    below zero is always said: nothing is assumed about what members owe.

    Args:
        blocks: all `returns` blocks of the program; a second one is reported.
    """
    block = only(scope.findings, blocks, "returns")
    if block is None:
        return None
    at_most_one(scope.findings, block.clauses, syntax.ReverseClause, "reverse points and counters")
    balance = exactly_one(
        scope.findings, block.clauses, syntax.BalanceClause, "balance",
        block=block.span, what="the `returns` block", example="balance goes negative", losses=scope.losses,
    )  # fmt: skip
    tier = at_most_one(scope.findings, block.clauses, syntax.TierClauseOfReturns, "tier")
    own = at_most_one(scope.findings, block.clauses, ReverseInPeriod, "reverse in the period of the return")
    accepted = at_most_one(scope.findings, block.clauses, AcceptReturns, "accept within")
    return Returns(
        negative=balance is not None and balance.how.text == "goes negative",
        rechecks=tier is not None and tier.how.text == "rechecks",
        span=block.span,
        in_own_period=own is not None,
        within=None if accepted is None else duration(scope, accepted.length),
    )
