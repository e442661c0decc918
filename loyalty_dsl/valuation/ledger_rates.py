"""What a ledger's own triangle lets expect: its estimators, what of each month's issue is still to come, and
whether it is too young for either.

Invariant: what is to come of a month's issue is at least nothing and at most what is held of it; of a ledger
that is too young, all that is held may be, which is the most that can be owed.
"""

from fractions import Fraction

from loyalty_dsl.valuation.cautions import too_young
from loyalty_dsl.valuation.chain_ladder import fitted_tail, ladder_of
from loyalty_dsl.valuation.estimates import Estimates, Tail, estimates
from loyalty_dsl.valuation.ledger_triangles import LedgerTriangle

YEAR = 12


def estimated(triangle: LedgerTriangle, tail: Tail, *, errors: bool = True) -> Estimates | None:
    """Every estimator; `None` where nothing was redeemed yet, or all that was issued is of one age."""
    developed = triangle.development
    if not any(map(any, triangle.redeemed)) or developed.ages == 1:
        return None
    if tail == "fitted" and fitted_tail(ladder_of(developed)) is None:
        tail = None
    return estimates(developed, triangle.issued, triangle.held, tail=tail, errors=errors)


def futures(triangle: LedgerTriangle, found: Estimates | None) -> tuple[Fraction, ...]:
    """By period of issue; all that is held where nothing can be estimated yet, which is the prudent end."""
    if found is None:
        return tuple(Fraction(held) for held in triangle.held)
    return tuple(
        min(Fraction(held), max(Fraction(0), Fraction(units)))
        for held, units in zip(triangle.held, found.headline.future, strict=True)
    )


def soon(found: Estimates, row: int) -> Fraction:
    """Of what is still redeemed of a period's issue, the share within a year."""
    return (
        Fraction(found.ladder.within(found.triangle.age_now[row], YEAR))
        if found.ladder.is_whole
        else (Fraction(1))
    )


def quoted(triangle: LedgerTriangle, found: Estimates | None) -> tuple[Fraction, ...]:
    """By period of issue, what is quoted: all that is held where the ledger is too young to tell."""
    return futures(triangle, None if found is None or too_young(found) else found)
