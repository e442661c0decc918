"""All estimators of one triangle side by side, and which of them is quoted.

Invariant: what an estimator expects in future is its ultimate less what was redeemed, month by month; phi is
that over what is outstanding, and the URR is the ultimate over what was issued. Which one is the headline
follows from the triangle by one stated rule, never from which figure is liked.

Worked case: 100 issued of which 60 were redeemed and 10 will be: URR 70%; 40 outstanding, so phi 25%.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

import attrs

from loyalty_dsl.valuation.chain_ladder import Ladder, fitted_tail, ladder_of, ultimates
from loyalty_dsl.valuation.exposures import SETTLED
from loyalty_dsl.valuation.methods import CAPE_COD, CHAIN_LADDER, HAZARD, LABELS, attempts
from loyalty_dsl.valuation.triangles import Amount, Triangle, met_their_end

Tail = Fraction | float | Literal["fitted"] | None

GREEN = 0.25
"""Where more than this share of the chain ladder's future rests on months less than half developed, Cape Cod
is quoted instead."""
LEVEL = 0.9
"""Of the intervals that are shown."""
YEAR = 12


@attrs.frozen
class Estimate:
    """One estimator.

    Attributes:
        id: its stable name; `label` is for people.
        ultimate: by month of issue, units that will ever be redeemed.
        future: by month of issue, those of them still to come.
        urr: ultimate over issued; `None` where what was issued is not known.
        phi: future over outstanding; `None` where what is outstanding is not known.
        standard_error: of the total future, in units; `None` where there is none.
        errors: by month of issue, where the estimator gives them.
        error_says: what the error covers, in words.
    """

    id: str
    label: str
    ultimate: tuple[float, ...]
    future: tuple[float, ...]
    issued: float | None
    outstanding: float | None
    standard_error: float | None = None
    errors: tuple[float, ...] | None = None
    error_says: str = ""

    @property
    def total_ultimate(self) -> float:
        return sum(self.ultimate)

    @property
    def total_future(self) -> float:
        return sum(self.future)

    @property
    def urr(self) -> float | None:
        return self.total_ultimate / self.issued if self.issued else None

    @property
    def phi(self) -> float | None:
        return self.total_future / self.outstanding if self.outstanding else None

    def interval(self, level: float = 0.9) -> tuple[float, float] | None:
        """Bounds of the total future, lognormal, so that the lower one is above 0; `None` without an
        error."""
        if self.standard_error is None or self.total_future <= 0:
            return None
        spread = sqrt(log(1 + (self.standard_error / self.total_future) ** 2))
        reach = NormalDist().inv_cdf((1 + level) / 2) * spread
        middle = log(self.total_future) - spread**2 / 2
        return exp(middle - reach), exp(middle + reach)


@attrs.frozen
class Left:
    """An estimator that could not be used, and why."""

    id: str
    label: str
    reason: str


@attrs.frozen
class Estimates:
    """Every estimator of one triangle.

    Attributes:
        issued, outstanding: by month of issue, where known; `total_outstanding` may be known alone.
        tail: the factor beyond the oldest age that all estimators but the hazard use.
        tail_fitted: what a curve through the factors would give; `None` where there is none.
        headline: the quoted one, and `why`.
        shortcut: redeemed over issued of the last 12 months, which is no estimate; `None` of fewer months.
    """

    triangle: Triangle
    issued: tuple[float, ...] | None
    outstanding: tuple[float, ...] | None
    total_outstanding: float | None
    ladder: Ladder
    methods: tuple[Estimate, ...]
    left_out: tuple[Left, ...]
    headline: Estimate
    why: str
    tail: float
    tail_fitted: float | None
    shortcut: float | None

    @property
    def tail_share(self) -> float | None:
        """The share of the future redemptions beyond the oldest age observed: as used where a tail is, else
        as the fitted curve would have it; `None` where there is no curve."""
        tail = self.tail if self.tail > 1.0 else self.tail_fitted
        if tail is None:
            return None
        bare = attrs.evolve(self.ladder, tail=1.0)
        ends = sum(ultimates(self.triangle, bare))
        future = ends * tail - sum(self.triangle.latest)
        return ends * (tail - 1.0) / future if future > 0 else 0.0


def estimates(
    triangle: Triangle,
    issued: Sequence[Amount] | None = None,
    outstanding: Amount | Sequence[Amount] | None = None,
    *,
    tail: Tail = None,
    prior: Fraction | float | None = None,
    errors: bool = True,
) -> Estimates:
    """Estimates what will be redeemed of each month's issue, by every method that the input allows.

    Args:
        triangle: redemptions by month of issue and age.
        issued: units issued in each month; without it there is the chain ladder alone, and no URR.
        outstanding: units held at the valuation, in total or by month of issue; without it, where the
            triangle knows what was lost, issued less redeemed and lost.
        tail: the factor beyond the oldest age; `None` is 1: nothing is redeemed later; `fitted` is that of a
            curve through the factors.
        prior: the rate that Bornhuetter-Ferguson expects; by default that of the months at least half
            developed.
        errors: whether methods that are computed again for each month left out get their errors.

    Raises:
        ValueError: as many issued as months are needed; nothing was ever redeemed, or there is one age; a
        tail below 1, or none that fits.
    """
    months = len(triangle.rows)
    by_month = None if issued is None else tuple(float(units) for units in issued)
    if by_month is not None and len(by_month) != months:
        raise ValueError(f"{len(by_month)} months issued, but the triangle has {months}")
    if not any(triangle.latest):
        raise ValueError("nothing was redeemed, so there is nothing to estimate from")
    if triangle.ages == 1 and tail in (None, "fitted"):
        raise ValueError("it has one age alone, so nothing tells how much is redeemed at later ones")
    bare = ladder_of(triangle)
    fitted = fitted_tail(bare)
    if tail == "fitted" and fitted is None:
        raise ValueError("no curve fits the factors from age to age, so there is no tail to fit")
    factor = (fitted or 1.0) if tail == "fitted" else float(tail or 1)
    if factor < 1.0:
        raise ValueError("a tail factor is at least 1")
    held, total = _held(triangle, by_month, outstanding)
    ladder = attrs.evolve(bare, tail=factor)
    make = _maker(triangle, by_month, total)
    methods, left = [], []
    for id_, attempt in attempts(triangle, ladder, by_month, prior, errors).items():
        match attempt():
            case str() as reason:
                left.append(Left(id_, LABELS[id_], reason))
            case ever, error, by_row, says:
                methods.append(make(id_, ever, error, by_row, says))
    if not methods:
        raise ValueError("; ".join(dict.fromkeys(one.reason for one in left)))
    headline, why = _headline(triangle, by_month, ladder, methods)
    return Estimates(
        triangle=triangle,
        issued=by_month,
        outstanding=held,
        total_outstanding=total,
        ladder=ladder,
        methods=tuple(methods),
        left_out=tuple(left),
        headline=headline,
        why=why,
        tail=factor,
        tail_fitted=fitted,
        shortcut=_shortcut(triangle, by_month),
    )


def _maker(
    triangle: Triangle, issued: tuple[float, ...] | None, outstanding: float | None
) -> Callable[..., Estimate]:
    def make(
        id_: str,
        ever: tuple[float, ...],
        error: float | None,
        errors: tuple[float, ...] | None,
        says: str,
    ) -> Estimate:
        return Estimate(
            id=id_,
            label=LABELS[id_],
            ultimate=ever,
            future=tuple(one - so_far for one, so_far in zip(ever, triangle.latest, strict=True)),
            issued=None if issued is None else sum(issued),
            outstanding=outstanding,
            standard_error=error,
            errors=errors,
            error_says=says,
        )

    return make


def _held(
    triangle: Triangle, issued: tuple[float, ...] | None, outstanding: Amount | Sequence[Amount] | None
) -> tuple[tuple[float, ...] | None, float | None]:
    """What is outstanding, by month and in total, as far as it is known."""
    if isinstance(outstanding, int | float):
        return None, float(outstanding)
    if outstanding is not None:
        held = tuple(float(units) for units in outstanding)
        return held, sum(held)
    if issued is None or triangle.latest_lost is None:
        return None, None
    left = zip(issued, triangle.latest, triangle.latest_lost, strict=True)
    held = tuple(units - used - gone for units, used, gone in left)
    return held, sum(held)


def _shortcut(triangle: Triangle, issued: tuple[float, ...] | None) -> float | None:
    if issued is None or len(issued) < YEAR:
        return None
    last = sum(issued[-YEAR:])
    return triangle.in_calendar_months(YEAR) / last if last else None


def _headline(
    triangle: Triangle, issued: tuple[float, ...] | None, ladder: Ladder, methods: Sequence[Estimate]
) -> tuple[Estimate, str]:
    """The quoted estimate and why it is that one."""
    by_id = {one.id: one for one in methods}
    chain, cape, hazard = by_id.get(CHAIN_LADDER), by_id.get(CAPE_COD), by_id.get(HAZARD)
    if hazard is not None and met_their_end(triangle, issued):
        return hazard, (
            "The hazards by lot age are quoted, as it is known what was lost, and the oldest month's points "
            "have met their end."
        )
    if chain is None:
        one = cape or methods[0]
        return one, f"{one.label} is quoted, as the chain ladder cannot be used here."
    green = sum(
        future
        for future, age in zip(chain.future, triangle.age_now, strict=True)
        if ladder.developed(age) < SETTLED
    )
    share = green / chain.total_future if chain.total_future > 0 else 0.0
    if not share:
        return chain, "The chain ladder is quoted, as every month of issue is at least half developed."
    text = f"{share:.0%} of what the chain ladder expects comes from months less than half developed"
    if share <= GREEN:
        return chain, f"The chain ladder is quoted, as only {text}."
    if cape is None:
        return chain, f"The chain ladder is quoted, although {text}: the others need what was issued."
    return cape, f"Cape Cod is quoted, as {text}, where it is unsteady."
