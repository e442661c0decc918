"""The liability month by month, with bands of its noise and the bounds that a study sets; see `charts` for
the invariants.

A band is where infinitely many members would put the figure, 50 or 80 times in 100: parts of the half-width
that is quoted, which is that of 95 times.
"""

from collections.abc import Sequence
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import attrs

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.chart_parts import PALETTE, Spec, end_marks, layered, money_axis, time_axis
from loyalty_dsl.report.wording import money_text

BANDS = (("80", 0.80, 0.20), ("50", 0.50, 0.26))
"""Each band's name, how much of the noise it holds, and its opacity, the widest first."""

_QUOTED = 0.95


@attrs.frozen
class Bound:
    """A bound that a study sets on a liability.

    Attributes:
        subject: the currency that it is of; `None` for all.
        month: at whose end it has to hold, from 1.
        value: in the unit of money.
        text: as it is shown, such as `<= $4M`.
    """

    subject: str | None
    month: int
    value: Fraction
    text: str


def fan_chart(
    liability: Sequence[int], noise: Sequence[float], forecast: Forecast, bounds: Sequence[Bound] = ()
) -> Spec:
    """A liability at each month's end, in the middle of its bands.

    Args:
        liability, noise: by month, in minor units; the noise is a half-width, 95 times in 100.
        bounds: those that hold for this liability.
    """
    unit = 10 ** MINOR_DIGITS[forecast.program.money]
    rows = []
    for month, value, half in zip(forecast.months, liability, noise, strict=True):
        row: dict[str, Any] = {"day": format_day(month.last), "value": value / unit}
        for name, held, _ in BANDS:
            width = half * share_of_quoted(held)
            row[f"low{name}"] = max(0.0, value - width) / unit
            row[f"high{name}"] = (value + width) / unit
        rows.append(row)
    last = [rows[-1] | {"label": money_text(liability[-1], forecast.program.money)}]
    x = time_axis("day", forecast)
    y = {"type": "quantitative", "axis": money_axis(forecast), "scale": {"zero": True}}
    bands = [
        {
            "mark": {"type": "area", "color": PALETTE["main"], "opacity": opacity},
            "encoding": {"x": x, "y": {"field": f"low{name}", **y}, "y2": {"field": f"high{name}"}},
        }
        for name, _, opacity in BANDS
    ]
    line = {
        "mark": {"type": "line", "color": PALETTE["main"], "strokeWidth": 2.2, "strokeJoin": "round"},
        "encoding": {"x": x, "y": {"field": "value", **y}},
    }
    right = 14 + 2 * len(last[0]["label"])
    marks = end_marks(last, x, {"field": "value", **y}, "main")
    return layered([*bands, *bound_layers(bounds, x, y, forecast), line, *marks], rows, right=right)


def bound_layers(bounds: Sequence[Bound], x: Spec, y: Spec, forecast: Forecast) -> list[Spec]:
    """A dashed line at each bound, with what it allows and a mark at the month where it has to hold."""
    rows = [
        {
            "day": format_day(forecast.months[bound.month - 1].last),
            "first": format_day(forecast.months[0].last),
            "bound": float(bound.value),
            "text": bound.text,
        }
        for bound in bounds
        if 0 < bound.month <= len(forecast.months)
    ]
    if not rows:
        return []
    level = {"field": "bound", **y}
    colour = PALETTE["edge"]
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": colour, "strokeWidth": 1.5, "strokeDash": [6, 4]},
            "encoding": {"y": level},
        },
        {
            "data": {"values": rows},
            "mark": {
                "type": "point",
                "shape": "diamond",
                "filled": True,
                "opacity": 1,
                "size": 70,
                "color": colour,
            },
            "encoding": {"x": x, "y": level},
        },
        {
            "data": {"values": rows},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "bottom",
                "dx": 4,
                "dy": -5,
                "fontSize": 12,
                "color": colour,
            },
            "encoding": {
                "x": x | {"field": "first"},
                "y": level,
                "text": {"field": "text", "type": "nominal"},
            },
        },
    ]


def share_of_quoted(held: float) -> float:
    """What to multiply a half-width of 95 times in 100 by for one of `held`."""
    normal = NormalDist()
    return normal.inv_cdf((1 + held) / 2) / normal.inv_cdf((1 + _QUOTED) / 2)
