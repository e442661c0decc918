"""What became of the rows of a file that a source read: in text, and as data.

Invariant: the parts add up to the file, in orders, rows and money.
"""

from typing import TYPE_CHECKING, Any

from loyalty_dsl.quantities import MINOR_DIGITS, display_number, format_money
from loyalty_dsl.report.style import counted

if TYPE_CHECKING:
    from loyalty_dsl.transactions.exports import Account, Share


def account_rows(account: "Account", money: str) -> list[list[str]]:
    """The headings, and a row for each part; the last is the file."""
    heading = account.money_of or "Money"
    rows = [["", "Orders", "Rows", heading], _row("Used", account.used, money)]
    for skip, share in zip(account.source.skips, account.by_skip, strict=True):
        if share.rows:
            clause = " ".join(skip.span.text.split())
            rows.append(_row(clause[:1].upper() + clause[1:], share, money))
    rows.append(_row("Set aside", account.aside, money))
    rows.append(_row("In the file", account.file, money))
    return rows


def account_notes(account: "Account", money: str) -> list[str]:
    """What is not in the table and must not be overlooked, a sentence each."""
    notes = []
    if account.unreadable:
        rows = counted(account.unreadable, "row")
        notes.append(f"The money of {rows} cannot be read, and counts as nothing in this table.")
    if account.refunded:
        back, orders = format_money(account.refunded, money), counted(account.refunds, "used order")
        notes.append(
            f"{back} of {orders} went back (`{account.source.refunded}`); the file does not say when, so "
            "nothing is taken back for it."
        )
    return notes


def account_json(account: "Account", money: str) -> dict[str, Any]:
    """The same as data; money is in whole money, exact."""
    parts = (
        ("file", account.file),
        ("used", account.used),
        ("skipped", account.skipped),
        ("aside", account.aside),
    )
    return {
        "name": account.source.name,
        "money_of": account.money_of,
        **{name: _data(share, money) for name, share in parts},
        "skips": [
            {"clause": " ".join(skip.span.text.split()), **_data(share, money)}
            for skip, share in zip(account.source.skips, account.by_skip, strict=True)
        ],
        "unreadable_rows": account.unreadable,
        "refunded": display_number(account.refunded, 10 ** MINOR_DIGITS[money]),
        "refunded_orders": account.refunds,
    }


def _row(name: str, share: "Share", money: str) -> list[str]:
    return [name, f"{share.orders:,}", f"{share.rows:,}", format_money(share.money, money)]


def _data(share: "Share", money: str) -> dict[str, Any]:
    scale = 10 ** MINOR_DIGITS[money]
    return {"orders": share.orders, "rows": share.rows, "money": display_number(share.money, scale)}
