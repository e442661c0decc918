"""Tables of what a reward costs or gives, whose rows may offer nothing.

Invariant: the cases are asked in order and the first that holds counts; a row that is not offered leaves
its case out of all that follow.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.clauses import Clause
from loyalty_dsl.language.checking.conditions import check_condition
from loyalty_dsl.language.checking.measures import Readable
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.tables import check_table
from loyalty_dsl.language.conditions import All, Condition, Not
from loyalty_dsl.language.records import record

T = TypeVar("T")
S = TypeVar("S", bound=Clause)


@record
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


def first_cases(
    scope: ProgramScope,
    readable: Readable,
    lines: Sequence[S],
    condition_of: Callable[[S], syntax.Condition | None],
    check: Callable[[S], Cases[T] | None],
) -> Cases[T] | None:
    """The cases of several lines, of which the first whose condition holds counts; `None` when one is wrong.

    Args:
        condition_of: the condition behind a line; `None` for a line that always holds, which comes last.
        check: what a line offers when its condition holds.
    """
    found = first_lines(scope, readable, lines, condition_of, check)
    cases: list[tuple[Condition | None, T]] = []
    before: list[Condition] = []
    for when, own in found or ():
        held = [*(Not(each) for each in before), *([] if when is None else [when])]
        for inner, thing in own:
            asked = (*held, *([] if inner is None else [inner]))
            cases.append((None if not asked else asked[0] if len(asked) == 1 else All(asked), thing))
        before += [] if when is None else [when]
    return tuple(cases) or None


def first_lines(
    scope: ProgramScope,
    readable: Readable,
    lines: Sequence[S],
    condition_of: Callable[[S], syntax.Condition | None],
    check: Callable[[S], T | None],
) -> Cases[T] | None:
    """What several lines say, of which the first whose condition holds counts; `None` when one is wrong.

    Arguments as of `first_cases`; only the last line has no condition.
    """
    said: list[tuple[Condition | None, T]] = []
    always: S | None = None
    wrong = False
    for line in lines:
        if always is not None:
            scope.findings.report(
                "L340", line.span, "the line above always holds, so this one is never asked",
                secondary=[(always.span, "this has no condition")],
                help="move the line without `when` to the end, or write a rule or reward of its own",
            )  # fmt: skip
            return None
        tree = condition_of(line)
        thing = check(line)
        when = None if tree is None else check_condition(scope, readable, tree)
        if tree is None:
            always = line
        if thing is None or (tree is not None and when is None):
            wrong = True
        else:
            said.append((when, thing))
    return None if wrong else tuple(said)
