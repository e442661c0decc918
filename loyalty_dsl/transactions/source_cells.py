"""The columns that a source names, as texts.

Invariant: no other column is ever read; a cell is null where it is blank, and stripped of blanks around it.
"""

import json
from pathlib import Path
from typing import Any

import attrs
import polars as pl

from loyalty_dsl.language.sources import Cells, Source, Sum
from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.json_lines import NESTED, NO_OBJECT, NOT_JSON
from loyalty_dsl.transactions.opening import ROW, OpenedFile, open_columns, read_cells, told_plainly
from loyalty_dsl.transactions.schema import MEMBER, TIME


@attrs.frozen
class SourceCells:
    """A file as a source reads it.

    Attributes:
        opened: the file; its columns have made-up names.
        cells: `ROW` and texts.
        named: the made-up name of each column of the file.
    """

    opened: OpenedFile
    cells: pl.DataFrame
    named: dict[str, str]

    def of(self, column: str) -> pl.Expr:
        """The cells of a column of the file."""
        return pl.col(self.named[column])


def columns_of(source: Source) -> tuple[str, ...]:
    """Every column that a source names, each once."""
    names = [source.member, *([source.event] if source.event else []), *source.moment.columns]
    names += [source.currency] if source.currency else []
    for each in (source.items, source.basket, *(tie.amount for tie in source.ties)):
        names += sum_columns(each)
    names += [tie.to for tie in source.ties]
    meanings = ([source.kind] if source.kind else []) + [meaning for _, meaning in source.fields]
    names += [meaning.column for meaning in meanings if meaning.column is not None]
    names += [source.returning.column] if source.returning and source.returning.column else []
    names += [source.refunded] if source.refunded else []
    names += [skip.column for skip in source.skips]
    return tuple(dict.fromkeys(names))


def sum_columns(sum_: Sum) -> list[str]:
    """The columns of a sum."""
    cells = [term.of for term in sum_ if isinstance(term.of, Cells)]
    return [name for each in cells for name in (each.column, each.times) if name is not None]


def read_source_cells(source: Source, path: Path, place: Path | None) -> SourceCells:
    """Reads the columns of a source.

    Args:
        place: where the rows lie, if `path` only names them.

    Raises:
        InputRefused: the file cannot be read, or lacks a column.
    """
    wanted = columns_of(source)
    named = {column: f"c{i}" for i, column in enumerate(wanted)}
    if source.format == "json lines":
        opened = _open_json(source, path, place, named)
    else:
        opened = open_columns(path, lambda present, _: _chosen(source, path, named, present), place)
        if opened.is_parquet != (source.format == "parquet"):
            is_ = "Parquet" if opened.is_parquet else "no Parquet"
            raise InputRefused(
                f"`{path}` is {is_}, and the source `{source.name}` reads {source.format}",
                "write `read parquet`" if opened.is_parquet else "write `read csv`",
            )
    opened, cells = read_cells(opened)
    with told_plainly(path):
        texts = [_text(name, opened.types[name]).alias(name) for name in named.values()]
        return SourceCells(opened, cells.select(pl.col(ROW).cast(pl.Int64), *texts), named)


def _chosen(source: Source, path: Path, named: dict[str, str], present: list[str]) -> dict[str, str]:
    for column in named:
        if column not in present:
            near = nearest(column, present)
            shown = ", ".join(f"`{name}`" for name in present[:20]) + (", ..." if len(present) > 20 else "")
            raise InputRefused(
                f"`{path}` has no column `{column}`, which the source `{source.name}` names",
                (f"is it `{near}`? " if near else "") + f"the file has {shown}" + _plainly(present),
            )
        if present.count(column) > 1:
            raise InputRefused(f"`{path}` has two columns named `{column}`", "leave one of them out")
    return {ours: column for column, ours in named.items()}


def _plainly(present: list[str]) -> str:
    """What to do with a file that has our own columns, as the source was not named but the only one."""
    own = MEMBER in present and TIME in present
    return "; a file with our own columns is read with `--source none`" if own else ""


def _text(name: str, type_: pl.DataType) -> pl.Expr:
    cell = pl.col(name)
    if isinstance(type_, pl.Datetime):
        form = "%Y-%m-%d %H:%M:%S" + ("%:z" if type_.time_zone else "")
        return cell.dt.strftime(form)
    text = cell.cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def _open_json(source: Source, path: Path, place: Path | None, named: dict[str, str]) -> OpenedFile:
    """JSON lines, an object each, whose values are no lists and no records."""
    rows: list[dict[str, str | None]] = []
    malformed: dict[str, list[int]] = {}
    texts: dict[int, str] = {}
    with told_plainly(path):
        text = (place or path).read_bytes().decode("utf-8-sig")
    for line in text.split("\n"):
        if not line.strip():
            continue
        number = len(rows) + 1
        texts[number] = line.strip()
        cells, reason = _json_cells(line, named)
        rows.append(cells)
        if reason is not None:
            malformed.setdefault(reason, []).append(number)
    found = {key for row in rows for key in row}
    if rows and not found:
        raise InputRefused(
            f"`{path}` has no JSON object on any line, and the source `{source.name}` reads json lines",
            "write `read csv` or `read parquet` in the source, if it is that",
        )
    missing = [column for column in named if column not in found]
    if rows and missing:
        _chosen(source, path, {missing[0]: ""}, sorted(found))
    frame = pl.DataFrame(
        {ours: [row.get(column) for row in rows] for column, ours in named.items()},
        schema=dict.fromkeys(named.values(), pl.String),
    )
    types: dict[str, pl.DataType] = dict.fromkeys(named.values(), pl.String())
    theirs = {ours: column for column, ours in named.items()}
    lazy = frame.lazy().with_row_index(ROW, 1)
    return OpenedFile(path, lazy, types, theirs, False, malformed=malformed, texts=texts, is_json=True)


def _json_cells(line: str, named: dict[str, str]) -> tuple[dict[str, str | None], str | None]:
    try:
        event: Any = json.loads(line, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}, NOT_JSON
    if not isinstance(event, dict):
        return {}, NO_OBJECT
    cells: dict[str, str | None] = {}
    for key, value in event.items():
        if isinstance(value, dict | list) and key in named:
            return {}, NESTED
        if not isinstance(value, dict | list):
            cells[key] = (
                value if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            )
    return cells, None
