"""From random bits to random amounts, the same to the last bit on every machine.

Invariants:

* Only + - * / and the square root of IEEE doubles, which are rounded exactly everywhere, and integers:
  libraries differ in the last digit of `log` and `exp`, so these are our own.
* One index is one draw. Where a distribution needs several tries, try `i` reads its own indices, so no
  draw ever moves another.

A quantile table covers octaves of probability: 64 bins between 2^-k and 2^-(k-1) for every k, with linear
interpolation of integers. A double's own exponent and leading 6 mantissa bits are the bin's number, and the
mantissa bits after them say where in the bin (16 of them for a basket, 32 for a gap). Within a bin the
probability changes by less than 1/64 of itself, so tails are as fine as the middle (relative error below
1e-4, tested).
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.evaluation.kernel_cache import entry, part
from loyalty_dsl.quantities import MAX_AMOUNT
from loyalty_dsl.simulation.randomness import draw_bits

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

OCTAVES = 53
BINS = 64
TABLE_SIZE = OCTAVES * BINS + 1
"""Entries of a quantile table: 53 octaves, from 2^-53 to 1, and the end."""

FRACTION_BITS = 16
"""Fixed-point bits of the values in a basket table, and of the place within a bin."""

_12, _1 = np.uint64(12), np.uint64(1)
_LOWEST_BIN = (1023 - OCTAVES) * BINS

_LN2_HI = 6.93147180369123816490e-01
_LN2_LO = 1.90821492927058770002e-10
_LN2_INVERSE = 1.44269504088896338700e00
_SQRT_TWO = 1.4142135623730951
_MANTISSA = np.int64((1 << 52) - 1)
_ONE = np.int64(1023 << 52)


@entry
def log(x: float) -> float:
    """The natural logarithm of a positive, normal double, within an ulp.

    Reduction and coefficients of fdlibm's `e_log.c` (Sun Microsystems, 1993).
    """
    word = np.float64(x).view(np.int64)
    k = (word >> 52) - 1023
    x = np.int64((word & _MANTISSA) | _ONE).view(np.float64)
    if x > _SQRT_TWO:
        x *= 0.5
        k += 1
    f = x - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return float(k * _LN2_HI - ((half - (s * (half + even + odd) + k * _LN2_LO)) - f))


@part
def exp(x: float) -> float:
    """The exponential, within an ulp; 0 below -700 and e^700 above 700.

    Reduction and coefficients of fdlibm's `e_exp.c` (Sun Microsystems, 1993).
    """
    if x < -700.0:
        return 0.0
    x = min(x, 700.0)
    k = int(x * _LN2_INVERSE + (0.5 if x >= 0.0 else -0.5))
    high = x - k * _LN2_HI
    low = k * _LN2_LO
    r = high - low
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t
            * (
                6.61375632143793436117e-05
                + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
            )
        )
    )
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    return float(y * np.int64((k + 1023) << 52).view(np.float64))


@part
def uniform(bits: np.uint64) -> float:
    """A uniform double strictly between 0 and 1: the centre of one of 2^52 equal cells."""
    return float((np.float64(bits >> _12) + 0.5) * 2.0**-52)


@part
def normal_quantile(p: float) -> float:
    """The standard normal's quantile, relative error below 1e-15 (Wichura 1988, algorithm AS 241)."""
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        top = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
        top = ((top * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
        top = ((top + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
        top = (top + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
        low = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
        low = ((low * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
        low = ((low + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
        low = (low + 4.2313330701600911252e1) * r + 1.0
        return q * top / low
    r = sqrt(-log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        top = 7.74545014278341407640e-4 * r + 2.27238449892691845833e-2
        top = ((top * r + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
        top = ((top + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
        top = (top + 4.63033784615654529590e0) * r + 1.42343711074968357734e0
        low = 1.05075007164441684324e-9 * r + 5.47593808499534494600e-4
        low = ((low * r + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
        low = ((low + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
        low = (low + 2.05319162663775882187e0) * r + 1.0
    else:
        r -= 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = ((top * r + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
        top = ((top + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
        top = (top + 5.46378491116411436990e0) * r + 6.65790464350110377720e0
        low = 2.04426310338993978564e-15 * r + 1.42151175831644588870e-7
        low = ((low * r + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
        low = ((low + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
        low = (low + 5.99832206555887937690e-1) * r + 1.0
    return -top / low if q < 0.0 else top / low


@part
def draw_normal(key: np.uint64, purpose: int, index: int) -> float:
    """A standard normal draw."""
    return normal_quantile(uniform(draw_bits(key, purpose, index)))


@part
def draw_gamma(shape: float, key: np.uint64, purpose: int) -> float:
    """A gamma draw with this shape and scale 1 (Marsaglia and Tsang 2000).

    Try `i` reads indices 2i + 1 and 2i + 2; index 0 is the power of a uniform that brings a shape below
    1 down from shape + 1.
    """
    boost = 1.0
    if shape < 1.0:
        boost = exp(log(uniform(draw_bits(key, purpose, 0))) / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / sqrt(9.0 * d)
    index = 1
    while True:
        x = draw_normal(key, purpose, index)
        v = 1.0 + c * x
        if v > 0.0:
            v = v * v * v
            if log(uniform(draw_bits(key, purpose, index + 1))) < 0.5 * x * x + d - d * v + d * log(v):
                return d * v * boost
        index += 2


@part
def draw_beta(a: float, b: float, key: np.uint64, purpose: int, other: int) -> float:
    """A beta draw: the share of the first of two gamma draws, for two purposes."""
    first = draw_gamma(a, key, purpose)
    both = first + draw_gamma(b, key, other)
    return first / both if both > 0.0 else a / (a + b)


@entry
def fill_exponential_table(table: Ints) -> None:
    """Fills `table` [BINS + 1] with ln(1 + j / BINS) in units of 2^-32: an octave adds a multiple of ln 2."""
    for j in range(BINS + 1):
        table[j] = np.int64(log(1.0 + j / BINS) * 2.0**32 + 0.5)


_LN2_FIXED = 2977044472


@part
def draw_exponential(table: Ints, bits: np.uint64) -> int:
    """An exponential draw of mean 1, -ln of a uniform, in units of 2^-32."""
    word = np.float64(np.float64(bits >> _12) + 0.5).view(np.int64)
    octave = 1023 + 52 - (word >> 52)
    j = (word >> 46) & 63
    place = (word >> 14) & 0xFFFFFFFF
    return int(octave * _LN2_FIXED - table[j] - (((table[j + 1] - table[j]) * place) >> 32))


@entry
def fill_basket_table(median: float, sigma: float, table: Ints) -> None:
    """Fills `table` [2, TABLE_SIZE] with the quantiles of a lognormal basket.

    Args:
        median: in minor units.
        sigma: the standard deviation of the logarithm.
        table: row 0 is the half below the median, row 1 the half above; the columns are the tail's
            probability from 2^-54 to 1/2. Values are minor units in fixed point, at most `MAX_AMOUNT`.
    """
    for g in range(TABLE_SIZE):
        octave, j = g // BINS, g % BINS
        p = 0.5 * (1.0 + j / BINS)
        for _ in range(OCTAVES - octave):
            p *= 0.5
        z = normal_quantile(p)
        for half in range(2):
            value = median * exp(sigma * (z if half == 0 else -z))
            table[half, g] = np.int64(min(value, np.float64(MAX_AMOUNT)) * 2.0**FRACTION_BITS + 0.5)


@part
def _quantile(table: Ints, bits: np.uint64) -> int:
    """A value of a table of `fill_basket_table`, in fixed point."""
    word = np.float64((np.float64(bits >> _12) + 0.5) * 2.0**-52).view(np.int64)
    g = (word >> 46) - _LOWEST_BIN
    place = (word >> (46 - FRACTION_BITS)) & 0xFFFF
    half = np.int64(bits & _1)
    low = table[half, g]
    return int(low + (((table[half, g + 1] - low) * place) >> FRACTION_BITS))


@part
def draw_basket(table: Ints, bits: np.uint64) -> int:
    """A basket in minor units, at least 1, from a table of `fill_basket_table`."""
    return max(1, (_quantile(table, bits) + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS)


@part
def draw_scaled_basket(table: Ints, bits: np.uint64, own: float) -> int:
    """A basket of the table times `own`, rounded once: from 1 to `MAX_AMOUNT` minor units."""
    value = np.float64(_quantile(table, bits)) * 2.0**-FRACTION_BITS * own + 0.5
    return max(1, int(min(value, np.float64(MAX_AMOUNT))))


@part
def draw_choice(thresholds: Words, count: int, bits: np.uint64) -> int:
    """The position of the first of `count` cumulative thresholds (uint64) that is above `bits`."""
    for value in range(count - 1):
        if bits < thresholds[value]:
            return value
    return count - 1
