"""Rates and distributions that segments and their events share: how often, how large, how far apart."""

from fractions import Fraction

from loyalty_dsl.calendar import Unit
from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.amounts import more_than_nothing, positive_money
from loyalty_dsl.language.checking.draws import verify_sigma
from loyalty_dsl.language.checking.scope import ProgramScope
from loyalty_dsl.language.population import Basket
from loyalty_dsl.quantities import MAX_AMOUNT

MOST_SPREAD = Fraction(10)
"""A coefficient of variation beyond which a handful of members would make all purchases."""

MOST_EVENTS = {Unit.DAY: 100, Unit.WEEK: 700, Unit.MONTH: 3000, Unit.QUARTER: 9000, Unit.YEAR: 36500}


def verify_rate(scope: ProgramScope, number: syntax.Number, unit: Unit) -> None:
    """Reports a number of events in a unit of time that is nothing, or more than anybody does."""
    more_than_nothing(scope, number.value.numerator, number.span)
    verify_at_most(scope, number, Fraction(MOST_EVENTS[unit]))


def check_basket(scope: ProgramScope, trait: syntax.BasketTrait) -> Basket | None:
    """Lognormal baskets."""
    median = positive_money(scope, trait.median, MAX_AMOUNT)
    verify_sigma(scope, trait.sigma)
    return None if median is None else Basket(median, trait.sigma.value, trait.span)


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
