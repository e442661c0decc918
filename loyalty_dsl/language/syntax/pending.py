"""How long what is earned is pending."""

from loyalty_dsl.language.syntax.amounts import Table
from loyalty_dsl.language.syntax.conditions import Condition
from loyalty_dsl.language.syntax.leaves import Duration
from loyalty_dsl.language.syntax.node import node
from loyalty_dsl.source import Span


@node
class PendingClause:
    """`pending 14 days [when CONDITION]`."""

    duration: Duration
    when: Condition | None
    span: Span


@node
class PendingTable:
    """`pending by store { online 14 days others 0 days }`; the rows hold a `Duration`."""

    table: Table
    span: Span
