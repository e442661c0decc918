"""The liability under other populations that fit the data as well.

A fit says two relative standard errors: of the purchases that are expected, and of the share of rewards that
are taken when they can be. Both are drawn, as independent ones: the quantiles of either at the middles of
equal shares, paired by an order in which they have nothing to do with each other.

Invariant: every draw lives the same luck, so the figures differ by the parameters alone.

Worked case: members who take 40% of what they are offered, and all alike, take 44% where a draw says a tenth
more: the odds of 2 to 3 become those of 11 to 14.
"""

from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist

import attrs

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.noise import NORMAL_95
from loyalty_dsl.forecast.run_off import FEWEST, MOST, PART
from loyalty_dsl.language.population import Basket, Population, Redeem, Segment
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.rewards import MoneyOff, Taking

SPREAD_POINTS = 40
"""Quantiles of what members differ in, that a share of all members is worked out over."""
MOST_TAKEN = 0.999
MILLIONTHS = 10**6


@attrs.frozen
class Drawn:
    """The liability under parameters drawn from the error of a fit, over that under the fit itself.

    Attributes:
        shares: by draw, from the fewest purchases to the most.
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


def draw_parameters(
    forecast: Forecast, draws: int, *, month: int | None = None, threads: int | None = None
) -> Drawn | None:
    """The liability under populations that are drawn from the errors of their fit.

    Args:
        draws: how many, at least 2.
        month: whose liability, from 0; the last reported one by default.

    Returns:
        The liabilities over that of the fit; `None` where the population knows no error, or nothing is owed.
    """
    from loyalty_dsl.forecast.forecasting import forecast as forecast_of
    from loyalty_dsl.simulation.run import simulate_population

    fitted = forecast.population.fitted
    if fitted is None or (fitted.parameter is None and fitted.redemption is None) or draws < 2:
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
    purchases = factors_of(float(fitted.parameter or 0), draws)
    takes = factors_of(float(fitted.redemption or 0), draws)
    for factor, place in zip(purchases, shuffled(draws), strict=True):
        drawn = with_purchases(forecast.population, factor)
        value = owed(with_redemption(drawn, forecast.program, takes[place]))
        if value is None:
            return None
        shares.append(value / middle)
    return Drawn(tuple(shares), sample)


def factors_of(error: float, draws: int) -> tuple[Fraction, ...]:
    """What is multiplied by: a lognormal's quantiles at the middles of equal shares, to a millionth."""
    normal = NormalDist()
    return tuple(
        Fraction(round(MILLIONTHS * exp(error * normal.inv_cdf((draw + 0.5) / draws))), MILLIONTHS)
        for draw in range(draws)
    )


def shuffled(draws: int) -> tuple[int, ...]:
    """The numbers from 0, in the order of the fractional parts of multiples of the golden section: neither
    rising nor falling, and the same every time."""
    golden = (sqrt(5) - 1) / 2
    order = sorted(range(draws), key=lambda draw: (draw + 0.5) * golden % 1)
    places = [0] * draws
    for place, draw in enumerate(order):
        places[draw] = place
    return tuple(places)


def with_purchases(population: Population, factor: Fraction) -> Population:
    """The population whose members buy `factor` times as often."""
    segments = tuple(
        attrs.evolve(segment, purchases=attrs.evolve(segment.purchases, mean=segment.purchases.mean * factor))
        for segment in population.segments
    )
    return attrs.evolve(population, segments=segments)


def with_redemption(population: Population, program: Program, factor: Fraction) -> Population:
    """The population of which `factor` times the share of rewards that can be had at a usual basket is taken,
    by moving the odds of all members alike."""
    if factor == 1:
        return population
    segments = tuple(
        segment
        if segment.redeem is None
        else attrs.evolve(segment, redeem=_moved(segment.redeem, _usual(segment, program), float(factor)))
        for segment in population.segments
    )
    return attrs.evolve(population, segments=segments)


def _usual(segment: Segment, program: Program) -> float:
    """The log of what the first reward that is money off takes off, over the median basket; 0 where that is
    not known."""
    faces = [
        case.face for reward in program.rewards if reward.taking is Taking.CHOSEN for case in reward.cases
    ]
    off = next((face.minor for face in faces if isinstance(face, MoneyOff)), 0)
    median = segment.basket.median if isinstance(segment.basket, Basket) else 0
    return log(off / median) if off and median else 0.0


def _moved(redeem: Redeem, worth: float, factor: float) -> Redeem:
    chance, spread = float(redeem.chance), float(redeem.spread)
    if not 0 < chance < 1:
        return redeem  # all or nobody: there are no odds to move
    own = [spread * NormalDist().inv_cdf((i + 0.5) / SPREAD_POINTS) for i in range(SPREAD_POINTS)]
    usual = log(chance / (1 - chance)) + float(redeem.slope) * worth

    def taken(by: float) -> float:
        return sum(1 / (1 + exp(-(usual + by + one))) for one in own) / SPREAD_POINTS

    target = min(factor * taken(0.0), max(MOST_TAKEN, taken(0.0)))
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if taken(middle) < target else (low, middle)
    moved = 1 / (1 + exp(-(log(chance / (1 - chance)) + (low + high) / 2)))
    return attrs.evolve(redeem, chance=Fraction(round(MILLIONTHS * moved), MILLIONTHS))
