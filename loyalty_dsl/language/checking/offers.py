"""Tables of what a reward costs or gives, whose rows may offer nothing.

Invariant: the cases are asked in order and the first that holds counts; a row that is not offered leaves
its case out of all that follow.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.tables import check_table
from loyalty_dsl.language.conditions import All, Condition, Not

T = TypeVar("T")


@attrs.frozen
class Cell(Generic[T]):
    """What a row says; `None` where it offers nothing."""

    thing: T | None


Cases = tuple[tuple[Condition | None, T], ...]
"""What is so under a condition; the first that holds counts, and `None` always holds."""


def cases_of(
    scope: ProgramScope,
    readable: Readable,
    table: syntax.Table,
    leaf: Callable[[syntax.Amount], Cell[T] | None],
) -> Cases[T] | None:
    """The rows of a table that offer something, or `None` when it is wrong (reported).

    Args:
        leaf: what an amount in a row means; `None` when it is wrong.
    """
    checked = check_table(scope, readable, table, leaf, optional=True)
    if checked is None:
        return None
    cases: list[tuple[Condition | None, T]] = []
    left_out: list[Condition] = []
    rows: list[tuple[Condition | None, Cell[T]]] = [*checked.cases]
    if checked.otherwise is not None:
        rows.append((None, checked.otherwise))
    for when, row in rows:
        if row.thing is None:
            if when is not None:
                left_out.append(when)
            continue
        held = (*(Not(each) for each in left_out), *(() if when is None else (when,)))
        cases.append((held[0] if len(held) == 1 else All(held) if held else None, row.thing))
    if not cases:
        scope.findings.report(
            "L346", table.span, "nothing in this table is offered",
            help="give at least one row an amount, or delete the reward",
        )  # fmt: skip
        return None
    return tuple(cases)
