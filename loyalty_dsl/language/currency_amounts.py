"""An amount of a currency, as messages tell of it.

Invariant: the name is in the number of the amount, which is exact.
"""

from loyalty_dsl.language.plurals import singular_of
from loyalty_dsl.language.program import Currency
from loyalty_dsl.quantities import format_units


def amount_of(currency: Currency, units: int) -> str:
    """`1 point`, `1,250 points`."""
    name = singular_of(currency.name) if units == currency.scale else currency.name
    return f"{format_units(units, currency.scale)} {name}"
