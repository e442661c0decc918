"""Cells to integers: for each kind of column, an expression of its value, and what can be wrong with a cell.

Invariant: a value is exact or absent. A cell that is not what its column holds gives a null value and
sets one of the column's flaws; nothing is rounded, guessed or passed through a float. (A float column of
a Parquet file is taken only where the float is the very one that one decimal of the right digits has, and
no other.)
"""

import attrs
import polars as pl

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.checking.amounts import LAST_DAY
from loyalty_dsl.language.types import Field, Kind
from loyalty_dsl.quantities import MAX_AMOUNT, MINOR_DIGITS

_TIME = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$"
_FULL_TIME = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d$"
_OFFSET = r":\d\d.*?(Z|[+-]\d\d:?\d\d)$"
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_MOST_HOURS_AHEAD = 14
"""The largest offset from UTC that any place has had (Kiribati)."""


@attrs.frozen
class Flaw:
    """Something that makes a row bad: the mask of the rows, and why, for one column. `known` are the words
    that the cell may hold, where they can be listed."""

    column: str
    reason: str
    mask: pl.Expr
    known: tuple[str, ...] = ()


def is_blank(column: str, type_: pl.DataType) -> pl.Expr:
    """Whether a cell holds nothing."""
    cell = pl.col(column)
    return cell.is_null() | (cell.str.strip_chars() == "") if type_ == pl.String() else cell.is_null()


def _digits(column: str, type_: pl.DataType, digits: int) -> pl.Expr:
    """The cell times 10 ** digits, where that is whole and exact; null otherwise. May be negative."""
    cell = pl.col(column)
    scale = 10**digits
    if type_.is_integer():
        whole = cell.cast(pl.Int64, strict=False)
        return pl.when(whole.abs() <= 10**16 // scale).then(whole * scale)
    if type_.is_float():
        scaled = (cell.cast(pl.Float64) * scale).round()
        # By a column, since a division by one number is done as a product with its inexact inverse.
        scales = scaled * 0 + scale
        near = [((scaled + step) / scales).cast(type_) == cell for step in (-1, 0, 1)]
        exact = cell.is_finite() & near[1] & ~near[0] & ~near[2] & (scaled.abs() <= 10**14)
        return pl.when(exact).then(scaled).cast(pl.Int64, strict=False)
    if isinstance(type_, pl.Decimal):
        lossless = pl.Decimal(38, max(type_.scale, digits))
        kept = cell.cast(lossless, strict=False)
        whole = kept.cast(pl.Decimal(38, digits), strict=False)
        return pl.when(whole.cast(lossless, strict=False) == kept).then(_physical(whole))
    text = cell.cast(pl.String).str.strip_chars()
    part = r"(?:\.\d{1," + str(digits) + "})?" if digits else ""
    decimal = text.str.contains(r"^-?\d{1,14}" + part + "$")
    return pl.when(decimal).then(_physical(text.cast(pl.Decimal(18, digits), strict=False)))


def _physical(decimal: pl.Expr) -> pl.Expr:
    return decimal.to_physical().cast(pl.Int64, strict=False)


def parse_money(column: str, type_: pl.DataType, digits: int) -> pl.Expr:
    """Amounts of money as minor units; null for anything else, and below zero where the file says so.

    Args:
        digits: digits after the point in the file: those of the money, or 0 for a column of minor units.
    """
    return _digits(column, type_, digits)


def money_flaws(column: str, value: pl.Expr, filled: pl.Expr, example: str) -> tuple[Flaw, ...]:
    """What can be wrong with an amount; `example` is one as it should be written."""
    return (
        Flaw(column, f"is not an amount such as {example}", filled & value.is_null()),
        Flaw(column, "is negative", value < 0),
        Flaw(column, "is larger than any purchase may be", value > MAX_AMOUNT),
    )


def parse_number(column: str, type_: pl.DataType) -> pl.Expr:
    """Whole numbers; null for anything else."""
    return _digits(column, type_, 0)


def parse_field(column: str, type_: pl.DataType, field: Field, money: str, words: dict[str, str]) -> pl.Expr:
    """A declared field's values, in the units of its kind; null for anything else.

    Args:
        money: the program's.
        words: the file's words for the field's values.
    """
    match field.kind:
        case Kind.ONE_OF:
            return parse_words(column, {value: i for i, value in enumerate(field.values)}, words)
        case Kind.YES_NO:
            return parse_words(column, _YES_NO, words, fold=True)
        case Kind.NUMBER:
            return parse_number(column, type_)
        case Kind.MONEY:
            return parse_money(column, type_, MINOR_DIGITS[money])
        case Kind.DATE | Kind.TIME | Kind.UNITS | Kind.LEVEL:
            return _days(column, type_)


def field_flaws(column: str, field: Field, money: str, value: pl.Expr, filled: pl.Expr) -> tuple[Flaw, ...]:
    """What can be wrong with a cell of a field that `parse_field` read."""
    match field.kind:
        case Kind.MONEY:
            return money_flaws(column, value, filled, _example(money))
        case Kind.ONE_OF:
            reason = f"is not one of {_listed(field.values)}"
        case Kind.YES_NO:
            reason = "is not yes or no"
        case Kind.NUMBER:
            reason = "is not a whole number"
        case Kind.DATE | Kind.TIME | Kind.UNITS | Kind.LEVEL:
            reason = "is not a date such as 2026-01-31"
    return (Flaw(column, reason, filled & value.is_null(), field.values),)


_YES_NO = {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}


def parse_words(column: str, known: dict[str, int], words: dict[str, str], fold: bool = False) -> pl.Expr:
    """The number of each word, by our words and, first, by the file's; null for any other.

    Args:
        known: our words, with their numbers.
        words: the file's words for ours; those for a value of another field of this name are left out.
        fold: capitals count as small letters.
    """
    numbers = {**known, **{theirs: known[ours] for theirs, ours in words.items() if ours in known}}
    cell = pl.col(column).cast(pl.String).str.strip_chars()
    if fold:
        cell = cell.str.to_lowercase()
        numbers = {word.lower(): number for word, number in numbers.items()}
    return cell.replace_strict(list(numbers), list(numbers.values()), default=None, return_dtype=pl.Int64)


def _days(column: str, type_: pl.DataType) -> pl.Expr:
    cell = pl.col(column)
    if type_ == pl.Date():
        return cell.cast(pl.Int32).cast(pl.Int64)
    if isinstance(type_, pl.Datetime):
        day = cell.dt.date()
        return pl.when(day.cast(type_) == cell).then(day.cast(pl.Int32).cast(pl.Int64))
    text = cell.cast(pl.String).str.strip_chars()
    date = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64)
    return pl.when(text.str.contains(r"^\d{4}-\d\d-\d\d$")).then(date)


def parse_times(cells: pl.Series, zone: str) -> pl.Series:
    """Moments as microseconds of local civil time since 1970-01-01; null where a cell is no time.

    Args:
        cells: a column as the file has it.
        zone: the program's time zone. A time with an offset or a zone is converted to it; a time without
            is taken to be in it already.
    """
    type_ = cells.dtype
    if isinstance(type_, pl.Datetime):
        if type_.time_zone is not None:
            cells = cells.dt.convert_time_zone(zone).dt.replace_time_zone(None)
        return cells.cast(pl.Datetime("us"), strict=False).to_physical()
    if type_ == pl.Date():
        return cells.cast(pl.Int32).cast(pl.Int64) * _DAY
    texts = cells.cast(pl.String).str.strip_chars()
    if texts.str.contains(_FULL_TIME).all(ignore_nulls=True):  # one shape throughout, as most files have it
        form = "%Y-%m-%d %H:%M:%S"
        times = texts.str.replace("T", " ", literal=True).str.to_datetime(form, strict=False, time_unit="us")
        return times.to_physical()
    return pl.select(_written_times(pl.lit(texts), zone)).to_series()


def time_flaws(column: str, micros: pl.Expr, filled: pl.Expr) -> tuple[Flaw, ...]:
    """What can be wrong with a time that `parse_times` read."""
    return (
        Flaw(column, "is not a time such as 2026-01-31 18:55 or a date", filled & micros.is_null()),
        Flaw(column, f"is after the year {date_of(LAST_DAY).year}", micros >= (LAST_DAY + 1) * _DAY),
    )


def _written_times(text: pl.Expr, zone: str) -> pl.Expr:
    def number(start: int, absent: int) -> pl.Expr:
        piece = text.str.slice(start, 2)
        return (
            pl.when(text.str.len_bytes() > start).then(piece.cast(pl.Int64, strict=False)).otherwise(absent)
        )

    day = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64)
    hour, minute = number(11, 0), number(14, 0)
    second = pl.when(text.str.slice(16, 1) == ":").then(number(17, 0)).otherwise(0)
    fits = text.str.contains(_TIME) & (hour < 24) & (minute < 60) & (second < 60)
    local = pl.when(fits).then(day * _DAY + (hour * 3600 + minute * 60 + second) * _SECOND)

    offset = text.str.extract(_OFFSET, 1)
    written = (
        pl.when(offset == "Z").then(pl.lit("+0000")).otherwise(offset).str.replace(":", "", literal=True)
    )
    sign = pl.when(written.str.starts_with("-")).then(-60).otherwise(60)
    hours, minutes = (written.str.slice(start, 2).cast(pl.Int64, strict=False) for start in (1, 3))
    exists = (hours * 60 + minutes <= _MOST_HOURS_AHEAD * 60) & (minutes < 60)
    local = pl.when(offset.is_null() | exists).then(local)
    utc = (local - sign * (hours * 60 + minutes) * _SECOND).cast(pl.Datetime("us", "UTC"))
    here = utc.dt.convert_time_zone(zone).dt.replace_time_zone(None).to_physical()
    return pl.when(offset.is_null()).then(local).otherwise(here)


def _listed(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:8])
    return shown + (", ..." if len(values) > 8 else "")


def _example(money: str) -> str:
    digits = MINOR_DIGITS[money]
    return "12" + ("." + "5".ljust(digits, "0") if digits else "")


def amount_example(money: str, minor_units: bool) -> str:
    """An amount as a cell of the `amount` (or `amount_cents`) column writes it."""
    return "1250" if minor_units else _example(money)
