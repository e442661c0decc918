"""The charts of an appraisal: estimators and bands as dots with their ranges, lots by age.

Invariant: no text of a user is in an expression; a dot lies where its table says.
"""

from collections.abc import Sequence

import attrs

from loyalty_dsl.forecast.appraisal import CurrencyAppraisal
from loyalty_dsl.report.chart_parts import BAR, PALETTE, PLAIN_AXIS, Spec, axis_in, layered

PERCENT_AXIS: Spec = {"title": None, "tickCount": 5, "format": ".0%"}


@attrs.frozen
class Dot:
    """A value with its range, where it has one; one of a chart may be `filled`."""

    name: str
    value: float
    low: float | None
    high: float | None
    label: str
    filled: bool = False


def dots_chart(dots: Sequence[Dot], axis: Spec = PLAIN_AXIS, *, zero: bool = False) -> Spec:
    """Dots one below the other, the first on top, each with a line for its range."""
    rows = [
        {
            "name": dot.name,
            "value": dot.value,
            "low": dot.value if dot.low is None else dot.low,
            "high": dot.value if dot.high is None else dot.high,
            "label": dot.label,
            "filled": dot.filled,
        }
        for dot in dots
    ]
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": [row["name"] for row in rows],
        "axis": {"title": None, "labelLimit": 260, "labelPadding": 10},
    }
    x: Spec = {"type": "quantitative", "scale": {"zero": zero, "nice": True}, "axis": axis}
    dot = {"x": {"field": "value", **x}, "y": y}
    fill = {"condition": {"test": "datum.filled", "value": PALETTE["main"]}, "value": PALETTE["paper"]}
    layers = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": PALETTE["main"]},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y},
        },
        {
            "mark": {"type": "point", "size": 90, "opacity": 1, "stroke": PALETTE["main"], "strokeWidth": 2},
            "encoding": dot | {"fill": fill},
        },
        {
            "mark": {"type": "text", "dy": -13, "fontSize": 12, "color": PALETTE["strong"]},
            "encoding": dot | {"text": {"field": "label", "type": "nominal"}},
        },
    ]
    return layered(layers, rows, height=int(1.6 * BAR) * len(rows) + 40, left=34)


def bands_chart(bands: Sequence[tuple[str, float, float]], urrs: Sequence[tuple[str, float]]) -> Spec:
    """Ranges of rates as bars, and a vertical line for each rate of the forecast.

    Args:
        bands: label, lowest and highest rate.
        urrs: label and rate.
    """
    rows = [{"name": name, "low": low, "high": high} for name, low, high in bands]
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": [name for name, *_ in bands],
        "axis": {"title": None, "labelLimit": 290, "labelPadding": 10},
    }
    x: Spec = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": PERCENT_AXIS}
    lines = [{"value": rate, "label": name} for name, rate in urrs]
    layers = [
        {
            "mark": {"type": "bar", "color": PALETTE["lost"], "cornerRadius": 1.5},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y},
        },
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "color": PALETTE["main"], "strokeWidth": 2.5},
            "encoding": {"x": {"field": "value", **x}},
        },
        {
            "data": {"values": lines},
            "mark": {
                "type": "text", "align": "right", "dx": -7, "baseline": "top", "fontSize": 12, "y": 2,
                "color": PALETTE["main"], "fontWeight": "bold",
            },
            "encoding": {"x": {"field": "value", **x}, "text": {"field": "label", "type": "nominal"}},
        },
    ]  # fmt: skip
    spec = layered(layers, rows, height=BAR * len(rows) + 66, left=34)
    spec["config"]["scale"] = {"bandPaddingInner": 0.5, "bandPaddingOuter": 0.9}
    return spec


def units_axis(each: CurrencyAppraisal, money: str) -> Spec:
    """An axis in the units of a currency, with the sign of the money that it is held in."""
    return axis_in(money) if each.one.currency.in_money else PLAIN_AXIS


def lots_chart(each: CurrencyAppraisal, money: str) -> Spec:
    """What is held, by age of lot: what will be redeemed of it, and what will not; an age of which nothing is
    held has its place.

    Args:
        money: of the program, for a currency that is held in money.
    """
    factor = float(each.weight) / each.one.currency.scale
    rows: list[Spec] = []
    for row in each.lots:
        future, held = row.future * factor, row.held * factor
        if held > 0:
            parts = (("will be redeemed", 0.0, future), ("will not", future, max(future, held)))
            rows += [{"age": row.age, "part": part, "low": low, "high": high} for part, low, high in parts]
    held_ages = [row["age"] for row in rows] or [0]
    ages = list(range(min(held_ages), max(held_ages) + 1))
    step = max(1, len(ages) // 13 + (1 if len(ages) > 13 else 0))
    x = {
        "field": "age",
        "type": "ordinal",
        "scale": {"domain": ages},
        "axis": {"title": "Age of the lot in months", "labelAngle": 0, "values": ages[::step]},
    }
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": ["will be redeemed", "will not"], "range": [PALETTE["main"], PALETTE["lost"]]},
        "legend": {"title": None, "orient": "top"},
    }
    y = {"field": "low", "type": "quantitative", "axis": units_axis(each, money)}
    bars = {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "y2": {"field": "high"}, "color": colour}}
    return layered([bars], rows)
