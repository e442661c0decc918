"""The liability where earning stops, beside the going concern.

A business that ends its program (or a valuer who counts no earning after the valuation) owes what members
redeem of what they hold while they go on buying: balances short of a reward never reach it. Both futures
are simulated on the same luck, for a part of the members, and their ratio is what the going concern of all
members is multiplied by; with as many members as the forecast has, the run-off is simply what they redeem.

Worked case: 250 points of the going concern's 1,000 are redeemed though earning stops, by an eighth of the
members; a going concern of $80 for all of them is then a run-off of $20.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import hypot, sqrt
from typing import TYPE_CHECKING

import attrs

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.quantities import Rounding, rounded

if TYPE_CHECKING:
    from loyalty_dsl.simulation.run_off import Futures

PART = 8
"""The run-off is simulated for one of so many members, as far as that is not fewer than `FEWEST`, nor more
than `MOST`: the ratio of two lives of the same members errs little."""
FEWEST, MOST = 2_000, 50_000
GROUPS = 20
"""Of members, as `simulation.dealing` deals them."""
STUDENT_95 = 2.093
"""The 97.5th percentile of Student's t with 19 degrees of freedom, one fewer than groups."""


@attrs.frozen
class RunOff:
    """One currency's run-off at the end of a month.

    Attributes:
        month: from 0; with its last day earning stops.
        members: for whom both futures were simulated.
        ratio: of what is redeemed to what is redeemed where earning goes on; `noise` is its half-width.
        phi_noise: of the share of what is outstanding that will be redeemed where earning goes on, at the
            size of the forecast's own sample.
        future: units that will be redeemed.
        liability: them at cost, in minor units; `None` without a cost. Its noise counts that of the ratio and
            that of the going concern.
    """

    month: int
    members: int
    ratio: Fraction
    noise: float
    phi_noise: float
    future: int
    liability: int | None
    liability_noise: float | None


def run_off_of(
    forecast: Forecast, *, month: int | None = None, whole: bool = False, threads: int | None = None
) -> tuple[RunOff, ...]:
    """The run-off of every currency, by its index.

    Args:
        month: from 0; the last reported one by default.
        whole: whether to simulate all members, where the run-off is what is quoted.
    """
    from loyalty_dsl.simulation.run_off import (
        simulate_both,  # compiled code, which a reader of results needs not
    )

    at = len(forecast.months) - 1 if month is None else month
    sample = forecast.sample
    if not whole:
        sample = min(sample, max(FEWEST, min(MOST, sample // PART)))
    futures = simulate_both(
        forecast.program,
        forecast.population,
        sample=sample,
        months=len(forecast.months),
        month=at,
        seed=forecast.seed,
        first_day=forecast.months[0].start,
        threads=threads,
    )
    return tuple(_run_off(one, forecast, futures, at) for one in forecast.by_currency)


def _run_off(one: CurrencyForecast, forecast: Forecast, futures: "Futures", month: int) -> RunOff:
    column = one.currency.index
    going = [int(units) for units in futures.going_on[:, column]]
    ended = [int(units) for units in futures.ended[:, column]]
    ratio = _ratio(sum(ended), sum(going))
    noise = noise_of_ratio(ended, going)
    phi_noise = noise_of_ratio(going, [int(units) for units in futures.outstanding[:, column]])
    exact = ratio * one.future_redemptions[month]
    liability = rough = None
    if one.liability is not None and one.liability_noise is not None:
        liability = rounded(ratio * one.liability[month], Rounding.HALF_UP)
        if futures.members == forecast.sample:  # all members: the noise is the spread of what they redeem
            rough = noise_of_total(ended) / sum(ended) * liability if sum(ended) else 0.0
        else:
            rough = hypot(noise * one.liability[month], float(ratio) * one.liability_noise[month])
    return RunOff(
        month=month,
        members=futures.members,
        ratio=ratio,
        noise=noise,
        phi_noise=phi_noise * sqrt(futures.members / forecast.sample),
        future=rounded(exact, Rounding.HALF_UP),
        liability=liability,
        liability_noise=rough,
    )


def noise_of_ratio(above: Sequence[int], below: Sequence[int]) -> float:
    """The half-width of a ratio of sums over `GROUPS` groups of members, by leaving out each in turn; 0 where
    there is nothing below."""
    tops, bottoms = sum(above), sum(below)
    if not bottoms:
        return 0.0
    without = [float(_ratio(tops - a, bottoms - b)) for a, b in zip(above, below, strict=True)]
    return _half_width(without)


def noise_of_total(groups: Sequence[int]) -> float:
    """The half-width of a total over `GROUPS` groups of about as many members."""
    whole = sum(groups)
    return _half_width([(whole - group) * GROUPS / (GROUPS - 1) for group in groups])


def _half_width(without: Sequence[float]) -> float:
    mean = sum(without) / len(without)
    spread = sum((value - mean) ** 2 for value in without) * (len(without) - 1) / len(without)
    return STUDENT_95 * sqrt(spread)


def _ratio(above: int, below: int) -> Fraction:
    return Fraction(above, below) if below else Fraction(0)


def together(run_offs: Sequence[RunOff], forecast: Forecast) -> tuple[int, float] | None:
    """The run-off liability of all currencies that can cost something, and its noise, as though they moved
    together; `None` unless each is known."""
    owed = [run_offs[one.currency.index] for one in forecast.owed]
    known = [(one.liability, one.liability_noise or 0.0) for one in owed if one.liability is not None]
    if not known or len(known) < len(owed):
        return None
    return sum(liability for liability, _ in known), sum(noise for _, noise in known)
