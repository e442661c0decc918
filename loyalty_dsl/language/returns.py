"""What a return does to balances, counters and tiers (RETURN).

Invariant: what is kept of an event never depends on in which parts it comes back.
"""

from loyalty_dsl.calendar import Duration
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


@record
class Returns:
    """What a return does.

    Attributes:
        negative: the balance may go below 0; otherwise what is missing is let go.
        in_own_period: counters fall on the day of the return; within: the time in which it is accepted.
        rechecks: tiers are decided again and a level that is no longer earned ends (else it is kept).
    """

    negative: bool
    rechecks: bool
    span: Span | None
    in_own_period: bool = False
    within: Duration | None = None
