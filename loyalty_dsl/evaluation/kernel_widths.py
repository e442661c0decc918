"""How many columns tables have, where that is the same for every program.

Where a cell lies then needs no multiplication, and no column's place is looked up. Invariant: an entry of the
kernel refuses a table of another width (`kernel_references`), so a table is never read by a wrong one.
"""

from loyalty_dsl.evaluation.plan import Plan, Sink, State
from loyalty_dsl.evaluation.plan_state import MemberState, StatePlan

WIDTHS: dict[type, dict[str, int]] = {
    Plan: {
        "currencies": 2, "kinds": 7, "firings": 4, "rules": 10, "leaves": 8, "parts": 4, "groups": 5,
        "rewards": 18, "cases": 8, "limits": 13, "code": 5, "sums": 3, "sum_terms": 2, "luck": 2,
    },
    StatePlan: {
        "policies": 7, "policy_cases": 2, "accounts": 13, "counters": 6, "moves": 8, "kind_moves": 2,
        "ladders": 13, "anew": 2, "clocks": 5, "reaches": 5, "holdouts": 2,
        "deadlines": 6,
    },
    State: {
        "members": 7, "wallets": 8, "lots": 7, "usage": 2, "running": 2, "passed": 5, "items": 5, "bound": 2,
    },
    MemberState: {"counters": 6, "rings": 3, "eve": 2, "marks": 5, "ladders": 3, "log": 14},
    Sink: {"flows": 7, "rules": 3, "rewards": 4, "journal": 9},
}  # fmt: skip
"""By named tuple, the columns of its tables: the last dimension of each."""

CONSTANT: set[type] = {Plan, StatePlan}
"""Named tuples whose tables nobody writes to while an entry runs."""


def fix_widths(of: type, **widths: int) -> None:
    """Says how many columns tables of a further named tuple have in every program."""
    WIDTHS[of] = widths
