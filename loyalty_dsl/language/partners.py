"""Partners: companies that issue a program's points and take them, and what is settled with them (SETTLE).

Invariant: no rule and no reward is of two partners, and a rate has a currency that its partner issues or
takes. An evaluator needs nothing of this: what is settled follows from the postings.
"""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


@record
class BillingRate:
    """A price of points.

    Attributes:
        currency: the index of the currency that it is a price of.
        price: minor units of money for one smallest unit of it.
        since: the first day of the first month that it is the price in; `None` for all before any other.
    """

    currency: int
    price: Fraction
    since: int | None
    span: Span


@record
class Partner:
    """A company that points are settled with.

    Attributes:
        issues: the earn rules whose points it pays for, by index; redeems: the rewards that it gives.
        pays: for points issued, receives: for points redeemed; by currency, the earliest first.
    """

    name: str
    label: str
    index: int
    issues: tuple[int, ...]
    redeems: tuple[int, ...]
    pays: tuple[BillingRate, ...]
    receives: tuple[BillingRate, ...]
    span: Span


def rate_in_month(rates: Sequence[BillingRate], currency: int, first_day: int) -> BillingRate | None:
    """The rate of a currency in the month that begins on a day; `None` where there is none yet."""
    begun = [rate for rate in rates if rate.since is None or rate.since <= first_day]
    return next((rate for rate in reversed(begun) if rate.currency == currency), None)
