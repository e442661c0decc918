"""A calibration as JSON: `loyalty.fit/1`. Parameters are in the unit of time that it names; the schema ships
beside."""

from typing import Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.calibration.backtest import Weeks
from loyalty_dsl.calibration.fitting import Fitted
from loyalty_dsl.calibration.maximising import Maximum
from loyalty_dsl.calibration.models import Fit
from loyalty_dsl.calibration.seasons import Multiplier
from loyalty_dsl.report.json_text import json_text

FORMAT = "loyalty.fit/1"


def fit_json(fitted: Fitted) -> str:
    """The calibration as one JSON document that ends in a newline."""
    return json_text(fit_document(fitted))


def fit_document(fitted: Fitted) -> dict[str, Any]:
    """The document as plain dicts and lists."""
    found = fitted.calibration
    choice, spend = found.choice, found.spend
    return {
        "format": FORMAT,
        "version": fitted.version,
        "inputs": dict(fitted.inputs),
        "unit": found.unit,
        "calibration": {
            "first_day": format_day(found.first_day),
            "until": format_day(found.until),
            "members": found.customers.count,
            "repeat_purchases": int(found.customers.repeats.sum()),
        },
        "rows_set_aside": len(fitted.read.refused),
        "models": {name: _fit(one) for name, one in found.literature.items()}
        | {"gamma_gamma": None if found.gamma_gamma is None else _maximum(found.gamma_gamma)},
        "regularity": {
            str(one.form.k): {"log_likelihood": one.log_likelihood} for one in choice.by_regularity
        },
        "candidates": [_fit(one) | {"sound": one.is_sound} for one in choice.candidates],
        "chosen": _fit(choice.chosen),
        "spend": None
        if spend is None
        else {
            "median_minor_units": spend.median,
            "sigma": spend.sigma,
            "within": spend.within,
            "between": spend.between,
            "standard_errors": {"log_median": spend.median_error, "sigma": spend.sigma_error},
            "purchases": spend.baskets,
        },
        "redemption": None
        if found.redemption is None
        else {
            "parameters": {
                "chance": found.redemption.chance,
                "slope": found.redemption.slope,
                "spread": found.redemption.spread,
                "never": found.redemption.never,
                "correlation": found.redemption.correlation,
                "trend": found.redemption.trend,
            },
            "standard_errors": found.redemption.errors,
            "correlation_with": found.redemption.kept.link,
            "error": found.redemption.error,
            "offers": found.redemption.offers,
            "taken": found.redemption.taken,
        },
        "weekday": _multipliers(found.weekdays),
        "season": _multipliers(found.months),
        "joins_per_month": None if found.cohorts is None else found.cohorts.joins_per_month,
        "backtest": None if found.holdout is None else _weeks(found.holdout, by_week=True),
        "rolling": [_weeks(weeks, by_week=False) for weeks in found.rolling],
        "conditional": [
            {"repeats": one.repeats, "members": one.members, "actual": one.actual, "forecast": one.expected}
            for one in found.conditional
        ],
        "histogram": {
            "actual": [int(count) for count in found.histogram[0]],
            "expected": [float(count) for count in found.histogram[1]],
        },
        "facts": [
            {
                "name": fact.name,
                "tier": fact.tier,
                "actual": fact.actual,
                "drawn": fact.drawn,
                "off": float(fact.off),
                "limit": float(fact.limit),
                "passes": bool(fact.passes),
            }
            for fact in found.facts
        ],
        "notices": list(found.notices),
        "population": fitted.population,
    }


def _fit(one: Fit) -> dict[str, Any]:
    return {
        "label": one.form.label,
        "k": one.form.k,
        "parameters": one.parameters,
        "standard_errors": one.standard_errors,
        "log_likelihood": one.log_likelihood,
    }


def _maximum(one: Maximum) -> dict[str, Any]:
    values = (float(value) for value in one.values)
    return {
        "parameters": dict(zip(one.names, values, strict=True)),
        "standard_errors": dict(zip(one.names, one.standard_errors, strict=True)),
        "log_likelihood": one.log_likelihood,
    }


def _multipliers(found: dict[str, Multiplier]) -> dict[str, dict[str, float]]:
    return {name: {"value": it.value, "standard_error": it.error} for name, it in found.items()}


def _weeks(weeks: Weeks, *, by_week: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "origin": format_day(weeks.origin),
        "model": weeks.form.label,
        "members": weeks.members,
        "weeks": len(weeks.last),
        "calibrated": weeks.inside,
        "actual": float(weeks.actual.sum()),
        "forecast": float(weeks.forecast.sum()),
        "error": weeks.error,
        "weekly_error": weeks.weekly_error,
    }
    if by_week:
        document["by_week"] = [
            {
                "week_to": format_day(int(day)),
                "actual": int(actual),
                "forecast": float(forecast),
                "error": float(forecast / actual - 1) if actual else None,
            }
            for day, actual, forecast in zip(weeks.last, weeks.actual, weeks.forecast, strict=True)
        ]
    return document
