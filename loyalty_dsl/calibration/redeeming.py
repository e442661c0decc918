"""How members choose rewards, fitted to the purchases at which they could have taken one.

Invariant: a part of the model (a slope, a share who never redeem, a correlation with what members spend or
how often they buy, a trend) is only kept where it makes the likelihood larger by more than it costs, and the
rest is then fitted without it: nothing is fitted and afterwards left out. With a trend the odds are those at
the end of the data, where a forecast begins: what redeeming will do afterwards is not foretold.

Source: Akaike 1974 for the cost of a parameter.
"""

from collections.abc import Mapping
from math import exp, log, sqrt, tanh

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.maximising import LogLikelihood, Maximum, WithSlope, climb, maximise
from loyalty_dsl.calibration.offers import Offers
from loyalty_dsl.calibration.redemption_likelihood import Likelihood, Parameters, Rows, Score, rows_of

Floats = NDArray[np.float64]

BASKET, PURCHASES = "basket", "purchases"
SAME = 1e-6
"""Offers whose worths differ by no more than this have one worth."""
PLACES = ("odds", "spread", "slope", "never", "correlation", "trend")
"""As derivatives of the likelihood come."""
YEAR = 12.0
"""Months that are one for the trend: it is between years, so that no season is taken for it."""
FEWEST_MONTHS = 21.0
"""How far back offers reach at least where a trend is looked for: two years, less the first points."""
NODES = 24
STEP = 1e-4


@attrs.frozen
class Kept:
    """The parts of the model that are fitted; the odds always are.

    Attributes:
        trend: whether odds change by as much in each month.
        link: what readiness to redeem goes with, `basket` or `purchases`; `None` where with neither.
    """

    spread: bool = True
    slope: bool = False
    never: bool = True
    trend: bool = False
    link: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters that are searched: odds, and `correlation` as the odds of (1 + it) / 2."""
        parts = {"spread": self.spread, "slope": self.slope, "never": self.never, "correlation": self.link}
        parts["trend"] = self.trend
        return ("odds", *(name for name, kept in parts.items() if kept))

    def at(self, values: Floats) -> Parameters:
        """The parameters of the model, given those that are searched."""
        logs = dict(zip(self.names, np.log(values).tolist(), strict=True))
        return Parameters(
            odds=logs["odds"],
            spread=exp(logs["spread"]) if self.spread else 0.0,
            slope=logs.get("slope", 0.0),
            never=logs.get("never"),
            correlation=tanh(logs.get("correlation", 0.0) / 2),
            trend=logs.get("trend", 0.0),
        )


@attrs.frozen(eq=False)
class Redemption:
    """How members redeem, as the population says it.

    Attributes:
        maximum: of the likelihood, in the parameters that `kept` names.
        offers, taken: how many it is fitted from.
        error: the relative standard error of the share of these offers that is expected to be taken, by the
            covariance of the parameters; `None` where the likelihood does not tell it.
    """

    kept: Kept
    maximum: Maximum
    offers: int
    taken: int
    error: float | None

    @property
    def parameters(self) -> Parameters:
        """On the scales of the model."""
        return self.kept.at(self.maximum.values)

    @property
    def chance(self) -> float:
        """That a member in the middle takes a reward that is worth the basket, or any, without a slope."""
        return 1 / (1 + exp(-self.parameters.odds))

    @property
    def slope(self) -> float:
        """By the log of the worth over the basket."""
        return self.parameters.slope

    @property
    def spread(self) -> float:
        """The standard deviation, over members, of the log odds."""
        return self.parameters.spread

    @property
    def never(self) -> float:
        """The share of members who never redeem."""
        never = self.parameters.never
        return 0.0 if never is None else 1 / (1 + exp(-never))

    @property
    def correlation(self) -> float:
        """Of readiness to redeem with the score that `kept` names."""
        return self.parameters.correlation

    @property
    def trend(self) -> float:
        """By how much the log odds rise in a month; the rest is as at the end of the data."""
        return self.parameters.trend

    @property
    def errors(self) -> dict[str, float | None]:
        """The standard error of each of the six; `None` where it was not fitted or is not told."""
        never, chance, correlation = self.never, self.chance, self.correlation
        by_log = {
            "odds": ("chance", chance * (1 - chance)),
            "spread": ("spread", self.spread),
            "slope": ("slope", 1.0),
            "never": ("never", never * (1 - never)),
            "correlation": ("correlation", (1 - correlation**2) / 2),
            "trend": ("trend", 1.0),
        }
        found: dict[str, float | None] = {name: None for name, _ in by_log.values()}
        if self.maximum.covariance is not None:
            own = np.sqrt(np.diag(self.maximum.covariance))
            for name, error in zip(self.kept.names, own, strict=True):
                told, scale = by_log[name]
                found[told] = float(error * scale)
        return found


def fit_redemption(offers: Offers, scores: Mapping[str, Score] | None = None) -> Redemption:
    """Fits how members choose, by maximum likelihood.

    Args:
        offers: some of them taken.
        scores: by link, what is known of the members of the offers, in their order.
    """
    _, number = np.unique(offers.member, return_inverse=True)
    fits = _Fits(offers, number, scores or {})
    rate = min(0.99, max(0.01, float(offers.taken.mean())))
    plain = fits.climbed(Kept(), {"odds": rate / (1 - rate), "spread": 1.0, "never": 0.1})
    tried = [plain]
    tried += [fits.climbed(Kept(link=link), plain.values | {"correlation": 1.0}) for link in fits.scores]
    if float(np.ptp(fits.log_worth)) > SAME:
        with_slope = [
            fits.climbed(attrs.evolve(one.kept, slope=True), one.values | _sloped(one.values, fits.log_worth))
            for one in tried
        ]
        tried += [one for one in with_slope if one.values["slope"] > 1]  # its log is the slope
    best = min(tried, key=lambda one: one.aic)
    if float(offers.before.max()) >= FEWEST_MONTHS:
        moving = fits.climbed(attrs.evolve(best.kept, trend=True), best.values | {"trend": 1.0})
        best = min(best, moving, key=lambda one: one.aic)
    without = [fits.climbed(attrs.evolve(best.kept, never=False), best.values)]
    if best.kept.link is None:
        without.append(fits.climbed(attrs.evolve(without[0].kept, spread=False), best.values))
    best = min([best, *without], key=lambda one: one.aic)
    likelihood, slope = fits.of(best.kept)
    maximum = maximise(likelihood, best.kept.names, [[best.values[name] for name in best.kept.names]], slope)
    error = _error(best.kept, maximum, fits.rows(best.kept))
    return Redemption(best.kept, maximum, len(offers.taken), int(offers.taken.sum()), error)


def _sloped(values: dict[str, float], log_worth: Floats) -> dict[str, float]:
    """Where to begin with a slope: odds that give the offers in the middle the same chance."""
    start = 0.2
    return {"slope": exp(start), "odds": values["odds"] * exp(-start * float(np.median(log_worth)))}


@attrs.frozen(eq=False)
class _Tried:
    """Parts of the model, and nearly the most likely values for them."""

    kept: Kept
    values: dict[str, float]
    log_likelihood: float

    @property
    def aic(self) -> float:
        return 2 * (len(self.kept.names) - self.log_likelihood)


class _Fits:
    """Fits of parts of the model to one set of offers."""

    def __init__(self, offers: Offers, number: "NDArray[np.int64]", scores: Mapping[str, Score]) -> None:
        self.log_worth = np.log(np.maximum(offers.worth, 1e-9))
        self.scores = scores
        self._offers = offers
        self._number = number
        self._rows: dict[tuple[bool, bool], Rows] = {}

    def rows(self, kept: Kept) -> Rows:
        """As far as offers have to be told apart."""
        key = kept.slope, kept.trend
        if key not in self._rows:
            after = -YEAR * (np.floor(self._offers.before / YEAR) + 0.5)
            columns = self.log_worth * kept.slope, after * kept.trend
            self._rows[key] = rows_of(self._number, self._offers.taken, *columns)
        return self._rows[key]

    def of(self, kept: Kept) -> tuple[LogLikelihood, WithSlope]:
        """The likelihood of the values that are searched, and with its derivatives by their logs."""
        likelihood = Likelihood(self.rows(kept), None if kept.link is None else self.scores[kept.link])
        place = [PLACES.index(name) for name in kept.names]

        def slope(values: Floats) -> tuple[float, Floats]:
            at = kept.at(values)
            value, by = likelihood(at)
            by[4] *= (1 - at.correlation**2) / 2
            return value, by[place]

        return lambda values: likelihood(kept.at(values))[0], slope

    def climbed(self, kept: Kept, start: Mapping[str, float]) -> _Tried:
        """Nearly the maximum, from a place to start at."""
        likelihood, slope = self.of(kept)
        values, height = climb(likelihood, [[start[name] for name in kept.names]], slope=slope)
        return _Tried(kept, dict(zip(kept.names, values.tolist(), strict=True)), height)


def _error(kept: Kept, maximum: Maximum, rows: Rows) -> float | None:
    """The relative standard error of the share of the offers that is expected to be taken."""
    if maximum.covariance is None:
        return None
    at, weight = np.polynomial.hermite_e.hermegauss(NODES)
    worth, place = np.unique(np.round(rows.log_worth, 1), return_inverse=True)
    offers = np.bincount(place.ravel(), rows.offers)

    def log_share(logs: Floats) -> float:
        found = kept.at(np.exp(logs))
        logit = found.odds + found.spread * at[None, :] + (found.slope * worth)[:, None]
        takes = float(offers @ (1 / (1 + np.exp(-logit))) @ weight)
        return log(takes) + (0.0 if found.never is None else -float(np.logaddexp(0, found.never)))

    logs = np.log(maximum.values)
    steps = STEP * np.eye(len(logs))
    slope = np.array([(log_share(logs + s) - log_share(logs - s)) / (2 * STEP) for s in steps])
    variance = float(slope @ maximum.covariance @ slope)
    return sqrt(variance) if variance >= 0 else None
