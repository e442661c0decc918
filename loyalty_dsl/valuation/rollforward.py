"""A roll-forward: what was deferred, month by month and class by class, and the journal that says the same.

Invariant: in every row opening + deferred - recognised - caught up - breakage = closing, in whole minor
units, and a month opens as the one before it closed.
"""

from collections.abc import Mapping, Sequence

import attrs

from loyalty_dsl.valuation.accounting import AccountingClass


@attrs.frozen
class RollForwardRow:
    """One month of one class, in minor units. Of marketing, `deferred` is the expense accrued, `recognised`
    the cost of what was redeemed and `catch_up` what was released by a changed estimate.

    Attributes:
        catch_up: of what was redeemed before the month, as it is expected now; below 0 where more redemptions
            are expected than before.
        sales: what the points of the month were sold with.
    """

    month: int
    accounting: AccountingClass
    opening: int
    deferred: int
    recognised: int
    catch_up: int
    breakage: int
    closing: int
    sales: int = 0

    def __attrs_post_init__(self) -> None:
        moved = self.deferred - self.recognised - self.catch_up - self.breakage
        assert self.opening + moved == self.closing, "a roll-forward ties"


@attrs.frozen
class RollForward:
    """Rows by month, then by class.

    Attributes:
        current: by class, of the last closing balance what is expected to be used within a year, where every
            pool says so.
    """

    rows: tuple[RollForwardRow, ...]
    current: Mapping[AccountingClass, int] = attrs.field(factory=dict)

    @property
    def last_month(self) -> int:
        return self.rows[-1].month

    @property
    def closing(self) -> int:
        """Of all classes at the end."""
        return sum(row.closing for row in self.rows if row.month == self.last_month)

    def closing_of(self, accounting: AccountingClass) -> int:
        """Of one class at the end; 0 where there is none."""
        its = (row for row in self.rows if row.month == self.last_month and row.accounting is accounting)
        return sum(row.closing for row in its)

    @property
    def classes(self) -> tuple[AccountingClass, ...]:
        return tuple(dict.fromkeys(row.accounting for row in self.rows))

    def total(self) -> tuple[RollForwardRow, ...]:
        """A row a month for all classes that defer revenue together, which marketing does not."""
        months: dict[int, list[RollForwardRow]] = {}
        for row in self.rows:
            if row.accounting.defers:
                months.setdefault(row.month, []).append(row)
        return tuple(_sum(month, rows) for month, rows in months.items())

    def with_accrued(self) -> tuple[RollForwardRow, ...]:
        """A row a month for all classes together, those that are accrued at cost included."""
        months: dict[int, list[RollForwardRow]] = {}
        for row in self.rows:
            months.setdefault(row.month, []).append(row)
        return tuple(_sum(month, rows) for month, rows in months.items())


def combined(rolls: Sequence[RollForward]) -> RollForward:
    """Several currencies' roll-forwards as one, which books keep together. Each ends in the same month, and
    has nothing before its first."""
    rows: dict[tuple[int, AccountingClass], list[RollForwardRow]] = {}
    for row in (row for roll in rolls for row in roll.rows):
        rows.setdefault((row.month, row.accounting), []).append(row)
    order = list(AccountingClass)
    keys = sorted(rows, key=lambda key: (key[0], order.index(key[1])))
    whole = {accounting for _, accounting in keys}
    known = {
        accounting
        for accounting in whole
        if all(accounting in roll.current for roll in rolls if accounting in roll.classes)
    }
    current = {each: sum(roll.current.get(each, 0) for roll in rolls) for each in order if each in known}
    return RollForward(
        tuple(attrs.evolve(_sum(key[0], rows[key]), accounting=key[1]) for key in keys), current
    )


def _sum(month: int, rows: list[RollForwardRow]) -> RollForwardRow:
    names = ("opening", "deferred", "recognised", "catch_up", "breakage", "closing", "sales")
    return RollForwardRow(
        month=month,
        accounting=rows[0].accounting,
        **{name: sum(getattr(row, name) for row in rows) for name in names},
    )
