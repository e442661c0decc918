"""CSV rows that are no rows of their header: whether a file has any, and which.

Invariant: every line is part of one row, in order; a row that is not well formed keeps the cells that it
seems to have and is named. A row may leave out blank cells at its end. Reading by hand is slow, and only
for files that have a row at fault.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import attrs
import polars as pl

CELLS = "has more cells than the header"
QUOTE = "has a quote out of place"
STRAY = "cannot be parted into cells"

_LONGEST_ROW = 100
"""Lines that a row may go over inside quotes; more, and the quote was never meant to open."""


@attrs.frozen
class ReadByHand:
    """All rows of a file.

    Attributes:
        frame: text, one column for each name of the header, blank cells null.
        malformed: by reason, the numbers of the rows at fault, from 1.
        lines: what stands in the file at each row at fault, as its cells do not hold all of it.
    """

    frame: pl.DataFrame
    malformed: dict[str, list[int]]
    lines: dict[int, str]


def has_no_cell_too_many(path: Path, width: int) -> bool:
    """Whether no line of a CSV file has more than `width` cells.

    The fast reader does not tell when it is asked for some of the columns: in each line it looks no further
    than the last of them, and reads `1,200` as 1. A cell that goes over lines is not understood: false.
    """
    line = pl.col("line")
    is_quoted = line.str.contains('"', literal=True)
    bare = pl.when(is_quoted).then(line.str.replace_all('"[^"]*"', "")).otherwise(line)
    commas = bare.str.count_matches(",", literal=True)
    fits = (commas < width) & ~bare.str.contains('"', literal=True)
    try:
        lines = pl.scan_csv(
            path,
            has_header=False,
            separator="\x01",
            quote_char=None,
            new_columns=["line"],
            infer_schema=False,
            glob=False,
        )
        return bool(lines.select(fits.fill_null(True).all()).collect(engine="streaming").item())
    except pl.exceptions.PolarsError:
        return False


def read_by_hand(path: Path, header: list[str]) -> ReadByHand:
    """Reads the rows below the header.

    Raises:
        UnicodeDecodeError: it is no text in UTF-8.
        OSError: it cannot be read.
    """
    columns: list[list[str | None]] = [[] for _ in header]
    malformed: dict[str, list[int]] = {}
    at_fault: dict[int, str] = {}
    lines = path.read_bytes().decode("utf-8-sig").split("\n")[1:]
    if lines and not lines[-1]:
        lines.pop()
    usual = csv.field_size_limit(2**31 - 1)  # a long cell is no fault, and files are bounded before this
    for number, (text, cells, reason) in enumerate(_rows(lines, len(header)), 1):
        if reason is not None:
            malformed.setdefault(reason, []).append(number)
            at_fault[number] = text
        for i, column in enumerate(columns):
            column.append(cells[i] or None if i < len(cells) else None)
    csv.field_size_limit(usual)
    by_name = dict(zip(reversed(header), reversed(columns), strict=True))
    return ReadByHand(pl.DataFrame(by_name, dict.fromkeys(by_name, pl.String)), malformed, at_fault)


def _rows(lines: list[str], width: int) -> Iterator[tuple[str, list[str], str | None]]:
    """Each row's text and cells, and what is wrong with it as a whole."""
    at = 0
    while at < len(lines):
        taken = _lines_of_row(lines, at)
        text = "\n".join(lines[at : at + taken]).removesuffix("\r")
        cells = _cells_of(text)
        if cells is None or (taken > 1 and len(cells) > width):  # the quote that made it long was not meant
            taken, line = 1, lines[at].removesuffix("\r")
            yield line, line.split(","), QUOTE if '"' in text else STRAY
        else:
            yield text, cells, CELLS if len(cells) > width else None
        at += taken


def _cells_of(text: str) -> list[str] | None:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None


def _lines_of_row(lines: list[str], first: int) -> int:
    """How many lines the row that begins at `first` goes over: until its quotes are even."""
    quotes = 0
    for taken, line in enumerate(lines[first : first + _LONGEST_ROW], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return taken
    return 1
