"""Benefits that nobody wrote: fees, and what a month costs, counted as uses at midnights.

Invariant: none has a face, and its name is taken by nothing else.
"""

# ruff: noqa: PLR0917 - what a benefit is made of

from loyalty_dsl.language.assumed import AssumedNumber
from loyalty_dsl.language.checking.scope import ProgramScope, RewardName
from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.program import CostPerUse, Reward, Trigger
from loyalty_dsl.language.rewards import RewardCase, Taking, Thing


def midnight_benefit(
    scope: ProgramScope, name: str, label: str, index: int, kind: int, when: Condition | None,
    number: AssumedNumber, fee: int = 0,
) -> Reward:  # fmt: skip
    """A benefit of a midnight, which is how a fee and a cost of a month are counted."""
    known = scope.rewards.find(name)
    if known is not None:
        scope.findings.report(
            "L202", known.span, f"`{name}` is what one of the fees or costs here is called",
            secondary=[(number.span, "its")], help="give this another name",
        )  # fmt: skip
    scope.rewards.include(
        name, RewardName(name, index, True, number.span, benefit=True, of_membership=True), number.span
    )
    return Reward(
        name=name,
        label=label,
        index=index,
        currency=-1,
        cases=(RewardCase(None, 0, False, Thing("fee" if fee else "upkeep")),),
        taking=Taking.BENEFIT,
        when=when,
        dates=(),
        minimum_basket=0,
        minimum_balance=0,
        limits=(),
        cost=CostPerUse(number),
        span=number.span,
        triggers=(Trigger(kind, None, number.span),),
        fee=fee,
    )
