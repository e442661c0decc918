"""What could make the liability another one, in named layers that are never added up.

Invariant: a layer says a half-width that it knows, or why it knows none; none is merged with another, as
they are errors of different kinds: the first shrinks with more members, the second with more data, the
third with a better model, the last only when somebody finds out.

Worked case: a liability of $1,000 of which 60% rests on a reward's cost: at 10% more for it, $60 more.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.forecast.assumptions import quoted
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.parameter_draws import Drawn
from loyalty_dsl.language.assumed import AssumedNumber
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


def layers_of(
    forecast: Forecast, liability: int, noise: float, swings: Sequence[Swing], drawn: Drawn | None = None
) -> tuple[Layer, ...]:
    """The layers of a quoted liability, in minor units.

    Args:
        noise: of the liability, a half-width.
        swings: as of `swings_of`.
        drawn: as of `parameter_draws`, where that was asked for.
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


def _parameters(forecast: Forecast, liability: int, drawn: Drawn | None) -> Layer:
    id_, label = "parameters", "Parameters of the fit"
    fitted = forecast.population.fitted
    if fitted is None:
        return Layer(id_, label, None, NEVER_CALIBRATED)
    if fitted.parameter is None and fitted.redemption is None:
        return Layer(id_, label, None, "Not known: the fit states no error of its parameters")
    told = []
    if fitted.parameter is not None:
        told.append(f"{float(fitted.parameter):.1%} of the purchases expected")
    if fitted.redemption is not None:
        told.append(f"{float(fitted.redemption):.1%} of the rewards taken when they can be")
    error = " and ".join(told)
    if drawn is None:
        return Layer(id_, label, None, f"Not asked for (--parameters 20): their standard error is {error}")
    says = f"{len(drawn.shares)} populations drawn from the fit's standard error, {error}, on the same luck"
    redeems = any(segment.redeem is not None for segment in forecast.population.segments)
    if redeems and fitted.redemption is None:
        says += "; how members redeem was not fitted, and its error is not in it"
    return Layer(id_, label, drawn.half_width * liability, says)


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
