"""Source text and the spans that point into it.

Invariant: a span's offsets count characters of its own text, `0 <= start <= end <= len(text)`; lines
and columns are counted from 1 and only computed when somebody looks.
"""

import re
from bisect import bisect_right

import attrs

_LINE_END = re.compile("\n")


@attrs.frozen(eq=False)
class SourceText:
    """One file's name, as the user wrote it, and its text.

    Attributes:
        settings: the numbers of it that were set to other values, as `PATH=VALUE`.
        as_read: the file as it was read, where numbers of it were set.
    """

    name: str
    text: str
    settings: tuple[str, ...] = ()
    as_read: "SourceText | None" = None
    _line_starts: tuple[int, ...] = attrs.field(init=False, repr=False)

    @_line_starts.default
    def _find_line_starts(self) -> tuple[int, ...]:
        return (0, *(match.end() for match in _LINE_END.finditer(self.text)))

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @property
    def line_count(self) -> int:
        """Lines of the text; one that ends in a line end has an empty last one."""
        return len(self._line_starts)

    def line_start(self, number: int) -> int:
        """The offset of the first character of line `number` (from 1)."""
        return self._line_starts[number - 1]

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@attrs.frozen
class Span:
    """Characters `start` to `end` (not included) of a source."""

    source: SourceText = attrs.field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    def through(self, other: "Span") -> "Span":
        """The span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"
