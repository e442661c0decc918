"""A forecast as JSON: `loyalty.simulate/1`.

Invariant: the same figures give the same bytes. Amounts are numbers in the display unit (points, dollars),
rates are shares of one, and each `noise` is the half-width that `noise.meaning` explains. Keys are only
ever added under one version; a reader checks `format` first. The schema ships beside this module.
"""

from fractions import Fraction
from typing import Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.appraising import Appraisal
from loyalty_dsl.forecast.figures import (
    BASIS,
    Balances,
    CurrencyForecast,
    Forecast,
    Members,
    Month,
    given_by,
)
from loyalty_dsl.quantities import MINOR_DIGITS, display_number
from loyalty_dsl.report.appraisal_json import valuation_document
from loyalty_dsl.report.headlines import GOING_CONCERN, NOISE
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.lift_tables import lifts_json
from loyalty_dsl.report.mechanics_json import mechanics_document, vintages_document
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.settlement_tables import settlement_json
from loyalty_dsl.report.value_json import value_document

FORMAT = "loyalty.simulate/1"
RATE_DIGITS = 8

Json = dict[str, Any]


def forecast_json(forecast: Forecast, provenance: Provenance, appraisal: Appraisal | None = None) -> str:
    """The forecast, with its appraisal where there is one, as one JSON document that ends in a newline."""
    document = forecast_document(forecast, provenance)
    if appraisal is not None:
        document["valuation"] = valuation_document(appraisal)
    return json_text(document)


def run_document(forecast: Forecast, provenance: Provenance) -> Json:
    """What every document says of the run that it is of: what was simulated, and how to do it again."""
    return {
        "program": forecast.program.name,
        "population": forecast.population.name,
        "seed": forecast.seed,
        "sample": forecast.sample,
        "weight": rate(forecast.weight),
        "months": len(forecast.months),
        "as_of": format_day(forecast.as_of),
        "money": forecast.program.money,
        "inputs": dict(provenance.inputs),
        "version": provenance.version,
        "command": provenance.command,
    }


def forecast_document(forecast: Forecast, provenance: Provenance) -> Json:
    """The document as plain dicts and lists."""
    months = list(enumerate(forecast.months))
    return {
        "format": FORMAT,
        **run_document(forecast, provenance),
        "tail_months": forecast.tail,
        "basis": BASIS,
        "basis_note": GOING_CONCERN,
        "noise_note": NOISE,
        "liability": money_number(forecast, forecast.liability[-1]) if forecast.liability else None,
        "liability_noise": _noise(forecast, forecast.liability_noise),
        "assumed_share": None if forecast.assumed_share is None else rate(forecast.assumed_share),
        "currencies": {one.currency.name: _currency(forecast, one) for one in forecast.by_currency},
        "monthly": [_month(forecast, m, month) for m, month in months],
        "segments": [
            {"segment": segment.name}
            | _period(month)
            | _members(forecast, forecast.segment_members[segment.index][m])
            | {
                "currencies": {
                    one.currency.name: _ledger(one, one.segments[segment.index][m])
                    for one in forecast.by_currency
                }
            }
            for segment in forecast.population.segments
            for m, month in months
        ],
        **mechanics_document(forecast),
        **value_document(forecast),
        **_settlement(forecast),
        **lifts_json(forecast),
        "warnings": [{"id": notice.id, "message": notice.message} for notice in forecast.notices],
        "assumptions": [
            {
                "what": assumption.what,
                "written": assumption.written,
                "source": assumption.source,
                "share_of_liability": None if assumption.bears is None else rate(assumption.bears),
                "at": str(assumption.span),
            }
            for assumption in forecast.assumptions
        ],
    }


def _settlement(forecast: Forecast) -> Json:
    if not forecast.program.partners:
        return {}
    return {"settlement": settlement_json(forecast.program, forecast.bills)}


def rate(value: Fraction | float) -> float | int:
    """A share or a ratio as a number of at most `RATE_DIGITS` decimals; whole where it is."""
    number = round(float(value), RATE_DIGITS)
    return int(number) if number.is_integer() else number


def half_width(amount: float) -> float | int:
    """The noise of an amount, to two decimals."""
    number = round(amount, 2)
    return int(number) if number.is_integer() else number


def money_number(forecast: Forecast, minor: int) -> int | float:
    """Minor units as a number of whole money."""
    return display_number(minor, 10 ** MINOR_DIGITS[forecast.program.money])


def _currency(forecast: Forecast, one: CurrencyForecast) -> Json:
    fate, last, unit = one.fate, one.total[-1], one.currency.scale
    per_unit = Fraction(unit, 10 ** MINOR_DIGITS[forecast.program.money])
    declared = one.currency.breakage
    held = {} if not one.triangle.opened else {"opening": display_number(one.opening, unit)}
    return held | {
        "issued": display_number(sum(month.issued for month in one.total), unit),
        "redeemed": display_number(sum(month.redeemed for month in one.total), unit),
        "expired": display_number(sum(month.expired for month in one.total), unit),
        "reversed": display_number(sum(month.reversed for month in one.total), unit),
        "pending": display_number(last.pending, unit),
        "outstanding": display_number(last.outstanding, unit),
        "urr": None if fate.urr is None else rate(fate.urr),
        "breakage": None if fate.breakage is None else rate(fate.breakage),
        **({} if declared is None else {"declared_breakage": rate(declared.value)}),
        "taken_back": rate(fate.reversed_share),
        "undetermined": rate(fate.undetermined_share),
        "phi": rate(one.phi[-1]),
        "future_redemptions": display_number(one.future_redemptions[-1], unit),
        "liability": money_number(forecast, one.liability[-1]) if one.liability else None,
        "cost_per_unit": rate(one.cost.value * per_unit) if one.cost else None,
        "reward_cost_per_unit": rate(one.reward_mix.value * per_unit) if one.reward_mix else None,
        "cost_basis": one.cost.basis.value if one.cost else None,
        "cost_assumed": rate(one.cost.assumed) if one.cost else None,
        "is_score": one.is_score,
        "becomes": [
            forecast.currency(target).currency.name
            for target in dict.fromkeys(given_by(taken.reward) for taken in forecast.rewards_of(one.currency))
            if target is not None
        ],
        "vintages": vintages_document(one, forecast),
        "noise": {
            "meaning": "simulation noise: half-width, 95%",
            "issued": half_width(one.total_issued_noise / unit),
            "outstanding": half_width(one.outstanding_noise[-1] / unit),
            "urr": rate(fate.noise),
            "liability": _noise(forecast, one.liability_noise),
        },
    }


def _month(forecast: Forecast, m: int, month: Month) -> Json:
    cost = forecast.reward_cost
    return (
        _period(month)
        | _members(forecast, forecast.members[m])
        | {
            "active_noise": half_width(forecast.active_noise[m]),
            "events": {
                event.kind.name: {
                    "count": event.count[m],
                    "basket": money_number(forecast, event.basket[m]),
                }
                for event in forecast.events
            },
            "reward_uses": sum(taken.times[m] for taken in forecast.rewards if taken.times is not None),
            "reward_cost": None if cost is None else money_number(forecast, cost[m]),
            "liability": money_number(forecast, forecast.liability[m]) if forecast.liability else None,
            "currencies": {
                one.currency.name: _ledger(one, one.total[m])
                | {
                    "future_redemptions": display_number(one.future_redemptions[m], one.currency.scale),
                    "phi": rate(one.phi[m]),
                    "liability": money_number(forecast, one.liability[m]) if one.liability else None,
                    "noise": {
                        "issued": half_width(one.issued_noise[m] / one.currency.scale),
                        "redeemed": half_width(one.redeemed_noise[m] / one.currency.scale),
                        "expired": half_width(one.expired_noise[m] / one.currency.scale),
                        "outstanding": half_width(one.outstanding_noise[m] / one.currency.scale),
                        "liability": _noise(forecast, one.liability_noise, m),
                    },
                }
                for one in forecast.by_currency
            },
        }
    )


def _period(month: Month) -> Json:
    return {"month": month.label, "from": format_day(month.start), "through": format_day(month.last)}


def _members(forecast: Forecast, members: Members) -> Json:
    return {
        "joined": members.joined,
        "left": members.left,
        "members": members.enrolled,
        "active": members.active,
        "active_rate": rate(members.active_rate),
        "purchases": members.purchases,
        "basket": money_number(forecast, members.basket),
        "off": money_number(forecast, members.off),
        "friends": members.friends,
        "returns": members.returns,
        "returned_basket": money_number(forecast, members.returned),
    }


def _ledger(one: CurrencyForecast, balances: Balances) -> Json:
    unit = one.currency.scale
    return {
        "issued": display_number(balances.issued, unit),
        "redeemed": display_number(balances.redeemed, unit),
        "expired": display_number(balances.expired, unit),
        "reversed": display_number(balances.reversed, unit),
        "pending": display_number(balances.pending, unit),
        "outstanding": display_number(balances.outstanding, unit),
    }


def _noise(forecast: Forecast, noise: tuple[float, ...] | None, month: int = -1) -> float | int | None:
    return None if noise is None else half_width(noise[month] / 10 ** MINOR_DIGITS[forecast.program.money])
