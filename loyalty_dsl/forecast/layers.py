"""What could make the liability another one, in named layers that are never added up.

Invariant: a layer says a half-width that it knows, or why it knows none; none is merged with another, as
they are errors of different kinds: the first shrinks with more members, the second with more data, the
third with a better model, the last only when somebody finds out.

Worked case: a liability of $1,000 of which 60% rests on a reward's cost: at 10% more for it, $60 more.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import exp, sqrt
from statistics import NormalDist

import attrs

from loyalty_dsl.forecast.assumptions import quoted
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.noise import NORMAL_95
from loyalty_dsl.forecast.run_off import FEWEST, MOST, PART
from loyalty_dsl.language.population import Population
from loyalty_dsl.language.program import AssumedNumber
from loyalty_dsl.valuation.bands import COMMON_YEAR

SWING = Fraction(1, 10)
"""How far each assumed cost is moved."""

NEVER_CALIBRATED = "Not known: this population was never calibrated"


@attrs.frozen
class Layer:
    """One kind of error.

    Attributes:
        id: its stable name; `label` is for people.
        half_width: in minor units; `None` where it is not known.
        says: what it is, or why it is not known.
    """

    id: str
    label: str
    half_width: float | None
    says: str


@attrs.frozen
class Swing:
    """An assumed number moved by `SWING` up or down, and how far the liability goes with it.

    Attributes:
        what, written: whose it is and how its author wrote it.
        amount: in minor units, either way.
    """

    what: str
    written: str
    amount: int


@attrs.frozen
class Drawn:
    """The liability under parameters drawn from the error of a fit, over that under the fit itself.

    Attributes:
        shares: by draw, from the lowest parameter to the highest.
        members: simulated for each.
    """

    shares: tuple[float, ...]
    members: int

    @property
    def half_width(self) -> float:
        """As a share of the liability, 95 times in 100."""
        mean = sum(self.shares) / len(self.shares)
        spread = sum((share - mean) ** 2 for share in self.shares) / max(1, len(self.shares) - 1)
        return NORMAL_95 * sqrt(spread)


def layers_of(
    forecast: Forecast, liability: int, noise: float, swings: Sequence[Swing], drawn: Drawn | None = None
) -> tuple[Layer, ...]:
    """The layers of a quoted liability, in minor units.

    Args:
        noise: of the liability, a half-width.
        swings: as of `swings_of`.
        drawn: as of `draw_parameters`, where that was asked for.
    """
    return (
        Layer(
            "simulation",
            "Simulation noise",
            noise,
            "how far other simulated members would move it; it shrinks as more are simulated",
        ),
        _parameters(forecast, liability, drawn),
        _model(forecast, liability),
        Layer(
            "common_year",
            "A year that all members share",
            float(COMMON_YEAR * liability),
            f"a judgement, {COMMON_YEAR:.0%} of it: bad years hit all members, and no data says how",
        ),
        _assumptions(swings),
    )


def swings_of(forecast: Forecast, liabilities: Sequence[int | None]) -> tuple[Swing, ...]:
    """Each cost that nobody has sourced, with what a tenth of it does to the quoted liability; the largest
    first.

    Args:
        liabilities: by currency, quoted, in minor units.
    """
    bears: dict[AssumedNumber, Fraction] = {}
    whose: dict[AssumedNumber, str] = {}
    rewards = [reward for reward in forecast.program.rewards if reward.cost is not None]
    labels = {reward.cost.number: reward.label for reward in rewards if reward.cost is not None}
    for one, liability in zip(forecast.by_currency, liabilities, strict=True):
        for number, share in one.cost.bearing if one.cost is not None and liability else ():
            if number.source is None:
                bears[number] = bears.get(number, Fraction(0)) + share * (liability or 0)
                whose[number] = labels.get(number, one.currency.label)
    swings = [Swing(whose[each], quoted(each.span), round(part * SWING)) for each, part in bears.items()]
    return tuple(sorted(swings, key=lambda swing: -swing.amount))


def draw_parameters(
    forecast: Forecast, draws: int, *, month: int | None = None, threads: int | None = None
) -> Drawn | None:
    """The liability under populations whose purchases are drawn from the error of their fit.

    A fit's errors reach the liability through how much members buy; the population says the relative standard
    error of that, and its rates are multiplied by the lognormal's quantiles at the middles of equal shares.

    Args:
        draws: how many, at least 2.
        month: whose liability, from 0; the last reported one by default.

    Returns:
        The liabilities over that of the fit; `None` where the population knows no error, or nothing is owed.
    """
    from loyalty_dsl.forecast.forecasting import forecast as forecast_of
    from loyalty_dsl.simulation.run import simulate_population

    fitted = forecast.population.fitted
    if fitted is None or fitted.parameter is None or draws < 2:
        return None
    sample = min(forecast.sample, max(FEWEST, min(MOST, forecast.sample // PART)))

    def owed(population: Population) -> int | None:
        made = forecast_of(
            simulate_population(
                forecast.program,
                population,
                sample=sample,
                months=len(forecast.months),
                seed=forecast.seed,
                first_day=forecast.months[0].start,
                threads=threads,
            )
        )
        return None if made.liability is None else made.liability[-1 if month is None else month]

    middle = owed(forecast.population)
    if not middle:
        return None
    shares = []
    for factor in factors_of(float(fitted.parameter), draws):
        value = owed(with_purchases(forecast.population, factor))
        if value is None:
            return None
        shares.append(value / middle)
    return Drawn(tuple(shares), sample)


def factors_of(error: float, draws: int) -> tuple[Fraction, ...]:
    """What rates are multiplied by: a lognormal's quantiles at the middles of equal shares, to a
    millionth."""
    normal = NormalDist()
    return tuple(
        Fraction(round(10**6 * exp(error * normal.inv_cdf((draw + 0.5) / draws))), 10**6)
        for draw in range(draws)
    )


def with_purchases(population: Population, factor: Fraction) -> Population:
    """The population whose members buy `factor` times as often."""
    segments = tuple(
        attrs.evolve(segment, purchases=attrs.evolve(segment.purchases, mean=segment.purchases.mean * factor))
        for segment in population.segments
    )
    return attrs.evolve(population, segments=segments)


def _parameters(forecast: Forecast, liability: int, drawn: Drawn | None) -> Layer:
    id_, label = "parameters", "Parameters of the fit"
    fitted = forecast.population.fitted
    if fitted is None:
        return Layer(id_, label, None, NEVER_CALIBRATED)
    if fitted.parameter is None:
        return Layer(id_, label, None, "Not known: the fit states no error of its parameters")
    error = f"{float(fitted.parameter):.1%} of the purchases expected"
    if drawn is None:
        return Layer(id_, label, None, f"Not asked for (--parameters 20): their standard error is {error}")
    return Layer(
        id_,
        label,
        drawn.half_width * liability,
        f"{len(drawn.shares)} populations drawn from the fit's standard error, {error}, on the same luck"
        + ("" if fitted.redemption is None else "; the error of how members redeem is not in it"),
    )


def _model(forecast: Forecast, liability: int) -> Layer:
    id_, label = "model", "The model itself"
    fitted = forecast.population.fitted
    if fitted is None:
        return Layer(id_, label, None, NEVER_CALIBRATED)
    if fitted.holdout is None:
        return Layer(id_, label, None, "Not known: the fit was not tested on days that it had not seen")
    return Layer(
        id_,
        label,
        float(fitted.holdout * liability),
        f"the fit was off by {float(fitted.holdout):.1%} on purchases that it had not seen; redemption is in "
        "no backtest",
    )


def _assumptions(swings: Sequence[Swing]) -> Layer:
    id_, label = "assumptions", "Assumed numbers"
    if not swings:
        return Layer(id_, label, None, "No cost that this liability rests on is merely assumed")
    most = swings[0]
    return Layer(
        id_,
        label,
        float(most.amount),
        f"the cost that matters most, `{most.written}`, moved by {float(SWING):.0%}; every trait of the "
        "population that nobody fitted comes on top",
    )
