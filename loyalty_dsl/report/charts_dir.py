"""The charts of a page as pictures in a folder: a PNG and an SVG of each, with its title.

Invariants: a picture is named after its section, which stays the same from version to version; every file is
on the disk, under a temporary name, before any gets its own, and `charts.json` is written last. A picture
stands alone: its title and basis are in it, on white.
"""

from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap
from typing import Any

from loyalty_dsl import __version__
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.report.chart_parts import HEIGHT, PALETTE, Spec
from loyalty_dsl.report.files import WriteFailure, discard, publish, reason_of, stage, write_whole
from loyalty_dsl.report.json_text import json_text
from loyalty_dsl.report.panel_parts import Panel
from loyalty_dsl.report.rendering import picture_of, png_of
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.targets import verify_folder_target

FORMAT = "loyalty.charts/1"
INDEX = "charts.json"
TITLE_WIDTH, SUBTITLE_WIDTH = 84, 112
"""Characters of a line that fit the width of a chart."""
TITLE_LINE, SUBTITLE_LINE = 21, 17
"""Pixels of a line."""


def write_charts(
    panels: Iterable[Panel], folder: Path, command: str, read: Iterable[Path] = ()
) -> list[Path]:
    """Writes a PNG and an SVG of every chart to `folder`, which is made if need be.

    Args:
        panels: whose charts to write; those without one are left out.
        folder: where to; files of the same names are replaced.
        command: what makes the same figures again, for the index.
        read: files that were read, and must not be written over.

    Returns:
        The files written, the index last.

    Raises:
        InputRefused: there is no chart, or the folder cannot be written to; then nothing has changed.
    """
    drawn = [panel for panel in panels if panel.chart is not None]
    if not drawn:
        raise InputRefused("there is no chart to write", "leave out --charts")
    names = [f"{panel.name}.{kind}" for panel in drawn for kind in ("png", "svg")]
    verify_folder_target(folder, [INDEX, *names], read)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputRefused(WriteFailure(folder, reason_of(error)).message) from None
    staged: list[tuple[Path, Path]] = []
    for panel in drawn:
        whole = titled(panel)
        for path, data in (
            (folder / f"{panel.name}.png", png_of(whole)),
            (folder / f"{panel.name}.svg", picture_of(whole).encode()),
        ):
            temporary = stage(path, data)
            if isinstance(temporary, WriteFailure):
                _give_up(staged, temporary)
            else:
                staged.append((temporary, path))
    for i, (temporary, path) in enumerate(staged):
        failure = publish(temporary, path)
        if failure is not None:
            _give_up(staged[i:], failure)
    failure = write_whole(folder / INDEX, json_text(_index(drawn, command)).encode())
    if failure is not None:
        raise InputRefused(failure.message)
    return [*(path for _, path in staged), folder / INDEX]


def titled(panel: Panel) -> Spec:
    """The chart of a panel with its title and basis above it, taller by as much."""
    assert panel.chart is not None
    lines = wrap(one_line(panel.title), TITLE_WIDTH) or [""]
    below = wrap(one_line(panel.subtitle), SUBTITLE_WIDTH)
    title: dict[str, Any] = {
        "text": lines,
        "anchor": "start",
        "frame": "group",
        "fontSize": 16,
        "fontWeight": "bold",
        "lineHeight": TITLE_LINE,
        "color": PALETTE["strong"],
        "offset": 14,
        "limit": 0,
    }
    if below:
        title |= {
            "subtitle": below,
            "subtitleFontSize": 12.5,
            "subtitleColor": PALETTE["text"],
            "subtitleLineHeight": SUBTITLE_LINE,
            "subtitlePadding": 5,
        }
    more = TITLE_LINE * len(lines) + SUBTITLE_LINE * len(below) + 14
    padding = panel.chart.get("padding", {})
    return panel.chart | {
        "title": title,
        "height": panel.chart.get("height", HEIGHT) + more,
        "padding": padding
        | {"left": max(16, padding.get("left", 0)), "bottom": 14, "right": padding.get("right", 0) + 10},
    }


def _index(panels: list[Panel], command: str) -> dict[str, Any]:
    charts = [
        {
            "name": panel.name,
            "title": one_line(panel.title),
            "subtitle": one_line(panel.subtitle),
            "reading": one_line(panel.reading),
            "png": f"{panel.name}.png",
            "svg": f"{panel.name}.svg",
        }
        for panel in panels
    ]
    return {"format": FORMAT, "version": __version__, "command": command, "charts": charts}


def _give_up(staged: list[tuple[Path, Path]], failure: WriteFailure) -> None:
    """Removes what has no name of its own yet, and says why.

    Raises:
        InputRefused: always.
    """
    for temporary, _ in staged:
        discard(temporary)
    raise InputRefused(failure.message)
