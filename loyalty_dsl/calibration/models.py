"""The forms of customer-base models, fitted and asked, whichever they are.

A form says how members leave (after a purchase or at any time), how regular their gaps are, and whether a
share of them stays for good. That share, the stayers, buys at rates of its own, Gamma(r', alpha'), and never
leaves: a mover-stayer model (Blumen, Kogan and McCarthy 1955) upon the customer-base models, for the long
tail that they miss.

Invariant: every question is answered for every form, by the same formulas for stayers and leavers; stayers
are the coin model with no chance to leave.
"""

from enum import Enum

import attrs
import numpy as np
from numpy.typing import NDArray

from loyalty_dsl.calibration import clock_dropout, coin_dropout
from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.maximising import LogLikelihood, Maximum, WithSlope, climb, maximise

Floats = NDArray[np.float64]

STAYING = np.array([1e-11, 1.0])
"""a and b of a beta distribution that is all at 0, for those who stay."""
LEAST, MOST = 0.05, 0.95
"""The share of stayers is between these: fewer are no segment but members whom the model does not fit."""
BOUNDED = 0.01
"""Odds of a share that is as good as at its bound."""
ENOUGH = 1500
"""Rows that starting values are looked for on."""


class Leaving(Enum):
    """When members may leave."""

    AFTER_REPEATS = "bg_nbd"
    AFTER_PURCHASES = "mbg_nbd"
    ANY_TIME = "pareto_nbd"


@attrs.frozen
class Form:
    """A form of model.

    Attributes:
        leaving: when members may leave.
        k: the Erlang shape of gaps.
        stayers: whether a share of members never leaves.
    """

    leaving: Leaving
    k: int = 1
    stayers: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters; `stayers` is the share."""
        own = clock_dropout.NAMES if self.leaving is Leaving.ANY_TIME else coin_dropout.NAMES
        return (*own, "stayers_r", "stayers_alpha", "stayers") if self.stayers else own

    @property
    def label(self) -> str:
        """As the literature calls it."""
        family = {"bg_nbd": "BG", "mbg_nbd": "MBG", "pareto_nbd": "Pareto"}[self.leaving.value]
        counting = "NBD" if self.k == 1 else f"CNBD-{self.k}"
        return f"{family}/{counting}" + (" with stayers" if self.stayers else "")


@attrs.frozen(eq=False)
class Fit:
    """A form with its parameters. `maximum` has odds where `Form.names` has the share of stayers."""

    form: Form
    maximum: Maximum

    @property
    def log_likelihood(self) -> float:
        """At the maximum."""
        return self.maximum.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion: less is better."""
        return 2 * (len(self.form.names) - self.log_likelihood)

    @property
    def is_sound(self) -> bool:
        """Whether the maximum is a proper one, with standard errors and no class of exceptions."""
        return self.maximum.covariance is not None and _is_inside(self.form, self.maximum.values)

    @property
    def parameters(self) -> dict[str, float]:
        """By name."""
        values = [float(value) for value in self.maximum.values]
        if self.form.stayers:
            values[-1] = _share(values[-1])
        return dict(zip(self.form.names, values, strict=True))

    @property
    def standard_errors(self) -> dict[str, float | None]:
        """By name; `None` where the likelihood does not tell."""
        errors = list(self.maximum.standard_errors)
        if self.form.stayers and errors[-1] is not None:
            errors[-1] = errors[-1] * (MOST - LEAST) / float(1 + self.maximum.values[-1]) ** 2
        return dict(zip(self.form.names, errors, strict=True))


def fit(form: Form, customers: Customers, near: Fit | None = None) -> Fit:
    """Fits a form by maximum likelihood: on a part for a place to start, then on all.

    Args:
        customers: of any number; those that are alike are gathered.
        near: a fit of the same form to similar customers, to start at.
    """
    rows = customers.condensed()

    def of(part: Customers) -> LogLikelihood:
        return lambda values: float(part.weight @ _log_likelihoods(form, values, part))

    def slope_of(part: Customers) -> WithSlope:
        return lambda values: _slope(form, values, part)

    if near is not None and near.form == form:
        return Fit(form, maximise(of(rows), form.names, [tuple(near.maximum.values)], slope_of(rows)))
    part = rows.thinned(ENOUGH) if len(rows.repeats) > 2 * ENOUGH else rows
    found = [climb(of(part), [start], slope=slope_of(part)) for start in _starts(form, part)]
    best = max(found, key=lambda one: (_is_inside(form, one[0]), one[1]))[0]
    return Fit(form, maximise(of(rows), form.names, [tuple(best)], slope_of(rows)))


def _is_inside(form: Form, values: Floats) -> bool:
    """Whether the share of stayers is not at its bounds, where the class is made of exceptions: heavy buyers
    for one, whom more freedom would fit better and who say nothing of staying."""
    return not form.stayers or bool(BOUNDED < values[6] < 1 / BOUNDED)


def _starts(form: Form, rows: Customers) -> list[tuple[float, ...]]:
    """Places to start at: the mean rate gives the scale of the gamma, and the fit without stayers theirs."""
    if form.stayers:
        plain = fit(attrs.evolve(form, stayers=False), rows).maximum.values
        r, alpha = plain[:2]
        return [(*plain, r, alpha, 0.3), (r, alpha / 2, 1, 1, r * 1.5, alpha * 3, 0.5)]
    lived = float(rows.weight @ rows.age)
    rate = max(1e-6, form.k * float(rows.weight @ rows.repeats) / max(lived, 1e-6))
    age = lived / max(1.0, float(rows.weight.sum()))
    if form.leaving is Leaving.ANY_TIME:
        return [(0.8, 0.8 / rate / 2, 0.8, max(age / 2, 1e-3))]
    return [(0.8, 0.8 / rate / 2, 1, 2)]


def _share(odds: float) -> float:
    """The share of stayers: from `LEAST` for odds of 0 to `MOST`."""
    return LEAST + (MOST - LEAST) * odds / (1 + odds)


def _log_likelihoods(form: Form, values: Floats, rows: Customers) -> Floats:
    leavers = _of_leavers(form, values, rows)
    if not form.stayers:
        return leavers
    share = _share(values[6])
    stayers = coin_dropout.log_likelihoods(np.append(values[4:6], STAYING), rows, form.k, 1)
    return np.asarray(np.logaddexp(np.log1p(-share) + leavers, np.log(share) + stayers))


def _slope(form: Form, values: Floats, rows: Customers) -> tuple[float, Floats]:
    """The log-likelihood of all rows, and its derivatives by the logs of the parameters."""
    k = form.k
    if form.leaving is Leaving.ANY_TIME:
        leavers, by = clock_dropout.slopes(values[:4], rows, k)
    else:
        leavers, by = coin_dropout.slopes(values[:4], rows, k, _first(form))
    if not form.stayers:
        return float(rows.weight @ leavers), values * (by @ rows.weight)
    odds = values[6]
    share = _share(odds)
    stayers, by_stayers = coin_dropout.slopes(np.append(values[4:6], STAYING), rows, k, 1)
    total = np.logaddexp(np.log1p(-share) + leavers, np.log(share) + stayers)
    stays = np.exp(np.log(share) + stayers - total) * rows.weight
    leaves = rows.weight - stays
    by_share = stays.sum() / share - leaves.sum() / (1 - share)
    by_odds = by_share * (MOST - LEAST) / (1 + odds) ** 2
    slope = np.concatenate([by @ leaves, by_stayers[:2] @ stays, [by_odds]])
    return float(rows.weight @ total), values * slope


def _of_leavers(form: Form, values: Floats, rows: Customers) -> Floats:
    if form.leaving is Leaving.ANY_TIME:
        return clock_dropout.log_likelihoods(values[:4], rows, form.k)
    return coin_dropout.log_likelihoods(values[:4], rows, form.k, _first(form))


def _first(form: Form) -> int:
    return int(form.leaving is Leaving.AFTER_PURCHASES)


def log_likelihoods(fitted: Fit, customers: Customers) -> Floats:
    """[rows] the log-likelihood of each, also of members that the fit has not seen."""
    return _log_likelihoods(fitted.form, fitted.maximum.values, customers)


@attrs.frozen(eq=False)
class Part:
    """The leavers or the stayers of a fit.

    Attributes:
        share: of all members, at the start.
        values: the four parameters.
    """

    form: Form
    stays: bool
    share: float
    values: Floats


def parts_of(fitted: Fit) -> tuple[Part, ...]:
    """The leavers and, where there are any, the stayers."""
    form, values = fitted.form, fitted.maximum.values
    if not form.stayers:
        return (Part(form, False, 1.0, values),)
    share = _share(float(values[6]))
    return (
        Part(form, False, 1 - share, values[:4]),
        Part(form, True, share, np.append(values[4:6], STAYING)),
    )


def expected_repeats(fitted: Fit, age: Floats) -> Floats:
    """[ages] E[X(t)]: the repeat purchases of a new member by each age."""
    different, place = np.unique(age, return_inverse=True)
    total = np.zeros(len(different))
    for part in parts_of(fitted):
        k = part.form.k
        if part.stays or part.form.leaving is not Leaving.ANY_TIME:
            first = 1 if part.stays else _first(part.form)
            total += part.share * coin_dropout.expected_repeats(part.values, different, k, first)
        else:
            total += part.share * clock_dropout.expected_repeats(part.values, different, k)
    return np.asarray(total[place])


def repeat_frequencies(fitted: Fit, age: Floats, most: int) -> Floats:
    """[ages, most + 1] the chances of 0, 1, ... and of at least `most` repeat purchases by each age."""
    total = np.zeros((len(age), most + 1))
    for part in parts_of(fitted):
        k = part.form.k
        if part.stays or part.form.leaving is not Leaving.ANY_TIME:
            first = 1 if part.stays else _first(part.form)
            total += part.share * coin_dropout.repeat_frequencies(part.values, age, most, k, first)
        else:
            total += part.share * clock_dropout.repeat_frequencies(part.values, age, most, k)
    return total


def membership(fitted: Fit, customers: Customers) -> Floats:
    """[rows] the chance, given what is known of a member, that it is one who stays."""
    if not fitted.form.stayers:
        return np.zeros(len(customers.repeats))
    leavers, stayers = parts_of(fitted)
    leaves = np.log(leavers.share) + _of_leavers(fitted.form, leavers.values, customers)
    stays = np.log(stayers.share) + coin_dropout.log_likelihoods(stayers.values, customers, fitted.form.k, 1)
    return np.asarray(np.exp(stays - np.logaddexp(leaves, stays)))


def alive_chances(fitted: Fit, customers: Customers) -> Floats:
    """[rows] the chance that the member has not left by the end of calibration."""
    stays = membership(fitted, customers)
    return np.asarray(stays + (1 - stays) * alive_of(parts_of(fitted)[0], customers))


def alive_of(part: Part, customers: Customers) -> Floats:
    """[rows] the chance that the member has not left, were it one of these leavers."""
    if part.form.leaving is Leaving.ANY_TIME:
        return clock_dropout.alive_chances(part.values, customers, part.form.k)
    return coin_dropout.alive_chances(part.values, customers, part.form.k, _first(part.form))


def stages_done(part: Part, customers: Customers) -> Floats:
    """[rows] of the k stages of the gap that is running, how many are done, on average, if it is alive."""
    k = part.form.k
    r, alpha = part.values[:2]
    shape = r + k * customers.repeats
    since = np.maximum(customers.age - customers.last, 1e-300)
    weights = [np.ones(len(shape))]
    for i in range(1, k):
        weights.append(weights[-1] * (shape + i - 1) / i * since / (alpha + customers.age))
    return np.asarray(sum(i * weight for i, weight in enumerate(weights)) / sum(weights))


def expected_future(fitted: Fit, customers: Customers, ahead: Floats) -> Floats:
    """[rows, times] E[Y(t) | what is known of the member]: purchases within each time ahead."""
    stays = membership(fitted, customers)
    total = np.zeros((len(stays), len(ahead)))
    for part in parts_of(fitted):
        k = part.form.k
        weight = stays if part.stays else 1 - stays
        if part.stays or part.form.leaving is not Leaving.ANY_TIME:
            first = 1 if part.stays else _first(part.form)
            future = coin_dropout.expected_future(part.values, customers, ahead, k, first)
        else:
            future = clock_dropout.expected_future(part.values, customers, ahead, k)
        total += weight[:, None] * future
    return total
