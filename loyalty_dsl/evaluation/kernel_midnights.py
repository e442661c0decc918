"""What happens to a member at midnight, in the order of TIME-4, one due day after the other.

Invariant: everything due before `NEXT_DUE` has been done, but for light wallets, whose midnights nothing else
reads until the next of these days or events. Done lazily it gives what doing it every midnight would.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import apart, copied, part
from loyalty_dsl.evaluation.kernel_calendar import next_review
from loyalty_dsl.evaluation.kernel_counters import load_state, load_sums, roll_counters
from loyalty_dsl.evaluation.kernel_events import carry_out, next_of_clock, note_activity
from loyalty_dsl.evaluation.kernel_expiring import (
    expire_balance,
    expire_lots,
    find_due,
    mature_lots,
    pass_light_midnights,
)
from loyalty_dsl.evaluation.kernel_log import has_log_room
from loyalty_dsl.evaluation.kernel_lots import term_of
from loyalty_dsl.evaluation.kernel_membership import fees_so_far, renew, set_paid
from loyalty_dsl.evaluation.kernel_reach import note_audiences, note_level
from loyalty_dsl.evaluation.kernel_rewards import after_earning
from loyalty_dsl.evaluation.kernel_striking import mark_reached, mark_struck, set_reached, set_status_clocks
from loyalty_dsl.evaluation.kernel_tiers import ANEW, AT_REVIEW, AT_TERM, decide
from loyalty_dsl.evaluation.kernel_wallets import make_room, settle
from loyalty_dsl.evaluation.plan import (
    AMOUNT,
    AT_EVENT,
    BASKET,
    DONE,
    DUE,
    EVENT_DAY,
    HEAD,
    JOINED,
    LIGHT_DUE,
    LOT_EXPIRY,
    LOT_POLICY,
    MONTH,
    NEXT_DUE,
    NO_ROOM,
    SERIAL,
    TAIL,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_BY_AGE,
    ACCOUNT_COUNT,
    ACCOUNT_FORM,
    ACCOUNT_LIGHT,
    ACCOUNT_NEED,
    ACCOUNT_RESTART_LADDER,
    ACCOUNT_RESTART_LEVEL,
    ACCOUNT_UNIT,
    ANEW_DAY,
    ANEW_HONOURED,
    AT_DAY,
    AT_PAYMENT,
    AT_REACHED,
    CLOCK_FORM,
    CLOCK_KIND,
    COUNT_PREVIOUS,
    COUNT_VALUE,
    LADDER_ANEW,
    LADDER_ANEW_END,
    LADDER_REVIEW,
    NEXT_REVIEW,
    NO_GRANT,
    POLICY_OWN,
    STATUS,
    TERM_ENDS,
)


@copied
def has_room(plan: Plan, state: State, slot: int) -> bool:
    """Whether the wallets can take what one event or one midnight can post."""
    currencies = len(plan.currencies)
    capacity = state.lots.shape[1]
    for currency in range(currencies):
        account = slot * currencies + currency
        need = plan.of_state.accounts[currency, ACCOUNT_NEED]
        if state.wallets[account, TAIL] + need > capacity and not make_room(state, account, need):
            return False
    return has_log_room(plan, state, slot)


@apart
def pass_light(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Does the midnights of light wallets through `day`, which `LIGHT_DUE` says there are."""
    currencies = len(plan.currencies)
    due = NEVER
    for currency in range(currencies):
        account = slot * currencies + currency
        if plan.of_state.accounts[currency, ACCOUNT_LIGHT] != 0:
            if state.wallets[account, DUE] <= day:
                pass_light_midnights(plan, state, sink, slot, account, currency, day)
            due = min(due, state.wallets[account, DUE])
    state.members[slot, LIGHT_DUE] = due


@apart
def pass_midnights(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> int:
    """Does all midnight work due through `day`, but for light wallets after the last such day.

    Returns:
        `DONE`, or `NO_ROOM`: the midnights done so far stay done.
    """
    at_event = sink.notes[AT_EVENT]
    sink.notes[AT_EVENT] = -1
    code = DONE
    while state.members[slot, NEXT_DUE] <= day:
        if not has_room(plan, state, slot):
            code = NO_ROOM
            break
        due = state.members[slot, NEXT_DUE]
        state.members[slot, NEXT_DUE] = NEVER  # what is posted on the way may fall due
        _keep_eve(plan, state, slot, due)
        if state.members[slot, LIGHT_DUE] <= due:
            pass_light(plan, state, sink, slot, due)
        _pass_wallets(plan, state, sink, slot, due)
        _pass_terms(plan, state, sink, slot, due)
        _pass_clocks(plan, state, sink, slot, due)
        state.members[slot, NEXT_DUE] = _next_due(plan, state, slot)
    sink.notes[AT_EVENT] = at_event
    return code


@part
def _next_due(plan: Plan, state: State, slot: int) -> int:
    due = NEVER
    accounts = plan.of_state.accounts
    currencies = len(plan.currencies)
    for currency in range(currencies):
        if accounts[currency, ACCOUNT_LIGHT] == 0:
            due = min(due, state.wallets[slot * currencies + currency, DUE])
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        due = min(due, state.of_member.ladders[slot * ladders + ladder, TERM_ENDS])
        due = min(due, state.of_member.ladders[slot * ladders + ladder, NEXT_REVIEW])
    for clock in range(len(plan.of_state.clocks)):
        due = min(due, state.of_member.clocks[slot, clock])
    return due


@part
def _load_midnight(plan: Plan, state: State, slot: int, day: int) -> None:
    """Registers of a midnight: no event, and the state as of the day."""
    state.registers[BASKET] = 0
    state.registers[AMOUNT] = 0
    load_state(plan, state, slot, day, day)


@part
def _keep_eve(plan: Plan, state: State, slot: int, day: int) -> None:
    """Keeps what counters were on the day before, which the ends of terms and reviews ask (TIME-4): what is
    asked before them moves the counters on."""
    count = len(plan.of_state.counters)
    ladders = len(plan.of_state.ladders)
    if count * ladders == 0:
        return
    due = NEVER
    for ladder in range(slot * ladders, (slot + 1) * ladders):
        due = min(
            due, state.of_member.ladders[ladder, TERM_ENDS], state.of_member.ladders[ladder, NEXT_REVIEW]
        )
    if due > day:
        return
    roll_counters(plan, state, slot, day - 1)
    for counter in range(count):
        row = slot * count + counter
        state.of_member.eve[counter, 0] = state.of_member.counters[row, COUNT_VALUE]
        state.of_member.eve[counter, 1] = state.of_member.counters[row, COUNT_PREVIOUS]


@part
def _load_eve(plan: Plan, state: State, slot: int, day: int) -> None:
    """Registers of a midnight at which counters are read as of the day before."""
    _load_midnight(plan, state, slot, day)
    for counter in range(len(plan.of_state.counters)):
        state.registers[plan.first_counter + counter] = state.of_member.eve[counter, 0]
        state.registers[plan.first_previous + counter] = state.of_member.eve[counter, 1]
    if len(plan.sums) > 0:
        load_sums(state.registers, plan.sums, plan.sum_terms)


@part
def _pass_wallets(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Ranks MATURE, ISSUE, EXPIRE and INACTIVE of the wallets that are not light."""
    accounts = plan.of_state.accounts
    currencies = len(plan.currencies)
    row = day - plan.first_day
    month = plan.days[row, MONTH]
    matured = False
    any_due = False
    for currency in range(currencies):
        account = slot * currencies + currency
        if accounts[currency, ACCOUNT_LIGHT] == 0 and state.wallets[account, DUE] <= day:
            any_due = True
            by_age = accounts[currency, ACCOUNT_BY_AGE]
            if mature_lots(state.wallets, state.lots, sink.flows, account, by_age, month, day):
                matured = True
    if not any_due:
        return
    if matured and plan.issues != 0:
        _load_midnight(plan, state, slot, day)
        after_earning(plan, state, sink, slot, day, row)
        state.members[slot, SERIAL] += 1
        note_activity(plan, state, slot, day, -1)
    _load_midnight(plan, state, slot, day)
    for currency in range(currencies):
        account = slot * currencies + currency
        if accounts[currency, ACCOUNT_LIGHT] == 0 and state.wallets[account, DUE] <= day:
            expire_lots(plan, state, sink, slot, day, account, currency)
    for currency in range(currencies):
        account = slot * currencies + currency
        if accounts[currency, ACCOUNT_LIGHT] == 0 and state.wallets[account, DUE] <= day:
            expire_balance(plan, state, sink, slot, day, account, currency)
            find_due(
                state.wallets, state.lots, account, accounts[currency, ACCOUNT_FORM],
                accounts[currency, ACCOUNT_COUNT], accounts[currency, ACCOUNT_UNIT],
            )  # fmt: skip
            if state.wallets[account, DUE] <= day:  # it was kept, and is asked again (EXP-10)
                state.wallets[account, DUE] = day + 1


@part
def _pass_terms(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Rank TIER: the terms that end, then the reviews, of each ladder in declared order."""
    ladders = len(plan.of_state.ladders)
    loaded = False
    for turn in range(2 * ladders):
        ladder = turn % ladders
        at = slot * ladders + ladder
        occasion = AT_TERM if turn < ladders else AT_REVIEW
        due = state.of_member.ladders[at, TERM_ENDS if turn < ladders else NEXT_REVIEW]
        if due > day:
            continue
        if not loaded:
            _load_eve(plan, state, slot, day)
            loaded = True
        if occasion == AT_TERM:
            renew(plan, state, slot, ladder, day)
        state.registers[EVENT_DAY] = day - 1  # by the version of the windows that are read
        old = decide(plan, state, sink, slot, ladder, day, occasion, NO_GRANT)
        state.registers[EVENT_DAY] = day
        note_level(plan, state, slot, day - plan.first_day, ladder)
        if occasion == AT_REVIEW:
            review = plan.of_state.ladders[ladder, LADDER_REVIEW]
            state.of_member.ladders[at, NEXT_REVIEW] = next_review(review, day)
        set_status_clocks(plan, state, slot, day, ladder, old)
        restart_lots(plan, state, slot, day, ladder, old)


@part
def restart_lots(plan: Plan, state: State, slot: int, day: int, ladder: int, old: int) -> None:
    """Gives lots a new expiry where a ladder's status has just fallen below the level that does so (EXP)."""
    status = state.of_member.ladders[slot * len(plan.of_state.ladders) + ladder, STATUS]
    if status >= old:
        return
    currencies = len(plan.currencies)
    for currency in range(currencies):
        table = plan.of_state.accounts[currency]
        if table[ACCOUNT_RESTART_LADDER] != ladder:
            continue
        if old < table[ACCOUNT_RESTART_LEVEL] or status >= table[ACCOUNT_RESTART_LEVEL]:
            continue
        account = slot * currencies + currency
        row = day - plan.first_day
        for i in range(state.wallets[account, HEAD], state.wallets[account, TAIL]):
            policy = state.lots[account, i, LOT_POLICY]
            if plan.of_state.policies[policy, POLICY_OWN] == 0:
                state.lots[account, i, LOT_EXPIRY] = term_of(plan, state.registers, policy, row)
        settle(state.wallets, state.lots, account, table[ACCOUNT_BY_AGE])
        due = find_due(
            state.wallets, state.lots, account, table[ACCOUNT_FORM], table[ACCOUNT_COUNT], table[ACCOUNT_UNIT]
        )
        state.members[slot, NEXT_DUE] = min(state.members[slot, NEXT_DUE], due)


@part
def _pass_clocks(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Rank CLOCK: each clock that is due is an event without a basket, in declared order; those that
    one of them has just set come in their turn (CLOCK)."""
    clock = 0
    while clock < len(plan.of_state.clocks):
        if state.of_member.clocks[slot, clock] > day:
            clock += 1
            continue
        _load_midnight(plan, state, slot, day)
        note_audiences(plan, state, slot, day - plan.first_day)
        if plan.of_state.clocks[clock, CLOCK_FORM] == AT_REACHED:
            mark_struck(plan, state, slot, clock)
        elif len(plan.of_state.reaches) > 0:
            mark_reached(plan, state, slot)
        if plan.of_state.clocks[clock, CLOCK_FORM] == AT_DAY:
            _begin_anew(plan, state, sink, slot, day)
        kind = plan.of_state.clocks[clock, CLOCK_KIND]
        prices, no_items = state.declined[:0], state.items[:0]
        paid = fees_so_far(plan, sink, clock, day)
        carry_out(plan, state, sink, slot, day, day - plan.first_day, kind, prices, no_items, -1, 0)
        state.members[slot, SERIAL] += 1
        joined = state.members[slot, JOINED]
        state.of_member.clocks[slot, clock] = next_of_clock(
            plan.of_state.clocks, state.of_member.fields, slot, clock, joined, day
        )
        if plan.of_state.clocks[clock, CLOCK_FORM] == AT_PAYMENT:
            set_paid(plan, state, slot, clock, day, fees_so_far(plan, sink, clock, day) - paid)
        set_reached(plan, state, slot, day)
        clock = 0


@part
def _begin_anew(plan: Plan, state: State, sink: Sink, slot: int, day: int) -> None:
    """Decides the ladders that begin anew on this day (VERSION-6)."""
    ladders, anew = plan.of_state.ladders, plan.of_state.anew
    for ladder in range(len(ladders)):
        for row in range(ladders[ladder, LADDER_ANEW], ladders[ladder, LADDER_ANEW_END]):
            if anew[row, ANEW_DAY] == day:
                old = decide(plan, state, sink, slot, ladder, day, ANEW, anew[row, ANEW_HONOURED])
                note_level(plan, state, slot, day - plan.first_day, ladder)
                set_status_clocks(plan, state, slot, day, ladder, old)
                restart_lots(plan, state, slot, day, ladder, old)
