"""What `loyalty liability` and `loyalty backtest` hand to their reports.

Invariant: a bridge is between two valuations of the same ledger, currency by currency, and its terms sum.
"""

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.quantities import format_money, format_units
from loyalty_dsl.report.wording import one_line
from loyalty_dsl.valuation.backtests import PastValuation
from loyalty_dsl.valuation.bridge import Bridge, bridge
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation, LedgerValuation


@attrs.frozen(eq=False)
class LiabilityFigures:
    """A ledger's valuation, and the earlier one that it is explained from, where there is one.

    Attributes:
        inputs: each file's name and the SHA-256 of its bytes.
        command: makes the same figures again.
    """

    valued: LedgerValuation
    before: LedgerValuation | None
    method: str
    inputs: tuple[tuple[str, str], ...]
    command: str
    version: str = __version__

    @property
    def money(self) -> str:
        return self.valued.program.money

    def bridge_of(self, one: CurrencyValuation) -> Bridge | None:
        """From the earlier valuation of the currency; `None` where there is none, or no cost."""
        if self.before is None or one.valuation is None:
            return None
        earlier = next(
            (old for old in self.before.currencies if old.currency.index == one.currency.index), None
        )
        return (
            None if earlier is None or earlier.valuation is None else bridge(earlier.valuation, one.valuation)
        )


@attrs.frozen(eq=False)
class BacktestFigures:
    """Past valuations of a ledger, by currency and day.

    Attributes:
        as_of: the last day of the ledger.
        money: of the program.
    """

    program: str
    money: str
    as_of: int
    past: tuple[PastValuation, ...]
    inputs: tuple[tuple[str, str], ...]
    command: str
    version: str = __version__


def amount_of(one: CurrencyValuation, units: float, money: str) -> str:
    """Units of a currency as people read them."""
    if one.currency.in_money:
        return format_money(round(units), money)
    return format_units(round(units), one.currency.scale)


def noun_of(one: CurrencyValuation) -> str:
    return one_line(one.currency.label)
