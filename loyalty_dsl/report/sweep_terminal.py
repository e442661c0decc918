"""A sweep on the terminal: every point with its outcomes, how they differ from the base, and the noise.

Invariant: a difference stands beside the noise of that difference, over paired members; no figure is cut.
"""

from collections.abc import Iterator, Sequence

from loyalty_dsl.decisions.outcomes import Outcome
from loyalty_dsl.decisions.paths import NumberPath
from loyalty_dsl.decisions.sweeping import Figure, Point, Sweep, Swing
from loyalty_dsl.report.comparison_terminal import hanging
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.style import Style
from loyalty_dsl.report.wording import one_line, sample_text, span_text, wrapped

NOISE = (
    "± is simulation noise of the difference from the base, between the same members with the same luck: "
    "95 times in 100 it is within that of what infinitely many members would give. It says nothing about "
    "whether the assumptions are right."
)
FEW = "Too few members were simulated for a noise: at least 200 are needed."


def render_sweep(sweep: Sweep, provenance: Provenance, style: Style) -> str:
    """The sweep as lines without a last newline."""
    forecast = sweep.forecast
    title = f"{one_line(forecast.program.label)}: {_what(sweep)}"
    blocks = [
        [style.paint(title, "bold")],
        wrapped(f"{one_line(forecast.population.name)} · {span_text(forecast)}"),
    ]
    for place, outcome in enumerate(sweep.outcomes):
        if sweep.design == "one at a time":
            blocks.append(list(_tornado(sweep, place, style)))
        else:
            blocks.append(list(_table(sweep, place, outcome, style)))
    blocks += [wrapped(noise_told(sweep))]
    blocks.append([line for notice in forecast.notices for line in hanging("! ", one_line(notice.message))])
    blocks.append(
        wrapped(f"{sample_text(forecast)} · seed {forecast.seed} · version {provenance.version}")
        + [f"{one_line(name)} {digest[:8]}" for name, digest in provenance.inputs]
    )
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def noise_told(sweep: Sweep) -> str:
    """What the noise of a sweep's differences is, or why there is none."""
    known = all(figure.difference_noise is not None for figure in sweep.base.figures)
    return NOISE if known else FEW


def _what(sweep: Sweep) -> str:
    names = ", ".join(varied.path.path for varied in sweep.varied)
    if sweep.design == "one at a time":
        return f"{names}, one at a time"
    return f"{len(sweep.points)} points of {names}"


def _table(sweep: Sweep, place: int, outcome: Outcome, style: Style) -> Iterator[str]:
    rows = [[*(varied.path.path for varied in sweep.varied), outcome.text, "difference", "noise"]]
    rows.append(
        [
            *(varied.path.span.text for varied in sweep.varied),
            *_cells(outcome, sweep.base.figures[place], True),
        ]
    )
    rows += [
        [*(setting.value for setting in point.settings), *_cells(outcome, point.figures[place])]
        for point in sweep.points
    ]
    lines = list(_columns(rows))
    yield style.paint(lines[0], "bold")
    yield from lines[1:]


def _cells(outcome: Outcome, figure: Figure, base: bool = False) -> list[str]:
    if base:
        return [outcome.format(figure.value), "as it is", ""]
    return [outcome.format(figure.value), signed(outcome, figure), noise_of(outcome, figure)]


def signed(outcome: Outcome, figure: Figure) -> str:
    """How much an outcome differs from the base: `+$117,310`, or `none`."""
    if not figure.difference:
        return "none"
    return ("+" if figure.difference > 0 else "") + outcome.format(figure.difference)


def noise_of(outcome: Outcome, figure: Figure) -> str:
    """The noise of a difference; empty where it is not known."""
    return "" if figure.difference_noise is None else f"±{outcome.format(figure.difference_noise)}"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns as wide as they need to be, all to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))


# ---- one at a time


def _tornado(sweep: Sweep, place: int, style: Style) -> Iterator[str]:
    outcome = sweep.outcomes[place]
    base = outcome.format(sweep.base.figures[place].value)
    yield style.paint(f"{outcome.text} is {base} as the files are; one number at a time:", "bold")
    rows = [["", "low", "", "noise", "high", "", "noise", "swing"]]
    for swing in sweep.swings(place):
        rows.append([swing.varied.path.path, *_end(outcome, swing, 0), *_end(outcome, swing, 1)])
        rows[-1].append(outcome.format(swing.swing))
    yield from _columns(rows)


def _end(outcome: Outcome, swing: Swing, end: int) -> list[str]:
    point: Point = (swing.low, swing.high)[end]
    figure = point.figures[swing.outcome]
    return [point.settings[0].value, outcome.format(figure.value), noise_of(outcome, figure)]


# ---- paths


def render_paths(paths: Sequence[NumberPath], style: Style) -> str:
    """Every number that can vary: its path, what it is now, and where that is."""
    width = max((len(path.path) for path in paths), default=0)
    texts = max((len(path.text) for path in paths), default=0)
    lines = []
    for path in paths:
        unit = f"  {path.unit}" if path.unit.startswith("per ") or path.unit == "members" else ""
        place = style.paint(f"{path.span.source.name}:{path.span.line}", "dim")
        lines.append(f"{path.path:<{width}}  {one_line(path.text) + unit:<{texts + 12}}  {place}")
    return "\n".join(lines)
