"""How a member reacts: it looks at where it stands, and comes sooner or later for it.

Invariants: a look reads the ledger and draws nothing, so a member has the same luck whatever it sees; it
multiplies the pace of the clock of purchases and the odds of redeeming, and changes nothing else. Between two
looks nothing of that moves.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_counters import load_state
from loyalty_dsl.evaluation.kernel_expiring import whole_balance_due
from loyalty_dsl.evaluation.plan import (
    AVAILABLE,
    HEAD,
    LOT_EXPIRY,
    LOT_UNITS,
    MONTH,
    PENDING,
    REDEEMED,
    TAIL,
    WEEK_START,
    Plan,
    Sink,
    State,
)
from loyalty_dsl.evaluation.plan_state import (
    ACCOUNT_COUNT,
    ACCOUNT_FORM,
    ACCOUNT_UNIT,
    COUNT_UNTIL,
    STATUS,
)
from loyalty_dsl.language.types import JOIN, PURCHASE
from loyalty_dsl.simulation import randomness
from loyalty_dsl.simulation.behaviour import (
    PROCESS_KIND,
    PROCESS_REGULARITY,
    PROCESS_RHYTHM,
    SEGMENT_END,
    SEGMENT_FIRST,
    Behaviour,
)
from loyalty_dsl.simulation.clock import GAP_MEAN, rescale_clock
from loyalty_dsl.simulation.lives import (
    AWARE,
    FELL_AT,
    FIRST_LEVEL_SEEN,
    HAS_HEAD_START,
    LIFE_JOINED,
    LIFE_NEXT_LOOK,
    LIFE_SEGMENT,
    OWN_LIFT,
    READINESS,
    REWARDED_AT,
    ROSE_AT,
    SEEN_MONTH,
    SEEN_UNITS,
    Lives,
)
from loyalty_dsl.simulation.randomness import draw_bits
from loyalty_dsl.simulation.reactions import (
    EACH_WEEK,
    FALL,
    FALL_DAYS,
    GOAL,
    GOAL_CURRENCY,
    GOAL_UNITS,
    HEAD_START,
    HEAVY,
    HEAVY_BELOW,
    LEAVING,
    LEAVING_DAYS,
    LIFT_DAYS,
    LIGHT,
    LIGHT_ABOVE,
    MODERATE,
    MOMENTUM,
    MOMENTUM_DAYS,
    PULL,
    PULL_ALL,
    PULL_COUNTER,
    PULL_DAYS,
    PULL_FACTOR,
    PULL_FROM,
    PULL_LADDER,
    PULL_LEVEL,
    PULL_NEEDED,
    PULL_TERMS,
    PULL_TERMS_END,
    PULL_UNTIL,
    RESET,
    RESET_DAYS,
    RISE,
    RISE_DAYS,
    RUSH,
    RUSH_AWARE,
    RUSH_DAYS,
    RUSH_ODDS,
)
from loyalty_dsl.simulation.sampling import exp, uniform

Floats = NDArray[np.float64]

_LONG_AGO = -1e12
_NO_LOOK = 1 << 40
_GONE = 40.0
"""An effect that has had so many times its own time is over: below 1e-17."""


@part
def begin_looks(plan: Plan, behaviour: Behaviour, lives: Lives, slot: int, time: float) -> None:
    """What a member that is born knows of itself: nothing has happened yet."""
    seen, numbers = lives.seen[slot], behaviour.reactions.numbers[lives.facts[slot, LIFE_SEGMENT]]
    for column in range(len(seen)):
        seen[column] = 0.0
    seen[REWARDED_AT] = seen[ROSE_AT] = seen[FELL_AT] = _LONG_AGO
    seen[SEEN_MONTH] = plan.days[int(time), MONTH]
    if uniform(draw_bits(lives.keys[slot], randomness.AWARE, 0)) < numbers[RUSH_AWARE]:
        seen[AWARE] = 1.0
    first = behaviour.slices[lives.facts[slot, LIFE_SEGMENT], SEGMENT_FIRST]
    if _buys(behaviour, lives, slot):
        gap = lives.clocks[slot, 0, GAP_MEAN] * behaviour.processes[first, PROCESS_REGULARITY]
        size = numbers[MODERATE]
        if gap > numbers[LIGHT_ABOVE]:
            size = numbers[LIGHT]
        elif gap < numbers[HEAVY_BELOW]:
            size = numbers[HEAVY]
        seen[OWN_LIFT] = size
    lives.facts[slot, LIFE_NEXT_LOOK] = _NO_LOOK
    if behaviour.reactions.looks == EACH_WEEK:
        week = plan.days[int(time), WEEK_START] - plan.first_day
        lives.facts[slot, LIFE_NEXT_LOOK] = week + 7


@part
def look(
    plan: Plan,
    behaviour: Behaviour,
    state: State,
    sink: Sink,
    lives: Lives,
    slot: int,
    time: float,
    kind: int,
) -> None:
    """A member sees where it stands, and its pace and readiness follow; all days through this one are done.

    Args:
        kind: of the event that has just happened; -1 for none.
    """
    numbers, seen = behaviour.reactions.numbers[lives.facts[slot, LIFE_SEGMENT]], lives.seen[slot]
    _note_rewards(plan, sink, seen, slot, time)
    _note_levels(plan, state, seen, slot, time)
    pace = _pace_of_goals(plan, behaviour, numbers, state, seen, slot, kind)
    since = time - seen[REWARDED_AT]
    pace *= 1.0 - numbers[RESET] * _left(since, numbers[RESET_DAYS])
    if since < numbers[MOMENTUM_DAYS]:
        pace *= 1.0 + numbers[MOMENTUM]
    pace *= 1.0 + numbers[RISE] * _left(time - seen[ROSE_AT], numbers[RISE_DAYS])
    pace *= 1.0 + numbers[FALL] * _left(time - seen[FELL_AT], numbers[FALL_DAYS])
    member_for = time - (lives.facts[slot, LIFE_JOINED] - plan.first_day)
    pace *= 1.0 + seen[OWN_LIFT] * _left(member_for, numbers[LIFT_DAYS])
    if len(behaviour.reactions.pulls) > 0:
        today = plan.first_day + int(time)
        pace *= 1.0 + numbers[PULL] * _way_to_level(plan, behaviour, numbers, state, slot, today)
    seen[READINESS] = 0.0
    rushes = False
    if seen[AWARE] != 0.0:
        last_day = plan.first_day + int(time + numbers[RUSH_DAYS])
        rushes = _expires_by(plan, state, slot, plan.first_day + int(time), last_day)
    if not rushes and len(behaviour.reactions.notices) > 0:
        rushes = _is_told(plan, behaviour, state, slot, plan.first_day + int(time), numbers[RUSH_DAYS])
    if rushes:
        pace *= 1.0 + numbers[RUSH]
        seen[READINESS] = numbers[RUSH_ODDS]
    if _buys(behaviour, lives, slot):
        process = behaviour.slices[lives.facts[slot, LIFE_SEGMENT], SEGMENT_FIRST]
        rescale_clock(
            lives.clocks[slot, 0], behaviour.intensity, behaviour.work,
            behaviour.processes[process, PROCESS_RHYTHM], time, pace,
        )  # fmt: skip


@part
def hazard_now(behaviour: Behaviour, segment: int, is_first: bool, since: float) -> float:
    """What a member's chance of leaving after a purchase is multiplied by, `since` days after the first."""
    numbers = behaviour.reactions.numbers[segment]
    return float(numbers[LEAVING]) if is_first and since < numbers[LEAVING_DAYS] else 1.0


@part
def _buys(behaviour: Behaviour, lives: Lives, slot: int) -> bool:
    """Whether the first of the member's processes is its purchases."""
    segment = lives.facts[slot, LIFE_SEGMENT]
    first = behaviour.slices[segment, SEGMENT_FIRST]
    if first == behaviour.slices[segment, SEGMENT_END]:
        return False
    return bool(behaviour.processes[first, PROCESS_KIND] == PURCHASE)


@part
def _left(since: float, days: float) -> float:
    """The share of an effect that is left after a time, which falls to 37% in `days`."""
    return exp(-since / days) if since < _GONE * days else 0.0


@part
def _note_rewards(plan: Plan, sink: Sink, seen: Floats, slot: int, time: float) -> None:
    """Notes a reward if units were redeemed since the last look."""
    currencies = len(plan.currencies)
    month = plan.days[int(time), MONTH]
    until_now = this_month = 0
    for account in range(slot * currencies, (slot + 1) * currencies):
        this_month += sink.flows[account, month, REDEEMED]
        for at in range(int(seen[SEEN_MONTH]), month + 1):
            until_now += sink.flows[account, at, REDEEMED]
    if until_now > seen[SEEN_UNITS]:
        seen[REWARDED_AT] = time
        seen[HAS_HEAD_START] = 0.0
    seen[SEEN_MONTH] = month
    seen[SEEN_UNITS] = this_month


@part
def _note_levels(plan: Plan, state: State, seen: Floats, slot: int, time: float) -> None:
    """Notes a level that was won or lost since the last look: the latest change counts alone."""
    ladders = len(plan.of_state.ladders)
    for ladder in range(ladders):
        status = state.of_member.ladders[slot * ladders + ladder, STATUS]
        before = seen[FIRST_LEVEL_SEEN + ladder]
        if status > before:
            seen[ROSE_AT] = time
            seen[FELL_AT] = _LONG_AGO
        elif status < before:
            seen[FELL_AT] = time
            seen[ROSE_AT] = _LONG_AGO
        seen[FIRST_LEVEL_SEEN + ladder] = status


@part
def _pace_of_goals(
    plan: Plan, behaviour: Behaviour, numbers: Floats, state: State, seen: Floats, slot: int, kind: int
) -> float:
    """The pace for how near the next reward is, and for a head start on the first."""
    goals = behaviour.reactions.goals
    currencies = len(plan.currencies)
    nearest = 0.0
    holds = given = False
    row = 0
    while row < len(goals):
        currency = goals[row, GOAL_CURRENCY]
        account = slot * currencies + currency
        balance = max(0, state.wallets[account, AVAILABLE])
        holds = holds or balance > 0
        given = given or balance + state.wallets[account, PENDING] > 0
        next_goal = 0
        while row < len(goals) and goals[row, GOAL_CURRENCY] == currency:
            if next_goal == 0 or next_goal < balance:
                next_goal = goals[row, GOAL_UNITS]
            row += 1
        if next_goal < balance:  # enough for the dearest: on the way to one more
            balance = (balance - 1) % next_goal + 1
        nearest = max(nearest, np.float64(balance) / next_goal)
    pace = 1.0 + numbers[GOAL] * nearest
    if kind == JOIN and given:
        seen[HAS_HEAD_START] = 1.0
    if seen[HAS_HEAD_START] != 0.0 and holds:
        pace *= 1.0 + numbers[HEAD_START]
    return float(pace)


@part
def _way_to_level(
    plan: Plan, behaviour: Behaviour, numbers: Floats, state: State, slot: int, day: int
) -> float:
    """The share of the way to the next level of a ladder whose window is about to end, the largest of all
    ladders; 0 where none is."""
    pulls, terms = behaviour.reactions.pulls, behaviour.reactions.terms
    load_state(plan, state, slot, day, day)
    ladders, counters = len(plan.of_state.ladders), len(plan.of_state.counters)
    largest = 0.0
    row = 0
    while row < len(pulls):
        ladder, level = pulls[row, PULL_LADDER], pulls[row, PULL_LEVEL]
        share = -1.0
        while row < len(pulls) and pulls[row, PULL_LADDER] == ladder and pulls[row, PULL_LEVEL] == level:
            if day < pulls[row, PULL_FROM] or day >= pulls[row, PULL_UNTIL]:
                row += 1
                continue
            number = 0
            ends = True
            for term in range(pulls[row, PULL_TERMS], pulls[row, PULL_TERMS_END]):
                counter = terms[term, PULL_COUNTER]
                number += state.registers[plan.first_counter + counter] * terms[term, PULL_FACTOR]
                until = state.of_member.counters[slot * counters + counter, COUNT_UNTIL]
                ends = ends and until - day <= numbers[PULL_DAYS]
            reached = np.float64(max(0, min(number, pulls[row, PULL_NEEDED]))) / pulls[row, PULL_NEEDED]
            if not ends:
                reached = 0.0
            if share < 0.0:
                share = reached
            elif pulls[row, PULL_ALL] != 0:
                share = min(share, reached)
            else:
                share = max(share, reached)
            row += 1
        if state.of_member.ladders[slot * ladders + ladder, STATUS] == level - 1:
            largest = max(largest, share)
    return largest


@part
def _expires_by(plan: Plan, state: State, slot: int, today: int, day: int) -> bool:
    """Whether units that the member holds expire through a day, as things stand. What is held beyond its day
    is kept by something, and so does not (EXP-10)."""
    currencies = len(plan.currencies)
    wallets, lots = state.wallets, state.lots
    for currency in range(currencies):
        account = slot * currencies + currency
        for lot in range(wallets[account, HEAD], wallets[account, TAIL]):
            if lots[account, lot, LOT_EXPIRY] <= day and lots[account, lot, LOT_UNITS] > 0:
                return True
        table = plan.of_state.accounts[currency]
        gone = whole_balance_due(
            wallets, lots, account, table[ACCOUNT_FORM], table[ACCOUNT_COUNT], table[ACCOUNT_UNIT]
        )  # fmt: skip
        if today < gone <= day:
            return True
    return False


@part
def _is_told(plan: Plan, behaviour: Behaviour, state: State, slot: int, today: int, within: float) -> bool:
    """Whether the member was told of units that it holds and that expire within so many days (NOTICE-3)."""
    currencies = len(plan.currencies)
    wallets, lots = state.wallets, state.lots
    for currency in range(currencies):
        day = today + min(behaviour.reactions.notices[currency], int(within))
        account = slot * currencies + currency
        for lot in range(wallets[account, HEAD], wallets[account, TAIL]):
            if lots[account, lot, LOT_EXPIRY] <= day and lots[account, lot, LOT_UNITS] > 0:
                return True
    return False
