"""Deferred revenue of a ledger, month by month, on what was known then.

Invariant: each month's expected redemptions are its held units at the rates, by age of lot, of that month's
own estimate. Months with less than a year of history take the rates of the first month that has it, or of the
valuation.
"""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.valuation.accounting import AccountingClass, why_unpriced
from loyalty_dsl.valuation.cautions import too_young
from loyalty_dsl.valuation.deferral import Method, deferred
from loyalty_dsl.valuation.estimates import Estimates, Tail
from loyalty_dsl.valuation.ledger_rates import estimated, futures, soon
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle, triangle_at
from loyalty_dsl.valuation.lot_flows import LotFlows
from loyalty_dsl.valuation.pools import Pool
from loyalty_dsl.valuation.rollforward import RollForward

HISTORY = 12
"""Months before the first rates of their own."""


def why_no_roll(
    program: Program, currency: Currency, triangle: LedgerTriangle, found: Estimates | None
) -> str:
    if currency.worth is None and not currency.in_money:
        return "no stand-alone selling price is known: declare `worth` in the currency"
    if any(
        reward.currency == currency.index and reward.currency_given is not None for reward in program.rewards
    ):
        return "deferring points that become certificates is not supported yet"
    if any(reward.currency_given == currency.index for reward in program.rewards):
        return "certificates bought with points defer nothing of their own"
    if unpriced := why_unpriced(program, currency.index):
        return unpriced
    if not triangle.periods.are_calendar_months:
        return "a roll-forward closes calendar months: value it at the end of one"
    if found is None or too_young(found):
        return "it is too early to know a redemption rate"
    return ""


def roll_of(
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
        current=None if found is None else soon(found, row),
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
        its = found if period == count - 1 else estimated(then, tail, errors=False)
        known.append(_rates(then, its))
    return [known[0]] * first + known


def _rates(triangle: LedgerTriangle, found: Estimates | None) -> dict[int, Fraction]:
    count = len(triangle.issued)
    future = futures(triangle, found)
    return {count - 1 - row: future[row] / held for row, held in enumerate(triangle.held) if held}
