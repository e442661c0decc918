"""Charts of what became of units, of levels, rules and rewards; see `charts` for the invariants."""

from collections.abc import Sequence

from loyalty_dsl.calendar import MONTH_NAMES
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, Month
from loyalty_dsl.forecast.status import LadderForecast, NearMissForecast
from loyalty_dsl.forecast.triangles import QUARTER, Vintage, label_of_days
from loyalty_dsl.report.chart_parts import (
    HEIGHT,
    PALETTE,
    PLAIN_AXIS,
    Spec,
    flat_bars,
    layered,
    stacked_areas,
    unlike,
    wider,
)
from loyalty_dsl.report.wording import one_line, percent_text

FATES = (
    ("redeemed", "Redeemed", "main"),
    ("expired", "Expired", "lost"),
    ("reversed", "Reversed", "series-5"),
    ("outstanding", "Still held", "series-2"),
)
"""What becomes of units: the attribute of a vintage, its name and its colour."""

OFTEN = 2
"""From so many moves in a year for each member at a level, a percentage would be misread."""

HELD_AT_START = " Of what was issued before the first month only that counts which was held at the start."
"""Of tables by month of issue where members begin with what they hold."""

LEVEL_ROW = 46
"""Pixels of a row of the matrix of moves."""


def vintage_chart(one: CurrencyForecast, forecast: Forecast) -> Spec:
    """Where what was issued stands on the last day, by month or quarter of issue, each bar a whole."""
    vintages = [vintage for vintage in one.triangle.vintages() if vintage.issued]
    fates = shown_fates(one)
    rows = []
    for vintage in vintages:
        base = 0.0
        for order, (field, name, _) in enumerate(fates):
            top = base + getattr(vintage, field) / vintage.issued
            rows.append(
                {
                    "issue": vintage_text(vintage, forecast.months),
                    "fate": name,
                    "order": order,
                    "low": round(base, 6),
                    "high": round(top, 6),
                }
            )
            base = top
    names = [vintage_text(vintage, forecast.months) for vintage in vintages]
    step = -(-len(names) // 8)
    x = {
        "field": "issue",
        "type": "ordinal",
        "sort": names,
        "axis": {"title": None, "labelAngle": 0, "values": names[::step], "labelPadding": 8},
    }
    y = {
        "type": "quantitative",
        "axis": {"title": None, "format": ".0%", "tickCount": 5},
        "scale": {"domain": [0, 1]},
    }
    bars = {
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": {"field": "low", **y},
            "y2": {"field": "high"},
            "color": {
                "field": "fate",
                "type": "nominal",
                "scale": {
                    "domain": [name for _, name, _ in fates],
                    "range": [PALETTE[role] for _, _, role in fates],
                },
                "legend": {"title": None, "orient": "top", "symbolType": "square", "offset": 6},
            },
        },
    }
    spec = layered([bars], rows, height=HEIGHT, left=14)
    spec["config"]["scale"] = {"bandPaddingInner": 0.16, "bandPaddingOuter": 0.1}
    return spec


def shown_fates(one: CurrencyForecast) -> tuple[tuple[str, str, str], ...]:
    """The fates that a currency's units can have: reversed only where anything was."""
    return tuple(fate for fate in FATES if fate[0] != "reversed" or one.fate.reversed)


def vintage_text(vintage: Vintage, months: Sequence[Month]) -> str:
    """The months of issue: `Jan 2027`, or `Jan-Mar 2027` of a quarter; of what was held at the start also
    `2026`, or `Jan 2027 before` where the month goes on."""
    if vintage.days is not None:
        label = label_of_days(*vintage.days)
        if len(label) == 4:
            return label
        goes_on = label == months[0].label
        return f"{MONTH_NAMES[int(label[5:]) - 1][:3]} {label[:4]}{' before' if goes_on else ''}"
    first, last = months[vintage.first].label, months[vintage.end - 1].label

    def name(label: str) -> str:
        return MONTH_NAMES[int(label[5:]) - 1][:3]

    if vintage.end - vintage.first < QUARTER and first == last:
        return f"{name(first)} {first[:4]}"
    return f"{name(first)}-{name(last)} {last[:4]}"


def tier_mix_chart(one: LadderForecast, forecast: Forecast, used: Sequence[int]) -> Spec:
    """Members by level at each month's end, one upon the other; of the levels `used`, by index."""
    names = unlike([one_line(one.ladder.levels[i].label) for i in used])
    return stacked_areas(names, tuple(one.held[i] for i in used), forecast, PLAIN_AXIS)


def often_left(one: LadderForecast) -> bool:
    """Whether some moves are written as multiples."""
    return any((rate or 0) >= OFTEN for row in one.yearly for rate in row)


def tier_moves_chart(one: LadderForecast, used: Sequence[int]) -> Spec:
    """A matrix: of the members at a level, how many in a hundred go to another in a year; of the levels
    `used`, by index."""
    names = unlike([one_line(one.ladder.levels[i].label) for i in used])
    rows = []
    for row, before in enumerate(used):
        for column, after in enumerate(used):
            rate = None if before == after else one.yearly[before][after]
            label = percent_text(rate) if rate else ""
            rows.append(
                {
                    "before": names[row],
                    "after": names[column],
                    "share": min(float(rate or 0), 1.0),
                    "label": label if (rate or 0) < OFTEN else f"{float(rate or 0):.1f}x",
                }
            )
    axis = {"title": None, "labelAngle": 0, "labelLimit": 150, "grid": False}
    x = {"field": "after", "type": "ordinal", "sort": names, "axis": axis | {"orient": "top"}}
    y = {"field": "before", "type": "ordinal", "sort": names, "axis": axis | {"labelPadding": 12}}
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
    left = wider(max(len(name) for name in names))
    spec = layered([cells, labels], rows, height=LEVEL_ROW * len(names) + 34, left=left)
    spec["config"]["scale"] = {"bandPaddingInner": 0.06, "bandPaddingOuter": 0}
    return spec


def near_miss_chart(misses: Sequence[tuple[str, NearMissForecast, int, str]]) -> Spec:
    """Members just short of each number that levels ask for.

    Args:
        misses: name, figures, members just short, and their label.
    """
    names = unlike([name for name, *_ in misses])
    rows = [
        {"name": name, "value": near, "label": label}
        for name, (_, _, near, label) in zip(names, misses, strict=True)
    ]
    return flat_bars(rows, "series-2")


def bars_chart(rows: Sequence[tuple[str, float, str, bool]], role: str = "main") -> Spec:
    """Bars of (name, value, label, whether it is marked)."""
    names = unlike([name for name, *_ in rows])
    return flat_bars(
        [
            {"name": name, "value": value, "label": label, "flag": flag}
            for name, (_, value, label, flag) in zip(names, rows, strict=True)
        ],
        role,
    )
