"""Charts of a forecast as Vega-Lite specifications: plain dicts, made from the forecast alone.

Invariants: a chart has no title, since its page computes one; data are inline, and text of users appears
only as data, never in an expression, a link or an image; every colour but the heat map's is of `PALETTE`;
specifications are valid against the schema that they name.
"""

from collections.abc import Sequence
from itertools import pairwise

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.chart_parts import (
    HEIGHT,
    PALETTE,
    PLAIN_AXIS,
    Spec,
    layered,
    money_axis,
    stacked_areas,
    time_axis,
    unlike,
)
from loyalty_dsl.report.charts_fan import Bound, bound_layers
from loyalty_dsl.report.headlines import waterfall_start
from loyalty_dsl.report.wording import MINUS, amount_text, one_line

MOST_AGES = 60
AROUND_THE_TRIANGLE = 62
"""Pixels that the axis and the padding take from its height."""


def waterfall_chart(one: CurrencyForecast, forecast: Forecast) -> Spec:
    """How the outstanding balance came about: opening, issued, redeemed, expired, reversed, closing."""
    money = forecast.program.money
    rows = [
        {
            "order": step,
            "step": name,
            "from": start / one.currency.scale,
            "to": end / one.currency.scale,
            "top": max(start, end) / one.currency.scale,
            "role": role,
            "label": (MINUS if end < start else "") + amount_text(one, abs(end - start), money),
        }
        for step, (name, start, end, role) in enumerate(waterfall_steps(one, forecast))
    ]
    joints = [
        {"step": before["step"], "next": after["step"], "level": before["to"]}
        for before, after in pairwise(rows)
    ]
    steps = [row["step"] for row in rows]
    x = {
        "field": "step",
        "type": "ordinal",
        "sort": steps,
        "axis": {"labelAngle": 0, "title": None, "labelPadding": 8},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"zero": True}}
    bars = {
        "mark": {"type": "bar", "cornerRadius": 1.5},
        "encoding": {
            "x": x,
            "y": {"field": "from", **y},
            "y2": {"field": "to"},
            "color": {
                "field": "role",
                "type": "nominal",
                "legend": None,
                "scale": {
                    "domain": ["stock", "in", "out", "lost", "back"],
                    "range": [PALETTE[role] for role in ("strong", "main", "out", "lost", "series-5")],
                },
            },
        },
    }
    connectors = {
        "data": {"values": joints},
        "mark": {"type": "rule", "color": PALETTE["text"], "strokeWidth": 1, "strokeDash": [2, 2]},
        "encoding": {
            "x": x | {"bandPosition": 1},
            "x2": {"field": "next", "bandPosition": 0},
            "y": {"field": "level", **y},
        },
    }
    labels = {
        "mark": {"type": "text", "baseline": "bottom", "dy": -5, "fontSize": 12, "color": PALETTE["strong"]},
        "encoding": {"x": x, "y": {"field": "top", **y}, "text": {"field": "label", "type": "nominal"}},
    }
    spec = layered([connectors, bars, labels], rows)
    spec["config"]["scale"] = {"bandPaddingInner": 0.26, "bandPaddingOuter": 0.13}
    return spec


def waterfall_steps(one: CurrencyForecast, forecast: Forecast) -> list[tuple[str, int, int, str]]:
    """Each step's name, the balance before and after it in smallest units, and its role; it ties out."""
    first = waterfall_start(forecast)
    opening = one.total[first - 1].outstanding if first else one.opening
    issued, redeemed, expired, reversed_ = (
        sum(getattr(month, flow) for month in one.total[first:])
        for flow in ("issued", "redeemed", "expired", "reversed")
    )
    high = opening + issued
    left = high - redeemed - expired
    closing = one.total[-1].outstanding
    steps = [
        ("Opening balance", 0, opening, "stock"),
        ("Issued", opening, high, "in"),
        ("Redeemed", high, high - redeemed, "out"),
        ("Expired", high - redeemed, left, "lost"),
    ]
    if any(month.reversed for month in one.total):
        steps.append(("Reversed", left, left - reversed_, "back"))
    return [*steps, ("Closing balance", 0, closing, "stock")]


def triangle_chart(one: CurrencyForecast, forecast: Forecast) -> Spec:
    """The redemption triangle: the share redeemed so far, by month of issue and age, and a stepped line
    where the reported months end."""
    ages, months = triangle_ages(one), forecast.months
    height = min(440, max(HEIGHT, 11 * len(months)))
    rows = [
        {
            "issue": format_day(month.start),
            "issue_end": format_day(month.end),
            "age": age,
            "age_end": age + 1,
            "share": share,
        }
        for month, shares, issued in zip(months, triangle_shares(one), one.triangle.issued, strict=True)
        if issued  # what was not issued is not 0% redeemed
        for age, share in enumerate(shares)
    ]
    edge = [
        {"age": min(ages, len(months) - i), "issue": format_day(day), "order": 2 * i + end}
        for i, month in enumerate(months)
        for end, day in enumerate((month.start, month.end))
        if len(months) - i < ages + end
    ]
    highest = max((max(shares) for shares in triangle_shares(one)), default=0)
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, ages], "nice": False},
        "axis": {
            "title": "Months after the month of issue",
            "grid": False,
            "values": [age + 0.5 for age in range(0, ages, -(-ages // 13))],
            "labelExpr": "format(datum.value - 0.5, 'd')",
        },
    }
    y = {
        "type": "temporal",
        "scale": {"type": "utc", "reverse": True, "nice": False},
        "axis": {
            "title": None,
            "grid": False,
            "format": "%b %Y",
            "labelOffset": (height - AROUND_THE_TRIANGLE) / len(months) / 2,  # to the middle of the row
            "values": [format_day(month.start) for month in months[:: -(-len(months) // 12)]],
        },
    }
    cells = {
        "data": {"values": rows},
        "mark": {"type": "rect", "strokeWidth": 0},
        "encoding": {
            "x": {"field": "age", **x},
            "x2": {"field": "age_end"},
            "y": {"field": "issue", **y},
            "y2": {"field": "issue_end"},
            "color": {
                "field": "share",
                "type": "quantitative",
                "scale": {"scheme": "cividis", "domain": [0, highest or 1]},
                "legend": {
                    "title": "Redeemed so far",
                    "format": ".0%",
                    "gradientLength": 180,
                    "tickCount": 5,
                },
            },
        },
    }
    layers = [cells]
    if edge:
        layers.append(
            {
                "data": {"values": edge},
                "mark": {"type": "line", "color": PALETTE["edge"], "strokeWidth": 2.5},
                "encoding": {
                    "x": {"field": "age", **x},
                    "y": {"field": "issue", **y},
                    "order": {"field": "order", "type": "quantitative"},
                },
            }
        )
    return layered(layers, rows, height=height)


def triangle_ages(one: CurrencyForecast) -> int:
    """How many ages the triangle shows."""
    return min(one.triangle.ages, MOST_AGES)


def triangle_shares(one: CurrencyForecast) -> list[list[float]]:
    """By month of issue and age, the share of what was issued that is redeemed by the end of that age."""
    shares = []
    for issued, redeemed in zip(one.triangle.issued, one.triangle.redeemed, strict=True):
        row, so_far = [], 0
        for units in redeemed[: triangle_ages(one)]:
            so_far += units
            row.append(round(so_far / issued, 6) if issued else 0.0)
        shares.append(row)
    return shares


def active_chart(forecast: Forecast) -> Spec:
    """Members who bought in each month, by segment, one upon the other."""
    names = [one_line(segment.name) for segment in forecast.population.segments]
    active = [[members.active for members in segment] for segment in forecast.segment_members]
    return stacked_areas(unlike(names), active, forecast, PLAIN_AXIS)


def total_liability_chart(forecast: Forecast, bounds: Sequence[Bound] = ()) -> Spec:
    """The liability of all currencies, one upon the other, with bounds on the whole."""
    unit = 10 ** MINOR_DIGITS[forecast.program.money]
    known = [one for one in forecast.owed if one.liability is not None]
    names = unlike([one_line(one.currency.label) for one in known])
    money = [[minor / unit for minor in one.liability or ()] for one in known]
    spec = stacked_areas(names, money, forecast, money_axis(forecast))
    y = {"type": "quantitative", "axis": money_axis(forecast), "scale": {"zero": True}}
    spec["layer"] += bound_layers(bounds, time_axis("day", forecast), y, forecast)
    return spec
