"""Which currencies rules and rewards ask about: what they are for, where nothing is bought with them.

Invariant: everything that earn rules and rewards are made of is looked through.
"""

import attrs

from loyalty_dsl.language.conditions import BalanceOf
from loyalty_dsl.language.program import Program
from loyalty_dsl.source import Span


def balances_read(program: Program) -> set[int]:
    """The currencies, by index, whose balance a condition of an earn rule or a reward reads."""
    found: set[int] = set()
    waiting: list[object] = [*program.earns, *program.rewards]
    while waiting:
        part = waiting.pop()
        if isinstance(part, BalanceOf):
            found.add(part.currency)
        elif isinstance(part, tuple):
            waiting += part
        elif not isinstance(part, Span) and attrs.has(kind := type(part)):
            waiting += [getattr(part, field.name) for field in attrs.fields(kind)]
    return found
