"""The steps of an event in the kernel, which are those of a clock's midnight too (EVENT-1).

Invariant: the registers hold the event and the member's state as of just before it when the steps begin.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.events import REDEEM
from loyalty_dsl.evaluation.kernel_cache import copied, part
from loyalty_dsl.evaluation.kernel_calendar import (
    PERIOD,
    add_duration,
    add_months,
    next_review,
    window_until,
    years_since,
)
from loyalty_dsl.evaluation.kernel_counters import (
    load_changed,
    load_moved,
    load_state,
    measure_earned,
    measure_moves,
    move_counters,
    roll_counters,
)
from loyalty_dsl.evaluation.kernel_earning import earn
from loyalty_dsl.evaluation.kernel_log import remember
from loyalty_dsl.evaluation.kernel_reach import note_level
from loyalty_dsl.evaluation.kernel_rewards import after_earning, use_rewards
from loyalty_dsl.evaluation.kernel_striking import set_status_clocks
from loyalty_dsl.evaluation.kernel_tiers import AT_EVENT, decide
from loyalty_dsl.evaluation.kernel_uncounting import count_earlier, counted_on
from loyalty_dsl.evaluation.plan import (
    ACTIVE,
    BASKET,
    DONE,
    FINAL,
    JOINED,
    KIND_HAS_AMOUNT,
    MONTH,
    NEXT_DUE,
    NOT_JOINED,
    Ints,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_FORM,
    ACTIVITY_EARNING,
    AFTER_ACTIVITY,
    AT_DATE,
    AT_DAY,
    AT_JOINING,
    AT_LATER,
    AT_MONTH,
    CLOCK_ARGUMENT,
    CLOCK_COUNT,
    CLOCK_FORM,
    CLOCK_UNIT,
    FIRST_ACTIVITY,
    LADDER_BEFORE,
    LADDER_LEVELS,
    LADDER_REVIEW,
    NEXT_REVIEW,
    NO_GRANT,
    TERM_ENDS,
)
from loyalty_dsl.language.types import NO_DATE


@copied
def carry_out(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    day: int,
    row: int,
    kind: int,
    prices: Ints,
    item_fields: Ints,
    reward: int,
    quantity: int,
) -> int:
    """Steps 2 to 10 of an event, or of a clock's midnight.

    Returns:
        `DONE`, or why the chosen reward was refused.
    """
    refused = use_rewards(plan, state, sink, slot, day, row, kind, prices, item_fields, reward, quantity)
    if kind == REDEEM and refused != DONE:
        return refused
    first = plan.of_state.kind_moves[kind, 0] if kind >= 0 else 0
    end = plan.of_state.kind_moves[kind, 1] if kind >= 0 else 0
    joins = state.members[slot, JOINED] == NOT_JOINED and (
        kind < plan.of_state.friend_kinds or kind >= plan.of_state.friend_kinds_end
    )
    if joins:
        join_member(plan, state, sink, slot, day)
        roll_counters(plan, state, slot, day)
    if end > first or plan.of_state.upgrade_before != 0:
        measure_moves(plan, state, first, end, prices, item_fields)
    if plan.of_state.upgrade_before != 0:
        load_moved(plan, state, 1)
        decide_ladders(plan, state, sink, slot, day, True)
        load_moved(plan, state, -1)
    if kind >= 0:
        earn(plan, state, sink, slot, day, row, kind, prices, item_fields)
    may_return = plan.of_state.returns != 0 and sink.notes[FINAL] == 0
    if may_return and kind >= 0 and plan.kinds[kind, KIND_HAS_AMOUNT] != 0:
        basket = state.registers[BASKET]
        remember(plan, state, sink, slot, day, row, kind, basket, first, end, prices, item_fields)
    counted = day
    if end > first:
        measure_earned(plan, state, first, end)
        counted = counted_on(plan, state, day, kind)
        if counted < day:
            count_earlier(plan, state, slot, counted)
        else:
            move_counters(plan, state, slot, day)
    if len(plan.of_state.ladders) > 0 or plan.issues != 0:
        if joins or counted < day:  # windows that have closed may have changed, too
            load_state(plan, state, slot, day, day)
        else:
            load_changed(plan, state, slot)
        decide_ladders(plan, state, sink, slot, day, False)
        if plan.issues != 0:
            after_earning(plan, state, sink, slot, day, row)
    note_activity(plan, state, slot, day, kind)
    return refused


@part
def decide_ladders(plan: Plan, state: State, sink: Sink, slot: int, day: int, before: bool) -> None:
    """Decides the ladders at an event, or only those that are decided before it (TIER)."""
    if state.members[slot, JOINED] == NOT_JOINED:
        return
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        if before and plan.of_state.ladders[ladder, LADDER_BEFORE] == 0:
            continue
        old = decide(plan, state, sink, slot, ladder, day, AT_EVENT, NO_GRANT)
        if len(plan.of_state.clocks) > 0:
            set_status_clocks(plan, state, slot, day, ladder, old)
        note_level(plan, state, slot, day - plan.first_day, ladder)
        ends = state.of_member.ladders[slot * ladders + ladder, TERM_ENDS]
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], ends)


@copied
def note_activity(plan: Plan, state: State, slot: int, day: int, kind: int) -> None:
    """Restarts the clocks of balances by what has just happened (step 10), and forgets it."""
    if plan.of_state.watches_activity != 0:
        _restart_clocks(
            plan.of_state.accounts, plan.of_state.activity, plan.rewards, state.of_member.used,
            state.of_member.earned, state.wallets, slot, day, kind,
        )  # fmt: skip


@part
def _restart_clocks(
    accounts: Ints,
    activity: Ints,
    rewards: Ints,
    used: Ints,
    earned: Ints,
    wallets: Ints,
    slot: int,
    day: int,
    kind: int,
) -> None:
    kinds = activity.shape[1] - FIRST_ACTIVITY - len(rewards)
    for currency in range(len(accounts)):
        if accounts[currency, ACCOUNT_FORM] == AFTER_ACTIVITY:
            active = kind >= 0 and activity[currency, FIRST_ACTIVITY + kind] != 0
            if activity[currency, ACTIVITY_EARNING] != 0 and earned[currency] != 0:
                active = True
            for reward in range(len(rewards)):
                if used[reward] != 0 and activity[currency, FIRST_ACTIVITY + kinds + reward] != 0:
                    active = True
            if active:
                wallets[slot * len(accounts) + currency, ACTIVE] = day
        earned[currency] = 0
    for reward in range(len(rewards)):
        used[reward] = 0


@part
def join_member(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Makes a day the joined day (JOIN-1): clocks and reviews begin after it."""
    state.members[slot, JOINED] = day
    if len(plan.of_state.clocks) + len(plan.of_state.ladders) > 0:
        start_clocks(plan, state, sink, slot, day)


@part
def start_clocks(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Sets when clocks are due and ladders are reviewed of somebody who joins, and counts the levels held."""
    due = state.members[slot, NEXT_DUE]
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        review = next_review(plan.of_state.ladders[ladder, LADDER_REVIEW], day)
        state.of_member.ladders[slot * ladders + ladder, NEXT_REVIEW] = review
        due = min(due, review)
        month = plan.days[max(day - plan.first_day, 0), MONTH]
        sink.of_state.levels[month, plan.of_state.ladders[ladder, LADDER_LEVELS]] += 1
        note_level(plan, state, slot, day - plan.first_day, ladder)
    for clock in range(len(plan.of_state.clocks)):
        at = next_of_clock(plan.of_state.clocks, state.of_member.fields, slot, clock, day, day)
        state.of_member.clocks[slot, clock] = at
        due = min(due, at)
    state.members[slot, NEXT_DUE] = due


@part
def next_of_clock(clocks: Ints, fields: Ints, slot: int, clock: int, joined: int, day: int) -> int:
    """The first day after `day` on which a clock is due (CLOCK); `NEVER` if it has no date."""
    form, argument = clocks[clock, CLOCK_FORM], clocks[clock, CLOCK_ARGUMENT]
    if form in (AT_DATE, AT_JOINING):
        date = joined if form == AT_JOINING else fields[slot, argument]
        if date == NO_DATE:
            return NEVER
        return add_months(date, 12 * max(1, years_since(date, day) + 1))
    if form == AT_LATER:
        due = add_duration(joined, clocks[clock, CLOCK_COUNT], clocks[clock, CLOCK_UNIT])
        return due if due > day else NEVER
    if form == AT_DAY:
        return argument if argument > day else NEVER
    if form > AT_JOINING:  # set by what happens, not by the calendar
        return NEVER
    later: int = clocks[clock, CLOCK_COUNT]
    kind, period = (PERIOD, argument) if form == AT_MONTH else (argument, 0)
    return later + window_until(kind, period, day - later, 0)
