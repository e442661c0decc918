"""A program as the tables that the kernel runs on.

Invariants: lowering decides nothing about meaning, so a plan does on its days exactly what the program
does; what the calendar says is looked up here once, for each day; the kernel does all that a program can say.
"""

from collections.abc import Sequence

import numpy as np

from loyalty_dsl.evaluation import days as calendar
from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.lowering_conditions import CodeWriter
from loyalty_dsl.evaluation.lowering_dates import DayColumns, day_columns
from loyalty_dsl.evaluation.lowering_rewards import lower_rewards
from loyalty_dsl.evaluation.lowering_rules import (
    LimitRows,
    lower_luck,
    lower_rules,
    lower_triggers,
)
from loyalty_dsl.evaluation.lowering_state import lower_state
from loyalty_dsl.evaluation.plan import Ints, Plan
from loyalty_dsl.evaluation.strategy_code import lower_strategies
from loyalty_dsl.language.program import Program, RoundPer
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.quantities import Rounding

_ROUNDINGS = {Rounding.DOWN: p.DOWN, Rounding.HALF_UP: p.HALF_UP, Rounding.UP: p.UP}


def lower_program(
    program: Program, first_day: int, last_day: int, month_starts: Sequence[int] | None = None
) -> Plan:
    """Lowers a program for a run of days.

    Args:
        program: the program.
        first_day, last_day: the days of events, both included.
        month_starts: the first day of each month that figures are kept by, the first at `first_day` or
            before it; `None` takes the calendar's months. `[first_day]` keeps everything as one month.

    Returns:
        The plan; `len(month_starts)` months of it, or as many as the calendar has.
    """
    numbers = np.arange(first_day, max(first_day, last_day) + 1, dtype=np.int64)
    if month_starts is None:
        months = calendar.month_index(numbers)
        months -= months[0]
        month_count = int(months[-1]) + 1
    else:
        months = np.searchsorted(np.asarray(month_starts, np.int64), numbers, side="right") - 1
        month_count = len(month_starts)
    writer = CodeWriter(program)
    days = DayColumns(numbers, p.FIRST_MORE)
    limits = LimitRows(days, writer, program.events)
    kinds, firings = lower_triggers(program, writer, days)
    rules = lower_rules(program, writer, limits)
    rewards = lower_rewards(program, writer, limits, days)
    of_state = lower_state(program, writer, numbers)
    sums, sum_terms = writer.lower_sums()
    currencies = [
        (_ROUNDINGS[currency.rounding], int(currency.round_per is RoundPer.EVENT))
        for currency in program.currencies
    ]
    columns = day_columns(numbers, months) + days.columns()
    return Plan(
        starts=program.starts,
        first_day=first_day,
        last_day=int(numbers[-1]),
        months=month_count,
        first_member_field=writer.first_member_field,
        first_status=writer.first_status,
        first_counter=writer.first_counter,
        first_previous=writer.first_previous,
        first_field=writer.first_field,
        first_item_field=writer.first_item_field,
        dates_column=days.dates_column,
        item_fields=len(program.item_fields),
        issues=int(any(reward.taking is Taking.AFTER_EARNING for reward in program.rewards)),
        remembers=int(rules.remembers),
        days=np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.int64),
        currencies=_table(currencies, 2),
        kinds=_table(kinds, 7),
        firings=_table(firings, 4),
        rules=_table(rules.rules, 10),
        leaves=_table(rules.leaves, 8),
        parts=_table(rules.parts, 4),
        groups=_table(rules.groups, 5),
        rewards=_table(rewards.rewards, 18),
        cases=_table(rewards.cases, 8),
        limits=_table(limits.rows, 13),
        code=_table(writer.lines, 5),
        sums=_table(sums, 3),
        sum_terms=_table(sum_terms, 2),
        registers=np.array(writer.registers(), np.int64),
        of_state=of_state,
        closed=np.zeros((len(limits.closed), len(numbers)), np.int64),
        luck=lower_luck(program),
        strategies=lower_strategies(rules.strategies),
    )


def _table(rows: Sequence[Sequence[int]], columns: int) -> Ints:
    return np.array(rows, np.int64).reshape(len(rows), columns)
