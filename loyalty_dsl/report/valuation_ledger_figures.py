"""What `loyalty liability` and `loyalty backtest` hand to their reports.

Invariant: a bridge is between two valuations of the same ledger, currency by currency, and its terms sum.
"""

import attrs

from loyalty_dsl import __version__
from loyalty_dsl.quantities import format_money, format_units
from loyalty_dsl.report.wording import money_text, one_line
from loyalty_dsl.valuation.backtests import PastValuation
from loyalty_dsl.valuation.bridge import Bridge, bridge
from loyalty_dsl.valuation.ledger_valuation import CurrencyValuation, LedgerValuation
from loyalty_dsl.valuation.segment_mix import SegmentMix

BASES = ("Basis", "Will be redeemed", "phi", "Liability")
"""Headings of the table of bases."""


def mix_text(mix: SegmentMix, one: CurrencyValuation, money: str) -> str:
    """The estimate by segment beside the pooled one, in words."""
    parts = ", ".join(
        f"{one_line(each.name)} {amount_of(one, float(each.future), money)} of "
        f"{amount_of(one, each.held, money)}" + ("" if each.own else " (at pooled rates)")
        for each in mix.segments
    )
    off = mix.off_pooled
    beside = "" if off is None else f", {float(off):+.1%} on the pooled figure"
    return (
        f"By {one_line(mix.by)}: {amount_of(one, float(mix.future), money)} will be redeemed{beside} "
        f"({mix.method} in each that allows it: {parts})."
    )


def sent_text(one: CurrencyValuation, money: str) -> str:
    """How units that members sent each other are counted; empty where they sent none."""
    if not (one.sent or one.received):
        return ""
    return (
        f"Members sent {amount_of(one, one.sent, money)} and received {amount_of(one, one.received, money)}: "
        "what is sent is gone, and what is received counts as issued anew on that day. So what will be sent "
        "of what they hold now is not in what will be redeemed of it."
    )


def why_young(one: CurrencyValuation) -> str:
    """Why all that is held is taken."""
    if one.found is None:
        return (
            "It is too early to estimate what will be redeemed (nothing was yet, or the first points are "
            "less than a month old): all that is held is taken, at full cost."
        )
    return (
        f"Too young to value: the oldest points have been seen to age {one.found.triangle.ages - 1} alone. "
        "All that is held is taken, at full cost: the most that can be owed."
    )


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

    @property
    def headline(self) -> str:
        """One sentence that answers what is owed, going concern first."""
        valued = self.valued
        if valued.liability is None:
            return "Not every cost is known, so there is no liability in money."
        owed = money_text(valued.liability, self.money)
        young = [noun_of(one) for one in valued.currencies if one.young and one.held]
        if young and len(young) < len(valued.currencies):
            names = " and ".join(young)
            return f"At most {owed} is owed to members: {names}, too young to value, count at full cost."
        if young:
            return f"Too young to value: at most {owed} is owed to members, all of it at full cost."
        text = f"{owed} is owed to members, at cost"
        if valued.run_off_liability is not None:
            text += f"; {money_text(valued.run_off_liability, self.money)} if earning stopped"
        return text + "."

    def bases_of(self, one: CurrencyValuation) -> tuple[tuple[str, ...], ...]:
        """Both bases side by side: a row each of what will be redeemed, phi and the liability; none where the
        ledger is too young."""
        if one.young or one.run_off is None:
            return ()
        rows = []
        for name, future, owed in (
            ("Going concern *", one.total_future, one.liability),
            ("Run-off", one.run_off_future, one.run_off_liability),
        ):
            known = "-" if future is None else amount_of(one, float(future), self.money)
            share = "-" if future is None or not one.held else f"{float(future / one.held):.1%}"
            rows.append((name, known, share, "-" if owed is None else money_text(owed, self.money)))
        return tuple(rows)

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
