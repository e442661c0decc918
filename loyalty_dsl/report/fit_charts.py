"""The charts of a calibration: what was, in grey, and what the model expects, in the main colour.

Invariant: pure functions of the calibration; no text of a user is in a chart.
"""

from loyalty_dsl.calendar import format_day
from loyalty_dsl.calibration.backtest import MOST_SHOWN, Weeks
from loyalty_dsl.calibration.calibrating import Calibration
from loyalty_dsl.report.chart_parts import PALETTE, PLAIN_AXIS, Spec, layered

ACTUAL, MODEL = "Data", "Model"
MOST_WEEKS_LABELLED = 7
ABOVE = 1.2
"""How much higher than its lines a chart is, for a word above them."""


def _key(values: list[str], colours: list[str]) -> Spec:
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": values, "range": colours},
        "legend": {"title": None, "orient": "top", "direction": "horizontal"},
    }


def tracking_chart(calibration: Calibration) -> Spec:
    """Purchase days by week, with the day after which the model saw nothing."""
    holdout = calibration.holdout
    origin = calibration.until if holdout is None else holdout.origin
    before = [i for i, day in enumerate(calibration.tracking.last) if day <= origin]
    rows = _weekly(calibration.tracking, before)
    if holdout is not None:
        rows += _weekly(holdout, list(range(len(holdout.last))))
    days = sorted({row["day"] for row in rows})
    step = max(1, -(-len(days) // MOST_WEEKS_LABELLED))
    x = {
        "field": "day",
        "type": "temporal",
        "scale": {"type": "utc", "nice": False},
        "axis": {"format": "%d %b %Y", "title": None, "values": days[::-1][::step][::-1]}
        | {"labelPadding": 10},
    }
    top = ABOVE * max(row["value"] for row in rows)
    scale = {"zero": True} if holdout is None else {"zero": True, "domainMax": top}
    y = {"field": "value", "type": "quantitative", "axis": PLAIN_AXIS, "scale": scale}
    colour = _key([ACTUAL, MODEL], [PALETTE["lost"], PALETTE["main"]])
    layers: list[Spec] = [
        {"mark": {"type": "line", "strokeWidth": 2.2}, "encoding": {"x": x, "y": y, "color": colour}},
    ]
    if holdout is not None:
        mark = {"data": {"values": [{"day": format_day(origin), "word": "not seen by the model →"}]}}
        rule = {"type": "rule", "color": PALETTE["edge"], "strokeDash": [5, 4]}
        text = {"type": "text", "align": "left", "dx": 7, "y": 8, "fontSize": 12, "color": PALETTE["edge"]}
        layers.append(mark | {"mark": rule, "encoding": {"x": x}})
        layers.append(
            mark | {"mark": text, "encoding": {"x": x, "text": {"field": "word", "type": "nominal"}}}
        )
    return layered(layers, rows, right=44)


def _weekly(weeks: Weeks, chosen: list[int]) -> list[Spec]:
    rows = []
    for i in chosen:
        day = format_day(int(weeks.last[i]))
        rows.append({"day": day, "series": ACTUAL, "value": float(weeks.actual[i])})
        rows.append({"day": day, "series": MODEL, "value": float(weeks.forecast[i])})
    return rows


def class_name(repeats: int) -> str:
    """A class of members by repeat purchases; the last is open."""
    return f"{repeats}+" if repeats == MOST_SHOWN else str(repeats)


def conditional_chart(calibration: Calibration) -> Spec:
    """Mean purchases in the holdout by repeat purchases before it."""
    rows = []
    for one in calibration.conditional:
        name = class_name(one.repeats)
        rows.append({"class": name, "series": ACTUAL, "value": one.actual})
        rows.append({"class": name, "series": MODEL, "value": one.expected})
    return _pairs(rows, "repeat purchases before", line=True)


def histogram_chart(calibration: Calibration) -> Spec:
    """Members by repeat purchases in the calibration."""
    rows = []
    for x, (actual, expected) in enumerate(zip(*calibration.histogram, strict=True)):
        rows.append({"class": class_name(x), "series": ACTUAL, "value": int(actual)})
        rows.append({"class": class_name(x), "series": MODEL, "value": float(expected)})
    return _pairs(rows, "repeat purchases", line=False)


def _pairs(rows: list[Spec], title: str, *, line: bool) -> Spec:
    """Two series over classes in the order given: as dots on lines, or as bars side by side."""
    order = list(dict.fromkeys(row["class"] for row in rows))
    axis = {"title": title, "labelAngle": 0, "labelPadding": 8}
    x = {"field": "class", "type": "ordinal", "sort": order, "axis": axis}
    y = {"field": "value", "type": "quantitative", "axis": PLAIN_AXIS, "scale": {"zero": True}}
    colour = _key([ACTUAL, MODEL], [PALETTE["lost"], PALETTE["main"]])
    if line:
        mark: Spec = {"type": "line", "strokeWidth": 2.2, "point": {"size": 56, "filled": True}}
        return layered([{"mark": mark, "encoding": {"x": x, "y": y, "color": colour}}], rows)
    beside = {"field": "series", "type": "nominal", "sort": [ACTUAL, MODEL]}
    bars = {"x": x, "y": y, "color": colour, "xOffset": beside}
    return layered([{"mark": {"type": "bar", "cornerRadiusEnd": 1.5}, "encoding": bars}], rows)
