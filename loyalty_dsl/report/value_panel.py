"""The section on what a program is worth: net value by how much more members buy, and what it is made of.

Invariant: a panel as of `panel_parts`; without a margin it has no figure of profit and no chart.
"""

from collections.abc import Iterator
from fractions import Fraction

from loyalty_dsl.forecast.figures import Forecast
from loyalty_dsl.forecast.value import Flows, ProgramValue
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.report.chart_parts import PALETTE, Spec, layered, money_axis
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.value_wording import (
    HIGH,
    LOW,
    RANGE,
    STUDIES,
    anyway_text,
    basis_text,
    faces_text,
    no_margin,
    value_title,
)
from loyalty_dsl.report.wording import money_text, noise_text, percent_text, points_of_percent

POINTS = 25
LEAST_WIDE = Fraction(1, 10)


def value_panels(forecast: Forecast) -> Iterator[Panel]:
    """The section; where no profit is known, one that says which clause is missing."""
    value = forecast.value
    if value is None:
        add = (forecast.no_value or no_margin(forecast))[1]
        reading = (
            f"{add[0].upper()}{add[1:]}, with your own figure: what is left of sales when the goods are paid."
        )
        yield Panel("value", "value", value_title(forecast), reading, None, Table(("Figure", "Value"), ()))
        return
    yield Panel(
        name="value",
        kind="value",
        title=value_title(forecast),
        subtitle=f"Net value {basis_text(value)}",
        reading=(
            "Net value by how much more members buy because of the program; where the line crosses zero, it "
            f"pays. The band is what {RANGE}. {anyway_text(value)} {faces_text(forecast)}"
            "Without the program customers are the same, with the same luck; what is owed at the end counts."
        ),
        chart=lift_chart(value, forecast),
        table=Table(("Figure", *_columns(value)), tuple(_rows(value, forecast))),
    )


def _columns(value: ProgramValue) -> tuple[str, ...]:
    amounts = ("As it comes",) if value.today is None else ("As it comes", "On the first day")
    return (*amounts, *(("Simulation noise",) if value.noise is not None else ()))


def _rows(value: ProgramValue, forecast: Forecast) -> Iterator[tuple[str, ...]]:
    money, noise, margin = forecast.program.money, value.noise, value.margin
    sides = [value.plain] if value.today is None else [value.plain, value.today]

    def row(name: str, amounts: list[Fraction], width: float | None) -> tuple[str, ...]:
        told = [money_text(float(amount), money) for amount in amounts]
        if noise is None:
            return (name, *told)
        return (name, *told, "" if width is None else noise_text(width, float(amounts[-1]), money))

    def each(of: str) -> list[Fraction]:
        return [getattr(one, of) for one in sides]

    lifts = [one.break_even(margin) for one in sides]
    shown = ["none pays" if lift is None else percent_text(lift, 2) for lift in lifts]
    width = "" if noise is None or noise.break_even is None else points_of_percent(noise.break_even)
    yield ("Break-even lift", *shown, *([width] if noise is not None else []))
    yield row("Spend with the program", each("spend"), None if noise is None else noise.spend)
    yield row("Spend without it", each("without"), None)
    yield row("Incremental spend", each("incremental"), None if noise is None else noise.incremental)
    gained = [one.gained(margin) for one in sides]
    yield row("Margin on it", gained, None if noise is None else noise.gained)
    yield row("Reward cost", each("rewards"), None if noise is None else noise.rewards)
    yield row("of it on purchases that happen anyway", [_anyway(one) for one in sides], None)
    for name, of in (("Paid by members beside points", "paid"), ("From partners, net", "settled")):
        if any(each(of)):
            yield row(name, each(of), None)
    yield row("Running the program", each("running"), None)
    yield row("Change in liability", each("owed"), None if noise is None else noise.owed)
    yield row("Net value", [one.net(margin) for one in sides], None if noise is None else noise.net)
    for study in STUDIES:
        size = (
            "no size"
            if study.high is None
            else f"{percent_text(study.low or 0, 0)} to {percent_text(study.high, 0)}"
        )
        blanks = [""] * (len(_columns(value)) - 1)
        yield (f"Lift by {study.who}: {study.found}", f"{size} ({study.grade})", *blanks)


def _anyway(flows: Flows) -> Fraction:
    return min(flows.anyway, flows.rewards)


def net_at(value: ProgramValue, lift: Fraction) -> Fraction:
    """The net value, in minor units, if members bought so much more than without the program."""
    flows, margin = value.flows, value.margin
    each = (flows.rewards + flows.owed - flows.taken_in) / flows.spend if flows.spend > 0 else Fraction(0)
    return margin * lift * flows.without - each * (1 + lift) * flows.without - flows.running


def lift_chart(value: ProgramValue, forecast: Forecast) -> Spec:
    """Net value by lift: a line, the range that studies suggest, and the lift at which it crosses zero."""
    unit = 10 ** MINOR_DIGITS[forecast.program.money]
    even = value.break_even
    widest = max(LEAST_WIDE, HIGH, 2 * even if even is not None and even < 1 else Fraction(0))
    rows = [
        {"lift": float(widest * i / POINTS), "net": float(net_at(value, widest * i / POINTS) / unit)}
        for i in range(POINTS + 1)
    ]
    x = {
        "field": "lift",
        "type": "quantitative",
        "scale": {"domain": [0, float(widest)], "nice": False},
        "axis": {"title": "more bought because of the program", "format": ".0%", "tickCount": 6},
    }
    axis = money_axis(forecast)
    signed = axis["labelExpr"].replace("datum.value", "abs(datum.value)")
    axis["labelExpr"] = f"(datum.value < 0 ? '-' : '') + {signed}"
    y = {"field": "net", "type": "quantitative", "axis": axis}
    low, high = min(row["net"] for row in rows), max(row["net"] for row in rows)
    layers: list[Spec] = [
        {
            "data": {"values": [{"lift": float(LOW), "end": float(HIGH), "net": low, "top": max(high, 0)}]},
            "mark": {"type": "rect", "color": PALETTE["grid"], "opacity": 0.6},
            "encoding": {"x": x, "x2": {"field": "end"}, "y": y, "y2": {"field": "top"}},
        },
        {
            "data": {"values": [{"net": 0}]},
            "mark": {"type": "rule", "color": PALETTE["lost"], "strokeWidth": 1},
            "encoding": {"y": y},
        },
        {
            "mark": {"type": "line", "color": PALETTE["main"], "strokeWidth": 2.5},
            "encoding": {"x": x, "y": y},
        },
    ]
    if even is not None and even <= widest:
        at = {
            "data": {"values": [{"lift": float(even), "net": 0, "label": f"pays from {percent_text(even)}"}]}
        }
        layers += [
            at
            | {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "color": PALETTE["edge"]},
                "encoding": {"x": x, "y": y},
            },
            at
            | {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 10,
                    "dy": 14,
                    "fontSize": 13,
                    "fontWeight": "bold",
                    "color": PALETTE["strong"],
                },
                "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
            },
        ]
    return layered(layers, rows, right=20)
