"""Allowances: what a member may use for as long as it stands as it does (ALLOW).

Invariant: an allowance is worked out from balances and from one status or field, and is never posted: when
either changes, so does all of it.
"""

from collections.abc import Sequence

from loyalty_dsl.language.conditions import MemberField, StatusOf
from loyalty_dsl.language.records import record
from loyalty_dsl.source import Span


@record
class AllowanceRow:
    """So much for each unit of a currency, for some levels or values.

    Attributes:
        values: of what the line asks; `None` for all others.
        currency: by index, whose available balance counts.
        units: for each of its units; most: of all of them together, a multiple of `units`; `None` for any.
    """

    values: tuple[int, ...] | None
    currency: int
    units: int
    most: int | None


@record
class AllowanceLine:
    """One `give`: the first row that is meant gives; `of` is `None` where there is one row for everybody."""

    of: StatusOf | MemberField | None
    rows: tuple[AllowanceRow, ...]


@record
class Allowance:
    """Attributes:
    unit: what it is counted in, as written.
    lines: added up.
    """

    name: str
    label: str
    index: int
    unit: str
    lines: tuple[AllowanceLine, ...]
    span: Span


def value_of(
    allowance: Allowance, levels: Sequence[int], fields: Sequence[int], available: Sequence[int]
) -> int:
    """What somebody may use (ALLOW-1).

    Args:
        levels: of each ladder; fields: of the member; available: of each currency.
    """
    total = 0
    for line in allowance.lines:
        match line.of:
            case StatusOf(ladder):
                key = levels[ladder]
            case MemberField(field):
                key = fields[field.index]
            case None:
                key = 0
        row = next((row for row in line.rows if row.values is None or key in row.values), None)
        if row is not None:
            units = row.units * max(0, available[row.currency])
            total += units if row.most is None else min(row.most, units)
    return total
