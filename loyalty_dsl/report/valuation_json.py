"""Estimates from a triangle as JSON: `loyalty.estimate/1`; money is in its display unit."""

from typing import Any

from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.valuation_figures import EstimateFigures
from loyalty_dsl.valuation.cautions import GOING_CONCERN, run_off_text
from loyalty_dsl.valuation.estimates import LEVEL, Estimate

FORMAT = "loyalty.estimate/1"


def estimate_json(figures: EstimateFigures) -> str:
    """The estimates as one JSON document that ends in a newline."""
    return json_text(estimate_document(figures))


def estimate_document(figures: EstimateFigures) -> dict[str, Any]:
    """The document as plain dicts and lists."""
    found = figures.estimates
    triangle = found.triangle
    return {
        "format": FORMAT,
        "triangle": {
            "file": figures.name,
            "months": len(triangle.rows),
            "ages": triangle.ages,
            "redeemed": sum(triangle.latest),
            "issued": None if found.issued is None else sum(found.issued),
            "outstanding": found.total_outstanding,
        },
        "basis": "going concern",
        "basis_says": GOING_CONCERN,
        "bases": _bases(figures),
        "too_young": figures.young,
        "at_most": _at_most(figures),
        "money": figures.money,
        "cost_per_point": None if figures.cost is None else _money(figures, float(figures.cost)),
        "headline": found.headline.id,
        "why": found.why,
        "methods": {one.id: _method(figures, one) for one in found.methods},
        "left_out": {left.id: left.reason for left in found.left_out},
        "tail": {
            "factor": found.tail,
            "fitted": found.tail_fitted,
            "oldest_age": triangle.ages - 1,
            "share_beyond": found.tail_share,
        },
        "shortcut": {
            "redeemed_over_issued_last_12_months": found.shortcut,
            "is_an_estimate": False,
        },
        "warnings": [{"id": one.id, "message": one.message} for one in figures.cautions],
        "inputs": dict(figures.inputs),
        "command": figures.command,
        "version": figures.version,
    }


def _bases(figures: EstimateFigures) -> dict[str, Any] | None:
    """Both bases side by side; a triangle gives one figure for both. Nothing where it is too young."""
    if figures.young:
        return None
    one = figures.estimates.headline
    owed = figures.worth(one.total_future)
    figure = {
        "future": one.total_future,
        "phi": one.phi,
        "liability": None if owed is None else _money(figures, owed),
    }
    return {
        "going_concern": {**figure, "measured": True, "says": GOING_CONCERN},
        "run_off": {**figure, "measured": False, "says": run_off_text()},
    }


def _at_most(figures: EstimateFigures) -> dict[str, Any] | None:
    most = figures.at_most
    if most is None:
        return None
    owed = figures.worth(most)
    return {"units": most, "liability": None if owed is None else _money(figures, owed)}


def _method(figures: EstimateFigures, one: Estimate) -> dict[str, Any]:
    triangle = figures.estimates.triangle
    interval = one.interval(LEVEL)
    owed = figures.worth(one.total_future)
    return {
        "label": one.label,
        "ultimate": one.total_ultimate,
        "future": one.total_future,
        "urr": one.urr,
        "phi": one.phi,
        "standard_error": one.standard_error,
        "interval_90": None if interval is None else list(interval),
        "interval_says": one.error_says or None,
        "liability": None if owed is None else _money(figures, owed),
        "vintages": [
            {
                "issued_month": triangle.name_of(row),
                "redeemed": triangle.latest[row],
                "ultimate": one.ultimate[row],
                "future": one.future[row],
                "standard_error": None if one.errors is None else one.errors[row],
            }
            for row in range(len(triangle.rows))
        ],
    }


def _money(figures: EstimateFigures, minor: float) -> float:
    return float(minor / 10 ** MINOR_DIGITS[figures.money])
