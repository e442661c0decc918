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
FONT = "'Liberation Sans', Arial, Helvetica, sans-serif"
"""The renderer brings the first, so that a picture is the same on every machine; the others are as wide, so
that nothing in it moves where a reader has only those."""

PALETTE = {
    "text": "#59636e",
    "grid": "#e5e8eb",
    "strong": "#24292f",
    "main": "#1a6a72",
    "out": "#c0713a",
    "lost": "#98a1ab",
    "edge": "#f4652f",
    "paper": "#fefefe",
    "series-1": "#1b6b73",
    "series-2": "#d0a24c",
    "series-3": "#7b6aa8",
    "series-4": "#7da364",
    "series-5": "#b65a6d",
    "series-6": "#5b87b8",
    "name-1": "#1c6a71",
    "name-2": "#8a6312",
    "name-3": "#6d5b9e",
    "name-4": "#4b7733",
    "name-5": "#a84a5f",
    "name-6": "#3d6ca1",
}
"""Each role and its colour on white. No two roles share a colour: a page finds the role by it."""

SERIES = [PALETTE[f"series-{i}"] for i in range(1, 7)]
NAMES = [PALETTE[f"name-{i}"] for i in range(1, 7)]
"""The colours of the names of the series, which are thin and so need more contrast."""

STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""Months between the labels of a time axis."""
MOST_LABELS = 7

Spec = dict[str, Any]


def layered(
    layers: Sequence[Spec], rows: Sequence[Spec], *, height: int = HEIGHT, left: int = 4, right: int = 14
) -> Spec:
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": left, "top": 18, "bottom": 4, "right": right},
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
                "labelFlush": False,  # a number stands below its place, at the ends as well
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
    """An axis in the money of a forecast's program."""
    return axis_in(forecast.program.money)


def axis_in(money: str) -> Spec:
    """An axis in a currency: `$1.2M`."""
    prefix = prefix_of(money)
    return {"title": None, "tickCount": 5, "labelExpr": f"'{prefix}' + {SHORT_NUMBER}"}


SHORT_NUMBER = "replace(format(datum.value, '~s'), 'G', 'B')"
PLAIN_AXIS: Spec = {"title": None, "tickCount": 5, "labelExpr": SHORT_NUMBER}


SMALLEST_LABELLED = 0.05
"""A band of less than this share of the whole has no label beside it."""


def stacked_areas(
    names: Sequence[str], values: Sequence[Sequence[float]], forecast: Forecast, axis: Spec
) -> Spec:
    """Areas by month, one upon the other, each named at its right end.

    Args:
        names: of the areas, the lowest first; different from each other.
        values: by area, then month; none below 0.
    """
    rows: list[Spec] = []
    last: list[Spec] = []
    for m, month in enumerate(forecast.months):
        base: float = 0
        for i, (name, area) in enumerate(zip(names, values, strict=True)):
            top = base + area[m]
            row = {"day": format_day(month.last), "part": name, "low": base, "high": top}
            rows.append(row)
            if m == len(forecast.months) - 1:
                last.append(row | {"middle": (base + top) / 2, "ink": NAMES[i % len(NAMES)]})
            base = top
    whole = sum(area[-1] for area in values)
    last = [row for row in last if whole and row["high"] - row["low"] >= SMALLEST_LABELLED * whole]
    x = time_axis("day", forecast)
    y = {"type": "quantitative", "axis": axis, "scale": {"zero": True}}
    colours = [SERIES[i % len(SERIES)] for i in range(len(names))]
    colour = {
        "field": "part",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(names), "range": colours},
    }
    areas = {
        "mark": {"type": "area", "opacity": 1},
        "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}, "color": colour},
    }
    labels = {
        "data": {"values": last},
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "limit": 130},
        "encoding": {
            "x": x,
            "y": {"field": "middle", **y},
            "text": {"field": "part", "type": "nominal"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }
    longest = max((len(row["part"]) for row in last), default=0)
    return layered([areas, labels], rows, right=min(40, 10 + 2 * longest))


BAR = 30
"""Pixels of a horizontal bar with its gap."""


def flat_bars(rows: Sequence[Spec], role: str = "main") -> Spec:
    """Horizontal bars from zero, the first on top, each with its label at its end.

    Args:
        rows: with `name` (different from each other), `value` and `label`; `flag` where it is marked.
    """
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": [row["name"] for row in rows],
        "axis": {"title": None, "labelLimit": 250, "labelPadding": 10},
    }
    most = max((row["value"] for row in rows), default=0)
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, most or 1]}}
    marked = [row | {"flag": row.get("flag", False)} for row in rows]
    colour = {
        "field": "flag",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": [False, True], "range": [PALETTE[role], PALETTE["lost"]]},
    }
    bars = {
        "mark": {"type": "bar", "cornerRadiusEnd": 1.5},
        "encoding": {"x": x, "y": y, "color": colour},
    }
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 7, "fontSize": 12, "color": PALETTE["strong"]},
        "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
    }
    longest = max((len(row["label"]) for row in rows), default=0)
    names = max((len(row["name"]) for row in rows), default=0)
    height = BAR * len(rows) + 24
    spec = layered([bars, labels], marked, height=height, left=wider(names), right=10 + wider(longest))
    spec["config"]["scale"] = {"bandPaddingInner": 0.38, "bandPaddingOuter": 0.2}
    return spec


def wider(characters: int) -> int:
    """Pixels to spare beside a label, which a reader's font may set wider than the renderer's."""
    return 4 + min(30, characters)


def unlike(names: Sequence[str]) -> list[str]:
    """Names that differ, in order: a repeated one gets a number."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
