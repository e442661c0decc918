"""The columns of a file as its first rows show them: what cells look like, column by column.

Invariant: nothing is decided here; shares are of the cells that hold anything, in the rows looked at.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import attrs

from loyalty_dsl.reading import file_near
from loyalty_dsl.refusals import InputRefused

MOST_ROWS = 2000
"""Rows that are looked at."""

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
AMOUNT = re.compile(r"-?\(?-?[$£€]?-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\)?")
NUMBER = re.compile(r"-?[0-9]+(?:\.0+)?")
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)? ?(?:Z|UTC|[+-]\d\d:?\d\d)?")
DATE = re.compile(
    r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?:,? +(\d{1,2}:\d\d(?::\d\d)?)(?: *([AaPp]\.?[Mm]\.?))?)?"
)
CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: *[AaPp]\.?[Mm]\.?)?")


@attrs.frozen
class SeenColumn:
    """A column: its name, and its cells in the first rows, blank ones `None`."""

    name: str
    cells: tuple[str | None, ...]

    @property
    def plain(self) -> str:
        """The name in small letters, with one blank between its words."""
        return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", self.name).lower()))

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold anything."""
        return tuple(cell for cell in self.cells if cell is not None)

    def share(self, shape: re.Pattern[str]) -> float:
        """The share of filled cells of a shape; 0 where there are none."""
        cells = self.filled
        return sum(shape.fullmatch(cell) is not None for cell in cells) / len(cells) if cells else 0.0

    def texts(self) -> Counter[str]:
        """How often each text occurs."""
        return Counter(self.filled)


def seen_columns(path: Path) -> tuple[str, tuple[SeenColumn, ...]]:
    """Looks at the first rows of a file.

    Returns:
        Its format as a source says it, and its columns.

    Raises:
        InputRefused: it cannot be read, or has no columns.
    """
    if not path.is_file():
        raise InputRefused(f"there is no file `{path}`", file_near(path))
    try:
        with path.open("rb") as file:
            start = file.read(64)
        if start.startswith(b"PAR1"):
            return "parquet", _of_rows(*_parquet_rows(path))
        if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return "json lines", _of_rows(*_json_rows(path))
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text)
            header = next(lines, [])
            rows = [row for row in islice(lines, MOST_ROWS) if row]
    except UnicodeDecodeError:
        raise InputRefused(f"`{path}` is not text in UTF-8", "save it as UTF-8") from None
    except (csv.Error, ValueError, OSError) as problem:
        raise InputRefused(f"`{path}` cannot be read: {str(problem)[:100]}") from None
    if len(header) < 2:
        raise InputRefused(
            f"`{path}` has one column", "a CSV file has commas between its columns, and names them first"
        )
    return "csv", _of_rows(header, rows)


def _of_rows(
    header: list[str], rows: Iterable[list[str | None]] | Iterable[list[str]]
) -> tuple[SeenColumn, ...]:
    """The columns that a source could name: with a name of their own, and no quote in it."""
    cells: list[list[str | None]] = [[] for _ in header]
    for row in rows:
        for number, column in enumerate(cells):
            cell = row[number] if number < len(row) else None
            column.append((cell or "").strip() or None)
    named = Counter(header)
    return tuple(
        SeenColumn(name, tuple(column))
        for name, column in zip(header, cells, strict=True)
        if name.strip() and named[name] == 1 and '"' not in name and name.isprintable()
    )


def _parquet_rows(path: Path) -> tuple[list[str], list[list[str | None]]]:
    import polars as pl

    from loyalty_dsl.transactions.opening import told_plainly

    with told_plainly(path):
        frame = pl.scan_parquet(path, glob=False).head(MOST_ROWS).collect()
        flat = [name for name, kind in frame.schema.items() if not kind.is_nested()]
        texts = frame.select(pl.col(flat).cast(pl.String, strict=False))
        return flat, [list(row) for row in texts.iter_rows()]


def _json_rows(path: Path) -> tuple[list[str], list[list[str | None]]]:
    with path.open(encoding="utf-8-sig") as text:
        found = [
            json.loads(line, parse_float=str) for line in islice((x for x in text if x.strip()), MOST_ROWS)
        ]
    events = [event for event in found if isinstance(event, dict)]
    header = list(dict.fromkeys(key for event in events for key in event))
    as_text: Callable[[object], str | None] = lambda value: (  # noqa: E731
        None if value is None or isinstance(value, dict | list) else str(value)
    )
    return header, [[as_text(event.get(key)) for key in header] for event in events]
