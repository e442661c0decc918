"""Archetypes: businesses whose customers behave alike, for a designer who knows five facts, not parameters.

Invariants: every number says where it comes from and how good that is; an archetype is a whole segment by
itself, and each of the five facts takes the place of its own; what no data has shown says so. One row is the
only place where an archetype is described: `segment NAME 100% like grocery`, its page in docs/archetypes.md
and the comments of an expanded population are made from it.
"""

from enum import Enum
from fractions import Fraction

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.records import record


class Grade(Enum):
    """How good a number is. The value is how pages name it."""

    MEASURED = "measured"
    PUBLISHED = "published"
    JUDGED = "judgement"


@record
class Known:
    """A number and where it comes from.

    Attributes:
        value: shares as fractions, money in dollars, or in whatever money the program is.
    """

    value: Fraction
    grade: Grade
    source: str


@record
class Archetype:
    """A row of the registry.

    Attributes:
        active: the share of members who buy within `within`, counted from the first day.
        orders: purchases of a member in the first year, those who buy nothing included.
        basket: the mean of all baskets.
        redeeming: the share of members who ever choose a reward; the others never do.
        regularity: the Erlang shape of gaps.
        leave: the share of members who stop buying in a month.
        sigma: of the logs of baskets; own: the share of their variance that is within a member.
        redeem: how often a member who does choose takes a reward at a purchase at which one can be had;
            redeem_spread: how far such members are apart.
    """

    name: str
    title: str
    says: str
    within: Duration
    active: Known
    orders: Known
    basket: Known
    redeeming: Known
    regularity: Known
    leave: Known
    sigma: Known
    own: Known
    redeem: Known
    redeem_spread: Known


_CJ = "Complete Journey: 155,848 baskets of 2,469 grocery households in 2017"
_X5 = "a sample of the X5 RetailHero data: 1,760 grocery baskets of 100 clients with points earned and used"
_CDNOW = "CDNOW: 23,570 buyers of CDs in 1997 and 1998"
_ELOG = "the BTYDplus grocery data: 1,525 customers"
_MONTH, _QUARTER, _YEAR = Duration(1, Unit.MONTH), Duration(3, Unit.MONTH), Duration(12, Unit.MONTH)
_OURS = "ours; replace it with your own"


def _measured(value: str, source: str) -> Known:
    return Known(Fraction(value), Grade.MEASURED, source)


def _published(value: str, source: str) -> Known:
    return Known(Fraction(value), Grade.PUBLISHED, source)


def _judged(value: str, source: str = _OURS) -> Known:
    return Known(Fraction(value), Grade.JUDGED, source)


_RANDOM = _judged("1", "as for CDNOW, where the fit prefers 1; groceries have 2")
_OWN_AS_GROCERY = _judged("0.69", f"as measured of {_CJ}")

ARCHETYPES = (
    Archetype(
        "grocery",
        "Grocery",
        "Households who shop once a week or so, regularly, and rarely stop.",
        _MONTH,
        _measured("0.81", f"{_CJ}; 79 to 83% bought within 28 days"),
        _measured("63", f"{_CJ}; a panel of frequent shoppers, so a whole card base buys less"),
        _measured("29.49", _CJ),
        _measured("0.62", f"{_X5}; 62% used points within four months"),
        _measured("2", f"{_CJ}, and {_ELOG}; 2 is far likelier than 1 or 3 in both"),
        _judged("0.005", f"{_CJ} has hardly any leaving, as it holds households who stayed"),
        _measured("1.02", f"{_CJ}; from mean and median, $29.49 and $17.50. The logs alone say 1.23"),
        _measured("0.69", _CJ),
        _measured("0.12", f"{_X5}; 7.3% of baskets used points, of 62% of the clients"),
        _judged("1", "the clients of X5 differ much: a quarter used 1.8 times what they earned"),
    ),
    Archetype(
        "coffee",
        "Coffee shop",
        "Small baskets, often; half of the members come in a month, a few of them daily.",
        _MONTH,
        _judged("0.50"),
        _judged("26"),
        _judged("7.50"),
        _judged("0.60"),
        _judged("2", "a habit, as groceries are"),
        _judged("0.03"),
        _judged("0.55"),
        _OWN_AS_GROCERY,
        _judged("0.50"),
        _judged("1"),
    ),
    Archetype(
        "department_store",
        "Department store",
        "A few visits a year, large baskets, and a long tail of members who hardly come.",
        _QUARTER,
        _judged("0.40"),
        _judged("4.2"),
        _judged("62"),
        _judged("0.33", "ours; Colloquy 2011 has a third of all that programs issue unused"),
        _RANDOM,
        _judged("0.02"),
        _judged("0.90"),
        _OWN_AS_GROCERY,
        _judged("0.40"),
        _judged("1"),
    ),
    Archetype(
        "airline",
        "Airline",
        "A flight or two a year for most, dozens for a few; members keep their number and do not fly.",
        _YEAR,
        _judged("0.35"),
        _judged("1.6"),
        _judged("310"),
        _judged("0.25", "ours; carriers tell of 17 to 18% of miles unused, not of members"),
        _RANDOM,
        _judged("0.01"),
        _judged("0.75"),
        _OWN_AS_GROCERY,
        _judged("0.15"),
        _judged("1"),
    ),
    Archetype(
        "hotel",
        "Hotel",
        "A stay or two a year for most, weekly stays for a few.",
        _YEAR,
        _judged("0.40"),
        _judged("2"),
        _judged("290"),
        _judged("0.30", "ours; Hilton's figures of 2013 imply 26% of points unused, not of members"),
        _RANDOM,
        _judged("0.01"),
        _judged("0.80"),
        _OWN_AS_GROCERY,
        _judged("0.15"),
        _judged("1"),
    ),
    Archetype(
        "small_shop",
        "Small shop",
        "A shop round the corner or online: many come once or twice and not again.",
        _QUARTER,
        _judged("0.38"),
        _judged("3.6"),
        _measured("35.17", f"{_CDNOW}, the 1/10 sample; of buyers who came back"),
        _judged("0.35"),
        _measured("1", f"{_CDNOW}; 1 is likelier than 2 or 3"),
        _judged("0.03", "new customers of CDNOW leave faster: by the fits, half within nine months"),
        _judged("0.80"),
        _OWN_AS_GROCERY,
        _judged("0.50"),
        _judged("1"),
    ),
    Archetype(
        "cash_back",
        "Cash back card",
        "Everyday spend on a card; cash is nearly always taken.",
        _MONTH,
        _judged("0.75"),
        _judged("150"),
        _judged("58"),
        _published("0.94", "American Express 2012: 94% of points are ever used; of points, not members"),
        _judged("1"),
        _judged("0.01"),
        _judged("1.05", "as groceries, which are much of it"),
        _OWN_AS_GROCERY,
        _judged("0.30"),
        _judged("0.8"),
    ),
)
"""Every archetype."""


def archetype_named(name: str) -> Archetype | None:
    """The row of a name."""
    return next((row for row in ARCHETYPES if row.name == name), None)
