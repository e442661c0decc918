"""What is settled with partners as a table, as JSON and as lines of text: the same rows everywhere.

Invariant: a row is a partner, a month and a currency; money is in minor units in tables, and as it is written
elsewhere.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from loyalty_dsl.calendar import date_of, month_start
from loyalty_dsl.evaluation.settlement import Bill
from loyalty_dsl.language.program import Program
from loyalty_dsl.quantities import MINOR_DIGITS, display_number, format_money, format_units
from loyalty_dsl.report.wording import one_line

if TYPE_CHECKING:
    import polars as pl

HEADINGS = ("Partner", "Issued", "Redeemed", "Pays", "Receives", "Net")


def month_of(bill: Bill) -> str:
    """`2026-03`."""
    return f"{date_of(month_start(bill.month)):%Y-%m}"


def settlement_frame(program: Program, bills: Sequence[Bill]) -> "pl.DataFrame":
    """A row for each bill.

    Returns:
        Columns partner, month (its first day), currency, issued (less what returns took back) and redeemed in
        smallest units, and pays, receives and net (what the partner owes) in minor units.
    """
    import polars as pl

    names = [currency.name for currency in program.currencies]
    columns: dict[str, tuple[list[Any], Any]] = {
        "partner": ([each.partner.name for each in bills], pl.String),
        "month": ([month_start(each.month) for each in bills], pl.Int32),
        "currency": ([names[each.currency] for each in bills], pl.String),
        "issued": ([each.issued for each in bills], pl.Int64),
        "redeemed": ([each.redeemed for each in bills], pl.Int64),
        "pays": ([each.invoiced for each in bills], pl.Int64),
        "receives": ([each.repaid for each in bills], pl.Int64),
        "net": ([each.net for each in bills], pl.Int64),
    }
    frame = pl.DataFrame([pl.Series(name, values, dtype=type_) for name, (values, type_) in columns.items()])
    return frame.with_columns(pl.col("month").cast(pl.Date))


def settlement_json(program: Program, bills: Sequence[Bill]) -> list[dict[str, Any]]:
    """A dict for each bill, with amounts in display units."""
    scale = int(10 ** MINOR_DIGITS[program.money])
    return [
        {
            "partner": each.partner.name,
            "month": month_of(each),
            "currency": program.currencies[each.currency].name,
            "issued": display_number(each.issued, program.currencies[each.currency].scale),
            "redeemed": display_number(each.redeemed, program.currencies[each.currency].scale),
            "pays": display_number(each.invoiced, scale),
            "receives": display_number(each.repaid, scale),
            "net": display_number(each.net, scale),
        }
        for each in bills
    ]


def settlement_rows(program: Program, bills: Sequence[Bill]) -> list[list[str]]:
    """The headings, a row for each partner and currency over all months, and one of all partners."""
    sums: dict[tuple[int, int], list[int]] = {}
    for each in bills:
        row = sums.setdefault((each.partner.index, each.currency), [0] * 4)
        for column, amount in enumerate((each.issued, each.redeemed, each.invoiced, each.repaid)):
            row[column] += amount
    several = len({currency for _, currency in sums}) > 1
    rows = [["", *HEADINGS[1:]]]
    for (partner, index), (issued, redeemed, pays, receives) in sorted(sums.items()):
        currency = program.currencies[index]
        of = f", {one_line(currency.label)}" if several else ""
        rows.append(
            [
                one_line(program.partners[partner].label) + of,
                *(
                    format_money(units, program.money)
                    if currency.in_money
                    else format_units(units, currency.scale)
                    for units in (issued, redeemed)
                ),
                *(format_money(minor, program.money) for minor in (pays, receives, pays - receives)),
            ]
        )
    pays, receives = (sum(row[column] for row in sums.values()) for column in (2, 3))
    if len(sums) > 1:
        amounts = (format_money(minor, program.money) for minor in (pays, receives, pays - receives))
        rows.append(["All partners", "", "", *amounts])
    return rows
