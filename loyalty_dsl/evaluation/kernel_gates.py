"""Gates in the kernel: what refuses an event or a use of a reward, and the last days of times (GATE).

Invariant: the registers hold the event and the member when a gate is asked; nothing is changed but registers.
"""

from loyalty_dsl.evaluation.kernel_cache import apart, part
from loyalty_dsl.evaluation.kernel_calendar import add_duration, window_until
from loyalty_dsl.evaluation.kernel_code import decide
from loyalty_dsl.evaluation.plan import DONE, FIRST_GATE, FIRST_LEAF, NOT_MET, Ints, Plan
from loyalty_dsl.evaluation.plan_state import (
    DEADLINE_ARGUMENT,
    DEADLINE_COUNT,
    DEADLINE_OF,
    DEADLINE_REGISTER,
    DEADLINE_UNIT,
    DEADLINE_WINDOW,
    NO_WINDOW,
    WEEKDAYS,
)
from loyalty_dsl.language.types import NO_DATE


@part
def gate_of(plan: Plan, registers: Ints, line: int) -> int:
    """The code of the gate that refuses, or `DONE`.

    Args:
        line: where the decision starts.
    """
    end = line if line < 0 else decide(plan.code, registers, line)
    return DONE if end == NOT_MET else FIRST_GATE + FIRST_LEAF - end


@apart
def load_deadlines(registers: Ints, deadlines: Ints) -> None:
    """Works out the last days that conditions compare with; the registers hold the dates."""
    for i in range(len(deadlines)):
        date = registers[deadlines[i, DEADLINE_OF]]
        last = NO_DATE
        if date != NO_DATE:
            last = _last_day(
                date, deadlines[i, DEADLINE_WINDOW], deadlines[i, DEADLINE_ARGUMENT],
                deadlines[i, DEADLINE_COUNT], deadlines[i, DEADLINE_UNIT],
            )  # fmt: skip
        registers[deadlines[i, DEADLINE_REGISTER]] = last


@part
def _last_day(date: int, window: int, argument: int, count: int, unit: int) -> int:
    if unit == WEEKDAYS:
        weekday = (date + 3) % 7  # day 0 was a Thursday, which is 3
        if weekday > 4:
            date -= weekday - 4
            weekday = 4
        last: int = date + count + 2 * ((weekday + count) // 5)
        return last
    if window == NO_WINDOW:
        return add_duration(date, count, unit)
    return add_duration(window_until(window, argument, date, 0), count, unit) - 1
