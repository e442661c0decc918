"""Results in a notebook: the answer, the headline figures, one chart and the warnings of a page.

Invariant: a piece of HTML that stands alone in any page: colours and sizes stand in its own elements, ids are
of its own figures, every text is escaped, and it is on white, whatever surrounds it. Nothing but this module
is loaded before a result is shown.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from loyalty_dsl.shown import RENDERERS

if TYPE_CHECKING:
    from loyalty_dsl.decisions.solving import Solution
    from loyalty_dsl.decisions.studies import StudyResult
    from loyalty_dsl.decisions.sweeping import Sweep
    from loyalty_dsl.evaluation.replay import Replay
    from loyalty_dsl.evaluation.statements import Statement
    from loyalty_dsl.forecast.compared import Comparison
    from loyalty_dsl.forecast.figures import Forecast, Notice
    from loyalty_dsl.language.book import Book
    from loyalty_dsl.reconciliation.reconciling import Reconciliation
    from loyalty_dsl.report.panel_parts import Panel
    from loyalty_dsl.report.replaying import Replayed

_BOX = (
    "max-width:760px;padding:16px 20px;border:1px solid #e3e6e9;background:#ffffff;color:#1f2328;"
    "font:14px/1.5 'Liberation Sans',Arial,Helvetica,sans-serif"
)
_SOFT = "color:#59636e;margin:4px 0"
_CELL = "padding:3px 14px 3px 0;text-align:left;vertical-align:top;color:#1f2328;background:#ffffff"


def register() -> None:
    """Lets every result that this module knows be shown, and gives it its table."""
    from loyalty_dsl.report import result_tables

    result_tables.register()
    RENDERERS.update(
        {
            "Forecast": forecast_html,
            "Comparison": comparison_html,
            "Sweep": sweep_html,
            "StudyResult": study_html,
            "Solution": solution_html,
            "Replayed": replayed_html,
            "Replay": replay_html,
            "Statement": statement_html,
            "Reconciliation": reconciliation_html,
            "Book": book_html,
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


def solution_html(solution: "Solution") -> str:
    """An answer: the value, how sure it is, and what was tried."""
    from loyalty_dsl.report.solve_terminal import answer_text, sureness_text
    from loyalty_dsl.report.wording import sample_text, span_text

    forecast, outcome = solution.forecast, solution.target.outcome
    about = f"{forecast.population.name} · {span_text(forecast)} · {sample_text(forecast)}"
    rows = [
        (tried.text, outcome.format(tried.outcome), "meets" if solution.target.met(tried.outcome) else "")
        for tried in solution.tried
    ]
    table = _table((solution.path.path, outcome.text, ""), rows)
    return _box(answer_text(solution), about, [sureness_text(solution)], None, forecast.notices, table)


def replayed_html(replayed: "Replayed") -> str:
    """A replay: what was read, each currency's ledger, and how many rows did not count."""
    from loyalty_dsl.report.style import counted

    figures = replayed.figures
    read = ((figures.rows, "row"), (figures.events, "event"), (figures.members, "member"))
    about = ", ".join(counted(number, noun) for number, noun in read)
    aside = len(figures.bad_rows) + len(figures.refused)
    words = [f"{counted(aside, figures.noun)} set aside."] if aside else []
    return _ledger_box(replayed.result, about, words)


def replay_html(replay: "Replay") -> str:
    """The same, of what a replay is about."""
    from loyalty_dsl.report.style import counted

    return _ledger_box(replay, counted(len(replay.history.members), "member"), [])


def _ledger_box(replay: "Replay", about: str, words: list[str]) -> str:
    from loyalty_dsl.calendar import date_of
    from loyalty_dsl.quantities import format_money, format_units
    from loyalty_dsl.report.replay_json import ledger_keys
    from loyalty_dsl.report.wording import long_date

    program = replay.program
    keys = ledger_keys(program)
    rows = []
    for currency, totals in zip(program.currencies, replay.totals(), strict=True):
        amounts = [getattr(totals, key) for key in keys]
        written = [
            format_money(units, program.money) if currency.in_money else format_units(units, currency.scale)
            for units in amounts
        ]
        rows.append((currency.label, *written))
    title = f"{program.label}: state at the end of {long_date(date_of(replay.history.last_day))}"
    return _box(title, about, words, None, (), _table(("", *(key.capitalize() for key in keys)), rows))


def statement_html(statement: "Statement") -> str:
    """A statement, as a member reads it."""
    from loyalty_dsl.report.page_parts import escape
    from loyalty_dsl.report.statement_text import render_statement
    from loyalty_dsl.report.style import PLAIN

    if statement.program is None:
        return escape(repr(statement))
    title, _, rest = render_statement(statement.program, statement, PLAIN).partition("\n")
    look = "font:13px/1.45 monospace;margin:8px 0;color:#1f2328;background:#ffffff"
    lines = f'<pre style="{look}">{escape(rest)}</pre>'
    return _box(title, "", [], None, (), lines)


def reconciliation_html(result: "Reconciliation") -> str:
    """A reconciliation: its headline, its causes, and what they have in common."""
    from loyalty_dsl.calendar import date_of
    from loyalty_dsl.report.reconciliation_wording import headline, identity, signed
    from loyalty_dsl.report.style import counted
    from loyalty_dsl.report.wording import long_date

    rows = [
        (
            each.cause.value,
            result.program.currencies[each.currency].label,
            f"{each.members:,}",
            f"{each.postings:,}",
            signed(result, each.points, each.currency),
        )
        for each in result.causes
    ]
    table = _table(("Cause", "", "Members", "Postings", "Theirs - ours"), rows) if rows else ""
    about = (
        f"{result.program.label} against {result.ledger.path} ({result.ledger.shape.label}, "
        f"{counted(result.ledger.total, 'row')}) through {long_date(date_of(result.as_of))}"
    )
    words = [identity(result, currency.index) for currency in result.program.currencies]
    return _box(headline(result), about, [*words, *result.hints], None, (), table)


def book_html(book: "Book") -> str:
    """What is in a set of rule files, and where."""
    from loyalty_dsl.report.style import counted

    parts = (
        (len(book.programs), "program"),
        (len(book.populations), "population"),
        (len(book.scenarios), "scenario"),
        (len(book.studies), "study", "studies"),
    )
    about = ", ".join(counted(*part) for part in parts if part[0])
    rows = [
        (kind, each.name, f"{each.span.source.name}:{each.span.line}")
        for kind, its in (
            ("program", book.programs),
            ("population", book.populations),
            ("study", book.studies),
        )
        for each in its
    ]
    title = ", ".join(program.label for program in book.programs) or "Rule files"
    return _box(title, about, [], None, (), _table(("", "", ""), rows))


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
