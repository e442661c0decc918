"""What is let in: conditions under which an event, or a use of a reward, is refused whole.

Invariant: the gates of a program are numbered in one row: those of its events as declared, then those of its
rewards; whichever evaluator refuses says the number (`gates_of`).
"""

from typing import TYPE_CHECKING

from loyalty_dsl.language.conditions import Condition
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span

if TYPE_CHECKING:
    from loyalty_dsl.language.program import Program


@record
class Gate:
    """Where the condition holds, it is refused (GATE).

    Attributes:
        reason: in the designer's words.
        event: the kind of event that it is of; `None` for a gate of a reward.
    """

    condition: Condition
    reason: str
    span: Span
    event: int | None = None


def gates_of(program: "Program") -> tuple[Gate, ...]:
    """All gates of a program, by their numbers."""
    return (*program.gates, *(gate for reward in program.rewards for gate in reward.gates))
