"""Fitted numbers as rule files write them.

Invariant: a share is written so that those of one list sum to 100% exactly.
"""

from collections.abc import Sequence

DIGITS = 4
STEPS = 10_000
MOST_SPREAD = 9.99
"""A population may say less than 10."""


def decimal(value: float) -> str:
    """A positive number with four significant digits, and no exponent."""
    if value <= 0:
        return "0"
    text = f"{value:.{DIGITS}g}"
    if "e" in text:
        text = f"{value:.12f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percents(weights: Sequence[float]) -> list[str]:
    """Shares in hundredths of a percent that sum to 100%: what is left goes to the largest rests."""
    whole = sum(weights)
    if whole <= 0:
        weights, whole = [1.0] * len(weights), float(len(weights))
    exact = [STEPS * weight / whole for weight in weights]
    steps = [int(share) for share in exact]
    rests = sorted(range(len(steps)), key=lambda i: steps[i] - exact[i])
    for i in rests[: STEPS - sum(steps)]:
        steps[i] += 1
    return [
        f"{step // 100}" + (f".{step % 100:02d}".rstrip("0") if step % 100 else "") + "%" for step in steps
    ]
