"""What friends do, as it happens to the member who brought them (REFER-2 to REFER-4).

Invariant: a friend's life is over before its referrer's goes on, so everything of it that the referrer will
ever hear waits in the referrer's agenda, each thing at its time.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.events import RETURN
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_calendar import add_duration
from loyalty_dsl.evaluation.plan import Plan, State
from loyalty_dsl.evaluation.plan_state import COUNT_VALUE
from loyalty_dsl.simulation.behaviour import (
    FRIEND_FIELDS,
    FRIEND_KEPT_COUNT,
    FRIEND_KEPT_UNIT,
    FRIEND_KIND,
    FRIEND_NUMBERED,
    FRIEND_OF,
    Behaviour,
    Ints,
)
from loyalty_dsl.simulation.diary import Schedule
from loyalty_dsl.simulation.lives import (
    ENTRY_FIELDS,
    ENTRY_NUMBER,
    LIFE_JOINED,
    LIFE_TAIL,
    Lives,
    enter,
    number_event,
)


@part
def pass_on(
    plan: Plan,
    state: State,
    behaviour: Behaviour,
    lives: Lives,
    schedule: Schedule,
    slot: int,
    time: float,
    kind: int,
    basket: int,
    ordinal: int,
    returned_on: int,
    fields: Ints,
) -> bool:
    """Enters what a friend did in the agenda of the member who brought it (REFER-2 to REFER-4).

    Args:
        state: right after the friend's event, as its counters are then.
        slot: the friend's.
        ordinal: which of the friend's events of its kind it is.
        returned_on: days from the first day to its return, -1 for none.
        fields: of the event; the last two of a friend's kind are written behind them.

    Returns:
        Whether there was room.
    """
    to = slot - 1
    roomy = True
    for row in range(len(behaviour.friends)):
        friend = behaviour.friends[row]
        if friend[FRIEND_OF] != kind:
            continue
        at = time
        returned = returned_on >= 0
        if friend[FRIEND_KEPT_COUNT] > 0:
            day = plan.first_day + int(time)
            due = add_duration(day, friend[FRIEND_KEPT_COUNT], friend[FRIEND_KEPT_UNIT]) - plan.first_day
            if due >= schedule.end or (returned and returned_on < due):
                continue
            at = float(due)
            returned = False
        number = number_event(lives.facts, to)
        kept = 0 if returned else 1
        if not enter(
            lives.times, lives.agenda, lives.facts, to, at, friend[FRIEND_KIND], basket, number, kept, fields
        ):
            roomy = False
        entry_of = lives.facts[to, LIFE_TAIL] - 1
        if roomy and friend[FRIEND_FIELDS] >= 0:
            while lives.agenda[to, entry_of, ENTRY_NUMBER] != number:
                entry_of -= 1
            width = ENTRY_FIELDS + friend[FRIEND_FIELDS]
            lives.agenda[to, entry_of, width] = (
                ordinal if friend[FRIEND_NUMBERED] < 0 else _number_of(state, slot, friend[FRIEND_NUMBERED])
            )
            lives.agenda[to, entry_of, width + 1] = (
                plan.first_day + int(time) - lives.facts[slot, LIFE_JOINED]
            )
        if returned and not enter(
            lives.times, lives.agenda, lives.facts, to, float(returned_on), RETURN, basket, number, 1, fields
        ):
            roomy = False
    return roomy


@part
def _number_of(state: State, slot: int, counter: int) -> int:
    """The number that a counter of a friend gave to the event that has just happened; 0 if it gave none."""
    counters = len(state.of_member.deltas)
    if state.of_member.deltas[counter] == 0:
        return 0
    number: int = state.of_member.counters[slot * counters + counter, COUNT_VALUE]
    return number
