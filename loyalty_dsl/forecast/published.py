"""What programs have published, beside a forecast: a warning when outside, never an assertion.

Invariant: nothing is compared unless somebody says what kind of program it is; figures of companies are as
transcribed by others from their filings, not read there.

Besides redemption rates (`valuation.sanity`), hotels and airlines show how fast they use up what they owe:
a third to a half of a liability within the next year, of which they call 35% to 55% current.
"""

from fractions import Fraction

import attrs

from loyalty_dsl.forecast.appraisal import YEAR, CurrencyAppraisal, lots_at
from loyalty_dsl.valuation.sanity import band_of, outside


@attrs.frozen
class Range:
    """What programs of a kind have shown of a share."""

    kind: str
    what: str
    low: float
    high: float
    source: str


RELEASE = Range(
    "hotel",
    "used within the year after it was owed",
    0.30,
    0.50,
    "Marriott, 14% to 35% in nine months of 2020 to 2023, and American's travel of 2019, 37%, as transcribed",
)
CURRENT = Range(
    "hotel",
    "current",
    0.35,
    0.55,
    "Delta, 36% to 53% from 2021 to 2025, as transcribed",
)


def outside_of(each: CurrencyAppraisal, kind: str | None) -> tuple[str, ...]:
    """A sentence for each share of a currency that is outside what programs of its kind have shown.

    Args:
        kind: as of `sanity.BANDS`; `None` compares nothing.
    """
    if kind is None:
        return ()
    found = [_urr(each, kind)]
    for one, share in ((RELEASE, released(each)), (CURRENT, current_share(each))):
        if one.kind == kind and share is not None and not one.low <= share <= one.high:
            found.append(
                f"{float(share):.0%} of the liability for {each.one.noun} is {one.what}: outside "
                f"{one.low:.0%} to {one.high:.0%}, which {band_of(kind).label} have shown ({one.source})."
            )
    return tuple(filter(None, found))


def released(each: CurrencyAppraisal) -> Fraction | None:
    """Of what was to be redeemed a year before the valuation, the share redeemed in that year; `None` where
    there was nothing."""
    if each.month < YEAR:
        return None
    lots = lots_at(each.one, each.month - YEAR)
    future = sum(row.future for row in lots)
    return Fraction(sum(row.soon for row in lots), future) if future else None


def current_share(each: CurrencyAppraisal) -> Fraction | None:
    """Of what will be redeemed, the share within a year; `None` of nothing."""
    return Fraction(sum(row.soon for row in each.lots), each.future) if each.future else None


def _urr(each: CurrencyAppraisal, kind: str) -> str:
    """Of the URR, returns apart, once everything has met its fate."""
    fate = each.one.fate
    kept = 1 - fate.reversed_share
    if fate.urr is None or not kept or fate.is_open:
        return ""
    said = outside(float(Fraction(fate.urr / kept)), kind)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
