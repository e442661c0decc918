"""Maximum likelihood for positive parameters, and how sure it is.

Invariant: parameters are searched by their logs, so none can turn negative; the standard errors are those of
the inverse Hessian at the maximum, from the logs by the delta method, and are absent where the likelihood is
flat or still rising at a bound.
"""

import math
from collections.abc import Callable, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LogLikelihood = Callable[[Floats], float]
WithSlope = Callable[[Floats], tuple[float, Floats]]
"""A log-likelihood of positive parameters, and its derivatives by their logs."""

Loss = Callable[[Floats], float]
Differences = Callable[[Floats], tuple[Floats, Floats]]

BOUND = 12.0
"""Parameters are between e to the minus this and e to this, far outside what any business shows."""
STEP = 2e-3
"""Of the logs, for second differences: the error of the differences and that of rounding are both small."""
POLISHING = 6
NEAR = 1e-5
"""Climbing ends about as far below the top as this, in log-likelihood; Newton's steps do the rest."""


@attrs.frozen(eq=False)
class Maximum:
    """A maximum of a likelihood.

    Attributes:
        names: of the parameters.
        values: [parameters] at the maximum.
        covariance: [parameters, parameters] of their logs; `None` where the Hessian has no inverse.
    """

    names: tuple[str, ...]
    values: Floats
    log_likelihood: float
    covariance: Floats | None

    @property
    def standard_errors(self) -> tuple[float | None, ...]:
        """[parameters] of the parameters themselves."""
        if self.covariance is None:
            return (None,) * len(self.names)
        return tuple(float(e) for e in self.values * np.sqrt(np.diag(self.covariance)))


def maximise(
    log_likelihood: LogLikelihood,
    names: Sequence[str],
    starts: Sequence[Sequence[float]],
    slope: WithSlope | None = None,
) -> Maximum:
    """The parameters that make what was observed most likely.

    Args:
        log_likelihood: of positive parameters, in the order of `names`; may be `nan` where it is not defined.
        starts: one or more places to begin at; the best of the maxima found is taken.
        slope: the same with its derivatives, where they are known; else differences are taken.
    """
    values, _ = climb(log_likelihood, starts, slope=slope)
    loss = _loss(log_likelihood)
    differences = _differences(loss) if slope is None else _differences_of_slopes(slope)
    logs, covariance = _polished(loss, differences, np.log(values))
    if covariance is None:  # a flat ridge: nearer, and again
        values, _ = climb(log_likelihood, [tuple(np.exp(logs))], NEAR / 1000, slope)
        logs, covariance = _polished(loss, differences, np.log(values))
    return Maximum(tuple(names), np.exp(logs), -loss(logs), covariance)


def climb(
    log_likelihood: LogLikelihood,
    starts: Sequence[Sequence[float]],
    near: float = NEAR,
    slope: WithSlope | None = None,
) -> tuple[Floats, float]:
    """The best of the places that climbing leads to from some starts, nearly at the top, and its height."""
    from scipy.optimize import minimize

    loss = _loss(log_likelihood)
    best: tuple[float, Floats] | None = None
    for start in starts:
        first = np.clip(np.log(start), 0.9 - BOUND, BOUND - 0.9)
        scale = max(1.0, abs(loss(first)))
        found = minimize(
            (lambda logs, scale=scale: loss(logs) / scale) if slope is None else _scaled(slope, scale),
            first,
            method="BFGS",
            jac=slope is not None,
            options={"maxiter": 120, "gtol": 3 * math.sqrt(near) / scale},
        )
        value = loss(found.x)
        if best is None or value < best[0]:
            best = value, np.clip(found.x, -BOUND, BOUND)
    assert best is not None
    return np.exp(best[1]), -best[0]


def _loss(log_likelihood: LogLikelihood) -> Loss:
    """What is minimised, of the logs of the parameters."""

    def loss(logs: Floats) -> float:
        value = log_likelihood(np.exp(np.clip(logs, -BOUND, BOUND)))
        return -value if math.isfinite(value) else 1e300

    return loss


def _scaled(slope: WithSlope, scale: float) -> Callable[[Floats], tuple[float, Floats]]:
    """What is minimised with its derivatives, which are nothing beyond the bounds."""

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, by_logs = slope(np.exp(np.clip(logs, -BOUND, BOUND)))
        if not (math.isfinite(value) and np.all(np.isfinite(by_logs))):
            return 1e300, np.zeros(len(logs))
        return -value / scale, np.where(np.abs(logs) < BOUND, -by_logs / scale, 0.0)

    return loss


def _polished(loss: Loss, differences: Differences, logs: Floats) -> tuple[Floats, Floats | None]:
    """Newton's steps from near the maximum, and the covariance there."""
    for _ in range(POLISHING):
        gradient, hessian = differences(logs)
        try:
            step = np.linalg.solve(hessian, gradient)
        except np.linalg.LinAlgError:
            return logs, None
        if not np.all(np.isfinite(step)) or np.any(np.abs(step) > 1) or loss(logs - step) > loss(logs):
            break
        logs = logs - step
        if np.max(np.abs(step)) < 1e-7:
            break
    _, hessian = differences(logs)
    if not np.all(np.isfinite(hessian)) or np.any(np.abs(logs) > BOUND - 0.5):
        return logs, None
    try:
        np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        return logs, None
    return logs, np.asarray(np.linalg.inv(hessian), np.float64)


def _differences(loss: Loss) -> Differences:
    """The gradient and the Hessian, by central differences."""

    def differences(logs: Floats) -> tuple[Floats, Floats]:
        n, h = len(logs), STEP
        unit = np.eye(n) * h
        middle = loss(logs)
        up = np.array([loss(logs + unit[i]) for i in range(n)])
        down = np.array([loss(logs - unit[i]) for i in range(n)])
        hessian = np.diag((up - 2 * middle + down) / h**2)
        for i in range(n):
            for j in range(i):
                both = loss(logs + unit[i] + unit[j]) + loss(logs - unit[i] - unit[j])
                apart = loss(logs + unit[i] - unit[j]) + loss(logs - unit[i] + unit[j])
                hessian[i, j] = hessian[j, i] = (both - apart) / (4 * h**2)
        return (up - down) / (2 * h), hessian

    return differences


def _differences_of_slopes(slope: WithSlope) -> Differences:
    """The gradient as it is known, and the Hessian by its central differences."""

    def differences(logs: Floats) -> tuple[Floats, Floats]:
        unit = np.eye(len(logs)) * STEP
        sides = [slope(np.exp(logs + by))[1] - slope(np.exp(logs - by))[1] for by in unit]
        hessian = -np.array(sides) / (2 * STEP)
        return -slope(np.exp(logs))[1], (hessian + hessian.T) / 2

    return differences
