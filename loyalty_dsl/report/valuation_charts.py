"""The charts of valuations: methods, months of issue, ages of lots, the bridge, the deferred balance.

Invariant: no text of a user is in an expression; bars of a bridge start where the one before them ends.
"""

from collections.abc import Sequence
from itertools import pairwise

from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.chart_parts import BAR, PALETTE, PLAIN_AXIS, Spec, axis_in, layered
from loyalty_dsl.report.wording import money_text
from loyalty_dsl.valuation.bridge import Bridge
from loyalty_dsl.valuation.estimates import LEVEL, Estimates
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation
from loyalty_dsl.valuation.rollforward import RollForwardRow


def dots_chart(found: Estimates, scale: int = 1) -> Spec:
    """Each method as a dot at what it expects, with its interval; the quoted one is filled."""
    rows = []
    for one in found.methods:
        bounds = one.interval(LEVEL) or (one.total_future, one.total_future)
        rows.append(
            {
                "name": one.label,
                "value": one.total_future / scale,
                "low": bounds[0] / scale,
                "high": bounds[1] / scale,
                "quoted": one is found.headline,
                "label": f"{one.total_future / scale:,.0f}",
            }
        )
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": [row["name"] for row in rows],
        "axis": {"title": None, "labelLimit": 250, "labelPadding": 10},
    }
    x: Spec = {"type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": PLAIN_AXIS}
    ends = {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y}
    dot = {"x": {"field": "value", **x}, "y": y}
    fill = {
        "condition": {"test": "datum.quoted", "value": PALETTE["main"]},
        "value": PALETTE["paper"],
    }
    layers = [
        {"mark": {"type": "rule", "strokeWidth": 2, "color": PALETTE["main"]}, "encoding": ends},
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


def vintage_chart(found: Estimates, names: Sequence[str]) -> Spec:
    """Each month's issue as a bar: redeemed, still to come by the quoted method, and what breaks."""
    one = found.headline
    rows = []
    for row, name in enumerate(names):
        so_far, ever = found.triangle.latest[row], one.ultimate[row]
        parts = [("redeemed", 0.0, so_far), ("to come", so_far, ever)]
        if found.issued is not None:
            parts.append(("breaks", ever, max(ever, found.issued[row])))
        rows += [{"month": name, "part": part, "low": low, "high": high} for part, low, high in parts]
    step = max(1, len(names) // 6)
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": list(names),
        "axis": {"title": None, "values": list(names[::step]), "labelAngle": 0},
    }
    y = {"field": "low", "type": "quantitative", "axis": PLAIN_AXIS}
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {
            "domain": ["redeemed", "to come", "breaks"],
            "range": [PALETTE["main"], PALETTE["out"], PALETTE["lost"]],
        },
        "legend": {"title": None, "orient": "top"},
    }
    bars = {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "y2": {"field": "high"}, "color": colour}}
    return layered([bars], rows)


def age_chart(one: CurrencyValuation, money: str) -> Spec:
    """Outstanding units by age of lot: what will be redeemed, and what will not.

    Args:
        money: of the program, for a currency that is held in money.
    """
    scale, rows = one.currency.scale, []
    oldest = max((band.age for band in one.ages if band.held), default=0)
    for band in one.ages[: oldest + 1]:
        future = float(band.future / scale)
        parts = (("will be redeemed", 0.0, future), ("will not", future, band.held / scale))
        rows += [{"age": band.age, "part": part, "low": low, "high": high} for part, low, high in parts]
    x = {"field": "age", "type": "ordinal", "axis": {"title": "age in months", "labelAngle": 0}}
    colour = {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": ["will be redeemed", "will not"], "range": [PALETTE["main"], PALETTE["lost"]]},
        "legend": {"title": None, "orient": "top"},
    }
    y = {
        "field": "low",
        "type": "quantitative",
        "axis": axis_in(money) if one.currency.in_money else PLAIN_AXIS,
    }
    bars = {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "y2": {"field": "high"}, "color": colour}}
    return layered([bars], rows)


def bridge_chart(moved: Bridge, first: str, last: str, money: str) -> Spec:
    """From one liability to another, a bar for each term."""
    terms = (
        ("Volume", moved.volume),
        ("Experience", moved.experience),
        ("Assumptions", moved.assumptions),
        ("Cost per point", moved.cost_per_point),
    )
    steps = [(first, 0, moved.opening, "stock")]
    level = moved.opening
    for name, amount in terms:
        steps.append((name, level, level + amount, "up" if amount >= 0 else "down"))
        level += amount
    steps.append((last, 0, moved.closing, "stock"))
    unit = 10 ** MINOR_DIGITS[money]
    rows = [
        {
            "step": name,
            "from": start / unit,
            "to": end / unit,
            "top": max(start, end) / unit,
            "role": role,
            "label": money_text(end - start, money),
        }
        for name, start, end, role in steps
    ]
    joints = [
        {"step": before["step"], "next": after["step"], "level": before["to"]}
        for before, after in pairwise(rows)
    ]
    still = [
        {"step": row["step"], "next": row["step"], "level": row["to"]}
        for row in rows
        if row["from"] == row["to"]
    ]
    lowest = min(min(start, end) for _, start, end, role in steps if role != "stock") / unit
    x = {
        "field": "step",
        "type": "ordinal",
        "sort": [name for name, *_ in steps],
        "axis": {"labelAngle": 0, "title": None, "labelPadding": 8},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"zero": lowest >= 0}}
    colour = {
        "field": "role",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": ["stock", "up", "down"],
            "range": [PALETTE[role] for role in ("strong", "out", "main")],
        },
    }
    bars = {
        "mark": {"type": "bar", "cornerRadius": 1.5},
        "encoding": {"x": x, "y": {"field": "from", **y}, "y2": {"field": "to"}, "color": colour},
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
    across = {
        "data": {"values": still},
        "mark": connectors["mark"],
        "encoding": {
            "x": x | {"bandPosition": 0},
            "x2": {"field": "next", "bandPosition": 1},
            "y": {"field": "level", **y},
        },
    }
    labels = {
        "mark": {"type": "text", "dy": -9, "fontSize": 12, "color": PALETTE["strong"]},
        "encoding": {"x": x, "y": {"field": "top", **y}, "text": {"field": "label", "type": "nominal"}},
    }
    return layered([bars, connectors, across, labels], rows)


def balance_chart(names: Sequence[str], rows: Sequence[RollForwardRow], money: str) -> Spec:
    """The deferred balance at the end of each month."""
    unit = 10 ** MINOR_DIGITS[money]
    values = [{"month": name, "closing": row.closing / unit} for name, row in zip(names, rows, strict=True)]
    step = max(1, len(names) // 7)
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": list(names),
        "axis": {"title": None, "values": list(names[::step]), "labelAngle": 0},
    }
    y = {"field": "closing", "type": "quantitative", "axis": axis_in(money)}
    bars = {"mark": {"type": "bar", "color": PALETTE["main"]}, "encoding": {"x": x, "y": y}}
    return layered([bars], values)
