"""A sweep as JSON, `loyalty.sweep/1`, and as a table for CSV and Parquet.

Invariants: the same figures give the same bytes; values are numbers in the unit that people read (dollars,
points, members, shares of 1), settings as rule files write them, and each noise is a half-width.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.decisions.sweeping import Figure, Point, Sweep
from loyalty_dsl.decisions.written import parse_number
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.simulation_json import rate
from loyalty_dsl.report.sweep_terminal import NOISE

if TYPE_CHECKING:
    import polars

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


def number(value: Fraction | float | None) -> float | None:
    """A value as JSON has it, to nine digits behind the point."""
    return None if value is None else round(float(value), 9)


def _figure(figure: Figure) -> Json:
    return {
        "value": number(figure.value),
        "noise": number(figure.noise),
        "difference": number(figure.difference),
        "difference_noise": number(figure.difference_noise),
    }


def sweep_frame(sweep: Sweep) -> "polars.DataFrame":
    """A row for each point, the base first: a column for each number that varies, and four for each outcome.

    A number that is written alone is a number (`$600` is 600, `3%` is 0.03); a longer value is text.
    """
    import polars as pl

    columns: dict[str, list[Any]] = {"point": ["base", *(str(i) for i in range(1, len(sweep.points) + 1))]}
    for varied in sweep.varied:
        path = varied.path.path
        texts = [varied.path.span.text]
        texts += [_value_at(point, path) or varied.path.span.text for point in sweep.points]
        columns[path] = _numbers(texts)
    for place, outcome in enumerate(sweep.outcomes):
        figures = [point.figures[place] for point in (sweep.base, *sweep.points)]
        for name in ("value", "noise", "difference", "difference_noise"):
            column = outcome.text if name == "value" else f"{outcome.text}: {name.replace('_', ' ')}"
            columns[column] = [number(getattr(figure, name)) for figure in figures]
    return pl.DataFrame(columns)


def _value_at(point: Point, path: str) -> str | None:
    return next((setting.value for setting in point.settings if setting.path == path), None)


def _numbers(texts: list[str]) -> list[Any]:
    written = [parse_number(text) for text in texts]
    if any(one is None or one.rest for one in written):
        return texts
    return [number(one.value) for one in written if one is not None]
