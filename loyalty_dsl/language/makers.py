"""The productions of the tables in the form in which parsing makes their nodes, worked out once a process.

Invariant: what is made of a production depends on its row of the tables and on its children alone.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from loyalty_dsl.language.rows import Action, leaf
from loyalty_dsl.language.tables import load_tables
from loyalty_dsl.language.tokens import CellToken, Token
from loyalty_dsl.language.trees import ACTIONS
from loyalty_dsl.source import SourceText, Span


def _only(children: Sequence[Any], span: Span) -> Any:
    return children[0]


ONLY: Action = _only
"""What a rule makes that passes its only child on."""

_LIST = -2
"""Stands before the number of a child that is a list to be taken over."""


@cache
def makers() -> tuple[tuple[int, str, tuple[int, ...], Action | None], ...]:
    """Of each production its length, its symbol, which children it keeps, and what makes a node of them.

    A child is kept by its number, `-1` for one that is missing, and with `_LIST` before it where it is a list
    whose items are meant; nothing makes a node where the kept children themselves are handed on.
    """
    return tuple(
        (rule.length, rule.symbol, _numbered(rule.children), _action(rule.action))
        for rule in load_tables().productions
    )


def _action(name: str) -> Action | None:
    match name:
        case "":
            return None
        case "=":
            return ONLY
        case _:
            return ACTIONS[name]


def _numbered(letters: str) -> tuple[int, ...]:
    numbers: list[int] = []
    child = 0
    for letter in letters:
        match letter:
            case "-":
                numbers.append(-1)
                continue
            case "v":
                numbers.append(child)
            case "*":
                numbers += (_LIST, child)
            case _:
                pass
        child += 1
    return tuple(numbers)


def kept_of(taken: tuple[int, ...], children: Sequence[Any], source: SourceText) -> list[Any]:
    """The children that a production keeps; a list that grows is taken over as it is."""
    kept: list[Any] = []
    is_list = False
    for number in taken:
        if number >= 0:
            child = children[number]
            if is_list:
                is_list = False
                if kept:
                    kept += child
                else:
                    kept = child
            elif child.__class__ is Token:
                kept.append(leaf(child, source))
            elif child.__class__ is CellToken:
                kept.append(leaf(child.cell or child, source))
            else:
                kept.append(child)
        elif number == _LIST:
            is_list = True
        else:
            kept.append(None)
    return kept
