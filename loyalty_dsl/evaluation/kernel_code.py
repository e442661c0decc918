"""How the kernel reads a plan: conditions, limits, rounding and the items that a filter lets through.

Invariant: nothing here writes, except `count_use`, which counts what was paid against limits.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import copied, part
from loyalty_dsl.evaluation.plan import (
    ALWAYS,
    AT_LEAST,
    AT_MOST,
    DAY_OF_MONTH,
    DAY_REACHED,
    EQUAL,
    HALF_UP,
    IF_FALSE,
    IF_TRUE,
    LEFT,
    LESS,
    LIMIT_CLOSED,
    LIMIT_FIELD,
    LIMIT_IF,
    LIMIT_INDEX,
    LIMIT_MOST,
    LIMIT_OF,
    LIMIT_REFUSES,
    LIMIT_VALUE,
    LIMIT_WINDOW,
    MEMBERSHIP,
    MEMBERSHIP_YEAR,
    MONTH_NUMBER,
    MORE,
    NOT_JOINED,
    RIGHT,
    SERIAL,
    TEST,
    TIMES,
    UP,
    USAGE_USED,
    USAGE_WINDOW,
    Ints,
    Plan,
    State,
)

UNLIMITED = 2**62


@part
def decide(code: Ints, registers: Ints, line: int) -> int:
    """Where the code that starts at `line` ends on the registers: `ALWAYS`, `NOT_MET` or a leaf's code."""
    while line >= 0:
        test = code[line, TEST]
        left = registers[code[line, LEFT]]
        right = registers[code[line, RIGHT]]
        if test == EQUAL:
            true = left == right
        elif test == AT_LEAST:
            true = left >= right
        elif test == LESS:
            true = left < right
        elif test == AT_MOST:
            true = left <= right
        elif test == MORE:
            true = left > right
        else:
            true = 0 <= left < 63 and (right >> left) & 1 == 1
        line = code[line, IF_TRUE] if true else code[line, IF_FALSE]
    return line


@copied
def holds(code: Ints, registers: Ints, line: int) -> bool:
    """Whether the condition whose first line is `line` holds on the registers."""
    return line == ALWAYS or decide(code, registers, line) == ALWAYS


@copied
def on_dates(plan: Plan, row: int, bit: int) -> bool:
    """Whether the day's bit for a rule or reward is set; one without dates has `bit` -1."""
    if bit < 0:
        return True
    word: int = plan.days[row, plan.dates_column + bit // 62]
    return (word >> (bit % 62)) & 1 == 1


@copied
def whole_units(units: int, parts: int, denominator: int, rounding: int) -> int:
    """Rounds units + parts / denominator, where 0 <= parts < denominator (NUM-3)."""
    if rounding == HALF_UP:
        return units + (1 if parts >= denominator - parts else 0)
    if rounding == UP:
        return units + (1 if parts > 0 else 0)
    return units


@part
def membership_year(plan: Plan, row: int, joined: int) -> int:
    """Whole years of membership on a day (TIME-2); 0 for somebody who has not joined."""
    if joined == NOT_JOINED or joined < plan.first_day:
        return 0
    then = joined - plan.first_day
    months: int = plan.days[row, MONTH_NUMBER] - plan.days[then, MONTH_NUMBER]
    if plan.days[row, DAY_REACHED] < plan.days[then, DAY_OF_MONTH]:
        months -= 1
    return months // 12


@part
def window_of(plan: Plan, state: State, slot: int, row: int, limit: int) -> int:
    """What identifies the window of a limit that this event falls in (LIMIT-3)."""
    column = plan.limits[limit, LIMIT_WINDOW]
    if column >= 0:
        window: int = plan.days[row, column]
    elif column == MEMBERSHIP:
        window = state.registers[MEMBERSHIP_YEAR]
    else:
        window = state.members[slot, SERIAL]
    return window


@part
def is_of_event(plan: Plan, registers: Ints, limit: int) -> bool:
    """Whether a limit counts what is paid at this event: one for a value of a field, only with that value
    (LIMIT-11)."""
    field = plan.limits[limit, LIMIT_FIELD]
    counts: bool = field < 0 or registers[field] == plan.limits[limit, LIMIT_VALUE]
    return counts


@part
def room_of(plan: Plan, state: State, slot: int, row: int, limit: int) -> int:
    """What is left of one limit in its window; the registers hold the event, and a limit whose condition
    does not hold leaves everything (LIMIT-10)."""
    if not is_of_event(plan, state.registers, limit):
        return UNLIMITED
    if not holds(plan.code, state.registers, plan.limits[limit, LIMIT_IF]):
        return UNLIMITED
    closed = plan.limits[limit, LIMIT_CLOSED]
    if closed >= 0:  # LIMIT-9
        return 0 if plan.closed[closed, row] != 0 else UNLIMITED
    usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
    used = state.usage[usage, USAGE_USED]
    if state.usage[usage, USAGE_WINDOW] != window_of(plan, state, slot, row, limit):
        used = 0
    left: int = max(0, plan.limits[limit, LIMIT_MOST] - used)
    return left


@part
def fitting(plan: Plan, state: State, slot: int, row: int, first: int, end: int, wanted: int) -> int:
    """The part of a posting that limits `first` to `end` let through (LIMIT-4); 0 if one that refuses would
    cut it (LIMIT-7)."""
    units = wanted
    for limit in range(first, end):
        left = room_of(plan, state, slot, row, limit)
        if plan.limits[limit, LIMIT_OF] == TIMES:
            left = UNLIMITED if left > 0 else 0
        elif plan.limits[limit, LIMIT_REFUSES] != 0 and left < wanted:
            left = 0
        units = min(units, left)
    return units


@part
def room_for_use(plan: Plan, state: State, slot: int, row: int, first: int, end: int, off: int) -> bool:
    """Whether limits `first` to `end` let a reward be used once for `off` of money (REDEEM-5)."""
    for limit in range(first, end):
        needed = 1 if plan.limits[limit, LIMIT_OF] == TIMES else off
        if room_of(plan, state, slot, row, limit) < needed:
            return False
    return True


@part
def count_use(
    plan: Plan, state: State, slot: int, row: int, first: int, end: int, units: int, times: int
) -> None:
    """Counts what was paid against limits `first` to `end` (LIMIT-2); negative amounts take it back."""
    for limit in range(first, end):
        if not is_of_event(plan, state.registers, limit):
            continue
        usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
        window = window_of(plan, state, slot, row, limit)
        if state.usage[usage, USAGE_WINDOW] != window:
            state.usage[usage, USAGE_WINDOW] = window
            state.usage[usage, USAGE_USED] = 0
        paid = times if plan.limits[limit, LIMIT_OF] == TIMES else units
        state.usage[usage, USAGE_USED] += paid
        if plan.limits[limit, LIMIT_CLOSED] >= 0:
            state.together[plan.limits[limit, LIMIT_CLOSED], row] += paid
