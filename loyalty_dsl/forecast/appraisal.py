"""What a forecast's points are worth at the end of a month, in every way that a close asks for.

Invariants: the quoted liability is the forecast's own (every lot's fate is simulated), or that of the
run-off where it is asked for; estimators see the triangle as an actuary would on that day, and stand beside
it; rows by month of issue sum to the currency's ledger within the rounding of each.

A month of issue has one age at a valuation, so its row is that of a vintage and of an age of lot.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.calendar import day_of_month, month_index
from loyalty_dsl.forecast.figures import CurrencyForecast, Forecast
from loyalty_dsl.forecast.run_off import RunOff
from loyalty_dsl.forecast.triangles import Opened, label_of_days
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.bridge import Bridge, Valuation, ValuedVintage, bridge
from loyalty_dsl.valuation.estimates import Estimates, estimates
from loyalty_dsl.valuation.rollforward import RollForward
from loyalty_dsl.valuation.triangles import triangle_of

YEAR = 12


@attrs.frozen
class LotRow:
    """What was issued in one month, as it stands at the valuation; units of the simulated members.

    Attributes:
        month: of issue, from 0; below 0 of what was held at the start, by how many months before it was.
        days: of that, the days in which it was issued, the last not included.
        future: units that will be redeemed; soon: those of them within a year.
        lost_later: units that will expire or be taken back.
    """

    month: int
    age: int
    issued: int
    redeemed: int
    expired: int
    reversed: int
    future: int
    soon: int
    lost_later: int
    days: tuple[int, int] | None = None

    @property
    def held(self) -> int:
        return self.issued - self.redeemed - self.expired - self.reversed

    @property
    def phi(self) -> Fraction:
        return Fraction(self.future, self.held) if self.held else Fraction(0)

    @property
    def breakage(self) -> Fraction | None:
        """Of what was issued, the share that is never redeemed nor taken back by now, as far as is known."""
        return Fraction(self.expired + self.lost_later, self.issued) if self.issued else None

    @property
    def urr(self) -> Fraction | None:
        return Fraction(self.redeemed + self.future, self.issued) if self.issued else None


@attrs.frozen(eq=False)
class CurrencyAppraisal:
    """One currency at the end of a month.

    Attributes:
        lots: by month of issue, oldest first.
        found: what estimators say of the triangle of that day; `None` where `why_none` says why.
        beyond: the share of the future redemptions at ages of lot that no lot has reached yet.
        current: of the liability, what is redeemed within a year; `None` without a cost.
        moved: what explains the change since `moved_from`, a month; `None` without a cost or an earlier
        month. roll: deferred revenue, month by month; `None` where `why_no_roll` says why.
    """

    one: CurrencyForecast
    month: int
    weight: Fraction
    lots: tuple[LotRow, ...]
    run_off: RunOff | None
    found: Estimates | None
    why_none: str
    beyond: Fraction
    current: int | None
    moved: Bridge | None
    moved_from: int | None
    roll: RollForward | None
    why_no_roll: str

    @property
    def liability(self) -> int | None:
        """Of the going concern, in minor units."""
        return None if self.one.liability is None else self.one.liability[self.month]

    @property
    def future(self) -> int:
        """Units of the simulated members that will be redeemed."""
        return sum(row.future for row in self.lots)


def issued_in(row: LotRow, forecast: Forecast) -> str:
    """The month of issue of a row of lots, or the year of one that was held at the start, as tables print
    it."""
    return forecast.months[row.month].label if row.days is None else label_of_days(*row.days)


def lots_at(one: CurrencyForecast, month: int) -> tuple[LotRow, ...]:
    """A currency by month of issue at the end of a month."""
    triangle = one.triangle
    rows = [_opened_at(opened, month) for opened in triangle.opened if opened.units]
    for issue in range(month + 1):
        age = month - issue
        redeemed, expired = triangle.redeemed[issue], triangle.expired[issue]
        reversed_ = triangle.reversed[issue] if triangle.reversed else ()
        rows.append(
            LotRow(
                month=issue,
                age=age,
                issued=triangle.issued[issue],
                redeemed=sum(redeemed[: age + 1]),
                expired=sum(expired[: age + 1]),
                reversed=sum(reversed_[: age + 1]),
                future=sum(redeemed[age + 1 :]),
                soon=sum(redeemed[age + 1 : age + 1 + YEAR]),
                lost_later=sum(expired[age + 1 :]) + sum(reversed_[age + 1 :]),
            )
        )
    return tuple(rows)


def _opened_at(opened: Opened, month: int) -> LotRow:
    """What was held of one vintage when the first month began; it counts as issued in the vintage."""
    so_far = slice(month + 1)
    return LotRow(
        month=-opened.back,
        age=month + opened.back,
        days=(opened.start, opened.end),
        issued=opened.units,
        redeemed=sum(opened.redeemed[so_far]),
        expired=sum(opened.expired[so_far]),
        reversed=sum(opened.reversed[so_far]),
        future=sum(opened.redeemed[month + 1 :]),
        soon=sum(opened.redeemed[month + 1 : month + 1 + YEAR]),
        lost_later=sum(opened.expired[month + 1 :]) + sum(opened.reversed[month + 1 :]),
    )


def valuation_at(one: CurrencyForecast, month: int, forecast: Forecast) -> Valuation | None:
    """A currency's valuation at the end of a month, for a bridge; `None` without a cost. Units are those of
    the simulated members, and the cost is of one of them."""
    if one.cost is None:
        return None
    first = month_index(forecast.months[0].start)
    lots = lots_at(one, month)
    issued = sum(row.issued for row in lots)
    ever = sum(row.redeemed + row.future for row in lots)
    return Valuation(
        month=first + month,
        cost=one.cost.value * forecast.weight,
        urr=Fraction(ever, issued) if issued else Fraction(0),
        vintages=tuple(
            ValuedVintage(first + row.month, row.issued, row.redeemed, row.held, Fraction(row.future))
            for row in lots
        ),
    )


def bridge_at(one: CurrencyForecast, month: int, forecast: Forecast) -> tuple[Bridge, int] | None:
    """What moved the liability in the year before the end of a month, or since the first month."""
    start = max(0, month - YEAR)
    before, after = valuation_at(one, start, forecast), valuation_at(one, month, forecast)
    if start == month or before is None or after is None or one.is_score:
        return None
    return bridge(before, after), start


def estimates_at(one: CurrencyForecast, month: int, forecast: Forecast) -> Estimates | str:
    """What estimators say on the triangle as it is at the end of a month, in the simulated members' units,
    or why they say nothing."""
    if one.triangle.opened:
        return "members begin with what they hold, which the ledger has by month of issue: value that instead"
    triangle, count = one.triangle, month + 1
    lost = [
        [
            expired + (triangle.reversed[issue][age] if triangle.reversed else 0)
            for age, expired in enumerate(triangle.expired[issue])
        ]
        for issue in range(count)
    ]
    try:
        return estimates(
            triangle_of(
                triangle.redeemed[:count], lost=lost, first_month=month_index(forecast.months[0].start)
            ),
            triangle.issued[:count],
        )
    except ValueError as reason:
        return str(reason)


def beyond_oldest(one: CurrencyForecast, month: int) -> Fraction:
    """The share of what will be redeemed after a month at ages that not even the oldest lot has reached."""
    whole = late = 0
    for issue in range(month + 1):
        row = one.triangle.redeemed[issue]
        whole += sum(row[month - issue + 1 :])
        late += sum(row[month + 1 :])
    return Fraction(late, whole) if whole else Fraction(0)


def current_at(one: CurrencyForecast, month: int, forecast: Forecast) -> int | None:
    """Of the liability at the end of a month, what is redeemed within a year of it, in minor units."""
    if one.cost is None or one.liability is None:
        return None
    soon = sum(row.soon for row in lots_at(one, month))
    return rounded(one.cost.value * soon * forecast.weight, Rounding.HALF_UP)


def are_calendar_months(forecast: Forecast) -> bool:
    """Whether every reported month begins on a first, so that books can close with it."""
    return day_of_month(forecast.months[0].start) == 1
