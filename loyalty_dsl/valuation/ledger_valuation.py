"""A ledger valued at a day: what is outstanding, what of it will be redeemed, what that costs, what is
deferred.

Invariants: outstanding is what the ledger holds, not what an estimator says; nothing after the day is known,
but for what rewards cost, which is that of the whole ledger where no cost of a unit is declared; the
liability is the cost of a unit times the future redemptions, of points and of certificates alike.

A ledger that is too young to tell what is redeemed later is valued at all that it holds: the most that can be
owed. The going concern is quoted; the run-off stands beside it where the ledger's past can measure it.
"""

from collections.abc import Mapping
from fractions import Fraction

import attrs

from loyalty_dsl.calendar import date_of
from loyalty_dsl.language.program import Currency, Program, Reward
from loyalty_dsl.language.rewards import Taking
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.refusals import InputRefused
from loyalty_dsl.valuation.bands import Band, band_of
from loyalty_dsl.valuation.bridge import Valuation, ValuedVintage
from loyalty_dsl.valuation.cautions import too_young
from loyalty_dsl.valuation.deferral import Method
from loyalty_dsl.valuation.estimates import Estimates, Tail
from loyalty_dsl.valuation.ledger_files import LedgerTables
from loyalty_dsl.valuation.ledger_rates import estimated, quoted, soon
from loyalty_dsl.valuation.ledger_rolls import Accounted, accounted, roll_of
from loyalty_dsl.valuation.ledger_run_off import MeasuredRunOff, measure_run_off
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle, triangle_at
from loyalty_dsl.valuation.lot_flows import LotFlows, flows_of_currency
from loyalty_dsl.valuation.periods import periods_until
from loyalty_dsl.valuation.rollforward import RollForward
from loyalty_dsl.valuation.scores import is_score
from loyalty_dsl.valuation.segment_mix import SegmentMix, mixes_of
from loyalty_dsl.valuation.unit_costs import unit_cost_of


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
            is held, and all of it where the ledger is too young.
        debt: what members owe after returns, which is not netted from what others hold.
        sent, received: by members to each other; what was sent is gone, what was received is issued anew.
        cost: of a redeemed unit; `None` where nobody says.
        current: of the liability, what is expected to be used within a year.
        roll: the roll-forward; `None` where `why_no_roll` says why.
        run_off: what would be redeemed if earning stopped; `None` where it was not asked for.
        mixes: the estimate by each way to divide the members; none where the ledger knows no such way.
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
    run_off: MeasuredRunOff | None = None
    mixes: tuple[SegmentMix, ...] = ()
    sent: int = 0
    received: int = 0

    @property
    def young(self) -> bool:
        """Whether the ledger is too young to tell what is redeemed later, so that all that is held counts."""
        return self.found is None or too_young(self.found)

    @property
    def run_off_future(self) -> Fraction | None:
        """Units that would be redeemed if earning stopped; `None` where it is not known."""
        if self.run_off is None or self.young:
            return None
        return self.run_off.future(self.total_future)

    @property
    def run_off_liability(self) -> int | None:
        """At cost, half up."""
        if self.cost is None or self.run_off_future is None:
            return None
        return rounded(self.cost * self.run_off_future, Rounding.HALF_UP)

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
        return None if self.found is None or self.young else band_of(self.triangle, self.found)

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

    @property
    def young(self) -> bool:
        """Whether a currency is too young to tell, so that the liability is the most that can be owed."""
        return any(one.young and one.held for one in self.currencies)

    @property
    def run_off_liability(self) -> int | None:
        """Of all currencies, if earning stopped; `None` unless each is known."""
        known = [one.run_off_liability for one in self.currencies if one.run_off_liability is not None]
        return sum(known) if len(known) == len(self.currencies) else None


Flows = dict[int, LotFlows]
"""By the index of a currency that can cost something and was issued."""


def flows_of_ledger(program: Program, tables: LedgerTables) -> Flows:
    """Follows the lots of every currency that can cost something.

    Raises:
        InputRefused: members sent what became another currency at its recipients.
    """
    for reward in program.rewards:
        _verify_sent_as_itself(program, tables, reward)
    found = {
        currency.index: flows_of_currency(program, tables, currency)
        for currency in program.currencies
        if not is_score(currency, program.rewards)
    }
    return {index: flows for index, flows in found.items() if flows is not None}


def _verify_sent_as_itself(program: Program, tables: LedgerTables, reward: Reward) -> None:
    """Refuses units that cost something once they were sent, which is in no lot of their own currency."""
    if reward.taking is not Taking.SENT:
        return
    currency = program.currencies[reward.currency]
    if program.rewards[reward.receiver].currency_given == currency.index or _is_free(currency):
        return
    names, kinds = tables.postings["name"], tables.postings["kind"]
    if ((names == reward.name) & (kinds == "sent")).any():
        raise InputRefused(
            f"`{reward.name}` makes {currency.name} another currency of its recipient, and what will be sent "
            "is not valued yet",
            f"say `cost $0.00` in `{currency.name}` if only what is received costs something",
        )


def value_ledger(
    program: Program,
    tables: LedgerTables,
    at: int | None = None,
    method: Method | None = "proportional",
    *,
    tail: Tail = None,
    flows: Flows | None = None,
    both_bases: bool = False,
    groups: Mapping[str, Mapping[str, str]] | None = None,
) -> LedgerValuation:
    """Values a ledger.

    Args:
        at: the day; by default the ledger's last.
        method: of deferred revenue; `None` for no roll-forward.
        tail: as of `estimates`; where no curve fits, `fitted` is none.
        flows: as of `flows_of_ledger`, where they are known already.
        both_bases: whether to measure the run-off as well.
        groups: by ladder or field, the value of each member at the ledger's end; not used of an earlier day.

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
    rates = {index: estimated(triangle, tail) for index, triangle in triangles.items()}
    used = {}
    for index, triangle in triangles.items():
        issued, redeemed = sum(triangle.issued), sum(map(sum, triangle.redeemed))
        future = sum(quoted(triangle, rates[index]), Fraction(0))
        used[index] = (redeemed + future) / issued
    valued = []
    for index, its in first.items():
        currency = program.currencies[index]
        cost = unit_cost_of(program, currency, tables, used)
        known = Accounted(its, triangles[index], rates[index], cost)
        why: Accounted | str = "it was not asked for"
        if method is not None:
            why = accounted(program, currency, tables, known, used=used, tail=tail)
        one = _value(currency, known, why if isinstance(why, str) else "")
        if method is not None and isinstance(why, Accounted):
            one = attrs.evolve(one, roll=roll_of(currency, why, method, tail))
        if both_bases:
            one = attrs.evolve(one, run_off=measure_run_off(program, tables, currency, triangles[index]))
        found = rates[index]
        if groups and day == tables.as_of and found is not None and not one.young:
            mixes = mixes_of(program, tables, currency, triangles[index], found, groups=groups, tail=tail)
            one = attrs.evolve(one, mixes=mixes)
        valued.append(one)
    return LedgerValuation(program, day, tuple(valued))


def _value(currency: Currency, known: Accounted, why_no_roll: str) -> CurrencyValuation:
    triangle, found, cost = known.triangle, known.found, known.cost
    future = quoted(triangle, found)
    current = None
    if cost is not None and found is not None and not too_young(found):
        within = sum((units * soon(found, row) for row, units in enumerate(future)), Fraction(0))
        current = rounded(cost * within, Rounding.HALF_UP)
    debt, sent, received = (
        sum(units for day, units in its.items() if day <= triangle.periods.at)
        for its in (known.flows.debt, known.flows.sent, known.flows.received)
    )
    return CurrencyValuation(
        currency,
        triangle,
        found,
        future,
        debt,
        cost,
        current,
        None,
        why_no_roll,
        sent=sent,
        received=received,
    )


def _is_free(currency: Currency) -> bool:
    """Whether units are said to cost nothing."""
    return currency.cost is not None and currency.cost.value == 0
