"""A calibration as one page that needs nothing else: how well it forecasts first, then what it rests on.

Invariant: made of `page_parts`, so every text is escaped and nothing on the page can run.
"""

from collections.abc import Iterator

from loyalty_dsl.calendar import date_of, format_day
from loyalty_dsl.calibration.backtest import Weeks
from loyalty_dsl.calibration.calibrating import Calibration
from loyalty_dsl.calibration.facts import Fact
from loyalty_dsl.calibration.fitting import Fitted
from loyalty_dsl.calibration.models import Fit
from loyalty_dsl.calibration.population_text import parameters_with_errors
from loyalty_dsl.report.fit_charts import class_name, conditional_chart, histogram_chart, tracking_chart
from loyalty_dsl.report.fit_terminal import regularity_text
from loyalty_dsl.report.page_parts import escape, panel_html, prose, table_html, tiles, whole_page
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.style import counted
from loyalty_dsl.report.wording import long_date, percent_text

PASSES, FAILS = "as in the data", "not as in the data"


def fit_page(fitted: Fitted, command: str) -> str:
    """The whole page.

    Args:
        fitted: what to show.
        command: what makes the same figures again.

    Returns:
        An HTML document in UTF-8's characters.
    """
    found = fitted.calibration
    parts = [
        _header(found),
        _figures(found),
        _notices(found),
        *(panel_html(panel) for panel in fit_panels(found)),
        _facts(found),
        _models(found),
        f'<section class="panel"><h2>The population</h2>\n<pre><code>{_lines(fitted.population)}</code></pre>'
        "</section>",
        _made_by(fitted, command),
    ]
    return whole_page("Customers fitted", parts)


def fit_headline(found: Calibration) -> str:
    """What the page is about, in one sentence."""
    weeks = found.holdout
    if weeks is None or weeks.error is None:
        return (
            f"{counted(found.customers.count, 'member')} fitted; the data is too short to test the forecast"
        )
    near = f"{abs(weeks.error):.1%}"
    side = "above" if weeks.error > 0 else "below"
    unseen = counted(len(weeks.last), "week")
    return f"Over {unseen} it had not seen, the forecast was {near} {side} what members did"


def _header(found: Calibration) -> str:
    span = f"{long_date(date_of(found.first_day))} to {long_date(date_of(found.until))}"
    return (
        '<header>\n<p class="eyebrow">Customers fitted to transactions</p>\n'
        f"<h1>{escape(fit_headline(found))}</h1>\n"
        f'<p class="meta">{escape(counted(found.customers.count, "member"))} · {escape(span)} · '
        f"{escape(found.choice.chosen.form.label)}</p>\n</header>"
    )


def _figures(found: Calibration) -> str:
    repeat = float((found.customers.repeats > 0).mean())
    passed = sum(fact.passes for fact in found.facts)
    shown = [
        (
            "Members who came again",
            percent_text(repeat),
            f"of {found.customers.count:,}, on a second day or more",
        ),
        ("Regularity", f"k = {found.choice.k}", regularity_text(found.choice.k)),
        ("Facts not fitted", f"{passed} of {len(found.facts)}", "are in drawn members as in the data"),
    ]
    weeks = found.holdout
    if weeks is not None and weeks.error is not None:
        told = f"{weeks.forecast.sum():,.0f} purchase days forecast, {weeks.actual.sum():,.0f} came"
        shown.insert(0, ("Error on unseen weeks", f"{weeks.error:+.1%}", told))
    return f'<section aria-label="Headline figures">\n{tiles(shown)}</section>'


def _notices(found: Calibration) -> str:
    if not found.notices:
        return ""
    items = "".join(f"<li>{prose(notice)}</li>" for notice in found.notices)
    return f'<aside class="notices" aria-label="Warnings"><h2>What to know</h2><ul>{items}</ul></aside>'


def fit_panels(found: Calibration) -> Iterator[Panel]:
    """Every section with a chart."""
    weeks = found.holdout
    rows = tuple(_week_rows(weeks)) if weeks is not None else tuple(_week_rows(found.tracking))
    yield Panel(
        "tracking",
        "lines",
        "Week by week: purchases of members, and what the model expects",
        "Up to the dashed line the model was fitted; after it, it forecasts the members known then from what "
        "each of them had done. New members after the line are left out of both.",
        tracking_chart(found),
        Table(("Week to", "Data", "Model", "Error"), rows),
    )
    if found.conditional:
        low = sum(one.expected < one.actual for one in found.conditional)
        side = "below" if low * 2 > len(found.conditional) else "above or at"
        yield Panel(
            "conditional",
            "lines",
            f"Members by what they did before: the model is {side} the data in most classes",
            "Mean purchases of a member in the unseen weeks, by how often the member had come again before.",
            conditional_chart(found),
            Table(
                ("Repeats before", "Members", "Data", "Model"),
                tuple(
                    (class_name(one.repeats), f"{one.members:,}", f"{one.actual:.2f}", f"{one.expected:.2f}")
                    for one in found.conditional
                ),
            ),
        )
    actual, expected = found.histogram
    off = float(abs(actual - expected).sum() / 2 / actual.sum())
    yield Panel(
        "histogram",
        "bars",
        f"How often members came again: {percent_text(off)} of them are in another class than expected",
        "Members by repeat purchases in the calibration, and as the fitted model expects them.",
        histogram_chart(found),
        Table(
            ("Repeats", "Data", "Model"),
            tuple(
                (class_name(x), f"{int(one):,}", f"{other:,.1f}")
                for x, (one, other) in enumerate(zip(actual, expected, strict=True))
            ),
        ),
    )


def _facts(found: Calibration) -> str:
    """The checks, in full: they are what a reader should see before the parameters."""
    failed = sum(not fact.passes for fact in found.facts)
    told = f"{failed} of {len(found.facts)} not as in the data" if failed else "all as in the data"
    lead = (
        "Members were drawn from the fit and measured as the data is. Structural facts must hold or the "
        "draws are wrong; a forecast rests on the core; the bands say where the model is too simple."
    )
    header = ("Fact", "Tier", "Data", "Drawn", "Off", "Limit", "Outcome")
    table = Table(header, tuple(_fact_row(fact) for fact in found.facts), "tnnnnt")
    return (
        f'<section class="panel"><h2>Facts that were not fitted: {told}</h2>\n'
        f'<p class="lead">{lead}</p>\n{table_html(table)}</section>'
    )


def _week_rows(weeks: Weeks) -> Iterator[tuple[str, ...]]:
    for day, actual, forecast in zip(weeks.last, weeks.actual, weeks.forecast, strict=True):
        error = f"{forecast / actual - 1:+.1%}" if actual else "-"
        yield format_day(int(day)), f"{actual:,.0f}", f"{forecast:,.1f}", error


def _fact_row(fact: Fact) -> tuple[str, ...]:
    def told(value: float) -> str:
        match fact.unit:
            case "share":
                return percent_text(value)
            case "count":
                return f"{value:,.0f}"
            case _:
                return f"{value:.2f}"

    in_errors = fact.limit >= 1
    off, limit = (
        (f"{fact.off:.1f} s.e.", f"{fact.limit:g} s.e.")
        if in_errors
        else (percent_text(fact.off), percent_text(fact.limit))
    )
    outcome = PASSES if fact.passes else FAILS
    return fact.name, fact.tier, told(fact.actual), told(fact.drawn), off, limit, outcome


def _models(found: Calibration) -> str:
    """Every model that was fitted, the chosen one first."""
    chosen = found.choice.chosen
    ways = [chosen, *(one for one in found.choice.candidates if one is not chosen)]
    rows = [_model_row(one, "chosen" if one is chosen else "") for one in ways]
    rows += [
        _model_row(one, "for comparison")
        for one in found.literature.values()
        if all(one.form != other.form for other in ways)
    ]
    lead = (
        "The chosen form has the least AIC: its log-likelihood, less one for each parameter, is the largest "
        f"of those whose stayers are a segment. Parameters are per {found.unit}, with standard errors."
    )
    table = Table(("Model", "", "Log-likelihood", "Parameters"), tuple(rows), "tnt")
    return (
        f'<section class="panel"><h2>Which model, and why</h2>\n<p class="lead">{escape(lead)}</p>\n'
        f"{table_html(table)}</section>"
    )


def _model_row(one: Fit, word: str) -> tuple[str, ...]:
    return one.form.label, word, f"{one.log_likelihood:,.1f}", ", ".join(parameters_with_errors(one))


def _lines(text: str) -> str:
    """A text with its lines and their indentation."""
    lines = text.splitlines()
    return "\n".join(" " * (len(line) - len(line.lstrip())) + escape(line.strip()) for line in lines)


def _made_by(fitted: Fitted, command: str) -> str:
    inputs = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(digest)}</code></dd>" for name, digest in fitted.inputs
    )
    return (
        f"<footer><h2>Reproduce this</h2>\n<pre><code>{escape(command)}</code></pre>\n"
        f'<dl class="facts"><dt>Version</dt><dd>loyalty-dsl {escape(fitted.version)}</dd>{inputs}</dl>'
        "</footer>"
    )
