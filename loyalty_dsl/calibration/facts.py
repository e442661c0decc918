"""Facts that no parameter was fitted to, of the customers and of customers drawn from the fit.

Invariant: one function takes each measure of both. Tiers: `structural` facts must hold or the draws are
wrong; `core` facts are what a forecast rests on; `band` facts say where the model is too simple.
"""

from collections.abc import Callable

import attrs
import numpy as np

from loyalty_dsl.calibration.backtest import MOST_SHOWN, WEEK, alike
from loyalty_dsl.calibration.customers import Floats, PurchaseDays, merge_days, summarise
from loyalty_dsl.calibration.drawing import draw_days
from loyalty_dsl.calibration.models import Fit, expected_repeats
from loyalty_dsl.calibration.spending import LognormalSpend

STRUCTURAL, CORE, BAND = "structural", "core", "band"
ACTIVE_DAYS = 28
ERRORS = 4
DRAWN = 20_000
"""Members that are drawn at least, about."""


@attrs.frozen
class Fact:
    """One comparison.

    Attributes:
        tier: structural, core or band.
        actual, drawn: the measure of the data and of the draws.
        off: how far apart they are, in the terms of `what`.
        limit: the most that passes.
        unit: of the measures: `share`, `ratio` or `count`.
    """

    name: str
    tier: str
    what: str
    actual: float
    drawn: float
    off: float
    limit: float
    unit: str

    @property
    def passes(self) -> bool:
        """Whether it is near enough."""
        return self.off <= self.limit


def check_facts(
    fitted: Fit, spend: LognormalSpend | None, days: PurchaseDays, until: int, *, unit_days: int, seed: int
) -> tuple[Fact, ...]:
    """Takes every measure of the data up to a day and of as many members drawn from the fit.

    Args:
        seed: of the draws.
    """
    seen = days.until(until)
    first_days = seen.first_days()
    copies = max(1, round(DRAWN / seen.members))  # of few members more are drawn, for the noise of the draws
    drawn = draw_days(fitted, spend, np.tile(first_days, copies), until, unit_days=unit_days, seed=seed)
    both = (seen, drawn)
    facts = [_total(fitted, drawn, until, unit_days), _histogram(seen, drawn, until, unit_days)]
    facts.append(_curve(seen, drawn))
    if until - seen.first_day >= 2 * ACTIVE_DAYS:
        facts.append(_near("28-day active rate", BAND, both, _active_rate, 0.10))
    if spend is not None:
        facts.append(_near("spend of the top tenth", BAND, both, _top_tenth, 0.10))
    if _regularity(seen) and _regularity(drawn):
        facts.append(_near("regularity of timing", BAND, both, _regularity, 0.25, unit="ratio"))
    return tuple(facts)


def _near(
    name: str,
    tier: str,
    both: tuple[PurchaseDays, PurchaseDays],
    measure: Callable[[PurchaseDays], float],
    limit: float,
    *,
    unit: str = "share",
) -> Fact:
    """A measure that the draws have within a share of the data's."""
    one, other = measure(both[0]), measure(both[1])
    off = abs(other / one - 1) if one else abs(other)
    return Fact(name, tier, f"within {limit:.0%} of the data's", one, other, off, limit, unit)


def _total(fitted: Fit, drawn: PurchaseDays, until: int, unit_days: int) -> Fact:
    """Repeat purchases drawn against the closed form, in standard errors."""
    customers = summarise(drawn, until, unit_days)
    ages = (until - drawn.first_days()) / unit_days
    expected = float(expected_repeats(fitted, ages).sum())
    error = float(np.std(customers.repeats)) * np.sqrt(len(customers.repeats))
    total = float(customers.repeats.sum())
    off = abs(total - expected) / error if error else 0.0
    what = f"within {ERRORS} standard errors of the closed form"
    return Fact("repeat purchases drawn", STRUCTURAL, what, expected, total, off, ERRORS, "count")


def _histogram(seen: PurchaseDays, drawn: PurchaseDays, until: int, unit_days: int) -> Fact:
    shares = [alike(summarise(part, until, unit_days)) / part.members for part in (seen, drawn)]
    off = float(np.abs(shares[0] - shares[1]).sum() / 2)
    return Fact(
        f"members by repeat purchases, 0 to {MOST_SHOWN}+",
        CORE,
        "at most 5% of members in another class",
        float(shares[0][0]),
        float(shares[1][0]),
        off,
        0.05,
        "share",
    )


def _curve(seen: PurchaseDays, drawn: PurchaseDays) -> Fact:
    """The largest gap of the cumulative weekly curves over the second half, relative to the data's end."""
    one, other = _cumulative(seen), _cumulative(drawn) * (seen.members / drawn.members)
    half = len(one) // 2
    gap = np.abs(other[half:] - one[half:]) / max(1.0, float(one[-1]))
    worst = int(np.argmax(gap)) + half
    return Fact(
        "cumulative purchases by week",
        CORE,
        "never 5% of the end apart, over the second half",
        float(one[worst]),
        float(other[worst]),
        float(gap[worst - half]),
        0.05,
        "count",
    )


def _cumulative(days: PurchaseDays) -> Floats:
    repeat = np.diff(days.member, prepend=-1) == 0
    week = (days.day[repeat] - days.first_day) // WEEK
    count = (days.last_day - days.first_day) // WEEK + 1
    return np.cumsum(np.bincount(week, minlength=count)).astype(float)


def _active_rate(days: PurchaseDays) -> float:
    """Members who bought in the last 28 days."""
    return len(np.unique(days.member[days.day > days.last_day - ACTIVE_DAYS])) / days.members


def _top_tenth(days: PurchaseDays) -> float:
    """The share of the tenth of members who spend most in all that is spent."""
    spend = np.sort(np.bincount(days.member, days.spend, days.members))
    top = max(1, days.members // 10)
    return float(spend[-top:].sum() / max(1.0, spend.sum()))


def _regularity(days: PurchaseDays) -> float:
    """The Erlang shape by the method of Wheat and Morrison 1990: of two gaps that follow each other, the
    share of the first in both is Beta(k, k); of each member's last two, so that each counts once."""
    days = merge_days(days.member, days.day, days.spend, days.last_day)  # draws may share a day
    gaps = np.diff(days.day)
    inside = np.diff(days.member) == 0
    both = inside[1:] & inside[:-1]
    last = both.copy()
    last[:-1] &= days.member[2:-1] != days.member[3:]  # the later gap is the member's last
    shares = (gaps[:-1] / np.maximum(1, gaps[:-1] + gaps[1:]))[last]
    if len(shares) < 30:
        return 0.0
    variance = float(np.var(shares))
    return (1 - 4 * variance) / (8 * variance) if variance else 0.0
