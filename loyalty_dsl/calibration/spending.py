"""What members spend: gamma-gamma by likelihood, and lognormal baskets split between and within members.

Invariant: spend is per purchase day or basket and positive; purchases of nothing say nothing about either.

Sources: Fader and Hardie, note 025 (gamma-gamma); Searle, Casella and McCulloch 1992 for the unbalanced
one-way variance components (analysis of variance), here of the logs.
"""

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import PurchaseDays
from loyalty_dsl.calibration.maximising import Maximum, maximise

Floats = NDArray[np.float64]

GAMMA_GAMMA = ("p", "q", "gamma")
FEWEST = 30
"""Members with repeat purchases that spend is fitted from."""


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
        median_error: the standard error of the log of the median, members being independent.
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


def fit_lognormal(member: NDArray[np.int64], spend: NDArray[np.int64]) -> LognormalSpend | None:
    """Lognormal baskets whose median and variance are over baskets, split by variance components.

    Args:
        member: [baskets] whose each is.
        spend: [baskets] minor units; those of nothing are left out.

    Returns:
        The fit, or `None` where there are too few baskets.
    """
    kept = spend > 0
    logs = np.log(spend[kept].astype(float))
    _, number = np.unique(member[kept], return_inverse=True)
    n = len(logs)
    if n < FEWEST or number.max() + 1 < 2:
        return None
    count = np.bincount(number).astype(float)
    means = np.bincount(number, logs) / count
    residual = logs - means[number]
    groups = len(count)
    overall = float(logs.mean())
    within = float(residual @ residual) / max(1, n - groups)
    spread = float(count @ (means - overall) ** 2) / max(1, groups - 1)
    typical = (n - float(count @ count) / n) / max(1, groups - 1)
    between = max(0.0, (spread - within) / typical) if n > groups else 0.0
    variance = float(logs.var())
    share = within / (within + between) if within + between else 1.0
    # Members are the independent draws: the error of a mean over baskets is that of a ratio of sums.
    sums = np.bincount(number, logs - overall)
    squares = np.bincount(number, (logs - overall) ** 2 - variance)
    return LognormalSpend(
        median=float(np.exp(overall)),
        sigma=float(np.sqrt(variance)),
        within=float(np.sqrt(variance * share)),
        median_error=float(np.sqrt(sums @ sums)) / n,
        sigma_error=float(np.sqrt(squares @ squares)) / n / (2 * float(np.sqrt(variance)) or 1.0),
        baskets=n,
    )
