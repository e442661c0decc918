"""The gamma distribution and the normal scores of its draws, the same to the last bit on every machine.

Invariant: only the arithmetic that `sampling` allows; a score and its quantile are inverse to each other, so
what goes together with a gamma draw keeps its own distribution whatever the correlation.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.quantities import MAX_AMOUNT
from loyalty_dsl.simulation.sampling import (
    BINS,
    FRACTION_BITS,
    OCTAVES,
    TABLE_SIZE,
    exp,
    log,
    normal_quantile,
)

Ints = NDArray[np.int64]

_HALF_LOG_TWO_PI = 0.91893853320467274178
_LEAST = 1e-300
_TERMS = 10_000


@part
def log_gamma(a: float) -> float:
    """The logarithm of the gamma function of a positive number: Stirling's series, from 12 upwards."""
    shifted = 1.0
    while a < 12.0:
        shifted *= a
        a += 1.0
    inverse = 1.0 / a
    square = inverse * inverse
    series = 1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0))
    series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * series))
    return (a - 0.5) * log(a) - a + _HALF_LOG_TWO_PI + series - log(shifted)


@part
def gamma_tail(a: float, x: float, upper: bool) -> float:
    """The chance that a gamma draw of shape `a` and scale 1 is above `x`, or below it.

    The series of the lower tail, or Lentz's continued fraction of the upper (Press and others 1992, 6.2);
    a tail below 1e-300 is 1e-300.
    """
    if x <= 0.0:
        return 1.0 if upper else _LEAST
    head = exp(a * log(x) - x - log_gamma(a))
    if x < a + 1.0:
        term = 1.0 / a
        total = term
        n = a
        for _ in range(_TERMS):
            n += 1.0
            term *= x / n
            total += term
            if term < total * 1e-16:
                break
        tail = total * head
        is_upper = False
    else:
        b = x + 1.0 - a
        c = 1e300
        d = 1.0 / b
        h = d
        for i in range(1, _TERMS):
            top = -i * (i - a)
            b += 2.0
            d = top * d + b
            c = b + top / c
            d = 1.0 / d
            h *= d * c
            if -1e-16 < d * c - 1.0 < 1e-16:
                break
        tail = head * h
        is_upper = True
    if is_upper != upper:
        tail = 1.0 - tail
    return max(tail, _LEAST)


@part
def gamma_score(a: float, x: float) -> float:
    """The standard normal value that is as far up as `x` is among gamma draws of shape `a`."""
    lower = gamma_tail(a, x, False)
    if lower <= 0.5:
        return normal_quantile(lower)
    return -normal_quantile(gamma_tail(a, x, True))


@part
def gamma_at(a: float, p: float, upper: bool) -> float:
    """The gamma value of shape `a` above which, or below which, there is a chance `p` of at most a half.

    Bisection of the logarithm, then Newton's steps on the logarithm of the tail.
    """
    low, high = -700.0, log(a + 40.0 * sqrt(a) + 800.0)
    for _ in range(24):
        middle = 0.5 * (low + high)
        if (gamma_tail(a, exp(middle), upper) < p) == upper:
            high = middle
        else:
            low = middle
    y = 0.5 * (low + high)
    of_density = log_gamma(a)
    for _ in range(6):
        x = exp(y)
        tail = gamma_tail(a, x, upper)
        slope = exp(a * y - x - of_density) / tail  # of the tail's logarithm by that of x
        if slope <= 0.0:
            break
        step = log(tail / p) / (slope if upper else -slope)
        y = min(max(y + step, low), high)
        if -1e-14 < step < 1e-14:
            break
    return exp(y)


@part
def gamma_of_score(a: float, z: float) -> float:
    """The gamma value of shape `a` whose score is `z`."""
    tail = 0.5 * gamma_tail(0.5, 0.5 * z * z, True)
    return gamma_at(a, max(tail, _LEAST), z > 0.0)


@entry
def fill_gamma_table(shape: float, scale: float, table: Ints) -> None:
    """Fills `table` [2, TABLE_SIZE] with the quantiles of a gamma basket, as `sampling.fill_basket_table`.

    Args:
        shape: of the gamma.
        scale: minor units by which a draw of scale 1 is multiplied.
    """
    for g in range(TABLE_SIZE):
        octave, j = g // BINS, g % BINS
        p = 0.5 * (1.0 + j / BINS)
        for _ in range(OCTAVES - octave):
            p *= 0.5
        for half in range(2):
            value = scale * gamma_at(shape, p, half == 1)
            table[half, g] = np.int64(min(value, np.float64(MAX_AMOUNT)) * 2.0**FRACTION_BITS + 0.5)
