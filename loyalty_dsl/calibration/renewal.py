"""How many purchases a regular customer makes in a time, in closed form.

Invariant: exact for any Erlang shape k. Stages are Poisson at a gamma-distributed rate, and every k-th is a
purchase, so purchases are floor((stages + done) / k); what the floor takes away is a sum over the k-th roots
of one, each of which is a value of the gamma distribution's transform.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
