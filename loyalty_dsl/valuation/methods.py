"""The estimators that a triangle allows: what each makes of every month's issue, its error, or why it cannot.

Invariant: a method that cannot be used says why; none is computed on what nobody knows.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import sqrt

import attrs

from loyalty_dsl.valuation.beta_geometric import beta_geometric_hazards, fit_beta_geometric
from loyalty_dsl.valuation.chain_ladder import Ladder, ladder_of, mack_error, ultimates
from loyalty_dsl.valuation.exposures import cape_cod_rate, expected_ultimates, settled_rate
from loyalty_dsl.valuation.hazards import Hazards, hazard_ultimates, hazards_of
from loyalty_dsl.valuation.triangles import Triangle

FEWEST_FOR_JACKKNIFE = 6
FITS = 0.02
"""Of the URR: a law that is further from what was observed does not describe these members."""

CHAIN_LADDER, CAPE_COD, BORNHUETTER, HAZARD, BETA_GEOMETRIC = (
    "chain_ladder",
    "cape_cod",
    "bornhuetter_ferguson",
    "hazard",
    "beta_geometric",
)
LABELS = {
    CHAIN_LADDER: "Chain ladder",
    CAPE_COD: "Cape Cod",
    BORNHUETTER: "Bornhuetter-Ferguson",
    HAZARD: "Hazard by lot age",
    BETA_GEOMETRIC: "Beta-geometric",
}
NO_ISSUE = "it needs what was issued in each month"
MACK_SAYS = "Mack's: months taken as independent; lots of one member are not, so it is too narrow"
JACKKNIFE_SAYS = (
    "leaving out one month of issue at a time; members who change their ways and the choice of method are "
    "not in it, so it is much too narrow"
)

Found = tuple[tuple[float, ...], float | None, tuple[float, ...] | None, str]


def attempts(
    triangle: Triangle,
    ladder: Ladder,
    issued: tuple[float, ...] | None,
    prior: Fraction | float | None,
    errors: bool,
) -> dict[str, Callable[[], Found | str]]:
    """By method, what gives its ultimates and errors, or why it cannot."""

    def chain() -> Found | str:
        if not ladder.is_whole:
            return "in no older month was anything redeemed at an age from which it has to go on"
        if not ladder.has_spread:
            return ultimates(triangle, ladder), None, None, ""
        error = mack_error(triangle, ladder)
        return ultimates(triangle, ladder), error.total, error.by_month, MACK_SAYS

    def cape_cod() -> Found | str:
        return _of_rate(triangle, ladder, issued, cape_cod_rate, jackknife=errors)

    def bornhuetter() -> Found | str:
        if prior is None:
            return _of_rate(triangle, ladder, issued, settled_rate, jackknife=errors)
        return _of_rate(triangle, ladder, issued, lambda *_: float(prior), jackknife=False)

    def hazard() -> Found | str:
        return _of_hazards(triangle, issued, lambda _triangle, _issued, observed: observed, jackknife=errors)

    def beta_geometric() -> Found | str:
        return _of_hazards(triangle, issued, _smooth, jackknife=errors)

    return {
        CHAIN_LADDER: chain,
        CAPE_COD: cape_cod,
        BORNHUETTER: bornhuetter,
        HAZARD: hazard,
        BETA_GEOMETRIC: beta_geometric,
    }


Shape = Callable[[Triangle, Sequence[float], Hazards], Hazards | str]
"""What hazards are taken of a triangle, given those observed; or why none."""


def _smooth(triangle: Triangle, issued: Sequence[float], observed: Hazards) -> Hazards | str:
    fitted = fit_beta_geometric(triangle, issued)
    if isinstance(fitted, str):
        return fitted
    found = beta_geometric_hazards(fitted, observed)
    says, did = found.rate_after(-1), observed.rate_after(-1)
    if abs(says - did) > FITS:
        return (
            f"by its law {says:.1%} of a month's issue would be redeemed by age {triangle.ages - 1}, where "
            f"{did:.1%} were: hazards do not fall off as they would where members only differ"
        )
    return found


def _of_hazards(
    triangle: Triangle, issued: tuple[float, ...] | None, shape: Shape, *, jackknife: bool
) -> Found | str:
    """The ultimates by hazards of some shape, and their error by leaving out each month."""
    if issued is None:
        return NO_ISSUE
    observed = hazards_of(triangle, issued)
    if observed is None:
        return "of some month more was redeemed and lost than issued"
    hazards = shape(triangle, issued, observed)
    if isinstance(hazards, str):
        return hazards

    def again(row: int) -> float:
        others, theirs = triangle.without(row), issued[:row] + issued[row + 1 :]
        seen = hazards_of(others, theirs)
        assert seen is not None
        found = shape(others, theirs, seen)
        known = hazards if isinstance(found, str) else found
        padded = attrs.evolve(
            known,
            redeemed=known.redeemed + hazards.redeemed[len(known.redeemed) :],
            lost=known.lost + hazards.lost[len(known.lost) :],
        )
        return sum(hazard_ultimates(triangle, issued, padded))

    ever = hazard_ultimates(triangle, issued, hazards)
    return ever, _jackknife(again, len(issued)) if jackknife else None, None, JACKKNIFE_SAYS


Rate = Callable[[Triangle, Ladder, Sequence[float]], float | None]


def _of_rate(
    triangle: Triangle,
    ladder: Ladder,
    issued: tuple[float, ...] | None,
    rate_of: Rate,
    *,
    jackknife: bool = True,
) -> Found | str:
    """The ultimates at an expected rate, and their error from the rate and factors of other months."""
    if issued is None:
        return NO_ISSUE
    rate = rate_of(triangle, ladder, issued)
    if rate is None:
        return "no month is far enough developed"

    def again(row: int) -> float:
        others = triangle.without(row)
        theirs = ladder_of(others, ladder.tail)
        missing = ladder.factors[len(theirs.factors) :]
        theirs = attrs.evolve(theirs, factors=theirs.factors + missing)
        found = rate_of(others, theirs, issued[:row] + issued[row + 1 :])
        return sum(expected_ultimates(triangle, theirs, issued, rate if found is None else found))

    ever = expected_ultimates(triangle, ladder, issued, rate)
    error = _jackknife(again, len(issued)) if jackknife else None
    return ever, error, None, JACKKNIFE_SAYS if error is not None else ""


def _jackknife(again: Callable[[int], float], months: int) -> float | None:
    """The standard error of a total by leaving out each month in turn; `None` of too few months."""
    if months < FEWEST_FOR_JACKKNIFE:
        return None
    totals = [again(row) for row in range(months)]
    mean = sum(totals) / months
    return sqrt((months - 1) / months * sum((total - mean) ** 2 for total in totals))
