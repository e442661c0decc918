"""A ledger valued at a day: what is outstanding, what of it will be redeemed, what that costs, what is
deferred.

Invariants: outstanding is what the ledger holds, not what an estimator says; nothing after the day is known,
but for what rewards cost, which is that of the whole ledger where no cost of a unit is declared; the
liability is the cost of a unit times the future redemptions, of points and of certificates alike.

Deferred revenue is recognised month by month on what was known then: each month's expected redemptions are
its held units at the rates, by age of lot, of that month's own estimate. Months with less than a year of
history take the rates of the first month that has it, or of the valuation.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.accounting import AccountingClass, why_unpriced
from loyalty_dsl.valuation.bands import Band, band_of
from loyalty_dsl.valuation.bridge import Valuation, ValuedVintage
from loyalty_dsl.valuation.chain_ladder import fitted_tail, ladder_of
from loyalty_dsl.valuation.deferral import Method, deferred
from loyalty_dsl.valuation.estimates import Estimates, Tail, estimates
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle, triangle_at
from loyalty_dsl.valuation.lot_flows import LotFlows, flows_of_currency
from loyalty_dsl.valuation.periods import periods_until
from loyalty_dsl.valuation.pools import Pool
from loyalty_dsl.valuation.rollforward import RollForward
from loyalty_dsl.valuation.unit_costs import target_of, unit_cost_of

HISTORY = 12
YEAR = 12


@attrs.frozen
class AgeBand:
    """Lots of one age in months: units held, and those of them that will be redeemed."""

    age: int
    held: int
    future: Fraction


@attrs.frozen(eq=False)
class CurrencyValuation:
    """One currency at a day, in smallest units and minor units.

    Attributes:
        triangle: what the ledger says.
        found: the estimators; `None` where nothing was redeemed yet, or all is of one age.
        future: by period of issue, units that will be redeemed: those of the quoted estimator, at most what
            is held.
        debt: what members owe after returns, which is not netted from what others hold.
        cost: of a redeemed unit; `None` where nobody says.
        current: of the liability, what is expected to be used within a year.
        roll: the roll-forward; `None` where `why_no_roll` says why.
    """

    currency: Currency
    triangle: LedgerTriangle
    found: Estimates | None
    future: tuple[Fraction, ...]
    debt: int
    cost: Fraction | None
    current: int | None
    roll: RollForward | None
    why_no_roll: str

    @property
    def held(self) -> int:
        return sum(self.triangle.held)

    @property
    def total_future(self) -> Fraction:
        return sum(self.future, Fraction(0))

    @property
    def phi(self) -> Fraction:
        return self.total_future / self.held if self.held else Fraction(0)

    @property
    def urr(self) -> Fraction:
        """Of what was issued up to the valuation."""
        issued = sum(self.triangle.issued)
        redeemed = sum(map(sum, self.triangle.redeemed))
        return (redeemed + self.total_future) / issued if issued else Fraction(0)

    @property
    def liability(self) -> int | None:
        """At cost, half up."""
        if self.cost is None:
            return None
        return rounded(self.cost * self.total_future, Rounding.HALF_UP)

    @property
    def band(self) -> Band | None:
        """How far what will be redeemed may be off; `None` where the ledger is too young to tell."""
        return None if self.found is None else band_of(self.triangle, self.found)

    @property
    def per_point_of_urr(self) -> int | None:
        """What one percentage point more of URR adds to the liability: the cost of 1% of all issued."""
        if self.cost is None:
            return None
        return rounded(self.cost * Fraction(sum(self.triangle.issued), 100), Rounding.HALF_UP)

    @property
    def ages(self) -> tuple[AgeBand, ...]:
        """Youngest first."""
        last = len(self.future) - 1
        rows = zip(reversed(self.triangle.held), reversed(self.future), strict=True)
        return tuple(AgeBand(age, held, future) for age, (held, future) in enumerate(rows) if age <= last)

    @property
    def valuation(self) -> Valuation | None:
        """For a bridge; `None` without a cost."""
        if self.cost is None:
            return None
        first = self.triangle.periods.first_month
        vintages = tuple(
            ValuedVintage(
                first + row,
                self.triangle.issued[row],
                sum(self.triangle.redeemed[row]),
                self.triangle.held[row],
                self.future[row],
            )
            for row in range(len(self.future))
        )
        return Valuation(first + len(self.future) - 1, self.cost, self.urr, vintages)


@attrs.frozen(eq=False)
class LedgerValuation:
    """Every currency that can cost something, at a day."""

    program: Program
    at: int
    currencies: tuple[CurrencyValuation, ...]

    @property
    def liability(self) -> int | None:
        """Of all currencies, points and certificates; `None` unless each is known."""
        known = [one.liability for one in self.currencies if one.liability is not None]
        return sum(known) if len(known) == len(self.currencies) else None


Flows = dict[int, LotFlows]
"""By the index of a currency that can cost something and was issued."""


def flows_of_ledger(program: Program, tables: LedgerTables) -> Flows:
    """Follows the lots of every currency that can cost something."""
    found = {
        currency.index: flows_of_currency(program, tables, currency)
        for currency in program.currencies
        if not _is_score(currency, program)
    }
    return {index: flows for index, flows in found.items() if flows is not None}


def value_ledger(
    program: Program,
    tables: LedgerTables,
    at: int | None = None,
    method: Method | None = "proportional",
    *,
    tail: Tail = None,
    flows: Flows | None = None,
) -> LedgerValuation:
    """Values a ledger.

    Args:
        at: the day; by default the ledger's last.
        method: of deferred revenue; `None` for no roll-forward.
        tail: as of `estimates`; where no curve fits, `fitted` is none.
        flows: as of `flows_of_ledger`, where they are known already.

    Raises:
        InputRefused: the day is not in the ledger.
    """
    day = tables.as_of if at is None else at
    if day > tables.as_of:
        raise InputRefused(
            f"the ledger ends on {date_of(tables.as_of)}, so it cannot be valued at {date_of(day)}",
            "`loyalty simulate` says what comes after it",
        )
    every = flows_of_ledger(program, tables) if flows is None else flows
    first = {index: its for index, its in every.items() if its.first_day <= day}
    if not first:
        raise InputRefused(f"nothing was issued by {date_of(day)}, so there is nothing to value")
    triangles = {index: triangle_at(its, periods_until(day, its.first_day)) for index, its in first.items()}
    rates = {index: _estimated(triangle, tail) for index, triangle in triangles.items()}
    used = {}
    for index, triangle in triangles.items():
        issued, redeemed = sum(triangle.issued), sum(map(sum, triangle.redeemed))
        future = sum(_futures(triangle, rates[index]), Fraction(0))
        used[index] = (redeemed + future) / issued
    valued = []
    for index, its in first.items():
        currency = program.currencies[index]
        cost = unit_cost_of(program, currency, tables, used)
        valued.append(
            _value(
                program,
                currency,
                flows=its,
                triangle=triangles[index],
                found=rates[index],
                cost=cost,
                method=method,
                tail=tail,
            )
        )
    return LedgerValuation(program, day, tuple(valued))


def _value(
    program: Program,
    currency: Currency,
    *,
    flows: LotFlows,
    triangle: LedgerTriangle,
    found: Estimates | None,
    cost: Fraction | None,
    method: Method | None,
    tail: Tail,
) -> CurrencyValuation:
    future = _futures(triangle, found)
    why = "it was not asked for" if method is None else _why_no_roll(program, currency, triangle, found)
    roll = None
    if method is not None and not why:
        roll = _roll(currency, flows, triangle, found=found, cost=cost, method=method, tail=tail)
    current = None
    if cost is not None and found is not None:
        soon = sum(
            (units * _soon(found, row) for row, units in enumerate(future)),
            Fraction(0),
        )
        current = rounded(cost * soon, Rounding.HALF_UP)
    debt = sum(units for day, units in flows.debt.items() if day <= triangle.periods.at)
    return CurrencyValuation(currency, triangle, found, future, debt, cost, current, roll, why)


def _is_score(currency: Currency, program: Program) -> bool:
    """Whether units cannot be used and are said to cost nothing, as status miles."""
    free = currency.cost is not None and currency.cost.value == 0
    return free and all(reward.currency != currency.index for reward in program.rewards)


def _estimated(triangle: LedgerTriangle, tail: Tail, *, errors: bool = True) -> Estimates | None:
    """Every estimator; `None` where nothing was redeemed yet, or all that was issued is of one age."""
    developed = triangle.development
    if not any(map(any, triangle.redeemed)) or developed.ages == 1:
        return None
    if tail == "fitted" and fitted_tail(ladder_of(developed)) is None:
        tail = None
    return estimates(developed, triangle.issued, triangle.held, tail=tail, errors=errors)


def _futures(triangle: LedgerTriangle, found: Estimates | None) -> tuple[Fraction, ...]:
    """By period of issue; all that is held where nothing can be estimated yet, which is the prudent end."""
    if found is None:
        return tuple(Fraction(held) for held in triangle.held)
    return tuple(
        min(Fraction(held), max(Fraction(0), Fraction(units)))
        for held, units in zip(triangle.held, found.headline.future, strict=True)
    )


def _soon(found: Estimates, row: int) -> Fraction:
    """Of what is still redeemed of a period's issue, the share within a year."""
    return (
        Fraction(found.ladder.within(found.triangle.age_now[row], YEAR))
        if found.ladder.is_whole
        else (Fraction(1))
    )


def _why_no_roll(
    program: Program, currency: Currency, triangle: LedgerTriangle, found: Estimates | None
) -> str:
    if currency.worth is None and not currency.in_money:
        return "no stand-alone selling price is known: declare `worth` in the currency"
    if any(reward.currency == currency.index and target_of(reward) is not None for reward in program.rewards):
        return "deferring points that become certificates is not supported yet"
    if any(target_of(reward) == currency.index for reward in program.rewards):
        return "certificates bought with points defer nothing of their own"
    if unpriced := why_unpriced(program, currency.index):
        return unpriced
    if not triangle.periods.are_calendar_months:
        return "a roll-forward closes calendar months: value it at the end of one"
    if found is None:
        return "it is too early to know a redemption rate"
    return ""


def _roll(
    currency: Currency,
    flows: LotFlows,
    whole: LedgerTriangle,
    *,
    found: Estimates | None,
    cost: Fraction | None,
    method: Method,
    tail: Tail,
) -> RollForward:
    value = Fraction(1) if currency.worth is None else currency.worth.value
    rates = _rates_by_period(whole, found, tail)
    months = range(whole.periods.first_month, whole.periods.first_month + len(whole.periods))
    pools: list[Pool] = []
    for accounting in AccountingClass:
        triangle = triangle_at(flows, whole.periods, (accounting,))
        if not any(triangle.issued):
            continue
        if cost is None and not accounting.defers:
            continue
        for row, points in enumerate(triangle.issued):
            if points:
                pools.append(
                    _pool(accounting, triangle, row, value=value, rates=rates, cost=cost, found=found)
                )
    return deferred(pools, list(months), method)


def _pool(
    accounting: AccountingClass,
    triangle: LedgerTriangle,
    row: int,
    *,
    value: Fraction,
    rates: Sequence[dict[int, Fraction]],
    cost: Fraction | None,
    found: Estimates | None,
) -> Pool:
    used, gone, points = triangle.redeemed[row], triangle.lost[row], triangle.issued[row]
    expected = []
    so_far, left = 0, points
    for age in range(len(used)):
        so_far += used[age]
        left -= used[age] + gone[age]
        expected.append(so_far + left * rates[row + age].get(age, Fraction(0)))
    return Pool(
        month=triangle.periods.first_month + row,
        accounting=accounting,
        sales=max(0, triangle.sales[row]) if accounting.defers else 0,
        points=points,
        value=value,
        urr=expected[0] / points,
        redeemed=used,
        expected=tuple(expected),
        lost=gone,
        cost=cost,
        current=None if found is None else _soon(found, row),
    )


def _rates_by_period(
    triangle: LedgerTriangle, found: Estimates | None, tail: Tail
) -> list[dict[int, Fraction]]:
    """For each period, by age of lot, the share of held units that it expected to be redeemed."""
    count = len(triangle.periods)
    first = min(HISTORY - 1, count - 1)
    known: list[dict[int, Fraction]] = []
    for period in range(first, count):
        then = triangle.until(period)
        its = found if period == count - 1 else _estimated(then, tail, errors=False)
        known.append(_rates(then, its))
    return [known[0]] * first + known


def _rates(triangle: LedgerTriangle, found: Estimates | None) -> dict[int, Fraction]:
    count = len(triangle.issued)
    futures = _futures(triangle, found)
    return {count - 1 - row: futures[row] / held for row, held in enumerate(triangle.held) if held}
