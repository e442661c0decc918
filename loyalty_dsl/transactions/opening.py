"""Opens a CSV or Parquet file as a lazy frame of the columns that are wanted, under our names.

Invariant: only wanted columns are ever decoded; CSV cells stay text, so that no number passes through a
float on its way; and a file that is damaged, compressed as a whole or too large for this machine becomes
one sentence.
"""

import csv
import os
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import polars as pl

from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.reading import file_near
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.csv_by_hand import has_no_cell_too_many, read_by_hand
from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.parquet_footer import ParquetFooter, read_footer
from loyalty_dsl.transactions.schema import AMOUNT, CENTS, MEMBER, TIME, Schema

ROW = "row"
"""Rows of the file, counted from 1 without the header."""

PARQUET_SUFFIXES = (".parquet", ".pq")

_COMPRESSED = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd", b"PK": "zip", b"BZ": "bzip2"}
_MAX_HEADER = 1_000_000


@attrs.frozen
class OpenedFile:
    """A file that can be read.

    Attributes:
        lazy: `ROW` and the wanted columns that the file has, under our names.
        types: the type of each of these columns; text for all of a CSV file.
        theirs: what the file calls each.
        header: the names of all columns of a CSV file; empty for Parquet.
        malformed: by reason, the rows of a CSV file that are no rows of its header.
        lines: the text of each of those rows.
        line_of: of JSON lines, the line of each row; empty for the rest, where a row is a line.
        texts: of JSON lines, the text of each line.
        place: where the rows lie, if not at `path`, which then only names them.
    """

    path: Path
    lazy: pl.LazyFrame
    types: dict[str, pl.DataType]
    theirs: dict[str, str]
    is_parquet: bool
    header: list[str] = attrs.field(factory=list)
    malformed: dict[str, list[int]] = attrs.field(factory=dict)
    lines: dict[int, str] = attrs.field(factory=dict)
    line_of: tuple[int, ...] = ()
    texts: dict[int, str] = attrs.field(factory=dict)
    is_json: bool = False
    place: Path | None = None

    @property
    def lies(self) -> Path:
        """Where the rows are read from."""
        return self.place or self.path


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turns whatever polars raises about a file into a refusal. Its panics are no `Exception`, and have put
    their stack on stderr by then, which only a command may keep off the terminal."""
    try:
        yield
    except UnicodeDecodeError:
        raise InputRefused(f"`{path}` is not text in UTF-8", "save it as UTF-8") from None
    except (pl.exceptions.PolarsError, OSError, csv.Error) as problem:
        reason = (str(problem).strip().splitlines() or ["it is damaged"])[0]
        raise InputRefused(f"`{path}` cannot be read: {reason[:200]}") from None
    except pl.exceptions.PanicException:
        raise InputRefused(f"`{path}` cannot be read: it is damaged") from None


@contextmanager
def laid_down(data: bytes | None) -> Iterator[Path | None]:
    """A file that holds what came without one, as by the standard input, for as long as it is read."""
    if data is None:
        yield None
        return
    with TemporaryDirectory() as folder:
        place = Path(folder) / "rows"
        place.write_bytes(data)
        yield place


def open_transactions(
    path: Path, schema: Schema, mapping: ColumnMapping, place: Path | None = None
) -> OpenedFile:
    """Opens a file of transactions.

    Args:
        path: a CSV file with a header, or a Parquet file.
        schema: the columns of the program.
        mapping: what the file calls them.
        place: where the rows lie, if `path` only names them.

    Raises:
        InputRefused: the file cannot be read, or a column is missing or there twice.
    """
    return open_columns(path, lambda present, where: _wanted(path, schema, mapping, present, where), place)


def open_columns(
    path: Path, choose: Callable[[list[str], str], dict[str, str]], place: Path | None = None
) -> OpenedFile:
    """Opens a CSV or Parquet file for some of its columns.

    Args:
        choose: from the names of its columns, and what they are the names of (`first line`, `file`), those to
            read: by our name, the file's.
        path, place: as of `open_transactions`.

    Raises:
        InputRefused: the file cannot be read, or as `choose` does.
    """
    lies = place or path
    if not lies.exists():
        raise InputRefused(f"there is no file `{path}`", file_near(path))
    if not lies.is_file():
        raise InputRefused(f"`{path}` is not a file")
    with told_plainly(path):
        with lies.open("rb") as file:
            start = file.read(4)
        footer, header = None, []
        is_parquet = start == b"PAR1" or path.suffix.lower() in PARQUET_SUFFIXES
        if is_parquet:
            footer = _footer(path, lies)
            lazy = pl.scan_parquet(lies, glob=False)
            types = dict(lazy.collect_schema())
        else:
            if start[:2] in _COMPRESSED:
                raise InputRefused(
                    f"`{path}` is compressed ({_COMPRESSED[start[:2]]})", "decompress it first"
                )
            header = csv_header(path, lies)
            lazy = pl.scan_csv(lies, infer_schema=False, glob=False)
            types = dict.fromkeys(header, pl.String())
        columns = choose(header or list(types), "first line" if header else "file")
        nested = next((name for name in columns.values() if types[name].is_nested()), None)
        if nested is not None:
            raise InputRefused(f"the column `{nested}` of `{path}` holds lists or records, not single values")
        csv_needs = 4 * lies.stat().st_size  # the text, and our integers beside it
        _verify_fits(path, _parquet_needs(footer, set(columns.values())) if footer else csv_needs)
    kinds = {ours: types[name] for ours, name in columns.items()}
    return OpenedFile(path, _numbered(lazy, columns), kinds, columns, is_parquet, header, place=place)


def opened_rows(
    name: str,
    frame: pl.DataFrame,
    schema: Schema,
    mapping: ColumnMapping,
    *,
    malformed: dict[str, list[int]],
    line_of: tuple[int, ...],
    texts: dict[int, str],
) -> OpenedFile:
    """JSON lines as the rows that they were made into.

    Args:
        frame: cells of text, under the file's names.
    """
    path = Path(name)
    columns = _wanted(path, schema, mapping, frame.columns)
    lazy = _numbered(frame.lazy(), columns)
    types: dict[str, pl.DataType] = dict.fromkeys(columns, pl.String())
    return OpenedFile(
        path, lazy, types, columns, False, malformed=malformed, line_of=line_of, texts=texts, is_json=True
    )


def _numbered(lazy: pl.LazyFrame, columns: dict[str, str]) -> pl.LazyFrame:
    return lazy.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items()).with_row_index(ROW, 1)


def read_cells(opened: OpenedFile) -> tuple[OpenedFile, pl.DataFrame]:
    """Decodes the wanted columns of all rows.

    Returns:
        The cells, with `ROW`, and the file: as it was or, where it is a CSV file with rows that are no rows
        of its header, read by hand, with those rows in `malformed`. Blank lines at its end are no rows.

    Raises:
        InputRefused: the file is damaged.
    """
    with told_plainly(opened.path):
        if opened.is_json:
            return opened, opened.lazy.collect()
        cells = opened.lazy.collect() if opened.is_parquet else _collected(opened)
        if cells is None:
            by_hand = read_by_hand(opened.lies, opened.header)
            cells = _numbered(by_hand.frame.lazy(), opened.theirs).collect()
            opened = attrs.evolve(opened, lazy=cells.lazy(), malformed=by_hand.malformed, lines=by_hand.lines)
        if not opened.is_parquet:
            blank = cells.tail(_blank_lines_at_end(opened.lies)).reverse()
            nothing = blank.select(pl.all_horizontal(pl.exclude(ROW).is_null())).to_series()
            cells = cells.head(cells.height - int(nothing.cast(pl.Int64).cum_prod().sum()))
    if opened.place is not None:  # it may be gone when refused rows are written
        opened = attrs.evolve(opened, lazy=cells.lazy())
    return opened, cells


def _collected(opened: OpenedFile) -> pl.DataFrame | None:
    """The cells of a CSV file; `None` where a row is no row of its header."""
    width = len(opened.header)
    if len(opened.types) < width and not has_no_cell_too_many(opened.lies, width):
        return None
    if _has_long_unended_line(opened.lies, width):
        return None
    try:
        return opened.lazy.collect()
    except pl.exceptions.ComputeError:
        return None


def _has_long_unended_line(path: Path, width: int) -> bool:
    """Whether the last line has no end and a cell too many, which the fast reader lets pass."""
    last = _end_of(path).rpartition(b"\n")[2].decode("utf-8", "replace")
    return len(next(csv.reader([last]), [])) > width


def _blank_lines_at_end(path: Path) -> int:
    """How many of the last lines hold nothing, as far as the end of the file shows."""
    end = _end_of(path)
    return max(0, end[len(end.rstrip(b"\r\n")) :].count(b"\n") - 1)


def _end_of(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _MAX_HEADER))
        return file.read()


def csv_header(path: Path, lies: Path) -> list[str]:
    with lies.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(_MAX_HEADER)
    if first.endswith("\r"):
        raise InputRefused(
            f"the lines of `{path}` end in a carriage return alone",
            "save it with line feeds, as most programs do",
        )
    line = next(csv.reader([first]), [])
    if len(line) == 1 and (separator := next((s for s in ";\t|" if s in line[0]), None)):
        name = "tabs" if separator == "\t" else f"`{separator}`"
        raise InputRefused(f"the columns of `{path}` are separated by {name}", "save it with commas")
    if not any(line):
        raise InputRefused(f"`{path}` is empty", "its first line names the columns")
    return line


def _footer(path: Path, lies: Path) -> ParquetFooter:
    try:
        return read_footer(lies)
    except ValueError as problem:
        raise InputRefused(f"`{path}` cannot be read: {problem}") from None


def _parquet_needs(footer: ParquetFooter, columns: set[str]) -> int:
    """Bytes of memory for the columns: as they are when decoded, or a hundred a row as our integers."""
    decoded = sum(size for name, size in footer.bytes_of.items() if name in columns)
    return max(decoded, 100 * footer.rows)


def _verify_fits(path: Path, needed: int) -> None:
    """Refuses a file that would take more than half of this machine's memory, where that can be asked."""
    memory = _memory_of_this_machine()
    if memory is not None and needed > memory // 2:
        raise InputRefused(
            f"`{path}` would take {needed / 10**9:,.1f} GB of memory, more than half of this machine's "
            f"{memory / 10**9:,.1f} GB",
            "split it by member",
        )


def _memory_of_this_machine() -> int | None:
    """In bytes; `None` on a system that does not say, such as Windows."""
    if not hasattr(os, "sysconf"):
        return None
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _wanted(
    path: Path, schema: Schema, mapping: ColumnMapping, present: list[str], header: str = "file"
) -> dict[str, str]:
    """What the file calls each wanted column that it has; `header` is where its names stand."""
    columns = {name: mapping.theirs(name) for name in schema.names if mapping.theirs(name) in present}
    for ours, theirs in mapping.columns.items():
        if theirs not in present:
            raise InputRefused(
                f"`{path}` has no column `{theirs}`, which the mapping names for `{ours}`",
                _hint(theirs, present, header),
            )
    if AMOUNT in columns and CENTS in columns:
        raise InputRefused(
            f"`{path}` has both `{columns[AMOUNT]}` and `{columns[CENTS]}`; one of them is the amount",
            "map the one to read, and leave the other out of the file",
        )
    for ours, theirs in columns.items():
        if present.count(theirs) > 1:
            raise InputRefused(f"`{path}` has two columns named `{theirs}`", "leave one of them out")
        other = next(name for name in columns if columns[name] == theirs)
        if other != ours:
            raise InputRefused(
                f"the column `{theirs}` of `{path}` is read as both `{other}` and `{ours}`",
                f"name another column for one of them in [columns], or rename `{theirs}`",
            )
    missing = [name for name in (MEMBER, TIME, *schema.required) if name not in columns]
    if AMOUNT not in columns and CENTS not in columns:
        missing.insert(0, AMOUNT)
    if missing:
        paid = AMOUNT in missing and "amount_paid" in present
        raise InputRefused(
            f"`{path}` lacks the column{'s' if len(missing) > 1 else ''} "
            + ", ".join(f"`{mapping.theirs(name)}`" for name in missing),
            "`amount_paid` is not supported yet; `amount` is the cost before this program's own rewards"
            if paid
            else _hint(mapping.theirs(missing[0]), present, header, set(columns.values()), missing),
        )
    return columns


def _hint(
    name: str, present: list[str], header: str, taken: Container[str] = (), missing: Sequence[str] = ()
) -> str:
    near = nearest(name, [other for other in present if other not in taken])
    shown = ", ".join(f"`{other}`" for other in present[:20]) + (", ..." if len(present) > 20 else "")
    guess = f"is it `{near}`? " if near else ""
    lines = "".join(f'\n    {ours} = "..."' for ours in missing)
    file = f", a file that says\n    [columns]{lines}" if missing else ""
    return f"{guess}the {header} has {shown}; name its columns with --map FILE.toml{file}"
