"""Rows of a file as exact integers, each good or with its first flaw.

Invariant: in the frame that leaves here, `FLAW` is 0 or the number of a reason, and every other column of
a row whose flaw is 0 holds a value that fits the program.
"""

from collections.abc import Iterable
from datetime import date
from functools import reduce

import attrs
import polars as pl

from loyalty_dsl.calendar import day_of, format_day
from loyalty_dsl.evaluation.events import REDEEM, RETURN
from loyalty_dsl.language.types import JOIN, PURCHASE, UNSAID, Field, Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MAX_NUMBER, MAX_TIMES, MINOR_DIGITS
from loyalty_dsl.transactions.mapping import ColumnMapping
from loyalty_dsl.transactions.opening import ROW, OpenedFile, told_plainly
from loyalty_dsl.transactions.schema import (
    AMOUNT,
    CENTS,
    KIND,
    MEMBER,
    QUANTITY,
    REFERRER,
    RETURNS,
    REWARD,
    TIME,
    TRANSFER,
    Schema,
)
from loyalty_dsl.transactions.schema import (
    PURCHASE as PURCHASE_ID,
)
from loyalty_dsl.transactions.sent_rows import id_in_words, read_recipient, refuse_other_sides
from loyalty_dsl.transactions.values import (
    Flaw,
    amount_example,
    field_flaws,
    is_blank,
    money_flaws,
    parse_field,
    parse_money,
    parse_number,
    parse_times,
    parse_words,
    time_flaws,
)

FLAW = "flaw"
IS_ITEM = "is_item"
_MICROS = "micros"
DAY_MICROSECONDS = 86_400_000_000
BLANK = UNSAID
"""In a frame's `member_0` ...: a cell that leaves the member's field as it was."""
ALL_THAT_IS_LEFT = -1
"""In a frame's amount of a return: a blank cell."""
MISSING = "is missing"
NO_RETURNS = (
    "is `return`, and the program does not say what a return does: add a block "
    "`returns { balance stops at zero }` or `returns { balance goes negative }`"
)
EARLIEST = day_of(date(1900, 1, 1))
"""A program that starts so early is none: whoever reads its refusals need not hear of it."""
AUTOMATIC = "is taken by itself at checkout; nobody chooses it"
MOST_TIMES = 1_000_000
"""The most often that one row may ask for a reward."""


@attrs.frozen
class Rows:
    """The rows of a file.

    Attributes:
        frame: `ROW`, `MEMBER`, `PURCHASE` (as the file has them), `TIME` (local microseconds), `KIND`,
            `AMOUNT` (minor units, or `ALL_THAT_IS_LEFT`), `REWARD` (-1 for none), `QUANTITY`, `IS_ITEM`,
            `field_0` ... of the event, `item_0` ... of the item, `member_0` ... (or `BLANK`), where the file
            has them `RETURNS`, `REFERRER` and `RECIPIENT` (text), and `FLAW`.
        flawed: `ROW` of each row whose `FLAW` is not 0, and in `FLAW` a list: the first flaw of each column,
            or that of the row as a whole (its column is `ROW`) alone.
        flaws: the reasons; number `i + 1` is `flaws[i]`.
    """

    frame: pl.DataFrame
    flawed: pl.DataFrame
    flaws: tuple[Flaw, ...]


@attrs.define
class _Reading:
    """Expressions being gathered for one file, in two stages: `parsed` over the file's cells, then `values`
    and `flaws` over what was parsed, so that no cell is parsed twice."""

    schema: Schema
    mapping: ColumnMapping
    types: dict[str, pl.DataType]
    parsed: dict[str, pl.Expr] = attrs.field(factory=dict)
    values: dict[str, pl.Expr] = attrs.field(factory=dict)
    flaws: list[Flaw] = attrs.field(factory=list)

    def hold(self, parsed: pl.Expr) -> pl.Expr:
        """Puts an expression into the first stage, for use in the second."""
        name = f"parsed_{len(self.parsed)}"
        self.parsed[name] = parsed
        return pl.col(name)

    def blank(self, column: str) -> pl.Expr:
        """Whether a cell holds nothing."""
        name = f"blank_{column}"
        self.parsed.setdefault(name, is_blank(column, self.types[column]))
        return pl.col(name)

    def words(self, column: str) -> dict[str, str]:
        """The file's words for the column's values."""
        return dict(self.mapping.values.get(column, {}))

    def require(self, column: str, rows: pl.Expr) -> None:
        """A blank cell is a flaw on these rows."""
        self.flaws.append(Flaw(column, MISSING, rows & self.blank(column)))

    def refuse(self, column: str, reason: str, rows: pl.Expr, known: Iterable[str] = ()) -> None:
        """These rows have a flaw; `known` are the words that the cell may hold."""
        self.flaws.append(Flaw(column, reason, rows, tuple(known)))


def parse_rows(opened: OpenedFile, cells: pl.DataFrame, schema: Schema, mapping: ColumnMapping) -> Rows:
    """Parses all rows.

    Args:
        opened: the file.
        cells: its rows, from `read_cells`.
        schema: the columns of the program.
        mapping: the file's words for values.

    Raises:
        InputRefused: the file turns out to be damaged.
    """
    reading = _Reading(schema, mapping, opened.types)
    for reason, rows in opened.malformed.items():
        reading.refuse(ROW, reason, pl.col(ROW).is_in(rows))
    _read_kind(reading)
    _read_member_and_time(reading)
    _read_amount(reading)
    _read_reward(reading)
    read_recipient(reading)
    _read_returns(reading)
    _read_fields(reading)
    _read_member_fields(reading)
    numbered = list(enumerate(reading.flaws, 1))
    by_column: dict[str, list[tuple[int, Flaw]]] = {}
    for number, flaw in numbered:
        by_column.setdefault(flaw.column, []).append((number, flaw))
    kept = [ROW, MEMBER] + ([PURCHASE_ID] if PURCHASE_ID in opened.types else [])
    parsed = (expression.alias(name) for name, expression in reading.parsed.items())
    values = (value.alias(name) for name, value in reading.values.items())
    with told_plainly(opened.path):
        zone = schema.program.timezone
        times = pl.col(TIME).map_batches(lambda column: parse_times(column, zone), return_dtype=pl.Int64)
        held = cells.select(times.alias(_MICROS), *kept, *parsed)
        frame = held.select(*kept, *values, _first(numbered).alias(FLAW))
        of_row = _first(by_column.pop(ROW, []))
        of_columns = pl.concat_list(
            of_row, *(pl.when(of_row == 0).then(_first(flaws)).otherwise(0) for flaws in by_column.values())
        )
        flawed = held.filter(frame[FLAW] > 0).select(
            ROW, of_columns.list.filter(pl.element() > 0).alias(FLAW)
        )
    return Rows(frame, flawed, tuple(reading.flaws))


def _first(numbered: list[tuple[int, Flaw]]) -> pl.Expr:
    """The number of the first of these flaws that a row has, or 0."""
    return reduce(
        lambda rest, each: pl.when(each[1].mask).then(pl.lit(each[0], pl.UInt16)).otherwise(rest),
        reversed(numbered),
        pl.lit(0, pl.UInt16),
    )


def _read_kind(reading: _Reading) -> None:
    if KIND not in reading.types:
        reading.values[KIND] = pl.lit(PURCHASE, pl.Int64)
        return
    kinds = reading.schema.kinds()
    kind = reading.hold(parse_words(KIND, kinds, reading.words(KIND)))
    reading.require(KIND, pl.lit(True))
    known = [word for word, it in kinds.items() if it != RETURN or reading.schema.program.returns is not None]
    reading.refuse(KIND, f"is not one of {', '.join(known)}", kind.is_null(), known)
    reading.values[KIND] = kind


def _read_member_and_time(reading: _Reading) -> None:
    program = reading.schema.program
    reading.require(MEMBER, pl.lit(True))
    reading.require(TIME, pl.lit(True))
    time = pl.col(_MICROS)
    reading.flaws += time_flaws(TIME, time, ~reading.blank(TIME))
    reading.values[TIME] = time
    before = time < program.starts * DAY_MICROSECONDS
    starts = format_day(program.starts)
    told = (
        f"is before {starts}" if program.starts <= EARLIEST else f"is before the program starts on {starts}"
    )
    reading.refuse(TIME, told, before)
    if PURCHASE_ID in reading.types:
        reading.require(PURCHASE_ID, reading.values[KIND] == PURCHASE)


def _read_amount(reading: _Reading) -> None:
    """`amount` or `amount_cents`: needed on a purchase, nothing where it is blank on another event."""
    program, types, kind = reading.schema.program, reading.types, reading.values[KIND]
    column, digits = (CENTS, 0) if CENTS in types else (AMOUNT, MINOR_DIGITS[program.money])
    amount = reading.hold(parse_money(column, types[column], digits))
    reading.require(column, kind == PURCHASE)
    example = amount_example(program.money, column == CENTS)
    reading.flaws += money_flaws(column, amount, ~reading.blank(column), example)
    reading.values[AMOUNT] = amount.fill_null(0)
    if program.returns is not None:  # RETURN: nothing written is all that is left
        left = (kind == RETURN) & reading.blank(column)
        reading.values[AMOUNT] = pl.when(left).then(ALL_THAT_IS_LEFT).otherwise(reading.values[AMOUNT])
    without = [event.index for event in program.events if not event.has_amount] + [JOIN, REDEEM, TRANSFER]
    unwanted = kind.is_in(without) & (amount != 0)
    reading.refuse(column, "is an amount on a row whose kind has none", unwanted)


def _read_reward(reading: _Reading) -> None:
    """`reward` and `quantity`, which only `redeem` and `transfer` rows have."""
    types, redeems = reading.types, reading.values[KIND].is_in([REDEEM, TRANSFER])
    if REWARD in types:
        rewards = reading.schema.program.rewards
        known = {reward.name: reward.index for reward in rewards}
        reward = reading.hold(parse_words(REWARD, known, reading.words(REWARD)))
        chosen = [reward.name for reward in rewards if not reward.automatic]
        told = (
            f"is not one of {', '.join(chosen)}" if chosen else "names a reward where there is none to choose"
        )
        reading.require(REWARD, redeems)
        reading.refuse(REWARD, told, redeems & reward.is_null(), chosen)
        refuse_other_sides(reading, reward, redeems)
        automatic = [reward.index for reward in rewards if reward.automatic]
        reading.refuse(REWARD, AUTOMATIC, redeems & reward.is_in(automatic))
        reading.refuse(REWARD, "is given on a row that is no `redeem`", ~redeems & ~reading.blank(REWARD))
        for new, old, turn in reading.schema.program.renamed:  # as the version of the day calls it
            before = reading.values[TIME] < turn * DAY_MICROSECONDS
            reward = pl.when((reward == new) & before).then(pl.lit(old, pl.Int64)).otherwise(reward)
        reading.values[REWARD] = pl.when(redeems).then(reward).otherwise(-1)
    else:
        reading.refuse(KIND, "is `redeem` or `transfer` in a file without a column `reward`", redeems)
        reading.values[REWARD] = pl.lit(-1, pl.Int64)
    if QUANTITY in types and KIND in types:
        number = reading.hold(parse_number(QUANTITY, types[QUANTITY]))
        units = _units_asked(reading)
        most = pl.when(units == 0).then(MOST_TIMES).otherwise(MAX_AMOUNT // pl.max_horizontal(units, 1))
        wrong = ~reading.blank(QUANTITY) & ~((number >= 1) & (number <= most)).fill_null(False)
        reading.refuse(QUANTITY, "is not a number of times", redeems & wrong & (units == 0))
        reading.refuse(QUANTITY, "is not a whole amount to exchange", redeems & wrong & (units > 0))
        asked = (number * pl.max_horizontal(units, 1)).fill_null(_usual_times(reading))
        reading.values[QUANTITY] = pl.when(redeems).then(asked).otherwise(0)
    else:
        reading.values[QUANTITY] = pl.when(redeems).then(_usual_times(reading)).otherwise(0)


def _usual_times(reading: _Reading) -> pl.Expr:
    """How often a reward is wanted where nothing is said: once, or 0 for as often as it can be (REDEEM-9)."""
    rewards = reading.schema.program.rewards
    as_much = [reward.index for reward in rewards if reward.as_much or reward.exchange]
    return pl.when(reading.values[REWARD].is_in(as_much)).then(0).otherwise(1)


def _read_returns(reading: _Reading) -> None:
    """`returns`, which only `return` rows have, and `referrer`."""
    program, types, returns = reading.schema.program, reading.types, reading.values[KIND] == RETURN
    if program.returns is None:
        reading.refuse(KIND, NO_RETURNS, returns)
    elif RETURNS in types:
        reading.require(RETURNS, returns)
        reading.refuse(RETURNS, "is given on a row that is no `return`", ~returns & ~reading.blank(RETURNS))
        reading.values[RETURNS] = reading.hold(id_in_words(RETURNS, types[RETURNS]))
    else:
        reading.refuse(KIND, "is `return` in a file without a column `returns`", returns)
    if REFERRER in types:
        reading.values[REFERRER] = reading.hold(id_in_words(REFERRER, types[REFERRER]))


def _read_fields(reading: _Reading) -> None:
    """The declared fields: the i-th field of any kind of event shares `field_i`, an item's has `item_i`."""
    schema, types, kind = reading.schema, reading.types, reading.values[KIND]
    program = schema.program
    slots: dict[str, pl.Expr] = {f"field_{i}": pl.lit(0, pl.Int64) for i in range(field_width(schema))}
    slots |= {f"item_{i}": pl.lit(0, pl.Int64) for i in range(len(program.item_fields))}
    items = reading.values[IS_ITEM] = _is_item(reading)
    reading.require(CENTS if CENTS in types else AMOUNT, items & (kind == RETURN))
    for column, feeds in schema.fields.items():
        for event, field in feeds:
            rows = items if event is None else kind == event
            if column not in types:
                owner, theirs = program.events[event or PURCHASE].name, reading.mapping.theirs(column)
                reading.refuse(KIND, f"is `{owner}`, whose column `{theirs}` the file lacks", rows)
                continue
            reading.require(column, rows)
            slot = f"item_{field.index}" if event is None else f"field_{field.index}"
            value = _read_field(reading, column, field, rows, _most_of(schema, column))
            slots[slot] = pl.when(rows).then(value).otherwise(slots[slot])
    reading.values.update(slots | _times_of_day(reading, slots))


def _times_of_day(reading: _Reading, slots: dict[str, pl.Expr]) -> dict[str, pl.Expr]:
    """The time of day of the events of which a program asks it, by the column `time` (TIME-7)."""
    found: dict[str, pl.Expr] = {}
    asked = [
        (each, field) for each in reading.schema.events for field in each.fields if field.kind is Kind.TIME
    ]
    kind, type_ = reading.values[KIND], reading.types[TIME]
    minute = reading.values[TIME] % DAY_MICROSECONDS // (60 * 1_000_000)
    without = pl.lit(type_ == pl.Date())
    if asked and not isinstance(type_, pl.Datetime | pl.Date):
        without = reading.hold(~pl.col(TIME).cast(pl.String).str.contains(":"))
    for event, field in asked:
        slot = f"field_{field.index}"
        found[slot] = pl.when(kind == event.index).then(minute).otherwise(found.get(slot, slots[slot]))
        told = "has no time of day, which the program asks for"
        reading.refuse(TIME, told, (kind == event.index) & without)
    return found


def _is_item(reading: _Reading) -> pl.Expr:
    """Whether a row is one item: of a purchase, or of a return that says which items it gives back."""
    kind, types, fields = reading.values[KIND], reading.types, reading.schema.program.item_fields
    if not fields:
        return pl.lit(False)
    says = [~reading.blank(field.name) for field in fields if field.name in types]
    return (kind == PURCHASE) | ((kind == RETURN) & pl.any_horizontal(says or [pl.lit(False)]))


def _read_field(
    reading: _Reading, column: str, field: Field, rows: pl.Expr, most: int | None = None
) -> pl.Expr:
    """The values of a field in its column, and what can be wrong with them on these rows."""
    money = reading.schema.program.money
    value = reading.hold(parse_field(column, reading.types[column], field, money, reading.words(column)))
    for flaw in field_flaws(column, field, money, value, ~reading.blank(column)):
        reading.flaws.append(attrs.evolve(flaw, mask=rows & flaw.mask))
    if most is not None and field.kind is Kind.NUMBER:  # NUM-5 is proved for no more
        within = value.is_between(-most, most)
        reading.refuse(column, f"is a number beyond {most:,}", rows & ~within.fill_null(True))
    return value


def _most_of(schema: Schema, column: str) -> int | None:
    """The largest number that a field may be that is counted or given for; `None` for any other."""
    if column in schema.multiplied:
        return MAX_TIMES
    return MAX_NUMBER if column in schema.summed else None


def _read_member_fields(reading: _Reading) -> None:
    """What rows say of the member, from that event on (MEMBER-1); a blank cell says nothing."""
    for field in reading.schema.program.member_fields:
        if field.name not in reading.types:
            reading.values[f"member_{field.index}"] = pl.lit(BLANK, pl.Int64)
            continue
        value = _read_field(reading, field.name, field, pl.lit(True))
        says = ~reading.blank(field.name)
        reading.values[f"member_{field.index}"] = pl.when(says).then(value).otherwise(BLANK)


def field_width(schema: Schema) -> int:
    """The most fields of any kind of event."""
    return max(len(event.fields) for event in schema.program.events)


def _units_asked(reading: _Reading) -> pl.Expr:
    """What 1 in `quantity` stands for where a row exchanges an amount (EXCHANGE-2); 0 where it is a time."""
    program = reading.schema.program
    units = pl.lit(0, pl.Int64)
    for reward in program.rewards:
        if reward.exchange:
            scale = program.currencies[reward.currency].scale
            units = pl.when(reading.values[REWARD] == reward.index).then(scale).otherwise(units)
    return units
