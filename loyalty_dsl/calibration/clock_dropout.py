"""Members who may leave at any time: Pareto/NBD and, for regular gaps, Pareto/CNBD-k.

Gaps are Erlang-k at a rate of the member's own, Gamma(r, alpha); lifetimes are exponential at a rate of the
member's own, Gamma(s, beta), in units of time.

Invariant: the integral over the unseen day of leaving, which for k = 1 is the difference of two Gauss
hypergeometric functions in the literature, is one quadrature of positive terms in logs: nothing cancels and
nothing overflows, for either order of alpha and beta.

Source: Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005 for the likelihood.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.renewal import expected_renewals

Floats = NDArray[np.float64]

NAMES = ("r", "alpha", "s", "beta")
NODES, FINE = 24, 64
FAR = 36.0
"""An integrand that falls like exp(-y) is nothing beyond."""


@cache
def _legendre(nodes: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on 0 to 1."""
    from numpy.polynomial.legendre import leggauss

    at, weight = leggauss(nodes)
    return (at + 1) / 2, weight / 2


def log_likelihoods(parameters: Floats, customers: Customers, k: int) -> Floats:
    """[rows] the log-likelihood of each.

    Args:
        parameters: r, alpha, s, beta; all positive.
        k: the Erlang shape of the gaps.
    """
    from scipy.special import gammaln

    alive, left, _ = _parts(parameters, customers, k)
    r, alpha = parameters[:2]
    x = customers.repeats
    known = gammaln(r + k * x) - gammaln(r) + r * np.log(alpha) - x * gammaln(k)
    return np.asarray(known + (k - 1) * customers.log_gaps + np.logaddexp(alive, left))


def _parts(parameters: Floats, customers: Customers, k: int) -> tuple[Floats, Floats, list[Floats]]:
    """Logs: that a row's member is alive, that it left, and the parts of the first by stages done since."""
    from scipy.special import gammaln

    r, alpha, s, beta = parameters
    x, last, age = customers.repeats, customers.last, customers.age
    shape = r + k * x
    since = np.maximum(age - last, 1e-300)
    survives = s * (np.log(beta) - np.log(beta + age))
    ways = [gammaln(shape + i) - gammaln(shape) - gammaln(i + 1) for i in range(k)]
    stages = [survives + ways[i] + i * np.log(since) - (shape + i) * np.log(alpha + age) for i in range(k)]
    alive = np.logaddexp.reduce(stages, axis=0)
    # Over the day of leaving tau, from the last purchase on: y = steep * ln((alpha + tau) / (alpha + last)).
    steep = shape + s
    reach = np.minimum(steep * np.log1p(since / (alpha + last)), FAR)
    at, weight = _legendre(NODES)
    y = at[:, None] * reach
    grown = (alpha + last) * np.exp(y / steep)  # alpha + tau
    with np.errstate(over="ignore", invalid="ignore"):  # parameters out of all bounds, which are then refused
        integrand = np.exp((s + 1) * np.log(grown / (beta + grown - alpha)) - y)
        if k > 1:
            done = 1 - (alpha + last) / grown
            integrand *= sum(np.exp(ways[i]) * done**i for i in range(k))
        total = weight @ integrand
    with np.errstate(divide="ignore"):
        left = np.log(total * reach / steep) + np.log(s) + s * np.log(beta) - steep * np.log(alpha + last)
    return alive, left, stages


def alive_chances(parameters: Floats, customers: Customers, k: int) -> Floats:
    """[rows] the chance that the member has not left by the end of calibration."""
    alive, left, _ = _parts(parameters, customers, k)
    return np.asarray(np.exp(alive - np.logaddexp(alive, left)))


def expected_repeats(parameters: Floats, age: Floats, k: int) -> Floats:
    """[ages] E[X(t)]: the repeat purchases of a new member by each age."""
    r, alpha, s, beta = parameters
    if k == 1:
        return np.asarray(r / alpha * _lifetime(s, beta, age))
    return _in_life(r, alpha, s, beta, age, k=k, done=0)


def _in_life(
    shape: Floats | float,
    scale: Floats | float,
    s: float,
    beta: Floats | float,
    ahead: Floats,
    *,
    k: int,
    done: int,
) -> Floats:
    """Expected purchases in a time ahead, or until the member leaves: over the day of leaving."""
    at, weight = _legendre(FINE)
    far = s * np.log1p(ahead / beta)
    total = np.exp(-far) * expected_renewals(shape, scale, ahead, k, done)
    reach = np.minimum(far, FAR)
    for node, part in zip(at, weight, strict=True):
        tau = beta * np.expm1(reach * node / s)
        total = total + part * reach * np.exp(-reach * node) * expected_renewals(shape, scale, tau, k, done)
    return np.asarray(total)


def _lifetime(s: float, beta: Floats | float, ahead: Floats) -> Floats:
    """The expected part of a time ahead that a member lives, whose hazard is Gamma(s, beta)."""
    if abs(s - 1) < 1e-6:
        return np.asarray(beta * np.log1p(ahead / beta))
    return np.asarray(-beta * np.expm1((1 - s) * np.log1p(ahead / beta)) / (s - 1))


def _reached(parameters: Floats, age: Floats, stages: int) -> Floats:
    """[ages] the chance that so many stages are done, in life, by each age: over the day of leaving, before
    which all of them are done, and the chance that it lies beyond the age."""
    from scipy.special import betainc

    r, alpha, s, beta = parameters
    at, weight = _legendre(FINE)
    far = s * np.log1p(age / beta)
    total = np.exp(-far) * betainc(stages, r, age / (alpha + age))
    reach = np.minimum(far, FAR)
    for node, part in zip(at, weight, strict=True):
        tau = beta * np.expm1(reach * node / s)
        total = total + part * reach * np.exp(-reach * node) * betainc(stages, r, tau / (alpha + tau))
    return np.asarray(total)


def repeat_frequencies(parameters: Floats, age: Floats, most: int, k: int) -> Floats:
    """[ages, most + 1] the chances of 0, 1, ... and of at least `most` repeat purchases by each age."""
    reached = [np.ones(len(age)), *(_reached(parameters, age, n * k) for n in range(1, most + 1))]
    reached.append(np.zeros(len(age)))
    return np.asarray(np.stack(reached[:-1], axis=1) - np.stack(reached[1:], axis=1))


def expected_future(parameters: Floats, customers: Customers, ahead: Floats, k: int) -> Floats:
    """E[Y(t) | what is known of the member], for each row and each time ahead.

    A member who is alive has done i of the k stages to the next purchase; given that, its rate is
    Gamma(r + k x + i, alpha + T) and its hazard Gamma(s, beta + T).

    Args:
        ahead: [times] from the end of calibration.

    Returns:
        [rows, times]
    """
    r, alpha, s, beta = parameters
    alive, _, stages = _parts(parameters, customers, k)
    chance = alive_chances(parameters, customers, k)
    x, age = customers.repeats, customers.age
    total = np.zeros((len(x), len(ahead)))
    for i in range(k):
        weight = chance * np.exp(stages[i] - alive)
        shape = r + k * x + i
        if k == 1:
            lived = _lifetime(s, (beta + age)[:, None], ahead[None, :])
            total += (weight * shape / (alpha + age))[:, None] * lived
        else:
            column = (shape[:, None], (alpha + age)[:, None], s, (beta + age)[:, None], ahead[None, :])
            total += weight[:, None] * _in_life(*column, k=k, done=i)
    return total
