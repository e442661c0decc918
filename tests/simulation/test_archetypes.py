"""Members drawn from five facts have the five facts, within four standard errors."""

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest

from loyalty_dsl.language.book import Book
from loyalty_dsl.simulation.member_notes import ROW_PURCHASES, ROW_SPEND
from loyalty_dsl.simulation.member_rows import live_rows

MEMBERS = 20_000

PROGRAM = """\
program shop "Shop" {
    money     USD
    timezone  "UTC"
    starts    2027-01-01 by purchase date
    currency points "Points" {
        round   down per rule
        expire  never
        cost    $0.01 assumed
    }
    earn base {
        on    purchase
        give  1 point
    }
    reward off "Money off" {
        price  1 point
        give   $1 off in full
    }
}
"""


def rows_of(book: Book, months: int) -> tuple[np.ndarray, np.ndarray]:
    (population,) = book.populations
    parts = list(
        live_rows(book.programs[0], population, rows=None, sample=MEMBERS, months=months, seed=11, tail=0)
    )
    return np.concatenate([part.members for part in parts]), np.concatenate([part.units for part in parts])


@pytest.mark.parametrize(
    ("archetype", "active", "orders", "basket", "redeeming"),
    [("department_store", 0.40, 4.2, 62.0, 0.30), ("grocery", 0.70, 24.0, 45.0, 0.55)],
)
def test_simulated_members_have_the_five_facts(  # noqa: PLR0917
    book_of: Callable[[str], Book],
    archetype: str,
    active: float,
    orders: float,
    basket: float,
    redeeming: float,
) -> None:
    book = book_of(
        f"{PROGRAM}population p {{\n    start {MEMBERS:,} members\n    segment all 100% like {archetype} {{\n"
        f"        active {active * 100:g}% in 90 days\n        orders {orders:g} per year\n"
        f"        average basket ${basket:g}\n        redeeming {redeeming * 100:g}%\n    }}\n}}\n"
    )
    quarter, _ = rows_of(book, 3)  # January to March have 90 days
    bought = quarter[:, ROW_PURCHASES] > 0
    assert bought.mean() == pytest.approx(active, abs=4 * sqrt(active * (1 - active) / MEMBERS))

    year, units = rows_of(book, 12)
    purchases, spend = year[:, ROW_PURCHASES].astype(float), year[:, ROW_SPEND].astype(float) / 100
    assert len(purchases) == MEMBERS
    wide = 4 * purchases.std() / sqrt(MEMBERS)
    assert purchases.mean() * 365.25 / 365 == pytest.approx(orders, abs=wide)

    mean = spend.sum() / purchases.sum()
    error = (spend - mean * purchases).std() * sqrt(MEMBERS) / purchases.sum()
    assert mean == pytest.approx(basket, abs=4 * error)

    could = purchases >= 40 if archetype == "grocery" else purchases >= 12
    redeemed = (units[could, 0, 1] > 0).mean()  # after so many chances, who does redeem has done so
    assert redeemed == pytest.approx(
        redeeming, abs=4 * sqrt(redeeming * (1 - redeeming) / could.sum()) + 0.01
    )
