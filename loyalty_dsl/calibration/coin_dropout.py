"""Members who may leave after each purchase: BG/NBD, MBG/NBD and, for regular gaps, (M)BG/CNBD-k.

Gaps are Erlang-k at a rate of the member's own, Gamma(r, alpha); after a purchase the member leaves with a
chance of its own, Beta(a, b). In the modified form (`first` is 1) the first purchase may be the last; in the
older one (`first` is 0) nobody leaves before the first repeat purchase.

Invariant: everything is computed from logs of gamma functions and from incomplete beta functions, so neither
many purchases nor extreme parameters overflow.

Sources: Fader, Hardie and Lee 2005 (BG/NBD); Batislam, Denizel and Filiztekin 2007; Hoppe and Wagner 2007
(MBG/NBD); Reutterer, Platzer and Schroeder 2020 (CNBD-k). The n-th repeat purchase happens by t if the member
stayed often enough, B(a, b+n-1+first)/B(a, b), and n k stages fit into t, I(t/(alpha+t); n k, r): sums over n
of these give expectations and frequencies for any k, and the published closed forms for k = 1.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.renewal import log_density_of_gaps

Floats = NDArray[np.float64]

NAMES = ("r", "alpha", "a", "b")
NEGLIGIBLE = 1e-9
MOST_TERMS = 20_000


def log_likelihoods(parameters: Floats, customers: Customers, k: int, first: int) -> Floats:
    """[rows] the log-likelihood of each.

    Args:
        parameters: r, alpha, a, b; all positive.
        k: the Erlang shape of the gaps.
        first: 1 where a member may leave after the first purchase.
    """
    alive, left, _ = _parts(parameters, customers, k, first)
    return np.asarray(log_density_of_gaps(parameters, customers, k) + np.logaddexp(alive, left))


def slopes(parameters: Floats, customers: Customers, k: int, first: int) -> tuple[Floats, Floats]:
    """The log-likelihoods, [rows], and their derivatives by the parameters, [parameters, rows]."""
    from scipy.special import digamma

    r, alpha, a, b = parameters
    alive, left, stages = _parts(parameters, customers, k, first)
    total = np.logaddexp(alive, left)
    gone = np.exp(left - total)
    x, of_row = customers.counts
    shape = r + k * customers.repeats
    age, last = alpha + customers.age, alpha + customers.last
    here, there = np.log(age), np.log(last)
    both = digamma(a + b) - digamma(a + b + x + first)
    stayed = digamma(b + x + first) - digamma(b) + both
    kept = np.maximum(b + x + first - 1, 1e-300)
    went = digamma(kept) - digamma(b) + both
    by_r = (digamma(r + k * x) - digamma(r))[of_row] + np.log(alpha) - here + gone * (here - there)
    by_alpha = r / alpha - gone * shape / last
    for i, stage in enumerate(stages):
        weight = np.exp(stage - total)
        by_alpha -= weight * (shape + i) / age
        if i:
            by_r += weight * (digamma(r + k * x + i) - digamma(r + k * x))[of_row]
    by_a = both[of_row] + gone / a  # digamma(a + 1) = digamma(a) + 1 / a
    by_b = stayed[of_row] + np.where(gone > 0, gone * (went - stayed)[of_row], 0.0)
    return log_density_of_gaps(parameters, customers, k) + total, np.stack([by_r, by_alpha, by_a, by_b])


def _parts(
    parameters: Floats, customers: Customers, k: int, first: int
) -> tuple[Floats, Floats, list[Floats]]:
    """Logs: that a row's member is alive, that it left, and the parts of the first by stages done since."""
    from scipy.special import betaln, gammaln

    r, alpha, a, b = parameters
    age = customers.age
    since = np.log(np.maximum(age - customers.last, 1e-300)) if k > 1 else np.zeros(0)
    x, of_row = customers.counts  # whatever depends on purchases alone is worked out once for each count
    shape = r + k * x
    stays = betaln(a, b + x + first) - betaln(a, b)
    here = np.log(alpha + age)
    stages = []
    for i in range(k):
        ways = stays + gammaln(shape + i) - gammaln(shape) - gammaln(i + 1)
        stage = ways[of_row] - (shape + i)[of_row] * here
        stages.append(stage + i * since if i else stage)
    alive = np.logaddexp.reduce(stages, axis=0) if k > 1 else stages[0]
    with np.errstate(invalid="ignore"):
        leaves = betaln(a + 1, np.maximum(b + x + first - 1, 1e-300)) - betaln(a, b)
    leaves = np.where(x + first > 0, leaves, -np.inf)
    left = leaves[of_row] - shape[of_row] * np.log(alpha + customers.last)
    return alive, left, stages


def alive_chances(parameters: Floats, customers: Customers, k: int, first: int) -> Floats:
    """[rows] the chance that the member has not left by the end of calibration."""
    alive, left, _ = _parts(parameters, customers, k, first)
    return np.asarray(np.exp(alive - np.logaddexp(alive, left)))


def _reached(parameters: Floats, age: Floats, k: int, first: int) -> Iterator[Floats]:
    """For n = 1, 2, ...: the chance of at least n repeat purchases by each age, until all are negligible."""
    from scipy.special import betainc, betaln

    r, alpha, a, b = parameters
    for n in range(1, MOST_TERMS):
        stays = np.exp(betaln(a, b + n - 1 + first) - betaln(a, b))
        chance = stays * betainc(n * k, r, age / (alpha + age))
        yield chance
        if np.max(chance, initial=0) < NEGLIGIBLE:
            return


def expected_repeats(parameters: Floats, age: Floats, k: int, first: int) -> Floats:
    """[ages] E[X(t)]: the repeat purchases of a new member by each age."""
    total = np.zeros(len(age))
    for chance in _reached(parameters, age, k, first):
        total += chance
    return total


def repeat_frequencies(parameters: Floats, age: Floats, most: int, k: int, first: int) -> Floats:
    """[ages, most + 1] the chances of 0, 1, ... and of at least `most` repeat purchases by each age."""
    reached = np.zeros((len(age), most + 2))
    reached[:, 0] = 1
    for n, chance in enumerate(_reached(parameters, age, k, first), 1):
        if n > most:
            break
        reached[:, n] = chance
    return np.asarray(reached[:, :-1] - reached[:, 1:])


def expected_future(parameters: Floats, customers: Customers, ahead: Floats, k: int, first: int) -> Floats:
    """E[Y(t) | what is known of the member], for each row and each time ahead.

    A member who is alive has done i of the k stages to the next purchase; given that, its rate is
    Gamma(r + k x + i, alpha + T), and its chance of leaving Beta(a, b + x + first).

    Args:
        ahead: [times] from the end of calibration.

    Returns:
        [rows, times]
    """
    from scipy.special import betainc, betaln

    r, alpha, a, b = parameters
    alive, _, stages = _parts(parameters, customers, k, first)
    chance = alive_chances(parameters, customers, k, first)
    x, age = customers.repeats, customers.age
    total = np.zeros((len(x), len(ahead)))
    for i in range(k):
        weight = chance * np.exp(stages[i] - alive)
        share = ahead[None, :] / (alpha + age[:, None] + ahead[None, :])
        rows = np.arange(len(x))
        stayed = b + x + first
        shape = (r + k * x + i)[:, None]
        done = k - i
        by = betainc(done, shape, share)
        # I(n + 1, shape) is I(n, shape) less a term, and each term is the one before times a simple factor.
        with np.errstate(divide="ignore"):
            logs = done * np.log(share) + shape * np.log1p(-share) - np.log(done) - betaln(done, shape)
        term = np.exp(logs)
        there = weight.copy()
        for n in range(1, MOST_TERMS):
            part = there[:, None] * by
            total[rows] += part
            kept = part.max(axis=1) > NEGLIGIBLE
            if not kept.any():
                break
            if not kept.all():
                rows, by, term, there = rows[kept], by[kept], term[kept], there[kept]
                shape, share, stayed = shape[kept], share[kept], stayed[kept]
            for _ in range(k):
                by = by - term
                term = term * (share * ((shape + done) / (done + 1)))
                done += 1
            by = np.maximum(by, 0.0)
            there = there * ((stayed + n - 1) / (a + stayed + n - 1))  # that it stays after one more
    return total
