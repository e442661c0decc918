"""Beta-geometric hazards: published figures, the closed form of breakage, and what they cannot fit."""

from math import log

import pytest

from loyalty_dsl.valuation import estimates, triangle_of
from loyalty_dsl.valuation.beta_geometric import BetaGeometric, fit_beta_geometric

HIGH_END = (869, 743, 653, 593, 551, 517, 491)
REGULAR = (631, 468, 382, 326, 289, 262, 241)
"""Of 1,000 customers, those who stayed by each year (Fader and Hardie 2007)."""


@pytest.mark.parametrize(
    ("stayed", "a", "b", "likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
)
def test_published_cohorts_come_out_as_published(
    stayed: tuple[int, ...], a: float, b: float, likelihood: float
) -> None:
    left = [before - after for before, after in zip((1_000, *stayed), stayed, strict=False)]
    found = fit_beta_geometric(one_month(left), [1_000.0] + [0.0] * (len(left) - 1))
    assert isinstance(found, BetaGeometric)
    assert found.a == pytest.approx(a, abs=5e-4)
    assert found.b == pytest.approx(b, abs=5e-4)
    told = sum(units * log(found.kept(age) * found.hazard(age)) for age, units in enumerate(left)) + stayed[
        -1
    ] * log(found.kept(len(left)))
    assert told == pytest.approx(likelihood, abs=0.05)


def one_month(redeemed: list[int]):  # the youngest months, of which nothing was issued, give it its ages
    return triangle_of([redeemed, *([0] * (len(redeemed) - 1 - row) for row in range(len(redeemed) - 1))])


def test_breakage_is_the_closed_form() -> None:
    """B(a, b + E) / B(a, b) of Beta(0.668, 3.806) over 12 months."""
    law = BetaGeometric(0.668, 3.806)
    assert law.kept(12) == pytest.approx(0.378040, abs=5e-7)
    kept = 1.0
    for age in range(12):
        kept *= 1.0 - law.hazard(age)
    assert kept == pytest.approx(law.kept(12), abs=1e-12)
    assert BetaGeometric(1.0, 1.0).kept(2) == pytest.approx(1 / 3)


def expected_triangle(law: BetaGeometric, months: int, lapse: float):
    """What the law makes of a million points a month, of which a share of the rest lapses at each age."""
    rows, lost = [], []
    for issue in range(months):
        held, used, gone = 1e6, [], []
        for age in range(months - issue):
            used.append(held * law.hazard(age))
            gone.append((held - used[-1]) * lapse)
            held -= used[-1] + gone[-1]
        rows.append(used)
        lost.append(gone)
    return triangle_of(rows, lost=lost)


@pytest.mark.parametrize("lapse", [0.0, 0.05])
@pytest.mark.parametrize(("a", "b"), [(0.668, 3.806), (2.0, 5.0), (0.3, 0.4)])
def test_parameters_are_recovered_though_points_lapse(a: float, b: float, lapse: float) -> None:
    triangle = expected_triangle(BetaGeometric(a, b), 18, lapse)
    found = fit_beta_geometric(triangle, [1e6] * 18)
    assert isinstance(found, BetaGeometric)
    assert found.a == pytest.approx(a, rel=1e-3)
    assert found.b == pytest.approx(b, rel=1e-3)


def test_it_stands_beside_the_others_and_is_never_quoted() -> None:
    law = BetaGeometric(0.668, 3.806)
    found = estimates(expected_triangle(law, 12, 0.0), [1e6] * 12)
    one = next(each for each in found.methods if each.id == "beta_geometric")
    assert found.headline is not one
    assert one.ultimate[-1] == pytest.approx(1e6 * (1 - law.kept(12)), rel=1e-6)
    hazard = next(each for each in found.methods if each.id == "hazard")
    assert one.total_future == pytest.approx(hazard.total_future, rel=1e-6)


def test_what_does_not_fall_off_with_age_is_left_out() -> None:
    rising = estimates(triangle_of([(10, 20, 40, 20), (10, 20, 40), (10, 20), (10,)]), (100,) * 4)
    assert [left.id for left in rising.left_out] == ["beta_geometric"]
    assert "do not fall off with the age" in rising.left_out[0].reason
    short = estimates(triangle_of([(50, 25), (50,)]), (100, 100))
    assert [left.id for left in short.left_out] == ["beta_geometric"]


def test_a_law_that_does_not_describe_the_months_is_left_out() -> None:
    """Half at once, then next to nothing: no two parameters fall off like that and then stay."""
    rows = [(500, 100, 20, 2, 1, 1, 1, 0)[: 8 - month] for month in range(8)]
    found = estimates(triangle_of(rows), (1_000,) * 8)
    (left,) = found.left_out
    assert left.id == "beta_geometric"
    assert "62.5% were" in left.reason
