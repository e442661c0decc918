"""Places in a text as editors count them: lines from 0, and columns from 0 in UTF-16 code units.

Invariant: an offset counts characters of Python's text, and every offset and position is brought into the
text before anything is looked up, so that a position that was true of an older text never raises.
"""

import attrs

from loyalty_dsl.source import SourceText, Span

_FIRST_ASTRAL = "\U00010000"
"""From here on a character is two code units."""


@attrs.frozen
class Position:
    """A line, and a column of it in UTF-16 code units, both from 0."""

    line: int
    character: int


@attrs.frozen
class Range:
    """From a place through the one before `end`; the two offsets are the same in characters."""

    start: Position
    end: Position
    start_offset: int
    end_offset: int


def position_at(text: str | SourceText, offset: int) -> Position:
    """The position of a character; one beyond the text is that of its end."""
    source = SourceText("", text) if isinstance(text, str) else text
    offset = min(max(offset, 0), len(source.text))
    line, column = source.position(offset)
    return Position(line - 1, _units(source.text[offset - column + 1 : offset]))


def offset_at(text: str | SourceText, position: Position) -> int:
    """The character at a position; one behind the end of its line is that end."""
    source = SourceText("", text) if isinstance(text, str) else text
    lines = source.line_count
    if position.line >= lines:
        return len(source.text)
    line = source.line(max(position.line, 0) + 1)
    start = source.line_start(max(position.line, 0) + 1)
    units = 0
    for column, character in enumerate(line):
        if units >= position.character:
            return start + column
        units += 1 + (character >= _FIRST_ASTRAL)
    return start + len(line)


def range_of(span: Span) -> Range:
    """Where a span is."""
    start, end = position_at(span.source, span.start), position_at(span.source, span.end)
    return Range(start, end, span.start, span.end)


def _units(text: str) -> int:
    return len(text) if text.isascii() else sum(1 + (each >= _FIRST_ASTRAL) for each in text)
