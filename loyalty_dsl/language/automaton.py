"""What the tables say about a stack of states, without making any node.

Recovery asks: would this token fit here, what would fit, and how far would these tokens get?
"""

from collections.abc import Mapping, Sequence
from functools import cache

from loyalty_dsl.language.tables import Tables, load_tables
from loyalty_dsl.language.tokens import Token


def action_on(tables: Tables, state: int, kind: str) -> int | None:
    """The action of a state on a token of this kind: a keyword is a name where only a name fits."""
    action = tables.rows[state].get(kind)
    if action is None and kind in tables.soft:
        action = tables.rows[state].get("NAME")
    return action


def default_reduction(row: Mapping[str, int]) -> int | None:
    """The action of a state in which a rule has been read whole, whatever follows it; else `None`.

    Made also before a token that does not fit, so that a mistake is found where the next thing may begin.
    """
    actions = set(row.values())
    return actions.pop() if len(actions) == 1 and min(actions) < 0 else None


def shift(tables: Tables, states: list[int], kind: str) -> bool:
    """Moves `states` past a token of this kind, in place; false when it does not fit.

    The reductions that the token asks for are made even when it does not fit in the end.
    """
    while True:
        action = action_on(tables, states[-1], kind)
        if action is None:
            return False
        if action >= 0:
            states.append(action)
            return True
        _reduce(tables, states, action)


def _reduce(tables: Tables, states: list[int], action: int) -> None:
    production = tables.productions[~action]
    if production.length:
        del states[-production.length :]
    states.append(tables.gotos[states[-1]][production.symbol])


def progress(tables: Tables, states: Sequence[int], tokens: Sequence[Token]) -> int:
    """How many of the tokens fit, one after the other, from this stack."""
    stack = list(states)
    for i, token in enumerate(tokens):
        if not shift(tables, stack, token.kind):
            return i
    return len(tokens)


def after(tables: Tables, states: Sequence[int], tokens: Sequence[Token]) -> list[int] | None:
    """The stack after the tokens, rules that are read whole reduced, or `None` if they do not fit."""
    stack = list(states)
    if not all(shift(tables, stack, token.kind) for token in tokens):
        return None
    while (action := default_reduction(tables.rows[stack[-1]])) is not None:
        _reduce(tables, stack, action)
    return stack


def accepted(tables: Tables, states: Sequence[int]) -> list[str]:
    """The kinds of token that fit next, in the order of the tables."""
    return [kind for kind in tables.rows[states[-1]] if shift(tables, list(states), kind)]


@cache
def _symbols_of_states() -> dict[int, str]:
    return {target: symbol for goto in load_tables().gotos for symbol, target in goto.items()}


def made_by(state: int) -> str | None:
    """The rule that was just read in this state, if one was."""
    return _symbols_of_states().get(state)


@cache
def reserved_words() -> tuple[str, ...]:
    """The keywords that are not names everywhere: never, or not where the word itself may also stand.

    Every other keyword is a name wherever a name is wanted: `points`, `member` and `spend` among them.
    """
    tables = load_tables()
    clashes = {word for row in tables.rows if "NAME" in row for word in row if word in tables.keywords}
    return tuple(sorted(clashes | (tables.keywords - tables.soft)))
