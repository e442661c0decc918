"""Deferred revenue and accrued cost of a forecast: its months of issue as pools, by accounting class.

Invariants: units and money are at the size of the business, in whole units and minor units, and every row
of the roll-forward ties. What a month issues is shared out over the classes in proportion to what their
rules posted in that month, and what becomes of it is shared in the same way, as a lot does not say which
rule made it. Points that become certificates are redeemed when those are used (`through_certificates`).

A simulation knows from the first day what will be redeemed of a month's issue, so nothing is ever caught
up: the expected redemptions of a pool are those that come.

Worked case: 1,000 points at $0.01 with sales of $990, all redeemed later: 990 x 10 / (990 + 10) = $9.90
deferred.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate, pairwise

from loyalty_dsl.calendar import month_index
from loyalty_dsl.forecast.appraisal import YEAR, are_calendar_months
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast, given_by
from loyalty_dsl.forecast.scaling import scaled_up
from loyalty_dsl.forecast.through_certificates import Ends, certificate_of, ends_of
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.accounting import AccountingClass, accounting_of, paid_by_partners, why_unpriced
from loyalty_dsl.valuation.deferral import deferred
from loyalty_dsl.valuation.pools import Pool
from loyalty_dsl.valuation.rollforward import RollForward


def roll_forward_at(one: CurrencyForecast, month: int, forecast: Forecast) -> RollForward | str:
    """The roll-forward of a currency from the first month to `month`, or why there is none."""
    why = why_no_roll(one, forecast)
    if why:
        return why
    first = month_index(forecast.months[0].start)
    certificate = certificate_of(one, forecast)
    assert not isinstance(certificate, str), "said by why_no_roll"
    ends = ends_of(one, certificate)
    cost = _cost_of_use(one, certificate)
    pools = [
        pool
        for issue in range(month + 1)
        for pool in _pools(one, issue, month, forecast, ends=ends, cost=cost)
    ]
    return deferred(pools, range(first, first + month + 1))


def why_no_roll(one: CurrencyForecast, forecast: Forecast) -> str:
    """Why a currency has no roll-forward; empty where it has one."""
    program, currency = forecast.program, one.currency
    if not are_calendar_months(forecast):
        return "books close with calendar months: begin on the first of one (--from)"
    bought = (reward for reward in program.rewards if not reward.benefit)
    if any(given_by(reward) == currency.index for reward in bought):
        return "certificates bought with points defer nothing of their own: the points wait for their use"
    if isinstance(why := certificate_of(one, forecast), str):
        return why
    if unpriced := why_unpriced(program, currency.index):
        return unpriced
    classes = {accounting_of(rule) for rule in program.earns if rule.currency == currency.index}
    if currency.worth is None and not currency.in_money and AccountingClass.SALE in classes:
        return "no stand-alone selling price is known: declare `worth` in the currency"
    if one.cost is None and AccountingClass.MARKETING in classes:
        return "points that nobody paid for are accrued at cost, and no cost is known"
    if not one.fate.issued:
        return "nothing was issued"
    if one.triangle.opened:
        return "members begin with what they hold, of which the ledger keeps the books: value that instead"
    return ""


def shares_of_classes(
    one: CurrencyForecast, month: int, forecast: Forecast
) -> dict[AccountingClass, Fraction]:
    """By class, the share of what a month issued; those of rules that posted nothing are left out."""
    posted: dict[AccountingClass, int] = {}
    for taken in forecast.rules:
        if taken.rule.currency == one.currency.index:
            accounting = accounting_of(taken.rule)
            posted[accounting] = posted.get(accounting, 0) + taken.by_month[month]
    whole = sum(posted.values())
    return {accounting: Fraction(units, whole) for accounting, units in posted.items() if units}


def _cost_of_use(one: CurrencyForecast, certificate: CurrencyForecast | None) -> Fraction | None:
    """What a unit costs that is used in the end: of points that become certificates, what these cost when
    they are used, as the share that never is counts as lost here."""
    if one.cost is None:
        return None
    through = {currency.index: share for currency, share in one.cost.through}
    share = Fraction(1) if certificate is None else through.get(certificate.currency.index, Fraction(1))
    return one.cost.value / share if share else Fraction(0)


def _pools(
    one: CurrencyForecast, issue: int, month: int, forecast: Forecast, *, ends: Ends, cost: Fraction | None
) -> Iterator[Pool]:
    """What one month issued, a pool for each class."""
    triangle, weight = one.triangle, forecast.weight
    first = month_index(forecast.months[0].start)
    age = month - issue
    redeemed, lost = ends.redeemed[issue], ends.lost[issue]
    for accounting, share in shares_of_classes(one, issue, forecast).items():
        part = weight * share
        points = scaled_up(triangle.issued[issue], part)
        ever = min(Fraction(points), sum(redeemed) * part)
        later = sum(redeemed[age + 1 :])
        yield Pool(
            month=first + issue,
            accounting=accounting,
            sales=_paid(one, issue, forecast, accounting),
            points=points,
            value=Fraction(1) if one.currency.worth is None else one.currency.worth.value,
            urr=ever / points if points else Fraction(0),
            redeemed=_flows(redeemed[: age + 1], part),
            expected=(ever,),
            lost=_flows(lost[: age + 1], part),
            cost=cost,
            current=Fraction(sum(redeemed[age + 1 : age + 1 + YEAR]), later) if later else Fraction(0),
        )


def _paid(one: CurrencyForecast, issue: int, forecast: Forecast, accounting: AccountingClass) -> int:
    """What was paid in a month for what came with points of a class: sales after rewards and returns, or what
    partners pay for each point."""
    if not accounting.defers:
        return 0
    if accounting is not AccountingClass.SOLD_TO_PARTNER:
        members = forecast.members[issue]
        return max(0, members.basket - members.off - members.returned)
    prices = paid_by_partners(forecast.program)
    exact = sum(
        (
            prices[taken.rule.name] * taken.by_month[issue]
            for taken in forecast.rules
            if taken.rule.currency == one.currency.index and taken.rule.name in prices
        ),
        Fraction(0),
    )
    return rounded(exact * forecast.weight, Rounding.HALF_UP)


def _flows(flows: tuple[Fraction, ...], part: Fraction) -> tuple[int, ...]:
    """Scaled flows whose running totals are the exact ones rounded down."""
    totals = [0, *(rounded(total * part, Rounding.DOWN) for total in accumulate(flows))]
    return tuple(after - before for before, after in pairwise(totals))


def current_of(roll: RollForward) -> tuple[int, int]:
    """The closing balance of all classes in two parts: what is used within a year, and the rest."""
    soon = sum(min(roll.closing_of(accounting), part) for accounting, part in roll.current.items())
    return soon, roll.closing - soon
