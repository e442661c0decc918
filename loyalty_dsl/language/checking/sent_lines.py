"""Lines of scenarios that send something to another member (SCEN-18).

Invariant: the transfer is the one that is named or, where none is, the only one that takes the currency.
"""

from loyalty_dsl.language.checking.actors import doer_of, named
from loyalty_dsl.language.checking.amounts import positive_quantity
from loyalty_dsl.language.checking.scope import ProgramScope, RewardName
from loyalty_dsl.language.checking.timeline import Timeline, advance
from loyalty_dsl.language.in_force import reward_on
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.language.scenario import Happening
from loyalty_dsl.language.suggestions import listed
from loyalty_dsl.language.syntax.scenarios import TransferLine


def check_sent(scope: ProgramScope, line: TransferLine, timeline: Timeline) -> Happening | None:
    """What a `transfer` line sends, or `None` when it is wrong (reported)."""
    when = advance(scope, timeline, line.date, line.minute, line.span)
    timeline.happened = True
    if not scope.receiving:
        scope.findings.report(
            "L516", line.span, f"`{scope.name.text}` has no transfer to another member",
            secondary=[(scope.name.span, "the program")],
            help="add one to it, such as `transfer to_member { exchange 1 point for 1 point to recipient }`",
        )  # fmt: skip
        return None
    doer = doer_of(scope, timeline, line.actor)
    recipient = named(scope, timeline, line.recipient)
    if scope.program is None:
        return None
    transfer = _transfer(scope, scope.program, line)
    if transfer is None or when is None:
        return None
    reward = scope.program.rewards[reward_on(scope.program, transfer.index, when)]
    taken = next((each for each in scope.currencies.things() if each.index == reward.currency), None)
    found = positive_quantity(scope, line.quantity, taken)
    if found is None:
        return None
    return Happening(
        day=when,
        minute=timeline.minute,
        event=None,
        basket=0,
        items=(),
        fields=(),
        redeem=(reward.index, found[1]),
        span=line.span,
        actor=doer,
        recipient=recipient,
    )


def _transfer(scope: ProgramScope, program: Program, line: TransferLine) -> RewardName | None:
    """By which transfer something is sent."""
    rewards = program.rewards
    earlier = {old for _, old, _ in program.renamed}  # the day says which version is meant
    sending = [
        each
        for each in scope.rewards.things()
        if rewards[each.index].taking is Taking.SENT and each.index not in earlier
    ]
    if line.transfer is not None:
        known = scope.rewards.resolve(line.transfer)
        if known is None or known in sending:
            return known
        scope.findings.report(
            "L516", line.transfer.span, f"`{known.name}` sends nothing to another member",
            secondary=[(known.span, "declared here")],
            help=f"write {listed([each.name for each in sending], 'or')}",
        )  # fmt: skip
        return None
    if len(sending) > 1 and line.quantity.unit is not None:
        unit = scope.currencies.resolve(line.quantity.unit)
        if unit is None:
            return None
        sending = [each for each in sending if rewards[each.index].currency == unit.index] or sending
    if len(sending) == 1:
        return sending[0]
    names = [each.name for each in sending]
    scope.findings.report(
        "L516", line.span, f"this may be sent by {listed(names, 'or')}",
        help=f"say by which: `... through {names[0]}` at the end of the line",
    )  # fmt: skip
    return None
