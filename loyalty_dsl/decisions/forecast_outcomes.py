"""The outcomes that a forecast tells of itself: liability, rewards, units, members.

Invariant: each is exact; what a forecast cannot tell is refused with the reason, never 0.
"""

from collections.abc import Callable
from fractions import Fraction

from loyalty_dsl.decisions.outcome_kinds import Of, OutcomeKind, Unit, Unknown, When
from loyalty_dsl.forecast.figures import CostBasis, CurrencyForecast, Forecast
from loyalty_dsl.quantities import MINOR_DIGITS


def _currency(forecast: Forecast, name: str | None) -> CurrencyForecast:
    for one in forecast.by_currency:
        if one.currency.name == name:
            return one
    raise Unknown(f"there is no currency `{name}` in {forecast.program.name}")


def _minor(forecast: Forecast) -> int:
    digits: int = MINOR_DIGITS[forecast.program.money]
    return int(10**digits)


def _liability(forecast: Forecast, name: str | None, end: int) -> Fraction:
    found = forecast.liability if name is None else _currency(forecast, name).liability
    if found is None:
        raise Unknown("the liability is not known: not every currency has a cost", "declare `cost` in it")
    return Fraction(found[end - 1], _minor(forecast))


def _liability_noise(forecast: Forecast, name: str | None, end: int) -> float | None:
    """That of the forecast; `None` where it leaves out the noise of a cost that the rewards taken came to."""
    counted = forecast.owed if name is None else (_currency(forecast, name),)
    if any(one.cost is not None and one.cost.basis is CostBasis.REWARD_MIX for one in counted):
        return None
    found = forecast.liability_noise if name is None else counted[0].liability_noise
    return None if found is None else found[end - 1] / _minor(forecast)


def _reward_cost(forecast: Forecast, name: str | None, end: int) -> Fraction:
    if name is None:
        cost = forecast.reward_cost
    else:
        cost = next(one.cost for one in forecast.rewards if one.reward.name == name)
    if cost is None:
        raise Unknown("the cost of rewards is not known: none is declared", "declare `cost` in a reward")
    return Fraction(sum(cost[:end]), _minor(forecast))


def _flow(what: str) -> Callable[[Forecast, str | None, int], Fraction]:
    def value(forecast: Forecast, name: str | None, end: int) -> Fraction:
        one = _currency(forecast, name)
        return Fraction(sum(getattr(month, what) for month in one.total[:end]), one.currency.scale)

    return value


def _outstanding(forecast: Forecast, name: str | None, end: int) -> Fraction:
    one = _currency(forecast, name)
    return Fraction(one.total[end - 1].outstanding, one.currency.scale)


def _outstanding_noise(forecast: Forecast, name: str | None, end: int) -> float | None:
    one = _currency(forecast, name)
    return one.outstanding_noise[end - 1] / one.currency.scale


def _urr(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return _issued_share(_currency(forecast, name).fate.urr)


def _urr_noise(forecast: Forecast, name: str | None, end: int) -> float | None:
    return _currency(forecast, name).fate.noise


def _breakage(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return _issued_share(_currency(forecast, name).fate.breakage)


def _issued_share(share: Fraction | None) -> Fraction:
    if share is None:
        raise Unknown("nothing is issued, so no share of it is redeemed or expires")
    return share


def _phi(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return _currency(forecast, name).phi[end - 1]


def _people(what: str, over: bool) -> Callable[[Forecast, str | None, int], Fraction]:
    def value(forecast: Forecast, name: str | None, end: int) -> Fraction:
        months = forecast.members[:end] if over else forecast.members[end - 1 : end]
        return Fraction(sum(getattr(month, what) for month in months))

    return value


def _active_rate(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return forecast.members[end - 1].active_rate


def _active_noise(forecast: Forecast, name: str | None, end: int) -> float | None:
    return forecast.active_noise[end - 1]


def _spend(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return Fraction(sum(month.basket for month in forecast.members[:end]), _minor(forecast))


def _cost_share(forecast: Forecast, name: str | None, end: int) -> Fraction:
    spend = _spend(forecast, None, end)
    if not spend:
        raise Unknown("nobody buys, so rewards cost no share of what is bought")
    return _reward_cost(forecast, None, end) / spend


def _members(forecast: Forecast, name: str | None, end: int) -> Fraction:
    if name is None:
        return Fraction(forecast.members[end - 1].enrolled)
    for one in forecast.ladders:
        for level in one.ladder.levels:
            if name in (level.name, f"{one.ladder.name}.{level.name}"):
                return Fraction(one.held[level.index][end - 1])
    raise Unknown(f"there is no level `{name}`")


def _uses(forecast: Forecast, name: str | None, end: int) -> Fraction:
    return Fraction(sum(sum(one.uses[:end]) for one in forecast.rewards if name in (None, one.reward.name)))


_LESS, _MORE = "less", "more"
FORECAST_OUTCOMES = (
    OutcomeKind("liability", Unit.MONEY, When.AT, Of.CURRENCY, _LESS, _liability, _liability_noise),
    OutcomeKind("reward cost", Unit.MONEY, When.OVER, Of.REWARD, _LESS, _reward_cost),
    OutcomeKind("reward cost rate", Unit.SHARE, When.OVER, Of.NOTHING, _LESS, _cost_share),
    OutcomeKind("issued", Unit.UNITS, When.OVER, Of.CURRENCY, None, _flow("issued")),
    OutcomeKind("redeemed", Unit.UNITS, When.OVER, Of.CURRENCY, None, _flow("redeemed")),
    OutcomeKind("expired", Unit.UNITS, When.OVER, Of.CURRENCY, None, _flow("expired")),
    OutcomeKind("reversed", Unit.UNITS, When.OVER, Of.CURRENCY, None, _flow("reversed")),
    OutcomeKind("outstanding", Unit.UNITS, When.AT, Of.CURRENCY, _LESS, _outstanding, _outstanding_noise),
    OutcomeKind("urr", Unit.SHARE, When.EVER, Of.CURRENCY, None, _urr, _urr_noise, ("redemption rate",)),
    OutcomeKind("breakage", Unit.SHARE, When.EVER, Of.CURRENCY, None, _breakage),
    OutcomeKind("phi", Unit.SHARE, When.AT, Of.CURRENCY, None, _phi),
    OutcomeKind("active rate", Unit.SHARE, When.AT, Of.NOTHING, _MORE, _active_rate),
    OutcomeKind("active", Unit.MEMBERS, When.AT, Of.NOTHING, _MORE, _people("active", False), _active_noise),
    OutcomeKind("members", Unit.MEMBERS, When.AT, Of.LEVEL, _MORE, _members),
    OutcomeKind("joined", Unit.MEMBERS, When.OVER, Of.NOTHING, _MORE, _people("joined", True)),
    OutcomeKind("purchases", Unit.COUNT, When.OVER, Of.NOTHING, _MORE, _people("purchases", True)),
    OutcomeKind("spend", Unit.MONEY, When.OVER, Of.NOTHING, _MORE, _spend),
    OutcomeKind("uses", Unit.COUNT, When.OVER, Of.REWARD, None, _uses),
)
"""What a forecast tells of itself."""
