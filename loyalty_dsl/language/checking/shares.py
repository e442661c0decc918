"""Shares of a whole: each at most 100%, and together exactly 100%."""

from collections.abc import Sequence
from fractions import Fraction

from loyalty_dsl.language import syntax
from loyalty_dsl.language.checking.findings import Findings
from loyalty_dsl.source import Span


def report_total(findings: Findings, span: Span, what: str, total: Fraction, others: Sequence[Span]) -> None:
    """Reports shares that should be 100% together and are not."""
    away = abs(total - 1)
    findings.report(
        "L401",
        span,
        f"{what} make {format_percent(total)}, not 100%",
        secondary=[(other, "") for other in others],
        help=f"{'take away' if total > 1 else 'add'} {format_percent(away)}",
    )


def format_percent(share: Fraction) -> str:
    """A share as a designer writes it: `12.5%`."""
    percent = share * 100
    if percent.denominator == 1:
        return f"{percent.numerator:,}%"
    return f"{float(percent):,.8f}".rstrip("0") + "%"


def verify_chance(findings: Findings, percent: syntax.Percent) -> bool:
    """Whether a share is at most all; if not, it is reported."""
    if percent.value <= 1:
        return True
    findings.report(
        "L404", percent.span, f"`{percent.span.text}` is more than all of them", help="write at most 100%"
    )
    return False
