"""What programs have published, beside what was estimated: a warning when outside, never an assertion.

Invariant: every band names where it is from; figures of companies are as transcribed by others from their
filings, not read there.
"""

import attrs


@attrs.frozen
class Band:
    """A range of a rate that programs of a kind have shown.

    Attributes:
        kind: the word of `--like`.
        low, high: of the ultimate redemption rate.
    """

    kind: str
    label: str
    low: float
    high: float
    source: str


BANDS = (
    Band(
        "card",
        "card and bank programs",
        0.90,
        0.97,
        "American Express: an estimate raised from 93% to 94% in 2012, as transcribed",
    ),
    Band(
        "hotel",
        "hotels and airlines",
        0.70,
        0.85,
        "Hilton's registration of 2013 and IATA's IFRS 15 guidance of 2018 (17% to 18% breakage of two "
        "carriers), as transcribed",
    ),
    Band(
        "grocery",
        "grocery and cash back",
        0.65,
        0.90,
        "RewardOps and Colloquy 2011, as transcribed",
    ),
    Band(
        "retail",
        "retail with thresholds or short expiry",
        0.40,
        0.75,
        "Colloquy 2011 (a third never redeemed) and short-expiry programs, as transcribed",
    ),
)
KINDS = tuple(band.kind for band in BANDS)
LOWEST = min(band.low for band in BANDS)
HIGHEST = max(band.high for band in BANDS)


def band_of(kind: str) -> Band:
    return next(band for band in BANDS if band.kind == kind)


def outside(urr: float, kind: str | None = None) -> str | None:
    """A sentence if a rate is outside what programs have published; `None` inside it.

    Args:
        kind: of program; `None` compares with all kinds together.
    """
    if kind is not None:
        band = band_of(kind)
        if band.low <= urr <= band.high:
            return None
        return (
            f"a URR of {urr:.1%} is outside {band.low:.0%} to {band.high:.0%}, which {band.label} have shown "
            f"({band.source})"
        )
    if LOWEST <= urr <= HIGHEST:
        return None
    return (
        f"a URR of {urr:.1%} is outside {LOWEST:.0%} to {HIGHEST:.0%}, which programs of all kinds have "
        "shown (company filings and industry surveys, as transcribed)"
    )
