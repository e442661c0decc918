"""Whom an offer is for, and the members who are held out of it to measure what it does (AUDIENCE).

Invariant: a condition reads the member's state and nothing of an event, so it can be asked on any day.
"""

from fractions import Fraction

from loyalty_dsl.language.conditions import All, Compare, Condition, HeldOut, Literal, Order
from loyalty_dsl.language.records import record
from loyalty_dsl.language.types import Kind
from loyalty_dsl.source import Span


@record
class Audience:
    """A named group of members.

    Attributes:
        when: who is in it, asked whenever something names it (AUDIENCE-1).
        holdout: the share of members who are held out for good (AUDIENCE-2); 0 for none.
    """

    name: str
    label: str
    when: Condition
    holdout: Fraction
    span: Span


def being_in(audience: Audience) -> Condition:
    """`member of NAME`: the member is one of those meant and is not held out."""
    if audience.holdout == 0:
        return audience.when
    return All((audience.when, Compare(HeldOut(audience.name), Order.EQUAL, Literal(0, Kind.YES_NO))))
