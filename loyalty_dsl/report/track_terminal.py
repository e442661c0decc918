"""Forecast against actual on the terminal: a table for each figure, and the months that chance does not tell.

Invariant: a month is marked exactly where it is outside its band.
"""

from loyalty_dsl.decisions.tracking import Series, Track
from loyalty_dsl.language.study import Study
from loyalty_dsl.quantities import prefix_of
from loyalty_dsl.report.provenance import Provenance
from loyalty_dsl.report.style import Style, counted
from loyalty_dsl.report.wording import day_text, one_line, percent_text, sample_text, wrapped

WIDTH = 88
HEADS = ("month", "forecast", "band", "actual", "off by")


def outside_sentences(track: Track) -> list[str]:
    """Which months are outside the band, and with what."""
    of = f"{len(track.months):,} of the {track.all_months:,} months of the study are over"
    if not track.outside:
        return [f"{of}; all figures are within their bands."]
    lines = [f"{of}; {counted(len(track.outside), 'month')} outside the band:"]
    for month, series in track.outside:
        lines.append(f"  {month.label}  {', '.join(_off(one, track, month.label) for one in series)}")
    return lines


def _off(series: Series, track: Track, label: str) -> str:
    at = next(i for i, month in enumerate(track.months) if month.label == label)
    error = series.months[at].error
    told = "" if error is None else f" ({_signed(error)})"
    return f"{series.title}{told}"


def render_track(track: Track, study: Study, provenance: Provenance, style: Style) -> str:
    """The tables as lines without a last newline."""
    forecast = track.run.forecast
    blocks = [
        [style.paint(f"study {study.name} against the ledger to {day_text(track.as_of)}", "bold")],
        outside_sentences(track),
        *([_series(one, track, style) for one in track.series]),
        *([wrapped(notice.message, WIDTH) for notice in track.notices]),
        wrapped(
            "The band is what the luck of members does, 95 times in 100: those simulated, and those of the "
            "business. It says nothing about the assumptions.",
            WIDTH,
        ),
        wrapped(f"{sample_text(forecast)} · seed {forecast.seed} · version {provenance.version}", WIDTH)
        + [f"{one_line(name)} {digest[:8]}" for name, digest in provenance.inputs],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def _series(series: Series, track: Track, style: Style) -> list[str]:
    money = prefix_of(track.run.program.money) if series.in_money else ""
    rows = [HEADS]
    for month, one in zip(track.months, series.months, strict=True):
        band = "" if one.band is None else f"±{money}{one.band:,.0f}"
        error = "" if one.error is None else _signed(one.error)
        rows.append(
            (month.label, f"{money}{round(one.forecast):,}", band, f"{money}{round(one.actual):,}", error)
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    lines = [series.title]
    for row, outside in zip(rows, (False, *(one.outside for one in series.months)), strict=True):
        others = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        line = "  " + "  ".join([row[0].ljust(widths[0]), *others])
        lines.append(style.paint(f"{line}  outside", "warning") if outside else line)
    return lines


def _signed(error: float) -> str:
    return ("+" if error >= 0 else "-") + percent_text(abs(error))
