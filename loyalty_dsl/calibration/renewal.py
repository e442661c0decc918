"""Purchases of regular customers in closed form: the density of their gaps, and how many come in a time.

Invariant: exact for any Erlang shape k. Stages are Poisson at a gamma-distributed rate, and every k-th is a
purchase, so purchases are floor((stages + done) / k); what the floor takes away is a sum over the k-th roots
of one, each of which is a value of the gamma distribution's transform.
"""

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import Customers

Floats = NDArray[np.float64]


def log_density_of_gaps(parameters: Floats, customers: Customers, k: int) -> Floats:
    """[rows] of the log-likelihood, what does not depend on whether and when the member left.

    Args:
        parameters: r and alpha, of the gamma distribution of rates, first.
        k: the Erlang shape of the gaps.
    """
    from scipy.special import gammaln

    r, alpha = parameters[:2]
    x, of_row = customers.counts
    known = gammaln(r + k * x) - gammaln(r) + r * np.log(alpha) - x * gammaln(k)
    return np.asarray(known[of_row] + (k - 1) * customers.log_gaps)


def expected_renewals(
    shape: Floats | float, scale: Floats | float, time: Floats, k: int, done: int
) -> Floats:
    """The expected purchases of a member who does not leave, in the broadcast shape of the arguments.

    Args:
        shape, scale: of the gamma distribution of the rate of stages; scale is in units of time.
        time: from now.
        k: stages for a purchase.
        done: of the k stages to the next purchase, those done already.
    """
    stages = shape * time / scale + done
    if k == 1:
        return np.asarray(stages)
    left_over = np.full(np.shape(stages), (k - 1) / 2)
    for j in range(1, k):
        root = np.exp(2j * np.pi * j / k)
        transform = np.exp(-shape * np.log1p(time / scale * (1 - root)))
        left_over = left_over + (transform * root**done / (1 / root - 1)).real
    return np.asarray((stages - left_over) / k)
