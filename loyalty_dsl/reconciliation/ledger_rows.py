"""Rows of another system's ledger as postings of our words, each readable or set aside with its reason.

Invariant: amounts are exact integers of 10 ** -digits of a display unit, negative where points go; a row
is in the postings or among those set aside, never both and never neither.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import polars as pl

from loyalty_dsl.language.program import Program
from loyalty_dsl.reading import file_near
from loyalty_dsl.reconciliation.shapes import (
    ADJUSTED,
    AMOUNT,
    BALANCE,
    CURRENCY,
    EVENT,
    EXPIRES,
    ID,
    IN,
    KIND,
    KINDS,
    MEMBER,
    RULE,
    SHAPES,
    TIME,
    Shape,
    ShapeName,
    columns_in,
    missing_in,
    shape_named,
    shape_of,
)
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.transactions.member_keys import hash_of
from loyalty_dsl.transactions.opening import ROW, OpenedFile, csv_header, read_cells, told_plainly
from loyalty_dsl.transactions.values import parse_times

MOST_DIGITS = 6
"""Digits after the point that an amount of a ledger may have."""
_AMOUNT = r"^[+-]?\d{1,12}(?:\.\d{1,6}0*)?$"
_DAY = 86_400_000_000
_LAST_MINUTE = _DAY - 60_000_000
NEVER_WORDS = ("", "unlimited", "never")


@attrs.frozen(eq=False)
class LedgerRows:
    """A ledger that was read.

    Attributes:
        shape: of the file.
        digits: amounts are in units of 10 ** -digits of a display unit, for every currency.
        rows: in order of time, those of one time as the file has them: ROW, `account` (a number for each of
            the file's members), `member` (the index of ours, or of a stranger from the number of ours on),
            `currency` (index), `kind`, `day`, `event` ("" for none), `units`, `balance` (null where none is
            written), `rule` and, of a ledger that expires by date, `expires` (the day from whose start points
            are gone; null for never).
        strangers: names, as we would call them, of members that are none of ours.
        unreadable: ROW and `reason` of each row that was set aside.
        total: rows of the file.
    """

    path: Path
    shape: Shape
    digits: int
    rows: pl.DataFrame
    strangers: tuple[str, ...]
    unreadable: pl.DataFrame
    total: int
    has_balance: bool


def read_ledger(
    path: Path,
    program: Program,
    members: Sequence[str],
    *,
    shape: ShapeName | None = None,
    member_names: Mapping[str, str] | None = None,
    currency_names: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> LedgerRows:
    """Reads a ledger.

    Args:
        path: a CSV file with a header.
        program: whose currencies it is in, and whose time zone times with an offset are converted to.
        members: our members' ids.
        shape: of the file, where its header is not to say.
        member_names, currency_names: theirs to ours, where they differ.
        key: by which the source of our transactions hashes members; theirs are hashed by it, too.

    Raises:
        InputRefused: it cannot be read at all, or is of no shape that is known.
    """
    if not program.currencies:
        raise InputRefused(f"`{program.name}` gives no points: there is nothing to hold against a ledger")
    opened, its = _open(path, shape)
    opened, cells = read_cells(opened)
    total = cells.height
    reasons = [
        (row, reason, opened.lines.get(row, "")) for reason, rows in opened.malformed.items() for row in rows
    ]
    malformed = pl.DataFrame(
        {ROW: [row for row, _, _ in reasons], "reason": [reason for _, reason, _ in reasons]},
        schema={ROW: pl.UInt32, "reason": pl.String},
    )
    cells = cells.filter(~pl.col(ROW).is_in(malformed[ROW].to_list())) if reasons else cells
    cells = cells.with_columns(pl.exclude(ROW).str.strip_chars().fill_null(""))
    with told_plainly(path):
        digits = max(
            *(len(str(currency.scale)) - 1 for currency in program.currencies),
            *(_digits_of(cells[name]) for name in (AMOUNT, BALANCE) if name in cells.columns),
            0,
        )
        parsed = _parsed(cells, opened, its, program, digits, currency_names or {})
    flawed = parsed.filter(pl.col("reason").is_not_null()).select(ROW, "reason")
    unreadable = pl.concat([malformed, flawed]).sort(ROW)
    if total and unreadable.height == total:
        first = unreadable.row(0, named=True)
        raise InputRefused(
            f"no row of `{path}` can be read as a {its.label} ledger; row {first[ROW]}: {first['reason']}"
        )
    good = _in_order(parsed.filter(pl.col("reason").is_null()).drop("reason"))
    rows, strangers = _with_members(good, members, member_names or {}, key)
    return LedgerRows(
        path=path,
        shape=its,
        digits=digits,
        rows=rows,
        strangers=strangers,
        unreadable=unreadable,
        total=total,
        has_balance=BALANCE in cells.columns and bool(good["balance"].is_not_null().any()),
    )


def _open(path: Path, name: ShapeName | None) -> tuple[OpenedFile, Shape]:
    if not path.exists():
        raise InputRefused(f"there is no file `{path}`", file_near(path))
    if not path.is_file():
        raise InputRefused(f"`{path}` is not a file")
    with told_plainly(path):
        with path.open("rb") as file:
            if file.read(4) == b"PAR1":
                raise InputRefused(f"`{path}` is Parquet", "write it as CSV; ledgers are read as CSV alone")
        header = csv_header(path, path)
    shape = shape_of(header) if name is None else shape_named(name)
    if shape is None:
        near = min(SHAPES, key=lambda each: len(missing_in(each, header)))
        lacking = ", ".join(f"`{column}`" for column in missing_in(near, header))
        raise InputRefused(
            f"`{path}` is no ledger of a shape that is known: for a {near.label} ledger it lacks {lacking}",
            "docs/reconcile.md has the columns of each shape; rename those of the first line",
        )
    if lacking_ := missing_in(shape, header):
        names = ", ".join(f"`{column}`" for column in lacking_)
        raise InputRefused(f"`{path}` lacks {names} of a {shape.label} ledger")
    columns = columns_in(shape, header)
    for theirs in columns.values():
        if header.count(theirs) > 1:
            raise InputRefused(f"`{path}` has two columns named `{theirs}`", "leave one of them out")
    lazy = pl.scan_csv(path, infer_schema=False, glob=False)
    numbered = lazy.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items())
    types: dict[str, pl.DataType] = dict.fromkeys(columns, pl.String())
    return OpenedFile(path, numbered.with_row_index(ROW, 1), types, columns, False, header), shape


def _digits_of(cells: pl.Series) -> int:
    """The most digits after the point that any amount has, zeros at its end not counted."""
    found = cells.str.extract(r"\.(\d*?)0*$", 1).str.len_bytes().max()
    return min(MOST_DIGITS, int(found)) if isinstance(found, int) else 0


def _amounts(cells: pl.Series, digits: int) -> pl.Series:
    """Amounts as integers of 10 ** -digits; null where a cell is none."""
    text = pl.col(cells.name)
    fits = text.str.contains(_AMOUNT)
    plain = text.str.strip_chars_start("+").str.replace(r"(\.\d*?)0+$", "$1").str.replace(r"\.$", "")
    units = plain.cast(pl.Decimal(20, digits), strict=False).to_physical().cast(pl.Int64, strict=False)
    return cells.to_frame().select(pl.when(fits).then(units)).to_series()


def _parsed(  # noqa: PLR0917
    cells: pl.DataFrame,
    opened: OpenedFile,
    shape: Shape,
    program: Program,
    digits: int,
    currency_names: Mapping[str, str],
) -> pl.DataFrame:
    """Every row with its values and, where one cannot be read, its first `reason`."""
    theirs = opened.theirs
    blank = pl.repeat("", cells.height, dtype=pl.String, eager=True)
    written = cells[KIND].str.to_lowercase()
    kinds = written.replace_strict(dict(shape.kinds), default=None, return_dtype=pl.Enum(KINDS))
    time = parse_times(cells[TIME], program.timezone)
    frame = pl.DataFrame(
        {
            ROW: cells[ROW],
            "name": cells[MEMBER],
            "currency": _currencies(cells, program, currency_names),
            "kind": kinds,
            "time": time,
            "units": _amounts(cells[AMOUNT], digits),
            "balance": _amounts(cells[BALANCE], digits)
            if BALANCE in cells.columns
            else pl.repeat(None, cells.height, dtype=pl.Int64, eager=True),
            EVENT: cells[EVENT] if EVENT in cells.columns else blank,
            RULE: (cells[RULE] if RULE in cells.columns else blank).cast(pl.Categorical),
        }
    )
    until = parse_times(cells[EXPIRES], program.timezone) if EXPIRES in cells.columns else None
    if until is not None:
        frame = frame.with_columns(_gone(until).alias("expires"))
    flaws = _flaws(cells, theirs, shape, until)
    reason = pl.coalesce(*(pl.when(mask).then(pl.lit(why)) for mask, why in flaws))
    coming = pl.col("kind").is_in(sorted({*IN, ADJUSTED}))
    return frame.with_columns(
        reason.alias("reason"),
        (pl.col("time") // _DAY).cast(pl.Int32).alias("day"),
        pl.when(coming).then(pl.col("units")).otherwise(-pl.col("units").abs()).alias("units"),
    )


def _flaws(
    cells: pl.DataFrame, theirs: Mapping[str, str], shape: Shape, until: pl.Series | None
) -> list[tuple[pl.Expr, str]]:
    """What may be wrong with a row whose values are parsed, and how that is said; the first counts."""
    flaws = [
        (pl.col("name") == "", f"`{theirs[MEMBER]}` is missing"),
        (pl.col("time").is_null(), f"`{theirs[TIME]}` is not a time such as 2026-01-31T18:55:00Z or a date"),
        (
            pl.col("kind").is_null(),
            f"`{theirs[KIND]}` is none of {', '.join(shape.kinds)}",
        ),
        (
            pl.col("units").is_null(),
            f"`{theirs[AMOUNT]}` is not an amount of at most {MOST_DIGITS} digits after the point",
        ),
        (
            (pl.col("units") < 0) & pl.col("kind").is_in(sorted(IN)),
            f"`{theirs[AMOUNT]}` is below zero, and its kind brings points",
        ),
        (
            pl.col("currency").is_null(),
            "is of no currency of the program: --currency-map FILE says of which",
        ),
    ]
    if BALANCE in cells.columns:
        unwritten = pl.lit(cells[BALANCE]) == ""
        flaws.append(
            (pl.col("balance").is_null() & ~unwritten, f"`{theirs[BALANCE]}` is not an amount of points")
        )
    if until is not None:
        never = pl.lit(cells[EXPIRES].str.to_lowercase().is_in(list(NEVER_WORDS)))
        flaws.append(
            (pl.lit(until.is_null()) & ~never, f"`{theirs[EXPIRES]}` is neither a time nor `unlimited`")
        )
    if ID in cells.columns:
        again = cells.select((pl.col(ID) != "") & ~pl.col(ID).is_first_distinct()).to_series()
        flaws.append((pl.lit(again), f"`{theirs[ID]}` is that of an earlier row"))
    return flaws


def _gone(until: pl.Series) -> pl.Series:
    """The day from whose start points are gone: the next one where they last to the end of a day."""
    late = (until % _DAY) >= _LAST_MINUTE
    return (until // _DAY + late.cast(pl.Int64)).cast(pl.Int32)


def _currencies(cells: pl.DataFrame, program: Program, names: Mapping[str, str]) -> pl.Series:
    """The index of each row's currency; null where it is none of the program."""
    if CURRENCY not in cells.columns:
        sole = 0 if len(program.currencies) == 1 else None
        return pl.repeat(sole, cells.height, dtype=pl.Int32, eager=True)
    known: dict[str, int] = {}
    for currency in program.currencies:
        known[currency.label.casefold()] = currency.index
    known |= {currency.name.casefold(): currency.index for currency in program.currencies}
    written: list[str] = cells[CURRENCY].unique().to_list()
    indices = {name: known.get(names.get(name, name).casefold()) for name in written}
    if len(program.currencies) == 1:
        unknown = [name for name in written if indices[name] is None]
        if len(written) == 1 or unknown == [""]:  # whatever they call it, there is but one
            indices |= dict.fromkeys(unknown, 0)
    return cells[CURRENCY].replace_strict(indices, return_dtype=pl.Int32)


def _with_members(
    rows: pl.DataFrame, members: Sequence[str], names: Mapping[str, str], key: bytes | None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows with numbers in place of names, and the names of strangers, by theirs less ours."""
    numbers = {name: number for number, name in enumerate(members)}
    ours = len(numbers)
    accounts: list[str] = rows["name"].unique(maintain_order=True).to_list()
    called = [names.get(name, name) for name in accounts]
    if key is not None:
        called = [name if name in numbers else hash_of(name, key) for name in called]
    of = [numbers.setdefault(name, len(numbers)) for name in called]
    known = pl.DataFrame(
        {"name": accounts, "account": range(len(accounts)), "member": of},
        schema={"name": pl.String, "account": pl.UInt32, "member": pl.Int32},
    )
    numbered = rows.join(known, on="name", how="left", maintain_order="left").drop("name")
    return numbered, tuple(numbers)[ours:]


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """By time; a file that goes back in time is turned round first, so that rows of one time are too."""
    if rows.height and rows["time"].item(0) > rows["time"].item(-1):
        rows = rows.reverse()
    return rows.sort("time", maintain_order=True).drop("time")
