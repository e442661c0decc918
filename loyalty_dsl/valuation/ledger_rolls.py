"""Deferred revenue of a ledger, month by month, on what was known then.

Invariant: each month's expected redemptions are its held units at the rates, by age of lot, of that month's
own estimate. Months with less than a year of history take the rates of the first month that has it, or of the
valuation.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import attrs

from loyalty_dsl.language.program import Currency, Program
from loyalty_dsl.valuation.accounting import AccountingClass, why_unpriced
from loyalty_dsl.valuation.cautions import too_young
from loyalty_dsl.valuation.certificate_flows import certificates_of, flows_through_certificates
from loyalty_dsl.valuation.deferral import Method, deferred
from loyalty_dsl.valuation.estimates import Estimates, Tail
from loyalty_dsl.valuation.hazards import hazards_of
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_rates import estimated, futures, soon
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle, triangle_at
from loyalty_dsl.valuation.lot_flows import LotFlows, flows_of_currency
from loyalty_dsl.valuation.pools import Pool
from loyalty_dsl.valuation.rollforward import RollForward
from loyalty_dsl.valuation.unit_costs import unit_cost_of

HISTORY = 12
"""Months before the first rates of their own."""


@attrs.frozen
class Accounted:
    """What a currency's revenue is deferred on: its flows, triangle and estimators, which for points that
    become certificates follow those to their end, and the cost of a unit that ends so."""

    flows: LotFlows
    triangle: LedgerTriangle
    found: Estimates | None
    cost: Fraction | None


def accounted(
    program: Program,
    currency: Currency,
    tables: LedgerTables,
    given: Accounted,
    *,
    used: Mapping[int, Fraction],
    tail: Tail,
) -> Accounted | str:
    """What the revenue of a currency is deferred on, or why nothing is.

    Args:
        given: as the ledger has it, where a certificate is a redemption of points.
        used: by currency, the share of its units that is ever redeemed.
    """
    targets = certificates_of(program, currency)
    if currency.worth is None and not currency.in_money:
        return "no stand-alone selling price is known: declare `worth` in the currency"
    if any(certificates_of(program, program.currencies[target]) for target in targets):
        return "points become certificates that become others, which is not supported yet"
    if unpriced := why_unpriced(program, currency.index):
        return unpriced
    if given.flows.sent or given.flows.received or any(_sent(tables, program.currencies[t]) for t in targets):
        return "members sent each other points, and the revenue that goes with them is not followed yet"
    direct = flows_of_currency(program, tables, currency, bought=False)
    if direct is None or direct.first_day > given.triangle.periods.at:
        return "certificates bought with points defer nothing of their own: the points wait for their use"
    if not given.triangle.periods.are_calendar_months:
        return "a roll-forward closes calendar months, so value the ledger at the end of one (`--at`)"
    if targets:
        whole = {**used, **dict.fromkeys(targets, Fraction(1))}
        flows = flows_through_certificates(program, tables, currency, given.flows)
        given = _again(given, flows, unit_cost_of(program, currency, tables, whole), tail)
    elif any(reward.currency_given == currency.index for reward in program.rewards):
        given = _again(given, direct, given.cost, tail)
    if given.found is None or too_young(given.found):
        return "it is too early to know a redemption rate"
    return given


def _sent(tables: LedgerTables, currency: Currency) -> bool:
    """Whether members sent each other units of a currency."""
    its = tables.postings
    return bool((its["kind"].is_in(["sent", "received"]) & (its["currency"] == currency.name)).any())


def _again(given: Accounted, flows: LotFlows, cost: Fraction | None, tail: Tail) -> Accounted:
    triangle = triangle_at(flows, given.triangle.periods)
    return Accounted(flows, triangle, estimated(triangle, tail), cost)


def roll_of(currency: Currency, on: Accounted, method: Method, tail: Tail) -> RollForward:
    """The roll-forward of a currency."""
    whole, found, cost = on.triangle, on.found, on.cost
    value = Fraction(1) if currency.worth is None else currency.worth.value
    rates = _rates_by_period(whole, found, tail)
    months = range(whole.periods.first_month, whole.periods.first_month + len(whole.periods))
    pools: list[Pool] = []
    for accounting in AccountingClass:
        triangle = triangle_at(on.flows, whole.periods, (accounting,))
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
    rates = {count - 1 - row: future[row] / held for row, held in enumerate(triangle.held) if held}
    hazards = None if found is None else hazards_of(triangle.development, [float(u) for u in triangle.issued])
    if hazards is not None:  # of an age that nobody holds at the valuation
        for age in range(count):
            rates.setdefault(age, Fraction(min(1.0, hazards.rate_after(age))))
    return rates
