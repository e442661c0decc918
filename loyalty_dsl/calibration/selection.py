"""Which model: regularity by likelihood, then how members leave by likelihood charged for parameters.

Invariant: only what was known at the end of calibration is looked at. Forms nest, and more parameters never
make the likelihood smaller, so each parameter costs one unit of log-likelihood (Akaike 1974).
"""

import attrs

from loyalty_dsl.calibration.customers import Customers
from loyalty_dsl.calibration.models import Fit, Form, Leaving, fit
from loyalty_dsl.refusals import InputRefused

MOST_REGULAR = 6
FEWEST = 50
"""Members with a repeat purchase, below which nothing is fitted."""


@attrs.frozen
class Choice:
    """The forms that were tried and the one that is used.

    Attributes:
        by_regularity: the MBG form for k = 1, 2, ... as far as it was tried.
        candidates: all ways to leave at the chosen k.
        chosen: of the candidates whose stayers are a segment, the one of the least AIC.
    """

    by_regularity: tuple[Fit, ...]
    candidates: tuple[Fit, ...]
    chosen: Fit

    @property
    def k(self) -> int:
        """The Erlang shape of gaps."""
        return self.chosen.form.k


def choose(customers: Customers) -> Choice:
    """Tries regularities until the likelihood has fallen twice, then ways to leave, each with and without
    members who stay.

    Raises:
        InputRefused: too few members bought again.
    """
    returning = int((customers.weight * (customers.repeats > 0)).sum())
    if returning < FEWEST:
        raise InputRefused(
            f"only {returning:,} members bought on a second day, too few to fit how members buy",
            f"give a longer history: at least {FEWEST} members who came again by the end of calibration",
        )
    tried: list[Fit] = []
    for k in range(1, MOST_REGULAR + 1):
        tried.append(fit(Form(Leaving.AFTER_PURCHASES, k), customers))
        if k > 2 and tried[-3].log_likelihood > max(tried[-2].log_likelihood, tried[-1].log_likelihood):
            break
    best = max(tried, key=lambda one: one.log_likelihood)
    k = best.form.k
    candidates = (
        best,
        fit(Form(Leaving.ANY_TIME, k), customers),
        fit(Form(Leaving.AFTER_PURCHASES, k, stayers=True), customers),
        fit(Form(Leaving.ANY_TIME, k, stayers=True), customers),
    )
    sound = [one for one in candidates if one.is_sound or not one.form.stayers]
    return Choice(tuple(tried), candidates, min(sound, key=lambda one: one.aic))
