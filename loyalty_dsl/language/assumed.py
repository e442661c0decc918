"""Numbers about the business that a program assumes, such as costs.

Invariant: a number says where it comes from, or that nobody does.
"""

from fractions import Fraction

from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


@record
class AssumedNumber:
    """A number about the business, and where it comes from.

    Attributes:
        value: minor units of money for one smallest unit (of a currency) or one use (of a reward).
        source: the author's source; `None` when the number is assumed.
    """

    value: Fraction
    source: str | None
    span: Span
