"""Orders to the rows that the reader reads: a source carried out over a file.

Invariant: an order is carried over whole or not at all, and each of its rows is skipped, at fault (with its
order), or among the rows that are handed on. Those are in the order of time, whatever order the file has.
"""

from collections.abc import Sequence

import attrs
import polars as pl

from loyalty_dsl.language.program import Program
from loyalty_dsl.language.sources import Meaning, Present, Skip, Source, Whole
from loyalty_dsl.quantities import MINOR_DIGITS, format_money
from loyalty_dsl.transactions.opening import ROW
from loyalty_dsl.transactions.returned_orders import latest_purchases
from loyalty_dsl.transactions.schema import AMOUNT, KIND, MEMBER, PURCHASE, RETURN_WORD, RETURNS, TIME
from loyalty_dsl.transactions.source_amounts import MISSING, money_cell, summed
from loyalty_dsl.transactions.source_cells import SourceCells
from loyalty_dsl.transactions.source_moments import NO_MOMENT, moments_of
from loyalty_dsl.transactions.source_orders import ORDER, orders_of
from loyalty_dsl.transactions.values import amount_example

PURCHASE_WORD = "purchase"
RETURNED = " returned"
"""Behind the id of an order, of what it takes back besides what it sells."""
SKIP = "skip"
MONEY = "money"
REFUNDED = "refunded"
EVENT = "event_of"
"""The event of a row, which is one of its order: a purchase and a return of one order are two."""
AMOUNT_FOR_PEOPLE = "amount"

UNKNOWN_CELL = "holds what the source gives no meaning"
OFF = "does not tie out"
NOTHING_TO_SPREAD = "has a basket, and no items that it could be spread over"
NO_PURCHASE = "takes back more than any earlier purchase of the member has left"

_ITEM, _KEPT, _ALL, _BASKET = "item_value", "kept_items", "all_items", "basket_value"
_MICROS, _CLOCK, _TEXT, _WHOLE = "micros", "has_time", "moment_text", "is_whole"

_IS_SALE = pl.col(KIND).is_in([PURCHASE_WORD, RETURN_WORD])
"""Rows of which money is asked; null where the kind is not known."""

Faults = list[tuple[str, str, pl.DataFrame]]
"""By column of the file and reason, the rows (`ROW`, `ORDER`, `cell`) at fault."""


@attrs.frozen(eq=False)
class SourceEvents:
    """What a source made of a file.

    Attributes:
        frame: texts under our names, in order of time; `rows` are, for each, where it is from.
        statuses: for each row of the file `ROW`, `ORDER`, `EVENT`, `SKIP` (the clause that leaves it out, by
            index), `MONEY` (what the file says that its order or item costs) and `REFUNDED`, in minor units.
        theirs: what the file calls our columns.
    """

    source: Source
    frame: pl.DataFrame
    rows: tuple[int, ...]
    faults: Faults
    statuses: pl.DataFrame
    theirs: dict[str, str]


def events_of(source: Source, program: Program, read: SourceCells, before: int = 0) -> SourceEvents:
    """Carries out a source (SOURCE-1 to SOURCE-9).

    Args:
        before: rows of earlier files, behind which events without an id are numbered.
    """
    item_fields = [field.name for field in program.item_fields]
    orders = orders_of(source, read, item_fields)
    work = _Work(source, program, read, orders.rows, set(orders.shared), list(orders.faults))
    work.leave_out()
    work.say_kinds()
    work.sum_up()
    work.tie_out()
    work.read_columns()
    return work.handed_on(item_fields, before)


@attrs.define
class _Work:
    """The rows of a file with what is known of each so far; faults are gathered beside."""

    source: Source
    program: Program
    read: SourceCells
    rows: pl.DataFrame
    shared: set[str]
    faults: Faults

    def fault(self, column: str, reason: str, mask: pl.Expr, cell: pl.Expr | None = None) -> None:
        """Refuses rows that are not left out; of what an order says, its first row alone."""
        of_head = pl.col(ROW) == pl.col(ORDER) if column in self.shared else pl.lit(True)
        found = self.rows.filter(mask.fill_null(False) & of_head & pl.col(_WHOLE) & pl.col(SKIP).is_null())
        if not found.is_empty():
            shown = self.read.of(column) if cell is None else cell
            self.faults.append(
                (column, reason, found.select(ROW, ORDER, shown.cast(pl.String).alias("cell")))
            )

    # ---- which rows

    def leave_out(self) -> None:
        """`skip`, whose first clause that holds counts (SOURCE-8)."""
        skip = pl.lit(None, pl.Int64)
        for number, clause in reversed(list(enumerate(self.source.skips))):
            skip = pl.when(self._holds(clause)).then(number).otherwise(skip)
        broken = [row for rows in self.read.opened.malformed.values() for row in rows]
        whole = ~pl.col(ROW).is_in(broken)
        self.rows = self.rows.with_columns(pl.when(whole).then(skip).alias(SKIP), whole.alias(_WHOLE))
        for reason, numbers in self.read.opened.malformed.items():
            found = self.rows.filter(pl.col(ROW).is_in(numbers))
            self.faults.append(("", reason, found.select(ROW, ORDER, pl.lit(None, pl.String).alias("cell"))))

    def _holds(self, skip: Skip) -> pl.Expr:
        cell = self.read.of(skip.column)
        match skip.present:
            case Present.PRESENT:
                return cell.is_not_null()
            case Present.ABSENT:
                return cell.is_null()
            case None:
                found = cell.is_in([text.strip() for text in skip.texts]).fill_null(False)
                return ~found if skip.negated else found

    def say_kinds(self) -> None:
        """`kind`, without regard to the sign of amounts (SOURCE-6)."""
        kind = pl.lit(PURCHASE_WORD)
        if self.source.kind is not None:
            kind = self._meant(self.source.kind)
        self.rows = self.rows.with_columns(kind.alias(KIND))

    def _meant(self, meaning: Meaning) -> pl.Expr:
        """Our words for the cells of a column."""
        if meaning.column is None:
            return pl.lit(meaning.others)
        cell = self.read.of(meaning.column)
        if meaning.as_is:
            return cell
        exact = dict(meaning.values)
        word = cell.replace_strict(
            list(exact), list(exact.values()), default=meaning.others, return_dtype=pl.String
        )
        self.fault(meaning.column, UNKNOWN_CELL, cell.is_not_null() & word.is_null())
        return pl.when(cell.is_null()).then(pl.lit(meaning.blank, pl.String)).otherwise(word)

    # ---- money

    def sum_up(self) -> None:
        """What items and baskets cost, which rows are returns, and which rows are one event (SOURCE-4)."""
        source, money = self.source, self.program.money
        example = amount_example(money, False)
        items = summed(source.items, self.read.of, {}, money, example)
        for column, reason, mask in items.faults:
            self.fault(column, reason, mask & _IS_SALE if reason == MISSING else mask)
        kept = pl.when(pl.col(SKIP).is_null()).then(pl.col(_ITEM)).otherwise(0)
        self.rows = self.rows.with_columns(items.value.alias(_ITEM))
        negative = source.returning is not None and source.returning.negative
        by_row = not source.repeats
        if negative and by_row and source.items:
            self._turn_negative(pl.col(_ITEM) < 0)
        alike = self.rows[KIND].n_unique() == 1  # of most files; then an order is one event
        event = pl.col(ORDER) if alike else pl.col(ROW).first().over(ORDER, KIND)
        whole = not self.rows[_ITEM].null_count()
        self.rows = self.rows.with_columns(event.alias(EVENT))
        self.rows = self.rows.with_columns(
            _summed_over(kept, EVENT, whole).alias(_KEPT),
            _summed_over(pl.col(_ITEM), ORDER, whole).alias(_ALL),
        )
        basket = summed(source.basket, self.read.of, {Whole.ITEMS: pl.col(_KEPT)}, money, example)
        for column, reason, mask in basket.faults:
            self.fault(column, reason, mask & _IS_SALE if reason == MISSING else mask)
        value = basket.value if source.basket else pl.col(_KEPT)
        self.rows = self.rows.with_columns(value.alias(_BASKET))
        if negative and not (by_row and source.items):
            self._turn_negative(pl.col(_BASKET) < 0)

    def _turn_negative(self, negative: pl.Expr) -> None:
        """Rows below zero are returns (SOURCE-7)."""
        turned = negative.fill_null(False) & (pl.col(KIND) == PURCHASE_WORD)
        self.rows = self.rows.with_columns(
            pl.when(turned).then(pl.lit(RETURN_WORD)).otherwise(KIND).alias(KIND)
        )

    def tie_out(self) -> None:
        """The sums that have to come to columns of the file, and the money of each row (SOURCE-9)."""
        source, money = self.source, self.program.money
        items = pl.col(_ITEM) if source.per_item and not source.repeats else pl.col(_ALL)
        wholes = {Whole.ITEMS: items, Whole.BASKET: pl.col(_BASKET)}
        at_head = pl.col(ROW) == pl.col(ORDER) if source.per_item and source.repeats else pl.lit(True)
        example = amount_example(money, False)
        for tie in source.ties:
            sum_ = summed(tie.amount, self.read.of, wholes, money, example)
            cell = self.read.of(tie.to)
            to = money_cell(cell, money)
            for column, reason, mask in sum_.faults:
                self.fault(column, reason, mask & at_head if reason != MISSING else pl.lit(False))
            self.fault(tie.to, MISSING, cell.is_null() & at_head)
            self.fault(
                tie.to, f"is not an amount such as {example}", cell.is_not_null() & to.is_null() & at_head
            )
            off = (sum_.value - to).abs() > tie.within
            reached = sum_.value.map_elements(
                lambda minor: format_money(minor, money), return_dtype=pl.String
            )
            told = pl.format("{} against {}", reached, cell)
            self.fault(tie.to, OFF, off & at_head, told)
        if source.ties:
            whole = money_cell(self.read.of(source.ties[0].to), money)
        elif source.per_item and not source.repeats and source.items:
            whole = pl.col(_ITEM)
        else:
            whole = pl.col(_BASKET)
        free = pl.col(KIND).is_not_null() & ~_IS_SALE
        whole = pl.when(free).then(whole.fill_null(0)).otherwise(whole)
        refunded = pl.lit(None, pl.Int64)
        if source.refunded is not None:
            refunded = money_cell(self.read.of(source.refunded), money)
        self.rows = self.rows.with_columns(
            pl.when(self._counted()).then(whole).otherwise(0).alias(MONEY),
            pl.when(self._counted()).then(refunded).otherwise(0).alias(REFUNDED),
        )

    def _counted(self) -> pl.Expr:
        """The rows on which the money of an order counts: its first, unless every row says its own."""
        own = not self.source.per_item or (
            not self.source.repeats and bool(self.source.ties or self.source.items)
        )
        return pl.lit(True) if own else pl.col(ROW) == pl.col(ORDER)

    # ---- our columns

    def read_columns(self) -> None:
        """Who, when, in which money, and the fields (SOURCE-3, SOURCE-5)."""
        source, program = self.source, self.program
        self.fault(source.member, MISSING, self.read.of(source.member).is_null())
        if source.currency is not None:
            cell = self.read.of(source.currency)
            self.fault(source.currency, f"is not {program.money}", cell != program.money)
            self.fault(source.currency, MISSING, cell.is_null())
        columns = source.moment.columns
        for column in columns:
            self.fault(column, MISSING, self.read.of(column).is_null())
        text = self.rows.select(pl.concat_str([self.read.of(c) for c in columns], separator=" ")).to_series()
        moments = moments_of(text, source.moment, program.timezone)
        self.rows = self.rows.with_columns(
            text.alias(_TEXT), moments["micros"].alias(_MICROS), moments["has_time"].alias(_CLOCK)
        )
        given = pl.all_horizontal(self.read.of(column).is_not_null() for column in columns)
        self.fault(columns[0], NO_MOMENT, given & pl.col(_MICROS).is_null(), pl.col(_TEXT))
        if source.event is not None and not source.per_item:
            self.fault(source.event, MISSING, self.read.of(source.event).is_null())
        if source.kind is not None and source.kind.column is not None:
            self.fault(
                source.kind.column,
                MISSING,
                pl.col(KIND).is_null() & self.read.of(source.kind.column).is_null(),
            )
        said = {name: self._meant(meaning) for name, meaning in source.fields}
        self.rows = self.rows.with_columns(*(word.alias(f"our_{name}") for name, word in said.items()))

    def handed_on(self, item_fields: Sequence[str], before: int) -> SourceEvents:
        """The rows of orders without a fault, under our names."""
        source, program = self.source, self.program
        if item_fields and source.per_item:
            nothing = (pl.col(_KEPT) == 0) & (pl.col(_BASKET) != 0) & (pl.col(KIND) == PURCHASE_WORD)
            self.fault(source.event or source.member, NOTHING_TO_SPREAD, nothing)
        bad = {order for _, _, found in self.faults for order in found[ORDER].to_list()}
        good = self.rows.filter(pl.col(SKIP).is_null() & ~pl.col(ORDER).is_in(list(bad)))
        good = _with_shares(good, pl.lit(bool(item_fields) and source.per_item))
        good = good.sort(_MICROS, ORDER, ROW)
        moment = pl.col(_MICROS).cast(pl.Datetime("us"))
        when = pl.when(pl.col(_CLOCK)).then(moment.dt.strftime("%Y-%m-%d %H:%M:%S"))
        returns = pl.col(KIND) == RETURN_WORD
        amount = pl.when(returns).then(pl.col(_BASKET).abs()).otherwise(pl.col(_BASKET))
        without = ~_IS_SALE & (amount == 0)
        written = _written(amount, MINOR_DIGITS[program.money])
        ours = {
            MEMBER: self.read.of(source.member),
            TIME: when.otherwise(moment.dt.strftime("%Y-%m-%d")),
            AMOUNT: pl.when(~without).then(written),
            KIND: pl.col(KIND),
        }
        theirs = {
            MEMBER: source.member,
            TIME: " ".join(source.moment.columns),
            AMOUNT: AMOUNT_FOR_PEOPLE,
            KIND: KIND,
        }
        id_ = pl.format("row {}", pl.col(ROW) + before)
        if source.event is not None:
            id_ = self.read.of(source.event)
        twice = returns & (pl.col(KIND) == PURCHASE_WORD).any().over(ORDER)
        ours[PURCHASE] = pl.when(twice).then(id_ + RETURNED).otherwise(id_)
        theirs[PURCHASE] = source.event or PURCHASE
        for name, meaning in source.fields:
            ours[name] = pl.col(f"our_{name}")
            theirs[name] = meaning.column or name
        if source.kind is not None and source.kind.column is not None:
            theirs[KIND] = source.kind.column
        if source.returning is not None and source.returning.column is not None:
            ours[RETURNS] = pl.when(returns).then(self.read.of(source.returning.column))
            theirs[RETURNS] = source.returning.column
        frame = good.select(ROW, ORDER, *(each.alias(name) for name, each in ours.items()))
        if source.returning is not None and source.returning.column is None:
            frame, none = latest_purchases(frame, item_fields)
            theirs[RETURNS] = RETURNS
            if not none.is_empty():
                column = source.event or source.member
                self.faults.append(
                    (column, NO_PURCHASE, none.with_columns(pl.lit(None, pl.String).alias("cell")))
                )
                frame = frame.filter(~pl.col(ORDER).is_in(none[ORDER].to_list()))
        statuses = self.rows.select(ROW, ORDER, EVENT, SKIP, MONEY, REFUNDED)
        rows = tuple(frame[ROW].to_list())
        return SourceEvents(source, frame.drop(ROW, ORDER), rows, self.faults, statuses, theirs)


def _summed_over(value: pl.Expr, group: str, whole: bool) -> pl.Expr:
    """The sum of each group, null where one of its values is; `whole` says that none is."""
    if whole:
        return value.sum().over(group)
    return pl.when(value.is_not_null().all().over(group)).then(value.sum().over(group))


def _with_shares(rows: pl.DataFrame, by_item: pl.Expr) -> pl.DataFrame:
    """A row for each event or, of sales by item, for each item with its share of the basket: shares of one
    event sum to its basket exactly, as each is what the sum up to it has more than the sum before it."""
    apart = _IS_SALE & by_item
    spread = (pl.col(_ITEM).cum_sum() * pl.col(_BASKET) // pl.col(_KEPT)).over(EVENT)
    part = spread - spread.shift(1).over(EVENT).fill_null(0)
    share = pl.when(pl.col(_BASKET) == pl.col(_KEPT)).then(pl.col(_ITEM)).otherwise(part)
    return rows.with_columns(
        pl.when(apart).then(share).otherwise(pl.col(_BASKET)).alias(_BASKET), apart.alias("apart")
    ).filter(pl.col("apart") | pl.col(EVENT).is_first_distinct())


def _written(minor: pl.Expr, digits: int) -> pl.Expr:
    """Minor units as digits with a point."""
    if not digits:
        return minor.cast(pl.String)
    sign = pl.when(minor < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, part = minor.abs() // 10**digits, minor.abs() % 10**digits
    return pl.concat_str([sign, whole.cast(pl.String), pl.lit("."), part.cast(pl.String).str.zfill(digits)])
