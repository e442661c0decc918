"""What the charts of a forecast share: size, colours, axes.

Invariant: no two roles of `PALETTE` share a colour, so that a page can find the role by it and swap it for
a dark background; the only expressions are those below, and no text of a user is in them.
"""

from collections.abc import Sequence
from typing import Any

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.quantities import prefix_of

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.20.1.json"
WIDTH, HEIGHT = 760, 270
FONT = "system-ui, -apple-system, 'Segoe UI', Inter, Roboto, 'Helvetica Neue', Arial, sans-serif"

PALETTE = {
    "text": "#59636e",
    "grid": "#e5e8eb",
    "strong": "#24292f",
    "main": "#1a6a72",
    "out": "#c0713a",
    "lost": "#98a1ab",
    "edge": "#f4652f",
    "series-1": "#1b6b73",
    "series-2": "#d0a24c",
    "series-3": "#7b6aa8",
    "series-4": "#7da364",
    "series-5": "#b65a6d",
    "series-6": "#5b87b8",
}
"""Each role and its colour on white. No two roles share a colour: a page finds the role by it."""

SERIES = [PALETTE[f"series-{i}"] for i in range(1, 7)]

STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months between the labels of a time axis."""
MOST_LABELS = 7

Spec = dict[str, Any]


def layered(layers: Sequence[Spec], rows: Sequence[Spec], *, height: int = HEIGHT, right: int = 14) -> Spec:
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 4, "top": 18, "bottom": 4, "right": right},
        "background": "transparent",
        "data": {"values": list(rows)},
        "layer": list(layers),
        "config": {
            "aria": False,  # the page labels the picture as a whole
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelColor": PALETTE["text"],
                "labelFontSize": 12,
                "titleColor": PALETTE["text"],
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridColor": PALETTE["grid"],
                "domain": False,
                "ticks": False,
                "labelPadding": 6,
            },
            "axisX": {"grid": False},
            "legend": {
                "labelColor": PALETTE["text"],
                "titleColor": PALETTE["text"],
                "titleFontWeight": "normal",
                "labelFontSize": 12,
                "titleFontSize": 12,
            },
        },
    }


def time_axis(field: str, forecast: Forecast) -> Spec:
    """A time axis that labels month ends, counted back from the last."""
    days = [format_day(month.last) for month in forecast.months]
    step = next((step for step in STEPS if len(days) <= MOST_LABELS * step), STEPS[-1])
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc", "nice": False},
        "axis": {
            "format": "%b %Y",
            "title": None,
            "values": days[::-1][::step][::-1],
            "labelFlush": False,
            "labelPadding": 10,
        },
    }


def end_marks(rows: Sequence[Spec], x: Spec, y: Spec, role: str) -> list[Spec]:
    """A dot and a label at the last value."""
    data = {"values": list(rows)}
    return [
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 52, "opacity": 1, "color": PALETTE[role]},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": data,
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 9,
                "fontSize": 13,
                "fontWeight": "bold",
                "color": PALETTE[role],
            },
            "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def money_axis(forecast: Forecast) -> Spec:
    prefix = prefix_of(forecast.program.money)
    return {"title": None, "tickCount": 5, "labelExpr": f"'{prefix}' + {_SHORT_NUMBER}"}


_SHORT_NUMBER = "replace(format(datum.value, '~s'), 'G', 'B')"
PLAIN_AXIS: Spec = {"title": None, "tickCount": 5, "labelExpr": _SHORT_NUMBER}
