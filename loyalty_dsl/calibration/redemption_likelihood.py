"""How likely it is that members took what they took, and how that changes with the parameters.

The model is that of `redeem` in a population: P(take) = logistic(odds + spread z + slope ln(worth / basket)),
with z a normal draw of the member's own, of a given correlation with a score of the member's, and a share of
members who never take any. The odds are those at the end of the data, and may have come to it by a trend. The
score is known from what the member bought, as a mean and a variance, so z is normal with the mean correlation
x mean and the variance 1 - correlation^2 (1 - variance).

Invariant: offers of one member that are alike are one row, so without a slope each member is one; the
integral over z is Gauss-Hermite about each member's own most likely z, as wide as its likelihood is there, so
members with hundreds of offers are as exact as those with one.

Source: Pinheiro and Bates 1995 for the adaptive quadrature.
"""

from functools import cache

import attrs
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NODES = 9
STEPS = 3
"""Newton's steps to each member's own z, from where it was for the parameters before."""


@cache
def _hermite() -> tuple[Floats, Floats]:
    """Nodes, and the logs of what values of an integrand are weighted with."""
    at, weight = np.polynomial.hermite_e.hermegauss(NODES)
    return at, np.log(weight) + at**2 / 2


@attrs.frozen(eq=False)
class Rows:
    """Offers of one member that are alike in one row, by member.

    Attributes:
        starts: [members] the first row of each.
        log_worth: [rows] the log of what a use takes off over the basket; 0 where it is not looked at.
        after: [rows] minus the months to the end of calibration; 0 where they are not looked at.
        offers, taken: [rows] how many, and of them taken.
    """

    starts: Ints
    log_worth: Floats
    after: Floats
    offers: Floats
    taken: Floats

    @property
    def of_member(self) -> Ints:
        """[rows] the member of each."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.offers))))


def rows_of(number: Ints, taken: NDArray[np.bool_], log_worth: Floats, after: Floats) -> Rows:
    """Gathers offers.

    Args:
        number: [offers] the member of each, all from 0.
        taken, log_worth, after: [offers] of each.
    """
    table = np.stack([number.astype(np.float64), np.round(log_worth, 12), after], axis=1)
    different, place = np.unique(table, axis=0, return_inverse=True)
    place = place.ravel()
    offers = np.bincount(place, minlength=len(different)).astype(np.float64)
    uses = np.bincount(place, taken.astype(np.float64), len(different)).astype(np.float64)
    starts = np.flatnonzero(np.diff(different[:, 0], prepend=-1))
    return Rows(starts, different[:, 1].copy(), different[:, 2].copy(), offers, uses)


@attrs.frozen(eq=False)
class Score:
    """What is known of a member's own place among members, in standard normal units. Attributes: mean,
    variance: [members]."""

    mean: Floats
    variance: Floats

    def of(self, members: Ints) -> "Score":
        """That of some members."""
        return Score(self.mean[members], self.variance[members])


@attrs.frozen
class Parameters:
    """Of `redeem`, on the scales of the model: the logs of the odds and of the odds of never."""

    odds: float
    spread: float
    slope: float
    never: float | None
    correlation: float
    trend: float = 0.0


class Likelihood:
    """The log-likelihood of rows. It remembers each member's own z to begin the next search from."""

    def __init__(self, rows: Rows, score: Score | None) -> None:
        self.rows = rows
        self.score = score
        self._of_member = rows.of_member
        self._none = np.add.reduceat(rows.taken, rows.starts) == 0
        self._columns = {i: it for i, it in ((2, rows.log_worth), (5, rows.after)) if np.any(it)}
        self._centre = np.zeros(len(rows.starts))

    def __call__(self, at: Parameters) -> tuple[float, Floats]:
        """The log-likelihood, and its derivatives by the odds, the log of the spread, the slope, the odds of
        never (both odds as logs), the correlation and the trend."""
        mean, variance = self._prior(at)
        root = np.sqrt(variance)
        fixed = at.odds + at.slope * self.rows.log_worth + at.trend * self.rows.after
        centre, width = self._centred(fixed, at.spread, mean, variance)
        nodes, log_weight = _hermite()
        z = centre + width * nodes[:, None]
        away = (z - mean) / root
        logs, rest, of_columns = self._at_nodes(fixed, at.spread * z)
        logs += log_weight[:, None] - away**2 / 2
        most = logs.max(axis=0)
        mass = np.exp(logs - most)
        total = mass.sum(axis=0)
        takes = most + np.log(total * width / root) - np.log(2 * np.pi) / 2
        mass /= total
        rest *= mass
        by = np.zeros((6, len(mean)))
        by[0] = rest.sum(axis=0)
        by[1] = at.spread * (rest * z).sum(axis=0)
        for place, column in of_columns.items():
            by[place] = (column * mass).sum(axis=0)
        if self.score is not None:
            by[4] = self.score.mean * (mass * away).sum(axis=0) / root
            narrower = at.correlation * (self.score.variance - 1) / variance
            by[4] += narrower * ((mass * away**2).sum(axis=0) - 1)
        if at.never is None:
            return float(takes.sum()), by.sum(axis=1)
        log_never, log_other = -np.logaddexp(0, -at.never), -np.logaddexp(0, at.never)
        logs_of = log_other + takes
        either = np.where(self._none, np.logaddexp(logs_of, log_never), logs_of)
        other = np.exp(logs_of - either)  # the chance that it is not one who never takes any
        found = by @ other
        found[3] = float((1 - other).sum()) - len(other) * float(np.exp(log_never))
        return float(either.sum()), found

    def _at_nodes(self, fixed: Floats, own: Floats) -> tuple[Floats, Floats, dict[int, Floats]]:
        """[nodes, members] the log of the chance of what was taken, its derivative by the odds and, where
        they are looked at, by the slope and the trend, by their places. One node after the other, so that the
        numbers stay near.

        Args:
            fixed: [rows] of the log odds; own: [nodes, members] what is added to them.
        """
        rows, of_member = self.rows, self._of_member
        logs, rest = np.empty_like(own), np.empty_like(own)
        of_columns = {place: np.empty_like(own) for place in self._columns}
        for node in range(len(own)):
            logit = np.clip(fixed + own[node].take(of_member), -600, 600)
            grown = np.exp(logit)
            above = 1 + grown
            row = rows.taken * logit
            row -= rows.offers * np.log(above)
            logs[node] = np.add.reduceat(row, rows.starts)
            grown /= above
            grown *= rows.offers
            row = rows.taken - grown
            rest[node] = np.add.reduceat(row, rows.starts)
            for place, column in self._columns.items():
                of_columns[place][node] = np.add.reduceat(row * column, rows.starts)
        return logs, rest, of_columns

    def _prior(self, at: Parameters) -> tuple[Floats, Floats]:
        """[members] the mean and the variance of z before anything is offered."""
        if self.score is None:
            return np.zeros(len(self._none)), np.ones(len(self._none))
        variance = 1 - at.correlation**2 * (1 - self.score.variance)
        return at.correlation * self.score.mean, np.maximum(variance, 1e-6)

    def _centred(self, fixed: Floats, spread: float, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        """[members] the most likely z, nearly, and the standard deviation there."""
        rows, centre = self.rows, self._centre
        bent = 1 / variance
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-np.clip(fixed + spread * centre[self._of_member], -500, 500)))
            steep = spread * np.add.reduceat(rows.taken - rows.offers * chance, rows.starts)
            steep -= (centre - mean) / variance
            bent = (
                spread**2 * np.add.reduceat(rows.offers * chance * (1 - chance), rows.starts) + 1 / variance
            )
            centre = centre + np.clip(steep / bent, -1.5, 1.5)
        centre = np.clip(centre, -12, 12)
        self._centre = centre
        return centre, 1 / np.sqrt(bent)
