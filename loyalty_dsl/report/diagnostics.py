"""Diagnostics for people.

Invariant: the text shows the place before it explains, names the fix last, and ends in one line that
counts.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from loyalty_dsl.diagnostics import Diagnostic, Label
from loyalty_dsl.language.book import Book
from loyalty_dsl.report.excerpts import Mark, Row, draw_line
from loyalty_dsl.report.style import Style, counted, printable
from loyalty_dsl.report.visible import visible
from loyalty_dsl.source import SourceText


def render_diagnostics(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """All diagnostics, each with its picture, with an empty line after each.

    Args:
        diagnostics: in the order in which they are shown.
        style: colour and width of the terminal.
    """
    return "\n".join(_render(diagnostic, style) + "\n" for diagnostic in diagnostics)


def _render(found: Diagnostic, style: Style) -> str:
    role = found.severity.value
    title = style.paint(f"{role}[{found.code}]", role)
    rows = [f"{title}: {style.paint(printable(found.message), 'bold')}"]

    marks = [_mark(found.primary, True, role), *(_mark(label, False, "accent") for label in found.secondary)]
    gutter = max(len(str(mark.span.line)) for mark in marks)
    narrower = Style(style.colour, style.width - gutter - 3)
    bar = " " * (gutter + 1) + style.paint("|", "accent")
    for position, source_marks in enumerate(_by_source(marks)):
        arrow = style.paint(" " * gutter + ("-->" if position == 0 else ":::"), "accent")
        rows += [f"{arrow} {visible(str(source_marks[0].span))}", bar]
        source_marks.sort(key=lambda mark: mark.span.start)
        previous = None
        for number, line_marks in groupby(source_marks, key=lambda mark: mark.span.line):
            if previous is not None and number > previous + 1:
                rows.append(style.paint("...", "accent"))
            rows += [_guttered(row, gutter, style) for row in draw_line(number, line_marks, narrower)]
            previous = number
    if found.help:
        first, *rest = printable(found.help).split("\n")
        lead = " " * (gutter + 1)
        rows += [bar, f"{lead}{style.paint('=', 'accent')} {style.paint('help', 'bold')}: {first}"]
        rows += [f"{lead}        {line}" for line in rest]
    return "\n".join(row.rstrip() for row in rows)


def _mark(label: Label, primary: bool, role: str) -> Mark:
    return Mark(label.span, label.message, primary, role)


def _by_source(marks: Sequence[Mark]) -> list[list[Mark]]:
    by_source: dict[int, list[Mark]] = {}
    for mark in marks:
        by_source.setdefault(id(mark.span.source), []).append(mark)
    return list(by_source.values())


def _guttered(row: Row, gutter: int, style: Style) -> str:
    number = "" if row.number is None else str(row.number)
    return f"{style.paint(number.rjust(gutter) + ' |', 'accent')} {row.text}"


def check_summary(
    sources: Sequence[SourceText],
    book: Book | None,
    diagnostics: Iterable[Diagnostic],
    style: Style,
    allowed: int = 0,
) -> str:
    """The closing line: `2 errors, 1 warning in 3 files`, or what was found in files that are fine.

    Args:
        allowed: how many more warnings comments allow.
    """
    diagnostics = list(diagnostics)
    errors = sum(found.is_error for found in diagnostics)
    warnings = len(diagnostics) - errors
    files = counted(len(sources), "file")
    if errors or book is None:
        also = f", {counted(warnings, 'warning')}" if warnings else ""
        return f"{style.paint(counted(errors, 'error') + also, 'error')} in {files}"
    contents = (
        (len(book.programs), "program", "programs"),
        (len(book.populations), "population", "populations"),
        (len(book.scenarios), "scenario", "scenarios"),
        (len(book.studies), "study", "studies"),
        (len(book.data_sources), "source", "sources"),
    )
    held = ", ".join(counted(*each) for each in contents if each[0]) or "nothing in it"
    state = style.paint("fine", "good")
    if warnings:
        state += f" but for {style.paint(counted(warnings, 'warning'), 'warning')}"
    if allowed:
        held += f" ({counted(allowed, 'warning')} allowed)"
    return f"{files} {state}: {held}"
