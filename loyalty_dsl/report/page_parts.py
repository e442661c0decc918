"""What pages are made of: the frame, panels with charts, tables and tiles.

Invariants: every text passes `escape`; charts come from `rendering.svg_of`; the page's own policy forbids
scripts, frames, forms and every request, so that a name which slipped through could still do nothing.
"""

import re
from collections.abc import Sequence
from html import escape as escape_html
from importlib.resources import files

from loyalty_dsl.report.panel_parts import Panel, Table
from loyalty_dsl.report.rendering import svg_of
from loyalty_dsl.report.wording import one_line

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


WIDE = 14
"""Characters of a figure that do not fit a tile of four in a row."""


def whole_page(title: str, parts: Sequence[str]) -> str:
    """A page that needs nothing else: no script, no font, no picture from anywhere.

    Args:
        title: plain text.
        parts: HTML, each a section; empty ones are left out.
    """
    style = files("loyalty_dsl.report").joinpath("templates/forecast.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """A text as a page can hold it, in an element or an attribute: one line, nothing hidden, no markup."""
    return escape_html(one_line(text), quote=True)


def unbroken(text: str) -> str:
    """Escaped text in which no `±` ends a line."""
    return re.sub(r"\(?±\S+", r'<span class="whole">\g<0></span>', text)


def prose(text: str) -> str:
    """A text of sentences, escaped: what stands in backticks is code, and no `±` ends a line."""
    return re.sub(r"`([^`]*)`", r"<code>\g<1></code>", unbroken(escape(text)))


def tiles(figures: Sequence[tuple[str, str, str]]) -> str:
    """Figures side by side: name, value and a note."""
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd><strong>{escape(value)}</strong><span>{escape(note)}</span></dd></div>"
        for name, value, note in figures
    )
    wide = any(len(value) > WIDE for _, value, _ in figures)
    rows_of_three = wide or len(figures) % 3 == 0 or len(figures) == 5
    return f'<dl class="figures{" three" if rows_of_three else ""}">{items}</dl>\n'


def panel_html(panel: Panel, *, figures: bool = True) -> str:
    """A section with its title, chart, reading and figures.

    Args:
        figures: whether the table stands, folded, below the chart; one without a chart has nothing else to
            show, so that it is open.
    """
    if panel.chart is None:
        return _table_panel(panel)
    label = f"{escape(panel.title)}. {escape(panel.reading)}"
    subtitle = f'<p class="subtitle">{escape(panel.subtitle)}</p>\n' if panel.subtitle else ""
    table = f"<details><summary>The figures</summary>{table_html(panel.table)}</details>\n"
    below = table if figures else ""
    picture = (
        f'<div class="scroll"><div class="chart" role="img" aria-label="{label}">'
        f"{svg_of(panel.chart, panel.name)}</div></div>\n"
    )
    return (
        f'<section class="panel {panel.kind}" aria-labelledby="{panel.name}">\n'
        f'<h2 id="{panel.name}">{unbroken(escape(panel.title))}</h2>\n{subtitle}'
        f"<figure>\n{picture}<figcaption>{unbroken(escape(panel.reading))}</figcaption>\n</figure>\n{below}</section>"
    )


def _table_panel(panel: Panel) -> str:
    subtitle = f'<p class="subtitle">{escape(panel.subtitle)}</p>\n' if panel.subtitle else ""
    return (
        f'<section class="panel {panel.kind}" aria-labelledby="{panel.name}">\n'
        f'<h2 id="{panel.name}">{unbroken(escape(panel.title))}</h2>\n{subtitle}'
        f'<p class="lead">{unbroken(escape(panel.reading))}</p>\n{table_html(panel.table)}</section>'
    )


def table_html(table: Table) -> str:
    """A table that scrolls where it is wider than the page."""
    classes = ("t", *(table.kinds or "n" * (len(table.header) - 1)))
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(name)}</th>'
        for kind, name in zip(classes, table.header, strict=True)
    )
    body = "".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(
            f'<td class="{kind}">{escape(cell)}</td>' for kind, cell in zip(classes[1:], row[1:], strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>'
