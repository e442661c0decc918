"""Members' lives, one after the other: draw what a member does, and let the kernel carry it out.

Invariants:

* When and what a member buys is drawn without looking at the ledger, and event `i` reads index `i` of each
  purpose, so a member has the same luck under two versions of a program.
* One member lives at a time, in slot 0, and leaves nothing behind but sums.
* The first members joined the day before the first day: they have no join event, so no rule `on join` pays
  them. Those who come later begin with theirs.
* After the months reported, members go on (nobody joins) until none of the lots issued in those months is
  left, or the days end: what becomes of those lots is then known.

Time is in days since the first day, a double; an event's day is its whole part.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from typing import NamedTuple

import numpy as np

from loyalty_dsl.evaluation.kernel import advance, affordable, open_member, step
from loyalty_dsl.evaluation.kernel_cache import entry, inlined
from loyalty_dsl.evaluation.kernel_lots import holds_lots_before
from loyalty_dsl.evaluation.kernel_rewards import money_off
from loyalty_dsl.evaluation.plan import (
    AT_EVENT,
    AVAILABLE,
    DONE,
    JOINED,
    MONTH,
    NO_ROOM,
    REWARD_CURRENCY,
    REWARD_PRICE,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan import MONEY_OFF as NOTED_MONEY_OFF
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    FIELD_INDEX,
    FIELD_OF_ITEM,
    FIELD_PURPOSE,
    OFFER_PURPOSE,
    OFFER_REWARD,
    REDEEM_SLOPE,
    Behaviour,
    Floats,
    Ints,
    accepts,
    draw_days_alive,
    draw_gap_mean,
    draw_leave_chance,
    draw_redeem_intercept,
)
from loyalty_dsl.simulation.randomness import draw_bits, member_key
from loyalty_dsl.simulation.sampling import draw_basket, draw_choice, draw_exponential, uniform
from loyalty_dsl.simulation.tally import (
    BASKETS,
    BUYERS,
    JOINERS,
    LEAVERS,
    MONEY_OFF,
    PURCHASES,
    Tally,
    close_member,
)

COHORT_FIRST, COHORT_START, COHORT_DAYS = range(3)
"""Columns of `Schedule.cohorts`: the id of the first member, and the days (since the first day) over which
they join. Cohort 0, of 0 days, is the first members, who have joined already."""

DRAWN_ID, DRAWN_DAY, DRAWN_MINUTE, DRAWN_KIND, DRAWN_BASKET, DRAWN_REWARD, DRAWN_ITEMS, DRAWN_FIELDS = range(
    8
)
"""Columns of `Diary.rows`; from `DRAWN_FIELDS`, the event's fields and then the item's."""


class Schedule(NamedTuple):
    """Who lives when.

    Attributes:
        seed: of every draw.
        cohorts: [K, 3] in order of ids; cohort 0 is the first members.
        months: months reported.
        horizon: days reported; end: days simulated.
    """

    seed: int
    cohorts: Ints
    months: int
    horizon: int
    end: int


class Diary(NamedTuple):
    """Buffers of the event at hand, and what was drawn, where anybody wants to know.

    Attributes:
        fields: [most fields of a kind]; prices: [1 or 0 items]; item_fields: [items, item fields].
        rows: [rows, ...] events drawn; of length 0 when nobody wants them.
        written: [1] rows written.
    """

    fields: Ints
    prices: Ints
    item_fields: Ints
    rows: Ints
    written: Ints


@inlined
def _has_open_lots(plan: Plan, state: State, months: int) -> bool:
    """Whether lots issued in the months reported are left."""
    for account in range(len(plan.currencies)):
        if holds_lots_before(state.wallets, state.lots, account, months):
            return True
    return False


@inlined
def _draw_fields(behaviour: Behaviour, diary: Diary, segment: int, key: np.uint64, i: int) -> None:
    """Draws the values of the fields of purchase `i` and of its item."""
    for f in range(len(behaviour.fields)):
        count = behaviour.field_counts[segment, f]
        value = 0
        if count > 1:
            bits = draw_bits(key, behaviour.fields[f, FIELD_PURPOSE], i)
            value = draw_choice(behaviour.field_thresholds[segment, f], count, bits)
        if behaviour.fields[f, FIELD_OF_ITEM] != 0:
            diary.item_fields[0, behaviour.fields[f, FIELD_INDEX]] = value
        else:
            diary.fields[behaviour.fields[f, FIELD_INDEX]] = value


@inlined
def _choose_reward(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    diary: Diary,
    key: np.uint64,
    i: int,
    intercept: float,
    slope: float,
    day: int,
    basket: int,
) -> int:
    """The first reward, in declared order, that the member can afford and accepts; -1 for none."""
    for offer in range(len(behaviour.offers)):
        reward = behaviour.offers[offer, OFFER_REWARD]
        wallet = state.wallets[plan.rewards[reward, REWARD_CURRENCY]]
        if wallet[AVAILABLE] < plan.rewards[reward, REWARD_PRICE]:
            continue  # most visits end here, before the conditions are asked
        if affordable(plan, state, 0, reward, day, PURCHASE, basket, diary.fields):
            off = money_off(plan, state, reward, True)
            bits = draw_bits(key, behaviour.offers[offer, OFFER_PURPOSE], i)
            if accepts(intercept, slope, off, basket, bits):
                return int(reward)
    return -1


@inlined
def _write(diary: Diary, member: int, time: float, day: int, kind: int, basket: int, reward: int) -> None:
    """Writes the event at hand into the diary, or only counts it where there is no row for it."""
    at = diary.written[0]
    diary.written[0] = at + 1
    if at >= len(diary.rows):
        return
    row = diary.rows[at]
    row[DRAWN_ID] = member
    row[DRAWN_DAY] = day
    row[DRAWN_MINUTE] = int((time - int(time)) * 1440.0)
    row[DRAWN_KIND] = kind
    row[DRAWN_BASKET] = basket
    row[DRAWN_REWARD] = reward
    row[DRAWN_ITEMS] = 0 if kind == JOIN else len(diary.prices)
    for f in range(len(diary.fields)):
        row[DRAWN_FIELDS + f] = diary.fields[f]
    if kind != JOIN and len(diary.prices) > 0:
        for f in range(diary.item_fields.shape[1]):
            row[DRAWN_FIELDS + len(diary.fields) + f] = diary.item_fields[0, f]


@inlined
def _count_purchase(people: Ints, month: int, basket: int, off: int, first_of_month: bool) -> None:
    """Counts a purchase of a month that is reported, and its buyer once a month."""
    people[month, PURCHASES] += 1
    people[month, BASKETS] += basket
    people[month, MONEY_OFF] += off
    if first_of_month:
        people[month, BUYERS] += 1


@inlined
def _live_member(
    plan: Plan,
    behaviour: Behaviour,
    schedule: Schedule,
    state: State,
    sink: Sink,
    tally: Tally,
    diary: Diary,
    member: int,
    cohort: int,
) -> int:
    """Lives one member's life, from the join or the first day on, and adds it up.

    Returns:
        `DONE` or `NO_ROOM`.
    """
    key = member_key(schedule.seed, cohort, member - schedule.cohorts[cohort, COHORT_FIRST])
    thresholds = behaviour.segment_thresholds
    segment = draw_choice(thresholds, len(thresholds), draw_bits(key, randomness.SEGMENT, 0))
    people = tally.people[segment]
    numbers: Floats = behaviour.segments[segment]
    gap_mean = draw_gap_mean(numbers, key)
    leave_chance = draw_leave_chance(numbers, key)
    intercept = draw_redeem_intercept(numbers, key)
    slope = numbers[REDEEM_SLOPE]

    time = np.float64(schedule.cohorts[cohort, COHORT_START])
    time += schedule.cohorts[cohort, COHORT_DAYS] * uniform(draw_bits(key, randomness.JOIN_DAY, 0))
    time = min(time, schedule.horizon - 2.0**-20)  # a sum may round up to the end of the last day
    leaves_at = time + draw_days_alive(numbers, behaviour.exponential, key)
    joined_month = plan.days[int(time), MONTH]
    people[joined_month, JOINERS] += 1

    open_member(plan, state, 0, member)
    is_first = cohort == 0
    if is_first:
        state.members[0, JOINED] = plan.first_day - 1
    for f in range(len(diary.fields)):
        diary.fields[f] = 0
    kind, basket, reward = JOIN, 0, -1
    i = 0
    bought_month = -1
    while True:
        day = plan.first_day + int(time)
        if kind == PURCHASE or not is_first:
            items = 0 if kind == JOIN else len(diary.prices)
            prices, item_fields = diary.prices[:items], diary.item_fields[:items]
            sink.notes[AT_EVENT] = i
            code = step(
                plan, state, sink, 0, day, kind, basket, diary.fields, prices, item_fields, reward, 1
            )  # fmt: skip
            if code == NO_ROOM:
                return NO_ROOM
            if len(diary.rows) > 0:
                _write(diary, member, time, day, kind, basket, reward)
        if kind == PURCHASE:
            if time < schedule.horizon:
                month = plan.days[int(time), MONTH]
                _count_purchase(people, month, basket, sink.notes[NOTED_MONEY_OFF], month != bought_month)
                bought_month = month
            if leave_chance > 0.0:
                leaves = uniform(draw_bits(key, randomness.LEAVE_AT_PURCHASE, i)) < leave_chance
                leaves_at = time if leaves else leaves_at
            i += 1

        gap = draw_exponential(behaviour.exponential, draw_bits(key, randomness.GAP, i)) * 2.0**-32
        time += gap_mean * gap
        if time >= leaves_at or time >= schedule.end:
            break
        day = plan.first_day + int(time)
        if len(behaviour.offers) > 0 or time >= schedule.horizon:
            if advance(plan, state, sink, 0, day) == NO_ROOM:
                return NO_ROOM
            if time >= schedule.horizon and not _has_open_lots(plan, state, schedule.months):
                break
        kind = PURCHASE
        basket = draw_basket(behaviour.baskets[segment], draw_bits(key, randomness.BASKET, i))
        _draw_fields(behaviour, diary, segment, key, i)
        if len(diary.prices) > 0:
            diary.prices[0] = basket
        reward = _choose_reward(plan, behaviour, state, diary, key, i, intercept, slope, day, basket)
    if leaves_at < schedule.horizon:
        people[plan.days[int(leaves_at), MONTH], LEAVERS] += 1
    if advance(plan, state, sink, 0, plan.last_day) == NO_ROOM:
        return NO_ROOM
    close_member(tally, sink.flows, 0, segment, joined_month)
    return DONE


@entry
def live_members(
    plan: Plan,
    behaviour: Behaviour,
    schedule: Schedule,
    state: State,
    sink: Sink,
    tally: Tally,
    diary: Diary,
    first: int,
    end: int,
) -> int:
    """Lives the lives of members `first` to `end` (not included).

    Returns:
        `DONE`, or `NO_ROOM`: the state has too little room for lots, and the sums are of no use.
    """
    cohort = 0
    for member in range(first, end):
        while cohort + 1 < len(schedule.cohorts) and schedule.cohorts[cohort + 1, COHORT_FIRST] <= member:
            cohort += 1
        code = _live_member(plan, behaviour, schedule, state, sink, tally, diary, member, cohort)
        if code == NO_ROOM:
            return NO_ROOM
    return DONE
