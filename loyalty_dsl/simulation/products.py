"""Exact sums of products over members, for the noise of differences.

Invariant: every result is an exact integer of any size; figures are split into limbs so small that the sum of
their products over a shard fits 64 bits.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Products = NDArray[np.object_]
Numbers = NDArray[Any]

_LIMB_BITS = 24
_MOST_MEMBERS = 2**14
"""The products of limbs are below 2^48, so those of this many members sum to less than 2^62."""


def cross_sums(columns: Sequence[Numbers], months: int) -> Products:
    """The sums over n members of the products of each two of K figures.

    Args:
        columns: K arrays [n, M] of integers, in 64 bits or as Python integers.
        months: M.

    Returns:
        [M, K, K] Python integers.
    """
    sums = np.zeros((months, len(columns), len(columns)), object)
    for first in range(0, len(columns[0]) if columns else 0, _MOST_MEMBERS):
        parts = [column[first : first + _MOST_MEMBERS] for column in columns]
        for i, one in enumerate(parts):
            for j in range(i, len(parts)):
                products = _sum_of_products(one, parts[j])
                sums[:, i, j] += products
                if i != j:
                    sums[:, j, i] += products
    return sums


def _sum_of_products(one: Numbers, other: Numbers) -> Products:
    """[M] of two arrays [n, M]."""
    if object in (one.dtype, other.dtype):
        total: Products = (one.astype(object) * other.astype(object)).sum(axis=0)
        return total
    sums = np.zeros(one.shape[1], object)
    ours, others = list(_limbs(one)), list(_limbs(other))
    for i, a in enumerate(ours):
        for j, b in enumerate(others):
            products = np.einsum("nm,nm->m", a, b).astype(object)
            sums += products * (1 << (_LIMB_BITS * (i + j)))
    return sums


def _limbs(values: Numbers) -> Iterable[NDArray[np.int64]]:
    """The 24-bit limbs of signed numbers, the lowest first; the highest has the sign."""
    rest = values
    limb = 2**_LIMB_BITS
    while True:
        if not rest.size or (-limb < int(rest.min()) and int(rest.max()) < limb):
            yield rest
            return
        yield rest & (limb - 1)
        rest = rest >> _LIMB_BITS


def weighted(terms: Iterable[tuple[NDArray[np.int64], int]], shape: tuple[int, ...]) -> Numbers:
    """Arrays times whole factors: in 64 bits where that is certain to fit, else in Python integers.

    Args:
        terms: arrays of `shape`, each with its factor.
    """
    used = [(values, factor) for values, factor in terms if factor and values.size]
    bound = sum(int(max(values.max(), -values.min())) * abs(factor) for values, factor in used)
    total = np.zeros(shape, np.int64 if bound < 2**62 else object)
    for values, factor in used:
        total = total + values.astype(total.dtype) * factor
    return total
