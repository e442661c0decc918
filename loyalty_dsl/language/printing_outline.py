"""What the grammar says of the tokens of a text, as far as its layout depends on that.

A run over the same tables as `parsing`, which makes no nodes and mends nothing.

Invariant: tokens are named by where they start, so what is said of the lines of a scenario with a table of
examples, which are written out before they are read, is said of the lines as they stand.
"""

from collections.abc import Sequence
from functools import cache

import attrs

from loyalty_dsl.language.automaton import default_reduction
from loyalty_dsl.language.braces import CONTINUING
from loyalty_dsl.language.tables import END, NEWLINE, load_tables
from loyalty_dsl.language.tokens import Token

_CASES = {"row": 1, "wait_row": 1, "term_row": 1, "allowance_row": 1, "dated_fee": 2, "columns": 1}
"""The rows of tables, and how many parts of each say of which case it is."""


@attrs.frozen(eq=False)
class Outline:
    """Attributes:
    breaks: the starts of the tokens behind which a line may end in the midst of a clause.
    values: [start of the first token of a row of a table] where what it gives begins.
    """

    breaks: frozenset[int]
    values: dict[int, int]


def read_outline(tokens: Sequence[Token]) -> Outline | None:
    """Reads tokens as the grammar does.

    Args:
        tokens: of a whole file, whose examples are written out.

    Returns:
        `None` for what is not of the language: then `parsing` has a diagnostic.
    """
    tables = load_tables()
    rows, soft, gotos = tables.rows, tables.soft, tables.gotos
    reductions = _reductions()
    states = [0]
    firsts: list[int] = []
    breaks: set[int] = set()
    values: dict[int, int] = {}
    at = 0
    while True:
        kind, _, start, _ = tokens[at]
        row = rows[states[-1]]
        action = row.get(kind)
        if action is None:
            if kind == END and states[-1] == tables.accepting:
                return Outline(frozenset(breaks), values)
            if kind in soft:
                action = row.get("NAME")
            if action is None:
                action = default_reduction(row)
            if action is None:
                return None
        if action >= 0:
            states.append(action)
            firsts.append(start)
            at += 1
            if kind in CONTINUING and rows[action].get(NEWLINE, -1) >= 0:
                breaks.add(start)
            continue
        symbol, length, cases = reductions[~action]
        if cases:
            values[firsts[-length]] = firsts[cases - length]
        if length == 1:
            states[-1] = gotos[states[-2]][symbol]
        elif length:
            del states[-length:], firsts[1 - length :]
            states.append(gotos[states[-1]][symbol])
        else:
            firsts.append(start)
            states.append(gotos[states[-1]][symbol])


@cache
def _reductions() -> list[tuple[str, int, int]]:
    """Of each production what it makes, of how many parts, and how many of those say the case of a row."""
    return [(made.symbol, made.length, _CASES.get(made.symbol, 0)) for made in load_tables().productions]
