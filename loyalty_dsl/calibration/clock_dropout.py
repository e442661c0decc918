"""Members who may leave at any time: Pareto/NBD and, for regular gaps, Pareto/CNBD-k.

Gaps are Erlang-k at a rate of the member's own, Gamma(r, alpha); lifetimes are exponential at a rate of the
member's own, Gamma(s, beta), in units of time.

Invariant: the integral over the unseen day of leaving, which for k = 1 is the difference of two Gauss
hypergeometric functions in the literature, is one quadrature of positive terms in logs: nothing cancels and
nothing overflows, for either order of alpha and beta.

Source: Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005 for the likelihood.
"""

from functools import cache

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.renewal import expected_renewals, log_density_of_gaps

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
    alive, left, _ = _parts(parameters, customers, k)
    return np.asarray(log_density_of_gaps(parameters, customers, k) + np.logaddexp(alive, left))


def _parts(parameters: Floats, customers: Customers, k: int) -> tuple[Floats, Floats, list[Floats]]:
    """Logs: that a row's member is alive, that it left, and the parts of the first by stages done since."""
    alive, stages = _alive(parameters, customers, k)
    return alive, _left(parameters, customers, k)[0], stages


def _ways(r: float, customers: Customers, k: int) -> list[Floats]:
    """[k][rows] the logs of the ways in which stages can have been done since the last purchase."""
    from scipy.special import gammaln

    x, of_row = customers.counts
    shape = r + k * x
    return [(gammaln(shape + i) - gammaln(shape) - gammaln(i + 1))[of_row] for i in range(k)]


def _alive(parameters: Floats, customers: Customers, k: int) -> tuple[Floats, list[Floats]]:
    """[rows] the log that a row's member is alive, and its parts by stages done since the last purchase."""
    r, alpha, s, beta = parameters
    age = customers.age
    shape = r + k * customers.repeats
    survives = s * (np.log(beta) - np.log(beta + age))
    here = np.log(alpha + age)
    stages = [survives - shape * here]
    if k > 1:
        since = np.log(np.maximum(age - customers.last, 1e-300))
        ways = _ways(r, customers, k)
        stages += [survives + ways[i] + i * since - (shape + i) * here for i in range(1, k)]
    return np.logaddexp.reduce(stages, axis=0) if k > 1 else stages[0], stages


@attrs.frozen(eq=False)
class _Leaving:
    """The quadrature over the day of leaving tau, from the last purchase to the end of calibration.

    Attributes:
        grown, log_grown: [nodes, rows] alpha + tau, and its log; other, log_other: beta + tau.
        mass: [k][nodes, rows] of the integrand, by stages done between the last purchase and tau.
    """

    grown: Floats
    log_grown: Floats
    other: Floats
    log_other: Floats
    mass: list[Floats]


def _left(parameters: Floats, customers: Customers, k: int) -> tuple[Floats, _Leaving]:
    """[rows] the log that a row's member left, and what it is the sum of."""
    r, alpha, s, beta = parameters
    last, age = customers.last, customers.age
    since = np.maximum(age - last, 1e-300)
    # With y = steep * ln((alpha + tau) / (alpha + last)) the integrand falls about like exp(-y).
    steep = r + k * customers.repeats + s
    from_log = np.log(alpha + last)
    reach = np.minimum(steep * np.log1p(since / (alpha + last)), FAR)
    at, weight = _legendre(NODES)
    y = at[:, None] * reach
    log_grown = from_log + y / steep
    with np.errstate(over="ignore", invalid="ignore"):  # parameters out of all bounds, which are then refused
        grown = np.exp(log_grown)
        other = grown + (beta - alpha)
        log_other = np.log(other)
        first = weight[:, None] * np.exp((s + 1) * (log_grown - log_other) - y)
        mass = [first]
        if k > 1:
            done = 1 - (alpha + last) / grown
            ways = _ways(r, customers, k)
            mass += [first * (np.exp(ways[i]) * done**i) for i in range(1, k)]
        total = np.add.reduce([each.sum(axis=0) for each in mass])
    with np.errstate(divide="ignore"):
        left = np.log(total * reach / steep) + np.log(s) + s * np.log(beta) - steep * from_log
    return left, _Leaving(grown, log_grown, other, log_other, mass)


def slopes(parameters: Floats, customers: Customers, k: int) -> tuple[Floats, Floats]:
    """The log-likelihoods, [rows], and their derivatives by the parameters, [parameters, rows]: those of the
    integral are integrals of the derivatives, at the same nodes."""
    from scipy.special import digamma

    r, alpha, s, beta = parameters
    alive, stages = _alive(parameters, customers, k)
    left, by_day = _left(parameters, customers, k)
    total = np.logaddexp(alive, left)
    x, of_row = customers.counts
    shape = r + k * customers.repeats
    mass = by_day.mass[0] if k == 1 else np.add.reduce(by_day.mass)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        gone = np.exp(left - total) / mass.sum(axis=0)

        def over_days(values: Floats, of: Floats = mass) -> Floats:
            return np.asarray(np.einsum("ij,ij->j", of, values) * gone)

        here = np.log(alpha + customers.age)
        lives = np.exp(alive - total)
        by_r = (digamma(r + k * x) - digamma(r))[of_row] + np.log(alpha)
        by_r = by_r - lives * here - over_days(by_day.log_grown)
        inverse = 1 / by_day.grown
        by_alpha = r / alpha - lives * shape / (alpha + customers.age) - shape * over_days(inverse)
        by_s = lives * -np.log(beta + customers.age) - over_days(by_day.log_other) + np.log(beta)
        by_s = by_s + (1 - lives) / s
        by_beta = s / beta - lives * s / (beta + customers.age) - (s + 1) * over_days(1 / by_day.other)
        for i in range(1, k):
            weight = np.exp(stages[i] - total)
            share = by_day.mass[i].sum(axis=0) * gone
            by_r = by_r + (weight + share) * (digamma(r + k * x + i) - digamma(r + k * x))[of_row]
            by_alpha = (
                by_alpha - weight * i / (alpha + customers.age) - i * over_days(inverse, by_day.mass[i])
            )
    return log_density_of_gaps(parameters, customers, k) + total, np.stack([by_r, by_alpha, by_s, by_beta])


def alive_chances(parameters: Floats, customers: Customers, k: int) -> Floats:
    """[rows] the chance that the member has not left by the end of calibration."""
    alive, left, _ = _parts(parameters, customers, k)
    return np.asarray(np.exp(alive - np.logaddexp(alive, left)))


def days_of_leaving(parameters: Floats, customers: Customers, k: int) -> Floats:
    """[rows] when the member left, on average, if it has: in units of time from its first purchase."""
    _, by_day = _left(parameters, customers, k)
    mass = np.add.reduce(by_day.mass)
    return np.asarray((mass * by_day.grown).sum(axis=0) / mass.sum(axis=0) - parameters[1])


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
