"""Paid memberships in the kernel: taking one, ending it, renewals and trials (FEE).

Invariant: while a membership renews, its clock is due on the day after the last one of the status. The mark
of the clock is the day that terms are counted from, and how many of them have been charged.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_calendar import add_months
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.kernel_counters import load_changed
from loyalty_dsl.evaluation.kernel_reach import note_level, note_touch
from loyalty_dsl.evaluation.kernel_striking import set_clock, set_status_clocks
from loyalty_dsl.evaluation.kernel_tiers import AT_EVENT, decide
from loyalty_dsl.evaluation.plan import MONTH, NEXT_DUE, REWARD_USES, Ints, Plan, Sink, State
from loyalty_dsl.evaluation.plan_state import (
    AT_PAYMENT,
    CLOCK_ARGUMENT,
    CLOCK_FORM,
    LADDER_LEVELS,
    MARK_PAID,
    MARK_PAID_ON,
    MARK_REACHED,
    MARK_USED,
    MARK_WINDOW,
    NO_GRANT,
    PAY_CANCEL,
    PAY_LADDER,
    PAY_MONTHS,
    PAY_PLANS,
    PAY_SUBSCRIBE,
    PAY_TRIAL,
    PAY_TRIAL_MONTHS,
    REACH_FIRST,
    REACH_REGISTER,
    REFUND_BUSINESS,
    REFUND_DAYS,
    REFUND_LESS,
    REFUND_UNLESS,
    REFUND_WIDTH,
    STATUS,
    TERM_ENDS,
)


@part
def _terms_at(plan: Plan, clock: int) -> int:
    """Where the terms of a membership begin in `thresholds`."""
    at: int = plan.of_state.reaches[plan.of_state.clocks[clock, CLOCK_ARGUMENT], REACH_FIRST]
    return at


@part
def _trials(terms: Ints, at: int) -> int:
    """How many of the levels are trials."""
    plans: int = terms[at + PAY_PLANS]
    return plans if terms[at + PAY_TRIAL] > 0 else 0


@part
def _term_end(plan: Plan, state: State, slot: int, clock: int, of: int) -> int:
    """The day after the term of a plan that is paid for next."""
    row = slot * len(plan.of_state.clocks) + clock
    start, charged = state.of_member.marks[row, MARK_WINDOW], state.of_member.marks[row, MARK_REACHED]
    months = plan.of_state.thresholds[_terms_at(plan, clock) + PAY_MONTHS + of]
    return add_months(start, (charged + 1) * months)


@part
def _plan_held(plan: Plan, state: State, slot: int, clock: int) -> int:
    """The plan of the status, by its position."""
    at = _terms_at(plan, clock)
    ladder, plans = plan.of_state.thresholds[at + PAY_LADDER], plan.of_state.thresholds[at + PAY_PLANS]
    status: int = state.of_member.ladders[slot * len(plan.of_state.ladders) + ladder, STATUS]
    of: int = (status - 1) % plans
    return of


@part
def renew(plan: Plan, state: State, slot: int, ladder: int, day: int) -> None:
    """Grants the plan of the status for one term more, if a term of it ends on this day and is renewed."""
    for clock in range(len(plan.of_state.clocks)):
        if (
            plan.of_state.clocks[clock, CLOCK_FORM] != AT_PAYMENT
            or state.of_member.clocks[slot, clock] != day
        ):
            continue
        at = _terms_at(plan, clock)
        if plan.of_state.thresholds[at + PAY_LADDER] != ladder:
            continue
        of = _plan_held(plan, state, slot, clock)
        when = plan.of_state.thresholds[at + PAY_MONTHS + plan.of_state.thresholds[at + PAY_PLANS] + of]
        if not holds(plan.code, state.registers, when):
            state.of_member.clocks[slot, clock] = NEVER
            continue
        level = plan.of_state.ladders[ladder, LADDER_LEVELS] + 1 + _trials(plan.of_state.thresholds, at) + of
        through = _term_end(plan, state, slot, clock, of) - 1
        state.of_member.grants[slot, level] = max(state.of_member.grants[slot, level], through)


@part
def fees_so_far(plan: Plan, sink: Sink, clock: int, day: int) -> int:
    """The fees of a membership in the sums of a day's month; 0 of another clock."""
    if plan.of_state.clocks[clock, CLOCK_FORM] != AT_PAYMENT:
        return 0
    terms, at = plan.of_state.thresholds, _fees_at(plan, clock)
    month = plan.days[day - plan.first_day, MONTH]
    paid = 0
    for fee in range(terms[at]):
        paid += terms[at + 2 + 2 * fee] * sink.rewards[terms[at + 1 + 2 * fee], month, REWARD_USES]
    return paid


@part
def _fees_at(plan: Plan, clock: int) -> int:
    """Where the fees of a membership begin in `thresholds`."""
    at = _terms_at(plan, clock)
    behind: int = at + PAY_MONTHS + 2 * plan.of_state.thresholds[at + PAY_PLANS]
    return behind


@part
def _used_by_now(plan: Plan, state: State, clock: int) -> int:
    """The counter that refunds ask, as the registers have it; 0 where they ask none."""
    register = plan.of_state.reaches[plan.of_state.clocks[clock, CLOCK_ARGUMENT], REACH_REGISTER]
    used: int = state.registers[register] if register >= 0 else 0
    return used


@part
def set_paid(plan: Plan, state: State, slot: int, clock: int, day: int, paid: int) -> None:
    """Counts the payment that was made, and sets the clock of the next one.

    Args:
        paid: the fee.
    """
    due = _term_end(plan, state, slot, clock, _plan_held(plan, state, slot, clock))
    mark = slot * len(plan.of_state.clocks) + clock
    state.of_member.marks[mark, MARK_REACHED] += 1
    state.of_member.marks[mark, MARK_PAID_ON] = day
    state.of_member.marks[mark, MARK_PAID] = paid
    state.of_member.marks[mark, MARK_USED] = _used_by_now(plan, state, clock)
    state.of_member.clocks[slot, clock] = due


@apart
def follow_memberships(
    plan: Plan, state: State, sink: Sink, slot: int, day: int, kind: int, fields: Ints
) -> None:
    """Takes or ends what an event takes or ends."""
    for clock in range(len(plan.of_state.clocks)):
        if plan.of_state.clocks[clock, CLOCK_FORM] != AT_PAYMENT:
            continue
        at = _terms_at(plan, clock)
        if kind == plan.of_state.thresholds[at + PAY_CANCEL]:
            if state.of_member.clocks[slot, clock] != NEVER:
                _give_back(plan, state, sink, slot, day, clock)
            state.of_member.clocks[slot, clock] = NEVER
        elif kind == plan.of_state.thresholds[at + PAY_SUBSCRIBE]:
            _subscribe(plan, state, sink, slot, day, clock, fields[0])


@part
def _give_back(plan: Plan, state: State, sink: Sink, slot: int, day: int, clock: int) -> None:
    """Gives back what the first line that holds says, which ends the membership with this day (FEE-7)."""
    terms, at, fees = plan.of_state.thresholds, _terms_at(plan, clock), _fees_at(plan, clock)
    refund = fees + 1 + 2 * terms[fees]
    reward = terms[refund]
    mark = slot * len(plan.of_state.clocks) + clock
    ladder = terms[at + PAY_LADDER]
    row = slot * len(plan.of_state.ladders) + ladder
    level = state.of_member.ladders[row, STATUS]
    paid, since = state.of_member.marks[mark, MARK_PAID], state.of_member.marks[mark, MARK_PAID_ON]
    if reward < 0 or paid == 0 or level <= _trials(terms, at):
        return
    load_changed(plan, state, slot)
    used = max(0, _used_by_now(plan, state, clock) - state.of_member.marks[mark, MARK_USED])
    for number in range(terms[refund + 1]):
        line = refund + 2 + REFUND_WIDTH * number
        passed = day - since
        if terms[line + REFUND_BUSINESS] != 0:
            passed = _weekdays_through(day) - _weekdays_through(since)
        if (terms[line + REFUND_DAYS] >= 0 and passed > terms[line + REFUND_DAYS]) or (
            terms[line + REFUND_UNLESS] != 0 and used > 0
        ):
            continue
        back = max(0, paid - used) if terms[line + REFUND_LESS] != 0 else paid
        if back == 0:
            return
        month = plan.days[day - plan.first_day, MONTH]
        note_touch(state, slot, month, len(plan.rules) + reward)
        sink.rewards[reward, month, REWARD_USES] += back
        state.of_member.marks[mark, MARK_PAID] = 0
        state.of_member.grants[slot, plan.of_state.ladders[ladder, LADDER_LEVELS] + level] = day
        state.of_member.ladders[row, TERM_ENDS] = day + 1
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], day + 1)
        return


@part
def _weekdays_through(day: int) -> int:
    """Mondays to Fridays through a day, from some Monday on."""
    weeks = (day + 3) // 7
    return 5 * weeks + min(day + 3 - 7 * weeks + 1, 5)


@part
def _subscribe(plan: Plan, state: State, sink: Sink, slot: int, day: int, clock: int, of: int) -> None:
    terms, at = plan.of_state.thresholds, _terms_at(plan, clock)
    ladder = terms[at + PAY_LADDER]
    first = plan.of_state.ladders[ladder, LADDER_LEVELS]
    row = slot * len(plan.of_state.ladders) + ladder
    mark = slot * len(plan.of_state.clocks) + clock
    if state.of_member.ladders[row, STATUS] > 0:
        if state.of_member.clocks[slot, clock] == NEVER:
            end = state.of_member.ladders[row, TERM_ENDS]
            state.of_member.marks[mark, MARK_WINDOW] = end
            state.of_member.marks[mark, MARK_REACHED] = 0
            set_clock(state, slot, clock, end)
        return
    trials, trial = _trials(terms, at), terms[at + PAY_TRIAL]
    last = NO_GRANT
    for level in range(first + 1, first + 1 + trials):
        last = max(last, state.of_member.grants[slot, level])
    tries = trials > 0
    if tries and last != NO_GRANT:
        tries = add_months(last + 1 - trial, terms[at + PAY_TRIAL_MONTHS]) <= day
    start = day + trial if tries else day
    level = first + 1 + of if tries else first + 1 + trials + of
    through = start - 1 if tries else add_months(day, terms[at + PAY_MONTHS + of]) - 1
    state.of_member.grants[slot, level] = max(state.of_member.grants[slot, level], through)
    state.of_member.marks[mark, MARK_WINDOW] = start
    state.of_member.marks[mark, MARK_REACHED] = 0
    old = decide(plan, state, sink, slot, ladder, day, AT_EVENT, NO_GRANT)
    set_status_clocks(plan, state, slot, day, ladder, old)
    note_level(plan, state, slot, day - plan.first_day, ladder)
    ends = state.of_member.ladders[row, TERM_ENDS]
    state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], ends)
    set_clock(state, slot, clock, start)
