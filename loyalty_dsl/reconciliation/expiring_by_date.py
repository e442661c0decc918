"""The expiries of a ledger that does not write them: each addition has the day from whose start it is gone.

Invariant: of every addition, what subtractions took and what expired is at most what it was. The points that
go first are taken first; that is an assumption about the other system, and rows made here say so.
"""

import heapq

import polars as pl

from loyalty_dsl.transactions.opening import ROW

_NEVER = 2**31


def derived_expiries(rows: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The expiries through `as_of`, as rows like those that they come from.

    Args:
        rows: of a ledger, in order of time, with `expires`.

    Returns:
        ROW of the addition, `member`, `currency`, `day` and `units`, below zero.
    """
    heads = ("account", "currency", ROW, "member", "day", "units", "expires")
    ordered = rows.select(heads).sort("account", "currency", maintain_order=True)
    found: list[tuple[int, int, int, int, int]] = []
    account: tuple[int, int] | None = None
    member = currency = 0
    lots: list[list[int]] = []
    owed = number = 0

    def expire(through: int) -> None:
        while lots and lots[0][0] <= through:
            gone, _, rest, row = heapq.heappop(lots)
            found.append((row, member, currency, gone, -rest))

    for its, of, row, its_member, day, units, expires in ordered.iter_rows():
        if (its, of) != account:
            expire(as_of)
            account, lots, owed = (its, of), [], 0
            member, currency = its_member, of
        expire(day)
        if units > 0:
            paid = min(owed, units)
            owed -= paid
            number += 1
            if units > paid:
                heapq.heappush(lots, [_NEVER if expires is None else expires, number, units - paid, row])
            continue
        left = -units
        while left and lots:
            taken = min(left, lots[0][2])
            lots[0][2] -= taken
            left -= taken
            if not lots[0][2]:
                heapq.heappop(lots)
        owed += left
    expire(as_of)
    schema = {
        ROW: pl.UInt32, "member": pl.Int32, "currency": pl.Int32, "day": pl.Int32,
        "units": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(found, schema=schema, orient="row")
