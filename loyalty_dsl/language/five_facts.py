"""From facts about customers to the traits of a segment: what spread makes 40% buy within three months?

The rate of a member is gamma over members, gaps are Erlang-k, and leaving has a constant hazard. The first
members are between two purchases, so those without one within u, at a rate of x = k rate u stages, are
sum_{i<k} (1 - i/k) e^-x x^i / i!, which over gamma rates is a sum P0(u) of negative binomial terms. Leaving
comes in by S(u), the share still there: those buy within t who would first do so at u and are still there,
    active(t) = integral from 0 to t of S(u) d(1 - P0(u)),
and the orders of a year are rate x integral of S. From these, the mean rate is solved exactly and its spread
by bisection, as more spread means fewer active members. The median of baskets is mean / exp(sigma^2 / 2).

Worked case: 4.2 orders a year, random, nobody leaving: a mean of 1.05 in three months. Were all members
alike, 1 - e^-1.05 = 65% would buy within them; 40% do where the spread is 1.60.
"""

from fractions import Fraction
from math import exp, log

from loyalty_dsl.calendar import Duration, Unit
from loyalty_dsl.language.archetypes import Archetype, Known
from loyalty_dsl.language.records import record

DAYS_OF = {Unit.DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 30.4375, Unit.QUARTER: 91.3125, Unit.YEAR: 365.25}
"""As the simulation counts the days of a unit."""

LEAST_SPREAD, MOST_SPREAD = 0.01, 10.0
PIECES = 96
"""Of the time in which members are active, for the integral over leaving."""


@record
class Facts:
    """What is known of the members of a segment; `None` leaves the archetype's own."""

    active: tuple[Fraction, Duration] | None = None
    orders: tuple[Fraction, Unit] | None = None
    basket: Fraction | None = None
    redeeming: Fraction | None = None


class Impossible(Exception):
    """No customers have such facts; the message says what is possible."""


@record
class Line:
    """A trait as it is written, and where it comes from."""

    word: str
    text: str
    origin: str


def expand(archetype: Archetype, facts: Facts, symbol: str, decimals: int) -> tuple[Line, ...]:
    """The traits of a segment with these facts.

    Args:
        symbol, decimals: of the program's money.

    Raises:
        Impossible: more members are said to be active than so many orders can make.
    """
    name = archetype.name
    share, within = facts.active or (archetype.active.value, archetype.within)
    count, unit = facts.orders or (archetype.orders.value, Unit.YEAR)
    hazard = -log(1 - float(archetype.leave.value)) / DAYS_OF[Unit.MONTH]
    days = within.count * DAYS_OF[within.unit]
    rate = rate_of_orders(float(count) / DAYS_OF[unit], hazard)
    stages = int(archetype.regularity.value)
    spread = spread_of_active(float(share), days, rate, stages, hazard)
    mean = archetype.basket.value if facts.basket is None else facts.basket
    from_basket = _told(name, archetype.basket) if facts.basket is None else "the average basket"
    from_redeeming = _told(name, archetype.redeeming) if facts.redeeming is None else "the share who redeem"
    sigma = float(archetype.sigma.value)
    redeeming = archetype.redeeming.value if facts.redeeming is None else facts.redeeming
    from_active = "the share who are active" if facts.active else _told(name, archetype.active)
    from_orders = "the orders" if facts.orders else _told(name, archetype.orders)
    lines = [
        Line(
            "purchases",
            f"purchases {_digits(rate * DAYS_OF[unit], 6)} per {unit.value} spread {_digits(spread, 4)}",
            f"the mean from {from_orders}, the spread from {from_active}",
        )
    ]
    if stages > 1:
        lines.append(Line("regularity", f"regularity {stages}", _told(name, archetype.regularity)))
    lines += [
        Line("leave", f"leave {_percent(archetype.leave.value)} per month", _told(name, archetype.leave)),
        Line(
            "basket",
            f"basket median {symbol}{float(mean) / exp(sigma**2 / 2):.{decimals}f} sigma {_digits(sigma, 4)} "
            f"within {_percent(archetype.own.value)}",
            f"the mean from {from_basket}; sigma from {_told(name, archetype.sigma)}",
        ),
        Line(
            "redeem",
            f"redeem {_percent(archetype.redeem.value)} when a reward is affordable "
            f"spread {_digits(float(archetype.redeem_spread.value), 4)} never {_percent(1 - redeeming)}",
            f"never from {from_redeeming}; how readily from {_told(name, archetype.redeem)}",
        ),
    ]
    return tuple(lines)


def _told(name: str, known: Known) -> str:
    return f"{name} ({known.grade.value})"


def _digits(value: float, digits: int) -> str:
    """A number of so many significant digits, as the language writes it: without an exponent."""
    text = f"{float(f'{value:.{digits}g}'):.10f}".rstrip("0").rstrip(".")
    return text or "0"


def _percent(share: Fraction) -> str:
    return _digits(float(share) * 100, 8) + "%"


# ---- the closed forms


def rate_of_orders(orders: float, hazard: float) -> float:
    """The mean rate at which members who leave at a hazard come to so many orders a day, in a first year."""
    days = DAYS_OF[Unit.YEAR]
    return orders if not hazard else orders * hazard * days / (1 - exp(-hazard * days))


def active_share(days: float, rate: float, spread: float, stages: int, hazard: float) -> float:
    """The share of first members who buy within some days.

    Args:
        rate: the mean, a day; spread: its coefficient of variation over members.
        stages: the Erlang shape of gaps.
        hazard: of leaving, a day.
    """
    if not hazard:
        return 1 - nobody(days, rate, spread, stages)
    step = days / PIECES
    total, before = 0.0, 1.0
    for piece in range(PIECES):
        behind = nobody(step * (piece + 1), rate, spread, stages)
        total += exp(-hazard * step * (piece + 0.5)) * (before - behind)
        before = behind
    return total


def nobody(days: float, rate: float, spread: float, stages: int) -> float:
    """The share of members, all of whom stay, without a purchase in some days."""
    shape = 1 / spread**2
    mean = stages * rate * days
    left = shape / (shape + mean)
    term, total = left**shape, 0.0
    for i in range(stages):
        total += (1 - i / stages) * term
        term *= (shape + i) / (i + 1) * (1 - left)
    return total


def spread_of_active(share: float, days: float, rate: float, stages: int, hazard: float) -> float:
    """The spread at which a share of members buys within some days.

    Raises:
        Impossible: no spread does.
    """
    most = active_share(days, rate, LEAST_SPREAD, stages, hazard)
    least = active_share(days, rate, MOST_SPREAD, stages, hazard)
    if not least < share < most:
        raise Impossible(f"with so many orders, {least:.0%} to {most:.0%} of members can buy in that time")
    low, high = log(LEAST_SPREAD), log(MOST_SPREAD)
    for _ in range(40):
        middle = (low + high) / 2
        if active_share(days, rate, exp(middle), stages, hazard) > share:
            low = middle
        else:
            high = middle
    return exp((low + high) / 2)
