"""Estimates from a triangle as one page: the answer, the methods as dots with intervals, what came of each
month's issue, and what the figures rest on.

Invariant: a page of `page_parts`; titles are computed from the figures that their charts show.
"""

from typing import Any

from loyalty_dsl.report.chart_parts import BAR, PALETTE, PLAIN_AXIS, layered, unlike
from loyalty_dsl.report.page_parts import escape, panel_html, tiles, whole_page
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.valuation_figures import EstimateFigures, headline_of
from loyalty_dsl.report.valuation_terminal import LEVEL, headings, row_of
from loyalty_dsl.report.wording import money_text
from loyalty_dsl.valuation.cautions import run_off_text, shortcut_text


def estimate_page(figures: EstimateFigures) -> str:
    """The whole page, in UTF-8's characters; the same for the same figures."""
    parts = [
        _header(figures),
        _figures(figures),
        _warnings(figures),
        panel_html(_methods(figures)),
        panel_html(_vintages(figures)),
        _made_by(figures),
    ]
    return whole_page(f"{figures.name}: points still to be redeemed", parts)


def _header(figures: EstimateFigures) -> str:
    found = figures.estimates
    span = f"{found.triangle.name_of(0)} to {found.triangle.name_of(len(found.triangle.rows) - 1)}"
    return (
        f'<header>\n<p class="eyebrow">Points liability from a triangle · {escape(figures.name)}</p>\n'
        f"<h1>{escape(headline_of(figures))}</h1>\n"
        f'<p class="meta">Issue of {escape(span)} · valued at the end of the last month · '
        "<em>going concern</em></p>\n</header>"
    )


def _figures(figures: EstimateFigures) -> str:
    found, one = figures.estimates, figures.estimates.headline
    owed = figures.worth(one.total_future)
    shown = []
    if owed is not None:
        shown.append(("Liability at cost", money_text(owed, figures.money), f"quoted: {one.label}"))
    shown.append(("Still to be redeemed", f"{one.total_future:,.0f}", f"quoted: {one.label}"))
    if one.urr is not None:
        shown.append(
            ("Ultimate redemption rate", f"{one.urr:.1%}", "redeemed sooner or later, of all issued")
        )
    if one.phi is not None:
        shown.append(("phi", f"{one.phi:.1%}", "of what is outstanding will be redeemed"))
    text = " ".join(filter(None, (found.why, run_off_text(), shortcut_text(found))))
    basis = f'<p class="basis">{escape(text)}</p>'
    return f'<section aria-label="Headline figures">\n{tiles(shown)}{basis}\n</section>'


def _warnings(figures: EstimateFigures) -> str:
    if not figures.cautions:
        return ""
    items = "".join(f"<li>{escape(one.message)}</li>" for one in figures.cautions)
    title = "Before you quote a figure"
    return f'<aside class="notices" aria-label="Warnings"><h2>{title}</h2><ul>{items}</ul></aside>'


def _methods(figures: EstimateFigures) -> Panel:
    found = figures.estimates
    futures = [one.total_future for one in found.methods]
    title = f"The quoted method expects {found.headline.total_future:,.0f} points still to come"
    if len(futures) > 1:
        title = (
            f"{len(futures)} methods expect between {min(futures):,.0f} and {max(futures):,.0f} points "
            "still to come"
        )
    intervals = "; ".join(
        dict.fromkeys(f"{one.label}: {one.error_says}" for one in found.methods if one.error_says)
    )
    reading = (
        f"A dot is what a method expects to be redeemed after the valuation, a line its {LEVEL:.0%} "
        f"interval; the filled dot is quoted. What the intervals cover: {intervals}."
    )
    rows = tuple(row_of(figures, one) for one in found.methods)
    return Panel("methods", "estimators", title, reading, _dots(figures), Table(headings(figures), rows))


def _dots(figures: EstimateFigures) -> dict[str, Any]:
    found = figures.estimates
    rows = []
    for one in found.methods:
        bounds = one.interval(LEVEL) or (one.total_future, one.total_future)
        rows.append(
            {
                "name": one.label,
                "value": one.total_future,
                "low": bounds[0],
                "high": bounds[1],
                "quoted": one is found.headline,
                "label": f"{one.total_future:,.0f}",
            }
        )
    y = {
        "field": "name",
        "type": "ordinal",
        "sort": [row["name"] for row in rows],
        "axis": {"title": None, "labelLimit": 250, "labelPadding": 10},
    }
    x: dict[str, Any] = {"type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": PLAIN_AXIS}
    ends = {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": y}
    dot = {"x": {"field": "value", **x}, "y": y}
    fill = {
        "condition": {"test": "datum.quoted", "value": PALETTE["main"]},
        "value": "white",
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


def _vintages(figures: EstimateFigures) -> Panel:
    found, one = figures.estimates, figures.estimates.headline
    triangle = found.triangle
    months = range(len(triangle.rows))
    names = unlike([triangle.name_of(row) for row in months])
    last = sum(one.future[-12:]) / one.total_future if one.total_future > 0 else 0.0
    title = f"{last:.0%} of what is to come is of the last {min(12, len(names))} months' issue"
    reading = (
        "Each bar is one month's issue: what was redeemed of it up to the valuation, and what the quoted "
        "method expects of it after that" + ("; the rest of the issue breaks." if found.issued else ".")
    )
    header = ("Issued in", *(["Issued"] if found.issued else []), "Redeemed", "To come", "Ultimate")
    if found.issued:
        header = (*header, "URR")
    table = []
    for row in months:
        issued = None if found.issued is None else found.issued[row]
        cells = [names[row], *([] if issued is None else [f"{issued:,.0f}"])]
        cells += [f"{units:,.0f}" for units in (triangle.latest[row], one.future[row], one.ultimate[row])]
        if issued is not None:
            cells.append(f"{one.ultimate[row] / issued:.1%}" if issued else "-")
        table.append(tuple(cells))
    return Panel("vintages", "vintages", title, reading, _bars(figures, names), Table(header, tuple(table)))


def _bars(figures: EstimateFigures, names: list[str]) -> dict[str, Any]:
    found, one = figures.estimates, figures.estimates.headline
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
        "sort": names,
        "axis": {"title": None, "values": names[::step], "labelAngle": 0},
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


def _made_by(figures: EstimateFigures) -> str:
    inputs = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(digest)}</code></dd>" for name, digest in figures.inputs
    )
    return (
        "<footer><h2>Reproduce this</h2>\n"
        f"<pre><code>{escape(figures.command)}</code></pre>\n"
        f'<dl class="facts"><dt>Version</dt><dd>loyalty-dsl {escape(figures.version)}</dd>{inputs}</dl>\n'
        "<p>The hashes are SHA-256 of the files.</p></footer>"
    )
