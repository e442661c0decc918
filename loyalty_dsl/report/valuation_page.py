"""Estimates from a triangle as one page: the answer, the methods as dots with intervals, what came of each
month's issue, and what the figures rest on.

Invariant: a page of `page_parts`; titles are computed from the figures that their charts show.
"""

from collections.abc import Sequence

from loyalty_dsl.report.chart_parts import unlike
from loyalty_dsl.report.page_parts import escape, panel_html, prose, table_html, tiles, whole_page
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.valuation_charts import dots_chart, vintage_chart
from loyalty_dsl.report.valuation_figures import EstimateFigures, headline_of
from loyalty_dsl.report.valuation_terminal import base_headings, base_rows, headings, row_of
from loyalty_dsl.report.wording import money_text
from loyalty_dsl.valuation.cautions import GOING_CONCERN, run_off_text, shortcut_text
from loyalty_dsl.valuation.estimates import LEVEL, Estimates

RECENT = 3
"""Months of issue that the title of their chart speaks of."""


def estimate_page(figures: EstimateFigures) -> str:
    """The whole page, in UTF-8's characters; the same for the same figures."""
    found = figures.estimates
    parts = [
        _header(figures),
        _figures(figures),
        notices([one.message for one in figures.cautions]),
        panel_html(methods_panel(found, headings(figures), [row_of(figures, one) for one in found.methods])),
        panel_html(_vintages(figures)),
        made_by(figures.command, figures.version, figures.inputs),
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
    if figures.young:
        most = figures.at_most
        owed = None if most is None else figures.worth(most)
        if owed is not None:
            shown.append(("Owed at most", money_text(owed, figures.money), "all points at full cost"))
        if most is not None:
            shown.append(("Outstanding", f"{most:,.0f}", "too young to tell what will be redeemed"))
        text = f'<p class="basis">{escape(GOING_CONCERN)}</p>'
        return f'<section aria-label="Headline figures">\n{tiles(shown)}{text}\n</section>'
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
    bases = table_html(Table(base_headings(figures), base_rows(figures)))
    return f'<section aria-label="Headline figures">\n{tiles(shown)}{bases}{basis}\n</section>'


def methods_panel(
    found: Estimates,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    scale: int = 1,
    name: str = "methods",
) -> Panel:
    """All methods as dots with their intervals.

    Args:
        header, rows: of the table, a row for each method.
        scale: smallest units in a display unit.
        name: unique on the page.
    """
    futures = [one.total_future / scale for one in found.methods]
    title = f"The quoted method expects {found.headline.total_future / scale:,.0f} points still to come"
    if len(futures) > 1:
        title = (
            f"{len(futures)} methods expect between {min(futures):,.0f} and {max(futures):,.0f} points "
            "still to come"
        )
    covered: dict[str, list[str]] = {}
    for one in found.methods:
        if one.error_says:
            covered.setdefault(one.error_says, []).append(one.label)
    intervals = "; ".join(f"{', '.join(labels)}: {says}" for says, labels in covered.items())
    reading = (
        f"A dot is what a method expects to be redeemed after the valuation, a line its {LEVEL:.0%} "
        f"interval; the filled dot is quoted. What the intervals cover: {intervals}."
    )
    table = Table(tuple(header), tuple(tuple(row) for row in rows))
    return Panel(name, "estimators", title, reading, dots_chart(found, scale), table)


def _vintages(figures: EstimateFigures) -> Panel:
    found, one = figures.estimates, figures.estimates.headline
    triangle = found.triangle
    months = range(len(triangle.rows))
    names = unlike([triangle.name_of(row) for row in months])
    last = sum(one.future[-RECENT:]) / one.total_future if one.total_future > 0 else 0.0
    title = f"{last:.0%} of what is to come is of the last {RECENT} months' issue"
    if len(names) <= RECENT:
        title = f"{one.total_future:,.0f} points are still to come, by month of issue"
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
    return Panel(
        "vintages", "vintages", title, reading, vintage_chart(found, names), Table(header, tuple(table))
    )


def made_by(command: str, version: str, inputs: Sequence[tuple[str, str]]) -> str:
    """The footer of a valuation's page: how to make it again."""
    files = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(digest)}</code></dd>" for name, digest in inputs
    )
    return (
        "<footer><h2>Reproduce this</h2>\n"
        f"<pre><code>{escape(command)}</code></pre>\n"
        f'<dl class="facts"><dt>Version</dt><dd>loyalty-dsl {escape(version)}</dd>{files}</dl>\n'
        "<p>The hashes are SHA-256 of the files.</p></footer>"
    )


def notices(messages: Sequence[str]) -> str:
    """What to know before quoting a figure; nothing without a message."""
    if not messages:
        return ""
    items = "".join(f"<li>{prose(message)}</li>" for message in messages)
    title = "Before you quote a figure"
    return f'<aside class="notices" aria-label="Warnings"><h2>{title}</h2><ul>{items}</ul></aside>'
