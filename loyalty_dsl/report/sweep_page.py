"""A sweep as one page: what moves each outcome, in words, charts and figures.

Invariant: every title is computed from the points that its chart and its table show.
"""

from pathlib import Path

from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.decisions.sweeping import Sweep, Swing
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.files import WriteFailure, write_whole
from loyalty_dsl.report.page_parts import escape, panel_html, prose, unbroken, whole_page
from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.sweep_charts import line_chart, tornado_chart
from loyalty_dsl.report.sweep_terminal import noise_of, noise_told, signed
from loyalty_dsl.report.wording import one_line, sample_text, span_text


def write_sweep_page(sweep: Sweep, provenance: Provenance, path: Path) -> None:
    """Writes the page.

    Raises:
        InputRefused: it cannot be written.
    """
    outcome = write_whole(path, sweep_page(sweep, provenance).encode())
    if isinstance(outcome, WriteFailure):
        raise InputRefused(outcome.message)


def sweep_page(sweep: Sweep, provenance: Provenance) -> str:
    """The whole page; the same for the same figures."""
    forecast = sweep.forecast
    label = one_line(forecast.program.label)
    tornado = sweep.design == "one at a time"
    title = swing_title(sweep, 0) if tornado else point_title(sweep, 0)
    parts = [
        f'<header>\n<p class="eyebrow">Loyalty sweep · {escape(label)}</p>\n'
        f"<h1>{unbroken(escape(title))}</h1>\n"
        f'<p class="meta">Population <em>{escape(forecast.population.name)}</em> · '
        f"{escape(span_text(forecast))} · {escape(sample_text(forecast))}</p>\n</header>",
        f'<section><p class="basis">{escape(noise_told(sweep))}</p></section>',
    ]
    parts += [panel_html(panel) for panel in sweep_panels(sweep)]
    notices = "".join(f"<li>{prose(notice.message)}</li>" for notice in forecast.notices)
    if notices:
        parts.append(
            '<aside class="notices" aria-label="Warnings"><h2>Before you quote a figure</h2>'
            f"<ul>{notices}</ul></aside>"
        )
    parts.append(made_by(provenance, forecast.seed))
    return whole_page(f"{forecast.program.label}: loyalty sweep", parts)


def sweep_panels(sweep: Sweep) -> list[Panel]:
    """A section for each outcome."""
    draw = _tornado if sweep.design == "one at a time" else _points
    return [draw(sweep, place) for place in range(len(sweep.outcomes))]


def made_by(provenance: Provenance, seed: int) -> str:
    """How to make a page again."""
    inputs = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(digest)}</code></dd>" for name, digest in provenance.inputs
    )
    return (
        "<footer><h2>Reproduce this</h2>\n"
        f"<pre><code>{escape(provenance.command)}</code></pre>\n"
        f'<dl class="facts"><dt>Seed</dt><dd>{seed}</dd><dt>Version</dt><dd>loyalty-dsl '
        f"{escape(provenance.version)}</dd>{inputs}</dl>\n"
        "<p>The same seed, version and inputs give the same figures, on any machine and any number of "
        "threads. The hashes are SHA-256 of the files' text.</p></footer>"
    )


def swing_title(sweep: Sweep, place: int) -> str:
    """Which number moves an outcome most: `note.price moves liability at month 12 most: ...`."""
    outcome, swings = sweep.outcomes[place], sweep.swings(place)
    first = swings[0]
    if not first.swing:
        return f"None of these numbers moves {outcome.title}"
    told = (
        f"{first.varied.path.path} moves {outcome.title}"
        f"{' most' if len(swings) > 1 else ''}: {_end(outcome, first, 0)}, {_end(outcome, first, 1)}"
    )
    still = [swing.varied.path.path for swing in swings if not swing.swing]
    return (
        f"{told}; {' and '.join(still)} {'does' if len(still) == 1 else 'do'} not move it" if still else told
    )


def _end(outcome: Outcome, swing: Swing, end: int) -> str:
    point = (swing.low, swing.high)[end]
    value = swing.varied.path.told(point.settings[0].value)
    return f"{outcome.format(point.figures[swing.outcome].value)} at {one_line(value)}"


def point_title(sweep: Sweep, place: int) -> str:
    """Between what an outcome lies over all points."""
    outcome = sweep.outcomes[place]
    low, high = (pick(sweep.points, key=lambda point: point.figures[place].value) for pick in (min, max))
    if low.figures[place].value == high.figures[place].value:
        return f"{_capital(outcome)}: {outcome.format(low.figures[place].value)} at every point"
    ends = [
        f"{outcome.format(point.figures[place].value)} ({', '.join(map(str, point.settings))})"
        for point in (low, high)
    ]
    return f"{_capital(outcome)}: {ends[0]} to {ends[1]}"


def _capital(outcome: Outcome) -> str:
    if outcome.title.startswith("urr"):
        return "URR" + outcome.title[3:]
    return outcome.title[:1].upper() + outcome.title[1:]


def _tornado(sweep: Sweep, place: int) -> Panel:
    outcome = sweep.outcomes[place]
    rows = []
    for swing in sweep.swings(place):
        cells: list[str] = [swing.varied.path.path]
        for point in (swing.low, swing.high):
            figure = point.figures[place]
            cells += [point.settings[0].value, outcome.format(figure.value), noise_of(outcome, figure)]
        rows.append((*cells, outcome.format(swing.swing)))
    header = ("Number", "Low", "Outcome", "Noise", "High", "Outcome", "Noise", "Swing")
    base = outcome.format(sweep.base.figures[place].value)
    return Panel(
        name=f"tornado-{place}",
        kind="tornado",
        title=swing_title(sweep, place),
        reading=(
            f"The line is {outcome.title} as the files are, {base}. Each bar is one number set to its low or "
            "to its high value, all others as they are; the largest swing is on top."
        ),
        chart=tornado_chart(sweep, place),
        table=Table(header, tuple(rows)),
    )


def _points(sweep: Sweep, place: int) -> Panel:
    outcome = sweep.outcomes[place]
    base = sweep.base.figures[place]
    rows = [(*(varied.path.span.text for varied in sweep.varied), outcome.format(base.value), "as it is", "")]
    for point in sweep.points:
        figure = point.figures[place]
        values = (setting.value for setting in point.settings)
        rows.append(
            (*values, outcome.format(figure.value), signed(outcome, figure), noise_of(outcome, figure))
        )
    chart = line_chart(sweep, place)
    header = (*(varied.path.path for varied in sweep.varied), outcome.text, "Difference", "Noise")
    return Panel(
        name=f"points-{place}",
        kind="points",
        title=point_title(sweep, place),
        reading=(
            "Dots are the values that were simulated, with the noise of their difference from the files as "
            "they are, which is the ring."
            if chart is not None
            else "Every point with its difference from the files as they are."
        ),
        chart=chart,
        table=Table(header, tuple(rows)),
    )
