"""Members' lives, one after the other: draw what a member does, and let the kernel carry it out.

Invariants:

* When and what a member buys is drawn without looking at the ledger, and event `i` of a process reads index
  `i` of its purposes: luck is the same under two versions of a program, and beside another kind of event.
* A first member lives in slot 0 and leaves nothing behind but sums; a friend that it brings lives its whole
  life in the slot above first (`lives`).
* The first members joined the day before the first day: they have no join event, so no rule `on join` pays
  them. Those who come later begin with theirs.
* After the months reported, members go on (nobody joins) until none of the lots issued in those months is
  left, or the days end: what becomes of those lots is then known. Friends go on to the end, as what they do
  reaches others.

Time is in days since the first day, a double; an event's day is its whole part.
"""

# ruff: noqa: PLR0917, SIM102, PLR1714 - compiled code passes by position, and has no sets

import numpy as np

from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.evaluation.kernel import give_back, step
from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.evaluation.kernel_references import by_reference, first_rows
from loyalty_dsl.evaluation.plan import AT_EVENT, DONE, FINAL, MONTH, NO_ROOM, Plan, Sink, State
from loyalty_dsl.evaluation.plan import MONEY_OFF as NOTED_MONEY_OFF
from loyalty_dsl.evaluation.plan_state import FIRST_SAID, SAYS, SAYS_REFERRED
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.baskets import draw_amount, draw_items
from loyalty_dsl.simulation.behaviour import (
    NO_BASKET,
    OFFER_REWARD,
    PROCESS_END,
    PROCESS_FIRST,
    PROCESS_GAP,
    PROCESS_KIND,
    PROCESS_REGULARITY,
    PROCESS_RHYTHM,
    PROCESS_TABLE,
    REFER_SHARE,
    RETURN_SHARE,
    SEGMENT_END,
    SEGMENT_FIRST,
    Behaviour,
)
from loyalty_dsl.simulation.birth import be_born, draw_segment
from loyalty_dsl.simulation.bringing_back import draw_return
from loyalty_dsl.simulation.choosing import choose_exchange, choose_offer, decline_benefits, uses_of
from loyalty_dsl.simulation.clock import NEXT_TIME, OWN_BASKET, draw_gap, wind_clock
from loyalty_dsl.simulation.days_between import has_open_lots, pass_days
from loyalty_dsl.simulation.diary import (
    BORN,
    COHORT_DAYS,
    COHORT_FIRST,
    COHORT_JOINING,
    COHORT_START,
    Diary,
    Schedule,
    write_event,
)
from loyalty_dsl.simulation.draws import draw_values, load_member
from loyalty_dsl.simulation.each_member import note_absent, note_member
from loyalty_dsl.simulation.lives import (
    ENTRY_BASKET,
    ENTRY_FIELDS,
    ENTRY_KEPT,
    ENTRY_KIND,
    ENTRY_NUMBER,
    INTERCEPT,
    LEAVE_CHANCE,
    LEAVES_AT,
    LIFE_BOUGHT_MONTH,
    LIFE_DELIVERED,
    LIFE_HEAD,
    LIFE_JOINED,
    LIFE_JOINED_MONTH,
    LIFE_NEXT_CHECK,
    LIFE_NEXT_LOOK,
    LIFE_SEGMENT,
    LIFE_TAIL,
    PART,
    READINESS,
    Lives,
    enter,
    next_process,
    number_event,
)
from loyalty_dsl.simulation.member_notes import begin_row, end_row, note_event, note_levels
from loyalty_dsl.simulation.near_misses import Misses, count_misses
from loyalty_dsl.simulation.options import choose_options
from loyalty_dsl.simulation.passing_on import pass_on
from loyalty_dsl.simulation.randomness import draw_bits, friend_key, member_key
from loyalty_dsl.simulation.reacting import begin_looks, hazard_now, look
from loyalty_dsl.simulation.reactions import EACH_WEEK, NO_LOOKS
from loyalty_dsl.simulation.sampling import uniform
from loyalty_dsl.simulation.tally import (
    LEAVERS,
    Tally,
    add_reach,
    add_squares,
    add_units,
    count_event,
    move_flows,
)
from loyalty_dsl.simulation.targeted import note_targeted


@part
def _live_member(
    plan: Plan,
    behaviour: Behaviour,
    schedule: Schedule,
    misses: Misses,
    state: State,
    sink: Sink,
    tally: Tally,
    diary: Diary,
    lives: Lives,
    member: int,
    cohort: int,
) -> int:
    """Lives one first member's life and those of all whom it leads to, and adds them up.

    Returns:
        `DONE` or `NO_ROOM`.
    """
    key = member_key(schedule.seed, cohort, member - schedule.cohorts[cohort, COHORT_FIRST])
    time = np.float64(schedule.cohorts[cohort, COHORT_START])
    time += schedule.cohorts[cohort, COHORT_DAYS] * uniform(draw_bits(key, randomness.JOIN_DAY, 0))
    time = min(time, schedule.horizon - 2.0**-20)  # a sum may round up to the end of the last day
    slots, asks = len(lives.keys), behaviour.draws.asks
    slot, bearing = -1, True
    while True:
        if bearing:
            slot += 1
            number = member if slot == 0 else schedule.members + lives.born[0]
            lives.born[0] += 1 if slot > 0 else 0
            first = slot == 0 and cohort == 0
            if not be_born(
                plan, behaviour, schedule, state, sink, tally, diary, lives, slot, key, time, first, number
            ):
                return NO_ROOM
            bearing = False
            born = lives.facts[slot]
            if behaviour.reactions.looks != NO_LOOKS:
                begin_looks(plan, behaviour, lives, slot, time)
                if first:
                    look(plan, behaviour, state, sink, lives, slot, time, -1)
            begin_row(lives.rows, slot, member, born[LIFE_SEGMENT], born[LIFE_JOINED])
            if len(diary.rows) > 0 and first:
                write_event(plan, state, diary, lives, slot, time, BORN, 0, -1, 0, 0, -1)
        facts, traits = lives.facts[slot], lives.traits[slot]
        segment = facts[LIFE_SEGMENT]
        leaves_at = traits[LEAVES_AT]

        # What comes next: what waits in the agenda, or an event of a process while the member has not left.
        processes = behaviour.slices[segment, SEGMENT_FIRST]
        process = next_process(lives, slot, behaviour.slices[segment, SEGMENT_END] - processes)
        time = np.float64(schedule.end)
        if process >= 0 and lives.clocks[slot, process, NEXT_TIME] < leaves_at:
            time = min(time, lives.clocks[slot, process, NEXT_TIME])
        waits = facts[LIFE_HEAD] < facts[LIFE_TAIL] and lives.times[slot, facts[LIFE_HEAD]] <= time
        if waits:
            time = lives.times[slot, facts[LIFE_HEAD]]
        looks = behaviour.reactions.looks == EACH_WEEK and facts[LIFE_NEXT_LOOK] <= min(time, leaves_at)
        if looks:
            time = np.float64(facts[LIFE_NEXT_LOOK])
        over = time >= schedule.end

        # The days on the way there.
        stop = plan.first_day + int(time)
        eager = len(behaviour.offers) + len(behaviour.take_ups) + len(behaviour.exchanges) + asks > 0
        check = facts[LIFE_NEXT_CHECK]
        checks = check < len(misses.days) and (over or misses.days[check] < int(time))
        if checks:
            stop = plan.first_day + misses.days[check]
        elif over:
            stop = plan.last_day
        if over or checks or looks or eager or time >= schedule.horizon:
            if pass_days(plan, behaviour, state, sink, diary, lives, slot, stop) == NO_ROOM:
                return NO_ROOM
        if checks:
            facts[LIFE_NEXT_CHECK] = check + 1
            if facts[LIFE_JOINED] <= stop:
                count_misses(plan, misses, state, tally.misses, slot, stop, check)
            note_levels(lives.rows, plan, state, slot)
            continue
        if looks and not over:
            look(plan, behaviour, state, sink, lives, slot, time, -1)
            facts[LIFE_NEXT_LOOK] += 7
            continue
        if slot == 0 and not over and time >= schedule.horizon:
            if not has_open_lots(plan, state, schedule.months):
                facts[LIFE_HEAD] = facts[LIFE_TAIL]
                for process in range(behaviour.slices[segment, SEGMENT_END] - processes):
                    lives.clocks[slot, process, NEXT_TIME] = schedule.end
                continue
        if over:
            if leaves_at < schedule.horizon:
                tally.people[segment, plan.days[int(leaves_at), MONTH], LEAVERS] += 1
            before = schedule.opening.before
            if not end_row(lives.rows, plan, sink.flows, slot, before, schedule.months):
                return NO_ROOM
            add_units(tally, sink.flows, slot, segment, facts[LIFE_JOINED_MONTH])
            add_reach(tally, state.touched, state.bound, slot)
            if slots > 1:
                move_flows(sink.flows, lives.together, slot, facts[LIFE_JOINED_MONTH])
            if slot > 0:
                slot -= 1
                continue
            if len(lives.targeted.since) > 0:
                note_targeted(lives.targeted, plan, state, tally, sink)
            if len(lives.each.segments) > 0:
                note_member(lives.each, segment, lives.together if slots > 1 else sink.flows, sink)
            add_squares(tally, lives.together if slots > 1 else sink.flows, facts[LIFE_JOINED_MONTH], before)
            return DONE

        # The event: what it is.
        key = lives.keys[slot]
        day = plan.first_day + int(time)
        basket, reward, quantity = 0, -1, 0
        kept = 1
        i = items = 0
        returned_on = -1
        if waits:
            at = facts[LIFE_HEAD]
            facts[LIFE_HEAD] = at + 1
            waiting = lives.agenda[slot, at]
            kind = waiting[ENTRY_KIND]
            basket = waiting[ENTRY_BASKET]
            number = waiting[ENTRY_NUMBER]
            kept = waiting[ENTRY_KEPT]
            if kind == REDEEM:  # an option of a menu, which stands where the basket would
                basket, reward, quantity = 0, basket, 1
            for field in range(len(diary.fields)):
                diary.fields[field] = waiting[ENTRY_FIELDS + field]
            if kind != JOIN and kind != RETURN and kind != REDEEM:
                i = facts[LIFE_DELIVERED]
                facts[LIFE_DELIVERED] = i + 1
        else:
            row = behaviour.processes[processes + process]
            kind = row[PROCESS_KIND]
            number = number_event(lives.facts, slot)
            i = lives.counts[slot, process]
            lives.counts[slot, process] = i + 1
            if row[PROCESS_TABLE] != NO_BASKET:
                basket = draw_amount(behaviour, row, lives.clocks[slot, process, OWN_BASKET], key, i)
            if kind == PURCHASE and len(diary.prices) > 0:
                items = draw_items(behaviour, segment, diary.prices, basket, key, i)
            for field in range(len(diary.fields)):
                diary.fields[field] = 0
            if row[PROCESS_FIRST] < row[PROCESS_END]:
                if asks != 0:
                    load_member(behaviour.draws, plan, state, diary.registers, slot, day)
                draw_values(
                    behaviour.draws, diary.registers, plan.first_member_field, plan.first_day,
                    row[PROCESS_FIRST], row[PROCESS_END], key, i, day, basket, diary.fields,
                    first_rows(diary.item_fields, items),
                )  # fmt: skip
        prices, item_fields = first_rows(diary.prices, items), first_rows(diary.item_fields, items)
        if not waits and basket > 0 and len(behaviour.offers) > 0:
            offer = choose_offer(
                plan, behaviour, state, sink, slot, key, i, traits[INTERCEPT] + lives.seen[slot, READINESS],
                segment, day, kind, basket, diary.fields, prices, item_fields,
            )  # fmt: skip
            if offer >= 0:
                reward = behaviour.offers[offer, OFFER_REWARD]
                quantity = uses_of(plan, behaviour, state, slot, offer, traits[PART], day, kind)
        if not waits and kind == PURCHASE and reward < 0 and len(behaviour.exchanges) > 0:  # all that it can
            reward = choose_exchange(plan, behaviour, state, slot, key, i, segment, day, basket, diary, items)
        if kind == PURCHASE and behaviour.segments[segment, RETURN_SHARE] > 0.0:
            later = draw_return(behaviour, segment, key, i, day, plan.first_day + schedule.end - 1)
            if later > 0:
                returned_on = int(time) + later
                kept = 0

        # The kernel carries it out.
        sink.notes[AT_EVENT] = number
        if kind == RETURN:
            none, no_fields = diary.prices[:0], diary.item_fields[:0]
            code = give_back(
                plan, state, sink, slot, day, number, basket, none, no_fields, none, no_fields, none
            )
        else:
            if len(behaviour.take_ups) > 0:
                decline_benefits(behaviour, state.declined, len(plan.rewards), slot, segment, key, kind, i)
            if kind == JOIN:
                said = state.of_member.said
                said[SAYS] = 1
                said[SAYS_REFERRED] = 1 if slot > 0 else 0
                for field in range(plan.of_state.member_fields):
                    said[FIRST_SAID + field] = state.of_member.fields[slot, field]
            if plan.of_state.returns != 0:
                sink.notes[FINAL] = kept
            code = step(
                plan, state, sink, slot, day, kind, basket, diary.fields, prices, item_fields, reward,
                quantity,
            )  # fmt: skip
        if code == NO_ROOM:
            return NO_ROOM
        if len(diary.rows) > 0:
            write_event(plan, state, diary, lives, slot, time, kind, basket, reward, quantity, items, number)
        if returned_on >= 0 and not enter(
            lives.times, lives.agenda, lives.facts, slot, float(returned_on), RETURN, basket, number, 1,
            diary.fields,
        ):  # fmt: skip
            return NO_ROOM
        if len(behaviour.exchanges) > 0 and code == DONE:
            if not choose_options(plan, behaviour, state, lives, diary, slot, key, segment, time):
                return NO_ROOM

        # What it counts for, and what comes of it.
        month = plan.days[int(time), MONTH]
        is_own = not waits and kind != JOIN
        if time < schedule.horizon:
            note_event(lives.rows, slot, kind, basket)
            count_event(
                tally, segment, month, kind, basket, sink.notes[NOTED_MONEY_OFF],
                is_own and month != facts[LIFE_BOUGHT_MONTH],
            )  # fmt: skip
            if is_own:
                facts[LIFE_BOUGHT_MONTH] = month
        if slot > 0 and kind != RETURN:
            if not pass_on(
                plan, state, behaviour, lives, schedule, slot, time, kind, basket, i + 1, returned_on,
                diary.fields,
            ):  # fmt: skip
                return NO_ROOM
        if waits:
            if behaviour.reactions.looks != NO_LOOKS:
                look(plan, behaviour, state, sink, lives, slot, time, kind)
            continue
        row = behaviour.processes[processes + process]
        if kind == PURCHASE and traits[LEAVE_CHANCE] > 0.0:
            since = time - schedule.cohorts[0, COHORT_START]
            more = hazard_now(behaviour, segment, cohort == 0 and slot == 0, since)
            if uniform(draw_bits(key, randomness.LEAVE_AT_PURCHASE, i)) < traits[LEAVE_CHANCE] * more:
                traits[LEAVES_AT] = time
        shape = row[PROCESS_REGULARITY]
        gap = draw_gap(behaviour.exponential, key, row[PROCESS_GAP], shape, i + 1, shape)
        wind_clock(lives.clocks[slot, process], behaviour.intensity, behaviour.work, row[PROCESS_RHYTHM], gap)
        if behaviour.reactions.looks != NO_LOOKS:
            look(plan, behaviour, state, sink, lives, slot, time, kind)
        if kind == PURCHASE and time < schedule.horizon and slot + 1 < slots:
            if uniform(draw_bits(key, randomness.REFER, i)) < behaviour.segments[segment, REFER_SHARE]:
                bearing = True
                key = friend_key(key, i)


@entry
def live_members(
    plan: Plan,
    behaviour: Behaviour,
    schedule: Schedule,
    misses: Misses,
    state: State,
    sink: Sink,
    tally: Tally,
    diary: Diary,
    lives: Lives,
    first: int,
    end: int,
) -> int:
    """Lives the lives of members `first` to `end` (not included) and of all whom they lead to.

    Returns:
        `DONE`, or `NO_ROOM`: the state, the agendas or the log of what can be returned have too little
        room, and the sums are of no use.
    """
    plan, state, sink = by_reference(plan), by_reference(state), by_reference(sink)
    behaviour, tally, lives = by_reference(behaviour), by_reference(tally), by_reference(lives)
    diary, schedule, misses = by_reference(diary), by_reference(schedule), by_reference(misses)
    cohort = 0
    for member in range(first, end):
        while cohort + 1 < len(schedule.cohorts) and schedule.cohorts[cohort + 1, COHORT_FIRST] <= member:
            cohort += 1
        place = member - schedule.cohorts[cohort, COHORT_FIRST]
        if place >= schedule.cohorts[cohort, COHORT_JOINING]:
            joins = behaviour.segment_thresholds[1]
            segment = draw_segment(joins, member_key(schedule.seed, cohort, place))
            note_absent(lives.each, segment, sink)
            continue
        lived = _live_member(
            plan, behaviour, schedule, misses, state, sink, tally, diary, lives, member, cohort
        )
        if lived == NO_ROOM:
            return NO_ROOM
    return DONE
