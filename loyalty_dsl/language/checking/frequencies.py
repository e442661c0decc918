"""Rates and distributions that segments and their events share: how often, how large, how far apart."""

from fractions import Fraction
from typing import assert_never

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import more_than_nothing, positive_money
from loyalty_dsl.language.checking.draws import verify_sigma
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.checking.shares import format_percent, verify_chance
from loyalty_dsl.language.population import Basket, Baskets, GammaBasket
from loyalty_dsl.quantities import MAX_AMOUNT

MOST_SPREAD = Fraction(10)
"""A coefficient of variation beyond which a handful of members would make all purchases."""

MOST_SHAPE, LEAST_SHAPE = Fraction(1000), Fraction(1, 10)
"""Of a gamma of baskets."""

MOST_EVENTS = {Unit.DAY: 100, Unit.WEEK: 700, Unit.MONTH: 3000, Unit.QUARTER: 9000, Unit.YEAR: 36500}


def verify_rate(scope: ProgramScope, number: syntax.Number, unit: Unit) -> None:
    """Reports a number of events in a unit of time that is nothing, or more than anybody does."""
    more_than_nothing(scope, number.value.numerator, number.span)
    verify_at_most(scope, number, Fraction(MOST_EVENTS[unit]))


def check_basket(
    scope: ProgramScope,
    trait: syntax.BasketTrait | syntax.GammaBasketTrait,
    rate_spread: syntax.Number | None = None,
    *,
    of_event: bool = False,
) -> Baskets | None:
    """The baskets that a trait describes; `None` when they are wrong (reported).

    Args:
        rate_spread: how far the rates of members are apart, where that is written.
        of_event: whether they are those of an event other than a purchase.
    """
    errors = scope.findings.errors
    correlation = Fraction(0)
    if trait.correlation is not None:
        correlation = check_correlation(scope, trait.correlation)
        if trait.correlation.of.text != "purchases" or of_event:
            scope.findings.report(
                "L416", trait.correlation.span,
                "baskets go together with how often a member makes purchases, and with nothing else",
                help="delete the correlation" if of_event else "write `with purchases`",
            )  # fmt: skip
        elif rate_spread is None or rate_spread.value == 0:
            report_alike(
                scope, trait.correlation, "all members buy as often", "purchases 2 per month spread 0.8"
            )
    match trait:
        case syntax.BasketTrait():
            median = positive_money(scope, trait.median, MAX_AMOUNT)
            verify_sigma(scope, trait.sigma)
            within = Fraction(1)
            if trait.within is not None and verify_chance(scope.findings, trait.within):
                within = trait.within.value
            if trait.correlation is not None and (within == 1 or trait.sigma.value == 0):
                report_alike(
                    scope, trait.correlation, "all members have the same median", "within 70%",
                )  # fmt: skip
            if median is None or scope.findings.errors > errors:
                return None
            return Basket(median, trait.sigma.value, trait.span, within, correlation)
        case syntax.GammaBasketTrait():
            scale = positive_money(scope, trait.scale, MAX_AMOUNT)
            more_than_nothing(scope, trait.p.value.numerator, trait.p.span)
            for number in (trait.p, trait.q):
                verify_at_most(scope, number, MOST_SHAPE)
            if 0 < trait.p.value < LEAST_SHAPE:
                scope.findings.report(
                    "L404", trait.p.span, f"`{trait.p.span.text}` is too small", help="write at least 0.1"
                )
            if trait.q.value <= 1:
                scope.findings.report(
                    "L404", trait.q.span, "the mean basket is p x scale / (q - 1), so q must be above 1",
                    help="write a `q` above 1",
                )  # fmt: skip
            if scale is None or scope.findings.errors > errors:
                return None
            if trait.p.value * scale / (trait.q.value - 1) > MAX_AMOUNT:
                scope.findings.report(
                    "L404", trait.span, "the mean basket, p x scale / (q - 1), is too large",
                    help="write a smaller `p` or `scale`, or a larger `q`",
                )  # fmt: skip
                return None
            return GammaBasket(trait.p.value, trait.q.value, scale, trait.span, correlation)
        case _:
            assert_never(trait)


def check_correlation(scope: ProgramScope, written: syntax.Correlation) -> Fraction:
    """A correlation from -1 to 1."""
    value = written.number.value
    if abs(value) > 1:
        scope.findings.report(
            "L404", written.number.span, f"`{written.number.span.text}` is no correlation",
            help="write a number from -1 to 1",
        )  # fmt: skip
    return value


def report_alike(scope: ProgramScope, written: syntax.Correlation, why: str, example: str) -> None:
    """Reports a correlation with something that is the same for all members."""
    scope.findings.report(
        "L416", written.span, f"{why}, so nothing can go together with it",
        help=f"write how far members are apart, such as `{example}`",
    )  # fmt: skip


def verify_beta(
    scope: ProgramScope, share: Fraction, written: syntax.Number | None, spread: Fraction
) -> bool:
    """Whether chances around `share` can be spread so far over members; if not, it is reported."""
    if written is None or spread > MOST_SPREAD or spread**2 * share < 1 - share or spread == 0:
        return True
    most = float((1 - share) / share) ** 0.5
    scope.findings.report(
        "L404",
        written.span,
        f"chances around {format_percent(share)} cannot be spread so far: some would be above 100%",
        help=f"with {format_percent(share)}, a spread must be below {most:.2f}",
    )
    return False


def check_spread(scope: ProgramScope, number: syntax.Number | None) -> Fraction:
    """The coefficient of variation over members; 0 where none is written."""
    if number is None:
        return Fraction(0)
    verify_at_most(scope, number, MOST_SPREAD)
    return number.value


def verify_at_most(scope: ProgramScope, number: syntax.Number, most: Fraction) -> None:
    """Reports a number that is larger than `most`."""
    if number.value > most:
        scope.findings.report(
            "L404", number.span, f"`{number.span.text}` is too large", help=f"write at most {int(most):,}"
        )
