"""What is let in: clauses of an event or a reward that refuse it, and the date on which an event counts."""

from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import AnyWindow, Duration, Length, Name, Text
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class RefuseClause:
    """`refuse when not verified "..."`."""

    condition: Condition
    reason: Text | None
    span: Span


@node
class AcceptWhen:
    """`accept when state is approved "..."`."""

    condition: Condition
    reason: Text | None
    span: Span


@node
class AcceptWithin:
    """`accept within 60 days of bought`, `accept within 45 days of end of fiscal_quarter else refuse`: the
    date field, or the window that holds the day on which the event counts."""

    length: Length
    of: Name | None
    window: AnyWindow | None
    reason: Text | None
    span: Span


@node
class CountsClause:
    """`counts on sold`."""

    field: Name
    span: Span


@node
class ReverseInPeriod:
    """`reverse in the period of the return`."""

    span: Span


@node
class AcceptReturns:
    """`accept within 60 days`."""

    length: Duration
    span: Span


EventClause = RefuseClause | AcceptWhen | AcceptWithin | CountsClause
