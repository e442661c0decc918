"""Models of renewals and yearly giving: shifted beta-geometric and beta-geometric/beta-binomial.

Invariant: both are in discrete time, with chances that are beta over members and stay what they are.

Sources: Fader and Hardie 2007 (sBG); Fader, Hardie and Shang 2010 (BG/BB).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.maximising import Maximum, maximise

Floats = NDArray[np.float64]


def sbg_survival(a: float, b: float, periods: int) -> Floats:
    """[periods] the share of members still there after 1, 2, ... periods."""
    from scipy.special import betaln

    t = np.arange(1, periods + 1)
    return np.asarray(np.exp(betaln(a, b + t) - betaln(a, b)))


def fit_sbg(survivors: Sequence[int]) -> Maximum:
    """Shifted beta-geometric renewals.

    Args:
        survivors: members at the start, then after each period.
    """
    counts = np.asarray(survivors, float)

    def log_likelihood(parameters: Floats) -> float:
        survival = np.append(1.0, sbg_survival(parameters[0], parameters[1], len(counts) - 1))
        lost = -np.diff(counts) @ np.log(-np.diff(survival))
        return float(lost + counts[-1] * np.log(survival[-1]))

    return maximise(log_likelihood, ("a", "b"), [(1, 1), (0.5, 3)])


def fit_bg_bb(repeats: Floats, last: Floats, periods: Floats, weight: Floats) -> Maximum:
    """Beta-geometric/beta-binomial: a member may act in each period, and may leave before each.

    Args:
        repeats, last, periods: [rows] periods with an act, the last of them, and all periods.
        weight: [rows] members of each row.
    """
    from scipy.special import betaln

    def log_likelihood(parameters: Floats) -> float:
        alpha, beta, gamma, delta = parameters
        known = betaln(alpha, beta) + betaln(gamma, delta)
        total = betaln(alpha + repeats, beta + periods - repeats) + betaln(gamma, delta + periods)
        for i in range(int(np.max(periods - last))):
            possible = i <= periods - last - 1
            left = betaln(alpha + repeats, np.maximum(beta + last - repeats + i, 1e-9))
            left = left + betaln(gamma + 1, delta + last + i)
            total = np.where(possible, np.logaddexp(total, left), total)
        return float(weight @ (total - known))

    return maximise(log_likelihood, ("alpha", "beta", "gamma", "delta"), [(1, 1, 1, 2)])
