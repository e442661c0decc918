"""A transfer to another member as what it is to each of the two (SEND)."""

from loyalty_dsl.evaluation.events import REDEEM, Event
from loyalty_dsl.language.program import Program


def at_recipient(program: Program, event: Event) -> Event:
    """What a transfer that happened is to its recipient (SEND-4)."""
    sent, _ = event.redeem or (-1, 0)
    return Event(
        id=event.id,
        day=event.day,
        minute=event.minute,
        kind=REDEEM,
        basket=0,
        items=(),
        fields=(),
        redeem=(program.rewards[sent].receiver, steps_sent(program, event)),
        slot=event.recipient,
    )


def steps_sent(program: Program, event: Event) -> int:
    """The whole steps in what is sent."""
    sent, units = event.redeem or (-1, 0)
    return units // program.rewards[sent].price
