"""Rows of a file to orders: which rows belong together, and what each order's first row says for all of them.

Invariant: every row is in one order. What an order says, its first row says; a row that says something else
of the order is at fault.

Worked case, of an export whose blanks repeat the order above. Row 3 goes on with the order of row 1 although
that of row 2 is between them; row 4 is a second order with an id that there was:

    row  Name   Subtotal  Lineitem price
    1    #1001  30.00     10.00
    2    #1002   5.00      5.00
    3    #1001            20.00
    4    #1002   5.00      5.00
"""

from collections.abc import Collection

import attrs
import polars as pl

from loyalty_dsl.language.sources import Source
from loyalty_dsl.transactions.opening import ROW
from loyalty_dsl.transactions.source_cells import SourceCells, sum_columns

ORDER = "order"
"""The order of a row: the number of its first row."""

_KEY = "key"
_HEAD = "head"

TWICE = "is an order that the file has already"
UNLIKE = "differs from the first row of its order"
NO_ID = "is missing"


@attrs.frozen(eq=False)
class Orders:
    """The orders of a file.

    Attributes:
        rows: `ROW`, `ORDER` and the cells; those that are the order's are its first row's on each.
        shared: the columns of the file that are the order's, and not the item's.
        faults: by column of the file and reason, the rows (`ROW`, `ORDER`, `cell`) at fault.
    """

    rows: pl.DataFrame
    shared: tuple[str, ...]
    faults: tuple[tuple[str, str, pl.DataFrame], ...]


def orders_of(source: Source, read: SourceCells, item_fields: Collection[str]) -> Orders:
    """Finds the orders (SOURCE-2).

    Args:
        item_fields: the names of the program's fields of items.
    """
    cells = read.cells
    if not source.per_item or source.event is None:
        return Orders(cells.with_columns(pl.col(ROW).alias(ORDER)), (), ())
    own = _own_of_item(source, item_fields)
    shared = tuple(name for name in read.named if name not in own and name != source.event)
    id_ = read.of(source.event)
    evidence = [name for name in _money_of_order(source) if name not in own]
    if source.repeats and evidence:
        filled = pl.any_horizontal(read.of(name).is_not_null() for name in evidence)
        head = filled | (id_.is_not_null() & id_.is_first_distinct())
    elif source.repeats:
        head = id_.is_not_null() & (id_ != id_.forward_fill().shift(1).fill_null("")).fill_null(True)
    else:
        head = id_.is_null() | id_.is_first_distinct()
    alone = pl.format("\0{}", pl.col(ROW))
    key = pl.when(id_.is_not_null()).then(id_).when(pl.col(_HEAD)).then(alone)
    rows = cells.with_columns(head.alias(_HEAD)).with_columns(key.forward_fill().alias(_KEY))
    rows = rows.with_columns(pl.col(_KEY).fill_null(alone))
    first = pl.when(pl.col(_HEAD)).then(pl.col(ROW)).forward_fill().over(_KEY)
    rows = rows.with_columns(first.fill_null(pl.col(ROW)).alias(ORDER))
    heads = rows.filter(pl.col(ROW) == pl.col(ORDER))
    faults = [
        (source.event, NO_ID, _at(heads.filter(id_.is_null()), pl.lit(None))),
        (source.event, TWICE, _at(heads.filter(id_.is_not_null() & ~id_.is_first_distinct()), id_)),
    ]
    first_rows = rows[ORDER] - 1
    of_head = [rows[read.named[name]].gather(first_rows).alias(f"head_{read.named[name]}") for name in shared]
    rows = rows.with_columns(*of_head, rows[read.named[source.event]].gather(first_rows))
    for name in shared:
        cell, said = read.of(name), pl.col(f"head_{read.named[name]}")
        other = cell.is_not_null() & cell.ne_missing(said)
        faults.append((name, UNLIKE, _at(rows.filter(other), cell)))
    kept = [pl.col(f"head_{read.named[name]}").alias(read.named[name]) for name in shared]
    rows = rows.with_columns(*kept).select(ORDER, *cells.columns)
    return Orders(rows, shared, tuple(fault for fault in faults if not fault[2].is_empty()))


def _at(rows: pl.DataFrame, cell: pl.Expr) -> pl.DataFrame:
    return rows.select(ROW, ORDER, cell.cast(pl.String).alias("cell"))


def _own_of_item(source: Source, item_fields: Collection[str]) -> set[str]:
    """The columns that each row has for itself."""
    own = set(sum_columns(source.items)) | {skip.column for skip in source.skips if skip.items}
    own |= {meaning.column for name, meaning in source.fields if name in item_fields and meaning.column}
    if not source.repeats:
        own |= {skip.column for skip in source.skips}
        own |= {name for tie in source.ties for name in (*sum_columns(tie.amount), tie.to)}
        own |= {source.kind.column} if source.kind is not None and source.kind.column else set()
        own |= (
            {source.returning.column} if source.returning is not None and source.returning.column else set()
        )
    return own


def _money_of_order(source: Source) -> list[str]:
    """Columns that the first row of an order has, and no other."""
    names = [source.currency] if source.currency else []
    names += sum_columns(source.basket)
    for tie in source.ties:
        names += [*sum_columns(tie.amount), tie.to]
    return list(dict.fromkeys(names))
