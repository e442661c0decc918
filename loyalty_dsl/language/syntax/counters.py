"""Counters, and the sums, shares and ratios of them."""

from loyalty_dsl.language.syntax.conditions import Condition, Measure
from loyalty_dsl.language.syntax.leaves import AnyWindow, Name, PastWindow, Percent, Quantity, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class CounterMeasure:
    """`spend in calendar year [where CONDITION]`, `calendar months with purchase in rolling 12 months`: then
    `windows` is the word `months`."""

    measure: Measure
    where: Condition | None
    span: Span
    windows: Name | None = None


@node
class SumTerm:
    """A counter in a sum: `plus card_cpq`, `minus b`; the first one has no word."""

    name: Name
    minus: bool
    span: Span


@node
class CounterSum:
    """`cpq plus card_cpq`, `a minus b plus c`: two terms or more."""

    terms: tuple[SumTerm, ...]
    span: Span


@node
class CounterShare:
    """`10% of a`, `110% of a in calendar quarter 1 year ago`."""

    percent: Percent
    name: Name
    window: PastWindow | None
    span: Span


@node
class CounterRatio:
    """`a divided by b`."""

    name: Name
    by: Name
    span: Span


CounterOf = CounterMeasure | CounterSum | CounterShare | CounterRatio
"""What is behind `counter NAME =`."""


@node
class CarryClause:
    """`carry what exceeds the level earned [once] [when CONDITION]`, `carry all`.

    Attributes:
        ladder: the ladder, or the word `level`; `None` for `all`.
    """

    ladder: Name | None
    once: bool
    when: Condition | None
    span: Span


@node
class CounterLimit:
    """`limit 30 nights per calendar month`; without a window, `per event`."""

    most: Quantity
    window: AnyWindow | None
    span: Span


@node
class CounterClause:
    """`counter NAME ["..."] = ... [{ ... }]`. `span` is that of `counter NAME`; `clauses` is `None` without
    braces."""

    name: Name
    label: Text | None
    of: CounterOf
    clauses: tuple[CarryClause | CounterLimit, ...] | None
    span: Span

    @property
    def line(self) -> Span:
        """All before the braces."""
        return self.span.through(self.of.span)
