"""Source lines with marks under them: the picture in a diagnostic.

Invariant: every row is at most `width` columns of source wide, marks stand exactly under what they mark
whatever tabs and wide characters come before, and hidden characters of the file are never printed.

Worked case, two labels on one line; the last one's message ends the row of marks:

    12 |     on purchase where paymnt is cash
       |        --------       ^^^^^^ no such field
       |        |
       |        the fields of this event
"""

from collections.abc import Iterable

import attrs

from loyalty_dsl.report.style import Style, cell_width, is_hidden, printable
from loyalty_dsl.source import Span

_TAB = 4
_LEAD = 30
"""Columns that are kept before the mark when a long line is clipped."""


@attrs.frozen
class Mark:
    """A span to mark, the words for it, and the role that gives its sign and its colour."""

    span: Span
    message: str
    primary: bool
    role: str

    @property
    def sign(self) -> str:
        return "^" if self.primary else "-"


@attrs.frozen
class _Placed:
    """A mark in display columns, `start` to `end`, at least one column wide."""

    start: int
    end: int
    mark: Mark


@attrs.frozen
class Row:
    """A row of a picture: a line number where it is source, and the text."""

    number: int | None
    text: str


def draw_line(number: int, marks: Iterable[Mark], style: Style) -> list[Row]:
    """Draws one source line and the marks that begin on it.

    Args:
        number: the line, from 1.
        marks: those whose spans start on this line; at least one.
        style: colour, and the columns that there are for the source.

    Returns:
        The line's row and the rows under it.
    """
    marks = list(marks)
    line = marks[0].span.source.line(number)
    columns, end = _columns(line)
    placed = []
    for mark in marks:
        first = min(mark.span.column - 1, len(line))
        last = min(first + mark.span.end - mark.span.start, len(line))
        start = columns[first] if first < len(line) else end
        stop = columns[last] if last < len(line) else end
        placed.append(_Placed(start, max(stop, start + 1), mark))
    focus = next((place for place in placed if place.mark.primary), placed[0])
    low, high = _window(focus, end, style.width)
    shown = "".join(_shown(c, at) for c, at in zip(line, columns, strict=True) if low <= at < high)
    shown = ("…" if low else "") + shown + ("…" if end > high else "")
    shift = low - 1 if low else 0
    placed = [_clipped(place, low, high, shift) for place in placed]
    return [Row(number, shown.rstrip()), *(Row(None, text) for text in _rows_of_marks(placed, style))]


def _columns(line: str) -> tuple[list[int], int]:
    columns, at = [], 0
    for character in line:
        columns.append(at)
        at += _TAB - at % _TAB if character == "\t" else cell_width(character)
    return columns, at


def _shown(character: str, at: int) -> str:
    if character == "\t":
        return " " * (_TAB - at % _TAB)
    return "" if is_hidden(character) else character


def _window(focus: _Placed, end: int, width: int) -> tuple[int, int]:
    if end <= width:
        return 0, end
    low = max(0, min(focus.start - _LEAD, end - width + 2))
    return low, low + width - 2


def _clipped(place: _Placed, low: int, high: int, shift: int) -> _Placed:
    start = min(max(place.start, low), high)
    end = max(min(place.end, high + 1), start + 1)
    return _Placed(start - shift, end - shift, place.mark)


def _rows_of_marks(placed: list[_Placed], style: Style) -> list[str]:
    signs: dict[int, tuple[str, str]] = {}
    for place in sorted(placed, key=lambda place: place.mark.primary):
        for column in range(place.start, place.end):
            signs[column] = (place.mark.sign, place.mark.role)
    speaking = sorted((place for place in placed if place.mark.message), key=lambda place: place.start)
    row = _compose([(column, sign, role) for column, (sign, role) in signs.items()], style)
    if speaking and speaking[-1].end > max(signs):
        last = speaking.pop()
        row += " " + style.paint(printable(last.mark.message), last.mark.role)
    rows = [row]
    if speaking:
        rows.append(_compose([(place.start, "|", place.mark.role) for place in speaking], style))
    while speaking:
        last = speaking.pop()
        pieces = [(p.start, "|", p.mark.role) for p in speaking if p.start < last.start]
        rows.append(_compose([*pieces, (last.start, printable(last.mark.message), last.mark.role)], style))
    return rows


def _compose(pieces: list[tuple[int, str, str]], style: Style) -> str:
    """One row out of pieces of text at columns; pieces that touch and look alike are painted as one."""
    runs: list[tuple[int, str, str]] = []
    for column, text, role in sorted(pieces):
        if runs and runs[-1][2] == role and runs[-1][0] + len(runs[-1][1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + text, role)
        elif not runs or runs[-1][0] != column:
            runs.append((column, text, role))
    row, at = "", 0
    for column, text, role in runs:
        row += " " * (column - at) + style.paint(text, role)
        at = column + len(text)
    return row
