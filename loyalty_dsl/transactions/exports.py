"""Files that others write, read by a source: to a history, and an account of every row and every cent.

Invariant: rows of the file = used + skipped + set aside, and so for the money that the file says.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import attrs
import polars as pl

from loyalty_dsl.evaluation.everyone import limits_for_everyone
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.sources import Cells, Source, Term
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.earlier_rows import EarlierRows
from loyalty_dsl.transactions.histories import HistoryResult, history_of
from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.member_keys import PREFIX, hashed
from loyalty_dsl.transactions.opening import ROW, OpenedFile, laid_down
from loyalty_dsl.transactions.refused import Fault, RefusedRow, RefusedRows
from loyalty_dsl.transactions.schema import schema_of
from loyalty_dsl.transactions.source_amounts import money_cell
from loyalty_dsl.transactions.source_cells import SourceCells, read_source_cells
from loyalty_dsl.transactions.source_events import EVENT, MONEY, REFUNDED, SKIP, SourceEvents, events_of
from loyalty_dsl.transactions.source_orders import ORDER

NOT_REPEATED = "(not repeated, as it names the member)"
SIBLING = "belongs to an order of which another row cannot be used"


@attrs.frozen
class Share:
    """A part of a file: its orders, its rows, and the money that the file says of them in minor units."""

    orders: int
    rows: int
    money: int


@attrs.frozen(eq=False)
class Account:
    """What became of the rows of a file.

    Attributes:
        source: by which it was read.
        money_of: the column whose sums `Share.money` are; `None` for what the source makes of others.
        file: all that there is. Its money is summed without regard to orders.
        by_skip: for each `skip` of the source, what it left out.
        unreadable: rows whose money cannot be read, and counts as nothing.
        refunded: of the used orders, money that went back without a date and is not taken back.
        refunds: how many of these orders.
    """

    source: Source
    money_of: str | None
    file: Share
    used: Share
    skipped: Share
    aside: Share
    by_skip: tuple[Share, ...]
    unreadable: int
    refunded: int
    refunds: int


@attrs.frozen(eq=False)
class Export:
    """A file that was read by a source.

    Attributes:
        statuses: as of `SourceEvents`.
        rows: where each row of the history comes from.
        members: of each row of the file, as the source reads them; null where the cell is blank.
    """

    source: Source
    statuses: pl.DataFrame
    rows: tuple[int, ...]
    file_money: int
    members: pl.Series

    def verify_whole(self, path: Path, refused: RefusedRows, member: str, hashed_: str) -> None:
        """Refuses to tell of a member of whom a row cannot be used; those of others do not matter.

        Raises:
            InputRefused: with the first of these rows.
        """
        its = [each for each in refused.rows if self.members[each.row - 1] in (member, hashed_)]
        if its:
            told = RefusedRows(tuple(its), refused.total)
            rows = f"{len(its):,} row{'' if len(its) == 1 else 's'}"
            raise InputRefused(
                f"{rows} of `{member}` in `{path}` cannot be used:\n{told.describe()}",
                "mend them first: what is told of a member is of all that it did",
            )

    @property
    def carried(self) -> int:
        """Rows that no `skip` leaves out."""
        return self.statuses[SKIP].null_count()

    def in_file(self, refused: Iterable[RefusedRow]) -> tuple[RefusedRow, ...]:
        """Rows of the history that are refused as those of the file, each with the others of its event."""
        faults: dict[int, tuple[Fault, ...]] = {}
        for each in refused:
            if each.row > 0:
                row = self.rows[each.row - 1]
                faults[row] = (*faults.get(row, ()), *each.faults)
        return self.with_siblings(faults, EVENT)

    def with_siblings(self, faults: dict[int, tuple[Fault, ...]], whole: str) -> tuple[RefusedRow, ...]:
        """Rows at fault with those beside them in what is `whole`: an order, or an event."""
        at_fault = pl.col(ROW).is_in(list(faults))
        groups = self.statuses.filter(at_fault)[whole].unique()
        beside = self.statuses.filter(
            pl.col(whole).is_in(groups.to_list()) & pl.col(SKIP).is_null() & ~at_fault
        )
        rows = {row: (Fault(SIBLING),) for row in beside[ROW].to_list()} | faults
        return tuple(RefusedRow(row, its) for row, its in sorted(rows.items()))

    def account(self, refused: Iterable[RefusedRow]) -> Account:
        """What became of each row, given all that were set aside."""
        aside = pl.col(ROW).is_in([each.row for each in refused])
        skipped = pl.col(SKIP).is_not_null() & ~aside
        rows = self.statuses
        used = rows.filter(~aside & ~skipped)
        back = used.filter(pl.col(REFUNDED) > 0)
        return Account(
            source=self.source,
            money_of=_column_of_money(self.source),
            file=Share(rows[ORDER].n_unique(), rows.height, self.file_money),
            used=_share(used, used),
            skipped=_share(rows.filter(skipped), used, rows.filter(aside)),
            aside=_share(rows.filter(aside), used),
            by_skip=tuple(
                _share(rows.filter(skipped & (pl.col(SKIP) == number)), used, rows.filter(aside))
                for number in range(len(self.source.skips))
            ),
            unreadable=rows[MONEY].null_count(),
            refunded=int(back[REFUNDED].sum()),
            refunds=back[ORDER].n_unique(),
        )


def stands_alone(program: Program) -> bool:
    """Whether what a member gets depends on nobody else: no friends, no transfers, no limits for everyone."""
    schema = schema_of(program)
    return not (schema.refers or schema.sends or limits_for_everyone(program))


def _column_of_money(source: Source) -> str | None:
    """The column that says what an order costs, where one alone does."""
    if source.ties:
        return source.ties[0].to
    match source.basket or source.items:
        case (Term(of=Cells(column=column, times=None)),):
            return column
        case _:
            return None


def _share(rows: pl.DataFrame, *elsewhere: pl.DataFrame) -> Share:
    """A part; an order of which some rows are `elsewhere` counts there."""
    orders = set(rows[ORDER].to_list())
    for other in elsewhere:
        if other is not rows:
            orders -= set(other[ORDER].to_list())
    return Share(len(orders), rows.height, int(rows[MONEY].sum()))


def read_export(
    program: Program,
    path: Path,
    source: Source,
    key: bytes | None,
    *,
    data: bytes | None = None,
    earlier: EarlierRows | None = None,
) -> HistoryResult:
    """Reads a file by a source.

    Args:
        program, path, data, earlier: as of `read_history`.
        key: for the hashes of members, where the source asks for them.

    Raises:
        InputRefused: the file cannot be read at all, or lacks a column.
    """
    with laid_down(data) as place:
        read = read_source_cells(source, path, place)
    if source.hashed and key is not None:
        read = _without_names(source, read, key)
    events = events_of(source, program, read, 0 if earlier is None else earlier.total)
    inner = history_of(
        _opened(read, events), _numbered(events.frame), schema_of(program), ColumnMapping(), earlier
    )
    names = read.cells[read.named[source.member]]
    export = Export(source, events.statuses, events.rows, _file_money(read, events, program), names)
    faults: dict[int, tuple[Fault, ...]] = {}
    for column, reason, found in events.faults:
        shown = None if source.hashed and column == source.member else "cell"
        for row, cell in found.select(ROW, "cell").iter_rows():
            text = f"`{column}` {reason}" if column else reason
            faults[row] = (*faults.get(row, ()), Fault(text, cell if shown else None))
    first = RefusedRows(export.with_siblings(faults, ORDER), events.statuses.height)
    return attrs.evolve(
        inner, refused=first.with_rows(export.in_file(inner.refused.rows)), opened=read.opened, export=export
    )


def _file_money(read: SourceCells, events: SourceEvents, program: Program) -> int:
    """The money of the file: where a column says it, that column from top to bottom, whatever the orders."""
    ties = events.source.ties
    if not ties:
        return int(events.statuses[MONEY].sum())
    return int(read.cells.select(money_cell(read.of(ties[0].to), program.money).sum()).item())


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index(ROW, 1)


def _opened(read: SourceCells, events: SourceEvents) -> OpenedFile:
    """The rows that the source made, as a file of our columns."""
    types: dict[str, pl.DataType] = dict.fromkeys(events.frame.columns, pl.String())
    lazy = _numbered(events.frame).lazy()
    return OpenedFile(read.opened.path, lazy, types, events.theirs, False)


def _without_names(source: Source, read: SourceCells, key: bytes) -> SourceCells:
    """The cells with hashes for members, also for whoever writes rows that are set aside."""
    name = read.named[source.member]
    cells = read.cells.with_columns(hashed(read.cells[name], key).alias(name))
    kept = cells.select(pl.col(ROW).cast(pl.UInt32), *read.named.values())
    lazy = kept.with_columns((pl.lit(PREFIX) + pl.col(name)).alias(name)).lazy()
    told = dict.fromkeys(read.opened.lines, NOT_REPEATED)
    texts = {
        row: _line_without_name(text, source.member, name)
        for (row, text), name in zip(read.opened.texts.items(), cells[name].to_list(), strict=False)
    }
    opened = attrs.evolve(read.opened, lazy=lazy, lines=told, texts=texts)
    return SourceCells(opened, cells, read.named)


def _line_without_name(text: str, column: str, hash_: str | None) -> str:
    """A line of JSON with a hash for its member."""
    try:
        event = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return NOT_REPEATED
    if not isinstance(event, dict):
        return NOT_REPEATED
    name = None if hash_ is None else PREFIX + hash_
    return json.dumps({**event, column: name}, ensure_ascii=False)
