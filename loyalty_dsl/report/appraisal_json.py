"""An appraisal within the JSON of a forecast: `valuation`.

Invariant: as of `simulation_json`; amounts are of the business, in display units.
"""

from fractions import Fraction
from typing import Any

from loyalty_dsl.calendar import date_of, format_day, month_start
from loyalty_dsl.forecast.appraisal import CurrencyAppraisal, LotRow
from loyalty_dsl.forecast.appraising import Appraisal
from loyalty_dsl.forecast.deferring import current_of
from loyalty_dsl.forecast.scaling import scaled, shared_out
from loyalty_dsl.quantities import MINOR_DIGITS, display_number
from loyalty_dsl.report.appraisal_wording import error_of
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.estimates import LEVEL, Estimate

Json = dict[str, Any]
RATE_DIGITS = 8

TERMS = ("opening", "volume", "experience", "assumptions", "cost_per_point", "closing")
"""The terms of a bridge, in the order in which they are shown."""


def valuation_document(appraisal: Appraisal) -> Json:
    """The appraisal as plain dicts and lists."""
    quoted = appraisal.quoted
    return {
        "day": format_day(appraisal.day),
        "basis": appraisal.basis.value,
        "liability": None if quoted is None else _money(appraisal, quoted[0]),
        "liability_noise": None if quoted is None else _width(appraisal, quoted[1]),
        "going_concern": _basis(appraisal, appraisal.going_concern),
        "run_off": _basis(appraisal, appraisal.run_off),
        "layers": [
            {
                "id": layer.id,
                "label": layer.label,
                "half_width": None if layer.half_width is None else _width(appraisal, layer.half_width),
                "says": layer.says,
            }
            for layer in appraisal.layers
        ],
        "swings": [
            {"what": swing.what, "written": swing.written, "liability": _money(appraisal, swing.amount)}
            for swing in appraisal.swings
        ],
        "kind": appraisal.kind,
        "outside": list(appraisal.outside),
        "currencies": {each.one.currency.name: _currency(each, appraisal) for each in appraisal.currencies},
    }


def bridge_document(moved: Bridge, digits: int) -> Json:
    """The terms of a bridge, in whole money."""
    return {term: display_number(getattr(moved, term), 10**digits) for term in TERMS}


def _basis(appraisal: Appraisal, known: tuple[int, float] | None) -> Json | None:
    if known is None:
        return None
    return {"liability": _money(appraisal, known[0]), "liability_noise": _width(appraisal, known[1])}


def _currency(each: CurrencyAppraisal, appraisal: Appraisal) -> Json:
    forecast, one, month = appraisal.forecast, each.one, each.month
    unit, run_off, liability = one.currency.scale, each.run_off, each.liability
    return {
        "outstanding": display_number(one.total[month].outstanding, unit),
        "future_redemptions": display_number(one.future_redemptions[month], unit),
        "phi": _rate(one.phi[month]),
        "phi_noise": None if run_off is None else _rate(run_off.phi_noise),
        "liability": None if liability is None else _money(appraisal, liability),
        "current": None if each.current is None else _money(appraisal, each.current),
        "non_current": None
        if each.current is None or liability is None
        else _money(appraisal, liability - each.current),
        "beyond_oldest_lot": _rate(each.beyond),
        "run_off": None
        if run_off is None
        else {
            "members": run_off.members,
            "ratio": _rate(run_off.ratio),
            "ratio_noise": _rate(run_off.noise),
            "future_redemptions": display_number(run_off.future, unit),
            "liability": None if run_off.liability is None else _money(appraisal, run_off.liability),
            "liability_noise": None
            if run_off.liability_noise is None
            else _width(appraisal, run_off.liability_noise),
        },
        "lots": _lots(each, appraisal),
        "estimators": [_estimate(method, each) for method in each.found.methods] if each.found else [],
        "quoted_estimator": each.found.headline.id if each.found else None,
        "why_quoted": each.found.why if each.found else None,
        "why_no_estimate": each.why_none or None,
        "shortcut": None if each.found is None or each.found.shortcut is None else _rate(each.found.shortcut),
        "bridge": None
        if each.moved is None or each.moved_from is None
        else {"from": format_day(forecast.months[each.moved_from].last)}
        | bridge_document(each.moved, MINOR_DIGITS[forecast.program.money]),
        "deferred": _deferred(each, appraisal),
        "why_no_deferred": each.why_no_roll or None,
    }


def _lots(each: CurrencyAppraisal, appraisal: Appraisal) -> list[Json]:
    """By month of issue; `future` sums to the currency's future redemptions."""
    unit = each.one.currency.scale
    whole = each.one.future_redemptions[each.month]
    futures = shared_out(whole, (row.future for row in each.lots))
    return [
        {
            "month": _month_of(row, appraisal),
            **({} if row.days is None else {"held_at_start": True}),
            "age": row.age,
            "issued": _units(row.issued, each, unit),
            "redeemed": _units(row.redeemed, each, unit),
            "expired": _units(row.expired, each, unit),
            "reversed": _units(row.reversed, each, unit),
            "outstanding": _units(row.held, each, unit),
            "future_redemptions": display_number(future, unit),
            "within_a_year": _units(row.soon, each, unit),
        }
        | _rates(row)
        for row, future in zip(each.lots, futures, strict=True)
    ]


def _month_of(row: LotRow, appraisal: Appraisal) -> str:
    """The month of issue; the first of what was held at the start of a whole year."""
    if row.days is None:
        return appraisal.forecast.months[row.month].label
    return date_of(row.days[0]).isoformat()[:7]


def _rates(row: LotRow) -> Json:
    return {
        "urr": None if row.urr is None else _rate(row.urr),
        "breakage": None if row.breakage is None else _rate(row.breakage),
        "phi": _rate(row.phi),
    }


def _units(units: int, each: CurrencyAppraisal, scale: int) -> int | float:
    return display_number(scaled(units, each.weight), scale)


def _estimate(method: Estimate, each: CurrencyAppraisal) -> Json:
    factor = float(each.weight) / each.one.currency.scale
    bounds, error = method.interval(LEVEL), error_of(method, each)
    return {
        "id": method.id,
        "label": method.label,
        "future_redemptions": round(method.total_future * factor, 2),
        "low": None if bounds is None else round(bounds[0] * factor, 2),
        "high": None if bounds is None else round(bounds[1] * factor, 2),
        "level": LEVEL,
        "urr": None if method.urr is None else _rate(method.urr),
        "phi": None if method.phi is None else _rate(method.phi),
        "error": None if error is None else _rate(error),
    }


def _deferred(each: CurrencyAppraisal, appraisal: Appraisal) -> Json | None:
    if each.roll is None:
        return None
    soon, later = current_of(each.roll)
    flows = ("sales", "opening", "deferred", "recognised", "catch_up", "breakage", "closing")
    return {
        "closing": _money(appraisal, each.roll.closing),
        "current": _money(appraisal, soon),
        "non_current": _money(appraisal, later),
        "rows": [
            {
                "month": date_of(month_start(row.month)).isoformat()[:7],
                "class": row.accounting.value,
            }
            | {flow: _money(appraisal, getattr(row, flow)) for flow in flows}
            for row in each.roll.rows
        ],
    }


def _money(appraisal: Appraisal, minor: int) -> int | float:
    return display_number(minor, 10 ** MINOR_DIGITS[appraisal.forecast.program.money])


def _width(appraisal: Appraisal, minor: float) -> float:
    return round(minor / float(10 ** MINOR_DIGITS[appraisal.forecast.program.money]), 2)


def _rate(value: Fraction | float) -> float:
    return round(float(value), RATE_DIGITS)
