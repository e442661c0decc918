"""Amounts as other systems write them, `$1,250.00` and `(4.50)`, and sums of them.

Invariant: a sum is exact in minor units or absent; nothing is rounded. A blank cell is missing as the first
term of a sum and nothing in any other.
"""

from collections.abc import Callable, Mapping

import attrs
import polars as pl

from loyalty_dsl.language.sources import Cells, Sum, Whole
from loyalty_dsl.quantities import MAX_AMOUNT, MINOR_DIGITS, symbol_of

MISSING = "is missing"
NO_COUNT = "is not a quantity such as 2"
PARTS = "comes to a part of a cent"
TOO_LARGE = "is larger than any amount may be"

_QUANTITY_SCALE = 10**5
_MOST_QUANTITY = 10**4


@attrs.frozen
class SummedCells:
    """A sum: its value in minor units, and by column and reason the rows where it is at fault."""

    value: pl.Expr
    faults: tuple[tuple[str, str, pl.Expr], ...]


def money_cell(cell: pl.Expr, money: str) -> pl.Expr:
    """Minor units of a text; null for anything else. Thousands may be grouped, the sign of the money may
    stand in front, and brackets or a minus make it negative."""
    digits = MINOR_DIGITS[money]
    sign = symbol_of(money).replace("$", r"\$")
    part = r"(?:\.[0-9]{1," + str(digits) + "}0*)?" if digits else r"(?:\.0+)?"
    number = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})" + part
    shape = rf"^(?:-?{sign}?{number}|{sign}-{number}|\({sign}?{number}\))$"
    bare = cell.str.replace_all(rf"[{sign},()-]", "")
    kept = bare.str.replace(r"(\.[0-9]{" + str(digits) + "})0+$", "${1}") if digits else bare
    kept = kept.str.replace(r"\.0*$", "") if not digits else kept
    units = kept.cast(pl.Decimal(18, digits), strict=False).to_physical().cast(pl.Int64, strict=False)
    negative = cell.str.contains(r"[-(]")
    return pl.when(cell.str.contains(shape)).then(pl.when(negative).then(-units).otherwise(units))


def summed(
    sum_: Sum, of: Callable[[str], pl.Expr], wholes: Mapping[Whole, pl.Expr], money: str, example: str
) -> SummedCells:
    """The value of a sum.

    Args:
        of: the cells of a column, blank ones null.
        wholes: what `items` and `basket` come to.
        example: an amount as it may be written.
    """
    faults: list[tuple[str, str, pl.Expr]] = []
    total = pl.lit(0, pl.Int64)
    for number, term in enumerate(sum_):
        match term.of:
            case Whole() as whole:
                value = wholes[whole]
            case Cells(column=column, times=times):
                cell = of(column)
                value = money_cell(cell, money)
                faults.append(
                    (column, f"is not an amount such as {example}", cell.is_not_null() & value.is_null())
                )
                faults.append((column, TOO_LARGE, value.abs() > MAX_AMOUNT))
                if number == 0:
                    faults.append((column, MISSING, cell.is_null()))
                if times is not None:
                    count = of(times)
                    scaled = _quantity(count)
                    faults.append((times, NO_COUNT, count.is_not_null() & scaled.is_null()))
                    faults.append((times, MISSING, count.is_null() & cell.is_not_null()))
                    exact = pl.when(value.abs() <= MAX_AMOUNT).then(value) * scaled
                    faults.append((column, PARTS, exact % _QUANTITY_SCALE != 0))
                    value = exact // _QUANTITY_SCALE
                if number:
                    value = pl.when(cell.is_null()).then(0).otherwise(value)
        total = total - value if term.less else total + value
    return SummedCells(total, tuple(faults))


def _quantity(cell: pl.Expr) -> pl.Expr:
    """A quantity times `_QUANTITY_SCALE`, so that parts of a pound are exact."""
    scaled = cell.cast(pl.Decimal(18, 5), strict=False).to_physical().cast(pl.Int64, strict=False)
    fits = cell.str.contains(r"^-?[0-9]{1,5}(?:\.[0-9]{1,5})?$") & (
        scaled.abs() <= _MOST_QUANTITY * _QUANTITY_SCALE
    )
    return pl.when(fits).then(scaled)
