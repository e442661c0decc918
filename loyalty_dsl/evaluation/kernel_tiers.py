"""Status in the kernel: deciding levels, granting them, and what happens when a term ends (TIER).

Invariants: the status of a ladder is its highest level of which a grant is live, and only rises but at a
midnight; of each level only the grant that lasts longest is kept, since no other can matter.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.calendar import NEVER
from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_calendar import PERIOD, add_duration, add_months, window_until
from loyalty_dsl.evaluation.kernel_code import holds
from loyalty_dsl.evaluation.plan import MONTH, Ints, Plan, Sink, State
from loyalty_dsl.evaluation.plan_state import (
    HOLD_FOR,
    HOLD_PAID,
    HOLD_THROUGH,
    LADDER_ARGUMENT,
    LADDER_COUNT,
    LADDER_EVER,
    LADDER_HOLD,
    LADDER_LEVELS,
    LADDER_LEVELS_END,
    LADDER_ONE_LEVEL,
    LADDER_UNIT,
    LADDER_WINDOW,
    NO_GRANT,
    STATUS,
    TERM_ENDS,
)

AT_EVENT, AT_TERM, AT_REVIEW, AT_RECHECK, ANEW = range(5)
"""On what occasion a ladder is decided."""


@apart
def decide(
    plan: Plan,
    state: State,
    sink: Sink,
    slot: int,
    ladder: int,
    day: int,
    occasion: int,
    honoured: int,
) -> int:
    """Decides one ladder of a member on a day (TIER-2 on); the registers hold the facts.

    Args:
        honoured: the last day through which the level held is granted where the ladder begins anew;
            `NO_GRANT` otherwise.

    Returns:
        The status before.
    """
    table, levels, registers = plan.of_state.ladders, plan.of_state.levels, state.registers
    ladders, grants = state.of_member.ladders, state.of_member.grants
    row = slot * len(table) + ladder
    first = table[ladder, LADDER_LEVELS]
    old: int = ladders[row, STATUS]
    earned = 0
    for level in range(table[ladder, LADDER_LEVELS_END] - 1 - first, 0, -1):
        if holds(plan.code, registers, levels[first + level]):
            earned = level
            break
    held = old
    if occasion == AT_RECHECK and earned < old and table[ladder, LADDER_HOLD] != HOLD_PAID:
        for level in range(earned + 1, table[ladder, LADDER_LEVELS_END] - first):
            grants[slot, first + level] = min(grants[slot, first + level], day - 1)
    if occasion == ANEW:
        for level in range(1, table[ladder, LADDER_LEVELS_END] - first):
            grants[slot, first + level] = min(grants[slot, first + level], day - 1)
        if old > 0 and honoured != NO_GRANT:
            grants[slot, first + old] = max(grants[slot, first + old], honoured)
        held = 0
    if occasion in (AT_RECHECK, AT_TERM):
        held = highest(grants, slot, first, table[ladder, LADDER_LEVELS_END], day)
    hold = table[ladder, LADDER_HOLD]
    count, unit = table[ladder, LADDER_COUNT], table[ladder, LADDER_UNIT]
    ever = table[ladder, LADDER_EVER] != 0
    if hold == HOLD_THROUGH:
        if earned > 0:
            through = plan.of_state.hold_days[day - plan.first_day, ladder]
            if occasion == AT_TERM:  # reads the window that has just closed
                end = window_until(table[ladder, LADDER_WINDOW], table[ladder, LADDER_ARGUMENT], day - 1, 0)
                through = add_duration(end, count, unit) - 1
            grants[slot, first + earned] = NEVER if ever else max(grants[slot, first + earned], through)
    elif earned > held or (earned > 0 and occasion == AT_REVIEW and earned == held):
        through = NEVER if ever else plan.of_state.hold_days[day - plan.first_day, ladder]
        grants[slot, first + earned] = max(grants[slot, first + earned], through)
    status = highest(grants, slot, first, table[ladder, LADDER_LEVELS_END], day)
    if occasion == AT_TERM and table[ladder, LADDER_ONE_LEVEL] != 0 and status < old - 1:
        if hold == HOLD_FOR:
            through = add_duration(day, count, unit) - 1
        else:
            window = table[ladder, LADDER_WINDOW]
            months = table[ladder, LADDER_ARGUMENT] // 16
            through = (add_months(day, months) if window == PERIOD else add_duration(day, 1, window)) - 1
        status = old - 1
        grants[slot, first + status] = max(grants[slot, first + status], through)
    ends = NEVER
    if status > 0 and grants[slot, first + status] != NEVER:
        ends = grants[slot, first + status] + 1
    ladders[row, TERM_ENDS] = ends
    if status != old:
        ladders[row, STATUS] = status
        registers[plan.first_status + ladder] = status
        month = plan.days[day - plan.first_day, MONTH]
        sink.of_state.levels[month, first + old] -= 1
        sink.of_state.levels[month, first + status] += 1
        sink.of_state.moves[month, first + old, first + status] += 1
    return old


@part
def highest(grants: Ints, slot: int, first: int, end: int, day: int) -> int:
    """The highest level with a live grant, counted from the ladder's `first`."""
    for level in range(end - 1, first, -1):
        if grants[slot, level] >= day:
            return level - first
    return 0
