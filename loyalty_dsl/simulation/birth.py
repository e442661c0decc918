"""What a member is born with: its segment, its ways, what is known of it.

Invariant: nothing here depends on the ledger or on other members, but on the member's key and its time alone.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import numpy as np

from loyalty_dsl.evaluation.kernel import (
    join_before,
    open_member,
)
from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.plan import (
    MONTH,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import FIRST_SAID
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    LEAVE_AT_JOIN,
    MEMBER_END,
    MEMBER_FIRST,
    PROCESS_GAP,
    PROCESS_KIND,
    PROCESS_OWN_BASKET,
    PROCESS_RATE,
    PROCESS_REGULARITY,
    PROCESS_RHYTHM,
    RATE_MEAN,
    RATE_SHAPE,
    REDEEM_CORRELATION,
    REDEEM_WITH_BASKET,
    SEGMENT_END,
    SEGMENT_FIRST,
    Behaviour,
    Floats,
    Words,
)
from loyalty_dsl.simulation.clock import (
    GAP_MEAN,
    OWN_BASKET,
    draw_gap,
    draw_stages_left,
    start_clock,
)
from loyalty_dsl.simulation.diary import Diary, Schedule
from loyalty_dsl.simulation.draws import (
    draw_values,
    load_member,
)
from loyalty_dsl.simulation.lives import (
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
    PART,
    Lives,
    enter,
    number_event,
)
from loyalty_dsl.simulation.opening_state import open_state
from loyalty_dsl.simulation.opening_tables import OPEN_JOINED
from loyalty_dsl.simulation.own_ways import (
    OWN_BASKETS,
    own_basket,
    own_days_alive,
    own_gap_mean,
    own_leave_chance,
    own_stages_done,
)
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.reactions import LEAVING, LEAVING_DAYS, REFERRED_STAY, SELECTION
from loyalty_dsl.simulation.sampling import (
    draw_choice,
    uniform,
)
from loyalty_dsl.simulation.tally import (
    FRIENDS,
    JOINERS,
    Tally,
)
from loyalty_dsl.simulation.ways import (
    draw_days_alive,
    draw_gap_mean,
    draw_leave_chance,
    draw_own_basket,
    draw_part,
    draw_redeem_intercept,
    left_sooner,
    own_basket_score,
    rate_score,
)


@part
def draw_segment(thresholds: Words, key: np.uint64) -> int:
    """The segment of a member, by the cumulative shares of segments among those who came as it did."""
    return draw_choice(thresholds, len(thresholds), draw_bits(key, randomness.SEGMENT, 0))


@apart
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
    opening = schedule.opening
    is_known = is_first and len(opening.own) > 0
    who = opening.chosen[member] if is_first and len(opening.chosen) > 0 else 0
    thresholds = behaviour.segment_thresholds[0 if is_first else 2 if slot > 0 else 1]
    if is_known:
        thresholds = opening.segments[who]
    segment = draw_segment(thresholds, key)
    numbers: Floats = behaviour.segments[segment]
    own: Floats = opening.own[who * len(thresholds) + segment if is_known else 0 :]
    facts = lives.facts[slot]
    lives.keys[slot] = key
    reacting: Floats = behaviour.reactions.numbers[segment]
    stay = reacting[REFERRED_STAY] if slot > 0 else 1.0
    lives.traits[slot, LEAVE_CHANCE] = draw_leave_chance(numbers, key) * stay
    lives.traits[slot, PART] = draw_part(numbers, key)
    days = draw_days_alive(numbers, behaviour.exponential, key) / stay
    if is_known:
        lives.traits[slot, LEAVE_CHANCE] = own_leave_chance(own[0], numbers, key)
        days = own_days_alive(own[0], numbers, behaviour.exponential, key)
    if is_first:
        days = left_sooner(days, reacting[LEAVING], reacting[LEAVING_DAYS])
    lives.traits[slot, LEAVES_AT] = time + days
    if not is_first and numbers[LEAVE_AT_JOIN] != 0.0:
        luck = uniform(draw_bits(key, randomness.LEAVE_AT_JOIN, 0))
        if luck < lives.traits[slot, LEAVE_CHANCE]:
            lives.traits[slot, LEAVES_AT] = time
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
        raised = 0.0
        if purposes[PROCESS_KIND] == PURCHASE and slot == 0 and not is_first:
            raised = reacting[SELECTION]
        mean = draw_gap_mean(rates[RATE_MEAN], rates[RATE_SHAPE], key, purposes[PROCESS_RATE], raised)
        stages = shape = purposes[PROCESS_REGULARITY]
        if is_first:
            stages = draw_stages_left(key, purposes[PROCESS_GAP], shape)
        if is_known and purposes[PROCESS_KIND] == PURCHASE:
            done = own_stages_done(own[0], shape, key)
            mean = own_gap_mean(own[0], rates, shape, done, key, purposes[PROCESS_RATE])
            stages = shape - done
        gap = draw_gap(behaviour.exponential, key, purposes[PROCESS_GAP], shape, 0, stages)
        clock = lives.clocks[slot, process]
        start_clock(
            clock, behaviour.intensity, behaviour.work, purposes[PROCESS_RHYTHM], time, mean, shape, gap
        )
        clock[OWN_BASKET] = draw_own_basket(rates, key, purposes[PROCESS_OWN_BASKET], mean)
        if is_known and purposes[PROCESS_KIND] == PURCHASE and own[0, OWN_BASKETS] > 0.0:
            clock[OWN_BASKET] = own_basket(own[0], rates, key, purposes[PROCESS_OWN_BASKET])
        lives.counts[slot, process] = 0
    lives.traits[slot, INTERCEPT] = draw_redeem_intercept(
        numbers, key, _score_of_buying(behaviour, lives, slot, first, numbers)
    )

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
    if is_first and len(opening.chosen) > 0:
        facts[LIFE_JOINED_MONTH] = 0
        facts[LIFE_JOINED] = opening.members[who, OPEN_JOINED]
        return open_state(plan, state, sink, opening, slot, who)
    if is_first:
        join_before(plan, state, sink, slot, plan.first_day - 1)
        return True
    number = number_event(lives.facts, slot)
    return enter(lives.times, lives.agenda, lives.facts, slot, time, JOIN, 0, number, 1, diary.fields)


@part
def _score_of_buying(behaviour: Behaviour, lives: Lives, slot: int, process: int, numbers: Floats) -> float:
    """The normal score of what the member's readiness to redeem goes together with; 0 for nothing.

    Args:
        process: the row of its purchases, which come first.
    """
    if numbers[REDEEM_CORRELATION] == 0.0:
        return 0.0
    rates, clock = behaviour.rates[process], lives.clocks[slot, 0]
    if numbers[REDEEM_WITH_BASKET] != 0.0:
        return own_basket_score(rates, clock[OWN_BASKET])
    return rate_score(rates, clock[GAP_MEAN] * behaviour.processes[process, PROCESS_REGULARITY])
