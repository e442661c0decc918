"""What the kernel's codes say outside it: which obstacle, or which gate of the program, and of what.

Invariant: every code that a step may answer with, but `DONE` and `NO_ROOM`, is here.
"""

from loyalty_dsl.evaluation import plan as p
from loyalty_dsl.evaluation.ledger import Obstacle
from loyalty_dsl.language.gates import Gate, gates_of
from loyalty_dsl.language.program import Program

OBSTACLES = {
    p.NOT_OFFERED: Obstacle.NOT_OFFERED,
    p.NOT_WHOLE_STEPS: Obstacle.NOT_WHOLE_STEPS,
    p.BELOW_MINIMUM_EXCHANGE: Obstacle.MINIMUM_EXCHANGE,
    p.BEFORE_START: Obstacle.BEFORE_START,
    p.ALREADY_JOINED: Obstacle.ALREADY_JOINED,
    p.NO_RETURNS: Obstacle.NO_RETURNS,
    p.UNKNOWN_ORIGINAL: Obstacle.UNKNOWN_ORIGINAL,
    p.TOO_MUCH: Obstacle.TOO_MUCH,
    p.WHICH_ITEMS: Obstacle.WHICH_ITEMS,
    p.UNKNOWN_ITEM: Obstacle.UNKNOWN_ITEM,
    p.TOO_LATE: Obstacle.TOO_LATE,
    p.SHORT_BALANCE: Obstacle.SHORT_BALANCE,
    p.BELOW_MINIMUM_BALANCE: Obstacle.MINIMUM_BALANCE,
    p.NOT_A_PURCHASE: Obstacle.NO_PURCHASE,
    p.BELOW_MINIMUM_BASKET: Obstacle.MINIMUM_BASKET,
    p.NOT_ON_THIS_DAY: Obstacle.DATES,
    p.CONDITION_NOT_MET: Obstacle.WHEN,
    p.NOTHING_LEFT_TO_PAY: Obstacle.NOTHING_TO_PAY,
    p.LIMIT_REACHED: Obstacle.LIMIT,
    p.TO_ONESELF: Obstacle.ONESELF,
    p.TO_NO_MEMBER: Obstacle.NO_MEMBER,
    p.NOT_TO_THEM: Obstacle.NOT_TO_THEM,
    p.THEIR_LIMIT_REACHED: Obstacle.THEIR_LIMIT,
}
"""What the codes are called outside the kernel."""


def obstacle_of(program: Program, code: int) -> Obstacle | Gate:
    """What a code of the kernel says is in the way."""
    return gates_of(program)[code - p.FIRST_GATE] if code >= p.FIRST_GATE else OBSTACLES[code]


def is_of_event(program: Program, code: int) -> bool:
    """Whether a code of the kernel refuses the whole event."""
    return 0 < code < p.SHORT_BALANCE or p.FIRST_GATE <= code < p.FIRST_GATE + len(program.gates)
