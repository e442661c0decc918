"""A forecast as polars frames: one tidy table for each question, exact to the unit and the cent.

Invariant: money is a decimal in the money's own digits and units are in the currency's display unit,
whole or decimal, so that nothing here is a float but rates and noise. Column names are those of the JSON.
"""

from decimal import Decimal
from typing import Any

import polars as pl

from loyalty_dsl.calendar import date_of
from loyalty_dsl.forecast.figures import BASIS, Balances, CurrencyForecast, Forecast, Members, Month
from loyalty_dsl.forecast.scaling import scaled
from loyalty_dsl.quantities import MINOR_DIGITS

Columns = dict[str, Any]

LEDGER = ("issued", "redeemed", "expired", "reversed", "pending", "outstanding")
"""The columns of a ledger."""


def monthly(forecast: Forecast) -> pl.DataFrame:
    """A row for each month and currency.

    Returns:
        Columns month, through, currency; the ledger (issued, redeemed, expired, reversed, pending,
        outstanding); future_redemptions, phi, liability, liability_noise; the members' figures, which repeat
        for each currency; reward_uses (without those of points as money) and reward_cost, of the rewards that
        the currency pays for (null when none of them declares a cost).
    """
    rows = []
    for one in forecast.by_currency:
        paid = forecast.rewards_of(one.currency)
        cost = forecast.reward_cost_in(one.currency)
        for m, month in enumerate(forecast.months):
            rows.append(
                _month(month)
                | {"currency": one.currency.name}
                | _ledger(one, one.total[m])
                | {
                    "future_redemptions": unit_column(one, one.future_redemptions[m]),
                    "phi": float(one.phi[m]),
                    "liability": money_column(forecast, one.liability[m]) if one.liability else None,
                    "liability_noise": _float_money(forecast, one.liability_noise[m])
                    if one.liability_noise
                    else None,
                }
                | member_columns(forecast, forecast.members[m])
                | {
                    "reward_uses": sum(taken.times[m] for taken in paid if taken.times is not None),
                    "reward_cost": None if cost is None else money_column(forecast, cost[m]),
                }
            )
    return pl.DataFrame(rows, schema_overrides=_types(forecast), infer_schema_length=None)


def segments(forecast: Forecast) -> pl.DataFrame:
    """A row for each segment, month and currency: its ledger and its members' figures."""
    rows = []
    for segment in forecast.population.segments:
        for one in forecast.by_currency:
            for m, month in enumerate(forecast.months):
                rows.append(
                    {"segment": segment.name}
                    | _month(month)
                    | {"currency": one.currency.name}
                    | _ledger(one, one.segments[segment.index][m])
                    | member_columns(forecast, forecast.segment_members[segment.index][m])
                )
    return pl.DataFrame(rows, schema_overrides=_types(forecast), infer_schema_length=None)


def triangle(forecast: Forecast) -> pl.DataFrame:
    """A row for each currency, issue month and age in months, as far as anything happens.

    Returns:
        Columns currency, issue_month, age, in_reported_months; issued (in the whole issue month), redeemed,
        expired; redeemed_share, exact before scaling. Each cell is rounded by itself; issued is the ledger's.
        Where members began with what they held, `held_at_start`: of those rows `issued` is what was held
        then, and the ages are those since.
    """
    rows: list[Columns] = []
    for one in forecast.by_currency:
        t, ages = one.triangle, one.triangle.ages
        opens: Columns = {"held_at_start": True} if t.opened else {}
        for held in t.opened:
            for m, (redeemed, expired) in enumerate(held.fates):
                rows.append(
                    {
                        "currency": one.currency.name,
                        "issue_month": date_of(held.start),
                        "age": m + held.back,
                        "in_reported_months": m < len(forecast.months),
                        **opens,
                        "issued": unit_column(one, scaled(held.units, forecast.weight)),
                        "redeemed": unit_column(one, scaled(redeemed, forecast.weight)),
                        "expired": unit_column(one, scaled(expired, forecast.weight)),
                        "redeemed_share": redeemed / held.units if held.units else None,
                    }
                )
        for i, month in enumerate(forecast.months):
            cells = zip(t.redeemed[i][:ages], t.expired[i][:ages], strict=True)
            for age, (redeemed, expired) in enumerate(cells):
                rows.append(
                    {
                        "currency": one.currency.name,
                        "issue_month": date_of(month.start),
                        "age": age,
                        "in_reported_months": i + age < len(forecast.months),
                        **dict.fromkeys(opens, False),
                        "issued": unit_column(one, one.total[i].issued),
                        "redeemed": unit_column(one, scaled(redeemed, forecast.weight)),
                        "expired": unit_column(one, scaled(expired, forecast.weight)),
                        "redeemed_share": redeemed / t.issued[i] if t.issued[i] else None,
                    }
                )
    return pl.DataFrame(rows, schema_overrides=_types(forecast), infer_schema_length=None)


def currencies(forecast: Forecast) -> pl.DataFrame:
    """A row for each currency: totals of the reported months, rates and the liability at their end."""
    rows = []
    for one in forecast.by_currency:
        fate, last = one.fate, one.total[-1]
        rows.append(
            {
                "currency": one.currency.name,
                **({} if not one.triangle.opened else {"opening": unit_column(one, one.opening)}),
                "issued": unit_column(one, sum(month.issued for month in one.total)),
                "redeemed": unit_column(one, sum(month.redeemed for month in one.total)),
                "expired": unit_column(one, sum(month.expired for month in one.total)),
                "reversed": unit_column(one, sum(month.reversed for month in one.total)),
                "pending": unit_column(one, last.pending),
                "outstanding": unit_column(one, last.outstanding),
                "urr": float(fate.urr) if fate.urr is not None else None,
                "urr_noise": fate.noise,
                "breakage": float(fate.breakage) if fate.breakage is not None else None,
                "taken_back": float(fate.reversed_share),
                "undetermined": float(fate.undetermined_share),
                "phi": float(one.phi[-1]),
                "liability": money_column(forecast, one.liability[-1]) if one.liability else None,
                "liability_noise": _float_money(forecast, one.liability_noise[-1])
                if one.liability_noise
                else None,
                "cost_basis": one.cost.basis.value if one.cost else None,
                "basis": BASIS,
            }
        )
    return pl.DataFrame(rows, schema_overrides=_types(forecast), infer_schema_length=None)


def _month(month: Month) -> Columns:
    return {"month": date_of(month.start), "through": date_of(month.last)}


def _ledger(one: CurrencyForecast, balances: Balances) -> Columns:
    return {name: unit_column(one, getattr(balances, name)) for name in LEDGER}


def member_columns(forecast: Forecast, members: Members) -> Columns:
    return {
        "joined": members.joined,
        "left": members.left,
        "members": members.enrolled,
        "active": members.active,
        "active_rate": float(members.active_rate),
        "purchases": members.purchases,
        "basket": money_column(forecast, members.basket),
        "off": money_column(forecast, members.off),
        "friends": members.friends,
        "returns": members.returns,
        "returned_basket": money_column(forecast, members.returned),
    }


def unit_column(one: CurrencyForecast, units: int) -> Decimal:
    return Decimal(units).scaleb(1 - len(str(one.currency.scale)))


def money_column(forecast: Forecast, minor: int) -> Decimal:
    return Decimal(minor).scaleb(-MINOR_DIGITS[forecast.program.money])


def _float_money(forecast: Forecast, minor: float) -> float:
    return minor / float(10 ** MINOR_DIGITS[forecast.program.money])


def _types(forecast: Forecast) -> dict[str, Any]:
    """Decimal places: the money's for money; for units the most that any currency has, whole if none."""
    money = pl.Decimal(38, MINOR_DIGITS[forecast.program.money])
    places = max((len(str(one.currency.scale)) - 1 for one in forecast.by_currency), default=0)
    units = pl.Decimal(38, places) if places else pl.Int64
    unit_columns = (*LEDGER, "future_redemptions")
    floats = ("phi", "urr", "urr_noise", "breakage", "undetermined", "liability_noise", "redeemed_share")
    return (
        dict.fromkeys(unit_columns, units)
        | dict.fromkeys(("basket", "off", "returned_basket", "liability", "reward_cost"), money)
        | dict.fromkeys(floats, pl.Float64)
        | {"cost_basis": pl.String}
    )
