"""What `loyalty estimate` hands to its reports.

Invariant: money is there only with a cost per point, and is the cost times units, half up to the minor unit.
"""

from fractions import Fraction

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.quantities import Rounding, rounded
from loyalty_dsl.valuation.cautions import Caution, cautions_of, too_young
from loyalty_dsl.valuation.estimates import Estimates


@attrs.frozen(eq=False)
class EstimateFigures:
    """The estimates of one triangle.

    Attributes:
        name: the triangle's file, as named on the command line.
        money: ISO 4217.
        cost: of a redeemed unit in minor units; `None` where nobody says.
        kind: of program, for the public bands.
        inputs: each file's name and the SHA-256 of its bytes.
        command: makes the same figures again.
    """

    estimates: Estimates
    name: str
    money: str
    cost: Fraction | None
    kind: str | None
    inputs: tuple[tuple[str, str], ...]
    command: str
    version: str = __version__

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return cautions_of(self.estimates, self.kind)

    @property
    def young(self) -> bool:
        """Whether the triangle is too young to tell what is redeemed later."""
        return too_young(self.estimates)

    @property
    def at_most(self) -> float | None:
        """Units that can still be redeemed at most: those outstanding or, where nobody says, those issued and
        not redeemed; `None` where neither is known."""
        found = self.estimates
        if found.total_outstanding is not None:
            return found.total_outstanding
        return None if found.issued is None else sum(found.issued) - sum(found.triangle.latest)

    def worth(self, units: float) -> int | None:
        """Minor units."""
        return None if self.cost is None else rounded(self.cost * Fraction(units), Rounding.HALF_UP)


def headline_of(figures: EstimateFigures) -> str:
    """One sentence that answers what is owed."""
    from loyalty_dsl.report.wording import money_text

    if figures.young:
        return _young(figures)
    found = figures.estimates
    one = found.headline
    owed = figures.worth(one.total_future)
    units = f"{one.total_future:,.0f} points"
    start = f"{units} will still be redeemed"
    if owed is not None:
        start = f"{money_text(owed, figures.money)} is owed for points: {units} will still be redeemed"
    if one.phi is not None:
        start += f", {one.phi:.1%} of the {found.total_outstanding:,.0f} outstanding"
    return start + "."


def _young(figures: EstimateFigures) -> str:
    from loyalty_dsl.report.wording import money_text

    oldest = figures.estimates.triangle.ages - 1
    start = f"Too young to value: the oldest points have been seen to age {oldest} alone."
    most = figures.at_most
    if most is None:
        return f"{start} --outstanding gives what can be owed at most."
    owed = figures.worth(most)
    if owed is None:
        return f"{start} At most all {most:,.0f} points outstanding will be redeemed."
    worth = money_text(owed, figures.money)
    return f"{start} At most {worth} is owed: all {most:,.0f} points outstanding at full cost."
