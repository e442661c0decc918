"""What a points balance is worth: estimators, deferred revenue, the journal and the bridge between closes.

Invariant: pure functions of triangles, pools and valuations; money in minor units and units are integers and
every table ties; only estimates of what members will do are floats.
"""

from loyalty_dsl.valuation.accounting import AccountingClass, accounting_of
from loyalty_dsl.valuation.bridge import Bridge, Valuation, ValuedVintage, bridge
from loyalty_dsl.valuation.deferral import deferred
from loyalty_dsl.valuation.estimates import Estimate, Estimates, estimates
from loyalty_dsl.valuation.journal import journal_beancount, journal_csv
from loyalty_dsl.valuation.pools import Pool
from loyalty_dsl.valuation.rollforward import RollForward, RollForwardRow
from loyalty_dsl.valuation.triangles import Triangle, triangle_of

__all__ = [
    "AccountingClass",
    "Bridge",
    "Estimate",
    "Estimates",
    "Pool",
    "RollForward",
    "RollForwardRow",
    "Triangle",
    "Valuation",
    "ValuedVintage",
    "accounting_of",
    "bridge",
    "deferred",
    "estimates",
    "journal_beancount",
    "journal_csv",
    "triangle_of",
]
