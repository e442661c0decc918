"""The journal of a roll-forward: entries by month and class, as CSV and as beancount text.

Invariants: the lines of an entry add up to 0, and what they do to a liability's account is what the
roll-forward says; beancount text asserts every closing balance, so its own checker proves both.
"""

from collections.abc import Iterator

import attrs

from loyalty_dsl.calendar import format_day, month_start
from loyalty_dsl.quantities import MINOR_DIGITS
from loyalty_dsl.valuation.accounting import AccountingClass
from loyalty_dsl.valuation.rollforward import RollForward, RollForwardRow

SALES = "Income:Sales"
PARTNERS = "Income:Partners"
REDEEMED = "Income:Loyalty:Redeemed"
BREAKAGE = "Income:Loyalty:Breakage"
EXPENSE = "Expenses:Loyalty:Rewards"
GIVEN = "Assets:Loyalty:RewardsGiven"
OPENING = "Equity:Opening-Balances"
_LIABILITY = {
    AccountingClass.SALE: "Liabilities:Loyalty:Deferred:Sale",
    AccountingClass.SOLD_TO_PARTNER: "Liabilities:Loyalty:Deferred:SoldToPartner",
    AccountingClass.FEE: "Liabilities:Loyalty:Deferred:Fee",
    AccountingClass.MARKETING: "Liabilities:Loyalty:Accrued:Marketing",
}
CSV_HEADER = "date,entry,class,account,debit,credit,currency,text"


@attrs.frozen
class Entry:
    """One entry; `lines` are accounts with what they are debited, or credited where it is below 0.

    Attributes:
        day: the last of its month.
    """

    day: int
    accounting: AccountingClass
    text: str
    lines: tuple[tuple[str, int], ...]

    def __attrs_post_init__(self) -> None:
        assert sum(amount for _, amount in self.lines) == 0, "an entry balances"


def entries_of(roll: RollForward) -> tuple[Entry, ...]:
    """The entries of a roll-forward, by month and class.

    Sales are taken as booked by the till already, and what partners pay as billed: the first entry of a class
    moves the points' part of them out of revenue. A balance from before the first month is an opening entry.
    """
    found: list[Entry] = []
    first = roll.rows[0].month if roll.rows else 0
    for row in roll.rows:
        if row.month == first:
            found += _entry(row, "Brought forward", (OPENING, row.opening), opening=True)
        found += _of_row(row)
    return tuple(found)


def _of_row(row: RollForwardRow) -> Iterator[Entry]:
    if row.accounting is AccountingClass.MARKETING:
        yield from _entry(row, "Rewards accrued on points issued", (EXPENSE, row.deferred))
        yield from _entry(row, "Cost of points redeemed", (GIVEN, -row.recognised))
        yield from _entry(row, "Expected redemptions estimated anew", (EXPENSE, -row.catch_up))
        return
    booked = PARTNERS if row.accounting is AccountingClass.SOLD_TO_PARTNER else SALES
    yield from _entry(row, "Revenue deferred for points issued", (booked, row.deferred))
    yield from _entry(row, "Points redeemed", (REDEEMED, -row.recognised))
    yield from _entry(row, "Expected redemptions estimated anew", (REDEEMED, -row.catch_up))
    yield from _entry(row, "Breakage", (BREAKAGE, -row.breakage))


def _entry(
    row: RollForwardRow, text: str, line: tuple[str, int], *, opening: bool = False
) -> Iterator[Entry]:
    """An entry of one account against the liability, if there is anything to enter."""
    account, amount = line
    if amount:
        day = month_start(row.month) if opening else month_start(row.month + 1) - 1
        yield Entry(day, row.accounting, text, ((account, amount), (_LIABILITY[row.accounting], -amount)))


def journal_csv(roll: RollForward, money: str) -> str:
    """The journal as CSV, a row for each line of an entry, ending in a newline.

    Args:
        money: the ISO 4217 code of the amounts.
    """
    lines = [CSV_HEADER]
    for number, entry in enumerate(entries_of(roll), 1):
        for account, amount in entry.lines:
            debit, credit = (_amount(abs(amount), money), "") if amount > 0 else ("", _amount(-amount, money))
            lines.append(
                f"{format_day(entry.day)},{number},{entry.accounting.value},{account},{debit},{credit},{money},"
                f"{entry.text}"
            )
    return "\n".join(lines) + "\n"


def journal_beancount(roll: RollForward, money: str) -> str:
    """The journal as beancount text, ending in a newline: accounts, entries, and a balance assertion for each
    class and month.

    Args:
        money: the ISO 4217 code of the amounts.
    """
    entries = entries_of(roll)
    liabilities = [_LIABILITY[accounting] for accounting in roll.classes]
    used = sorted({account for entry in entries for account, _ in entry.lines} | set(liabilities))
    first = format_day(month_start(roll.rows[0].month)) if roll.rows else ""
    lines = ['option "title" "Loyalty: deferred revenue and accrued rewards"']
    lines += [f'option "operating_currency" "{money}"', ""]
    lines += [f"{first} open {account} {money}" for account in used]
    for entry in entries:
        lines += ["", f'{format_day(entry.day)} * "Loyalty, {entry.accounting.value}" "{entry.text}"']
        lines += [f"  {account}  {_amount(amount, money)} {money}" for account, amount in entry.lines]
    lines.append("")
    for row in roll.rows:  # a balance is asserted as a day begins; a liability stands as a negative amount
        day = format_day(month_start(row.month + 1))
        lines.append(f"{day} balance {_LIABILITY[row.accounting]}  {_amount(-row.closing, money)} {money}")
    return "\n".join(lines) + "\n"


def _amount(minor: int, money: str) -> str:
    """An amount without thousands separators: `1234.50`, `-0.05`."""
    digits = MINOR_DIGITS[money]
    whole, part = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"
