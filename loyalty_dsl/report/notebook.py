"""Results in a notebook: the answer, the headline figures, one chart and the warnings of a page.

Invariant: a piece of HTML that stands alone in any page: colours and sizes stand in its own elements, ids are
of its own figures, every text is escaped, and it is on white, whatever surrounds it. Nothing but this module
is loaded before a result is shown.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from loyalty_dsl.forecast.shown import RENDERERS

if TYPE_CHECKING:
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.decisions.sweeping import Sweep
    from loyalty_dsl.forecast.compared import Comparison
    from loyalty_dsl.forecast.figures import Forecast, Notice
    from loyalty_dsl.report.panel_parts import Panel

_BOX = (
    "max-width:760px;padding:16px 20px;border:1px solid #e3e6e9;background:#ffffff;color:#1f2328;"
    "font:14px/1.5 'Liberation Sans',Arial,Helvetica,sans-serif"
)
_SOFT = "color:#59636e;margin:4px 0"
_CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top;color:#1f2328;background:#ffffff"


def register() -> None:
    """Lets every result that this module knows be shown."""
    RENDERERS.update(
        {
            "Forecast": forecast_html,
            "Comparison": comparison_html,
            "Sweep": sweep_html,
            "StudyResult": study_html,
        }
    )


def forecast_html(forecast: "Forecast") -> str:
    """A forecast: what is owed, the headline figures and the liability by month."""
    from loyalty_dsl.report.headlines import headline
    from loyalty_dsl.report.panels import panels_of
    from loyalty_dsl.report.summary import summary_of
    from loyalty_dsl.report.wording import sample_text, span_text

    summary = summary_of(forecast)
    chart = next((panel for panel in panels_of(forecast) if panel.chart is not None), None)
    about = f"{forecast.population.name} · {span_text(forecast)} · {sample_text(forecast)}"
    words = [" ".join(sentences) for sentences in (summary.finance, summary.marketing) if sentences]
    return _box(headline(forecast), about, words, chart, forecast.notices)


def comparison_html(comparison: "Comparison") -> str:
    """A comparison: what it costs, who gains and who loses."""
    from loyalty_dsl.report.comparison_headlines import winners_title
    from loyalty_dsl.report.comparison_page import comparison_panels
    from loyalty_dsl.report.comparison_terminal import summary_line
    from loyalty_dsl.report.wording import sample_text, span_text

    new = comparison.new
    about = f"{new.population.name} · {span_text(new)} · {sample_text(new)}"
    chart = next((panel for panel in comparison_panels(comparison) if panel.chart is not None), None)
    words = [f"{winners_title(comparison)}."]
    return _box(summary_line(comparison), about, words, chart, comparison.notices)


def sweep_html(sweep: "Sweep") -> str:
    """A sweep: what moves its first outcome, and every point as a table."""
    from loyalty_dsl.report.sweep_page import sweep_panels
    from loyalty_dsl.report.sweep_terminal import noise_told
    from loyalty_dsl.report.wording import sample_text, span_text

    panels = sweep_panels(sweep)
    about = f"{sweep.forecast.population.name} · {span_text(sweep.forecast)} · {sample_text(sweep.forecast)}"
    tables = "".join(_table(panel.table.header, panel.table.rows) for panel in panels)
    first = panels[0]
    chart = first if first.chart is not None else None
    return _box(first.title, about, [noise_told(sweep)], chart, sweep.forecast.notices, tables)


def study_html(result: "StudyResult") -> str:
    """A study: its objective and every bound."""
    from loyalty_dsl.report.study_wording import gate_sentence, layer_sentence, verdict_word
    from loyalty_dsl.report.summary_study import study_title
    from loyalty_dsl.report.wording import sample_text, span_text

    forecast = result.run.forecast
    about = f"{forecast.population.name} · {span_text(forecast)} · {sample_text(forecast)}"
    rows = [
        (verdict_word(gate), gate.gate.text, f"{gate_sentence(gate)} {layer_sentence(gate)}".strip())
        for gate in result.gates
    ]
    table = _table(("", "Bound", ""), rows) if rows else ""
    return _box(study_title(result), about, [], None, forecast.notices, table)


def _box(  # noqa: PLR0917
    title: str,
    about: str,
    words: Sequence[str],
    chart: "Panel | None",
    notices: Sequence["Notice"],
    more: str = "",
) -> str:
    from loyalty_dsl.report.page_parts import escape, prose

    paragraphs = "".join(f'<p style="margin:8px 0">{prose(text)}</p>' for text in words)
    warned = "".join(f"<li>{prose(notice.message)}</li>" for notice in notices)
    aside = f'<ul style="{_SOFT};padding-left:18px">{warned}</ul>' if warned else ""
    return (
        f'<div style="{_BOX}"><p style="font-size:18px;margin:0 0 4px">{escape(title)}</p>'
        f'<p style="{_SOFT}">{escape(about)}</p>{paragraphs}{_picture(chart)}{more}{aside}</div>'
    )


def _picture(panel: "Panel | None") -> str:
    """The chart with its title; its ids are of what it shows, as other cells have pictures as well."""
    if panel is None or panel.chart is None:
        return ""
    from loyalty_dsl.report.chart_parts import PALETTE
    from loyalty_dsl.report.json_text import json_text
    from loyalty_dsl.report.page_parts import escape
    from loyalty_dsl.report.rendering import svg_of

    mark = sha256(json_text(panel.chart).encode()).hexdigest()[:12]
    colours = ";".join(f"--chart-{role}:{colour}" for role, colour in PALETTE.items())
    return (
        f'<p style="margin:12px 0 0;font-weight:bold">{escape(panel.title)}</p>'
        f'<div style="{colours}">{svg_of(panel.chart, f"loyalty-{mark}")}</div>'
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    from loyalty_dsl.report.page_parts import escape

    head = "".join(f'<th style="{_CELL}">{escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f'<table style="border-collapse:collapse;margin:8px 0"><tr>{head}</tr>{body}</table>'
