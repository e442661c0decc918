"""Transfers from one member to another: two uses of one act, the sender's and the recipient's (SEND).

Invariant: the recipient's use is known to be possible before the sender's is tried, and nothing that the
sender does changes that; so either both happen, or neither.
"""

from loyalty_dsl.evaluation.checkout import Checkout
from loyalty_dsl.evaluation.events import Event
from loyalty_dsl.evaluation.ledger import Obstacle, Refusal
from loyalty_dsl.evaluation.members import Group, facts_on
from loyalty_dsl.evaluation.redemption import Request, plan_uses
from loyalty_dsl.evaluation.sent_parts import steps_sent
from loyalty_dsl.evaluation.witness import RecipientAsked
from loyalty_dsl.evaluation.wording import refuse


def refusal_to_receive(group: Group, event: Event) -> Refusal | None:
    """Why the recipient of a transfer cannot be given it; `None` when it can (SEND-2).

    Args:
        event: the sender's, with its recipient; midnight work through its day is done.
    """
    program, recipient = group.program, group.members[event.recipient]
    sent, _ = event.redeem or (-1, 0)
    obstacle = None
    if event.recipient == event.slot:
        obstacle = Obstacle.ONESELF
    elif recipient.joined is None:
        obstacle = Obstacle.NO_MEMBER
    else:
        receiver, steps = program.rewards[program.rewards[sent].receiver], steps_sent(program, event)
        facts = facts_on(group, recipient, event.day, event.day)
        request = Request(receiver, event.day, at_purchase=False, at_most=steps)
        plan = plan_uses(request, facts, recipient.usage, Checkout(0, ()), program)
        if group.witness is not None:
            group.witness(RecipientAsked(plan))
        if plan.stopped_by is not None:
            limited = plan.stopped_by is Obstacle.LIMIT
            obstacle = Obstacle.THEIR_LIMIT if limited else Obstacle.NOT_TO_THEM
    return None if obstacle is None else refuse(program, event.id, event.day, obstacle, program.rewards[sent])
