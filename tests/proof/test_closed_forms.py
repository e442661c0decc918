"""Breakage where each member has a chance of redeeming of its own; with tests/simulation/test_closed_forms.py
these are the formulas that a simulation has to meet.

A lot of which a share theta is used at each of E opportunities, theta Beta(a, b) over members, leaves
E[(1 - theta)^E] = B(a, b + E) / B(a, b): the shifted beta-geometric survival of Fader and Hardie 2007. With
a = 0.668, b = 3.806 and E = 12 that is 0.378040.
"""

from collections.abc import Callable
from math import exp, sqrt

import pytest
from scipy.special import betaln

from loyalty_dsl.language.book import Book
from loyalty_dsl.simulation.run import simulate_population

A, B, OPPORTUNITIES = 0.668, 3.806, 12
MEMBERS = 40_000

MEAN = A / (A + B)
SPREAD = sqrt(B / (A * (A + B + 1)))
"""Standard deviation over mean of the beta."""

GIFT = f"""\
program gift "Gift" {{
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date

    currency points "Points" {{
        round   down per rule
        expire  12 months after earning
        cost    $0.01 assumed
    }}

    counter visits = purchases in lifetime

    earn welcome {{
        on    join
        give  1,000,000 points
    }}

    reward as_money {{
        price  1 point per $0.01 off
        when   visits < {OPPORTUNITIES}
    }}
}}

population people {{
    start  0 members
    join   10,000 members per month

    segment everybody 100% {{
        purchases  20 per month
        regularity 4
        basket     median $100,000 sigma 0
        redeem     100% when a reward is affordable share {100 * MEAN:.6f}% spread {SPREAD:.6f}
    }}
}}
"""


def survival(opportunities: int) -> float:
    return float(exp(betaln(A, B + opportunities) - betaln(A, B)))


def test_the_formula_has_its_published_value() -> None:
    assert survival(OPPORTUNITIES) == pytest.approx(0.378040, abs=5e-7)


@pytest.mark.slow
def test_breakage_is_beta_geometric(book_of: Callable[[str], Book]) -> None:
    """`visits` are those before a purchase. Every member has twelve opportunities long before its points are
    gone. Uses are whole points of a million, and at least one: far less than the tolerance."""
    book = book_of(GIFT)
    result = simulate_population(book.programs[0], book.populations[0], sample=MEMBERS, months=4, tail=13)
    issued = int(result.issued.sum())
    assert issued == MEMBERS * 1_000_000
    breakage = result.expired_by_age.sum() / issued
    assert result.redeemed_by_age.sum() + result.expired_by_age.sum() == issued
    variance = survival(2 * OPPORTUNITIES) - survival(OPPORTUNITIES) ** 2
    assert abs(breakage - survival(OPPORTUNITIES)) < 4 * sqrt(variance / MEMBERS)
