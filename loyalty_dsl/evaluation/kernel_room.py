"""Room in limits that a return gives back in the kernel (LIMIT-8, LIMIT-11).

Invariant: no limit counts less than nothing, and a window that has passed is left as it is.
"""

# ruff: noqa: PLR0917 - compiled code passes by position

from loyalty_dsl.evaluation.kernel_cache import part
from loyalty_dsl.evaluation.kernel_calendar import years_since
from loyalty_dsl.evaluation.plan import (
    EVENT,
    LIMIT_CHOICES,
    LIMIT_CLOSED,
    LIMIT_FIELD,
    LIMIT_INDEX,
    LIMIT_OF,
    LIMIT_STRIDE,
    LIMIT_VALUE,
    LIMIT_WINDOW,
    MEMBERSHIP,
    NOT_JOINED,
    TIMES,
    USAGE_USED,
    USAGE_WINDOW,
    Plan,
    State,
)


@part
def give_room_back(
    plan: Plan,
    state: State,
    slot: int,
    on: int,
    day: int,
    joined: int,
    first: int,
    end: int,
    units: int,
    times: int,
    digits: int,
) -> None:
    """Gives room back under limits whose window is still that of the posting (LIMIT-8)."""
    for limit in range(first, end):
        column = plan.limits[limit, LIMIT_WINDOW]
        if column == EVENT:
            continue
        digit = digits // plan.limits[limit, LIMIT_STRIDE] % plan.limits[limit, LIMIT_CHOICES]
        if plan.limits[limit, LIMIT_FIELD] >= 0 and digit != plan.limits[limit, LIMIT_VALUE]:
            continue  # LIMIT-11
        if column == MEMBERSHIP:
            then = 0 if joined == NOT_JOINED else max(0, years_since(joined, on))
            now = 0 if joined == NOT_JOINED else years_since(joined, day)
        else:
            then = plan.days[on - plan.first_day, column]
            now = plan.days[day - plan.first_day, column]
        if then != now:
            continue
        usage = slot * len(plan.limits) + plan.limits[limit, LIMIT_INDEX]
        if state.usage[usage, USAGE_WINDOW] == now:
            paid = times if plan.limits[limit, LIMIT_OF] == TIMES else units
            back = min(paid, state.usage[usage, USAGE_USED])
            state.usage[usage, USAGE_USED] -= back
            if plan.limits[limit, LIMIT_CLOSED] >= 0:
                state.together[plan.limits[limit, LIMIT_CLOSED], day - plan.first_day] -= back
