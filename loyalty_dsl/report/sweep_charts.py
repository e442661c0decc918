"""The charts of a sweep: a tornado, and an outcome over the values of one number.

Invariants: as in `charts`: no title, data inline, no text of a user in an expression.
"""

from collections.abc import Sequence

from loyalty_dsl.decisions.outcome_kinds import Unit
from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.decisions.sweeping import Sweep, Swing
from loyalty_dsl.decisions.written import Kind, parse_number
from loyalty_dsl.quantities import prefix_of
from loyalty_dsl.report.chart_parts import PALETTE, PLAIN_AXIS, SHORT_NUMBER, Spec, layered, wider
from loyalty_dsl.report.wording import one_line

ROW = 46
"""Pixels of a number of a tornado, with its gap."""
ROOM = 0.42
"""Of the width of all bars, so much is left on either side for what is printed at their ends."""


def tornado_chart(sweep: Sweep, place: int) -> Spec:
    """What each number does to an outcome, the largest swing on top: from its low to its high value, with
    both values and both outcomes printed."""
    outcome, swings = sweep.outcomes[place], sweep.swings(place)
    base = float(sweep.base.figures[place].value)
    rows = [row for swing in swings for row in _ends(outcome, swing, base)]
    values = [base, *(row["value"] for row in rows)]
    room = (max(values) - min(values) or abs(base) or 1) * ROOM
    names = [swing.varied.path.path for swing in swings]
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": names,
        "axis": {"title": None, "labelLimit": 250, "labelPadding": 10, "labelFontSize": 13},
    }
    x = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [min(values) - room, max(values) + room], "zero": False, "nice": False},
    }
    bars = {
        "mark": {"type": "bar", "height": 20, "cornerRadius": 1.5},
        "encoding": {
            "y": y,
            "x": {"field": "base", **x},
            "x2": {"field": "value"},
            "color": {
                "field": "end",
                "type": "nominal",
                "scale": {"domain": ["low", "high"], "range": [PALETTE["out"], PALETTE["main"]]},
                "legend": {
                    "title": None,
                    "orient": "top",
                    "direction": "horizontal",
                    "labelExpr": "datum.label == 'low' ? 'its low value' : 'its high value'",
                },
            },
        },
    }
    middle = {
        "data": {"values": [{"base": base}]},
        "mark": {"type": "rule", "color": PALETTE["strong"], "strokeWidth": 1.2},
        "encoding": {"x": {"field": "base", **x}},
    }
    labels = [_labels(rows, side, x, y) for side in ("left", "right")]
    spec = layered(
        [bars, middle, *labels],
        rows,
        height=ROW * len(swings) + 50,
        left=wider(max(map(len, names))),
        right=14,
    )
    spec["config"]["scale"] = {"bandPaddingInner": 0.4, "bandPaddingOuter": 0.25}
    return spec


def _labels(rows: Sequence[Spec], side: str, x: Spec, y: Spec) -> Spec:
    left = side == "left"
    return {
        "data": {"values": [row for row in rows if row["side"] == side]},
        "mark": {
            "type": "text",
            "align": "right" if left else "left",
            "dx": -7 if left else 7,
            "fontSize": 12,
            "color": PALETTE["strong"],
        },
        "encoding": {
            "y": y,
            "x": {"field": "at", **x},
            "text": {"field": "label", "type": "nominal"},
        },
    }


def _ends(outcome: Outcome, swing: Swing, base: float) -> list[Spec]:
    """The two bars of a number. A label stands beyond its own end; where both ends lie on one side of the
    base, that of the nearer one stands on the other side."""
    ends: list[Spec] = []
    for name, point in (("low", swing.low), ("high", swing.high)):
        value = float(point.figures[swing.outcome].value)
        label = f"{one_line(swing.varied.path.told(point.settings[0].value))}: {outcome.format(value)}"
        ends.append(
            {
                "name": swing.varied.path.path,
                "end": name,
                "base": base,
                "value": value,
                "at": value,
                "label": label,
                "side": "left" if value < base or (value == base and name == "low") else "right",
            }
        )
    low, high = ends
    if low["side"] == high["side"]:
        near = min(ends, key=lambda end: abs(end["value"] - base))
        near["side"] = "right" if near["side"] == "left" else "left"
        near["at"] = base
    # The longer bar of two on one side is drawn first, so that the shorter one is seen upon it.
    return sorted(ends, key=lambda end: -abs(end["value"] - base))


def line_chart(sweep: Sweep, place: int) -> Spec | None:
    """An outcome over the values of one number, each with the noise of its difference from the base; `None`
    where several numbers vary or the values are no numbers."""
    if len(sweep.varied) != 1:
        return None
    written = [parse_number(point.settings[0].value) for point in sweep.points]
    if any(one is None or one.rest for one in written):
        return None
    outcome, path = sweep.outcomes[place], sweep.varied[0].path
    rows: list[Spec] = []
    for one, point in zip(written, sweep.points, strict=True):
        figure = point.figures[place]
        noise = figure.difference_noise or 0
        rows.append(
            {
                "at": float(one.value) if one is not None else 0.0,
                "value": float(figure.value),
                "low": float(figure.value) - noise,
                "high": float(figure.value) + noise,
                "label": outcome.format(figure.value),
            }
        )
    base = {"at": float(path.value), "value": float(sweep.base.figures[place].value)}
    x = {
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {
            "title": path.path,
            "values": [row["at"] for row in rows],
            "format": ".1~%" if path.kind is Kind.PERCENT else ",~f",
            "labelPadding": 10,
        },
    }
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": axis_of(outcome)}
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "color": PALETTE["main"], "strokeWidth": 2},
            "encoding": {"x": {"field": "at", **x}, "y": {"field": "value", **y}},
        },
        {
            "mark": {"type": "rule", "color": PALETTE["main"], "strokeWidth": 1.5},
            "encoding": {"x": {"field": "at", **x}, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": PALETTE["main"]},
            "encoding": {"x": {"field": "at", **x}, "y": {"field": "value", **y}},
        },
        {
            "data": {"values": [base]},
            "mark": {"type": "point", "size": 140, "strokeWidth": 2, "color": PALETTE["out"]},
            "encoding": {"x": {"field": "at", **x}, "y": {"field": "value", **y}},
        },
    ]
    return layered(layers, rows)


def axis_of(outcome: Outcome) -> Spec:
    """An axis in the outcome's unit."""
    if outcome.in_money or outcome.kind.unit is Unit.MONEY:
        prefix = prefix_of(outcome.money)
        return {"title": None, "tickCount": 5, "labelExpr": f"'{prefix}' + {SHORT_NUMBER}"}
    if outcome.kind.unit is Unit.SHARE:
        return {"title": None, "tickCount": 5, "format": ".1%"}
    return PLAIN_AXIS
