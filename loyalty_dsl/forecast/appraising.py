"""A forecast appraised at the end of a month: every currency, both bases, and what could be otherwise.

Invariant: a pure function of the forecast but for the lives that it simulates again, which the forecast's
own seed and sample determine.
"""

from enum import Enum

import attrs

from loyalty_dsl.calendar import date_of, format_day
from loyalty_dsl.forecast.appraisal import (
    CurrencyAppraisal,
    beyond_oldest,
    bridge_at,
    current_at,
    estimates_at,
    lots_at,
)
from loyalty_dsl.forecast.deferring import roll_forward_at
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.forecast.layers import Layer, Swing, layers_of, swings_of
from loyalty_dsl.forecast.parameter_draws import Drawn, draw_parameters
from loyalty_dsl.forecast.published import outside_of
from loyalty_dsl.forecast.run_off import RunOff, run_off_of, together
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.rollforward import RollForward


class Basis(Enum):
    """Whether earning goes on after the valuation. The value is the word in every output."""

    GOING_CONCERN = "going concern"
    RUN_OFF = "run-off"


@attrs.frozen(eq=False)
class Appraisal:
    """A forecast at the end of a month.

    Attributes:
        month: from 0.
        basis: which of the two is quoted.
        currencies: those that can cost something.
        run_off: the run-off of all of them and its noise, in minor units; `None` where it is not known.
        layers: of the quoted liability; none where it is not known. swings: of the costs assumed.
        outside: a sentence for each share that is outside what programs of that kind have shown.
    """

    forecast: Forecast
    month: int
    basis: Basis
    currencies: tuple[CurrencyAppraisal, ...]
    run_off: tuple[int, float] | None
    layers: tuple[Layer, ...]
    swings: tuple[Swing, ...]
    kind: str | None
    outside: tuple[str, ...]

    @property
    def day(self) -> int:
        """The day of the valuation."""
        return self.forecast.months[self.month].last

    @property
    def going_concern(self) -> tuple[int, float] | None:
        """The liability of all currencies and its noise, in minor units; `None` where it is not known."""
        one = self.forecast
        if one.liability is None or one.liability_noise is None:
            return None
        return one.liability[self.month], one.liability_noise[self.month]

    @property
    def quoted(self) -> tuple[int, float] | None:
        """The liability on the basis asked for, and its noise."""
        return self.run_off if self.basis is Basis.RUN_OFF else self.going_concern


def appraise(
    forecast: Forecast,
    *,
    month: int | None = None,
    basis: Basis = Basis.GOING_CONCERN,
    kind: str | None = None,
    parameters: int = 0,
    threads: int | None = None,
) -> Appraisal:
    """Appraises a forecast.

    Args:
        month: at whose end, from 0; the last reported one by default.
        basis: which is quoted; both are always there. Where the run-off is quoted, all members live it.
        kind: of program, as of `sanity.BANDS`.
        parameters: how many sets of parameters to draw from a fitted population's error; 0 for none.
    """
    at = len(forecast.months) - 1 if month is None else month
    run_offs: tuple[RunOff, ...] = ()
    if forecast.owed:
        run_offs = run_off_of(forecast, month=at, whole=basis is Basis.RUN_OFF, threads=threads)
    drawn: Drawn | None = None
    if parameters:
        drawn = draw_parameters(forecast, parameters, month=at, threads=threads)
    first = Appraisal(
        forecast=forecast,
        month=at,
        basis=basis,
        currencies=tuple(_currency(one, at, forecast, run_offs[one.currency.index]) for one in forecast.owed),
        run_off=together(run_offs, forecast) if run_offs else None,
        layers=(),
        swings=(),
        kind=kind,
        outside=(),
    )
    first = attrs.evolve(
        first, outside=tuple(said for each in first.currencies for said in outside_of(each, kind))
    )
    if first.quoted is None:
        return first
    liability, noise = first.quoted
    ended = basis is Basis.RUN_OFF
    each = [run_offs[i].liability if ended else _at(one, at) for i, one in enumerate(forecast.by_currency)]
    swings = swings_of(forecast, each)
    layers = layers_of(forecast, liability, noise, swings, drawn)
    return attrs.evolve(first, layers=layers, swings=swings)


def _at(one: CurrencyForecast, month: int) -> int | None:
    return None if one.liability is None else one.liability[month]


def month_of_day(forecast: Forecast, day: int) -> int:
    """The month that ends with a day, from 0.

    Raises:
        InputRefused: no reported month ends on it.
    """
    for m, month in enumerate(forecast.months):
        if month.last == day:
            return m
    first, last = (format_day(forecast.months[end].last) for end in (0, -1))
    inside = next((month for month in forecast.months if month.start <= day < month.end), None)
    near = f"; {format_day(inside.last)} is the end of its month" if inside is not None else ""
    raise InputRefused(
        f"no reported month ends on {date_of(day)}", f"months end from {first} to {last}{near}"
    )


def _currency(one: CurrencyForecast, month: int, forecast: Forecast, run_off: RunOff) -> CurrencyAppraisal:
    found = estimates_at(one, month, forecast)
    bridged = bridge_at(one, month, forecast)
    roll = roll_forward_at(one, month, forecast)
    return CurrencyAppraisal(
        one=one,
        month=month,
        weight=forecast.weight,
        lots=lots_at(one, month),
        run_off=run_off,
        found=None if isinstance(found, str) else found,
        why_none=found if isinstance(found, str) else "",
        beyond=beyond_oldest(one, month),
        current=current_at(one, month, forecast),
        moved=None if bridged is None else bridged[0],
        moved_from=None if bridged is None else bridged[1],
        roll=roll if isinstance(roll, RollForward) else None,
        why_no_roll="" if isinstance(roll, RollForward) else roll,
    )
