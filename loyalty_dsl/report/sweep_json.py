"""A sweep as JSON: `loyalty.sweep/1`.

Invariants: the same figures give the same bytes; values are numbers in the unit that people read (dollars,
points, members, shares of 1), settings as rule files write them, and each noise is a half-width.
"""

from typing import Any

from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.decisions.sweep_frames import number
from loyalty_dsl.decisions.sweeping import Figure, Sweep
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.simulation_json import run_document
from loyalty_dsl.report.sweep_terminal import NOISE

FORMAT = "loyalty.sweep/1"

Json = dict[str, Any]


def sweep_json(sweep: Sweep, provenance: Provenance) -> str:
    """The sweep as one JSON document that ends in a newline."""
    return json_text(sweep_document(sweep, provenance))


def sweep_document(sweep: Sweep, provenance: Provenance) -> Json:
    """The document as plain dicts and lists."""
    forecast = sweep.forecast
    return {
        "format": FORMAT,
        **run_document(forecast, provenance),
        "noise_note": NOISE,
        "design": sweep.design,
        "varied": [
            {
                "path": varied.path.path,
                "now": varied.path.span.text,
                "file": varied.path.span.source.name,
                "line": varied.path.span.line,
                "values": list(varied.values),
            }
            for varied in sweep.varied
        ],
        "outcomes": [outcome_document(outcome) for outcome in sweep.outcomes],
        "base": [_figure(figure) for figure in sweep.base.figures],
        "points": [
            {
                "settings": {setting.path: setting.value for setting in point.settings},
                "figures": [_figure(figure) for figure in point.figures],
            }
            for point in sweep.points
        ],
        "warnings": [{"id": notice.id, "message": notice.message} for notice in forecast.notices],
    }


def outcome_document(outcome: Outcome) -> Json:
    """An outcome: what it is called, its unit, and whether less or more of it is better."""
    unit = "money" if outcome.in_money else outcome.kind.unit.name.lower()
    return {"outcome": outcome.text, "unit": unit, "better": outcome.kind.better}


def _figure(figure: Figure) -> Json:
    return {
        "value": number(figure.value),
        "noise": number(figure.noise),
        "difference": number(figure.difference),
        "difference_noise": number(figure.difference_noise),
    }
