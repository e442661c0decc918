"""How often members of a population exchange by a transfer.

Invariant: a population of a program with transfers says of at least one segment how often it exchanges, so
that nobody takes silence for a forecast.
"""

from collections.abc import Sequence

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.take_ups import check_shares_taken
from loyalty_dsl.language.population import TakeUp
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax.transfers import ExchangeTrait
from loyalty_dsl.source import Span


def verify_exchanged(
    scope: ProgramScope, block: Span, what: str, segments: Sequence[syntax.SegmentBlock]
) -> None:
    """Reports a program with a transfer of which its population says nothing."""
    if scope.program is None or not segments:
        return
    transfer = next((reward for reward in scope.program.rewards if reward.exchange), None)
    if transfer is None:
        return
    if any(isinstance(trait, ExchangeTrait) for segment in segments for trait in segment.traits):
        return
    scope.findings.report(
        "L413", block, f"{what} does not say how often members exchange by `{transfer.name}`",
        secondary=[(transfer.span, "the transfer")],
        help=f"add to a segment a line such as `exchange {transfer.name} 2%`: at 2% of its purchases a "
        "member exchanges all that it can",
    )  # fmt: skip


def check_exchanges(scope: ProgramScope, block: syntax.SegmentBlock) -> tuple[TakeUp, ...]:
    """At how many of their purchases members exchange all that they can, by transfer."""
    traits = [trait for trait in block.traits if isinstance(trait, ExchangeTrait)]
    return check_shares_taken(scope, [one for trait in traits for one in trait.shares], _verify_transfer)


def _verify_transfer(scope: ProgramScope, name: syntax.Name) -> bool:
    reward = scope.rewards.find(name.text)
    if reward is not None and reward.exchange:
        return True
    transfers = [reward.name for reward in scope.rewards.things() if reward.exchange]
    if reward is None:
        scope.rewards.resolve(name, help=f"the transfers are {listed(transfers)}" if transfers else None)
        return False
    scope.findings.report(
        "L414", name.span, f"`{name.text}` is no transfer, so nobody exchanges by it",
        secondary=[(scope.rewards.span_of(name.text), "declared here")],
        help=f"write {listed(transfers, 'or')}" if transfers
        else "write `redeem 40% when a reward is affordable` for rewards that members choose",
    )  # fmt: skip
    return False
