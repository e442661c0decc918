"""Forecast against actual as JSON: `loyalty.track/1`.

Invariant: the same figures give the same bytes; values are in the unit that people read.
"""

from typing import Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.decisions.sweep_frames import number
from loyalty_dsl.decisions.tracking import Series, Track
from loyalty_dsl.language.study import Study
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.provenance import Provenance

FORMAT = "loyalty.track/1"

Json = dict[str, Any]


def track_json(track: Track, study: Study, provenance: Provenance) -> str:
    """The document, ending in a newline."""
    forecast = track.run.forecast
    return json_text(
        {
            "format": FORMAT,
            "study": study.name,
            "program": forecast.program.name,
            "population": forecast.population.name,
            "seed": forecast.seed,
            "sample": forecast.sample,
            "months": track.all_months,
            "as_of": format_day(track.as_of),
            "money": forecast.program.money,
            "inputs": dict(provenance.inputs),
            "version": provenance.version,
            "command": provenance.command,
            "over": [month.label for month in track.months],
            "outside": [month.label for month, _ in track.outside],
            "series": [_series(one, track) for one in track.series],
            "notices": [{"id": notice.id, "message": notice.message} for notice in track.notices],
        }
    )


def _series(series: Series, track: Track) -> Json:
    return {
        "figure": series.name,
        "currency": series.of or None,
        "in_money": series.in_money,
        "months": [
            {
                "month": month.label,
                "forecast": number(one.forecast),
                "band": number(one.band),
                "actual": number(one.actual),
                "error": number(one.error),
                "outside": one.outside,
            }
            for month, one in zip(track.months, series.months, strict=True)
        ],
    }
