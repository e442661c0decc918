"""Rows to a `History`: grouped by member, items gathered into purchases, rewards put where they belong.

Invariant: the events of the history and the refused rows together account for every row of the file. A
purchase is whole or absent: where one of its rows is refused, all of them are, and a redemption with it.
A redemption alone may be refused; its purchase goes on without it.

Worked case, for a program with item fields. Rows 1 and 2 are one purchase of two items, row 3 takes a
reward at it, row 4 is bad and takes row 5, the other item of its purchase, with it:

    row  member  purchase  kind      amount  category
    1    ann     p1        purchase  6.00    drink
    2    ann     p1        purchase  4.00    food
    3    ann     p1        redeem
    4    bob     p2        purchase  abc     food
    5    bob     p2        purchase  1.00    food
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import attrs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.evaluation.history import History, Ints
from loyalty_dsl.language.program import Program
from loyalty_dsl.language.types import PURCHASE
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER
from loyalty_dsl.transactions.earlier_rows import EarlierRows, before_the_end, joined_to
from loyalty_dsl.transactions.flawed_rows import flawed_rows
from loyalty_dsl.transactions.json_lines import open_rows
from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.opening import (
    ROW,
    OpenedFile,
    laid_down,
    read_cells,
    told_plainly,
)
from loyalty_dsl.transactions.refused import RefusedRow, RefusedRows
from loyalty_dsl.transactions.relations import MEMBER_CODE, Relations, relations_of
from loyalty_dsl.transactions.rows import (
    BLANK,
    DAY_MICROSECONDS,
    FLAW,
    IS_ITEM,
    Rows,
    field_width,
    parse_rows,
)
from loyalty_dsl.transactions.schema import (
    AMOUNT,
    KIND,
    MEMBER,
    QUANTITY,
    RETURNS,
    REWARD,
    TIME,
    TRANSFER,
    Schema,
    schema_of,
)
from loyalty_dsl.transactions.schema import PURCHASE as ID

if TYPE_CHECKING:
    from loyalty_dsl.transactions.exports import Export

_REDEEM_ROW = "redeem_row"
_AT = "at"
_BOUGHT = "bought"
_MINUTE = 60_000_000

LATE = "comes after a later row of the same member"
DUPLICATE = "has the `purchase` of an earlier row of the same member"
SPLIT = "belongs to a purchase whose rows do not follow each other"
SECOND_REWARD = "is a second reward at one purchase, which is not supported yet"
OTHER_DAY = "names a purchase of another day"
OTHER_SAYING = "says something else of the member than its purchase does"
WITHOUT_PURCHASE = "was asked for at a purchase that is refused"
SIBLING = "belongs to a purchase of which another row is refused"
UNLIKE = "differs from the first row of its purchase in time or in a field of the purchase"
TOO_LARGE = "belongs to a purchase that is larger than any may be"


@attrs.frozen(eq=False)
class HistoryResult:
    """What a file gave.

    Attributes:
        history: the events of the rows that are good.
        redeem_rows: [events] the row of the `redeem` that was put onto a purchase; -1 where none was.
        refused: the other rows.
        opened: the file, for writing refused rows.
        used: the rows of this file that are in the history, to go on from later.
        export: of a file that was read by a source, where its rows come from; `refused` has rows of the file.
    """

    history: History
    redeem_rows: Ints
    refused: RefusedRows
    opened: OpenedFile
    used: pl.DataFrame
    export: "Export | None" = None


def read_history(
    program: Program,
    path: Path,
    mapping: ColumnMapping | None = None,
    *,
    data: bytes | None = None,
    earlier: EarlierRows | None = None,
) -> HistoryResult:
    """Reads a file of transactions for a program.

    Args:
        program: names the columns and gives the time zone.
        path: CSV, Parquet or JSON lines; one row a purchase, or a row an item where the program declares item
            fields.
        mapping: what the file calls columns and values.
        data: what a file would hold, as from the standard input; `path` then only names it.
        earlier: the rows of files before this one, which the history begins with.

    Returns:
        The history of the good rows, members in order of appearance, and the bad rows with reasons. Rows of
        earlier files are numbered below 0.

    Raises:
        InputRefused: the file cannot be read at all, or lacks a column.
    """
    schema = schema_of(program)
    mapping = mapping or ColumnMapping()
    with laid_down(data) as place:
        opened, cells = read_cells(open_rows(path, place, schema, mapping))
    return history_of(opened, cells, schema, mapping, earlier)


def history_of(
    opened: OpenedFile,
    cells: pl.DataFrame,
    schema: Schema,
    mapping: ColumnMapping,
    earlier: EarlierRows | None,
) -> HistoryResult:
    """The history of the rows of an open file; arguments and result as of `read_history`."""
    rows = parse_rows(opened, cells, schema, mapping)
    refused = flawed_rows(rows, opened)
    with told_plainly(opened.path):
        good, more = _sorted_by_member(rows, earlier)
        history, redeem_rows, last = _gather(schema, good)
    gone = [each.row for each in (*more, *last)]
    used = good.filter((pl.col(ROW) > 0) & ~pl.col(ROW).is_in(gone)).sort(ROW).drop(MEMBER_CODE)
    told = RefusedRows(refused, rows.frame.height, opened.line_of).with_rows(more + last)
    return HistoryResult(history, redeem_rows, told, opened, used)


def _sorted_by_member(
    rows: Rows, earlier: EarlierRows | None = None
) -> tuple[pl.DataFrame, tuple[RefusedRow, ...]]:
    """The good rows with `MEMBER_CODE`, grouped by member and in the file's order within, and the rows
    that had to go for another's sake or because they come late."""
    frame = rows.frame
    made_id = pl.format("row {}", pl.col(ROW) + (0 if earlier is None else earlier.total))
    if ID not in frame.columns:
        frame = frame.with_columns(made_id.alias(ID))
    refused: list[RefusedRow] = []
    if (frame[FLAW] > 0).any():
        bad = frame.filter(pl.col(FLAW) > 0)
        frame = _without_siblings(frame.filter(pl.col(FLAW) == 0), bad, refused)
    frame = frame.drop(FLAW)
    if frame[ID].null_count() or (frame[ID].dtype == pl.String() and (frame[ID] == "").any()):
        made = pl.col(ID).cast(pl.String).replace("", None)
        frame = frame.with_columns(made.fill_null(made_id).alias(ID))
    if earlier is not None:
        dropped, reasons = before_the_end(frame, earlier)
        refused += [RefusedRow.because(row, reason) for row, reason in reasons]
        frame = frame.join(dropped, on=ROW, how="anti", maintain_order="left")
        frame = _without_siblings(frame, dropped, refused)
        frame = joined_to(earlier, frame)

    code = frame[MEMBER].rle_id()
    members = frame[MEMBER].n_unique()
    frame = frame.with_columns(code.alias(MEMBER_CODE))
    if len(frame) and int(cast(int, code.max())) + 1 != members:
        first = frame[MEMBER].unique(maintain_order=True).to_frame().with_row_index(MEMBER_CODE)
        frame = frame.drop(MEMBER_CODE).join(first, on=MEMBER, how="left", maintain_order="left")
        frame = frame.sort(MEMBER_CODE, maintain_order=True)

    same = _same_as_previous(frame, MEMBER_CODE)
    times = frame[TIME].to_numpy()
    if bool(np.any(same[1:] & (times[1:] < times[:-1]))):
        late = pl.col(TIME) < pl.col(TIME).cum_max().over(MEMBER_CODE)
        dropped = frame.filter(late)
        refused += [RefusedRow.because(row, LATE) for row in dropped[ROW].to_list()]
        frame = _without_siblings(frame.filter(~late), dropped, refused)
    return frame, tuple(refused)


def _without_siblings(frame: pl.DataFrame, bad: pl.DataFrame, refused: list[RefusedRow]) -> pl.DataFrame:
    """Takes out the rows that share a purchase with a bad row; they are added to `refused`."""
    bad = bad.filter((pl.col(KIND).is_null() | (pl.col(KIND) != REDEEM)) & pl.col(ID).is_not_null())
    returns = pl.col(KIND) == RETURN
    for theirs, key in (  # a bad return takes its own rows with it, and never a purchase
        (bad.filter(returns.fill_null(False)), [MEMBER, ID, KIND]),
        (bad.filter(~returns.fill_null(False)), [MEMBER, ID]),
    ):
        if theirs.is_empty():
            continue
        siblings = frame.join(theirs, on=key, how="semi", maintain_order="left")
        refused += [RefusedRow.because(row, SIBLING) for row in siblings[ROW].to_list()]
        if not siblings.is_empty():
            frame = frame.join(theirs, on=key, how="anti", maintain_order="left")
    return frame


def _same_as_previous(frame: pl.DataFrame, *columns: str) -> NDArray[np.bool_]:
    """Whether each row equals the one before it in these columns; the first does not."""
    same = np.ones(frame.height, dtype=np.bool_)
    for column in columns:
        values = frame[column]
        same &= (values == values.shift(1)).fill_null(False).to_numpy()
    return same


def _gather(schema: Schema, frame: pl.DataFrame) -> tuple[History, Ints, tuple[RefusedRow, ...]]:
    """Rows to events: items of one purchase gathered, redemptions put onto their purchases."""
    refused: list[RefusedRow] = []
    frame = _attach_rewards(schema, frame, refused)
    continues = np.zeros(frame.height, dtype=np.bool_)
    if schema.program.item_fields:
        items = frame[IS_ITEM].to_numpy()
        continues = _same_as_previous(frame, MEMBER_CODE, ID, KIND) & items
        continues[1:] &= items[:-1]
    bad = _rows_of_bad_events(schema, frame, continues, refused)
    while True:
        if bad.any():
            kept = frame.filter(pl.Series(~bad))
            orphans = set(frame[_REDEEM_ROW].to_list()) - set(kept[_REDEEM_ROW].to_list()) - {-1}
            refused += [RefusedRow.because(row, WITHOUT_PURCHASE) for row in orphans]
            frame, continues = kept, continues[~bad]
        starts = np.flatnonzero(~continues)
        relations = relations_of(schema, frame, starts)
        if not relations.faults:
            return *_history(schema, frame, starts, relations), tuple(refused)
        refused += [RefusedRow.because(row, reason) for row, reason in relations.faults]
        bad = relations.bad  # without these, others may be left without a purchase or a referrer


def _attach_rewards(schema: Schema, frame: pl.DataFrame, refused: list[RefusedRow]) -> pl.DataFrame:
    """Moves each redemption that names a purchase of its member, or another event where a reward is chosen,
    onto that event's rows."""
    redeems = frame.filter(pl.col(KIND) == REDEEM)
    frame = frame.with_columns(pl.lit(-1, pl.Int64).alias(_REDEEM_ROW))
    if redeems.is_empty():
        return frame
    key = [MEMBER_CODE, ID]
    says = [f"member_{field.index}" for field in schema.program.member_fields]
    places = {PURCHASE, *(reward.at for reward in schema.program.rewards)}
    bought = frame.filter(pl.col(KIND).is_in(sorted(places))).select(
        *key,
        pl.col(TIME).alias(_BOUGHT),
        pl.col(KIND).alias(_AT),
        *(pl.col(column).alias(f"{column}_{_BOUGHT}") for column in says),
    )
    named = redeems.join(bought.unique(key, keep="first"), on=key, how="inner", maintain_order="left")
    same_day = pl.col(TIME) // DAY_MICROSECONDS == pl.col(_BOUGHT) // DAY_MICROSECONDS
    refused += [RefusedRow.because(row, OTHER_DAY) for row in named.filter(~same_day)[ROW].to_list()]
    at_purchase = named.filter(same_day)
    alike = [
        pl.col(column).is_in([BLANK]) | (pl.col(column) == pl.col(f"{column}_{_BOUGHT}")) for column in says
    ]
    if alike:
        other = at_purchase.filter(~pl.all_horizontal(alike))
        refused += [RefusedRow.because(row, OTHER_SAYING) for row in other[ROW].to_list()]
        at_purchase = at_purchase.filter(pl.all_horizontal(alike))
    first = at_purchase.filter(pl.struct(key).is_first_distinct())
    second = at_purchase.join(first, on=ROW, how="anti", maintain_order="left")
    refused += [RefusedRow.because(row, SECOND_REWARD) for row in second[ROW].to_list()]
    chosen = first.select(
        *key,
        pl.col(_AT).alias(KIND),
        *(pl.col(c).alias(f"{c}_chosen") for c in (REWARD, QUANTITY, ROW)),
    )
    frame = frame.join(named, on=ROW, how="anti", maintain_order="left")
    frame = frame.join(chosen, on=[*key, KIND], how="left", maintain_order="left")
    return frame.with_columns(
        pl.col(f"{REWARD}_chosen").fill_null(pl.col(REWARD)).alias(REWARD),
        pl.col(f"{QUANTITY}_chosen").fill_null(pl.col(QUANTITY)).alias(QUANTITY),
        pl.col(f"{ROW}_chosen").cast(pl.Int64).fill_null(-1).alias(_REDEEM_ROW),
    ).drop(f"{REWARD}_chosen", f"{QUANTITY}_chosen", f"{ROW}_chosen")


def _rows_of_bad_events(
    schema: Schema, frame: pl.DataFrame, continues: NDArray[np.bool_], refused: list[RefusedRow]
) -> NDArray[np.bool_]:
    """[rows] those of events that cannot stand: rows of a purchase that are apart or contradict each other,
    a repeated id, too much money. They are added to `refused`."""
    starts = np.flatnonzero(~continues)
    event_of_row = np.cumsum(~continues) - 1
    bad: NDArray[np.bool_] = np.zeros(len(starts), dtype=np.bool_)
    if not len(starts):
        return bad
    row_numbers = frame[ROW].to_numpy()

    def refuse(events: NDArray[np.bool_], reason: str) -> None:
        fresh = events & ~bad
        if fresh.any():
            rows = row_numbers[fresh[event_of_row]]
            refused.extend(RefusedRow.because(int(row), reason) for row in rows)
            bad[fresh] = True

    if frame[ID].n_unique() != len(starts):  # ids that are unique in the whole file need no closer look
        id_of_member = pl.struct(MEMBER_CODE, ID)
        heads = frame[starts]
        if schema.program.item_fields:
            parts = pl.struct(MEMBER_CODE, ID, KIND).is_duplicated() & pl.col(IS_ITEM)
            refuse(heads.select(parts).to_series().to_numpy(), SPLIT)
        refuse(~heads.select(id_of_member.is_first_distinct()).to_series().to_numpy(), DUPLICATE)
    if continues.any():
        same = [TIME, *(f"field_{i}" for i in range(field_width(schema)))]
        same += [f"member_{field.index}" for field in schema.program.member_fields]
        alike = _same_as_previous(frame, *same)
        if RETURNS in frame.columns:
            alike &= _same_as_previous(frame, RETURNS) | (frame[KIND] != RETURN).to_numpy()
        refuse(np.bincount(event_of_row, continues & ~alike, len(starts)) > 0, UNLIKE)
        sums = np.add.reduceat(frame[AMOUNT].to_numpy(), starts)
        refuse((sums > MAX_AMOUNT) | (np.diff(np.append(starts, frame.height)) > MAX_NUMBER), TOO_LARGE)
    return np.asarray(bad[event_of_row])


def _history(schema: Schema, frame: pl.DataFrame, starts: Ints, relations: Relations) -> tuple[History, Ints]:
    program = schema.program
    heads = frame if len(starts) == frame.height else frame[starts]
    events = heads.height
    time = heads[TIME].to_numpy()
    day = time // DAY_MICROSECONDS
    kind = _ints(heads, KIND)
    first = ~_same_as_previous(heads, MEMBER_CODE)
    member_starts = np.append(np.flatnonzero(first), events).astype(np.int64)
    item_counts = np.zeros(events, dtype=np.int64)
    item_price, item_fields = np.zeros(0, np.int64), np.zeros((0, len(program.item_fields)), np.int64)
    if program.item_fields and events:
        item_counts = np.where(heads[IS_ITEM].to_numpy(), np.diff(np.append(starts, frame.height)), 0)
        items = frame.filter(pl.col(IS_ITEM))
        item_price = _ints(items, AMOUNT)
        item_fields = _matrix(items, "item_", len(program.item_fields))
    history = History(
        members=cast(Sequence[str], heads[MEMBER].filter(pl.Series(first)).cast(pl.String)),
        starts=member_starts,
        ids=cast(Sequence[str], heads[ID].cast(pl.String)),
        rows=_ints(heads, ROW),
        day=day,
        minute=(time - day * DAY_MICROSECONDS) // _MINUTE,
        kind=np.where(kind == TRANSFER, REDEEM, kind),
        basket=relations.basket,
        fields=_matrix(heads, "field_", field_width(schema)),
        item_starts=np.concatenate([[0], np.cumsum(item_counts)]).astype(np.int64),
        item_price=item_price,
        item_fields=item_fields,
        reward=_ints(heads, REWARD),
        quantity=_ints(heads, QUANTITY),
        last_day=int(day.max()) if events else program.starts,
        original=relations.original,
        member_fields=_matrix(heads, "member_", len(program.member_fields)),
        referrers=relations.referrers,
        recipients=relations.recipients,
    )
    return history, _ints(heads, _REDEEM_ROW)


def _ints(frame: pl.DataFrame, column: str) -> Ints:
    return frame[column].cast(pl.Int64).to_numpy()


def _matrix(frame: pl.DataFrame, prefix: str, width: int) -> Ints:
    matrix = np.zeros((frame.height, width), dtype=np.int64)
    for i in range(width):
        matrix[:, i] = frame[f"{prefix}{i}"].to_numpy()
    return matrix
