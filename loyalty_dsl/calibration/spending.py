"""What members spend: gamma-gamma by likelihood, and lognormal baskets split between and within members.

Invariant: spend is per purchase day or basket and positive; purchases of nothing say nothing about either.

Sources: Fader and Hardie, note 025 (gamma-gamma); Searle, Casella and McCulloch 1992 for the unbalanced
one-way variance components (analysis of variance), here of the logs.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import Ints, PurchaseDays
from loyalty_dsl.calibration.maximising import Maximum, maximise

Floats = NDArray[np.float64]

GAMMA_GAMMA = ("p", "q", "gamma")
GROUPS = 20
FAR = 0.25
FEWEST = 30
"""Members with repeat purchases, or baskets, that spend is fitted from."""


@attrs.frozen(eq=False)
class MeanSpends:
    """Members' mean spend over their repeat purchases, in whole money.

    Attributes:
        purchases: [members] how many the mean is of.
        mean: [members] positive.
    """

    purchases: Floats
    mean: Floats


def mean_spends(days: PurchaseDays, until: int, minor: int) -> MeanSpends:
    """The mean spend per repeat purchase day of every member who has one.

    Args:
        days: of all members.
        until: the last day of calibration.
        minor: minor units in a unit of money.
    """
    seen = days.until(until)
    repeat = np.diff(seen.member, prepend=-1) == 0
    count = np.bincount(seen.member[repeat], minlength=seen.members).astype(float)
    total = np.bincount(seen.member[repeat], seen.spend[repeat], seen.members)
    kept = total > 0
    return MeanSpends(count[kept], total[kept] / count[kept] / minor)


def gamma_gamma_log_likelihoods(parameters: Floats, spends: MeanSpends) -> Floats:
    """[members] the log-likelihood of each mean: p, q, gamma."""
    from scipy.special import gammaln

    p, q, gamma = parameters
    x, mean = spends.purchases, spends.mean
    known = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
    return np.asarray(
        known + (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(gamma + mean * x)
    )


def fit_gamma_gamma(spends: MeanSpends) -> Maximum | None:
    """The gamma-gamma model by maximum likelihood; `None` where too few members bought again."""
    if len(spends.mean) < FEWEST:
        return None
    scale = float(np.mean(spends.mean))
    return maximise(
        lambda p: float(np.sum(gamma_gamma_log_likelihoods(p, spends))),
        GAMMA_GAMMA,
        [(5, 4, scale / 2), (1, 2, scale)],
    )


@attrs.frozen
class LognormalSpend:
    """Lognormal baskets.

    Attributes:
        median: minor units.
        sigma: the standard deviation of the log of a basket, over all members.
        within: that of the log of one member's baskets.
        median_error: the standard error of the log of the median, by leaving out groups of members.
        sigma_error: that of sigma.
        baskets: how many it is fitted from.
    """

    median: float
    sigma: float
    within: float
    median_error: float
    sigma_error: float
    baskets: int

    @property
    def between(self) -> float:
        """The standard deviation of members' own means of the log."""
        return float(np.sqrt(max(0.0, self.sigma**2 - self.within**2)))


def fit_lognormal(member: Ints, spend: Ints) -> LognormalSpend | None:
    """Lognormal baskets with the mean and the median of the data, split by variance components of the logs.

    Real baskets are not quite lognormal: their logs lean to the left. A fit of the logs would then overstate
    the mean, by a tenth for groceries, and with it all that is earned; so the mean and the median are kept,
    which are also sturdier than the variance.

    Args:
        member: [baskets] whose each is.
        spend: [baskets] minor units; those of nothing are left out.

    Returns:
        The fit, or `None` where there are too few baskets.
    """
    kept = spend > 0
    amounts = spend[kept].astype(np.float64)
    _, number = np.unique(member[kept], return_inverse=True)
    if len(amounts) < FEWEST or number.max() + 1 < GROUPS:
        return None
    median, sigma = _mean_and_median(amounts)
    group = number % GROUPS
    without = np.array([_mean_and_median(amounts[group != g]) for g in range(GROUPS)])
    without[:, 0] = np.log(without[:, 0])
    errors = np.sqrt((GROUPS - 1) * without.var(axis=0))  # the jackknife, over members
    return LognormalSpend(
        median=median,
        sigma=sigma,
        within=float(np.sqrt(_within(np.log(amounts), number))) * sigma,
        median_error=float(errors[0]),
        sigma_error=float(errors[1]),
        baskets=len(amounts),
    )


def _mean_and_median(amounts: Floats) -> tuple[float, float]:
    """The median and sigma of a lognormal distribution of that mean and median. Where they lie so close or so
    far that sigma would be `FAR` off that of the logs, it is no further off, and the mean is kept."""
    mean, median = float(amounts.mean()), float(np.median(amounts))
    of_logs = float(np.log(amounts).std())
    sigma = float(np.sqrt(2 * np.log(max(1.0, mean / median))))
    sigma = min(max(sigma, (1 - FAR) * of_logs), (1 + FAR) * of_logs)
    return mean * float(np.exp(-(sigma**2) / 2)), sigma


def _within(logs: Floats, number: Ints) -> float:
    """The share of the variance that is within members: variance components by the analysis of variance."""
    n = len(logs)
    count = np.bincount(number).astype(np.float64)
    groups = len(count)
    means = np.bincount(number, logs) / count
    residual = logs - means[number]
    if n <= groups:
        return 1.0
    within = float(residual @ residual) / (n - groups)
    spread = float(count @ (means - logs.mean()) ** 2) / (groups - 1)
    typical = (n - float(count @ count) / n) / (groups - 1)
    between = max(0.0, (spread - within) / typical)
    return within / (within + between) if within + between else 1.0
