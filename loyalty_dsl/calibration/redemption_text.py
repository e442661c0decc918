"""How members redeem, as the `redeem` of a segment, with standard errors as a comment.

Invariant: readiness to redeem that goes with how often members buy is fitted among all members, while a
segment says it among its own: a segment of heavier buyers has another chance in the middle, a lesser spread,
or both, so that each member redeems as it was fitted to.
"""

from collections.abc import Iterator
from math import exp, expm1, sqrt

from loyalty_dsl.calibration.incumbents import Behaviour
from loyalty_dsl.calibration.member_scores import Place, place_of
from loyalty_dsl.calibration.models import Fit
from loyalty_dsl.calibration.redeeming import PURCHASES, Redemption
from loyalty_dsl.calibration.written_numbers import MOST_SPREAD, decimal

SAME_FOR_ALL = Place(0.0, 1.0)


def redeem_lines(found: Redemption | None, segment: Behaviour, fitted: Fit) -> Iterator[str]:
    """The trait, and what it rests on.

    Args:
        found: `None` where nothing could be fitted.
        segment: whose it is.
        fitted: the customers that rates were scored among.
    """
    if found is None:
        yield "# Assumed, not fitted: too few redemptions, or rewards that ask for more than a balance."
        yield "redeem     50% when a reward is affordable"
        return
    place = place_of(segment, fitted) if found.kept.link == PURCHASES else SAME_FOR_ALL
    chance, spread, correlation = of_segment(found, place)
    words = [f"redeem     {min(99.99, max(0.01, 100 * chance)):.2f}% when a reward is affordable"]
    if found.kept.slope:
        words.append(f"slope {decimal(found.slope)}")
    if found.kept.spread:
        words.append(f"spread {decimal(min(MOST_SPREAD, spread))}")
    if found.never >= 0.001:
        words.append(f"never {100 * found.never:.1f}%")
    if abs(correlation) >= 0.01:
        words.append(f"correlation {correlation:.2f} with {found.kept.link}")
    yield " ".join(words)
    told = {name: error for name, error in found.errors.items() if error is not None}
    errors = ", ".join(f"{name} ± {error:.2g}" for name, error in told.items())
    if found.kept.trend:
        errors += (
            f" (the odds of redeeming changed by {expm1(found.trend):+.1%} a month; this is how they ended)"
        )
    if found.kept.link == PURCHASES:
        errors += f" (of all members: chance {found.chance:.1%}, correlation {found.correlation:.2f})"
    yield f"# {errors or 'no standard errors'}; {found.taken:,} taken of {found.offers:,} offers"


def of_segment(found: Redemption, place: Place) -> tuple[float, float, float]:
    """The chance in the middle, the spread and the correlation among members who lie so among all."""
    correlation = found.correlation
    odds = found.parameters.odds + found.spread * correlation * place.mean
    linked = correlation * place.steep
    spread = sqrt(linked**2 + 1 - correlation**2)
    return 1 / (1 + exp(-odds)), found.spread * spread, linked / spread if spread else 0.0
