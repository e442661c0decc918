"""The charts of a comparison: who gains and loses, the difference over months, who ends at which level.

Invariants: as in `charts`: no title, data inline, no text of a user in an expression; colours split at zero.
"""

from collections.abc import Sequence

from loyalty_dsl.calendar import format_day
from loyalty_dsl.forecast.compared import Bin, Comparison, Figure, Matrix
from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.quantities import MINOR_DIGITS, prefix_of
from loyalty_dsl.report.chart_parts import (
    HEIGHT,
    PALETTE,
    PLAIN_AXIS,
    Spec,
    end_marks,
    layered,
    time_axis,
    unlike,
    wider,
)
from loyalty_dsl.report.comparison_headlines import bin_text
from loyalty_dsl.report.comparison_terminal import signed_money
from loyalty_dsl.report.wording import MINUS, one_line, percent_text

_IN_TWO_LINES = "split(replace(datum.label, ' to ', '|to '), '|')"
CELL = 46
FEW = 0.02
"""Of all who gain or lose, so many may be in the bins that are merged about zero."""


def spread_chart(comparison: Comparison) -> Spec | None:
    """Members by what they lose, to the left, and gain, to the right, in bins; those of whom nothing changes
    are left out. `None` where nothing changes for anybody."""
    money = comparison.new.program.money
    bins = merged_bins([one for one in comparison.spread if one.most != 0])
    if not any(one.members for one in bins):
        return None
    names = [f"{'+' if one.gains else MINUS}{bin_text(one, money)}" for one in bins]
    rows: list[Spec] = [
        {"bin": name, "members": one.members, "side": "gain" if one.gains else "lose"}
        for name, one in zip(names, bins, strict=True)
    ]
    x = {
        "field": "bin",
        "type": "ordinal",
        "sort": names,
        "axis": {
            "title": f"what a member receives more (+) or less ({MINUS})",
            "labelAngle": 0,
            "labelExpr": _IN_TWO_LINES,
            "labelLimit": 90,
            "titlePadding": 12,
        },
    }
    y = {"field": "members", "type": "quantitative", "axis": PLAIN_AXIS | {"title": "members"}}
    bars = {
        "mark": {"type": "bar", "cornerRadiusEnd": 1.5},
        "encoding": {
            "x": x,
            "y": y,
            "color": {
                "field": "side",
                "type": "nominal",
                "scale": {"domain": ["lose", "gain"], "range": [PALETTE["out"], PALETTE["main"]]},
                "legend": {"title": None, "orient": "top"},
            },
        },
    }
    spec = layered([bars], rows, height=HEIGHT + 80)
    spec["config"]["scale"] = {"bandPaddingInner": 0.12, "bandPaddingOuter": 0.1}
    return spec


def merged_bins(bins: Sequence[Bin]) -> list[Bin]:
    """Bins of which those next to nothing, which few members are in, are one bin on either side."""
    changed = sum(one.members for one in bins)
    edges = sorted({one.most for one in bins if one.most is not None})
    small = [
        edge
        for edge in edges
        if sum(one.members for one in bins if one.most is not None and one.most <= edge) <= FEW * changed
    ]
    if not small:
        return list(bins)
    edge = small[-1]
    inner = [one for one in bins if one.most is not None and one.most <= edge]
    outer = [one for one in bins if one not in inner]
    sides = [
        Bin(0, edge, gains, sum(one.members for one in inner if one.gains is gains))
        for gains in (False, True)
    ]
    return [one for one in outer if not one.gains] + sides + [one for one in outer if one.gains]


def difference_chart(figures: Sequence[Figure], comparison: Comparison) -> Spec:
    """A difference in money at each month's end, with the band of its paired noise, around zero."""
    forecast = comparison.new
    unit = 10 ** MINOR_DIGITS[forecast.program.money]
    rows: list[Spec] = [
        {
            "day": format_day(month.last),
            "value": figure.difference / unit,
            "low": (figure.difference - figure.noise) / unit,
            "high": (figure.difference + figure.noise) / unit,
        }
        for month, figure in zip(forecast.months, figures, strict=True)
    ]
    last = [rows[-1] | {"label": signed_money(figures[-1].difference, forecast.program.money)}]
    x = time_axis("day", forecast)
    y = {"type": "quantitative", "axis": _signed_axis(forecast), "scale": {"zero": True}}
    layers: list[Spec] = [
        {
            "mark": {"type": "area", "color": PALETTE["main"], "opacity": 0.22},
            "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": PALETTE["strong"], "strokeWidth": 1},
            "encoding": {"y": {"field": "zero", **y}},
        },
        {
            "mark": {"type": "line", "color": PALETTE["main"], "strokeWidth": 2.2, "strokeJoin": "round"},
            "encoding": {"x": x, "y": {"field": "value", **y}},
        },
        *end_marks(last, x, {"field": "value", **y}, "main"),
    ]
    return layered(layers, rows, right=22 + 8 * len(last[0]["label"]))


def _signed_axis(forecast: Forecast) -> Spec:
    """An axis of money that has amounts below zero."""
    prefix = prefix_of(forecast.program.money)
    size = "replace(format(abs(datum.value), '~s'), 'G', 'B')"
    return {
        "title": None,
        "tickCount": 5,
        "labelExpr": f"(datum.value < 0 ? '{MINUS}' : '') + '{prefix}' + {size}",
    }


def matrix_chart(matrix: Matrix) -> Spec:
    """Of those at each level under the old version, the share that ends at each level under the new one."""
    old, new = (unlike([one_line(name) for name in names]) for names in (matrix.old, matrix.new))
    rows: list[Spec] = []
    for was, counts in zip(old, matrix.members, strict=True):
        whole = sum(counts)
        for now, count in zip(new, counts, strict=True):
            share = count / whole if whole else 0.0
            shown = "" if not count else percent_text(share, 1 if share > 0.0005 else 2)
            rows.append({"old": was, "new": now, "share": share, "label": shown})
    x = {
        "field": "new",
        "type": "ordinal",
        "sort": new,
        "axis": {"title": "under the new version", "orient": "top", "labelAngle": 0, "grid": False},
    }
    y = {
        "field": "old",
        "type": "ordinal",
        "sort": old,
        "axis": {"title": "under the old version", "grid": False, "labelLimit": 200},
    }
    cells = {
        "mark": {"type": "rect", "color": PALETTE["main"], "cornerRadius": 2},
        "encoding": {
            "x": x,
            "y": y,
            "opacity": {
                "field": "share",
                "type": "quantitative",
                "legend": None,
                "scale": {"domain": [0, 1], "range": [0.05, 0.5]},
            },
        },
    }
    labels = {
        "mark": {"type": "text", "fontSize": 13, "color": PALETTE["strong"]},
        "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
    }
    spec = layered([cells, labels], rows, height=CELL * len(old) + 60, left=wider(max(map(len, old))))
    spec["config"]["scale"] = {"bandPaddingInner": 0.06, "bandPaddingOuter": 0.02}
    return spec
