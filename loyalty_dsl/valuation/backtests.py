"""Past valuations of a ledger against what the same ledger says happened afterwards.

Invariant: a valuation knows nothing after its day; what it is held against is only what it could speak of:
the redemptions, up to the ledger's end, of points issued by its day.
"""

from collections.abc import Mapping
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import Unit, window_end
from loyalty_dsl.language.program import Program
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.estimates import Tail
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_rates import futures
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation, flows_of_ledger, value_ledger
from loyalty_dsl.valuation.lot_flows import Key, LotFlows
from loyalty_dsl.valuation.periods import periods_until

LEAST_HISTORY = 3
"""Months before the first valuation."""


@attrs.frozen(eq=False)
class PastValuation:
    """One valuation of one currency and its sequel.

    Attributes:
        expected: redemptions that it expected by the ledger's end.
        happened: those that happened.
        open: units issued by its day that are still held at the ledger's end: their fate is open.
    """

    at: int
    valued: CurrencyValuation
    expected: Fraction
    happened: int
    open: int

    @property
    def off(self) -> Fraction:
        """Expected less happened, in units."""
        return self.expected - self.happened

    @property
    def off_share(self) -> Fraction | None:
        return self.off / self.happened if self.happened else None

    @property
    def off_money(self) -> int | None:
        """In minor units; above 0 where too much was set aside."""
        if self.valued.cost is None:
            return None
        exact = self.valued.cost * self.off
        return rounded(exact, Rounding.HALF_UP) if exact >= 0 else -rounded(-exact, Rounding.HALF_UP)

    @property
    def points_of_urr(self) -> Fraction:
        """The error as percentage points of the ultimate redemption rate."""
        return 100 * self.off / sum(self.valued.triangle.issued)


def backtest(
    program: Program, tables: LedgerTables, every: Unit = Unit.QUARTER, tail: Tail = None
) -> tuple[PastValuation, ...]:
    """Values a ledger at the end of each past month or quarter, by currency.

    Args:
        every: a month or a quarter.
        tail: as of `value_ledger`.

    Raises:
        InputRefused: the ledger is too short for a valuation with a sequel.
    """
    flows = flows_of_ledger(program, tables)
    found: list[PastValuation] = []
    start = min((its.first_day for its in flows.values()), default=tables.as_of)
    day = window_end(every, start) - 1
    while day < tables.as_of:
        months = len(periods_until(tables.as_of, day)) - 1
        if len(periods_until(day, start)) >= LEAST_HISTORY and months >= 1:
            past = value_ledger(program, tables, day, None, tail=tail, flows=flows)
            found += [
                _sequel(valued, flows[valued.currency.index], day, months, tables.as_of)
                for valued in past.currencies
                if valued.found is not None
            ]
        day = window_end(every, day + 1) - 1
    if not found:
        raise InputRefused(
            "the ledger is too short for a backtest",
            f"it takes {LEAST_HISTORY} months, then the end of a {every.value}, and days after it",
        )
    return tuple(found)


def _sequel(valued: CurrencyValuation, flows: LotFlows, day: int, months: int, end: int) -> PastValuation:
    def after(moved: Mapping[Key, int]) -> int:
        return sum(units for (born, when, _), units in moved.items() if born <= day < when <= end)

    redeemed = after(flows.redeemed)
    left = valued.held - redeemed - after(flows.lost)
    return PastValuation(day, valued, _expected(valued, months), redeemed, left)


def _expected(valued: CurrencyValuation, months: int) -> Fraction:
    """Redemptions that a valuation expects in the months that follow it."""
    found = valued.found
    assert found is not None
    return sum(
        (
            units * Fraction(found.ladder.within(age, months))
            for units, age in zip(futures(valued.triangle, found), found.triangle.age_now, strict=True)
        ),
        Fraction(0),
    )
