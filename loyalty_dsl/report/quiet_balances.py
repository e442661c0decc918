"""Balances that have no sections of their own, as nothing is owed for them at the end: the choices of menus
and what costs nothing, such as points that members can only give away.

Invariant: what is quiet is told in one sentence, and its costs are in the section on rewards.
"""

from fractions import Fraction

from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.report.wording import amount_text, one_line

SMALL = Fraction(1, 100)
"""On a screen, a balance with less than this share of the liability has no line on estimators."""


def is_quiet(one: CurrencyForecast, forecast: Forecast) -> bool:
    """Whether a balance is told in the common sentence: it is a menu's or costs nothing, nothing is owed for
    it at the end, and others are owed for."""
    if one.is_score or one.liability is None or one.liability[-1]:
        return False
    if not any(other.liability and other.liability[-1] for other in forecast.owed):
        return False
    free = one.cost is not None and not one.cost.value
    return free or any(
        reward.taking.of_menu and reward.currency == one.currency.index for reward in forecast.program.rewards
    )


def is_small(one: CurrencyForecast, forecast: Forecast) -> bool:
    """Whether a balance bears so little of the liability that a short report leaves out how well it could be
    estimated."""
    whole = (forecast.liability or (0,))[-1]
    return len(forecast.owed) > 1 and bool(whole) and (one.liability or (0,))[-1] < SMALL * whole


def quiet_text(forecast: Forecast) -> str:
    """The sentence on quiet balances; empty where there are none."""
    quiet = [one for one in forecast.by_currency if is_quiet(one, forecast)]
    if not quiet:
        return ""
    money = forecast.program.money
    parts = [
        f"{one_line(one.currency.label)} ({amount_text(one, one.total[-1].outstanding, money)} held)"
        for one in quiet
    ]
    return f"Nothing is owed at the end for {'; '.join(parts)}: they have no sections of their own."
