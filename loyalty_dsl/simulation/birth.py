"""What a member is born with: its segment, its ways, what is known of it.

Invariant: nothing here depends on the ledger or on other members, but on the member's key and its time alone.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import numpy as np

from loyalty_dsl.evaluation.kernel import (
    join_before,
    open_member,
)
from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.plan import (
    MONTH,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import FIRST_SAID
from loyalty_dsl.language.types import JOIN
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    MEMBER_END,
    MEMBER_FIRST,
    PROCESS_GAP,
    PROCESS_RATE,
    RATE_MEAN,
    RATE_SHAPE,
    SEGMENT_END,
    SEGMENT_FIRST,
    Behaviour,
    Floats,
    draw_days_alive,
    draw_gap_mean,
    draw_leave_chance,
    draw_redeem_intercept,
)
from loyalty_dsl.simulation.diary import Diary, Schedule
from loyalty_dsl.simulation.draws import (
    draw_values,
    load_member,
)
from loyalty_dsl.simulation.lives import (
    GAP_MEAN,
    INTERCEPT,
    LEAVE_CHANCE,
    LEAVES_AT,
    LIFE_BOUGHT_MONTH,
    LIFE_DELIVERED,
    LIFE_HEAD,
    LIFE_ID,
    LIFE_JOINED,
    LIFE_JOINED_MONTH,
    LIFE_NEXT_CHECK,
    LIFE_NUMBER,
    LIFE_SEGMENT,
    LIFE_TAIL,
    NEXT_TIME,
    Lives,
    enter,
    number_event,
)
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.sampling import (
    draw_choice,
    draw_exponential,
)
from loyalty_dsl.simulation.tally import (
    FRIENDS,
    JOINERS,
    Tally,
)


@part
def be_born(
    plan: Plan,
    behaviour: Behaviour,
    schedule: Schedule,
    state: State,
    sink: Sink,
    tally: Tally,
    diary: Diary,
    lives: Lives,
    slot: int,
    key: np.uint64,
    time: float,
    is_first: bool,
    member: int,
) -> bool:
    """Draws what a member is like, and makes it a member or lets it join.

    Returns:
        Whether there was room in its agenda.
    """
    thresholds = behaviour.segment_thresholds
    segment = draw_choice(thresholds, len(thresholds), draw_bits(key, randomness.SEGMENT, 0))
    numbers: Floats = behaviour.segments[segment]
    facts = lives.facts[slot]
    lives.keys[slot] = key
    lives.traits[slot, LEAVE_CHANCE] = draw_leave_chance(numbers, key)
    lives.traits[slot, INTERCEPT] = draw_redeem_intercept(numbers, key)
    lives.traits[slot, LEAVES_AT] = time + draw_days_alive(numbers, behaviour.exponential, key)
    facts[LIFE_SEGMENT] = segment
    facts[LIFE_JOINED_MONTH] = plan.days[int(time), MONTH]
    facts[LIFE_BOUGHT_MONTH] = -1
    facts[LIFE_ID] = member
    for column in (LIFE_NUMBER, LIFE_DELIVERED, LIFE_NEXT_CHECK, LIFE_HEAD, LIFE_TAIL):
        facts[column] = 0
    tally.people[segment, facts[LIFE_JOINED_MONTH], JOINERS] += 1
    if slot > 0:
        tally.people[segment, facts[LIFE_JOINED_MONTH], FRIENDS] += 1

    first = behaviour.slices[segment, SEGMENT_FIRST]
    for process in range(behaviour.slices[segment, SEGMENT_END] - first):
        rates, purposes = behaviour.rates[first + process], behaviour.processes[first + process]
        mean = draw_gap_mean(rates[RATE_MEAN], rates[RATE_SHAPE], key, purposes[PROCESS_RATE])
        gap = draw_exponential(behaviour.exponential, draw_bits(key, purposes[PROCESS_GAP], 0)) * 2.0**-32
        lives.clocks[slot, process, GAP_MEAN] = mean
        lives.clocks[slot, process, NEXT_TIME] = time + mean * gap
        lives.counts[slot, process] = 0

    open_member(plan, state, slot, member)
    state.keys[slot] = key
    for field in range(len(diary.fields)):
        diary.fields[field] = 0
    of_member = state.of_member
    said = of_member.said[FIRST_SAID:]
    day = plan.first_day + int(time)
    facts[LIFE_JOINED] = plan.first_day - 1 if is_first else day
    for field in range(plan.of_state.member_fields):
        said[field] = of_member.fields[slot, field]
        diary.registers[plan.first_member_field + field] = said[field]
    while_drawing = behaviour.slices[segment]
    if while_drawing[MEMBER_FIRST] < while_drawing[MEMBER_END]:
        load_member(behaviour.draws, plan, state, diary.registers, slot, day)
        draw_values(
            behaviour.draws, diary.registers, plan.first_member_field, plan.first_day,
            while_drawing[MEMBER_FIRST], while_drawing[MEMBER_END], key, 0, day, 0, said, diary.item_fields,
        )  # fmt: skip
        for field in range(plan.of_state.member_fields):
            of_member.fields[slot, field] = said[field]
    if is_first:
        join_before(plan, state, sink, slot, plan.first_day - 1)
        return True
    number = number_event(lives.facts, slot)
    return enter(lives.times, lives.agenda, lives.facts, slot, time, JOIN, 0, number, 1, diary.fields)
