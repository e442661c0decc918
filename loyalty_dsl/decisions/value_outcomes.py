"""The outcomes of what a program is worth: net value, the lift at which it pays, what it brings.

Invariant: each is exact, over the first months, beside the same members without the program; where nothing
says what sales earn it is refused with the clause to add, never taken to be 0.
"""

from collections.abc import Callable
from fractions import Fraction

from loyalty_dsl.decisions.outcome_kinds import Of, OutcomeKind, Unit, Unknown, When
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.value import Flows, NotKnown, ProgramValue, flows_of, spend_of, value_of
from loyalty_dsl.language.under_program import reacts
from loyalty_dsl.quantities import MINOR_DIGITS


def _minor(forecast: Forecast) -> int:
    digits: int = MINOR_DIGITS[forecast.program.money]
    return int(10**digits)


def _without(forecast: Forecast) -> Forecast:
    if forecast.without is not None:
        return forecast.without
    if reacts(forecast.population):
        raise Unknown("the same members without the program were not simulated")
    return forecast


def _value(forecast: Forecast, end: int) -> ProgramValue:
    try:
        return value_of(forecast, _without(forecast), end)
    except NotKnown as unknown:
        raise Unknown(unknown.message, unknown.help) from None


def _plain(forecast: Forecast, end: int) -> Flows:
    try:
        return flows_of(forecast, _without(forecast), end, [Fraction(1)] * end)
    except NotKnown as unknown:
        raise Unknown(unknown.message, unknown.help) from None


def _net_value(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return _value(forecast, end).net / _minor(forecast)


def _margin(forecast: Forecast, name: str | None, end: int) -> Fraction:
    found = _value(forecast, end)
    return found.margin * found.flows.spend / _minor(forecast)


def _incremental_spend(forecast: Forecast, name: str | None, end: int) -> Fraction:
    extra = sum(spend_of(forecast)[:end]) - sum(spend_of(_without(forecast))[:end])
    return Fraction(extra, _minor(forecast))


def _break_even(forecast: Forecast, name: str | None, end: int) -> Fraction:
    found = _value(forecast, end).break_even
    if found is None:
        raise Unknown(
            "no lift pays for the program: each dollar of spend costs more in rewards than it earns"
        )
    return found


def _cannibalised(forecast: Forecast, name: str | None, end: int) -> Fraction:
    found = _plain(forecast, end).cannibalised
    if found is None:
        raise Unknown("rewards cost nothing, so no share of it is on purchases that happen anyway")
    return found


def _kind(
    name: str,
    unit: Unit,
    better: str,
    value: Callable[[Forecast, str | None, int], Fraction],
    words: tuple[str, ...] = (),
) -> OutcomeKind:
    return OutcomeKind(name, unit, When.OVER, Of.NOTHING, better, value, words=words, beside=True)


VALUE_OUTCOMES = (
    _kind("net value", Unit.MONEY, "more", _net_value),
    _kind("margin", Unit.MONEY, "more", _margin),
    _kind("incremental spend", Unit.MONEY, "more", _incremental_spend),
    _kind("break even lift", Unit.SHARE, "less", _break_even),
    _kind("cannibalised share", Unit.SHARE, "less", _cannibalised, ("cannibalized share",)),
)
"""What a program is worth."""
