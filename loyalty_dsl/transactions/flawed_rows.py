"""What is wrong with the rows that cannot be read, each cell at fault with what was probably meant by it.

Invariant: a row is named once, with the first flaw of each of its columns.
"""

from collections import Counter

import polars as pl

from loyalty_dsl.language.suggestions import nearest
from loyalty_dsl.transactions.opening import ROW, OpenedFile, told_plainly
from loyalty_dsl.transactions.refused import EXAMPLES, Fault, RefusedRow
from loyalty_dsl.transactions.rows import FLAW, Rows


def flawed_rows(rows: Rows, opened: OpenedFile) -> tuple[RefusedRow, ...]:
    """The rows with flaws of their own, each with the cells that are at fault."""
    if rows.flawed.is_empty():
        return ()
    numbers = rows.flawed[ROW].to_list()
    columns = {flaw.column for flaw in rows.flaws}
    with told_plainly(opened.path):
        cells = opened.lazy.filter(pl.col(ROW).is_in(numbers)).select(
            # A damaged time cannot be written; any other cell can.
            pl.col(column).cast(pl.String, strict=False)
            for column in columns & set(opened.types)
            if not opened.types[column].is_temporal()
        )
        texts = {column: values.to_list() for column, values in cells.collect().to_dict().items()}
    seen: Counter[int] = Counter()

    def fault_of(number: int, position: int) -> Fault:
        flaw = rows.flaws[number - 1]
        if flaw.column == ROW:
            return Fault(flaw.reason)
        cell = texts[flaw.column][position] if flaw.column in texts else None
        seen[number] += 1
        shown = seen[number] <= EXAMPLES  # a guess takes a while, and no other is ever seen
        near = nearest(cell, flaw.known) if cell and shown else None
        return Fault(f"`{opened.theirs.get(flaw.column, flaw.column)}` {flaw.reason}", cell, near)

    return tuple(
        RefusedRow(row, tuple(fault_of(number, position) for number in flaws))
        for position, (row, flaws) in enumerate(zip(numbers, rows.flawed[FLAW].to_list(), strict=True))
    )
