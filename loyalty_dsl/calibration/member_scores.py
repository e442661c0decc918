"""Where each member stands among members, by what it spends and how often it buys, as far as that is known.

Invariant: a score is standard normal over members; of one member it is known as a mean and a variance, given
its own purchases, so somebody who has bought twice is near the middle and unsure, not far off and sure.

The score of a rate is taken among the rates of all members, leavers and stayers together. A segment's members
have rates of their own, and `place_of` says where these lie among all.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration import clock_dropout, models
from loyalty_dsl.calibration.customers import Customers, PurchaseDays
from loyalty_dsl.calibration.incumbents import Behaviour
from loyalty_dsl.calibration.models import Fit, Leaving, parts_of
from loyalty_dsl.calibration.redemption_likelihood import Score
from loyalty_dsl.calibration.spending import LognormalSpend

Floats = NDArray[np.float64]

POINTS = 8
"""Quantiles, at the middles of equal shares, that stand for what is not known of a member's rate."""
FINE = 200
"""The same of a segment."""
LEAST = 0.02
"""Of the variance of baskets, the share that is a member's own, below which members spend alike."""


def basket_scores(days: PurchaseDays, spend: LognormalSpend) -> Score | None:
    """[members] the scores of members' own median baskets; `None` where these hardly differ."""
    if spend.between**2 < LEAST * spend.sigma**2:
        return None
    kept = days.spend > 0
    count = np.bincount(days.member[kept], minlength=days.members).astype(np.float64)
    logs = np.bincount(days.member[kept], np.log(days.spend[kept] / spend.median), days.members)
    precision = count * spend.between**2 + spend.within**2
    return Score(spend.between * logs / precision, spend.within**2 / precision)


def rate_scores(fitted: Fit, customers: Customers) -> Score:
    """[members] the scores of members' own rates of purchases."""
    from scipy.special import gammaincinv

    k = fitted.form.k
    stays = models.membership(fitted, customers)
    mean, square = np.zeros(len(stays)), np.zeros(len(stays))
    levels = (np.arange(POINTS) + 0.5) / POINTS
    for part in parts_of(fitted):
        r, alpha = part.values[:2]
        alive = np.ones(len(stays)) if part.stays else models.alive_of(part, customers)
        left_at = customers.last
        if not part.stays and part.form.leaving is Leaving.ANY_TIME:
            left_at = clock_dropout.days_of_leaving(part.values, customers, k)
        weight = stays if part.stays else 1 - stays
        stages = r + k * customers.repeats
        there = (alive, stages + models.stages_done(part, customers), alpha + customers.age)
        for chance, shape, scale in (there, (1 - alive, stages, alpha + left_at)):
            scores = _score(fitted, gammaincinv(shape[:, None], levels) / scale[:, None])
            mean += weight * chance * scores.mean(axis=1)
            square += weight * chance * (scores**2).mean(axis=1)
    return Score(mean, np.maximum(square - mean**2, 1e-6))


def _score(fitted: Fit, rate: Floats) -> Floats:
    """The normal scores of rates of stages among those of all members."""
    from scipy.special import gammainc, gammaincc, ndtri

    below, above = np.zeros(rate.shape), np.zeros(rate.shape)
    for part in parts_of(fitted):
        r, alpha = part.values[:2]
        below += part.share * gammainc(r, alpha * rate)
        above += part.share * gammaincc(r, alpha * rate)
    found = np.where(below < 0.5, ndtri(np.maximum(below, 1e-300)), -ndtri(np.maximum(above, 1e-300)))
    return np.asarray(found)


@attrs.frozen
class Place:
    """Where a segment's members lie among all. Attributes: mean: of their scores; steep: by how much a score
    among all rises with the score among the segment."""

    mean: float
    steep: float


def place_of(behaviour: Behaviour, fitted: Fit) -> Place:
    """Where the rates of a segment, as it is written, lie among those that scores were taken among.

    Args:
        fitted: as given to `rate_scores`.
    """
    from scipy.special import gammaincinv, ndtri

    if behaviour.spread <= 0:
        rate = np.array([behaviour.rate * behaviour.k])
        return Place(float(_score(fitted, rate)[0]), 0.0)
    shape = 1 / behaviour.spread**2
    levels = (np.arange(FINE) + 0.5) / FINE
    own = ndtri(levels)
    scores = _score(fitted, gammaincinv(shape, levels) * (behaviour.rate * behaviour.k / shape))
    return Place(float(scores.mean()), float(own @ scores / (own @ own)))
