"""Text for a terminal: colour where it helps, and nothing in it that a file could use to deceive.

Invariant: text that comes from a user passes `printable` (or `cells`) before it is printed, so that no
control or bidirectional character of a file reaches a terminal.
"""

import os
import sys
import unicodedata
from typing import IO

import attrs

_CODES = {"error": "1;31", "warning": "1;33", "accent": "1;34", "bold": "1", "good": "1;32", "dim": "2"}


@attrs.frozen
class Style:
    """How to print: in colour or not, and how many columns there are."""

    colour: bool
    width: int

    @classmethod
    def of(cls, stream: IO[str]) -> "Style":
        """Colour and width of the terminal behind a stream; plain and 110 wide where there is none."""
        if not stream.isatty():
            return PLAIN
        try:
            width = os.get_terminal_size(stream.fileno()).columns or PLAIN.width  # 0: it does not say
        except OSError:
            width = PLAIN.width
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        return cls(colour=not plain, width=max(40, width))

    @classmethod
    def of_stdout(cls) -> "Style":
        """That of stdout."""
        return cls.of(sys.stdout)

    def paint(self, text: str, role: str) -> str:
        """The text in the colour of its role: error, warning, accent, bold, good or dim."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style(colour=False, width=110)


def cell_width(character: str) -> int:
    """The columns that a character takes on a terminal: 0, 1 or 2."""
    if " " <= character <= "~":
        return 1
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf", "Cc", "Cs", "Zl", "Zp"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def is_hidden(character: str) -> bool:
    """Whether a terminal would obey a character instead of showing it (controls, bidirectional marks)."""
    return not (" " <= character <= "~") and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    """The text without its hidden characters, except line ends; a tab becomes a space."""
    if text.isascii() and text.isprintable():
        return text
    kept = (" " if c == "\t" else c for c in text if c in "\t\n" or not is_hidden(c))
    return "".join(kept)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def latest(months: int) -> str:
    """Over which months a figure is: `in the last 12 months`."""
    return "in the last month" if months == 1 else f"in the last {months} months"
